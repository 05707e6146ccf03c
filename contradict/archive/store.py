"""Documents and their statements, kept in an SQLite file in the archive's folder.

A document comes in with all its statements in one transaction or not at all, so whenever a program is killed the file
holds whole documents. Several programs may use it at once: who writes while another does waits. Statements are found
by the stems of their words through SQLite's full-text index, which is part of the same transactions.
"""

import hashlib
import json
import os
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self, get_origin

from contradict import database
from contradict.algebra import commits
from contradict.archive.copies import Sketch, resemblance, sketch
from contradict.errors import InputError, some_of
from contradict.records import (
    Context,
    Document,
    Probabilities,
    Span,
    Speaker,
    SplitDocument,
    Statement,
    iso_date,
)
from contradict.speakers import persons_in
from contradict.words import content_words

FILE = "archive.sqlite"

Change = Literal["added", "replaced", "unchanged"]

MOST_POSTINGS = 100_000
"""Most places of stems that one search looks at, the rarest stems first; two stems are always looked up."""

SAME_STORY = 0.5
"""Share of word sequences from which two documents are copies of one story."""

ENTRY_COLUMNS = ("name", "date", "outlet", "statements", "story")
"""What is told of a document in a list."""

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_PATIENCE = 60.0  # seconds that a program waits for another to finish writing
_APPLICATION = 0x636E7461  # marks the file as ours: "cnta"
_VERSION = 1
_TABLES = """
CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    given_name TEXT NOT NULL,
    digest BLOB NOT NULL,
    text TEXT NOT NULL,
    date TEXT,
    outlet TEXT,
    markup TEXT NOT NULL,
    names TEXT NOT NULL,
    left_out INTEGER NOT NULL,
    story INTEGER NOT NULL
) STRICT;
CREATE INDEX document_of_story ON document (story);
CREATE INDEX document_of_given_name ON document (given_name);
CREATE INDEX document_of_digest ON document (digest);
CREATE TABLE statement (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    proposition TEXT NOT NULL,
    stance TEXT NOT NULL,
    quoted INTEGER NOT NULL,
    holder TEXT,
    speaker TEXT,
    cue TEXT,
    sentence TEXT NOT NULL,
    context_start INTEGER NOT NULL,
    context_end INTEGER NOT NULL,
    sentence_start INTEGER NOT NULL,
    sentence_end INTEGER NOT NULL
) STRICT;
CREATE INDEX statement_of_document ON statement (document);
CREATE INDEX statement_of_holder ON statement (holder);
CREATE TABLE person (
    surname TEXT NOT NULL,
    name TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    PRIMARY KEY (surname, name, document)
) WITHOUT ROWID, STRICT;
CREATE INDEX person_of_document ON person (document);
CREATE TABLE sketch (
    hash INTEGER NOT NULL,
    document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    PRIMARY KEY (hash, document)
) WITHOUT ROWID, STRICT;
CREATE INDEX sketch_of_document ON sketch (document);
CREATE TABLE reading (
    model TEXT NOT NULL,
    pair BLOB NOT NULL,
    entailment REAL NOT NULL,
    neutral REAL NOT NULL,
    contradiction REAL NOT NULL,
    PRIMARY KEY (model, pair)
) WITHOUT ROWID, STRICT;
CREATE TABLE last_model (name TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE stem USING fts5 (stems, detail = none, tokenize = "ascii tokenchars '.,''-_'");
CREATE VIRTUAL TABLE stem_count USING fts5vocab (stem, row);
"""
# The ASCII tokenizer leaves letters beyond ASCII as they are; the others are those that `content_words` keeps.

