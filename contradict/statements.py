"""Documents into statements: who says what, with what stance, in the form that gets scored.

`contradict.passages` cuts the sentences and says whose each passage is; `contradict.speakers`, reading on from
there, learns who each mention is; `contradict.propositions` writes what is scored.
"""

import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from contradict.answers import REFERENCES, introduces, is_denying_fragment, is_named_claim
from contradict.attributed import Attribution
from contradict.clauses import Clause, begins_with_condition, is_conditional, is_question, trimmed
from contradict.complements import antecedent, relative_clause, subject_of
from contradict.cues import (
    POSSIBLE,
    SUBJECTS,
    cue_lemma,
    cue_stance,
    is_negated,
    is_nobody,
    is_passive,
    load_cues,
    reports_hearsay,
)
from contradict.language import Parsed
from contradict.passages import Passage, ReadSentence, Voice, find_passages, span_of
from contradict.propositions import (
    OF_ONE,
    assertive_blame,
    assertive_clause,
    assertive_gerund,
    assertive_infinitive,
    assertive_noun,
    assertive_predicate,
    phrase,
    stands_for_something,
)
from contradict.records import Speaker, Stance, Statement
from contradict.speakers import (
    Speakers,
    as_subject,
    body_spoken_for,
    is_body,
    is_person,
    is_plural,
    mention_tokens,
    possessive,
)

if TYPE_CHECKING:
    from spacy.tokens import Span as Sentence
    from spacy.tokens import Token

_MODALS = {"'ll": "will", "wo": "will", "would": "will", "ca": "can", "could": "can"}
"""One form for all of a modal verb."""

_PERHAPS = ("maybe", "perhaps", "possibly")
_COLLECTIVES = ("GPE", "ORG", "NORP", "FAC")
"""Kinds of named speakers who speak of themselves as "it"."""

_ANSWERED_AMONG, _ANSWERED_WITHIN = 8, 300
"""An answer denies one of so many statements before it, no more than so many characters back."""

_BESIDE = len(", although ")
"""Whoever answers so soon, in the same sentence, also answers what the document says itself."""

_TAKEN_UP_WITHIN = 40
"""Characters between a claim and the "which Ann denies" that takes it up, at most: ", residents say on Monday, "."""

_OPEN_QUESTION = re.compile(
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|have|has|had|can|could|will|would)\b",
    re.IGNORECASE,
)
"""How a question begins that is none of yes or no, or that could not be put as a claim."""

_FRAME = 2
"""A clause around a statement with fewer words of its own than this says nothing but that somebody thinks so."""

_LONGEST_POSSESSOR = 3
"""Words of whoever speaks whose name may take the place of "its"."""

_YOU = re.compile(r"You (\w+)")

_SUBJECT_FORMS = {"her": "she", "him": "he", "me": "I", "them": "they", "us": "we"}

_SUBJECTLESS = {
    "gerund": assertive_gerund,
    "infinitive": assertive_infinitive,
    "predicate": assertive_predicate,
    "noun": assertive_noun,
    "blame": assertive_blame,
}


def split_document(parsed: Parsed, *, narrated: bool = False) -> list[Statement]:
    """Every statement of a parsed document, in the order of the text.

    ``document.text[s.start:s.end] == s.text`` holds for each, and no two have the same id.

    Args:
        parsed: The document.
        narrated: Whether to list also what is only `narrated`.
    """
    readings, passages = find_passages(parsed)
    names = _resolve(readings, passages)
    written = [(_write(passage, names), passage) for passage in passages]
    written.sort(key=lambda item: (item[0].start, item[0].end))
    written = list(_with_frames_narrated(written))
    stated = [(statement, passage) for statement, passage in written if not statement.narrated]
    found: dict[str, Statement] = {}
    before: deque[tuple[Passage, Statement]] = deque(maxlen=_ANSWERED_AMONG)
    for number, (statement, passage) in enumerate(stated):
        if passage.answers:
            behind = _claim_behind(passage, statement, stated[number + 1 :])
            if behind is not None and behind.stance == "questions":
                claim: Statement | None = behind  # "“No,” she said when asked whether p"
            else:
                claim = _claim_before(passage, statement, before, names) or behind
            if claim is not None:
                statement = _with_denied(passage, claim, _denial_of(claim, statement))
            elif is_denying_fragment(passage.words):
                continue  # "Never", and nobody knows what
        if passage.affirms:
            affirmed = _claim_affirmed(passage, statement, before)
            answer = _affirmation_of(*affirmed, passage, statement) if affirmed else None
            if answer is None:
                continue  # "it was", and nobody knows what
            statement = answer
        before.append((passage, statement))
        found.setdefault(statement.id, statement)
    if narrated:
        for statement, _ in written:
            if statement.narrated:
                found.setdefault(statement.id, statement)
    return sorted(found.values(), key=lambda statement: (statement.start, statement.end))


