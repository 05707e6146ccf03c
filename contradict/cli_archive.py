"""The commands about archives: `contradict archive ...`, `contradict check`, and `analyze --archive`."""

import os
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from contradict.command import (
    FirstLookOption,
    ModelOption,
    OutputOption,
    Paths,
    ProgressBars,
    TextColumnOption,
    ThresholdOption,
    check_writable,
    console_on,
    exit_status,
    form_of,
    results,
    say,
    say_warnings,
)
from contradict.database import storable
from contradict.errors import InputError

if TYPE_CHECKING:
    from contradict.archive import Added
    from contradict.pipeline import Analyzer
    from contradict.reading import Progress
    from contradict.records import Document, Failure, Report

MatchFormat = Literal["table", "jsonl", "csv"]
_SUFFIXES: dict[str, MatchFormat] = {".jsonl": "jsonl", ".csv": "csv"}
_TEXT_SUFFIXES = (".txt", ".md", ".html", ".htm", ".json", ".jsonl", ".csv", ".tsv", ".parquet")

app = typer.Typer(help="Keep documents that claims are held against.", no_args_is_help=True)


def _check_date(value: str | None) -> str | None:
    """Refuse what is no date; the option's name is put in front."""
    from contradict.records import iso_date

    try:
        return None if value is None else iso_date(value)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


NeededArchive = Annotated[
    str,
    typer.Option("--archive", metavar="DIR", help="The archive's folder.", show_default=False),
]


@app.command()
def add(
    paths: Paths,
    archive: NeededArchive,
    text_column: TextColumnOption = None,
    date: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="DATE",
            help="The date (2015-10-01) of documents that have none; 'check --since' and '--until' leave out what has "
            "no date.",
            show_default=False,
            callback=_check_date,
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Put documents in the place of those that were added under the same name with another text. By "
            "default they are kept beside them, under a longer name.",
        ),
    ] = False,
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs",
            "-j",
            min=1,
            metavar="N",
            help="In how many processes documents are split; each takes about 0.5 GB of memory.",
        ),
    ] = 1,
) -> None:
    """Add documents to an archive; it is made where there is none.

    What is there already, with the same name and text, is left as it is. After an interruption, the same command goes
    on where it was.

    \b
    Examples:
      contradict archive add articles/ --archive archive/
      contradict archive add shard-*.parquet --archive archive/ --jobs 2
    """
    with exit_status():
        from contradict.archive import Archive

        with Archive(archive, create=True) as opened, ProgressBars() as progress:
            added = opened.add(
                paths,
                text_column=text_column,
                date=date,
                replace=replace,
                jobs=jobs,
                progress=progress,
            )
        _finish_adding(added)


@app.command("list")
def list_documents(
    archive: NeededArchive,
    format: Annotated[
        MatchFormat | None, typer.Option("--format", "-f", help="How to write the list.")
    ] = None,
    output: OutputOption = None,
) -> None:
    """List documents, and the story that each is a copy of.

    \b
    Example:
      contradict archive list --archive archive/
    """
    with exit_status():
        form = format or form_of(output, _SUFFIXES, "table")
        check_writable(output)
        from contradict.archive import ENTRY_COLUMNS, Archive, Entry
        from contradict.report import write_csv, write_jsonl
        from contradict.terminal import count, render_entries

        with Archive(archive) as opened:
            entries = list(opened.entries())
            counts = opened.counts()
        with results(output, form) as stream:
            if form == "jsonl":
                write_jsonl(map(Entry.to_dict, entries), stream)
            elif form == "csv":
                write_csv(map(Entry.to_dict, entries), stream, columns=ENTRY_COLUMNS)
            else:
                render_entries(entries, console_on(stream))
        say(
            f"{count(counts['documents'], 'document')}, {counts['stories']:,} of them stories of their own, "
            f"{count(counts['statements'], 'statement')}"
        )


