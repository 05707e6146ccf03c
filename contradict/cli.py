"""The command line: parses, calls, prints. Nothing else in the library prints or exits.

Results go to standard output, everything else to standard error. Exit status: 0 done, 1 an input or
the model could not be used, 2 wrong usage, 130 interrupted.

Heavy imports stand inside the commands, so that ``--help`` and wrong usage answer at once.
"""

import io
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

import typer

import contradict
from contradict import cli_archive, cli_evaluate, cli_review
from contradict.command import (
    REPORT_SUFFIXES,
    ArchiveOption,
    FirstLookOption,
    ModelOption,
    OptionalPaths,
    OutputOption,
    Paths,
    ProgressBars,
    ReportFormatOption,
    TextColumnOption,
    ThresholdOption,
    check_writable,
    console_on,
    exit_status,
    finish,
    form_of,
    results,
    say,
    say_warnings,
)

if TYPE_CHECKING:
    from contradict.cluster import Settings
    from contradict.reading import Progress
    from contradict.records import Report

PairsFormat = Literal["jsonl", "csv", "tsv"]

_PAIRS_SUFFIXES: dict[str, PairsFormat] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "jsonl",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "jsonl",
}
_SCORED_SUFFIXES = {
    suffix: form for suffix, form in _PAIRS_SUFFIXES.items() if suffix != ".parquet"
}

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,  # plain help: it starts faster, and pipes and screen readers take it
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.add_typer(cli_archive.app, name="archive")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    Args:
        arguments: Without the program's name; those of the process by default.
    """
    signal.signal(signal.SIGTERM, _exit_on_signal)
    _open_closed_streams()
    try:
        app(args=None if arguments is None else list(arguments), prog_name="contradict")
    except OSError as error:  # of --help on a full disk: commands have their own `exit_status`
        sys.exit(f"error: {error.strerror or error}")


def _open_closed_streams() -> None:
    """Take what the shell has closed (``2>&-``) for the null device: nothing is shown there."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (for good)


