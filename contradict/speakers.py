"""Who a mention is, within one document: "Mr Lavrov", "the Russian foreign minister", "he"."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contradict.attribution import load_cues

if TYPE_CHECKING:
    from spacy.tokens import Span as Sentence
    from spacy.tokens import Token

_HE, _SHE = "he", "she"
_PRONOUNS = {"he": _HE, "him": _HE, "himself": _HE, "she": _SHE, "her": _SHE, "herself": _SHE}
_GENDERS = {"mr": _HE, "sir": _HE, "lord": _HE, "mrs": _SHE, "ms": _SHE, "miss": _SHE, "lady": _SHE}
_CONTENT_TAGS = ("NOUN", "PROPN", "ADJ", "NUM")
_ASIDES = ("relcl", "acl", "appos", "punct", "advcl", "parataxis", "ccomp")


@dataclass(slots=True)
class Speakers:
    """What a document has said so far about who is who. Feed it the sentences in reading order.

    Names resolve to the longest form seen ("Mr Lavrov" to "Sergei Lavrov"), definite descriptions to whoever
    carried those words before ("the Russian foreign minister"), personal pronouns to the last person who spoke
    or was spoken of as a subject. What cannot be resolved keeps the words of its mention.
    """

    _names: dict[str, list[str]] = field(default_factory=dict)  # by surname, in order
    _roles: dict[str, dict[frozenset[str], str]] = field(default_factory=dict)  # by each word
    _genders: dict[str, str] = field(default_factory=dict)
    _last: dict[str, str] = field(default_factory=dict)

    def read(self, sentence: "Sentence") -> None:
        """Learn the names, titles and descriptions in a sentence."""
        for entity in sentence.ents:
            name = _without_titles(entity.text)
            if entity.label_ != "PERSON" or not name:
                continue
            name = self._full_name(name)
            namesakes = self._names.setdefault(name.split()[-1], [])
            if name not in namesakes:
                namesakes.append(name)
            head = entity.root
            phrase = [*head.lefts, *(g for c in head.lefts for g in c.subtree), *_appositions(head)]
            self._learn_gender(name, phrase)
            self._learn_role(_words(phrase) - {word.lower() for word in name.split()}, name)

    def note(self, mention: "Token") -> None:
        """Remember a person who speaks or acts, as who "he" or "she" may be further on."""
        if mention.lower_ in _PRONOUNS or not _may_be_person(mention):
            return
        name = self.name(mention)
        for pronoun in (_HE, _SHE):
            if self._genders.get(name, pronoun) == pronoun:
                self._last[pronoun] = name

    def name(self, mention: "Token") -> str:
        """The name of whom a noun phrase, given by its head, stands for."""
        pronoun = _PRONOUNS.get(mention.lower_)
        if pronoun:
            return self._last.get(pronoun, mention.lower_)
        phrase = mention_tokens(mention)
        text = "".join(token.text_with_ws for token in phrase).strip()
        if mention.pos_ == "PROPN":
            entities = (e for e in mention.sent.ents if e.start <= mention.i < e.end)
            person = next((e.text for e in entities if e.label_ == "PERSON"), text)
            return self._full_name(_without_titles(person)) or _without_article(text)
        words = _words(phrase)
        definite = phrase[0].dep_ != "det" or phrase[0].lower_ in ("the", "this", "that")
        if definite and words and mention.pos_ == "NOUN":
            candidates = min((self._roles.get(word, {}) for word in words), key=len)
            for role in reversed(candidates):
                if words <= role:
                    return candidates[role]
        name = _without_article(text)
        if phrase[0].is_sent_start and phrase[0].pos_ != "PROPN" and phrase[0].text[1:].islower():
            name = name[:1].lower() + name[1:]
        if mention.pos_ == "NOUN":
            self._learn_role(words, name)
        return name

    def _learn_role(self, role: frozenset[str], name: str) -> None:
        for word in role:
            roles = self._roles.setdefault(word, {})
            roles.pop(role, None)  # so that the latest stands last
            roles[role] = name

    def _full_name(self, name: str) -> str:
        """The latest longer name that a name is a part of, surname included; the name itself where there is none."""
        words = name.split()
        namesakes = self._names.get(words[-1], []) if words else []
        longer = (known for known in reversed(namesakes) if set(words) < set(known.split()))
        return next(longer, name)

    def _learn_gender(self, name: str, phrase: "list[Token]") -> None:
        for token in phrase:
            gender = _GENDERS.get(token.lower_.rstrip("."))
            if gender:
                self._genders[name] = gender


def mention_tokens(head: "Token") -> "list[Token]":
    """The noun phrase of a head without what is added behind a comma or as a clause; in text order."""
    first = head
    for token in head.subtree:
        if token.i < head.i and head in token.ancestors and not _in_aside(token, head):
            first = token
            break
    last = head
    for token in head.doc[head.i + 1 : head.right_edge.i + 1]:
        if (token.is_punct and token.text not in ("-", "’", "'")) or _in_aside(token, head):
            break
        last = token
    tokens = list(head.doc[first.i : last.i + 1])
    if tokens[-1].dep_ == "case":
        tokens.pop()
    while len(tokens) > 1 and (tokens[0].is_punct or tokens[0].dep_ in ("cc", "preconj")):
        tokens.pop(0)
    return tokens


def _in_aside(token: "Token", head: "Token") -> bool:
    while token != head and token.head != token:
        if (
            token.head == head
            and token.dep_ in _ASIDES
            and not (token.dep_ == "punct" and token.text == "-")
        ):
            return True
        token = token.head
    return False


def _appositions(head: "Token") -> "list[Token]":
    tokens = [t for c in head.children if c.dep_ == "appos" for t in c.subtree]
    if head.dep_ == "appos":
        tokens += mention_tokens(head.head)
    return tokens


def _words(tokens: "list[Token]") -> frozenset[str]:
    return frozenset(t.lemma_.lower() for t in tokens if t.pos_ in _CONTENT_TAGS and t.is_alpha)


def _may_be_person(mention: "Token") -> bool:
    return mention.ent_type_ == "PERSON" or (
        mention.pos_ == "NOUN" and mention.tag_ == "NN" and not mention.ent_type_
    )


def _without_titles(name: str) -> str:
    titles = load_cues().titles
    words = name.replace("’s", "").replace("'s", "").split()
    if words and words[0].lower() in ("the", "a", "an"):
        words.pop(0)
    while len(words) > 1 and words[0] in titles:
        words.pop(0)
    return " ".join(words)


def _without_article(text: str) -> str:
    first, _, rest = text.partition(" ")
    return rest if rest and first.lower() in ("the", "a", "an") else text
