"""Real components that several test modules share, loaded once."""

from pathlib import Path

import pytest
from hypothesis import settings

from contradict.language import Language
from contradict.nli import Scorer, load_scorer
from contradict.pipeline import Analyzer
from contradict.records import Report

# First calls load parsers and models, and machines are shared: time is no property to test.
settings.register_profile("contradict", deadline=None)
settings.load_profile("contradict")

ARTICLE = Path(__file__).parent.parent / "seeds" / "iran_hezbollah_isil.txt"


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    """The bundled default model."""
    return load_scorer(device="cpu")


@pytest.fixture(scope="session")
def language() -> Language:
    """The installed English parser."""
    return Language()


@pytest.fixture(scope="session")
def analyzer(scorer: Scorer) -> Analyzer:
    """The whole pipeline with the bundled model."""
    return Analyzer(scorer)


@pytest.fixture(scope="session")
def seed_report(analyzer: Analyzer) -> Report:
    """The analysis of the seed article."""
    return analyzer.analyze(ARTICLE)
