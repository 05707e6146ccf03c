"""Propositions: the self-contained, assertive sentence that is scored, written from the words of a clause.

"It denied that" falls away, "he" becomes the speaker's name, and "his" and "we" what they stand for; a gerund gets its
subject and a finite verb, "vowed to sue" is "will sue", and "anything but" becomes the claim it makes. Nothing else is
changed.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from contradict.answers import REFERENCES
from contradict.complements import quantity_of, subject_of, told_of
from contradict.cues import SUBJECTS, cue_lemma, load_cues, names_claim, to_before
from contradict.records import Stance
from contradict.speakers import is_person, is_plural, mention_tokens, possessive

if TYPE_CHECKING:
    from spacy.tokens import Token

_QUOTES = re.compile(r"[\"“”„«»]|``|''")
_SPACE_BEFORE_MARK = re.compile(r"\s+([,.;:!?’)\]])")
_CONTRACTIONS = {"'d": "would", "'ll": "will", "'re": "are", "'s": "is", "'ve": "have"}
"""Verbs that stand in full behind a name that takes the place of a pronoun."""

OF_ONE = {"'m": "is", "am": "is", "are": "is", "do": "does", "have": "has", "were": "was"}
"""Verbs that go with "I", "we" or "you" as they go with one of whom is told."""

_HE_OR_SHE = ("he", "she")
_HIS_OR_HER = ("him", "his", "her")
_MYSELF = {
    "me": {"his": "him", "her": "her"},
    "myself": {"his": "himself", "her": "herself", "their": "themselves"},
}
_SUBJECTS_OF = {"his": "he", "her": "she"}
_SPACES = re.compile(r"\s+")
_COMMAS = re.compile(r",(?:\s*,)+")
"""What is left around an aside: "by 20 percent, (according to Ann,) more than"."""


def assertive_clause(
    head: "Token",
    tokens: "Sequence[Token]",
    *,
    stance: Stance,
    names: Mapping[int, str],
    carried: "Sequence[Token]" = (),
    itself: str | None = None,
    myself: str | None = None,
    my: str = "their",
    we: str | None = None,
) -> tuple[str, Stance]:
    """The proposition of a clause, and the stance taken on it.

    Args:
        head: The clause's verb.
        tokens: Its words, in order.
        stance: The stance taken on the clause as it stands.
        names: Names of resolved mentions, by the index of their heads.
        carried: Words of the subject that the clause shares with another one.
        itself: Name of the speaker whose words, not quoted, the clause reports: what its subject "it" means.
        myself: Name of the speaker whose own words the clause is: what its subject "I" means.
        my: What "my" is then.
        we: Name of the body, one thing, whose words the clause is: what "we" means.

    Returns:
        The proposition, and the stance: "denied doing anything but x" asserts "only did x".
    """
    names = dict(names)
    first = tokens[0]
    manner = first.lower_ in ("how", "why") and first.head in (head, subject_of(head))
    if manner and first.dep_ == "advmod" and stance != "questions" and len(tokens) > 1:
        tokens = tokens[1:]  # "(described) how he left"
    for child in head.children:
        if (
            itself
            and child.dep_ in SUBJECTS
            and child.lower_ == "it"
            and stands_for_something(head, child)
            and not names.get(child.i, "").endswith(itself)  # "the Kremlin"
        ):
            names[child.i] = itself
    all_words = [*carried, *tokens]
    names = _named_once(head, all_words, names, carried)
    left_out = {c.i for c in head.children if c.lower_ in load_cues().hearsay_adverbs}
    for token in all_words:
        if token.i in names and token.lower_ not in _HIS_OR_HER:
            left_out |= {t.i for t in _alone(token)} - {token.i}
    words = {
        token.i: names.get(token.i, token.text) + token.whitespace_
        for token in tokens
        if token.i not in left_out
    }
    for i in names.keys() & words.keys():
        behind = head.doc[i + 1] if i + 1 < len(head.doc) else None
        if behind is not None and behind.i in words and behind.lower_ in _CONTRACTIONS:
            words[i] = f"{names[i]} "
            words[behind.i] = f"{_in_full(behind)}{behind.whitespace_}"
    if stance in ("denies", "questions"):  # "had he ever met her": that he had
        words = {i: word for i, word in words.items() if head.doc[i].lower_ != "ever"}
    own: dict[int, str] = {}
    if myself:
        own |= _third_person(all_words, myself, my)
    if we:
        own |= _of_body(all_words, we)
    words |= {i: word for i, word in own.items() if i in words}
    if stance == "denies":
        replaced = _anything_but(head)
        if replaced:
            begin, last = replaced
            words = {i: word for i, word in words.items() if not begin <= i <= last}
            words[begin] = "only "
            stance = "asserts"
    order = sorted(words)
    if stance == "questions":
        order = _answering_order(head, order)
        words |= {i: words[i].lower() for i in order[1:] if head.doc[i].pos_ == "AUX"}
    text = "".join(
        words[i] if i + 1 == following or following is None else words[i].rstrip() + " "
        for i, following in zip(order, [*order[1:], None], strict=True)
    )
    subject = "".join(
        own.get(t.i, names.get(t.i, t.text) + t.whitespace_) for t in carried if t.i not in left_out
    ).strip()
    proposition = sentence(f"{subject} {text}", question=stance == "questions")
    for name in names.values():  # "the mayor of Exeter, Ann Smith,"
        proposition = proposition.replace(f"{name}, {name},", name)
    return proposition, stance


def _named_once(
    head: "Token", tokens: "Sequence[Token]", names: dict[int, str], carried: "Sequence[Token]"
) -> dict[int, str]:
    """Names without those that are said anyway: "Ann Smith left when she (was asked to)", "Her aides left with Ann"."""
    pronouns = {t.i for t in tokens if t.i in names and t.lower_ in _HE_OR_SHE}
    others = [t for t in tokens if t.i in names and t.lower_ in _HIS_OR_HER]
    if not pronouns and not others:
        return names
    subject = subject_of(head)
    words = carried or (mention_tokens(subject) if subject is not None else [])
    said = {t.text for t in (*words, *tokens)}
    named = (names[t.i] for t in (*words, *tokens) if t.i in names and t not in others)
    said |= {word for name in named for word in name.split()}
    for token in others:  # what is called by name is so once
        surname = _surname(names[token.i])
        if surname in said or (token.head != subject and _may_be_another(token, tokens)):
            del names[token.i]
        said.add(surname)
    main = next((names[t.i] for t in words if t.i in names), phrase(words)).split()
    last = words[-1].i if words else -1
    again = {i for i in pronouns if i > last and _surname(names[i]) in main}
    return {i: name for i, name in names.items() if i not in again}


def _may_be_another(pronoun: "Token", tokens: "Sequence[Token]") -> bool:
    """Whether "his", or "him" in a clause inside, may be somebody without a name: "The man hid his face"."""
    behind = pronoun.doc[pronoun.i + 1 : pronoun.i + 2]
    if pronoun.tag_ == "PRP$" and behind.text.lower() == "own":
        return True
    before = (t for t in tokens if t.i < pronoun.i and t.tag_ in ("NN", "NNP") and is_person(t))
    return any(t.head != pronoun.head or pronoun.tag_ == "PRP$" for t in before)


def _surname(name: str) -> str:
    return name.split()[-1].removesuffix("'s").removesuffix("'")


def _alone(head: "Token") -> "list[Token]":
    """A mention, given by its head, without those who are named beside it: "she" of "she and her husband"."""
    beside = min((c.left_edge.i for c in head.children if c.dep_ in ("cc", "conj")), default=None)
    return [t for t in mention_tokens(head) if beside is None or t.i < beside]


def _answering_order(head: "Token", order: "list[int]") -> "list[int]":
    """The words of a yes-no question in the order of the answer: "Has he left": "he Has left"."""
    subject = subject_of(head)
    if subject is None:
        return order
    before = [i for i in order if i < subject.left_edge.i]
    inverted = [i for i in before if head.doc[i] == head or head.doc[i] in head.children]
    inverted = [
        i for i in inverted if head.doc[i].pos_ in ("AUX", "VERB") or head.doc[i].dep_ == "neg"
    ]
    if not inverted or any(head.doc[i].tag_[0] == "W" for i in before):
        return order
    participle = (c.i - 1 for c in subject.rights if c.dep_ == "acl" and c.tag_ == "VBN")
    complete = head.i > subject.i or any(c.dep_ in ("attr", "acomp", "prep") for c in head.children)
    end = subject.right_edge.i if complete else next(participle, subject.right_edge.i)
    last = max((i for i in order if i <= end), default=subject.i)
    kept = [i for i in order if i not in inverted]
    behind = sum(i <= last for i in kept)
    return [*kept[:behind], *inverted, *kept[behind:]]


def _in_full(verb: "Token") -> str:
    """ "Ann Smith has" of "she's", "would" of "'d"."""
    form = _CONTRACTIONS[verb.lower_]
    behind = verb.nbor().lower_ if verb.i + 1 < len(verb.doc) else ""
    acts = any(c.dep_ == "dobj" for c in verb.head.rights)  # "he's beaten his rivals"
    perfect = verb.dep_ == "aux" and verb.head.tag_ in ("VBD", "VBN")
    perfect |= verb.dep_ == "auxpass" and verb.head.tag_ == "VBN" and acts
    if behind != "be" and (perfect or behind == "been"):
        return {"is": "has", "would": "had"}.get(form, form)
    return form


def _third_person(tokens: "Sequence[Token]", name: str, my: str) -> dict[int, str]:
    """What "I", "me" and "my", and the verbs that go with them, become: "I have never …" of X: "X has never …"."""
    words: dict[int, str] = {}
    for token in tokens:
        if token.lower_ == "my" and token.dep_ == "poss":
            words[token.i] = f"{my if words else possessive(name)} "
        if token.lower_ in _MYSELF and token.dep_ not in SUBJECTS:
            form = _MYSELF[token.lower_].get(my) if words else name
            words[token.i] = (form or name) + token.whitespace_
        if token.lower_ == "i" and token.dep_ in SUBJECTS:
            words[token.i] = f"{_SUBJECTS_OF.get(my, name) if words else name} "
            words |= _of_one(token, tokens)
    return words


def _of_body(tokens: "Sequence[Token]", name: str) -> dict[int, str]:
    """The same of "we", "us" and "our": "We have never …" of Acme: "Acme has never …"."""
    words: dict[int, str] = {}
    for token in tokens:
        own = token.head.dep_ in SUBJECTS or words  # in "close our doors", we may be everybody
        if token.lower_ == "our" and token.dep_ == "poss" and own:
            words[token.i] = f"{'its' if words else possessive(name)} "
        if token.lower_ == "us" and token.text != "US" and token.dep_ not in SUBJECTS:
            words[token.i] = ("it" if words else name) + token.whitespace_
        if token.lower_ == "we" and token.dep_ in SUBJECTS and not any(token.children):
            words[token.i] = f"{'it' if words else name} "
            words |= _of_one(token, tokens)
    return words


def _of_one(subject: "Token", tokens: "Sequence[Token]") -> dict[int, str]:
    """The verbs among some words that go with "I", or "we", as they go with "it": "has", of "have"."""
    words: dict[int, str] = {}
    if is_plural(subject) and subject.lower_ == "i":
        return words  # "Ann and I have"
    main = subject.head
    auxiliaries = [c for c in main.lefts if c.dep_ == "aux" and c in tokens]
    helped = any(c.tag_ == "MD" or c.lemma_ == "do" for c in auxiliaries)
    for verb in (main, *main.conjuncts):
        first = next((c for c in verb.lefts if c.dep_ in ("aux", "auxpass")), verb)
        full = _in_full(first) if first.lower_ in _CONTRACTIONS else first.lower_
        if verb != main and (subject_of(verb) not in (subject, None) or (helped and first == verb)):
            continue  # "we will cut costs and do more"
        bare = first == verb and first.tag_ == "VB" and first.lemma_ != "be"
        bare &= main.i in words  # "we buy and sell"
        if full != first.lower_ or full in OF_ONE:
            words[first.i] = OF_ONE.get(full, full) + first.whitespace_
        elif (first.tag_ == "VBP" or bare) and full == first.lemma_.lower():  # not "ran"
            words[first.i] = _present(full, plural=False) + first.whitespace_
    return words


def assertive_gerund(
    head: "Token", tokens: "Sequence[Token]", *, subject: str, plural: bool
) -> str:
    """ "denied bombing Z" of X: "X was bombing Z"; "denied having bombed Z": "X had bombed Z".

    "ruled out bombing Z": "X will bomb Z".
    """
    first = head.left_edge
    having = next((c for c in head.children if c.dep_ == "aux" and c.lower_ == "having"), None)
    being = next(
        (c for c in head.children if c.dep_ in ("aux", "auxpass") and c.lower_ == "being"), None
    )
    be = "were" if plural else "was"
    if cue_lemma(head.head) in ("exclude", "rule out"):
        base = {being.i: "be "} if being is not None else {head.i: head.lemma_ + head.whitespace_}
        text = "".join(base.get(t.i, t.text_with_ws) for t in tokens if t.i >= first.i)
        return sentence(f"{subject} will {text}")
    left_out = {t.i for t in (having, being) if t is not None}
    if head.lower_ == "being":
        left_out.add(head.i)
    text = phrase([t for t in tokens if t.i not in left_out and t.i >= first.i])
    return sentence(f"{subject} {'had' if having is not None else be} {text}")


def assertive_infinitive(
    head: "Token", tokens: "Sequence[Token]", *, subject: str, plural: bool
) -> str:
    """ "is said to own Z" of X: "X owns Z"; "is said to have left": "X has left"; "vowed to sue": "X will sue"."""
    to = to_before(head)
    if cue_lemma(head.head) in load_cues().committing_verbs:
        others = [to_before(verb) for verb in head.conjuncts]  # "to cut taxes and to raise wages"
        return sentence(f"{subject} will {phrase([t for t in tokens if t not in (to, *others)])}")
    auxiliaries = (c for c in head.children if c.dep_ in ("aux", "auxpass"))
    verb = next((c for c in auxiliaries if to is None or c.i > to.i), head)
    words = [t for t in tokens if t != to]
    finite = {verb.i: _present(verb.lemma_.lower(), plural=plural) + verb.whitespace_}
    text = "".join(finite.get(t.i, t.text_with_ws) for t in words)
    return sentence(f"{subject} {text}")


def assertive_predicate(
    head: "Token", tokens: "Sequence[Token]", *, subject: str, plural: bool
) -> str:
    """ "called Y a disgrace" of Y: "Y is a disgrace"."""
    words = [t for t in tokens if t in head.subtree]
    return sentence(f"{subject} {'are' if plural else 'is'} {phrase(words)}")


def assertive_blame(head: "Token", tokens: "Sequence[Token]", *, subject: str, plural: bool) -> str:
    """ "blamed Y for Z" of Y: "Y was responsible for Z"."""
    thing = phrase(tokens)
    if tokens[0].is_sent_start and tokens[0].pos_ == "DET":
        thing = thing[:1].lower() + thing[1:]
    return sentence(f"{subject} {'were' if plural else 'was'} responsible for {thing}")


def assertive_noun(head: "Token", tokens: "Sequence[Token]", *, subject: str, plural: bool) -> str:
    """What is denied by a noun.

    "denied any role in Z" of X: "X had a role in Z"; "denied the allegations": "The allegations are true";
    "denied reports of a split": "There is a split"; "denied the murder": "X was responsible for the murder".
    """
    cues = load_cues()
    lemma = head.lemma_.lower()
    added = next((c for c in head.rights if c.dep_ == "relcl" and _begins_with_which(c)), None)
    if added is not None:  # "the rumour, which Ann denies,"
        tokens = [t for t in tokens if t not in added.subtree]
        while tokens[-1].is_punct and len(tokens) > 1:
            tokens.pop()
    if lemma in cues.possessed_nouns:
        left_out = {c.i for c in head.children if c.dep_ in ("det", "poss", "neg")}
        kept = phrase([t for t in tokens if t.i not in left_out])
        article = "" if head.tag_ == "NNS" else "an " if kept[:1].lower() in "aeiou" else "a "
        return sentence(f"{subject} had {article}{kept}")
    if head.head.lemma_.lower() == "rule":
        return sentence(f"there will be {phrase([t for t in tokens if t.lower_ != 'any'])}")
    if tokens[0] != head and tokens[0].lower_.endswith("ing"):  # a gerund taken for an adjective
        return sentence(f"{subject} {'were' if plural else 'was'} {phrase(tokens)}")
    whole = quantity_of(head)
    denied = whole.head.lemma_.lower() == "deny" and whole.dep_ == "dobj"
    denied |= head.dep_ == "pobj" and cues.nouns.get(head.head.head.lemma_.lower()) == "denies"
    told = told_of(head)
    inside = set(told.subtree) if told is not None else set()
    words_told = [t for t in tokens if t in inside]
    claim = lemma in cues.claim_nouns or lemma in cues.pointing_nouns
    claim |= lemma in ("existence", "presence") or lemma in cues.idea_nouns
    if told is not None and lemma in ("accusation", "charge"):  # "denied a charge of theft"
        return assertive_blame(told, words_told, subject=subject, plural=plural)
    if claim and told is not None:  # "denied reports of a split", "the figure of two millions"
        head, tokens = told, words_told
    if head is told or (head.dep_ == "pobj" and not names_claim(head) and not denied):
        words = phrase([t for t in tokens if t.lower_ != "any"])
        return sentence(f"there {'are' if head.tag_ in ('NNS', 'NNPS') else 'is'} {words}")
    thing = phrase(tokens)
    if lemma in cues.facts or thing.lower() == "climate change":
        return sentence(f"{thing} is real")
    if lemma in cues.nouns or head.lower_ in REFERENCES or not denied:
        return sentence(f"{thing} {'are' if head.tag_ == 'NNS' else 'is'} true")
    return assertive_blame(head, tokens, subject=subject, plural=plural)


def _begins_with_which(clause: "Token") -> bool:
    return any(t.lower_ == "which" for t in clause.lefts)


def _present(lemma: str, *, plural: bool) -> str:
    """The present tense of a verb: "is", "has", "carries"."""
    if plural:
        return "are" if lemma == "be" else lemma
    if lemma in ("be", "have"):
        return {"be": "is", "have": "has"}[lemma]
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


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
    text = _COMMAS.sub(",", text)
    return text[:1].upper() + text[1:] + ("?" if question else ".")


def stands_for_something(head: "Token", pronoun: "Token") -> bool:
    """Whether "it" stands for something, unlike in "it was hypocritical of them to …"."""
    if any(c.dep_ == "acomp" and c.lemma_ in load_cues().states for c in head.children):
        return True
    return not any(
        c.dep_ in ("ccomp", "acomp", "attr") or (c.dep_ == "xcomp" and c.i > head.i)
        for c in head.children
    ) or (head.lemma_ != "be" and pronoun.dep_ != "expl")


def _anything_but(head: "Token") -> tuple[int, int] | None:
    """First and last token of "doing anything but", or "anything but", before what is done."""
    for child in head.children:
        if child.dep_ == "dobj" and child.lower_ in ("anything", "nothing"):
            but, what = (*head.doc[child.i + 1 : child.i + 3], None, None)[:2]
            if but is not None and but.lower_ == "but" and what is not None:
                return (head.i if what.tag_ == "VBG" else child.i), but.i
    return None
