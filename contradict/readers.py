"""Bytes to text, and bytes to the rows of a table; `contradict.documents` makes documents of them.

Nothing in here knows about paths: a reader gets a binary stream that can seek, and raises
`InputError` with a reason, a sentence about "it", that the caller puts the file's name in front of.
"""

import codecs
import csv
import io
import json
import os
import re
from collections.abc import Collection, Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, Literal, NamedTuple

from contradict.errors import InputError

Format = Literal["text", "markdown", "html", "json", "jsonl", "csv", "tsv", "parquet"]

FORMATS: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
"""Which lower-case file name extension holds what."""

_SAMPLE = 1 << 16
_ASCII = bytes(range(128))
_FIELD_LIMIT = 2**31 - 1  # the most that a C long holds on every platform

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF87a", "an image"),
    (b"GIF89a", "an image"),
)
_PARQUET = b"PAR1"

# Control characters that no text needs; tab, line ends, form feed and escape are left out.
_CONTROLS = dict.fromkeys([*range(9), *range(14, 27), *range(28, 32), 127])

_JSON_TYPES: dict[type, str] = {
    **dict.fromkeys((int, float), "number"),
    **{list: "array", str: "string", bool: "boolean", type(None): "null"},
}

_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?><!--.*?-->\s*)*+<(!doctype\s+html|html)\b",  # never tried twice
    re.IGNORECASE | re.DOTALL,
)
_HTML_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# Parts of a page that are never its main text. Forms stay: some sites wrap the whole page in one.
_HTML_PRUNED = [
    "//nav",
    "//footer",
    "//aside",
    "//dialog",
    "//button",
    "//*[@role='navigation' or @role='dialog']",
]


_FRONT_MATTER_KEY = re.compile(r"([A-Za-z][\w-]*)[ \t]*:(?:[ \t]+(.*))?$")


class Encoding(NamedTuple):
    """What to pass to ``bytes.decode`` or ``open``."""

    name: str
    errors: str = "strict"


@dataclass(frozen=True, slots=True)
class MainText:
    """What a web page says, without what stands around it."""

    text: str
    date: str | None
    outlet: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a table.

    Attributes:
        number: Its line in a text file, its place among the records elsewhere; from 1.
        place: The same for a message: "line 3", "record 3", "row 3".
        values: Its cells by column.
        problem: Why it cannot be used; then ``values`` is empty.
    """

    number: int
    place: str
    values: dict[str, Any]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, and the columns they share; None where every record has its own (JSON)."""

    columns: tuple[str, ...] | None
    rows: Iterator[Row]


def detect_encoding(stream: BinaryIO) -> Encoding:
    """The encoding of a text: byte-order mark, UTF-8, UTF-16 without a mark, then a guess.

    A guess is believed only where it has something to go by, which is a text of mostly non-ASCII
    bytes. Latin text with a few of them is read as Windows-1252: its relatives differ in a few
    letters that no statistics over an English article can tell apart.

    Args:
        stream: Can seek; is read through once and left at its start.

    Raises:
        InputError: The stream holds no text, or text in an encoding that cannot be told.
    """
    sample = _sample(stream)
    for signature, what in _SIGNATURES:
        if sample.startswith(signature):
            raise InputError(f"it is {what}, not text; convert it to plain text first")
    for mark, name in _BOMS:
        if sample.startswith(mark) and not _looks_binary(sample.decode(name, "replace")):
            if _decodes(stream, name):
                return Encoding(name)
            raise InputError(
                f"it begins with the byte-order mark of {name.removesuffix('-sig').upper()}, but does "
                "not decode as such; the file is damaged"
            )
    if (unmarked := _unmarked_utf16(sample)) and _decodes(stream, unmarked):
        return Encoding(unmarked)
    if _looks_binary(sample.decode("latin-1")):
        raise InputError("it is a binary file, not text; convert it to plain text first")
    if _decodes(stream, "utf-8"):
        return Encoding("utf-8")
    if _nearly_utf8(stream):
        return Encoding("utf-8", "replace")
    return _guess(stream, sample)


def read_text(stream: BinaryIO) -> str:
    """The whole text, nothing changed; a leading byte-order mark is no part of it.

    Raises:
        InputError: See `detect_encoding`.
    """
    encoding = detect_encoding(stream)
    return stream.read().decode(*encoding)