@app.command()
def remove(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME", help="Names of documents, as 'archive list' gives them."),
    ],
    archive: NeededArchive,
) -> None:
    """Remove documents from an archive, with their statements.

    \b
    Example:
      contradict archive remove article.txt --archive archive/
    """
    with exit_status():
        from contradict.archive import Archive
        from contradict.terminal import count

        with Archive(archive) as opened:
            unknown = opened.remove(map(storable, names))
        say(f"{count(len(set(names)) - len(unknown), 'document')} removed")
        if unknown:
            raise InputError(
                f"No document of the archive is named {', '.join(unknown)}; 'contradict archive list --archive "
                f"{archive}' shows the names."
            )


@app.command()
def compact(archive: NeededArchive) -> None:
    """Give back the space of what is no longer used.

    That is what was removed or replaced, and what models other than the last one used said.

    \b
    Example:
      contradict archive compact --archive archive/
    """
    with exit_status():
        from contradict.archive import Archive

        with Archive(archive) as opened:
            opened.compact()


@app.command()
def verify(archive: NeededArchive) -> None:
    """Look for damage; exit status 1 if there is any.

    \b
    Example:
      contradict archive verify --archive archive/
    """
    with exit_status():
        from contradict.archive import Archive
        from contradict.terminal import count

        with Archive(archive) as opened:
            problems = opened.verify()
            if problems:
                raise InputError(
                    "\n".join(problems)
                    + "\nAdd the documents to a new archive, or take a copy of this one from before."
                )
            counts = opened.counts()
        say(
            f"{count(counts['documents'], 'document')} and {count(counts['statements'], 'statement')}: all is well"
        )


def check(
    claim: Annotated[
        str,
        typer.Argument(
            metavar="CLAIM",
            help="The claim, in quotation marks; or a file, of which every statement is checked; or - for standard "
            "input.",
            show_default=False,
        ),
    ],
    archive: NeededArchive,
    speaker: Annotated[
        str | None,
        typer.Option(
            "--speaker",
            metavar="NAME",
            help="Only what this speaker has said; a part of the name is enough.",
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE",
            help="Only from this day on (2015-10-01); statements of documents without a date are left out.",
            show_default=False,
            callback=_check_date,
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="DATE",
            help="Only up to this day; statements of documents without a date are left out.",
            show_default=False,
            callback=_check_date,
        ),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="Only this kind: denial, contradiction, self-contradiction, reversal, support or related; may be "
            "given several times.",
            show_default=False,
        ),
    ] = None,
    said_by: Annotated[
        str | None,
        typer.Option(
            "--said-by",
            metavar="NAME",
            help="Who makes the claim, so that the same speaker's opposite is told from another's.",
            show_default=False,
        ),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="DATE",
            help="When a claim in words is made. By default today.",
            show_default=False,
            callback=_check_date,
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit",
            "-n",
            min=1,
            metavar="N",
            help="Of each statement at most so many conflicts, supports and related statements.",
        ),
    ] = 5,
    candidates: Annotated[
        int | None,
        typer.Option(
            "--candidates",
            min=1,
            metavar="N",
            help="For each statement, how many of those that share words with it are read: more finds more, and takes "
            "longer. By default 24; statements of one sentence share twice as many.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[
        MatchFormat | None,
        typer.Option(
            "--format",
            "-f",
            help="How to write the results. By default what the name of the output file says, else a table.",
            show_default=False,
        ),
    ] = None,
    output: OutputOption = None,
    model: ModelOption = None,
    first_look: FirstLookOption = None,
    threshold: ThresholdOption = None,
    text_column: TextColumnOption = None,
) -> None:
    """Hold a claim against everything in an archive.

    Shows who said the opposite before, who said the same, and what else was said about it.

    \b
    Examples:
      contradict check "The strikes target only terrorists" --archive archive/
      contradict check "We never bombed Homs" --said-by "Sergei Lavrov" --speaker Lavrov --archive archive/
      contradict check draft.txt --archive archive/ --kind denial --kind reversal
    """
    with exit_status():
        form = format or form_of(output, _SUFFIXES, "table")
        check_writable(output)
        from contradict.archive import (
            CANDIDATES,
            MATCH_COLUMNS,
            MATCH_KINDS,
            Archive,
            Match,
            check_options,
            flat_match,
        )
        from contradict.pipeline import Analyzer
        from contradict.report import write_csv, write_jsonl
        from contradict.terminal import count, render_matches

        try:
            check_options(kinds=kind or (), speaker=speaker, dates={"since": since, "until": until})
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
        warnings: list[str] = []
        claims, failures = _claims(storable(claim), text_column, warnings)
        analyzer = Analyzer(model, first_look=first_look, threshold=threshold)
        with Archive(archive, analyzer=analyzer) as opened, ProgressBars() as progress:
            if speaker and not opened.speakers(storable(speaker)):
                raise InputError(
                    f"No speaker in the archive is named {speaker}. Check the spelling, give only a part of the name, "
                    "or leave --speaker out."
                )
            matches = []
            for each in claims:
                matches += opened.check(
                    each,
                    said_by=said_by and storable(said_by),
                    date=date,
                    speaker=speaker and storable(speaker),
                    since=since,
                    until=until,
                    kinds=kind or MATCH_KINDS,
                    limit=limit,
                    candidates=candidates or CANDIDATES,
                    progress=progress,
                )
            counts = opened.counts()
            undated = opened.undated() if since or until else 0
        with results(output, form) as stream:
            if form == "jsonl":
                write_jsonl(map(Match.to_dict, matches), stream)
            elif form == "csv":
                write_csv(map(flat_match, matches), stream, columns=MATCH_COLUMNS)
            else:
                render_matches(matches, console_on(stream), several=len(claims) > 1)
        warnings += [*analyzer.warnings, *analyzer.warnings_on_cuts()]
        if undated:
            warnings.append(
                f"{count(undated, 'statement')} of documents without a date left out: --since and --until look only at "
                "those with one; 'contradict archive add --date' gives them one"
            )
        say_warnings(warnings)
        conflicts = sum(match.flagged for match in matches)
        supports = sum(match.kind == "support" for match in matches)
        say(
            f"{count(conflicts, 'conflict')}, {count(supports, 'support')}, {len(matches) - conflicts - supports} "
            f"related, of {count(counts['statements'], 'statement')} in {count(counts['documents'], 'document')}"
        )
        _say_failures(failures)


