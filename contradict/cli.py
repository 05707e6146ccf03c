"""The command line: parses, calls, prints. Nothing else in the library prints or exits.

Results go to standard output, everything else to standard error. Exit status: 0 done, 1 an input or
the model could not be used, 2 wrong usage, 130 interrupted.

Heavy imports stand inside the commands, so that ``--help`` and wrong usage answer at once.
"""

import io
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import asdict
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

import typer

import contradict
from contradict import cli_archive
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
    from contradict.records import Finding, Report
    from contradict.review.store import Store

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

        with results(output, form) as stream:
            if form == "jsonl":
                write_jsonl(report.statements, stream)
            elif form == "csv":
                write_csv(report.statements, stream, columns=STATEMENT_COLUMNS)
            elif form == "html":
                stream.write(render_statements_html(report))
            else:
                render_statements(report, console_on(stream))
        finish(
            report,
            f"{count(len(report.documents), 'document')}, "
            f"{count(len(report.statements), 'statement')}",
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
        from contradict.pipeline import Analyzer, truncation_warning
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
        say_warnings(analyzer.warnings)
        if analyzer.scorer.truncated:
            say(f"warning: {truncation_warning(analyzer.scorer.truncated)}")
        flagged = sum(score.flagged for score in scores)
        say(f"{count(len(scores), 'pair')} scored, {flagged} flagged")


@app.command()
def evaluate(
    gold: Annotated[
        str,
        typer.Argument(
            metavar="GOLD",
            help="Hand-labelled data: a CSV, TSV, JSONL or Parquet file (.gz, too), a folder that "
            "the datasets library saved, or ORG/NAME[:CONFIG] on the hub. Columns a, b, label: pairs; "
            "article, a_start, a_end, b_start, b_end, kind, conflict_id: conflicts in documents; "
            "premise, hypothesis, label: a plain NLI set.",
            show_default=False,
        ),
    ],
    split: Annotated[
        str | None,
        typer.Option(
            "--split",
            metavar="NAME",
            help="Use only rows whose column split says this; for the hub, the split to load "
            "(validation by default).",
            show_default=False,
        ),
    ] = None,
    documents: Annotated[
        str | None,
        typer.Option(
            "--documents",
            metavar="FOLDER",
            help="Where the documents of the gold lie. By default the folder articles beside it.",
            show_default=False,
        ),
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(
            "--report",
            metavar="FILE",
            help="Measure the findings in this file (analyze --all --format jsonl) instead of "
            "analysing the documents.",
            show_default=False,
        ),
    ] = None,
    baselines: Annotated[
        bool,
        typer.Option(
            "--baselines",
            help="Measure baselines, and the library without one of its parts, in the same run; "
            "takes several times as long, on documents much longer.",
        ),
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="FILE",
            help="Compare with an older run, a file that --json wrote.",
            show_default=False,
        ),
    ] = None,
    json_file: Annotated[
        str | None,
        typer.Option(
            "--json", metavar="FILE", help="Write everything as JSON.", show_default=False
        ),
    ] = None,
    markdown: Annotated[
        str | None,
        typer.Option(
            "--markdown", metavar="FILE", help="Write the tables as Markdown.", show_default=False
        ),
    ] = None,
    pictures: Annotated[
        str | None,
        typer.Option(
            "--pictures",
            metavar="FOLDER",
            help="Draw precision and recall, reliability, and slices.",
            show_default=False,
        ),
    ] = None,
    picture_format: Annotated[
        Literal["svg", "png"], typer.Option("--picture-format", help="How to draw them.")
    ] = "svg",
    model: ModelOption = None,
    threshold: ThresholdOption = None,
) -> None:
    """Measure how good the results are.

    Every figure has a 95 % interval, from a bootstrap that draws whole stories. What is undefined is
    nan (null in JSON).

    \b
    Examples:
      contradict evaluate pairs.jsonl --baselines
      contradict evaluate pairs.jsonl --json new.json --against old.json
      contradict evaluate conflicts.jsonl --documents articles/ --pictures pictures/
    """
    with exit_status():
        for output in (json_file, markdown):
            check_writable(output)
        from contradict.evaluation import compare, evaluate, read_evaluation
        from contradict.evaluation.pictures import check_pictures, save_pictures
        from contradict.evaluation.tables import print_tables, tables_of, to_markdown
        from contradict.pipeline import Analyzer

        if pictures:
            check_pictures(Path(pictures))
        older = read_evaluation(against) if against else None
        analyzer = Analyzer(model, threshold=threshold)
        with ProgressBars() as progress:
            evaluation = evaluate(
                gold,
                analyzer=analyzer,
                split=split,
                documents=documents,
                findings=report,
                baselines=baselines,
                progress=progress,
            )
        comparison = compare(evaluation, older) if older else None
        tables = tables_of(evaluation, comparison)
        if json_file:
            data = evaluation.to_dict()
            if comparison:
                data["comparison"] = comparison.to_dict()
            with results(json_file, "json") as stream:
                json.dump(data, stream, ensure_ascii=False, indent=1)
                stream.write("\n")
        if markdown:
            with results(markdown, "markdown") as stream:
                stream.write(to_markdown(tables))
        if pictures:
            save_pictures(evaluation, Path(pictures), form=picture_format)
        if "-" not in (json_file, markdown):
            with results(None, "table") as stream:
                print_tables(tables, console_on(stream))
        if report is None:
            say_warnings(analyzer.warnings)
        say_warnings(evaluation.warnings)


