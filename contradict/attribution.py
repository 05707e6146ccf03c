"""Who says it, and with what stance: cue words over the dependency parse, quotations, "according to".

`contradict.cues` knows what a cue word implies, `contradict.complements` what hangs on it, `contradict.answers` what
refers to something said before; here they become attributions, one function for each way of putting them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from contradict.answers import REFERENCES, is_reference, says_false
from contradict.complements import (
    antecedent,
    called_behind,
    claim_clause,
    clause_of,
    counted,
    find_speaker,
    has_mark,
    has_subject,
    is_hearsay,
    is_relative,
    is_wh_clause,
    only_hears,
    relative_clause,
    subject_of,
    told_of,
)
from contradict.cues import (
    SUBJECTS,
    cue_lemma,
    cue_stance,
    has_to,
    is_negated,
    is_passive,
    load_cues,
    names_claim,
    own_subject,
)
from contradict.records import Stance
from contradict.speakers import is_person

if TYPE_CHECKING:
    from spacy.tokens import Span as Sentence
    from spacy.tokens import Token

_PLANNING = ("expect", "hope", "intend", "plan", "prepare", "promise", "vow", "want")
_CALLED = ("pobj", "amod", "acomp", "pcomp", "prep")
_EMBEDDED = ("ccomp", "pcomp", "csubj", "acl", "xcomp", "advcl")


@dataclass(frozen=True, slots=True)
class Claim:
    """The other stance that a sentence shows towards one content, beside that of its attribution.

    "The mayor rejected Ann's claim that p": the mayor denies p, and Ann asserts it. "Ann falsely claimed that p":
    Ann asserts p, and whoever tells it denies it.

    Attributes:
        cue: The word that shows it: "claim", "falsely".
        speaker: Head of the noun phrase that names who takes it; None where nobody is named.
        stance: The stance.
    """

    cue: "Token"
    speaker: "Token | None"
    stance: Stance


@dataclass(frozen=True, slots=True)
class Attribution:
    """One cue with its speaker and its content, as tokens of one sentence.

    Attributes:
        cue: The word that says so.
        speaker: Head of the noun phrase that names the speaker; None where nobody is named.
        content: Head of what is said: of a clause, or of the noun phrase a denial is about.
        stance: What the speaker does with the content.
        form: How the content stands in the text: a ``clause``; or without its subject, as a ``gerund``
            ("denied bombing", "accused them of bombing"), an ``infinitive`` ("is said to have bombed"), a
            ``predicate`` ("called it a lie"), a ``noun`` phrase ("denied any role in …") or the ``blame``
            for something ("blamed them for the war").
        subject: Where the form lacks it, head of the noun phrase that the content says something of.
        against: The opposite stance to the content that the same sentence shows, if any.
    """

    cue: "Token"
    speaker: "Token | None"
    content: "Token"
    stance: Stance
    form: Literal["clause", "gerund", "infinitive", "predicate", "noun", "blame"] = "clause"
    subject: "Token | None" = None
    against: Claim | None = None


def find_attributions(sentence: "Sentence") -> list[Attribution]:
    """Every attribution in a parsed sentence, in the order of their cues."""
    found: list[Attribution] = []
    for token in sentence:
        if token.lower_ == "according":
            found.extend(_according_to(token))
        elif token.lower_ == "contrary":
            found.extend(_contrary_to(token))
        elif token.pos_ == "NOUN" or _is_plural_taken_for_verb(token):
            found.extend(_noun_attributions(token))
            found.extend(_charges(token))
        elif token.pos_ in ("VERB", "AUX"):
            found.extend(_verb_attributions(token))
        if token.lower_ in load_cues().adjectives:
            found.extend(_adjective_attributions(token))
        if token.dep_ in _EMBEDDED:
            found.extend(_open_question(token))
            found.extend(_false_clause(token))
            found.extend(_called_it_false(token))
            found.extend(_extraposed(token))
        if token.dep_ == "relcl":
            found.extend(_hearsay_beside(token))
        if token.dep_ == "relcl" and token.head.lemma_ in load_cues().true_predicates:
            # "It was “not the case” that p", to some parsers
            found.extend(_false_clause(token))
        if token.lemma_ == "be":
            found.extend(_called_false_before(token))
            found.extend(_what_is_denied(token))
    return [
        replace(each, stance="hypothesizes")
        if each.stance == "denies" and _is_hedged(each.cue)
        else each
        for each in found
    ]


def _is_plural_taken_for_verb(token: "Token") -> bool:
    """ "(He said) reports that p (were false)"."""
    return token.tag_ == "VBZ" and token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj")


def _is_hedged(verb: "Token") -> bool:
    """ "appears to contradict": and may not."""
    return verb.dep_ == "xcomp" and verb.head.lemma_ in ("appear", "seem")


def _open_question(clause: "Token") -> Iterator[Attribution]:
    """ "unclear whether p", "looking into whether p", "does not know why p", of whatever is no verb of saying."""
    verb = clause.head
    while verb.pos_ not in ("VERB", "AUX") and verb.head != verb:
        verb = verb.head
    asks = has_mark(clause, "whether") or (has_mark(clause, "if") and clause.dep_ == "ccomp")
    asks |= has_mark(clause, "if") and _leaves_open(verb)
    if not asks and not (is_wh_clause(clause) and _leaves_open(verb)):
        return
    if cue_lemma(verb) not in load_cues().verbs or clause_of(verb) != clause:
        speaker = find_speaker(verb)
        if speaker is not None and speaker.lemma_.lower() in ("doubt", "it", "question"):
            speaker = None
        if has_subject(clause) or not has_to(clause):
            yield Attribution(verb, speaker, clause, "questions")
        elif speaker is not None and not any(c.lower_ == "will" for c in verb.children):
            # "weighing whether to shut it"
            yield Attribution(verb, speaker, clause, "questions", "infinitive", speaker)


def _leaves_open(verb: "Token") -> bool:
    """ "does not know", "wants to know", "is anybody's guess", "trying to establish"."""
    cues = load_cues()
    lemma = cue_lemma(verb)
    if lemma == "be":
        words = {c.lower_ for c in verb.children if c.dep_ in ("attr", "acomp")}
        open_now = bool(words & {"guess", "mystery", "question", "unclear", "uncertain", "unknown"})
        return open_now or ("clear" in words and is_negated(verb))
    wanted = has_to(verb) and verb.head.lemma_ in cues.striving_verbs
    if lemma in cues.ignorant_verbs:
        return is_negated(verb) or wanted
    undone = has_to(verb) or verb.tag_ == "VBG" or is_negated(verb)
    return lemma in cues.inquiring_verbs and undone


def _adjective_attributions(adjective: "Token") -> Iterator[Attribution]:
    """ "is adamant that p", "are hopeful that p", "It is possible that p"."""
    verb = adjective if is_passive(adjective) else adjective.head
    clauses = [c for c in adjective.children if c.dep_ == "ccomp"]
    if verb.lemma_ == "be" and adjective.dep_ == "acomp":
        clauses += [c for c in verb.rights if c.dep_ == "ccomp" and has_mark(c, "that")]
    elif verb != adjective:
        return
    clause = next((c for c in clauses if c.i > adjective.i and has_subject(c)), None)
    if clause is None or has_mark(clause, "if", "whether") or is_wh_clause(clause):
        return
    speaker = find_speaker(verb) if verb.lemma_ == "be" else own_subject(verb)
    stance = load_cues().adjectives[adjective.lower_][is_negated(verb)]
    if stance == "asserts" and speaker is not None and speaker.lower_ in ("i", "we"):
        return  # "I am sure that p" says p, and whose that is is known
    if speaker is None or speaker.lower_ == "it":
        speaker = None
        stance = "reports" if stance in ("asserts", "denies") else stance
    yield Attribution(adjective, speaker, clause, stance)


def _extraposed(clause: "Token") -> Iterator[Attribution]:
    """ "Claims have spread that p": the clause of a noun, behind the verb."""
    cues = load_cues()
    verb = clause.head
    if not has_mark(clause, "that") or cue_lemma(verb) in cues.verbs:
        return
    nouns = [
        c for c in verb.children if c.dep_ in SUBJECTS or (verb.lemma_ == "be" and c.dep_ == "attr")
    ]
    nouns = [c for c in nouns if c.i < clause.i and claim_clause(c) is None]
    for noun in nouns:
        lemma = noun.lemma_.lower()
        stance = "denies" if lemma in cues.false_nouns else cues.nouns.get(lemma)
        if stance is None and lemma in cues.hearsay_nouns and verb.lemma_ == "be":
            stance = "reports"  # "Word is that p"
        there = any(c.dep_ == "expl" and c.lower_ == "there" for c in verb.children)
        if stance is not None and (noun.dep_ != "attr" or there):
            yield Attribution(noun, None, clause, stance)
            return


def _false_clause(clause: "Token") -> Iterator[Attribution]:
    """ "It is false that p", "It is a lie that p", "That p is a lie"."""
    predicate = clause.head
    verb = predicate.head if predicate.dep_ in ("acomp", "attr") else predicate
    if verb.lemma_ == "be" and has_mark(clause, "that"):
        expletive = clause.dep_ == "csubj" or _has_expletive(verb)
        if expletive and says_false(verb):
            yield Attribution(verb, None, clause, "denies")


def _has_expletive(verb: "Token") -> bool:
    return any(c.lower_ == "it" and c.dep_ in (*SUBJECTS, "expl") for c in verb.children)


def _called_it_false(clause: "Token") -> Iterator[Attribution]:
    """ "called it a slander that p", "pronounced it hogwash that p", whatever the parser makes of the middle."""
    cues = load_cues()
    before = clause.doc[max(clause.sent.start, clause.left_edge.i - 8) : clause.left_edge.i]
    if not has_mark(clause, "that"):
        return
    for verb, following in pairwise(before):
        calls = verb.lemma_.lower() in (*cues.characterizing_verbs, "find")
        if calls and following.lower_ == "it" and not is_negated(verb):
            called = {token.lemma_.lower() for token in before if token.i > following.i}
            if called & cues.falsehoods:
                yield Attribution(verb, find_speaker(verb), clause, "denies")
        if verb.lower_ == "it" and following.lemma_ == "be" and not is_negated(following):
            between = [token for token in before if token.i > following.i]
            called = {
                token.lemma_.lower() for token in between if token.pos_ not in ("VERB", "AUX")
            }
            plain = not any(t.pos_ in ("VERB", "AUX") and t.dep_ != "amod" for t in between)
            if plain and called & cues.falsehoods:
                yield Attribution(following, None, clause, "denies")


def _called_false_before(verb: "Token") -> Iterator[Attribution]:
    """ "It was nonsense, he told the jury, that p": what calls it false has no part in the clause that it is of."""
    subject = own_subject(verb)
    if subject is None or subject.lower_ != "it" or not says_false(verb):
        return
    aside = [c for c in verb.children if c.dep_ == "parataxis"]
    beside = [verb.head, *verb.head.children] if verb.dep_ == "ccomp" else aside
    beside += [c for saying in aside for c in saying.children]
    clause = next((c for c in beside if c.i > verb.i and has_mark(c, "that")), None)
    saying = next(
        (c for c in beside if c is not clause and c.pos_ == "VERB" and has_subject(c)), None
    )
    if clause is not None and saying is not None:
        yield Attribution(verb, find_speaker(saying), clause, "denies")


def _what_is_denied(verb: "Token") -> Iterator[Attribution]:
    """ "What she does deny is that p"."""
    denying = next((c for c in verb.children if c.dep_ == "csubj"), None)
    clause = next((c for c in verb.rights if c.dep_ == "ccomp" and has_mark(c, "that")), None)
    if denying is None or clause is None or is_negated(verb):
        return
    what = any(c.dep_ == "dobj" and c.lower_ == "what" for c in denying.children)
    if what and cue_stance(denying) == "denies":
        yield Attribution(denying, own_subject(denying), clause, "denies")


def _estimate(verb: "Token") -> Iterator[Attribution]:
    """ "put the death toll at 22": that it is 22."""
    thing = next((c for c in verb.rights if c.dep_ == "dobj"), None)
    at = (c for part in (verb, thing) if part is not None for c in part.rights if c.lower_ == "at")
    number = next((p for c in at for p in c.children if p.dep_ == "pobj"), None)
    speaker = find_speaker(verb)
    if speaker is None or thing is None or number is None or is_negated(verb):
        return
    if number.like_num or any(c.dep_ in ("nummod", "quantmod") for c in number.children):
        yield Attribution(verb, speaker, number, "asserts", "predicate", thing)


def _verb_attributions(verb: "Token") -> Iterator[Attribution]:
    cues = load_cues()
    lemma = verb.lemma_.lower()
    if lemma == "put":
        yield from _estimate(verb)
    stances = cues.verbs.get(cue_lemma(verb)) or cues.verbs.get(lemma)
    if lemma in cues.accusing_verbs:
        yield from _accusation(verb)
        return
    if lemma in cues.characterizing_verbs:
        yield from _characterization(verb)
    if lemma == "have":
        yield from _has_it(verb)
    if lemma in ("charge", "indict") and is_passive(verb):  # "was charged with bribing Z"
        yield from _accusation(verb)
    if lemma == "suspect" and any(c.lower_ == "of" for c in verb.children):
        for suspected in _accusation(verb):
            yield replace(suspected, stance="hypothesizes")
        return
    if lemma == "plead":
        yield from _plea(verb)
    if lemma in cues.exonerating_verbs:
        for accused in _accusation(verb):
            if not _is_emptied(accused):
                yield replace(accused, stance="denies")
    undeniable = any(c.lower_ == "no" for c in verb.children)  # "there is no denying that p"
    if stances is None or verb.dep_ == "amod" or (verb.tag_ == "VBG" and undeniable):
        return
    if lemma in cues.finding_verbs and has_to(verb) and verb.head.lemma_ in cues.striving_verbs:
        return  # "had to find the way out", "must try to prove that p"
    speaker = find_speaker(verb)
    stance = stances[is_negated(verb)]
    if speaker is None and stance in ("asserts", "denies"):
        stance = "reports"  # "it is said that", "nobody believes that": no commitment of anybody's
    raised = next((c for c in verb.children if c.dep_ == "xcomp" and has_to(c)), None)
    if lemma == "suppose" and raised is not None and any(c.lower_ == "have" for c in raised.lefts):
        stance = "reports"  # "is supposed to have left"
    if raised is not None and is_passive(verb) and lemma not in cues.commanding_verbs:
        if is_negated(verb) and stances[1] == "denies":
            stance = "denies"  # "is not believed to have left"
        if stances[0] != "hypothesizes" or lemma == "suppose":  # "is expected to" says it all
            yield Attribution(verb, speaker, raised, stance, "infinitive", _carried_subject(verb))
        return
    if only_hears(verb):  # "I hear that p", "The court heard that p"
        speaker, stance = None, "reports"
    if stances[0] == "asserts" and stance == "denies" and _is_no_denial(verb, speaker):
        return
    if _is_gerund(verb) and verb.head.pos_ == "VERB" and cue_stance(verb.head) == "denies":
        stance = "reports"  # "denied saying that p"
    clause = clause_of(verb)
    asked = clause is not None and has_mark(clause, "if", "whether")
    asked |= clause is not None and is_wh_clause(clause) and stance == "reports"
    asked &= cue_lemma(verb) not in cues.explaining_verbs
    if asked and stance in ("asserts", "reports"):  # "would not say who p"
        stance = "questions"
    if clause is not None and stance == "denies" and is_wh_clause(clause):
        return  # "discounted what they can do"
    if clause is not None and stance == "denies" and _lacks_antecedent(clause):
        return  # "(Things will be done) that nobody thought would happen"
    if clause is not None:
        falsely = _false_saying(verb)
        if falsely is not None and (speaker is None or _has_expletive(falsely)):
            # "It was wrongly reported, he said, that p", "It is nonsense to say that p"
            yield Attribution(falsely, None, clause, "denies")
            return
        against = Claim(falsely, None, "denies") if falsely and stance == "asserts" else None
        yield Attribution(verb, speaker, clause, stance, against=against)
        for other in verb.rights:  # "denied that p, that q"
            if other.dep_ == "ccomp" and other.i > clause.i and has_mark(other, "that"):
                yield Attribution(verb, speaker, other, stance, against=against)
        return
    if stances[0] == "denies":
        yield from _denied_things(verb, speaker, stance)
    elif stance == "denies" and lemma not in ("consider", "feel"):
        relative = relative_clause(verb)
        if relative is not None and names_claim(
            relative.head
        ):  # "a claim that Ann does not accept"
            yield Attribution(verb, speaker, relative.head, stance, "noun", speaker)
        for thing in verb.rights:  # "does not accept the finding", "doesn't believe it"
            if thing.dep_ == "dobj" and is_reference(thing) and not _is_told_as(verb):
                yield Attribution(verb, speaker, thing, stance, "noun", speaker)


def _lacks_antecedent(clause: "Token") -> bool:
    subject = subject_of(clause)
    return subject is not None and subject.tag_ == "WDT" and antecedent(subject) is None


def _is_no_denial(verb: "Token", speaker: "Token | None") -> bool:
    """ "You won't believe it", "They should not have accepted it", "Fans could not believe the news"."""
    who = speaker.lower_ if speaker is not None else ""
    modals = {c.lower_ for c in verb.children if c.dep_ == "aux" and c.tag_ == "MD"}
    thing = next((c for c in verb.rights if c.dep_ == "dobj"), None)
    turned_down = thing is not None and thing.lower_ in REFERENCES and verb.lemma_ == "accept"
    wishes = {"should", "must", *(("will", "wo", "would") if turned_down else ())}
    bare = clause_of(verb) is None
    amazed = verb.lemma_ == "believe" and not modals.isdisjoint({"ca", "can", "could"})
    amazed &= bare or who in ("i", "we")
    return who == "you" or bool((bare and modals & wishes) or amazed)


def _is_told_as(verb: "Token") -> bool:
    """ "(refuses to accept this) as normal"."""
    return any(c.lower_ == "as" for thing in (verb, *verb.rights) for c in thing.rights)


def _is_emptied(accused: Attribution) -> bool:
    """ "(cleared) the field of rivals", "the villages of rebels": of no charge."""
    subject, charge = accused.subject, accused.content
    things = charge.tag_ == "NNS" and charge.lemma_ not in ("charge", "count", "crime", "offence")
    cleared = subject is not None and subject.lemma_ in load_cues().clearings
    return accused.form == "blame" and accused.cue.lemma_ == "clear" and (things or cleared)


def _false_saying(verb: "Token") -> "Token | None":
    """What calls a saying false: "wrongly claimed", "was wrong to say", "lied when he said"."""
    cues = load_cues()
    falsely = next((c for c in verb.children if c.lower_ in cues.false_adverbs), None)
    if falsely is not None:
        return falsely
    around = verb.head
    if verb.dep_ == "pcomp" and around.lower_ in ("in", "by"):  # "is mistaken in claiming"
        around = around.head
        return around if around.lower_ in cues.false_predicates or around.lemma_ == "lie" else None
    if verb.dep_ == "advcl" and around.lemma_ == "lie" and around.pos_ == "VERB":
        return around
    if has_to(verb) and verb.dep_ in ("xcomp", "ccomp", "advcl", "acl", "csubj"):
        if around.dep_ in ("acomp", "attr"):
            around = around.head
        return around if around.lemma_ == "be" and says_false(around) else None
    return None


def _denied_things(verb: "Token", speaker: "Token | None", stance: Stance) -> Iterator[Attribution]:
    """What a verb of denying takes where that is no clause: "denied bombing", "any role", "the claim", "it"."""
    cues = load_cues()
    lemma = cue_lemma(verb)
    objects = [c for c in verb.rights if c.dep_ in ("dobj", "dative")]
    if len(objects) > 1 or (lemma == "deny" and _is_given(objects)):
        return  # "denied his party the victory", "denied food to prisoners"
    if verb.dep_ == "xcomp" and verb.head.lemma_ in _PLANNING:
        return  # "planned to challenge those assumptions"
    passive = next((c for c in verb.children if c.dep_ == "nsubjpass" and is_passive(verb)), None)
    if passive is not None:  # "the allegations were denied by the ministry"
        passive = counted(passive)
        if _may_be_denied(passive, lemma):
            yield Attribution(verb, speaker, passive, stance, "noun", speaker)
        return
    relative = relative_clause(verb)
    claimed = relative is not None and (
        relative.head.lower_ == "something" or names_claim(relative.head)
    )
    if relative is not None and claimed and not is_negated(verb):  # "something the ministry denies"
        yield Attribution(verb, speaker, relative.head, stance, "noun", speaker)
    for child in verb.children:
        loose = child.dep_ == "advcl" and child.tag_ == "VBG" and child.left_edge == child
        loose &= lemma in ("deny", "rule out") and child.i in (verb.i + 1, verb.i + 2)
        gerund = (_is_gerund(child) or loose) and not has_subject(child)
        if gerund and lemma != "shake off":  # "shook off underperforming courses"
            yield Attribution(verb, speaker, child, stance, "gerund", speaker)
        elif is_relative(child) and claimed:
            continue
        elif child.dep_ == "dobj":
            denied = counted(child)
            if _may_be_denied(denied, lemma) or _is_added_to_said(denied):
                named = denied.lemma_.lower() in cues.claim_nouns and stance == "denies"
                claim = _claim(denied, None) if named and told_of(denied) is not None else None
                yield Attribution(verb, speaker, denied, stance, "noun", speaker, against=claim)
    for child in verb.children:  # "pushed back on those charges"
        if child.dep_ == "prep" and lemma.endswith(f" {child.lower_}"):
            thing = next((c for c in child.children if c.dep_ == "pobj"), None)
            if thing is None:
                continue
            told = told_of(thing)
            if thing.lemma_.lower() in cues.nouns and told is not None:  # "the idea of a poll"
                yield Attribution(verb, speaker, told, stance, "noun", speaker)
            elif is_reference(thing) or (told is not None and names_claim(thing)):
                yield Attribution(verb, speaker, thing, stance, "noun", speaker)


def _hearsay_beside(verb: "Token") -> Iterator[Attribution]:
    """ "Brown, who allegedly stabbed a teacher": only passed on, unlike what is said of Brown besides."""
    adverbs = load_cues().hearsay_adverbs
    adverb = next((c for c in verb.children if c.lower_ in adverbs), None)
    subject = own_subject(verb)
    whose = subject is not None and antecedent(subject) is not None
    if adverb is not None and whose and cue_lemma(verb) not in load_cues().verbs:
        yield Attribution(adverb, None, verb, "reports")


def _charges(noun: "Token") -> Iterator[Attribution]:
    """ "arrested on suspicion of starting the fire", "faces charges of bribery"."""
    lemma = noun.lemma_.lower()
    on = noun.dep_ == "pobj" and noun.head.lower_ == "on"
    verb = noun.head.head if on else noun.head
    faced = lemma == "charge" and noun.dep_ == "dobj" and verb.lemma_ == "face"
    of = next((c for c in noun.rights if c.lower_ == "of"), None)
    if not (faced or (on and lemma in ("charge", "suspicion"))) or of is None:
        return
    taken = next((c for c in verb.rights if c.dep_ == "dobj" and c != noun), None)
    who = taken or own_subject(verb)
    if verb.pos_ != "VERB" or is_negated(verb) or who is None or not _is_somebody(who):
        return
    stance: Stance = "hypothesizes" if lemma == "suspicion" else "reports"
    for act in of.children:
        if act.dep_ == "pcomp" and act.tag_ == "VBG":
            yield Attribution(noun, None, act, stance, "gerund", who)
        elif act.dep_ == "pobj" and not any(c.dep_ == "nummod" for c in act.children):
            yield Attribution(noun, None, act, stance, "blame", who)


def _is_somebody(noun: "Token") -> bool:
    """Whether a noun phrase, given by its head, may be of a person or a body."""
    return noun.pos_ in ("PRON", "PROPN") or is_person(noun) or noun.lemma_ in load_cues().bodies


def _is_given(objects: "list[Token]") -> bool:
    """ "(denied) food to prisoners", not "any links to them", "the murder to the police"."""
    cues = load_cues()
    denied = cues.possessed_nouns | cues.nouns.keys()
    return any(
        following.lower_ == "to" and following.dep_ in ("prep", "dative")
        for thing in objects
        if not any(thing.lefts) and thing.lemma_.lower() not in denied
        for following in (*thing.head.rights, *thing.rights)
    )


def _has_it(verb: "Token") -> Iterator[Attribution]:
    """ "Legend has it that p", "He would not have it that p"."""
    subject, clause = own_subject(verb), clause_of(verb)
    if subject is None or clause is None or not has_mark(clause, "that"):
        return
    if any(t.lower_ == "it" for t in verb.doc[verb.i + 1 : clause.left_edge.i]):
        someones = subject.lemma_.lower() not in load_cues().hearsay_nouns
        stance: Stance = "asserts" if someones else "reports"
        if someones and is_negated(verb):
            stance = "denies"
        yield Attribution(verb, subject if someones else None, clause, stance)


def _plea(verb: "Token") -> Iterator[Attribution]:
    """ "pleaded not guilty to taking bribes", "to murder", "to charges that p"."""
    guilty = next((c for c in verb.children if c.dep_ == "acomp" and c.lower_ == "guilty"), None)
    speaker = find_speaker(verb)
    if guilty is None or speaker is None or not is_negated(guilty):
        return
    behind = guilty.doc[guilty.i + 1 : guilty.i + 7]
    to = next((t for t in behind if t.lower_ == "to" and t.sent == verb.sent), None)
    if to is not None:
        for thing in to.children:
            if thing.dep_ == "pcomp" and thing.tag_ == "VBG":
                yield Attribution(verb, speaker, thing, "denies", "gerund", speaker)
            elif thing.dep_ == "pobj" and (clause := claim_clause(thing)) is not None:
                claim = _claim(thing, _holder_of(thing))
                yield Attribution(verb, speaker, clause, "denies", against=claim)
            elif thing.dep_ == "pobj":
                yield Attribution(verb, speaker, thing, "denies", "blame", speaker)


def _carried_subject(verb: "Token") -> "Token | None":
    """A verb's subject, its own or the one it shares with the verb before it."""
    return own_subject(verb) or (own_subject(verb.head) if verb.dep_ == "conj" else None)


