"""Findings and statements for people and programs: JSONL, CSV, a terminal table, an HTML page.

JSONL is the format without loss, and the only one that is read back. CSV is for spreadsheets, the
table for a terminal, the page for a browser.

Document text is untrusted: it is escaped on the page, and never reaches a terminal with control
characters or a spreadsheet as a formula.
"""

import base64
import csv
import hashlib
import html
import json
import math
import os
import re
import secrets
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from contradict.errors import InputError
from contradict.records import (
    KINDS,
    SCHEMA,
    STANCES,
    Document,
    Finding,
    PairScore,
    Report,
    Statement,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from contradict.nli import Profile

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
)
"""Columns of a CSV file of statements; ``speaker`` is the resolved name, empty for own voice."""

NLI_COLUMNS = tuple(
    f"nli_{direction}_{label}"
    for direction in ("forward", "backward")
    for label in ("entailment", "neutral", "contradiction")
)

FINDING_COLUMNS = (
    *("id", "kind", "score", "flagged", "reason"),
    *(
        f"{side}_{name}"
        for side in ("left", "right")
        for name in ("document", "speaker", "stance", "text", "proposition", "start", "end", "date")
    ),
    *NLI_COLUMNS,
    *("similarity", "model"),
)
"""Columns of a CSV file of findings."""

SCORE_COLUMNS = ("score", "flagged", "kind", "reason", *NLI_COLUMNS)
"""Columns that `write_scored_pairs` adds to a CSV row."""

STACKED_BELOW = 100
"""Width in columns below which the table turns into one block per finding."""

_SHOWN = 600  # characters of one statement in the table
_CONTEXT = 300  # characters of context on each side of a statement on the page
_OWN_VOICE = "the text itself"


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
    records: Iterable[Finding] | Iterable[Statement], stream: TextIO, *, columns: Sequence[str]
) -> None:
    """Write a header and one row a record, for spreadsheets (RFC 4180, so lines end with CR LF).

    A text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end gets a leading ``'``,
    since a spreadsheet would run it as a formula. Where the exact text matters, use JSONL.

    Args:
        records: All findings or all statements.
        stream: Opened with ``newline=""``.
        columns: `FINDING_COLUMNS` or `STATEMENT_COLUMNS`; the header stands even without records.
    """
    writer = csv.writer(stream)
    writer.writerow(columns)
    for record in records:
        row = _flat_finding(record) if isinstance(record, Finding) else _flat_statement(record)
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
    theirs = [c for c in dict.fromkeys(c for row in rows for c in row) if c not in SCORE_COLUMNS]
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
    for direction, probabilities in flat.pop("nli").items():
        flat.update({f"nli_{direction}_{label}": p for label, p in probabilities.items()})
    return flat


def _flat_finding(finding: Finding) -> dict[str, Any]:
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
    },
    "speaker": {"text": (str,), "start": (int,), "end": (int,), "name": (str,)},
    "cue": {"text": (str,), "start": (int,), "end": (int,)},
    "nli": {"forward": (dict,), "backward": (dict,)},
    "direction": {"entailment": _NUMBER, "neutral": _NUMBER, "contradiction": _NUMBER},
}


