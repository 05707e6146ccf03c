"""Sentences cut into passages, each with its voice: what makes one statement, and whose it is.

Rules (`contradict.attribution`) come first: they know the stance. What the tagger (`contradict.tagger`) says is
somebody's beyond that comes second; it knows the many ways of attributing that no rule lists. What is left is
the document's own.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby, takewhile
from typing import TYPE_CHECKING

from contradict.answers import (
    REFERENCES,
    differs,
    grants_claim,
    is_affirming_answer,
    is_denying_answer,
    is_denying_fragment,
    is_reference,
)
from contradict.attributed import Attribution, Claim
from contradict.attribution import find_attributions
from contradict.claims import holder_of
from contradict.clauses import Clause, coordinated_clauses, says_something, trimmed
from contradict.complements import (
    called_behind,
    find_speaker,
    is_behind_comma,
    is_hearsay,
    is_reduced_passive,
    only_hears,
    relative_clause,
    subject_of,
)
from contradict.cues import (
    SUBJECTS,
    cue_lemma,
    cue_stance,
    has_to,
    is_nobody,
    is_passive,
    load_cues,
    names_claim,
    own_subject,
)
from contradict.language import Paragraph, Parsed, Quotation
from contradict.records import Span, Stance
from contradict.speakers import is_person, mention_tokens
from contradict.tagger import ATTRIBUTED, tag
from contradict.wording import (
    around_denied,
    called,
    own_words,
    strays,
    without,
    without_saying,
    words_said,
)

if TYPE_CHECKING:
    from spacy.tokens import Span as Sentence
    from spacy.tokens import Token

_SOURCE = 0.6
"""Probability from which the tagger may name a source where a rule names none."""

_CUE = 0.3
"""Probability from which a word counts as the cue of what is attributed beside it."""

_CUE_INSIDE, _CUE_ALONE = 0.05, 0.4
"""The same for a word with a subject, and with what hangs on it: where that is attributed anyway, and elsewhere."""

_SAID_INSIDE, _HARDLY = 0.8, 0.2
"""Share of those words from which they count as attributed anyway, and their mean probability elsewhere, at least."""

_TOLD = ("acl", "acomp", "attr", "ccomp", "dobj", "oprd", "prep", "xcomp")
"""How what somebody says, thinks or wants hangs on the word that shows it."""

_CRUMBS = 3
"""Fewer words than this that a rule has left over in a sentence say nothing by themselves."""

_AMID = (
    "about",
    "after",
    "against",
    "amid",
    "amidst",
    "despite",
    "following",
    "of",
    "on",
    "over",
    "to",
)
"""Prepositions before the claims of whoever is not named: "amid allegations that p", "said of claims that p"."""

_HEARSAY = re.compile(
    r", (?:or )?(?:so )?it (?:is|was|has been) (?:\w+ly )?(\w+)(?: (?!by\b)[^,;:“”\"]{1,40})?[,.]",
    re.IGNORECASE,
)
"""Which words between commas, or at the end, may say that the rest is hearsay: ", it is claimed,"."""

_HEARD = re.compile(
    r", (?:(?:or )?so (?:the (?:legend|rumou?r|story|tale) |rumou?r |we are (?:given to )?|people |some |they )"
    r"|(?:rumou?r|legend) (?=has)|(?:so )?one |(?:so )?we (?=hear|understand)|I (?=hear|understand))"
    r"(goes|has|hear|hears|say|said|told|understand)(?: [^,;:“”\"]{1,50})?[,.]",
)
"""The same without "it": ", so the story goes", ", one hears,"."""

_COMPLETING = ("acomp", "attr", "dobj", "oprd", "prep")
"""How words hang on a clause that goes on behind an attribution: "The rumour began, Ann said, with a label"."""

_LONGEST_SAYING = 8
"""Words with which a clause says whose the rest of it is, at most: "a spokesman for the guard said on Monday"."""

_SHORT_HEADLINE, _LONG_HEADLINE = 4, 25
"""Words of a headline, at least and at most, that says something."""

_MODIFYING = ("advmod", "amod", "compound", "det", "nmod", "npadvmod", "nummod", "poss")
"""How words hang on a phrase, or a clause, that says nothing without its head."""

_BESIDE = 2
"""Fewer words than this around a passage, besides those that say nothing by themselves, belong to it: "I think"."""

_ASIDE = 5
"""A main clause that has fewer words beside an attribution does no more than attribute."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Head of a noun phrase that names a speaker, and where it stands."""

    paragraph: Paragraph
    head: "Token"


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, the word that says so, and the stance it implies."""

    speaker: Mention | None = None
    cue: Span | None = None
    stance: Stance = "asserts"


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that make one statement.

    Attributes:
        paragraph: Where they stand.
        words: What the statement shows, in order.
        voice: Whose they are.
        clause: The clause that becomes the proposition: of these words, or one around them where they are
            none themselves.
        attribution: For words without a subject, the attribution that tells what they say it of.
        quoted: Whether they stand between quotation marks.
        answers: Whether they deny what was said before them.
        affirms: Whether they affirm it, and say nothing else.
        narrated: Whether they only belong to a clause in which the document tells what somebody says, thinks or
            wants: "(Voters lined up) to see Kasich".
        beside: Words around these that are the same speaker's and say nothing by themselves: quotation marks,
            "that", "and", "I think".
    """

    paragraph: Paragraph
    words: "tuple[Token, ...]"
    voice: Voice
    clause: Clause
    attribution: Attribution | None = None
    quoted: bool = False
    answers: bool = False
    affirms: bool = False
    narrated: bool = False
    beside: "tuple[Token, ...]" = ()


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence, its clauses, its attributions by rule, and the words that are somebody's, says the tagger."""

    paragraph: Paragraph
    number: int
    sentence: "Sentence"
    clauses: tuple[Clause, ...]
    attributions: tuple[Attribution, ...]
    attributed: frozenset[int]


def find_passages(parsed: Parsed) -> tuple[list[ReadSentence], list[Passage]]:
    """Every sentence of a document as it was read, and every passage in them, sentence by sentence."""
    if not parsed.paragraphs:
        return [], []
    cutter = _Cutter(parsed)
    found = (p for reading in cutter.readings for p in cutter.passages(reading))
    return cutter.readings, [p for p in found if trimmed(p.words) and trimmed(p.clause.tokens)]