def _may_be_denied(noun: "Token", verb: str) -> bool:
    """Whether to deny or reject a thing is to say that something is not so: "denied the murder", not "denied bail"."""
    cues = load_cues()
    if claim_clause(noun) is not None:  # "denied the claim that p" is about p
        return False
    lemma = noun.lemma_.lower()
    if lemma in cues.pointing_nouns and lemma not in cues.nouns and told_of(noun) is not None:
        return verb in cues.contradicting_verbs  # "the figure of 200 deaths"
    if lemma == "charge" and verb in ("dismiss", "reject") and told_of(noun) is not None:
        return False  # a court does, for whatever reason
    felt = lemma in ("attack", "criticism") or cues.nouns.get(lemma) == "hypothesizes"
    about = any(c.lower_ in ("about", "of", "over") for c in noun.rights)
    if felt and verb != "rule out" and not about and not is_reference(noun):
        return False  # "shrugged off attacks", "these concerns": they are there
    if noun.lower_ in REFERENCES:  # to reject "it" may be to turn down an offer
        return verb in cues.contradicting_verbs or noun.lower_ in ("this", "that")
    if is_reference(noun) and verb in cues.contradicting_verbs:
        return True
    if lemma in cues.possessed_nouns and verb in ("reject", "dismiss", "dispute", "challenge"):
        article = any(c.lower_ in ("a", "an", "the") or c.dep_ == "poss" for c in noun.children)
        return not article  # "rejected a plan" turns it down
    if lemma in cues.possessed_nouns or lemma in cues.nouns:
        return True
    grants = verb == "deny" and lemma in cues.granted_nouns
    return verb in ("deny", "rule out") and noun.pos_ == "NOUN" and not grants


