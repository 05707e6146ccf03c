"""Which statements are about the same thing, found without comparing all with all.

Propositions become vectors of word stems, weighted by how rare a stem is among them (tf-idf); only those that
share a stem, or stand within `REACH` of each other ("That is false" shares no word with what it answers), ever
meet, and each statement brings at most `NEIGHBOURS` partners. So the number of pairs grows with the number of
statements, not with its square.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from contradict.algebra import can_conflict, commits, is_denial, same_holder
from contradict.records import Pair, Statement
from contradict.words import content_words, similarity

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NEIGHBOURS = 8
"""Most partners that a statement brings to the pairs; others may choose it beyond that."""

MIN_COSINE = 0.1
"""Tf-idf cosine below which two propositions do not meet by their words."""

REACH = 8
"""How many statements before and behind it in the document a statement meets, whatever their words."""

_WEIGHTS = (3.8, 1.5, 1.6, 1.0)
"""Weights of `likelihood_features`, fitted by ``scripts/fit_pairing.py``: a ranking, no probability."""

MIN_LIKELIHOOD = 1.3
"""Sum of the weighted features below which a partner is not worth reading."""

_COMMON = 2_000
"""A stem in more propositions than this says too little to bring two of them together."""

_NEAREST = 64
"""Of the propositions near a statement's own, and of the statements of each, how many are looked at."""

_ROWS_AT_ONCE = 512


def find_pairs(
    statements: Sequence[Statement], *, within: bool = True, across: bool = True
) -> list[Pair]:
    """Pair statements that share words, the rarer the better, or stand close together.

    Args:
        statements: In the order of the text.
        within: Whether to pair statements of one document.
        across: Whether to pair statements of different documents.

    Returns:
        Each pair once, ``left`` the earlier: by date where both have one, else in the order given. None is of
        stances that never conflict, of the same words with the same stance, or of passages that overlap, but for a
        claim and its denial in one sentence.
    """
    found: set[tuple[int, int]] = set()
    for i, cosines in find_candidates(statements, within=within, across=across):
        partners = choose_partners(statements, i, cosines)
        found.update((min(i, j), max(i, j)) for j in partners)
    return [pair_up(statements[i], statements[j]) for i, j in sorted(found)]


def find_candidates(
    statements: Sequence[Statement], *, within: bool = True, across: bool = True
) -> Iterator[tuple[int, dict[int, float]]]:
    """Each statement with all that it meets and may be paired with: indices, with the cosines of their words."""
    groups: dict[str, list[int]] = {}
    for index, statement in enumerate(statements):
        if commits(statement):
            groups.setdefault(statement.proposition.casefold(), []).append(index)
    members = list(groups.values())
    for own, near in zip(members, _nearest(list(groups)), strict=True):
        met = {j: cosine for group, cosine in near for j in first_members(members[group])}
        for i in own:
            yield i, candidates_of(statements, i, met, within=within, across=across)


def first_members(group: Iterable[int]) -> Iterator[int]:
    """Of the statements of one proposition, those that are looked at."""
    return islice(group, _NEAREST)


def candidates_of(
    statements: Sequence[Statement],
    i: int,
    met: Mapping[int, float],
    *,
    within: bool,
    across: bool,
) -> dict[int, float]:
    """Of the statements that one meets by its words, and of those around it, the ones it may be paired with."""
    cosines = dict(met)
    for j in range(max(0, i - REACH), min(len(statements), i + REACH + 1)):
        if statements[j].document == statements[i].document:
            cosines.setdefault(j, 0.0)
    return {
        j: cosine
        for j, cosine in cosines.items()
        if _may_pair(statements[i], statements[j], within=within, across=across)
    }


def choose_partners(
    statements: Sequence[Statement], i: int, candidates: Mapping[int, float]
) -> list[int]:
    """The candidates that are worth reading, the most promising `NEIGHBOURS`."""
    partners = []
    for j, cosine in candidates.items():
        features = likelihood_features(statements, i, j, cosine)
        likelihood = sum(w * f for w, f in zip(_WEIGHTS, features, strict=True))
        if likelihood >= MIN_LIKELIHOOD:
            partners.append((-likelihood, j))
    return [j for _, j in sorted(partners)[:NEIGHBOURS]]


def likelihood_features(
    statements: Sequence[Statement], i: int, j: int, cosine: float
) -> tuple[float, float, float, float]:
    """What makes a partner promising: shared words, nearness, a denial on one side, another holder."""
    one, other = statements[i], statements[j]
    near = 1 / abs(i - j) if one.document == other.document else 0.0
    return cosine, near, float(is_denial(one, other)), float(not same_holder(one, other))


