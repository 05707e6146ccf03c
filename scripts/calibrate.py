#!/usr/bin/env python3
"""Fit the conflict decision to articles with hand-labelled conflicts.

    calibrate.py GOLD.jsonl ARTICLES_FOLDER [--model NAME] [--cache FILE] [--findings FILE] [--dry-run]

GOLD has one pair of passages a line (article, a_start, a_end, b_start, b_end, kind, conflict_id, sure). The
pairs that the pipeline itself finds in the articles are labelled by whether they hit a gold conflict, a
logistic regression is fitted to their evidence, and its coefficients are written to
contradict/calibration.json with the lowest threshold from which three in ten flagged pairs are right.

All figures come from cross-validation with the folds grouped by article: no pair is judged by coefficients or
a threshold that saw its article. --findings writes the findings with these scores and flags, for other
scorers; --cache keeps the NLI scores, so that a second fit takes seconds.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    precision_recall_curve,
)
from sklearn.model_selection import GroupKFold, cross_val_predict

from contradict.conflict import can_conflict, evidence, judge
from contradict.documents import read_documents
from contradict.evaluation.gold import GoldPassages, overlap, read_gold
from contradict.evaluation.measures import decide_documents, measure
from contradict.evaluation.systems import found_pair
from contradict.language import Language
from contradict.nli import load_scorer
from contradict.pairing import find_pairs
from contradict.records import Document, Nli, Pair, Probabilities, Statement
from contradict.report import write_jsonl
from contradict.statements import split_document
from contradict.words import similarity

TARGET = Path(__file__).parent.parent / "contradict" / "calibration.json"
FOLDS = 10
GIVEN_THRESHOLD = 0.5
PRECISION = 0.3
"""Share of right ones among the flagged pairs that the default threshold is chosen for."""

STRENGTH = 0.1
"""Inverse regularisation of the regression; features are standardised first."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--model", help="an NLI model as for the contradict command")
    parser.add_argument("--cache", type=Path, help="file that keeps the NLI scores")
    parser.add_argument("--findings", type=Path, help="file for the cross-validated findings")
    parser.add_argument("--dry-run", action="store_true", help="leave calibration.json as it is")
    args = parser.parse_args()

    gold = read_gold(args.gold).passages
    mined, given = labelled_pairs(gold, args.articles)
    pairs = [pair for pair, _ in (*mined, *given)]
    scores = score(pairs, model=args.model, cache=args.cache)
    features = [evidence(pair, nli) for pair, nli in zip(pairs, scores, strict=True)]
    names = sorted(features[0])
    table = np.array([[row[name] for name in names] for row in features])
    x, x_given = table[: len(mined)], table[len(mined) :]
    y, y_given = np.array([label for _, label in mined]), np.array([label for _, label in given])
    articles = np.array([pair.left.document for pair, _ in mined])

    folds = GroupKFold(FOLDS)
    predicted = cross_val_predict(
        Regression(), x, y, groups=articles, cv=folds, method="predict_proba"
    )[:, 1]
    flagged = np.zeros(len(y), dtype=bool)
    for others, fold in folds.split(x, y, articles):
        flagged[fold] = predicted[fold] >= threshold_for(y[others], predicted[others], PRECISION)
    model = Regression().fit(x, y)
    coefficients = model.coefficients
    result = {
        "about": "Logistic regression over contradict.conflict.evidence, fitted by scripts/calibrate.py. "
        "The figures are cross-validated with the folds grouped by article; recall and average_precision "
        "count distinct conflicts, the others pairs.",
        "articles": len(set(articles)),
        "pairs": len(y),
        "conflicting": int(y.sum()),
        "figures": {
            "pair_average_precision": round(average_precision_score(y, predicted), 4),
            "pair_brier": round(brier_score_loss(y, predicted), 4),
            **conflict_figures(gold, [pair for pair, _ in mined], predicted, flagged),
        },
        "threshold": round(threshold_for(y, predicted, PRECISION), 4),
        "given_threshold": GIVEN_THRESHOLD,
        "intercept": round(model.intercept, 6),
        "given_intercept": round(fit_intercept(x_given @ coefficients, y_given), 6),
        "coefficients": {n: round(c, 6) for n, c in zip(names, coefficients, strict=True)},
    }
    if not args.dry_run:
        TARGET.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(json.dumps(result, indent=2))
    if args.findings:
        with args.findings.open("w", encoding="utf-8") as stream:
            write_jsonl(
                (
                    replace(
                        judge(pair, nli, threshold=1, model=""), score=float(p), flagged=bool(flag)
                    )
                    for (pair, _), nli, p, flag in zip(
                        mined, scores[: len(mined)], predicted, flagged, strict=True
                    )
                ),
                stream,
            )


LabelledPairs = list[tuple[Pair, bool]]


