"""The scorer of hand-labelled statements, and the labels."""

import json
import math
from pathlib import Path

import evaluate_statements as evaluate
import pytest

from contradict.records import STANCES, Speaker, Statement

ROOT = Path(__file__).parents[1]
PASSAGES = evaluate.read_passages(evaluate.SEEDS)
LABELS = [label for _, labels in PASSAGES for label in labels]


def found(start, end, *, speaker=None, stance="asserts", proposition="The road was closed."):
    who = Speaker(speaker, 0, len(speaker), speaker) if speaker else None
    return Statement("a", start, end, "x" * (end - start), proposition, who, None, stance)


def label(start, end, *, speaker=None, stance="asserts"):
    return evaluate.Label("a", start, end, speaker, stance, "The road was closed.")


def test_labels_stand_in_their_passages():
    """Each labelled text is where it is said to be, with one of the five stances, each of them in both splits."""
    assert len(LABELS) >= 300
    for passage, labels in PASSAGES:
        for item in labels:
            assert passage[item.start : item.end].strip(" ,.") == passage[item.start : item.end]
            assert item.proposition[-1] in ".?!"
    for split in ("train", "test"):
        stances = [
            item.stance for _, ls in evaluate.read_passages(evaluate.SEEDS, split) for item in ls
        ]
        assert min(map(stances.count, STANCES)) >= 15
        assert set(stances) == set(STANCES)


def test_mentions_name_somebody_or_nobody():
    """Every mention has an article, a span and a name or null."""
    lines = (ROOT / "seeds" / "mentions.jsonl").read_text("utf8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert len(rows) >= 200
    assert all(row["start"] < row["end"] and row["name"] != "" for row in rows)
    assert len({(row["article"], row["start"]) for row in rows}) == len(rows)


def test_statements_are_matched_one_to_one():
    """The nearest overlap wins, a second label with the same words needs a statement of its own."""
    labels = [label(0, 10), label(0, 10, speaker="Ann"), label(50, 60)]
    statements = [found(0, 10, speaker="Ann Smith"), found(0, 12)]
    partners = [m.found for m in evaluate.match(labels, statements)]
    assert partners == [statements[1], statements[0], None]


def test_what_is_missed_is_wrong():
    """A missed statement counts against accuracy and recall; a stance that nothing has is nan."""
    matches = [
        evaluate.Match(label(0, 10, stance="denies"), found(0, 10, stance="denies")),
        evaluate.Match(label(20, 30, stance="denies"), None),
        evaluate.Match(label(40, 50), found(40, 50)),
        evaluate.Match(label(60, 70), found(60, 70, stance="denies")),
    ]
    result = evaluate.scores(matches)
    assert result["found"] == 3 / 4
    assert result["stance_accuracy"] == 2 / 4
    assert result["stance_accuracy_found"] == 2 / 3
    denies = result["stances"]["denies"]
    assert (denies["precision"], denies["recall"]) == (1 / 2, 1 / 2)
    assert math.isnan(result["stances"]["reports"]["recall"])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (None, None, True),
        ("Ann Smith", None, False),
        ("the minister", "minister", True),
        ("Sergei Lavrov", "Lavrov", True),
        ("Bill Clinton", "Hillary Clinton", False),
    ],
)
def test_names_are_compared_by_their_words(one, other, same):
    """A name is the same with or without article and given name, not with another given name."""
    assert evaluate.same_speaker(one, other) is same


def test_agreement_of_a_labelling_with_itself_is_perfect():
    """Kappa and agreement are 1."""
    result = evaluate.agreement(LABELS, LABELS)
    assert result["stance_kappa"] == result["stance_agreement"] == 1
    assert result["speaker_agreement"] == 1


def test_the_splitter_does_not_fall_behind(language):
    """On the labelled statements of the test and the hard part the figures stay where the README has them."""
    from contradict.records import Document
    from contradict.statements import split_document

    found, right, denied = [], [], []
    for part in ("test", "hard"):
        matches = []
        for passage, labels in evaluate.read_passages(evaluate.SEEDS, part):
            statements = split_document(language.parse(Document("a", passage)))
            matches += evaluate.match(labels, statements)
        result = evaluate.scores(matches)
        denies = result["stances"]["denies"]
        found.append(f"{result['found']:.0%}")
        right.append(f"{result['stance_accuracy_found']:.0%}")
        denied.append(f"{denies['precision']:.0%}, {denies['recall']:.0%}")
    readme = (ROOT / "README.md").read_text("utf8")
    for row in (
        f"| labelled statements found: test part; hard part | {'; '.join(found)} |",
        f"| stance right, of those found | {'; '.join(right)} |",
        f"| denials: precision, recall | {'; '.join(denied)} |",
    ):
        assert row.replace("%", " %") in readme
