"""Fit what makes two statements worth comparing, before any model reads them.

    fit_pairing.py ATTRIBUTION

ATTRIBUTION holds `train.jsonl.gz`, the articles that `seeds/conflicts_train.jsonl` speaks of. All that a statement of
these meets (`contradict.pairing.find_candidates`) is labelled by the marked conflicts; the weights of a logistic
regression are printed, for `contradict/pairing.py`, with the share of conflicts that the pairs chosen by the present
weights show.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from conflict_data import marked_articles
from sklearn.linear_model import LogisticRegression

from contradict.pairing import find_candidates, find_pairs, likelihood_features

GOLD = Path(__file__).parent.parent / "seeds" / "conflicts_train.jsonl"


def main() -> None:
    """Print the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path)
    args = parser.parse_args()
    features, labels = [], []
    conflicts, shown, chosen, possible = 0, 0, 0, 0
    for rows, split in marked_articles(GOLD, args.articles):
        statements = split.statements
        gold = [row for row in rows if row.kind != "none"]
        places = [(statement.start, statement.end) for statement in statements]
        meeting: dict[tuple[int, int], float] = {}
        for i, candidates in find_candidates(statements):
            for j, cosine in candidates.items():
                both = (min(i, j), max(i, j))
                meeting[both] = max(cosine, meeting.get(both, 0.0))
        for (i, j), cosine in meeting.items():
            met = [row for row in gold if row.meets(places[i], places[j])]
            if not met or any(row.sure for row in met):
                features.append(likelihood_features(statements, i, j, cosine))
                labels.append(bool(met))
        pairs = find_pairs(statements, across=False)
        chosen += len(pairs)
        possible += len(statements) * (len(statements) - 1) // 2
        sure = {row.conflict_id for row in gold if row.sure}
        conflicts += len(sure)
        found = {r.conflict_id for pair in pairs for r in gold if r.sure and r.shown_by(pair)}
        shown += len(found)
    model = LogisticRegression(C=100.0, max_iter=1000).fit(features, labels)
    result = {
        "candidates": len(labels),
        "conflicting": sum(labels),
        "weights": [round(float(weight), 2) for weight in model.coef_[0]],
        "share_of_pairs": round(chosen / possible, 4),
        "pairing_recall": round(shown / conflicts, 4),
        "conflicts": conflicts,
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
