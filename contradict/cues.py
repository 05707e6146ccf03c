"""What cue words imply: the lexicon in ``cues.json``, and what turns it round: "did not deny", "refused to deny"."""

import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

from contradict.records import Stance

if TYPE_CHECKING:
    from spacy.tokens import Token

POSSIBLE = ("could", "may", "might")
"""Auxiliaries of what may be so."""

SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_NEGATIONS = ("no", "not", "n't", "never", "neither", "nor")


@dataclass(frozen=True)
class Cues:
    """The lexicon in ``cues.json``: lemmas, unless said otherwise.

    Attributes:
        verbs: Lemma (with particle) to the stance it implies, and to the one it implies under negation.
        adjectives: What one is, or it is, to the stance this implies about its clause, and under negation: "hopeful".
        nouns: Lemma to the stance it implies about its clause: "denial that", "claims that".
        accusing_verbs: Somebody, of something: "accuse".
        characterizing_verbs: Somebody or something, as what it is called: "call it a lie".
        naming_verbs: Those of them that take what it is called without "as".
        doubting_verbs: Who does so to a claim neither makes nor denies it: "cast doubt on".
        retracting_verbs: Who does so to his claim no longer makes it: "withdraw".
        causes: What something is ruled out as: "ruled out arson as the cause".
        firms: What a company is called that was named before: "the airline".
        commanding_verbs: Whose infinitive is an order, no claim: "told Ann to leave".
        wishing_verbs: Whose content somebody wants rather than claims: "propose".
        idea_nouns: Nouns with a clause that nobody need have claimed: "notion".
        attitude_verbs: Whose clause tells what its subject thinks or wants: "criticise", "want".
        negating_verbs: What one ceases or fails to do is not done: "refused to deny".
        false_predicates: What is false: adjectives and nouns of "is false", "is a lie".
        false_nouns: Nouns whose clause is false: "the myth that".
        false_adjectives: Adjectives of a claim that is false: "the bogus claim that".
        false_adverbs: Adverbs of a false saying: "wrongly claimed".
        utter_adverbs: What makes "wrong" mean false: "plainly wrong".
        disproving_verbs: What is done to a false claim, by whomever: "debunk".
        true_predicates: What is true; negated, false: "is not the case".
        believing_predicates: What a claim is called by who takes it seriously: "credible".
        opinions: Those of `false_predicates` that may be said of a thing rather than a claim: "ridiculous".
        truth_nouns: What a false claim lacks: "merit".
        possessed_nouns: What one denies to have: "role".
        facts: What one denies to be real: "climate change".
        clearings: What is cleared of people and things rather than of a charge: "field".
        hearers: Who hears what others say, and does not say it: "court".
        occasions: What one does something by: "took the step of denying", "is at pains to deny".
        taking_verbs: What one does with an occasion: "take".
        writings: What one says something in: "issued a statement denying".
        issuing_verbs: What one does with a writing of one's own: "issue".
        committing_verbs: Who does them to do something says that they will do it: "vow".
        admitting_verbs: Who does them, and names a deed, says that they have done it: "admit".
        planning_verbs: What one plans to deny has not been denied yet: "vow".
        rules: What allows and forbids: "law".
        states: What only somebody, or a body, is: "it was unaware".
        granted_nouns: What is denied by not being given: "bail".
        claim_nouns: Nouns that with an article stand for a claim made before: "the allegations".
        pointing_nouns: Nouns that do so with "this" or "that": "that description".
        making_verbs: What one does with a claim, so that its clause is a relative one: "the claim he made".
        contradicting_verbs: What is done to a claim rather than to an offer: "refute it".
        finding_verbs: What one asserts only when one has done it: "prove".
        striving_verbs: Whose infinitive is not done yet: "tried to prove".
        exonerating_verbs: Whose object is found not to have done something: "clear".
        explaining_verbs: Whose question is answered already, or never: "explain".
        differing_verbs: What denies without an object: "differ".
        denying_words: What a denying answer may consist of: "absolutely", "not".
        denying_marks: Those of them of which one must be there: "not".
        denying_phrases: Answers that deny as a whole: "far from it".
        hearsay_adverbs: "allegedly".
        hearsay_adjectives: What reports are called that are nobody's: "unconfirmed".
        hearsay_verbs: What one "has been" by hearsay: "tipped for the post".
        hearsay_nouns: What "has it that p" and is nobody: "legend".
        ignorant_verbs: Whose question stays open where they are negated, or wanted: "does not know why".
        inquiring_verbs: Whose question is open until they are done: "trying to establish how".
        bodies: Whose claim "a union claim" is.
        representatives: What somebody is whose "we" is the body they speak for: "chief executive".
        titles, men, women, persons, things: What tells whether somebody is meant, and who "she" may be.
    """

    verbs: dict[str, tuple[Stance, Stance]]
    adjectives: dict[str, tuple[Stance, Stance]]
    nouns: dict[str, Stance]
    accusing_verbs: frozenset[str]
    characterizing_verbs: frozenset[str]
    naming_verbs: frozenset[str]
    doubting_verbs: frozenset[str]
    retracting_verbs: frozenset[str]
    causes: frozenset[str]
    commanding_verbs: frozenset[str]
    firms: frozenset[str]
    wishing_verbs: frozenset[str]
    idea_nouns: frozenset[str]
    attitude_verbs: frozenset[str]
    negating_verbs: frozenset[str]
    false_predicates: frozenset[str]
    opinions: frozenset[str]
    truth_nouns: frozenset[str]
    possessed_nouns: frozenset[str]
    facts: frozenset[str]
    hearers: frozenset[str]
    clearings: frozenset[str]
    occasions: frozenset[str]
    taking_verbs: frozenset[str]
    writings: frozenset[str]
    issuing_verbs: frozenset[str]
    committing_verbs: frozenset[str]
    admitting_verbs: frozenset[str]
    planning_verbs: frozenset[str]
    rules: frozenset[str]
    states: frozenset[str]
    granted_nouns: frozenset[str]
    hearsay_adverbs: frozenset[str]
    false_adverbs: frozenset[str]
    false_adjectives: frozenset[str]
    titles: frozenset[str]
    denying_words: frozenset[str]
    hearsay_nouns: frozenset[str]
    bodies: frozenset[str]
    representatives: frozenset[str]
    hearsay_adjectives: frozenset[str]
    hearsay_verbs: frozenset[str]
    ignorant_verbs: frozenset[str]
    inquiring_verbs: frozenset[str]
    believing_predicates: frozenset[str]
    utter_adverbs: frozenset[str]
    denying_phrases: frozenset[str]
    denying_marks: frozenset[str]
    differing_verbs: frozenset[str]
    explaining_verbs: frozenset[str]
    pointing_nouns: frozenset[str]
    making_verbs: frozenset[str]
    false_nouns: frozenset[str]
    disproving_verbs: frozenset[str]
    true_predicates: frozenset[str]
    finding_verbs: frozenset[str]
    striving_verbs: frozenset[str]
    exonerating_verbs: frozenset[str]
    men: frozenset[str]
    women: frozenset[str]
    persons: frozenset[str]
    claim_nouns: frozenset[str]
    contradicting_verbs: frozenset[str]
    things: frozenset[str]

    @cached_property
    def falsehoods(self) -> frozenset[str]:
        """What something false is called, by adjectives and nouns."""
        return self.false_predicates | self.false_nouns

    @cached_property
    def phrases(self) -> frozenset[str]:
        """The verbal cues of several words."""
        verbs = (*self.verbs, *self.retracting_verbs, *self.inquiring_verbs)
        return frozenset(lemma for lemma in verbs if " " in lemma)

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The words with which those begin."""
        return frozenset(phrase.split()[0] for phrase in self.phrases)


@cache
def load_cues() -> Cues:
    """The lexicon in ``cues.json``."""
    data = json.loads((files("contradict") / "cues.json").read_text("utf-8"))
    return Cues(
        verbs={
            lemma: (group["stance"], group["negated"])
            for group in data["verbs"]
            for lemma in group["lemmas"]
        },
        adjectives={
            lemma: (group["stance"], group["negated"])
            for group in data["adjectives"]
            for lemma in group["lemmas"]
        },
        nouns={lemma: group["stance"] for group in data["nouns"] for lemma in group["lemmas"]},
        **{
            key: frozenset(data[key])
            for key in list(data)
            if key not in ("about", "adjectives", "verbs", "nouns")
        },
    )


def cue_lemma(verb: "Token") -> str:
    """A verb's lemma with what makes a cue of it: "laugh off", "pour cold water on"."""
    lemma = verb.lemma_.lower()
    if lemma not in load_cues().first_words:
        return lemma
    lemmas = [token.lemma_.lower() for token in verb.doc[verb.i : verb.i + 4]]
    for length in range(len(lemmas), 1, -1):
        if " ".join(lemmas[:length]) in load_cues().phrases:
            return " ".join(lemmas[:length])
    particles = [child.lower_ for child in verb.children if child.dep_ in ("prt", "advmod")]
    phrases = (f"{lemmas[0]} {particle}" for particle in particles)
    return next((phrase for phrase in phrases if phrase in load_cues().phrases), lemmas[0])


