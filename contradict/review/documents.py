"""The whole documents behind a report's findings, for a reader who wants more than what stands around a passage."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
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
    read = _given(paths) if paths else _beside(wanted, folders)
    named = {document.name: document for document in read if document.name in wanted}
    known = [each for each in named.values() if _holds(each, wanted[each.name])]
    notes = [
        f"{name} is not as it was when it was analysed, so it is not shown"
        for name in named.keys() - {document.name for document in known}
    ]
    missing = len(wanted.keys() - named.keys())
    if paths and missing:
        notes.append(f"{count(missing, 'document')} not found where --documents says")
    return known, sorted(notes)


def _holds(document: Document, statements: Sequence[Statement]) -> bool:
    """Whether the document has the words of all statements, and these have some: a report may name any file."""
    return any(each.text.strip() for each in statements) and all(
        document.text[each.start : each.end] == each.text for each in statements
    )


def _given(paths: Sequence[str]) -> list[Document]:
    documents = []
    for item in read_documents(list(paths)):
        if not isinstance(item, Document):
            raise InputError(f"{item.source}: {item.reason}")
        documents.append(item)
    return documents


def _beside(names: Iterable[str], folders: Sequence[Path]) -> list[Document]:
    """Files of these names in the folders, as far as they can be read; a name never leads out of a folder."""
    documents = []
    for name in names:
        for folder in folders:
            try:
                path = (folder / name).resolve()
                usable = path.is_relative_to(folder.resolve()) and path.is_file()
            except (OSError, ValueError):  # no name that a file can have
                continue
            if usable:
                read = list(read_documents(str(path)))
                documents += [
                    replace(each, name=name) for each in read[:1] if isinstance(each, Document)
                ]
                break
    return documents
