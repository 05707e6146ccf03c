"""Training pairs written by rule carry the label that follows from them."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from ruled_pairs import Range, relation, ruled_pairs

BOUND = st.integers(0, 30)
RANGES = st.tuples(BOUND, BOUND).map(lambda ends: Range("some", min(ends), max(ends)))


@given(RANGES, RANGES)
def test_relation_of_two_ranges_is_that_of_their_amounts(one, other):
    """Every amount in both: entailment. No amount in both: contradiction. Else neutral."""
    amounts = range(int(one.least), int(one.most) + 1)
    inside = [other.least <= amount <= other.most for amount in amounts]
    expected = "entailment" if all(inside) else "neutral" if any(inside) else "contradiction"
    assert relation(one, other) == expected


@given(st.integers(0, 2**32))
def test_pairs_are_sentences_in_equal_shares(seed):
    """Each label is as frequent as the others, and nothing is left open in a text."""
    pairs = ruled_pairs(42, rng=random.Random(seed))
    labels = Counter(pair.label for pair in pairs)
    assert labels == {"entailment": 14, "neutral": 14, "contradiction": 14}
    for text in (text for pair in pairs for text in (pair.premise, pair.hypothesis)):
        assert text[0].isupper() or text[0].isdigit()
        assert text.endswith(".")
        assert "{" not in text


def test_same_seed_same_pairs():
    """A seed decides everything."""
    assert ruled_pairs(30, rng=random.Random(5)) == ruled_pairs(30, rng=random.Random(5))
    assert ruled_pairs(30, rng=random.Random(5)) != ruled_pairs(30, rng=random.Random(6))
