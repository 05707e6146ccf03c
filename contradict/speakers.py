"""Who a mention is, within one document, and by surname across several: "Mr Lavrov", "the foreign minister", "he".

What pronouns stand for, `contradict.antecedents` weighs; here is read what a text says of whom it names.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from itertools import groupby, islice, takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING

from contradict.antecedents import NEAR, Discourse, Question
from contradict.cues import SUBJECTS, cue_lemma, load_cues, names_claim, own_subject
from contradict.language import Parsed
from contradict.records import SplitDocument, Statement

if TYPE_CHECKING:
    from spacy.tokens import Span as Sentence
    from spacy.tokens import Token

_HE, _SHE = "he", "she"
_PRONOUNS = {
    "he": _HE,
    "him": _HE,
    "himself": _HE,
    "his": _HE,
    "she": _SHE,
    "her": _SHE,
    "herself": _SHE,
}
_GENDERS = {"mr": _HE, "sir": _HE, "lord": _HE, "mrs": _SHE, "ms": _SHE, "miss": _SHE, "lady": _SHE}
_PERSON_ENDINGS = ("er", "or", "ist", "ian", "man", "woman", "ant", "eer", "ee")
_NO_LONGER = ("ex", "former", "retired")
_LESSER = frozenset(["deputy", "former", "vice"])
"""Words that make of an office another one."""

_DASHES = ("-", "–", "—")
_THINGS = ("it", "they")
_THING_ROLES = ("nsubj", "nsubjpass", "dobj", "pobj", "attr", "poss", "appos", "conj", "dative")
_BODIES = ("ORG", "NORP", "GPE")
"""Kinds of names that "it" may stand for as well as "they"."""

_WITHOUT_ARTICLE = frozenset(
    [
        "the",
        "a",
        "an",
        "his",
        "her",
        "their",
        "its",
        "this",
        "that",
        "these",
        "those",
        "police",
        "all",
        "both",
        "few",
        "many",
        "most",
        "other",
        "several",
        "some",
        "two",
        "three",
    ]  # words that begin such a name
)
"""Words at the start of a description that needs no "the" before it."""

_PARTY = re.compile(r",? \(?(?P<party>[DIR])[-–](?P<state>(?:[A-Z][\w.]*)(?: ?[A-Z][\w.]*)*)")
"""What stands behind a politician's name: "(R-Fla.)", ", D-N.Y.,"."""

_NAMELESS = ("media", "press", "state")
"""Bodies that are another one than the last of that name: "the state" is no Islamic State."""

_EXPLETIVE_VERBS = ("rain", "relate", "snow", "seem", "appear", "emerge", "turn", "take")
_LONGEST_NAME = 4
"""Words of the longest name that is taken for a person's where the parser says nothing."""

_LONGEST = 6
"""Words of the longest noun phrase that takes the place of a pronoun."""

_NAMESAKES = 64
"""Of the names that a word may be short for, the latest that are looked at."""

_PLACES = ("GPE", "LOC", "NORP")
_CONTENT_TAGS = ("NOUN", "PROPN", "ADJ", "NUM")
_ASIDES = ("relcl", "acl", "appos", "punct", "advcl", "parataxis", "ccomp")


