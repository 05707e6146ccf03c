"""Score `contradict check` on headlines, with the bodies of other articles as the archive (FNC-1).

    evaluate_check.py HEADLINES.jsonl.gz BODIES.jsonl.gz [--claims N] [--candidates N] [--jobs N] [--json FILE]

HEADLINES has one pair a line (headline, body_id, stance: agree, disagree or discuss), BODIES the texts (id, text); see
evaluate_headlines.py. All bodies make the archive, and N headlines are checked against it. What comes back is counted
by headline and body: a conflict is right where the body disagrees, a support where it agrees. Bodies that are not
labelled for a headline are of other stories, or of the same and never judged: what they are flagged with is told, but
is neither right nor wrong. Nothing is fitted to these.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from nli_data import read_jsonl

from contradict import Archive, Document
from contradict.archive import CANDIDATES

KINDS = ("conflict", "support", "related")
STANCES = ("disagree", "agree", "discuss", "not labelled")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("headlines", type=Path)
    parser.add_argument("bodies", type=Path)
    parser.add_argument("--claims", type=int, default=150)
    parser.add_argument("--candidates", type=int, default=CANDIDATES)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()

    stances: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read_jsonl(args.headlines):
        stances[row["headline"]][row["body_id"]] = row["stance"]
    claims = random.Random(3).sample(sorted(stances), min(args.claims, len(stances)))
    with tempfile.TemporaryDirectory() as folder, Archive(folder, create=True) as archive:
        archive.add(
            [Document(row["id"], row["text"]) for row in read_jsonl(args.bodies)], jobs=args.jobs
        )
        found: list[tuple[str, str]] = []
        labelled: Counter[str] = Counter()
        recalled: Counter[str] = Counter()
        for done, claim in enumerate(claims, 1):
            best = best_kinds(archive, claim, args.candidates)
            found += [(kind, stances[claim].get(body, STANCES[-1])) for body, kind in best.items()]
            for body, stance in stances[claim].items():
                labelled[stance] += 1
                wanted = {"disagree": "conflict", "agree": "support"}.get(stance)
                recalled[stance] += body in best if wanted is None else best.get(body) == wanted
                recalled[f"read {stance}"] += body in best
            if done % 25 == 0:
                print(f"{done} of {len(claims)}", file=sys.stderr)
        counts = archive.counts()
    figures = {
        "claims": len(claims),
        "candidates": args.candidates,
        "statements": counts["statements"],
        "bodies": {kind: {s: found.count((kind, s)) for s in STANCES} for kind in KINDS},
        "labelled": dict(labelled),
        "read": {stance: recalled[f"read {stance}"] for stance in STANCES[:3]},
        "right": {stance: recalled[stance] for stance in ("disagree", "agree")},
    }
    print(json.dumps(figures, indent=1))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def best_kinds(archive: Archive, claim: str, candidates: int) -> dict[str, str]:
    """What each document that has anything to say on a claim is to it: its strongest match."""
    kinds: dict[str, str] = {}
    for match in archive.check(claim, candidates=candidates, limit=candidates):
        kind = "conflict" if match.flagged else match.kind
        for document in (match.statement.document, *(place.document for place in match.copies)):
            kinds.setdefault(document, kind)  # the strongest come first
    return kinds


if __name__ == "__main__":
    main()
