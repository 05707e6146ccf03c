"""The whole flow: documents → statements → pairs → scores → findings.

`Analyzer` holds what is loaded (parser, NLI model) and can be used many times; `analyze` and `score_pairs` are
one-off uses of it.
"""

import copy
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property, partial
from typing import Self, TypeVar

from contradict.algebra import can_conflict
from contradict.conflict import (
    CALIBRATION,
    Calibration,
    is_calibrated,
    judge,
    judge_given,
    load_calibration,
)
from contradict.documents import Source, read_documents
from contradict.errors import InputError
from contradict.language import Language, Parsed, looks_english
from contradict.nli import Scorer, load_scorer
from contradict.pairing import find_pairs
from contradict.profiles import local_folder
from contradict.reading import (
    BOTH_WAYS_FROM,
    Progress,
    Reading,
    as_statement,
    read_found,
    read_given,
    text_pair,
)
from contradict.records import (
    Document,
    Failure,
    Finding,
    Nli,
    Pair,
    PairScore,
    Report,
    SplitDocument,
    Statement,
    check_threshold,
)
from contradict.repeats import lower_crowded, merge_repeats
from contradict.speakers import name_all, names_in
from contradict.statements import split_document
from contradict.words import similarity

MOST_COMBINATIONS = 16
"""Of two texts given to be compared, the most pairs of their statements that are scored."""

_PAIRS_AT_A_TIME = 64
"""Given pairs that are split before the model reads them."""

_T = TypeVar("_T")
_R = TypeVar("_R")


