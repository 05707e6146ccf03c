#!/usr/bin/env python3
"""Fit the conflict decision to articles with hand-labelled conflicts.

    calibrate.py GOLD.jsonl ARTICLES_FOLDER [--verdicts FILE ...] [--model NAME] [--first-look NAME]
        [--cache FILE] [--findings FILE] [--dry-run] [--force]

GOLD has one pair of passages a line (article, a_start, a_end, b_start, b_end, kind, conflict_id, sure). The
pairs that the pipeline itself finds in the articles are labelled by whether they hit a gold conflict, a
logistic regression is fitted to their evidence, and its coefficients are written to calibration.json with the
lowest threshold from which 48 in 100 flagged pairs are right: to contradict/calibration.json for the default model,
to the folder of another one that --model names. Pairs of texts that somebody gives to be compared have a
regression of their own, fitted to the train part of seeds/pairs.jsonl.

--verdicts takes what reviewers have judged (contradict review REPORT --export FILE.jsonl), of articles that lie in
ARTICLES_FOLDER, too, and between two statements of one article. Of articles without gold only judged pairs count, since
nobody has said that the others do not conflict; the figures of whole articles are of those with gold. Where reviewers
judge flagged findings alone, a score becomes the probability among these.

A fit that in cross-validation flags next to nothing, or next to nothing rightly, is not written, but with --force.

--first-look tells what another model's first look, weighed by a fold of its own, would cost in findings, and writes
nothing.

All figures come from cross-validation with the folds grouped by article: no pair is judged by coefficients or
a threshold that saw its article. --findings writes the findings with these scores and flags, for other
scorers; --cache keeps the NLI scores, so that a second fit takes seconds.
"""

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    precision_recall_curve,
)
from sklearn.model_selection import GroupKFold

from contradict.algebra import can_conflict
from contradict.conflict import CALIBRATION, Calibration, Fold, evidence, judge
from contradict.documents import read_documents
from contradict.errors import ContradictError, InputError
from contradict.evaluation.gold import GoldPair, GoldPassages, read_gold
from contradict.evaluation.measures import decide_documents, measure
from contradict.evaluation.systems import found_in
from contradict.language import Language
from contradict.metrics import binary_metrics
from contradict.nli import load_scorer
from contradict.pairing import find_pairs
from contradict.pipeline import Analyzer
from contradict.profiles import local_folder
from contradict.reading import (
    BOTH_WAYS_FROM,
    Way,
    both_ways,
    direction,
    said_both_ways,
    said_once,
    sentence_pair,
    text_pair,
)
from contradict.records import Document, Finding, Nli, Pair, Probabilities, pair_id
from contradict.repeats import crowded_scores, merge_repeats
from contradict.report import write_jsonl
from contradict.statements import split_document

TARGET = Path(__file__).parent.parent / "contradict" / CALIBRATION
FOLDS = 10
PAIRS = Path(__file__).parent.parent / "seeds" / "pairs.jsonl"
GIVEN_THRESHOLD = 0.5
ROUNDS = 5
PRECISION = 0.48
"""Share of right ones among the flagged pairs that the default threshold is chosen for.

Above the two in five that are wanted on other articles: on those that choose it, it promises too much.
"""

FEWEST = 10
"""Flagged pairs, in cross-validation, below which no fit is written; nor if half of `PRECISION` is not reached."""

UNTOLD = {"texts_length": 0.0}
"""What hand-written pairs tell nothing of: how long pairs of texts are that conflict. A constant gets no weight."""

PROBES = 64
"""Pairs that are scored again to see whether a cache is of this model."""

FIRST_LOOK = 0.03
"""Probability, by the propositions, from which the sentences of a pair are read, too."""

FOUND_STRENGTH = 0.01
"""Inverse regularisation of the regression on pairs of articles; features are standardised first.

Cross-validated, 0.01 to 0.1 have the same log loss; the strongest of them is taken.
"""

