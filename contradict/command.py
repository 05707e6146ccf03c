"""How a command of the command line runs: its options, its exit status, where its results go, what shows progress.

Results go to standard output, everything else to standard error.
"""

import io
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Literal, Self, TextIO, TypeVar

import typer

from contradict.errors import ContradictError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from contradict.records import Report

ReportFormat = Literal["table", "jsonl", "csv", "html"]
F = TypeVar("F", bound=str)

REPORT_SUFFIXES: dict[str, ReportFormat] = {
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
}
_UNWRAPPED = 1_000_000  # columns of what is no terminal: one line a field, for grep
_PATIENCE = 1.0  # seconds that a stage may take before a progress bar shows

_PATH = typer.Argument(
    metavar="PATH",
    help="Files or folders, or - for standard input: plain text, Markdown, HTML, or JSONL, CSV "
    "or Parquet with a text column.",
    show_default=False,
)
Paths = Annotated[list[str], _PATH]
OptionalPaths = Annotated[list[str] | None, _PATH]
ArchiveOption = Annotated[
    str | None,
    typer.Option(
        "--archive",
        metavar="DIR",
        help="The folder of an archive; made by 'contradict archive add'.",
        show_default=False,
    ),
]
ReportFormatOption = Annotated[
    ReportFormat | None,
    typer.Option(
        "--format",
        "-f",
        help="How to write the results. By default what the name of the output file says, else a "
        "table.",
        show_default=False,
    ),
]
OutputOption = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the results to this file instead of standard output.",
        show_default=False,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        metavar="NAME_OR_PATH",
        help="The NLI model: a profile ('contradict models' lists them), a folder, or a hub name, "
        "pinned with NAME@REVISION. By default the model that is bundled.",
        show_default=False,
    ),
]
FirstLookOption = Annotated[
    str | None,
    typer.Option(
        "--first-look",
        metavar="NAME_OR_PATH",
        help="A faster NLI model that rules out most pairs first, such as nli-mini; what it leaves is read by the "
        "other one. By default one model does both.",
        show_default=False,
    ),
]
TextColumnOption = Annotated[
    str | None,
    typer.Option(
        "--text-column",
        metavar="NAME",
        help="The column of a table or JSONL file that holds the text. By default text, content, "
        "body, article, article_text or maintext.",
        show_default=False,
    ),
]


def _check_threshold(threshold: float | None) -> float | None:
    """Refuse what is no probability; nan, too, which passes for a number between any two."""
    from contradict.records import check_threshold

    try:
        if threshold is not None:
            check_threshold(threshold)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return threshold


ThresholdOption = Annotated[
    float | None,
    typer.Option(
        "--threshold",
        "-t",
        metavar="F",
        help="Score from which a pair is flagged, from 0 to 1. By default the calibrated one.",
        callback=_check_threshold,
        show_default=False,
    ),
]


def form_of(output: str | None, suffixes: dict[str, F], default: F) -> F:
    """How the name of an output file says that it is to be written; a name that says nothing leaves the default.

    Raises:
        BadParameter: The name says something that is not among the suffixes.
    """
    suffix = PurePath(output or "").suffix.lower()
    if suffix in suffixes:
        return suffixes[suffix]
    if suffix not in ("", ".txt"):
        raise typer.BadParameter(
            f"{output}: '{suffix}' says nothing about how to write it; end the name in one of {', '.join(suffixes)}, "
            "or name the format with --format",
            param_hint="--output",
        )
    return default


def check_writable(output: str | None) -> None:
    """Refuse now what would otherwise be refused when the work is done."""
    from contradict.report import check_output

    if output not in (None, "-"):
        check_output(output)


@contextmanager
def results(output: str | None, form: str) -> Iterator[TextIO]:
    from contradict.report import open_output

    if isinstance(sys.stdout, io.TextIOWrapper):
        # Results for programs are UTF-8 everywhere; a table is for this terminal.
        if form == "table":
            sys.stdout.reconfigure(errors="replace")
        else:
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
    with open_output(output) as stream:
        yield stream


def console_on(stream: TextIO) -> "Console":
    from rich.console import Console

    class PipedConsole(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich would exit with 1; see exit_status

    console = PipedConsole(file=stream, highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _UNWRAPPED
    return console


def say_warnings(warnings: Iterable[str]) -> None:
    for warning in warnings:
        say(f"warning: {warning}")


def finish(report: "Report", summary: str) -> None:
    say_warnings(report.warnings)
    for failure in report.failures:
        say(f"error: {failure.source}: {failure.reason}")
    say(summary)
    if report.failures:
        raise typer.Exit(1)


def say(message: str) -> None:
    """Print to standard error; a message may quote what came from documents and file names."""
    from contradict.terminal import printable

    print("\n".join(printable(line) for line in message.splitlines()), file=sys.stderr)


@contextmanager
def exit_status() -> Iterator[None]:
    """Turn what ends a command into a message and an exit status."""
    try:
        yield
    except ContradictError as error:
        for line in str(error).splitlines():
            say(f"error: {line}")
        raise typer.Exit(1) from None
    except BrokenPipeError:
        # Whoever reads has enough, as ``head`` does. The interpreter flushes once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except OSError as error:  # a full disk, for one
        place = f"{error.filename}: " if error.filename else ""
        say(f"error: {place}{error.strerror or error}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        say("interrupted")
        raise typer.Exit(130) from None


class ProgressBars:
    """Progress bars on standard error, for stages that take a while and where it is a terminal."""

    def __init__(self) -> None:
        self._stage = ""
        self._done = 0
        self._total: int | None = None
        self._bars: Progress | None = None
        self._bar: TaskID | None = None
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end_stage()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if not sys.stderr.isatty():
            return
        if stage != self._stage:
            self._end_stage()
            self._stage = stage
            self._timer = threading.Timer(_PATIENCE, self._show)
            self._timer.daemon = True
            self._timer.start()
        self._done, self._total = done, total
        if self._bars and self._bar is not None:
            self._bars.update(self._bar, completed=done, total=total)

    def _show(self) -> None:
        """Show the bar of the present stage; from a timer, since a stage may be one long call."""
        bars = _progress_bars()
        self._bar = bars.add_task(self._stage, completed=self._done, total=self._total)
        bars.start()
        self._bars = bars

    def _end_stage(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer.join()
        if self._bars:
            self._bars.stop()
        self._timer, self._bars, self._bar = None, None, None


def _progress_bars() -> "Progress":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
    )
