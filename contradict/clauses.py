"""Clauses: the smallest parts of a sentence that say something, cut where nothing is lost by cutting.

Splitting is conservative: a clause keeps its negations, hedges, conditions and quantifiers, and where a split
might lose one it stays whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contradict.answers import differs, is_affirming_answer, is_denying_answer
from contradict.complements import (
    has_mark,
    holds_anyway,
    is_behind_comma,
    is_that,
    subject_of,
)
from contradict.cues import SUBJECTS, cue_lemma, has_to, is_nobody, load_cues, own_subject

if TYPE_CHECKING:
    from spacy.tokens import Token

_CONDITIONS = ("if", "unless", "whether", "provided")
_CONTENT = ("ADJ", "ADV", "NOUN", "NUM", "PROPN", "VERB")
_SCOPES = ("advcl", "prep", "npadvmod", "neg", "preconj")
# "On Monday …": of the first clause only, where the next has a subject of its own.
_SETTINGS = frozenset(("prep", "npadvmod"))
_MARKS = ("because", "that", "whether", "though", "although", "whereas")
_TELLING = ("either", "neither", "nor", "not")
"""What before a clause is a part of what it says, unlike "and": "nor did she", "neither Ann nor Bob"."""

_ALSO_HAPPENS = ("continue", "emerge", "hold")
"""Verbs of saying that without an object tell what happens: "the truce holds"."""

_FILLERS = (("i", "mean"), ("you", "know"))
"""What begins many a spoken sentence, before a comma, and says nothing."""

_EDGES = frozenset("\"“”„«»‘’'`,;:.–—-―…()[]") | {"''", "``", "..."}


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of its own: its verb, its words, and the subject it shares with the clause before it."""

    head: "Token"
    tokens: "tuple[Token, ...]"
    subject: "Token | None" = None


def coordinated_clauses(
    head: "Token", words: "tuple[Token, ...]", *, denied: bool = False
) -> Iterator[Clause]:
    """Cut "A did x and did y" into clauses that stand alone; whole where a cut might lose something.

    To deny x or y is to deny both, so that "or" is no hindrance then.
    """
    spliced = next((c for c in head.lefts if _is_spliced(c)), None)
    if spliced is not None:
        before = {token.i for token in spliced.subtree}
        yield from coordinated_clauses(spliced, tuple(t for t in words if t.i in before))
        words = tuple(t for t in words if t.i not in before)
    second = next((t for t in words if _goes_on_with_that(t, head) or _concedes(t, head)), None)
    if second is not None:
        behind = {token.i for token in second.subtree}
        yield from coordinated_clauses(
            head, tuple(t for t in words if t.i not in behind), denied=denied
        )
        yield from coordinated_clauses(
            second, tuple(t for t in words if t.i in behind), denied=denied
        )
        return
    verbs = [head, *sorted(_conjuncts(head, denied=denied), key=lambda verb: verb.i)]
    if not _may_cut(verbs, joined_by=("and", "but", "or") if denied else ("and", "but")):
        yield Clause(head, words)
        return
    subject = None
    clauses = []
    strays = {verb: noun for verb in verbs[1:] if (noun := _misplaced_subject(verb)) is not None}
    misplaced = {token for noun in strays.values() for token in noun.subtree}
    for verb in verbs:
        others = {t for other in verbs if verb.is_ancestor(other) for t in other.subtree}
        own = set(verb.subtree) - others - misplaced
        tokens = tuple(t for t in words if t in own)
        subject = strays.get(verb, subject)
        clauses.append(Clause(verb, tokens, None if subject_of(verb) else subject))
        subject = subject_of(verb) or subject
    cut = [t for clause in clauses for t in clause.tokens if not t.is_punct]
    if cut == [t for t in words if not t.is_punct and t not in misplaced]:
        yield from clauses
    else:
        yield Clause(head, words)


