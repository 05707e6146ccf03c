"""Training: what a student learns from its teacher, and what a run keeps."""

import random
from dataclasses import replace

import pytest
import torch
from nli_data import LABELS, Pair, sibling_pairs
from train_nli import Encoded, asymmetry_of, keep_rows, loss_of, rate_at, read_rows

PAIRS = [
    Pair("The dam held.", "The dam broke.", "contradiction", "set"),
    Pair("The dam held.", "The “dam” was full.", "unlabelled", "found", automatic=True),
]
SAID = [(0.1, 0.2, 0.7), (0.25, 0.5, 0.25)]


def _encoded(permitted, taught=None):
    return Encoded([1], permitted, 0.0, False, "set", taught)


def test_a_student_that_says_what_its_teacher_says_loses_least():
    """The distilled part is the cross-entropy with the teacher, least at the teacher's own probabilities."""
    taught = (0.2, 0.5, 0.3)
    batch = [_encoded((0, 1, 0), taught)]
    same = torch.tensor([taught]).log()
    entropy = -sum(p * torch.tensor(p).log() for p in taught)
    alone = loss_of(same, batch, range(3), ignore_below=0.0, distilled=1.0)
    assert float(alone) == pytest.approx(float(entropy))
    for shift in ([1.0, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, -1.0]):
        other = loss_of(
            same + torch.tensor([shift]), batch, range(3), ignore_below=0.0, distilled=1.0
        )
        assert other > alone


def test_labels_and_teacher_share_the_loss():
    """The loss is the shares of both parts; without a teacher it is that of the labels."""
    logits = torch.tensor([[0.3, -0.2, 1.0]])
    batch = [_encoded((0, 0, 1), (0.2, 0.5, 0.3))]
    parts = [
        float(loss_of(logits, batch, range(3), ignore_below=0.0, distilled=share))
        for share in (0.0, 1.0, 0.25)
    ]
    assert parts[2] == pytest.approx(0.75 * parts[0] + 0.25 * parts[1])
    assert parts[0] == pytest.approx(float(-logits.log_softmax(-1)[0, 2]))


def test_a_pair_without_a_label_teaches_nothing_but_what_the_teacher_says():
    """All labels are permitted, so whatever the student says costs nothing, and the teacher decides alone."""
    logits = torch.randn(4, 3)
    loss = loss_of(logits, [_encoded((1, 1, 1))] * 4, range(3), ignore_below=0.0)
    assert float(loss) == pytest.approx(0.0, abs=1e-6)
    taught = [_encoded((1, 1, 1), (0.2, 0.5, 0.3))] * 4
    some, all_of_it = (
        float(loss_of(logits, taught, range(3), ignore_below=0.0, distilled=share))
        for share in (0.25, 1.0)
    )
    assert some == pytest.approx(all_of_it)


def test_a_teacher_is_asked_about_some_pairs_of_a_batch():
    """Pairs that the teacher was not asked about lose what their labels say, in the same batch."""
    logits = torch.randn(2, 3)
    rows = [_encoded((0, 0, 1)), _encoded((1, 0, 0), (0.1, 0.2, 0.7))]
    apart = [
        float(loss_of(logits[[i]], [row], range(3), ignore_below=0.0, distilled=0.6))
        for i, row in enumerate(rows)
    ]
    together = loss_of(logits, rows, range(3), ignore_below=0.0, distilled=0.6)
    assert float(together) == pytest.approx(sum(apart) / 2)
    assert apart[0] == pytest.approx(float(-logits.log_softmax(-1)[0, 2]))


def test_siblings_are_hypotheses_of_one_premise():
    """Both orders are possible, equal texts are no pair, and nothing crosses premises."""
    rows = [("p", "a"), ("p", "b"), ("p", "a"), ("q", "c")]
    pairs = [Pair(premise, hypothesis, "neutral", "set") for premise, hypothesis in rows]
    made = sibling_pairs(pairs, 10, rng=random.Random(1))
    assert {(p.premise, p.hypothesis, p.label) for p in made} == {
        ("a", "b", "unlabelled"),
        ("b", "a", "unlabelled"),
    }
    assert len(sibling_pairs(pairs, 1, rng=random.Random(1))) == 1


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_the_learning_rate_ends_where_the_recipe_says(share):
    """It rises to its highest, then falls in a straight line."""
    rates = [rate_at(step / 100, 0.1, share) for step in range(101)]
    assert max(rates) == pytest.approx(rates[10]) == pytest.approx(1.0)
    assert rates[100] == pytest.approx(share)
    assert rates[55] == pytest.approx((1 + share) / 2)


@pytest.mark.parametrize("said", [[None, None], [SAID[0], None], SAID])
def test_a_run_reads_back_its_pairs(tmp_path, said):
    """Pairs and what the teacher said of them come back in their order."""
    file = tmp_path / "pairs.jsonl"
    keep_rows(PAIRS, said, file)
    assert read_rows(file) == (PAIRS, said)
    assert len(LABELS) == 3


def test_a_pair_that_is_read_alike_both_ways_costs_nothing():
    """Only what contradicts more one way than the other is penalised, and only where both were read."""
    order = [2, 0, 1]
    batch = [_encoded((0, 0, 1)), replace(_encoded((0, 0, 1)), turned=[1])]
    logits = torch.randn(2, 3)
    assert float(asymmetry_of(logits, logits[[1]], batch, order)) == 0
    turned = logits[[1]] + torch.tensor([[0.0, 2.0, 0.0]])  # the column of contradiction
    one, other = (each.softmax(-1)[0, 1] for each in (logits[[1]], turned))
    apart = float(asymmetry_of(logits, turned, batch, order))
    assert apart == pytest.approx(float((one - other) ** 2) / 2)
    elsewhere = logits + torch.tensor([[5.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    assert float(asymmetry_of(elsewhere, turned, batch, order)) == pytest.approx(apart)
