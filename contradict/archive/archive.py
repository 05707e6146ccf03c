"""A claim against everything already said: documents go in once, and what bears on a new claim comes out.

documents ─ split ─▶ Store ─ nearest ─▶ pairs ─ judge ─▶ Match
"""

import datetime
import os
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Self

from contradict.algebra import can_conflict, commits
from contradict.archive.matches import (
    HOPEFUL,
    MATCH_KINDS,
    Match,
    match,
    most_of_each,
    rank,
    support,
    support_direction,
)
from contradict.archive.readings import KeepingScorer
from contradict.archive.store import Change, Entry, Filter, Store
from contradict.documents import Source, read_documents
from contradict.errors import InputError
from contradict.nli import RememberingScorer
from contradict.pairing import pair_up
from contradict.pipeline import Analyzer, nothing_read
from contradict.reading import Progress, Way, as_statement, ask, direction
from contradict.records import (
    Context,
    Document,
    Failure,
    Probabilities,
    Report,
    Speaker,
    SplitDocument,
    Statement,
    iso_date,
    pair_id,
)
from contradict.speakers import name_all

CANDIDATES = 24
"""Of the statements that share words with a claim, how many are read unless more are asked for."""

_LEAST_CANDIDATES = 8  # of each statement of a claim's sentence, however many it makes

_WAITING = 4  # documents for each process that splits, on their way


@dataclass(frozen=True, slots=True)
class Added:
    """What became of documents that were added.

    Attributes:
        added: How many are new.
        replaced: How many stand in the place of others of the same name.
        unchanged: How many were there already.
        statements: How many statements came in.
        failures: Inputs that could not be used.
        warnings: What the reader should know, though nothing failed; see `contradict.documents.read_documents`.
    """

    added: int
    replaced: int
    unchanged: int
    statements: int
    failures: tuple[Failure, ...]
    warnings: tuple[str, ...] = ()