def _is_spliced(verb: "Token") -> bool:
    """ "His ennui was gone; he was riveted": the parser takes the first for what the second says."""
    if verb.dep_ not in ("ccomp", "parataxis") or any(c.dep_ == "mark" for c in verb.children):
        return False
    behind = verb.doc[verb.right_edge.i + 1 : verb.right_edge.i + 2].text
    subject, next_one = own_subject(verb), own_subject(verb.head)
    if subject is None or not _is_finite(verb):
        return False
    listed = next_one is not None and next_one.lower_ == subject.lower_  # "He came, he saw, …"
    return behind == ";" or (behind == "," and listed and subject.pos_ == "PRON")


def _goes_on_with_that(verb: "Token", head: "Token") -> bool:
    """ "(said that p,) and that q", whatever the parser hangs the second on."""
    mark = next((c for c in verb.lefts if c.dep_ == "mark" and c.lower_ == "that"), None)
    if mark is None or mark.i == 0 or verb.i <= head.i or verb.dep_ not in ("conj", "ccomp"):
        return False
    before = mark.nbor(-1)
    joined = before.dep_ == "cc" and before.lower_ in ("and", "but")
    listed = joined and verb.dep_ == "conj"  # also behind what has no "that"
    joined |= before.text == "," and verb.head == head and cue_lemma(head) not in load_cues().verbs
    return joined and subject_of(verb) is not None and (listed or has_mark(head, "that"))


def _concedes(verb: "Token", head: "Token") -> bool:
    """ "(It may rise,) though few believe it": as much a clause of its own as one behind "but"."""
    if verb.dep_ != "advcl" or verb.head != head or not is_behind_comma(verb):
        return False
    mark = verb.left_edge
    concessive = mark.dep_ == "mark" and mark.lower_ in ("although", "though", "whereas")
    added = concessive and mark.i > head.i
    return added and own_subject(verb) is not None and _is_finite(verb)


def _misplaced_subject(verb: "Token") -> "Token | None":
    """ "the PGA" in "declined to back the event and the PGA could not …", to some parsers a part of what is before."""
    first = verb.left_edge
    if subject_of(verb) is not None or first.i == 0 or first.dep_ not in ("aux", "auxpass"):
        return None
    noun = first.nbor(-1)
    joined = noun.dep_ == "conj" and noun.left_edge.i > 0
    joined = joined and noun.left_edge.nbor(-1).dep_ == "cc"
    return noun if joined and noun.pos_ in ("NOUN", "PROPN") else None


def _conjuncts(verb: "Token", *, denied: bool) -> "Iterator[Token]":
    """The verbs that are coordinated with a verb, but for those without a form of their own: "should come and look"."""
    for other in verb.rights:
        if _is_conjunct(other, denied=denied) and (
            _is_finite(other) or own_subject(other) is not None
        ):
            yield other
            yield from _conjuncts(other, denied=denied)


def _is_conjunct(verb: "Token", *, denied: bool) -> bool:
    listed = denied and verb.dep_ == "advcl"  # "that p, that q, or that r", to some parsers
    listed &= any(c.dep_ == "mark" and c.lower_ == "that" for c in verb.children)
    return verb.pos_ in ("VERB", "AUX") and (verb.dep_ == "conj" or listed)


def _may_cut(verbs: "Sequence[Token]", *, joined_by: Sequence[str]) -> bool:
    first, *others = verbs
    subject = subject_of(first)
    if subject is None:
        return False
    scopes = {c.dep_ for c in first.lefts if c.dep_ in _SCOPES and c.i < subject.i}
    shared = any(subject_of(verb) is None for verb in others)
    if scopes and (shared or not scopes <= _SETTINGS):
        return False
    if any(c.dep_ == "cc" and c.lower_ not in joined_by for verb in verbs for c in verb.children):
        return False
    if any(is_conditional(verb) for verb in verbs):
        return False
    if _has_not(first) and any(_has_no_auxiliary(verb) for verb in others):
        return False  # "has not signed and delivered it"
    if first.lemma_ == "be" and all(c.dep_ in ("cc", "conj", "punct") for c in first.rights):
        return False  # "was and perhaps still is the best"
    if any(c.tag_ == "WRB" and c.i < verb.i for verb in others for c in verb.children):
        return False  # "but only when it is true"
    return all(_is_finite(verb) for verb in others)


