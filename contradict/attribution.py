"""Who says it, and with what stance: cue words over the dependency parse, quotations, "according to".

The cue words and what each implies stand in ``cues.json``; the syntax that ties a cue to its speaker and its
content stands here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from contradict.records import Stance

if TYPE_CHECKING:
    from spacy.tokens import Span as Sentence
    from spacy.tokens import Token

SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_NEGATIONS = ("no", "not", "n't", "n’t", "never", "neither", "nor", "without")


@dataclass(frozen=True, slots=True)
class Cues:
    """The cue lexicon: lemma (with particle) to stance, and to stance under negation."""

    verbs: dict[str, tuple[Stance, Stance]]
    nouns: dict[str, Stance]
    accusing_verbs: frozenset[str]
    negating_verbs: frozenset[str]
    false_predicates: frozenset[str]
    possessed_nouns: frozenset[str]
    hearsay_adverbs: frozenset[str]
    titles: frozenset[str]


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
        nouns={lemma: group["stance"] for group in data["nouns"] for lemma in group["lemmas"]},
        **{
            key: frozenset(data[key])
            for key in list(data)
            if key not in ("about", "verbs", "nouns")
        },
    )


@dataclass(frozen=True, slots=True)
class Attribution:
    """One cue with its speaker and its content, as tokens of one sentence.

    Attributes:
        cue: The word that says so.
        speaker: Head of the noun phrase that names the speaker; None where nobody is named.
        content: Head of what is said: of a clause, or of the noun phrase a denial is about.
        stance: What the speaker does with the content.
        form: How the content stands in the text: a ``clause``, a ``gerund`` phrase that lacks its subject
            ("denied bombing", "accused them of bombing"), or a ``noun`` phrase ("denied any role in …").
        subject: For a gerund or a noun phrase, head of the noun phrase that the content says something of.
    """

    cue: "Token"
    speaker: "Token | None"
    content: "Token"
    stance: Stance
    form: Literal["clause", "gerund", "noun"] = "clause"
    subject: "Token | None" = None


def find_attributions(sentence: "Sentence") -> list[Attribution]:
    """Every attribution in a parsed sentence, in the order of their cues."""
    found: list[Attribution] = []
    for token in sentence:
        if token.lower_ == "according":
            found.extend(_according_to(token))
        elif token.pos_ in ("VERB", "AUX"):
            found.extend(_verb_attributions(token))
        elif token.pos_ == "NOUN":
            found.extend(_noun_attributions(token))
    return found


def cue_lemma(verb: "Token") -> str:
    """A verb's lemma with its particle: "laugh off"."""
    particles = [child.lower_ for child in verb.children if child.dep_ == "prt"]
    return " ".join([verb.lemma_.lower(), *particles[:1]])


def _verb_attributions(verb: "Token") -> Iterator[Attribution]:
    cues = load_cues()
    lemma = cue_lemma(verb)
    stances = cues.verbs.get(lemma) or cues.verbs.get(verb.lemma_.lower())
    if verb.lemma_.lower() in cues.accusing_verbs:
        yield from _accusation(verb)
        return
    if stances is None or verb.dep_ == "amod":
        return
    speaker = find_speaker(verb)
    stance = stances[is_negated(verb)]
    if speaker is None:  # "it is said that", "nobody believes that": no commitment of anybody's
        stance = "reports"
    clause = _clause_of(verb)
    if stance == "asserts" and clause is not None and _has_mark(clause, "if", "whether"):
        stance = "questions"
    if clause is not None:
        yield Attribution(verb, speaker, clause, stance)
        return
    if stances[0] != "denies":
        return
    for child in verb.children:
        if _is_gerund(child) and not _has_subject(child):
            yield Attribution(verb, speaker, child, stance, "gerund", speaker)
        elif child.dep_ == "dobj" and (_claim_clause(child) is None):
            lemma = child.lemma_.lower()
            if lemma in cues.possessed_nouns or lemma in cues.nouns:
                yield Attribution(verb, speaker, child, stance, "noun", speaker)


def _is_gerund(child: "Token") -> bool:
    """ "bombing Homs", "having bombed Homs", also where the parser takes the gerund for a noun."""
    if child.dep_ in ("xcomp", "ccomp", "pcomp"):
        return child.tag_ == "VBG" or any(c.lower_ == "having" for c in child.children)
    bare = not any(c.dep_ in ("det", "poss", "amod") for c in child.children)
    return child.dep_ == "dobj" and child.tag_ == "NN" and child.lower_.endswith("ing") and bare