GIVEN_STRENGTH = 1.0
"""The same of the regression on given texts, of which there are fewer, half of them conflicts."""


Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class Mined:
    """A pair that the pipeline finds, the sentences it stands in, and whether it is a gold conflict."""

    pair: Pair
    texts: Pair
    label: bool


class Regression(LogisticRegression):
    """Logistic regression on standardised features that tells its coefficients in the features' own units."""

    def __init__(self, C: float, max_iter: int = 1000) -> None:  # noqa: N803 (scikit-learn's name)
        super().__init__(C=C, max_iter=max_iter)

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


def main() -> None:
    """Fit, tell what the fit is worth, and write it."""
    parser, args = options()
    folder = local_folder(args.model)
    if folder is None:
        parser.error(f"--model {args.model}: no folder of this name to write its calibration to")
    target = TARGET if folder == local_folder() else folder / CALIBRATION
    try:
        gold = read_gold(args.gold).passages
        judged = {row.id: row.conflict for path in args.verdicts for row in read_gold(path).pairs}
        mined = mine(gold, args.articles, judged)
    except ContradictError as error:
        parser.exit(1, f"error: {error}\n")
    articles = {each.pair.left.document for each in mined}
    tell(f"{len(mined):,} pairs found in {len(articles)} articles")
    if judged:
        used = sum(pair_id(each.pair.left, each.pair.right) in judged for each in mined)
        tell(
            f"{used} of {len(judged)} verdicts used, the others are of no pair within these articles"
        )
    if len(articles) < FOLDS:
        parser.error(
            f"{FOLDS} articles with pairs are needed to cross-validate, got {len(articles)}"
        )

    given = read_gold(PAIRS, split="train").pairs
    compared = [
        (text_pair(*sorted((row.a, row.b))), group)
        for row, group in zip(
            given, Analyzer().statement_pairs([(row.a, row.b) for row in given]), strict=True
        )
    ]
    looks = [direction(each.pair) for each in mined]
    around = [direction(each.pair, each.texts) for each in mined]
    of_given = [way for texts, _ in compared for way in both_ways(texts)]
    of_given += [direction(pair) for _, group in compared for pair in group]
    known = read([*looks, *around, *of_given], model=args.model, cache=args.cache)
    scored = [
        (said_once(known, each.pair), said_once(known, each.pair, each.texts)) for each in mined
    ]
    first = read(looks, model=args.first_look, cache=None) if args.first_look else known
    looked = [said_once(first, each.pair) for each in mined]

    fit = fit_found(mined, scored, looked)
    findings = cross_validated(mined, scored, fit)
    figures = fit.figures | conflict_figures(gold, findings)
    result = {
        "about": "Logistic regressions over contradict.conflict.evidence, fitted by scripts/calibrate.py. The "
        "figures are cross-validated, folds grouped by article or story. Of found pairs, recall and "
        "average_precision count distinct conflicts, the others pairs.",
        "first": fit.first,
        "found": {**fit.found, "figures": figures},
        "given": fit_given(given, given_features(compared, known)),
    }
    print(json.dumps(result, indent=2))
    if args.findings:
        with args.findings.open("w", encoding="utf-8") as stream:
            write_jsonl(findings, stream)
    if args.dry_run or args.first_look:
        return
    count = int(fit.flagged.sum())
    right = float(labels_of(mined)[fit.flagged].mean()) if count else 0.0
    if (count < FEWEST or right < PRECISION / 2) and not args.force:
        parser.exit(
            1,
            f"error: {count} pairs are flagged in cross-validation, {right:.0%} of them rightly; wanted {FEWEST} and "
            f"{PRECISION:.0%}. The verdicts are too few or disagree, or the model does not tell conflicts from the "
            "rest. Nothing was written; --force writes it all the same.\n",
        )
    target.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    tell(f"written to {target}")


