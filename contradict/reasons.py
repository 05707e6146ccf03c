"""Why a pair may conflict: in plain words, and as the words of the document that carry it."""

import re

from contradict.algebra import (
    collision,
    denies,
    find_negations,
    has_negation,
    is_denial,
)
from contradict.quantities import differing, find_quantities
from contradict.records import Mark, MarkRole, Nli, Pair, Statement
from contradict.words import content_words

_MORE = 0.25
"""By how much more likely two sentences must contradict each other than the statements in them to be told."""

_WORD = re.compile(r"[\w'’-]+")


def explain(pair: Pair, nli: Nli, texts_nli: Nli | None = None) -> str:
    """Why the pair may conflict, in plain words.

    Args:
        pair: The two statements.
        nli: What the model says of their propositions.
        texts_nli: What it says of the texts they stand in, which is told where it decides; None where unknown.
    """
    left, right = pair.left, pair.right
    if is_denial(left, right):
        return _explain_denial(left, right, nli, texts_nli)
    grounds = []
    negated = has_negation(left.proposition)
    if negated != has_negation(right.proposition):
        grounds.append(f"only the {'first' if negated else 'second'} negates it")
    quantities = differing(left.proposition, right.proposition)
    if quantities:
        first, second = (
            text[quantity.start : quantity.end]
            for text, quantity in zip(
                (left.proposition, right.proposition), quantities, strict=True
            )
        )
        grounds.append(f"{first} against {second}")
    forward, backward = nli.forward.contradiction, nli.backward.contradiction
    other_way = "" if nli.one_way else f" one way and {backward:.2f} the other"
    grounds.append(f"read as contradictory with probability {forward:.2f}{other_way}")
    around = _around(texts_nli)
    if around - max(forward, backward) >= _MORE:
        grounds.append(f"their whole sentences with {around:.2f}")
    who = " and ".join(dict.fromkeys((_who(left, right), _who(right, left))))
    about = _shared_words(left, right)
    return f"{who}{f' about {about}' if about else ''}: {'; '.join(grounds)}"


def _explain_denial(left: Statement, right: Statement, nli: Nli, texts_nli: Nli | None) -> str:
    denier, other = (left, right) if denies(left) else (right, left)
    denial = f"{_who(denier, other)} denies “{_bare(denier.proposition)}”"
    told = other.stance == "reports"
    if denier.proposition == other.proposition:
        if told and other.holder is None:
            return f"{denial}, which {_who(other, denier)} tells as a claim without saying whose"
        return f"{denial}; {_who(other, denier)} {'mentions' if told else 'says'} just that"
    implied = collision(left, right, nli)
    reason = (
        f"{denial}; {_who(other, denier)} {'mentions' if told else 'says'} “{_bare(other.proposition)}”, "
        f"which implies it with probability {implied:.2f}"
    )
    around = _around(texts_nli)
    if around - implied >= _MORE:
        return f"{reason}; their whole sentences are read as contradictory with {around:.2f}"
    return reason


def _around(texts_nli: Nli | None) -> float:
    """How probable it is that the sentences contradict each other; 0 where they were not read."""
    if texts_nli is None:
        return 0.0
    return max(texts_nli.forward.contradiction, texts_nli.backward.contradiction)


def mark(statement: Statement, other: Statement) -> tuple[Mark, ...]:
    """The words of a statement that carry a conflict with another, in the order of the text.

    Where one side denies, its cue; where only one proposition is negated, the words of negation; where they name
    quantities that differ, the first of these; and the words that both propositions have in common.
    """
    text, start = statement.text, statement.start
    roles: dict[tuple[int, int], MarkRole] = {}
    common = _common_stems(statement, other)
    for word in _WORD.finditer(text):
        if content_words(word.group()) & common and not has_negation(word.group()):
            roles[word.span()] = "shared"
    if has_negation(statement.proposition) != has_negation(other.proposition):
        roles |= {negation.span(): "negation" for negation in find_negations(text)}
    amount = _amount(statement, other)
    if amount:
        first, last = amount
        roles = {span: role for span, role in roles.items() if span[1] <= first or last <= span[0]}
        roles[amount] = "number"
    if statement.cue is not None and denies(statement) and not denies(other):
        roles[statement.cue.start - start, statement.cue.end - start] = "denial"
    return tuple(
        Mark(start + first, start + last, roles[first, last]) for first, last in sorted(roles)
    )


def _amount(statement: Statement, other: Statement) -> tuple[int, int] | None:
    """Where the text of a statement has the quantity of its proposition that differs from one of the other's."""
    quantities = differing(statement.proposition, other.proposition)
    if quantities is None:
        return None
    wanted = (quantities[0].low, quantities[0].high, quantities[0].unit)
    for found in find_quantities(statement.text):
        if (found.low, found.high, found.unit) == wanted:
            return found.start, found.end
    return None


def _common_stems(left: Statement, right: Statement) -> frozenset[str]:
    return content_words(left.proposition) & content_words(right.proposition)


def _who(statement: Statement, other: Statement) -> str:
    """Who says it: the speaker, or the text, by its name where the other one stands in another text."""
    if statement.holder:
        return statement.holder
    return "the text" if statement.document == other.document else statement.document


def _bare(proposition: str) -> str:
    return proposition.rstrip(".?!")


def _shared_words(left: Statement, right: Statement) -> str:
    """The words both propositions have in common, as the left one writes them; there may be none."""
    common = _common_stems(left, right)
    words = (word.group() for word in _WORD.finditer(left.proposition))
    shared = dict.fromkeys(word for word in words if content_words(word) & common)
    return ", ".join(list(shared)[:5])