def _with_frames_narrated(
    written: Sequence[tuple[Statement, Passage]],
) -> Iterator[tuple[Statement, Passage]]:
    """ "I think that p", said Ann, only narrates that she thinks p, which is another statement of hers."""
    inside: dict[tuple[str | None, int], list[Passage]] = {}
    for statement, passage in written:
        said = statement.stance in ("asserts", "hypothesizes") and not statement.narrated
        if statement.cue is not None and said:
            inside.setdefault((statement.holder, statement.cue.start), []).append(passage)
    for statement, passage in written:
        head = passage.clause.head
        within = inside.get((statement.holder, span_of(passage.paragraph, (head,)).start), [])
        stated = {t for each in within if each is not passage for t in each.words}
        rest = [t for t in passage.clause.tokens if t not in stated and t != head]
        rest = [t for t in rest if not (t.is_stop or t.is_punct or t.dep_ in SUBJECTS)]
        states = statement.holder is not None and statement.stance in ("asserts", "hypothesizes")
        if states and stated and len(rest) < _FRAME:
            statement = replace(statement, narrated=True)
        yield statement, passage


def _claim_before(
    passage: Passage,
    answer: Statement,
    before: "deque[tuple[Passage, Statement]]",
    names: "_Names",
) -> Statement | None:
    """What an answer denies: the yes-no question just before it, or what somebody else was said to claim there."""
    earlier = [(p, s) for p, s in before if s.end <= answer.start < s.end + _ANSWERED_WITHIN]
    if _is_bare(passage):  # "(He thinks that it is a hoax.) I do not"
        earlier = [(p, s) for p, s in earlier if _shares_auxiliary(p, passage)] or earlier
    if not earlier:
        return None
    beside = {s.id for p, s in earlier if p.paragraph is passage.paragraph}
    told, last = earlier[-1]
    thing = _thing_denied(passage)
    possible = last.stance != "questions" and _was_only_possible(told, passage)
    if possible or _turns_down(passage, told) or _is_of_object(passage):
        return None
    others = [
        s
        for p, s in reversed(earlier)
        if not _is_own(p, s, answer, thing) and not _tells_of_denier(p, passage, thing)
    ]
    if thing is not None and is_named_claim(thing):
        whose = _whose(thing, answer, names)
        claims = [s for s in others if _is_claimed(s, answer, beside) and _is_of(s, whose)]
        named = (s for s in claims if s.cue is not None and introduces(s.cue.text, thing))
        claim = next(named, None)
        if claim is not None:  # "The Echo reported that p. … the report"
            return None if _holds(answer, claim, before) else claim
        if others and not _is_of(others[0], whose):
            return next(iter(claims), None)  # "Ann's claim" is nothing that Bob said last
    # Whatever was said last: what stands further back was not meant.
    claim = others[0] if others else None
    denied_too = last.stance == "denies" and _denies_too(passage, answer, last)
    if last.stance == "questions" or denied_too:
        claim = last  # also somebody's own: "Did we lie? No."
    elif last.stance == "denies" and claim is last:
        return None  # "X denies it. That is a lie, says Y": who knows which of the two
    elif answer.stance == "denies" and passage.attribution and _takes_back(passage.attribution.cue):
        claim = last if claim is None else claim  # "She recanted the claim"
    elif not answer.quoted and answer.cue is None and last.holder and last.stance == "asserts":
        claim = last  # "X said that p. That is false": nobody calls false what he says
    elif claim is not last and answer.quoted and _is_told(told):
        return None  # "We were told of a plan. That was false": nothing before the quotation
    if claim is None or not _is_claimed(claim, answer, beside) or _holds(answer, claim, before):
        return None
    return claim