def options() -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    """The parser of the command line, and what it holds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument(
        "--verdicts", type=Path, action="append", default=[], help="judged findings, as exported"
    )
    parser.add_argument("--model", help="an NLI model: a profile's name or a folder")
    parser.add_argument(
        "--first-look", metavar="MODEL", help="only measure: this model takes the first look"
    )
    parser.add_argument("--cache", type=Path, help="file that keeps the NLI scores")
    parser.add_argument("--findings", type=Path, help="file for the cross-validated findings")
    parser.add_argument("--dry-run", action="store_true", help="write no calibration.json")
    parser.add_argument(
        "--force", action="store_true", help="write a fit that is worth little, too"
    )
    return parser, parser.parse_args()


def tell(message: str) -> None:
    """Say how the work goes on."""
    print(message, file=sys.stderr, flush=True)


def labels_of(mined: Sequence[Mined]) -> np.ndarray:
    """Whether each pair is a conflict."""
    return np.array([each.label for each in mined])


@dataclass(frozen=True, slots=True)
class Fit:
    """The two folds for pairs found in articles.

    Attributes:
        first: The fold of the first look, as written to calibration.json.
        found: That of all that is read.
        predicted: The cross-validated probability of each pair, given the others.
        flagged: Whether it reaches the threshold chosen on the other articles.
        figures: What these are worth.
    """

    first: dict
    found: dict
    predicted: np.ndarray
    flagged: np.ndarray
    figures: dict


def fit_found(
    mined: Sequence[Mined], scored: Sequence[tuple[Nli, Nli]], looked: Sequence[Nli]
) -> Fit:
    """Fit both folds, and cross-validate them in the steps in which `contradict.reading` reads.

    Args:
        mined: The pairs.
        scored: What the model says of their propositions and of their sentences.
        looked: What the model that takes the first look says of the propositions.
    """
    looks, whole = [], []
    for each, look, (nli, texts_nli) in zip(mined, looked, scored, strict=True):
        looks.append(evidence(each.pair, look, each.texts))
        whole.append(evidence(each.pair, nli, each.texts, texts_nli))
    x_looks, x_whole = table(looks), table(whole)
    y = labels_of(mined)
    articles = np.array([each.pair.left.document for each in mined])
    folds = GroupKFold(FOLDS)
    by_look, by_whole = np.zeros((2, len(y)))
    for others, fold in folds.split(y, y, articles):
        first = Regression(FOUND_STRENGTH).fit(x_looks[others], y[others])
        found = Regression(FOUND_STRENGTH).fit(x_whole[others], y[others])
        by_look[fold] = first.predict_proba(x_looks[fold])[:, 1]
        by_whole[fold] = found.predict_proba(x_whole[fold])[:, 1]
    read_on = by_look >= FIRST_LOOK
    alone = np.where(read_on, by_whole, by_look)
    predicted = crowded(mined, alone)
    flagged = np.zeros(len(y), dtype=bool)
    for others, fold in folds.split(y, y, articles):
        flagged[fold] = predicted[fold] >= threshold_for(y[others], predicted[others], PRECISION)
    threshold = math.floor(threshold_for(y, predicted, PRECISION) * 10_000) / 10_000
    return Fit(
        first=written(Regression(FOUND_STRENGTH).fit(x_looks, y), looks, FIRST_LOOK),
        found=written(Regression(FOUND_STRENGTH).fit(x_whole, y), whole, threshold),
        predicted=predicted,
        flagged=flagged,
        figures={
            "articles": len(set(articles)),
            "pairs": len(y),
            "conflicting": int(y.sum()),
            "read_on": int(read_on.sum()),
            "unread_that_would_be_flagged": int(
                (~read_on & (crowded(mined, by_whole) >= threshold)).sum()
            ),
            "pair_average_precision": round(average_precision_score(y, alone), 4),
            "pair_average_precision_all_read": round(average_precision_score(y, by_whole), 4),
            "pair_brier": round(brier_score_loss(y, predicted), 4),
        },
    )


def crowded(mined: Sequence[Mined], alone: np.ndarray) -> np.ndarray:
    """The probabilities of pairs given one another, from those of each alone."""
    pairs = (each.pair for each in mined)
    return np.array(
        crowded_scores([(p, x.left, x.right) for p, x in zip(alone, pairs, strict=True)])
    )


def cross_validated(
    mined: Sequence[Mined], scored: Sequence[tuple[Nli, Nli]], fit: Fit
) -> list[Finding]:
    """The findings with cross-validated scores and flags, the highest first, repeats merged."""
    found = fit.found
    fold = Fold(found["coefficients"], found["intercept"], found["threshold"], found["means"])
    calibration = Calibration(fold, fold, fold)
    findings = []
    for each, (nli, texts_nli), p, flag in zip(
        mined, scored, fit.predicted, fit.flagged, strict=True
    ):
        finding = judge(
            each.pair,
            nli,
            texts=each.texts,
            texts_nli=texts_nli,
            threshold=1,
            model="",
            calibration=calibration,
        )
        findings.append(replace(finding, score=float(p), flagged=bool(flag)))
    findings.sort(key=lambda finding: (-finding.score, finding.id))
    return merge_repeats(findings, across=False)


def given_features(
    compared: Sequence[tuple[Pair, list[Pair]]], known: Mapping[Way, Probabilities]
) -> list[list[tuple[Features, Features]]]:
    """For each two texts the features of every pair of their statements that can conflict.

    First with the texts read once, then both ways; the statements are read once, or as the texts if they are these.

    Args:
        compared: The texts, and the pairs of their statements.
        known: What the model says of the texts, both ways, and of the statements.
    """

    def features(pair: Pair, texts: Pair) -> tuple[Features, Features]:
        nli, both = said_once(known, pair), said_both_ways(known, texts)
        whole = both_ways(pair) == both_ways(texts)
        return (
            evidence(pair, nli, texts, said_once(known, pair, texts)) | UNTOLD,
            evidence(pair, both if whole else nli, texts, both) | UNTOLD,
        )

    return [
        [features(pair, texts) for pair in group if can_conflict(pair.left, pair.right)]
        for texts, group in compared
    ]


def fit_given(
    gold: Sequence[GoldPair], by_text: Sequence[Sequence[tuple[Features, Features]]]
) -> dict:
    """The fold for given texts: of their statements, the pair that scores highest decides.

    It is fitted to texts read both ways, and cross-validated in the steps in which `contradict.reading` reads.
    """
    both = [[read for _, read in rows] for rows in by_text]
    y = np.array([row.conflict for row in gold])
    groups = np.array([row.group for row in gold])
    known = np.array([bool(rows) for rows in by_text])  # the others score 0 whatever is fitted
    predicted = np.zeros(len(y))
    for others, fold in GroupKFold(FOLDS).split(y, y, groups):
        seen = [i for i in others if known[i]]
        model = fit_best([both[i] for i in seen], y[seen])
        for i in fold:
            if known[i]:
                by_one = model.predict_proba(table([once for once, _ in by_text[i]]))[:, 1]
                best = by_one.argmax()
                predicted[i] = by_one[best]
                if by_one[best] >= BOTH_WAYS_FROM:
                    predicted[i] = model.predict_proba(table([both[i][best]]))[0, 1]
    weights = np.ones((1, len(y)))
    metrics = binary_metrics(y, predicted, predicted >= GIVEN_THRESHOLD, weights)
    rows = [rows for rows in both if rows]
    model = fit_best(rows, y[known])
    return {
        **written(model, rows[0], GIVEN_THRESHOLD),
        "figures": {
            "pairs": len(y),
            "conflicting": int(y.sum()),
            **{name: round(float(values[0]), 4) for name, values in metrics.items()},
        },
    }


def fit_best(by_text: list[list[Features]], y: np.ndarray) -> Regression:
    """A regression on the best pair of statements of each two texts, as it says itself which is best."""
    chosen = [max(rows, key=lambda row: row["collision"]) for rows in by_text]
    for _ in range(ROUNDS):
        model = Regression(GIVEN_STRENGTH).fit(table(chosen), y)
        chosen = [rows[int(model.predict_proba(table(rows))[:, 1].argmax())] for rows in by_text]
    return model


def table(features: Sequence[Features]) -> np.ndarray:
    """Features as a matrix, in the order of their names."""
    return np.array([[row[name] for name in sorted(row)] for row in features])


def written(model: Regression, features: Sequence[Features], threshold: float) -> dict:
    """What stands of a fold in calibration.json."""
    names = sorted(features[0])
    return {
        "threshold": threshold,
        "intercept": round(float(model.intercept), 6),
        "coefficients": {
            n: round(float(c), 6) for n, c in zip(names, model.coefficients, strict=True)
        },
        "means": {n: round(float(m), 6) for n, m in zip(names, model.mean_, strict=True)},
    }


def mine(
    gold: Sequence[GoldPassages], folder: Path, judged: Mapping[str, bool] | None = None
) -> list[Mined]:
    """The pairs that the pipeline finds, each with its label: the gold's, or a reviewer's by the finding's id."""
    judged = judged or {}
    language = Language()
    mined: list[Mined] = []
    for document in read_documents([folder]):
        if not isinstance(document, Document):
            raise InputError(f"{document.source}: {document.reason}")
        parsed = language.parse(document)
        statements = split_document(parsed)
        sentences = {each.id: parsed.around(each.start, each.end) for each in statements}
        rows = [row for row in gold if row.document == document.name]
        for pair in find_pairs(statements, across=False):
            label = gold_label(rows, pair) if rows or not judged else None
            label = judged.get(pair_id(pair.left, pair.right), label)
            if label is not None:
                mined.append(Mined(pair, sentence_pair(pair, sentences), label))
    return mined


