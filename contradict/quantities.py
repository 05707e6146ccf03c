"""Quantities in English text as ranges that can be compared: "at least 12", "fourteen", "$2bn", "three quarters".

A number stands for the range of values that it leaves open: what is rounded ("41,000") for all that rounds to it, "more
than 12" for all above. Two quantities are comparable if they count the same: the same currency, percent, years, or
things that share a word. They differ if no value lies in both ranges. What is unclear is left out: a reader is told of
amounts that differ only where they seem to.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contradict.words import content_words

_UNITS = {
    "zero": 0.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0,
    "eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0, "twelve": 12.0, "thirteen": 13.0, "fourteen": 14.0,
    "fifteen": 15.0, "sixteen": 16.0, "seventeen": 17.0, "eighteen": 18.0, "nineteen": 19.0,
}  # fmt: skip
_TENS = {
    "twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0,
    "ninety": 90.0,
}  # fmt: skip
_SCALES = {
    "hundred": 1e2, "dozen": 12.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
_SHORT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12, "trn": 1e12}
_VAGUE = {
    "dozens": (24.0, 999.0),
    "hundreds": (200.0, 9_999.0),
    "thousands": (2_000.0, 999_999.0),
    "millions": (2e6, 999e6),
    "billions": (2e9, 999e9),
}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5,
    "tenth": 10, "tenths": 10,
}  # fmt: skip
_CURRENCIES = {
    "$": "$", "dollar": "$", "dollars": "$", "€": "€", "euro": "€", "euros": "€", "£": "£", "sterling": "£",
    "¥": "¥", "yen": "¥", "rubles": "₽", "roubles": "₽", "rupees": "₹",
}  # fmt: skip
_SYMBOLS = frozenset("$€£¥")
_PERCENT = frozenset({"%", "percent", "pct"})

# What stands before a number, and the range it makes of a value.
_BEFORE = {
    "no fewer than": "from", "no less than": "from", "not less than": "from", "a minimum of": "from",
    "at least": "from", "as few as": "from",
    "no more than": "to", "not more than": "to", "a maximum of": "to", "at most": "to", "up to": "to",
    "as many as": "to", "as much as": "to",
    "just over": "slightly above", "slightly more than": "slightly above", "a little over": "slightly above",
    "just under": "slightly below", "slightly less than": "slightly below", "nearly": "slightly below",
    "almost": "slightly below",
    "more than": "above", "greater than": "above", "over": "above", "above": "above", "exceeding": "above",
    "fewer than": "below", "less than": "below", "under": "below", "below": "below",
    "about": "near", "around": "near", "roughly": "near", "approximately": "near", "some": "near",
    "an estimated": "near", "close to": "near", "only": "exactly", "exactly": "exactly",
}  # fmt: skip
_AFTER = {
    "or more": "from", "or so": "near", "or less": "to", "or fewer": "to", "at least": "from", "at most": "to",
}  # fmt: skip
_LONGEST = max(len(phrase.split()) for phrase in _BEFORE)
_NEAR = 0.1
_MOST_DIGITS = 15
_MOST = 50  # quantities of a text that are compared: two statements of thousands would take minutes

_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
# Digits that count nothing: times of day, ordinals, decades, seasons, days of a month; names: B-52, 9/11, No. 10.
_NO_COUNT = re.compile(
    r"(?<!\d)\d++(?::\d+)+|\b\d+(?:st|nd|rd|th|s)\b|\b[^\W\d_]+-?\d[\w-]*|\b\d+(?:/\d+)+|\b\d+\s?[ap]\.?m\b|\b\d+(?:\.\d+){2,}"
    rf"|\b{_MONTHS}\s+\d{{1,2}}\b(?:,(?=\s*\d{{4}}))?|\b\d{{1,2}}\s+{_MONTHS}|\b\d{{4}}[-–]\d\d(?:\d\d)?\b"
    r"|(?<=\w\s)(?!(?:US|A|C|HK|NZ)?[$€£¥])[A-Z][\w.]*\s\d+\b"
)
_TOKEN = re.compile(
    r"[$€£¥%]|\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)?|[-–—]|\S"
)
_SCORE = re.compile(r"\b(\d{1,3})[-–](\d{1,3})\b")  # "3-2"; "10-12" is a range
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_YEAR_AFTER = (
    "in",
    "since",
    "of",
    "by",
    "until",
    "from",
    "during",
    "before",
    "after",
    "the",
    "late",
    "early",
)
_DASHES = ("-", "–")
_ENDS_UNIT = frozenset([
    "a", "an", "and", "another", "are", "as", "at", "but", "by", "for", "from", "had", "has", "have", "if", "in", "is",
    "it", "more", "of", "on", "or", "other", "per", "than", "that", "the", "their", "them", "they", "to", "was", "were",
    "when", "where", "which", "while", "who", "will", "with", "would",
])  # fmt: skip
_SPANS = frozenset(
    ["second", "minute", "hour", "day", "week", "month", "year", "game", "match", "time"]
)
_NUMBER = re.compile(
    rf"\d|\b(?:{'|'.join(sorted({*_UNITS, *_TENS, *_SCALES, *_VAGUE, *_PARTS}))})\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity that a text names.

    Attributes:
        start: Offset of its first character, "at least" and the like included.
        end: Offset behind its last character.
        low: The least value it can stand for.
        high: The greatest value it can stand for.
        unit: A currency's symbol, ``%``, ``year``, or empty for a count.
        of: Stems of the words that say what is counted; empty where none follows.
    """

    start: int
    end: int
    low: float
    high: float
    unit: str = ""
    of: frozenset[str] = frozenset()

    def comparable(self, other: "Quantity") -> bool:
        """Whether both count the same, as far as their words tell."""
        return self.unit == other.unit and (bool(self.unit) or bool(self.of & other.of))

    def overlaps(self, other: "Quantity") -> bool:
        """Whether a value lies in both ranges; those of rounded numbers end before their upper bounds."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return low < high or (
            low == high and low in (self.low, other.low) and _has_point(self, other)
        )


def _has_point(*quantities: Quantity) -> bool:
    return any(each.low == each.high for each in quantities)


def find_quantities(text: str) -> list[Quantity]:
    """The quantities that a text names, in their order."""
    if not _NUMBER.search(text):  # most texts
        return []
    blanked = _SCORE.sub(
        lambda m: m[0] if int(m[1]) < int(m[2]) else _blank(m), _NO_COUNT.sub(_blank, text)
    )
    tokens = [(m.group().lower(), m.start(), m.end()) for m in _TOKEN.finditer(blanked)]
    return list(_Scanner(tokens).quantities())


def differing(left: str, right: str) -> tuple[Quantity, Quantity] | None:
    """Two quantities, one of each text, that cannot both hold; None where nothing comparable differs.

    A quantity with a value that the other text names, too, is taken for agreed. Of several the first are told, the same
    whichever text comes first.
    """
    ones = find_quantities(left)[:_MOST]
    others = find_quantities(right)[:_MOST] if ones else []
    alone = [one for one in ones if not _agrees(one, others)]
    facing = [other for other in others if not _agrees(other, ones)]
    found = [
        (one, other)
        for one in alone
        for other in facing
        if one.comparable(other) and (one.unit != "%" or len(alone) == len(facing) == 1)
    ]
    return min(found, key=_place, default=None)


def _agrees(one: Quantity, others: Sequence[Quantity]) -> bool:
    return any(one.unit == other.unit and one.overlaps(other) for other in others)


def _place(pair: tuple[Quantity, Quantity]) -> tuple[int, tuple[int, ...], tuple[float, ...]]:
    starts = sorted(quantity.start for quantity in pair)
    return sum(starts), tuple(starts), tuple(sorted(quantity.low for quantity in pair))


def _blank(found: re.Match[str]) -> str:
    return "\N{BLACK SQUARE}" * len(found[0])


@dataclass(frozen=True, slots=True)
class _Value:
    """A number as it was read: its value, how far rounding leaves it open to either side, and where it ends."""

    value: float
    open: float
    end: int
    scale: float = 1.0


class _Scanner:
    """Reads quantities off a list of tokens (text in lower case, start, end)."""

    def __init__(self, tokens: Sequence[tuple[str, int, int]]) -> None:
        self._tokens = tokens
        self._words = [token[0] for token in tokens]
        self._read = 0  # tokens before this one belong to quantities already found

    def quantities(self) -> Iterator[Quantity]:
        position = 0
        while position < len(self._words):
            found = self._vague(position) or self._share(position) or self._number(position)
            if found:
                quantity, position = found
                self._read = position
                yield quantity
            else:
                position += 1

    def _word(self, position: int) -> str:
        return self._words[position] if 0 <= position < len(self._words) else ""

    def _number(self, position: int) -> tuple[Quantity, int] | None:
        """A number with what stands around it: "at least $2bn", "between 10 and 12 people"."""
        start, unit = position, ""
        if self._word(position) in _SYMBOLS:
            start, unit = self._currency(position)
            position += 1
        first = self._value(position, money=bool(unit))
        if first is None or self._is_pronoun(position, first.end):
            return None
        if self._is_year(start, first.end):
            year = first.value
            return self._made(start, first.end, year, year, "year", frozenset()), first.end
        end, low, high = first.end, first.value - first.open, first.value + first.open
        second = self._second(first, start, money=bool(unit))
        if second is not None:
            end, high = second.end, second.value + second.open
            low *= second.scale if first.scale == 1 else 1.0  # "10 to 12 million"
            start -= self._word(start - 1) == "between" and start - 1 >= self._read
        elif not unit:
            whole = self._out_of(first)
            if whole is not None:
                share = 100 * first.value / whole.value
                first, end, unit = _Value(share, 0.0, whole.end), whole.end, "%"
                low = high = share
        unit, end = self._unit(unit, end)
        if unit == "%" and low == high:
            low, high = low - 0.5, high + 0.5
        of = frozenset[str]() if unit else self._counted(end)
        if second is None:
            start, end, low, high = self._modified(start, end, first.value, low, high)
        return self._made(start, end, low, high, unit, of), end

    def _made(
        self, start: int, end: int, low: float, high: float, unit: str, of: frozenset[str]
    ) -> Quantity:
        return Quantity(self._tokens[start][1], self._tokens[end - 1][2], low, high, unit, of)

    def _touches(self, position: int) -> bool:
        """Whether no space stands before a token."""
        return 0 < position < len(self._tokens) and (
            self._tokens[position][1] == self._tokens[position - 1][2]
        )

    def _currency(self, position: int) -> tuple[int, str]:
        """Where a sum begins, and its currency: "$", or "A$" where a country stands before it."""
        symbol, country = _CURRENCIES[self._word(position)], self._word(position - 1)
        if self._touches(position) and country in ("us", "a", "c", "hk", "nz"):
            return position - 1, symbol if country == "us" else country.upper() + symbol
        return position, symbol

    def _vague(self, position: int) -> tuple[Quantity, int] | None:
        """ "Dozens", "hundreds of thousands"."""
        if self._word(position) not in _VAGUE:
            return None
        low, high = _VAGUE[self._word(position)]
        end = position + 1
        while self._word(end) == "of" and self._word(end + 1) in _VAGUE:
            scale, most = _VAGUE[self._word(end + 1)]
            low, high, end = low * scale / 2, high * most, end + 2
        of = self._counted(end + (self._word(end) == "of"))
        return self._made(position, end, low, high, "", of), end

    def _share(self, position: int) -> tuple[Quantity, int] | None:
        """ "A third of", "three quarters", "half of": percent."""
        word, after = self._word(position), self._word(position + 1)
        if word == "half":
            count, part, end = 1.0, 2, position + 1
        else:
            count = 1.0 if word == "a" else _UNITS.get(word, 0.0)
            end = position + 2 + (after in _DASHES)
            part = _PARTS.get(self._word(end - 1), 0)
        several = self._word(end - 1).endswith("s")
        whole = self._word(end) in ("of", "the", "its", "their")
        if not 0 < count < part or not (several or whole or not self._word(end).isalpha()):
            return None
        if (
            self._word(end) == "of"
            and self._word(end + 1) == "a"
            and self._word(end + 2) in _SCALES
        ):
            return None  # "a quarter of a million"
        value = 100 * count / part
        start, end, low, high = self._modified(position, end, value, value - 1, value + 1)
        return self._made(start, end, low, high, "%", frozenset()), end

    def _value(self, position: int, *, money: bool) -> _Value | None:
        """A number at a position, with its scale: "12", "twenty-three", "$2bn", "two hundred and fifty thousand"."""
        word = self._word(position)
        if word[:1].isdecimal():
            digits = word.replace(",", "")
            if len(digits) > _MOST_DIGITS:
                return None
            return self._scaled(_Value(float(digits), _rounding(digits), position + 1), money=money)
        part = self._part_of_scale(position)
        if part is not None:
            return part
        return self._spelled(position)

    def _scaled(self, read: _Value, *, money: bool) -> _Value:
        """A number in digits with the scale behind it: "3.2 million", "$787-billion", "€340m"."""
        end = read.end + (self._word(read.end) in _DASHES and self._word(read.end + 1) in _SCALES)
        word = self._word(end)
        scale = _SCALES.get(word, 0.0)
        if word in _SHORT_SCALES and self._touches(end) and (money or word != "m"):
            scale = _SHORT_SCALES[word]
        if not scale:
            return read
        value = read.value * scale
        return _Value(value, min(max(read.open, 0.5) * scale, value / 41), end + 1, scale)

    def _part_of_scale(self, position: int) -> _Value | None:
        """ "Half a million", "a quarter of a million"."""
        words = self._words[position : position + 5]
        for phrase, share in (
            (("half", "a"), 0.5),
            (("half", "of", "a"), 0.5),
            (("a", "quarter", "of", "a"), 0.25),
        ):
            scale = _SCALES.get(self._word(position + len(phrase)), 0.0)
            if tuple(words[: len(phrase)]) == phrase and scale:
                value = share * scale
                opened = 0.0 if value < 100 else value / 20
                return _Value(value, opened, position + len(phrase) + 1, scale)
        return None

    def _spelled(self, position: int) -> _Value | None:
        """A number in words."""
        total, current, end, last = 0.0, 0.0, position, 0.0
        if self._word(position) == "a" and self._word(position + 1) in _SCALES:
            current, end = 1.0, position + 1
        while end < position + 12:
            at = end + (end > position and self._word(end) in ("and", *_DASHES))
            word, joined = self._word(at), at > end
            if word in _TENS and (not current or last >= 100):
                current, last = current + _TENS[word], 10.0
            elif word in _UNITS and (not current or last >= (100 if _UNITS[word] > 9 else 10)):
                current, last = current + _UNITS[word], 1.0
            elif word == "a" and joined and self._word(at + 1) == "half" and current:
                current, last, at = current + 0.5, 1.0, at + 1  # "one and a half million"
            elif word in _SCALES and current and not (joined and self._word(end) == "and"):
                if _SCALES[word] > 100:
                    total, current = total + current * _SCALES[word], 0.0
                else:
                    current *= _SCALES[word]
                last = _SCALES[word]
            else:
                break
            end = at + 1
        value = total + current
        if end == position or (value == 0 and self._word(position) != "zero"):
            return None
        scale = last if last >= 100 else 1.0
        return _Value(value, value / 40 if scale > 100 else 0.0, end, scale)

    def _is_pronoun(self, start: int, end: int) -> bool:
        """ "One of them", "no one", "one another"."""
        if self._words[start:end] != ["one"]:
            return False
        return self._out_of(_Value(1.0, 0.0, end)) is None

    def _is_year(self, start: int, end: int) -> bool:
        if end != start + 1 or not _YEAR.fullmatch(self._word(start)) or self._kind_before(start):
            return False
        return self._word(start - 1) in _YEAR_AFTER or not self._counted(end)

    def _second(self, first: _Value, start: int, *, money: bool) -> _Value | None:
        """The second, greater number of a range: "10 to 12", "between 10 and 12", "10-12"."""
        between = self._word(start - 1) == "between"
        if self._word(first.end) not in ("to", *_DASHES, *(("and",) if between else ())):
            return None
        if self._word(first.end) in _DASHES and not self._touches(first.end):
            return None  # "500 – 20 of them children – "
        at = first.end + 1
        second = self._value(at + (self._word(at) in _SYMBOLS), money=money)
        return second if second is not None and second.value > first.value else None

    def _out_of(self, first: _Value) -> _Value | None:
        """The whole of "nine out of ten", "one in ten"."""
        if self._word(first.end) == "out" and self._word(first.end + 1) == "of":
            at = first.end + 2
        elif self._word(first.end) == "in":
            at = first.end + 1
        else:
            return None
        whole = self._value(at + (self._word(at) == "every"), money=False)
        if whole is None or not first.value < whole.value <= 1_000:
            return None
        return None if self._counted(whole.end) & _SPANS else whole

    def _unit(self, unit: str, position: int) -> tuple[str, int]:
        """The currency or percent that follows a number, and where it ends."""
        if unit:
            return unit, position
        at = position + (self._word(position) in _DASHES)
        if self._word(at) == "per":
            dash = self._word(at + 1) in _DASHES
            if self._word(at + 1 + dash) == "cent":
                return "%", at + 2 + dash
        word = self._word(at)
        if word in _PERCENT:
            return "%", at + 1
        if word in _CURRENCIES:
            return _CURRENCIES[word], at + 1
        return "", position

    def _counted(self, position: int) -> frozenset[str]:
        """Stems of up to three words that follow a number."""
        words: list[str] = []
        if self._word(position) in _DASHES:  # "an 11-point lead"
            position += 1
        while len(words) < 3 and self._word(position).isalpha():
            if self._word(position) in _ENDS_UNIT:
                break
            words.append(self._word(position))
            position += 1
        return content_words(" ".join(words))

    def _kind_before(self, start: int) -> tuple[str, int] | None:
        """What the words before a number make of it, and how many these are."""
        for length in range(min(_LONGEST, start - self._read), 0, -1):
            kind = _BEFORE.get(" ".join(self._words[start - length : start]))
            if kind:
                return kind, length
        return None

    def _modified(
        self, start: int, end: int, value: float, low: float, high: float
    ) -> tuple[int, int, float, float]:
        """The range that the words before or after a number make of it, and where the whole stands."""
        before = self._kind_before(start)
        if before:
            return start - before[1], end, *_range(before[0], value, low, high)
        kind = _AFTER.get(" ".join(self._words[end : end + 2]))
        if kind:
            return start, end + 2, *_range(kind, value, low, high)
        return start, end, low, high


def _range(kind: str, value: float, low: float, high: float) -> tuple[float, float]:
    """What a modifier makes of a value and of the range that its rounding leaves open."""
    margin = max(_NEAR * abs(value), high - value)
    above, below = math.nextafter(value, math.inf), math.nextafter(value, -math.inf)
    return {
        "from": (value, math.inf),
        "to": (-math.inf, value),
        "above": (above, math.inf),
        "below": (-math.inf, below),
        "slightly above": (above, max(above, value + margin)),
        "slightly below": (min(below, value - margin), below),
        "near": (value - margin, value + margin),
        "exactly": (low, high),
    }[kind]


def _rounding(digits: str) -> float:
    """How far a number in digits may be rounded: 500 for 41,000, 0.05 for 3.2, 0 for 12; a fortieth of it at most."""
    if "." in digits:
        return 0.5 * 10.0 ** -len(digits.partition(".")[2])
    zeros = len(digits) - len(digits.rstrip("0"))
    return min(0.5 * 10.0**zeros, float(digits) / 40) if zeros > 1 else 0.0
