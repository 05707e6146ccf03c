"""Everything that can be read, as `Document`s: files, folders, standard input, records, data sets.

    for result in read_documents(["articles/", "extra.jsonl"]):
        ...  # a Document, or a Failure that says which input could not be used and why

An input that cannot be used never stops the others. Texts are what stands in the file, to the
last character, so that offsets into them are offsets into what the user has; of a Markdown file the
block of ``key: value`` lines at its beginning, read for date and outlet, is blanked out.
"""

import datetime
import gzip
import io
import os
import re
import stat
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, cast

from contradict.errors import InputError, some_of
from contradict.readers import (
    FORMATS,
    Format,
    Row,
    Table,
    front_matter,
    read_html,
    read_table,
    read_text,
    sniff_format,
)
from contradict.records import Document, Failure

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict

Source: TypeAlias = (
    "str | os.PathLike[str] | Document | Dataset | IterableDataset | DatasetDict "
    "| IterableDatasetDict | Iterable[Source]"
)

Warn: TypeAlias = Callable[[str], object]

TEXT_COLUMNS = ("text", "content", "body", "article", "article_text", "maintext")
"""Where a record's text stands: the first of these that it has."""

_NAME_COLUMNS = ("id", "name", "url", "title", "doc_id", "document", "filename")
_DATE_COLUMNS = (
    *("date", "published", "date_published", "published_date", "published_at", "published_on"),
    *("publishedat", "datepublished", "date_publish", "publish_date", "publication_date"),
    *("pub_date", "pubdate"),
)
_OUTLET_COLUMNS = (
    *("outlet", "source", "publisher", "sitename", "site_name", "site", "source_name"),
    *("news_outlet", "newspaper", "publication"),
)
_LABEL_COLUMNS = {*_NAME_COLUMNS, *_DATE_COLUMNS, *_OUTLET_COLUMNS}

