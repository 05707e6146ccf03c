import subprocess
import sys

import pytest

import contradict

PUBLIC = {
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
}
HEAVY = {"torch", "transformers", "spacy", "datasets", "sklearn", "numpy", "pyarrow", "trafilatura"}


def imported_by(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after the code."""
    shown = subprocess.run(
        [sys.executable, "-Pc", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {name.split(".")[0] for name in shown.split()}


def test_public_names() -> None:
    """The public names are exactly these, and all can be had."""
    assert set(contradict.__all__) == PUBLIC
    assert all(getattr(contradict, name) is not None for name in PUBLIC)
    assert set(dir(contradict)) >= PUBLIC


def test_unknown_names() -> None:
    """A name that is not there is an AttributeError, as in any module."""
    with pytest.raises(AttributeError, match="'contradict' has no attribute 'analyse'"):
        contradict.analyse  # noqa: B018


@pytest.mark.parametrize(
    "code",
    [
        "import contradict",
        "from contradict import Document, InputError, Report",
        "import contradict.pipeline, contradict.documents, contradict.nli",
        "import contradict.report, contradict.cli",
    ],
    ids=["package", "records", "modules", "command"],
)
def test_import_is_light(code: str) -> None:
    """Importing loads none of the heavy libraries; they wait for their first use."""
    assert not imported_by(code) & HEAVY


def test_import_needs_no_command_line() -> None:
    """A program that uses the library does not load what only the command needs."""
    assert not imported_by("import contradict") & {"typer", "rich"}


def test_lazy_names_are_the_pipelines() -> None:
    """What loads on first use is the real thing, every time."""
    from contradict import pipeline

    assert contradict.Analyzer is pipeline.Analyzer
    assert contradict.analyze is pipeline.analyze
    assert contradict.score_pairs is pipeline.score_pairs
