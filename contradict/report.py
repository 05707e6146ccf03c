"""Findings and statements as files: JSONL, which loses nothing and is read back, and CSV for spreadsheets.

`contradict.terminal` shows the same to a person at a terminal, `contradict.page` in a browser.
"""

import csv
import json
import math
import os
import re
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from contradict.errors import InputError
from contradict.records import (
    KINDS,
    MARK_ROLES,
    SCHEMA,
    STANCES,
    Finding,
    PairScore,
    Statement,
)

STATEMENT_COLUMNS = (
    "document",
    "id",
    "start",
    "end",
    "speaker",
    "stance",
    "text",
    "proposition",
    "cue",
    "quoted",
    "date",
    "outlet",
    "narrated",
)
"""Columns of a CSV file of statements; ``speaker`` is the resolved name, empty for own voice."""

NLI_COLUMNS = (
    *(
        f"nli_{direction}_{label}"
        for direction in ("forward", "backward")
        for label in ("entailment", "neutral", "contradiction")
    ),
    "nli_one_way",
)

FINDING_COLUMNS = (
    *("id", "kind", "score", "flagged", "reason"),
    *(
        f"{side}_{name}"
        for side in ("left", "right")
        for name in (
            "document",
            "speaker",
            "stance",
            "text",
            "proposition",
            "start",
            "end",
            "date",
            "outlet",
        )
    ),
    *NLI_COLUMNS,
    *("similarity", "model"),
)
"""Columns of a CSV file of findings; marks, contexts and the places of repeats stand in JSONL only."""

SCORE_COLUMNS = ("score", "flagged", "kind", "reason", *NLI_COLUMNS)
"""Columns that `write_scored_pairs` adds to a CSV row."""

# Writing -----------------------------------------------------------------------------------------


@contextmanager
def open_output(path: str | os.PathLike[str] | None) -> Iterator[TextIO]:
    """Open a UTF-8 text stream for results that ends up whole or not at all.

    A file is written under a temporary name in the same folder and renamed when the block ends
    without an error; on any error or interrupt the temporary file is removed and an older file
    stays as it was. Line ends are written as they come. What UTF-8 cannot hold (lone surrogates) is
    written as ``\\udcxx``.

    Args:
        path: The file; None or ``-`` is standard output. A device or a named pipe is written to
            directly.

    Raises:
        InputError: The folder does not exist or cannot be written.
    """
    if path is None or os.fspath(path) == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    target = check_output(path)
    special = target.exists() and not target.is_file()  # renaming would replace the device
    written = target if special else target.with_name(f".contradict-{secrets.token_hex(6)}.tmp")
    try:
        stream = written.open(
            "w" if special else "x", encoding="utf-8", errors="backslashreplace", newline=""
        )
    except OSError as error:
        raise InputError(f"Cannot write {os.fspath(path)}: {error.strerror or error}.") from error
    try:
        with stream:
            yield stream
        if not special:
            if target.exists():
                written.chmod(target.stat().st_mode & 0o777)
            written.replace(target)
    except BaseException:
        if not special:
            written.unlink(missing_ok=True)
        raise


