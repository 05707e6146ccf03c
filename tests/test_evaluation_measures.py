"""Decisions on documents: what counts as found, and what an average precision over conflicts is."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contradict.evaluation.gold import GoldInference, GoldPassages
from contradict.evaluation.measures import (
    Cluster,
    clusters_of,
    decide_documents,
    decide_inferences,
    draw,
    measure,
)
from contradict.evaluation.systems import Found
from contradict.metrics import cluster_weights
from contradict.records import Probabilities


def row(document, a, b, kind="contradiction", conflict="1", sure=True):
    return GoldPassages(document, a, b, kind, conflict, sure)


def found(document, left, right, score, flagged=True):
    return Found(f"{document}{left}{right}", document, left, right, score, flagged)


GOLD = [
    row("x", (0, 10), (20, 30)),
    row("x", (0, 10), (50, 60)),  # the same conflict, shown by another passage
    row("x", (70, 80), (90, 100), conflict="2"),
    row("x", (0, 10), (90, 100), kind="none", conflict=""),
    row("x", (110, 120), (130, 140), conflict="3", sure=False),
    row("y", (0, 10), (20, 30), kind="denial"),
    row("z", (0, 10), (20, 30), kind="none", conflict=""),
]


def test_a_conflict_counts_once_however_often_it_is_shown():
    """Recall is of distinct conflicts, precision of findings, and only half of a passage need be met."""
    decisions, clusters = decide_documents(
        GOLD,
        [
            found("x", (20, 30), (0, 5), 0.9),  # the other way round, half of a passage
            found("x", (0, 10), (50, 60), 0.8),  # the same conflict again
            found("x", (0, 10), (90, 100), 0.7),  # a hard negative
            found("x", (110, 120), (130, 140), 0.6),  # not sure: neither right nor wrong
            found("y", (0, 4), (25, 40), 0.5, flagged=False),  # half of the shorter suffices
            found("x", (0, 10), (66, 80), 0.4),
            found("elsewhere", (0, 10), (20, 30), 0.3),  # no gold for it
        ],
    )
    assert [decision.score for decision in decisions] == [0.9, 0.8, 0.7, 0.5, 0.4]
    assert clusters == [Cluster("x", 2, 1), Cluster("y", 1, 0), Cluster("z", 0, 1)]
    values = {name: e.value for name, e in measure("documents", decisions, clusters).items()}
    assert values == pytest.approx(
        {
            "average_precision": (1 / 1 + 3 / 4) / 3,
            "pairing_recall": 2 / 3,
            "precision": 2 / 4,
            "recall": 1 / 3,
            "f1": 2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3),
            "hard_negatives_flagged": 1 / 2,
            "found_in_first": 1.0,
        }
    )


def test_shifted_offsets_are_not_found():
    """Half a passage off is one thing, a whole one another."""
    for shift, right in ((0, True), (5, True), (6, False), (40, False)):
        decisions, _ = decide_documents(
            GOLD[5:6], [found("y", (shift, 10 + shift), (20 + shift, 30 + shift), 0.5)]
        )
        assert (decisions[0].gold == "conflict") == right


def slow_average_precision(decisions, wanted):
    """The definition: at each conflict when first shown, the share of right findings down to there."""
    known, total = set(), 0.0
    for rank, decision in enumerate(decisions, 1):
        for conflict in decision.conflicts:
            if (decision.group, conflict) not in known:
                known.add((decision.group, conflict))
                right = sum(bool(d.conflicts) for d in decisions[:rank])
                total += right / rank
    return total / wanted if wanted else math.nan


spans = st.tuples(st.integers(0, 9), st.integers(1, 4)).map(lambda p: (5 * p[0], 5 * (p[0] + p[1])))
rows = st.builds(
    row,
    st.sampled_from("xyz"),
    spans,
    spans,
    st.sampled_from(["denial", "none"]),
    st.sampled_from("123"),
    st.booleans(),
)
findings = st.builds(
    found, st.sampled_from("xyz"), spans, spans, st.sampled_from([0.1, 0.5, 0.9]), st.booleans()
)


@given(st.lists(rows, min_size=1, max_size=8), st.lists(findings, max_size=12))
def test_metrics_of_documents_follow_their_definitions(gold, some):
    """Average precision is that of the definition; a share is between 0 and 1 or undefined."""
    decisions, clusters = decide_documents(gold, some)
    wanted = sum(cluster.conflicts for cluster in clusters)
    drawn = draw("documents", decisions, clusters, cluster_weights(len(clusters), draws=3))
    assert drawn["average_precision"][0] == pytest.approx(
        slow_average_precision(decisions, wanted), nan_ok=True
    )
    for values in drawn.values():
        assert all(math.isnan(value) or 0 <= value <= 1 for value in values)
    assert math.isnan(drawn["recall"][0]) == (wanted == 0)


@given(
    st.lists(rows, min_size=1, max_size=6),
    st.lists(findings, max_size=8, unique_by=lambda item: item.score),
    st.integers(2, 4),
)
def test_a_document_drawn_twice_counts_like_two_documents(gold, some, times):
    """But for average precision, where copies share ranks, a draw equals gold that has the document that often."""
    decisions, clusters = decide_documents(gold, some)
    weights = np.array([[times, *[1] * (len(clusters) - 1)]], float)
    first = clusters[0].name
    copies = [""] + [f" {number}" for number in range(1, times)]
    more_gold = [
        GoldPassages(r.document + copy, r.a, r.b, r.kind, r.conflict_id, r.sure)
        for r in gold
        for copy in (copies if r.document == first else [""])
    ]
    more = [
        found(f.document + copy, f.left, f.right, f.score, f.flagged)
        for f in some
        for copy in (copies if f.document == first else [""])
    ]
    expected = draw(
        "documents", *decide_documents(more_gold, more), np.ones((1, len(clusters) + times - 1))
    )
    actual = draw("documents", decisions, clusters, weights)
    for name in expected.keys() - {"average_precision"}:
        assert actual[name] == pytest.approx(expected[name], nan_ok=True)


@pytest.mark.parametrize(
    ("labels", "decided"),
    [
        (("entailment", "neutral", "contradiction"), "neutral"),
        (("entailment", "contradiction"), "contradiction"),
        (("entailment", "not_entailment"), "not_entailment"),
        (("not_contradiction", "contradiction"), "not_contradiction"),
    ],
)
def test_only_labels_of_the_set_are_decided_on(labels, decided):
    """In a two-way set, the model's other labels are added up or left out, as the set means it."""
    gold = [GoldInference(str(n), "p", "h", label, None, "p") for n, label in enumerate(labels)]
    decisions = decide_inferences(gold, [Probabilities(0.1, 0.5, 0.4)] * len(gold))
    assert {decision.decided for decision in decisions} == {decided}
    metrics = measure("nli", decisions, clusters_of(decisions))
    assert metrics["accuracy"].value == pytest.approx(1 / len(labels))
