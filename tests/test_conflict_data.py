"""Training pairs from hand-labelled conflicts carry the label that follows from the stances."""

import gzip
import json
import random

import conflict_data
import pytest

TEXT = (
    "Russia bombed the hospital in Homs, doctors said. Moscow denied bombing the hospital in Homs.\n\n"
    "Prices rose sharply in May, the bank said. Prices fell sharply in May, the ministry said.\n"
)


def passage(a, b, kind, **more):
    row = {"article": "x", "kind": kind, "conflict_id": "1" if kind != "none" else None}
    for side, words in (("a", a), ("b", b)):
        row[f"{side}_start"] = TEXT.index(words)
        row[f"{side}_end"] = TEXT.index(words) + len(words)
    return row | more


@pytest.fixture
def data(tmp_path):
    with gzip.open(tmp_path / "train.jsonl.gz", "wt", encoding="utf8") as stream:
        stream.write(json.dumps({"article": "x", "text": TEXT}) + "\n")
    return tmp_path


def made(data, rows, unrelated=100):
    file = data / "gold.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return conflict_data.article_pairs(file, data, unrelated=unrelated, rng=random.Random(1))


def labels(pairs, source):
    return {pair.label for pair in pairs if pair.source == source}


def test_a_denied_claim_is_entailed_and_opposite_claims_contradict(data):
    """What doctors assert entails what Moscow denies; two opposite assertions contradict, both ways."""
    pairs = made(
        data,
        [
            passage("Russia bombed the hospital in Homs", "bombing the hospital in Homs", "denial"),
            passage("Prices rose sharply in May", "Prices fell sharply in May", "contradiction"),
        ],
    )
    denials = [p for p in pairs if p.source == "article_denials"]
    [denied] = [p for p in denials if p.label == "entailment"]
    assert denied.premise.startswith("Russia bombed")
    assert {p.label for p in denials if "Prices" in p.premise} == {"not_entailment"}
    contradictions = [p for p in pairs if p.label == "contradiction"]
    assert {(p.hypothesis, p.premise) for p in contradictions} == {
        (p.premise, p.hypothesis) for p in contradictions
    }
    assert {"article_statements", "article_passages"} <= {p.source for p in contradictions}


def test_hard_negatives_do_not_contradict_and_unsure_rows_teach_nothing(data):
    """A hard negative is anything but a contradiction; what the labeller was not sure of is left out."""
    hard = passage("Prices rose sharply in May", "Prices fell sharply in May", "none")
    assert labels(made(data, [hard], unrelated=0), "article_statements") == {"not_contradiction"}
    unsure = passage(
        "Prices rose sharply in May", "Prices fell sharply in May", "contradiction", sure=False
    )
    assert not [p for p in made(data, [unsure]) if "fell" in p.premise and "rose" in p.hypothesis]


def test_of_an_invented_article_every_conflict_is_known(tmp_path):
    """Marked sentences carry their labels, as passages and as statements; all others do not contradict."""
    file = tmp_path / "articles.jsonl"
    sentences = [
        "Prices rose sharply in May, the bank said.",
        "Moscow bombed the hospital in Homs, doctors said.",
        "Prices fell sharply in May, the ministry said.",
        "Prices rose sharply in June, the bank said.",
    ]
    row = {"name": "x", "sentences": sentences}
    row["pairs"] = [[0, 2, "contradiction"], [2, 3, "none"]]
    file.write_text(json.dumps(row) + "\n", "utf-8")
    pairs = conflict_data.invented_pairs(file, unrelated=100, rng=random.Random(1))
    label = {(pair.premise, pair.hypothesis): pair.label for pair in pairs}
    assert label[sentences[0], sentences[2]] == label[sentences[2], sentences[0]] == "contradiction"
    assert label[sentences[2], sentences[3]] == "not_contradiction"
    assert label["Prices rose sharply in May.", "Prices fell sharply in May."] == "contradiction"
    others = {way for way in label if "May" in way[0] and "June" in way[1]}
    assert others
    assert {label[way] for way in others} == {"not_contradiction"}
    assert {pair.source for pair in pairs} == {"invented_statements", "invented_passages"}


def test_an_article_that_is_not_there_is_named(data):
    """Gold for an article that the data lack ends the run."""
    row = passage("Prices rose", "Prices fell", "none", article="missing")
    with pytest.raises(SystemExit, match="missing"):
        made(data, [row])


def test_given_pairs_stand_in_both_directions(tmp_path):
    """Conflict is symmetric."""
    file = tmp_path / "pairs.jsonl"
    file.write_text(json.dumps({"a": "X.", "b": "Y.", "label": "conflict"}) + "\n")
    assert [(p.premise, p.hypothesis, p.label) for p in conflict_data.given_pairs(file)] == [
        ("X.", "Y.", "contradiction"),
        ("Y.", "X.", "contradiction"),
    ]


def test_given_pairs_are_also_read_without_their_attribution(tmp_path):
    """Texts of one statement each also come as propositions: a denial's as what the other side entails."""
    file = tmp_path / "pairs.jsonl"
    rows = [
        {"a": "Ann stole the car, Bob said.", "b": "Ann denies that she stole the car."},
        {"a": "The car is red.", "b": "The car is blue."},
    ]
    file.write_text("".join(json.dumps(row | {"label": "conflict"}) + "\n" for row in rows))
    pairs = conflict_data.given_pairs(file)
    assert labels(pairs, "given_pairs") == {"contradiction"}
    [statement] = [pair for pair in pairs if pair.source == "given_statements"]
    assert (statement.premise, statement.hypothesis, statement.label) == (
        "Ann stole the car.",
        "Ann stole the car.",
        "entailment",
    )


def test_judged_pairs_come_as_propositions_and_as_sentences(data):
    """What a reader has judged teaches both ways; what nobody has judged is not there."""
    file = data / "judged.jsonl"
    rows = [
        passage("Prices rose sharply in May", "Prices fell sharply in May", "contradiction"),
        passage("Russia bombed the hospital in Homs", "Prices rose sharply in May", "none"),
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    pairs = conflict_data.judged_pairs(file, data)
    label = {(pair.premise, pair.hypothesis): pair.label for pair in pairs}
    assert label["Prices rose sharply in May.", "Prices fell sharply in May."] == "contradiction"
    said = (
        "Prices rose sharply in May, the bank said.",
        "Prices fell sharply in May, the ministry said.",
    )
    assert label[said] == label[said[::-1]] == "contradiction"
    assert not any("Moscow" in premise for premise, _ in label)
    assert all(label[b, a] == each for (a, b), each in label.items())


def test_what_was_judged_is_not_taken_for_unrelated(data):
    """Two statements that a reader has judged are no sample of those that show no conflict."""
    marked, judged = data / "marked.jsonl", data / "judged.jsonl"
    rows = [passage("Russia bombed the hospital in Homs", "bombing the hospital in Homs", "denial")]
    marked.write_text(json.dumps(rows[0]) + "\n", "utf-8")

    every = passage("Prices rose sharply in May", "Prices fell sharply in May", "contradiction")
    judged.write_text(json.dumps(every) + "\n", "utf-8")

    def statements(judged):
        pairs = conflict_data.article_pairs(
            marked, data, unrelated=100, rng=random.Random(1), judged=judged
        )
        return {(p.premise, p.hypothesis) for p in pairs if p.source == "article_statements"}

    prices = ("Prices rose sharply in May.", "Prices fell sharply in May.")
    assert prices in statements(None)
    assert prices not in statements(judged)
