"""Which documents are copies of one story, more or less.

A sketch keeps the smallest hashes of a text's word sequences; those of two texts tell what share of their sequences
is the same (bottom-k sketches; Broder 1997, Cohen and Kaplan 2007).
"""

import hashlib
import heapq
import re

_WORD = re.compile(r"\w+")
_WORDS = 4
_KEPT = 48

Sketch = tuple[int, ...]
"""Hashes of 63 bits, rising."""


def sketch(text: str) -> Sketch:
    """The smallest hashes of the sequences of four words in a text; of all its words where it has fewer."""
    words = _WORD.findall(text.casefold())
    starts = range(max(1, len(words) - _WORDS + 1)) if words else ()
    sequences = {" ".join(words[start : start + _WORDS]) for start in starts}
    return tuple(heapq.nsmallest(_KEPT, map(_hash, sequences)))


def resemblance(one: Sketch, other: Sketch) -> float:
    """The share of sequences that two texts have in common, of all that either has; 0 to 1."""
    union = heapq.nsmallest(_KEPT, {*one, *other})
    both = {*one} & {*other}
    return sum(value in both for value in union) / len(union) if union else 0.0


def _hash(sequence: str) -> int:
    digest = hashlib.blake2b(sequence.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1  # SQLite's integers have a sign
