"""What "he", "she", "it" and "they" stand for: of what a text has named so far, the likeliest.

How recently and how somebody or something was mentioned, whether that is the subject around, of what the text goes on
to speak, and who speaks (after Hobbs 1978, Lappin and Leass 1994): `antecedents.json` says how much each of these
weighs. `scripts/fit_antecedents.py` has learnt it from `seeds/pronouns.jsonl`.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import exp, inf, log
from typing import TYPE_CHECKING

from contradict.cues import SUBJECTS, cue_lemma, load_cues

if TYPE_CHECKING:
    from spacy.tokens import Token

_SALIENCE = {"nsubj": 1.0, "nsubjpass": 0.9, "dobj": 0.6, "poss": 0.6, "appos": 0.5, "pobj": 0.5}
_DECAY, _LASTING = 0.7, 0.25
"""Share of its salience that a person keeps from one sentence to the next, and through the next mention."""

_FORGOTTEN = 1e-3
"""Salience below which a person is no more what a pronoun stands for: not named for some 20 sentences."""

_QUOTED_DECAY, _QUOTED = 0.9, 0.6
"""Share kept over a sentence of quoted words instead, and of the usual salience that a mention in them has."""

_LEAD = 3
"""Sentences, title included, that tell what a text is about."""

_FAR = 6
"""Sentences beyond which it does not matter how far back somebody was mentioned."""

NEAR = 2
"""Sentences from a thing to the pronoun that stands for it, at most."""

NOTHING = ""
"""In place of a name: that a pronoun stands for nothing that is named."""

_SURE = 0.6
"""Probability from which "it" and "they" are resolved; a wrong thing is worse than a pronoun."""


@dataclass(slots=True)
class Mentioned:
    """What a text has said of a person, or of a thing, up to a point.

    Attributes:
        head: Head of the noun phrase of the last mention.
        salience: What mentions have left behind at the last one: more by a subject than by an object.
        faded: Logarithm of what was then left of a salience of 1 at the start of the text.
        count: Mentions.
        first: Number of the sentence of the first mention.
        last: Number of the sentence of the last one.
        place: Number of the last mention among all mentions.
        subject: Whether that was a subject.
        quoted: Whether it stood in a quotation.
        spoke: Number of the last sentence of which the person was said to say something.
    """

    head: "Token"
    salience: float = 0.0
    faded: float = 0.0
    count: int = 0
    first: int = 0
    last: int = 0
    place: int = 0
    subject: bool = False
    quoted: bool = False
    spoke: int = -_FAR


@dataclass(frozen=True, slots=True)
class Question:
    """A pronoun, and what is known of its place.

    Attributes:
        pronoun: The pronoun.
        quoted: Whether it stands in a quotation.
        above: The subject of the clause around it, where that may be meant.
        genders: "he" or "she" for each person, "it" or "they" for each thing, of which that is known.
        surnames: How often each surname stands in the whole text; of persons alone.
        most: How often the most frequent one does.
    """

    pronoun: "Token"
    quoted: bool
    above: str | None
    genders: Mapping[str, str]
    surnames: Mapping[str, int] = field(default_factory=dict)
    most: int = 1


@dataclass(slots=True)
class Discourse:
    """The persons, or the things, that a text has mentioned up to a point, by name.

    Attributes:
        reach: Sentences after which something is no more what a pronoun stands for, however salient it was.
        known: All that was mentioned.
    """

    reach: float = inf
    known: dict[str, Mentioned] = field(default_factory=dict)
    _present: dict[str, Mentioned] = field(default_factory=dict)  # what a pronoun may stand for
    _sentence: int = 0
    _place: int = 0
    _faded: float = 0.0
    _meant: dict[bool, str] = field(default_factory=dict)  # by the last pronoun, quoted or not

    def __contains__(self, name: object) -> bool:
        return name in self._present

    def go_on(self, *, quoted: bool) -> None:
        """Begin the next sentence, most of which may be quoted."""
        self._sentence += 1
        self._faded += log(_QUOTED_DECAY if quoted else _DECAY)
        self._present = {
            name: mentioned
            for name, mentioned in self._present.items()
            if self._salience(mentioned) > _FORGOTTEN
            if self._sentence - mentioned.last <= self.reach
        }

    def _salience(self, mentioned: Mentioned) -> float:
        """What a mention has left behind by now."""
        return mentioned.salience * exp(self._faded - mentioned.faded)

    def notice(self, name: str, mention: "Token", *, role: str, quoted: bool, speaks: bool) -> None:
        """Note a mention, given by its head, and its role in its clause."""
        self._place += 1
        person = self.known.setdefault(name, Mentioned(mention, first=self._sentence))
        weight = _SALIENCE.get(role, 0.4) * (_QUOTED if quoted else 1.0)
        person.salience = weight + _LASTING * self._salience(person)
        person.faded = self._faded
        person.count += 1
        person.last, person.place, person.head = self._sentence, self._place, mention
        person.subject, person.quoted = role in SUBJECTS, quoted
        if speaks:
            person.spoke = self._sentence
        self._present[name] = person

    def antecedent(self, question: Question, others: Collection[str], gender: str) -> str | None:
        """Who a pronoun of some gender stands for, none of some others; None where there is nobody."""
        features = {
            name: self._features(name, person, question)
            for name, person in self._present.items()
            if name not in others
            and not _acts_on(person, question.pronoun)
            and question.genders.get(name, gender) == gender
        }
        name = likeliest(question, features)
        if name is not None:
            self._meant[question.quoted] = name
        return name

    def thing(self, question: Question, number: str) -> "Token | None":
        """Head of the last mention of what "it" or "they" stands for; None where that is uncertain."""
        features = {
            name: self._features_of_thing(name, thing, question)
            for name, thing in self._present.items()
            if question.genders.get(name, number) == number
            and not _acts_on(thing, question.pronoun)
        }
        which = question.pronoun.lower_
        features[NOTHING] = {
            f"nothing, {which}": 1.0,
            f"nothing, in a quotation, {which}": float(question.quoted),
            f"nothing, of to be, {which}": float(question.pronoun.head.lemma_ == "be"),
        }
        name = likeliest(question, features, sure=_SURE)
        if name is None or name == NOTHING:
            return None
        self._meant[question.quoted] = name
        return self.known[name].head

    def _features_of_thing(
        self, name: str, thing: Mentioned, question: Question
    ) -> dict[str, float]:
        head, pronoun = thing.head, question.pronoun
        gap = self._sentence - thing.last
        which = pronoun.lower_
        person = head.lemma_.lower() in load_cues().persons
        verb = cue_lemma(pronoun.head) in load_cues().verbs
        return {
            f"salience, {which}": log(self._salience(thing) + _FORGOTTEN),
            f"subject around, {which}": name == question.above,
            f"meant by the last pronoun, {which}": self._meant.get(question.quoted) == name,
            f"in the sentence, {which}": gap == 0,
            f"in the sentence before, {which}": gap == 1,
            f"last mentioned, {which}": thing.place == self._place,
            f"a subject, {which}": thing.subject,
            f"a subject before, {which}": thing.subject and gap == 1,
            f"as quoted as the pronoun, {which}": thing.quoted == question.quoted,
            f"mentions, {which}": log(thing.count),
            f"an organization, {which}": head.ent_type_ == "ORG",
            f"a place, {which}": head.ent_type_ in ("GPE", "LOC", "FAC"),
            f"a people, {which}": head.ent_type_ == "NORP",
            f"other names, {which}": head.pos_ == "PROPN",
            f"persons, {which}": person,
            "persons, of who says": person and verb,
            f"definite, {which}": any(
                c.lower_ in ("the", "its", "their", "his", "her") for c in head.lefts
            ),
            f"indefinite, {which}": any(c.lower_ in ("a", "an", "any", "no") for c in head.lefts),
            f"time, {which}": head.ent_type_ in ("DATE", "TIME", "PERCENT", "MONEY", "CARDINAL"),
            f"of a preposition, {which}": head.dep_ == "pobj",
            f"an object, {which}": head.dep_ == "dobj",
        }

    def _features(self, name: str, person: Mentioned, question: Question) -> dict[str, float]:
        pronoun, quoted = question.pronoun, question.quoted
        gap = min(self._sentence - person.last, _FAR)
        subject = pronoun.dep_ in SUBJECTS
        verb = pronoun.head
        says = subject and not quoted and cue_lemma(verb) in load_cues().verbs
        within = "quoted" if quoted else "told"
        return {
            f"salience, {within}": log(self._salience(person) + _FORGOTTEN),
            f"subject around, {within}": name == question.above and subject,
            f"subject around, of no subject, {within}": name == question.above and not subject,
            f"meant by the last pronoun, {within}": self._meant.get(quoted) == name and gap <= 1,
            f"meant by the last pronoun outside, {within}": self._meant.get(not quoted) == name
            and gap <= 2,
            f"share of the text, {within}": question.surnames.get(name.split()[-1], 0)
            / question.most,
            f"mentioned in the lead, {within}": person.first <= _LEAD,
            f"in the sentence, {within}": gap == 0,
            f"in the sentence before, {within}": gap == 1,
            f"sentences back, {within}": float(gap),
            f"last mentioned, {within}": person.place == self._place,
            f"last a subject, {within}": person.subject,
            "last a subject, of a subject": person.subject and subject,
            f"last quoted, {within}": person.quoted,
            "last quoted, of who says": person.quoted and says,
            "last quoted in the sentence, of who says": person.quoted and says and gap == 0,
            "spoke just now, of who says": says and self._sentence - person.spoke <= 1,
            "subject just now, of who says": says and person.subject and gap <= 1,
            f"spoke lately, {within}": self._sentence - person.spoke <= 2,
            f"gender is known, {within}": name in question.genders,
            "one word": " " not in name,
            "no name": name[:1].islower() or "'s " in name,  # "Ann's lawyer"
            "mentions": log(1 + person.count),
        }


def _acts_on(person: Mentioned, pronoun: "Token") -> bool:
    """Whether a person is the subject of the verb that a pronoun is the object of, which then is somebody else."""
    head = person.head
    if pronoun.dep_ not in ("dobj", "dative") or head.doc is not pronoun.doc:
        return False
    return (
        head.dep_ in SUBJECTS and head.head == pronoun.head and not pronoun.lower_.endswith("self")
    )


def likeliest(
    question: Question, features: Mapping[str, Mapping[str, float]], *, sure: float = 0.0
) -> str | None:
    """The name whose features weigh most; None where there is none, or its probability is below what is sure."""
    del question  # for who replaces this to learn the weights
    if not features:
        return None
    weights = {name: weight(each) for name, each in features.items()}
    best = max(weights, key=weights.__getitem__)
    share = 1 / sum(exp(each - weights[best]) for each in weights.values())
    return best if share >= sure else None


def weight(features: Mapping[str, float]) -> float:
    """What features weigh together."""
    weights = _weights()
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


@cache
def _weights() -> dict[str, float]:
    data = json.loads((files("contradict") / "antecedents.json").read_text("utf-8"))
    weights: dict[str, float] = data["weights"]
    return weights
