"""Which statements meet."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contradict.pairing import NEIGHBOURS, find_pairs
from contradict.records import STANCES, Statement
from contradict.words import content_words, similarity


def statement(proposition, *, start=0, document="a", stance="asserts", date=None):
    end = start + len(proposition)
    return Statement(document, start, end, proposition, proposition, stance=stance, date=date)


STRIKES = statement("The air strikes are not targeting Isil.", start=0)
AIM = statement("The aim of Russian air strikes is to fight Isil.", start=100)
FILLERS = [
    "Rain",
    "Snow",
    "Hail",
    "Fog",
    "Dew",
    "Sleet",
    "Leaves",
    "Apples",
    "Prices",
    "Shares",
    "Bonds",
    "Tables",
]


def test_statements_about_the_same_thing_are_paired():
    """Shared rare words bring two statements together, in the order of the text; others stay apart."""
    fillers = [statement(f"{word} fell.", start=200 + 20 * n) for n, word in enumerate(FILLERS)]
    pairs = find_pairs([STRIKES, *fillers, AIM])
    assert (STRIKES, AIM) in [(pair.left, pair.right) for pair in pairs]
    assert all(0 < p.similarity < 1 for p in pairs if {p.left, p.right} == {STRIKES, AIM})
    assert (STRIKES, fillers[-1]) not in [(pair.left, pair.right) for pair in pairs]


def test_what_stands_close_by_is_paired_whatever_its_words():
    """An answer need not repeat what it answers; in another document nothing stands close by."""
    answer = statement("That is a lie.", start=60, stance="denies")
    assert [(p.left, p.right) for p in find_pairs([STRIKES, answer])] == [(STRIKES, answer)]
    assert find_pairs([STRIKES, replace(answer, document="b")]) == []


@pytest.mark.parametrize(
    ("within", "across", "expected"),
    [(True, True, 3), (True, False, 1), (False, True, 2), (False, False, 0)],
    ids=["both", "within", "across", "neither"],
)
def test_within_and_across(within, across, expected):
    """Pairs inside a document and between documents can be had separately."""
    elsewhere = statement("Russian air strikes hit Isil.", document="b")
    assert len(find_pairs([STRIKES, AIM, elsewhere], within=within, across=across)) == expected


def test_two_documents_speak_for_themselves():
    """What two documents say in their own voices has two holders, so that few shared words suffice."""
    told = statement("Loggers cut down the oldest tree in Peru.")
    fillers = [statement(f"{word} fell.", start=100 + 20 * n) for n, word in enumerate(FILLERS)]
    other = statement("The tree is standing, a botanist found last week near Cuzco.", start=900)
    assert (told, other) not in [(p.left, p.right) for p in find_pairs([told, *fillers, other])]
    other = replace(other, document="b")
    assert (told, other) in [(p.left, p.right) for p in find_pairs([told, *fillers, other])]


@pytest.mark.parametrize("stance", ["questions", "hypothesizes"])
def test_what_commits_nobody_is_not_paired(stance):
    """Questions and hypotheses never conflict."""
    asked = statement(AIM.proposition, start=100, stance=stance)
    assert find_pairs([STRIKES, asked]) == []


def test_a_denial_meets_the_same_words_asserted():
    """Asserting and denying one proposition is the plainest conflict there is."""
    denied = statement(AIM.proposition, start=300, stance="denies")
    assert len(find_pairs([AIM, denied])) == 1
    assert find_pairs([denied, statement(AIM.proposition, start=500, stance="denies")]) == []


def test_overlapping_passages_are_not_paired():
    """A passage cannot conflict with a part of itself."""
    part = statement("Air strikes fight Isil.", start=105)
    assert find_pairs([AIM, part]) == []


def test_a_claim_and_its_denial_in_one_sentence_are_paired():
    """ "The mayor rejected Ann's claim that p" says both, though one stands inside the other."""
    denial = statement(AIM.proposition, start=140, stance="denies")
    claim = replace(
        denial, start=100, text="The mayor rejected Ann's claim that …", stance="asserts"
    )
    assert len(find_pairs([claim, denial])) == 1
    assert find_pairs([claim, replace(denial, proposition="Air strikes fight Isil.")]) == []


def test_copies_do_not_crowd_out_the_other_side():
    """A claim in a dozen papers still meets its negation in a dozen others."""
    claims = [statement("Russia bombed the hospital.", document=f"a{n}") for n in range(12)]
    denials = [statement("Russia never bombed the hospital.", document=f"b{n}") for n in range(12)]
    pairs = find_pairs([*claims, *denials])
    assert {p.left.document[0] + p.right.document[0] for p in pairs} == {"ab"}
    assert {s.document for p in pairs for s in (p.left, p.right)} == {
        s.document for s in (*claims, *denials)
    }


def test_the_earlier_by_date_is_left():
    """Of two dated documents the older one's statement is left, whichever was given first."""
    new = statement(STRIKES.proposition, document="new", date="2016-01-01")
    old = statement(AIM.proposition, document="old", date="2015-01-01")
    (pair,) = find_pairs([new, old])
    assert (pair.left.document, pair.right.document) == ("old", "new")


def test_pairs_grow_with_the_number_of_statements_not_its_square():
    """However many statements share words, each brings a bounded number of partners."""
    chance = random.Random(7)
    topics = [f"topic{n}" for n in range(12)]
    many = [
        statement(
            f"Word{n} met {chance.choice(topics)} and {chance.choice(topics)}.", start=100 * n
        )
        for n in range(1500)
    ]
    pairs = find_pairs(many)
    assert 0 < len(pairs) <= NEIGHBOURS * len(many)


propositions = st.lists(
    st.sampled_from(["rain", "army", "bridge", "bank", "Isil", "not", "12", "the", "of"]),
    min_size=1,
    max_size=6,
)


@given(
    st.lists(
        st.tuples(propositions.map(" ".join), st.sampled_from(STANCES), st.sampled_from("ab")),
        max_size=12,
    )
)
def test_each_pair_once_and_in_order(rows):
    """No pair comes twice or turned round, and none pairs a statement with itself."""
    statements = [
        statement(text, start=100 * n, document=document, stance=stance)
        for n, (text, stance, document) in enumerate(rows)
    ]
    pairs = find_pairs(statements)
    keys = [(statements.index(p.left), statements.index(p.right)) for p in pairs]
    assert len(set(keys)) == len(keys)
    assert all(i < j for i, j in keys)
    assert all(0 <= p.similarity <= 1 for p in pairs)


@given(st.text(max_size=60), st.text(max_size=60))
def test_similarity_is_symmetric_and_bounded(one, other):
    """Similarity lies between 0 and 1 and does not care which text comes first."""
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1 + 1e-9


def test_content_words_are_stems_without_stop_words():
    """Inflections of a word count as the same word; words that say nothing do not count."""
    assert (
        content_words("The strikes were striking.")
        == content_words("A strike strikes")
        == {"strike"}
    )