def _has_not(verb: "Token") -> bool:
    negated = any(c.dep_ == "neg" for c in verb.lefts)
    return negated and any(
        c.lemma_ in ("be", "have") and c.dep_ in ("aux", "auxpass") for c in verb.lefts
    )


def _has_no_auxiliary(verb: "Token") -> bool:
    return not any(c.dep_ in ("aux", "auxpass", *SUBJECTS) for c in verb.lefts)


def _is_finite(verb: "Token") -> bool:
    if verb.dep_ == "ROOT" and any(c.dep_ == "nsubj" and c.i < verb.i for c in verb.lefts):
        return verb.pos_ in ("VERB", "AUX")  # whatever form the tagger takes it for
    return verb.tag_ in ("VBD", "VBZ", "VBP") or any(
        c.dep_ in ("aux", "auxpass") and c.tag_ in ("VBD", "VBZ", "VBP", "MD")
        for c in verb.children
    )


def is_conditional(verb: "Token") -> bool:
    """Whether a condition hangs on a clause, given by its verb: "if", "unless", "Had he known, …"."""
    clauses = [
        c for c in verb.children if c.dep_ == "advcl" or (c.dep_ == "ccomp" and c.i < verb.i)
    ]
    if any(_is_inverted(c) for c in clauses) or any(_is_proviso(c) for c in verb.children):
        return True
    marks = [c for c in verb.children if c.dep_ == "mark" and c.lower_ != "whether"]
    marks += [
        m
        for c in verb.children
        if c.dep_ in ("advcl", "advmod", "dep") and not holds_anyway(c)  # also "if so"
        if not _is_of_anybody(c)
        for m in c.children
        if m.dep_ in ("mark", "advmod")
    ]
    return any(
        mark.lower_ in _CONDITIONS and not (mark.lower_ == "whether" and has_to(mark.head))
        for mark in marks
    )


def _is_of_anybody(condition: "Token") -> bool:
    """ "If you are a miner, it is over": a manner of speaking."""
    subject = subject_of(condition)
    return subject is not None and subject.lower_ == "you" and condition.lemma_ == "be"


def _is_proviso(verb: "Token") -> bool:
    """ "weather permitting"."""
    before = verb.doc[verb.i - 1] if verb.i > 0 else verb
    return verb.lower_ in ("permitting", "allowing", "willing") and before.pos_ in ("NOUN", "PROPN")


def _is_inverted(verb: "Token") -> bool:
    """ "Should it rain", "Had he known", "Were she to win": a condition without "if"."""
    first, subject = verb.left_edge, subject_of(verb)
    auxiliary = first.dep_ in ("aux", "auxpass", "ROOT")
    auxiliary &= first.lower_ in ("should", "had", "were")
    auxiliary |= first == verb and first.lower_ == "were"
    return auxiliary and subject is not None and first.i < subject.i


def begins_with_condition(clause: Clause) -> bool:
    """Whether the sentence of a main clause begins with "if", "unless", "Should it rain, …", wherever it hangs."""
    first = next((t for t in clause.head.sent if t.is_alpha), clause.head)
    if first in clause.tokens:
        return first.lower_ in ("should", "had", "were")
    start = clause.tokens[0]
    added = any(t.dep_ == "cc" for t in start.doc[max(start.sent.start, start.i - 2) : start.i + 1])
    return first.lower_ in ("if", "unless") and clause.head.head in first.ancestors and not added


def is_question(clause: Clause) -> bool:
    """Whether a question mark ends a clause."""
    last = (trimmed(clause.tokens) or clause.tokens)[-1]
    behind = (token.text for token in last.doc[last.i : last.i + 3] if token.sent == last.sent)
    return next((text for text in behind if text in ("?", ".", "!", ",")), "") == "?"