def _is_added_to_said(thing: "Token") -> bool:
    """ "(Ann said that p), which (Bob rejected)": p, not the last thing in it, which may be turned down."""
    relative = relative_clause(thing.head)
    if relative is None or thing.lower_ != "which":
        return False
    said, last = relative.head, thing.doc[relative.left_edge.i - 2]
    says = said.dep_ == "ccomp" and cue_lemma(said.head) in load_cues().verbs
    return says and last.pos_ not in ("NOUN", "PROPN")


def _characterization(verb: "Token") -> Iterator[Attribution]:
    """ "X called Y a liar", "described Y as a liar": X asserts that Y is a liar; "called it a lie": X denies it."""
    thing = next((c for c in verb.children if c.dep_ in ("dobj", "nsubjpass")), None)
    complement = next((c for c in verb.children if c.dep_ in ("oprd", "attr")), None)
    small_clause = next(
        (c for c in verb.children if c.dep_ == "ccomp" and c.pos_ in ("NOUN", "ADJ")), None
    )
    if small_clause is not None:
        named = (c for c in small_clause.children if c.dep_ == "nsubj" or c.lower_ in REFERENCES)
        thing = next((c for c in named if c.i < small_clause.i), thing)
        complement = small_clause
    for child in verb.children:
        if child.dep_ == "prep" and child.lower_ in ("as", "beyond") and complement is None:
            complement = next((c for c in child.children if c.dep_ in _CALLED), None)
    if complement is None and thing is not None:  # "described the allegations as nonsense", to some
        behind_as = (c for c in thing.rights if c.dep_ == "prep" and c.lower_ == "as")
        complement = next((p for c in behind_as for p in c.children if p.dep_ in _CALLED), None)
    relative = relative_clause(verb)
    if relative is not None and names_claim(relative.head):  # "a claim he called absurd"
        thing = relative.head if thing is None or is_relative(thing) else thing
    if thing is None or complement is None or claim_clause(thing) not in (None, relative):
        return
    if thing.lower_ in ("what", "which"):  # "what he called market talk"
        return
    if thing.lower_ == "it" and any(has_mark(c, "that") for c in verb.sent if c.i > complement.i):
        return  # "called it a slander that p"
    if complement.pos_ not in ("NOUN", "PROPN", "ADJ") or is_negated(verb):
        return
    speaker = find_speaker(verb)
    falsehoods = load_cues().false_predicates
    believed = load_cues().believing_predicates
    called = {
        complement.lower_,
        complement.lemma_.lower(),
        *(c.lemma_ for c in complement.children if c.dep_ == "amod"),
    }
    if thing.ent_type_ == "PERSON":
        falsehoods = frozenset()  # "called Ann delusional": of her, not of what she says
    charge = is_reference(thing) and thing.lemma_.lower() in load_cues().claim_nouns
    if called & falsehoods or (charge and not called & believed):
        stance: Stance = "denies" if speaker is not None else "reports"
        possessed = thing.lemma_.lower() in load_cues().possessed_nouns
        yield Attribution(verb, speaker, thing, stance, "noun", speaker if possessed else thing)
    elif complement.i > thing.i:
        stance = "asserts" if speaker is not None else "reports"
        yield Attribution(verb, speaker, complement, stance, "predicate", thing)