@dataclass(slots=True)
class Speakers:
    """What a document has said so far about who is who. Let it learn from all sentences, then read them in order.

    Names resolve to the longest form seen ("Mr Lavrov" to "Sergei Lavrov"), definite descriptions to whoever
    carried those words before ("the Russian foreign minister"), initials to the name they shorten. What cannot
    be resolved keeps the words of its mention.
    """

    # Names by their first and last word, in order; nothing stands beside them.
    _names: dict[str, dict[str, None]] = field(default_factory=dict)
    _initials: dict[str, str] = field(default_factory=dict)
    _places: Counter[str] = field(default_factory=Counter)  # how often each is taken for one
    # By each word, the words of a description to who carries it and to its main words: "mayor" of "Exeter's mayor".
    _roles: dict[str, dict[frozenset[str], tuple[str, frozenset[str]]]] = field(
        default_factory=dict
    )
    _genders: dict[str, str] = field(default_factory=dict)
    _surnames: Counter[str] = field(default_factory=Counter)  # how often each stands in the text
    _most: int = 1  # how often the most frequent of them does
    discourse: Discourse = field(default_factory=Discourse)
    # What "it" and "they" may be, and which of the two a thing is, unless both.
    _things: Discourse = field(default_factory=lambda: Discourse(reach=NEAR))
    _numbers: dict[str, str] = field(default_factory=dict)
    _named_body: "Token | None" = None  # the last, by its name
    # Of each noun, the last body that was named with it: "department" of "the Justice Department".
    _bodies: "dict[str, Token]" = field(default_factory=dict)
    _spoke: "Token | None" = None  # the last body that said something
    _subject_before: "dict[str, Token]" = field(default_factory=dict)  # by which of the two it is
    _quoting: "dict[Token, set[str]]" = field(default_factory=dict)  # whom a speaker's words name
    _pronouns: "dict[Token, str]" = field(default_factory=dict)

    def learn(self, sentence: "Sentence") -> None:
        """Learn the names in a sentence, of all sentences before any is read."""
        if _is_headline(sentence):
            return
        for entity in _entities(sentence):
            name = _bare_name(entity)
            person = entity.label_ == "PERSON" or _is_called_person(entity)
            if entity.label_ in _PLACES and not person:
                self._places[name] += 1
            if entity.label_ == "ORG" and len(name.split()) > 1:
                initials = "".join(word[0] for word in name.split() if word[0].isupper())
                self._initials.setdefault(initials, name)
            if not person or not name or name.islower():
                continue
            surname = name.split()[-1]
            self._surnames[surname] += 2 if " " in name else 1
            self._most = max(self._most, self._surnames[surname])
            for word in {name.split()[0], name.split()[-1]}:
                self._names.setdefault(word, {}).setdefault(name)

    def read(
        self,
        sentence: "Sentence",
        *,
        speaking: "Iterable[Token]" = (),
        quoted_by: "Mapping[Token, Token]" = MappingProxyType({}),
    ) -> None:
        """Learn the titles and descriptions in a sentence, and resolve its pronouns.

        Args:
            sentence: The next sentence of the document.
            speaking: Heads of its noun phrases whose bearers say or do something.
            quoted_by: For words in quotation marks, the head of the noun phrase that names who speaks them: "he"
                is somebody else.
        """
        persons = self._persons(sentence)
        quoted = sum(token in quoted_by for token in sentence) > len(sentence) / 2
        self.discourse.go_on(quoted=quoted)
        self._things.go_on(quoted=quoted)
        speaking = set(speaking)
        quoting_now = {quoted_by[token] for token in sentence if token in quoted_by}
        spoke = quoting_now | {token for token in speaking if token not in quoted_by}

        def notice(name: str, token: "Token") -> None:
            bearer = _bearer(token) if token.dep_ == "appos" else token  # "The mayor, Ann Smith,"
            self.discourse.notice(
                name, token, role=bearer.dep_, quoted=token in quoted_by, speaks=token in spoke
            )

        for quoting in quoting_now:
            if quoting not in sentence and self.name(quoting)[:1].isupper():
                notice(self.name(quoting), quoting)  # who goes on speaking is still there
        for token in sentence:
            if token.lower_ in _PRONOUNS and token.pos_ == "PRON":
                speaker = quoted_by.get(token)
                others = self._quoting.get(token, set())  # nobody speaks of themselves by name
                if speaker is not None:
                    others = {*others, self.name(speaker)}
                antecedent = self._antecedent(token, others, quoted_by)
                if antecedent:
                    self._pronouns[token] = antecedent
                    notice(antecedent, token)
            elif token in persons:
                if token in quoted_by:
                    self._quoting.setdefault(quoted_by[token], set()).add(self.name(token))
                notice(self.name(token), token)
            elif token in speaking and _may_be_person(token):
                name = self.name(token)
                self._learn_gender(name, [token])
                notice(name, token)
            if token.dep_ in SUBJECTS and token not in persons and is_body(token):
                self._spoke = token if token in speaking else self._spoke
                self._named_body = token if token.pos_ == "PROPN" else self._named_body
            if token.tag_ in ("NN", "NNP") and token.lower_ in load_cues().bodies:
                self._learn_body(token)
            if token.lower_ in _THINGS and token.dep_ in SUBJECTS:
                self._resolve_thing(token, quoted_by)
            elif _may_be_thing(token) and token not in persons:
                self._notice_thing(token, quoted=token in quoted_by)
        self._follow_subject(sentence, quoted)

    def _persons(self, sentence: "Sentence") -> "set[Token]":
        """Heads of the names of persons in a sentence; what comes with them is learnt."""
        named = {entity.root for entity in _entities(sentence) if self._is_named(entity)}
        persons = {head for head in named if not self._is_place(head.text)}
        persons |= {token for token in sentence if self._is_known(token)}
        if _is_headline(sentence):
            return {head for head in persons if self.name(head).split()[-1] in self._names}
        for head in sorted(persons, key=lambda token: token.i):
            self._learn_person(head)
        return persons

    def names(self, mention: "Token") -> str:
        """The name of whom a noun phrase stands for, or all names in it: "Ann Smith and Bob Jones"."""
        listed = _listed_behind(mention)
        beside = mention.conjuncts if listed is None else (listed, *listed.conjuncts)
        heads = [mention, *(t for t in beside if t.i > mention.i)]
        titles = load_cues().titles
        # "the former Gov. and Chairman Bob Roe" is one
        heads = [t for t in heads if t.text not in titles] or heads
        named = all(t.pos_ == "PROPN" or t.lower_ in _PRONOUNS for t in heads)
        between = mention.doc[mention.i : heads[-1].i]
        if len(heads) < 2 or not named or any(t.dep_ == "cc" and t.ent_type_ for t in between):
            return self.name(heads[0])
        *first, last = (self.name(head, alone=True) for head in heads)
        return f"{', '.join(first)} and {last}"

    def name(self, mention: "Token", *, alone: bool = False) -> str:
        """The name of whom a noun phrase, given by its head, stands for; `alone`, without who stands beside it."""
        if mention.lower_ in _PRONOUNS:
            return self._pronouns.get(mention, _PRONOUNS[mention.lower_])
        if mention.lower_ in _THINGS and mention in self._pronouns:
            return _without_article(self._pronouns[mention])
        if mention.tag_ in ("WP", "WDT"):  # "the mayor, who said"
            clause = next((t for t in mention.ancestors if t.dep_ == "relcl"), None)
            if clause is not None:
                return self.name(clause.head)
        phrase = mention_tokens(mention)
        if alone:
            phrase = list(takewhile(lambda t: t.i <= mention.i or t.dep_ != "cc", phrase))
        if _says_by_noun(mention, phrase):
            return self.name(phrase[-2])
        if phrase[0].tag_ == "WP$":  # "Ann, whose office said"
            clause = next((t for t in mention.ancestors if t.dep_ == "relcl"), None)
            if clause is not None:
                whose = self.name(clause.head)
                return f"{possessive(whose)} {_text(phrase[1:])}" if len(phrase) > 1 else whose
        if mention.pos_ == "PROPN":
            titles = [i for i, token in enumerate(phrase) if _titled(token)]
            phrase = phrase[titles[0] :] if titles else phrase  # "(On Monday) Ms Vale"
            phrase = _name_at_end(phrase) or phrase  # "(the former lawyer) Ann Smith"
        text = _text(phrase)
        role = self._role(mention)
        body = self._body(mention, phrase)
        if body is not None and not (role and role[:1].isupper()):
            return _without_article(_text(mention_tokens(body)))
        if role:
            return role
        named = _name_added(mention, phrase) if mention.ent_type_ != "PERSON" else None
        if named is not None:
            return self.name(named)
        if mention.pos_ == "PROPN":
            entities = (e for e in mention.sent.ents if e.start <= mention.i < e.end)
            person = next((_text(_named(e)) for e in entities if e.label_ == "PERSON"), text)
            name = _without_titles(person)
            glued = name.removesuffix("also")
            if glued in self._names:
                name = glued  # "Lavrovalso said", where a page has lost its space
            gender = next((each for each in map(_titled, phrase) if each), None)
            return (
                self._initials.get(name.replace(".", ""))
                or self._full_name(name, gender)
                or _without_article(text)
            )
        owner = self.possessor_name(phrase[0])
        if len(phrase) > 1 and owner is not None:  # "her office"
            return f"{owner} {_text(phrase[1:])}"
        name = _without_article(text)
        if mention.text in self._names and len(phrase) == 1:  # "Trump", whatever the parser says
            return self._full_name(name, None)
        capital = phrase[0].is_sent_start and phrase[0].text not in self._names
        capital = capital and name == text  # no article has been taken off
        if capital and phrase[0].pos_ != "PROPN" and phrase[0].text[1:].islower():
            name = name[:1].lower() + name[1:]
        if mention.pos_ == "NOUN":
            self._learn_role(_words(phrase), name, _words([mention]))
        return name

    def _learn_body(self, noun: "Token") -> None:
        """Learn what "the department" is from here on: the last of that noun that has a name, not just any."""
        if noun.dep_ == "compound" or noun.lower_ in (*_NAMELESS, *load_cues().firms):
            return
        phrase = mention_tokens(noun)
        others = [t for t in phrase if t != noun and t.dep_ not in ("det", "case", "prep")]
        whose = "PERSON" if noun.lower_ == "campaign" else ""  # not "the U.S. campaign"
        named = any(t.pos_ == "PROPN" and whose in t.ent_type_ for t in others)
        if named and len(phrase) <= _LONGEST:
            self._bodies[noun.lower_] = noun
        elif others or (phrase[0].lower_ != "the" and phrase[0].tag_ != "PRP$"):
            self._bodies.pop(noun.lower_, None)  # "a court", "the lower court"

    def body_name(self, mention: "Token") -> str | None:
        """What a proposition calls "the department", given by its head, where that has been named."""
        body = self._body(mention, mention_tokens(mention))
        if body is None or mention.lemma_.lower() in load_cues().firms:
            return None
        text = _text(mention_tokens(body))
        return f"the {_without_article(text)}" if text[:4].lower() == "the " else text

    def _body(self, mention: "Token", phrase: "list[Token]") -> "Token | None":
        """Head of the name of "the department", "the company", of which no more is said.

        The last that was named with this noun; of a company, else, the body that was last called by its name.
        """
        bare = [t.lower_ for t in phrase] == ["the", mention.lower_] and mention.tag_ == "NN"
        if not bare:
            return None
        firm = mention.lemma_.lower() in load_cues().firms
        return self._bodies.get(mention.lower_, self._named_body if firm else None)

    def possessives(self) -> dict[str, str]:
        """ "His" or "her" for each person of whom that is known."""
        return {name: "his" if he == _HE else "her" for name, he in self._genders.items()}

    def subject_name(self, subject: "Token") -> str | None:
        """What a proposition calls its subject, a pronoun or a role, instead; None to leave it as it is."""
        if subject.tag_ == "NN":
            if any(c.dep_ in ("appos", "conj") for c in subject.children):
                return None
            role = self._role(subject)
            if role and role[:1].isupper():
                return role if role.split()[-1] in self._names else None
            return self.body_name(subject)
        name = self._pronouns.get(subject)
        if name is None or subject.lower_ not in (_HE, _SHE, *_THINGS):
            return None
        return name if subject.lower_ in _THINGS else as_subject(name)

    def object_name(self, pronoun: "Token") -> str | None:
        """The same of "him" or "her", an object: "Ann Smith"."""
        if pronoun.lower_ not in ("him", "her") or pronoun.tag_ != "PRP":
            return None
        name = self._pronouns.get(pronoun, "")
        return name if _is_name(name) else None

    def possessor_name(self, whose: "Token") -> str | None:
        """The same of "her" in "her approach": "Ann Smith's"."""
        name = self._pronouns.get(whose, "") if whose.tag_ == "PRP$" else ""
        return possessive(name) if _is_name(name) and not self._is_contested(whose, name) else None

    def _is_contested(self, whose: "Token", name: str) -> bool:
        """Whether "his", of one by that name, stands behind another man's name in its clause: "Bob and his wife"."""
        clause = next((t for t in whose.ancestors if t.pos_ in ("AUX", "VERB")), None)
        if clause is None:
            return False
        before = (t for t in clause.subtree if t.i < whose.i and t.dep_ != "compound")
        persons = (t for t in before if t.ent_type_ == "PERSON" or self.is_person_by_name(t))
        gender = _PRONOUNS.get(whose.lower_)
        others = {self.name(person) for person in persons} - {name}
        return any(self._genders.get(other, gender) == gender for other in others)

    def _resolve_thing(self, pronoun: "Token", quoted_by: "Mapping[Token, Token]") -> None:
        """Learn what "it" or "they", a subject, stands for."""
        if _is_expletive(pronoun):
            return
        clause, above = pronoun.head, None
        while clause.head != clause and above is None:
            clause = clause.head
            above = own_subject(clause) if clause.pos_ in ("AUX", "VERB") else None
        question = Question(
            pronoun,
            quoted=pronoun in quoted_by,
            above=_thing(above) if above is not None and above.i < pronoun.i else None,
            genders=self._numbers,
        )
        head = self._things.thing(question, pronoun.lower_)
        if head is None and pronoun == own_subject(pronoun.sent.root) and not question.quoted:
            head = self._subject_before.get(pronoun.lower_)
        if head is None and pronoun.lower_ == "it" and cue_lemma(pronoun.head) in load_cues().verbs:
            head = self._spoke
        if head is None:
            return
        phrase = mention_tokens(head)
        text = _text(phrase)
        if phrase[0].is_sent_start and phrase[0].pos_ != "PROPN":
            text = text[:1].lower() + text[1:]
        if len(phrase) <= _LONGEST:
            self._pronouns[pronoun] = text

    def _follow_subject(self, sentence: "Sentence", quoted: bool) -> None:
        """Keep the subject of a sentence for the next.

        A discourse tends to go on about its subjects (Grosz, Joshi and Weinstein 1995).
        """
        subject = own_subject(sentence.root)
        if subject is not None and subject.lower_ in _THINGS and not quoted:
            return
        self._subject_before = {}
        if subject is not None and not quoted and _may_be_thing(subject):
            self._subject_before["they" if is_plural(subject) else "it"] = subject

    def _notice_thing(self, head: "Token", *, quoted: bool) -> None:
        name = _thing(head)
        if head.ent_type_ not in _BODIES:
            self._numbers[name] = "they" if is_plural(head) else "it"
        self._things.notice(name, head, role=head.dep_, quoted=quoted, speaks=False)

    def _learn_person(self, head: "Token") -> None:
        """Learn the titles and descriptions that come with a person's name."""
        name = self.name(head)
        added = _appositions(head)
        phrase = [*head.lefts, *(g for c in head.lefts for g in c.subtree)]
        phrase += [token for each in added for token in _phrase_around(each, head)]
        self._learn_gender(name, phrase)
        own = {word.lower() for word in name.split()}
        before = (c for c in head.lefts if c.dep_ != "poss")
        nouns = [c for c in before if c.pos_ in ("NOUN", "PROPN") and c.lower_ not in own]
        mains = [t for each in (*nouns[-1:], *added) for t in (each, *each.conjuncts)]
        party, state = _party_behind(head)
        self._learn_role(
            (_words(phrase) | party | state) - own, name, (_words(mains) | party) - own
        )

    def _is_named(self, entity: "Sentence") -> bool:
        """Whether a name is a person's, here or elsewhere in the document."""
        name = _bare_name(entity)
        if entity.label_ == "PERSON":
            return bool(name) and not name.islower()
        return name in self._names or name in self._names.get(entity.root.text, {})

    def _is_known(self, token: "Token") -> bool:
        """Whether a name that the parser does not take for one elsewhere is a person's."""
        known = token.pos_ == "PROPN" and token.dep_ != "compound" and token.text in self._names
        full = any(" " in name for name in self._names.get(token.text, ()))
        kinds = ("", "ORG", *(_PLACES if full else ()))
        return known and token.ent_type_ in kinds and not self._is_place(token.text)

    def is_person_by_name(self, token: "Token") -> bool:
        """Whether the document calls a person by a word, whatever the parser takes it for."""
        return token.text in self._names

    def _is_place(self, name: str) -> bool:
        """Whether a name is more often taken for a place, or a people, than for a person's."""
        return self._places[name] > self._surnames[name]

    def _subject_above(
        self, pronoun: "Token", others: set[str], quoted_by: "Mapping[Token, Token]"
    ) -> str | None:
        """Who the subject of the nearest clause around its own is: "Ann said she", "Bob said Ann had attacked him".

        The first steps of how Hobbs (1978) looks for antecedents; None where that is nobody who may be meant. Whose
        claim a clause tells counts like a subject: "Bob's claim that he".
        """
        clause = pronoun.head
        while clause.pos_ not in ("AUX", "VERB") and clause.head != clause:
            clause = clause.head
        while clause.head != clause:
            clause = clause.head
            if clause.pos_ in ("AUX", "VERB"):
                subject = own_subject(clause)
            else:
                owners = (c for c in clause.lefts if c.dep_ == "poss")
                subject = next(owners, None) if names_claim(clause) else None
            if subject is None or subject.i >= pronoun.i:
                continue
            if quoted_by.get(subject) is not quoted_by.get(pronoun):
                return None  # nobody speaks of themselves as "he"
            whose = next((c for c in subject.children if c.dep_ == "poss"), None)
            if whose is not None and is_person(subject):
                subject = whose  # "Ann's spokesman said she"
            name = self.name(subject)
            gender = _PRONOUNS[pronoun.lower_]
            likely = _given_names().get(name.split()[0].lower(), gender)
            fits = self._genders.get(name, likely) == gender
            known = name in self.discourse or name in self._names.get(name.split()[-1], {})
            known &= subject.pos_ == "PRON" or name[:1].isupper() or is_person(subject)
            known &= " and " not in name  # "a senator and former governor, Ann Smith,"
            if known and name not in others and fits:
                return name
            if is_person(subject) and subject.tag_ == "NN" and fits:
                return None  # "the candidate", whoever that is
        return None

    def _subject_behind(self, pronoun: "Token", others: set[str]) -> str | None:
        """Who is named only behind the words in front of the clause in which the pronoun is a subject.

        "As he left, Bob waved"; "After saying that he would go, Bob stayed"; "In a sign that he was ready, Bob rose".
        """
        front = pronoun.head
        if pronoun.dep_ not in SUBJECTS:
            return None
        while front.dep_ not in ("advcl", "prep") or front.head.pos_ not in ("AUX", "VERB"):
            if front.dep_ in (*SUBJECTS, "ROOT", "conj", "parataxis") or front.head == front:
                return None
            front = front.head
        subject = own_subject(front.head)
        if front.head.i < front.i or subject is None or subject.i < pronoun.i:
            return None
        if subject in front.subtree or subject.ent_type_ != "PERSON":
            return None
        before = front.doc[pronoun.sent.start : pronoun.i]
        if any(t.ent_type_ == "PERSON" for t in before):
            return None
        name, gender = self.name(subject), _PRONOUNS[pronoun.lower_]
        fits = self._genders.get(name, gender) == gender and name not in others
        return name if fits and subject.tag_ == "NNP" else None

    def _antecedent(
        self, pronoun: "Token", others: set[str], quoted_by: "Mapping[Token, Token]"
    ) -> str | None:
        """Who a pronoun stands for, none of some others."""
        behind = self._subject_behind(pronoun, others)
        if behind is not None:
            return behind
        question = Question(
            pronoun,
            quoted=pronoun in quoted_by,
            above=self._subject_above(pronoun, others, quoted_by),
            genders=self._genders,
            surnames=self._surnames,
            most=self._most,
        )
        return self.discourse.antecedent(question, others, _PRONOUNS[pronoun.lower_])

    def _role(self, mention: "Token") -> str | None:
        """Who last carried all the words of a definite description."""
        partisan = mention.tag_ == "NNP" and mention.ent_type_ == "NORP"  # "the Florida Republican"
        if mention.pos_ != "NOUN" and not partisan:
            return None
        phrase = mention_tokens(mention)
        words = _words(phrase)
        definite = phrase[0].dep_ != "det" or phrase[0].lower_ in ("the", "this", "that")
        if definite and words:
            candidates = min((self._roles.get(word, {}) for word in words), key=len)
            for role in reversed(candidates):
                name, mains = candidates[role]
                lesser = _LESSER & role - words  # "the president", of no vice president
                carried = words <= role and mention.lemma_.lower() in mains
                if carried and not lesser:  # not "the town", of its mayor
                    return name
        return None

    def _learn_role(self, role: frozenset[str], name: str, mains: frozenset[str]) -> None:
        for word in role:
            roles = self._roles.setdefault(word, {})
            roles.pop(role, None)  # so that the latest stands last
            roles[role] = name, mains

    def _full_name(self, name: str, gender: str | None) -> str:
        """The longer name that a name is a part of; of several the one named most, then latest.

        "Mrs Clinton" is no Bill Clinton.
        """
        words = name.split()
        namesakes = self._names.get(words[-1], {}) if words else {}
        latest = islice(reversed(namesakes), _NAMESAKES)
        longer = [known for known in latest if set(words) < set(known.split())]
        if gender is not None:
            given = _given_names()
            longer = [
                each for each in longer if given.get(each.split()[0].lower(), gender) == gender
            ]
        known = self.discourse.known
        return max(longer, key=lambda k: known[k].count if k in known else 0, default=name)

    def _learn_gender(self, name: str, phrase: "list[Token]") -> None:
        likely = _given_names().get(name.split()[0].lower()) if " " in name else None
        for token in phrase:
            noun = token.lemma_.lower()
            gender = _titled(token) or _gender_of(noun)
            if gender and noun.endswith("sman"):
                likely = likely or gender  # the spokesman may be Ann Smith
            elif gender:
                self._genders[name] = gender
        if likely:
            self._genders.setdefault(name, likely)