def _noun_attributions(noun: "Token") -> Iterator[Attribution]:
    """ "denial that p", "claims that p": the noun's own stance, or that of the verb that governs it."""
    cues = load_cues()
    stance = cues.nouns.get(noun.lemma_.lower())
    clause = _claim_clause(noun)
    if stance is None or clause is None:
        return
    if noun.dep_ == "nsubj" and _is_called_false(noun.head):
        yield Attribution(noun.head, None, clause, "denies")
        return
    holder = next((c for c in noun.children if c.dep_ == "poss"), None)
    by = next(
        (c for c in noun.children if c.dep_ in ("prep", "agent") and c.lower_ in ("by", "from")),
        None,
    )
    if holder is None and by is not None:
        holder = next((c for c in by.children if c.dep_ == "pobj"), None)
    verb = noun.head if noun.dep_ in ("dobj", "nsubjpass", "pobj") else None
    if verb is not None and verb.dep_ == "prep":
        verb = verb.head
    if holder is not None and holder.tag_ == "PRP$":
        holder = find_speaker(verb) if verb is not None else None
    governing = cues.verbs.get(cue_lemma(verb)) if verb is not None else None
    if verb is not None and governing and governing[0] == "denies" and stance != "denies":
        yield Attribution(verb, find_speaker(verb), clause, governing[is_negated(verb)])
    elif verb is not None and governing and governing[0] == "asserts" and holder is None:
        yield Attribution(noun, find_speaker(verb), clause, stance)
    else:
        yield Attribution(noun, holder, clause, stance)


def _is_called_false(verb: "Token") -> bool:
    """ "is false", "is a lie", "was unfounded"; not "is not false"."""
    predicates = [c.lemma_.lower() for c in verb.children if c.dep_ in ("acomp", "attr", "oprd")]
    false = load_cues().false_predicates
    return (
        verb.lemma_ == "be" and not is_negated(verb) and any(word in false for word in predicates)
    )


def _according_to(token: "Token") -> Iterator[Attribution]:
    to = next((c for c in token.children if c.lower_ == "to"), token)
    speaker = next((c for c in to.children if c.dep_ == "pobj"), None)
    content = token.head
    while content.pos_ not in ("VERB", "AUX") and content.head != content:
        content = content.head
    if speaker is not None and content.pos_ in ("VERB", "AUX"):
        yield Attribution(token, speaker, content, "asserts")


def _accusation(verb: "Token") -> Iterator[Attribution]:
    """ "X accused Y of bombing Z": X asserts that Y was bombing Z."""
    passive = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
    accused = passive or next((c for c in verb.children if c.dep_ == "dobj"), None)
    act = next(
        (
            p
            for c in verb.children
            if c.lower_ in ("of", "for")
            for p in c.children
            if p.dep_ == "pcomp"
        ),
        None,
    )
    if accused is not None and act is not None and act.tag_ == "VBG":
        speaker = find_speaker(verb)
        asserts = speaker is not None and not is_negated(verb)
        yield Attribution(
            verb, speaker, act, "asserts" if asserts else "reports", "gerund", accused
        )


def find_speaker(verb: "Token") -> "Token | None":
    """Head of the noun phrase that does the saying; None for "it is said" and the like."""
    agent = next((c for c in verb.children if c.dep_ == "agent"), None)
    if agent is not None:
        return next((c for c in agent.children if c.dep_ == "pobj"), None)
    if _is_passive(verb):
        return None
    for _ in range(4):
        subject = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is not None:
            if subject.lower_ in ("who", "which", "that") and verb.dep_ == "relcl":
                return verb.head
            nobody = subject.lower_ in ("it", "there", "what", "that", "this") or _is_none(subject)
            return None if nobody else subject
        if verb.dep_ in ("acl", "relcl") and verb.head.pos_ in ("NOUN", "PROPN"):
            return verb.head if verb.tag_ == "VBG" else None
        if (
            verb.dep_ not in ("conj", "advcl", "xcomp", "parataxis", "ccomp", "dep")
            or verb.head == verb
        ):
            return None
        verb = verb.head
    return None


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
        if any(c.dep_ == "nsubj" and _is_none(c) for c in verb.children):
            return True
        if verb.dep_ == "xcomp" and verb.head.lemma_.lower() in cues.negating_verbs:
            return not is_negated(verb.head)
        if (
            verb.dep_ == "xcomp" and verb.head.lemma_.lower() in ("be", "able", "seem", "appear")
        ) or (verb.dep_ == "conj" and not any(c.dep_ in (*SUBJECTS, "aux") for c in verb.children)):
            verb = verb.head
        else:
            return False
    return False


def _is_passive(verb: "Token") -> bool:
    return any(child.dep_ in ("nsubjpass", "auxpass") for child in verb.children)


def _is_none(subject: "Token") -> bool:
    return subject.lower_ in ("nobody", "none", "neither") or any(
        c.lower_ in ("no", "neither") for c in subject.children
    )


def _clause_of(verb: "Token") -> "Token | None":
    """Head of the clause that a verb of saying takes, whether before, behind or around it."""
    for child in verb.children:
        if child.dep_ == "ccomp" and (_has_subject(child) or child.tag_ != "VBG"):
            return child
    for child in verb.children:
        if child.dep_ == "parataxis" and _has_subject(child):
            return child
    if verb.dep_ == "parataxis" and verb.head != verb and _has_subject(verb.head):
        return verb.head
    return None


def _claim_clause(noun: "Token") -> "Token | None":
    """The that-clause of "the claim that p"."""
    for child in noun.children:
        introduced = child.dep_ in ("acl", "ccomp", "relcl") and _has_mark(child, "that")
        if introduced and _has_subject(child):
            return child
    return None


def _has_subject(verb: "Token") -> bool:
    return any(child.dep_ in (*SUBJECTS, "expl") for child in verb.children)


def _has_mark(clause: "Token", *words: str) -> bool:
    return any(child.dep_ == "mark" and child.lower_ in words for child in clause.children)
