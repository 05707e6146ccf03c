"""What nouns attribute: "denial that p", "claims that p", "bogus reports of q", and whose claim each is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contradict.answers import REFERENCES, is_reference, says_false
from contradict.attributed import Attribution, Claim
from contradict.complements import (
    called_behind,
    claim_clause,
    find_speaker,
    has_mark,
    is_relative,
    told_of,
)
from contradict.cues import SUBJECTS, cue_lemma, cue_stance, is_negated, load_cues, own_subject

if TYPE_CHECKING:
    from spacy.tokens import Token


def noun_attributions(noun: "Token") -> Iterator[Attribution]:
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
    holder = holder_of(noun)
    if called is not None:
        against = claim_of(noun, holder) if holder is not None else None
        yield Attribution(called, None, clause, "denies", against=against)
        return
    denial = _denial_of(noun)
    if denial is not None:
        yield Attribution(denial, holder_of(denial), clause, "denies")
        return
    verb = _governing_verb(noun)
    if verb is not None and cue_lemma(verb) in cues.retracting_verbs:
        yield Attribution(verb, None, clause, "reports")  # nobody commits to it any more
        return
    if holder is not None and holder.tag_ == "PRP$" and verb is not None:
        objects = (c for c in verb.rights if c.dep_ == "dobj" and c.i < noun.i)
        holder = next(objects, None) or find_speaker(verb)  # "challenged him over his claim that p"
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
                verb, find_speaker(verb), clause, "denies", against=claim_of(noun, holder)
            )
            return
    false = _false_adjective(noun)
    denying = verb is not None and "denies" in ((governing or ("",))[0], cue_stance(verb))
    if verb is not None and governing and denying and stance != "denies":
        denied = governing[is_negated(verb)]
        claimed = denied == "denies" and (stance == "reports" or holder is not None)
        against = claim_of(noun, holder) if claimed else None
        yield Attribution(verb, find_speaker(verb), clause, denied, against=against)
    elif false is not None and stance == "reports":
        if holder is None and verb is not None and governing and governing[0] == "asserts":
            holder = find_speaker(verb)
        yield Attribution(false, None, clause, "denies", against=claim_of(noun, holder))
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


def denied_text(verb: "Token") -> "Token | None":
    """The verb of denying whose object tells what another verb says: "rejected (a report saying that p)"."""
    noun = verb.head
    telling = verb.dep_ == "acl" and verb.tag_ == "VBG"
    telling |= verb.dep_ == "relcl" and any(is_relative(c) for c in verb.lefts)
    if (
        not telling
        or noun.pos_ != "NOUN"
        or noun.dep_ not in ("dobj", "nsubjpass", "pobj", "appos")
    ):
        return None
    governing = _governing_verb(noun)
    denies = governing is not None and cue_stance(governing) in ("denies", "reports")
    known = governing is not None and load_cues().verbs.get(cue_lemma(governing), ("",))[0]
    return governing if denies and known == "denies" else None


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
    if thing is None or not may_be_denied(thing, verb):
        return
    holder = holder_of(denial)
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


def holder_of(noun: "Token") -> "Token | None":
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


def claim_of(noun: "Token", holder: "Token | None") -> Claim | None:
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
    if noun.dep_ in SUBJECTS and says_false(verb):  # "The claim that p is a lie", "has no merit"
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


def may_be_denied(noun: "Token", verb: str) -> bool:
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
    if noun.lower_ == "that" and noun.head.dep_ == "relcl":
        return False  # "a deal that was rejected"
    if noun.lower_ in REFERENCES:  # to reject "it" may be to turn down an offer
        return verb in cues.contradicting_verbs or noun.lower_ in ("this", "that")
    if lemma in ("comment", "remark", "statement") and verb in ("disavow", "disown", "repudiate"):
        return False  # they were made
    if lemma == "idea" and verb in ("dismiss", "reject") and told_of(noun) is not None:
        return False  # "rejected the idea of a coalition": they do not want one
    if is_reference(noun) and verb in cues.contradicting_verbs:
        return True
    if lemma in cues.possessed_nouns and verb in ("reject", "dismiss", "dispute", "challenge"):
        article = any(c.lower_ in ("a", "an", "the") or c.dep_ == "poss" for c in noun.children)
        return not article  # "rejected a plan" turns it down
    if lemma in cues.possessed_nouns or lemma in cues.nouns:
        return True
    grants = verb == "deny" and lemma in cues.granted_nouns
    return verb in ("deny", "rule out") and noun.pos_ == "NOUN" and not grants