def _is_name(words: str) -> bool:
    """Whether these are the words of a name: no "Acme official"."""
    return words[:1].isupper() and words.split()[-1][:1].isupper()


def possessive(name: str) -> str:
    """ "Ann Smith's", "Bob Jones'"."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def as_subject(name: str, *, noun: bool = False) -> str:
    """What a sentence calls who has been named: "Ann Smith", "the mayor"; "the UN mission", by a noun."""
    bare = not noun and (name[:1].isupper() or name.endswith("s"))
    return name if bare or name.split()[0] in _WITHOUT_ARTICLE else f"the {name}"


def names_in(parsed: Parsed) -> dict[str, bool]:
    """The names in a document, without titles, and whether each is a person's."""
    entities = (entity for paragraph in parsed.paragraphs for entity in paragraph.parse.ents)
    return {_without_titles(each.text): each.label_ == "PERSON" for each in entities}


def persons_in(split: SplitDocument) -> Iterator[tuple[str, str]]:
    """Surname and full name of each person whom a document names in full."""
    for name, is_person in split.names.items():
        if is_person and " " in name:
            yield name.split()[-1], name


def name_all(
    split: Iterable[SplitDocument], *, known: Mapping[str, Collection[str]] | None = None
) -> list[SplitDocument]:
    """The documents with speakers called in full who have only a surname in their document.

    A surname stands for whom another document names in full, where all documents together know just one person of
    that name; of two, none is meant.

    Args:
        split: The documents.
        known: Full names by surname in more documents than these.
    """
    split = list(split)
    full: dict[str, set[str]] = {}
    for each in split:
        for surname, name in persons_in(each):
            full.setdefault(surname, set()).add(name)

    def full_names(surname: str) -> set[str]:
        return full.get(surname, set()).union((known or {}).get(surname, ()))

    return [
        replace(
            each,
            statements=tuple(_called_in_full(s, each.names, full_names) for s in each.statements),
        )
        for each in split
    ]


