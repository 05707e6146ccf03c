"""Who is accused or suspected of something, charged with it, or cleared of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from contradict.answers import says_false
from contradict.attributed import Attribution
from contradict.claims import claim_of, holder_of
from contradict.complements import claim_clause, find_speaker, may_be_person
from contradict.cues import SUBJECTS, is_negated, is_passive, load_cues, own_subject
from contradict.records import Stance

if TYPE_CHECKING:
    from spacy.tokens import Token


def accusations(verb: "Token") -> Iterator[Attribution]:
    """What a verb accuses, suspects or clears somebody of; "pleaded not guilty to p" denies p."""
    cues = load_cues()
    lemma = verb.lemma_.lower()
    if lemma in cues.accusing_verbs or (lemma in ("charge", "indict") and is_passive(verb)):
        if _is_called_false(verb):  # "The tweets accusing Ann of spying are lies"
            cue = verb.head.head
            for accused in _accusation(verb):
                yield replace(accused, cue=cue, speaker=None, stance="denies")
        else:  # "was charged with bribing Z"
            yield from _accusation(verb)
    elif suspects(verb):
        for suspected in _accusation(verb):
            yield replace(suspected, stance="hypothesizes")
    elif lemma == "plead":
        yield from _plea(verb)
    elif lemma in cues.exonerating_verbs:
        for accused in _accusation(verb):
            if not _is_emptied(accused):
                yield replace(accused, stance="denies")


def _is_called_false(verb: "Token") -> bool:
    """Whether what accuses somebody is said to be false: "tweets accusing Ann of spying (are lies)"."""
    added = verb.dep_ == "acl" and verb.tag_ == "VBG"
    return added and verb.head.dep_ in SUBJECTS and says_false(verb.head.head)


def suspects(verb: "Token") -> bool:
    """ "suspects Ann of spying", unlike "suspects that p"."""
    return verb.lemma_ == "suspect" and any(c.lower_ == "of" for c in verb.children)


def _accusation(verb: "Token") -> Iterator[Attribution]:
    """ "X accused Y of bombing Z": X asserts that Y was bombing Z."""
    passive = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
    if verb.dep_ == "acl" and verb.tag_ == "VBN":  # "a contractor accused of spying"
        passive = verb.head
    elif verb.dep_ in ("acomp", "xcomp", "oprd") and verb.tag_ == "VBN":  # "stands accused of"
        passive = own_subject(verb.head)
    elif passive is None and is_passive(verb) and verb.dep_ == "pcomp":
        passive = own_subject(verb.head.head)  # "fled after being accused"
    elif passive is None and is_passive(verb):  # "stands accused of", to some parsers
        subjects = (own_subject(c) for c in verb.children if c.dep_ == "auxpass")
        passive = next((subject for subject in subjects if subject is not None), None)
    accused = passive or next((c for c in verb.children if c.dep_ == "dobj"), None)
    prepositions = [
        c
        for c in verb.children  # not "cleared on Monday"
        if c.lower_ in ("of", "for", "with", "on")
        and not any(p.ent_type_ == "DATE" for p in c.children)
    ]
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
            if any(c.lower_ == "for" for c in prepositions):
                return
            thing, accused = accused, thing  # "blamed the crash on fog"
        if thing is not None:
            yield Attribution(verb, speaker, thing, stance, "blame", accused)


def charges(noun: "Token") -> Iterator[Attribution]:
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
    if verb.pos_ != "VERB" or is_negated(verb) or who is None:
        return
    if not may_be_person(who) and who.lemma_ not in load_cues().bodies:
        return
    stance: Stance = "hypothesizes" if lemma == "suspicion" else "reports"
    for act in of.children:
        if act.dep_ == "pcomp" and act.tag_ == "VBG":
            yield Attribution(noun, None, act, stance, "gerund", who)
        elif act.dep_ == "pobj" and not any(c.dep_ == "nummod" for c in act.children):
            yield Attribution(noun, None, act, stance, "blame", who)


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
                claim = claim_of(thing, holder_of(thing))
                yield Attribution(verb, speaker, clause, "denies", against=claim)
            elif thing.dep_ == "pobj":
                yield Attribution(verb, speaker, thing, "denies", "blame", speaker)


def _is_emptied(accused: Attribution) -> bool:
    """ "(cleared) the field of rivals", "the villages of rebels": of no charge."""
    subject, charge = accused.subject, accused.content
    things = charge.tag_ == "NNS" and charge.lemma_ not in ("charge", "count", "crime", "offence")
    things |= charge.pos_ == "PROPN"  # "the hurdle of the House"
    cleared = subject is not None and subject.lemma_ in load_cues().clearings
    return accused.form == "blame" and accused.cue.lemma_ == "clear" and (things or cleared)