def cue_stance(cue: "Token") -> Stance:
    """What a cue word implies, as it stands, about what it attributes; ``asserts`` where it is in no lexicon."""
    cues = load_cues()
    if cue.pos_ in ("VERB", "AUX") and cue_lemma(cue) in cues.verbs:
        return cues.verbs[cue_lemma(cue)][is_negated(cue)]
    return cues.nouns.get(cue.lemma_.lower(), "asserts") if cue.pos_ == "NOUN" else "asserts"


def own_subject(verb: "Token") -> "Token | None":
    """The subject that hangs on a verb itself."""
    return next((c for c in verb.children if c.dep_ in SUBJECTS), None)


def to_before(verb: "Token") -> "Token | None":
    """The "to" of an infinitive, which to some parsers hangs on "have": "to leave", "to have left"."""
    auxiliaries = (c for c in verb.children if c.dep_ == "aux")
    words = (t for aux in auxiliaries for t in (aux, *aux.children))
    return next((t for t in words if t.tag_ == "TO"), None)


def has_to(verb: "Token") -> bool:
    """Whether a verb is an infinitive with "to"."""
    return to_before(verb) is not None


def is_negated(verb: "Token") -> bool:
    """Whether the saying itself is negated: "did not deny", "no longer denies", "refused to confirm or deny"."""
    cues = load_cues()
    for _ in range(3):
        words = [
            c.lower_ for c in verb.children if c.dep_ in ("neg", "advmod", "preconj", "cc", "prep")
        ]
        if any(word in _NEGATIONS for word in words):
            return True
        if any(
            c.lower_ == "longer" and any(g.lower_ == "no" for g in c.children)
            for c in verb.children
        ):
            return True
        if any(c.dep_ == "nsubj" and is_nobody(c) for c in verb.children):
            return True
        if verb.dep_ == "conj" and any(
            c.lower_ == "nor" and c.i < verb.i for c in verb.head.rights
        ):
            return True  # "nor has she ever denied it"
        if verb.dep_ == "xcomp" and verb.head.lemma_.lower() in cues.negating_verbs:
            return not is_negated(verb.head)
        if _is_not_yet(verb) or (verb.dep_ == "pcomp" and verb.head.lower_ == "without"):
            return True
        if _does_little(verb):
            return True
        but = any(c.lower_ == "but" and c.dep_ == "cc" and c.i < verb.i for c in verb.head.rights)
        if (
            verb.dep_ == "xcomp" and verb.head.lemma_.lower() in ("be", "able", "seem", "appear")
        ) or (
            verb.dep_ == "conj"
            and not but
            and not any(c.dep_ in (*SUBJECTS, "aux") for c in verb.children)
        ):
            verb = verb.head
        else:
            return False
    return False