def _called_in_full(
    statement: Statement, here: Mapping[str, bool], full_names: Callable[[str], set[str]]
) -> Statement:
    speaker = statement.speaker
    if speaker is None or " " in speaker.name or not here.get(speaker.name, True):
        return statement
    names = full_names(speaker.name)
    if (
        len(names) != 1 or names & here.keys()
    ):  # there, whom the surname means was told from the text
        return statement
    return replace(statement, speaker=replace(speaker, name=names.pop()))


@cache
def _given_names() -> dict[str, str]:
    data = json.loads((files("contradict") / "first_names.json").read_text("utf-8"))
    return {name: pronoun for pronoun in (_HE, _SHE) for name in data[pronoun].split()}


def _is_headline(sentence: "Sentence") -> bool:
    """Whether all words that say something have a capital, so that it tells nothing about names."""
    words = [token for token in sentence if token.is_alpha and not token.is_stop]
    return len(words) > 3 and all(token.text[0].isupper() for token in words)


def _entities(sentence: "Sentence") -> "Iterator[Sentence]":
    """The names in a sentence, and those of persons that the parser has overlooked: "Edna Cole", "Dr Munt"."""
    yield from sentence.ents
    entities = [(e.start, e.end) for e in sentence.ents]
    for proper, run in groupby(sentence, key=lambda token: token.pos_ == "PROPN"):
        tokens = list(run)
        start, end = tokens[0].i, tokens[-1].i + 1
        known = any(first < end and start < last for first, last in entities if last - first > 1)
        if proper and 1 < len(tokens) <= _LONGEST_NAME and not known and _begins_name(tokens[0]):
            yield sentence.doc[start:end]