def _is_gerund(child: "Token") -> bool:
    """ "bombing Homs", "having bombed Homs", also where the parser takes the gerund for a noun."""
    if child.dep_ in ("xcomp", "ccomp", "pcomp"):
        return child.tag_ == "VBG" or any(c.lower_ in ("being", "having") for c in child.lefts)
    bare = not any(c.dep_ in ("det", "poss", "amod") for c in child.children)
    bare &= child.lower_ not in ("lightning", "wrongdoing")
    taken_for_noun = child.tag_ == "NN" and child.lower_.endswith("ing")
    gerund = child.tag_ == "VBG" or (taken_for_noun and child.head.lemma_.lower() == "deny")
    return child.dep_ == "dobj" and gerund and bare


def _noun_attributions(noun: "Token") -> Iterator[Attribution]:
    """ "denial that p", "claims that p": the noun's own stance, or that of the verb that governs it."""
    cues = load_cues()
    stance = cues.nouns.get(noun.lemma_.lower())
    clause = claim_clause(noun)
    if clause is None and stance == "denies":
        yield from _denial_of_thing(noun)
    if clause is not None and noun.lemma_.lower() in cues.false_nouns:  # "the myth that p"
        yield Attribution(noun, None, clause, "denies")
    told = told_of(noun)
    if clause is None and stance == "reports" and told is not None:  # "reports of a rift are false"
        called = _called_false(noun) or _false_adjective(noun)
        around = _governing_verb(noun)
        already = around is not None and cue_stance(around) == "denies"
        if called is not None and not already:
            yield Attribution(called, None, told, "denies", "noun", told)
    if stance is None and clause is not None and _is_denied(noun, clause):
        stance = (
            "reports"  # whatever noun it is whose clause is denied: "rejected testimony that p"
        )
    if stance is None or clause is None:
        return
    called = _called_false(noun)
    if called is not None:
        yield Attribution(called, None, clause, "denies")
        return
    holder = _holder_of(noun)
    denial = _denial_of(noun)
    if denial is not None:
        yield Attribution(denial, _holder_of(denial), clause, "denies")
        return
    verb = _governing_verb(noun)
    if verb is not None and cue_lemma(verb) in cues.retracting_verbs:
        yield Attribution(verb, None, clause, "reports")  # nobody commits to it any more
        return
    if holder is not None and holder.tag_ == "PRP$":
        holder = find_speaker(verb) if verb is not None else holder
    governing = cues.verbs.get(cue_lemma(verb)) if verb is not None else None
    calls = verb is not None and verb.lemma_.lower() in cues.characterizing_verbs
    if verb is not None and calls and (not governing or governing[0] == "asserts"):
        between = {t.lemma_.lower() for t in noun.doc[verb.i + 1 : noun.i]}
        behind = {t.lemma_.lower() for t in called_behind(verb, clause)}
        between |= behind & cues.false_predicates
        disbelieved = bool(behind) and verb.lemma_ in cues.naming_verbs
        disbelieved &= not behind & cues.believing_predicates
        if (between & cues.false_predicates or disbelieved) and not is_negated(verb):
            # "denounced as a lie the claim that p", "called the claim that p a cruel joke"
            yield Attribution(
                verb, find_speaker(verb), clause, "denies", against=_claim(noun, holder)
            )
            return
    false = _false_adjective(noun)
    denying = verb is not None and "denies" in ((governing or ("",))[0], cue_stance(verb))
    if verb is not None and governing and denying and stance != "denies":
        denied = governing[is_negated(verb)]
        claimed = denied == "denies" and (stance == "reports" or holder is not None)
        against = _claim(noun, holder) if claimed else None
        yield Attribution(verb, find_speaker(verb), clause, denied, against=against)
    elif false is not None and stance == "reports":
        if holder is None and verb is not None and governing and governing[0] == "asserts":
            holder = find_speaker(verb)
        yield Attribution(false, None, clause, "denies", against=_claim(noun, holder))
    elif (
        verb is not None
        and governing
        and governing[0] == "asserts"
        and holder is None
        and noun.dep_ != "pobj"  # "said of claims that p"
    ):
        yield Attribution(noun, find_speaker(verb), clause, stance)
    elif verb is not None and cue_lemma(verb) in cues.doubting_verbs:  # "cast doubt on the claim"
        yield Attribution(verb, find_speaker(verb), clause, "hypothesizes")
    elif holder is not None and stance == "reports":
        yield Attribution(noun, holder, clause, "asserts")
    else:
        yield Attribution(noun, holder, clause, stance)


