"""What is compared with what: the whole library, the library without one of its parts, and baselines.

All of them share one `Workbench`, so that a document is parsed and a pair of texts scored only once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

from contradict.algebra import has_negation
from contradict.conflict import Calibration
from contradict.evaluation.gold import GoldPair
from contradict.language import Language, Parsed
from contradict.nli import RememberingScorer, Scorer
from contradict.pipeline import Analyzer
from contradict.reading import Progress
from contradict.records import Document, Finding, Pair, Probabilities, Statement
from contradict.words import similarity

OURS = "contradict"

LEXICAL_OVERLAP = 0.3
"""Similarity from which the lexical baseline calls two texts, one of them negated, a conflict."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a system says of a given pair of texts."""

    score: float
    flagged: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Two passages of a document that a system compared; offsets are half-open."""

    id: str
    document: str
    left: tuple[int, int]
    right: tuple[int, int]
    score: float
    flagged: bool


TextJudge = Callable[[Sequence[tuple[str, str]]], list[Judgement]]
PairSystem = Callable[[Sequence[GoldPair]], list[Judgement]]
DocumentSystem = Callable[[Sequence[Document]], list[Found]]


class Workbench:
    """An analyzer whose parser and scorer remember what they did, and all systems made from it."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.ours = _Variant(analyzer, RememberingScorer(analyzer.scorer), _RememberingLanguage())

    def pair_systems(self, progress: Progress | None = None) -> dict[str, PairSystem]:
        """Ours, which tells its progress, baselines and ablations for given pairs, by name."""
        return {
            OURS: partial(_judged, self.ours, progress=progress),
            **{
                name: partial(_of_pairs, judge)
                for name, judge in self._text_judges("texts").items()
            },
            **{name: partial(_judged, variant) for name, variant in self._ablations().items()},
            "with one direction": partial(_judged, self.ours.changed(one_direction=True)),
        }

    def document_systems(self) -> dict[str, DocumentSystem]:
        """Baselines and ablations for whole documents, by name."""
        return {
            **{
                name: partial(self._sentences, judge)
                for name, judge in self._text_judges("all sentences").items()
            },
            **{name: partial(_analyzed, variant) for name, variant in self._ablations().items()},
        }

    def _text_judges(self, compared: str) -> dict[str, TextJudge]:
        """Baselines that see nothing but two texts, by name; ``compared`` says in the name which texts."""
        return {
            "always no": _never,
            "negation and overlap": _lexical,
            f"NLI on {compared}, one direction": partial(self._contradictions, both=False),
            f"NLI on {compared}, both directions": partial(self._contradictions, both=True),
        }

    def _ablations(self) -> dict[str, Analyzer]:
        """The library without one of its parts."""
        whole = self.ours
        shared = ("similarity", "texts_similarity", "texts_shared")
        folds = whole.calibration
        blind = Calibration(
            folds.first.without(*shared),
            folds.found.without(*shared),
            folds.given.without(*shared),
        )
        return {
            "without stance": whole.changed(statement=_without_stance),
            "without proposition rewriting": whole.changed(statement=_as_written),
            "without pairing features": whole.changed(calibration=blind),
        }

    def _contradictions(self, texts: Sequence[tuple[str, str]], *, both: bool) -> list[Judgement]:
        """Contradiction as the most probable label; of both directions the stronger counts."""
        directions = [self.ours.scorer.score(texts)]
        if both:
            directions.append(self.ours.scorer.score([(b, a) for a, b in texts]))
        return [
            Judgement(max(p.contradiction for p in ways), any(_contradicts(p) for p in ways))
            for ways in zip(*directions, strict=True)
        ]

    def _sentences(self, judge: TextJudge, documents: Sequence[Document]) -> list[Found]:
        """Every two sentences of each document, judged."""
        pairs = [
            pair
            for document in documents
            for pair in combinations(_sentences_of(self.ours.parsed(document)), 2)
        ]
        judged = judge([(one.proposition, other.proposition) for one, other in pairs])
        return [
            found_pair(Pair(one, other, 0.0), judgement.score, judgement.flagged)
            for (one, other), judgement in zip(pairs, judged, strict=True)
        ]