def labelled_pairs(
    gold: Sequence[GoldPassages], folder: Path
) -> tuple[LabelledPairs, LabelledPairs]:
    """The pairs that the pipeline finds, and those that gold rows give it, each with its label."""
    language = Language()
    mined: LabelledPairs = []
    given: LabelledPairs = []
    for document in read_documents([folder]):
        if not isinstance(document, Document):
            raise SystemExit(f"{document.source}: {document.reason}")
        statements = split_document(language.parse(document))
        rows = [row for row in gold if row.document == document.name]
        for pair in find_pairs(statements, across=False):
            label = gold_label(rows, pair)
            if label is not None:
                mined.append((pair, label))
        for row in rows:
            chosen = chosen_pair(statements, row)
            if chosen is not None:
                given.append((chosen, row.kind != "none"))
    if left_out := {row.document for row in gold} - {
        pair.left.document for pair, _ in (*mined, *given)
    }:
        print(f"no pairs in {len(left_out)} articles with gold: {', '.join(sorted(left_out))}")
    return mined, given


def conflict_figures(
    gold: Sequence[GoldPassages], pairs: list[Pair], scores: np.ndarray, flagged: np.ndarray
) -> dict[str, float]:
    """How findings do on whole articles: the metrics of `contradict evaluate`, rounded, and the counts behind them."""
    found = [
        found_pair(pair, float(score), bool(flag))
        for pair, score, flag in zip(pairs, scores, flagged, strict=True)
    ]
    decisions, clusters = decide_documents(gold, found)
    metrics = measure("documents", decisions, clusters)
    return {
        "conflicts": sum(cluster.conflicts for cluster in clusters),
        "flagged": sum(decision.decided == "conflict" for decision in decisions),
        "hard_negatives": sum(cluster.hard for cluster in clusters),
        **{name: round(estimate.value, 4) for name, estimate in metrics.items()},
    }


class Regression(LogisticRegression):
    """Logistic regression on standardised features that tells its coefficients in the features' own units."""

    def __init__(self) -> None:
        super().__init__(C=STRENGTH, max_iter=1000)

    def fit(self, x, y):
        self.mean_, self.scale_ = x.mean(0), np.where(x.std(0) > 0, x.std(0), 1)
        return super().fit((x - self.mean_) / self.scale_, y)

    def predict_proba(self, x):
        return super().predict_proba((x - self.mean_) / self.scale_)

    @property
    def coefficients(self):
        return self.coef_[0] / self.scale_

    @property
    def intercept(self):
        return self.intercept_[0] - self.coefficients @ self.mean_


def overlaps(statement: Statement, passage: tuple[int, int]) -> bool:
    """By at least half of the shorter of the two."""
    return overlap((statement.start, statement.end), passage)


def gold_label(rows: list[GoldPassages], pair: Pair) -> bool | None:
    """Whether a pair is a gold conflict; None where the labeller was not sure."""
    left, right = (pair.left.start, pair.left.end), (pair.right.start, pair.right.end)
    conflicts = [row for row in rows if row.kind != "none" and row.meets(left, right)]
    if any(row.sure for row in conflicts):
        return True
    return None if conflicts else False


def chosen_pair(statements: list[Statement], row: GoldPassages) -> Pair | None:
    """The most similar statements in the two passages of a gold row: None where it is unsure or has none."""
    left = [s for s in statements if overlaps(s, row.a)]
    right = [s for s in statements if overlaps(s, row.b)]
    pairs = [
        Pair(p, q, similarity(p.proposition, q.proposition))
        for p in left
        for q in right
        if can_conflict(p, q)
    ]
    return max(pairs, key=lambda pair: pair.similarity, default=None) if row.sure else None


def score(pairs: list[Pair], *, model: str | None, cache: Path | None) -> list[Nli]:
    texts = [(p.left.proposition, p.right.proposition) for p in pairs]
    texts += [(b, a) for a, b in texts]
    scorer = load_scorer(model)
    known = {}
    if cache and cache.exists():
        known = {(a, b): Probabilities(*p) for a, b, p in json.loads(cache.read_text("utf-8"))}
        stale = next(iter(known))
        (probe,) = scorer.score([stale])
        if abs(probe.contradiction - known[stale].contradiction) > 1e-4:
            raise SystemExit(f"{cache} holds the scores of another model; give another --cache.")
    missing = [pair for pair in dict.fromkeys(texts) if pair not in known]
    known.update(zip(missing, scorer.score(missing), strict=True))
    if cache:
        rows = [[a, b, [p.entailment, p.neutral, p.contradiction]] for (a, b), p in known.items()]
        cache.write_text(json.dumps(rows), "utf-8")
    return [Nli(known[a, b], known[b, a]) for a, b in texts[: len(pairs)]]


def threshold_for(y: np.ndarray, predicted: np.ndarray, precision_wanted: float) -> float:
    """The lowest threshold from which so large a share of what is flagged is right; the best one if none is."""
    precision, _, thresholds = precision_recall_curve(y, predicted)
    enough = np.flatnonzero(precision[:-1] >= precision_wanted)
    return float(thresholds[enough[0] if len(enough) else precision[:-1].argmax()])


def fit_intercept(total: np.ndarray, y: np.ndarray) -> float:
    """The intercept with which the probabilities of given pairs add up to the conflicts among them."""
    low, high = -50.0, 50.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (
            (middle, high)
            if (1 / (1 + np.exp(-(total + middle)))).sum() < y.sum()
            else (low, middle)
        )
    return middle


if __name__ == "__main__":
    main()