def _false_adjective(noun: "Token") -> "Token | None":
    """ "bogus", of "the bogus claim"."""
    adjectives = (c for c in noun.children if c.dep_ == "amod")
    return next((c for c in adjectives if c.lower_ in load_cues().false_adjectives), None)


def _is_denied(noun: "Token", clause: "Token") -> bool:
    """Whether a noun with a clause is the object of a verb of denying."""
    verb = _governing_verb(noun) if noun.dep_ in ("dobj", "nsubjpass", "pobj") else None
    demands = clause.tag_ == "VB" and not any(c.tag_ == "MD" for c in clause.children)
    demands |= any(c.lower_ in ("must", "should") for c in clause.children)
    claims = has_mark(clause, "that") and not demands  # unlike "rejected a call that he resign"
    return verb is not None and claims and cue_stance(verb) == "denies"


def _denial_of_thing(denial: "Token") -> Iterator[Attribution]:
    """ "issued a denial of wrongdoing"."""
    thing = told_of(denial)
    verb = "deny" if denial.lemma_.lower() == "denial" else "reject"
    if thing is None or not _may_be_denied(thing, verb):
        return
    holder = _holder_of(denial)
    if (holder is None or holder.tag_ == "PRP$") and denial.dep_ == "dobj":
        holder = find_speaker(denial.head) if not is_negated(denial.head) else holder
    if holder is not None:
        yield Attribution(denial, holder, thing, "denies", "noun", holder)


