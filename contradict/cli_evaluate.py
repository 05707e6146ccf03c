"""The command that measures how good the results are."""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from contradict.command import (
    ModelOption,
    ProgressBars,
    ThresholdOption,
    check_writable,
    console_on,
    exit_status,
    results,
    say_warnings,
)


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
