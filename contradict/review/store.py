"""Verdicts, kept in an SQLite file.

Nothing is ever overwritten: a verdict is a new row, and undoing one marks its row, so every step can be told later. A
verdict is on the disk when `Store.save` returns. Several programs may use one file at once.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Self, get_args

from contradict import database
from contradict.errors import InputError
from contradict.records import KINDS, Finding, Kind
from contradict.report import parse_finding

VerdictName = Literal["conflict", "no_conflict", "unsure"]
VERDICTS: tuple[str, ...] = get_args(VerdictName)

MAX_NOTE = 2_000
"""Characters that a note may have."""

_PATIENCE = 30.0  # seconds that a program waits for another to finish writing
_APPLICATION = 0x636E7472  # marks the file as ours: "cntr"
_VERSION = 1
_TABLES = """
CREATE TABLE finding (id TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE verdict (
    event INTEGER PRIMARY KEY AUTOINCREMENT,
    finding TEXT NOT NULL REFERENCES finding (id),
    verdict TEXT NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    at TEXT NOT NULL,
    request TEXT UNIQUE,
    undone_at TEXT
) STRICT;
CREATE INDEX verdict_of_finding ON verdict (finding, event);
"""
_SELECT = (
    "SELECT event, finding, verdict, kind, note, at, request FROM verdict WHERE undone_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer says of a finding.

    Attributes:
        event: Number of the decision, rising; unique in its file.
        finding: Id of the finding.
        verdict: Whether it is a conflict.
        kind: Its kind, as the reviewer sees it.
        note: The reviewer's words.
        at: When, ISO 8601 in UTC.
        request: What told the request from others.
    """

    event: int
    finding: str
    verdict: VerdictName
    kind: Kind
    note: str
    at: str
    request: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class ChangedError(Exception):
    """A verdict that was to be replaced or undone is not the latest of its finding any more.

    Attributes:
        now: The finding's latest verdict; None if it has none.
    """

    def __init__(self, now: Verdict | None) -> None:
        super().__init__("the finding's verdict was changed meanwhile")
        self.now = now


class Store:
    """The verdicts of one review; usable from several threads.

    Every method raises `InputError` where the file is damaged or cannot be read or written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open a file of verdicts, or make it.

        Raises:
            InputError: It cannot be opened or is something else.
        """
        self.path = os.fspath(path)
        self._lock = threading.Lock()
        try:
            self._database = sqlite3.connect(
                self.path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
            try:
                self._set_up()
            except BaseException:
                self._database.close()
                raise
        except database.ERRORS as error:
            raise InputError(
                f"Cannot keep verdicts in {self.path}: {error}. Wanted a file made by 'contradict review' or the name "
                "of a new one in a folder that can be written; choose with --verdicts FILE."
            ) from error

    def _set_up(self) -> None:
        database.set_up(
            self._database,
            application=_APPLICATION,
            version=_VERSION,
            tables=_TABLES,
            what="verdicts",
        )
        database.let_others_read(self._database, patience=_PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        """The file, for one thread at a time; what goes wrong with it is an `InputError`."""
        with self._lock:
            try:
                yield self._database
            except database.ERRORS as error:
                raise self.unusable(error) from error

    def unusable(self, problem: object) -> InputError:
        """The error that says what is wrong with the file, and what to do."""
        return InputError(
            f"The verdicts in {self.path} cannot be used: {problem}. Wanted a file as 'contradict review' left it, "
            "that can be written; take a copy of it from before, or choose another with --verdicts FILE."
        )

    def events(self) -> list[Verdict]:
        """All verdicts that stand, those replaced by later ones of the same finding included, in order."""
        with self._using() as file:
            return [self._verdict(row) for row in file.execute(f"{_SELECT} ORDER BY event")]

    def _verdict(self, row: tuple[Any, ...]) -> Verdict:
        verdict = Verdict(*row)
        if verdict.verdict not in VERDICTS or verdict.kind not in KINDS:
            raise self.unusable(
                f"verdict {verdict.event} is {verdict.verdict!r} of the kind {verdict.kind!r}"
            )
        return verdict

    def latest(self) -> dict[str, Verdict]:
        """The verdict of each finding that has one, by its id."""
        return {verdict.finding: verdict for verdict in self.events()}

    def findings(self) -> dict[str, Finding]:
        """Every finding that was ever judged, as it was then, by its id."""
        with self._using() as file:
            rows = file.execute("SELECT id, data FROM finding").fetchall()
        return {identity: self._finding(identity, data) for identity, data in rows}

    def _finding(self, identity: str, data: str) -> Finding:
        try:
            return parse_finding(data)
        except (ValueError, TypeError, RecursionError) as error:
            raise self.unusable(f"in finding {identity}, {error}") from error

    def save(
        self,
        finding: Finding,
        verdict: str,
        *,
        kind: str,
        note: str = "",
        seen: int,
        request: str | None = None,
    ) -> int:
        """Keep a verdict.

        Args:
            finding: What it is about.
            verdict: One of `VERDICTS`.
            kind: One of `contradict.records.KINDS`.
            note: At most `MAX_NOTE` characters.
            seen: Event of the verdict that the reviewer saw; 0 for none.
            request: What tells this request from others: asked twice, since an answer was lost, it is kept once.

        Returns:
            The verdict's event.

        Raises:
            ChangedError: The finding has another verdict than the one seen; nothing is kept.
            ValueError: A value is none of those allowed.
        """
        with self._using() as file, database.writing(file):
            asked = (
                request
                and file.execute(
                    "SELECT event FROM verdict WHERE request = ?", (request,)
                ).fetchone()
            )
            if asked:
                return int(asked[0])
            self._expect(finding.id, seen)
            return self._insert(finding, verdict, kind, note, request)

    def _insert(
        self, finding: Finding, verdict: str, kind: str, note: str, request: str | None
    ) -> int:
        if verdict not in VERDICTS:
            raise ValueError(f"verdict must be one of {', '.join(VERDICTS)}; got {verdict!r}")
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}; got {kind!r}")
        if len(note) > MAX_NOTE:
            raise ValueError(
                f"note must have at most {MAX_NOTE:,} characters, this one has {len(note):,}"
            )
        self._database.execute(
            "INSERT INTO finding VALUES (?, ?) ON CONFLICT DO UPDATE SET data = excluded.data",
            (finding.id, json.dumps(finding.to_dict())),
        )
        inserted = self._database.execute(
            "INSERT INTO verdict (finding, verdict, kind, note, at, request) VALUES (?, ?, ?, ?, ?, ?)",
            (finding.id, verdict, kind, database.storable(note), _now(), request),
        )
        return int(inserted.lastrowid or 0)

    def undo(self, event: int, *, finding: str) -> None:
        """Take back a verdict; what its finding had before, if anything, stands again. Twice is as once.

        Args:
            event: Its number.
            finding: Id of its finding.

        Raises:
            ChangedError: It is not its finding's latest one.
            ValueError: There is no such verdict.
        """
        with self._using() as file, database.writing(file):
            row = file.execute(
                "SELECT undone_at FROM verdict WHERE event = ? AND finding = ?", (event, finding)
            ).fetchone()
            if row is None:
                raise ValueError(f"there is no verdict {event} of this finding")
            if row[0] is None:
                self._expect(finding, event)
                file.execute("UPDATE verdict SET undone_at = ? WHERE event = ?", (_now(), event))

    def merge(
        self, rows: Iterable[Mapping[str, Any]], findings: Mapping[str, Finding]
    ) -> tuple[int, int, int]:
        """Take over verdicts that were made elsewhere, for findings that have none yet: all or, on an error, none.

        Args:
            rows: Each with ``finding``, ``verdict``, and perhaps ``kind`` and ``note``; of a finding's the last counts.
            findings: Those of the report, by id.

        Returns:
            How many were taken over, how many are of findings with a verdict, and how many of no finding of the report.

        Raises:
            ValueError: A row makes no sense.
        """
        latest = {}
        for number, row in enumerate(rows, 1):
            if not row.get("finding") or row.get("verdict") not in VERDICTS:
                raise ValueError(
                    f"row {number}: wanted a finding and a verdict ({', '.join(VERDICTS)}), got {dict(row)!r:.200}"
                )
            latest[str(row["finding"])] = row
        here = {name: row for name, row in latest.items() if name in findings}
        with self._using() as file, database.writing(file):
            new = [name for name in here if self._latest_of(name) is None]
            for name in new:
                row = here[name]
                kind, note = str(row.get("kind") or findings[name].kind), str(row.get("note") or "")
                self._insert(findings[name], str(row["verdict"]), kind, note, None)
        return len(new), len(here) - len(new), len(latest) - len(here)

    def _expect(self, finding: str, seen: int) -> None:
        now = self._latest_of(finding)
        if (now.event if now else 0) != seen:
            raise ChangedError(now)

    def _latest_of(self, finding: str) -> Verdict | None:
        row = self._database.execute(
            f"{_SELECT} AND finding = ? ORDER BY event DESC LIMIT 1", (finding,)
        ).fetchone()
        return self._verdict(row) if row else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
