"""Quantities: what is read, what is none, and what differs."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contradict.quantities import differing, find_quantities


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Twelve people died.", [("Twelve", 12, 12, "")]),
        ("Twenty-three people died.", [("Twenty-three", 23, 23, "")]),
        ("A hundred people died.", [("A hundred", 100, 100, "")]),
        ("It cost $2bn.", [("$2bn", 2e9, 2e9, "$")]),
        ("It cost two billion dollars.", [("two billion dollars", 2e9, 2e9, "$")]),
        ("It made €340m.", [("€340m", 340e6, 340e6, "€")]),
        ("The wall is 340m long.", [("340", 340, 340, "")]),
        ("It fell 3.2 per cent.", [("3.2 per cent", 3.2, 3.2, "%")]),
        ("Three quarters of voters agreed.", [("Three quarters", 75, 75, "%")]),
        ("Half of them left.", [("Half", 50, 50, "%")]),
        ("Nine out of ten trains ran.", [("Nine out of ten", 90, 90, "%")]),
        ("At least 12 people died.", [("At least 12", 12, math.inf, "")]),
        ("More than 12 people died.", [("More than 12", 12, math.inf, "")]),
        ("Fewer than 400 voted.", [("Fewer than 400", -math.inf, 400, "")]),
        ("About 200 people came.", [("About 200", 180, 220, "")]),
        ("Between 10 and 12 people came.", [("Between 10 and 12", 10, 12, "")]),
        ("Between 10 and 12 million came.", [("Between 10 and 12 million", 10e6, 12e6, "")]),
        ("10 to 12 people came.", [("10 to 12", 10, 12, "")]),
        ("Twelve or more came.", [("Twelve or more", 12, math.inf, "")]),
        ("Dozens of people came.", [("Dozens", 24, 999, "")]),
        ("It opened in 1998.", [("1998", 1998, 1998, "year")]),
        ("It sold 1998 cars.", [("1998", 1998, 1998, "")]),
        ("An 11-point lead.", [("11", 11, 11, "")]),
        ("One hundred and twenty people.", [("One hundred and twenty", 120, 120, "")]),
        ("Two hundred and fifty thousand.", [("Two hundred and fifty thousand", 250e3, 250e3, "")]),
        ("One and a half million voted.", [("One and a half million", 1.5e6, 1.5e6, "")]),
        ("Half a million voted.", [("Half a million", 5e5, 5e5, "")]),
        ("A quarter of a million voted.", [("A quarter of a million", 25e4, 25e4, "")]),
        ("Half a dozen people.", [("Half a dozen", 6, 6, "")]),
        ("Two-dozen people.", [("Two-dozen", 24, 24, "")]),
        ("A $787-billion plan.", [("$787-billion", 787e9, 787e9, "$")]),
        ("It cost A$7bn.", [("A$7bn", 7e9, 7e9, "A$")]),
        ("It cost US$5bn.", [("US$5bn", 5e9, 5e9, "$")]),
        ("A 5-percent rise.", [("5-percent", 5, 5, "%")]),
        ("More than half of them left.", [("More than half", 50, math.inf, "%")]),
        ("Nearly 2000 were killed.", [("Nearly 2000", 1800, 2000, "")]),
    ],
)
def test_quantities_are_read(text, wanted):
    """The words of a quantity, its range (rounding aside) and its unit."""
    found = find_quantities(text)
    assert [(text[q.start : q.end], q.unit) for q in found] == [(w[0], w[3]) for w in wanted]
    for quantity, (_, low, high, _) in zip(found, wanted, strict=True):
        for value, limit in ((quantity.low, low), (quantity.high, high)):
            assert value == pytest.approx(limit, rel=0.06) or abs(value - limit) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "It ended at 10:30.",
        "They won 3-2.",
        "It was the 2nd time.",
        "On Sept. 11 it began.",
        "The B-52 flew.",
        "In the third quarter it grew.",
        "The second half was better.",
        "Nobody came.",
        "One of them fled.",
        "They killed one another.",
        "No one was hurt.",
        "He lives at No. 10 now.",
        "Killed at 3am.",
        "It was in the 1990s.",
        "The 2014-15 season.",
        "A third man was arrested.",
        "Half an hour later.",
        "He scores well.",
        "See Article 5 of the treaty.",
        "1" + "0" * 400 + " people",
    ],
)
def test_what_counts_nothing_is_no_quantity(text):
    """Times of day, scores, ordinals, days of a month and names with digits are left alone."""
    assert find_quantities(text) == []


@pytest.mark.parametrize(
    ("left", "right", "differ"),
    [
        ("12 people died.", "Fourteen people died.", True),
        ("At least 12 people died.", "Fourteen people died.", False),
        ("At least 12 people died.", "Only eleven people died.", True),
        ("It cost $2bn.", "The price was two billion dollars.", False),
        ("It cost $2bn.", "It cost €3bn.", False),
        ("It earned €340m.", "It earned just under 300 million euros.", True),
        ("Supplies fell by three quarters.", "Supplies fell by 75 percent.", False),
        ("About 200 people came.", "212 people came.", False),
        ("41,000 people came.", "The crowd was 41,200.", False),
        ("41,000 people came.", "The crowd was below 30,000 people.", True),
        ("Between 10 and 12 people came.", "11 people came.", False),
        ("Hundreds of people came.", "Twenty people came.", True),
        ("12 people died in 1998.", "14 cars burned.", False),
        ("It opened in 1998.", "It opened in 2003.", True),
        ("12 people and 3 dogs died.", "3 dogs and 12 people died.", False),
        ("One in ten jobs go.", "10 percent of jobs go.", False),
        ("12 people died.", "13 people died.", True),
        ("Two men died.", "Three men died.", True),
        ("It fell 5%.", "It fell 6%.", True),
        ("It fell 5%.", "It fell 4.8%.", False),
        ("It cost $2bn.", "It cost $2.1bn.", True),
        ("More than 12 people died.", "12 people died.", True),
        ("More than half of voters agreed.", "60 percent of voters agreed.", False),
        ("About two-thirds of voters agreed.", "65 percent of voters agreed.", False),
        ("12 people were killed and 30 injured.", "30 people were injured and 12 killed.", False),
        ("The suspect, 19, was shot.", "Police shot three suspects.", False),
        ("One of the attackers fled.", "14 people were killed.", False),
        ("The dam broke in 1998.", "Nearly 2000 people were killed.", False),
        ("He killed five people in 10 days.", "20 percent of people left.", False),
        ("The 2015 deal failed.", "Two deals failed.", False),
        ("Half a million people voted.", "500,000 people voted.", False),
    ],
)
def test_what_differs(left, right, differ):
    """Comparable quantities differ if no value fits both; whichever text comes first."""
    assert (differing(left, right) is not None) is differ
    assert (differing(right, left) is not None) is differ


NUMBERS = st.sampled_from(
    ["12", "$", "€", "2bn", "3.2", "41,000", "1998", "in", "of", "a", "hundred", "twenty", "-", "one", "out", "%",
     "at least", "more than", "between", "and", "to", "thousands", "third", "half", "people", "per cent", "or more",
     "million", "Sept.", "10:30", "3-2", "ten", "million " * 60, "9" * 40, "people", "between 10 and 12"]
)  # fmt: skip


@pytest.mark.parametrize("text", ["1" * 100_000 + " men", "a little over zero"])
def test_odd_numbers_are_read_at_once(text):
    """A number of endless digits takes no time, and a range ends no lower than it begins."""
    assert all(q.low <= q.high for q in find_quantities(text))


@given(st.lists(NUMBERS, max_size=30).map(" ".join) | st.text(max_size=200))
def test_any_text_can_be_read(text):
    """Spans lie in the text, in order and apart; ranges are ranges; a text never differs from itself."""
    found = find_quantities(text)
    places = [place for q in found for place in (q.start, q.end)]
    assert all(0 <= place <= len(text) for place in places)
    assert all(q.start < q.end for q in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert all(
        q.low <= q.high and not math.isnan(q.low + q.high) for q in found if q.high < math.inf
    )
    assert differing(text, text) is None


COUNTS = st.tuples(
    st.integers(1, 10**6),
    st.sampled_from(["{:,}", "{}", "more than {:,}", "at most {:,}", "{:,} or more"]),
    st.sampled_from(["people came", "dogs died"]),
).map(lambda count: f"{count[1].format(count[0])} {count[2]}")


@given(st.lists(COUNTS, min_size=1, max_size=4), st.lists(COUNTS, min_size=1, max_size=4))
def test_order_does_not_matter(left, right):
    """Whether two texts differ is the same whichever comes first, and what differs is turned round with them."""
    ahead = differing(" and ".join(left), " and ".join(right))
    back = differing(" and ".join(right), " and ".join(left))
    assert (ahead is None) == (back is None)
    if ahead and back:
        assert ahead == (back[1], back[0])


@given(st.integers(2, 98))
def test_a_count_differs_from_the_next_one(number):
    """What is not rounded stands for itself alone."""
    assert differing(f"{number} people died.", f"{number + 1} people died.")
    assert not differing(f"{number} people died.", f"At least {number} people died.")
