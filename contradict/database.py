"""SQLite files of our own: told from others by a mark, versioned, and written by one program at a time."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises; the latter where its message quotes a damaged file."""

_FROM_OUTSIDE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


def shows_damage(error: Exception) -> bool:
    """Whether one of `ERRORS` comes from what a file of our own holds, not from the disk or another program.

    The queries are ours and right, so whatever else SQLite finds wrong with one is damage: a table that is missing
    from the schema, say.
    """
    code = getattr(
        error, "sqlite_errorcode", None
    )  # in its lower byte the kind, of errors of SQLite itself
    return code is None or code & 0xFF not in _FROM_OUTSIDE


def set_up(
    database: sqlite3.Connection, *, application: int, version: int, tables: str, what: str
) -> None:
    """Make the tables in a new file; another file is refused before anything is written to it.

    Args:
        database: Connected without isolation level, so that transactions are ours.
        application: Number that marks the file as ours.
        version: Version of the tables.
        tables: Their definitions, in SQL.
        what: What the file holds, for the error message.

    Raises:
        sqlite3.DatabaseError: It is a file of something else, or of another version.
    """
    database.execute("PRAGMA synchronous = FULL")  # what is committed is on the disk
    marks = _marks(database)
    if marks == (0, 0):
        with writing(database):
            marks = _marks(database)  # another program may have been quicker
            empty = database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
            if marks == (0, 0) and empty:
                for statement in filter(str.strip, tables.split(";")):
                    database.execute(statement)
                database.execute(f"PRAGMA application_id = {application}")
                database.execute(f"PRAGMA user_version = {version}")
                marks = (application, version)
    if marks != (application, version):
        ours = marks[0] == application
        found = f"version {marks[1]} of {what}" if ours else "a file of something else"
        raise sqlite3.DatabaseError(f"it is {found}, wanted version {version} of {what}")


def _marks(database: sqlite3.Connection) -> tuple[int, int]:
    """Both marks at one moment, since another program may be setting them."""
    names = ("application_id", "user_version")
    alone = not database.in_transaction
    if alone:
        database.execute("BEGIN")
    try:
        one, other = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
    finally:
        if alone:
            database.execute("COMMIT")
    return one, other


def let_others_read(database: sqlite3.Connection, *, patience: float) -> None:
    """Turn a file to SQLite's write-ahead log, so that others read while one writes.

    Args:
        database: The file.
        patience: Seconds to wait for others that use it, since SQLite itself does not wait for this lock.

    Raises:
        sqlite3.OperationalError: Others go on using it, it cannot be written, or there can be no such log.
    """
    end = time.monotonic() + patience
    while database.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            mode = database.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
            continue
        if mode == ("memory",):  # nobody else can read it
            return
        if mode != ("wal",):  # SQLite declines without an error
            raise sqlite3.OperationalError("cannot use a write-ahead log here")


@contextmanager
def writing(database: sqlite3.Connection) -> Iterator[None]:
    """A transaction in which no other program writes."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:  # a full disk, for one, has ended it already
            database.execute("ROLLBACK")
        raise


def storable(text: str) -> str:
    """Without lone surrogates, which no UTF-8 file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
