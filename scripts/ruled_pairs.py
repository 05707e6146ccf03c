"""Training pairs written by rule, whose labels follow from what is written: amounts, shares, roles and times.

NLI sets hold few pairs that differ in nothing but who did it to whom, how many, or when, and a model that has seen
few of them goes by the words that two texts share. Here such pairs are made in numbers, each label from a
comparison:

* amounts and shares: two ranges, "at least 12", "fewer than two dozen", "most", "none". The narrower one entails the
  wider, ranges apart contradict each other, the rest is neutral;
* roles: who did it to whom, in active and passive voice and in pairs such as "sold to" and "bought from";
* times: what came first, and what lies inside a span.

One in four neutral pairs is so because of a detail that the premise does not give. What one does to the other is read
as one event: who attacks is not attacked.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from nli_data import Pair, mirror

SMOOTHING = 0.03

FIRST = (
    "Ada", "Ben", "Carla", "Dmitri", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Lars", "Maya",
    "Nikos", "Omar", "Paula", "Quentin", "Rosa", "Stefan", "Tariq", "Uma", "Viktor", "Wanda", "Yusuf", "Zoe",
)  # fmt: skip
LAST = (
    "Abbott", "Baros", "Castillo", "Demir", "Eriksen", "Fontaine", "Gupta", "Hansen", "Ito", "Jensen", "Kovacs",
    "Lindqvist", "Moreno", "Novak", "Okafor", "Petrov", "Quinn", "Rossi", "Sato", "Turner", "Vargas", "Weber", "Young",
)  # fmt: skip
BODIES = (
    "the city council", "the trade union", "the energy company", "the ministry", "the rebel group", "the army",
    "the police chief", "the government", "the opposition", "the airline", "the bank", "the university", "the court",
    "the prosecutor", "the German team", "the aid agency", "the coast guard", "the senator", "the mayor",
    "the governor", "the teachers' union", "the party's leader", "the Russian envoy", "the Turkish minister",
)  # fmt: skip
PLACES = (
    "Aleppo", "Bergen", "Cairo", "Dallas", "Essen", "Faro", "Ghent", "Hanoi", "Izmir", "Jakarta", "Kyoto", "Lyon",
    "Mosul", "Naples", "Oslo", "Prague", "Quito", "Riga", "Sofia", "Tunis", "Utrecht", "Vienna", "Warsaw", "Zagreb",
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip

# What is counted: a clause with the amount left open, and the same in other words.
COUNTED = (
    ("{q} people were killed when a ferry sank off {place}", "the sinking off {place} killed {q} people"),
    ("{q} soldiers were wounded in the attack on {place}", "the attack on {place} left {q} soldiers wounded"),
    ("police arrested {q} demonstrators in {place}", "{q} demonstrators were arrested in {place}"),
    ("{q} houses were destroyed by the fire near {place}", "the fire near {place} destroyed {q} houses"),
    ("the company will cut {q} jobs in {place}", "{q} jobs in {place} are to be cut by the company"),
    ("{q} migrants crossed the border at {place}", "the border at {place} was crossed by {q} migrants"),
    ("the mayor of {place} hired {q} nurses", "{q} nurses were hired by the mayor of {place}"),
    ("{q} aid trucks reached {place}", "{place} was reached by {q} aid trucks"),
    ("{name} has written {q} books", "{q} books have been written by {name}"),
    ("the court in {place} heard {q} witnesses", "{q} witnesses were heard by the court in {place}"),
    ("{q} schools in {place} stayed closed", "in {place}, {q} schools did not open"),
    ("the warships fired {q} missiles at {place}", "{q} missiles were fired at {place} by the warships"),
)  # fmt: skip
MEASURED = (
    ("the bridge in {place} is {q} long", "the length of the bridge in {place} is {q}"),
    ("the talks in {place} lasted {q}", "the talks in {place} went on for {q}"),
    ("{name} was held for {q}", "the detention of {name} lasted {q}"),
    ("the parcel sent to {place} weighed {q}", "the weight of the parcel sent to {place} was {q}"),
    ("the convoy travelled {q} to {place}", "the convoy's journey to {place} was {q} long"),
)  # fmt: skip
UNITS: tuple[tuple[tuple[str, int], tuple[str, int], int], ...] = (
    (("kilometres", 1000), ("metres", 1), 0),
    (("hours", 60), ("minutes", 1), 1),
    (("weeks", 7), ("days", 1), 1),
    (("days", 24), ("hours", 1), 2),
    (("kilograms", 1000), ("grams", 1), 3),
    (("kilometres", 1000), ("metres", 1), 4),
)
SHARED = (
    ("{q} the councillors in {place} back the budget", "the budget has the votes of {q} the councillors in {place}"),
    ("{q} the hostages held in {place} were freed", "freedom came for {q} the hostages held in {place}"),
    ("{q} the voters in {place} back the plan", "the plan has the support of {q} the voters in {place}"),
    ("{q} the bridges in {place} were damaged", "damage was done to {q} the bridges in {place}"),
    ("{q} the refugees in {place} want to return", "a return is what {q} the refugees in {place} want"),
    ("{q} the patients treated in {place} recovered", "{q} the patients treated in {place} got well"),
    ("{q} the shops in {place} opened on Sunday", "{q} the shops in {place} were open on Sunday"),
)  # fmt: skip
DETAILS = ("for the second time", "for the first time since the war", "because of a lack of money",
           "despite warnings", "without an explanation", "to the surprise of many", "after a long dispute")  # fmt: skip

# Active, passive, and the same from the other side where there is one; all with {a} doing it to {b}.
DEEDS: tuple[tuple[str, ...], ...] = (
    ("{a} sued {b}", "{b} was sued by {a}"),
    ("{a} criticised {b}", "{b} was criticised by {a}"),
    ("{a} attacked {b}", "{b} was attacked by {a}", "{b} came under attack from {a}"),
    ("{a} accused {b} of fraud", "{b} was accused of fraud by {a}"),
    ("{a} defeated {b} in the vote", "{b} was defeated by {a} in the vote", "{b} lost to {a} in the vote"),
    ("{a} hired {b}", "{b} was hired by {a}", "{b} went to work for {a}"),
    ("{a} succeeded {b}", "{b} was succeeded by {a}", "{b} preceded {a}"),
    ("{a} sold the land to {b}", "{b} was sold the land by {a}", "{b} bought the land from {a}"),
    ("{a} lent money to {b}", "{b} was lent money by {a}", "{b} borrowed money from {a}"),
    ("{a} warned {b} about the dam", "{b} was warned about the dam by {a}", "{b} got a warning about the dam from {a}"),
    ("{a} owes {b} two million euros", "{b} is owed two million euros by {a}"),
    ("{a} replaced {b} as chair", "{b} was replaced as chair by {a}", "{b} made way for {a} as chair"),
    ("{a} thanked {b}", "{b} was thanked by {a}"),
    ("{a} handed the prisoners over to {b}", "{b} was handed the prisoners by {a}", "{b} got the prisoners from {a}"),
    ("{a} funded {b}", "{b} was funded by {a}", "{b} got its money from {a}"),
    ("{a} rescued {b}", "{b} was rescued by {a}"),
    ("{a} earns more than {b}", "{b} earns less than {a}"),
    ("{a} arrived earlier than {b}", "{b} arrived later than {a}"),
    ("{a} overtook {b} in the polls", "{b} was overtaken by {a} in the polls", "{b} fell behind {a} in the polls"),
    ("{a} voted for {b}", "{b} got the vote of {a}"),
    ("{a} testified against {b}", "{b} faced testimony from {a}"),
    ("{a} ordered {b} to leave", "{b} was ordered by {a} to leave", "{b} got an order from {a} to leave"),
)  # fmt: skip
PEOPLES: tuple[tuple[str, ...], ...] = (
    ("{a} taught {b} the piano", "{b} was taught the piano by {a}", "{b} learned the piano from {a}"),
    ("{a} is taller than {b}", "{b} is shorter than {a}"),
    ("{a} is older than {b}", "{b} is younger than {a}"),
    ("{a} is the mother of {b}", "{b} is the child of {a}"),
)  # fmt: skip
MUTUAL = ("{a} met {b}", "{a} works with {b}", "{a} argued with {b}", "{a} worked alongside {b}",
          "{a} signed a treaty with {b}", "{a} traded fire with {b}")  # fmt: skip
EVENTS = (
    ("the minister resigned", "the resignation of the minister"),
    ("the bridge collapsed", "the collapse of the bridge"),
    ("the parliament voted", "the vote of the parliament"),
    ("the army withdrew", "the withdrawal of the army"),
    ("the hostages were freed", "the release of the hostages"),
    ("the ceasefire was signed", "the signing of the ceasefire"),
    ("the factory closed", "the closure of the factory"),
    ("the witness changed her story", "the witness's change of story"),
    ("the police searched the house", "the search of the house"),
    ("the bank was sold", "the sale of the bank"),
    ("the storm reached the coast", "the storm's arrival at the coast"),
    ("the trial began", "the start of the trial"),
    ("the president was told", "the briefing of the president"),
    ("the school burned down", "the fire at the school"),
)
SPANS = (
    "the library in {place} was closed", "{name} worked in {place}", "the road to {place} was blocked",
    "{name} was in prison", "the embassy in {place} was occupied", "the port of {place} was under repair",
    "{name} led the party", "the two countries were at war",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Range:
    """An amount in words, and the least and the most that it can be."""

    words: str
    least: float
    most: float


def relation(premise: Range, hypothesis: Range) -> str:
    """The label that follows from two ranges of the same amount."""
    if premise.least >= hypothesis.least and premise.most <= hypothesis.most:
        return "entailment"
    apart = premise.most < hypothesis.least or hypothesis.most < premise.least
    return "contradiction" if apart else "neutral"


def ruled_pairs(count: int, *, rng: random.Random) -> list[Pair]:
    """`count` pairs, as many of each label, roles twice as often as the rest; of contradictions a third is mirrored."""
    makers: tuple[Callable[[random.Random], Pair], ...] = (
        _counts, _measures, _shares, _roles, _roles, _order, _spans,
    )  # fmt: skip
    labels = ("entailment", "neutral", "contradiction")
    made: list[Pair] = []
    for index in range(count):
        maker, label = makers[index % len(makers)], labels[index // len(makers) % 3]
        pair = maker(rng)
        while pair.label != label:
            pair = maker(rng)
        if label == "neutral" and rng.random() < 0.25:
            pair = _with_detail(maker, rng)
        made.append(mirror(pair) if pair.label == "contradiction" and rng.random() < 0.33 else pair)
    return made


def _with_detail(maker: Callable[[random.Random], Pair], rng: random.Random) -> Pair:
    """A pair whose hypothesis also says something of which the premise knows nothing."""
    pair = maker(rng)
    while pair.label == "contradiction":
        pair = maker(rng)
    hypothesis = f"{pair.hypothesis.rstrip('.')} {rng.choice(DETAILS)}."
    return Pair(pair.premise, hypothesis, "neutral", pair.source, SMOOTHING)


def _pair(premise: str, hypothesis: str, label: str, rng: random.Random) -> Pair:
    """A pair with its openings filled alike and written as sentences."""
    fill = {"place": rng.choice(PLACES), "name": f"{rng.choice(FIRST)} {rng.choice(LAST)}"}
    one, other = (_sentence(text.format(**fill)) for text in (premise, hypothesis))
    return Pair(one, other, label, "ruled", SMOOTHING)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _numeral(value: int, rng: random.Random) -> str:
    if value < len(WORDS) and rng.random() < 0.7:
        return WORDS[value]
    if value % 12 == 0 and 12 <= value <= 48 and rng.random() < 0.3:
        return {12: "a dozen", 24: "two dozen", 36: "three dozen", 48: "four dozen"}[value]
    return f"{value:,}"


def _range(value: int, words: str, rng: random.Random, *, sure: bool = False) -> Range:
    """A range with `value` as one of its ends, or alone."""
    kinds = [
        Range(words, value, value),
        Range(f"exactly {words}", value, value),
        Range(f"at least {words}", value, 1e12),
        Range(f"no fewer than {words}", value, 1e12),
        Range(f"more than {words}", value + 1, 1e12),
        Range(f"over {words}", value + 1, 1e12),
        Range(f"fewer than {words}", 0, value - 1),
        Range(f"at most {words}", 0, value),
        Range(f"no more than {words}", 0, value),
        Range(f"up to {words}", 0, value),
    ]
    return kinds[0] if sure else rng.choice(kinds)


def _near(value: int, rng: random.Random) -> int:
    """The same number, or another one, near or far."""
    if rng.random() < 0.25:
        return value
    other = round(value * rng.choice((0.3, 0.5, 0.75, 0.9, 1.1, 1.3, 2, 3)))
    return max(2, other if other != value else value + rng.choice((-1, 1)))


def _counts(rng: random.Random) -> Pair:
    value = rng.choice(
        (
            rng.randint(3, 20),
            rng.randint(15, 90),
            10 * rng.randint(5, 90),
            1000 * rng.randint(2, 60),
        )
    )
    other = _near(value, rng)
    one = _range(value, _numeral(value, rng), rng, sure=rng.random() < 0.5)
    two = _range(other, _numeral(other, rng), rng, sure=rng.random() < 0.35)
    premise, hypothesis = _worded(COUNTED, rng)
    return _pair(_put(premise, one), _put(hypothesis, two), relation(one, two), rng)


def _measures(rng: random.Random) -> Pair:
    large, small, which = rng.choice(UNITS)
    value = rng.randint(2, 12)
    other = _near(value * large[1], rng)
    if rng.random() < 0.5:
        words, scaled = f"{other:,} {small[0]}", other
    else:
        times = max(2, round(other / large[1]))
        words, scaled = f"{_numeral(times, rng)} {large[0]}", times * large[1]
    one = Range(f"{_numeral(value, rng)} {large[0]}", value * large[1], value * large[1])
    kinds = (
        Range(words, scaled, scaled),
        Range(f"more than {words}", scaled + 1, 1e12),
        Range(f"at least {words}", scaled, 1e12),
        Range(f"less than {words}", 0, scaled - 1),
        Range(f"at most {words}", 0, scaled),
    )
    two = rng.choice(kinds)
    if rng.random() < 0.3:
        one, two = two, one
    premise, hypothesis = MEASURED[which] if rng.random() < 0.5 else MEASURED[which][::-1]
    return _pair(_put(premise, one), _put(hypothesis, two), relation(one, two), rng)


def _share(rng: random.Random) -> Range:
    whole = rng.choice((8, 9, 10, 12, 15, 20))
    part = rng.randint(1, whole - 1)
    percent = rng.choice((10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90))
    return rng.choice(
        (
            Range("all", 1, 1), Range("every one of", 1, 1), Range("none of", 0, 0), Range("not one of", 0, 0),
            Range("most of", 0.51, 1), Range("a majority of", 0.51, 1), Range("a minority of", 0.01, 0.49),
            Range("few of", 0.01, 0.2), Range("some of", 0.01, 1), Range("at least one of", 0.01, 1),
            Range("not all", 0, 0.99), Range("half", 0.5, 0.5), Range("more than half", 0.51, 1),
            Range("fewer than half", 0, 0.49), Range("a third of", 1 / 3, 1 / 3), Range("a quarter of", 0.25, 0.25),
            Range("two thirds of", 2 / 3, 2 / 3), Range("three quarters of", 0.75, 0.75),
            Range(f"{percent} percent of", percent / 100, percent / 100),
            Range(f"more than {percent} percent of", percent / 100 + 0.01, 1),
            Range(f"fewer than {percent} percent of", 0, percent / 100 - 0.01),
            Range(f"{part} in {whole} of", part / whole, part / whole),
        )
    )  # fmt: skip


def _shares(rng: random.Random) -> Pair:
    one, two = _share(rng), _share(rng)
    while one.words == two.words:
        two = _share(rng)
    premise, hypothesis = _worded(SHARED, rng)
    return _pair(_put(premise, one), _put(hypothesis, two), relation(one, two), rng)


def _roles(rng: random.Random) -> Pair:
    people = rng.random() < 0.5
    if people:
        a, b = (f"{first} {rng.choice(LAST)}" for first in rng.sample(FIRST, 2))
    else:
        a, b = rng.sample(BODIES, 2)
    around = rng.choice(("", "", "", ", people in {place} say", ", according to a newspaper"))
    if rng.random() < 0.12:
        deed = rng.choice(MUTUAL)
        return _pair(deed.format(a=a, b=b) + around, deed.format(a=b, b=a), "entailment", rng)
    deeds = DEEDS + PEOPLES if people else DEEDS
    ways = rng.choice(deeds)
    premise = rng.choice(ways)
    kind = rng.random()
    if kind < 0.4:
        same = [way for way in ways if way != premise]
        return _pair(
            premise.format(a=a, b=b) + around, rng.choice(same).format(a=a, b=b), "entailment", rng
        )
    if kind < 0.8:
        hypothesis = rng.choice(ways).format(a=b, b=a)
        return _pair(premise.format(a=a, b=b) + around, hypothesis, "contradiction", rng)
    others = rng.choice(
        [each for each in DEEDS if each is not ways]
    )  # age and kinship hang together
    hypothesis = rng.choice(others).format(a=a, b=b)
    return _pair(premise.format(a=a, b=b) + around, hypothesis, "neutral", rng)


def _order(rng: random.Random) -> Pair:
    """Two things that happened one after the other."""
    (first, first_noun), (then, then_noun), (else_, _) = rng.sample(EVENTS, 3)
    how = rng.choice(("", "two days ", "a week ", "shortly ", "long "))
    ways = (
        f"{first} {how}before {then}", f"{then} {how}after {first}", f"{first} {how}before {then_noun}",
        f"{then} {how}after {first_noun}", f"{then} only after {first}", f"{first_noun} came before {then_noun}",
        f"{then_noun} followed {first_noun}", f"when {then}, {first_noun} lay behind",
    )  # fmt: skip
    turned = (
        f"{then} before {first}", f"{first} after {then}", f"{first_noun} came after {then_noun}",
        f"{then_noun} came before {first_noun}", f"{first} only after {then}", f"{first_noun} followed {then_noun}",
    )  # fmt: skip
    unknown = (
        f"{then} because {first}", f"{first} after {else_}", f"{then} before {else_}",
        f"{first_noun} led to {then_noun}", *([] if how else [f"{then} one month after {first}"]),
    )  # fmt: skip
    label = rng.choice(("entailment", "contradiction", "neutral"))
    choices = {"contradiction": turned, "neutral": unknown}.get(label, (*ways, first, then))
    premise = rng.choice(ways[:4])
    hypothesis = rng.choice([each for each in choices if each != premise])
    return _pair(premise, hypothesis, label, rng)


def _spans(rng: random.Random) -> Pair:
    """A span of months, years or days, and a moment in it or outside."""
    what = rng.choice(SPANS)
    kind = rng.choice(("months", "years", "days", "arithmetic", "weekday"))
    if kind == "arithmetic":
        year, length = rng.randint(1950, 2015), rng.randint(2, 20)
        wrong = year + length + rng.choice((-3, -2, -1, 1, 2, 4))
        premise = rng.choice((
            f"the war between the two countries began in {year} and lasted {_numeral(length, rng)} years",
            f"the war between the two countries started in {year}, and {_numeral(length, rng)} years later it was over",
        ))  # fmt: skip
        ended = "the war between the two countries ended in {}"
        options = (
            (ended.format(year + length), "entailment"),
            (ended.format(wrong), "contradiction"),
            (f"{ended.format(year + length)} with a treaty", "neutral"),
        )
        return _pair(premise, *rng.choice(options), rng)
    if kind == "weekday":
        at = rng.randint(0, 6)
        (event, _), (other, _) = rng.sample(EVENTS, 2)
        turn = rng.choice((1, -1))
        true, wrong = DAYS[(at - turn) % 7], DAYS[(at + rng.choice((turn, 2, 3))) % 7]
        premise = f"{event} on {DAYS[at]}, the day {'after' if turn > 0 else 'before'} {other}"
        options = (
            (f"{other} on {true}", "entailment"),
            (f"{other} on {wrong}", "contradiction"),
            (f"{other} on {true} morning", "neutral"),
        )
        return _pair(premise, *rng.choice(options), rng)
    if kind == "years":
        start = rng.randint(1960, 2012)
        end = start + rng.randint(4, 11)
        outside = rng.choice((start - rng.randint(1, 6), end + rng.randint(1, 6)))
        names = [str(each) for each in (start, end, rng.randint(start + 1, end - 1), outside)]
    else:
        cycle = MONTHS if kind == "months" else DAYS
        order = sorted(rng.sample(range(len(cycle)), 4))
        start, inside, end, outside = (
            order if rng.random() < 0.5 else (order[1], order[2], order[3], order[0])
        )
        names = [cycle[each] for each in (start, end, inside, outside)]
    at = "on" if kind == "days" else "in"
    premise = rng.choice((
        f"from {names[0]} to {names[1]}, {what}", f"{what} from {names[0]} until {names[1]}",
        f"between {names[0]} and {names[1]}, {what}",
    ))  # fmt: skip
    negated = what.replace(" was ", " was not ").replace(" were ", " were not ")
    negated = negated.replace(" worked ", " did not work ").replace(" led ", " did not lead ")
    options = (
        (f"{what} {at} {names[2]}", "entailment"),
        (f"{negated} {at} {names[2]}", "contradiction"),
        (f"{what} {at} {names[2]} only because of a strike", "neutral"),
        (f"{what} {at} {names[3]}", "neutral"),
    )
    return _pair(premise, *rng.choice(options), rng)


def _worded(ways: tuple[tuple[str, str], ...], rng: random.Random) -> tuple[str, str]:
    """One clause twice: as it is, or turned round."""
    pair = rng.choice(ways)
    return rng.choice(pair), rng.choice(pair)


def _put(clause: str, amount: Range) -> str:
    return clause.replace("{q}", amount.words)
