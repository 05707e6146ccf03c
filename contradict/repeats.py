"""The same claim counted once, however often it is repeated in a document or copied by others."""

from collections.abc import Hashable, Iterable
from dataclasses import replace

from contradict.algebra import is_negated
from contradict.records import Finding, Place, Statement
from contradict.words import stems


def merge_repeats(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each two claims: the first of those that show them, with the places of the others.

    Args:
        findings: Best first.
    """
    groups: dict[frozenset[Hashable], list[Finding]] = {}
    for finding in findings:
        both = frozenset((claim_of(finding.left), claim_of(finding.right)))
        groups.setdefault(both, []).append(finding)
    return [
        replace(first, repeats=tuple(_places(each, like=first) for each in others))
        if others
        else first
        for first, *others in groups.values()
    ]


def claim_of(statement: Statement) -> Hashable:
    """What statements of the same claim have in common: holder, stance, and the words that matter, in order."""
    text = statement.proposition
    words = stems(text) or (text.casefold(),)
    return (statement.holder or "").casefold(), statement.stance, is_negated(text), words


def _places(finding: Finding, *, like: Finding) -> tuple[Place, Place]:
    """Where the two statements of a finding stand, the one of the other's left claim first."""
    left, right = Place.of(finding.left), Place.of(finding.right)
    return (left, right) if claim_of(finding.left) == claim_of(like.left) else (right, left)
