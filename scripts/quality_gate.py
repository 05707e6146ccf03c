"""Fail when the bundled default has become worse on hand-labelled pairs.

    quality_gate.py            # measures the test part of seeds/pairs.jsonl, compares with quality_gate.json
    quality_gate.py --record "why the figure moves"

`.ci/run` calls it. The recorded figure moves only with a reason, which is kept beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from contradict.evaluation import Evaluation, evaluate

RECORD = Path(__file__).with_suffix(".json")
PAIRS = Path(__file__).parent.parent / "seeds" / "pairs.jsonl"


def complaint(evaluation: Evaluation, record: dict) -> str | None:
    """What is wrong with an evaluation beside the record; None where nothing is."""
    metric, least = record["metric"], record["value"] - record["margin"]
    measured = evaluation.metrics[metric].value
    if measured >= least:
        return None
    return (
        f"{metric} on {evaluation.gold} (split {evaluation.split}) is {measured:.4f}; wanted at least "
        f"{least:.4f}: {record['value']} as recorded, less a margin of {record['margin']}. Mend what made it "
        "worse, or record the new figure with the reason: scripts/quality_gate.py --record REASON"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--record", metavar="WHY", help="keep what is measured now, and why")
    args = parser.parse_args()
    record = json.loads(RECORD.read_text("utf-8"))
    evaluation = evaluate(PAIRS, split="test")
    measured = evaluation.metrics[record["metric"]]
    print(
        f"{record['metric']} {measured.value:.4f} [{measured.low:.4f}, {measured.high:.4f}], "
        f"recorded {record['value']}, {evaluation.seconds:.0f} s for {len(evaluation.decisions)} pairs"
    )
    if args.record:
        record |= {"value": round(measured.value, 4), "why": args.record}
        RECORD.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    elif problem := complaint(evaluation, record):
        sys.exit(problem)


if __name__ == "__main__":
    main()
