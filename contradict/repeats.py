"""The same claim counted once, however often it is repeated in a document or copied by others."""

import re
from collections.abc import Hashable, Iterable
from dataclasses import replace

from contradict.records import Finding, Place, Statement

_WORD = re.compile(r"\w+(?:['’.,]\w+)*")
_ARTICLES = ("a", "an", "the")


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