def check_output(path: str | os.PathLike[str]) -> Path:
    """Where ``path`` would be written, links followed; so that a long run does not fail at its end.

    Raises:
        InputError: The folder does not exist or cannot be written, or ``path`` is a folder.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise InputError(
            f"Cannot write {os.fspath(path)}: it is a folder. Give the name of a file, such as "
            f"{os.path.join(path, 'findings.jsonl')}."
        )
    if not target.parent.is_dir():
        raise InputError(
            f"Cannot write {os.fspath(path)}: there is no folder {target.parent}. Create it first."
        )
    if not os.access(target.parent, os.W_OK | os.X_OK) and not target.exists():
        raise InputError(
            f"Cannot write {os.fspath(path)}: no permission in folder {target.parent}."
        )
    return target


def write_jsonl(records: Iterable[Finding | Statement | Mapping[str, Any]], stream: TextIO) -> None:
    """Write one JSON object a line, with the fields of ``to_dict``; see `read_report`."""
    for record in records:
        data = record if isinstance(record, Mapping) else record.to_dict()
        line = json.dumps(data, ensure_ascii=False, allow_nan=False)
        # Valid in JSON strings, but many readers take them for line ends.
        line = re.sub("[\x85\u2028\u2029]", lambda match: f"\\u{ord(match[0]):04x}", line)
        stream.write(line + "\n")


def write_csv(
    records: Iterable[Finding] | Iterable[Statement] | Iterable[Mapping[str, Any]],
    stream: TextIO,
    *,
    columns: Sequence[str],
) -> None:
    """Write a header and one row a record, for spreadsheets (RFC 4180, so lines end with CR LF).

    A text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end gets a leading ``'``,
    since a spreadsheet would run it as a formula. Where the exact text matters, use JSONL.

    Args:
        records: All findings, all statements, or all rows by the names of their columns.
        stream: Opened with ``newline=""``.
        columns: `FINDING_COLUMNS`, `STATEMENT_COLUMNS` or those of the rows; the header stands even without records.
    """
    writer = csv.writer(stream)
    writer.writerow(columns)
    for record in records:
        if isinstance(record, Finding):
            row: Mapping[str, Any] = flat_finding(record)
        else:
            row = _flat_statement(record) if isinstance(record, Statement) else record
        writer.writerow(_cell(_defused(row[column])) for column in columns)


def write_scored_pairs(
    rows: Sequence[Mapping[str, Any]],
    scores: Sequence[PairScore],
    stream: TextIO,
    *,
    delimiter: str | None = None,
) -> None:
    """Write the input rows with what `contradict.score_pairs` says of them.

    The input's columns come first, in their order and untouched; ours follow. An input column that
    has the name of one of ours (from an earlier run, say) is replaced.

    Args:
        rows: The input rows.
        scores: One per row.
        stream: Opened with ``newline=""``.
        delimiter: Between the cells of a CSV file; None writes JSONL, with ``nli`` nested.
    """
    if delimiter is None:
        ours = {"score", "flagged", "kind", "reason", "nli"}
        write_jsonl(
            (
                {
                    **{name: _plain(value) for name, value in row.items() if name not in ours},
                    **score.to_dict(),
                }
                for row, score in zip(rows, scores, strict=True)
            ),
            stream,
        )
        return
    columns = dict.fromkeys(c for row in rows for c in row) or ("a", "b")
    theirs = [column for column in columns if column not in SCORE_COLUMNS]
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow([*theirs, *SCORE_COLUMNS])
    for row, score in zip(rows, scores, strict=True):
        added = _flat_score(score)
        writer.writerow(
            [
                *(_cell(row.get(column)) for column in theirs),
                *(_cell(_defused(added[column])) for column in SCORE_COLUMNS),
            ]
        )


def _flat_statement(statement: Statement) -> dict[str, Any]:
    return {
        **statement.to_dict(),
        "speaker": statement.holder,
        "cue": statement.cue.text if statement.cue else None,
    }


def _flat_score(scored: Finding | PairScore) -> dict[str, Any]:
    flat = scored.to_dict()
    nli = flat.pop("nli")
    for direction in ("forward", "backward"):
        flat.update({f"nli_{direction}_{label}": p for label, p in nli[direction].items()})
    flat["nli_one_way"] = nli["one_way"]
    return flat


def flat_finding(finding: Finding) -> dict[str, Any]:
    """The row of a finding in a CSV file, by the names of its columns."""
    flat = _flat_score(finding)
    for side in ("left", "right"):
        del flat[side]
        statement = _flat_statement(getattr(finding, side))
        flat.update({f"{side}_{name}": value for name, value in statement.items()})
    return flat


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        return json.dumps(_plain(value), ensure_ascii=False)
    return value


def _plain(value: object) -> object:
    """What JSON can hold: tables have dates, decimals and numbers that are none."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else str(value)


def _defused(value: object) -> object:
    risky = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    return f"'{value}" if risky else value


# Reading back ------------------------------------------------------------------------------------

_NUMBER = (float, int)
_FIELDS: dict[str, dict[str, tuple[type, ...]]] = {
    "finding": {
        "kind": (str,),
        "score": _NUMBER,
        "flagged": (bool,),
        "reason": (str,),
        "left": (dict,),
        "right": (dict,),
        "nli": (dict,),
        "similarity": _NUMBER,
        "model": (str,),
        "marks": (dict,),
        "repeats": (list,),
        "contexts": (dict,),
    },
    "statement": {
        "document": (str,),
        "start": (int,),
        "end": (int,),
        "text": (str,),
        "proposition": (str,),
        "speaker": (dict, type(None)),
        "cue": (dict, type(None)),
        "stance": (str,),
        "quoted": (bool,),
        "date": (str, type(None)),
        "outlet": (str, type(None)),
    },
    "speaker": {"text": (str,), "start": (int,), "end": (int,), "name": (str,)},
    "cue": {"text": (str,), "start": (int,), "end": (int,)},
    "nli": {"forward": (dict,), "backward": (dict,), "one_way": (bool,)},
    "sides of marks": {"left": (list,), "right": (list,)},
    "mark": {"start": (int,), "end": (int,), "role": (str,)},
    "sides of a repeat": {"left": (dict,), "right": (dict,)},
    "contexts": {"left": (dict, type(None)), "right": (dict, type(None))},
    "context": {"text": (str,), "start": (int,), "sentence_start": (int,), "sentence_end": (int,)},
    "place": {"document": (str,), "start": (int,), "end": (int,)},
    "direction": {"entailment": _NUMBER, "neutral": _NUMBER, "contradiction": _NUMBER},
}


