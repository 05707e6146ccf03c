"""Which statements are about the same thing, found without comparing all with all.

Statements become vectors of word stems, weighted by how rare a stem is among them (tf-idf); only
statements that share a stem ever meet, and each brings at most `NEIGHBOURS` partners. So the number of pairs
grows with the number of statements, not with its square.
"""

from collections.abc import Sequence

from contradict.conflict import can_conflict
from contradict.records import Pair, Statement
from contradict.words import content_words, similarity

NEIGHBOURS = 8
"""Most partners that a statement brings to the pairs; others may choose it beyond that."""

MIN_COSINE = 0.1
"""Tf-idf cosine below which two statements are not taken to be about the same thing."""

_COMMON = 2_000
"""A stem in more statements than this says too little to bring two of them together."""

_ROWS_AT_ONCE = 512


def find_pairs(
    statements: Sequence[Statement], *, within: bool = True, across: bool = True
) -> list[Pair]:
    """Pair statements that share words, the rarer the better.

    Args:
        statements: In the order of the text; the earlier one of a pair becomes its ``left``.
        within: Whether to pair statements of one document.
        across: Whether to pair statements of different documents.

    Returns:
        Each pair once, in the order of its left, then its right statement; none of passages that overlap, nor
        of stances that never conflict.
    """
    words = [sorted(content_words(s.proposition)) for s in statements]
    pairs = []
    for i, j in _neighbours(words, [s.document for s in statements], within=within, across=across):
        left, right = statements[i], statements[j]
        if can_conflict(left, right) and not _overlap(left, right):
            pairs.append(Pair(left, right, similarity(left.proposition, right.proposition)))
    return pairs


def _overlap(left: Statement, right: Statement) -> bool:
    same = left.document == right.document
    return same and left.start < right.end and right.start < left.end


def _neighbours(
    words: Sequence[Sequence[str]], documents: Sequence[str], *, within: bool, across: bool
) -> list[tuple[int, int]]:
    """Index pairs (smaller first, sorted) of each statement and its nearest."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=list, dtype=np.float32, max_df=_COMMON)
    try:
        vectors = vectorizer.fit_transform(words)
    except ValueError:  # scikit-learn's way to say that there are no words to go by
        return []
    _, home = np.unique(np.array(documents), return_inverse=True)
    transposed = vectors.T.tocsr()
    found: set[tuple[int, int]] = set()
    for start in range(0, vectors.shape[0], _ROWS_AT_ONCE):
        block = (vectors[start : start + _ROWS_AT_ONCE] @ transposed).tocsr()
        for row in range(block.shape[0]):
            i = start + row
            columns = block.indices[block.indptr[row] : block.indptr[row + 1]]
            cosines = block.data[block.indptr[row] : block.indptr[row + 1]]
            same = home[columns] == home[i]
            wanted = (columns != i) & (cosines >= MIN_COSINE) & np.where(same, within, across)
            columns, cosines = columns[wanted], cosines[wanted]
            nearest = columns[np.lexsort((columns, -cosines))[:NEIGHBOURS]]
            found.update((min(i, int(j)), max(i, int(j))) for j in nearest)
    return sorted(found)
