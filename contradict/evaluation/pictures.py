"""An evaluation as pictures: precision and recall, reliability, and what each slice scores."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from contradict.errors import InputError
from contradict.evaluation.measures import Decision
from contradict.evaluation.results import Evaluation
from contradict.metrics import BINS, bin_of
from contradict.report import check_output

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PictureFormat = Literal["svg", "png"]

_INK, _ACCENT, _PALE = "#333333", "#1f6f8b", "#9fc5d1"


def save_pictures(
    evaluation: Evaluation, folder: Path, *, form: PictureFormat = "svg"
) -> list[Path]:
    """Write the pictures of an evaluation into a folder, which is made if need be.

    Gold pairs and documents give ``precision_recall`` and ``reliability``; gold with slices gives ``slices``.

    Returns:
        The files.

    Raises:
        InputError: matplotlib is not installed, or the folder cannot be written.
    """
    check_pictures(folder)
    import matplotlib

    drawn = {}
    if evaluation.kind != "nli":
        drawn["precision_recall"] = _precision_recall(evaluation)
        drawn["reliability"] = _reliability(evaluation.decisions)
    if evaluation.slices:
        drawn["slices"] = _slices(evaluation)
    files = []
    # Text stays text, and the same evaluation gives the same file.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "contradict"}):
        for name, figure in drawn.items():
            file = folder / f"{name}.{form}"
            metadata = {"Date": None} if form == "svg" else {"Software": None}
            figure.savefig(file, dpi=160, metadata=metadata)
            files.append(file)
    return files


def check_pictures(folder: Path) -> None:
    """Refuse now what would fail when the work is done.

    Raises:
        InputError: matplotlib is not installed, or the folder cannot be written.
    """
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise InputError(
            "Pictures need matplotlib, which is not installed. Install it: pip install matplotlib"
        ) from error
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Cannot write {folder}: {error.strerror or error}.") from error
    check_output(folder / "precision_recall.svg")


def _figure(title: str, across: str, up: str, *, height: float = 4.5) -> "Figure":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, height), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, color=_INK, fontsize=11)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_xlim(0, 1)
    axes.grid(color="#e4e4e4", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _precision_recall(evaluation: Evaluation) -> "Figure":
    """Precision among the best so many, against the share found; where flagging ends is marked."""
    pairs = evaluation.kind == "pairs"
    ranked = sorted(evaluation.decisions, key=lambda decision: -decision.score)
    wanted = (
        sum(decision.gold == "conflict" for decision in ranked)
        if pairs
        else sum(cluster.conflicts for cluster in evaluation.clusters)
    )
    recall, precision, last_flagged = [], [], None
    shown: set[tuple[str, str]] = set()
    right = 0
    for rank, decision in enumerate(ranked, 1):
        right += decision.gold == "conflict"
        shown |= {(decision.group, conflict) for conflict in decision.conflicts}
        recall.append((right if pairs else len(shown)) / max(1, wanted))
        precision.append(right / rank)
        if decision.decided == "conflict":
            last_flagged = recall[-1], precision[-1]
    figure = _figure(
        "Precision and recall", "share of the conflicts found", "precision, from the best down"
    )
    (axes,) = figure.axes
    axes.set_ylim(0, 1.02)
    axes.plot(recall, precision, color=_ACCENT)
    if last_flagged:
        axes.plot(*last_flagged, "o", color=_INK, label="at the threshold")
        axes.legend(frameon=False)
    return figure


def _reliability(decisions: Sequence[Decision]) -> "Figure":
    """How often a score is right: the share of conflicts among decisions of like score."""
    import numpy as np

    scores = np.array([decision.score for decision in decisions])
    labels = np.array([decision.gold == "conflict" for decision in decisions], float)
    bins = bin_of(scores)
    sizes = np.bincount(bins, minlength=BINS)
    used = np.flatnonzero(sizes)
    mean = np.bincount(bins, scores, BINS)[used] / sizes[used]
    share = np.bincount(bins, labels, BINS)[used] / sizes[used]
    figure = _figure("Reliability of the scores", "score", "share that are conflicts")
    (axes,) = figure.axes
    axes.set_ylim(0, 1.02)
    axes.plot([0, 1], [0, 1], color=_PALE, linestyle="--", label="perfect")
    axes.plot(mean, share, "o-", color=_ACCENT, label="measured")
    for x, y, size in zip(mean, share, sizes[used], strict=True):
        axes.annotate(str(size), (x, y), xytext=(5, 6), textcoords="offset points", fontsize=8)
    axes.legend(frameon=False, loc="upper left")
    return figure


def _slices(evaluation: Evaluation) -> "Figure":
    """A bar a slice, its 95 % interval as a line."""
    shown = {name: each["accuracy"] for name, each in evaluation.slices.items()}
    names, bars = list(shown)[::-1], list(shown.values())[::-1]
    figure = _figure("By slice", "accuracy", "", height=1.2 + 0.32 * len(names))
    (axes,) = figure.axes
    values = [each.value for each in bars]
    spread = [
        [each.value - each.low for each in bars],
        [each.high - each.value for each in bars],
    ]
    axes.barh(names, values, color=_PALE)
    axes.errorbar(values, range(len(names)), xerr=spread, fmt="none", ecolor=_INK, elinewidth=1)
    return figure
