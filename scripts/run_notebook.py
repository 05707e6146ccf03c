"""Run the code cells of a notebook, one after the other, and keep in it what they print.

    run_notebook.py NOTEBOOK.ipynb

Cells that print are all this knows, so that a notebook can be checked without Jupyter.
"""

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any


def run_cells(notebook: dict[str, Any]) -> list[str]:
    """What each code cell prints, run in one namespace, in order."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    printed = []
    for number, cell in enumerate(_code_cells(notebook), 1):
        with contextlib.redirect_stdout(io.StringIO()) as stream:
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), namespace)
        printed.append(stream.getvalue())
    return printed


def printed_in(notebook: dict[str, Any]) -> list[str]:
    """What each code cell is shown to print."""
    return [
        "".join(line for output in cell["outputs"] for line in output["text"])
        for cell in _code_cells(notebook)
    ]


def keep(notebook: dict[str, Any], printed: list[str]) -> None:
    """Put what was printed into the cells."""
    for number, (cell, text) in enumerate(zip(_code_cells(notebook), printed, strict=True), 1):
        cell["execution_count"] = number
        stream = {"name": "stdout", "output_type": "stream", "text": text.splitlines(keepends=True)}
        cell["outputs"] = [stream] if text else []


def _code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    file = Path(sys.argv[1])
    notebook = json.loads(file.read_text("utf-8"))
    with contextlib.chdir(file.parent):  # as Jupyter does
        printed = run_cells(notebook)
    keep(notebook, printed)
    file.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
