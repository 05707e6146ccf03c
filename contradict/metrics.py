"""Metrics with confidence intervals, over decisions that come in clusters (all pairs of one story).

Every metric is a function of weights of shape (draws, decisions): row 0 is all ones and gives the value itself,
the others are bootstrap draws of whole clusters and give its interval. So value and interval come from one
piece of code, for all draws at once, which scikit-learn's metrics cannot do; the tests hold each value to
scikit-learn's, or where that has none to a slow independent computation.

What is undefined (precision where nothing is flagged) is nan, never 0.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

DRAWS = 1000
"""Bootstrap draws."""

BINS = 10
"""Bins of equal width that `calibration_error` sorts scores into."""

_SEED = 20261123
_ROWS_AT_ONCE = 4_000_000  # cells of a weight matrix that a computation holds at a time


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric and the bounds of its 95 % interval; nan where undefined."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, draws: "Array") -> "Estimate":
        """From its value (row 0) and its bootstrap draws; draws in which it is undefined do not count."""
        import numpy as np

        defined = draws[1:][~np.isnan(draws[1:])]
        if np.isnan(draws[0]) or not defined.size:
            return cls(float(draws[0]), float("nan"), float("nan"))
        low, high = np.percentile(defined, (2.5, 97.5))
        return cls(float(draws[0]), float(low), float(high))


def cluster_weights(sizes: int, *, draws: int = DRAWS, seed: int = _SEED) -> "Array":
    """How often each of ``sizes`` clusters is drawn: shape (draws + 1, sizes); row 0 is all ones.

    A cluster bootstrap draws whole clusters with replacement, since decisions on one story are not independent
    of each other (Field and Welsh 2007, "Bootstrapping clustered data").
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    weights = rng.multinomial(sizes, np.full(sizes, 1 / sizes), size=draws) if sizes else ()
    return np.vstack([np.ones((1, sizes)), np.reshape(weights, (-1, sizes))])


def two_sided_p(differences: "Array") -> float:
    """Share of bootstrap draws (rows 1 on) on the less likely side of no difference, doubled; at most 1.

    With B draws it is never below 2 / (B + 1) (Davison and Hinkley 1997, section 4.4.1).
    """
    import numpy as np

    draws = differences[1:][~np.isnan(differences[1:])]
    if np.isnan(differences[0]) or not draws.size:
        return float("nan")
    least = min(int((draws <= 0).sum()), int((draws >= 0).sum()))
    return min(1.0, 2 * (least + 1) / (draws.size + 1))


def binary_metrics(
    labels: Sequence[bool], scores: Sequence[float], flagged: Sequence[bool], weights: "Array"
) -> dict[str, "Array"]:
    """Metrics of yes-or-no decisions with scores.

    Args:
        labels: What is so.
        scores: Probability given to yes, 0 to 1.
        flagged: What was decided.
        weights: Shape (draws, decisions).

    Returns:
        Each metric's values, shape (draws,).
    """
    import numpy as np

    y, f = np.asarray(labels, float), np.asarray(flagged, float)
    s = np.asarray(scores, float)
    right, said, there = weights @ (y * f), weights @ f, weights @ y
    return {
        "average_precision": average_precision(y, s, weights),
        "roc_auc": roc_auc(y, s, weights),
        "precision": ratio(right, said),
        "recall": ratio(right, there),
        "f1": ratio(2 * right, said + there),
        "accuracy": ratio(weights @ (y == f).astype(float), weights.sum(1)),
        "brier": ratio(weights @ (s - y) ** 2, weights.sum(1)),
        "calibration_error": calibration_error(y, s, weights),
    }


def average_precision(labels: "Array", scores: "Array", weights: "Array") -> "Array":
    """Mean of the precision at each positive, ranked by score; equal scores share a rank."""
    return _by_rank(_average_precision, labels, scores, weights)