def _may_pair(one: Statement, other: Statement, *, within: bool, across: bool) -> bool:
    same_document = one.document == other.document
    if not (within if same_document else across) or not can_conflict(one, other):
        return False
    if same_document and one.start < other.end and other.start < one.end:
        return is_denial(one, other) and _same_words(one, other)  # "rejected Ann's claim that p"
    return one.stance != other.stance or not _same_words(one, other)


def _same_words(one: Statement, other: Statement) -> bool:
    return one.proposition.casefold() == other.proposition.casefold()


def pair_up(one: Statement, other: Statement) -> Pair:
    """The pair of two statements; ``left`` is the earlier by date where both have one, else the first given."""
    if one.date and other.date and other.date < one.date:
        one, other = other, one
    return Pair(one, other, similarity(one.proposition, other.proposition))


def _nearest(propositions: Sequence[str]) -> Iterator[list[tuple[int, float]]]:
    """For each proposition itself and its nearest, nearest first, as indices with cosines."""
    words = [content_words(proposition) for proposition in propositions]
    vectors = vectorize(words, weigh(count_stems(words), len(words)))
    for row, near in enumerate(nearest_in_block(vectors, vectors, start=0, own=range(len(words)))):
        yield [(row, 1.0), *near]


def count_stems(words: Iterable[frozenset[str]]) -> Counter[str]:
    """In how many propositions, given by their words, each stem occurs."""
    return Counter(stem for each in words for stem in each)


def weigh(counts: Mapping[str, int], propositions: int) -> Mapping[str, float]:
    """The inverse document frequency of stems, smoothed as scikit-learn does; without those that are too common.

    Args:
        counts: See `count_stems`.
        propositions: How many propositions there are.
    """
    kept = sorted(stem for stem, count in counts.items() if count <= _COMMON)
    return {stem: math.log((1 + propositions) / (1 + counts[stem])) + 1 for stem in kept}


def vectorize(words: Sequence[frozenset[str]], weights: Mapping[str, float]) -> "csr_matrix":
    """Unit vectors of propositions, shape (propositions, stems): the weights of their stems.

    Args:
        words: The words of each proposition.
        weights: See `weigh`; their order is that of the columns.
    """
    import numpy as np
    from scipy.sparse import csr_matrix

    column = {stem: index for index, stem in enumerate(weights)}
    value = np.fromiter(weights.values(), np.float32, len(weights))
    rows = [sorted(column[stem] for stem in each if stem in column) for each in words]
    starts = np.cumsum([0, *map(len, rows)])
    indices = np.fromiter((index for row in rows for index in row), np.int64, starts[-1])
    vectors = csr_matrix((value[indices], indices, starts), (len(rows), len(weights)))
    lengths = np.sqrt(vectors.multiply(vectors).sum(axis=1)).A1
    vectors.data /= np.repeat(lengths, np.diff(starts))
    return vectors


def nearest_in_block(
    vectors: "csr_matrix", block: "csr_matrix", *, start: int, own: Sequence[int]
) -> Iterator[list[tuple[int, float]]]:
    """For each proposition those of a block that are nearest to it, nearest first, as indices with cosines.

    Args:
        vectors: Of the propositions, one a row; see `vectorize`.
        block: Vectors of others, some or all.
        start: Index of the block's first proposition.
        own: Index of each proposition, which is not near itself.
    """
    import numpy as np

    transposed = block.T.tocsr()
    for first in range(0, vectors.shape[0], _ROWS_AT_ONCE):
        product = (vectors[first : first + _ROWS_AT_ONCE] @ transposed).tocsr()
        for row in range(product.shape[0]):
            place = slice(product.indptr[row], product.indptr[row + 1])
            columns, cosines = product.indices[place] + start, product.data[place]
            near = (cosines >= MIN_COSINE) & (columns != own[first + row])
            columns, cosines = columns[near], cosines[near]
            order = np.lexsort((columns, -cosines))[:_NEAREST]
            yield list(zip(columns[order].tolist(), cosines[order].tolist(), strict=True))


def nearest_of_all(blocks: Iterable[list[tuple[int, float]]]) -> list[tuple[int, float]]:
    """The nearest of all blocks, from the nearest of each."""
    return sorted(chain.from_iterable(blocks), key=lambda near: (-near[1], near[0]))[:_NEAREST]
