"""Findings and statements for people at a terminal.

Document text is untrusted: it never reaches a terminal with control characters, and is no console
markup.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from contradict.records import Finding, Report, Statement

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from contradict.archive import Entry, Match
    from contradict.profiles import Profile

STACKED_BELOW = 100
"""Width in columns below which the table turns into one block per finding."""

OWN_VOICE = "the text itself"
"""What stands for the speaker of what a document says in its own voice."""

_SHOWN = 600  # characters of one statement in the table

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
        f"{count(sum(1 + len(f.repeats) for f in report.findings), 'pair')} scored, "
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


def render_matches(
    matches: Sequence["Match"], console: "Console", *, several: bool = False
) -> None:
    """Show what bears on claims: how, who, when, what, why; one block each, the claim once above its matches.

    Args:
        matches: Those of one document after those of another.
        console: Where to.
        several: Whether the claims are of several documents, which then are told.
    """
    from rich.text import Text

    if not matches:
        console.print("Nothing in the archive bears on it.", markup=False, soft_wrap=True)
        return
    last: Statement | None = None
    number = 0
    documents = list(dict.fromkeys(each.claim.document for each in matches))
    places = {
        each.claim.id: (documents.index(each.claim.document), each.claim.start, each.claim.id)
        for each in matches
    }
    for each in sorted(matches, key=lambda match: places[match.claim.id]):
        if last is not None:
            console.print()
        if last is None or each.claim.id != last.id:
            number = 0
            who = f"{printable(each.claim.holder)}: " if each.claim.holder else ""
            where = f" in {printable(each.claim.document)}" if several else ""
            _print_lines(console, Text(f"claim{where}: {who}").append(_what(each.claim)))
            console.print()
        last = each.claim
        number += 1
        strength = each.support if each.kind == "support" else each.score
        told = "" if each.kind == "related" else f" {strength:.2f}"
        _print_lines(console, Text(f"{number}.{told} {each.kind}", style="bold"), indent=3)
        _print_lines(console, _who(each.statement, several=True), indent=6)
        _print_lines(console, _what(each.statement), indent=9)
        if each.kind != "related":
            _print_lines(console, Text(f"why: {printable(each.reason)}", style="italic"), indent=6)
        if each.copies:
            others = dict.fromkeys(place.document for place in each.copies)
            also = f"also in {', '.join(map(printable, others))}"
            _print_lines(console, Text(also, style="dim"), indent=6)


def render_entries(entries: Sequence["Entry"], console: "Console") -> None:
    """Show the documents of an archive, one line each."""
    from rich.text import Text

    for entry in entries:
        known = [entry.date, entry.outlet, count(entry.statements, "statement")]
        if entry.story != entry.name:
            known.append(f"copy of {entry.story}")
        facts = ", ".join(printable(fact) for fact in known if fact)
        line = Text(printable(entry.name), style="cyan").append(f" ({facts})", style="dim")
        _print_lines(console, line)


def render_profiles(profiles: Sequence["Profile"], console: "Console") -> None:
    """Show the models known by a short name, one block each."""
    from rich.text import Text

    for number, profile in enumerate(profiles):
        if number:
            console.print()
        default = " (default)" if profile.default else ""
        _print_lines(console, Text(f"{profile.name}{default}", style="bold"))
        revision = f"@{profile.revision}" if profile.revision else ""
        origin = "bundled" if profile.bytes else f"not installed: package {profile.package}"
        facts = [
            origin if profile.source == "embedded" else f"from {profile.source}{revision}",
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

    text = Text(printable(statement.holder or OWN_VOICE), style="cyan")
    where = (statement.document, statement.outlet, statement.date) if several else ()
    facts = [statement.stance, *(printable(fact) for fact in where if fact)]
    return text.append(f" ({', '.join(facts)})", style="dim")


def _what(statement: Statement) -> "Text":
    from rich.text import Text

    return Text(_shorten(_shown(statement)))


def _shown(statement: Statement) -> str:
    """A statement's words without marks at their ends that belong to the sentence around them."""
    text = printable(statement.text).rstrip(" .,;:")
    for opening, closing in ("“”", '""', ("''", "''"), "‘’"):
        if text.startswith(opening) and closing not in text[len(opening) :]:
            text = text[len(opening) :]
        if text.endswith(closing) and opening not in text[: -len(closing)]:
            text = text[: -len(closing)].rstrip(" .,;:")
    return text


def _differs(statement: Statement) -> bool:
    return printable(statement.proposition).rstrip(".") != _shown(statement)


def _proposition(statement: Statement) -> "Text":
    from rich.text import Text

    return Text(f"= {_shorten(printable(statement.proposition))}", style="dim")


def _why(finding: Finding) -> "Text":
    from rich.text import Text

    reason = printable(finding.reason)
    if finding.repeats:
        documents = dict.fromkeys(side.document for both in finding.repeats for side in both)
        elsewhere = [
            d for d in documents if d not in (finding.left.document, finding.right.document)
        ]
        reason += f" ({count(len(finding.repeats), 'repeat')}"
        reason += f", also in {', '.join(map(printable, elsewhere))})" if elsewhere else ")"
    return Text(reason, style="italic")


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
