"""Metrics agree with scikit-learn's, and where that has none with a slow computation of their own."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from contradict.metrics import (
    BINS,
    DRAWS,
    Estimate,
    binary_metrics,
    calibration_error,
    cluster_weights,
    label_metrics,
    two_sided_p,
)

LABELS = ("entailment", "neutral", "contradiction")
decided = st.lists(
    st.tuples(
        st.booleans(),
        st.sampled_from(
            [0.0, 0.05, 0.1, 0.25, 0.3, 0.5, 0.7, 0.95, 1.0]
        ),  # few, so that ties occur
        st.booleans(),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=40,
)


def expected_binary(labels, scores, flagged, weights):
    """What scikit-learn says, nan where it has to make something up."""
    both = len({label for label, weight in zip(labels, weights, strict=True) if weight}) == 2
    positives = sum(w for label, w in zip(labels, weights, strict=True) if label)
    total, nan = sum(weights), math.nan
    given = {"sample_weight": weights}
    if not total:
        return dict.fromkeys(binary_metrics([], [], [], np.ones((1, 0))), nan)
    return {
        "average_precision": sk.average_precision_score(labels, scores, **given)
        if positives
        else nan,
        "roc_auc": sk.roc_auc_score(labels, scores, **given) if both else nan,
        "precision": sk.precision_score(labels, flagged, zero_division=nan, **given),
        "recall": sk.recall_score(labels, flagged, zero_division=nan, **given),
        "f1": sk.f1_score(labels, flagged, zero_division=nan, **given),
        "accuracy": sk.accuracy_score(labels, flagged, **given),
        "brier": float(np.average((np.array(scores) - labels) ** 2, weights=weights)),
        "calibration_error": slow_calibration_error(labels, scores, weights),
    }


def slow_calibration_error(labels, scores, weights):
    gaps = 0.0
    for number in range(BINS):
        rows = [
            (label, score, weight)
            for label, score, weight in zip(labels, scores, weights, strict=True)
            if number <= score * BINS < number + 1 or (number == BINS - 1 and score == 1)
        ]
        size = sum(weight for *_, weight in rows)
        if size:
            share = sum(label * weight for label, _, weight in rows) / size
            mean = sum(score * weight for _, score, weight in rows) / size
            gaps += size * abs(share - mean)
    return gaps / sum(weights)


@given(decided)
def test_binary_metrics_are_those_of_scikit_learn(rows):
    """Unweighted, which is the value, and weighted, which is a bootstrap draw."""
    labels, scores, flagged, weights = (list(column) for column in zip(*rows, strict=True))
    found = binary_metrics(labels, scores, flagged, np.array([[1] * len(rows), weights], float))
    for draw, given_weights in enumerate(([1] * len(rows), weights)):
        expected = expected_binary(labels, scores, flagged, given_weights)
        actual = {name: values[draw] for name, values in found.items()}
        assert actual == pytest.approx(expected, nan_ok=True)


@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1))
def test_label_metrics_are_those_of_scikit_learn(rows):
    """Accuracy, F1 of each label that occurs, and their mean."""
    gold, guessed = (list(column) for column in zip(*rows, strict=True))
    present = list(dict.fromkeys(gold))
    each = sk.f1_score(gold, guessed, labels=present, average=None, zero_division=0)
    expected = {f"f1_{label}": f1 for label, f1 in zip(present, each, strict=True)}
    expected |= {"accuracy": sk.accuracy_score(gold, guessed), "macro_f1": each.mean()}
    found = label_metrics(gold, guessed, np.ones((1, len(rows))))
    assert {name: values[0] for name, values in found.items()} == pytest.approx(expected)


def test_perfectly_calibrated_scores_have_no_calibration_error():
    """Of ten pairs scored 0.3, three are conflicts; and the worst there is scores 1."""
    labels = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0], float)
    weights = np.ones((1, 10))
    assert calibration_error(labels, np.full(10, 0.3), weights)[0] == pytest.approx(0)
    assert calibration_error(labels, 1 - labels, weights)[0] == pytest.approx(1)


def test_nothing_is_undefined_and_never_zero():
    """Precision without a flag, AUC of one label and anything of no rows are nan."""
    one = np.ones((1, 2))
    found = binary_metrics([True, True], [0.1, 0.2], [False, False], one)
    assert math.isnan(found["precision"][0])
    assert math.isnan(found["roc_auc"][0])
    assert found["recall"][0] == 0
    none = binary_metrics([], [], [], np.ones((1, 0)))
    assert all(math.isnan(values[0]) for values in none.values())
    estimate = Estimate.of(np.full(DRAWS + 1, np.nan))
    assert all(math.isnan(value) for value in (estimate.value, estimate.low, estimate.high))


def test_bootstrap_draws_whole_clusters():
    """Each draw has as many clusters as there are; copies of rows in a cluster do not narrow the interval."""
    weights = cluster_weights(20)
    assert weights.shape == (DRAWS + 1, 20)
    assert (weights[0] == 1).all()
    assert (weights.sum(1) == 20).all()

    labels = [True, False] * 10
    widths = []
    for copies in (1, 30):
        groups = [number for number in range(20) for _ in range(copies)]
        flagged = [True for _ in groups]
        drawn = binary_metrics(
            [labels[g] for g in groups], [0.5] * len(groups), flagged, weights[:, groups]
        )
        accuracy = Estimate.of(drawn["accuracy"])
        widths.append(accuracy.high - accuracy.low)
        assert accuracy.low < accuracy.value == 0.5 < accuracy.high
    assert widths[0] == pytest.approx(widths[1])


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    """Of 200 samples of 80 clusters, some 95 % of the intervals of a share hold the share of the population."""
    rng = np.random.default_rng(5)
    weights = cluster_weights(80, draws=300)
    held = 0
    for _ in range(200):
        right = (rng.random(80) < 0.7).astype(float)
        estimate = Estimate.of(weights @ right / 80)
        held += estimate.low <= 0.7 <= estimate.high
    assert 180 <= held <= 200


def test_p_is_small_for_what_is_always_better_and_large_for_chance():
    """No draw on the other side gives the least p there is; the same run against itself gives 1."""
    assert two_sided_p(np.full(DRAWS + 1, 0.2)) == pytest.approx(2 / (DRAWS + 1))
    assert two_sided_p(np.zeros(DRAWS + 1)) == 1
    assert two_sided_p(np.r_[0.01, np.random.default_rng(1).normal(0, 1, DRAWS)]) > 0.3
    assert math.isnan(two_sided_p(np.full(DRAWS + 1, np.nan)))
