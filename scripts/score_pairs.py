#!/usr/bin/env python3
"""Score pairs of texts: ``scripts/score_pairs.py PAIRS`` is ``contradict score PAIRS``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # this checkout, installed or not

from contradict.cli import main

if __name__ == "__main__":
    main(["score", *sys.argv[1:]])
