"""Score the library on headlines against the bodies of other articles about the same story (FNC-1).

    evaluate_headlines.py HEADLINES.jsonl.gz BODIES.jsonl.gz [--limit N] [--json FILE]

HEADLINES has one pair a line (headline, body_id, stance: agree, disagree or discuss), BODIES the texts (id, text).
Headline and body are two documents; the score of the pair is that of its highest finding, 0 where there is none.
What is to be found is "disagree". Nothing is fitted to these pairs. Intervals come from a bootstrap of the bodies.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

from nli_data import read_jsonl

from contradict.evaluation.gold import GoldPair
from contradict.evaluation.measures import clusters_of, decide_pairs, measure
from contradict.evaluation.systems import Judgement, Workbench
from contradict.pipeline import Analyzer
from contradict.records import Document


def read_headlines(headlines: Path, bodies: Path) -> list[GoldPair]:
    """The pairs; ``slice`` is the stance, ``group`` the body."""
    texts = {row["id"]: row["text"] for row in read_jsonl(bodies)}
    return [
        GoldPair(
            id=str(number),
            a=row["headline"],
            b=texts[row["body_id"]],
            conflict=row["stance"] == "disagree",
            slice=row["stance"],
            group=row["body_id"],
        )
        for number, row in enumerate(read_jsonl(headlines))
    ]


def judge_headlines(rows: list[GoldPair], analyzer: Analyzer) -> list[Judgement]:
    """The highest finding between each headline and its body."""
    judged = []
    for done, row in enumerate(rows, 1):
        documents = [Document(f"headline of {row.a}", row.a), Document(f"body {row.group}", row.b)]
        report = analyzer.analyze(documents, within=False)
        score = max((finding.score for finding in report.findings), default=0.0)
        judged.append(Judgement(score, score >= report.threshold))
        if done % 100 == 0:
            print(f"{done} of {len(rows)}", file=sys.stderr)
    return judged


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("headlines", type=Path)
    parser.add_argument("bodies", type=Path)
    parser.add_argument("--limit", type=int, help="so many pairs, drawn with a fixed seed")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    rows = read_headlines(args.headlines, args.bodies)
    if args.limit and args.limit < len(rows):
        rows = random.Random(5).sample(rows, args.limit)
    analyzer = Workbench(Analyzer()).ours  # parses no text twice
    decisions = decide_pairs(rows, judge_headlines(rows, analyzer))
    metrics = measure("pairs", decisions, clusters_of(decisions))
    flagged = {
        stance: sum(d.decided == "conflict" for d in own) / len(own)
        for stance in ("agree", "discuss", "disagree")
        if (own := [d for d in decisions if d.slice == stance])
    }
    result = {
        "rows": len(rows),
        "disagree": sum(row.conflict for row in rows),
        "metrics": {name: each.value for name, each in metrics.items()},
        "intervals": {name: [each.low, each.high] for name, each in metrics.items()},
        "flagged": flagged,
    }
    text = json.dumps(result, indent=1)
    if args.json:
        args.json.write_text(text + "\n", encoding="utf8")
    print(text)


if __name__ == "__main__":
    main()