class Analyzer:
    """Finds conflicting statements; loads its models once, on first use.

    Example:
        >>> analyzer = Analyzer(model="nli-base")
        >>> report = analyzer.analyze("seeds/iran_hezbollah_isil.txt")  # doctest: +SKIP
        >>> [finding.kind for finding in report.flagged]  # doctest: +SKIP
    """

    _both_ways_from: float | None = BOTH_WAYS_FROM

    def __init__(
        self,
        model: str | os.PathLike[str] | Scorer | None = None,
        *,
        first_look: str | os.PathLike[str] | Scorer | None = None,
        threshold: float | None = None,
    ) -> None:
        """Set up an analyzer; nothing is loaded yet.

        Args:
            model: An NLI model: a profile's name, a folder, a hub name, or a `Scorer`; None for the default.
                A ``calibration.json`` in its folder decides how its readings are weighed.
            first_look: A faster NLI model, given in the same ways, that rules out most of the pairs found in
                documents, so that `model` reads the others only; None where `model` does both.
            threshold: Score from which a finding or a given pair is flagged, 0 to 1; None for the
                calibrated default of each.

        Raises:
            ValueError: The threshold is not between 0 and 1.
            ModelError: The model's folder holds a ``calibration.json`` that is none.
        """
        if threshold is not None:
            check_threshold(threshold)
        self.calibration = _calibration_of(model)
        if _same_model(model, first_look):
            first_look = None
        if first_look is not None:
            self.calibration = replace(self.calibration, first=_calibration_of(first_look).first)
        found, given = self.calibration.found, self.calibration.given
        self.threshold = found.threshold if threshold is None else threshold
        self.given_threshold = given.threshold if threshold is None else threshold
        self._model = model
        self._uncalibrated = [
            os.fspath(each)
            for each in (model, first_look)
            if isinstance(each, str | os.PathLike) and not is_calibrated(local_folder(each))
        ]
        self._first_look = first_look
        self._language = Language()

    @cached_property
    def scorer(self) -> Scorer:
        """The NLI model.

        Raises:
            ModelError: It cannot be found, is not safe to load, or is not an NLI model.
        """
        return _load(self._model)

    @cached_property
    def first_scorer(self) -> Scorer:
        """The NLI model that takes the first look; see `scorer`."""
        return self.scorer if self._first_look is None else _load(self._first_look)

    @property
    def scorers(self) -> list[Scorer]:
        """`scorer`, and `first_scorer` where that is another one."""
        same = self.first_scorer is self.scorer
        return [self.scorer] if same else [self.scorer, self.first_scorer]

    @property
    def warnings(self) -> list[str]:
        """What a user of these models should know."""
        told = [warning for each in self.scorers for warning in each.warnings]
        for each in self._uncalibrated:
            told.append(
                f"Model '{each}' has no {CALIBRATION}: what it says is weighed as if the default model "
                "had said it, so scores are no probabilities; scripts/calibrate.py --model fits it"
            )
        return told

    @property
    def truncated(self) -> int:
        """How many pairs of texts were too long for a model and were cut, so far; loads no model."""
        loaded = (self.__dict__.get(name) for name in ("scorer", "first_scorer"))
        return sum(each.truncated for each in {id(s): s for s in loaded if s is not None}.values())

    def warnings_on_cuts(self, before: int = 0) -> list[str]:
        """What to tell a user of pairs that did not fit a model, but for those that had been cut before."""
        cut = self.truncated - before
        return [f"{cut:,} pairs were too long for the model and were cut"] if cut else []

    def using(self, scorer: Scorer, *, first_look: Scorer | None = None) -> Self:
        """The same analyzer with another model; and another one for the first look, if it has one of its own."""
        other = copy.copy(self)
        other._model = scorer
        other.__dict__.pop("scorer", None)  # the one that was loaded
        if self._first_look is None:
            other.__dict__.pop("first_scorer", None)
        elif first_look is not None:
            other._first_look = first_look
            other.__dict__.pop("first_scorer", None)
        return other

    def analyze(
        self,
        sources: Source,
        *,
        within: bool = True,
        across: bool = True,
        text_column: str | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Find the conflicts in documents.

        Args:
            sources: Paths of files or folders, `Document` objects, or a `datasets.Dataset`; one or many.
            within: Whether to pair statements of one document.
            across: Whether to pair statements of different documents.
            text_column: Column of tables and records that holds the text; None for the usual names.
            progress: Called as the work goes on.

        Returns:
            A report with a finding for every two claims that were compared, highest score first.

        Raises:
            InputError: Nothing at all could be read.
            ModelError: The NLI model cannot be used.
        """
        documents, failures, warnings = _read(sources, text_column)
        self._load_scorers(progress)
        split = self.split(documents, progress=progress)
        report = self.compare(split, within=within, across=across, progress=progress)
        return replace(report, failures=failures, warnings=(*warnings, *report.warnings))

    def split(
        self,
        documents: Sequence[Document],
        *,
        narrated: bool = False,
        progress: Progress | None = None,
    ) -> list[SplitDocument]:
        """Take documents apart into statements, each on its own; no NLI model is needed.

        Args:
            documents: The documents.
            narrated: Whether to list also statements that are only `narrated`, which are never paired.
            progress: Called as the work goes on.
        """
        split = []
        done, total = 0, sum(len(document.text) for document in documents)
        for document in documents:
            report = partial(_report_characters, progress, done, total) if progress else None
            parsed = self._language.parse(document, progress=report)
            statements = self._statements_of(parsed, narrated=narrated)
            split.append(
                SplitDocument(
                    document,
                    tuple(statements),
                    tuple(parsed.around(each.start, each.end) for each in statements),
                    tuple(parsed.context(each.start, each.end) for each in statements),
                    names_in(parsed),
                    parsed.left_out,
                )
            )
            done += len(document.text)
        return split

    def compare(
        self,
        split: Sequence[SplitDocument],
        *,
        within: bool = True,
        across: bool = True,
        progress: Progress | None = None,
    ) -> Report:
        """Find the conflicts in documents that have been split; see `analyze`."""
        split = name_all(split)
        self._load_scorers(progress)
        cut_before = self.truncated
        statements = [statement for each in split for statement in each.statements]
        pairs = find_pairs(statements, within=within, across=across)
        findings = self.judge(pairs, split, progress=progress)
        report = report_of(
            split, findings, threshold=self.threshold, model=self.scorer.name, across=across
        )
        warnings = [*report.warnings, *self.warnings, *self.warnings_on_cuts(cut_before)]
        return replace(report, warnings=tuple(warnings))

    def statements(
        self,
        sources: Source,
        *,
        text_column: str | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Only split documents into statements: a report without findings, made without an NLI model.

        Statements that are only `narrated` are among them.

        Raises:
            InputError: Nothing at all could be read.
        """
        documents, failures, warnings = _read(sources, text_column)
        split = name_all(self.split(documents, narrated=True, progress=progress))
        report = report_of(split, (), threshold=self.threshold, model="", across=True)
        return replace(report, failures=failures, warnings=(*warnings, *report.warnings))

    def score_pairs(
        self, pairs: Sequence[tuple[str, str]], *, progress: Progress | None = None
    ) -> list[PairScore]:
        """Score pairs of texts that somebody chose to compare.

        Each text is split like a document; the score of a pair is that of its most conflicting statements.
        Swapping the texts of a pair leaves its score as it is.

        Args:
            pairs: The texts.
            progress: Called as the work goes on.

        Returns:
            One score a pair, in the order of ``pairs``.

        Raises:
            InputError: A pair is not two strings.
            ModelError: The NLI model cannot be used.
        """
        checked = [_checked(pair) for pair in pairs]
        self._load_scorers(progress)
        read = partial(
            read_given,
            scorer=self.scorer,
            calibration=self.calibration,
            threshold=self.given_threshold,
            both_ways_from=self._both_ways_from,
        )
        readings: list[Reading] = []
        for some in _one_behind(self._split_pairs(checked), read):
            readings += some
            if progress:
                progress("scoring", len(readings), len(checked))
        return [
            judge_given(
                *_as_given(each.pair, each.nli, given),
                texts=each.texts,
                texts_nli=each.texts_nli,
                threshold=self.given_threshold,
                calibration=self.calibration,
            )
            for each, given in zip(readings, checked, strict=True)
        ]

    def statement_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[list[Pair]]:
        """What `score_pairs` compares: for each two texts, the most similar pairs of their statements.

        The statements of the text that sorts first are on the left. Only where no stances can collide is there a
        pair, and only one, that cannot conflict.
        """
        return [group for some in self._split_pairs(pairs) for _, group in some]

    def _split_pairs(
        self, pairs: Sequence[tuple[str, str]]
    ) -> Iterator[list[tuple[Pair, list[Pair]]]]:
        """Texts given to be compared, and the pairs of their statements, some at a time."""
        split: dict[str, list[Statement]] = {}
        for start in range(0, len(pairs), _PAIRS_AT_A_TIME):
            some = pairs[start : start + _PAIRS_AT_A_TIME]
            new = dict.fromkeys(text for pair in some for text in pair if text not in split)
            split |= self._split_texts(list(new))
            yield [
                (
                    text_pair(*sorted(pair)),
                    _most_similar(split[min(pair)], split[max(pair)]),
                )
                for pair in some
            ]

    def _load_scorers(self, progress: Progress | None) -> None:
        """Load the models now, so that one that cannot be used is told before anything long."""
        if progress:
            progress("loading the model", 0, None)
        _ = self.scorers

    def judge(
        self,
        pairs: Sequence[Pair],
        split: Sequence[SplitDocument],
        *,
        progress: Progress | None = None,
    ) -> list[Finding]:
        """The finding of each pair of statements, which is read as far as it deserves (`contradict.reading`).

        Args:
            pairs: The pairs.
            split: The documents that their statements stand in.
            progress: Called as the work goes on.
        """
        contexts = {
            statement.id: context
            for each in split
            for statement, context in zip(each.statements, each.contexts, strict=True)
        }
        readings = read_found(
            pairs,
            sentences_of(split),
            self.scorer,
            self.first_scorer,
            calibration=self.calibration,
            threshold=self.threshold,
            progress=progress,
        )
        return [
            judge(
                each.pair,
                each.nli,
                texts=each.texts,
                texts_nli=each.texts_nli,
                threshold=self.threshold,
                model=each.model,
                calibration=self.calibration,
                contexts=(contexts[each.pair.left.id], contexts[each.pair.right.id]),
            )
            for each in readings
        ]

    def _statements_of(self, parsed: Parsed, *, narrated: bool = False) -> list[Statement]:
        return split_document(parsed, narrated=narrated)

    def _split_texts(self, texts: Sequence[str]) -> dict[str, list[Statement]]:
        """The statements of bare texts; the whole text as one where nothing in it is a clause."""
        # Named by its text, so that two texts count as two documents, and equal ones as one.
        documents = [Document(name=text, text=text) for text in texts]
        return {
            parsed.document.text: self._statements_of(parsed)
            or [as_statement(parsed.document.text)]
            for parsed in self._language.parse_all(documents)
        }


def report_of(
    split: Sequence[SplitDocument],
    findings: Iterable[Finding],
    *,
    threshold: float,
    model: str,
    across: bool,
) -> Report:
    """The report on documents, speakers called in full, with the findings of their pairs."""
    ranked = lower_crowded(findings, threshold=threshold)
    return Report(
        findings=tuple(merge_repeats(ranked, across=across)),
        statements=tuple(statement for each in split for statement in each.statements),
        documents=tuple(each.document for each in split),
        threshold=threshold,
        model=model,
        warnings=tuple(_warnings_on(split)),
    )


def analyze(
    sources: Source,
    *,
    model: str | os.PathLike[str] | Scorer | None = None,
    first_look: str | os.PathLike[str] | Scorer | None = None,
    threshold: float | None = None,
    within: bool = True,
    across: bool = True,
    text_column: str | None = None,
) -> Report:
    """Find the conflicts in documents; see `Analyzer.analyze`, which this calls with an analyzer of its own.

    Example:
        >>> import contradict
        >>> report = contradict.analyze("seeds/iran_hezbollah_isil.txt")  # doctest: +SKIP
    """
    analyzer = Analyzer(model, first_look=first_look, threshold=threshold)
    return analyzer.analyze(sources, within=within, across=across, text_column=text_column)


def score_pairs(
    pairs: Sequence[tuple[str, str]],
    *,
    model: str | os.PathLike[str] | Scorer | None = None,
    threshold: float | None = None,
) -> list[PairScore]:
    """Score pairs of texts; see `Analyzer.score_pairs`, which this calls with an analyzer of its own."""
    return Analyzer(model, threshold=threshold).score_pairs(pairs)


def _calibration_of(model: str | os.PathLike[str] | Scorer | None) -> Calibration:
    return load_calibration(local_folder(model) if isinstance(model, str | os.PathLike) else None)


def _same_model(
    model: str | os.PathLike[str] | Scorer | None,
    other: str | os.PathLike[str] | Scorer | None,
) -> bool:
    if isinstance(other, str | os.PathLike) and (
        model is None or isinstance(model, str | os.PathLike)
    ):
        folder = local_folder(model)
        return model == other or (folder is not None and folder == local_folder(other))
    return model is other


def _load(model: str | os.PathLike[str] | Scorer | None) -> Scorer:
    return load_scorer(model) if model is None or isinstance(model, str | os.PathLike) else model


def _read(
    sources: Source, text_column: str | None
) -> tuple[list[Document], tuple[Failure, ...], list[str]]:
    """The documents, what could not be used, and what the reader should know besides."""
    warnings: list[str] = []
    items = list(read_documents(sources, text_column=text_column, warn=warnings.append))
    documents = [item for item in items if isinstance(item, Document)]
    failures = tuple(item for item in items if isinstance(item, Failure))
    if not documents:
        raise InputError(nothing_read(failures))
    return documents, failures, warnings


def _checked(pair: Sequence[str]) -> tuple[str, str]:
    if not isinstance(pair, str) and len(pair) == 2 and all(isinstance(t, str) for t in pair):
        return pair[0], pair[1]
    raise InputError(
        f"A pair must be two strings, such as ('X bombed Y.', 'X did not.'); got {pair!r}"
    )


def _report_characters(progress: Progress, before: int, total: int, done: int) -> None:
    progress("splitting", before + done, total)


def _most_similar(left: Sequence[Statement], right: Sequence[Statement]) -> list[Pair]:
    """The pairs of two texts' statements that can conflict, at most `MOST_COMBINATIONS`; one other where none can."""
    pairs = [Pair(p, q, similarity(p.proposition, q.proposition)) for p in left for q in right]
    pairs.sort(key=lambda pair: -pair.similarity)
    colliding = [pair for pair in pairs if can_conflict(pair.left, pair.right)]
    return colliding[:MOST_COMBINATIONS] or pairs[:1]


def _one_behind(items: Iterable[_T], work: Callable[[_T], _R]) -> Iterator[_R]:
    """What `work` makes of each item, in a thread of its own while the next items are being made."""
    worker = ThreadPoolExecutor(max_workers=1)
    waiting: deque[Future[_R]] = deque()
    try:
        for item in items:
            waiting.append(worker.submit(work, item))
            while waiting and waiting[0].done():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        worker.shutdown(cancel_futures=True)


def sentences_of(split: Iterable[SplitDocument]) -> dict[str, str]:
    """The sentence that each statement stands in, by its id."""
    return {
        statement.id: sentence
        for each in split
        for statement, sentence in zip(each.statements, each.sentences, strict=True)
    }


def _as_given(pair: Pair, nli: Nli, given: tuple[str, str]) -> tuple[Pair, Nli]:
    """Statements of two texts in the order in which these were given, not sorted, and named by it."""
    names = dict(zip(reversed(given), ("the second text", "the first text"), strict=True))
    left, right = (replace(s, document=names[s.document]) for s in (pair.left, pair.right))
    if given[0] <= given[1]:
        return Pair(left, right, pair.similarity), nli
    return Pair(right, left, pair.similarity), nli.swapped


def _warnings_on(split: Iterable[SplitDocument]) -> Iterator[str]:
    for each in split:
        if not looks_english(each.document.text):
            yield (
                f"{each.document.name}: does not look like English, the only language that is understood; what is "
                "found or not found in it means nothing"
            )
        if each.left_out:
            yield (
                f"{each.document.name}: {each.left_out:,} characters left out that run on without the end of a "
                "sentence"
            )


def nothing_read(failures: Sequence[Failure]) -> str:
    """What to tell a user who gave nothing that could be read."""
    if not failures:
        return "No documents were given; name files or folders, or pass Document objects."
    return "\n".join(f"{failure.source}: {failure.reason}" for failure in failures)
