"""Training pairs for the NLI models from hand-labelled conflicts.

* `given_pairs`: `seeds/training_pairs.jsonl`, whole news sentences (`seeds/pairs.jsonl` is for fitting and
  measuring the decision, which a model that knew its pairs would spoil), and their propositions;
* `written_rows`: `seeds/training_triples.jsonl`, NLI rows that differ by few words, and
  `seeds/training_disputes.jsonl`, statements on both sides of invented disputes;
* `article_pairs`: PolNeAR articles in which all conflicts are marked (`seeds/conflicts_train.jsonl`, offsets
  only), as passages and as the statements that the library itself finds and pairs in them;
* `invented_pairs`: the same of articles written for this, in which every conflict is known
  (`seeds/training_articles.jsonl`);
* `judged_pairs`: pairs of statements that the library once took for conflicts in such articles, each judged by a
  reader (`seeds/conflicts_judged.jsonl`, offsets only);
* `found_pairs`: what the library finds and pairs in any PolNeAR article, without labels, for a student to learn
  from what its teacher says of them.

A conflict is symmetric, so every pair stands in both directions.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

from nli_data import Pair, mirror, read_jsonl, start_of

from contradict import records
from contradict.algebra import can_conflict, is_denial
from contradict.evaluation.gold import GoldPassages, read_gold
from contradict.pairing import find_pairs
from contradict.pipeline import Analyzer, sentences_of
from contradict.reading import direction
from contradict.records import Document, SplitDocument, Statement

SMOOTHING = 0.05
MOST_CHARACTERS = 500
APART = "\n\n"
"""What stands between the sentences of an invented article: each is a paragraph, as agencies have it."""


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


def article_pairs(
    file: Path, articles: Path, *, unrelated: int, rng: random.Random, judged: Path | None = None
) -> list[Pair]:
    """Pairs from articles with marked conflicts.

    Args:
        file: Gold passages; ``article`` is PolNeAR's name.
        articles: A folder with PolNeAR's `train.jsonl.gz`.
        unrelated: Most pairs of statements that show no conflict and are no hard negative.
        judged: More gold passages, which are no such pairs.
    """
    besides = _by_article(judged) if judged else {}
    return _of_articles(marked_articles(file, articles), besides, unrelated=unrelated, rng=rng)


def invented_pairs(file: Path, *, unrelated: int, rng: random.Random) -> list[Pair]:
    """Pairs from articles written so that all of their conflicts are known.

    Args:
        file: An article a line: `name`, its `sentences`, and `pairs` of these, each with two indices and a kind.
        unrelated: Most pairs of statements that show no conflict and are marked as nothing.
    """
    analyzer = Analyzer()

    def articles() -> Iterator[tuple[list[GoldPassages], SplitDocument]]:
        for row in read_jsonl(file):
            ends = list(accumulate(len(sentence) + len(APART) for sentence in row["sentences"]))
            spans = [
                (end - len(APART) - len(sentence), end - len(APART))
                for sentence, end in zip(row["sentences"], ends, strict=True)
            ]
            marked = [
                GoldPassages(row["name"], spans[a], spans[b], kind, str(number), sure=True)
                for number, (a, b, kind) in enumerate(row["pairs"])
            ]
            [split] = analyzer.split([Document(row["name"], APART.join(row["sentences"]))])
            yield marked, split

    made = _of_articles(articles(), {}, unrelated=unrelated, rng=rng)
    return [replace(pair, source="invented" + pair.source.removeprefix("article")) for pair in made]


def judged_pairs(file: Path, articles: Path) -> list[Pair]:
    """Pairs of statements that a reader has judged: their propositions, and the sentences that they stand in.

    Two sentences are a pair where all that was judged of them shows a conflict, or none does.
    """
    pairs = []
    for rows, split in marked_articles(file, articles):
        sentences = sentences_of([split])
        labels = defaultdict(set)
        for pair in find_pairs(split.statements, across=False):
            made, known = _statements(pair, rows)
            if known:
                pairs += [replace(each, source="judged") for each in made]
                around = frozenset((sentences[pair.left.id], sentences[pair.right.id]))
                labels[around].add(any(r.kind != "none" for r in rows if r.shown_by(pair)))
        for around, conflicts in labels.items():
            if (
                len(around) == 2
                and len(conflicts) == 1
                and sum(map(len, around)) <= MOST_CHARACTERS
            ):
                one, other = sorted(around)
                pairs += _both(one, other, _label(any(conflicts)), "judged")
    return pairs


def found_pairs(
    articles: Path, count: int, *, excluded: Sequence[str], rng: random.Random
) -> list[Pair]:
    """Up to `count` unlabelled pairs of propositions, in the direction that the library reads first."""
    analyzer = Analyzer()
    starts = {start_of(text) for text in excluded}
    found = []
    for row in read_jsonl(articles / "train.jsonl.gz"):
        if start_of(row["text"]) not in starts:
            [split] = analyzer.split([Document(row["article"], row["text"])])
            found += [direction(pair) for pair in find_pairs(split.statements, across=False)]
    found = list(dict.fromkeys(way for way in found if sum(map(len, way)) <= MOST_CHARACTERS))
    return [Pair(*way, "unlabelled", "found") for way in rng.sample(found, min(count, len(found)))]


def marked_articles(
    file: Path, articles: Path
) -> Iterator[tuple[list[GoldPassages], SplitDocument]]:
    """The gold rows of each article in which conflicts are marked, and the article taken apart."""
    rows = _by_article(file)
    texts = {
        Path(row["article"]).name: row["text"]
        for row in read_jsonl(articles / "train.jsonl.gz")
        if Path(row["article"]).name in rows
    }
    if missing := rows.keys() - texts.keys():
        raise SystemExit(f"{len(missing)} articles of {file} are not in {articles}: {min(missing)}")
    analyzer = Analyzer()
    for name, text in texts.items():
        [split] = analyzer.split([Document(name, text)])
        yield rows[name], split


def _by_article(file: Path) -> dict[str, list[GoldPassages]]:
    rows = defaultdict(list)
    for row in read_gold(file).passages:
        rows[row.document].append(row)
    return rows


def _of_articles(
    articles: Iterable[tuple[list[GoldPassages], SplitDocument]],
    besides: Mapping[str, list[GoldPassages]],
    *,
    unrelated: int,
    rng: random.Random,
) -> list[Pair]:
    marked, others = [], []
    for rows, split in articles:
        marked += _passages(split.document.text, rows)
        for pair in find_pairs(split.statements, across=False):
            made, known = _statements(pair, rows)
            if known:
                marked += made
            elif not any(row.shown_by(pair) for row in besides.get(split.document.name, ())):
                others += made
    return marked + rng.sample(others, min(unrelated, len(others)))


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
