"""A pair is read as far as its chance of a conflict asks for, and no way twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contradict.conflict import load_calibration
from contradict.reading import (
    ask,
    both_ways,
    direction,
    read_found,
    read_given,
    sentence_pair,
    text_pair,
)
from contradict.records import Nli, Pair, Probabilities, Speaker, Statement

CALM = Probabilities(0.01, 0.98, 0.01)
CLASH = Probabilities(0.01, 0.01, 0.98)


class Saying:
    """A scorer that says of every way what it is told to, and keeps what it was asked."""

    truncated = 0
    warnings = ()

    def __init__(self, name, said):
        self.name, self.said, self.asked = name, said, []

    def score(self, ways, *, progress=None):
        self.asked += ways
        return [self.said.get(way, CALM) for way in ways]


def statement(text, stance="asserts", start=0):
    speaker = Speaker("Ann", 0, 3, "Ann")
    return Statement("a", start, start + len(text), text, text, speaker=speaker, stance=stance)


def pair_of(one, other, stance="asserts"):
    return Pair(statement(one, stance), statement(other, start=100), 0.5)


TOWN = pair_of("The army bombed the town.", "The army did not bomb the town.")
ROOF = pair_of("The roof is red.", "A boat was sold in May.")
SENTENCES = {
    side.id: f"Ann said: {side.text}" for pair in (TOWN, ROOF) for side in (pair.left, pair.right)
}


def read(pairs, scorer, first, threshold=0.3):
    return read_found(
        pairs, SENTENCES, scorer, first, calibration=load_calibration(), threshold=threshold
    )


def everything_about(pair):
    return {direction(pair), direction(pair, sentence_pair(pair, SENTENCES))}


def test_of_what_is_likely_the_sentences_are_read_too():
    """One reading rules a pair out; two decide one that the first makes likely."""
    scorer = Saying("model", dict.fromkeys(everything_about(TOWN), CLASH))
    town, roof = read([TOWN, ROOF], scorer, scorer)
    assert set(scorer.asked) == everything_about(TOWN) | {direction(ROOF)}
    assert len(scorer.asked) == 3
    assert town.nli == town.texts_nli == Nli.once(CLASH)
    assert (roof.nli, roof.texts_nli) == (Nli.once(CALM), None)


def test_what_the_sentences_say_counts():
    """Sentences that calm make a conflict less likely than sentences that clash."""
    around = direction(TOWN, sentence_pair(TOWN, SENTENCES))
    [clash] = read(
        [TOWN], scorer := Saying("model", dict.fromkeys(everything_about(TOWN), CLASH)), scorer
    )
    [calm] = read([TOWN], scorer := Saying("model", {direction(TOWN): CLASH}), scorer)
    assert scorer.asked == [direction(TOWN), around]
    assert calm.texts_nli == Nli.once(CALM)
    folds = load_calibration()
    assert calm.probability(folds) < clash.probability(folds)


def test_a_low_threshold_reads_further():
    """A threshold below what usually ends the reading moves that down with it."""
    scorer = Saying("model", {})
    read([TOWN, ROOF], scorer, scorer, threshold=0.0)
    assert set(scorer.asked) == everything_about(TOWN) | everything_about(ROOF)


def test_the_first_look_of_another_model_counts_only_where_it_ends_the_reading():
    """What another model said first is not taken for what the model says."""
    first = Saying("first", {direction(TOWN): CLASH})
    scorer = Saying("model", dict.fromkeys(everything_about(TOWN), CLASH))
    town, roof = read([TOWN, ROOF], scorer, first)
    assert first.asked == [direction(TOWN), direction(ROOF)]
    assert set(scorer.asked) == everything_about(TOWN)
    assert (town.model, roof.model) == ("model", "first")


TEXTS = text_pair("The army bombed the town.", "Ann said it did not. The roof is red.")


def compare(groups, scorer, threshold=0.5, texts=TEXTS):
    return texts, read_given(
        [(texts, group) for group in groups],
        scorer,
        calibration=load_calibration(),
        threshold=threshold,
    )


def test_likely_texts_that_are_given_are_read_in_both_directions_their_statements_in_one():
    """Of the statements those count that conflict most; where they are the whole texts, they are read as these are."""
    ahead, _ = both_ways(TEXTS)
    scorer = Saying("model", dict.fromkeys([*both_ways(TOWN), ahead], CLASH))
    texts, [reading] = compare([[ROOF, TOWN]], scorer)
    assert reading.pair == TOWN
    assert (reading.nli, reading.texts_nli) == (Nli.once(CLASH), Nli(CLASH, CALM))
    assert set(scorer.asked) == {direction(TOWN), direction(ROOF), *both_ways(texts)}
    assert len(scorer.asked) == 4
    scorer = Saying("model", dict.fromkeys(both_ways(TOWN), CLASH))
    _, [reading] = compare([[TOWN]], scorer, texts=TOWN)
    assert reading.nli == reading.texts_nli == Nli(CLASH, CLASH)


def test_given_texts_without_a_chance_are_read_once():
    """A low threshold reads further; stances that cannot collide never do."""
    texts, [reading] = compare([[ROOF]], scorer := Saying("model", {}))
    assert (reading.nli, reading.texts_nli) == (Nli.once(CALM), Nli.once(CALM))
    assert scorer.asked == [direction(ROOF), direction(ROOF, texts)]
    _, [reading] = compare([[ROOF]], Saying("model", {}), threshold=1e-6)
    assert reading.texts_nli == Nli(CALM, CALM)
    asked = pair_of("Did the army bomb the town?", "The army did.", "questions")
    ways = dict.fromkeys(both_ways(asked), CLASH)
    _, [reading] = compare([[asked]], Saying("model", ways))
    assert reading.nli == Nli.once(CLASH)


@pytest.mark.parametrize("stance", ["asserts", "denies"])
def test_of_a_denial_the_claim_is_the_premise(stance):
    """What somebody says is held against what the other one denies; else left against right."""
    pair = pair_of("He paid.", "He paid the bill.", stance)
    ahead, back = both_ways(pair)
    assert direction(pair) == (back if stance == "denies" else ahead)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc"))), st.booleans())
def test_no_way_is_asked_twice(ways, some_known):
    """Each way is read once, and what is known not at all."""
    known = dict.fromkeys(ways[:2], CLASH) if some_known else None
    scorer = Saying("model", {})
    said = ask(scorer, ways, known)
    assert set(said) == set(ways)
    assert set(scorer.asked) == set(ways) - set(known or ())
    assert len(scorer.asked) == len(set(scorer.asked))
