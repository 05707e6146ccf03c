"""The whole documents behind a report's findings, for a reader who wants more than what stands around a passage."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from contradict.documents import read_documents
from contradict.errors import InputError
from contradict.records import Document, Finding, Statement
from contradict.terminal import count


def find_documents(
    findings: Iterable[Finding], *, paths: Sequence[str] = (), folders: Sequence[Path] = ()
) -> tuple[list[Document], list[str]]:
    """The documents that findings name, where they still hold the words that were found.

    Args:
        findings: Of a report.
        paths: Files and folders with the documents, named as they were for the analysis; an `InputError` if unusable.
        folders: Where files of the documents' names are looked for if no paths are given.

    Returns:
        The documents, and what the reader should know of those that are not the ones that were analysed.
    """
    wanted: dict[str, list[Statement]] = defaultdict(list)
    for finding in findings:
        for side in (finding.left, finding.right):
            wanted[side.document].append(side)
    sources = list(paths) or _files(wanted, folders)
    documents: dict[str, Document] = {}
    changed = []
    for item in read_documents(sources) if sources else ():
        if not isinstance(item, Document):
            if paths:
                raise InputError(f"{item.source}: {item.reason}")
        elif item.name in wanted:
            if all(item.text[s.start : s.end] == s.text for s in wanted[item.name]):
                documents.setdefault(item.name, item)
            else:
                changed.append(item.name)
    notes = [
        f"{name} is not as it was when it was analysed, so it is not shown" for name in changed
    ]
    missing = len(wanted.keys() - documents.keys() - set(changed))
    if paths and missing:
        notes.append(f"{count(missing, 'document')} not found where --documents says")
    return list(documents.values()), notes


def _files(names: Iterable[str], folders: Sequence[Path]) -> list[str]:
    """Files of these names in the folders; a name never leads out of a folder."""
    found = []
    for name in names:
        for folder in folders:
            try:
                path = (folder / name).resolve()
                usable = path.is_relative_to(folder.resolve()) and path.is_file()
            except (OSError, ValueError):  # no name that a file can have
                continue
            if usable:
                found.append(str(path))
                break
    return found
