"""Training: what a student learns from its teacher, and what a run keeps."""

import pytest
import torch
from nli_data import LABELS, Pair
from train_nli import Encoded, keep_rows, loss_of, read_rows

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
    """All labels are permitted, so whatever the student says costs nothing."""
    logits = torch.randn(4, 3)
    loss = loss_of(logits, [_encoded((1, 1, 1))] * 4, range(3), ignore_below=0.0)
    assert float(loss) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("said", [[], SAID], ids=["no teacher", "teacher"])
def test_a_run_reads_back_its_pairs(tmp_path, said):
    """Pairs and what the teacher said of them come back in their order."""
    file = tmp_path / "pairs.jsonl"
    keep_rows(PAIRS, said, file)
    assert read_rows(file) == (PAIRS, said)
    assert len(LABELS) == 3
