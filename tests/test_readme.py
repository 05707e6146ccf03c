"""The README shows what the tool really prints."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import figures
import pytest

from contradict import Archive

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SESSIONS = re.findall(r"```console\n\$ (.+)\n([\s\S]*?)```", README)
EXAMPLES = re.findall(r"```python\n([\s\S]*?)```", README)


def run(arguments, **options):
    environment = os.environ | {"COLUMNS": "79", "PYTHONIOENCODING": "utf-8", "HF_HUB_OFFLINE": "1"}
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env=environment,
        **options,
    )


def assert_same_but_for_the_processor(printed, shown):
    """The same to the letter, but that int8 differs by some hundredths from processor to processor.

    So what scores nearly alike may come in another order.
    """
    probability = re.compile(r"\b[01]\.\d\d\b")
    blocks = [
        sorted((probability.sub("0.00", block), block) for block in unnumbered(text).split("\n\n"))
        for text in (printed, shown)
    ]
    assert [same for same, _ in blocks[0]] == [same for same, _ in blocks[1]]
    values = [
        [float(value) for _, block in each for value in probability.findall(block)]
        for each in blocks
    ]
    assert values[0] == pytest.approx(values[1], abs=0.08)


def unnumbered(text):
    """A session without the ranks of findings, its last line a block of its own."""
    head, _, last = text.rstrip("\n").rpartition("\n")
    return re.sub(r"^\d+\. ", "", f"{head}\n\n{last}", flags=re.MULTILINE)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The archive that the sessions begin with."""
    folder = str(tmp_path_factory.mktemp("archive"))
    [first] = [each for each, _ in SESSIONS if "archive add" in each]
    added = run(["-m", "contradict", *shlex.split(first)[1:-1], folder])
    assert added.returncode == 0, added.stderr
    return folder


@pytest.mark.parametrize(("command", "shown"), SESSIONS, ids=[command for command, _ in SESSIONS])
def test_terminal_sessions_show_what_is_printed(command, shown, kept, tmp_path):
    """Each session's output is the command's standard output and standard error."""
    stdin = re.fullmatch(r"echo '(.*)' \| (contradict .*)", command)
    archive = str(tmp_path / "new") if "archive add" in command else kept
    arguments = [
        archive if argument == "archive/" else argument
        for argument in shlex.split(stdin[2] if stdin else command)[1:]
    ]
    done = run(["-m", "contradict", *arguments], input=f"{stdin[1]}\n" if stdin else "")
    assert done.returncode == 0, done.stderr
    assert_same_but_for_the_processor(done.stdout + done.stderr, shown)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_python_examples_run(example):
    """Each Python example runs, and prints what its comments say."""
    done = run(["-c", example])
    assert done.returncode == 0, done.stderr
    expected = re.findall(r"^print\(.*\)  # (.+)$", example, re.MULTILINE)
    assert expected
    assert done.stdout.splitlines()[-len(expected) :] == expected


def test_figures_are_those_that_were_measured():
    """Every figure that README and cards show between their marks is what scripts/figures.json holds."""
    kept = json.loads(figures.KEPT.read_text("utf-8"))
    shown = set()
    for document in figures.DOCUMENTS:
        text = document.read_text("utf-8")
        assert figures.rendered(text, kept) == text, f"{document}: run scripts/figures.py --render"
        shown |= {name for _, name, _, _ in figures.BLOCK.findall(text)}
    assert shown == figures.RENDERS.keys()


@pytest.mark.parametrize(
    ("name", "calibration"),
    [
        ("conflicts", "contradict/calibration.json"),
        ("mini-conflicts", "models/nli-mini/calibration.json"),
    ],
)
def test_figures_are_of_the_decision_that_is_shipped(name, calibration):
    """What was measured on articles is what the calibration in use was found to be worth when it was fitted."""
    measured = json.loads(figures.KEPT.read_text("utf-8"))[name]["metrics"]
    fitted = json.loads((ROOT / calibration).read_text("utf-8"))["found"]["figures"]
    for metric in ("average_precision", "precision", "recall"):
        assert measured[metric] == pytest.approx(fitted[metric], abs=0.001)


def test_the_fields_are_those_of_the_files(seed_report, analyzer, kept):
    """The tables of fields name every field of a finding, a statement and a match, and nothing else."""
    finding = seed_report.findings[0].to_dict()
    with Archive(kept, analyzer=analyzer) as archive:
        match = archive.check("The strikes are aimed at Isil")[0].to_dict()
    for name, fields in (("finding", finding), ("statement", finding["left"]), ("match", match)):
        table = re.search(rf"^\| {name} \|  \|\n(?:\|.*\n)+", README, re.MULTILINE)
        assert table
        first_cells = (line.split("|")[1] for line in table[0].splitlines()[2:])
        named = {field for cell in first_cells for field in re.findall(r"`(\w+)`", cell)}
        assert named == fields.keys()


def test_the_readme_opens_with_the_two_commands():
    """One sentence, then the demo and the tests."""
    commands = re.findall(r"^    (scripts/\w+)", README, re.MULTILINE)
    assert commands == ["scripts/demo", "scripts/test"]
    assert all(os.access(ROOT / command, os.X_OK) for command in commands)
