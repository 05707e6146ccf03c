"""Transcripts: paragraphs under the name of whoever speaks them, "TAPPER: Do you agree?".

A debate or an interview has no verb of saying and often no quotation marks; the label is all that says whose the
words are. Only where labelled paragraphs follow one another is a text taken for a transcript, and there only.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LABEL = re.compile(
    r"[\"“]?(?P<name>[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,4})"
    r"(?: ?[(\[][^()\[\]]{1,40}[)\]])?(?:, [A-Z][^.!?:;“”\"]{1,60})?:[\"”]? (?=\S)"
)
"""A name at the start of a paragraph, with party or office, and a colon."""

_ENDS = re.compile(r"[.!?…—–-][\"”’'()\[\]]*$")
_OPENS = ("“", '"', "``")

_NOBODY = (
    "analysis",
    "background",
    "claim",
    "conclusion",
    "context",
    "correction",
    "fact",
    "facts",
    "note",
    "rating",
    "reality",
    "ruling",
    "summary",
    "truth",
    "update",
    "verdict",
)
"""Last words of labels that name nobody, as in "THE FACTS: …": what follows is the document's own."""

_FEWEST = 3
"""Labelled paragraphs from which a text may be a transcript."""

_DENSE, _WHOLE = 0.4, 0.8
"""Shares of paragraphs from the first label to the last that have one, and of these that end as sentences do."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one paragraph has of somebody's turn.

    Attributes:
        number: The same for all paragraphs of a turn, from 1; 0 where a label names nobody.
        name: Where the name stands in the paragraph, from and up to; None where the turn goes on.
        start: Where the words begin.
    """

    number: int
    name: tuple[int, int] | None
    start: int


def find_turns(paragraphs: Sequence[str]) -> list[Turn | None]:
    """For each paragraph of a document whose turn it is in; None for what is in nobody's.

    A turn goes on in paragraphs without a label, up to the next label; behind the last label, as long as they begin
    with a quotation mark.
    """
    labels = [_LABEL.match(text) for text in paragraphs]
    capitals = [label if label and label["name"].isupper() else None for label in labels]
    if any(count > 1 for count in _surnames(capitals).values()):
        labels = capitals  # "Pence: We won" is their headline
    labelled = [n for n, label in enumerate(labels) if label is not None]
    if not _is_transcript(paragraphs, labels, labelled):
        return [None] * len(paragraphs)
    return list(_turns(paragraphs, labels, labelled[-1]))


def _turns(
    paragraphs: Sequence[str], labels: Sequence[re.Match[str] | None], last: int
) -> Iterator[Turn | None]:
    number, spoken = 0, False
    for at, (text, label) in enumerate(zip(paragraphs, labels, strict=True)):
        if label is not None:
            number += 1
            spoken = label["name"].split()[-1].lower() not in _NOBODY
            name = label.span("name") if spoken else None
            yield Turn(number if spoken else 0, name, label.end())
            continue
        if at > last and not text.startswith(_OPENS):
            spoken = False
        yield Turn(number, None, 0) if spoken else None


def _is_transcript(
    paragraphs: Sequence[str], labels: Sequence[re.Match[str] | None], labelled: Sequence[int]
) -> bool:
    """Whether labelled paragraphs follow one another, as of people who take turns."""
    if len(labelled) < _FEWEST:
        return False
    names = _surnames(labels)
    repeated = sum(count > 1 for count in names.values())
    if len(names) < 2 or repeated < (1 if all(name.isupper() for name in names) else 2):
        return False
    among = labelled[-1] - labelled[0] + 1
    whole = sum(_ENDS.search(paragraphs[n]) is not None for n in labelled)
    return len(labelled) >= _DENSE * among and whole >= _WHOLE * len(labelled)


def _surnames(labels: Sequence[re.Match[str] | None]) -> Counter[str]:
    """How often each surname stands in labels: "JAKE TAPPER", then "TAPPER"."""
    return Counter(label["name"].split()[-1] for label in labels if label is not None)
