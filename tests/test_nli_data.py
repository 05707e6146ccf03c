"""Training pairs: labels that follow from what is done to a pair."""

import gzip
import json
import random

import nli_data
import pytest
from hypothesis import given
from hypothesis import strategies as st

Pair = nli_data.Pair

PAIRS = [
    Pair("The bridge over the river was closed.", "The bridge was closed.", "entailment", "t"),
    Pair("The bridge over the river was closed.", "The road was wet.", "neutral", "t"),
    Pair("The bridge over the river was closed.", "The bridge was open.", "contradiction", "t"),
]
SENTENCES = [
    "The council voted for the new bridge on Monday.",
    "The council will pay for the bridge with a loan.",
    "Residents worry about noise near the river.",
    "The mayor opened the school in the spring.",
    "The bridge will have two lanes for bicycles.",
]


@pytest.fixture
def rng():
    return random.Random(1)


def test_an_unknown_label_is_refused_with_the_choices():
    with pytest.raises(ValueError, match="expected one of"):
        Pair("a", "b", "maybe", "t")


def test_sources_are_capped_and_long_rows_left_out(tmp_path, rng):
    rows = [{"premise": "p" * n, "hypothesis": "h", "label": "neutral"} for n in (5, 6, 7, 900)]
    with gzip.open(tmp_path / "one.jsonl.gz", "wt") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    assert len(nli_data.load_sources(tmp_path, {"one": 2}, rng=rng)) == 2
    every = nli_data.load_sources(tmp_path, {"one": 99}, rng=rng)
    assert sorted(len(p.premise) for p in every) == [5, 6, 7]
    assert {p.source for p in every} == {"one"}


def test_a_source_that_is_not_there_is_named(tmp_path, rng):
    with pytest.raises(FileNotFoundError, match="absent"):
        nli_data.load_sources(tmp_path, {"absent": 1}, rng=rng)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("contradiction", "contradiction"),
        ("entailment", "not_contradiction"),
        ("neutral", "not_contradiction"),
        ("not_contradiction", "not_contradiction"),
    ],
)
def test_only_contradiction_keeps_its_label_when_sides_are_swapped(label, expected):
    mirrored = nli_data.mirror(Pair("a", "b", label, "t"))
    assert (mirrored.premise, mirrored.hypothesis, mirrored.label) == ("b", "a", expected)


def test_a_pair_that_may_contradict_is_never_mirrored(rng):
    pair = Pair("a", "b", "not_entailment", "t")
    assert nli_data.mirror_some([pair], 1.0, rng=rng) == [pair]
    with pytest.raises(ValueError, match="no label"):
        nli_data.mirror(pair)


@given(st.text(), st.text())
def test_overlap_is_symmetric_and_within_bounds(one, two):
    a, b = nli_data.content_words(one), nli_data.content_words(two)
    assert nli_data.overlap(a, b) == nli_data.overlap(b, a)
    assert 0 <= nli_data.overlap(a, b) <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [("He denied it.", True), ("It isn't so.", True), ("It isn’t so.", True), ("It is.", False)],
)
def test_negation_cues_are_seen(text, expected):
    assert nli_data.has_negation(text) is expected


def test_article_pairs_are_neutral_and_of_two_different_sentences(rng):
    pairs = nli_data.article_pairs(SENTENCES, 6, rng=rng)
    assert len(pairs) == 6
    assert all(p.premise != p.hypothesis and p.label == "neutral" for p in pairs)
    assert all(p.automatic for p in pairs)


def test_alike_sentences_of_which_one_is_negated_are_left_out(rng):
    opposed = [
        "The council approved the bridge plan.",
        "The council never approved the bridge plan.",
    ]
    assert nli_data.article_pairs(opposed, 4, rng=rng) == []


@pytest.mark.parametrize(
    ("clause", "opposite"),
    [
        ("The bridge is open", "The bridge is not open"),
        ("The bridge is not open", "The bridge is open"),
        ("She has been there", "She has not been there"),
        ("She has a car", None),
        ("Nobody was there", None),
    ],
)
def test_negation_adds_or_takes_away_a_not(clause, opposite):
    assert nli_data.negate(clause) == opposite


