"""Every record that flows through the library. Read this first.

    Document ─▶ Statement ─▶ Pair ─▶ Finding ─▶ Report

All are frozen. Offsets are half-open character offsets into the untouched text of the document:
``document.text[statement.start:statement.end] == statement.text``, always. ``to_dict`` gives what stands
in a JSONL line, ``from_dict`` reads it back without loss.
"""

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Self, TypeVar, get_args

T = TypeVar("T")

SCHEMA = 1
"""Version of the finding record; raised when a field changes its meaning."""

Stance = Literal["asserts", "denies", "reports", "questions", "hypothesizes"]
Kind = Literal["denial", "contradiction", "self-contradiction", "reversal"]
MarkRole = Literal["shared", "negation", "number", "denial"]

STANCES: tuple[str, ...] = get_args(Stance)
KINDS: tuple[str, ...] = get_args(Kind)
MARK_ROLES: tuple[str, ...] = get_args(MarkRole)


def iso_date(value: str | datetime.date) -> str:
    """A date as year, month and day, like 2015-10-01: of the forms of ISO 8601 the one that sorts as dates do.

    Raises:
        ValueError: A text is not of this form, or of no day that there is.
    """
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    try:
        if datetime.date.fromisoformat(value).isoformat() == value:
            return value
    except (TypeError, ValueError):
        pass
    raise ValueError(f"a date must be like 2015-10-01 (year, month, day), got {value!r}")


def check_threshold(threshold: float) -> None:
    """Refuse what is no probability.

    Raises:
        ValueError: The threshold is not between 0 and 1.
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold must be between 0 and 1, got {threshold}")


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read, and what is known about it.

    Attributes:
        name: What findings call it: a file name, a path relative to the folder that was read, or a record's id.
        text: The text, untouched; every offset counts in it.
        date: ISO 8601 date of publication where known; may be given as a ``datetime.date``.
        outlet: Who published it, where known.
        markup: How the text is marked up; markup is no part of any statement.

    Raises:
        ValueError: The date is no ISO 8601 date, such as 2015-10-01.
    """

    name: str
    text: str
    date: str | None = None
    outlet: str | None = None
    markup: Literal["plain", "markdown"] = "plain"

    def __init__(
        self,
        name: str,
        text: str,
        date: str | datetime.date | None = None,
        outlet: str | None = None,
        markup: Literal["plain", "markdown"] = "plain",
    ) -> None:
        day = None if date is None else iso_date(date)
        for field, value in zip(self.__slots__, (name, text, day, outlet, markup), strict=True):
            object.__setattr__(self, field, value)

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "text": self.text,
            "date": self.date,
            "outlet": self.outlet,
            "markup": self.markup,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["name"], data["text"], data["date"], data["outlet"], data["markup"])


@dataclass(frozen=True, slots=True)
class Span:
    """A passage of a document: ``text[start:end]``."""

    text: str
    start: int
    end: int

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "start": self.start, "end": self.end}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["text"], data["start"], data["end"])


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who takes the stance: the mention as it stands in the text, and the resolved name."""

    text: str
    start: int
    end: int
    name: str

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "start": self.start, "end": self.end, "name": self.name}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["text"], data["start"], data["end"], data["name"])


@dataclass(frozen=True, slots=True)
class Statement:
    """A proposition that somebody takes a stance on.

    Attributes:
        document: Name of the document it stands in.
        start: Offset of the first character of ``text``.
        end: Offset behind the last character of ``text``.
        text: The document's own words, with the quotation marks and the "that" around them.
        proposition: The self-contained sentence that is scored; in the assertive form, so that a denied
            proposition is what is being denied.
        speaker: Who says it; None is the document's own voice.
        cue: The word that says so ("said", "denied"); None where nothing does.
        stance: What the speaker does with the proposition.
        quoted: Whether it stands between quotation marks.
        date: ISO 8601 date of the document, where known.
        outlet: Who published the document, where known.
        narrated: Whether nobody states the proposition but the document, which tells there what the speaker says,
            thinks, wants or does: "Voters lined up (to see Kasich)"; or whether the words are no clause, as in
            "praised (her record)". `contradict statements` lists such statements in its files, for who wants to know
            of whom a passage speaks; they are in no table and in no pair.
    """

    document: str
    start: int
    end: int
    text: str
    proposition: str
    speaker: Speaker | None = None
    cue: Span | None = None
    stance: Stance = "asserts"
    quoted: bool = False
    date: str | None = None
    outlet: str | None = None
    narrated: bool = False

    @property
    def id(self) -> str:
        """Stable across runs: depends on document, offsets and proposition only."""
        return _stable_id(self.document, str(self.start), str(self.end), self.proposition)

    @property
    def holder(self) -> str | None:
        """Resolved name of the speaker; None for the document's own voice."""
        return self.speaker.name if self.speaker else None

    def to_dict(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "id": self.id,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "proposition": self.proposition,
            "speaker": self.speaker.to_dict() if self.speaker else None,
            "cue": self.cue.to_dict() if self.cue else None,
            "stance": self.stance,
            "quoted": self.quoted,
            "date": self.date,
            "outlet": self.outlet,
            "narrated": self.narrated,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            document=data["document"],
            start=data["start"],
            end=data["end"],
            text=data["text"],
            proposition=data["proposition"],
            speaker=Speaker.from_dict(data["speaker"]) if data["speaker"] else None,
            cue=Span.from_dict(data["cue"]) if data["cue"] else None,
            stance=data["stance"],
            quoted=data["quoted"],
            date=data["date"],
            outlet=data.get("outlet"),
            narrated=data.get("narrated", False),
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """Two statements about the same thing; ``left`` is the earlier passage.

    Attributes:
        left: The earlier passage.
        right: The later passage.
        similarity: How much the two share, 0 to 1 (see `contradict.words.similarity`).
    """

    left: Statement
    right: Statement
    similarity: float


@dataclass(frozen=True, slots=True)
class Probabilities:
    """What an NLI model says of one premise and hypothesis; the three add up to 1."""

    entailment: float
    neutral: float
    contradiction: float

    def to_dict(self) -> dict[str, float]:
        return {
            "entailment": self.entailment,
            "neutral": self.neutral,
            "contradiction": self.contradiction,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, float]) -> Self:
        return cls(data["entailment"], data["neutral"], data["contradiction"])


