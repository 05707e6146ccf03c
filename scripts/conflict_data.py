"""Training pairs for the NLI models from hand-labelled conflicts.

* `given_pairs`: `seeds/training_pairs.jsonl`, whole news sentences (`seeds/pairs.jsonl` is for fitting and
  measuring the decision, which a model that knew its pairs would spoil), and their propositions;
* `written_rows`: `seeds/training_triples.jsonl`, NLI rows that differ by few words, and
  `seeds/training_disputes.jsonl`, statements on both sides of invented disputes;
* `article_pairs`: PolNeAR articles in which all conflicts are marked (`seeds/conflicts_train.jsonl`, offsets
  only), as passages and as the statements that the library itself finds and pairs in them;
* `found_pairs`: what the library finds and pairs in any PolNeAR article, without labels, for a student to learn
  from what its teacher says of them.

A conflict is symmetric, so every pair stands in both directions.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from nli_data import Pair, mirror, read_jsonl, start_of

from contradict import records
from contradict.algebra import can_conflict, is_denial
from contradict.evaluation.gold import GoldPassages, read_gold
from contradict.language import Language
from contradict.pairing import find_pairs
from contradict.pipeline import Analyzer
from contradict.reading import direction
from contradict.records import Document, Statement
from contradict.statements import split_document

SMOOTHING = 0.05
MOST_CHARACTERS = 500


def given_pairs(file: Path) -> list[Pair]:
    """Hand-labelled pairs of texts, both directions; where each is one statement, their propositions, too."""
    pairs = []
    analyzer = Analyzer()
    gold = read_gold(file).pairs
    statements = analyzer.statement_pairs([(row.a, row.b) for row in gold])
    for row, compared in zip(gold, statements, strict=True):
        pairs += _both(row.a, row.b, _label(row.conflict), "given_pairs")
        if len(compared) == 1 and can_conflict(compared[0].left, compared[0].right):
            made = _propositions(compared[0].left, compared[0].right, row.conflict)
            pairs += [
                replace(pair, source="given_statements")
                for pair in made
                if {pair.premise, pair.hypothesis} != {row.a, row.b}
            ]
    return pairs


def written_rows(file: Path) -> list[Pair]:
    """Hand-written NLI rows; contradictions in both directions."""
    rows = [
        Pair(r.premise, r.hypothesis, r.label, file.stem.removeprefix("training_"))
        for r in read_gold(file).inferences
    ]
    return rows + [mirror(pair) for pair in rows if pair.label == "contradiction"]


def article_pairs(file: Path, articles: Path, *, unrelated: int, rng: random.Random) -> list[Pair]:
    """Pairs from articles with marked conflicts.

    Args:
        file: Gold passages; ``article`` is PolNeAR's name.
        articles: A folder with PolNeAR's `train.jsonl.gz`.
        unrelated: Most pairs of statements that show no conflict and are no hard negative.
    """
    marked, others = [], []
    for rows, text, statements in marked_articles(file, articles):
        marked += _passages(text, rows)
        for pair in find_pairs(statements, across=False):
            made, known = _statements(pair, rows)
            (marked if known else others).extend(made)
    return marked + rng.sample(others, min(unrelated, len(others)))


def found_pairs(
    articles: Path, count: int, *, excluded: Sequence[str], rng: random.Random
) -> list[Pair]:
    """Up to `count` unlabelled pairs of propositions, in the direction that the library reads first."""
    language = Language()
    starts = {start_of(text) for text in excluded}
    found = []
    for row in read_jsonl(articles / "train.jsonl.gz"):
        if start_of(row["text"]) not in starts:
            statements = split_document(language.parse(Document(row["article"], row["text"])))
            found += [direction(pair) for pair in find_pairs(statements, across=False)]
    found = list(dict.fromkeys(way for way in found if sum(map(len, way)) <= MOST_CHARACTERS))
    return [Pair(*way, "unlabelled", "found") for way in rng.sample(found, min(count, len(found)))]


def marked_articles(
    file: Path, articles: Path
) -> Iterator[tuple[list[GoldPassages], str, list[Statement]]]:
    """The gold rows, the text and the statements of each article in which conflicts are marked."""
    rows = defaultdict(list)
    for row in read_gold(file).passages:
        rows[row.document].append(row)
    texts = {
        Path(row["article"]).name: row["text"]
        for row in read_jsonl(articles / "train.jsonl.gz")
        if Path(row["article"]).name in rows
    }
    if missing := rows.keys() - texts.keys():
        raise SystemExit(f"{len(missing)} articles of {file} are not in {articles}: {min(missing)}")
    language = Language()
    for name, text in texts.items():
        yield rows[name], text, split_document(language.parse(Document(name, text)))


def _passages(text: str, rows: list[GoldPassages]) -> Iterator[Pair]:
    for row in rows:
        if row.sure and row.kind != "denial_inside":  # its sides are no sentences of their own
            a, b = (" ".join(text[slice(*side)].split()) for side in (row.a, row.b))
            if len(a) + len(b) <= MOST_CHARACTERS:
                yield from _both(a, b, _label(row.kind != "none"), "article_passages")


def _statements(found: records.Pair, rows: list[GoldPassages]) -> tuple[list[Pair], bool]:
    """Pairs of propositions, and whether gold speaks of these two statements."""
    left, right = found.left, found.right
    met = [row for row in rows if row.shown_by(found)]
    conflict = any(row.kind != "none" and row.sure for row in met)
    if not can_conflict(left, right) or (not conflict and any(row.kind != "none" for row in met)):
        return [], False
    return _propositions(left, right, conflict), bool(met)


def _propositions(left: Statement, right: Statement, conflict: bool) -> list[Pair]:
    """The propositions of two statements whose stances can collide.

    Of two assertions that conflict one contradicts the other. What is asserted entails what is denied if that
    is a conflict, and does not if it is none.
    """
    p, q = left.proposition, right.proposition
    if not is_denial(left, right):
        return list(_both(p, q, _label(conflict), "article_statements"))
    if left.stance == "denies":
        p, q = q, p
    label = "entailment" if conflict else "not_entailment"
    return [Pair(p, q, label, "article_denials", SMOOTHING, automatic=True)]


def _both(a: str, b: str, label: str, source: str) -> Iterator[Pair]:
    yield Pair(a, b, label, source, SMOOTHING)
    yield Pair(b, a, label, source, SMOOTHING)


def _label(conflict: bool) -> str:
    return "contradiction" if conflict else "not_contradiction"