def read_report(path: str | os.PathLike[str]) -> list[Finding]:
    """Read the findings that `write_jsonl` wrote, without loss. Blank lines are skipped.

    Raises:
        InputError: The file cannot be read, or a line is no finding of this version; it names
            the line.
    """
    expected = "Expected a file made by 'contradict analyze --format jsonl'."
    name = os.fspath(path)
    findings = []
    try:
        with open(path, encoding="utf-8-sig", newline="\n") as stream:
            for number, line in enumerate(stream, 1):
                try:
                    if line.strip():
                        findings.append(parse_finding(line))
                except (ValueError, RecursionError) as error:
                    raise InputError(
                        f"Cannot read {name}, line {number}: {error}. {expected}"
                    ) from error
    except OSError as error:
        raise InputError(f"Cannot read {name}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"Cannot read {name}: it is not UTF-8 text. {expected}") from error
    return findings


def parse_finding(line: str) -> Finding:
    """The finding in a line of a report; a ValueError says what is wrong, as a clause without a full stop."""
    try:
        data = json.loads(line)
    except ValueError as error:
        raise ValueError(f"not valid JSON ({error})") from error
    if not isinstance(data, dict):
        raise ValueError(f"a JSON object was expected, got {_json_type(data)}")
    if "left" not in data and "proposition" in data:
        raise ValueError("this is a statement, not a finding")
    if data.get("schema") != SCHEMA:
        raise ValueError(f"'schema' must be {SCHEMA}, got {json.dumps(data.get('schema'))}")
    nothing: dict[str, Any] = {"marks": {"left": [], "right": []}, "repeats": []}
    data = {**nothing, "contexts": {"left": None, "right": None}, **data}  # which a report may lack
    _check_fields(data, "finding", "")
    _check_fields(data["contexts"], "contexts", "contexts.")
    for side in ("left", "right"):
        _check_fields({"outlet": None, **data[side]}, "statement", f"{side}.")
        if data["contexts"][side] is not None:
            _check_context(data["contexts"][side], data[side], f"contexts.{side}.")
        for part in ("speaker", "cue"):
            if data[side][part] is not None:
                _check_fields(data[side][part], part, f"{side}.{part}.")
        _check_choice(data[side]["stance"], STANCES, f"{side}.stance")
    _check_fields({"one_way": False, **data["nli"]}, "nli", "nli.")
    for direction in ("forward", "backward"):
        _check_fields(data["nli"][direction], "direction", f"nli.{direction}.")
    _check_choice(data["kind"], KINDS, "kind")
    _check_fields(data["marks"], "sides of marks", "marks.")
    for side in ("left", "right"):
        for number, mark in enumerate(data["marks"][side]):
            _check_object(mark, "mark", f"marks.{side}[{number}]")
            _check_choice(mark["role"], MARK_ROLES, f"marks.{side}[{number}].role")
    for number, places in enumerate(data["repeats"]):
        _check_object(places, "sides of a repeat", f"repeats[{number}]")
        for side in ("left", "right"):
            _check_fields(places[side], "place", f"repeats[{number}].{side}.")
    return Finding.from_dict(data)


def _check_context(data: dict[str, Any], statement: dict[str, Any], where: str) -> None:
    """A context has its statement in its sentence, and in the same words."""
    _check_fields(data, "context", where)
    start, sentence_start, sentence_end = (
        data[n] for n in ("start", "sentence_start", "sentence_end")
    )
    end = start + len(data["text"])
    inside = (
        start <= sentence_start <= statement["start"] <= statement["end"] <= sentence_end <= end
    )
    if not inside or (
        data["text"][statement["start"] - start : statement["end"] - start] != statement["text"]
    ):
        raise ValueError(f"'{where}text' does not hold the statement where its offsets say")


def _check_object(data: object, record: str, where: str) -> None:
    if not isinstance(data, dict):
        raise ValueError(f"'{where}' must be an object, got {_json_type(data)}")
    _check_fields(data, record, f"{where}.")


def _check_fields(data: dict[str, Any], record: str, where: str) -> None:
    for name, types in _FIELDS[record].items():
        if name not in data:
            raise ValueError(f"field '{where}{name}' is missing")
        if type(data[name]) not in types:  # not isinstance: True is no number
            raise ValueError(f"field '{where}{name}' cannot be {_json_type(data[name])}")
        if types is _NUMBER and not 0 <= data[name] <= 1:
            raise ValueError(f"'{where}{name}' must lie between 0 and 1, got {data[name]}")


def _check_choice(value: str, choices: tuple[str, ...], field: str) -> None:
    if value not in choices:
        raise ValueError(f"'{field}' must be one of {', '.join(choices)}; got {value!r}")


def _json_type(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a truth value"}
    return "null" if value is None else names.get(type(value), "a number")
