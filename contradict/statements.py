"""Documents into statements: clauses with their subjects carried, put into the form that gets scored.

Two passes over the parsed sentences: the first finds attributions and resolves names in reading order, the
second, knowing who speaks each quotation, cuts clauses and writes propositions. Splitting is conservative: a
clause keeps its negations, hedges, conditions and quantifiers, and where a split might lose one it stays whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from contradict.attribution import (
    SUBJECTS,
    Attribution,
    cue_lemma,
    find_attributions,
    find_speaker,
    load_cues,
)
from contradict.language import Paragraph, Parsed, Quotation
from contradict.propositions import assertive_clause, assertive_gerund, assertive_noun, phrase
from contradict.records import Span, Speaker, Stance, Statement
from contradict.speakers import Speakers, mention_tokens

if TYPE_CHECKING:
    from spacy.tokens import Span as Sentence
    from spacy.tokens import Token

_CONDITIONS = ("if", "unless", "whether", "provided")
_SCOPES = ("advcl", "prep", "npadvmod", "neg", "preconj")
_EDGES = frozenset("\"“”„«»‘’'`,;:.–—-…()[]") | {"''", "``", "..."}
_COLLECTIVES = ("GPE", "ORG", "NORP", "FAC")
"""Kinds of named speakers who speak of themselves as "it"."""

_REACH = 2
"""How many paragraphs behind an attribution a quotation without one still belongs to the same speaker."""


@dataclass(frozen=True, slots=True)
class _Voice:
    """Who speaks, the word that says so, the stance it implies, and what "it" means in reported words."""

    speaker: Speaker | None = None
    cue: Span | None = None
    stance: Stance = "asserts"
    itself: str | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sentence after the first pass.

    Attributes:
        paragraph: Where it stands.
        number: Index of that paragraph in the document.
        sentence: Its tokens.
        attributions: Its attributions, each with who speaks.
        names: What the pronouns in it stand for, by token index.
        speech: Who its first verb of saying outside quotation marks says to speak.
    """

    paragraph: Paragraph
    number: int
    sentence: "Sentence"
    attributions: tuple[tuple[Attribution, _Voice], ...]
    names: dict[int, str]
    speech: _Voice


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of its own: its verb, its words, and the subject it shares with the clause before it."""

    head: "Token"
    tokens: "tuple[Token, ...]"
    subject: "Token | None" = None


def split_document(parsed: Parsed) -> list[Statement]:
    """Every statement of a parsed document, in the order of the text.

    ``document.text[s.start:s.end] == s.text`` holds for each, and no two have the same id.
    """
    readings = list(_read(parsed))
    quoted_by = _quotation_voices(readings)
    found: dict[str, Statement] = {}
    for reading in readings:
        for statement in _sentence_statements(reading, quoted_by):
            found.setdefault(statement.id, statement)
    return sorted(found.values(), key=lambda statement: (statement.start, statement.end))


def _read(parsed: Parsed) -> Iterator[_Reading]:
    speakers = Speakers()
    for number, paragraph in enumerate(parsed.paragraphs):
        for sentence in paragraph.parse.sents:
            speakers.read(sentence)
            attributions = []
            for attribution in find_attributions(sentence):
                if attribution.speaker is not None:
                    speakers.note(attribution.speaker)
                attributions.append((attribution, _voice(attribution, speakers, paragraph)))
            actor = _actor(sentence)
            if actor is not None and paragraph.quotation_at(actor) is None:
                speakers.note(actor)
            names = {
                token.i: speakers.name(token)
                for token in sentence
                if token.lower_ in ("he", "she") and paragraph.quotation_at(token) is None
            }
            speech = _speech(sentence, speakers, paragraph)
            yield _Reading(paragraph, number, sentence, tuple(attributions), names, speech)


def _actor(sentence: "Sentence") -> "Token | None":
    """The subject of a sentence if it is a person, or does what only people do: say, describe, deny."""
    subject = _subject(sentence.root)
    is_person = subject is not None and subject.ent_type_ == "PERSON"
    return subject if is_person or cue_lemma(sentence.root) in load_cues().verbs else None


def _speech(sentence: "Sentence", speakers: Speakers, paragraph: Paragraph) -> _Voice:
    """Who speaks, for quotations that the parser does not tie to their verb of saying."""
    for verb in sentence:
        if verb.pos_ == "VERB" and cue_lemma(verb) in load_cues().verbs:
            speaker = find_speaker(verb)
            if speaker is not None and not paragraph.quotation_at(verb):
                return _Voice(_name(speaker, speakers, paragraph), _span(paragraph, (verb,)))
    return _Voice()


def _voice(attribution: Attribution, speakers: Speakers, paragraph: Paragraph) -> _Voice:
    cue = _span(paragraph, (attribution.cue,))
    if attribution.speaker is None:
        return _Voice(None, cue, attribution.stance)
    speaker = _name(attribution.speaker, speakers, paragraph)
    itself = speaker.name if attribution.speaker.ent_type_ in _COLLECTIVES else None
    return _Voice(speaker, cue, attribution.stance, itself)


def _name(mention: "Token", speakers: Speakers, paragraph: Paragraph) -> Speaker:
    span = _span(paragraph, mention_tokens(mention))
    return Speaker(span.text, span.start, span.end, speakers.name(mention))


def _quotation_voices(readings: Sequence[_Reading]) -> dict[int, _Voice]:
    """Who speaks each quotation.

    That is whoever an attribution of one of its parts names; or else a verb of saying beside it; or else who
    spoke last before it.
    """
    quoted_by: dict[int, _Voice] = {}
    for reading in readings:
        quotation_at = reading.paragraph.quotation_at
        for attribution, voice in reading.attributions:
            for token in (attribution.content, attribution.content.left_edge):
                quotation = quotation_at(token)
                if quotation and voice.speaker and quotation is not quotation_at(attribution.cue):
                    quoted_by.setdefault(quotation.number, _Voice(voice.speaker, voice.cue))
    for reading in readings:
        if reading.speech.speaker:
            for quotation in _quotations(reading):
                quoted_by.setdefault(quotation.number, reading.speech)
    last: tuple[int, Speaker] | None = None
    for reading in readings:
        for quotation in _quotations(reading):
            if last and reading.number - last[0] <= _REACH:
                quoted_by.setdefault(quotation.number, _Voice(last[1]))
        if reading.speech.speaker:
            last = (reading.number, reading.speech.speaker)
    return quoted_by


def _quotations(reading: _Reading) -> list[Quotation]:
    """The quotations that a sentence has a part in."""
    start, end = reading.sentence.start_char, reading.sentence.end_char
    return [q for q in reading.paragraph.quotations if q.start < end and start < q.end]


def _sentence_statements(reading: _Reading, quoted_by: dict[int, _Voice]) -> Iterator[Statement]:
    attributed: set[int] = set()
    for attribution, voice in reading.attributions:
        content = attribution.content
        if content.i in attributed:
            continue
        attributed.add(content.i)
        if attribution.form != "clause":
            yield from _subjectless_statement(reading, attribution, voice)
            continue
        for clause in _coordinated(content, _content(attribution)):
            yield from _clause_statement(reading, clause, voice)
    for clause in _coordinated(reading.sentence.root, tuple(reading.sentence)):
        if _only_attributes(clause.head, reading):
            continue
        quotation = reading.paragraph.quotation_at(clause.head)
        voice = quoted_by.get(quotation.number, _Voice()) if quotation else _Voice()
        yield from _clause_statement(reading, _without_saying(clause, reading), voice)


def _only_attributes(head: "Token", reading: _Reading) -> bool:
    """Whether a main clause does no more than attribute what stands in it: "he said that …"."""
    for attribution, _ in reading.attributions:
        cue = attribution.cue
        if head in (cue, attribution.content):
            return True
        if cue.head == head and (
            cue.dep_ in ("parataxis", "xcomp")
            or (cue.pos_ == "NOUN" and cue.dep_ in ("dobj", "nsubj", "attr"))
        ):
            return True
    return False


def _without_saying(clause: _Clause, reading: _Reading) -> _Clause:
    """A clause without the ", saying that …" that hangs on to it."""
    sayings = {
        token.i
        for attribution, _ in reading.attributions
        if attribution.cue.head == clause.head
        and attribution.cue.dep_ == "advcl"
        and attribution.cue.i > clause.head.i
        for token in attribution.cue.subtree
    }
    return _Clause(clause.head, _without(clause.tokens, sayings), clause.subject)


def _content(attribution: Attribution) -> "tuple[Token, ...]":
    """The words of what is said, without those around a cue in their midst: "It was, he said, too late"."""
    cue, content = attribution.cue, attribution.content
    interruption = {token.i for token in cue.subtree} if content in cue.ancestors else set()
    words = _without(content.subtree, interruption)
    exception = words[-1].doc[words[-1].i + 1 : words[-1].i + 3]
    if (
        words[-1].lower_ in ("anything", "nothing")
        and len(exception) == 2
        and exception[0].lower_ == "but"
    ):
        words += (exception[0], *exception[1].subtree)  # parsers tend to lose it
    return words


def _without(tokens: "Iterable[Token]", left_out: set[int]) -> "tuple[Token, ...]":
    return tuple(token for token in tokens if token.i not in left_out)


def _coordinated(head: "Token", words: "tuple[Token, ...]") -> Iterator[_Clause]:
    """Cut "A did x and did y" into clauses that stand alone; whole where a cut might lose something."""
    verbs = [head]
    while True:
        conjuncts = (c for c in verbs[-1].rights if c.dep_ == "conj" and c.pos_ in ("VERB", "AUX"))
        following = next(conjuncts, None)
        if following is None:
            break
        verbs.append(following)
    if not _may_cut(verbs):
        yield _Clause(head, words)
        return
    subject = None
    clauses = []
    for verb, after in zip(verbs, [*verbs[1:], None], strict=True):
        own = {token.i for token in verb.subtree} - (
            {token.i for token in after.subtree} if after else set()
        )
        clauses.append(
            _Clause(
                verb, tuple(t for t in words if t.i in own), None if _subject(verb) else subject
            )
        )
        subject = _subject(verb) or subject
    cut = [t for clause in clauses for t in clause.tokens if not t.is_punct]
    if cut == [t for t in words if not t.is_punct]:
        yield from clauses
    else:
        yield _Clause(head, words)


def _may_cut(verbs: "Sequence[Token]") -> bool:
    first, *others = verbs
    subject = _subject(first)
    if subject is None or any(c.dep_ in _SCOPES and c.i < subject.i for c in first.lefts):
        return False
    if any(
        c.dep_ == "cc" and c.lower_ not in ("and", "but") for verb in verbs for c in verb.children
    ):
        return False
    if any(_is_conditional(verb) for verb in verbs):
        return False
    return all(_is_finite(verb) for verb in others)


def _is_finite(verb: "Token") -> bool:
    return verb.tag_ in ("VBD", "VBZ", "VBP") or any(
        c.dep_ in ("aux", "auxpass") and c.tag_ in ("VBD", "VBZ", "VBP", "MD")
        for c in verb.children
    )


def _is_conditional(verb: "Token") -> bool:
    marks = [c for c in verb.children if c.dep_ == "mark"]
    marks += [
        m
        for c in verb.children
        if c.dep_ == "advcl"
        for m in c.children
        if m.dep_ in ("mark", "advmod")
    ]
    return any(mark.lower_ in _CONDITIONS for mark in marks)


def _subject(verb: "Token") -> "Token | None":
    return next((c for c in verb.children if c.dep_ in (*SUBJECTS, "expl")), None)


def _clause_statement(reading: _Reading, clause: _Clause, voice: _Voice) -> Iterator[Statement]:
    tokens = _trim(clause.tokens)
    if not _says_something(clause, tokens):
        return
    quoted = reading.paragraph.quotation_at(clause.head) is not None
    itself = None if quoted else voice.itself
    carried = mention_tokens(clause.subject) if clause.subject is not None else []
    stance = _stance(clause, reading, voice)
    proposition, stance = assertive_clause(
        clause.head, tokens, stance=stance, names=reading.names, carried=carried, itself=itself
    )
    yield _statement(reading.paragraph, tokens, proposition, voice, stance, quoted)


def _subjectless_statement(
    reading: _Reading, attribution: Attribution, voice: _Voice
) -> Iterator[Statement]:
    content, subject = attribution.content, attribution.subject
    tokens = _trim(
        tuple(token for part in (content, *_strays(attribution)) for token in part.subtree)
    )
    if subject is None or not tokens:
        return
    name = phrase(mention_tokens(subject))
    if subject == attribution.speaker and voice.speaker:
        name = voice.speaker.name if subject.pos_ in ("PROPN", "PRON") else name
    write = assertive_gerund if attribution.form == "gerund" else assertive_noun
    proposition = write(content, tokens, subject=name, plural=_is_plural(subject))
    yield _statement(reading.paragraph, tokens, proposition, voice, voice.stance, False)


def _strays(attribution: Attribution) -> "list[Token]":
    """Objects that the parser hangs on the cue although they belong to the gerund: "denied bombing Y"."""
    after = (t for t in attribution.cue.rights if t.i > attribution.content.right_edge.i)
    return list(takewhile(lambda token: token.dep_ in ("npadvmod", "dobj", "appos"), after))


def _is_plural(noun: "Token") -> bool:
    return (
        noun.tag_ in ("NNS", "NNPS")
        or noun.lower_ in ("they", "we")
        or any(c.dep_ == "conj" for c in noun.children)
    )


def _stance(clause: _Clause, reading: _Reading, voice: _Voice) -> Stance:
    if "?" in (token.text for token in reading.sentence[-2:]):
        return "questions"
    if voice.stance != "asserts":
        return voice.stance
    if _is_conditional(clause.head):
        return "hypothesizes"
    cues = load_cues()
    hearsay = any(t.lower_ in cues.hearsay_adverbs for t in clause.head.children)
    passive = any(t.dep_ == "nsubjpass" for t in clause.head.children)
    if hearsay or (
        passive
        and cues.verbs.get(cue_lemma(clause.head))
        and any(t.dep_ == "xcomp" for t in clause.head.children)
    ):
        return "reports"
    return "asserts"


def _says_something(clause: _Clause, tokens: "Sequence[Token]") -> bool:
    """A statement has a finite verb with a subject."""
    words = [token for token in tokens if token.is_alpha or token.like_num]
    has_subject = clause.subject is not None or _subject(clause.head) is not None
    return len(words) >= 2 and has_subject and _is_finite(clause.head)


def _trim(tokens: "Sequence[Token]") -> "tuple[Token, ...]":
    """Without the marks, conjunctions and complementizers around a clause."""
    words = list(tokens)
    while words and (words[0].text in _EDGES or words[0].is_space or _introduces(words[0])):
        words.pop(0)
    while words and (words[-1].text in _EDGES or words[-1].is_space or words[-1].dep_ == "cc"):
        words.pop()
    return tuple(words)


def _introduces(token: "Token") -> bool:
    return token.dep_ in ("cc", "preconj") or (
        token.dep_ == "mark" and token.lower_ in ("that", "whether")
    )


def _statement(
    paragraph: Paragraph,
    tokens: "Sequence[Token]",
    proposition: str,
    voice: _Voice,
    stance: Stance,
    quoted: bool,
) -> Statement:
    span = _span(paragraph, tokens)
    return Statement(
        document=paragraph.document.name,
        start=span.start,
        end=span.end,
        text=span.text,
        proposition=proposition,
        speaker=voice.speaker,
        cue=voice.cue,
        stance=stance,
        quoted=quoted,
        date=paragraph.document.date,
    )


def _span(paragraph: Paragraph, tokens: "Sequence[Token]") -> Span:
    return paragraph.span(tokens[0].idx, tokens[-1].idx + len(tokens[-1]))