def conflict_figures(gold: Sequence[GoldPassages], findings: Sequence[Finding]) -> dict[str, float]:
    """How findings do on whole articles: the metrics of `contradict evaluate`, rounded, and the counts behind them."""
    decisions, clusters = decide_documents(gold, found_in(findings))
    metrics = measure("documents", decisions, clusters)
    return {
        "conflicts": sum(cluster.conflicts for cluster in clusters),
        "flagged": sum(decision.decided == "conflict" for decision in decisions),
        "hard_negatives": sum(cluster.hard for cluster in clusters),
        **{name: round(estimate.value, 4) for name, estimate in metrics.items()},
    }


def gold_label(rows: list[GoldPassages], pair: Pair) -> bool | None:
    """Whether a pair is a gold conflict; None where the labeller was not sure."""
    conflicts = [row for row in rows if row.kind != "none" and row.shown_by(pair)]
    if any(row.sure for row in conflicts):
        return True
    return None if conflicts else False


def read(ways: Sequence[Way], *, model: str | None, cache: Path | None) -> dict[Way, Probabilities]:
    """What a model says of premises and hypotheses."""
    scorer = load_scorer(model)
    known = {}
    if cache and cache.exists():
        known = {(a, b): Probabilities(*p) for a, b, p in json.loads(cache.read_text("utf-8"))}
        probes = list(known)[:PROBES]
        apart = [
            abs(now.contradiction - known[way].contradiction)
            for way, now in zip(probes, scorer.score(probes), strict=True)
        ]
        if np.mean(apart) > 0.005:  # the rest of a batch tells, a little
            raise SystemExit(f"{cache} holds the scores of another model; give another --cache.")
    missing = [way for way in dict.fromkeys(ways) if way not in known]
    tell(f"{len(missing):,} readings by {scorer.name}, {len(known):,} known")
    known.update(zip(missing, scorer.score(missing), strict=True))
    if cache:
        rows = [[a, b, [p.entailment, p.neutral, p.contradiction]] for (a, b), p in known.items()]
        cache.write_text(json.dumps(rows), "utf-8")
    return known


def threshold_for(y: np.ndarray, predicted: np.ndarray, precision_wanted: float) -> float:
    """The lowest threshold from which so large a share of what is flagged is right; the best one if none is."""
    precision, _, thresholds = precision_recall_curve(y, predicted)
    enough = np.flatnonzero(precision[:-1] >= precision_wanted)
    return float(thresholds[enough[0] if len(enough) else precision[:-1].argmax()])


if __name__ == "__main__":
    main()
