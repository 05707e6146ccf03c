"""Learn how much what is known of a person or a thing weighs when a pronoun is resolved (`contradict/antecedents.py`).

    fit_antecedents.py ATTRIBUTION [--labels seeds/pronouns.jsonl] [--output contradict/antecedents.json]

ATTRIBUTION holds `train.jsonl.gz`, the articles that the labels point into. Prints how many of the labelled
pronouns are resolved rightly by what was learnt from the articles of the other folds, and writes the weights
learnt from all.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
from nli_data import read_jsonl
from scipy.optimize import minimize
from scipy.special import logsumexp

from contradict import antecedents
from contradict.antecedents import NOTHING, Question
from contradict.language import Language, Parsed
from contradict.records import Document
from contradict.statements import name_mentions

FOLDS = 5
PENALTY = 0.005
PERSONAL, THINGS = ("he", "she", "him", "her"), ("it", "they")
UNKNOWN = ("-", "?")
"""Labels of pronouns that stand for nothing that is named, and of those that nobody can tell."""

_SMALL = frozenset(["the", "a", "an", "his", "her", "its", "their"])


@dataclass(frozen=True, slots=True)
class Example:
    """A pronoun: the features of each person that it may stand for, and which of them it does."""

    article: str
    features: tuple[dict[str, float], ...]
    right: int


def bare_words(text: str) -> list[str]:
    """The words of a name or a noun phrase in small letters, without marks and the 's of a genitive."""
    words = (word.strip(".,’'“”\"()").lower() for word in text.split())
    return [word.removesuffix("’s").removesuffix("'s") for word in words]


def same(name: str, other: str) -> bool:
    """Whether two names are one person's: one is part of the other, or they share the last word."""
    words, others = bare_words(name), bare_words(other)
    one, two = set(words) - _SMALL, set(others) - _SMALL
    return bool(one and two) and (words[-1] == others[-1] or one <= two or two <= one)


def is_thing(name: str, noun_phrase: str) -> bool:
    """Whether a thing, called by its name or the lemma of its noun, is what a noun phrase says."""
    for word in bare_words(noun_phrase):
        inflected = word.startswith(name.lower()[:-1]) and len(word) - len(name) <= 2
        if word == name.lower() or (len(name) > 2 and word not in _SMALL and inflected):
            return True
    return False


def labelled(parsed: Parsed, who: Mapping[int, str], pronouns: Sequence[str] = PERSONAL) -> dict:
    """The pronouns of a document that are labelled, and who they are; of persons, only those that are named."""
    return {
        token: who[start]
        for paragraph in parsed.paragraphs
        for token in paragraph.parse
        if (start := paragraph.offsets[token.idx]) in who and token.lower_ in pronouns
        if pronouns == THINGS or who[start] not in UNKNOWN
    }


def collect(parsed: Parsed, who: Mapping[int, str]) -> list[Example]:
    """What the weights are learnt from: everything before a pronoun is resolved rightly."""
    gold = labelled(parsed, who) | labelled(parsed, who, THINGS)
    examples: list[Example] = []

    def right(
        question: Question, features: Mapping[str, Mapping[str, float]], *, sure: float = 0.0
    ) -> str | None:
        del sure
        names = list(features)
        is_who, which = gold.get(question.pronoun), question.pronoun.lower_
        thing = which in THINGS
        known = [] if is_who is None or is_who in UNKNOWN else [n for n in names if n != NOTHING]
        found = [n for n in known if (is_thing if thing else same)(n, is_who)]
        if is_who is None or (not found and not thing):
            return max(names, key=lambda n: antecedents.weight(features[n]), default=None)
        if thing:
            best = max(
                found,
                key=lambda n: features[n][f"salience, {which}"],
                default=NOTHING,
            )
        else:
            best = max(found, key=lambda n: features[n]["mentions"])
        examples.append(
            Example(
                parsed.document.name,
                tuple({k: float(v) for k, v in features[n].items()} for n in names),
                names.index(best),
            )
        )
        return best

    with patch.object(antecedents, "likeliest", right):
        name_mentions(parsed, gold)
    return examples


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """Weights that make the right person likeliest: a softmax over the persons, with a penalty on large weights."""
    names = sorted({name for e in examples for f in e.features for name in f})
    tables = [np.array([[f.get(n, 0.0) for n in names] for f in e.features]) for e in examples]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = (
            PENALTY * len(examples) * (weights @ weights) / 2,
            PENALTY * len(examples) * weights,
        )
        for table, example in zip(tables, examples, strict=True):
            scores = table @ weights
            logs = scores - logsumexp(scores)
            total -= logs[example.right]
            slope = slope + np.exp(logs) @ table - table[example.right]
        return total, slope

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return {name: round(float(w), 4) for name, w in zip(names, found.x, strict=True)}