def _denial_of(noun: "Token") -> "Token | None":
    """ "its rejection of claims that p", "the rejection by Ann of claims that p"."""
    if noun.dep_ != "pobj" or noun.head.lower_ != "of":
        return None
    denial = noun.head.head
    if denial.dep_ == "pobj" and denial.head.lower_ == "by":
        denial = denial.head.head
    return denial if load_cues().nouns.get(denial.lemma_.lower()) == "denies" else None


def _holder_of(noun: "Token") -> "Token | None":
    """Head of the noun phrase that says whose claim a noun is: "Ann's claim", "criticism from Ann", "a union claim"."""
    holder = next((c for c in noun.children if c.dep_ == "poss"), None)
    by = next(
        (c for c in noun.children if c.dep_ in ("prep", "agent") and c.lower_ in ("by", "from")),
        None,
    )
    if holder is None and by is not None:
        return next((c for c in by.children if c.dep_ == "pobj"), None)
    if holder is None:
        bodies = (c for c in noun.children if c.dep_ == "compound" and c.i == noun.i - 1)
        holder = next((c for c in bodies if c.lower_ in load_cues().bodies), None)
    if holder is None:  # "a report in the Ledger"
        inside = (p for c in noun.children if c.lower_ == "in" for p in c.children)
        holder = next((p for p in inside if p.ent_type_ == "ORG" or p.lower_ == "press"), None)
    return holder


