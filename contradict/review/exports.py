"""Verdicts for others: gold pairs for `contradict evaluate` and `scripts/calibrate.py`, CSV, ClaimReview drafts.

No export holds a path of this machine: documents go by the names that findings give them, without folders where such a
name is a whole path.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, TextIO

from contradict.records import Context, Finding, Statement
from contradict.report import FINDING_COLUMNS, flat_finding, write_csv, write_jsonl
from contradict.review.store import Store, Verdict
from contradict.terminal import OWN_VOICE

NAMES = ("pairs.jsonl", "verdicts.csv", "claims.json")
"""Names that exports have in the page; the part behind the dot is their format."""

MEDIA_TYPES = {"jsonl": "application/jsonl", "csv": "text/csv", "json": "application/json"}
"""The formats of `export`."""

CSV_COLUMNS = ("verdict", "verdict_kind", "note", "at", *FINDING_COLUMNS)

_SAYS = {
    "asserts": "said that",
    "denies": "denied that",
    "reports": "mentioned reports that",
    "questions": "asked whether",
    "hypothesizes": "suggested that",
}
_LOWER = re.compile(
    r"(The|An?|There|It|This|That|These|Those|No|Some|Many|All|Its?|Their|His|Her|In|On|At|By)\b"
)

Judged = tuple[Verdict, Finding]


def judged(store: Store) -> list[Judged]:
    """The verdict of each finding that has one, in the order in which they were made.

    Raises:
        InputError: The file is damaged.
    """
    latest = sorted(store.latest().values(), key=lambda verdict: verdict.event)
    findings = store.findings()  # after the verdicts: none of them lacks its finding
    try:
        return [(verdict, findings[verdict.finding]) for verdict in latest]
    except KeyError as lost:
        raise store.unusable(f"there is no finding {lost}, which has a verdict") from None


def export(store: Store, form: str, stream: TextIO) -> None:
    """Write all verdicts.

    Args:
        store: Where they are kept.
        form: ``jsonl`` (see `gold_pairs`), ``csv`` or ``json`` (see `claim_reviews`).
        stream: Opened with ``newline=""``.

    Raises:
        InputError: The file of verdicts is damaged.
        ValueError: There is no such format.
    """
    rows = judged(store)
    if form == "jsonl":
        write_jsonl(gold_pairs(rows), stream)
    elif form == "csv":
        write_csv(map(_csv_row, rows), stream, columns=CSV_COLUMNS)
    elif form == "json":
        json.dump(claim_reviews(rows), stream, ensure_ascii=False, indent=2)
        stream.write("\n")
    else:
        raise ValueError(f"format must be one of {', '.join(MEDIA_TYPES)}; got {form!r}")


def gold_pairs(rows: Iterable[Judged]) -> list[dict[str, Any]]:
    """Pairs of texts with the reviewer's label; those that the reviewer was unsure of are left out.

    ``a`` and ``b`` are the sentences that the two statements stand in, or where that is one sentence or unknown, what
    is said in words of ours ("X denied that …"). ``id``, ``model``, ``finding_score`` and ``finding_flagged`` tell what
    the reviewer was shown.
    """
    pairs = []
    for verdict, finding in rows:
        if verdict.verdict == "unsure":
            continue
        a, b = _texts(finding)
        documents = {_name(finding.left.document), _name(finding.right.document)}
        pairs.append(
            {
                "id": finding.id,
                "a": a,
                "b": b,
                "label": verdict.verdict,
                "kind": verdict.kind,
                "slice": verdict.kind,
                "group": "+".join(sorted(documents)),
                "note": verdict.note,
                "finding_score": finding.score,
                "finding_flagged": finding.flagged,
                "model": finding.model,
                **_place("a", finding.left),
                **_place("b", finding.right),
            }
        )
    return pairs


def _place(column: str, statement: Statement) -> dict[str, Any]:
    return {
        f"{column}_document": _name(statement.document),
        f"{column}_start": statement.start,
        f"{column}_end": statement.end,
    }


def claim_reviews(rows: Iterable[Judged]) -> list[dict[str, Any]]:
    """A draft of a schema.org ClaimReview for each confirmed conflict, without a rating.

    The claim under review is what is denied, else the earlier one. The publisher adds ``url``, ``author`` and, having
    found out what is true, ``reviewRating``.
    """
    return [
        _claim_review(verdict, finding)
        for verdict, finding in rows
        if verdict.verdict == "conflict"
    ]


def _claim_review(verdict: Verdict, finding: Finding) -> dict[str, Any]:
    reviewed, against = finding.left, finding.right
    if reviewed.stance == "denies":
        reviewed, against = against, reviewed
    body = f"{_said(reviewed)} Against this: {_said(against)}"
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "dateCreated": verdict.at,
        "claimReviewed": reviewed.proposition,
        "itemReviewed": _claim(reviewed),
        "reviewBody": f"{body} {verdict.note}".strip(),
        "mentions": [_claim(against)],
        "creativeWorkStatus": "Draft",
    }


def _claim(statement: Statement) -> dict[str, Any]:
    appearance: dict[str, Any] = {"@type": "CreativeWork", "name": _name(statement.document)}
    if statement.outlet:
        appearance["publisher"] = {"@type": "Organization", "name": statement.outlet}
    claim: dict[str, Any] = {"@type": "Claim", "text": statement.text, "appearance": appearance}
    if statement.holder:
        claim["author"] = {"@type": "Thing", "name": statement.holder}
    if statement.date:
        claim["datePublished"] = statement.date
    return claim


def _csv_row(row: Judged) -> Mapping[str, Any]:
    verdict, finding = row
    return {
        **flat_finding(finding),
        "left_document": _name(finding.left.document),
        "right_document": _name(finding.right.document),
        "verdict": verdict.verdict,
        "verdict_kind": verdict.kind,
        "note": verdict.note,
        "at": verdict.at,
    }


def _texts(finding: Finding) -> Sequence[str]:
    left, right = map(_sentence, finding.contexts)
    if left and right and left != right:
        return left, right
    return _said(finding.left), _said(finding.right)


def _sentence(context: Context | None) -> str:
    return " ".join(context.sentence.split()) if context else ""


def _said(statement: Statement) -> str:
    """A statement with its speaker and stance in one sentence."""
    proposition = statement.proposition.strip()
    if statement.holder is None and statement.stance == "asserts":
        return proposition
    if _LOWER.match(proposition):
        proposition = proposition[:1].lower() + proposition[1:]
    holder = statement.holder or OWN_VOICE
    return f"{holder[:1].upper()}{holder[1:]} {_SAYS[statement.stance]} {proposition}"


def _name(document: str) -> str:
    """A document's name, without the folders of a whole path."""
    for path in (PurePosixPath(document), PureWindowsPath(document)):
        if path.is_absolute():
            return path.name
    return document
