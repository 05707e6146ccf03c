"""Which statements are about the same thing, found without comparing all with all.

Propositions become vectors of word stems, weighted by how rare a stem is among them (tf-idf); only those that
share a stem, or stand within `REACH` of each other ("That is false" shares no word with what it answers), ever
meet, and each statement brings at most `NEIGHBOURS` partners. So the number of pairs grows with the number of
statements, not with its square.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from contradict.algebra import can_conflict, commits, is_denial
from contradict.records import Pair, Statement
from contradict.words import content_words, similarity

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
        passages that overlap, of stances that never conflict, or of the same words with the same stance.
    """
    found: set[tuple[int, int]] = set()
    for i, cosines in find_candidates(statements, within=within, across=across):
        partners = []
        for j, cosine in cosines.items():
            features = likelihood_features(statements, i, j, cosine)
            likelihood = sum(w * f for w, f in zip(_WEIGHTS, features, strict=True))
            if likelihood >= MIN_LIKELIHOOD:
                partners.append((-likelihood, j))
        found.update((min(i, j), max(i, j)) for _, j in sorted(partners)[:NEIGHBOURS])
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
        for i in own:
            cosines = {
                j: cosine for group, cosine in near for j in islice(members[group], _NEAREST)
            }
            for j in range(max(0, i - REACH), min(len(statements), i + REACH + 1)):
                if statements[j].document == statements[i].document:
                    cosines.setdefault(j, 0.0)
            yield (
                i,
                {
                    j: cosine
                    for j, cosine in cosines.items()
                    if _may_pair(statements[i], statements[j], within=within, across=across)
                },
            )


def likelihood_features(
    statements: Sequence[Statement], i: int, j: int, cosine: float
) -> tuple[float, float, float, float]:
    """What makes a partner promising: shared words, nearness, a denial on one side, another holder."""
    one, other = statements[i], statements[j]
    near = 1 / abs(i - j) if one.document == other.document else 0.0
    return cosine, near, float(is_denial(one, other)), float(one.holder != other.holder)


def _may_pair(one: Statement, other: Statement, *, within: bool, across: bool) -> bool:
    same_document = one.document == other.document
    if not (within if same_document else across) or not can_conflict(one, other):
        return False
    if same_document and one.start < other.end and other.start < one.end:
        return False
    return one.stance != other.stance or one.proposition.casefold() != other.proposition.casefold()


def pair_up(one: Statement, other: Statement) -> Pair:
    """The pair of two statements; ``left`` is the earlier by date where both have one, else the first given."""
    if one.date and other.date and other.date < one.date:
        one, other = other, one
    return Pair(one, other, similarity(one.proposition, other.proposition))


def _nearest(propositions: Sequence[str]) -> Iterator[list[tuple[int, float]]]:
    """For each proposition itself and its nearest, nearest first, as indices with cosines."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = [sorted(content_words(proposition)) for proposition in propositions]
    vectorizer = TfidfVectorizer(analyzer=list, dtype=np.float32, max_df=_COMMON)
    try:
        vectors = vectorizer.fit_transform(words)
    except ValueError:  # scikit-learn's way to say that there are no words to go by
        yield from ([(index, 1.0)] for index in range(len(propositions)))
        return
    transposed = vectors.T.tocsr()
    for start in range(0, vectors.shape[0], _ROWS_AT_ONCE):
        block = (vectors[start : start + _ROWS_AT_ONCE] @ transposed).tocsr()
        for row in range(block.shape[0]):
            columns = block.indices[block.indptr[row] : block.indptr[row + 1]]
            cosines = block.data[block.indptr[row] : block.indptr[row + 1]]
            near = (cosines >= MIN_COSINE) & (columns != start + row)
            columns, cosines = columns[near], cosines[near]
            order = np.lexsort((columns, -cosines))[:_NEAREST]
            near_by = zip(columns[order].tolist(), cosines[order].tolist(), strict=True)
            yield [(start + row, 1.0), *near_by]
