"""The command that serves findings to a reviewer, and takes over and exports verdicts."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from contradict.command import check_writable, exit_status, results, say

if TYPE_CHECKING:
    from contradict.records import Finding
    from contradict.review.store import Store


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
