"""A claim against everything already said: documents go in once, and what bears on a new claim comes out.

documents ─ split ─▶ Store ─ nearest ─▶ pairs ─ judge ─▶ Match
"""

import datetime
import os
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from typing import Self

from contradict.algebra import can_conflict, commits
from contradict.archive.matches import (
    MATCH_KINDS,
    Match,
    match,
    most_of_each,
    rank,
    support_direction,
)
from contradict.archive.readings import RememberingScorer
from contradict.archive.store import Entry, Filter, Store
from contradict.documents import Source, read_documents
from contradict.errors import InputError
from contradict.pairing import pair_up
from contradict.pipeline import Analyzer, Progress
from contradict.records import (
    Context,
    Document,
    Failure,
    Pair,
    Report,
    Speaker,
    SplitDocument,
    Statement,
    pair_id,
)
from contradict.speakers import name_all

CANDIDATES = 24
"""Of the statements that share words with a claim, how many are read unless more are asked for."""

_WAITING = 4  # documents for each process that splits, on their way


@dataclass(frozen=True, slots=True)
class Added:
    """What became of documents that were added.

    Attributes:
        added: Names of new documents.
        replaced: Names of documents that stand in the place of others of the same name.
        unchanged: How many were there already.
        statements: How many statements came in.
        failures: Inputs that could not be used.
    """

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: int
    statements: int
    failures: tuple[Failure, ...]


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

    def add(
        self,
        sources: Source,
        *,
        text_column: str | None = None,
        jobs: int = 1,
        progress: Progress | None = None,
    ) -> Added:
        """Add documents; those that are there already, with the same text and date, are left as they are.

        Each document comes in whole or not at all, one after the other, so that after an interruption the same call
        goes on where it was. Documents are read and split a few at a time, however many there are.

        Args:
            sources: Paths of files or folders, `Document` objects, or a ``datasets.Dataset``; one or many.
            text_column: Column of tables and records that holds the text; None for the usual names.
            jobs: In how many processes documents are split; each loads the parser.
            progress: Called with the stage "adding" and the number of documents done.

        Raises:
            InputError: Nothing at all could be read, or the archive cannot be written.
            ValueError: ``jobs`` is less than 1.
        """
        if jobs < 1:
            raise ValueError(f"jobs must be at least 1, got {jobs}")
        names: dict[str, list[str]] = {"added": [], "replaced": []}
        failures: list[Failure] = []
        unchanged = statements = 0

        def new() -> Iterator[Document]:
            nonlocal unchanged
            for item in read_documents(sources, text_column=text_column):
                if isinstance(item, Failure):
                    failures.append(item)
                elif self._store.holds(item):
                    unchanged += 1
                else:
                    yield item

        for split in self._split(new(), jobs):
            change = self._store.add(split)
            if change == "unchanged":  # another program has added it meanwhile
                unchanged += 1
                continue
            names[change].append(split.document.name)
            statements += len(split.statements)
            if progress:
                progress("adding", sum(map(len, names.values())) + unchanged, None)
        if not (unchanged or any(names.values())):
            reasons = "\n".join(f"{failure.source}: {failure.reason}" for failure in failures)
            raise InputError(reasons or "No documents were given; name files or folders.")
        return Added(
            tuple(names["added"]), tuple(names["replaced"]), unchanged, statements, tuple(failures)
        )

    def _split(self, documents: Iterable[Document], jobs: int) -> Iterator[SplitDocument]:
        if jobs == 1:
            for document in documents:
                yield from self.analyzer.split([document])
            return
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            waiting: deque[Future[SplitDocument]] = deque()
            try:
                for document in documents:
                    waiting.append(pool.submit(_split_one, document))
                    if len(waiting) >= jobs * _WAITING:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(cancel_futures=True)

    def remove(self, names: Iterable[str]) -> list[str]:
        """Remove documents by name; returns the names that no document has."""
        return self._store.remove(names)

    def compact(self) -> None:
        """Give back the space of what was removed."""
        self._store.compact()

    def verify(self) -> list[str]:
        """What is wrong with the archive's file, a line each; nothing if all is well."""
        return list(self._store.problems())

    def analyze(
        self, *, within: bool = True, across: bool = True, progress: Progress | None = None
    ) -> Report:
        """Find the conflicts in all documents, like `Analyzer.analyze` with the same result.

        What a model said of a pair is kept, so only pairs that were never read are scored.
        """
        if progress:
            progress("loading the model", 0, None)
        scorer = RememberingScorer(self.analyzer.scorer, self._store, keep=True)
        return self.analyzer.using(scorer).compare(
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
            claim: Its text, or a document of which every statement is checked. Statements of the same text in the
                archive do not count.
            said_by: Who says what the claim's text says in its own voice.
            date: ISO 8601 date of a claim given as text; today by default.
            speaker: Look only at statements of this speaker; part of a name is enough.
            since: Look only at statements from this ISO 8601 date on.
            until: Look only at statements up to this ISO 8601 date.
            kinds: Which kinds of matches are wanted, of `MATCH_KINDS`.
            limit: For each statement of the claim, most conflicts, most supports and most related statements.
            candidates: For each statement of the claim, how many of those that share words with it are read by the
                model, copies not counted: more finds more, and takes longer.
            progress: Called as the work goes on.

        Returns:
            The matches: conflicts first, then supports, then related ones, each by how strong it is.

        Raises:
            InputError: The claim has no text.
            ModelError: The NLI model cannot be used.
            ValueError: A kind, a date or the limit makes no sense.
        """
        _check_options(kinds, limit, candidates, date, since, until)
        if isinstance(claim, str):
            document = Document("claim", claim, date or datetime.date.today().isoformat())
        else:
            document = claim
        if not document.text.strip():
            raise InputError("The claim is empty; give a sentence, such as 'The strikes hit Homs.'")
        where = Filter(speaker=speaker, since=since, until=until)
        compared = [
            each
            for claimed in self._claims(document, said_by)
            for each in self._candidates(claimed, where, candidates)
        ]
        matches = rank(self._match(compared, progress))
        return most_of_each([each for each in matches if each.kind in kinds], limit)

    def _claims(self, document: Document, said_by: str | None) -> list[SplitDocument]:
        """Each statement of a claim's document, on its own; the whole text where nothing in it is a clause."""
        [split] = self.analyzer.split([document])
        if not split.statements:
            text = document.text
            whole = Statement(
                document.name,
                0,
                len(text),
                text,
                " ".join(text.split()),
                date=document.date,
                outlet=document.outlet,
            )
            split = replace(
                split,
                statements=(whole,),
                sentences=(text,),
                contexts=(Context(text, 0, 0, len(text)),),
            )
        parts = zip(split.statements, split.sentences, split.contexts, strict=True)
        return [
            replace(
                split,
                statements=(_said_by(statement, said_by),),
                sentences=(sentence,),
                contexts=(context,),
            )
            for statement, sentence, context in parts
            if commits(statement)
        ]

    def _candidates(
        self, claimed: SplitDocument, where: Filter, candidates: int
    ) -> Iterator[tuple[SplitDocument, SplitDocument]]:
        """A claim with each document that has statements near it, speakers called in full."""
        [claim] = claimed.statements
        near = self._store.nearest(claim.proposition, candidates, where=where)
        documents = [
            each for each in self._store.take(near) if each.document.text != claimed.document.text
        ]
        split = [claimed, *documents]
        surnames = {s.holder for each in split for s in each.statements if s.holder}
        named = name_all(split, known=self._store.full_names(surnames))
        return ((named[0], each) for each in named[1:])

    def _match(
        self,
        compared: Sequence[tuple[SplitDocument, SplitDocument]],
        progress: Progress | None,
    ) -> Iterator[Match]:
        """What the claims and the statements near them come to."""
        scorer = RememberingScorer(self.analyzer.scorer, self._store, keep=False)
        analyzer = self.analyzer.using(scorer)
        pairs: list[tuple[Statement, Statement, Context, Pair]] = []
        for claimed, document in compared:
            [claim] = claimed.statements
            for statement, context in zip(document.statements, document.contexts, strict=True):
                if commits(statement):
                    pairs.append((claim, statement, context, pair_up(statement, claim)))
        split = [each for both in compared for each in both]
        findings = {
            finding.id: finding
            for finding in analyzer.judge(
                [pair for *_, pair in pairs if can_conflict(pair.left, pair.right)],
                split,
                progress=progress,
            )
        }
        readings = scorer.score([support_direction(claim, said) for claim, said, *_ in pairs])
        for (claim, said, context, pair), reading in zip(pairs, readings, strict=True):
            finding = findings.get(pair_id(claim, said))
            yield match(claim, pair, finding, reading, context, scorer.name)


def _split_one(document: Document) -> SplitDocument:
    [split] = _analyzer_of_process().split([document])
    return split


@cache
def _analyzer_of_process() -> Analyzer:
    return Analyzer()


def _said_by(statement: Statement, name: str | None) -> Statement:
    """The statement as somebody's, where it is in its document's own voice."""
    if name is None or statement.speaker is not None:
        return statement
    return replace(statement, speaker=Speaker("", statement.start, statement.start, name))


def _check_options(kinds: Collection[str], limit: int, candidates: int, *dates: str | None) -> None:
    unknown = [kind for kind in kinds if kind not in MATCH_KINDS]
    if unknown:
        raise ValueError(f"kinds must be of {', '.join(MATCH_KINDS)}; got {', '.join(unknown)}")
    for name, number in (("limit", limit), ("candidates", candidates)):
        if number < 1:
            raise ValueError(f"{name} must be at least 1, got {number}")
    for date in dates:
        if date is not None:
            try:
                datetime.date.fromisoformat(date)
            except ValueError:
                raise ValueError(
                    f"a date must be like 2015-10-01 (year, month, day), got {date!r}"
                ) from None