def _claim_affirmed(
    affirming: Passage, answer: Statement, before: "deque[tuple[Passage, Statement]]"
) -> tuple[Passage, Statement] | None:
    """What an answer affirms: the question, or what somebody else has just said of the matter."""
    for passage, statement in reversed(before):
        if statement.end + _ANSWERED_WITHIN < answer.start:
            return None
        if statement.end > answer.start or statement.holder == answer.holder:
            continue
        asked = statement.stance == "questions"
        if asked or _shares_auxiliary(passage, affirming):
            open_question = asked and _OPEN_QUESTION.match(statement.proposition)
            return None if answer.holder is None or open_question else (passage, statement)
        if passage.words[0].sent != affirming.words[0].sent:
            return None  # what stands further back was not meant
    return None


def _claim_behind(
    passage: Passage, answer: Statement, following: "Sequence[tuple[Statement, Passage]]"
) -> Statement | None:
    """What an answer denies that stands behind it, in its own sentence: "“Rot,” she said when asked whether p"."""
    if passage.voice.stance != "asserts":
        return None
    sentence = passage.words[0].sent
    for statement, other in following[:_ANSWERED_AMONG]:
        if other.words[0].sent != sentence:
            return None
        theirs = statement.holder is None or statement.holder != answer.holder
        if theirs and other.clause.head != passage.clause.head and not other.answers:
            claimed = statement.stance in ("questions", "reports") or statement.holder is not None
            beside = {statement.id}
            return statement if claimed and _is_claimed(statement, answer, beside) else None
    return None


def _thing_denied(answer: Passage) -> "Token | None":
    """Head of the noun phrase by which an answer points to what it denies: "the report", "that"."""
    if answer.attribution is not None:
        return answer.attribution.content
    return subject_of(answer.clause.head)


def _possessor(thing: "Token") -> "Token | None":
    """ "Ann" of "Ann's claim", "her" of "her statements"."""
    return next((child for child in thing.children if child.dep_ == "poss"), None)


def _whose(thing: "Token", answer: Statement, names: "_Names") -> str | None:
    """The name of whose claim a noun phrase points to; None if of nobody named, or of who denies it."""
    possessor = _possessor(thing)
    name = names.speakers[possessor] if possessor is not None else ""
    return name if name[:1].isupper() and name != answer.holder else None


def _is_of(claim: Statement, whose: str | None) -> bool:
    """Whether somebody named may be who claims."""
    return whose is None or whose == claim.holder


def _is_claimed(claim: Statement, answer: Statement, beside: Collection[str]) -> bool:
    """Whether a statement is something that an answer may deny: a claim of somebody, or a yes-no question.

    What the document says itself is one only right before the answer, among those `beside` it in its paragraph.
    """
    if claim.stance == "questions":
        return not _OPEN_QUESTION.match(claim.proposition)
    if claim.stance in ("reports", "denies") or claim.holder is not None:
        return True
    start = answer.start
    if answer.speaker is not None and claim.end <= answer.speaker.start < start:
        start = answer.speaker.start
    just = claim.id in beside and 0 <= start - claim.end <= _BESIDE
    return claim.stance == "asserts" and answer.cue is not None and just


def _is_own(passage: Passage, claim: Statement, answer: Statement, thing: "Token | None") -> bool:
    """Whether a claim is, or may be, of whoever answers: "she" may be the mayor who spoke just before."""
    if claim.holder is None or claim.speaker is None or answer.speaker is None:
        return False
    if claim.holder == answer.holder:
        return True
    head = passage.voice.speaker.head if passage.voice.speaker is not None else None
    one = head is not None and is_person(head) and not is_plural(head)
    unnamed = one and claim.holder.islower()
    pronoun = answer.speaker.text.lower() in ("he", "she")
    return unnamed and pronoun and thing is not None and thing.pos_ == "NOUN"


def _tells_of_denier(told: Passage, answer: Passage, thing: "Token | None") -> bool:
    """ "The aides fumed, (and began to call the allegations unfair)": no allegation."""
    speaker = answer.voice.speaker
    named = thing is not None and thing.pos_ == "NOUN"
    return named and speaker is not None and subject_of(told.clause.head) == speaker.head


def _denies_too(passage: Passage, answer: Statement, denial: Statement) -> bool:
    """Whether an answer to a denial denies the same, rather than the denial."""
    if answer.holder == denial.holder:
        return True
    thing = _thing_denied(passage)
    if passage.attribution is not None and passage.attribution.cue.lemma_ == "deny":
        return True
    return thing is not None and thing.pos_ == "NOUN"