_WEEKDAY = r"\s*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATES = [
    re.compile(form, re.IGNORECASE)
    for form in (
        r"\s*(?P<year>\d{4})(?P<mark>[-/.]?)(?P<month>\d{2})(?P=mark)(?P<day>\d{2})(?!\d)",
        r"\s*(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?!\d)",
        rf"{_WEEKDAY}(?P<day>\d\d?)(?:st|nd|rd|th|\.)?[\s-]+{_MONTH},?[\s-]+(?P<year>\d{{4}})(?!\d)",
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)",
    )
]
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_OR_MONTH_FIRST = re.compile(r"\s*(\d\d?)([/.-])(\d\d?)\2(\d{4})(?!\d)")
_ANY_BUT_LINE_ENDS = re.compile(r"[^\r\n]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PROSE_ENDS = (".", "!", "?", "\u2026", '"', "'", "\u201d", "\u2019")
_PLACES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read; ``depth`` is how many of the last ``parts`` of its path name it at least."""

    path: str
    parts: tuple[str, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class _Stdin:
    name: str = "standard input"


@dataclass(frozen=True, slots=True)
class _Dataset:
    name: str
    rows: Any  # a datasets.Dataset or IterableDataset


_Input = _File | _Stdin | _Dataset | Document | Failure


def read_documents(
    sources: Source,
    *,
    text_column: str | None = None,
    stdin: BinaryIO | None = None,
    warn: Warn | None = None,
) -> Iterator[Document | Failure]:
    """Read every source, in order; what cannot be used comes as a `Failure`, and the rest goes on.

    A file is plain text, Markdown, HTML (only its main text), JSON, JSONL, CSV, TSV or Parquet by
    its name; a folder is read with everything in it that has such a name, hidden files left out.
    "-" is standard input, as text or as what it clearly is instead. A file given twice is read
    once. Files are listed before the first is read, and read one at a time.

    Args:
        sources: A path, a `Document`, a ``datasets.Dataset`` (streamed ones and dictionaries of
            them too), or any iterable of these. A string is a path, never a text.
        text_column: The column of tables and records that holds the text. By default the first of
            text, content, body, article, article_text, maintext that is there.
        stdin: What "-" reads; standard input by default.
        warn: Called with what the reader should know, though nothing failed: files in a folder that are of no kind
            that is read, dates that could not be read.

    Yields:
        Documents, each with a name of its own: the file's name, its path within the folder that
        was given, or the record's id, longer where two would share it, and never an absolute path.
    """
    warn = warn or _ignore
    inputs = list(_list_inputs(sources, set(), warn))
    names = _Names()
    files = _name_files([item for item in inputs if isinstance(item, _File)])
    file_names = {path: names.claim(name) for path, name in files.items()}
    for item in inputs:
        source = item.path if isinstance(item, _File) else getattr(item, "name", "")
        try:
            match item:
                case Failure():
                    yield _failure(item.source, item.reason)
                case Document():
                    if problem := _text_problem(item.text):
                        raise InputError(f"its text {problem}")
                    yield replace(item, name=names.claim(item.name))
                case _Dataset():
                    table = _dataset_table(item.rows, text_column)
                    yield from _read_rows(source, item.name, table, names, text_column, warn)
                case _Stdin():
                    piped = io.BytesIO(standard_input(stdin).read())
                    name = names.claim("stdin")
                    yield from _read_stream(source, name, piped, None, names, text_column, warn)
                case _File():
                    form = FORMATS.get(PurePath(source).suffix.lower())
                    name = file_names[source]
                    with _open(source) as stream:
                        yield from _read_stream(
                            source, name, stream, form, names, text_column, warn
                        )
        except InputError as error:
            yield _failure(source, str(error))
        except OSError as error:
            yield _failure(source, f"it cannot be read ({error.strerror or error})")


def read_pairs(
    source: str | os.PathLike[str], *, stdin: BinaryIO | None = None
) -> list[dict[str, Any]]:
    """The rows of a table of pairs, in order, each with all its columns in order.

    Args:
        source: A CSV, TSV, JSON, JSONL or Parquet file with the columns ``a`` and ``b``, or "-".
        stdin: What "-" reads; standard input by default.

    Raises:
        InputError: The file cannot be read, lacks a column, or has a row without a text in it.
    """
    with open_table(source, keys=("a", "b"), stdin=stdin) as table:
        if table.columns is not None:
            _check_pair_columns(table.columns, "its header")
        rows = [_pair(row) for row in table.rows]
        if not rows and table.columns is None:
            raise InputError("it holds no records; wanted some with the columns a and b")
    return rows


@contextmanager
def open_table(
    source: str | os.PathLike[str], *, keys: Collection[str], stdin: BinaryIO | None = None
) -> Iterator[Table]:
    """The table in a file, open within the block; an `InputError` raised in there gets the file's name.

    Args:
        source: A CSV, TSV, JSON, JSONL or Parquet file, compressed where its name ends in ".gz", or "-".
        keys: Lower-case names of columns of which a row has one; see `read_table`.
        stdin: What "-" reads; standard input by default.

    Raises:
        InputError: The file cannot be read or is no table.
    """
    path = os.fspath(source)
    try:
        with _open_input(path, stdin) as stream:
            suffix = PurePath(re.sub(r"(?i)\.gz$", "", path)).suffix.lower()
            form = FORMATS.get(suffix) or sniff_format(stream)
            if form not in ("json", "jsonl", "tsv", "parquet"):
                form = "csv"
            yield read_table(stream, form, keys=keys)
            return
    except InputError as error:
        reason = str(error)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        reason = f"it is no whole gzip file ({error}); fetch it again"
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = _missing(path, error).reason
    label = "standard input" if path == "-" else path or "''"
    raise InputError(_printable(f"{label}: {reason}"))


def _check_pair_columns(columns: Collection[str], place: str) -> None:
    missing = [column for column in ("a", "b") if column not in columns]
    if missing:
        raise InputError(
            f"{place} has no column {' and no column '.join(missing)}; wanted the columns a "
            f"and b, the two texts of a pair; found {_listed(columns)}; rename the columns"
        )


def _pair(row: Row) -> dict[str, Any]:
    if row.problem:
        raise InputError(f"{row.place}: {row.problem}")
    _check_pair_columns(row.values, row.place)
    for column in ("a", "b"):
        if problem := _text_problem(row.values[column]):
            raise InputError(f"{row.place}: column {column} {problem}; every pair needs two texts")
    return row.values


class _Names:
    """Gives every document a name of its own."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def claim(self, name: str) -> str:
        """This name, or the first of name#2, name#3 … that is free."""
        unique = name = _printable(name)
        while unique in self._taken:
            number = self._next.get(name, 2)
            self._next[name] = number + 1
            unique = f"{name}#{number}"
        self._taken.add(unique)
        return unique


def _list_inputs(source: Any, seen: set[str], warn: Warn) -> Iterator[_Input]:
    """Flatten sources to what is read one by one; of files, ``seen`` holds the resolved paths."""
    # A data set can only be passed by somebody who has imported the library; we need not.
    datasets = sys.modules.get("datasets")
    if isinstance(source, Document):
        yield source
    elif isinstance(source, str | os.PathLike):
        yield from _list_path(os.fsdecode(source), seen, warn)
    elif datasets and isinstance(source, datasets.Dataset | datasets.IterableDataset):
        yield _Dataset(str(source.split or "dataset"), source)
    elif datasets and isinstance(source, datasets.DatasetDict | datasets.IterableDatasetDict):
        for split, rows in source.items():
            yield _Dataset(str(split), rows)
    elif isinstance(source, Iterable) and not isinstance(source, Mapping | bytes | bytearray):
        for item in source:
            yield from _list_inputs(item, seen, warn)
    else:
        yield Failure(
            repr(source)[:60],
            f"this is of the type {type(source).__name__}; wanted a path, a contradict.Document, a "
            "datasets.Dataset, or a list of these",
        )


def _list_path(path: str, seen: set[str], warn: Warn) -> Iterator[_Input]:
    if path == "-":
        if path not in seen:
            seen.add(path)
            yield _Stdin()
        return
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as error:  # ValueError: a NUL in it
        yield _missing(path, error)
        return
    if stat.S_ISDIR(mode):
        yield from _list_folder(path, seen, warn)
    elif (real := os.path.realpath(path)) not in seen:
        seen.add(real)
        yield _File(path, PurePath(os.path.abspath(path)).parts[1:], 1)


def _list_folder(folder: str, seen: set[str], warn: Warn) -> Iterator[_Input]:
    errors: list[OSError] = []
    others: list[str] = []
    visited: set[str] = set()
    found = False
    for current, folders, files in os.walk(folder, followlinks=True, onerror=errors.append):
        if (real := os.path.realpath(current)) in visited:  # a link back up, or a second way in
            folders.clear()
            continue
        visited.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        within = len(PurePath(os.path.relpath(current, folder)).parts)
        for name in sorted(name for name in files if not name.startswith(".")):
            path = os.path.join(current, name)
            suffix = PurePath(name).suffix.lower()
            if suffix not in FORMATS or (os.path.exists(path) and not os.path.isfile(path)):
                others.append(os.path.relpath(path, folder))
                continue
            found = True
            if (real := os.path.realpath(path)) not in seen:
                seen.add(real)
                yield _File(path, PurePath(os.path.abspath(path)).parts[1:], within + 1)
    for error in errors:
        yield Failure(str(error.filename), f"it cannot be read ({error.strerror or error})")
    if not found and not errors:
        suffixes = Counter(PurePath(name).suffix.lower() or "without extension" for name in others)
        held = ", ".join(f"{count} {suffix}" for suffix, count in sorted(suffixes.items()))
        kinds = ", ".join(FORMATS)
        yield Failure(
            folder,
            f"it holds no file that can be read; wanted {kinds}; found {held or 'nothing'}",
        )
    elif others:
        number = "1 file" if len(others) == 1 else f"{len(others):,} files"
        warn(
            _printable(
                f"{folder}: {number} left out, of kinds that are not read: {some_of(others)}; to have them read, save "
                "their texts as .txt"
            )
        )


def _missing(path: str, error: Exception) -> Failure:
    if not path:
        return Failure("''", "the name is empty; name a file or a folder, or - for standard input")
    prose = "\n" in path or len(path) > 255 or (" " in path and path.endswith(_PROSE_ENDS))
    if prose:
        hint = "; pass contradict.Document(name, text) to analyse a text itself"
    elif path.startswith(("http://", "https://")):
        hint = "; addresses are not fetched, save the page and pass the file"
    else:
        hint = "; check the path"
    if isinstance(error, FileNotFoundError) or prose:
        reason = "is not there: no such file or folder"
    else:
        reason = f"it cannot be read ({getattr(error, 'strerror', None) or error})"
    return Failure(path if len(path) <= 80 or not prose else f"{path[:79]}…", reason + hint)


def _name_files(files: Sequence[_File]) -> dict[str, str]:
    """Path → name: each as short as it was asked for, lengthened at the front while two agree."""
    depths = {file.path: file.depth for file in files}
    while True:
        names = {file.path: "/".join(file.parts[-depths[file.path] :]) for file in files}
        shared = Counter(names.values())
        longer = [
            file.path
            for file in files
            if shared[names[file.path]] > 1 and depths[file.path] < len(file.parts)
        ]
        if not longer:
            return names
        for path in longer:
            depths[path] += 1


def standard_input(stream: BinaryIO | None = None) -> BinaryIO:
    """The bytes of standard input, or of a stream that stands for it."""
    if stream is None and sys.stdin is None:
        raise InputError("it cannot be read: there is no standard input")
    return stream or sys.stdin.buffer


def _open_input(path: str, stdin: BinaryIO | None) -> BinaryIO:
    if path == "-":
        return io.BytesIO(standard_input(stdin).read())
    return cast(BinaryIO, gzip.open(path)) if path.lower().endswith(".gz") else _open(path)


def _open(path: str) -> BinaryIO:
    stream = open(path, "rb")  # noqa: SIM115  the caller closes it
    if stream.seekable():
        return stream
    with stream:  # a pipe, from <(…) in a shell for one
        return io.BytesIO(stream.read())


def _read_stream(
    source: str,
    name: str,
    stream: BinaryIO,
    form: Format | None,
    names: _Names,
    text_column: str | None,
    warn: Warn,
) -> Iterator[Document | Failure]:
    if not stream.read(1):
        raise InputError("it is empty")
    stream.seek(0)
    form = form or sniff_format(stream, text_column=text_column)
    if form == "html":
        page = read_html(stream)
        yield Document(name, page.text, _iso_date(page.date), page.outlet)
    elif form in ("text", "markdown"):
        text = read_text(stream)
        values, end = front_matter(text) if form == "markdown" else ({}, 0)
        # Blank, it is no statement of the document, and every offset stays what it is in the file.
        text = _ANY_BUT_LINE_ENDS.sub(" ", text[:end]) + text[end:]
        if problem := _text_problem(text):
            raise InputError(f"its text {problem}")
        dates = _Dates()
        date = dates.of(values, "in its front matter")
        outlet = _first(values, _OUTLET_COLUMNS, _text_of)
        dates.tell(source, warn)
        yield Document(name, text, date, outlet, "markdown" if form == "markdown" else "plain")
    else:
        keys = {text_column.lower()} if text_column else set(TEXT_COLUMNS)
        table = read_table(stream, form, keys=keys, columns=keys | _LABEL_COLUMNS)
        yield from _read_rows(source, name, table, names, text_column, warn)


def _read_rows(
    source: str,
    name: str,
    table: Table,
    names: _Names,
    text_column: str | None,
    warn: Warn,
) -> Iterator[Document | Failure]:
    """Documents as they come; then one failure for each kind of problem, however many rows."""
    wanted = (text_column,) if text_column else TEXT_COLUMNS
    if table.columns is not None and _column(table.columns, wanted) is None:
        raise InputError(_no_text_column(table.columns, wanted))
    counts: Counter[str] = Counter()
    places: dict[str, list[str]] = {}
    no_column = ""  # records without a text are one problem, whatever else each of them has
    empty = True
    dates = _Dates()
    for row in table.rows:
        empty = False
        column = _column(row.values, wanted)
        if row.problem is not None:
            problem = row.problem
        elif column is None:
            problem = no_column = no_column or _no_text_column(row.values, wanted)
        elif text_problem := _text_problem(row.values[column]):
            problem = f"column {column} {text_problem}"
        else:
            yield Document(
                names.claim(_first(row.values, _NAME_COLUMNS, _text_of) or f"{name}#{row.number}"),
                row.values[column],
                dates.of(row.values, row.place),
                _first(row.values, _OUTLET_COLUMNS, _text_of),
            )
            continue
        counts[problem] += 1
        if counts[problem] <= _PLACES_SHOWN:
            places.setdefault(problem, []).append(row.place)
    if empty:
        raise InputError("it holds no records")
    dates.tell(source, warn)
    for problem, count in counts.items():
        more = f" and {count - _PLACES_SHOWN} more" if count > _PLACES_SHOWN else ""
        yield _failure(source, f"{', '.join(places[problem])}{more}: {problem}")


class _Dates:
    """Reads the dates of one source, and tells once of those that cannot be read."""

    def __init__(self) -> None:
        self._unread = 0
        self._shown: list[str] = []

    def of(self, values: Mapping[str, Any], place: str) -> str | None:
        """The date of what stands in a place, by its columns."""
        date = _first(values, _DATE_COLUMNS, _iso_date)
        if date is None and (said := _first(values, _DATE_COLUMNS, _text_of)):
            self._unread += 1
            if self._unread <= _PLACES_SHOWN:
                self._shown.append(f"{said:.40} ({place})")
        return date

    def tell(self, source: str, warn: Warn) -> None:
        """Warn of what could not be read, if anything could not."""
        if self._unread:
            more = self._unread - len(self._shown)
            dates = "1 date was" if self._unread == 1 else f"{self._unread:,} dates were"
            warn(
                _printable(
                    f"{source}: {dates} left out that cannot be read, or not in one way only: "
                    f"{', '.join(self._shown)}{f' and {more:,} more' if more else ''}; wanted year, month and day, "
                    "such as 2015-10-01"
                )
            )


def _dataset_table(dataset: Any, text_column: str | None) -> Table:
    columns = tuple(dataset.column_names) if dataset.column_names else None  # a stream may not know
    if columns:  # what is not needed is not decoded: an article's pictures, say
        wanted = {text_column.lower()} if text_column else set(TEXT_COLUMNS)
        used = [name for name in columns if name.strip().lower() in wanted | _LABEL_COLUMNS]
        dataset = dataset.select_columns(used)
    return Table(columns, (Row(n, f"row {n}", dict(row)) for n, row in enumerate(dataset, 1)))


def _column(columns: Iterable[Any], wanted: Iterable[str]) -> str | None:
    """The first wanted column that is there, in any case of letters."""
    found = {str(column).strip().lower(): column for column in columns}
    return next((found[name.lower()] for name in wanted if name.lower() in found), None)


def _first(
    values: Mapping[str, Any], columns: Iterable[str], use: Callable[[Any], str | None]
) -> str | None:
    """What the first of the columns with something of use holds."""
    found = {str(column).strip().lower(): value for column, value in values.items()}
    uses = (use(found[name]) for name in columns if name in found)
    return next((value for value in uses if value), None)


def _no_text_column(columns: Iterable[Any], wanted: Iterable[str]) -> str:
    return (
        f"there is no text column; wanted {' or '.join(wanted)}; found {_listed(columns)}; name the "
        "column that holds the text with --text-column (text_column in Python)"
    )


def _listed(columns: Iterable[Any]) -> str:
    names = [str(column) or "(unnamed)" for column in columns] or ["nothing"]
    return some_of(names, 20)


def _text_problem(text: Any) -> str | None:
    """Why this cannot be the text of a document."""
    if not isinstance(text, str):
        return "is empty" if text is None else f"is of the type {type(text).__name__}, not a text"
    if not text.strip():
        return "is empty" if not text else "is empty but for white space"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        half = ord(text[error.start])
        return f"holds half a character (lone surrogate U+{half:04X}), which cannot be written"
    return None


def _text_of(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a column of whole numbers with gaps is read as floats
    return _printable(" ".join(str(value).split())) if isinstance(value, str | int) else None


def _iso_date(value: Any) -> str | None:
    """ISO 8601 date from what begins with a day in a usual form that has one meaning; None from everything else."""
    text = str(value)
    if match := _DAY_OR_MONTH_FIRST.match(text):
        one, other, year = int(match[1]), int(match[3]), int(match[4])
        days = {_day(year, one, other), _day(year, other, one)} - {None}
        return days.pop() if len(days) == 1 else None
    if match := next(filter(None, (form.match(text) for form in _DATES)), None):
        month = match["month"].lower()
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
        return _day(int(match["year"]), number, int(match["day"]))
    return None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def _ignore(_: str) -> None:
    """What becomes of warnings where nobody asks for them."""


def _failure(source: str, reason: str) -> Failure:
    return Failure(_printable(source), _printable(" ".join(reason.split())))


def _printable(text: str) -> str:
    """What every terminal and every UTF-8 file can take."""
    return _UNPRINTABLE.sub("\ufffd", text)