def analyze(
    paths: list[str],
    archive: str,
    analyzer: "Analyzer",
    *,
    within: bool,
    across: bool,
    text_column: str | None,
    progress: "Progress",
) -> "Report":
    """The report on everything in an archive, once documents have been added to it."""
    from dataclasses import replace

    from contradict.archive import Archive

    with Archive(archive, create=bool(paths), analyzer=analyzer) as opened:
        progress("loading the model", 0, None)
        _ = analyzer.scorers  # a wrong model is told before anything is added
        added = opened.add(paths, text_column=text_column, progress=progress) if paths else None
        report = opened.analyze(within=within, across=across, progress=progress)
    if added is None:
        return report
    return replace(report, failures=added.failures, warnings=(*added.warnings, *report.warnings))


def _claims(
    claim: str, text_column: str | None, warnings: list[str]
) -> "tuple[Sequence[str | Document], Sequence[Failure]]":
    """What is to be checked: the claim itself, or the documents in the file that it names; and what is unusable.

    Warnings of what is read are added to those given.
    """
    from contradict.documents import read_documents
    from contradict.pipeline import nothing_read
    from contradict.records import Failure

    is_path = claim == "-" or os.path.exists(claim)
    if not is_path and " " not in claim and PurePath(claim).suffix.lower() in _TEXT_SUFFIXES:
        raise InputError(
            f"{claim} does not exist. Give an existing file, or a claim in words, in quotation marks."
        )
    if not is_path:
        return [claim], []
    items = list(read_documents(claim, text_column=text_column, warn=warnings.append))
    failures = [item for item in items if isinstance(item, Failure)]
    documents = [item for item in items if not isinstance(item, Failure)]
    if not documents:
        raise InputError(nothing_read(failures))
    return documents, failures


def _finish_adding(added: "Added") -> None:
    from contradict.terminal import count

    say(
        f"{count(added.added, 'document')} added with {count(added.statements, 'statement')}, "
        f"{added.replaced} replaced, {added.unchanged} there already"
    )
    say_warnings(added.warnings)
    _say_failures(added.failures)


def _say_failures(failures: "Sequence[Failure]") -> None:
    for failure in failures:
        say(f"error: {failure.source}: {failure.reason}")
    if failures:
        raise typer.Exit(1)