class Archive:
    """Documents and their statements in a folder, and the models to compare them.

    Example:
        >>> with contradict.Archive("archive", create=True) as archive:  # doctest: +SKIP
        ...     archive.add("articles/")
        ...     for match in archive.check("The strikes target only terrorists."):
        ...         print(match.kind, match.score, match.statement.holder, match.statement.text)
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        create: bool = False,
        analyzer: Analyzer | None = None,
    ) -> None:
        """Open an archive; no model is loaded yet.

        Args:
            folder: Where it is.
            create: Whether to make it where there is none.
            analyzer: The models and the threshold; None for the default ones.

        Raises:
            InputError: There is none, or it cannot be used.
        """
        self.analyzer = analyzer or Analyzer()
        self._store = Store(folder, create=create)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close its file."""
        self._store.close()

    def counts(self) -> dict[str, int]:
        """How many ``documents``, ``stories`` (copies counted once) and ``statements`` there are."""
        return self._store.counts()

    def entries(self) -> Iterator[Entry]:
        """The documents, in the order in which they came."""
        return self._store.entries()

    def speakers(self, name: str) -> tuple[str, ...]:
        """The names of speakers in the archive that a name, or a part of it, may stand for."""
        return self._store.holders(name)

    def undated(self) -> int:
        """How many statements are of documents without a date: ``since`` and ``until`` leave these out."""
        return self._store.undated()

    def add(
        self,
        sources: Source,
        *,
        text_column: str | None = None,
        date: str | None = None,
        replace: bool = False,
        jobs: int = 1,
        progress: Progress | None = None,
    ) -> Added:
        """Add documents; those that are there already, with the same name, text and date, are left as they are.

        A document whose name is taken by one with another text is kept beside it under a longer name ("a.txt#2").
        Each document comes in whole or not at all, one after the other, so that after an interruption the same call
        goes on where it was. Documents are read and split a few at a time, however many there are.

        Args:
            sources: Paths of files or folders, `Document` objects, or a ``datasets.Dataset``; one or many.
            text_column: Column of tables and records that holds the text; None for the usual names.
            date: ISO 8601 date of documents that have none, of their own or from before.
            replace: Whether a document stands in the place of all that were added under its name, instead.
            jobs: In how many processes documents are split; each loads the parser.
            progress: Called with the stage "adding" and the number of documents done.

        Raises:
            InputError: Nothing at all could be read, or the archive cannot be written.
            ValueError: ``jobs`` is less than 1, or the date is none.
        """
        if jobs < 1:
            raise ValueError(f"jobs must be at least 1, got {jobs}")
        check_options(dates={"date": date})
        changes: Counter[Change] = Counter()
        failures: list[Failure] = []
        warnings: list[str] = []
        statements = 0

        def new() -> Iterator[Document]:
            for item in read_documents(sources, text_column=text_column, warn=warnings.append):
                if isinstance(item, Failure):
                    failures.append(item)
                    continue
                item = _dated(item, None if replace else self._store.date_of(item), date)
                if self._store.holds(item, alone=replace):
                    changes["unchanged"] += 1
                else:
                    yield item

        for split in self._split(new(), jobs):
            change = self._store.add(split, in_place=replace)
            changes[change] += 1
            if change != "unchanged":  # another program may have added it meanwhile
                statements += len(split.statements)
            if progress:
                progress("adding", changes.total(), None)
        if not changes:
            raise InputError(nothing_read(failures))
        return Added(
            changes["added"],
            changes["replaced"],
            changes["unchanged"],
            statements,
            tuple(failures),
            tuple(warnings),
        )

    def _split(self, documents: Iterable[Document], jobs: int) -> Iterator[SplitDocument]:
        if jobs == 1:
            for document in documents:
                yield from self.analyzer.split([document])
            return
        with ProcessPoolExecutor(jobs, get_context("spawn"), _end_with_parent) as pool:
            waiting: deque[Future[SplitDocument]] = deque()
            try:
                for document in documents:
                    waiting.append(pool.submit(_split_one, document))
                    if len(waiting) >= jobs * _WAITING:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            except BrokenProcessPool as error:
                raise InputError(
                    "A process that splits documents was ended from outside, by lack of memory perhaps. What was "
                    "added before stands; run the command again, with fewer jobs."
                ) from error
            finally:
                pool.shutdown(cancel_futures=True)

    def remove(self, names: Iterable[str]) -> list[str]:
        """Remove documents by name; returns the names that no document has."""
        return self._store.remove(names)

    def compact(self) -> None:
        """Give back the space of what was removed, and forget what models said that `analyze` did not use last."""
        self._store.compact()

    def verify(self) -> list[str]:
        """What is wrong with the archive's file, a line each; nothing if all is well."""
        return self._store.problems()

    def analyze(
        self, *, within: bool = True, across: bool = True, progress: Progress | None = None
    ) -> Report:
        """Find the conflicts in all documents, like `Analyzer.analyze` with the same result.

        What a model said of a pair is kept, so only pairs that were never read are scored.
        """
        if progress:
            progress("loading the model", 0, None)
        scorer = KeepingScorer(self.analyzer.scorer, self._store)
        first = KeepingScorer(self.analyzer.first_scorer, self._store)
        self._store.use_models({scorer.identity, first.identity})
        return self.analyzer.using(scorer, first_look=first).compare(
            list(self._store.split_documents()), within=within, across=across, progress=progress
        )

    def check(
        self,
        claim: str | Document,
        *,
        said_by: str | None = None,
        date: str | None = None,
        speaker: str | None = None,
        since: str | None = None,
        until: str | None = None,
        kinds: Collection[str] = MATCH_KINDS,
        limit: int = 10,
        candidates: int = CANDIDATES,
        progress: Progress | None = None,
    ) -> list[Match]:
        """Find what was said before that a claim conflicts with, what supports it, and what else is about the same.

        Args:
            claim: Its text, or a document of which every statement is checked; what the archive has of the same
                document does not count.
            said_by: Who says what the claim's text says in its own voice.
            date: ISO 8601 date of a claim given as text; today by default.
            speaker: Look only at statements of this speaker; part of a name is enough.
            since: Look only at statements from this ISO 8601 date on; those without a date are left out.
            until: Look only at statements up to this ISO 8601 date; those without a date are left out.
            kinds: Which kinds of matches are wanted, of `MATCH_KINDS`.
            limit: For each statement of the claim, most conflicts, most supports and most related statements.
            candidates: For each statement of the claim, how many of those that share words with it are read by the
                model, copies not counted: more finds more, and takes longer. Statements of one sentence share twice
                as many, with at least 8 each.
            progress: Called as the work goes on.

        Returns:
            The matches: conflicts first, then supports, then related ones, each by how strong it is.

        Raises:
            InputError: The claim has no text.
            ModelError: The NLI model cannot be used.
            ValueError: A kind, a date or the limit makes no sense.
        """
        check_options(
            kinds=kinds,
            limit=limit,
            candidates=candidates,
            speaker=speaker,
            dates={"date": date, "since": since, "until": until},
        )
        if isinstance(claim, str):
            document = Document("the claim", claim, date or datetime.date.today().isoformat())
        else:
            document = claim
        if not document.text.strip():
            raise InputError("The claim is empty; give a sentence, such as 'The strikes hit Homs.'")
        where = Filter(
            holders=None if speaker is None else self._store.holders(speaker),
            other_than=None if isinstance(claim, str) else document.text,
            since=since,
            until=until,
        )
        analyzer = self.analyzer.using(
            RememberingScorer(self.analyzer.scorer),
            first_look=RememberingScorer(self.analyzer.first_scorer),
        )
        claims = self._claims(document, said_by)
        of_sentence = Counter(_sentence_of(claimed) for claimed in claims)
        near = [
            self._candidates(
                claimed, where, speaker, _share(candidates, of_sentence[_sentence_of(claimed)])
            )
            for claimed in claims
        ]
        matches = rank(_match(near, analyzer, progress))
        return most_of_each([each for each in matches if each.kind in kinds], limit)

    def _claims(self, document: Document, said_by: str | None) -> list[SplitDocument]:
        """Each statement of a claim's document, on its own; the whole text where nothing in it is a clause.

        What is asked or supposed is left out, unless there is nothing else: then it is checked as if it were claimed.
        """
        [split] = self.analyzer.split([document])
        if not split.statements:
            text = document.text
            statement = replace(
                as_statement(text),
                document=document.name,
                date=document.date,
                outlet=document.outlet,
            )
            split = replace(
                split,
                statements=(statement,),
                sentences=(text,),
                contexts=(Context(text, 0, 0, len(text)),),
            )
        committing = [each for each in split.statements if commits(each)]
        parts = zip(split.statements, split.sentences, split.contexts, strict=True)
        return [
            replace(
                split,
                statements=(_claimed(statement, said_by),),
                sentences=(sentence,),
                contexts=(context,),
            )
            for statement, sentence, context in parts
            if commits(statement) or not committing
        ]

    def _candidates(
        self, claimed: SplitDocument, where: Filter, speaker: str | None, candidates: int
    ) -> tuple[SplitDocument, list[SplitDocument]]:
        """A claim, and the documents that have statements near it with only these; speakers called in full."""
        [claim] = claimed.statements
        near = self._store.nearest(claim.proposition, candidates, where=where)
        split = [claimed, *self._store.take(near)]
        surnames = {s.holder for each in split for s in each.statements if s.holder}
        claimed, *said = name_all(split, known=self._store.full_names(surnames))
        return claimed, said if speaker is None else [_only_of(each, speaker) for each in said]