@dataclass(frozen=True, slots=True)
class Nli:
    """What a model says of a pair.

    Attributes:
        forward: With the left text as premise.
        backward: With the right text as premise.
        one_way: Whether only one direction was read; the other then repeats it.
    """

    forward: Probabilities
    backward: Probabilities
    one_way: bool = False

    @classmethod
    def once(cls, read: Probabilities) -> Self:
        """What is known when one direction has been read."""
        return cls(read, read, one_way=True)

    @property
    def swapped(self) -> Self:
        """The same with the two texts in the other order."""
        return replace(self, forward=self.backward, backward=self.forward)

    def to_dict(self) -> dict[str, Any]:
        return {
            "forward": self.forward.to_dict(),
            "backward": self.backward.to_dict(),
            "one_way": self.one_way,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            Probabilities.from_dict(data["forward"]),
            Probabilities.from_dict(data["backward"]),
            data.get("one_way", False),
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a document that carry a conflict, and how.

    Attributes:
        start: Offset of the first character in the document.
        end: Offset behind the last character.
        role: ``shared`` (both sides speak of it), ``negation``, ``number``, or ``denial`` (the cue).
    """

    start: int
    end: int
    role: MarkRole

    def to_dict(self) -> dict[str, Any]:
        return {"start": self.start, "end": self.end, "role": self.role}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["start"], data["end"], data["role"])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands: ``text[start:end]`` of a document."""

    document: str
    start: int
    end: int

    @classmethod
    def of(cls, statement: Statement) -> Self:
        """Where ``statement`` stands."""
        return cls(statement.document, statement.start, statement.end)

    def to_dict(self) -> dict[str, Any]:
        return {"document": self.document, "start": self.start, "end": self.end}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["document"], data["start"], data["end"])


@dataclass(frozen=True, slots=True)
class Context:
    """What a statement stands in: its sentence, and as much around it as a reader needs to judge it.

    Attributes:
        text: The document's own words: ``document.text[start:end]``.
        start: Offset of the first character in the document.
        sentence_start: Offset where the statement's sentence begins, or the first of several.
        sentence_end: Offset behind that sentence.
    """

    text: str
    start: int
    sentence_start: int
    sentence_end: int

    @property
    def end(self) -> int:
        """Offset behind the last character."""
        return self.start + len(self.text)

    @property
    def sentence(self) -> str:
        """The statement's sentence."""
        return self.text[self.sentence_start - self.start : self.sentence_end - self.start]

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "start": self.start,
            "sentence_start": self.sentence_start,
            "sentence_end": self.sentence_end,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["text"], data["start"], data["sentence_start"], data["sentence_end"])