@contextmanager
def using(weights: Mapping[str, float]):
    """Resolve pronouns with other weights."""
    with patch.object(antecedents, "_weights", lambda: weights):
        yield


def resolved(parsed: Parsed, who: Mapping[int, str]) -> list[tuple[bool, bool]]:
    """For each labelled pronoun whether it stands in a quotation, and whether it is resolved rightly."""
    gold = labelled(parsed, who)
    names = name_mentions(parsed, gold)
    at = {t: p.quotation_at(t) is not None for p in parsed.paragraphs for t in p.parse if t in gold}
    return [(at[token], same(names[token], is_who)) for token, is_who in gold.items()]


def resolved_things(parsed: Parsed, who: Mapping[int, str]) -> list[bool | None]:
    """For each labelled "it" and "they" whether it is resolved rightly; None where it is not resolved."""
    gold = labelled(parsed, who, THINGS)
    names = name_mentions(parsed, gold)
    return [
        None if names[t].lower() in THINGS else same(names[t], is_who) for t, is_who in gold.items()
    ]


def share(results: Sequence[tuple[bool, bool]]) -> dict[str, str]:
    """How many are right, outside and inside of quotations."""
    told = [right for quoted, right in results if not quoted]
    quoted = [right for quoted, right in results if quoted]
    return {
        name: f"{sum(some)} of {len(some)}"
        for name, some in (("all", told + quoted), ("told", told), ("quoted", quoted))
    }


def main() -> None:
    """Learn as the arguments say."""
    seeds = Path(__file__).parent.parent / "seeds"
    output = Path(antecedents.__file__).with_suffix(".json")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("attribution", type=Path)
    parser.add_argument("--labels", type=Path, default=seeds / "pronouns.jsonl")
    parser.add_argument("--output", type=Path, default=output)
    args = parser.parse_args()

    who: dict[str, dict[int, str]] = {}
    for row in read_jsonl(args.labels):
        who.setdefault(row["article"], {})[row["start"]] = row["who"]
    documents = [
        Document(row["article"], row["text"])
        for row in read_jsonl(args.attribution / "train.jsonl.gz")
        if row["article"] in who
    ]
    parsed = list(Language().parse_all(documents))
    examples = [e for p in parsed for e in collect(p, who[p.document.name])]
    held_out, things = [], []
    for fold in range(FOLDS):
        out = {p.document.name for p in parsed[fold::FOLDS]}
        with using(fit([e for e in examples if e.article not in out])):
            for p in parsed[fold::FOLDS]:
                held_out += resolved(p, who[p.document.name])
                things += resolved_things(p, who[p.document.name])
    figures = {
        "he, she, him, her": len(held_out),
        "right, learnt from other articles": share(held_out),
        "it and they": {
            "labelled": len(things),
            "resolved, learnt from other articles": len(things) - things.count(None),
            "of these right": things.count(True),
        },
    }
    print(json.dumps(figures, indent=2))
    about = {
        "fitted_by": "scripts/fit_antecedents.py",
        "figures": figures,
        "weights": fit(examples),
    }
    args.output.write_text(json.dumps(about, indent=2) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