def _named(entity: "Sentence") -> "list[Token]":
    """The words of a name without what the parser puts around it: "Certainly Ann Smith", "Ann Smith's"."""
    words = list(entity)
    while len(words) > 1 and words[0].pos_ in ("ADJ", "ADV", "CCONJ", "INTJ", "PUNCT", "SCONJ"):
        words.pop(0)
    while len(words) > 1 and words[-1].tag_ == "POS":
        words.pop()
    return words


def _bare_name(entity: "Sentence") -> str:
    return _without_titles(_text(_named(entity)))


def _begins_name(word: "Token") -> bool:
    """Whether a word of a name is a title or a given name."""
    return word.text in load_cues().titles or word.lower_ in _given_names()


def _is_called_person(name: "Sentence") -> bool:
    """Whether a name is a person's, whatever the parser says: "Mr Sprague", "Des Pickering, secretary of the union"."""
    if _titled(name[0]) or (not name[0].ent_type_ and _begins_name(name[0])):
        return True
    described = (t for t in _appositions(name.root) if t.pos_ == "NOUN")
    return len(name) > 1 and any(map(is_person, described))


def _is_expletive(it: "Token") -> bool:
    """Whether "it" stands for nothing: "it rained", "it was wrong of them to …", "it is clear that …"."""
    verb = it.head
    clause = any(
        c.dep_ in ("ccomp", "xcomp", "advcl", "csubj") or (c.dep_ == "attr" and c.lemma_ == "time")
        for c in verb.children
    )
    told = it.dep_ == "nsubjpass" and cue_lemma(verb) in load_cues().verbs  # "it is assumed that"
    return it.lower_ == "it" and (
        verb.lemma_ in _EXPLETIVE_VERBS or ((verb.lemma_ == "be" or told) and clause)
    )


