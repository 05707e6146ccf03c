"""What denies something said before: "This is a lie", "The allegations are untrue", "Absolutely not"."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contradict.complements import claim_clause
from contradict.cues import (
    POSSIBLE,
    SUBJECTS,
    is_negated,
    is_nobody,
    is_passive,
    load_cues,
    names_claim,
    own_subject,
)

if TYPE_CHECKING:
    from spacy.tokens import Token

REFERENCES = ("it", "this", "that", "they", "them", "these", "those", "which", "something")
_KINDS = (
    ("accus", "alleg", "blam", "charg"),
    ("assert", "claim"),
    ("gossip", "rumo", "speculat", "talk", "whisper"),
    ("report",),
    ("hint", "impl", "suggest"),
)
"""How words begin that introduce a claim and name it afterwards: "was accused of p", "the accusation"."""

_ASIDES = (*SUBJECTS, "neg", "aux", "intj", "punct", "cc", "conj", "advmod", "ccomp", "mark")
"""What may hang on a verb that does no more than deny: "No, and we certainly did not, and …"."""

_NOT = ("no", "not", "never", "nothing", "hardly")
_LONGEST_FALSEHOOD = 7
"""Words, at most, of a fragment that calls something false."""

_HOLDING = ("add", "hold", "ring", "stack", "stand")
"""What a claim does not do that is not so: "add up", "hold water", "ring true"."""

_RECORDED = ("do", "find", "happen", "occur", "say", "see", "show", "tell")
"""What is not "what I saw" is not so; what is not "what I want" may be."""

_AUXILIARIES = ("be", "do", "have", "can", "will", "would", "could", "should", "may", "might")


def is_reference(thing: "Token") -> bool:
    """Whether a noun phrase stands for a claim made before: "it", "this", "the allegations", "that claim"."""
    if thing.lower_ in REFERENCES:
        return True
    cues = load_cues()
    lemma = thing.lemma_.lower()
    determiners = {c.lower_ for c in thing.children if c.dep_ in ("det", "predet")}
    if not determiners and thing.tag_ == "NN" and thing.left_edge == thing and thing.i > 0:
        determiners = {thing.nbor(-1).lower_} & {"that"}  # "said that rumour was false"
    whole = any(c.lower_ in ("entire", "whole") for c in thing.children)
    if lemma == "thing" and "the" in determiners and whole:
        return True
    pointed_at = bool(determiners & {"this", "that", "these", "those"})
    pointed_at &= lemma in cues.pointing_nouns or cues.nouns.get(lemma) == "reports"
    claim = pointed_at or ("the" in determiners and lemma in cues.claim_nouns)
    whose = any(c.dep_ == "poss" for c in thing.children)
    claim |= whose and (lemma in cues.claim_nouns or lemma in cues.pointing_nouns)
    claim &= thing.lower_ != "talks"  # they are held
    aside = any(c.dep_ in ("prep", "relcl", "acl") and c.lower_ != "as" for c in thing.children)
    return claim and not aside and claim_clause(thing) is None


def is_named_claim(thing: "Token") -> bool:
    """Whether a reference says which claim is meant: "the allegation", "Ann's claim"; not "that", "this claim"."""
    names = any(c.dep_ == "poss" or (c.dep_ == "det" and c.lower_ == "the") for c in thing.children)
    return names and is_reference(thing)


def introduces(cue: str, claim: "Token") -> bool:
    """Whether a cue introduces what a noun calls it afterwards: "reported" for "the report"."""
    kind = next((kind for kind in _KINDS if claim.lower_.startswith(kind)), ())
    return cue.lower().startswith(kind) if kind else False


def is_denying_answer(verb: "Token") -> bool:
    """Whether a clause denies what was said before it: "This is a lie", "The allegations are untrue", "We did not"."""
    if _says_nothing_of_the_kind(verb):
        return True
    subject = own_subject(verb)
    if subject is None or any(
        c.dep_ == "mark" and c.lower_ in ("if", "unless") for c in verb.lefts
    ):
        return False
    rest = [c for c in verb.children if c.dep_ not in _ASIDES or _is_said_to_be(c)]
    refers = is_reference(subject)
    if differs(verb):
        return True
    if subject.lower_ in ("he", "she", "they", "you") and _speaks_falsely(verb):
        return True
    if _proves_wrong(verb):
        return True
    if _no_such(subject) or any(c.dep_ == "dobj" and _no_such(c) for c in verb.children):
        return True  # "No such meeting took place", "He did no such thing"
    often = any(c.dep_ == "npadvmod" for c in verb.children)  # "They did not happen every day"
    if verb.lemma_ in ("happen", "occur", "exist") and refers and not often and verb.tag_ != "VBG":
        return any(c.dep_ == "neg" for c in verb.children)
    auxiliary = verb.lemma_.lower() in _AUXILIARIES
    if auxiliary and not rest and (refers or subject.pos_ == "PRON"):
        negated = any(c.dep_ == "neg" for c in verb.children)
        behind = [c for c in verb.rights if c.dep_ not in ("conj", "cc", "punct")]
        return negated and len(behind) <= 2 and subject.i < verb.i
    if verb.lemma_ == "be" and subject.lower_ == "nothing":
        return any(c.lower_ in ("further", "farther") for c in verb.subtree) and any(
            c.lower_ == "truth" for c in verb.subtree
        )
    if refers and _is_disproved(verb):
        return True
    return refers and says_false(verb, opinions=False, plain_wrong=is_named_claim(subject))


def _is_disproved(verb: "Token") -> bool:
    """ "(The rumour) has been debunked", by nobody who is named."""
    disproved = verb.lemma_.lower() in load_cues().disproving_verbs and is_passive(verb)
    more = any(c.dep_ in ("agent", "xcomp") for c in verb.children)
    return disproved and not more and not is_negated(verb)


def _is_said_to_be(clause: "Token") -> bool:
    """ "(This is not) what we need", "(It is not) that we forgot": no mere answer, unlike "what happened"."""
    if clause.dep_ != "ccomp" or clause.head.lemma_ != "be" or clause.i < clause.head.i:
        return False
    if clause.left_edge.lower_ in ("what", "how") and clause.lemma_ in _RECORDED:
        return False
    return clause.left_edge.lower_ in ("that", "what", "who", "how", "why", "where")


def is_affirming_answer(verb: "Token") -> bool:
    """Whether a clause affirms what was asked or claimed before it: "(She said that) it was", "(They) say yes"."""
    says = verb.lemma_.lower() in load_cues().verbs
    following = verb.doc[verb.i + 1].lower_ if verb.i + 1 < len(verb.doc) else ""
    if says and following == "yes":
        return not any(c.dep_ in ("ccomp", "xcomp", "prep") for c in verb.children)
    subject = own_subject(verb)
    if subject is None or verb.lemma_.lower() not in _AUXILIARIES or subject.i > verb.i:
        return False
    rest = [c for c in verb.children if c.dep_ not in (*SUBJECTS, "aux", "mark", "punct", "intj")]
    points = subject.lower_ in (*REFERENCES, "he", "she", "i", "we", "you")
    return not rest and points and not is_negated(verb)


def grants_claim(verb: "Token") -> bool:
    """Whether a clause says no more than that what was claimed before holds: "(denied that) it happened"."""
    subject = own_subject(verb)
    if subject is None or not is_reference(subject) or is_negated(verb):
        return False
    if verb.lemma_ == "be":
        bare = not any(c.dep_ in ("relcl", "prep") for c in verb.subtree)  # "the case in which …"
        return bare and bool(_predicates(verb) & load_cues().true_predicates)
    if any(c.tag_ in ("WRB", "WP", "WDT") for c in verb.lefts):
        return False  # "how it should happen"
    if any(c.dep_ in ("prep", "advmod", "npadvmod", "advcl") for c in verb.rights):
        return False  # "It happened in May": that may be denied of the month alone
    place = [c.lower_ for c in verb.children if c.dep_ == "dobj"]
    return verb.lemma_ in ("happen", "occur") or (verb.lemma_ == "take" and place == ["place"])


def _no_such(noun: "Token") -> bool:
    words = {child.lower_ for child in noun.children}
    return {"no", "such"} <= words


def is_denying_fragment(words: "Sequence[Token]") -> bool:
    """Whether words without a verb deny what was said before them: "Absolutely not", "Never"."""
    said = [token.lower_ for token in words if token.is_alpha or token.like_num]
    if " ".join(said) in load_cues().denying_phrases:
        return True
    denies = load_cues().denying_marks.intersection(said)
    if denies and load_cues().denying_words.issuperset(said):
        return True
    return _names_falsehood(words)


def _names_falsehood(words: "Sequence[Token]") -> bool:
    """Whether words without a verb call something false: "A bare-faced lie", "Complete and utter nonsense"."""
    said = [token for token in words if token.is_alpha]
    inside = set(words)
    heads = [t for t in said if t.head not in inside or t.head == t]
    false = load_cues().falsehoods
    if len(said) > _LONGEST_FALSEHOOD or any(t.lower_ in _NOT for t in said):
        return False
    if any(t.pos_ in ("VERB", "AUX", "PRON", "PROPN") and t.dep_ != "amod" for t in said):
        return len(said) <= 2 and said[-1].lower_ in false
    return bool(heads) and (heads[0].lemma_.lower() in false or heads[0].lower_ in false)


def _says_nothing_of_the_kind(verb: "Token") -> bool:
    """ "They do nothing of the kind", "There is not an iota of truth in it", "There is no question of that"."""
    things = [c for c in verb.children if c.dep_ in ("dobj", "attr")]
    of = [g for thing in things for p in thing.children if p.lower_ == "of" for g in p.children]
    if any(t.lower_ == "nothing" for t in things) and any(g.lower_ in ("kind", "sort") for g in of):
        return True
    if verb.lemma_ != "be" or not any(c.dep_ == "expl" and c.lower_ == "there" for c in verb.lefts):
        return False
    truths = [
        t for t in (*things, *of) if t.lemma_.lower() in (*load_cues().truth_nouns, "question")
    ]
    pointed = [
        g for t in (*things, *truths) for p in t.children for g in p.children if p.dep_ == "prep"
    ]
    pointed += [g for p in verb.rights if p.dep_ == "prep" for g in p.children]
    pointed = [t for t in pointed if t not in truths]
    asked = [verb, *(t for t in truths if t.lower_ == "question")]
    if len(asked) > 1 and any(c.dep_ in ("acl", "relcl", "ccomp") for t in asked for c in t.rights):
        return False  # "There's no question they could"
    lacking = is_negated(verb) or any(is_nobody(thing) for thing in things)
    lacking |= any(c.lower_ == "not" for thing in things for c in thing.children)
    return bool(truths) and lacking and all(is_reference(t) for t in pointed)


def _proves_wrong(verb: "Token") -> bool:
    """ "London has proved him wrong", "The vote proved that prediction wrong"."""
    if verb.lemma_ != "prove" or is_negated(verb) or any(c.tag_ == "MD" for c in verb.lefts):
        return False
    wrong = next((t for t in verb.rights if t.lower_ == "wrong"), None)
    if wrong is None:
        return False
    between = verb.doc[verb.i + 1 : wrong.i]
    return any(t.lower_ in ("him", "her", "them") or is_reference(t) for t in between)


def _speaks_falsely(verb: "Token") -> bool:
    """ "She is mistaken", "They are lying", "He lied": of somebody, who has claimed something."""
    if is_negated(verb) or any(c.dep_ in ("ccomp", "advcl", "dobj") for c in verb.children):
        return False
    if verb.lemma_ == "lie":
        told = any(c.dep_ in ("prep", "dative") for c in verb.children)  # "He lied to me": of what?
        return not told and (verb.tag_ == "VBG" or verb.lower_ in ("lied", "lies"))
    mistaken = verb.lower_ == "mistaken" and any(c.lemma_ == "be" for c in verb.lefts)
    behind = {t.lemma_.lower() for t in verb.rights if t.dep_ in ("acomp", "attr")}
    return mistaken or (verb.lemma_ == "be" and bool(behind & {"wrong", "mistaken", "liar"}))


def says_false(verb: "Token", *, opinions: bool = True, plain_wrong: bool = False) -> bool:
    """ "is false", "is a lie", "is just not true", "has no substance", given the verb.

    Without `opinions`, what may be said of a thing rather than of a claim does not count ("is ridiculous"), but for
    "is plainly wrong"; with `plain_wrong`, "is wrong" counts, too, though not "is wrong about the cost".
    """
    cues = load_cues()
    if _lacks_truth(verb):
        return True
    verb, predicates = _said_to_be(verb)
    if not predicates:
        return False
    if is_negated(verb):
        predicate = (c for c in verb.rights if c.dep_ in ("acomp", "attr"))
        beside = (t for c in (verb, *predicate) for t in c.children if t.dep_ == "advmod")
        partly = any(t.lower_ in ("always", "entirely", "necessarily", "quite") for t in beside)
        return bool(predicates & cues.true_predicates) and not partly
    words = [token.lower_ for token in verb.subtree]
    false = cues.false_predicates | cues.false_nouns
    if not opinions:
        false -= cues.opinions
        bare = not any(t.lower_ == "wrong" and [*t.rights] for t in verb.rights)
        if (plain_wrong and bare) or not cues.utter_adverbs.isdisjoint(words):
            false |= {"wrong"}
    return bool(predicates & false) or "wide of the mark" in " ".join(words)


def _said_to_be(verb: "Token") -> "tuple[Token, set[str]]":
    """The verb that says what its subject is, and what that is: both of "is a lie", "turned out to be a lie"."""
    if verb.lemma_ == "be":
        return verb, _predicates(verb)
    if verb.lemma_ not in ("appear", "prove", "seem", "turn") and not (
        is_passive(verb) and verb.lemma_ in load_cues().finding_verbs
    ):
        return verb, set()
    being = next((c for c in verb.rights if c.dep_ == "xcomp" and c.lemma_ == "be"), verb)
    if is_negated(verb) or is_negated(being):
        return verb, set()  # "did not turn out to be true": it may yet
    return being, _predicates(being)


def _predicates(verb: "Token") -> set[str]:
    """Lemmas of what a verb says its subject is: "lie" of "is a pack of lies", "false" of "is flattering but false"."""
    heads = [c for c in verb.children if c.dep_ in ("acomp", "attr", "oprd")]
    heads += [
        t
        for c in heads
        for t in c.children
        if t.dep_ == "conj"
        or (t.dep_ == "amod" and (c.pos_ != "NOUN" or _may_be_false(c)))
        or (t.dep_ == "compound" and t.lemma_.lower() in load_cues().falsehoods)
    ]
    heads += [p for c in heads for of in c.children if of.lower_ == "of" for p in of.children]
    return {head.lemma_.lower() for head in heads}


def _may_be_false(noun: "Token") -> bool:
    """ "(a false) claim", not "(a false) economy"."""
    return names_claim(noun) or noun.lemma_.lower() in load_cues().falsehoods


def _lacks_truth(verb: "Token") -> bool:
    """ "has no substance", "is without merit", "does not hold water", "does not ring true", "does not add up"."""
    without = (c for c in verb.children if c.lower_ == "without")
    if any(g.lemma_.lower() in load_cues().truth_nouns for c in without for g in c.children):
        return verb.lemma_ == "be"
    things = [c for c in verb.children if c.dep_ == "dobj"]
    if any(c.lower_ in POSSIBLE for c in verb.lefts):
        return False
    if verb.lemma_ in _HOLDING and is_negated(verb):
        return any(c.lower_ in ("water", "up", "true") for c in verb.rights)
    lacking = (
        t
        for t in things
        if is_negated(verb) or any(c.lower_ in ("no", "little") for c in t.children)
    )
    return verb.lemma_ == "have" and any(t.lemma_ in load_cues().truth_nouns for t in lacking)


def differs(verb: "Token") -> bool:
    """Whether a clause says no more than that its subject denies what was said: "Ann differed", "He says otherwise"."""
    if verb.lemma_ == "beg" and any(c.lemma_ == "differ" for c in verb.rights):
        return True
    other = {c.lower_ for c in verb.rights} & {"no", "otherwise"}
    content = any(
        c.dep_ in ("dobj", "ccomp", "xcomp", "prep", "attr") and c.lower_ not in other
        for c in verb.children
    )
    says = verb.lemma_.lower() in load_cues().verbs and bool(other)
    differing = verb.lemma_.lower() in load_cues().differing_verbs
    return (says or differing) and not content and not is_negated(verb)