def _sentence_of(claimed: SplitDocument) -> str:
    [sentence] = claimed.sentences
    return sentence


def _share(candidates: int, statements: int) -> int:
    """How many candidates each of a sentence's statements gets; these share words, and so candidates."""
    return min(candidates, max(_LEAST_CANDIDATES, 2 * candidates // statements))


def _match(
    near: Sequence[tuple[SplitDocument, Sequence[SplitDocument]]],
    analyzer: Analyzer,
    progress: Progress | None,
) -> Iterator[Match]:
    """What claims and the statements near each of them come to; all are read together, which is faster."""
    compared = [
        (claim, statement, context)
        for claimed, said in near
        for claim in claimed.statements
        for each in said
        for statement, context in zip(each.statements, each.contexts, strict=True)
    ]
    pairs = [pair_up(statement, claim) for claim, statement, _ in compared]
    colliding = [pair for pair in pairs if can_conflict(pair.left, pair.right)]
    readings = _supporting(
        [(claim, statement) for claim, statement, _ in compared],
        analyzer,
        besides=[direction(pair) for pair in colliding],
        progress=progress,
    )
    split = [each for claimed, said in near for each in (claimed, *said)]
    judged = analyzer.judge(colliding, split, progress=progress)
    findings = {finding.id: finding for finding in judged}
    for pair, (claim, statement, context), (reading, model) in zip(
        pairs, compared, readings, strict=True
    ):
        finding = findings.get(pair_id(claim, statement))
        yield match(claim, pair, finding, reading, context, finding.model if finding else model)


def _supporting(
    compared: Sequence[tuple[Statement, Statement]],
    analyzer: Analyzer,
    *,
    besides: Iterable[Way],
    progress: Progress | None,
) -> list[tuple[Probabilities, str]]:
    """What `support_direction` of each claim and statement is read as, and by which model.

    That is the one that takes the first look where it rules a support out. It reads in one go what else it is going
    to be asked, `besides`; it remembers that.
    """
    ways = [support_direction(claim, statement) for claim, statement in compared]
    known = ask(analyzer.first_scorer, [*ways, *besides], stage="first look", progress=progress)
    looks = [known[way] for way in ways]
    hopeful = [
        way
        for way, (claim, statement), look in zip(ways, compared, looks, strict=True)
        if support(claim, statement, look) >= HOPEFUL
    ]
    read = dict(zip(hopeful, analyzer.scorer.score(hopeful), strict=True))
    return [
        (read[way], analyzer.scorer.name) if way in read else (look, analyzer.first_scorer.name)
        for way, look in zip(ways, looks, strict=True)
    ]


def _dated(document: Document, *dates: str | None) -> Document:
    """The document with the first of these dates that is one, where it has none of its own."""
    date = next(filter(None, (document.date, *dates)), None)
    return replace(document, date=date)


def _split_one(document: Document) -> SplitDocument:
    [split] = _analyzer_of_process().split([document])
    return split


@cache
def _analyzer_of_process() -> Analyzer:
    return Analyzer()


def _end_with_parent() -> None:
    """Let a process that splits end when the one that started it has been killed."""
    parent = parent_process()
    if parent is not None:
        Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()


def _claimed(statement: Statement, said_by: str | None) -> Statement:
    """The statement as a claim: somebody's, where it is in its document's own voice; asserted if it was asked."""
    if not commits(statement):
        statement = replace(statement, stance="asserts")
    if said_by is None or statement.speaker is not None:
        return statement
    return replace(statement, speaker=Speaker("", statement.start, statement.start, said_by))


def _only_of(split: SplitDocument, speaker: str) -> SplitDocument:
    """The document with only the statements of a speaker, given by a name or a part of it."""
    wanted = set(speaker.casefold().split())
    kept = [
        number
        for number, statement in enumerate(split.statements)
        if statement.holder and wanted <= set(statement.holder.casefold().split())
    ]
    return replace(
        split,
        statements=tuple(split.statements[number] for number in kept),
        sentences=tuple(split.sentences[number] for number in kept),
        contexts=tuple(split.contexts[number] for number in kept),
    )


def check_options(
    *,
    kinds: Collection[str] = (),
    limit: int = 1,
    candidates: int = 1,
    speaker: str | None = None,
    dates: Mapping[str, str | None] | None = None,
) -> None:
    """Refuse options of `Archive.check` that make no sense.

    Raises:
        ValueError: What was wanted and what came.
    """
    unknown = [kind for kind in kinds if kind not in MATCH_KINDS]
    if unknown:
        raise ValueError(f"kinds must be of {', '.join(MATCH_KINDS)}; got {', '.join(unknown)}")
    for name, number in (("limit", limit), ("candidates", candidates)):
        if number < 1:
            raise ValueError(f"{name} must be at least 1, got {number}")
    if speaker is not None and not speaker.strip():
        raise ValueError("the speaker is empty; give a name or leave it out")
    dates = dates or {}
    for name, date in dates.items():
        try:
            if date is not None:
                iso_date(date)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    since, until = dates.get("since"), dates.get("until")
    if since and until and since > until:
        raise ValueError(
            f"since must not be after until, got since {since} and until {until}; swap the two"
        )
