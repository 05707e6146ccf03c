"""The stance algebra, the evidence and the decision."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contradict.algebra import can_conflict, collision, kind_of
from contradict.conflict import (
    evidence,
    judge,
    judge_given,
    load_calibration,
    probability,
)
from contradict.errors import ModelError
from contradict.reading import direction, text_pair
from contradict.reasons import explain, mark
from contradict.records import (
    STANCES,
    Mark,
    Nli,
    Pair,
    Probabilities,
    Span,
    Speaker,
    Statement,
)

AGREE = Probabilities(0.97, 0.02, 0.01)
UNRELATED = Probabilities(0.02, 0.96, 0.02)
CLASH = Probabilities(0.01, 0.02, 0.97)


def statement(
    text="Russia bombed the town.", *, holder="Ann", stance="asserts", date=None, document="a"
):
    speaker = Speaker(holder, 0, len(holder), holder) if holder else None
    return Statement(document, 0, len(text), text, text, speaker=speaker, stance=stance, date=date)


def score(left, right, forward, backward=None, similarity=0.6):
    nli = Nli(forward, backward or forward)
    calm = Nli(UNRELATED, UNRELATED)  # the sentences tell nothing
    return found(Pair(left, right, similarity), nli, texts_nli=calm).score


def found(pair, nli, texts_nli=None):
    return judge(pair, nli, texts=pair, texts_nli=texts_nli or nli, threshold=0.5, model="m")


@pytest.mark.parametrize("one", STANCES)
@pytest.mark.parametrize("other", STANCES)
def test_stances_that_collide(one, other):
    """Only somebody's commitment collides with another's; the order does not matter."""
    expected = {one, other} in (
        {"asserts"}, {"asserts", "denies"}, {"reports", "denies"}, {"asserts", "reports"},
    )  # fmt: skip
    left, right = statement(stance=one), statement(stance=other)
    assert can_conflict(left, right) == can_conflict(right, left) == expected


def test_assertions_collide_when_they_contradict():
    """Of two assertions, contradictory ones score above unrelated ones above agreeing ones."""
    left, right = statement(), statement("The town was not bombed.", holder="Bob")
    assert score(left, right, CLASH) > score(left, right, UNRELATED)
    assert score(left, right, CLASH) > score(left, right, AGREE)


def test_a_denial_collides_with_what_implies_the_denied():
    """Asserting what another denies is the conflict; contradicting what another denies is agreement."""
    left = statement()
    right = statement("The town was bombed.", holder="Bob", stance="denies")
    assert score(left, right, AGREE) > score(left, right, UNRELATED)
    assert score(left, right, AGREE) > score(left, right, CLASH)


def test_a_denial_collides_with_the_same_claim_whatever_the_model_says():
    """What is asserted in the very words that are denied entails it."""
    left, right = statement(), statement(holder="Bob", stance="denies")
    assert collision(left, right, Nli(UNRELATED, UNRELATED)) == 1.0


probabilities = st.lists(st.floats(0.001, 1), min_size=3, max_size=3).map(
    lambda values: Probabilities(*(value / math.fsum(values) for value in values))
)
statements = st.builds(
    statement,
    st.sampled_from(
        ["Russia bombed the town.", "It didn't bomb 12 towns.", "At least 12 died.", "It cost 14."]
    ),
    holder=st.sampled_from([None, "Ann", "Bob"]),
    stance=st.sampled_from(STANCES),
    document=st.sampled_from("ab"),
)


@given(statements, statements, probabilities, probabilities, st.floats(0, 1))
def test_the_decision_is_symmetric(left, right, forward, backward, similarity):
    """Turning a pair round, with its NLI directions, changes neither score nor kind."""
    one = found(Pair(left, right, similarity), Nli(forward, backward))
    other = found(Pair(right, left, similarity), Nli(backward, forward))
    assert abs(one.score - other.score) < 1e-12
    assert (one.kind, one.flagged) == (other.kind, other.flagged)
    assert 0 <= one.score <= 1
    assert one.flagged == (one.score >= 0.5)


@given(statements, statements, probabilities)
def test_every_feature_has_a_coefficient(left, right, nli):
    """The calibration knows each feature, and no other."""
    pair, both = Pair(left, right, 0.5), Nli(nli, nli)
    features = evidence(pair, both, pair, both)
    assert set(features) == set(load_calibration().given.coefficients)
    assert set(features) == set(load_calibration().found.coefficients)
    assert all(map(math.isfinite, features.values()))


def test_how_long_two_texts_are_is_evidence():
    """Their words are counted together, whichever comes first."""
    pair, nli = Pair(statement(), statement(holder="Bob"), 0.5), Nli(CLASH, CLASH)
    short, long = "The dam holds.", "Ann said that the dam had cracked."
    for texts in (text_pair(short, long), text_pair(long, short)):
        assert evidence(pair, nli, texts)["texts_length"] == pytest.approx(math.log(11))


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        pytest.param(statement(), statement(holder="Bob", stance="denies"), "denial", id="denial"),
        pytest.param(statement(), statement(holder="Bob"), "contradiction", id="contradiction"),
        pytest.param(statement(), statement(), "self-contradiction", id="same speaker"),
        pytest.param(
            statement(date="2015-01-01"),
            statement(date="2016-01-01"),
            "reversal",
            id="same speaker later",
        ),
        pytest.param(
            statement(holder=None), statement(holder=None), "self-contradiction", id="one document"
        ),
        pytest.param(
            statement(holder=None),
            statement(holder=None, document="b"),
            "contradiction",
            id="two documents",
        ),
    ],
)
def test_kinds(left, right, kind):
    """The kind follows from stances, speakers and dates."""
    assert kind_of(left, right) == kind


@pytest.mark.parametrize(
    ("holder", "kind"),
    [
        pytest.param("Ann", "self-contradiction", id="a name"),
        pytest.param("minister", "contradiction", id="a description"),
        pytest.param("he", "contradiction", id="a pronoun"),
    ],
)
def test_only_a_name_is_the_same_speaker_elsewhere(holder, kind):
    """ "The minister" of another article is another minister."""
    left, right = statement(holder=holder), statement(holder=holder, document="b")
    assert kind_of(left, right) == kind


def test_given_pairs_start_from_a_higher_base_rate():
    """A pair that somebody chose to compare is likelier in conflict than one met by chance."""
    pair, nli = Pair(statement(), statement(holder="Bob"), 0.5), Nli(CLASH, CLASH)
    given_score = judge_given(pair, nli, texts=pair, texts_nli=nli, threshold=0.5).score
    assert given_score > found(pair, nli).score


def test_given_pairs_whose_stances_never_collide():
    """A question against an assertion is no conflict, and the reason says so."""
    pair, nli = Pair(statement(), statement(stance="questions"), 1.0), Nli(CLASH, CLASH)
    result = judge_given(pair, nli, texts=pair, texts_nli=nli, threshold=0.5)
    assert (result.score, result.flagged, result.kind) == (0.0, False, None)
    assert "questions" in result.reason


def test_the_reason_names_who_and_what():
    """A reason names both holders and the evidence."""
    denial = explain(
        Pair(statement(), statement("The town was bombed.", holder="Bob", stance="denies"), 0.5),
        Nli(AGREE, AGREE),
    )
    assert denial == (
        "Bob denies “The town was bombed”; Ann says “Russia bombed the town”, "
        "which implies it with probability 0.97"
    )
    clash = explain(
        Pair(statement("12 people died."), statement("14 people did not die.", holder=None), 0.5),
        Nli(CLASH, CLASH),
    )
    for words in (
        "Ann and the text",
        "people",
        "only the second negates it",
        "12 against 14",
        "0.97",
    ):
        assert words in clash


@pytest.mark.parametrize(
    ("other", "document", "reason"),
    [
        (
            statement(holder=None, stance="reports"),
            "a",
            "Bob denies “Russia bombed the town”, which the text tells as a claim without saying whose",
        ),
        (
            statement(holder=None, stance="reports"),
            "b",
            "Bob denies “Russia bombed the town”, which b tells as a claim without saying whose",
        ),
        (statement(), "a", "Bob denies “Russia bombed the town”; Ann says just that"),
        (
            statement("Russia struck the town."),
            "a",
            "Bob denies “Russia bombed the town”; Ann says “Russia struck the town”, which implies it with probability "
            "0.02; their whole sentences are read as contradictory with 0.97",
        ),
    ],
)
def test_reason_of_a_denial(other, document, reason):
    """The same claim is called the same; where only the sentences speak for a conflict that is told."""
    pair = Pair(replace(other, document=document), statement(holder="Bob", stance="denies"), 0.5)
    unsure, clash = Nli(UNRELATED, UNRELATED), Nli(CLASH, CLASH)
    assert explain(pair, unsure, clash) == reason


@given(statements, statements, probabilities, st.floats(0, 1))
def test_a_feature_that_is_held_tells_nothing(left, right, nli, other):
    """Without a feature the probability is that with its mean, whatever its own value."""
    fold = load_calibration().found
    pair, both = Pair(left, right, other), Nli(nli, nli)
    features = evidence(pair, both, pair, both)
    with_held = features | {"similarity": fold.means["similarity"]}
    assert fold.without("similarity").probability(features) == pytest.approx(
        fold.probability(with_held)
    )


@given(statements, statements)
def test_marks_are_words_of_the_statement(left, right):
    """Every mark lies in the statement, apart from the cue, and none overlaps another."""
    found = mark(left, right)
    assert all(left.start <= each.start < each.end <= left.end for each in found)
    assert all(one.end <= next_.start for one, next_ in pairwise(found))


def test_the_sentences_count_beside_the_propositions():
    """The score changes with what the model says of the sentences; the reason tells where these say much more."""
    pair, texts = (
        Pair(statement(), statement(holder="Bob"), 0.5),
        Pair(statement(), statement(), 0.1),
    )
    nli = Nli(UNRELATED, UNRELATED)
    calm, clash = (
        judge(pair, nli, texts=texts, texts_nli=each, threshold=0.5, model="m")
        for each in (nli, Nli(CLASH, CLASH))
    )
    assert clash.score > calm.score
    assert (clash.nli, clash.similarity) == (calm.nli, 0.5)
    assert clash.reason == f"{calm.reason}; their whole sentences with {CLASH.contradiction:.2f}"


@given(statements, statements, probabilities)
def test_a_pair_is_read_in_the_direction_that_says_most(left, right, said):
    """Of a denial the claim is the premise; what the unread direction would say changes nothing."""
    pair = Pair(left, right, 0.5)
    premise, hypothesis = direction(pair)
    assert {premise, hypothesis} == {left.proposition, right.proposition}
    if left.stance != "denies" and right.stance == "denies":
        assert (premise, hypothesis) == (left.proposition, right.proposition)
    if left.stance == "denies" and right.stance != "denies":
        assert (premise, hypothesis) == (right.proposition, left.proposition)
        for unread in (CLASH, UNRELATED):
            assert collision(left, right, Nli(unread, said)) == collision(
                left, right, Nli(said, said)
            )


def test_the_first_look_rules_out_what_is_unrelated():
    """A clash is worth a second look, unrelated propositions are not; without sentences the first fold decides."""
    pair = Pair(statement(), statement(holder="Bob"), 0.5)
    clash, calm = (Nli(p, p, one_way=True) for p in (CLASH, UNRELATED))
    first = load_calibration().first
    assert probability(pair, calm, pair) < first.threshold <= probability(pair, clash, pair)
    finding = judge(pair, calm, texts=pair, threshold=0.5, model="m")
    assert finding.score == first.probability(evidence(pair, calm, pair))


def test_marks_tell_what_carries_the_conflict():
    """Shared words, quantities that differ, and the negation of one side only are marked, each as what it is."""
    left, right = statement("At most 12 people died."), statement("14 people did not die.")
    roles = {left.text[m.start : m.end]: m.role for m in mark(left, right)}
    assert roles == {"At most 12": "number", "people": "shared", "died": "shared"}
    turned = judge(
        Pair(right, left, 0.5), Nli(CLASH, CLASH), texts=Pair(right, left, 0.5),
        texts_nli=Nli(CLASH, CLASH), threshold=0.5, model="m",
    )  # fmt: skip
    assert turned.marks == (mark(right, left), mark(left, right))
    roles = {right.text[m.start : m.end]: m.role for m in mark(right, left)}
    assert roles == {"14": "number", "people": "shared", "not": "negation", "die": "shared"}
    agreeing = mark(statement("At least 12 people died."), right)
    assert all(each.role != "number" for each in agreeing)


def test_the_cue_of_a_denial_is_marked():
    """Of a denial, the word that denies is marked, though it stands outside the statement."""
    denial = replace(statement(stance="denies", holder="Bob"), cue=Span("denied", 40, 46))
    assert Mark(40, 46, "denial") in mark(denial, statement())
    inside = replace(denial, cue=Span("bombed", 7, 13))  # "It was, he denied, …"
    assert [m.role for m in mark(inside, statement())] == ["shared", "denial", "shared"]
    assert all(each.role != "denial" for each in mark(statement(), denial))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 100_000, id="deep"),
        pytest.param('{"first": {"coefficients": {"a": 1' + "0" * 400 + "}}}", id="huge"),
    ],
)
def test_a_calibration_that_cannot_be_read_is_a_model_error(text, tmp_path):
    """Nesting too deep and numbers too large are refused like any other fault, with what to do."""
    (tmp_path / "calibration.json").write_text(text, "utf-8")
    with pytest.raises(ModelError, match="is no calibration of this version"):
        load_calibration(tmp_path)