def body_spoken_for(speaker: "Token") -> "Token | None":
    """Who "we" are when somebody, given by the head of a mention, speaks: "Acme" of "Acme's chief executive, Ann".

    A body speaks for itself. None where the text does not tell.
    """
    named = speaker.pos_ == "PROPN" and speaker.ent_type_ == "ORG"
    if is_body(speaker) and (named or speaker.pos_ == "NOUN"):
        return speaker
    before = [c for c in speaker.lefts if c.dep_ in ("compound", "nmod")]
    for role in (speaker, *_appositions(speaker), *before):
        former = any(c.lower_ in _NO_LONGER for c in (*role.lefts, *speaker.lefts))
        if former or role.lemma_.lower() not in load_cues().representatives:
            continue
        beside = (*role.lefts, *(before if role in before else ()))
        bodies: list[Token] = [c for c in beside if c.dep_ in ("compound", "nmod", "poss")]
        preps = (c for c in role.rights if c.lower_ in ("at", "for", "of"))
        bodies += [c for prep in preps for c in prep.children if c.dep_ == "pobj"]
        for body in bodies:
            if body.i + 1 < role.i and body.dep_ != "poss" and is_called_body(body.nbor()):
                body = body.nbor()  # "a Trump campaign spokesman"
            theirs = any(c.tag_ == "PRP$" for c in body.lefts)  # "president of their union"
            named = body.ent_type_ == "ORG" or is_called_body(body)
            if named and is_body(body) and body != role and not theirs:
                return body
    return None


