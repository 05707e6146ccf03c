"""Which words of a sentence an attribution is about, and which only attribute."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from contradict.answers import is_reference
from contradict.attributed import Attribution
from contradict.clauses import Clause
from contradict.complements import (
    called_behind,
    goes_back_on,
    has_subject,
    is_added,
    is_behind_comma,
    is_relative,
    relative_clause,
    said_beside,
)
from contradict.cues import cue_lemma, cue_stance, load_cues, names_claim

if TYPE_CHECKING:
    from spacy.tokens import Token


def words_said(attribution: Attribution) -> "tuple[Token, ...]":
    """The words of what is said, without those around a cue in their midst: "It was, he said, too late"."""
    cue, content = attribution.cue, attribution.content
    interruption = {token.i for token in cue.subtree} if content in cue.ancestors else set()
    if attribution.stance == "questions":  # "asked if p"
        interruption |= {c.i for c in content.children if c.dep_ == "mark"}
    if cue.lower_ == "according" and cue.i > content.i:  # "p, according to Ann, but q"
        others = (c for c in content.rights if c.dep_ == "conj" and c.i > cue.i and has_subject(c))
        interruption |= {t.i for c in others for t in c.subtree}
    that = next((c for c in content.lefts if c.dep_ == "mark" and c.lower_ == "that"), None)
    if that is not None:  # "It was untrue, the ministry said, that p"
        interruption |= {t.i for t in content.subtree if t.i < that.i}
    first = content.left_edge
    if content.dep_ == "relcl" and first.lower_ == "that" and first.dep_ in ("dobj", "pobj"):
        interruption.add(first.i)  # "the rumour that it was sold", to some parsers
    saying = said_beside(content) if attribution.stance == "questions" else None
    if saying is not None:
        interruption |= {token.i for token in saying.subtree}
    for verb in (t for t in content.subtree if t.pos_ in ("VERB", "AUX")):
        if verb.head == content and (is_added(verb) or goes_back_on(verb)):
            interruption |= {token.i for token in verb.subtree}
        relative = relative_clause(verb)
        if relative is None or content in relative.subtree or not _denies(verb):
            continue
        noun = relative.head
        added = noun.dep_ in ("appos", "npadvmod") and noun != content and names_claim(noun)
        added |= noun.lower_ == "something" and noun != content and is_behind_comma(noun)
        if added or any(is_relative(c) for part in (relative, verb) for c in part.children):
            # ", which the ministry denied", ", a charge it denied"
            aside = noun if added else relative
            interruption |= {token.i for token in aside.subtree}
    if cue.lemma_.lower() in load_cues().characterizing_verbs and attribution.stance == "denies":
        interruption |= {token.i for token in called_behind(cue, content)}
    if any(t.lemma_.lower() in load_cues().characterizing_verbs for t in content.ancestors):
        interruption |= {token.i for token in _called_at_end(content)}
    words = without(content.subtree, interruption)
    exception = words[-1].doc[words[-1].i + 1 : words[-1].i + 3]
    if (
        words[-1].lower_ in ("anything", "nothing")
        and len(exception) == 2
        and exception[0].lower_ == "but"
    ):
        words += (exception[0], *exception[1].subtree)  # parsers tend to lose it
    return words


def _called_at_end(content: "Token") -> "list[Token]":
    """The words that call a claim false behind it, though the parser has them in it: "p as political nonsense"."""
    for token in content.subtree:
        at_end = token.lower_ == "as" and token.right_edge == content.right_edge
        if at_end and any(t.lemma_.lower() in load_cues().falsehoods for t in token.children):
            return list(token.subtree)
    return []


def _denies(verb: "Token") -> bool:
    """ "denied", "called nonsense"."""
    cues = load_cues()
    if verb.lemma_.lower() in cues.characterizing_verbs:
        named = (c for c in verb.children if c.dep_ in ("oprd", "attr"))
        return any(c.lemma_.lower() in cues.falsehoods for c in named)
    return cue_stance(verb) == "denies"


def called(attribution: Attribution) -> "list[Token]":
    """What a claim that is only pointed at is called: "called it a lie"."""
    behind = (c for c in attribution.cue.rights if c.i > attribution.content.right_edge.i)
    names = (c for c in behind if c.dep_ in ("oprd", "attr", "acomp", "ccomp") or c.lower_ == "as")
    return [token for name in names for token in name.subtree]


def strays(attribution: Attribution) -> "list[Token]":
    """What the parser hangs on the cue although it belongs to the content: "denied bombing Y", "any role in Z"."""
    content = attribution.content
    after = (t for t in attribution.cue.rights if t.i > content.right_edge.i)
    if attribution.form == "noun" and content.lemma_.lower() in load_cues().possessed_nouns:
        beside = next(after, None)
        if beside is None or any(c.dep_ == "prep" for c in content.rights):
            return []
        of_it = beside.lower_ in ("between", "in", "to", "with") and not is_behind_comma(beside)
        return [beside] if of_it else []
    return list(takewhile(lambda token: token.dep_ in ("npadvmod", "dobj", "appos"), after))


def own_words(cue: "Token") -> "list[Token]":
    """The words that hang on a cue, without the clauses that are coordinated with its own."""
    others = {t for child in cue.children if child.dep_ == "conj" for t in child.subtree}
    return [token for token in cue.subtree if token not in others]


def around_denied(attribution: Attribution) -> "Iterator[Token]":
    """Words that only deny a noun phrase: "which he denies" behind a charge, "a lie" where it is called one."""
    cue, content = attribution.cue, attribution.content
    if attribution.stance == "denies" and attribution.form == "noun":
        relative = relative_clause(cue)
        if relative is not None and relative.head == content:
            yield from content.subtree
        elif relative is cue and is_relative(content):
            yield from cue.subtree
        elif cue_lemma(cue) in load_cues().characterizing_verbs and is_reference(content):
            yield from (token for child in cue.rights for token in child.subtree)


def without_saying(clause: Clause, made: Sequence[Attribution]) -> Clause:
    """A clause without the ", saying that …" or ", although Ann denies it" that hangs on to it."""
    sayings = {
        token.i
        for attribution in made
        if attribution.cue.head in clause.tokens
        and attribution.cue.dep_ == "advcl"
        and (attribution.cue.tag_ == "VBG" or is_reference(attribution.content))
        and attribution.cue.i > clause.head.i
        for token in attribution.cue.subtree
    }
    return Clause(clause.head, without(clause.tokens, sayings), clause.subject)


def without(tokens: "Iterable[Token]", left_out: set[int]) -> "tuple[Token, ...]":
    """Words in the order of the text, which a subtree with crossing arcs does not keep, without some of them."""
    return tuple(sorted((t for t in tokens if t.i not in left_out), key=lambda token: token.i))