class _RememberingLanguage(Language):
    """A parser that parses no document twice."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[Document, Parsed] = {}

    def parse_all(
        self, documents: Sequence[Document], *, progress: Callable[[int], None] | None = None
    ) -> Iterator[Parsed]:
        new = [document for document in documents if document not in self._known]
        self._known.update(zip(new, super().parse_all(new, progress=progress), strict=True))
        return (self._known[document] for document in documents)


class _Variant(Analyzer):
    """An analyzer with one of its parts changed."""

    def __init__(self, base: Analyzer, scorer: Scorer, language: Language) -> None:
        first = base.first_scorer if base.first_scorer is not base.scorer else None
        super().__init__(scorer, first_look=first)
        self.threshold, self.given_threshold = base.threshold, base.given_threshold
        self.calibration = base.calibration
        self._language = language
        self._statement: Callable[[Statement], Statement] | None = None

    def changed(
        self,
        *,
        statement: Callable[[Statement], Statement] | None = None,
        calibration: Calibration | None = None,
        one_direction: bool = False,
    ) -> "_Variant":
        """A copy with this changed."""
        copy = _Variant(self, self.scorer, self._language)
        copy.calibration = calibration or self.calibration
        copy._statement = statement
        copy._both_ways_from = None if one_direction else self._both_ways_from
        return copy

    def parsed(self, document: Document) -> Parsed:
        """The parsed document."""
        return self._language.parse(document)

    def _statements_of(self, parsed: Parsed, *, narrated: bool = False) -> list[Statement]:
        statements = super()._statements_of(parsed, narrated=narrated)
        return [self._statement(s) for s in statements] if self._statement else statements


def found_in(findings: Iterable[Finding]) -> list[Found]:
    """Findings on passages of one document, as what was found."""
    return [
        found_pair(Pair(f.left, f.right, f.similarity), f.score, f.flagged)
        for f in findings
        if f.left.document == f.right.document
    ]


def found_pair(pair: Pair, score: float, flagged: bool) -> Found:
    """A pair with its score, as something found."""
    left, right = pair.left, pair.right
    return Found(
        id=f"{left.id}-{right.id}",
        document=left.document,
        left=(left.start, left.end),
        right=(right.start, right.end),
        score=score,
        flagged=flagged,
    )


def _analyzed(analyzer: Analyzer, documents: Sequence[Document]) -> list[Found]:
    return found_in(analyzer.analyze(documents, across=False).findings)


def reviewed(rows: Sequence[GoldPair]) -> list[Judgement]:
    """What was said of the rows when a reviewer judged them; empty if that is not known of all."""
    known = [row.reviewed for row in rows if row.reviewed is not None]
    return [Judgement(*each) for each in known] if len(known) == len(rows) else []


def _judged(
    analyzer: Analyzer, rows: Sequence[GoldPair], *, progress: Progress | None = None
) -> list[Judgement]:
    scores = analyzer.score_pairs([(row.a, row.b) for row in rows], progress=progress)
    return [Judgement(score.score, score.flagged) for score in scores]


def _without_stance(statement: Statement) -> Statement:
    return replace(statement, stance="asserts", speaker=None, cue=None)


def _as_written(statement: Statement) -> Statement:
    return replace(statement, proposition=" ".join(statement.text.split()))


def _of_pairs(judge: TextJudge, rows: Sequence[GoldPair]) -> list[Judgement]:
    return judge([(row.a, row.b) for row in rows])


def _never(texts: Sequence[tuple[str, str]]) -> list[Judgement]:
    return [Judgement(0.0, False) for _ in texts]


def _lexical(texts: Sequence[tuple[str, str]]) -> list[Judgement]:
    """Shared words, and whether just one side is negated: the oldest trick there is."""
    judged = []
    for one, other in texts:
        shared = similarity(one, other)
        opposed = has_negation(one) != has_negation(other)
        flagged = opposed and shared >= LEXICAL_OVERLAP
        judged.append(Judgement(shared if opposed else shared / 10, flagged))
    return judged


def _contradicts(p: Probabilities) -> bool:
    return p.contradiction > max(p.entailment, p.neutral)


def _sentences_of(parsed: Parsed) -> list[Statement]:
    """Each sentence as a statement in the document's own voice, whatever it says."""
    name = parsed.document.name
    return [
        Statement(name, span.start, span.end, span.text, text) for span, text in parsed.sentences
    ]