def _may_be_person(mention: "Token") -> bool:
    """Whether who speaks or acts may be a person: by a name of no other kind, or by a noun."""
    return (mention.pos_ == "PROPN" and not mention.ent_type_) or (
        mention.tag_ == "NN" and is_person(mention)
    )


def is_body(subject: "Token") -> bool:
    """Whether a subject may be a company, a court or the like, which speaks of itself as "it"."""
    if subject.tag_ not in ("NN", "NNP") or is_plural(subject):
        return False
    named = subject.pos_ == "PROPN" and subject.ent_type_ in ("", "ORG")
    return named or is_called_body(subject)


def is_called_body(noun: "Token") -> bool:
    """Whether a noun is a word for a body: "company", "court"."""
    lemma = noun.lemma_.lower()
    return lemma in load_cues().bodies or lemma in load_cues().firms


def _thing(head: "Token") -> str:
    """What all mentions of a thing share."""
    return head.text if head.pos_ == "PROPN" else head.lemma_.lower()


def _may_be_thing(head: "Token") -> bool:
    """Whether a word is the head of a noun phrase that "it" or "they" may stand for."""
    if (
        head.dep_ not in _THING_ROLES
        or head.pos_ not in ("NOUN", "PROPN")
        or head.ent_type_ == "PERSON"
    ):
        return False
    return is_plural(head) or not is_person(head)


def is_person(noun: "Token") -> bool:
    """Whether a noun, given by its token, says what a person is: "mayor", "wife"."""
    before, _, lemma = noun.lemma_.lower().rpartition("-")
    cues = load_cues()
    if lemma in cues.persons or before in ("co", "ex", "vice"):
        return True
    return lemma.endswith(_PERSON_ENDINGS) and lemma not in cues.things


def _titled(token: "Token") -> str | None:
    """The pronoun of who bears a title: "she" of "Mrs."."""
    return _GENDERS.get(token.lower_.rstrip("."))


def _gender_of(noun: str) -> str | None:
    cues = load_cues()
    return _HE if noun in cues.men else _SHE if noun in cues.women else None


def mention_tokens(head: "Token") -> "list[Token]":
    """The noun phrase of a head without what is added behind a comma or as a clause; in text order."""
    first = head
    for token in head.subtree:
        if token.i >= head.i:
            break
        if not _in_aside(token, head):
            first = token
            break
    own = {token.i for token in head.subtree}
    last = head
    for token in head.doc[head.i + 1 : head.right_edge.i + 1]:
        if (token.is_punct and token.text not in ("-", "’", "'")) or _in_aside(token, head):
            break
        if not token.is_punct and token.i not in own:
            break  # its verb, where what is added to it stands behind that
        if token.dep_ == "prep" and any(t.dep_ in ("acl", "pcomp") for t in token.subtree):
            break  # "the rejection by Ann of claims that p", "(accused) the army of shelling it"
        dated = token.dep_ == "npadvmod" or any(c.dep_ == "pobj" for c in token.children)
        if dated and token.dep_ in ("npadvmod", "prep") and _is_date(token):
            break  # "Ann's campaign on Monday"
        last = token
    tokens = list(head.doc[first.i : last.i + 1])
    if len(tokens) > 1 and tokens[-1].dep_ == "case":
        tokens.pop()
    while len(tokens) > 1 and (tokens[0].is_punct or tokens[0].dep_ in ("cc", "preconj")):
        tokens.pop(0)
    return tokens


def _listed_behind(name: "Token") -> "Token | None":
    """ "Bob Roe", of "Ms Vale, Bob Roe and Cy Poe", where the parser takes him for the one before."""
    persons = (c for c in name.rights if c.dep_ == "appos" and c.ent_type_ == "PERSON")
    listed = (c for c in persons if any(other.dep_ == "conj" for other in c.rights))
    return next(listed, None) if name.ent_type_ == "PERSON" else None