def _turns_down(answer: Passage, told: Passage) -> bool:
    """Whether an answer says no to a wish rather than to a claim: "Ann proposed a debate, but Bob rejected that"."""
    if answer.attribution is None or answer.attribution.content.lower_ not in REFERENCES:
        return False
    wishes, content = load_cues().wishing_verbs, told.clause.head
    reported = content.dep_ == "ccomp" and cue_lemma(content.head) in load_cues().verbs
    wished = content.head if content.head.lemma_ in wishes or reported else content
    return (
        answer.attribution.cue.lemma_ in ("reject", "rebuff", "dismiss") and wished.lemma_ in wishes
    )


def _takes_back(verb: "Token") -> bool:
    return verb.lemma_ in ("recant", "disavow")


def _is_told(passage: Passage) -> bool:
    """Whether words say what was said, but not by whom: "Parliament was told of a plan"."""
    return any(is_passive(t) and cue_lemma(t) in load_cues().verbs for t in passage.words)


def _holds(answer: Statement, claim: Statement, before: "deque[tuple[Passage, Statement]]") -> bool:
    """Whether who answers has said that the claim is so; nobody denies that, whatever is pointed at."""
    return any(
        s.stance == "asserts" and s.holder == answer.holder and s.proposition == claim.proposition
        for _, s in before
        if answer.holder is not None and answer.cue is not None
    )


def _denial_of(claim: Statement, answer: Statement) -> Statement:
    """An answer as the denial of a claim."""
    proposition = claim.proposition.rstrip("?.") + "."
    you = _YOU.match(proposition) if claim.stance == "questions" else None
    if you and answer.holder and answer.holder[:1].isupper():
        verb = OF_ONE.get(you[1], you[1])
        proposition = f"{answer.holder} {verb}{proposition[you.end() :]}"
    own = claim.holder == answer.holder and claim.stance == "asserts" and answer.cue is None
    speaker = None if own else answer.speaker
    return replace(answer, proposition=proposition, stance="denies", speaker=speaker)


def _with_denied(passage: Passage, claim: Statement, denial: Statement) -> Statement:
    """A denial with the claim before it: "p, which Ann denies", where its own words are "which Ann denies"."""
    cue = passage.attribution.cue if passage.attribution is not None else None
    beside = 0 <= denial.start - claim.end <= _TAKEN_UP_WITHIN
    if cue is None or relative_clause(cue) is None or not beside:
        return denial
    text = passage.paragraph.document.text[claim.start : denial.end]
    return replace(denial, start=claim.start, text=text)


def _affirmation_of(
    told: Passage, claim: Statement, passage: Passage, answer: Statement
) -> Statement | None:
    """An answer as what it affirms: "(He did not. They say) he did" denies a negative claim, "he may" supposes."""
    subject = subject_of(told.clause.head)
    nobody = subject is not None and (is_nobody(subject) or subject.lower_ == "nothing")
    negative = nobody or is_negated(told.clause.head)
    possible = passage.clause.head.lower_ in POSSIBLE
    if negative and possible:
        return None  # "(He will not run, but his aides say) he may"
    stance: Stance = "denies" if negative else "hypothesizes" if possible else answer.stance
    return replace(answer, proposition=claim.proposition.rstrip("?.") + ".", stance=stance)


def _is_of_object(answer: Passage) -> bool:
    """ "(She blasted his call for a wall), calling it absurd": the call, no claim made before."""
    if answer.attribution is None or answer.attribution.content.lower_ not in ("it", "them"):
        return False
    cue = answer.attribution.cue
    added = cue.dep_ == "advcl" and cue.tag_ == "VBG" and cue.i > cue.head.i
    objects = [c for c in cue.head.rights if c.dep_ == "dobj"]
    wished = any(c.lemma_.lower() in ("call", "demand", "plan", "proposal") for c in objects)
    return added and wished


def _was_only_possible(told: Passage, answer: Passage) -> bool:
    """ "(He could have left.) He did not", "(It would win if it were a primary.) It is not": of no claim."""
    return _is_bare(answer) and any(c.tag_ == "MD" for c in told.clause.head.lefts)


