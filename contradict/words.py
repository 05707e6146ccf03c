"""The words of a text that say what it is about."""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files

_WORD = re.compile(r"[^\W_](?:[\w'’.,-]*[^\W_])?")


def similarity(one: str, other: str) -> float:
    """Cosine of two texts' content words, each counted once; 0 (none shared) to 1 (all shared)."""
    left, right = content_words(one), content_words(other)
    return len(left & right) / (len(left) * len(right)) ** 0.5 if left and right else 0.0


@lru_cache(maxsize=2_048)  # the same statement comes in many pairs
def content_words(text: str) -> frozenset[str]:
    """Stems (Snowball's) of the words that say what a text is about."""
    words = (match.group().lower() for match in _WORD.finditer(text))
    stems = (_stem(word.removesuffix("'s").removesuffix("’s")) for word in words)
    return frozenset(stem for stem in stems if stem)


@cache
def _stem(word: str) -> str:
    """The stem of a word in lower case; empty for one that says nothing of the topic."""
    return "" if word in _stop_words() else _stemmer()(word)


@cache
def _stop_words() -> frozenset[str]:
    lines = (files("contradict") / "stop_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _stemmer() -> Callable[[str], str]:
    import snowballstemmer

    stem: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stem
