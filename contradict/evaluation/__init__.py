"""How good it is: gold in, metrics out.

    gold ─ gold.read_gold ─▶ Gold ─ systems ─▶ judgements ─ measures ─▶ decisions, metrics ─▶ Evaluation
                                                                                         │
                                                          results.compare · tables · pictures

`evaluate` is the whole flow.
"""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from contradict.documents import read_documents
from contradict.errors import InputError
from contradict.evaluation.gold import GoldKind, GoldPassages, read_gold
from contradict.evaluation.measures import (
    Cluster,
    Decision,
    clusters_of,
    decide_documents,
    decide_inferences,
    decide_pairs,
    measure,
)
from contradict.evaluation.results import (
    Baseline,
    Comparison,
    Evaluation,
    compare,
    flagged,
    read_evaluation,
)
from contradict.evaluation.systems import OURS, Workbench, found_in, reviewed
from contradict.metrics import Estimate, undefined
from contradict.pipeline import Analyzer
from contradict.reading import Progress
from contradict.records import Document
from contradict.report import read_report

__all__ = [
    "Comparison",
    "Evaluation",
    "compare",
    "evaluate",
    "gold_documents",
    "read_evaluation",
]

AS_REVIEWED = "as it was reviewed"
"""Name of what was flagged when reviewers judged it, where gold comes from them: its precision is the reviewers'."""

ARTICLES = "articles"
"""Folder beside a gold file where its documents are looked for."""


def evaluate(
    gold: str | os.PathLike[str],
    *,
    analyzer: Analyzer | None = None,
    split: str | None = None,
    documents: str | os.PathLike[str] | None = None,
    findings: str | os.PathLike[str] | None = None,
    baselines: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure the library on hand-labelled data; `contradict.evaluation.gold` says what that looks like.

    Args:
        gold: The gold set.
        analyzer: What is measured; None for the default one.
        split: Only rows whose column ``split`` says this.
        documents: Folder of the documents that gold passages point into; None for "articles" beside it.
        findings: A report (JSONL) to measure instead of analysing the documents.
        baselines: Whether to measure baselines and the library without one of its parts, too.
        progress: Called as the work goes on.

    Raises:
        InputError: Gold, a document or the report cannot be used.
        ModelError: The NLI model cannot be used.
    """
    read = read_gold(gold, split=split)
    analyzer = analyzer or Analyzer()
    cut_before = analyzer.truncated
    started = time.monotonic()
    threshold: float | None = None
    others: Mapping[str, tuple[Decision, ...]] = {}
    if read.kind == "documents":
        folder = Path(documents) if documents else Path(gold).parent / ARTICLES
        decisions, clusters, others, seconds = _on_documents(
            read.passages, folder, analyzer, findings, baselines, progress
        )
        threshold = None if findings else analyzer.threshold
    elif findings or documents:
        given = "findings" if findings else "documents"
        raise InputError(f"{read.name} has {read.kind}; {given} can be given for gold of documents")
    elif read.kind == "pairs":
        bench = Workbench(analyzer)
        systems = bench.pair_systems(progress)
        decisions = tuple(decide_pairs(read.pairs, systems[OURS](read.pairs)))
        seconds = time.monotonic() - started
        clusters = clusters_of(decisions)
        threshold = analyzer.given_threshold
        others = {
            name: tuple(decide_pairs(read.pairs, system(read.pairs)))
            for name, system in systems.items()
            if baselines and name != OURS
        }
        if then := reviewed(read.pairs):
            others = {AS_REVIEWED: tuple(decide_pairs(read.pairs, then)), **others}
    else:
        texts = [(row.premise, row.hypothesis) for row in read.inferences]
        report = (lambda done, total: progress("scoring", done, total)) if progress else None
        scored = analyzer.scorer.score(texts, progress=report)
        decisions = tuple(decide_inferences(read.inferences, scored))
        seconds = time.monotonic() - started
        clusters = clusters_of(decisions)
    metrics = measure(read.kind, decisions, clusters)
    slices = _slices(read.kind, decisions)
    return Evaluation(
        gold=read.name,
        kind=read.kind,
        split=split,
        model=None if findings else analyzer.scorer.name,
        threshold=threshold,
        seconds=seconds,
        metrics=metrics,
        slices=slices,
        baselines={
            name: Baseline(len(each), flagged(each), measure(read.kind, each, clusters))
            for name, each in others.items()
        },
        decisions=decisions,
        clusters=tuple(clusters),
        warnings=(
            *read.warnings,
            *analyzer.warnings_on_cuts(cut_before),
            *_warnings(metrics, slices),
        ),
    )


def _on_documents(
    gold: tuple[GoldPassages, ...],
    folder: Path,
    analyzer: Analyzer,
    findings: str | os.PathLike[str] | None,
    baselines: bool,
    progress: Progress | None,
) -> tuple[tuple[Decision, ...], list[Cluster], Mapping[str, tuple[Decision, ...]], float]:
    started = time.monotonic()
    if findings:
        if baselines:
            raise InputError("Baselines need the documents: leave out either the report or them.")
        decisions, clusters = decide_documents(gold, found_in(read_report(findings)))
        return tuple(decisions), clusters, {}, time.monotonic() - started
    texts = gold_documents(gold, folder)
    bench = Workbench(analyzer)
    report = bench.ours.analyze(texts, across=False, progress=progress)
    decisions, clusters = decide_documents(gold, found_in(report.findings))
    seconds = time.monotonic() - started
    others = {
        name: tuple(decide_documents(gold, system(texts))[0])
        for name, system in (bench.document_systems().items() if baselines else ())
    }
    return tuple(decisions), clusters, others, seconds


def gold_documents(gold: tuple[GoldPassages, ...], folder: Path) -> list[Document]:
    """The documents that gold speaks of, all of them.

    Raises:
        InputError: One is not in ``folder``, cannot be read, or is shorter than gold has it.
    """
    wanted = list(dict.fromkeys(row.document for row in gold))
    paths = [folder / name for name in wanted]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise InputError(
            f"{len(missing)} of {len(wanted)} documents are not in {folder}, the first {missing[0]}. "
            "Name the folder that holds them with --documents."
        )
    found = []
    for path in paths:
        for item in read_documents(path):
            if not isinstance(item, Document):
                raise InputError(f"{item.source}: {item.reason}")
            found.append(item)
    for row in gold:
        text = next(document.text for document in found if document.name == row.document)
        if max(row.a[1], row.b[1]) > len(text):
            raise InputError(
                f"{row.document}: gold speaks of character {max(row.a[1], row.b[1])}, the text has "
                f"{len(text)}. Is it another version of the document?"
            )
    return found


def _slices(kind: GoldKind, decisions: tuple[Decision, ...]) -> dict[str, dict[str, Estimate]]:
    names = sorted({decision.slice for decision in decisions if decision.slice})
    found = {}
    for name in names:
        own = [decision for decision in decisions if decision.slice == name]
        found[name] = measure(kind, own, clusters_of(own))
    return found


def _warnings(
    metrics: Mapping[str, Estimate], slices: Mapping[str, Mapping[str, Estimate]]
) -> list[str]:
    """One warning for all that is undefined."""
    unknown = undefined(metrics)
    for name, each in slices.items():
        unknown += [f"{metric} of {name}" for metric in undefined(each)]
    return [f"undefined, and given as nan: {', '.join(unknown)}"] if unknown else []