@app.command()
def review(
    report: Annotated[
        str,
        typer.Argument(
            metavar="REPORT.jsonl",
            help="Findings that 'contradict analyze --format jsonl' wrote.",
            show_default=False,
        ),
    ],
    documents: Annotated[
        list[str] | None,
        typer.Option(
            "--documents",
            metavar="PATH",
            help="The documents that were analysed, so that each can be read as a whole; may be given several "
            "times. By default files of their names beside the report or in the current folder.",
            show_default=False,
        ),
    ] = None,
    verdicts: Annotated[
        str | None,
        typer.Option(
            "--verdicts",
            metavar="FILE",
            help="Where verdicts are kept. By default beside the report, as REPORT.verdicts.sqlite.",
            show_default=False,
        ),
    ] = None,
    export: Annotated[
        str | None,
        typer.Option(
            "--export",
            metavar="FILE",
            help="Serve nothing; write the verdicts to FILE: .jsonl are gold pairs for 'contradict evaluate', .csv a "
            "table, .json drafts of ClaimReviews of the confirmed conflicts. - writes gold pairs to standard output.",
            show_default=False,
        ),
    ] = None,
    take_over: Annotated[
        str | None,
        typer.Option(
            "--import",
            metavar="FILE",
            help="First take over verdicts that were saved from an HTML page, for findings that have none yet.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=0,
            max=65535,
            help="Port of the page; 0 takes a free one. By default 8765, or a free one where that is taken.",
            show_default=False,
        ),
    ] = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    allow_network: Annotated[
        bool, typer.Option("--allow-network", help="Let other machines in, if --host says so.")
    ] = False,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page in the web browser.")
    ] = False,
) -> None:
    """Judge findings one by one in a web browser.

    Serves a page on this machine alone and prints its address. Verdicts are kept as they are made; stop with Ctrl-C,
    start again to go on. Findings keep their verdicts when the report is made anew.

    \b
    Examples:
      contradict analyze articles/ --output report.jsonl
      contradict review report.jsonl --documents articles/ --open
      contradict review report.jsonl --export verdicts.csv
    """
    with exit_status():
        form = PurePath(export or "").suffix.lower().removeprefix(".") or "jsonl"
        from contradict.report import read_report
        from contradict.review.documents import find_documents
        from contradict.review.exports import MEDIA_TYPES
        from contradict.review.exports import export as write_export
        from contradict.review.server import PORT, Review, serve
        from contradict.review.store import Store
        from contradict.terminal import count

        if form not in MEDIA_TYPES:
            raise typer.BadParameter(
                f"{export} must end in .jsonl, .csv or .json", param_hint="--export"
            )
        check_writable(export)
        findings = read_report(report)
        place = Path(report)
        with Store(verdicts or place.with_name(f"{place.stem}.verdicts.sqlite")) as store:
            if take_over:
                taken, had, unknown = _take_over(take_over, store, findings)
                say(
                    f"{count(taken, 'verdict')} taken over from {take_over}; {had} of findings that have one already, "
                    f"{unknown} of no finding in {place.name}"
                )
            if export:
                with results(export, form) as stream:
                    write_export(store, form, stream)
                given = [verdict.verdict for verdict in store.latest().values()]
                say(
                    f"{count(len(given), 'verdict')}: {given.count('conflict')} conflict, {given.count('no_conflict')} "
                    f"not a conflict, {given.count('unsure')} unsure (these are in .csv alone)"
                )
                return
            known, notes = find_documents(
                findings, paths=documents or (), folders=(place.parent, Path())
            )
            done = len(store.latest().keys() & {each.id for each in findings})
            page = Review(
                findings,
                store=store,
                documents=known,
                summary=f"{count(len(findings), 'finding')} of {place.name}, "
                f"{sum(each.flagged for each in findings)} flagged",
                notes=notes,
            )

            def ready(address: str) -> None:
                for note in notes:
                    say(f"warning: {note}")
                say(
                    f"{count(len(findings), 'finding')}, {done} with a verdict, kept in {store.path}"
                )
                if port is None and f":{PORT}/" not in address:
                    say(
                        f"warning: port {PORT}, the usual one, is taken, perhaps by another review; what a browser "
                        "could not save on that page it does not find on this one"
                    )
                say("Open this address in a browser on this machine; Ctrl-C stops.")
                print(address, flush=True)
                if open_page:
                    import webbrowser

                    webbrowser.open(address)

            with suppress(KeyboardInterrupt):  # how a review ends
                serve(page, host=host, port=port, allow_network=allow_network, ready=ready)


app.command()(cli_archive.check)  # here, since the help lists commands in this order


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
        from contradict.nli import list_profiles
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


def _take_over(path: str, store: "Store", findings: "Sequence[Finding]") -> tuple[int, int, int]:
    """Take over the verdicts that a page opened as a file has saved; see `Store.merge`."""
    from contradict.documents import open_table
    from contradict.errors import InputError

    with open_table(path, keys=("finding", "verdict")) as table:
        rows = [dict(row.values) for row in table.rows]
    try:
        return store.merge(rows, {each.id: each for each in findings})
    except ValueError as error:
        raise InputError(
            f"{path}: {error}. Expected what 'Save verdicts' in an HTML page gives."
        ) from error


def _pairs_form(pairs: str, stdin: BinaryIO | None) -> PairsFormat:
    suffix = PurePath(pairs).suffix.lower()
    if stdin is not None:
        from contradict.readers import sniff_format

        suffix = f".{sniff_format(stdin)}"
    return _PAIRS_SUFFIXES.get(suffix, "csv")
