"""What an attribution is: a cue, who speaks, what is said, and with what stance."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from contradict.records import Stance

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True, slots=True)
class Claim:
    """The other stance that a sentence shows towards one content, beside that of its attribution.

    "The mayor rejected Ann's claim that p": the mayor denies p, and Ann asserts it. "Ann falsely claimed that p":
    Ann asserts p, and whoever tells it denies it.

    Attributes:
        cue: The word that shows it: "claim", "falsely".
        speaker: Head of the noun phrase that names who takes it; None where nobody is named.
        stance: The stance.
    """

    cue: "Token"
    speaker: "Token | None"
    stance: Stance


@dataclass(frozen=True, slots=True)
class Attribution:
    """One cue with its speaker and its content, as tokens of one sentence.

    Attributes:
        cue: The word that says so.
        speaker: Head of the noun phrase that names the speaker; None where nobody is named.
        content: Head of what is said: of a clause, or of the noun phrase a denial is about.
        stance: What the speaker does with the content.
        form: How the content stands in the text: a ``clause``; or without its subject, as a ``gerund``
            ("denied bombing", "accused them of bombing"), an ``infinitive`` ("is said to have bombed"), a
            ``predicate`` ("called it a lie"), a ``noun`` phrase ("denied any role in …") or the ``blame``
            for something ("blamed them for the war").
        subject: Where the form lacks it, head of the noun phrase that the content says something of.
        against: The opposite stance to the content that the same sentence shows, if any.
    """

    cue: "Token"
    speaker: "Token | None"
    content: "Token"
    stance: Stance
    form: Literal["clause", "gerund", "infinitive", "predicate", "noun", "blame"] = "clause"
    subject: "Token | None" = None
    against: Claim | None = None