def _is_not_yet(verb: "Token") -> bool:
    """ "has yet to deny", "stopped short of denying"."""
    if verb.dep_ == "xcomp" and verb.head.lemma_ == "have":
        return any(c.lower_ == "yet" for c in (*verb.head.children, *verb.lefts))
    short = verb.head.head if verb.dep_ == "pcomp" and verb.head.lower_ == "of" else None
    return short is not None and short.lower_ == "short" and short.head.lemma_ in ("stop", "fall")


def _does_little(verb: "Token") -> bool:
    """ "did little to dispel the idea"."""
    doing = [verb.head, *(a for a in verb.ancestors if a.lemma_ == "do")][-1]
    little = (c for c in doing.children if c.lower_ in ("little", "nothing") and c.i < verb.i)
    return has_to(verb) and doing.lemma_ == "do" and next(little, None) is not None


def reports_hearsay(verb: "Token") -> bool:
    """ "allegedly", "has been tipped for": what the clause says is only passed on."""
    cues = load_cues()
    if verb.lemma_.lower() in cues.hearsay_verbs and is_passive(verb):
        return True
    return any(child.lower_ in cues.hearsay_adverbs for child in verb.children)


def is_passive(verb: "Token") -> bool:
    """Whether a verb is in the passive: "is said", not "he's denied it"."""
    marks = [child for child in verb.children if child.dep_ in ("nsubjpass", "auxpass")]
    short = any(child.lower_ == "'s" for child in marks)
    return bool(marks) and not (short and any(c.dep_ == "dobj" for c in verb.children))


def names_claim(noun: "Token") -> bool:
    """Whether a noun stands for something claimed: "allegation", "statement"."""
    lemma = noun.lemma_.lower()
    named = lemma in load_cues().nouns or lemma in load_cues().pointing_nouns
    return named and noun.pos_ not in ("VERB", "AUX")


def is_nobody(subject: "Token") -> bool:
    """Whether a noun phrase, given by its head, names nobody: "nobody", "no one", "neither side"."""
    return subject.lower_ in ("few", "nobody", "none", "neither") or any(
        c.lower_ in ("no", "neither") and c.dep_ in ("det", "preconj") for c in subject.children
    )
