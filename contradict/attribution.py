"""Who says it, and with what stance: cue words over the dependency parse, quotations, "according to".

`contradict.cues` knows what a cue word implies, `contradict.complements` what hangs on it, `contradict.answers` what
refers to something said before; here they become attributions, one function for each way of putting them. Those of
nouns stand in `contradict.claims`, accusations and acquittals in `contradict.accusations`.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from contradict.accusations import accusations, charges, suspects
from contradict.answers import REFERENCES, is_reference, says_false
from contradict.attributed import Attribution, Claim
from contradict.claims import claim_of, denied_text, may_be_denied, noun_attributions
from contradict.complements import (
    antecedent,
    claim_clause,
    clause_of,
    counted,
    find_speaker,
    has_mark,
    has_subject,
    holds_anyway,
    is_hearsay,
    is_relative,
    is_wh_clause,
    may_be_person,
    only_hears,
    relative_clause,
    said_beside,
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
from contradict.speakers import is_called_body

if TYPE_CHECKING:
    from spacy.tokens import Span as Sentence
    from spacy.tokens import Token

_CALLED = ("pobj", "amod", "acomp", "pcomp", "prep")
_PROBABLY = ("certainly", "likely", "perhaps", "presumably", "probably", "surely")
_COMMITTED = ("GPE", "NORP", "ORG", "PERSON")
"""Kinds of those named who vow to do something: "Brexit promises to dominate the talks"."""

_EMBEDDED = ("ccomp", "pcomp", "csubj", "acl", "xcomp", "advcl")


def find_attributions(sentence: "Sentence") -> list[Attribution]:
    """Every attribution in a parsed sentence, in the order of their cues."""
    found: list[Attribution] = []
    for token in sentence:
        if token.lower_ == "according":
            found.extend(_according_to(token))
        elif token.lower_ == "contrary":
            found.extend(_contrary_to(token))
        elif token.pos_ == "NOUN" or _is_plural_taken_for_verb(token):
            found.extend(noun_attributions(token))
            found.extend(charges(token))
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
            if token.head.lemma_ in load_cues().true_predicates:
                # "It was “not the case” that p", to some parsers
                found.extend(_false_clause(token))
        if token.lemma_ == "be":
            found.extend(_called_false_before(token))
            found.extend(_what_is_denied(token))
    denied = {(a.content, a.speaker) for a in found if a.stance == "denies"}
    return [
        replace(each, stance="hypothesizes")
        if each.stance == "denies" and _is_hedged(each.cue)
        else each
        for each in found
        if each.stance != "denies" or not _is_share(each.speaker)
        # "It is a myth, Ann said, that p": she does not say p
        if each.stance != "asserts" or (each.content, each.speaker) not in denied
    ]


def _is_plural_taken_for_verb(token: "Token") -> bool:
    """ "(He said) reports that p (were false)"."""
    return token.tag_ == "VBZ" and token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj")


def _is_hedged(verb: "Token") -> bool:
    """ "appears to contradict", "may deny", "would probably dispute": and may not."""
    beside = {c.lower_ for c in verb.lefts if c.dep_ in ("aux", "advmod")}
    supposed = "would" in beside and not beside.isdisjoint(_PROBABLY)
    supposed |= not beside.isdisjoint(("may", "might")) and not is_negated(verb)
    return supposed or (verb.dep_ == "xcomp" and verb.head.lemma_ in ("appear", "seem"))


def _is_share(speaker: "Token | None") -> bool:
    """ "(47 % agree, and) 37 % (disagree)": of those who were asked, and with no claim."""
    return speaker is not None and (speaker.ent_type_ == "PERCENT" or speaker.text == "%")


def _open_question(clause: "Token") -> Iterator[Attribution]:
    """ "unclear whether p", "looking into whether p", "does not know why p", of whatever is no verb of saying."""
    verb = clause.head
    while verb.pos_ not in ("VERB", "AUX") and verb.head != verb:
        verb = verb.head
    asks = has_mark(clause, "whether") or (has_mark(clause, "if") and clause.dep_ == "ccomp")
    asks |= has_mark(clause, "if") and _leaves_open(verb)
    if holds_anyway(clause) and not _leaves_open(verb):
        return
    asked = is_wh_clause(clause) and _leaves_open(verb)
    asked &= clause.dep_ != "advcl" or clause.i > verb.i  # not "When she left, things worked out"
    if not asks and not asked:
        return
    if cue_lemma(verb) not in load_cues().verbs or clause_of(verb) != clause:
        speaker = find_speaker(verb)
        if speaker is not None and speaker.lemma_.lower() in ("doubt", "it", "question"):
            speaker = None
        if has_subject(clause) or not has_to(clause):
            saying = said_beside(clause)
            against = Claim(saying, own_subject(saying), "asserts") if saying is not None else None
            yield Attribution(verb, speaker, clause, "questions", against=against)
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
            holder = next((c for c in noun.children if c.dep_ == "poss"), None)
            if stance == "reports" and holder is not None and verb.lemma_ == "be":
                stance = "asserts"  # "Ann's conclusion was that p"
            else:
                holder = None
            yield Attribution(noun, holder, clause, stance)
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
    if lemma in ("estimate", "put"):
        yield from _estimate(verb)
    stances = cues.verbs.get(cue_lemma(verb)) or cues.verbs.get(lemma)
    yield from accusations(verb)
    if lemma in cues.accusing_verbs or suspects(verb):
        return
    if lemma in cues.characterizing_verbs:
        yield from _characterization(verb)
    if lemma == "have":
        yield from _has_it(verb)
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
    if raised is not None and lemma in cues.committing_verbs and _may_commit(speaker):
        if stance == "asserts" and not _is_supposed(verb):
            yield Attribution(verb, speaker, raised, stance, "infinitive", speaker)
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
    if clause is not None and stance == "denies" and _is_no_claim(clause):
        return
    unexplained = cue_lemma(verb) in cues.explaining_verbs and is_negated(verb)
    if clause is not None and unexplained and is_wh_clause(clause):
        return  # "Nobody has explained why p"
    if clause is not None:
        falsely = _false_saying(verb)
        if falsely is not None and (speaker is None or _has_expletive(falsely)):
            # "It was wrongly reported, he said, that p", "It is nonsense to say that p"
            yield Attribution(falsely, None, clause, "denies")
            return
        denying = denied_text(verb) if stance == "asserts" else None
        if denying is not None:  # "denied a report saying that p"
            claim = Claim(verb, speaker, "asserts")
            denied = cue_stance(denying)
            against = claim if denied == "denies" else None
            yield Attribution(denying, find_speaker(denying), clause, denied, against=against)
            return
        against = Claim(falsely, None, "denies") if falsely and stance == "asserts" else None
        yield Attribution(verb, speaker, clause, stance, against=against)
        for other in verb.rights:  # "denied that p, that q"
            if other.dep_ == "ccomp" and other.i > clause.i and has_mark(other, "that"):
                yield Attribution(verb, speaker, other, stance, against=against)
        return
    if lemma in cues.admitting_verbs and stance == "asserts":
        deed = _deed(verb)
        if deed is not None:
            yield Attribution(verb, speaker, deed, stance, "gerund", speaker)
    if stances[0] == "denies":
        roles = list(_ruled_out_as(verb, speaker))
        yield from roles or _denied_things(verb, speaker, stance)
    elif stance == "denies" and lemma not in ("consider", "feel"):
        relative = relative_clause(verb)
        # "a claim that Ann does not accept"
        if relative is not None and names_claim(relative.head):
            yield Attribution(verb, speaker, relative.head, stance, "noun", speaker)
        for thing in verb.rights:  # "does not accept the finding", "doesn't believe it"
            if thing.dep_ == "dobj" and is_reference(thing) and not _is_told_as(verb):
                yield Attribution(verb, speaker, thing, stance, "noun", speaker)


def _deed(verb: "Token") -> "Token | None":
    """What somebody admits to have done: "bombing" of "admitted bombing Homs", "confessed to bombing Homs"."""
    to = (c for c in verb.rights if c.dep_ == "prep" and c.lower_ == "to")
    parts = (c for part in (verb, *to) for c in part.rights if c.i <= verb.i + 3)
    kinds = ("advcl", "ccomp", "dobj", "pcomp", "xcomp")
    deeds = (c for c in parts if c.dep_ in kinds)
    deeds = (c for c in deeds if c.tag_ == "VBG" or any(g.lower_ == "having" for g in c.lefts))
    return next((c for c in deeds if not has_subject(c)), None)


def _is_no_claim(clause: "Token") -> bool:
    """ "(discounted) what they can do", "(Things will be done) that nobody thought would happen"."""
    subject = subject_of(clause)
    loose = subject is not None and subject.tag_ == "WDT" and antecedent(subject) is None
    return loose or is_wh_clause(clause)


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


def _may_commit(speaker: "Token | None") -> bool:
    """Whether who vows to do something may be somebody: not "retirements that promise to swell expenses"."""
    if speaker is None or speaker.lower_ == "it":
        return False
    who = antecedent(speaker) or speaker
    named = who.pos_ != "PROPN" or who.ent_type_ in _COMMITTED
    return named and (is_called_body(who) or may_be_person(who))


def _is_supposed(verb: "Token") -> bool:
    """Whether a verb tells of what has not been done: "may promise to", "had to promise to", "Did she promise to"."""
    moods = any(c.tag_ == "MD" for c in verb.lefts) or is_negated(verb) or has_to(verb)
    asked = verb.sent[-1].text == "?" and any(c.lemma_ == "do" for c in verb.lefts)
    return moods or asked or verb.dep_ == "amod" or has_mark(verb, "if", "unless", "whether")


def _false_saying(verb: "Token") -> "Token | None":
    """What calls a saying false: "wrongly claimed", "alleged - falsely - that", "lied when he said"."""
    cues = load_cues()
    aside = (t for t in verb.doc[verb.i + 1 : verb.i + 5] if t.head.left_edge.i <= verb.i)
    falsely = next((c for c in (*verb.children, *aside) if c.lower_ in cues.false_adverbs), None)
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
    if verb.dep_ == "xcomp" and verb.head.lemma_ in cues.planning_verbs:
        return  # "planned to challenge those assumptions"
    passive = next((c for c in verb.children if c.dep_ == "nsubjpass" and is_passive(verb)), None)
    if passive is not None:  # "the allegations were denied by the ministry"
        passive = counted(passive)
        if _tells(passive, verb):
            return
        if may_be_denied(passive, lemma):
            yield Attribution(verb, speaker, passive, stance, "noun", speaker)
        return
    relative = relative_clause(verb)
    claimed = relative is not None and (
        relative.head.lower_ == "something" or names_claim(relative.head)
    )
    # "information that contradicts it": what is denied is the other thing, and which that is nobody knows
    contradicts = relative == verb and any(
        c.tag_ == "WDT" and c.dep_ == "nsubj" for c in verb.lefts
    )
    claimed &= not contradicts
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
            if _tells(denied, verb) or (contradicts and denied.lower_ in REFERENCES):
                continue
            if may_be_denied(denied, lemma) or _is_added_to_said(denied):
                named = denied.lemma_.lower() in cues.claim_nouns and stance == "denies"
                claim = claim_of(denied, None) if named and told_of(denied) is not None else None
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


def _tells(thing: "Token", denying: "Token") -> bool:
    """Whether what is denied is what a text says: "(denied) a report saying that p"."""
    return any(denied_text(c) == denying and clause_of(c) is not None for c in thing.rights)


def _ruled_out_as(verb: "Token", speaker: "Token | None") -> Iterator[Attribution]:
    """ "ruled out arson as the cause": that arson was the cause."""
    thing = next((c for c in verb.rights if c.dep_ == "dobj"), None)
    behind = (c for part in (verb, thing) if part is not None for c in part.rights)
    role = next((p for c in behind if c.lower_ == "as" for p in c.children), None)
    if thing is None or role is None or role.dep_ != "pobj" or role.i < thing.i:
        return
    if any(c.dep_ == "det" for c in role.children) and role.lemma_.lower() in load_cues().causes:
        stance = cue_stance(verb)
        yield Attribution(verb, speaker, role, stance, "predicate", thing)


def _hearsay_beside(verb: "Token") -> Iterator[Attribution]:
    """ "Brown, who allegedly stabbed a teacher": only passed on, unlike what is said of Brown besides."""
    adverbs = load_cues().hearsay_adverbs
    adverb = next((c for c in verb.children if c.lower_ in adverbs), None)
    subject = own_subject(verb)
    whose = subject is not None and antecedent(subject) is not None
    if adverb is not None and whose and cue_lemma(verb) not in load_cues().verbs:
        yield Attribution(adverb, None, verb, "reports")


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
    if subject is None or clause is None:
        return
    it_that = [t.lower_ for t in verb.doc[verb.i + 1 : verb.i + 3]] == ["it", "that"]
    between = verb.doc[verb.i + 1 : clause.left_edge.i]
    if it_that or (has_mark(clause, "that") and any(t.lower_ == "it" for t in between)):
        someones = subject.lemma_.lower() not in load_cues().hearsay_nouns
        stance: Stance = "asserts" if someones else "reports"
        if someones and is_negated(verb):
            stance = "denies"
        yield Attribution(verb, subject if someones else None, clause, stance)


def _carried_subject(verb: "Token") -> "Token | None":
    """A verb's subject, its own or the one it shares with the verb before it."""
    return own_subject(verb) or (own_subject(verb.head) if verb.dep_ == "conj" else None)


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
    if complement is None and thing is not None:  # "termed it baseless", to some parsers
        behind = (c for c in verb.rights if c.dep_ == "advmod" and c.tag_ == "JJ")
        complement = next((c for c in behind if c.i == thing.i + 1), None)
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
    if thing.lower_ == "what" or (thing.lower_ == "which" and not _is_added_to_said(thing)):
        return  # "what he called market talk"
    if thing.lower_ == "it" and any(has_mark(c, "that") for c in verb.sent if c.i > complement.i):
        return  # "called it a slander that p"
    falsehoods = load_cues().false_predicates
    names = complement.pos_ in ("NOUN", "PROPN", "ADJ") or complement.lower_ in falsehoods
    if not names or is_negated(verb):
        return
    speaker = find_speaker(verb)
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


def _according_to(token: "Token") -> Iterator[Attribution]:
    to = next((c for c in token.children if c.lower_ == "to"), token)
    speaker = next((c for c in to.children if c.dep_ == "pobj"), None)
    content = token.head
    while content.head != content and (content.pos_ not in ("VERB", "AUX") or _is_bare(content)):
        content = content.head
    while content.dep_ == "advcl" and content.head.i < content.i < token.i:
        content = content.head  # "The dam broke because it was old, according to Ann"
    if speaker is None or content.pos_ not in ("VERB", "AUX"):
        return
    if is_hearsay(speaker):
        yield Attribution(token, None, content, "reports")
    else:
        yield Attribution(token, speaker, content, "asserts")


def _is_bare(verb: "Token") -> bool:
    """ "(would see their taxes) rise"."""
    seen = verb.dep_ == "ccomp" and verb.head.lemma_ in (
        "have",
        "help",
        "let",
        "make",
        "see",
        "watch",
    )
    bare = verb.tag_ in ("VB", "VBP") and verb.head.i < verb.i
    return seen and bare and not any(c.dep_ in ("aux", "mark") for c in verb.children)


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