def _claim(noun: "Token", holder: "Token | None") -> Claim | None:
    """The claim that a noun says somebody makes: "Ann's allegation", "rumours"; none of "the notion"."""
    if holder is None and noun.lemma_.lower() in load_cues().idea_nouns:
        return None
    return Claim(noun, holder, "asserts" if holder is not None else "reports")


def _governing_verb(noun: "Token") -> "Token | None":
    """The verb whose object a noun is, also through "push back on" and "pour cold water on"."""
    if noun.dep_ not in ("dobj", "nsubjpass", "pobj"):
        return _denial_before(noun)
    verb = noun.head
    for dep in ("prep", "advmod", "dobj"):
        if verb.dep_ == dep and verb.pos_ not in ("VERB", "AUX"):
            beside = noun.head.lower_ not in ("of", cue_lemma(verb.head).split()[-1])
            if dep == "dobj" and beside:
                return None  # "denied a story about claims that p"
            verb = verb.head
    if verb.pos_ not in ("VERB", "AUX") or cue_lemma(verb) not in load_cues().verbs:
        return _denial_before(noun) or (verb if verb.pos_ in ("VERB", "AUX") else None)
    return verb


def _denial_before(noun: "Token") -> "Token | None":
    """ "rejecting as gossip rumours that p": a verb of denying just before, whatever the parser makes of it."""
    for token in reversed(noun.doc[max(noun.sent.start, noun.i - 8) : noun.i]):
        if token.pos_ in ("VERB", "AUX"):
            stances = load_cues().verbs.get(cue_lemma(token))
            calls = token.lemma_.lower() in load_cues().characterizing_verbs
            return token if calls or (stances and stances[0] == "denies") else None
    return None