_AT_ONCE = 500  # values in one query
_MOST_COPIES = 50  # places of one statement that are told
_MOST_ALIKE = (
    1_000  # documents with a hash beyond which it is boilerplate and tells nothing of a story
)
_STATEMENT = """
SELECT statement.id, statement.document, start, "end", proposition, stance, quoted, speaker, cue, sentence,
       context_start, context_end, sentence_start, sentence_end
FROM statement
"""
_DOCUMENT = "SELECT id, name, text, date, outlet, markup, names, left_out FROM document"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as it is listed.

    Attributes:
        name: Its name.
        date: ISO 8601 date, where known.
        outlet: Who published it, where known.
        statements: How many there are of it.
        story: Name of the document of which it is a copy, more or less; its own if of none.
    """

    name: str
    date: str | None
    outlet: str | None
    statements: int
    story: str

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ENTRY_COLUMNS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which statements are looked for; None is no condition.

    Attributes:
        holders: Names of speakers; see `Store.holders`.
        other_than: Text of a document of which they are not.
        since: First ISO 8601 date; a statement without a date is none of those looked for.
        until: Last ISO 8601 date.
    """

    holders: tuple[str, ...] | None = None
    other_than: str | None = None
    since: str | None = None
    until: str | None = None


class _DamageError(InputError):
    """A damaged archive; ``problem`` is what is wrong with it, without what to do."""

    def __init__(self, folder: Path, problem: object) -> None:
        super().__init__(
            f"The archive in {folder} is damaged: {problem}. Add the documents to a new archive, or take a copy of "
            "this one from before; 'contradict archive verify' looks through all of it."
        )
        self.problem = problem


