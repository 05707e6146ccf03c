"""Archives: documents kept with their statements, and a claim held against everything already said.

archive    the archive as it is used: add, check, analyze
store      documents and statements in an SQLite file, found by the stems of their words
copies     which documents are copies of one story
matches    how an earlier statement bears on a claim: conflict, support, related
readings   what a model said of pairs, kept
"""

from contradict.archive.archive import CANDIDATES, Added, Archive, check_options
from contradict.archive.matches import MATCH_COLUMNS, MATCH_KINDS, Match, flat_match
from contradict.archive.store import ENTRY_COLUMNS, Entry

__all__ = [
    "CANDIDATES",
    "ENTRY_COLUMNS",
    "MATCH_COLUMNS",
    "MATCH_KINDS",
    "Added",
    "Archive",
    "Entry",
    "Match",
    "check_options",
    "flat_match",
]
