"""Findings and statements as one HTML page for a browser.

The page of findings is complete without its script, `page.js`, which makes it a desk for reviewing: a queue, verdicts,
filters, whole documents, and the pictures of `page_pictures.js`. A saved report and `contradict review` give the same
page. Everything that comes from documents is escaped, and the page's policy allows only its own script and style.
"""

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from contradict.records import KINDS, Context, Document, Finding, Mark, Nli, Report, Statement
from contradict.terminal import OWN_VOICE, summarize

_GLIMPSE = 120  # characters of a statement in the queue


def render_html(report: Report, *, show_all: bool = False) -> str:
    """A page that lists findings side by side, each passage in its context.

    Self-contained; everything from documents comes out escaped.

    Args:
        report: What to show; whole documents come from it, too.
        show_all: Also the pairs below the threshold.
    """
    return render_findings(
        report.findings if show_all else report.flagged,
        documents=report.documents,
        summary=summarize(report),
        notes=_notes(report),
    )


def render_findings(
    findings: Sequence[Finding],
    *,
    documents: Iterable[Document],
    summary: str,
    notes: Sequence[str] = (),
    serves: bool = False,
) -> str:
    """The page of findings; see `render_html`.

    Args:
        findings: Best first.
        documents: Those of the findings' documents that are at hand.
        summary: One line about the whole.
        notes: What the reader should know.
        serves: Whether a program serves the page, which keeps the verdicts; otherwise the browser does.
    """
    by_name = {document.name: document for document in documents}
    articles = [_article(number, finding, by_name) for number, finding in enumerate(findings, 1)]
    body = Template(_asset("page.html")).substitute(
        summary=_escape(summary),
        notes=_list(notes),
        findings="\n".join(articles) or "<p>No conflicting statements found.</p>",
        data=_json(_data(findings, by_name, serves)),
        script=_script(),
    )
    return _document("Conflicting statements", body, policy(serves=serves))


@cache
def policy(*, scripted: bool = True, serves: bool = False) -> str:
    """The content security policy of a page: its own style and script, by their hashes, and nothing else.

    Args:
        scripted: Whether it has a script.
        serves: Whether that asks the program which serves the page.
    """
    script = f"script-src '{_hash(_script())}'; " if scripted else ""
    connect = "connect-src 'self'; " if serves else ""
    style = f"style-src '{_hash(_asset('page.css'))}'; "
    return f"default-src 'none'; {style}{script}{connect}base-uri 'none'; form-action 'none'"


def render_statements_html(report: Report) -> str:
    """A page that lists every statement, document by document; safe like `render_html`, and without script."""
    body = ["<main>", "<h1>Statements</h1>", _list(_notes(report))]
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
    body.append("</main>")
    return _document("Statements", "\n".join(filter(None, body)), policy(scripted=False))