class Store:
    """The file of an archive; to be used from one thread."""

    def __init__(self, folder: str | os.PathLike[str], *, create: bool = False) -> None:
        """Open the archive in a folder.

        Args:
            folder: Where it is.
            create: Whether to make it where there is none.

        Raises:
            InputError: There is none, it cannot be opened, or is something else.
        """
        self.folder = Path(folder)
        path = self.folder / FILE
        try:
            new = not path.exists()
            if new and not create:
                raise InputError(
                    f"No archive in {self.folder}: there is no {FILE}. Make one with "
                    f"'contradict archive add PATH --archive {self.folder}', or name another folder."
                )
            self.folder.mkdir(parents=True, exist_ok=True)
            if new:
                self._refuse_other_files()
            fixed = not new and not os.access(self.folder, os.W_OK)
            name = f"{path.absolute().as_uri()}?mode=ro&immutable=1" if fixed else os.fspath(path)
            self._database = sqlite3.connect(
                name, timeout=_PATIENCE, isolation_level=None, uri=fixed
            )
            try:
                self._set_up(fixed)
            except BaseException:
                self._database.close()
                raise
        except (OSError, ValueError, *database.ERRORS) as error:  # ValueError: a NUL in the name
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _DAMAGED or isinstance(error, UnicodeDecodeError):
                raise _DamageError(self.folder, error) from error
            raise InputError(
                f"The archive in {self.folder} cannot be used: {error}. Wanted a folder made by 'contradict archive "
                "add', or a new one in a place that can be written."
            ) from error

    def _refuse_other_files(self) -> None:
        held = sorted(
            name
            for name in os.listdir(self.folder)
            if not name.startswith((".", FILE))  # another program may be making it at this moment
        )
        if held:
            raise InputError(
                f"The folder {self.folder} is no archive and holds other files: {some_of(held)}. An "
                "archive needs a folder of its own; name a new or an empty one."
            )

    def _set_up(self, fixed: bool) -> None:
        self._database.execute("PRAGMA foreign_keys = ON")
        database.set_up(
            self._database,
            application=_APPLICATION,
            version=_VERSION,
            tables=_TABLES,
            what="an archive",
        )
        if not fixed:
            database.let_others_read(self._database, patience=_PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query.

        Raises:
            InputError: The file is damaged, or cannot be read now.
        """
        try:
            yield from self._database.execute(query, values)
        except database.ERRORS as error:
            raise self._unusable(error, "read") from error

    def _texts(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[str, ...]]:
        """The rows of a query for texts.

        Raises:
            InputError: The file is damaged.
        """
        for row in self._rows(query, values):
            if not all(isinstance(value, str) for value in row):
                raise _DamageError(self.folder, f"wanted texts, got {row!r:.200}")
            yield row

    # What is in it

    def counts(self) -> dict[str, int]:
        """How many documents, stories and statements there are."""
        [row] = self._rows(
            "SELECT (SELECT count(*) FROM document), (SELECT count(DISTINCT story) FROM document), "
            "(SELECT count(*) FROM statement)"
        )
        return dict(zip(("documents", "stories", "statements"), row, strict=True))

    def entries(self) -> Iterator[Entry]:
        """The documents, in the order in which they came."""
        rows = self._rows(
            "SELECT document.name, document.date, document.outlet, "
            "(SELECT count(*) FROM statement WHERE document = document.id), first.name FROM document "
            "JOIN document AS first ON first.id = "
            "(SELECT min(id) FROM document AS copy WHERE copy.story = document.story) ORDER BY document.id"
        )
        for row in rows:
            yield Entry(*row)

    def holds(self, document: Document, *, alone: bool = False) -> bool:
        """Whether a document was added under this name that is the same in all that is known of it.

        Args:
            document: The document.
            alone: Whether it has to be the only one that was added under its name, and to be called by it.
        """
        rows = self._rows(
            "SELECT name, text, date, outlet, markup FROM document WHERE given_name = ? AND digest = ?",
            (document.name, _digest(document.text)),
        )
        known = document.text, document.date, document.outlet, document.markup
        names = [name for name, *row in rows if tuple(row) == known]
        return names == [document.name] == self._added_as(document.name) if alone else bool(names)

    def _added_as(self, given_name: str) -> list[str]:
        """The names of the documents that were added under a name."""
        rows = self._rows("SELECT name FROM document WHERE given_name = ?", (given_name,))
        return [name for (name,) in rows]

    def date_of(self, document: Document) -> str | None:
        """The date with which the same text was added under this name before, if it was and had one."""
        rows = self._rows(
            "SELECT date FROM document WHERE given_name = ? AND digest = ?",
            (document.name, _digest(document.text)),
        )
        return next((day for (date,) in rows if (day := _day(date))), None)

    def undated(self) -> int:
        """How many statements are of documents without a date."""
        [(count,)] = self._rows(
            "SELECT count(*) FROM statement JOIN document ON document.id = document WHERE date IS NULL"
        )
        return int(count)

    def split_documents(self) -> Iterator[SplitDocument]:
        """All documents with their statements, in the order in which they came."""
        for split, _ in self._numbered_documents():
            yield split

    def _numbered_documents(self) -> Iterator[tuple[SplitDocument, list[int]]]:
        for row in self._rows(f"{_DOCUMENT} ORDER BY id"):
            rows = list(
                self._rows(f"{_STATEMENT} WHERE document = ? ORDER BY statement.id", (row[0],))
            )
            yield self._split_document(row, rows), [identity for identity, *_ in rows]

    def _split_document(
        self, row: tuple[Any, ...], rows: Iterable[tuple[Any, ...]]
    ) -> SplitDocument:
        try:
            return _split_document(row, rows)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise _DamageError(
                self.folder, f"{row[1]!r:.80} makes no sense, {error!r:.200}"
            ) from error

    # Changes

    def add(self, split: SplitDocument, *, in_place: bool = False) -> Change:
        """Keep a document and its statements; all or nothing.

        Args:
            split: The document. Where its name is taken by one with another text, it is kept under a longer one.
            in_place: Whether it stands in the place of what was added under its name instead.

        Returns:
            What became of it; ``unchanged`` if it was there already.
        """
        drawn = sketch(split.document.text)
        with self._writing():
            if self.holds(split.document, alone=in_place):
                return "unchanged"
            given_name, digest = split.document.name, _digest(split.document.text)
            taken = [
                name
                for name, known in self._rows(
                    "SELECT name, digest FROM document WHERE given_name = ?", (given_name,)
                )
                if in_place or known == digest  # the same text, of another date or outlet
            ]
            replaced = [name for name in taken if self._remove(name)]
            split = _named(split, self._free_name(given_name))
            document = split.document
            found = self._database.execute(
                "INSERT INTO document (name, given_name, digest, text, date, outlet, markup, names, left_out, story) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                (
                    document.name,
                    given_name,
                    digest,
                    document.text,
                    document.date,
                    document.outlet,
                    document.markup,
                    json.dumps(dict(split.names), ensure_ascii=False),
                    split.left_out,
                ),
            )
            identity = int(found.lastrowid or 0)
            self._database.execute(
                "UPDATE document SET story = ? WHERE id = ?",
                (self._story_of(drawn) or identity, identity),
            )
            self._database.executemany(
                "INSERT INTO sketch VALUES (?, ?)", [(value, identity) for value in drawn]
            )
            self._database.executemany(
                "INSERT OR IGNORE INTO person VALUES (?, ?, ?)",
                [(surname, name, identity) for surname, name in persons_in(split)],
            )
            self._add_statements(identity, split)
        return "replaced" if replaced else "added"

    def _free_name(self, given_name: str) -> str:
        name, number = given_name, 1
        while any(self._rows("SELECT 1 FROM document WHERE name = ?", (name,))):
            number += 1
            name = f"{given_name}#{number}"
        return name

    def _add_statements(self, document: int, split: SplitDocument) -> None:
        parts = zip(split.statements, split.sentences, split.contexts, strict=True)
        for statement, sentence, context in parts:
            inserted = self._database.execute(
                f"INSERT INTO statement VALUES (NULL{', ?' * 14})",
                (
                    document,
                    statement.start,
                    statement.end,
                    statement.proposition,
                    statement.stance,
                    int(statement.quoted),
                    statement.holder,
                    _json(statement.speaker),
                    _json(statement.cue),
                    sentence,
                    context.start,
                    context.end,
                    context.sentence_start,
                    context.sentence_end,
                ),
            )
            if commits(statement):  # others bear on no claim
                self._database.execute(
                    "INSERT INTO stem (rowid, stems) VALUES (?, ?)",
                    (inserted.lastrowid, _stems_of(statement.proposition)),
                )

    def _story_of(self, drawn: Sketch) -> int | None:
        """The story of the document that is most like one with this sketch; None where none is a copy of it."""
        shared: dict[int, int] = {}
        for value in drawn:
            query = "SELECT document FROM sketch WHERE hash = ? LIMIT ?"
            having = [document for (document,) in self._rows(query, (value, _MOST_ALIKE))]
            for document in having if len(having) < _MOST_ALIKE else ():
                shared[document] = shared.get(document, 0) + 1
        best, story = SAME_STORY, None
        for document in sorted(shared, key=lambda d: (-shared[d], d))[:20]:
            rows = self._rows("SELECT hash FROM sketch WHERE document = ?", (document,))
            alike = resemblance(drawn, tuple(sorted(value for (value,) in rows)))
            if alike > best or (alike == best and story is None):
                best = alike
                [(story,)] = self._rows("SELECT story FROM document WHERE id = ?", (document,))
        return story

    def remove(self, names: Iterable[str]) -> list[str]:
        """Remove documents with their statements.

        Returns:
            The names that no document has.
        """
        with self._writing():
            return [name for name in dict.fromkeys(names) if not self._remove(name)]

    def _remove(self, name: str) -> bool:
        row = next(self._rows("SELECT id FROM document WHERE name = ?", (name,)), None)
        if row is None:
            return False
        self._database.execute(
            "DELETE FROM stem WHERE rowid IN (SELECT id FROM statement WHERE document = ?)", row
        )
        self._database.execute("DELETE FROM document WHERE id = ?", row)
        return True

    def compact(self) -> None:
        """Give back the space of what was removed, and forget what models said that `analyze` did not use last."""
        with self._writing():
            self._database.execute(
                "DELETE FROM reading WHERE model NOT IN (SELECT name FROM last_model)"
            )
            self._database.execute("INSERT INTO stem (stem) VALUES ('optimize')")
        try:
            self._database.execute("VACUUM")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except database.ERRORS as error:
            raise self._unusable(error, "written") from error

    def problems(self) -> list[str]:
        """What is wrong with the file, a line each; nothing if all is well. Nobody writes meanwhile."""
        found: list[str] = []

        @contextmanager
        def telling_damage() -> Iterator[None]:
            try:
                yield
            except _DamageError as error:
                found.append(f"the file is damaged: {error.problem}")

        with telling_damage(), self._writing():  # a damaged file may fail at the very end
            for look in (self._damaged_parts, self._changed_texts, self._lost_statements):
                with telling_damage():
                    found.extend(look())
        return list(dict.fromkeys(found))

    def _damaged_parts(self) -> Iterator[str]:
        for (line,) in self._rows("PRAGMA integrity_check"):
            if line != "ok":
                yield f"the file is damaged: {line}"
        for table, row, *_ in self._rows("PRAGMA foreign_key_check"):
            yield f"row {row} of {table} belongs to no document"

    def _changed_texts(self) -> Iterator[str]:
        """The documents whose text is not the one that was added; each is read alone, so that all are told."""
        for identity, name in list(self._rows("SELECT id, name FROM document ORDER BY id")):
            try:
                row = self._rows("SELECT text, digest FROM document WHERE id = ?", (identity,))
                text, digest = next(row, (None, None))  # none where the file is damaged
                if not isinstance(text, str) or _digest(text) != digest:
                    yield f"{name}: its text is not the one that was added"
            except _DamageError as error:
                yield f"{name}: its text cannot be read: {error.problem!s:.200}"

    def _lost_statements(self) -> Iterator[str]:
        """The statements that stand nowhere in their documents, or cannot be found by their words."""
        try:
            self._database.execute("INSERT INTO stem (stem) VALUES ('integrity-check')")
        except database.ERRORS as error:
            yield f"the index of words is damaged: {error}"
        indexed = {row for (row,) in self._rows("SELECT rowid FROM stem")}
        for split, identities in self._numbered_documents():
            for identity, statement in zip(identities, split.statements, strict=True):
                if not 0 <= statement.start < statement.end <= len(split.document.text):
                    yield f"{split.document.name}: no text at {statement.start} to {statement.end}"
                if commits(statement) != (identity in indexed):
                    yield f"{split.document.name}: statement {statement.id} is not in the index of words"
            indexed.difference_update(identities)
        if indexed:
            yield f"the index of words has {len(indexed)} statements that are no more"

    # Search

    def nearest(
        self,
        proposition: str,
        limit: int,
        *,
        where: Filter | None = None,
        most_postings: int | None = MOST_POSTINGS,
    ) -> list[int]:
        """The statements that share the most telling words with a proposition, best first.

        Ranked by BM25 (Robertson and Zaragoza 2009) over stems. The same words of the same speaker in several
        documents count as one.

        Args:
            proposition: What is looked for.
            limit: Most statements, copies not counted.
            where: Conditions on them; None for none.
            most_postings: See `MOST_POSTINGS`; None looks at all, however common the words.

        Returns:
            Ids of this file.
        """
        stems = sorted(content_words(proposition))
        counts = {stem: self._count(stem) for stem in stems}
        known = sorted((s for s in stems if counts[s]), key=lambda stem: (counts[stem], stem))
        chosen: list[str] = []
        for stem in known:
            places = sum(counts[each] for each in (*chosen, stem))
            if most_postings is not None and len(chosen) >= 2 and places > most_postings:
                break
            chosen.append(stem)
        if not chosen:
            return []
        query = " OR ".join(f'"{_escaped(stem)}"' for stem in chosen)
        condition, values = self._condition(where or Filter())
        rows = self._rows(
            "SELECT statement.id, stance, holder, proposition FROM stem "
            f"JOIN statement ON statement.id = stem.rowid {condition} stem MATCH ? "
            "ORDER BY bm25(stem), stem.rowid",
            (*values, query),
        )
        found: list[int] = []
        copies: Counter[tuple[str, ...]] = Counter()
        for identity, *said in rows:
            copies[tuple(said)] += 1
            if len(copies) > limit:
                break
            if copies[tuple(said)] <= _MOST_COPIES:
                found.append(identity)
        return found

    def _count(self, stem: str) -> int:
        row = next(self._rows("SELECT doc FROM stem_count WHERE term = ?", (_escaped(stem),)), None)
        return int(row[0]) if row else 0

    def _condition(self, where: Filter) -> tuple[str, list[Any]]:
        """The part of the query before what is matched, and its values."""
        if where == Filter():
            return "WHERE", []
        tests: list[str] = []
        values: list[Any] = []
        if where.holders is not None:
            tests.append("statement.holder IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(where.holders))
        if where.other_than is not None:
            tests.append("document.digest != ?")
            values.append(_digest(where.other_than))
        if where.since is not None:
            tests.append("document.date >= ?")
            values.append(where.since)
        if where.until is not None:
            tests.append("document.date <= ?")
            values.append(where.until)
        return f"JOIN document ON document.id = document WHERE {' AND '.join(tests)} AND", values

    def holders(self, speaker: str) -> tuple[str, ...]:
        """The names of speakers that a name, or a part of it, may stand for.

        Those with all its words, and the bare surnames of persons who have them; which of two persons such a surname
        is tells the document that it stands in (`contradict.speakers.name_all`).
        """
        wanted = set(speaker.casefold().split())
        surnames = {
            surname
            for surname, name in self._texts("SELECT DISTINCT surname, name FROM person")
            if wanted <= set(name.casefold().split())
        }
        known = self._texts("SELECT DISTINCT holder FROM statement WHERE holder IS NOT NULL")
        return tuple(
            sorted(h for (h,) in known if h in surnames or wanted <= set(h.casefold().split()))
        )

    def take(self, identities: Sequence[int]) -> list[SplitDocument]:
        """The documents of some statements, each with only these; in the order in which the documents came."""
        chosen: dict[int, list[tuple[Any, ...]]] = {}
        for some in _chunks(identities):
            for row in self._rows(
                f"{_STATEMENT} WHERE statement.id IN ({_marks_for(some)}) ORDER BY statement.id",
                some,
            ):
                chosen.setdefault(row[1], []).append(row)
        documents = []
        for some in _chunks(sorted(chosen)):
            for row in self._rows(
                f"{_DOCUMENT} WHERE id IN ({_marks_for(some)}) ORDER BY id", some
            ):
                documents.append(self._split_document(row, sorted(chosen[row[0]])))
        return documents

    def full_names(self, surnames: Collection[str]) -> dict[str, set[str]]:
        """The full names of persons, by surname, in all documents."""
        found: dict[str, set[str]] = {}
        for some in _chunks(sorted(surnames)):
            for surname, name in self._texts(
                f"SELECT DISTINCT surname, name FROM person WHERE surname IN ({_marks_for(some)})",
                some,
            ):
                found.setdefault(surname, set()).add(name)
        return found

    # What models said

    def readings(self, model: str, pairs: Sequence[bytes]) -> dict[bytes, Probabilities]:
        """What a model said of pairs, by their digests; those never read are missing."""
        found = {}
        for some in _chunks(pairs):
            for pair, *values in self._rows(
                "SELECT pair, entailment, neutral, contradiction FROM reading "
                f"WHERE model = ? AND pair IN ({_marks_for(some)})",
                (model, *some),
            ):
                found[pair] = Probabilities(*values)
        return found

    def use_models(self, models: Collection[str]) -> None:
        """Remember which models are in use: what these say is kept by `compact`."""
        with self._writing():
            self._database.execute("DELETE FROM last_model")
            self._database.executemany(
                "INSERT INTO last_model VALUES (?)", [(model,) for model in models]
            )

    def keep_readings(self, model: str, readings: Mapping[bytes, Probabilities]) -> None:
        """Keep what a model said of pairs, by their digests."""
        with self._writing():
            self._database.executemany(
                "INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?, ?)",
                [
                    (model, pair, said.entailment, said.neutral, said.contradiction)
                    for pair, said in readings.items()
                ],
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction in which no other program writes.

        Raises:
            InputError: The file is damaged, another program goes on writing, or the disk is full.
        """
        try:
            with database.writing(self._database):
                yield
        except database.ERRORS as error:
            raise self._unusable(error, "written") from error

    def _unusable(self, error: Exception, use: Literal["read", "written"]) -> InputError:
        if database.shows_damage(error):
            return _DamageError(self.folder, error)
        return InputError(
            f"The archive in {self.folder} cannot be {use}: {error}. What was added before stands; free the disk, "
            "or wait for the program that is using it, and run the command again."
        )


def _split_document(row: tuple[Any, ...], rows: Iterable[tuple[Any, ...]]) -> SplitDocument:
    _, name, text, date, outlet, markup, names, left_out = row
    date = _day(date)
    document = Document(name, text, date, outlet, markup)
    statements, sentences, contexts = [], [], []
    for _, _, start, end, proposition, stance, quoted, speaker, cue, sentence, *around in rows:
        context_start, context_end, sentence_start, sentence_end = around
        statements.append(
            Statement(
                document=name,
                start=start,
                end=end,
                text=text[start:end],
                proposition=proposition,
                speaker=Speaker.from_dict(json.loads(speaker)) if speaker else None,
                cue=Span.from_dict(json.loads(cue)) if cue else None,
                stance=stance,
                quoted=bool(quoted),
                date=date,
                outlet=outlet,
            )
        )
        sentences.append(sentence)
        contexts.append(
            Context(text[context_start:context_end], context_start, sentence_start, sentence_end)
        )
    known = json.loads(names)
    plain = isinstance(known, dict) and isinstance(left_out, int)
    if not plain or not all(isinstance(sentence, str) for sentence in sentences):
        raise TypeError("names, sentences or what was left out are of another type")
    parts = (part for statement in statements for part in (statement.speaker, statement.cue))
    for record in (document, *statements, *contexts, *filter(None, parts)):
        _check(record)
    return SplitDocument(
        document,
        tuple(statements),
        tuple(sentences),
        tuple(contexts),
        known,
        left_out,
    )


def _day(date: Any) -> Any:
    """The date of a document; None for what was taken for one before dates were checked, "1 May 2026" for example."""
    try:
        return iso_date(date) if isinstance(date, str) else date
    except ValueError:
        return None


def _check(record: Any) -> None:
    """Raise a TypeError unless the fields of a record hold what they are declared to hold."""
    for name, wanted in _types(record.__class__):
        if not isinstance(value := getattr(record, name), wanted):
            raise TypeError(f"{name}: wanted {wanted}, got {value!r:.80}")


@cache
def _types(record: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a kind of record with their types; where only some words are allowed, any text will do."""
    return tuple(
        (each.name, str if get_origin(each.type) is Literal else each.type)
        for each in fields(record)
    )


def _named(split: SplitDocument, name: str) -> SplitDocument:
    """The document under another name."""
    statements = tuple(replace(statement, document=name) for statement in split.statements)
    return replace(split, document=replace(split.document, name=name), statements=statements)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _stems_of(proposition: str) -> str:
    return " ".join(sorted(map(_escaped, content_words(proposition))))


def _escaped(stem: str) -> str:
    """A stem as the index takes it: without the quotation marks that its queries are made of."""
    return stem.replace('"', "")


def _json(part: Speaker | Span | None) -> str | None:
    return json.dumps(part.to_dict(), ensure_ascii=False) if part else None


def _chunks(values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(values), _AT_ONCE):
        yield tuple(values[start : start + _AT_ONCE])


def _marks_for(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
