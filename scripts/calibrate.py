#!/usr/bin/env python3
"""Fit the conflict decision to articles with hand-labelled conflicts.

    calibrate.py GOLD.jsonl ARTICLES_FOLDER [--model NAME] [--cache FILE]

GOLD has one pair of passages a line (article, a_start, a_end, b_start, b_end, kind, conflict_id, sure). The
pairs that the pipeline itself finds in the articles are labelled by whether they hit a gold conflict, a
logistic regression is fitted to their evidence, and its coefficients are written to
contradict/calibration.json. All figures come from cross-validation grouped by article: no pair is judged by a
model that saw its article. --cache keeps the NLI scores, so that a second fit takes seconds.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss
from sklearn.model_selection import GroupKFold, cross_val_predict

from contradict.conflict import can_conflict, evidence
from contradict.documents import read_documents
from contradict.language import Language
from contradict.nli import load_scorer
from contradict.pairing import find_pairs
from contradict.records import Document, Nli, Pair, Probabilities, Statement
from contradict.statements import split_document
from contradict.words import similarity

TARGET = Path(__file__).parent.parent / "contradict" / "calibration.json"
STRENGTH = 0.1
"""Inverse regularisation of the regression; features are standardised first."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--model", default=None)
    parser.add_argument("--cache", type=Path, default=None)
    parser.add_argument(
        "--precision", type=float, default=0.4, help="precision the default threshold aims at"
    )
    args = parser.parse_args()
    gold = read_gold(args.gold)
    language = Language()
    documents = [d for d in read_documents([args.articles]) if isinstance(d, Document)]
    pairs, labels, groups = [], [], []
    given, given_labels, given_groups = [], [], []
    for document in documents:
        statements = split_document(language.parse(document))
        for pair in find_pairs(statements, across=False):
            label = gold_label(gold[document.name], pair)
            if label is not None:
                pairs.append(pair)
                labels.append(label)
                groups.append(document.name)
        for row in gold[document.name]:
            chosen = chosen_pair(statements, row)
            if chosen:
                given.append(chosen)
                given_labels.append(row["kind"] != "none")
                given_groups.append(document.name)
    scores = score([*pairs, *given], model=args.model, cache=args.cache)
    features = [evidence(pair, nli) for pair, nli in zip([*pairs, *given], scores, strict=True)]
    names = sorted(features[0])
    table = np.array([[row[name] for name in names] for row in features])
    mined, chosen = table[: len(pairs)], table[len(pairs) :]
    y, y_given = np.array(labels), np.array(given_labels)
    print(
        f"{len(documents)} articles, {len(y)} pairs, {y.sum()} right; {len(y_given)} given, {y_given.sum()} right"
    )

    folds = GroupKFold(10)
    predicted = cross_val_predict(
        Regression(), mined, y, groups=groups, cv=folds, method="predict_proba"
    )[:, 1]
    model = Regression().fit(mined, y)
    threshold = threshold_for(y, predicted, args.precision)
    flagged = predicted >= threshold
    metrics = {
        "average_precision": average_precision_score(y, predicted),
        "brier": brier_score_loss(y, predicted),
        "base_rate": y.mean(),
        "flagged": int(flagged.sum()),
        "precision_at_threshold": y[flagged].mean() if flagged.any() else float("nan"),
    }
    coefficients = dict(zip(names, model.coefficients.tolist(), strict=True))
    given_intercept = fit_intercept(chosen @ model.coefficients, y_given)
    result = {
        "about": "Logistic regression over contradict.conflict.evidence, fitted by scripts/calibrate.py; the "
        "metrics are of pairs found in articles, cross-validated with the folds grouped by article.",
        "articles": len(documents),
        "pairs": len(y),
        "conflicting": int(y.sum()),
        "metrics": {name: round(float(value), 4) for name, value in metrics.items()},
        "threshold": round(float(threshold), 4),
        "intercept": round(float(model.intercept), 6),
        "given_intercept": round(float(given_intercept), 6),
        "coefficients": {name: round(value, 6) for name, value in coefficients.items()},
    }
    TARGET.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(json.dumps(result, indent=2))


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


def read_gold(path: Path) -> dict[str, list[dict]]:
    gold = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        gold[Path(row["article"]).name].append(row)
    return gold


def overlaps(statement: Statement, start: int, end: int) -> bool:
    """By at least half of the shorter of the two."""
    shared = min(statement.end, end) - max(statement.start, start)
    return shared > 0 and shared >= 0.5 * min(statement.end - statement.start, end - start)


def hits(row: dict, pair: Pair) -> bool:
    sides = ((row["a_start"], row["a_end"]), (row["b_start"], row["b_end"]))
    return any(
        overlaps(pair.left, *one) and overlaps(pair.right, *other)
        for one, other in (sides, sides[::-1])
    )


def gold_label(rows: list[dict], pair: Pair) -> bool | None:
    """Whether a pair is a gold conflict; None where the labeller was not sure."""
    conflicts = [row for row in rows if row["kind"] != "none" and hits(row, pair)]
    if any(row.get("sure", True) for row in conflicts):
        return True
    return None if conflicts else False


def chosen_pair(statements: list[Statement], row: dict) -> Pair | None:
    """The most similar statements in the two passages of a gold row: what `contradict score` would compare."""
    left = [s for s in statements if overlaps(s, row["a_start"], row["a_end"])]
    right = [s for s in statements if overlaps(s, row["b_start"], row["b_end"])]
    pairs = [
        Pair(p, q, similarity(p.proposition, q.proposition))
        for p in left
        for q in right
        if can_conflict(p, q)
    ]
    return (
        max(pairs, key=lambda pair: pair.similarity, default=None)
        if row.get("sure", True)
        else None
    )


def score(pairs: list[Pair], *, model: str | None, cache: Path | None) -> list[Nli]:
    texts = [(p.left.proposition, p.right.proposition) for p in pairs]
    texts += [(b, a) for a, b in texts]
    known = {}
    if cache and cache.exists():
        known = {(a, b): Probabilities(*p) for a, b, p in json.loads(cache.read_text("utf-8"))}
    missing = [pair for pair in dict.fromkeys(texts) if pair not in known]
    if missing:
        scorer = load_scorer(model)
        known.update(zip(missing, scorer.score(missing), strict=True))
    if cache:
        rows = [[a, b, [p.entailment, p.neutral, p.contradiction]] for (a, b), p in known.items()]
        cache.write_text(json.dumps(rows), "utf-8")
    return [Nli(known[a, b], known[b, a]) for a, b in texts[: len(pairs)]]


def threshold_for(y: np.ndarray, predicted: np.ndarray, precision: float) -> float:
    """The lowest threshold from which on up the wanted precision holds; that of the best tenth if none does."""
    order = np.argsort(-predicted)
    running = np.cumsum(y[order]) / np.arange(1, len(y) + 1)
    good = np.flatnonzero(running >= precision)
    good = good[good >= 9]
    return (
        float(predicted[order[good[-1]]])
        if len(good)
        else float(np.sort(predicted)[-y.sum() // 10])
    )


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