@dataclass(frozen=True, slots=True)
class SplitDocument:
    """A document taken apart.

    Attributes:
        document: The document.
        statements: Its statements, in the order of the text.
        sentences: The sentence, or sentences, that each statement stands in, as readable text.
        contexts: What stands around each statement.
        names: The names in the document, without titles, and whether each is a person's.
        left_out: Characters of passages that run on without the end of a sentence and were left out.
    """

    document: Document
    statements: tuple[Statement, ...]
    sentences: tuple[str, ...]
    contexts: tuple[Context, ...]
    names: Mapping[str, bool]
    left_out: int = 0

    def to_dict(self) -> dict[str, Any]:
        return {
            "document": self.document.to_dict(),
            "statements": [statement.to_dict() for statement in self.statements],
            "sentences": list(self.sentences),
            "contexts": [context.to_dict() for context in self.contexts],
            "names": dict(self.names),
            "left_out": self.left_out,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            Document.from_dict(data["document"]),
            tuple(map(Statement.from_dict, data["statements"])),
            tuple(data["sentences"]),
            tuple(map(Context.from_dict, data["contexts"])),
            data["names"],
            data["left_out"],
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """Two statements and how likely a fact-checker is to call them conflicting.

    Attributes:
        kind: ``denial`` (one side explicitly denies what the other states), ``contradiction`` (incompatible
            assertions), ``self-contradiction`` (the same speaker, same time), ``reversal`` (the same
            speaker, later).
        score: Calibrated probability of a conflict, 0 to 1; what repeats a likelier finding in other words has less
            (`contradict.repeats.crowded_scores`).
        flagged: ``score >= threshold`` of the run that made it.
        reason: Why, in plain words.
        left: The earlier passage.
        right: The later passage.
        nli: What the model said of the propositions.
        similarity: How much the two statements share, 0 to 1.
        model: Name of the model that scored them.
        marks: The words that carry the conflict, those of the left statement and those of the right one.
        repeats: Where else the same two claims meet, repeated in a document or copied by another: the places of
            the left and of the right one. The finding stands for all of them.
        contexts: What stands around the left statement and around the right one; None where that is not known.
    """

    kind: Kind
    score: float
    flagged: bool
    reason: str
    left: Statement
    right: Statement
    nli: Nli
    similarity: float
    model: str
    marks: tuple[tuple[Mark, ...], tuple[Mark, ...]] = ((), ())
    repeats: tuple[tuple[Place, Place], ...] = ()
    contexts: tuple[Context | None, Context | None] = (None, None)

    @property
    def id(self) -> str:
        """Depends on the two statements only, whichever is left, so that verdicts survive a re-run."""
        return pair_id(self.left, self.right)

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "score": self.score,
            "flagged": self.flagged,
            "reason": self.reason,
            "left": self.left.to_dict(),
            "right": self.right.to_dict(),
            "nli": self.nli.to_dict(),
            "similarity": self.similarity,
            "model": self.model,
            "marks": _by_side(self.marks, lambda marks: [mark.to_dict() for mark in marks]),
            "repeats": [_by_side(places, Place.to_dict) for places in self.repeats],
            "contexts": _by_side(self.contexts, lambda each: each and each.to_dict()),
            "schema": SCHEMA,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            kind=data["kind"],
            score=data["score"],
            flagged=data["flagged"],
            reason=data["reason"],
            left=Statement.from_dict(data["left"]),
            right=Statement.from_dict(data["right"]),
            nli=Nli.from_dict(data["nli"]),
            similarity=data["similarity"],
            model=data["model"],
            marks=_sides(data.get("marks", _NO_MARKS), lambda m: tuple(map(Mark.from_dict, m))),
            repeats=tuple(_sides(each, Place.from_dict) for each in data.get("repeats", ())),
            contexts=_sides(
                data.get("contexts", _NO_CONTEXTS), lambda each: each and Context.from_dict(each)
            ),
        )


@dataclass(frozen=True, slots=True)
class PairScore:
    """What `contradict score` adds to a pair of bare texts."""

    score: float
    flagged: bool
    kind: Kind | None
    reason: str
    nli: Nli

    def to_dict(self) -> dict[str, Any]:
        return {
            "score": self.score,
            "flagged": self.flagged,
            "kind": self.kind,
            "reason": self.reason,
            "nli": self.nli.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be used, and why; the others' results stand."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an analysis found.

    Attributes:
        findings: One for every two claims compared, highest score first; ``flagged`` ones are the conflicts.
        statements: Every statement, in the order of the documents.
        documents: The documents they stand in.
        threshold: The score from which a finding counts as flagged.
        model: Name of the NLI model.
        failures: Inputs that could not be used.
        warnings: What the reader should know, e.g. texts that had to be cut for the model.
    """

    findings: tuple[Finding, ...]
    statements: tuple[Statement, ...]
    documents: tuple[Document, ...]
    threshold: float
    model: str
    failures: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def flagged(self) -> tuple[Finding, ...]:
        """The findings that count as conflicts, highest score first."""
        return tuple(finding for finding in self.findings if finding.flagged)

    def at(self, threshold: float) -> "Report":
        """The same report flagged at another threshold; nothing is scored again.

        Most pairs are ruled out by a first look and score a few per cent at most. For thresholds as low as that,
        analyse with the threshold, which reads on what scores as much.

        Raises:
            ValueError: The threshold is not between 0 and 1.
        """
        check_threshold(threshold)
        findings = tuple(replace(f, flagged=f.score >= threshold) for f in self.findings)
        return replace(self, findings=findings, threshold=threshold)


# For findings written by others.
_NO_MARKS: Mapping[str, Any] = {"left": (), "right": ()}
_NO_CONTEXTS: Mapping[str, Any] = {"left": None, "right": None}


def pair_id(one: Statement, other: Statement) -> str:
    """The id of the finding about two statements, whichever is left."""
    return _stable_id(*sorted((one.id, other.id)))


def _by_side(both: tuple[T, T], write: Callable[[T], Any]) -> dict[str, Any]:
    return {"left": write(both[0]), "right": write(both[1])}


def _sides(data: Mapping[str, Any], read: Callable[[Any], T]) -> tuple[T, T]:
    return read(data["left"]), read(data["right"])


def _stable_id(*parts: str) -> str:
    return hashlib.blake2b(
        "\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8
    ).hexdigest()
