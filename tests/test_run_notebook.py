"""The notebook prints what it is shown to print."""

import json
import re
from pathlib import Path

import pytest
from run_notebook import keep, printed_in, run_cells

TOUR = Path(__file__).parent.parent / "scripts" / "tour.ipynb"
PROBABILITY = re.compile(r"\b[01]\.\d\d\b")


def test_the_tour_prints_what_it_shows(monkeypatch):
    """Every cell runs, and prints what stands below it, but for some hundredths that the processor decides."""
    monkeypatch.chdir(TOUR.parent)
    notebook = json.loads(TOUR.read_text("utf-8"))
    shown, printed = printed_in(notebook), run_cells(notebook)
    assert sum(map(bool, shown)) >= 7
    for before, now in zip(shown, printed, strict=True):
        lines = [sorted(PROBABILITY.sub("", text).splitlines()) for text in (now, before)]
        assert lines[0] == lines[1]  # in any order: what scores nearly alike may change places
        values = [[float(value) for value in PROBABILITY.findall(text)] for text in (before, now)]
        assert values[0] == pytest.approx(values[1], abs=0.08)


def test_cells_share_what_they_define_and_keep_what_they_print():
    """A later cell sees the names of an earlier one; text cells are left alone."""
    cells = [
        {"cell_type": "code", "source": ["x = 2\n", "print(x)"], "outputs": []},
        {"cell_type": "markdown", "source": ["print(1)"]},
        {"cell_type": "code", "source": ["y = x + 1"], "outputs": []},
        {"cell_type": "code", "source": ["print(y)\n", "print(x)"], "outputs": []},
    ]
    notebook = {"cells": cells}
    printed = run_cells(notebook)
    assert printed == ["2\n", "", "3\n2\n"]
    keep(notebook, printed)
    assert printed_in(notebook) == printed
    assert "outputs" not in cells[1]