def _is_bare(answer: Passage) -> bool:
    """ "He did not", "It is not", and no word more."""
    verb = answer.clause.head
    more = any(c.dep_ in ("acomp", "attr", "ccomp", "dobj", "prep", "xcomp") for c in verb.rights)
    return verb.lemma_ in ("be", "do", "have") and answer.attribution is None and not more


def _shares_auxiliary(told: Passage, answer: Passage) -> bool:
    """ "(He has not left.) He has", "(He left.) He did", "(He is ill.) He may be"; not "(It has not sold.) It will"."""
    verb, said = told.clause.head, answer.clause.head
    if said.lower_ in POSSIBLE or cue_lemma(said) in load_cues().verbs:  # "They say yes"
        return True
    auxiliaries = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    lemmas = {c.lemma_.lower() for c in auxiliaries} or {"be" if verb.lemma_ == "be" else "do"}
    lemma = said.lemma_.lower()
    return _MODALS.get(lemma, lemma) in {_MODALS.get(each, each) for each in lemmas}


@dataclass(frozen=True, slots=True)
class _Names:
    """Who mentions are.

    Attributes:
        speakers: Those who speak.
        subjects: Subjects, and "him" and "his", that a proposition calls by name.
        possessives: "His" or "her", by name.
        bodies: For whom somebody speaks, by name: who "we" are.
    """

    speakers: "dict[Token, str]"
    subjects: "dict[Token, str]"
    possessives: dict[str, str]
    bodies: dict[str, str]


def name_mentions(parsed: Parsed, mentions: "Iterable[Token]") -> "dict[Token, str]":
    """Who some mentions are, given by the heads of their noun phrases, which may be pronouns."""
    return _resolve(*find_passages(parsed), mentions).speakers


def _resolve(
    readings: Sequence[ReadSentence], passages: Sequence[Passage], mentions: "Iterable[Token]" = ()
) -> _Names:
    """Learn who is who from reading the document in order."""
    known = Speakers()
    names = _Names({}, {}, {}, {})
    mentioned = {p.voice.speaker.head for p in passages if p.voice.speaker is not None}
    mentioned.update(mentions)
    things = [thing for p in passages if p.answers and (thing := _thing_denied(p)) is not None]
    mentioned.update(whose for thing in things if (whose := _possessor(thing)) is not None)
    mentioned.update(
        p.attribution.subject for p in passages if p.attribution and p.attribution.subject
    )
    for reading in readings:
        known.learn(reading.sentence)
    quoted_by = {
        token: passage.voice.speaker.head
        for passage in reversed(passages)  # what stands first holds
        if passage.quoted and passage.voice.speaker is not None
        for token in passage.words
        if passage.paragraph.quotation_at(token) is not None
    }
    for reading in readings:
        speaking = [a.speaker for a in reading.attributions if a.speaker is not None]
        actor = _actor(reading.sentence)
        if actor is not None:
            speaking.append(actor)
        known.read(reading.sentence, speaking=speaking, quoted_by=quoted_by)
        for token in reading.sentence:
            if token in mentioned:
                names.speakers[token] = known.names(token)
            if token.dep_ in SUBJECTS:
                name = known.subject_name(token)
                if name:
                    names.subjects[token] = name
            elif token.tag_ in ("PRP", "PRP$"):
                name = known.object_name(token) or known.possessor_name(token)
                if name:
                    names.subjects[token] = name
        for attribution in reading.attributions:
            it = _speaker_itself(attribution)
            if it is not None and attribution.speaker is not None:
                name = _called(attribution.speaker, known)
                names.subjects.setdefault(it, possessive(name) if it.tag_ == "PRP$" else name)
        for speaker in speaking:
            body = body_spoken_for(speaker)
            if body is not None and not known.is_person_by_name(body):
                names.bodies[known.names(speaker)] = _called(body, known)
    names.possessives.update(known.possessives())
    return names


def _called(body: "Token", known: Speakers) -> str:
    """What a sentence calls a body, or a person, that has been named before."""
    name, first, *others = known.names(body), *mention_tokens(body)
    noun = body.pos_ == "NOUN" and first.dep_ == "det"
    unowned = first.pos_ == "PROPN" and not any(c.dep_ == "poss" for c in body.lefts)
    noun |= body.pos_ == "NOUN" and unowned
    noun |= body.ent_type_ not in ("", "PERSON") and first.lower_ == "the" and bool(others)
    noun &= name.endswith(body.text)  # "the UN mission", not "the Acme plc"
    return known.body_name(body) or as_subject(name, noun=noun)


