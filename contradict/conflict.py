"""From a scored pair to a finding: the stance algebra, the evidence, one calibrated probability, and a reason.

What two holders commit themselves to collides when what one asserts contradicts what the other asserts, or
entails what the other denies. The evidence for that is folded by a logistic model whose coefficients stand,
readable, in ``calibration.json`` (``scripts/calibrate.py`` fits it).
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from contradict.records import Finding, Kind, Nli, Pair, PairScore, Statement
from contradict.words import content_words

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot)\b|n['’]t\b", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_FLOOR = 1e-4
_DENIED_FROM = -3.0  # log-odds of 5 %


@dataclass(frozen=True, slots=True)
class Fold:
    """A logistic model that folds the evidence into one probability.

    Attributes:
        coefficients: Weight of each feature of `evidence`.
        intercept: Log-odds where all features are 0.
        threshold: Default probability from which a pair is flagged.
    """

    coefficients: Mapping[str, float]
    intercept: float
    threshold: float

    def without(self, feature: str, *, at: float) -> "Fold":
        """The same with a feature held at one value, so that it tells nothing."""
        return replace(
            self,
            coefficients={**self.coefficients, feature: 0.0},
            intercept=self.intercept + self.coefficients[feature] * at,
        )

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability that a fact-checker calls the pair conflicting."""
        total = self.intercept + math.fsum(
            self.coefficients[name] * features[name] for name in sorted(features)
        )
        return 1 / (1 + math.exp(-max(-500.0, min(500.0, total))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the evidence is folded.

    Attributes:
        found: For pairs found in articles, where conflicts are rare.
        given: For pairs that somebody chose to compare (`contradict score`).
    """

    found: Fold
    given: Fold


@cache
def load_calibration() -> Calibration:
    """The calibration that the library ships with."""
    data = json.loads((files("contradict") / "calibration.json").read_text("utf-8"))
    found, given = (
        Fold(part["coefficients"], part["intercept"], part["threshold"])
        for part in (data["found"], data["given"])
    )
    return Calibration(found, given)


def commits(statement: Statement) -> bool:
    """Whether a stance commits anybody to anything: questions and hypotheses do not."""
    return statement.stance not in ("questions", "hypothesizes")


def can_conflict(left: Statement, right: Statement) -> bool:
    """Whether two stances can collide at all, whatever the propositions say.

    Two denials, or two reports of what others claim, collide practically never.
    """
    if not (commits(left) and commits(right)):
        return False
    return left.stance != right.stance or left.stance == "asserts"


def judge(
    pair: Pair,
    nli: Nli,
    *,
    threshold: float,
    model: str,
    calibration: Calibration | None = None,
) -> Finding:
    """Decide how likely the two statements of a pair conflict, what kind of conflict it is, and why."""
    score = (calibration or load_calibration()).found.probability(evidence(pair, nli))
    return Finding(
        kind=kind_of(pair.left, pair.right),
        score=score,
        flagged=score >= threshold,
        reason=explain(pair, nli),
        left=pair.left,
        right=pair.right,
        nli=nli,
        similarity=pair.similarity,
        model=model,
    )


def judge_given(
    pair: Pair,
    nli: Nli,
    *,
    texts: Pair,
    texts_nli: Nli,
    threshold: float,
    calibration: Calibration | None = None,
) -> PairScore:
    """The same for texts that somebody chose to compare, where a conflict is likelier from the start.

    Args:
        pair: A statement of each text.
        nli: What the model says of the two propositions.
        texts: The two texts as they are, in the same order.
        texts_nli: What the model says of these.
        threshold: Score from which the pair is flagged.
        calibration: How the evidence is folded; None for the default.
    """
    if not can_conflict(pair.left, pair.right):
        reason = f"one side {pair.left.stance}, the other {pair.right.stance}: such stances do not collide"
        return PairScore(0.0, threshold <= 0, None, reason, nli)
    features = evidence_given(pair, nli, texts, texts_nli)
    score = (calibration or load_calibration()).given.probability(features)
    kind = kind_of(pair.left, pair.right)
    return PairScore(score, score >= threshold, kind, explain(pair, nli), nli)


def evidence(pair: Pair, nli: Nli) -> dict[str, float]:
    """The features of a pair; the same whichever statement comes first.

    Returns:
        collision: Log-odds of what the stance algebra asks for: that the asserted proposition entails the
            denied one, or where nobody denies, that either contradicts the other.
        opposite_polarity: 1 where one side is negative on the whole, by negation or denial, and the other not.
        denied: Where one side denies, by how much the collision exceeds `_DENIED_FROM`: an explicit denial is
            strong evidence, but only of what somebody does state.
        similarity: How much the propositions share.
        same_holder: 1 where both sides have the same speaker.
        attributed: Share of the two that somebody says, rather than the document itself.
        length: Log of the number of content words of the shorter proposition.
    """
    left, right = pair.left, pair.right
    words = min(len(content_words(side.proposition)) for side in (left, right))
    collision = _log_odds(_collision(left, right, nli))
    denial = _is_denial(left, right)
    return {
        "collision": collision,
        "opposite_polarity": float(_negative(left) != _negative(right)),
        "denied": max(0.0, collision - _DENIED_FROM) if denial else 0.0,
        "similarity": pair.similarity,
        "same_holder": float(_same_holder(left, right)),
        "attributed": (float(left.speaker is not None) + float(right.speaker is not None)) / 2,
        "length": math.log1p(words),
    }


def evidence_given(pair: Pair, nli: Nli, texts: Pair, texts_nli: Nli) -> dict[str, float]:
    """The features of two given texts: those of a pair of their statements, and of the texts themselves.

    Returns:
        Those of `evidence`, and
        texts_contradict: Log-odds of contradiction between the texts, in the direction where it is stronger.
        texts_contradict_least: The same in the other direction.
        texts_entail: Log-odds of entailment, in the direction where it is stronger.
        texts_similarity: How much the texts share.
    """
    contradictions = (texts_nli.forward.contradiction, texts_nli.backward.contradiction)
    return {
        **evidence(pair, nli),
        "texts_contradict": _log_odds(max(contradictions)),
        "texts_contradict_least": _log_odds(min(contradictions)),
        "texts_entail": _log_odds(max(texts_nli.forward.entailment, texts_nli.backward.entailment)),
        "texts_similarity": texts.similarity,
    }


def _collision(left: Statement, right: Statement, nli: Nli) -> float:
    """How far one statement rules out the other, 0 to 1; what entails the other way round does not."""
    forward, backward = nli.forward, nli.backward
    if not _is_denial(left, right):
        return max(
            forward.contradiction * (1 - backward.entailment),
            backward.contradiction * (1 - forward.entailment),
        )
    return (forward if _denies(right) else backward).entailment


def kind_of(left: Statement, right: Statement) -> Kind:
    """The kind of conflict the two statements are in if they are in one."""
    if _same_holder(left, right):
        dated = left.date is not None and right.date is not None
        return "reversal" if dated and left.date != right.date else "self-contradiction"
    return "denial" if _is_denial(left, right) else "contradiction"


def explain(pair: Pair, nli: Nli) -> str:
    """Why the pair may conflict, in plain words."""
    left, right = pair.left, pair.right
    if _is_denial(left, right):
        denier, other = (left, right) if _denies(left) else (right, left)
        implied = _collision(left, right, nli)
        return (
            f"{_who(denier)} denies “{_bare(denier.proposition)}”; {_who(other)} "
            f"{'mentions' if other.stance == 'reports' else 'says'} “{_bare(other.proposition)}”, "
            f"which implies it with probability {implied:.2f}"
        )
    grounds = []
    negated = is_negated(left.proposition)
    if negated != is_negated(right.proposition):
        grounds.append(f"only the {'first' if negated else 'second'} negates it")
    numbers = _differing_numbers(left, right)
    if numbers:
        grounds.append(f"{numbers[0]} against {numbers[1]}")
    forward, backward = nli.forward.contradiction, nli.backward.contradiction
    grounds.append(
        f"read as contradictory with probability {forward:.2f} one way and {backward:.2f} the other"
    )
    who = " and ".join(dict.fromkeys((_who(left), _who(right))))
    return f"{who} about {_shared_words(left, right)}: {'; '.join(grounds)}"


def is_negated(text: str) -> bool:
    """Whether a text has a word of negation."""
    return _NEGATION.search(text) is not None


def _is_denial(left: Statement, right: Statement) -> bool:
    """Whether one side denies and the other does not."""
    return _denies(left) != _denies(right)


def _denies(statement: Statement) -> bool:
    return statement.stance == "denies"


def _same_holder(left: Statement, right: Statement) -> bool:
    """Whether both have the same speaker; across documents only a proper name tells."""
    if left.holder is None or right.holder is None:
        return left.holder == right.holder and left.document == right.document
    named = left.document == right.document or left.holder[:1].isupper()
    return named and left.holder.casefold() == right.holder.casefold()


def _negative(statement: Statement) -> bool:
    """Whether the speaker, all in all, says that something is not so."""
    return is_negated(statement.proposition) != _denies(statement)


def _differing_numbers(left: Statement, right: Statement) -> tuple[str, str] | None:
    """The first number of each side, where both name numbers and share none."""
    one = _NUMBER.findall(left.proposition)
    other = _NUMBER.findall(right.proposition)
    if one and other and not set(one) & set(other):
        return one[0], other[0]
    return None


def _log_odds(probability: float) -> float:
    probability = min(max(probability, _FLOOR), 1 - _FLOOR)
    return math.log(probability / (1 - probability))


def _who(statement: Statement) -> str:
    return statement.holder or "the text"


def _bare(proposition: str) -> str:
    return proposition.rstrip(".?!")


def _shared_words(left: Statement, right: Statement) -> str:
    """The words both propositions have in common, as the left one writes them."""
    shared = content_words(left.proposition) & content_words(right.proposition)
    words = dict.fromkeys(
        word for word in re.findall(r"[\w'’-]+", left.proposition) if content_words(word) & shared
    )
    return ", ".join(list(words)[:5]) or "the same thing"