def front_matter(text: str) -> tuple[dict[str, str], int]:
    """What the block of ``key: value`` lines that a Markdown text may begin with says, and where it ends.

    The block stands between a line ``---`` and another one, as many programs write it. Only its plain values are
    read; lists and what is nested have none.

    Returns:
        The values by key, and the offset behind the block; nothing and 0 where the text begins without one.
    """
    values: dict[str, str] = {}
    end = 0
    for number, line in enumerate(io.StringIO(text, newline="")):
        end += len(line)
        bare = line.rstrip()
        if number == 0:
            if bare != "---":
                break
        elif bare in ("---", "..."):
            return (values, end) if values else ({}, 0)
        elif pair := _FRONT_MATTER_KEY.match(bare):
            values[pair[1]] = _plain_value(pair[2] or "")
        elif bare and line[0] not in " \t-#":  # a sentence: the first line was a mere rule
            break
    return {}, 0


def _plain_value(value: str) -> str:
    """A value without the quotation marks around it, or the comment behind it."""
    quoted = re.match(r"(['\"])(.*)\1[ \t]*(?:#.*)?$", value)
    return quoted[2] if quoted else re.sub(r"(?:^|[ \t]+)#.*", "", value)


def read_html(stream: BinaryIO) -> MainText:
    """The main text of a page by trafilatura, its paragraphs a blank line apart.

    Raises:
        InputError: No text, or a page without a main text.
    """
    from trafilatura import bare_extraction
    from trafilatura.settings import Document as Page
    from trafilatura.settings import set_date_params

    html = _declared_html(stream) or read_text(stream)
    if not re.search(r"<(html|body)\b", html[:_SAMPLE], re.IGNORECASE):
        html = f"<html><body><div>{html}</div></body></html>"  # trafilatura refuses fragments
    page = bare_extraction(
        html,
        favor_precision=True,
        include_comments=False,
        with_metadata=True,
        prune_xpath=_HTML_PRUNED,
        # Without the extensive search for any date at all: no date is better than a wrong one.
        date_extraction_params=set_date_params(extensive=False),
    )
    paragraphs = _paragraphs(page.text or "") if isinstance(page, Page) else []
    if not isinstance(page, Page) or not paragraphs:
        raise InputError(
            "it is a page in which no main text was found (it may be built by scripts, or hold only "
            "menus); save its text as .txt"
        )
    return MainText("\n\n".join(paragraphs), page.date or None, page.sitename or None)


def read_table(
    stream: BinaryIO, form: Format, *, keys: Collection[str], columns: Collection[str] = ()
) -> Table:
    """The rows of a JSON, JSONL, CSV, TSV or Parquet file, as they come.

    Args:
        stream: Can seek; must stay open while the rows are read.
        form: "json" (a list or an object of records), "jsonl", "csv", "tsv" or "parquet".
        keys: Lower-case names of columns of which a record has one. They tell the delimiter of a
            CSV file, and a JSON object that is a record from one that holds records.
        columns: Lower-case names of the columns to read of a Parquet file; all, where empty.

    Raises:
        InputError: The file as a whole is not of that format.
    """
    if form == "parquet":
        return _parquet_table(stream, columns)
    encoding = detect_encoding(stream)
    if form == "jsonl":
        return Table(None, _json_lines(_lines(stream, encoding)))
    if form == "json":
        return Table(None, _json_rows(stream.read().decode(*encoding), keys))
    return _csv_table(stream, encoding, "\t" if form == "tsv" else ",;\t", keys)


def sniff_format(stream: BinaryIO, *, text_column: str | None = None) -> Format:
    """What a stream without a telling name holds; plain text unless it is clearly something else.

    Args:
        stream: Can seek; is left at its start.
        text_column: A first line that has this among other cells is the header of a CSV table.

    Raises:
        InputError: See `detect_encoding`.
    """
    head = stream.read(_SAMPLE)
    stream.seek(0)
    if head.startswith(_PARQUET):
        return "parquet"
    encoding = detect_encoding(stream)
    text = head.decode(encoding.name, "replace")
    if _HTML_START.match(text):
        return "html"
    if text.lstrip()[:1] in ("{", "["):
        lines = _lines(stream, encoding)
        # Any of the first few: one broken record does not make prose of the others.
        records = any(isinstance(_load(line)[0], dict) for line in islice(lines, 5))
        lines.close()
        stream.seek(0)
        if records:
            return "jsonl"
        value, _ = _load(stream.read().decode(*encoding))
        stream.seek(0)
        if value is not None:
            return "json"
    if text_column is not None:
        _, header = _csv_header(text, ",;\t", {text_column.lower()})
        if len(header) > 1 and text_column in header:
            return "csv"
    return "text"