def read_report(path: str | os.PathLike[str]) -> list[Finding]:
    """Read the findings that `write_jsonl` wrote, without loss. Blank lines are skipped.

    Raises:
        InputError: The file cannot be read, or a line is no finding of this version; it names
            the line.
    """
    expected = "Expected a file made by 'contradict analyze --format jsonl'."
    name = printable(os.fspath(path))
    findings = []
    try:
        with open(path, encoding="utf-8-sig", newline="\n") as stream:
            for number, line in enumerate(stream, 1):
                try:
                    if line.strip():
                        findings.append(_parse_finding(line))
                except (ValueError, RecursionError) as error:
                    raise InputError(
                        f"Cannot read {name}, line {number}: {error}. {expected}"
                    ) from error
    except OSError as error:
        raise InputError(f"Cannot read {name}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"Cannot read {name}: it is not UTF-8 text. {expected}") from error
    return findings


def _parse_finding(line: str) -> Finding:
    """Raises ValueError with what is wrong, as a clause without a full stop."""
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
    _check_fields(data, "finding", "")
    for side in ("left", "right"):
        _check_fields(data[side], "statement", f"{side}.")
        for part in ("speaker", "cue"):
            if data[side][part] is not None:
                _check_fields(data[side][part], part, f"{side}.{part}.")
        _check_choice(data[side]["stance"], STANCES, f"{side}.stance")
    _check_fields(data["nli"], "nli", "nli.")
    for direction in ("forward", "backward"):
        _check_fields(data["nli"][direction], "direction", f"nli.{direction}.")
    _check_choice(data["kind"], KINDS, "kind")
    if not 0 <= data["score"] <= 1:
        raise ValueError(f"'score' must lie between 0 and 1, got {data['score']}")
    return Finding.from_dict(data)


def _check_fields(data: dict[str, Any], record: str, where: str) -> None:
    for name, types in _FIELDS[record].items():
        if name not in data:
            raise ValueError(f"field '{where}{name}' is missing")
        if type(data[name]) not in types:  # not isinstance: True is no number
            raise ValueError(f"field '{where}{name}' cannot be {_json_type(data[name])}")


def _check_choice(value: str, choices: tuple[str, ...], field: str) -> None:
    if value not in choices:
        raise ValueError(f"'{field}' must be one of {', '.join(choices)}; got {value!r}")


def _json_type(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a truth value"}
    return "null" if value is None else names.get(type(value), "a number")


# On a terminal -----------------------------------------------------------------------------------

# Format characters that reorder or hide text: bidi controls, word joiners, byte order mark, tags.
_INVISIBLE = re.compile(
    "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """``text`` in one line that is safe to show on a terminal.

    White space becomes single blanks, characters that reorder or hide text are dropped, and control
    characters (escape sequences among them) become U+FFFD.
    """
    text = " ".join(_INVISIBLE.sub("", text).split())
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)


def count(number: int, noun: str) -> str:
    """The number with its noun, which takes an s where there is not one of it."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def summarize(report: Report) -> str:
    """One line: how much was read and scored, and what came of it."""
    return (
        f"{count(len(report.documents), 'document')}, "
        f"{count(len(report.statements), 'statement')}, "
        f"{count(len(report.findings), 'pair')} scored, "
        f"{count(len(report.flagged), 'finding')} flagged "
        f"(threshold {report.threshold:.2f}, model {printable(report.model)})"
    )


def render_table(report: Report, console: "Console", *, show_all: bool = False) -> None:
    """Show findings: who, what, against whom, what, score, kind, why.

    A table on a wide terminal; one block per finding where the console is narrower than
    `STACKED_BELOW` columns or no terminal at all, so that piped output has no boxes.

    Args:
        report: What to show.
        console: Where to; its width is kept.
        show_all: Also the pairs below the threshold.
    """
    findings = report.findings if show_all else report.flagged
    if not findings:
        found = "No pairs to score" if not report.findings else "No conflicting statements found"
        console.print(f"{found}.", markup=False, highlight=False, soft_wrap=True)
        return
    from rich.text import Text

    several = len(report.documents) > 1
    if _is_stacked(console):
        for number, finding in enumerate(findings, 1):
            if number > 1:
                console.print()
            _print_lines(console, _heading(finding, number))
            _print_lines(console, _who(finding.left, several), indent=3)
            _print_lines(console, _what(finding.left), indent=6)
            _print_lines(console, Text("against ") + _who(finding.right, several), indent=3)
            _print_lines(console, _what(finding.right), indent=6)
            _print_lines(console, Text("why: ") + _why(finding), indent=3)
        return
    from rich import box
    from rich.table import Table

    table = Table(box=box.HORIZONTALS, show_lines=True, expand=True)
    table.add_column("Score", no_wrap=True)
    table.add_column("Who says what", ratio=4)
    table.add_column("Against whom and what", ratio=4)
    table.add_column("Why", ratio=3)
    for finding in findings:
        table.add_row(
            Text(f"{finding.score:.2f}", style="bold" if finding.flagged else "dim"),
            Text("\n").join([_who(finding.left, several), _what(finding.left)]),
            Text("\n").join([_who(finding.right, several), _what(finding.right)]),
            Text("\n").join([Text(finding.kind, style="bold"), _why(finding)]),
        )
    console.print(table)


def render_statements(report: Report, console: "Console") -> None:
    """Show every statement: who, with what stance, the document's words and the proposition.

    Laid out like `render_table`.
    """
    if not report.statements:
        console.print("No statements found.", markup=False, highlight=False, soft_wrap=True)
        return
    several = len(report.documents) > 1
    if _is_stacked(console):
        for statement in report.statements:
            _print_lines(console, _who(statement, several))
            _print_lines(console, _what(statement), indent=3)
            if _differs(statement):
                _print_lines(console, _proposition(statement), indent=3)
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.HORIZONTALS, expand=True)
    table.add_column("Who", ratio=2)
    table.add_column("Says", ratio=5)
    table.add_column("Scored as, where it differs", ratio=4)
    for statement in report.statements:
        table.add_row(
            _who(statement, several),
            _what(statement),
            _proposition(statement) if _differs(statement) else Text(),
        )
    console.print(table)


def render_profiles(profiles: Sequence["Profile"], console: "Console") -> None:
    """Show the models known by a short name, one block each."""
    from rich.text import Text

    for number, profile in enumerate(profiles):
        if number:
            console.print()
        default = " (default)" if profile.default else ""
        _print_lines(console, Text(f"{profile.name}{default}", style="bold"))
        revision = f"@{profile.revision}" if profile.revision else ""
        facts = [
            "bundled" if profile.source == "embedded" else f"from {profile.source}{revision}",
            f"licence {profile.licence}",
            f"{profile.parameters / 1e6:.0f} M parameters",
        ]
        if profile.bytes is not None:
            facts.append(f"{profile.bytes / 1e6:.0f} MB")
        _print_lines(console, Text(", ".join(facts)), indent=3)
        if profile.figures:
            figures = ", ".join(f"{name} {value:.3f}" for name, value in profile.figures.items())
            _print_lines(console, Text(f"accuracy: {figures}"), indent=3)
        if profile.note:
            _print_lines(console, Text(profile.note, style="italic"), indent=3)


def _is_stacked(console: "Console") -> bool:
    return not console.is_terminal or console.width < STACKED_BELOW


def _print_lines(console: "Console", text: "Text", *, indent: int = 0) -> None:
    from rich.text import Text

    for line in text.wrap(console, max(console.width - indent, 1)):
        line.rstrip()
        console.print(Text(" " * indent) + line, soft_wrap=True)


# Text objects, never strings: what stands in a document is no console markup.


def _heading(finding: Finding, number: int) -> "Text":
    from rich.text import Text

    below = "" if finding.flagged else " (below the threshold)"
    return Text(f"{number}. {finding.score:.2f} {finding.kind}{below}", style="bold")


def _who(statement: Statement, several: bool) -> "Text":
    from rich.text import Text

    text = Text(printable(statement.holder or _OWN_VOICE), style="cyan")
    place = f", {printable(statement.document)}" if several else ""
    return text.append(f" ({statement.stance}{place})", style="dim")


def _what(statement: Statement) -> "Text":
    from rich.text import Text

    return Text(_shorten(printable(statement.text)))


def _differs(statement: Statement) -> bool:
    return printable(statement.proposition).rstrip(".") != printable(statement.text).rstrip(".")


def _proposition(statement: Statement) -> "Text":
    from rich.text import Text

    return Text(f"= {_shorten(printable(statement.proposition))}", style="dim")


def _why(finding: Finding) -> "Text":
    from rich.text import Text

    return Text(printable(finding.reason), style="italic")


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


# In a browser ------------------------------------------------------------------------------------

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fdfdfb; --quiet: #5a5a5a;
  --line: #d4d4ce; --mark: #ffe9a8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e6e1; --paper: #17181a; --quiet: #a9a7a1; --line: #3b3d41; --mark: #5b4a12; } }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 0; }
article { border-top: 1px solid var(--line); padding: 1rem 0; }
.sides { display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); }
.sides > div { border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; }
blockquote { margin: .5rem 0; white-space: pre-line; color: var(--quiet); }
mark { background: var(--mark); color: var(--ink); unicode-bidi: isolate; }
.quiet { color: var(--quiet); font-size: .9rem; } p { margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border-top: 1px solid var(--line); padding: .4rem; text-align: left; vertical-align: top; }
"""


def render_html(report: Report, *, show_all: bool = False) -> str:
    """A page that lists findings side by side, each passage in its context.

    Self-contained and without script; everything from documents comes out escaped.

    Args:
        report: What to show; context comes from its documents.
        show_all: Also the pairs below the threshold.
    """
    findings = report.findings if show_all else report.flagged
    documents = {document.name: document for document in report.documents}
    body = [
        "<h1>Conflicting statements</h1>",
        f'<p class="quiet">{_escape(summarize(report))}</p>',
        "<p>Each entry shows two passages that seem to disagree. Neither is judged true or false: "
        "read both in their sources before you draw a conclusion.</p>",
        _notes(report),
    ]
    if not findings:
        body.append("<p>No conflicting statements found.</p>")
    body.extend(_article(number, finding, documents) for number, finding in enumerate(findings, 1))
    return _page("Conflicting statements", body)


def render_statements_html(report: Report) -> str:
    """A page that lists every statement, document by document; safe like `render_html`."""
    body = ["<h1>Statements</h1>", _notes(report)]
    if not report.statements:
        body.append("<p>No statements found.</p>")
    for document in dict.fromkeys(statement.document for statement in report.statements):
        body.append(f"<h2>{_escape(document)}</h2><table>")
        body.append("<tr><th>Who</th><th>Stance</th><th>Words</th><th>Proposition</th></tr>")
        body.extend(
            f"<tr><td>{_bdi(s.holder or _OWN_VOICE)}</td><td>{s.stance}</td>"
            f"<td>{_bdi(s.text)}</td><td>{_bdi(s.proposition)}</td></tr>"
            for s in report.statements
            if s.document == document
        )
        body.append("</table>")
    return _page("Statements", body)


def _page(title: str, body: Iterable[str]) -> str:
    # The policy allows this style sheet, by its hash, and nothing else: no script, image, request.
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    content = "\n".join(part for part in body if part)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
{content}
</body>
</html>
"""


def _notes(report: Report) -> str:
    notes = [f"Could not be used: {f.source}: {f.reason}" for f in report.failures]
    notes.extend(report.warnings)
    items = "".join(f"<li>{_bdi(note)}</li>" for note in notes)
    return f"<ul>{items}</ul>" if items else ""


def _article(number: int, finding: Finding, documents: Mapping[str, Document]) -> str:
    sides = "\n".join(_side(s, documents.get(s.document)) for s in (finding.left, finding.right))
    below = "" if finding.flagged else " (below the threshold)"
    nli = finding.nli
    return f"""<article id="finding-{finding.id}">
<h2>{number}. {_escape(finding.kind)} · {finding.score:.2f}{below}</h2>
<p>{_bdi(finding.reason)}</p>
<div class="sides">
{sides}
</div>
<p class="quiet">Model {_bdi(finding.model)}: contradiction {nli.forward.contradiction:.2f} from
left to right, {nli.backward.contradiction:.2f} from right to left; entailment
{nli.forward.entailment:.2f} and {nli.backward.entailment:.2f};
similarity {finding.similarity:.2f}.</p>
</article>"""


def _side(statement: Statement, document: Document | None) -> str:
    before, after = map(_escape, _context(statement, document))
    date = f", {_bdi(statement.date)}" if statement.date else ""
    return f"""<div>
<p><strong>{_bdi(statement.holder or _OWN_VOICE)}</strong> {_escape(statement.stance)}
<span class="quiet">in {_bdi(statement.document)}{date},
characters {statement.start} to {statement.end}</span></p>
<blockquote dir="auto">{before}<mark>{_escape(statement.text)}</mark>{after}</blockquote>
<p class="quiet">Scored as: {_bdi(statement.proposition)}</p>
</div>"""


def _context(statement: Statement, document: Document | None) -> tuple[str, str]:
    """What stands before and after a statement in its paragraph, cut at blanks where it is long."""
    if document is None or document.text[statement.start : statement.end] != statement.text:
        return "", ""
    before = document.text[max(0, statement.start - _CONTEXT) : statement.start]
    if statement.start > _CONTEXT:
        before = "…" + re.sub(r"^\S*", "", before)
    before = re.split(r"\n\s*\n", before)[-1]
    after = document.text[statement.end : statement.end + _CONTEXT]
    if statement.end + _CONTEXT < len(document.text):
        after = re.sub(r"\S*$", "", after) + "…"
    after = re.split(r"\n\s*\n", after)[0]
    return before.lstrip("\n"), after.rstrip("\n")


def _escape(text: str) -> str:
    # HTML knows no control characters but white space; browsers disagree on the others.
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", text)
    return html.escape(clean)


def _bdi(text: str) -> str:
    """Escaped, and with its writing direction kept from what stands around it."""
    return f"<bdi>{_escape(text)}</bdi>"
