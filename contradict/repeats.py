"""The same claim counted once, however often it is repeated, copied, or contradicted by much the same."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from contradict.records import Finding, Place, Statement, pair_id

_WORD = re.compile(r"\w+(?:['’.,]\w+)*")
_ARTICLES = ("a", "an", "the")

AGAIN = 0.85
"""What is left of the odds of a conflict for each likelier one between the same documents that has one of its claims.

On the articles that the decision is fitted to, 0.6 to 0.9 rank distinct conflicts better than 1 does; from 0.85 on
single pairs are ranked as well as before.
"""


def lower_crowded(findings: Iterable[Finding], *, threshold: float) -> list[Finding]:
    """The findings, best first, with what repeats a likelier one in other words lowered; see `crowded_scores`.

    Args:
        findings: In any order.
        threshold: Score from which they are flagged.
    """
    findings = list(findings)
    scores = crowded_scores([(each.score, each.left, each.right) for each in findings])
    lowered = [
        replace(each, score=score, flagged=score >= threshold)
        for each, score in zip(findings, scores, strict=True)
    ]
    return sorted(lowered, key=lambda finding: (-finding.score, finding.id))


def crowded_scores(scored: Sequence[tuple[float, Statement, Statement]]) -> list[float]:
    """The scores of pairs, given what else their claims conflict with.

    A claim that is denied in one sentence looks as if it were in the sentences around it, too. So the odds of a pair
    shrink by `AGAIN` for each likelier pair of the same two documents that shares a claim with it; of its two claims
    the one with more of them counts.

    Args:
        scored: Scores with the two statements, in any order.
    """
    counts: Counter[Hashable] = Counter()
    known: set[Hashable] = set()
    given = [0.0] * len(scored)
    for number, (score, left, right) in sorted(
        enumerate(scored), key=lambda item: (-item[1][0], pair_id(*item[1][1:]))
    ):
        documents = frozenset((left.document, right.document))
        one, other = ((documents, claim_of(side)) for side in (left, right))
        odds = AGAIN ** max(counts[one], counts[other])
        given[number] = score * odds / (1 - score + score * odds)
        both = frozenset((one, other))
        if both not in known:  # repeated, it is still one conflict
            known.add(both)
            counts.update(both)
    return given


def merge_repeats(findings: Iterable[Finding], *, across: bool = True) -> list[Finding]:
    """One finding for each two claims: the first of those that show them, with the places of the others.

    Args:
        findings: Best first.
        across: Whether copies in other documents count as repeats.
    """
    groups: dict[Hashable, list[Finding]] = {}
    for finding in findings:
        both = frozenset((claim_of(finding.left), claim_of(finding.right)))
        documents = None if across else (finding.left.document, finding.right.document)
        groups.setdefault((both, finding.kind, documents), []).append(finding)
    return [
        replace(first, repeats=tuple(_places(each, like=first) for each in others))
        if others
        else first
        for first, *others in groups.values()
    ]


def claim_of(statement: Statement) -> Hashable:
    """What statements of the same claim have in common: holder, stance, and the words, apart from articles.

    Across documents only a proper name, or the document's own voice, is the same holder.
    """
    named = statement.holder is None or statement.holder[:1].isupper()
    return None if named else statement.document, *words_of(statement)


def words_of(statement: Statement) -> tuple[str, str, tuple[str, ...]]:
    """Holder, stance and words of a claim, apart from articles: what is equal in copies."""
    words = _WORD.findall(statement.proposition.casefold())
    return (
        (statement.holder or "").casefold(),
        statement.stance,
        tuple(word for word in words if word not in _ARTICLES),
    )


def _places(finding: Finding, *, like: Finding) -> tuple[Place, Place]:
    """Where the two statements of a finding stand, the one of the other's left claim first."""
    left, right = Place.of(finding.left), Place.of(finding.right)
    return (left, right) if claim_of(finding.left) == claim_of(like.left) else (right, left)