def _exit_on_signal(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)  # unlike the default, this lets half-written files be removed


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"contradict {contradict.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Find the statements in articles that contradict each other.

    \b
    Example:
      contradict analyze article.txt
    """


@app.command()
def analyze(
    paths: OptionalPaths = None,
    format: ReportFormatOption = None,
    output: OutputOption = None,
    model: ModelOption = None,
    first_look: FirstLookOption = None,
    threshold: ThresholdOption = None,
    text_column: TextColumnOption = None,
    archive: ArchiveOption = None,
    engine: Annotated[
        Literal["local", "ray"],
        typer.Option(
            "--engine",
            help="Where the work is done: in this process, or by a Ray cluster (the one that RAY_ADDRESS names, else "
            "processes on this machine), with the same findings; needs pip install 'ray[data]'.",
        ),
    ] = "local",
    work: Annotated[
        str | None,
        typer.Option(
            "--work",
            metavar="DIR",
            help="With --engine ray, where the job keeps its files, seen by all machines: a job that was interrupted "
            "goes on from there. By default a temporary folder.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            min=1,
            metavar="N",
            help="With --engine ray, how many processes work: 2 unless told otherwise.",
            show_default=False,
        ),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="Write every scored pair, not only the flagged ones.")
    ] = False,
    across: Annotated[
        bool, typer.Option("--across", help="Compare only statements of different documents.")
    ] = False,
    within: Annotated[
        bool, typer.Option("--within", help="Compare only statements of the same document.")
    ] = False,
) -> None:
    """Find statements that conflict.

    By default statements are compared both within each document and across documents. With --archive, the documents
    are added to the archive, everything in it is compared, and only pairs that were never read are scored.

    \b
    Examples:
      contradict analyze article.txt
      contradict analyze articles/ --across --output findings.jsonl
      contradict analyze todays-articles/ --archive archive/
      contradict analyze shards/ --engine ray --work job/ --jobs 16 --output findings.jsonl
      cat article.txt | contradict analyze - --format csv
    """
    if not paths and archive is None:
        raise typer.BadParameter("name files or folders, or an archive", param_hint="PATH")
    if engine != "ray" and (work or jobs):
        raise typer.BadParameter(
            "only --engine ray takes it", param_hint="--work" if work else "--jobs"
        )
    if engine == "ray" and archive is not None:
        raise typer.BadParameter("an archive is analysed in one process", param_hint="--engine ray")
    with exit_status():
        form = format or form_of(output, REPORT_SUFFIXES, "table")
        check_writable(output)
        from contradict.pipeline import Analyzer

        analyzer = Analyzer(model, first_look=first_look, threshold=threshold)
        within, across = within or not across, across or not within
        with ProgressBars() as progress:
            if engine == "ray":
                from contradict.cluster import Settings

                report = _analyze_on_ray(
                    paths or [],
                    Settings(model, threshold, within, across, first_look),
                    work=work,
                    jobs=jobs or 2,
                    text_column=text_column,
                    progress=progress,
                )
            elif archive is None:
                report = analyzer.analyze(
                    paths or [],
                    within=within,
                    across=across,
                    text_column=text_column,
                    progress=progress,
                )
            else:
                report = cli_archive.analyze(
                    paths or [],
                    archive,
                    analyzer,
                    within=within,
                    across=across,
                    text_column=text_column,
                    progress=progress,
                )
        from contradict.page import render_html
        from contradict.report import FINDING_COLUMNS, write_csv, write_jsonl
        from contradict.terminal import render_table, summarize

        findings = report.findings if show_all else report.flagged
        with results(output, form) as stream:
            if form == "jsonl":
                write_jsonl(findings, stream)
            elif form == "csv":
                write_csv(findings, stream, columns=FINDING_COLUMNS)
            elif form == "html":
                stream.write(render_html(report, show_all=show_all))
            else:
                render_table(report, console_on(stream), show_all=show_all)
        finish(report, summarize(report))


@app.command()
def statements(
    paths: Paths,
    format: ReportFormatOption = None,
    output: OutputOption = None,
    text_column: TextColumnOption = None,
) -> None:
    """List every statement, its speaker and stance.

    \b
    Examples:
      contradict statements article.txt
      contradict statements articles/ --output statements.csv
    """
    with exit_status():
        form = format or form_of(output, REPORT_SUFFIXES, "table")
        check_writable(output)
        from contradict.pipeline import Analyzer

        with ProgressBars() as progress:
            report = Analyzer().statements(paths, text_column=text_column, progress=progress)
        from contradict.page import render_statements_html
        from contradict.report import STATEMENT_COLUMNS, write_csv, write_jsonl
        from contradict.terminal import count, render_statements

        stated = replace(report, statements=tuple(s for s in report.statements if not s.narrated))

        with results(output, form) as stream:
            if form == "jsonl":
                write_jsonl(report.statements, stream)
            elif form == "csv":
                write_csv(report.statements, stream, columns=STATEMENT_COLUMNS)
            elif form == "html":
                stream.write(render_statements_html(stated))
            else:
                render_statements(stated, console_on(stream))
        finish(
            report,
            f"{count(len(report.documents), 'document')}, "
            f"{count(len(stated.statements), 'statement')}",
        )


@app.command()
def score(
    pairs: Annotated[
        str,
        typer.Argument(
            metavar="PAIRS",
            help="A CSV, TSV, JSONL or Parquet file with columns a and b, or - for standard input.",
            show_default=False,
        ),
    ],
    format: Annotated[
        PairsFormat | None,
        typer.Option(
            "--format",
            "-f",
            help="How to write the results. By default what the name of the output file says, else "
            "like the input (JSONL for Parquet).",
            show_default=False,
        ),
    ] = None,
    output: OutputOption = None,
    model: ModelOption = None,
    threshold: ThresholdOption = None,
) -> None:
    """Score given pairs of texts.

    Every row comes out again, in order, with all its columns and these behind them: score,
    flagged, kind, reason and nli (in CSV nli_forward_entailment and so on). Input columns with
    these names are replaced.

    \b
    Examples:
      contradict score pairs.csv --output scored.csv
      contradict score pairs.jsonl --threshold 0.8 | head
    """
    with exit_status():
        check_writable(output)
        from contradict.documents import read_pairs, standard_input
        from contradict.pipeline import Analyzer
        from contradict.report import write_scored_pairs
        from contradict.terminal import count

        stdin = io.BytesIO(standard_input().read()) if pairs == "-" else None
        form = format or form_of(output, _SCORED_SUFFIXES, _pairs_form(pairs, stdin))
        rows = read_pairs(pairs, stdin=stdin)
        analyzer = Analyzer(model, threshold=threshold)
        with ProgressBars() as progress:
            scores = analyzer.score_pairs([(row["a"], row["b"]) for row in rows], progress=progress)
        delimiters: dict[PairsFormat, str] = {"csv": ",", "tsv": "\t"}
        with results(output, form) as stream:
            write_scored_pairs(rows, scores, stream, delimiter=delimiters.get(form))
        say_warnings([*analyzer.warnings, *analyzer.warnings_on_cuts()])
        flagged = sum(score.flagged for score in scores)
        say(f"{count(len(scores), 'pair')} scored, {flagged} flagged")


# The help lists commands in this order.
app.command()(cli_evaluate.evaluate)
app.command()(cli_review.review)
app.command()(cli_archive.check)


@app.command()
def models(
    format: Annotated[
        Literal["table", "jsonl"], typer.Option("--format", "-f", help="How to write the list.")
    ] = "table",
) -> None:
    """List the model profiles and their licences.

    \b
    Examples:
      contradict models
      contradict analyze article.txt --model nli-base
    """
    with exit_status():
        from contradict.profiles import list_profiles
        from contradict.report import write_jsonl
        from contradict.terminal import render_profiles

        profiles = list_profiles()
        with results(None, format) as stream:
            if format == "jsonl":
                write_jsonl(map(asdict, profiles), stream)
            else:
                render_profiles(profiles, console_on(stream))


def _analyze_on_ray(
    paths: list[str],
    settings: "Settings",
    *,
    work: str | None,
    jobs: int,
    text_column: str | None,
    progress: "Progress",
) -> "Report":
    """The report of a job in a folder, or in a temporary one."""
    from contradict.cluster import analyze_on_ray

    if work is None and "RAY_ADDRESS" in os.environ:
        raise typer.BadParameter(
            "name a folder that all machines of the cluster see", param_hint="--work"
        )
    with TemporaryDirectory() if work is None else nullcontext(work) as folder:
        return analyze_on_ray(
            paths,
            settings,
            folder=folder,
            workers=jobs,
            text_column=text_column,
            progress=progress,
        )


def _pairs_form(pairs: str, stdin: BinaryIO | None) -> PairsFormat:
    suffix = PurePath(pairs).suffix.lower()
    if stdin is not None:
        from contradict.readers import sniff_format

        suffix = f".{sniff_format(stdin)}"
    return _PAIRS_SUFFIXES.get(suffix, "csv")
