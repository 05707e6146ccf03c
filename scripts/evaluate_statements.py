"""Score the splitter on the hand-labelled statements of `seeds/statements.jsonl`.

    evaluate_statements.py [FILE] [--split train|test|hard] [--show] [--json FILE] [--against SECOND]

Each line of FILE is a passage with its statements (see `seeds/README.md`). Labelled and found statements are
matched one to one by how much their characters overlap; a labelled one without a partner is missed, and wrong
in every respect. `--show` lists what is wrong. `--against` takes a second labelling of some of the passages and
prints the agreement of the two instead.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support

from contradict.language import Language
from contradict.records import STANCES, Document, Statement
from contradict.statements import split_document
from contradict.words import similarity

SEEDS = Path(__file__).parent.parent / "seeds" / "statements.jsonl"
MISSED = "missed"
MIN_OVERLAP = 0.25
"""Share of common characters (intersection over union) from which two spans may be the same statement."""


@dataclass(frozen=True, slots=True)
class Label:
    """A statement labelled by hand."""

    passage: str
    start: int
    end: int
    speaker: str | None
    stance: str
    proposition: str


@dataclass(frozen=True, slots=True)
class Match:
    """A labelled statement and what was found for it."""

    gold: Label
    found: Statement | None


def read_passages(path: Path, split: str | None = None) -> list[tuple[str, list[Label]]]:
    """Passages with their labels, those of one split or all."""
    passages = []
    for line in path.read_text(encoding="utf8").splitlines():
        row = json.loads(line)
        if split and row["split"] != split:
            continue
        labels, after = [], 0
        for s in row["statements"]:
            start = row["passage"].find(s["text"], after)
            start = start if start >= 0 else row["passage"].index(s["text"])
            after = start
            end = start + len(s["text"])
            labels.append(Label(row["id"], start, end, s["speaker"], s["stance"], s["proposition"]))
        passages.append((row["passage"], labels))
    return passages


def match(labels: Sequence[Label], found: Sequence[Statement]) -> list[Match]:
    """Pair labels with found statements one to one, by overlap, then by speaker."""
    if not found:
        return [Match(label, None) for label in labels]
    weights = np.zeros((len(labels), len(found)))
    for i, label in enumerate(labels):
        for j, s in enumerate(found):
            common = max(0, min(label.end, s.end) - max(label.start, s.start))
            overlap = common / (label.end - label.start + s.end - s.start - common)
            if overlap >= MIN_OVERLAP:
                weights[i, j] = overlap + 0.1 * same_speaker(label.speaker, s.holder)
    partner = dict(zip(*linear_sum_assignment(-weights), strict=True))
    return [
        Match(label, found[partner[i]] if i in partner and weights[i, partner[i]] > 0 else None)
        for i, label in enumerate(labels)
    ]


def same_speaker(one: str | None, other: str | None) -> bool:
    """Whether two names are one, whatever their articles, capitals and added descriptions."""
    if one is None or other is None:
        return one is other
    left, right = (
        set(re.findall(r"\w+", name.lower())) - {"the", "a", "an", "s"} for name in (one, other)
    )
    return bool(left) and bool(right) and (left <= right or right <= left)


def scores(matches: Sequence[Match]) -> dict[str, object]:
    """Stance, speaker and proposition figures; missed statements count as wrong."""
    gold = [m.gold.stance for m in matches]
    found = [m.found.stance if m.found else MISSED for m in matches]
    partners = [m for m in matches if m.found]
    precision, recall, f1, support = precision_recall_fscore_support(
        gold, found, labels=list(STANCES), zero_division=np.nan
    )
    return {
        "statements": len(matches),
        "found": len(partners) / len(matches),
        "stance_accuracy": float(np.mean([g == f for g, f in zip(gold, found, strict=True)])),
        "stance_accuracy_found": float(
            np.mean([m.gold.stance == m.found.stance for m in partners])
        ),
        "speaker_accuracy": float(
            np.mean(
                [bool(m.found) and same_speaker(m.gold.speaker, m.found.holder) for m in matches]
            )
        ),
        "proposition_similarity": float(
            np.mean([similarity(m.gold.proposition, m.found.proposition) for m in partners])
        ),
        "stances": {
            stance: {"precision": p, "recall": r, "f1": f, "support": int(n)}
            for stance, p, r, f, n in zip(STANCES, precision, recall, f1, support, strict=True)
        },
    }


def agreement(first: Sequence[Label], second: Sequence[Label]) -> dict[str, float]:
    """How far two people label the same statements alike."""
    return {
        "statements": len(first),
        "stance_kappa": float(
            cohen_kappa_score([a.stance for a in first], [b.stance for b in second])
        ),
        "stance_agreement": float(
            np.mean([a.stance == b.stance for a, b in zip(first, second, strict=True)])
        ),
        "speaker_agreement": float(
            np.mean(
                [same_speaker(a.speaker, b.speaker) for a, b in zip(first, second, strict=True)]
            )
        ),
        "proposition_similarity": float(
            np.mean(
                [
                    similarity(a.proposition, b.proposition)
                    for a, b in zip(first, second, strict=True)
                ]
            )
        ),
    }


def show(matches: Sequence[Match]) -> None:
    """List what differs from the labels."""
    for m in matches:
        label, found = m.gold, m.found
        wrong = found is None or found.stance != label.stance
        wrong = wrong or not same_speaker(label.speaker, found.holder)
        if wrong or similarity(label.proposition, found.proposition) < 0.8:
            print(f"{label.passage} wanted {label.stance:12} {label.speaker}: {label.proposition}")
            if found is None:
                print("     found  nothing")
            else:
                print(f"     found  {found.stance:12} {found.holder}: {found.proposition}")


def main() -> None:
    """Score as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", default=SEEDS)
    parser.add_argument("--split", choices=("train", "test", "hard"))
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--against", type=Path)
    args = parser.parse_args()

    passages = read_passages(args.file, args.split)
    if args.against:
        first = {labels[0].passage: labels for _, labels in passages}
        second = [label for _, labels in read_passages(args.against) for label in labels]
        numbers = dict.fromkeys(label.passage for label in second)
        result: dict[str, object] = dict(agreement([a for n in numbers for a in first[n]], second))
    else:
        language = Language()
        matches = []
        for passage, labels in passages:
            found = split_document(language.parse(Document(labels[0].passage, passage)))
            matches += match(labels, found)
        if args.show:
            show(matches)
        result = scores(matches)
    print(json.dumps(result, indent=1))
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
