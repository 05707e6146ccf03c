"""How a claim stands to what was said before."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from contradict.algebra import denies, is_denial
from contradict.reasons import mark
from contradict.records import (
    KINDS,
    Context,
    Finding,
    Kind,
    Mark,
    Nli,
    Pair,
    Place,
    Probabilities,
    Statement,
    pair_id,
)
from contradict.repeats import words_of

MatchKind = Literal[Kind, "support", "related"]
MATCH_KINDS: tuple[str, ...] = (*KINDS, "support", "related")

MATCH_COLUMNS = (
    *("id", "kind", "score", "flagged", "support", "reason"),
    *(
        f"{side}_{name}"
        for side in ("claim", "statement")
        for name in ("document", "speaker", "stance", "text", "proposition", "start", "end", "date")
    ),
    *("similarity", "model", "copies"),
)
"""Columns of a CSV file of matches; ``copies`` is how many there are."""

SUPPORTS_FROM = 0.5
"""Probability of following from which an earlier statement counts as support."""

HOPEFUL = 0.2
"""The same, by a model that only takes the first look, from which the other one reads it, too."""


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier statement that bears on a claim.

    Attributes:
        kind: The kind of conflict (see `contradict.records.Finding`), ``support`` (it says the same or more), or
            ``related``.
        score: Calibrated probability that a fact-checker would call the two conflicting, 0 to 1.
        flagged: ``score >= threshold``; then, and only then, the kind is one of conflict.
        support: Probability that what its speaker commits to implies the claim, 0 to 1.
        reason: Why, in plain words.
        claim: The claim.
        statement: The earlier statement.
        context: What stands around the earlier statement.
        nli: What the model said; forward has the earlier passage as premise.
        similarity: How much the two share, 0 to 1.
        model: Name of the model that scored them.
        marks: The words that carry it, in the claim and in the statement.
        copies: Where else the archive has the same statement.
        finding: Id of the finding about the two.
    """

    kind: MatchKind
    score: float
    flagged: bool
    support: float
    reason: str
    claim: Statement
    statement: Statement
    context: Context
    nli: Nli
    similarity: float
    model: str
    marks: tuple[tuple[Mark, ...], tuple[Mark, ...]]
    finding: str
    copies: tuple[Place, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.finding,
            "kind": self.kind,
            "score": self.score,
            "flagged": self.flagged,
            "support": self.support,
            "reason": self.reason,
            "claim": self.claim.to_dict(),
            "statement": self.statement.to_dict(),
            "context": self.context.to_dict(),
            "nli": self.nli.to_dict(),
            "similarity": self.similarity,
            "model": self.model,
            "marks": {
                "claim": [mark.to_dict() for mark in self.marks[0]],
                "statement": [mark.to_dict() for mark in self.marks[1]],
            },
            "copies": [place.to_dict() for place in self.copies],
        }


def support_direction(claim: Statement, statement: Statement) -> tuple[str, str]:
    """Premise and hypothesis that tell whether a statement supports a claim.

    What is said must entail what is claimed; of two denials, what is denied now must entail what was denied before.
    """
    if denies(claim) and denies(statement):
        return claim.proposition, statement.proposition
    return statement.proposition, claim.proposition


def support(claim: Statement, statement: Statement, reading: Probabilities) -> float:
    """How far a statement supports a claim, by what a model said of `support_direction`.

    Of a denial and an assertion, one supports the other as far as the propositions rule each other out.
    """
    if claim.proposition == statement.proposition:
        return float(not is_denial(claim, statement))
    return reading.contradiction if is_denial(claim, statement) else reading.entailment


def match(
    claim: Statement,
    pair: Pair,
    finding: Finding | None,
    reading: Probabilities,
    context: Context,
    model: str,
) -> Match:
    """What a claim and an earlier statement come to.

    Args:
        claim: The claim, one side of the pair.
        pair: The two.
        finding: What was found about them; None where their stances cannot collide.
        reading: What the model says of `support_direction`.
        context: What stands around the statement.
        model: Name of the model.
    """
    statement = pair.right if pair.left is claim else pair.left
    supports = support(claim, statement, reading)
    kind: MatchKind
    if finding is not None and finding.flagged:
        kind, reason = finding.kind, finding.reason
    elif supports >= SUPPORTS_FROM:
        kind, reason = "support", f"implies the claim with probability {supports:.2f}"
    else:
        kind, reason = "related", "about the same, but neither a conflict nor a support"
    return Match(
        kind=kind,
        score=finding.score if finding else 0.0,
        flagged=finding is not None and finding.flagged,
        support=supports,
        reason=reason,
        claim=claim,
        statement=statement,
        context=context,
        nli=finding.nli if finding else Nli.once(reading),
        similarity=pair.similarity,
        model=model,
        marks=(mark(claim, statement), mark(statement, claim)),
        finding=pair_id(claim, statement),
    )


def flat_match(each: Match) -> dict[str, Any]:
    """A match as a row of a table, by `MATCH_COLUMNS`."""
    row: dict[str, Any] = each.to_dict() | {"copies": len(each.copies)}
    for side, statement in (("claim", each.claim), ("statement", each.statement)):
        data = statement.to_dict() | {"speaker": statement.holder}
        row |= {f"{side}_{name}": value for name, value in data.items()}
    return row


def rank(matches: Iterable[Match]) -> list[Match]:
    """Conflicts first, then supports, then what is related, each by how strong it is; of copies the earliest."""
    ranked = sorted(matches, key=_order)
    groups: dict[Hashable, list[Match]] = {}
    for each in ranked:
        groups.setdefault((each.claim.id, each.kind, words_of(each.statement)), []).append(each)
    return [
        replace(first, copies=tuple(Place.of(other.statement) for other in others))
        if others
        else first
        for first, *others in groups.values()
    ]


def most_of_each(matches: Sequence[Match], limit: int) -> list[Match]:
    """Of each claim at most so many conflicts, so many supports and so many related statements."""
    counts: Counter[Hashable] = Counter()
    kept = []
    for each in matches:
        group = (each.claim.id, "conflict" if each.flagged else each.kind)
        counts[group] += 1
        if counts[group] <= limit:
            kept.append(each)
    return kept


def _order(each: Match) -> tuple[Any, ...]:
    statement = each.statement
    place = (statement.date or "unknown", statement.document, statement.start, each.finding)
    if each.flagged:
        return 0, -each.score, place
    if each.kind == "support":
        return 1, -each.support, place
    return 2, -each.similarity, place
