"""Find the statements in articles that contradict each other, with who says them.

    import contradict

    report = contradict.analyze(["article.txt"])
    for finding in report.flagged:
        print(finding.score, finding.left.text, "↔", finding.right.text)

Importing this package imports no torch, transformers, spacy or datasets; they load on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from contradict.errors import ContradictError, InputError, ModelError
from contradict.records import (
    Document,
    Failure,
    Finding,
    Nli,
    Pair,
    PairScore,
    Probabilities,
    Report,
    Span,
    Speaker,
    Statement,
)

if TYPE_CHECKING:
    from contradict.archive import Archive
    from contradict.pipeline import Analyzer, analyze, score_pairs

__version__ = "0.1.0"

__all__ = [
    "Analyzer",
    "Archive",
    "ContradictError",
    "Document",
    "Failure",
    "Finding",
    "InputError",
    "ModelError",
    "Nli",
    "Pair",
    "PairScore",
    "Probabilities",
    "Report",
    "Span",
    "Speaker",
    "Statement",
    "__version__",
    "analyze",
    "score_pairs",
]

_LAZY = {
    "Analyzer": "contradict.pipeline",
    "Archive": "contradict.archive",
    "analyze": "contradict.pipeline",
    "score_pairs": "contradict.pipeline",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
