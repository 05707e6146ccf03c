"""Quantities in English text as ranges that can be compared: "at least 12", "fourteen", "$2bn", "three quarters".

A number stands for the range of values that it leaves open: what is rounded ("41,000") for all that rounds to it, "more
than 12" for all above. Two quantities are comparable if they count the same: the same currency, percent, years, or
things that share a word. They differ if no value lies in both ranges.
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
    "hundred": 1e2, "dozen": 12.0, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6,
    "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12, "trn": 1e12,
}  # fmt: skip
_SYMBOL_SCALES = frozenset(
    {"k", "mn", "m", "bn", "b", "tn", "trn"}
)  # "$2bn"; a bare "5 m" is metres
_VAGUE = {
    "dozens": (24.0, 999.0),
    "scores": (40.0, 999.0),
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
    "$": "$", "dollar": "$", "dollars": "$", "€": "€", "euro": "€", "euros": "€", "£": "£", "pounds": "£",
    "sterling": "£", "¥": "¥", "yen": "¥", "rubles": "₽", "roubles": "₽", "rupees": "₹",
}  # fmt: skip
_SYMBOLS = frozenset("$€£¥")
_PERCENT = frozenset({"%", "percent", "pct"})

# What stands before a number, the longest first, and the range it makes of a value.
_BEFORE = {
    "no fewer than": "from", "no less than": "from", "not less than": "from", "a minimum of": "from",
    "at least": "from", "at the least": "from",
    "no more than": "to", "not more than": "to", "a maximum of": "to", "at most": "to", "up to": "to",
    "as many as": "to", "as much as": "to", "as few as": "from", "only": "exactly",
    "just over": "slightly above", "slightly more than": "slightly above", "a little over": "slightly above",
    "just under": "slightly below", "slightly less than": "slightly below", "nearly": "slightly below",
    "almost": "slightly below",
    "more than": "above", "greater than": "above", "over": "above", "above": "above", "exceeding": "above",
    "fewer than": "below", "less than": "below", "under": "below", "below": "below",
    "about": "near", "around": "near", "roughly": "near", "approximately": "near", "some": "near",
    "an estimated": "near", "close to": "near", "in the region of": "near",
}  # fmt: skip
_AFTER = {
    "or more": "from",
    "or so": "near",
    "or less": "to",
    "or fewer": "to",
    "at least": "from",
    "at most": "to",
}
_LONGEST = max(len(phrase.split()) for phrase in _BEFORE)
_NEAR = 0.1
_MOST = 50  # quantities of a text that are compared: two statements of thousands would take minutes

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
# Digits that count nothing: times of day, scores, ordinals, days of a month, names such as B-52 or 9/11.
_NO_COUNT = re.compile(
    r"\d+(?::\d+)+|\b\d+(?:st|nd|rd|th)\b|\b[^\W\d_]+-?\d[\w-]*|\b\d+(?:/\d+)+"
    rf"|\b{_MONTHS}\s+\d{{1,2}}\b(?:,(?=\s*\d{{4}}))?|\b\d{{1,2}}\s+{_MONTHS}",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"[$€£¥%]|\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)?|[-–—]|\S"
)
_NUMBER = re.compile(
    rf"\d|\b(?:{'|'.join(sorted({*_UNITS, *_TENS, *_SCALES, *_VAGUE, *_PARTS} - _SYMBOL_SCALES))})\b",
    re.IGNORECASE,
)
_SCORE = re.compile(r"\b(\d{1,3})[-–](\d{1,3})\b")  # "3-2"; "10-12" is a range
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_ENDS_UNIT = frozenset([
    "a", "an", "and", "are", "as", "at", "but", "by", "for", "from", "had", "has", "have", "if", "in", "is", "it",
    "more", "of", "on", "or", "per", "than", "that", "the", "their", "them", "they", "to", "was", "were", "when",
    "where", "which", "while", "who", "will", "with", "would",
])  # fmt: skip


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
        if self.unit != other.unit:
            return False
        return bool(self.unit) or not self.of or not other.of or bool(self.of & other.of)

    def overlaps(self, other: "Quantity") -> bool:
        """Whether a value lies in the ranges of both."""
        return max(self.low, other.low) <= min(self.high, other.high)


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
    """The first quantity of each text that the other text contradicts; None where nothing comparable differs.

    A quantity that agrees with any comparable one of the other text is not contradicted by the rest.
    """
    ones = find_quantities(left)[:_MOST]
    others = find_quantities(right)[:_MOST] if ones else []
    for one in ones:
        met = [other for other in others if one.comparable(other)]
        if met and not any(one.overlaps(other) for other in met):
            for other in met:
                back = [each for each in ones if each.comparable(other)]
                if not any(each.overlaps(other) for each in back):
                    return one, other
    return None


def _blank(found: re.Match[str]) -> str:
    return "\N{BLACK SQUARE}" * len(found[0])


class _Scanner:
    """Reads numbers off a list of tokens (text in lower case, start, end)."""

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
            unit = _CURRENCIES[self._word(position)]
            position += 1
        read = self._value(position, money=bool(unit))
        if read is None:
            return None
        value, step, position = read
        first_end = position
        if self._is_year(start, position):
            return self._made(start, position, value, value, "year", frozenset()), position
        low, high = value - step / 2, value + step / 2
        second = self._second(position, start, money=bool(unit))
        if second:
            other, other_step, position = second
            if other > value:
                high = other + other_step / 2
            else:
                position = first_end
        out_of = self._out_of(position)
        if out_of and not unit:
            total, position = out_of
            value, unit = 100 * value / total, "%"
            low, high = value - 0.5, value + 0.5
        unit, position = self._unit(unit, position)
        of, _ = self._counted(position) if not unit else (frozenset[str](), position)
        if not second:
            start, position, low, high = self._modified(start, position, value, low, high)
        return self._made(start, position, low, high, unit, of), position

    def _made(
        self, start: int, end: int, low: float, high: float, unit: str, of: frozenset[str]
    ) -> Quantity:
        return Quantity(self._tokens[start][1], self._tokens[end - 1][2], low, high, unit, of)

    def _vague(self, position: int) -> tuple[Quantity, int] | None:
        """ "Dozens", "hundreds of thousands"."""
        if self._word(position) not in _VAGUE:
            return None
        low, high = _VAGUE[self._word(position)]
        end = position + 1
        while self._word(end) == "of" and self._word(end + 1) in _VAGUE:
            scale, most = _VAGUE[self._word(end + 1)]
            low, high, end = low * scale / 2, high * most, end + 2
        if self._word(end) == "of":
            end += 1
        of, _ = self._counted(end)
        return self._made(position, end, low, high, "", of), end

    def _share(self, position: int) -> tuple[Quantity, int] | None:
        """ "A third", "three quarters", "half of": percent."""
        word, after = self._word(position), self._word(position + 1)
        if word == "half" and after in ("of", "the", "a", "an", "its", "their"):
            return self._made(position, position + 1, 49.0, 51.0, "%", frozenset()), position + 1
        count = 1.0 if word == "a" else _UNITS.get(word, 0.0)
        following = position + 1 + (after in ("-", "–"))
        part = _PARTS.get(self._word(following), 0)
        if part and 0 < count < part and self._word(following + 1) not in ("-", "place"):
            value = 100 * count / part
            end = following + 1
            return self._made(position, end, value - 1, value + 1, "%", frozenset()), end
        return None

    def _value(self, position: int, *, money: bool) -> tuple[float, float, int] | None:
        """A number at a position: its value, what its last significant digit counts, and where it ends."""
        word = self._word(position)
        if word[:1].isdecimal():
            value, step = float(word.replace(",", "")), _last_digit(word)
            position += 1
        elif (
            word in _UNITS or word in _TENS or (word == "a" and self._word(position + 1) in _SCALES)
        ):
            if word == "a" and self._word(position + 1) in _SYMBOL_SCALES:
                return None
            value, position = self._spelled(position)
            step = 1.0
        else:
            return None
        while self._word(position) in _SCALES:
            scale = self._word(position)
            attached = self._tokens[position][1] == self._tokens[position - 1][2]
            if scale in _SYMBOL_SCALES and not (attached and (money or scale != "m")):
                break
            value *= _SCALES[scale]
            step = min(step * _SCALES[scale], value / 20)
            position += 1
        return value, step, position

    def _spelled(self, position: int) -> tuple[float, int]:
        """A number below a hundred in words: "twenty-three", "twelve", "a" before a scale."""
        word = self._word(position)
        if word in _TENS:
            after = position + 1 + (self._word(position + 1) in ("-", "–"))
            ones = _UNITS.get(self._word(after), 0.0)
            if 1 <= ones <= 9:
                return _TENS[word] + ones, after + 1
            return _TENS[word], position + 1
        return _UNITS.get(word, 1.0), position + 1

    def _is_year(self, start: int, end: int) -> bool:
        word, before = self._word(start), self._word(start - 1)
        if end != start + 1 or not _YEAR.fullmatch(word):
            return False
        counted, _ = self._counted(end)
        return before in (
            "in",
            "since",
            "of",
            "by",
            "until",
            "from",
            "during",
            "before",
            "after",
        ) or (not counted and before not in ("than", "least", "about", "over"))

    def _second(self, position: int, start: int, *, money: bool) -> tuple[float, float, int] | None:
        """The second number of a range, which ends at it: "10 to 12", "between 10 and 12", "10-12"."""
        between = self._word(start - 1) == "between"
        if self._word(position) not in ("to", "-", "–", *(("and",) if between else ())):
            return None
        position += 1
        if self._word(position) in _SYMBOLS:
            position += 1
        return self._value(position, money=money)

    def _out_of(self, position: int) -> tuple[float, int] | None:
        """The whole of "nine out of ten", "one in ten"."""
        if self._word(position) == "out" and self._word(position + 1) == "of":
            position += 2
        elif self._word(position) == "in":
            position += 1
        else:
            return None
        if self._word(position) in ("every", "the"):
            position += 1
        whole = self._value(position, money=False)
        if whole and 0 < whole[0] <= 1_000 and not self._is_year(position, whole[2]):
            return whole[0], whole[2]
        return None

    def _unit(self, unit: str, position: int) -> tuple[str, int]:
        """The currency or percent that follows a number, and where it ends."""
        word = self._word(position)
        if unit:
            return unit, position
        if word == "per" and self._word(position + 1) == "cent":
            word, position = "percent", position + 1
        if word in _PERCENT:
            return "%", position + 1
        if word in _CURRENCIES:
            return _CURRENCIES[word], position + 1
        return "", position

    def _counted(self, position: int) -> tuple[frozenset[str], int]:
        """Stems of up to three words that follow a number."""
        words: list[str] = []
        if self._word(position) == "-":  # "an 11-point lead"
            position += 1
        while len(words) < 3 and self._word(position).isalpha():
            if self._word(position) in _ENDS_UNIT:
                break
            words.append(self._word(position))
            position += 1
        return content_words(" ".join(words)), position

    def _modified(
        self, start: int, end: int, value: float, low: float, high: float
    ) -> tuple[int, int, float, float]:
        """The range that the words before or after a number make of it, and where the whole stands."""
        for length in range(min(_LONGEST, start - self._read), 0, -1):
            kind = _BEFORE.get(" ".join(self._words[start - length : start]))
            if kind:
                return start - length, end, *_range(kind, value, low, high)
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
        "slightly above": (above, value + margin),
        "slightly below": (value - margin, below),
        "near": (value - margin, value + margin),
        "exactly": (low, high),
    }[kind]


def _last_digit(word: str) -> float:
    """What the last significant digit of a number counts: 1000 in 41,000, 0.1 in 3.2; a twentieth of it at most."""
    digits = word.replace(",", "")
    if "." in digits:
        return 10.0 ** -len(digits.partition(".")[2])
    zeros = len(digits) - len(digits.rstrip("0"))
    return min(10.0**zeros, max(1.0, float(digits) / 20))
