"""The stance algebra: what two stances on two propositions have to do with each other.

What two holders commit themselves to collides when what one asserts contradicts what the other asserts, or
entails what the other denies.
"""

import re
from collections.abc import Iterator

from contradict.records import Kind, Nli, Statement

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot)\b|n['’]t\b", re.IGNORECASE
)


COMMITTING = ("asserts", "denies", "reports")
"""The stances that commit somebody to something: questions and hypotheses do not."""


def commits(statement: Statement) -> bool:
    """Whether a stance commits anybody to anything."""
    return statement.stance in COMMITTING


def can_conflict(left: Statement, right: Statement) -> bool:
    """Whether two stances can collide at all, whatever the propositions say.

    Two denials, or two reports of what others claim, collide practically never.
    """
    if not (commits(left) and commits(right)):
        return False
    return left.stance != right.stance or left.stance == "asserts"


def collision(left: Statement, right: Statement, nli: Nli) -> float:
    """How far one statement rules out the other, 0 to 1; what entails the other way round does not."""
    forward, backward = nli.forward, nli.backward
    if not is_denial(left, right):
        return max(
            forward.contradiction * (1 - backward.entailment),
            backward.contradiction * (1 - forward.entailment),
        )
    if left.proposition == right.proposition:
        return 1.0  # whatever the model says
    return (forward if denies(right) else backward).entailment


def decides_backward(left: Statement, right: Statement) -> bool:
    """Whether what the right one says is to be read first: only where the left one denies it does that matter."""
    return is_denial(left, right) and denies(left)


def kind_of(left: Statement, right: Statement) -> Kind:
    """The kind of conflict the two statements are in if they are in one."""
    if same_holder(left, right):
        dated = left.date is not None and right.date is not None
        return "reversal" if dated and left.date != right.date else "self-contradiction"
    return "denial" if is_denial(left, right) else "contradiction"


def is_denial(left: Statement, right: Statement) -> bool:
    """Whether one side denies and the other does not."""
    return denies(left) != denies(right)


def denies(statement: Statement) -> bool:
    """Whether the stance of a statement is a denial of its proposition."""
    return statement.stance == "denies"


def same_holder(left: Statement, right: Statement) -> bool:
    """Whether both have the same speaker; across documents only a proper name tells."""
    if left.holder is None or right.holder is None:
        return left.holder == right.holder and left.document == right.document
    named = left.document == right.document or left.holder[:1].isupper()
    return named and left.holder.casefold() == right.holder.casefold()


def find_negations(text: str) -> Iterator[re.Match[str]]:
    """The words of negation in a text."""
    return _NEGATION.finditer(text)


def has_negation(text: str) -> bool:
    """Whether a text has a word of negation."""
    return next(find_negations(text), None) is not None


def is_negative(statement: Statement) -> bool:
    """Whether the speaker, all in all, says that something is not so."""
    return has_negation(statement.proposition) != denies(statement)