def _speaker_itself(attribution: Attribution) -> "Token | None":
    """ "It" in "The firm dismissed reports that it had failed": whoever speaks, where that is no person; "they".

    And "its", or "their", at the start of the subject: "that its cameras had failed".
    """
    it, speaker = subject_of(attribution.content), attribution.speaker
    if it is None or attribution.form != "clause" or speaker is None:
        return None
    whose = next((t for t in it.lefts if t.lower_ in ("its", "their")), None)
    if whose is not None and len(mention_tokens(speaker)) > _LONGEST_POSSESSOR:
        return None
    it = whose or it
    if it.lower_ in ("they", "their") and speaker.dep_ in SUBJECTS and speaker.i < it.i:
        return it if is_plural(speaker) and speaker.pos_ in ("NOUN", "PROPN") else None
    if it.lower_ not in ("it", "its"):
        return None
    person = is_person(speaker) or any(
        t.ent_type_ == "PERSON" or (t.dep_ == "poss" and t != speaker)
        for t in mention_tokens(speaker)
    )
    subject = speaker.dep_ in (*SUBJECTS, "poss")  # not "a report by the firm that it had failed"
    if person or not subject or speaker.tag_ not in ("NN", "NNP") or speaker.sent != it.sent:
        return None
    if it == whose:  # not of "a paper that claimed its pill"
        return it if is_body(speaker) or speaker.ent_type_ in _COLLECTIVES else None
    short = it.i + 1 < len(it.doc) and it.nbor().lower_.startswith("'")  # "it's coming"
    return it if not short and stands_for_something(attribution.content, it) else None


def _actor(sentence: "Sentence") -> "Token | None":
    """The subject of a sentence if it is a person, or does what only people do: say, describe, deny."""
    subject = subject_of(sentence.root)
    is_person = subject is not None and subject.ent_type_ == "PERSON"
    return subject if is_person or cue_lemma(sentence.root) in load_cues().verbs else None


def _write(passage: Passage, names: _Names) -> Statement:
    """The statement that a passage makes."""
    voice = passage.voice
    speaker = None
    if voice.speaker is not None:
        mention = span_of(voice.speaker.paragraph, mention_tokens(voice.speaker.head))
        speaker = Speaker(
            mention.text, mention.start, mention.end, names.speakers[voice.speaker.head]
        )
    words = trimmed(passage.words)
    if passage.attribution is not None:
        proposition = _subjectless(passage, passage.attribution, speaker, names)
        stance = voice.stance
    else:
        proposition, stance = _finite(passage, speaker, names)
    if speaker is not None and speaker.name.lower() == "it" and stance not in ("asserts", "denies"):
        speaker = None  # who that is nobody knows, and nobody commits to anything
    span = span_of(passage.paragraph, sorted((*words, *passage.beside), key=lambda t: t.i))
    document = passage.paragraph.document
    return Statement(
        document=document.name,
        start=span.start,
        end=span.end,
        text=span.text,
        proposition=proposition,
        speaker=speaker,
        cue=voice.cue,
        stance=stance,
        quoted=passage.quoted,
        date=document.date,
        outlet=document.outlet,
        narrated=passage.narrated or (speaker is not None and _is_fragment(passage, stance)),
    )


def _is_fragment(passage: Passage, stance: Stance) -> bool:
    """Whether somebody's words are no clause and so claim nothing: "her record as a diplomat"."""
    if passage.attribution is not None or passage.answers or passage.affirms:
        return False
    words = trimmed(passage.clause.tokens)
    says = any(t.pos_ in ("AUX", "VERB") for t in words)
    return stance in ("asserts", "hypothesizes") and not says


