"""Propositions: the self-contained, assertive sentence that is scored, written from the words of a clause.

"It denied that" falls away, "he" becomes the speaker's name, a gerund gets its subject and a finite verb, and
"anything but" becomes the claim it makes. Nothing else is changed.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from contradict.attribution import SUBJECTS, load_cues
from contradict.records import Stance

if TYPE_CHECKING:
    from spacy.tokens import Token

_QUOTES = re.compile(r"[\"“”„«»]|``|''")
_SPACE_BEFORE_MARK = re.compile(r"\s+([,.;:!?’)\]])")
_SPACES = re.compile(r"\s+")


def assertive_clause(
    head: "Token",
    tokens: "Sequence[Token]",
    *,
    stance: Stance,
    names: Mapping[int, str],
    carried: "Sequence[Token]" = (),
    itself: str | None = None,
) -> tuple[str, Stance]:
    """The proposition of a clause, and the stance taken on it.

    Args:
        head: The clause's verb.
        tokens: Its words, in order.
        stance: The stance taken on the clause as it stands.
        names: Names of resolved pronouns, by token index.
        carried: Words of the subject that the clause shares with another one.
        itself: Name of the speaker whose words, not quoted, the clause reports: what its subject "it" means.

    Returns:
        The proposition, and the stance: "denied doing anything but x" asserts "only did x".
    """
    names = dict(names)
    for child in head.children:
        if (
            itself
            and child.dep_ in SUBJECTS
            and child.lower_ == "it"
            and _is_reference(head, child)
        ):
            names[child.i] = itself
    words = {token.i: names.get(token.i, token.text) + token.whitespace_ for token in tokens}
    if stance == "denies":
        replaced = _anything_but(head)
        if replaced:
            first, last = replaced
            words = {i: word for i, word in words.items() if not first <= i <= last}
            words[first] = "only "
            stance = "asserts"
    text = "".join(
        words[i] if i + 1 in words or i == max(words) else words[i].rstrip() + " "
        for i in sorted(words)
    )
    subject = " ".join([phrase([t]) if t.i not in names else names[t.i] for t in carried])
    return sentence(f"{subject} {text}", question=stance == "questions"), stance


def assertive_gerund(
    head: "Token", tokens: "Sequence[Token]", *, subject: str, plural: bool
) -> str:
    """ "denied bombing Z" of X: "X was bombing Z"; "denied having bombed Z": "X had bombed Z"."""
    first = head.left_edge
    having = next((c for c in head.children if c.dep_ == "aux" and c.lower_ == "having"), None)
    being = next(
        (c for c in head.children if c.dep_ in ("aux", "auxpass") and c.lower_ == "being"), None
    )
    be = "were" if plural else "was"
    left_out = {t.i for t in (having, being) if t is not None}
    if head.lower_ == "being":
        left_out.add(head.i)
    text = phrase([t for t in tokens if t.i not in left_out and t.i >= first.i])
    return sentence(f"{subject} {'had' if having is not None else be} {text}")


def assertive_noun(head: "Token", tokens: "Sequence[Token]", *, subject: str, plural: bool) -> str:
    """ "denied any role in Z" of X: "X had a role in Z"; "denied the allegations": "The allegations are true"."""
    if head.lemma_.lower() in load_cues().possessed_nouns:
        left_out = {c.i for c in head.children if c.dep_ in ("det", "poss", "neg")}
        article = "" if head.tag_ == "NNS" else "a "
        return sentence(
            f"{subject} had {article}{phrase([t for t in tokens if t.i not in left_out])}"
        )
    return sentence(f"{phrase(tokens)} {'are' if head.tag_ == 'NNS' else 'is'} true")


def phrase(tokens: "Sequence[Token]") -> str:
    """The words of some tokens, spaced as in the text."""
    return "".join(
        t.text_with_ws if t.whitespace_ or t.i + 1 in {u.i for u in tokens} else t.text + " "
        for t in tokens
    ).strip()


def sentence(text: str, *, question: bool = False) -> str:
    """A tidy sentence: no quotation marks, a capital first, one mark at the end."""
    text = _SPACES.sub(" ", _QUOTES.sub("", text)).strip()
    text = _SPACE_BEFORE_MARK.sub(r"\1", text).rstrip(" .,;:?!–—-")
    return text[:1].upper() + text[1:] + ("?" if question else ".")


def _is_reference(head: "Token", pronoun: "Token") -> bool:
    """Whether "it" stands for something, unlike in "it was hypocritical of them to …"."""
    return not any(
        c.dep_ in ("ccomp", "acomp", "attr") or (c.dep_ == "xcomp" and c.i > head.i)
        for c in head.children
    ) or (head.lemma_ != "be" and pronoun.dep_ != "expl")


def _anything_but(head: "Token") -> tuple[int, int] | None:
    """First and last token of "doing anything but" before the verb that says what is done."""
    for child in head.children:
        if child.dep_ == "dobj" and child.lower_ in ("anything", "nothing"):
            but, verb = (*head.doc[child.i + 1 : child.i + 3], None, None)[:2]
            if but is not None and but.lower_ == "but" and verb is not None and verb.tag_ == "VBG":
                return head.i, but.i
    return None