def says_something(clause: Clause) -> bool:
    """Whether a clause has a finite verb, a subject, and a word beyond those that point: not "It was", "he said"."""
    words = [token for token in trimmed(clause.tokens) if token.is_alpha or token.like_num]
    if clause.head.is_punct:
        return False  # a dash that the parser takes for a verb
    before = clause.head.nbor(-1) if clause.head.i else clause.head
    compound = before.text == "-" and not before.whitespace_
    if compound and clause.head.dep_ not in ("ROOT", "ccomp") and not subject_of(clause.head):
        return False  # "a star-turned-candidate"
    if tuple(t.lower_ for t in words) in _FILLERS:
        return False
    free = bool(words) and words[0].lower_ == "what" and words[0].head == clause.head
    if free and clause.head.dep_ != "ROOT":
        return False  # "(rejected) what he called a protest"
    if differs(clause.head) or is_affirming_answer(clause.head):
        return True
    says = cue_lemma(clause.head) in load_cues().verbs and clause.head.lemma_ not in _ALSO_HAPPENS
    if says and _is_bare(clause, words):
        return False
    has_subject = clause.subject is not None or subject_of(clause.head) is not None
    speaks = any(token.pos_ in _CONTENT for token in words) or is_denying_answer(clause.head)
    return len(words) >= 2 and has_subject and speaks and _is_finite(clause.head)


def _is_bare(clause: Clause, words: "Sequence[Token]") -> bool:
    """Whether a clause has only a subject and a verb: "he said", not "that nobody had complained"."""
    subject = subject_of(clause.head)
    if subject is not None and is_nobody(subject) and has_mark(clause.head, "that"):
        return False
    named = set(subject.subtree) if subject is not None and subject.dep_ == "nsubj" else set()
    return all(
        token == clause.head or token in named or token.dep_ in ("aux", "auxpass")
        for token in words
    )


def trimmed(tokens: "Sequence[Token]") -> "tuple[Token, ...]":
    """Without the marks, conjunctions and complementizers around a clause."""
    words = list(tokens)
    while words and (_is_edge(words[0]) or _introduces(words[0]) or _begins_with_filler(words)):
        clause = words[0].head
        if words[0].dep_ == "mark" and clause.dep_ == "advcl" and clause.head in words:
            break  # "Although he has time, he …"
        del words[: 3 if _begins_with_filler(words) else 1]
    while words and (_is_edge(words[-1]) or words[-1].dep_ == "cc"):
        if words[-1].text in (")", "]") and _closes_own(words):
            break  # "Ann left (or so she says)"
        words.pop()
    return tuple(words)


def _is_edge(token: "Token") -> bool:
    return token.text in _EDGES or token.is_space


def _begins_with_filler(words: "Sequence[Token]") -> bool:
    return tuple(t.lower_ for t in words[:2]) in _FILLERS and [t.text for t in words[2:3]] == [","]


def _closes_own(words: "Sequence[Token]") -> bool:
    """Whether the parenthesis that words end with is opened among them."""
    return sum((t.text in ("(", "[")) - (t.text in (")", "]")) for t in words) >= 0


def _introduces(token: "Token") -> bool:
    if token.lower_ == "that" and token.dep_ == "det" and token.i > 0:
        before = token.doc[token.i - 1]  # "denied that staff had left", to some parsers
        many = token.head.tag_ in ("NNS", "NNPS") or token.head.lower_ in ("police", "staff")
        return before.lemma_ in load_cues().verbs and (many or before.lemma_ == "deny")
    if token.dep_ in ("cc", "preconj"):
        return token.lower_ not in _TELLING
    stranded = token.dep_ == "pobj" and token.head.i > token.i and token.head.head.dep_ == "ccomp"
    return (token.dep_ == "mark" or is_that(token) or stranded) and token.lower_ in _MARKS