def roc_auc(labels: "Array", scores: "Array", weights: "Array") -> "Array":
    """Probability that a positive scores above a negative, ties counted half."""
    return _by_rank(_roc_auc, labels, scores, weights)


def calibration_error(labels: "Array", scores: "Array", weights: "Array") -> "Array":
    """Expected calibration error: mean gap between score and share of positives over `BINS` bins of equal width.

    Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning".
    """
    import numpy as np

    members = np.eye(BINS)[bin_of(scores)]
    gaps = np.abs(weights @ (members * (labels - scores)[:, None])).sum(1)
    return ratio(gaps, weights.sum(1))


def bin_of(scores: "Array") -> "NDArray[np.intp]":
    """The bin of each score, 0 to `BINS` - 1."""
    import numpy as np

    numbers: NDArray[np.intp] = np.minimum(np.asarray(scores, float) * BINS, BINS - 1).astype(
        np.intp
    )
    return numbers


def label_metrics(
    gold: Sequence[str], predicted: Sequence[str], weights: "Array"
) -> dict[str, "Array"]:
    """Accuracy, macro F1 over the labels that occur in ``gold``, and the F1 of each of them."""
    import numpy as np

    true, guess = np.asarray(gold), np.asarray(predicted)
    total = weights.sum(1)
    found = {"accuracy": ratio(weights @ (true == guess).astype(float), total)}
    each = {}
    for label in dict.fromkeys(gold):
        there, said = (true == label).astype(float), (guess == label).astype(float)
        each[f"f1_{label}"] = ratio(
            2 * (weights @ (there * said)), weights @ there + weights @ said
        )
    found["macro_f1"] = np.mean(list(each.values()), axis=0)
    return found | each


def ratio(over: "Array", under: "Array") -> "Array":
    """Quotients; nan where there is nothing to divide by."""
    import numpy as np

    quotients: Array = np.full(np.shape(under), np.nan)
    np.divide(over, under, out=quotients, where=under != 0)
    return quotients


def undefined(metrics: Mapping[str, Estimate]) -> list[str]:
    """Names of the metrics that have no value."""
    return [name for name, estimate in metrics.items() if estimate.value != estimate.value]


def in_chunks(compute: Callable[["Array"], "Array"], weights: "Array", width: int) -> "Array":
    """``compute`` over a few rows of ``weights`` at a time, where it makes rows of ``width`` cells of each."""
    import numpy as np

    step = max(1, _ROWS_AT_ONCE // max(1, width))
    parts = [compute(weights[i : i + step]) for i in range(0, len(weights), step)]
    joined: Array = np.concatenate(parts)
    return joined


def _by_rank(
    measure: Callable[["Array", "Array"], "Array"],
    labels: "Array",
    scores: "Array",
    weights: "Array",
) -> "Array":
    """Apply a measure of the positives and negatives at each distinct score, highest first."""
    import numpy as np

    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    starts = np.flatnonzero(np.diff(ranked, prepend=np.inf))

    def compute(rows: Any) -> Any:
        if not len(starts):
            return np.full(len(rows), np.nan)
        positive = np.add.reduceat(rows[:, order] * labels[order], starts, axis=1)
        negative = np.add.reduceat(rows[:, order] * (1 - labels[order]), starts, axis=1)
        return measure(positive, negative)

    return in_chunks(compute, weights, len(scores))


def _average_precision(positive: "Array", negative: "Array") -> "Array":
    found = positive.cumsum(1)
    seen = found + negative.cumsum(1)
    gained = (positive * found / seen.clip(min=1)).sum(1)  # nothing is gained where nothing is seen
    return ratio(gained, found[:, -1])


def _roc_auc(positive: "Array", negative: "Array") -> "Array":
    below = negative.sum(1, keepdims=True) - negative.cumsum(1)
    above = (positive * (below + 0.5 * negative)).sum(1)
    return ratio(above, positive.sum(1) * negative.sum(1))