def _document(title: str, body: str, allowed: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{allowed}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{_asset("page.css")}</style>
</head>
<body>
{body}
</body>
</html>
"""


@cache
def _asset(name: str) -> str:
    return files("contradict").joinpath(name).read_text("utf-8")


def _script() -> str:
    return _asset("page.js") + _asset("page_pictures.js")


def _hash(content: str) -> str:
    """How a policy names inline content that it allows."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _notes(report: Report) -> list[str]:
    failures = [f"Could not be used: {f.source}: {f.reason}" for f in report.failures]
    return [*failures, *report.warnings]


def _list(notes: Iterable[str]) -> str:
    items = "".join(f"<li>{_bdi(note)}</li>" for note in notes)
    return f"<ul>{items}</ul>" if items else ""


# What the script needs ----------------------------------------------------------------------------


def _data(
    findings: Sequence[Finding], documents: Mapping[str, Document], serves: bool
) -> dict[str, Any]:
    sides = [side for finding in findings for side in (finding.left, finding.right)]
    several = len({side.document for side in sides}) > 1
    shown = {side.document for side in sides} & documents.keys()
    return {
        "serves": serves,
        "kinds": KINDS,
        "documents": {
            name: {
                "text": documents[name].text,
                "date": documents[name].date,
                "outlet": documents[name].outlet,
            }
            for name in sorted(shown)
        },
        "findings": [
            {
                "id": finding.id,
                "kind": finding.kind,
                "score": finding.score,
                "flagged": finding.flagged,
                "left": _side_data(finding.left, several),
                "right": _side_data(finding.right, several),
            }
            for finding in findings
        ],
    }


def _side_data(statement: Statement, several: bool) -> dict[str, Any]:
    own_voice = f"text of {statement.document}" if several else OWN_VOICE
    return {
        "who": statement.holder or own_voice,
        "document": statement.document,
        "date": statement.date,
        "start": statement.start,
        "end": statement.end,
        "text": statement.text[:_GLIMPSE],
    }


def _json(data: object) -> str:
    """JSON that can stand in a page: nothing in it ends the element or begins another."""
    escapes = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
    return re.sub("[<>&]", lambda match: escapes[match[0]], json.dumps(data))


# One finding --------------------------------------------------------------------------------------


def _article(number: int, finding: Finding, documents: Mapping[str, Document]) -> str:
    sides = "\n".join(
        _side(name, statement, context, marks, documents.get(statement.document))
        for name, statement, context, marks in zip(
            ("left", "right"),
            (finding.left, finding.right),
            finding.contexts,
            finding.marks,
            strict=True,
        )
    )
    below = "" if finding.flagged else " (below the threshold)"
    first = ' class="current"' if number == 1 else ""
    return f"""<article id="finding-{finding.id}"{first}>
<header><h2 tabindex="-1">{number}. <span class="kind {finding.kind}">{finding.kind}</span>{below}</h2>
<span><meter value="{finding.score:.4f}" aria-hidden="true"></meter> {finding.score:.2f},
{_band(finding.score)}</span></header>
<p class="reason">{_bdi(finding.reason)}</p>
<div class="sides">
{sides}
</div>
{_repeats(finding)}<p class="quiet">Model {_bdi(finding.model)}: {_probabilities(finding.nli)};
similarity {finding.similarity:.2f}.</p>
</article>"""


def _band(score: float) -> str:
    """What a score means: it is a calibrated probability."""
    tenth = min(max(round(score * 10), 0), 10)
    if tenth in (0, 10):
        return f"{'hardly any' if tenth == 0 else 'nearly all'} pairs that score like this are conflicts"
    strength = "strong" if tenth >= 7 else "fair" if tenth >= 4 else "weak"
    return f"{strength}: about {tenth} in 10 pairs that score like this are conflicts"


def _probabilities(nli: Nli) -> str:
    forward, backward = nli.forward, nli.backward
    if nli.one_way:
        return (
            f"contradiction {forward.contradiction:.2f}, entailment {forward.entailment:.2f} in the direction "
            "that was read"
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


def _side(
    name: str,
    statement: Statement,
    context: Context | None,
    marks: Iterable[Mark],
    document: Document | None,
) -> str:
    begin, end = statement.start, statement.end
    around = context or Context(statement.text, begin, begin, end)
    before = around.text[: begin - around.start]
    after = around.text[end - around.start :]
    more = context and not (document and around.end == len(document.text))
    facts = [
        *(_bdi(fact) for fact in (statement.outlet, statement.date) if fact),
        f"in {_bdi(statement.document)}",
        f"characters {begin} to {end}",
    ]
    return f"""<section aria-label="{name} passage">
<p><strong>{_bdi(statement.holder or OWN_VOICE)}</strong> <span class="stance">{_escape(statement.stance)}</span>
<span class="quiet">{", ".join(facts)}</span></p>
<blockquote dir="auto">{"… " if context and around.start else ""}{_emphasized(before, around.start, marks)}\
<mark>{_emphasized(statement.text, begin, marks)}</mark>{_emphasized(after, end, marks)}{" …" if more else ""}\
</blockquote>
<p class="quiet">Scored as: {_bdi(statement.proposition)}</p>
<button type="button" class="open-document" data-side="{name}" hidden>Whole document</button>
</section>"""


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


# HTML knows no control characters but white space, and browsers disagree on the others; those that turn the direction
# of what follows could show a passage as what it is not.
_UNSHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def _escape(text: str) -> str:
    return html.escape(_UNSHOWN.sub("\ufffd", text))


def _bdi(text: str) -> str:
    """Escaped, and with its writing direction kept from what stands around it."""
    return f"<bdi>{_escape(text)}</bdi>"