def _called_false(noun: "Token") -> "Token | None":
    """What calls a claim false: "is false", "is a lie", "was without merit", "there is no truth in it"."""
    cues = load_cues()
    verb = noun.head
    root = noun.sent.root
    if noun.dep_ == "nsubj" and verb != root and own_subject(root) is None:
        first = next((t for t in noun.sent if t.is_alpha), None)
        if first == noun.left_edge and verb in root.lefts:  # "The idea that p," he said, "is a lie"
            verb = root
    if noun.dep_ == "nsubj" and says_false(verb):  # "The claim that p is a lie", "has no merit"
        return verb
    if noun.dep_ != "pobj" or verb.lower_ not in ("in", "to", "for", "than"):
        return None
    before = verb.doc[max(verb.sent.start, verb.i - 7) : verb.i]
    if verb.lower_ == "than":  # "nothing could be further from the truth than the idea that p"
        return next((t for t in before if t.lower_ in ("further", "farther")), None)
    if before and before[-1].lower_ == "nothing":  # "there is nothing to reports that p"
        return before[-1]
    truth = next((t for t in before if t.lemma_.lower() in cues.truth_nouns), None)
    denied = truth is not None and any(t.lower_ in ("n't", "no", "not") for t in before)
    return truth if denied else None


def _according_to(token: "Token") -> Iterator[Attribution]:
    to = next((c for c in token.children if c.lower_ == "to"), token)
    speaker = next((c for c in to.children if c.dep_ == "pobj"), None)
    hearsay = speaker is not None and is_hearsay(speaker)
    content = token.head
    while content.pos_ not in ("VERB", "AUX") and content.head != content:
        content = content.head
    if speaker is not None and content.pos_ in ("VERB", "AUX"):
        if hearsay:
            yield Attribution(token, None, content, "reports")
        else:
            yield Attribution(token, speaker, content, "asserts")


def _contrary_to(token: "Token") -> Iterator[Attribution]:
    """ "Contrary to what Ann said, p": the document, or who says it, asserts p, and Ann denies it."""
    cues = load_cues()
    what = token.i + 2
    if what >= token.sent.end or token.doc[token.i + 1 : what + 1].text.lower() != "to what":
        return
    said, content = token.doc[what].head, token.head
    claims = cue_lemma(said) in cues.verbs and cue_stance(said) == "asserts"
    claims &= cue_lemma(said) not in (*cues.finding_verbs, "hear")
    speaker = find_speaker(said)
    clause = content.pos_ in ("VERB", "AUX") and clause_of(content) is None
    if token.dep_ == "advcl" and claims and speaker is not None and clause:
        telling = content.dep_ == "ccomp" and cue_lemma(content.head) in cues.verbs
        teller = find_speaker(content.head) if telling else None
        yield Attribution(
            token, speaker, content, "denies", against=Claim(token, teller, "asserts")
        )


def _accusation(verb: "Token") -> Iterator[Attribution]:
    """ "X accused Y of bombing Z": X asserts that Y was bombing Z."""
    passive = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
    if verb.dep_ == "acl" and verb.tag_ == "VBN":  # "a contractor accused of spying"
        passive = verb.head
    elif verb.dep_ in ("acomp", "xcomp", "oprd") and verb.tag_ == "VBN":  # "stands accused of"
        passive = own_subject(verb.head)
    elif passive is None and is_passive(verb) and verb.dep_ == "pcomp":
        passive = own_subject(verb.head.head)  # "fled after being accused"
    accused = passive or next((c for c in verb.children if c.dep_ == "dobj"), None)
    prepositions = [c for c in verb.children if c.lower_ in ("of", "for", "with", "on")]
    prepositions += [
        g for c in prepositions for p in c.children for g in p.children if p.lower_ == "charge"
    ]
    if accused is not None:
        beside = ("of", "for", "on") if verb.lemma_ == "blame" else ("of",)
        prepositions += [c for c in accused.children if c.lower_ in beside]
    if accused is not None and not prepositions:  # "accuses the singer Ann Smith of lifting a song"
        of = (t for t in verb.subtree if t.lower_ == "of" and t.i > accused.i)
        prepositions = [t for t in of if any(c.dep_ == "pcomp" for c in t.children)][:1]
    if not prepositions and passive is not None:  # "was accused on Monday of spying"
        prepositions = [t for t in verb.subtree if t.lower_ == "of" and t.i > verb.i][:1]
    act = next((p for c in prepositions for p in c.children if p.dep_ == "pcomp"), None)
    speaker = find_speaker(verb)
    if speaker is not None and speaker == accused:  # "She stands accused of spying"
        speaker = None
    stance: Stance = "asserts" if speaker is not None and not is_negated(verb) else "reports"
    if accused is not None and act is not None and act.tag_ == "VBG":
        yield Attribution(verb, speaker, act, stance, "gerund", accused)
    elif accused is not None:
        thing = next((p for c in prepositions for p in c.children if p.dep_ == "pobj"), None)
        if thing is not None and verb.lemma_ == "blame" and thing.head.lower_ == "on":
            if thing.ent_type_ == "DATE" or any(c.lower_ == "for" for c in prepositions):
                return  # "blamed them on Monday for the explosion"
            thing, accused = accused, thing  # "blamed the crash on fog"
        if thing is not None:
            yield Attribution(verb, speaker, thing, stance, "blame", accused)
