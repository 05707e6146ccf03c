"""Findings and statements as one HTML page for a browser.

The page is self-contained and has no script; everything that comes from documents is escaped.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterable, Mapping

from contradict.records import Document, Finding, Mark, Nli, Report, Statement
from contradict.terminal import OWN_VOICE, summarize

_CONTEXT = 300  # characters of context on each side of a statement

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
b.shared { font-weight: inherit; text-decoration: underline dotted; }
b.negation, b.number, b.denial { text-decoration: underline; }
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
            f"<tr><td>{_bdi(s.holder or OWN_VOICE)}</td><td>{s.stance}</td>"
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
    both = zip((finding.left, finding.right), finding.marks, strict=True)
    sides = "\n".join(_side(s, documents.get(s.document), marks) for s, marks in both)
    below = "" if finding.flagged else " (below the threshold)"
    return f"""<article id="finding-{finding.id}">
<h2>{number}. {_escape(finding.kind)} · {finding.score:.2f}{below}</h2>
<p>{_bdi(finding.reason)}</p>
<div class="sides">
{sides}
</div>
{_repeats(finding)}<p class="quiet">Model {_bdi(finding.model)}: {_probabilities(finding.nli)};
similarity {finding.similarity:.2f}.</p>
</article>"""


def _probabilities(nli: Nli) -> str:
    forward, backward = nli.forward, nli.backward
    if nli.one_way:
        return (
            f"contradiction {forward.contradiction:.2f}, entailment {forward.entailment:.2f} in the one direction "
            "that was read, which ruled a conflict out"
        )
    return (
        f"contradiction {forward.contradiction:.2f} from\nleft to right, {backward.contradiction:.2f} from right to "
        f"left; entailment\n{forward.entailment:.2f} and {backward.entailment:.2f}"
    )


def _repeats(finding: Finding) -> str:
    """Where else the same two claims meet."""
    if not finding.repeats:
        return ""
    places = "".join(
        f"<li>{' and '.join(f'{_bdi(p.document)}, characters {p.start} to {p.end}' for p in both)}</li>"
        for both in finding.repeats
    )
    return (
        f'<p class="quiet">The same two claims also meet in:</p><ul class="quiet">{places}</ul>\n'
    )


def _side(statement: Statement, document: Document | None, marks: Iterable[Mark]) -> str:
    before, after = _context(statement, document)
    begin, end = statement.start, statement.end
    before = _emphasized(before, begin - len(before), marks)
    said = _emphasized(statement.text, begin, marks)
    after = _emphasized(after, end, marks)
    date = f", {_bdi(statement.date)}" if statement.date else ""
    return f"""<div>
<p><strong>{_bdi(statement.holder or OWN_VOICE)}</strong> {_escape(statement.stance)}
<span class="quiet">in {_bdi(statement.document)}{date},
characters {statement.start} to {statement.end}</span></p>
<blockquote dir="auto">{before}<mark>{said}</mark>{after}</blockquote>
<p class="quiet">Scored as: {_bdi(statement.proposition)}</p>
</div>"""


def _emphasized(text: str, offset: int, marks: Iterable[Mark]) -> str:
    """A text, escaped, with the marked words in it emphasized.

    Args:
        text: A passage of a document.
        offset: Where in the document it begins.
        marks: In the order of the document.
    """
    parts, done = [], 0
    for mark in marks:
        start, end = mark.start - offset, mark.end - offset
        if done <= start < end <= len(text):
            parts.append(_escape(text[done:start]))
            parts.append(f'<b class="{_escape(mark.role)}">{_escape(text[start:end])}</b>')
            done = end
    return "".join([*parts, _escape(text[done:])])


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