def article(text, *contents):
    spans = [{"content": [[text.index(c), text.index(c) + len(c)]]} for c in contents]
    return {"text": text, "attributions": [*spans, {"content": []}]}


def test_news_pairs_contradict_with_the_negated_clause_only(rng):
    sentences = ["The mayor said that the bridge is open to all.", *SENTENCES]
    row = article(" ".join(sentences), "that the bridge is open to all")
    labels = {p.label: p for p in nli_data.news_pairs(row, sentences, 3, rng=rng)}
    assert labels["entailment"].hypothesis == "The bridge is open to all"
    assert labels["contradiction"].hypothesis == "The bridge is not open to all"
    assert labels["neutral"].premise in SENTENCES


def test_a_content_that_is_no_clause_is_not_reported():
    text = "The mayor's answer to the council angered many residents."
    assert (
        nli_data.reported_clauses(article(text, "The mayor's answer to the council"), [text]) == []
    )


def test_excluded_articles_are_not_trained_on(tmp_path, rng, monkeypatch):
    monkeypatch.setattr(nli_data, "sentence_splitter", lambda: str.splitlines)
    rows = [article("\n".join(SENTENCES)), article("Other start.\n" + "\n".join(SENTENCES))]
    with gzip.open(tmp_path / "train.jsonl.gz", "wt") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    options = {"news": 2, "rng": rng}
    both, _ = nli_data.load_articles(tmp_path, 4, excluded=[], **options)
    one, _ = nli_data.load_articles(tmp_path, 4, excluded=[rows[0]["text"]], **options)
    assert 0 < len(one) < len(both)


def test_crossed_claims_pair_a_claim_with_evidence_for_another(rng):
    rows = [
        Pair("It opened in 1901.", "Kings Bridge opened early.", "entailment", "f"),
        Pair("Steel parts came from Leeds.", "Kings Bridge has steel parts.", "entailment", "f"),
    ]
    for pair in nli_data.crossed_claims(rows, 5, rng=rng):
        assert pair.label == "neutral"
        assert (pair.premise, pair.hypothesis) not in {(r.premise, r.hypothesis) for r in rows}


@pytest.mark.parametrize(
    ("label", "stance", "expected"),
    [
        ("entailment", "assert", "entailment"),
        ("contradiction", "assert", "contradiction"),
        ("entailment", "deny", "contradiction"),
        ("contradiction", "deny", "not_contradiction"),
        ("neutral", "deny", "neutral"),
        ("entailment", "nondeny", "neutral"),
        ("contradiction", "question", "neutral"),
    ],
)
def test_the_label_follows_from_the_stance(label, stance, expected):
    assert nli_data.stance_label(label, stance) == expected


@pytest.mark.parametrize("held_out", [False, True], ids=["seen", "held-out"])
@pytest.mark.parametrize("stance", nli_data.WRAPPERS)
def test_wrapping_keeps_the_clause_and_fills_the_template(stance, held_out, rng):
    for _ in range(30):
        text = nli_data.wrap("The bridge was closed.", stance, rng=rng, held_out=held_out)
        assert "he bridge was closed" in text
        assert "{" not in text


def test_no_held_out_template_is_trained_on():
    for seen, held_out in nli_data.WRAPPERS.values():
        assert not set(seen) & set(held_out)


def test_stance_pairs_need_all_three_labels(rng):
    with pytest.raises(ValueError, match="three labels"):
        nli_data.wrap_stance(PAIRS[:2], 5, rng=rng)


def test_a_denial_alone_does_not_decide_the_label(rng):
    made = [p for p in nli_data.wrap_stance(PAIRS, 400, rng=rng) if p.source == "stance_deny"]
    share = sum(p.label == "contradiction" for p in made) / len(made)
    assert 0.35 < share < 0.65


def test_the_same_seed_makes_the_same_pairs():
    one, two = (nli_data.wrap_stance(PAIRS, 50, rng=random.Random(3)) for _ in range(2))
    assert one == two