def _declared_html(stream: BinaryIO) -> str | None:
    """The page in the encoding that it declares, unless it is UTF-8 whatever it declares."""
    declared = _HTML_CHARSET.search(stream.read(4096))
    stream.seek(0)
    if declared is None or _decodes(stream, "utf-8"):
        return None
    try:
        name = codecs.lookup(declared[1].decode()).name
        # Browsers read these two as Windows-1252, and pages are written for browsers.
        return stream.read().decode("cp1252" if name in ("iso8859-1", "ascii") else name)
    except (LookupError, ValueError):  # unknown, not an encoding of text, or not this one
        return None
    finally:
        stream.seek(0)


def _sample(stream: BinaryIO) -> bytes:
    """The beginning and some of the middle, which is cut where no character is cut in two."""
    head = stream.read(_SAMPLE)
    size = stream.seek(0, os.SEEK_END)
    middle = b""
    if size > 4 * _SAMPLE:
        stream.seek(size // 8 * 4)  # whole UTF-16 and UTF-32 units
        middle = stream.read(_SAMPLE)
        middle = middle[max(0, middle.find(b" ")) // 4 * 4 :]
    stream.seek(0)
    return head + middle


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    """Whether the whole stream decodes, a mebibyte at a time; leaves it at its start."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        while chunk := stream.read(1 << 20):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except (UnicodeError, LookupError):
        return False
    finally:
        stream.seek(0)
    return True


def _nearly_utf8(stream: BinaryIO) -> bool:
    """Whether a few damaged bytes (a character cut in two at the end, say) stand among UTF-8.

    Pairs of bytes that are UTF-8 by chance are rare in every other encoding.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    damaged = sound = 0
    while chunk := stream.read(1 << 20):
        text = decoder.decode(chunk)
        damaged += text.count("\ufffd")
        sound += len(text) - len(text.encode("ascii", "ignore")) - text.count("\ufffd")
    damaged += len(decoder.decode(b"", final=True))
    stream.seek(0)
    return sound >= 4 * damaged


def _looks_binary(text: str) -> bool:
    """More than one control character in twenty; a stray few are left alone."""
    controls = len(text) - len(text.translate(_CONTROLS))
    return controls * 20 > len(text) + 40


def _unmarked_utf16(sample: bytes) -> str | None:
    """UTF-16 of a mostly Latin text has a NUL in every second byte, and nearly none between."""
    units = len(sample) // 2
    for name, high, low in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        nuls, strays = sample[high::2].count(0), sample[low::2].count(0)
        if nuls > 0.5 * units and strays < 0.1 * units:
            decoded = sample[: units * 2].decode(name, "replace")
            return None if _looks_binary(decoded) else name
    return None


def _guess(stream: BinaryIO, sample: bytes) -> Encoding:
    latin = len(sample.translate(None, _ASCII)) <= 0.3 * len(sample)
    if latin and _decodes(stream, "cp1252"):
        return Encoding("cp1252")
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is not None and best.chaos < 0.1 and _decodes(stream, best.encoding):
        return Encoding(best.encoding)
    raise InputError("it is in an encoding that could not be told; save it as UTF-8")


def _lines(stream: BinaryIO, encoding: Encoding) -> Generator[str]:
    """Lines as they stand, line ends included, whichever kind they are."""
    wrapper = io.TextIOWrapper(stream, encoding.name, encoding.errors, newline="")
    try:
        # Not `yield from`, which would close the wrapper, and the stream, with this generator.
        for line in wrapper:  # noqa: UP028
            yield line
    finally:
        if not stream.closed:
            wrapper.detach()  # its end would close the stream as well


def _paragraphs(text: str) -> list[str]:
    """Lines of extracted text; table cells come between bars, list items behind a dash."""
    paragraphs: list[str] = []
    for line in text.splitlines():
        cells = line.split("|") if line.lstrip().startswith("|") else [line]
        stripped = (cell.strip().removeprefix("- ").strip() for cell in cells)
        paragraphs.extend(cell for cell in stripped if cell.strip("-"))
    return paragraphs


def _load(text: str, line: int = 1) -> tuple[Any, Row | None]:
    """The JSON value that begins on this line, or a row that says why there is none."""
    try:
        return json.loads(text), None
    except (ValueError, RecursionError) as error:  # also numbers too long, nesting too deep
        line += getattr(error, "lineno", 1) - 1
        reason = getattr(error, "msg", str(error))
        return None, Row(line, f"line {line}", {}, f"this is not valid JSON ({reason})")


def _json_lines(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            value, problem = _load(line.rstrip(), number)
            yield problem or _json_row(number, f"line {number}", value)


def _json_rows(text: str, keys: Collection[str]) -> Iterator[Row]:
    """A list of records, an object that is one or holds them, or JSON lines by another name."""
    value, problem = _load(text)
    if problem and isinstance(_load(text.lstrip().partition("\n")[0])[0], dict):
        yield from _json_lines(io.StringIO(text, newline=""))
    elif problem:
        yield problem
    else:
        for number, item in enumerate(_json_records(value, keys), 1):
            yield _json_row(number, f"record {number}", item)


def _json_records(value: Any, keys: Collection[str]) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and value:
        lists = [v for v in value.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        if len(lists) == 1 and not any(column.lower() in keys for column in value):
            return lists[0]
        if all(isinstance(item, dict) for item in value.values()):
            return [{"id": key} | item for key, item in value.items()]
    return [value]


def _json_row(number: int, place: str, value: Any) -> Row:
    if isinstance(value, dict):
        return Row(number, place, value)
    return Row(
        number, place, {}, f"this is of the JSON type {_JSON_TYPES[type(value)]}; wanted an object"
    )


def _csv_table(
    stream: BinaryIO, encoding: Encoding, delimiters: str, keys: Collection[str]
) -> Table:
    if csv.field_size_limit() < _FIELD_LIMIT:  # one cell holds a whole article
        csv.field_size_limit(_FIELD_LIMIT)
    sample = stream.read(_SAMPLE).decode(encoding.name, "replace")
    stream.seek(0)
    delimiter, _ = _csv_header(sample, delimiters, keys)
    # Strict: an unclosed quotation mark would swallow the rest of the file without a word.
    reader = csv.reader(_lines(stream, encoding), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(filter(None, reader), [])]
    except csv.Error as error:
        raise InputError(f"line {reader.line_num}: this is not valid CSV ({error})") from None
    if not any(header):
        raise InputError("it is empty")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise InputError(f"it has several columns named {', '.join(map(repr, twice))}; rename them")
    return Table(tuple(header), _csv_rows(reader, header))


def _csv_rows(reader: Any, header: list[str]) -> Iterator[Row]:
    while True:
        number = reader.line_num + 1
        place = f"line {number}"
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(
                number, place, {}, f"this is not valid CSV ({error}); check its quotation marks"
            )
            continue
        if any(cells[len(header) :]):
            problem = (
                f"the row has {len(cells)} cells, the header has {len(header)}; put a cell that holds the "
                "delimiter between quotation marks"
            )
            yield Row(number, place, {}, problem)
        elif any(cells):
            cells += [""] * (len(header) - len(cells))
            yield Row(number, place, dict(zip(header, cells, strict=False)))


def _csv_header(text: str, delimiters: str, keys: Collection[str]) -> tuple[str, list[str]]:
    """The delimiter whose header has one of the key columns, else the most columns."""

    def header(delimiter: str) -> list[str]:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            return [cell.strip() for cell in next(filter(None, rows), [])]
        except csv.Error:
            return []

    headers = [(delimiter, header(delimiter)) for delimiter in delimiters]
    return max(headers, key=lambda found: (any(c.lower() in keys for c in found[1]), len(found[1])))


def _parquet_table(stream: BinaryIO, columns: Collection[str]) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(stream)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"it is not a Parquet file that can be read ({error})") from None
    names = tuple(file.schema_arrow.names)
    selected = [name for name in names if not columns or name.lower() in columns]

    def rows() -> Iterator[Row]:
        number = 0
        try:
            for batch in file.iter_batches(batch_size=256, columns=selected):
                for values in batch.to_pylist():
                    number += 1
                    yield Row(number, f"row {number}", values)
        except (pa.ArrowException, OSError, ValueError, OverflowError, KeyError) as error:
            number += 1
            yield Row(number, f"row {number} and on", {}, f"the Parquet data is damaged ({error})")

    return Table(names, rows())
