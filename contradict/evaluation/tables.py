"""An evaluation as tables: for a terminal, and as Markdown."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contradict.evaluation.results import Comparison, Evaluation, Metrics
from contradict.evaluation.systems import OURS
from contradict.metrics import Estimate
from contradict.terminal import count, printable

if TYPE_CHECKING:
    from rich.console import Console

FLIPS_SHOWN = 20
"""Most flipped decisions that are listed; JSON has all."""

NAMES = {
    "average_precision": "average precision",
    "roc_auc": "ROC AUC",
    "f1": "F1",
    "macro_f1": "macro F1",
    "brier": "Brier score",
    "calibration_error": "calibration error",
    "pairing_recall": "pairing recall",
    "hard_negatives_flagged": "hard negatives flagged",
    "found_in_first": "found in the first three",
    "f1_entailment": "F1 entailment",
    "f1_neutral": "F1 neutral",
    "f1_contradiction": "F1 contradiction",
    "f1_not_entailment": "F1 not entailment",
    "f1_not_contradiction": "F1 not contradiction",
}
"""What tables call a metric; others by their own name."""

_COMPARED = {  # what systems and slices are compared by
    "pairs": ("average_precision", "roc_auc", "precision", "recall", "f1", "accuracy"),
    "documents": ("average_precision", "pairing_recall", "precision", "recall", "f1"),
    "nli": ("accuracy", "macro_f1"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what it shows, its header, and its rows of as many cells."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_of(evaluation: Evaluation, comparison: Comparison | None = None) -> list[Table]:
    """The tables of an evaluation, the most telling first."""
    compared = _COMPARED[evaluation.kind]
    names = tuple(NAMES.get(metric, metric) for metric in compared)
    found = [
        Table(
            _title(evaluation),
            ("metric", "value", "95 % interval"),
            tuple(
                (NAMES.get(name, name), _number(each.value), _interval(each))
                for name, each in evaluation.metrics.items()
            ),
        )
    ]
    if evaluation.slices:
        rows = [
            (name, str(sum(d.slice == name for d in evaluation.decisions)), *_cells(each, compared))
            for name, each in evaluation.slices.items()
        ]
        found.append(
            Table("By slice", ("slice", f"{_ITEMS[evaluation.kind]}s", *names), tuple(rows))
        )
    if evaluation.baselines:
        systems = {OURS: evaluation.metrics}
        systems |= {name: each.metrics for name, each in evaluation.baselines.items()}
        rows = [(name, *_cells(each, compared)) for name, each in systems.items()]
        found.append(Table("Against others", ("system", *names), tuple(rows)))
    return found + (_tables_of_changes(comparison) if comparison else [])


def _tables_of_changes(comparison: Comparison) -> list[Table]:
    changes = tuple(
        (
            NAMES.get(name, name),
            _number(each.old),
            _number(each.new),
            _number(each.change.value, sign=True),
            _interval(each.change, sign=True),
            _number(each.p),
        )
        for name, each in comparison.differences.items()
    )
    flips = sorted(comparison.flips, key=lambda flip: flip.mended)
    mended = sum(flip.mended for flip in flips)
    shown = tuple(
        (
            "mended" if flip.mended else "broken",
            flip.gold,
            flip.old or "not looked at",
            flip.new or "not looked at",
            printable(flip.about),
        )
        for flip in flips[:FLIPS_SHOWN]
    )
    title = (
        f"{count(len(flips), 'decision')} flipped: {mended} mended, {len(flips) - mended} broken"
    )
    if len(flips) > len(shown):
        title += f"; the first {len(shown)}"
    found = [
        Table(
            f"Against the older run, on {count(comparison.clusters, 'shared cluster')}",
            ("metric", "old", "new", "change", "95 % interval", "p"),
            changes,
        )
    ]
    return [*found, Table(title, ("", "gold", "old", "new", "about"), shown)] if flips else found


def print_tables(tables: Sequence[Table], console: "Console") -> None:
    """Print tables to a terminal; numbers stand to the right."""
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    for position, table in enumerate(tables):
        if position:
            console.print()
        console.print(Text(printable(table.title)), soft_wrap=True)
        printed = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
        for column, name in enumerate(table.header):
            numbers = all(_is_number(row[column]) for row in table.rows)
            printed.add_column(Text(name), justify="right" if numbers else "left")
        for row in table.rows:
            printed.add_row(*(Text(printable(cell)) for cell in row))
        console.print(printed)


def to_markdown(tables: Sequence[Table]) -> str:
    """The tables as Markdown."""
    blocks = []
    for table in tables:
        rows = (table.header, tuple("---" for _ in table.header), *table.rows)
        lines = [f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in rows]
        blocks.append("\n".join([f"**{_escaped(table.title)}**", "", *lines]))
    return "\n\n".join(blocks) + "\n"


def _title(evaluation: Evaluation) -> str:
    parts = [evaluation.gold + (f", split {evaluation.split}" if evaluation.split else "")]
    parts.append(count(len(evaluation.decisions), _ITEMS[evaluation.kind]))
    parts.append(count(len(evaluation.clusters), _CLUSTERS[evaluation.kind]))
    if evaluation.model:
        parts.append(f"model {evaluation.model}")
    if evaluation.threshold is not None:
        parts.append(f"threshold {evaluation.threshold:.2f}")
    return ", ".join(parts)


_ITEMS = {"pairs": "pair", "documents": "finding", "nli": "row"}
_CLUSTERS = {"pairs": "group", "documents": "document", "nli": "premise"}


def _cells(metrics: Metrics, wanted: Sequence[str]) -> Sequence[str]:
    return [_number(metrics[name].value) for name in wanted]


def _number(value: float, *, sign: bool = False) -> str:
    return "nan" if math.isnan(value) else f"{value:+.3f}" if sign else f"{value:.3f}"


def _interval(estimate: Estimate, *, sign: bool = False) -> str:
    if math.isnan(estimate.low):
        return ""
    return f"{_number(estimate.low, sign=sign)} to {_number(estimate.high, sign=sign)}"


def _is_number(cell: str) -> bool:
    return cell.lstrip("+-").replace(".", "", 1).isdigit() or cell == "nan"


def _escaped(cell: str) -> str:
    marks: Mapping[str, str] = {mark: f"\\{mark}" for mark in "\\|<>*_`[]"}
    return "".join(marks.get(character, character) for character in printable(cell))