class _Cutter:
    """Cuts a document into passages, each with its voice."""

    def __init__(self, parsed: Parsed) -> None:
        self.paragraphs = parsed.paragraphs
        self.tags = tag(parsed)
        self.signed = {
            quotation.number: Voice(Mention(paragraph.label, paragraph.label.parse[-1]))
            for paragraph in parsed.paragraphs
            for quotation in paragraph.quotations
            if paragraph.label is not None
        }
        self.signed |= {
            quotation.number: Voice(Mention(paragraph, name))
            for paragraph in parsed.paragraphs
            for quotation in paragraph.quotations
            if (name := _name_behind(paragraph, quotation)) is not None
        }
        self.readings = [
            self._read(paragraph, number, sentence)
            for number, paragraph in enumerate(parsed.paragraphs)
            for sentence in paragraph.parse.sents
        ]
        self.quoted_by = self._quotation_voices()

    def _read(self, paragraph: Paragraph, number: int, sentence: "Sentence") -> ReadSentence:
        start = self.tags.starts[number]
        attributed = {t.i for t in sentence if self.tags.attributed[start + t.i] >= ATTRIBUTED}
        if self.signed:
            quoted = ((t.i, paragraph.quotation_at(t)) for t in sentence)
            attributed.update(i for i, each in quoted if each and each.number in self.signed)
        return ReadSentence(
            paragraph,
            number,
            sentence,
            tuple(coordinated_clauses(sentence.root, tuple(sentence))),
            tuple(find_attributions(sentence)),
            frozenset(attributed),
        )

    def _quotation_voices(self) -> dict[int, Voice]:
        """Who speaks each quotation of more than one sentence, or of which a rule attributes a part."""
        voices = dict(self.signed)
        words: dict[int, list[int]] = {}
        for reading in self.readings:
            quotation_at = reading.paragraph.quotation_at
            for attribution in reading.attributions:
                for token in (attribution.content, attribution.content.left_edge):
                    quotation = quotation_at(token)
                    if (
                        quotation
                        and attribution.speaker
                        and quotation is not quotation_at(attribution.cue)
                    ):
                        speaker = Mention(reading.paragraph, attribution.speaker)
                        voices.setdefault(
                            quotation.number,
                            Voice(speaker, span_of(reading.paragraph, (attribution.cue,))),
                        )
            for token in reading.sentence:
                quotation = quotation_at(token)
                if quotation:
                    number = self.tags.number(reading.number, token)
                    words.setdefault(quotation.number, []).append(number)
        for number, inside in words.items():
            if number not in voices and self.tags.attributed[inside].mean() >= ATTRIBUTED:
                source = self.tags.source_of(inside[:100])
                going_on = self._spoke_before(inside[0]) if self._is_below(source, inside) else None
                voices[number] = Voice(going_on or self._mention(source))
        return voices

    def _is_below(self, word: int, words: Sequence[int]) -> bool:
        """Whether a word stands in a paragraph below that of some others, given by their numbers."""
        starts = self.tags.starts
        return bisect_right(starts, word) > bisect_right(starts, words[-1])

    def _spoke_before(self, word: int) -> Mention | None:
        """Who speaks last in the paragraph above a word: a quotation of nobody else goes on with their words."""
        above = bisect_right(self.tags.starts, word) - 2
        spoke = (
            Mention(reading.paragraph, attribution.speaker)
            for reading in reversed(self.readings)
            if reading.number == above
            for attribution in reversed(reading.attributions)
            if attribution.speaker is not None and attribution.speaker.dep_ in SUBJECTS
            if reading.paragraph.quotation_at(attribution.speaker) is None
        )
        return next(spoke, None)

    def passages(self, reading: ReadSentence) -> list[Passage]:
        """The passages of a sentence: by rule, by the tagger, and what is left, the document's own."""
        hearsay = _around_hearsay(reading)
        if hearsay is not None:
            return [hearsay]
        taken: set[int] = set()  # words that are in a passage, or only attribute one
        ruled, made = self._by_rule(reading, taken)
        tagged, explained = self._by_tagger(reading, made, taken)
        ruled, explained = _put_together(ruled, explained)
        attitudes = [passage for passage in explained if not passage.narrated]
        narrated = [passage for passage in explained if passage.narrated]
        passages = [*ruled, *tagged, *attitudes]
        own = []
        for clause in reading.clauses:
            attributes = passages and _only_attributes(clause, reading, made, passages, taken)
            rest = without_saying(clause, made)
            if differs(clause.head) or is_affirming_answer(clause.head):  # "(A lawsuit) says no"
                words = tuple(t for t in rest.tokens if t.i >= clause.head.i)
                rest = Clause(clause.head, words or rest.tokens, clause.subject)
            told = any(passage.clause.head == clause.head for passage in attitudes)
            if not told and not attributes and says_something(rest):
                own.append(_of_clause(reading.paragraph, rest, _own_voice(reading, rest)))
        if not passages and not own and _is_headline(reading):
            whole = Clause(reading.sentence.root, tuple(reading.sentence))
            own.append(_of_clause(reading.paragraph, whole, Voice()))
        found = self._with_the_rest(reading, [*passages, *own, *narrated])
        return [*found, *self._by_parse(reading, found)]

    def _with_the_rest(self, reading: ReadSentence, passages: list[Passage]) -> list[Passage]:
        """Passages with what the tagger gives to somebody around them, and what is only narrated besides."""
        whole, narrated = list(passages), []
        shown = {n: _places(p.words) for n, p in enumerate(passages) if trimmed(p.words)}
        owner = {i: n for n in shown if passages[n].voice.speaker is not None for i in shown[n]}
        claims = {i for n in shown if _is_claim(passages[n]) for i in shown[n]}
        for run in _left_over(reading, owner):
            rest = tuple(dropwhile(lambda t: _closes(reading.paragraph, t), run))
            before, behind = owner.get(run[0].i - 1), owner.get(run[-1].i + 1)
            if len(rest) < len(run) and before is not None:  # the comma, and the closing mark
                closing = run[: len(run) - len(rest)]
                whole[before] = replace(whole[before], beside=(*whole[before].beside, *closing))
                run, before = rest, None
            nearest = before if behind is None else behind
            telling = sum(not (t.is_stop or t.is_punct or t.is_space) for t in run)
            if telling >= (1 if nearest is None else _BESIDE):
                passage = self._narrated(reading, run)
                narrated += [passage] if passage is not None else []
            elif nearest is not None and claims.isdisjoint(t.i for t in run):
                whole[nearest] = replace(whole[nearest], beside=(*whole[nearest].beside, *run))
        return [*whole, *narrated]

    def _by_parse(self, reading: ReadSentence, passages: Sequence[Passage]) -> Iterator[Passage]:
        """ "(Ann said) Bob resents the deal": what is somebody's by the parse, perhaps inside what is another's."""
        start = self.tags.starts[reading.number]
        held = {(p.voice.speaker.head, t) for p in passages if p.voice.speaker for t in p.words}
        for cue in reading.sentence:
            shows = float(self.tags.cue[start + cue.i])
            told = cue.i in reading.attributed and _shows_attitude(cue)
            if not told and shows < _CUE_INSIDE:
                continue
            speaker = _whose_attitude(cue)
            parts = [c for c in cue.rights if c.dep_ in _TOLD]
            if speaker is None or not parts:
                continue
            first, last = max(parts[0].left_edge.i, cue.i + 1), parts[-1].right_edge.i
            said = [i for i in range(first, last + 1) if i in reading.attributed]
            if len(said) >= _SAID_INSIDE * (last + 1 - first):
                first, last = said[0], said[-1]
            elif shows < _CUE_ALONE or self._attributed(reading, first, last) < _HARDLY:
                continue
            words = tuple(cue.doc[first : last + 1])
            if any((speaker, t) in held for t in words) or speaker in words:
                continue
            clause = _clause_around(cue, reading)
            voice = Voice(Mention(reading.paragraph, speaker), span_of(reading.paragraph, (cue,)))
            quoted = reading.paragraph.quotation_at(cue) is not None
            yield Passage(reading.paragraph, words, voice, clause, quoted=quoted, narrated=True)

    def _attributed(self, reading: ReadSentence, first: int, last: int) -> float:
        """Mean probability that words, from the first to the last, are somebody's."""
        start = self.tags.starts[reading.number]
        return float(self.tags.attributed[start + first : start + last + 1].mean())

    def _narrated(self, reading: ReadSentence, run: "tuple[Token, ...]") -> Passage | None:
        """Words that are somebody's, says the tagger, in what the document tells; None where nobody can be named."""
        voice = self._voice(reading, run)
        inside = set(run)
        head = next(t for t in run if t.head not in inside or t.head == t)
        speaker = voice.speaker
        if speaker is None or speaker.head.dep_ == "expl" or _names(speaker, run, head):
            return None
        if head.dep_ in _MODIFYING:
            return None
        clause = _clause_around(head, reading)
        quoted = reading.paragraph.quotation_at(head) is not None
        voice = Voice(speaker, voice.cue)
        return Passage(
            reading.paragraph, run, voice, clause, quoted=quoted, narrated=True, beside=run
        )

    def _by_rule(
        self, reading: ReadSentence, taken: set[int]
    ) -> tuple[list[Passage], list[Attribution]]:
        """The passages that rules attribute, and the attributions that made them; adds to ``taken``."""
        passages: list[Passage] = []
        made: list[Attribution] = []
        for attribution in sorted(reading.attributions, key=_outermost_first):
            if any(p.clause.head == attribution.content for p in passages):
                continue
            if attribution.speaker is not None and attribution.speaker.lower_ == "you":
                continue  # "You can't go out without hearing that p": whoever that is
            ruled = list(self._ruled(reading, attribution, passages))
            content = Clause(attribution.content, tuple(attribution.content.subtree))
            if not ruled and not _only_calls_false(content, reading):
                continue
            passages += ruled
            made.append(attribution)
            taken.update(t.i for t in around_denied(attribution))
            nested = attribution.speaker is not None and self._is_told(reading, attribution)
            if nested and not _is_first_person(attribution.speaker):
                continue  # what somebody says that somebody else says: a statement of both
            if attribution.speaker is None and attribution.stance == "denies":
                taken.update(t.i for t in own_words(attribution.cue))
            taken.update(t.i for t in words_said(attribution))
            taken.update(t.i for t in (attribution.cue, attribution.speaker) if t is not None)
            if attribution.against is not None:
                taken.update(t.i for passage in ruled for t in passage.words)
        named = {t for a in made if a.stance == "denies" for t in called_behind(a.cue, a.content)}
        named.update(t for p in passages if p.voice.stance == "denies" for t in p.words)
        said_false = (a.cue for a in made if a.stance == "denies" and a.cue.lemma_ == "be")
        named.update(t for verb in said_false for c in verb.rights for t in c.subtree)
        for answer in self._denying_fragments(reading):
            if named.issuperset(t for t in answer.words if t.is_alpha):
                continue  # what a claim is called: "called the claim that p a lie", "calling it a lie"
            passages.append(answer)
            taken.update(t.i for t in answer.words)
        return passages, made

    def _is_told(self, reading: ReadSentence, attribution: Attribution) -> bool:
        """Whether an attribution stands in words of somebody else's, quoted or told in its own sentence."""
        cue = attribution.cue
        if cue.i not in reading.attributed:
            return False
        if reading.paragraph.quotation_at(cue) is not None:
            return True
        source = self.tags.source_of([self.tags.number(reading.number, cue)])
        start = self.tags.starts[reading.number]
        inside = start + reading.sentence.start <= source < start + reading.sentence.end
        return inside and self._mention(source).head != attribution.speaker

    def _denying_fragments(self, reading: ReadSentence) -> Iterator[Passage]:
        """ "Never", said the minister: words that only deny what was said before."""
        quotation_at = reading.paragraph.quotation_at
        cues = (t for t in reading.sentence if cue_lemma(t) in load_cues().verbs)
        saying = ((t, find_speaker(t)) for t in cues if quotation_at(t) is None)
        verb, speaker = next((each for each in saying if each[1] is not None), (None, None))
        if verb is None or speaker is None:
            verb, speaker = _speaking_around(reading)
        if verb is None or speaker is None:
            yield from self._bare_denial(reading)
            return
        quoted = (t for t in reading.sentence if quotation_at(t) is not None)
        groups = [(True, tuple(group)) for _, group in groupby(quoted, key=quotation_at)]
        first = tuple(takewhile(lambda token: token.text != ",", reading.sentence))
        unquoted = not any(quotation_at(t) for t in first) and verb not in first
        if first and unquoted and first[0].i < verb.i:  # Far from it, insisted the minister
            groups.append((False, first))
        mention = Mention(reading.paragraph, speaker)
        voice = Voice(mention, span_of(reading.paragraph, (verb,)))
        for is_quoted, words in groups:
            if is_denying_fragment(words) and not _is_governed(words):
                clause = Clause(words[0], words)
                yield Passage(
                    reading.paragraph, words, voice, clause, quoted=is_quoted, answers=True
                )

    def _bare_denial(self, reading: ReadSentence) -> Iterator[Passage]:
        """ "Utter rot." inside a quotation, "The union: not so", "Verdict: false": a sentence that only denies."""
        words = tuple(reading.sentence)
        colon = next((t for t in words[:6] if t.text == ":"), None)
        voice = self._quoting(reading, words[len(words) // 2])
        if colon is not None:
            named = [t for t in words if t.i < colon.i and t.pos_ in ("NOUN", "PROPN")]
            behind = words[words.index(colon) + 1 :]
            words = tuple(takewhile(lambda token: token.text not in (",", ";"), behind))
            if named and named[-1].lower_ not in ("verdict", "rating", "ruling", "answer", "fact"):
                voice = Voice(Mention(reading.paragraph, named[-1]))
        if is_denying_fragment(words):
            quoted = reading.paragraph.quotation_at(words[0]) is not None
            clause = Clause(words[0], words)
            yield Passage(reading.paragraph, words, voice, clause, quoted=quoted, answers=True)

    def _by_tagger(
        self, reading: ReadSentence, made: Sequence[Attribution], taken: set[int]
    ) -> tuple[list[Passage], list[Passage]]:
        """What the tagger attributes beyond: clauses, and words that a clause explains; adds to ``taken``."""
        clauses: list[Passage] = []
        explaining: dict[tuple[object, ...], Passage] = {}
        for run in _runs(reading, taken):
            for passage in self._tagged(reading, run, made):
                if set(passage.clause.tokens) <= set(run):
                    clauses.append(passage)
                    taken.update(t.i for t in run)
                    continue
                said = any(a.cue == passage.clause.head for a in made)  # and what is a statement
                passage = replace(passage, narrated=said or not _tells_attitude(passage))
                if not passage.narrated:
                    taken.update(t.i for t in run)
                voice = passage.voice
                key = (passage.clause.head, voice.cue, voice.speaker and voice.speaker.head)
                if passage.narrated:
                    key = (run[0], None, None)
                if key in explaining:  # parts of one thing: "called for x … and y"
                    first = explaining[key].words[0]
                    words = tuple(run[0].doc[first.i : run[-1].i + 1])
                    passage = replace(passage, words=words)
                explaining[key] = passage
        return clauses, list(explaining.values())

    def _ruled(
        self, reading: ReadSentence, attribution: Attribution, others: Sequence[Passage]
    ) -> Iterator[Passage]:
        """What a rule attributes."""
        content, paragraph, against = attribution.content, reading.paragraph, attribution.against
        speaker = self._ruled_speaker(reading, attribution, others)
        stance = attribution.stance
        if speaker is not None and attribution.speaker is None and stance == "reports":
            calls = attribution.cue.lemma_ in load_cues().characterizing_verbs
            calls &= attribution.form == "noun"
            # somebody named commits to it after all, or calls it false
            stance = "denies" if calls else cue_stance(attribution.cue)
        voice = Voice(speaker, span_of(paragraph, (attribution.cue,)), stance)
        if attribution.form == "clause":
            denied = voice.stance == "denies"
            for clause in coordinated_clauses(content, words_said(attribution), denied=denied):
                if says_something(clause) and not _only_calls_false(clause, reading):
                    yield _of_clause(paragraph, clause, voice)
                    if against is not None:
                        yield self._claimed(reading, attribution, against, clause, others)
        elif attribution.subject is not None:
            words = tuple(t for part in (content, *strays(attribution)) for t in part.subtree)
            asides = (c for c in content.rights if _is_aside(c, attribution))
            words = without(words, {t.i for aside in asides for t in aside.subtree})
            if attribution.form == "predicate":
                words = tuple(
                    paragraph.parse[attribution.subject.left_edge.i : content.right_edge.i + 1]
                )
            relative = relative_clause(attribution.cue)
            refers = is_reference(content) or (relative is not None and relative.head == content)
            answers = voice.stance == "denies" and refers
            clause = Clause(content, words)
            if answers and attribution.cue.lemma_ in load_cues().characterizing_verbs:
                words = (*words, *called(attribution))
            elif answers and content.lower_ in REFERENCES:
                start, end = sorted((attribution.cue.i, content.i))
                words = tuple(paragraph.parse[start : end + 1])  # "denies it", "which it denies"
            if not trimmed(words):
                return
            yield Passage(paragraph, words, voice, clause, attribution, answers=answers)
            if against is not None:
                claimed = self._claimed(reading, attribution, against, clause, others)
                yield replace(claimed, attribution=attribution)

    def _claimed(
        self,
        reading: ReadSentence,
        attribution: Attribution,
        claim: Claim,
        clause: Clause,
        others: Sequence[Passage],
    ) -> Passage:
        """ "The mayor rejected criticism by Ann that p": the claim that a denial answers, or the other way round."""
        words = _words_claimed(attribution, claim)
        speaker = Mention(reading.paragraph, claim.speaker) if claim.speaker is not None else None
        if speaker is None and claim.stance == "denies":
            speaker = self._saying(reading, claim.cue, others)
        voice = Voice(speaker, span_of(reading.paragraph, (claim.cue,)), claim.stance)
        return Passage(reading.paragraph, words, voice, clause)

    def _saying(
        self, reading: ReadSentence, cue: "Token", others: Sequence[Passage]
    ) -> Mention | None:
        """Who says the words that a cue stands in, by an attribution around it or a quotation."""
        around = (p.voice.speaker for p in others if cue in p.words)
        saying = (
            Mention(reading.paragraph, a.speaker)
            for a in reading.attributions  # "Police said he is not thought to have left"
            if a.speaker is not None and a.form == "clause" and a.content == cue
        )
        return next(around, None) or next(saying, None) or self._quoting(reading, cue).speaker

    def _ruled_speaker(
        self, reading: ReadSentence, attribution: Attribution, others: Sequence[Passage]
    ) -> Mention | None:
        """Who a rule's speaker is: "I" is who speaks around it, and nobody may be somebody further off."""
        named = attribution.speaker
        calls_false = named is None and attribution.stance == "denies"
        if calls_false or _is_first_person(named):  # "The claim is false, he said"
            speaker = self._saying(reading, attribution.cue, others)
            if speaker is not None:
                return speaker
            if attribution.cue.dep_ == "amod":  # "the false claim", says whoever tells of it
                return None
        token = attribution.cue if calls_false or named is not None else attribution.content
        unnamed = (
            named is None and not is_passive(attribution.cue) and not _is_asked(attribution.cue)
        )
        whose = any(c.dep_ == "poss" for c in attribution.cue.children)
        if attribution.cue.dep_ == "pobj" and attribution.cue.head.lower_ in _AMID and not whose:
            unnamed = False  # "Amid claims that p, the court …": not the court's
        if attribution.stance == "reports" and _is_hearsay(attribution):
            unnamed = False
        if (unnamed or _is_first_person(named)) and token.i in reading.attributed:
            source = self.tags.source_of([self.tags.number(reading.number, token)])
            mention = self._mention(source)
            beside = mention.head not in attribution.cue.subtree or not calls_false
            beside &= mention.head.dep_ != "expl" and mention.head.pos_ not in ("ADJ", "ADV")
            beside &= mention.head.lower_ != "'s"  # "Let's dispel the fiction that p"
            # "Questions remain whether p"
            beside &= mention.head.lemma_ not in ("doubt", "question")
            beside &= mention.head != attribution.subject  # who is accused does not accuse
            if self.tags.source[source] >= _SOURCE and beside and not is_nobody(mention.head):
                return mention
        return Mention(reading.paragraph, named) if named is not None else None

    def _tagged(
        self, reading: ReadSentence, run: "tuple[Token, ...]", made: Sequence[Attribution]
    ) -> Iterator[Passage]:
        """What the tagger attributes: clauses, or words that only a clause around them makes sense of."""
        voice = self._voice(reading, run)
        if voice.speaker and voice.speaker.head.dep_ == "expl":
            return  # "There is no denying that p"
        if voice.speaker and voice.speaker.head.lower_ == "you":
            return  # "You can't do that and think that p", "You can't go out without hearing that p"
        if voice.speaker and is_nobody(voice.speaker.head):
            voice = Voice()  # "No group has claimed responsibility"
        if any(t.lemma_ == "differ" and differs(t.head) for t in run):
            return  # "begs to differ"
        if voice.speaker and any(a.speaker == voice.speaker.head and a.cue in run for a in made):
            return  # "Moscow repeated its denial that …": one holder, one statement
        has_content = any(span_of(reading.paragraph, (a.cue,)) == voice.cue for a in made)
        if has_content or (voice.stance == "questions" and not _asks(run)):
            voice = replace(voice, stance="asserts")  # "asked for help", "asked Ann to leave"
        paragraph = reading.paragraph
        inside = {token.i for token in run}
        heads = [t for t in run if t.head.i not in inside or t.head == t]
        head = max(heads, key=lambda t: (t.pos_ in ("VERB", "AUX"), t.right_edge.i - t.left_edge.i))
        quoted = paragraph.quotation_at(head) is not None
        clauses = [c for c in coordinated_clauses(head, run) if says_something(c)]
        if clauses:
            for clause in clauses:
                if (not quoted and _only_describes(clause, voice)) or _is_part(clause, voice):
                    continue
                subject = clause.subject or subject_of(clause.head)
                carried = None if subject is None or subject in clause.tokens else subject
                yield _of_clause(paragraph, replace(clause, subject=carried), voice)
            return
        size = sum(not (t.is_stop or t.is_punct) for t in run)
        if size < _CRUMBS and (made or (size < 2 and not quoted)):
            return
        crumb = head if size < _CRUMBS else None
        if voice.speaker is not None and not quoted and _names(voice.speaker, run, crumb):
            return  # nobody says who he is
        if voice.stance in ("denies", "reports"):
            voice = Voice(voice.speaker, voice.cue)  # the clause around says so itself
        around = [
            clause
            for clause in reading.clauses
            if head.i in {t.i for t in clause.tokens} and says_something(clause)
        ]
        if voice.speaker and any(_is_expected(voice.speaker.head, c.head) for c in around):
            return  # "Tesco is expected to open", says whoever tells of it
        answers = quoted and is_denying_fragment(run) and not _is_governed(run)
        if size < _CRUMBS and not around and not answers:
            return
        clause = around[0] if around and not answers else Clause(head, run)
        if _only_says_so(clause, Clause(head, run), voice, quoted=quoted):
            clause = Clause(head, run)
        clause = _without_speaker(paragraph, clause, voice)
        yield Passage(paragraph, run, voice, clause, quoted=quoted, answers=answers)

    def _voice(self, reading: ReadSentence, run: "tuple[Token, ...]") -> Voice:
        """Who says what the tagger attributes."""
        quoting = self._quoting(reading, run[len(run) // 2])
        if quoting.speaker is not None:
            return quoting
        start = self.tags.starts[reading.number]
        speaker: Mention | None = self._mention(
            self.tags.source_of([start + t.i for t in run[:100]])
        )
        inside = {token.i for token in run}
        cues = [
            t for t in reading.sentence if t.i not in inside and self.tags.cue[start + t.i] >= _CUE
        ]
        if not cues:
            return Voice(speaker)
        cue = max(cues, key=lambda t: (self.tags.cue[start + t.i], -t.i))
        if _is_asked(cue):
            speaker = None
        stance = cue_stance(cue)
        if stance == "denies" and not _denies(cue, run):
            stance = "asserts"
        return Voice(speaker, span_of(reading.paragraph, (cue,)), stance)

    def _quoting(self, reading: ReadSentence, token: "Token") -> Voice:
        """Who speaks the quotation that a word stands in."""
        quotation = reading.paragraph.quotation_at(token)
        return self.quoted_by.get(quotation.number, Voice()) if quotation else Voice()

    def _mention(self, number: int) -> Mention:
        """The noun phrase around a word, given by its number in the document."""
        at = bisect_right(self.tags.starts, number) - 1
        paragraph = self.paragraphs[at]
        head = paragraph.parse[number - self.tags.starts[at]]
        while (
            head.dep_ in ("compound", "amod", "det", "nmod", "nummod", "flat", "case", "punct")
            and head.head != head
        ):
            head = head.head
        return Mention(paragraph, head)


def _clause_around(word: "Token", reading: ReadSentence) -> Clause:
    """The clause that a word stands in, if that says something; else the sentence."""
    around = (c for c in reading.clauses if word in c.tokens and says_something(c))
    return next(around, Clause(reading.sentence.root, tuple(reading.sentence)))


def _whose_attitude(cue: "Token") -> "Token | None":
    """Who says, thinks or wants, by the parse: of "Bob resents", "Bob's disdain", "Bob is ready", Bob."""
    if cue.pos_ in ("AUX", "VERB"):
        return find_speaker(cue)
    return find_speaker(cue.head) if cue.dep_ == "acomp" else holder_of(cue)


def _name_behind(paragraph: Paragraph, quotation: Quotation) -> "Token | None":
    """Head of the name behind a quotation and a dash, with which a line ends: "“He is a joke.” ― Ann Smith"."""
    at = bisect_left(paragraph.parse, quotation.end, key=lambda token: token.idx)
    words = dropwhile(lambda t: t.is_space or t.is_quote, paragraph.parse[at:])
    dash = next(words, None)
    if dash is None or dash.text not in ("―", "—", "–", "-", "--"):
        return None
    behind = [t for t in words if not t.is_space]
    name = list(takewhile(lambda token: token.pos_ == "PROPN", behind))
    ended = len(behind) == len(name) or behind[len(name)].text in (",", ".", "(", "“", '"', "”")
    return name[-1] if name and ended else None


def _words_claimed(attribution: Attribution, claim: Claim) -> "tuple[Token, ...]":
    """ "The mayor rejected criticism by Ann that p", by which a claim is shown; its denial is shown as p."""
    articles = (c for c in claim.cue.lefts if c.dep_ == "det")
    around = [*articles, claim.cue, *words_said(attribution)]
    if attribution.stance == "questions":  # "(unclear whether) p, as Ann contends"
        around += claim.cue.subtree
    else:
        around.append(attribution.cue)
        around += mention_tokens(attribution.speaker) if attribution.speaker is not None else []
    places = [token.i for token in around]
    return tuple(claim.cue.doc[min(places) : max(places) + 1])


def _put_together(
    passages: Sequence[Passage], parts: Sequence[Passage]
) -> tuple[list[Passage], list[Passage]]:
    """Join to what a rule attributes what else of its clause is the same speaker's: "“We won,” he said, “by a mile”".

    Returns the passages, and the parts that go with none of them.
    """
    whole, left = list(passages), []
    for part in parts:
        number = next((n for n, each in enumerate(whole) if _goes_on(each, part)), None)
        if number is None:
            left.append(part)
            continue
        passage, clause = whole[number], whole[number].clause
        joined = Clause(clause.head, (*clause.tokens, *part.words), clause.subject)
        whole[number] = replace(passage, words=(*passage.words, *part.words), clause=joined)
    return whole, left


def _goes_on(passage: Passage, part: Passage) -> bool:
    """Whether words behind a passage complete its clause, "Ann said" between or not: "began, Ann said, by a mile"."""
    tokens, first = passage.clause.tokens, part.words[0]
    speaker = part.voice.speaker
    if speaker is None or passage.voice.speaker != speaker or first.i < tokens[-1].i:
        return False
    top = next(t for t in part.words if t.head not in part.words or t.head == t)
    saying = span_of(part.paragraph, (top.head,)) == passage.voice.cue
    between = first.doc[tokens[-1].i + 1 : first.i]
    beside = top.dep_ in _COMPLETING or all(t.is_quote or t.is_space for t in between)
    return passage.attribution is None and beside and (saying or top.head in tokens)


def _only_says_so(clause: Clause, said: Clause, voice: Voice, *, quoted: bool) -> bool:
    """Whether all that a clause says beside another one is whose that is: "(The dam broke), officials said"."""
    rest = [t for t in clause.tokens if t not in said.tokens and not t.is_punct]
    if voice.speaker is None or voice.speaker.head not in rest:
        return False
    if sum(not _describes(voice.speaker, token) for token in rest) >= _LONGEST_SAYING:
        return False
    if said.head.dep_ == "xcomp" and has_to(said.head):
        return False  # "Ann hopes to leave"
    if voice.cue is None:  # "(“The dam broke.”) ― Ann Smith"
        saying = all(t.pos_ == "PROPN" for t in rest)
    else:
        saying = any(cue_lemma(t) in load_cues().verbs and t.text == voice.cue.text for t in rest)
    behind = rest[0].i > said.tokens[-1].i or rest[-1].i < said.tokens[0].i
    verb = said.head.pos_ in ("AUX", "VERB") or said.head.dep_ in SUBJECTS  # to some parsers
    if quoted and said.head.dep_ == "ccomp":  # "People left, so happy"
        verb |= any(t.pos_ in ("AUX", "VERB") for t in said.tokens)
    return saying and behind and verb


def _without_speaker(paragraph: Paragraph, clause: Clause, voice: Voice) -> Clause:
    """A clause without the words behind a quotation that say whose it is, where the parser has made them a part of it.

    "“It is false,” Ann Smith, an adviser, said".
    """
    quotation = paragraph.quotation_at(clause.head)
    if quotation is None or voice.speaker is None or voice.speaker.head not in clause.tokens:
        return clause
    behind = {t.i for t in clause.tokens if t.idx >= quotation.end}
    behind -= {i for i in behind if paragraph.quotation_at(paragraph.parse[i]) is not None}
    if voice.speaker.head.i not in behind:
        return clause
    return replace(clause, tokens=without(clause.tokens, behind))


def _of_clause(paragraph: Paragraph, clause: Clause, voice: Voice) -> Passage:
    """The passage of a clause that makes a proposition of its own."""
    clause = _without_speaker(paragraph, clause, voice)
    quoted = paragraph.quotation_at(clause.head) is not None
    answers = voice.stance == "asserts" and is_denying_answer(clause.head)
    answers |= voice.stance == "denies" and grants_claim(clause.head)
    affirms = is_affirming_answer(clause.head)
    return Passage(
        paragraph, clause.tokens, voice, clause, quoted=quoted, answers=answers, affirms=affirms
    )


def _is_headline(reading: ReadSentence) -> bool:
    """Whether a sentence without a finite verb heads its document: "Giant crab photographed off Kent"."""
    words = [t for t in reading.sentence if t.is_alpha or t.like_num]
    alone = len(list(reading.paragraph.parse.sents)) == 1
    if reading.number > 0 or not alone or not _SHORT_HEADLINE <= len(words) <= _LONG_HEADLINE:
        return False
    asks = reading.sentence.text.rstrip().endswith(("?", "!", ":"))
    return not asks and words[0].lower_ != "by"


def _speaking_around(reading: ReadSentence) -> "tuple[Token | None, Token | None]":
    """Who speaks a quotation that no verb of saying is known for: "“Fantasy,” the chairman shot back"."""
    quoted = [t for t in reading.sentence if reading.paragraph.quotation_at(t) is not None]
    verb = reading.sentence.root
    if not quoted or verb in quoted or verb.pos_ not in ("VERB", "AUX"):
        return None, None
    speaker = subject_of(verb)
    if speaker is None or speaker in quoted:  # "“Rot,” snapped the manager"
        speaker = next((c for c in verb.rights if c.dep_ in ("dobj", "nsubj")), None)
    return verb, speaker if speaker is not None and speaker not in quoted else None


def _around_hearsay(reading: ReadSentence) -> Passage | None:
    """The sentence around ", it is claimed,"; None where no such thing stands in its midst."""
    sentence, root = reading.sentence, reading.sentence.root
    found = _HEARSAY.search(sentence.text) or _HEARD.search(sentence.text)
    if found is None:
        return None
    start = sentence.start_char
    cue = next((t for t in sentence if t.idx == start + found.start(1)), None)
    if cue is None:
        return None
    impersonal = found.re is _HEARSAY
    if impersonal and (cue_lemma(cue) not in load_cues().verbs or cue.tag_ != "VBN"):
        return None
    aside = {t.i for t in sentence if start + found.start() <= t.idx < start + found.end()}
    words = without(sentence, aside)
    if not any(t.is_alpha or t.like_num for t in trimmed(words)):
        return None
    if root.i in aside:
        verbs = [t for t in root.children if t.i not in aside and t.pos_ in ("VERB", "AUX")]
        root = verbs[-1] if verbs else root
    stance = cue_stance(cue) if impersonal else "reports"
    if stance == "asserts":
        stance = "reports"
    voice = Voice(None, span_of(reading.paragraph, (cue,)), stance)
    return _of_clause(reading.paragraph, Clause(root, words), voice)


def _is_governed(words: "tuple[Token, ...]") -> bool:
    """ "(accused him of an) “artful smear”", "(rated ten posts) “false”": of what stands beside it, not said before."""
    inside = set(words)
    heads = [t for t in words if t.head not in inside and t.is_alpha]
    if any(_is_part_of_phrase(t) for t in heads):
        return True
    verbs = (t.head.head if t.head.lower_ == "as" else t.head for t in heads)
    things = [c for verb in verbs for c in verb.children if c.dep_ in ("dobj", "nsubjpass")]
    return any(_is_told_here(thing) for thing in things if thing not in inside)


def _is_part_of_phrase(word: "Token") -> bool:
    """ "(decisive) “No” (votes)", "(Americans will say) “no” (to it)", "(an idea that was) “untrue”"."""
    while word.dep_ == "conj":
        word = word.head
    behind = next((t for t in word.doc[word.i + 1 : word.i + 4] if t.is_alpha), None)
    if word.lower_ == "no" and behind is not None and behind.lower_ == "to":
        return True
    if word.dep_ in ("acomp", "attr"):  # unlike "(Ann is) “wrong”", of what she has said
        subject = own_subject(word.head)
        return subject is not None and subject.pos_ != "PROPN" and not is_person(subject)
    if word.dep_ == "dobj":  # "does not want “that crap”"
        cues = load_cues()
        lemma = word.head.lemma_.lower()
        return lemma not in cues.verbs and lemma not in cues.characterizing_verbs
    named = word.dep_ in ("amod", "compound", "det", "nmod", "poss") and word.i < word.head.i
    return named or (word.dep_ == "pobj" and word.head.lower_ != "as")


def _is_told_here(thing: "Token") -> bool:
    """Whether what is called something is no claim made before: "ten posts", "(efforts,) which"."""
    relative = relative_clause(thing.head)
    if thing.lower_ == "which" and relative is not None:
        return relative.head.pos_ in ("NOUN", "PROPN") and not names_claim(relative.head)
    return any(c.dep_ == "nummod" for c in thing.children)


def _only_describes(clause: Clause, voice: Voice) -> bool:
    """ "(rejected a treaty) that would tie them", "(an accusation) he made": not what is denied or claimed."""
    described = clause.head.head if clause.head.dep_ == "relcl" else None
    return described is not None and (voice.stance == "denies" or names_claim(described))


def _is_part(clause: Clause, voice: Voice) -> bool:
    """ "(Ann will quit) if it fails", "(knew) where it was": the condition, or the place, of something else."""
    first = next((t for t in trimmed(clause.tokens) if t.is_alpha), clause.head)
    condition = clause.head.dep_ == "advcl" and first.lower_ in ("if", "unless")
    place = first.lower_ in ("where", "why") and first.tag_ == "WRB"
    return condition or (place and voice.stance != "questions" and clause.head.dep_ != "ROOT")


def _denies(cue: "Token", words: "tuple[Token, ...]") -> bool:
    """Whether words are what a verb of denying takes, unlike in "There is no denying that p", "disagree about p"."""
    undeniable = any(c.lower_ == "no" for c in cue.children)
    differs_only = cue.lemma_.lower() in load_cues().differing_verbs
    return not undeniable and not differs_only and any(cue.is_ancestor(t) for t in words)


def _is_aside(child: "Token", attribution: Attribution) -> bool:
    """ "(charged with murder), which she denies", "(blamed the crash) on fog", "(described the claims) as nonsense"."""
    if attribution.form == "noun" and attribution.cue.lemma_ in load_cues().characterizing_verbs:
        return child.dep_ == "prep" and child.lower_ == "as"
    added = child.dep_ == "relcl" and is_behind_comma(child)
    blamed = any(c == attribution.subject for c in child.children)
    return attribution.form == "blame" and (added or blamed)


def _is_expected(subject: "Token", verb: "Token") -> bool:
    """ "Tesco (is expected)": of whom something is expected, and who does not say so."""
    expected = is_passive(verb) and cue_stance(verb) == "hypothesizes"
    return expected and subject_of(verb) == subject


def _is_asked(cue: "Token") -> bool:
    """ "Asked why p, she said": whoever asks is not named, and is not she."""
    reduced = is_reduced_passive(cue) or (cue.dep_ == "acl" and cue.tag_ == "VBN")
    return reduced and cue_stance(cue) == "questions"


def _names(speaker: Mention, words: "tuple[Token, ...]", crumb: "Token | None") -> bool:
    """Whether words name their speaker, or, few and given with their head, are a part of the name.

    As "the audit committee" in "records of the audit committee".
    """
    while crumb is not None and crumb != speaker.head:
        ends = crumb.head == crumb or crumb.pos_ in ("VERB", "AUX")
        crumb = None if ends else crumb.head
    return crumb is not None or speaker.head in words


def _asks(words: "tuple[Token, ...]") -> bool:
    """Whether words are a question, direct or not: "whether she knew", "Who did it?"."""
    return any(t.lower_ in ("if", "whether") or t.tag_.startswith("W") for t in words) or any(
        t.text == "?" for t in words[0].doc[words[-1].i : words[-1].i + 3]
    )


def _tells_attitude(passage: Passage) -> bool:
    """Whether the clause that explains a passage tells what its speaker says, thinks or wants, and no more.

    Of "Voters lined up to see Kasich", what the tagger finds the voters' to be is no such thing: the document says it.
    """
    head, speaker = passage.clause.head, passage.voice.speaker
    if passage.answers:
        return True
    if speaker is None or subject_of(head) != speaker.head:
        return False
    if head.lemma_ == "say" and any(c.lower_ == "no" for c in head.children):
        return False  # "said no to the war"
    return _shows_attitude(head)


def _shows_attitude(verb: "Token") -> bool:
    cues = load_cues()
    return cue_lemma(verb) in cues.verbs or verb.lemma_.lower() in cues.attitude_verbs


def _own_voice(reading: ReadSentence, clause: Clause) -> Voice:
    """Whose the document's own clause is: of "Kasich differed", Kasich's."""
    subject = subject_of(clause.head)
    if subject is None or not (differs(clause.head) or cue_lemma(clause.head) in load_cues().verbs):
        return Voice()
    if not differs(clause.head) and not is_affirming_answer(clause.head):
        return Voice()
    return Voice(Mention(reading.paragraph, subject), span_of(reading.paragraph, (clause.head,)))


def _only_attributes(
    clause: Clause,
    reading: ReadSentence,
    made: Sequence[Attribution],
    passages: Sequence[Passage],
    taken: set[int],
) -> bool:
    """Whether a main clause does no more than attribute what stands in it: "he said that …"."""
    head = clause.head
    rest = [t for t in clause.tokens if t.i not in taken and not (t.is_stop or t.is_punct)]
    for attribution in made:
        cue = attribution.cue
        if head == attribution.content:
            return True
        if head == cue and (cue_lemma(cue) in load_cues().verbs or len(rest) < _ASIDE):
            return True
        if cue.head == head and (
            cue.dep_ in ("parataxis", "xcomp")
            or (cue.pos_ == "NOUN" and cue.dep_ in ("dobj", "nsubj", "attr"))
        ):
            return True
    known = _shows_attitude(head)
    said = [
        passage
        for passage in passages
        if (known or passage.quoted) and passage.voice.cue == span_of(reading.paragraph, (head,))
    ]
    if head.i in taken or (said and len(rest) < _ASIDE):
        return True
    return any(
        (passage.quoted or says_something(passage.clause))
        and sum(not _describes(passage.voice.speaker, token) for token in rest) < _ASIDE
        for passage in said
        if passage.clause.head != head and passage.clause.head.dep_ != "advcl"
    )


def _describes(speaker: Mention | None, token: "Token") -> bool:
    """Whether a word is one of those that say who a speaker is: "Ann Smith, a former head of staff"."""
    return speaker is not None and token in speaker.head.subtree


def _is_hearsay(attribution: Attribution) -> bool:
    """ "I hear that p", "It transpired that p", or a claim that is withdrawn: nobody commits to it."""
    cue, subject = attribution.cue, subject_of(attribution.cue)
    if cue.lower_ in ("according", *load_cues().hearsay_adverbs):
        return True
    if subject is not None and is_hearsay(subject):
        return True
    if cue_lemma(cue) in load_cues().retracting_verbs or (subject and subject.lower_ == "it"):
        return True
    return only_hears(cue)


def _is_first_person(speaker: "Token | None") -> bool:
    return speaker is not None and speaker.lower_ in ("i", "we")


def _outermost_first(attribution: Attribution) -> int:
    return attribution.content.left_edge.i - attribution.content.right_edge.i


def _only_calls_false(clause: Clause, reading: ReadSentence) -> bool:
    """ "There is no truth in the claim that p": not said beside p, but what makes p denied."""
    return any(
        (attribution.speaker is None or attribution.cue.lemma_ == "be")
        and attribution.stance == "denies"
        and attribution.cue.dep_ != "amod"
        and clause.head in (attribution.cue, *list(attribution.cue.ancestors)[:2])
        and attribution.cue in clause.tokens
        for attribution in reading.attributions
    )


def _runs(reading: ReadSentence, taken: set[int]) -> "Iterator[tuple[Token, ...]]":
    """Words of a sentence, side by side, that are somebody's and in no passage yet."""
    for run in _left_over(reading, taken):
        if sum(t.is_alpha or t.like_num for t in run) >= 2 or is_denying_fragment(run):
            yield run


def _places(words: "tuple[Token, ...]") -> range:
    """Where the words that a passage shows stand, and what stands between them."""
    shown = trimmed(words)
    return range(shown[0].i, shown[-1].i + 1)


def _is_claim(passage: Passage) -> bool:
    """Whether a passage is a claim told as nobody's: "rejected (the allegation) that p"."""
    return passage.voice.speaker is None and passage.voice.cue is not None


def _left_over(reading: ReadSentence, taken: Container[int]) -> "Iterator[tuple[Token, ...]]":
    """Words of a sentence, side by side, that are somebody's, says the tagger, and not taken yet."""
    ours = ((t.i in reading.attributed and t.i not in taken, t) for t in reading.sentence)
    for left, group in groupby(ours, key=lambda each: each[0]):
        if left:
            yield tuple(token for _, token in group)


def _closes(paragraph: Paragraph, token: "Token") -> bool:
    """Whether a token ends what stands before it: a full stop, a comma, a closing quotation mark."""
    if not token.is_punct:
        return token.is_space
    opens = token.i + 1 < len(token.doc) and paragraph.quotation_at(token.nbor()) is not None
    return not (token.is_quote and opens and paragraph.quotation_at(token) is None)


def span_of(paragraph: Paragraph, tokens: "Sequence[Token]") -> Span:
    """The passage of the document from the first of some tokens to the last."""
    return paragraph.span(tokens[0].idx, tokens[-1].idx + len(tokens[-1]))