def _finite(passage: Passage, speaker: Speaker | None, names: _Names) -> tuple[str, Stance]:
    """The proposition of a clause, and the stance taken on it."""
    clause, voice = passage.clause, passage.voice
    collective = voice.speaker is not None and voice.speaker.head.ent_type_ in _COLLECTIVES
    itself = speaker.name if speaker and collective and not passage.quoted else None
    carried = mention_tokens(clause.subject) if clause.subject is not None else []
    subjects = {t.i: names.subjects[t] for t in clause.head.sent if t in names.subjects}
    subject = subject_of(clause.head)
    told = voice.speaker is not None or voice.stance == "reports"
    noun = antecedent(subject) if subject is not None and told else None
    if subject is not None and noun is not None:  # "(a bridge) that officials say was unsafe"
        subjects[subject.i] = _the(noun)
    myself = speaker.name if speaker and passage.quoted else ""
    named = myself[:1].isupper() and myself not in ("I", "We")
    return assertive_clause(
        clause.head,
        trimmed(clause.tokens),
        stance=_stance(clause, voice),
        names=subjects,
        carried=carried,
        itself=itself,
        myself=myself if named else None,
        my=names.possessives.get(myself, "their"),
        we=names.bodies.get(myself),
    )


def _the(noun: "Token") -> str:
    """What a noun phrase, given by its head, is called when it is taken up: "the bridge"."""
    words = phrase(mention_tokens(noun))
    first, _, rest = words.partition(" ")
    return f"the {rest}" if first.lower() in ("a", "an") else words


def _subjectless(
    passage: Passage, attribution: Attribution, speaker: Speaker | None, names: _Names
) -> str:
    """The proposition of words that lack their subject."""
    subject = attribution.subject or attribution.content
    mention = mention_tokens(subject)
    if attribution.content in subject.subtree:  # "the lawmaker of taking bribes"
        mention = list(takewhile(lambda token: token.lower_ not in ("as", "of", "for"), mention))
    words = phrase(mention)
    name = words if words == "US" else _SUBJECT_FORMS.get(words.lower(), words)
    if speaker and subject == attribution.speaker and subject.pos_ in ("PROPN", "PRON"):
        name = speaker.name
    elif subject in names.subjects:
        name = names.subjects[subject]
    elif subject.tag_ in ("WP", "WDT"):
        name = names.speakers[subject]
    write = _SUBJECTLESS[attribution.form]
    said = trimmed(passage.clause.tokens)
    return write(attribution.content, said, subject=name, plural=is_plural(subject))


def _stance(clause: Clause, voice: Voice) -> Stance:
    if is_question(clause):
        return "questions"
    if voice.stance != "asserts":
        return voice.stance
    if _is_possible(clause.head) and not _is_permission(clause.head, voice):
        return "hypothesizes"
    if is_conditional(clause.head) or begins_with_condition(clause):
        return "hypothesizes"
    if cue_stance(clause.head) == "hypothesizes" and not _tells_of_others(clause, voice):
        return "hypothesizes"
    return "reports" if reports_hearsay(clause.head) else "asserts"


def _tells_of_others(clause: Clause, voice: Voice) -> bool:
    """ "“They expect you to plow the snow,” the governor said": which he does not suppose."""
    subject = subject_of(clause.head)
    quoted = voice.cue is not None and voice.speaker is not None
    return quoted and subject is not None and subject.lower_ in ("they", "people", "everybody")


def _is_permission(verb: "Token", voice: Voice) -> bool:
    """Whether "may" tells what is allowed: "may not search it without consent", "Under the law, he may leave"."""
    may = any(c.dep_ == "aux" and c.lower_ == "may" for c in verb.children)
    if not may or any(c.dep_ == "aux" and c.lower_ == "have" for c in verb.children):
        return False
    rules = load_cues().rules
    if is_negated(verb) and any(c.lower_ == "without" for c in verb.children):
        return True
    under = (p for c in verb.children if c.lower_ == "under" for p in c.children)
    by_rule = any(p.lemma_ in rules for p in under)
    return by_rule or (voice.speaker is not None and voice.speaker.head.lemma_ in rules)


def _is_possible_aux(token: "Token") -> bool:
    """ "may", "might", "could"; not "May" of "10 May", whatever the parser says."""
    if token.dep_ != "aux" or token.lower_ not in POSSIBLE:
        return False
    return token.text != "May" or token.i == 0 or not token.nbor(-1).like_num


def _is_possible(verb: "Token") -> bool:
    """ "may", "might", "could", "perhaps"; not "could not be reached", "could be seen"."""
    subject = subject_of(verb)
    nobody = subject is not None and is_nobody(subject)
    unable = is_negated(verb) or nobody or verb.lemma_ == "see"
    return any(
        (_is_possible_aux(c) and not (unable and c.lower_ == "could"))
        or (c.dep_ == "advmod" and c.lower_ in _PERHAPS)
        for c in verb.children
    )
