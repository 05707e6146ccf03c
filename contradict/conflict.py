"""From a scored pair to a finding: the evidence, and the one calibrated probability that it amounts to.

The evidence is folded by a logistic model whose coefficients stand, readable, in ``calibration.json``
(``scripts/calibrate.py`` fits it): the library's, for its default model, or a model folder's own.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from contradict.algebra import (
    can_conflict,
    collision,
    is_denial,
    is_negative,
    kind_of,
)
from contradict.errors import ModelError
from contradict.profiles import local_folder
from contradict.reasons import explain, mark
from contradict.records import Context, Finding, Nli, Pair, PairScore
from contradict.words import content_words

CALIBRATION = "calibration.json"

_FLOOR = 1e-4


@dataclass(frozen=True, slots=True)
class Fold:
    """A logistic model that folds the evidence into one probability.

    Attributes:
        coefficients: Weight of each feature of `evidence`.
        intercept: Log-odds where all features are 0.
        threshold: Default probability from which a pair is flagged.
        means: Mean of each feature over the pairs that the coefficients were fitted to.
    """

    coefficients: Mapping[str, float]
    intercept: float
    threshold: float
    means: Mapping[str, float]

    def without(self, *features: str) -> "Fold":
        """The same with features held at their means, so that they tell nothing."""
        held = {name: self.coefficients[name] * self.means[name] for name in features}
        return replace(
            self,
            coefficients={**self.coefficients, **dict.fromkeys(features, 0.0)},
            intercept=self.intercept + math.fsum(held.values()),
        )

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability that a fact-checker calls the pair conflicting."""
        total = self.intercept + math.fsum(
            self.coefficients[name] * features[name] for name in sorted(features)
        )
        return 1 / (1 + math.exp(-max(-500.0, min(500.0, total))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the evidence is folded.

    Attributes:
        first: For the first look at pairs found in articles, by their propositions and the words of their sentences;
            its threshold is the probability from which a pair deserves that its sentences are read, too.
        found: For those pairs, with their sentences read, too.
        given: For pairs that somebody chose to compare (`contradict score`).
    """

    first: Fold
    found: Fold
    given: Fold


@cache
def load_calibration(folder: Path | None = None) -> Calibration:
    """How the evidence of a model is folded.

    Args:
        folder: The model's folder. One without a ``calibration.json``, or None, gets what is fitted to the default
            model.

    Raises:
        ModelError: The folder's ``calibration.json`` is none.
    """
    shipped = _parse_calibration((files("contradict") / CALIBRATION).read_text("utf-8"))
    if folder is None or not (folder / CALIBRATION).is_file():
        return shipped
    try:
        own = _parse_calibration((folder / CALIBRATION).read_text("utf-8"))
        for part in ("first", "found", "given"):
            wanted, got = (getattr(each, part).coefficients.keys() for each in (shipped, own))
            if wanted != got:
                raise ValueError(f"'{part}' folds {sorted(got)}, expected {sorted(wanted)}")
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise ModelError(
            f"{folder / CALIBRATION} is no calibration of this version, which has the parts first, found and given, "
            f"with the same coefficients as the library's own: {type(error).__name__}: {error}. Make it anew with "
            f"scripts/calibrate.py --model {folder}, install the model's package again if it came with one, or "
            "remove the file."
        ) from error
    return own


def is_calibrated(folder: Path | None) -> bool:
    """Whether the evidence of the model in a folder is folded by what was fitted to it."""
    return folder is not None and (folder == local_folder() or (folder / CALIBRATION).is_file())


def _parse_calibration(text: str) -> Calibration:
    data = json.loads(text)
    return Calibration(*(_parse_fold(data[part]) for part in ("first", "found", "given")))


def _parse_fold(part: Mapping[str, Any]) -> Fold:
    coefficients, means = (
        {str(name): float(value) for name, value in part[key].items()}
        for key in ("coefficients", "means")
    )
    if coefficients.keys() != means.keys():
        raise ValueError("coefficients and means are not of the same features")
    fold = Fold(coefficients, float(part["intercept"]), float(part["threshold"]), means)
    numbers = (*coefficients.values(), *means.values(), fold.intercept, fold.threshold)
    if not all(map(math.isfinite, numbers)):
        raise ValueError("a number is not finite")
    if not 0 <= fold.threshold <= 1:
        raise ValueError(f"the threshold {fold.threshold} is not between 0 and 1")
    return fold


def probability(
    pair: Pair,
    nli: Nli,
    texts: Pair,
    texts_nli: Nli | None = None,
    calibration: Calibration | None = None,
) -> float:
    """The probability that a pair found in documents is a conflict, by what has been read of it; see `judge`.

    What it costs to read most pairs no further stands in ``calibration.json``: pairs read, flagged ones among the
    others, average precision with and without.
    """
    folds = calibration or load_calibration()
    fold = folds.first if texts_nli is None else folds.found
    return fold.probability(evidence(pair, nli, texts, texts_nli))


def given_probability(
    pair: Pair,
    nli: Nli,
    texts: Pair,
    texts_nli: Nli | None,
    calibration: Calibration | None = None,
) -> float:
    """The same for a pair of texts that somebody chose to compare; 0 where their stances cannot collide."""
    if not can_conflict(pair.left, pair.right):
        return 0.0
    fold = (calibration or load_calibration()).given
    return fold.probability(evidence(pair, nli, texts, texts_nli))


def judge(
    pair: Pair,
    nli: Nli,
    *,
    texts: Pair,
    texts_nli: Nli | None = None,
    threshold: float,
    model: str,
    calibration: Calibration | None = None,
    contexts: tuple[Context | None, Context | None] = (None, None),
) -> Finding:
    """Decide how likely the two statements of a pair conflict, what kind of conflict it is, and why.

    Args:
        pair: Two statements whose stances can collide.
        nli: What the model says of the two propositions.
        texts: The sentences that the statements stand in, in the same order, each as if it were a statement.
        texts_nli: What the model says of these; None where the first look ruled a conflict out.
        threshold: Score from which the finding is flagged.
        model: Name of the model.
        calibration: How the evidence is folded; None for the default.
        contexts: What stands around the statements, for who reads the finding.
    """
    score = probability(pair, nli, texts, texts_nli, calibration)
    return Finding(
        kind=kind_of(pair.left, pair.right),
        score=score,
        flagged=score >= threshold,
        reason=explain(pair, nli, texts_nli),
        left=pair.left,
        right=pair.right,
        nli=nli,
        similarity=pair.similarity,
        model=model,
        marks=(mark(pair.left, pair.right), mark(pair.right, pair.left)),
        contexts=contexts,
    )


def judge_given(
    pair: Pair,
    nli: Nli,
    *,
    texts: Pair,
    texts_nli: Nli | None,
    threshold: float,
    calibration: Calibration | None = None,
) -> PairScore:
    """The same for texts that somebody chose to compare, where a conflict is likelier from the start.

    Args:
        pair: A statement of each text.
        nli: What the model says of the two propositions.
        texts: The two texts as they are, in the same order.
        texts_nli: What the model says of these.
        threshold: Score from which the pair is flagged.
        calibration: How the evidence is folded; None for the default.
    """
    if not can_conflict(pair.left, pair.right):
        reason = f"one side {pair.left.stance}, the other {pair.right.stance}: such stances do not collide"
        return PairScore(0.0, threshold <= 0, None, reason, nli)
    score = given_probability(pair, nli, texts, texts_nli, calibration)
    kind = kind_of(pair.left, pair.right)
    return PairScore(score, score >= threshold, kind, explain(pair, nli, texts_nli), nli)


def evidence(pair: Pair, nli: Nli, texts: Pair, texts_nli: Nli | None = None) -> dict[str, float]:
    """The features of a pair and of the texts its statements stand in; the same whichever comes first.

    Args:
        pair: The two statements.
        nli: What the model says of their propositions.
        texts: The texts, as if each were one statement.
        texts_nli: What the model says of these; None where it was not asked, so that those features are missing.

    Returns:
        collision: Log-odds of what the stance algebra asks for: that the asserted proposition entails the
            denied one, or where nobody denies, that either contradicts the other.
        opposite_polarity: 1 where one side is negative on the whole, by negation or denial, and the other not.
        denial: 1 where one side denies and the other does not.
        similarity: How much the propositions share.
        attributed: Share of the two that somebody says, rather than the document itself.
        texts_similarity: How much the texts share.
        texts_shared: Log of the number of content words that both texts have: ten shared words of thirty say more
            than one of three.
        texts_length: Log of the number of words in the two texts.
        texts_contradict: Log-odds of contradiction between the texts, mean of the directions read.
        texts_entail: The same of entailment.
    """
    left, right = pair.left, pair.right
    both = (texts.left.proposition, texts.right.proposition)
    shared = content_words(texts.left.proposition) & content_words(texts.right.proposition)
    features = {
        "collision": _log_odds(collision(left, right, nli)),
        "denial": float(is_denial(left, right)),
        "opposite_polarity": float(is_negative(left) != is_negative(right)),
        "similarity": pair.similarity,
        "attributed": (float(left.speaker is not None) + float(right.speaker is not None)) / 2,
        "texts_similarity": texts.similarity,
        "texts_shared": math.log1p(len(shared)),
        "texts_length": math.log1p(sum(len(text.split()) for text in both)),
    }
    if texts_nli is None:
        return features
    ahead, back = texts_nli.forward, texts_nli.backward
    return features | {
        "texts_contradict": _log_odds((ahead.contradiction + back.contradiction) / 2),
        "texts_entail": _log_odds((ahead.entailment + back.entailment) / 2),
    }


def _log_odds(probability: float) -> float:
    probability = min(max(probability, _FLOOR), 1 - _FLOOR)
    return math.log(probability / (1 - probability))