def _says_by_noun(mention: "Token", phrase: "list[Token]") -> bool:
    """Whether a name has its verb with it, as parsers sometimes have it: "(“It is late,”) Ann Smith notes"."""
    says = mention.tag_ in ("NNS", "VBZ") and mention.lemma_ in load_cues().verbs
    named = len(phrase) > 1 and phrase[-1] == mention and phrase[-2].pos_ == "PROPN"
    return says and named and mention.text.islower()


def _is_date(token: "Token") -> bool:
    return any(t.ent_type_ in ("DATE", "TIME") for t in (token, *token.children))


def is_plural(noun: "Token") -> bool:
    """Whether a noun phrase, given by its head, is more than one."""
    return (
        noun.tag_ in ("NNS", "NNPS")
        or noun.lower_ in ("they", "we")
        or any(c.dep_ == "conj" for c in noun.children)
    )


def _text(tokens: "list[Token]") -> str:
    text = "".join(token.text_with_ws for token in tokens)
    return text.replace("[", "").replace("]", "").strip().lstrip(" ".join(_DASHES))


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
    """Heads of the descriptions that a name is added to, or that are added to it."""
    heads = [c for c in head.children if c.dep_ == "appos"]
    if head.dep_ == "appos":
        heads.append(_bearer(head))
    return heads


def _bearer(name: "Token") -> "Token":
    """The noun that a name is added to: of "the mayor of Exeter, Ann Smith," the mayor, whatever the parser says."""
    noun = name.head
    while noun.dep_ == "pobj" and noun.head.head.pos_ == "NOUN" and not is_person(noun):
        noun = noun.head.head
    return noun if is_person(noun) else name.head


def _name_added(description: "Token", phrase: "list[Token]") -> "Token | None":
    """Head of the name that a description of one person comes with: "a spokesman for the guard, Ann Smith,"."""
    somebody = is_person(description) or description.lemma_.lower() in load_cues().bodies
    if somebody and description.tag_ == "NN":
        names = (t for part in description.rights for t in part.subtree if t.dep_ == "appos")
        name = next((t for t in names if t.pos_ == "PROPN" and _bearer(t) == description), None)
        if name is not None:
            return name
    return _name_between_commas(description, phrase[-1])


def _name_at_end(phrase: "list[Token]") -> "list[Token]":
    """ "Ann Smith", of "Ann Smith", "the veteran Ann Smith"."""
    end = [*takewhile(lambda token: token.pos_ == "PROPN", reversed(phrase))][::-1]
    before = phrase[: len(phrase) - len(end)]
    return end if not before or is_person(before[-1]) else []


def _name_between_commas(description: "Token", last: "Token") -> "Token | None":
    """The same by what stands there, where the parser has lost it: "A till worker, Ann Smith, said"."""
    behind = description.doc[last.i + 1 : description.sent.end]
    if not len(behind) or behind[0].text != ",":
        return None
    one = description.lower_ == "one" and any(c.lower_ == "of" for c in description.rights)
    title = last.text in load_cues().titles or description.text in load_cues().titles
    heads = (last, description)
    if not (one or title or any(is_person(t) and t.tag_ in ("NN", "NNP") for t in heads)):
        return None
    added = list(takewhile(lambda token: token.pos_ in ("DET", "ADJ", "NOUN", "PROPN"), behind[1:]))
    name = _name_at_end(added)
    ends = behind[len(added) + 1 : len(added) + 3]
    closed = len(ends) > 0 and ends[0].text in (",", ".") and not any(t.dep_ == "cc" for t in ends)
    return name[-1] if 1 < len(name) <= _LONGEST_NAME and closed else None


def _phrase_around(description: "Token", name: "Token") -> "list[Token]":
    return list(description.subtree) if description.head == name else mention_tokens(description)


def _words(tokens: "list[Token]") -> frozenset[str]:
    titles = _offices()["titles"]
    kept = (t for t in tokens if t.pos_ in _CONTENT_TAGS)
    return frozenset(
        titles.get(t.text, t.lemma_.lower()) for t in kept if t.is_alpha or t.text in titles
    )


def _party_behind(name: "Token") -> tuple[frozenset[str], frozenset[str]]:
    """Words of the party and of the state behind a name: of "Marco Rubio (R-Fla.)", "republican" and "florida"."""
    end = name.idx + len(name) - name.sent.start_char
    found = _PARTY.match(name.sent.text, end)
    if found is None:
        return frozenset(), frozenset()
    offices = _offices()
    party, state = offices["parties"][found["party"]], found["state"]
    state = offices["states"].get(state, state)
    return frozenset(party.lower().split()), frozenset(state.lower().split())


@cache
def _offices() -> dict[str, dict[str, str]]:
    offices: dict[str, dict[str, str]] = json.loads(
        (files("contradict") / "offices.json").read_text("utf-8")
    )
    return offices


def _without_titles(name: str) -> str:
    titles = load_cues().titles
    words = name.replace("’s", "").replace("'s", "").split()
    while len(words) > 1 and words[0].lower() in ("the", "a", "an", *_DASHES):
        words.pop(0)
    bodies = load_cues().bodies
    while len(words) > 1 and words[0] in titles:
        if words[1].islower() or words[1].lower() in bodies:
            break  # "Senator from Texas", "Justice Department"
        words.pop(0)
    return " ".join(words)


def _without_article(text: str) -> str:
    first, _, rest = text.partition(" ")
    return rest if rest and first.lower() in ("the", "a", "an") else text
