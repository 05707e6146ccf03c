import csv
import io
import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import contradict
from contradict import cli, pipeline
from contradict.evaluation import read_evaluation
from contradict.language import Language
from contradict.nli import Scorer
from contradict.records import Probabilities, Report
from contradict.report import (
    FINDING_COLUMNS,
    NLI_COLUMNS,
    SCORE_COLUMNS,
    STATEMENT_COLUMNS,
    read_report,
)

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "seeds" / "iran_hezbollah_isil.txt"
ANN = "Ann Smith said the air strikes hit the hospital in Homs. The weather was fine.\n"
BOB = "Bob Jones denied that the air strikes hit the hospital in Homs.\n"

Run = Callable[..., Result]


class FakeScorer:
    """Scores by the share of words that differ; enough for everything but the model itself."""

    name = "fake"
    warnings = ()
    truncated = 0

    def score(
        self,
        pairs: Sequence[tuple[str, str]],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Probabilities]:
        return [self._score(set(a.lower().split()), set(b.lower().split())) for a, b in pairs]

    def _score(self, a: set[str], b: set[str]) -> Probabilities:
        alike = len(a & b) / max(1, len(a | b))
        return Probabilities(0.9 * alike, 0.1, 0.9 * (1 - alike))


@pytest.fixture(scope="module")
def parser(language: Language) -> Iterator[None]:
    """The spaCy pipeline, loaded once instead of once an Analyzer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Language, "pipeline", language.pipeline)
        yield


def use_scorer(patch: pytest.MonkeyPatch, scorer: Any) -> None:
    real = pipeline.Analyzer
    patch.setattr(pipeline, "Analyzer", lambda model=None, **options: real(scorer, **options))


def invoke(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def run(parser: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command with everything real but the NLI model."""
    use_scorer(monkeypatch, FakeScorer())
    return invoke


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with two short articles."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(ANN)
    (tmp_path / "b.txt").write_text(BOB)
    return tmp_path


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def sides(result: Result) -> set[tuple[str, str]]:
    assert result.exit_code == 0, result.output
    return {(f["left"]["document"], f["right"]["document"]) for f in lines(result.stdout)}


class TestAnalyze:
    def test_jsonl(self, run: Run, folder: Path) -> None:
        """JSONL on standard output is findings only, best first; the summary goes elsewhere."""
        result = run("analyze", "a.txt", "b.txt", "--format", "jsonl", "--threshold", "0")
        found = lines(result.stdout)
        assert found
        assert [f["score"] for f in found] == sorted((f["score"] for f in found), reverse=True)
        assert all(f["flagged"] and f["schema"] == 1 for f in found)
        assert re.fullmatch(
            r"2 documents, \d+ statements, \d+ pairs? scored, \d+ findings? flagged "
            r"\(threshold 0\.00, model fake\)\n",
            result.stderr,
        )

    @pytest.mark.parametrize("form", ["jsonl", "csv", "html", "table"])
    def test_all(self, run: Run, folder: Path, form: str) -> None:
        """Only flagged findings are written in any format, unless all are asked for."""
        arguments = ("analyze", ".", "--format", form, "--threshold", "1")
        few, everything = run(*arguments), run(*arguments, "--all")
        assert few.exit_code == everything.exit_code == 0
        assert "strikes hit the hospital" not in unescape(few.stdout)
        assert "strikes hit the hospital" in unescape(everything.stdout)

    def test_within_and_across(self, run: Run, folder: Path) -> None:
        """Both kinds of pairs are compared unless one of the two is asked for."""
        (folder / "a.txt").write_text(ANN + BOB)
        base = ("analyze", ".", "--all", "--format", "jsonl")
        within, across = {("a.txt", "a.txt")}, {("a.txt", "b.txt")}
        assert sides(run(*base, "--within")) == within
        assert sides(run(*base, "--across")) == across
        assert sides(run(*base)) == sides(run(*base, "--within", "--across")) == within | across

    def test_standard_input(self, run: Run) -> None:
        """A dash reads standard input."""
        result = run("analyze", "-", "--all", "--format", "jsonl", stdin=ANN + BOB)
        assert sides(result) == {("stdin", "stdin")}

    @pytest.mark.parametrize(
        ("name", "start"),
        [
            ("r.jsonl", '{"id": '),
            ("r.csv", ",".join(FINDING_COLUMNS)),
            ("r.html", "<!DOCTYPE html>"),
            ("r.txt", "1. "),
        ],
    )
    def test_output(self, run: Run, folder: Path, name: str, start: str) -> None:
        """Results go to the file, in the format that its name says."""
        result = run("analyze", "a.txt", "b.txt", "--threshold", "0", "--output", name)
        assert result.exit_code == 0
        assert result.stdout == ""
        assert (folder / name).read_text("utf-8").startswith(start)
        assert len(list(folder.iterdir())) == 3

    def test_report_is_read_back(self, run: Run, folder: Path) -> None:
        """What --output writes, read_report reads."""
        run("analyze", "a.txt", "b.txt", "--all", "--output", "r.jsonl")
        findings = read_report("r.jsonl")
        assert findings
        for finding in findings:
            for side in (finding.left, finding.right):
                text = {"a.txt": ANN, "b.txt": BOB}[side.document]
                assert text[side.start : side.end] == side.text

    def test_failures_do_not_lose_the_rest(self, run: Run, folder: Path) -> None:
        """Results of good inputs are written; the bad ones are named at the end, with status 1."""
        (folder / "c.txt").write_bytes(b"")
        result = run("analyze", ".", "missing.txt", "--threshold", "0", "--format", "jsonl")
        assert result.exit_code == 1
        assert lines(result.stdout)
        errors = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
        assert len(errors) == 2
        assert "c.txt" in errors[0]
        assert "missing.txt" in errors[1]

    def test_nothing_found(self, run: Run, folder: Path) -> None:
        """Nothing found is a result like another: one line, status 0."""
        result = run("analyze", "a.txt", "b.txt", "--threshold", "1")
        assert result.exit_code == 0
        assert result.stdout == "No conflicting statements found.\n"

    def test_markup_of_articles_is_text(self, run: Run, folder: Path) -> None:
        """Console markup and escape sequences in an article are not obeyed."""
        (folder / "a.txt").write_text(ANN.replace("hospital", "[bold]\x1b[31mhospital[/bold]"))
        result = run("statements", "a.txt")
        assert "[bold]" in result.stdout
        assert "\x1b" not in result.stdout


class TestStatements:
    def test_jsonl(self, run: Run, folder: Path) -> None:
        """Every statement is written with its offsets, speaker and stance."""
        result = run("statements", "b.txt", "--format", "jsonl")
        found = lines(result.stdout)
        assert found
        assert all(BOB[s["start"] : s["end"]] == s["text"] for s in found)
        assert any(s["stance"] == "denies" and "Bob" in s["speaker"]["name"] for s in found)
        assert result.stderr == f"1 document, {len(found)} statement{'s' * (len(found) != 1)}\n"

    @pytest.mark.parametrize("form", ["table", "csv", "html"])
    def test_other_formats(self, run: Run, folder: Path, form: str) -> None:
        """The other formats show the same."""
        result = run("statements", "b.txt", "--format", form)
        assert result.exit_code == 0
        assert "Bob Jones" in result.stdout
        assert "denies" in result.stdout
        if form == "csv":
            assert next(csv.reader(io.StringIO(result.stdout))) == list(STATEMENT_COLUMNS)


PAIRS_CSV = "gold,a,b\n1,It rained.,It did not rain.\n0,It rained.,=It rained.\n"


class TestScore:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("p.csv", PAIRS_CSV),
            ("p.tsv", PAIRS_CSV.replace(",", "\t")),
            ("p.jsonl", '{"gold": 1, "a": "It rained.", "b": "It did not rain."}\n' * 2),
        ],
    )
    def test_like_the_input(self, run: Run, folder: Path, name: str, text: str) -> None:
        """Every row comes out in the kind of the input: its columns first, then ours."""
        (folder / name).write_text(text)
        result = run("score", name)
        assert result.exit_code == 0, result.output
        if name == "p.jsonl":
            rows = lines(result.stdout)
            assert list(rows[0]) == ["gold", "a", "b", "score", "flagged", "kind", "reason", "nli"]
            assert rows[0]["gold"] == 1
        else:
            delimiter = "\t" if name == "p.tsv" else ","
            rows = list(csv.DictReader(io.StringIO(result.stdout), delimiter=delimiter))
            assert list(rows[0]) == ["gold", "a", "b", *SCORE_COLUMNS]
            assert set(NLI_COLUMNS) < set(rows[0])
            assert [row["gold"] for row in rows] == ["1", "0"]
            assert rows[1]["b"] == "=It rained."
        assert len(rows) == 2
        assert all(0 <= float(row["score"]) <= 1 for row in rows)
        assert re.fullmatch(r"2 pairs scored, \d flagged\n", result.stderr)

    @pytest.mark.parametrize(
        ("stdin", "start"), [(PAIRS_CSV, "gold,a,b,score"), ('{"a": "x", "b": "y"}', '{"a": "x"')]
    )
    def test_standard_input(self, run: Run, stdin: str, start: str) -> None:
        """From standard input too, rows come out in the kind they came in."""
        assert run("score", "-", stdin=stdin).stdout.startswith(start)

    def test_format_and_output(self, run: Run, folder: Path) -> None:
        """--format overrides the name of the output file, and that the kind of the input."""
        (folder / "p.csv").write_text(PAIRS_CSV)
        assert run("score", "p.csv", "-o", "s.jsonl").exit_code == 0
        assert run("score", "p.csv", "-o", "s.txt", "--format", "jsonl").exit_code == 0
        assert (folder / "s.txt").read_text() == (folder / "s.jsonl").read_text()
        assert lines((folder / "s.txt").read_text())[0]["gold"] == "1"

    def test_threshold(self, run: Run, folder: Path) -> None:
        """--threshold decides what is flagged, and nothing else."""
        (folder / "p.csv").write_text(PAIRS_CSV)
        low = lines(run("score", "p.csv", "--format", "jsonl", "--threshold", "0").stdout)
        high = lines(run("score", "p.csv", "--format", "jsonl", "--threshold", "1").stdout)
        assert all(row["flagged"] for row in low)
        assert not any(row["flagged"] for row in high)
        assert [row["score"] for row in low] == [row["score"] for row in high]

    def test_missing_column(self, run: Run, folder: Path) -> None:
        """A table without the two columns is refused, and nothing is written."""
        (folder / "p.csv").write_text("a,c\nx,y\n")
        result = run("score", "p.csv", "-o", "s.csv")
        assert result.exit_code == 1
        assert re.match(r"error: p\.csv: .*no column b", result.stderr)
        assert not (folder / "s.csv").exists()

    def test_no_rows(self, run: Run, folder: Path) -> None:
        """A table of no pairs gives a table of no scores."""
        (folder / "p.csv").write_text("a,b\n")
        result = run("score", "p.csv")
        assert result.exit_code == 0
        assert result.stderr == "0 pairs scored, 0 flagged\n"

    def test_bundled_model(
        self, parser: None, scorer: Scorer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With the bundled model a denial scores higher than a repetition."""
        use_scorer(monkeypatch, scorer)
        result = invoke("score", "-", stdin=PAIRS_CSV)
        denied, repeated = csv.DictReader(io.StringIO(result.stdout))
        assert float(denied["score"]) > float(repeated["score"])

    def test_script(self, folder: Path) -> None:
        """scripts/score_pairs.py is the same command, from any folder."""
        result = subprocess.run(
            [sys.executable, ROOT / "scripts" / "score_pairs.py", "missing.csv"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 1
        assert result.stderr.startswith("error: missing.csv: ")


class TestEvaluate:
    @pytest.fixture
    def gold(self, folder: Path) -> str:
        rows = [
            {"a": "The army left Homs.", "b": "The army is in Homs.", "label": "conflict"},
            {
                "a": "The army left Homs.",
                "b": "The army left Homs at last.",
                "label": "no_conflict",
            },
        ]
        (folder / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return "gold.jsonl"

    def test_tables(self, run: Run, gold: str) -> None:
        """The table has every metric with its interval; baselines come when asked for."""
        result = run("evaluate", gold)
        assert result.exit_code == 0, result.output
        assert re.search(
            r"average precision +[01]\.\d{3} +[01]\.\d{3} to [01]\.\d{3}", result.stdout
        )
        assert "without stance" not in result.stdout
        assert "without stance" in run("evaluate", gold, "--baselines").stdout

    def test_files(self, run: Run, folder: Path, gold: str) -> None:
        """JSON, Markdown and pictures are written; JSON can be compared with."""
        result = run(
            "evaluate", gold, "--json", "a.json", "--markdown", "a.md", "--pictures", "p"
        )  # fmt: skip
        assert result.exit_code == 0, result.output
        assert read_evaluation("a.json").kind == "pairs"
        assert (folder / "a.md").read_text().count("| average precision |") == 1
        assert (folder / "p" / "reliability.svg").is_file()
        again = run("evaluate", gold, "--against", "a.json", "--json", "b.json")
        assert "Against the older run, on 2 shared clusters" in again.stdout
        assert json.loads((folder / "b.json").read_text())["comparison"]["flips"] == []

    def test_json_to_standard_output(self, run: Run, gold: str) -> None:
        """With --json - standard output carries JSON and nothing else; what is undefined is one warning."""
        result = run("evaluate", gold, "--threshold", "1", "--json", "-")
        assert json.loads(result.stdout)["metrics"]["precision"] is None
        assert result.stderr.count("warning: undefined") == 1

    def test_documents_of_gold(self, run: Run, folder: Path) -> None:
        """Gold that points into documents finds them beside it or where it is told."""
        row = {"article": "a.txt", "a_start": 0, "a_end": 9, "b_start": 20, "b_end": 30}
        (folder / "gold.jsonl").write_text(
            json.dumps(row | {"kind": "denial", "conflict_id": "1"}) + "\n"
        )
        assert "--documents" in run("evaluate", "gold.jsonl").stderr
        assert "pairing recall" in run("evaluate", "gold.jsonl", "--documents", ".").stdout


class TestModels:
    def test_table(self) -> None:
        """Every profile is listed with its licence; the default is marked."""
        shown = invoke("models").stdout
        assert re.search(r"^nli-\w+ \(default\)$", shown, re.MULTILINE)
        assert shown.count("licence") >= 2

    def test_jsonl(self) -> None:
        """One JSON object a profile."""
        profiles = lines(invoke("models", "--format", "jsonl").stdout)
        assert [p["default"] for p in profiles].count(True) == 1
        assert {"name", "source", "licence", "parameters", "figures"} <= set(profiles[0])


class TestUsage:
    def test_version(self) -> None:
        """--version names the program and its version."""
        assert invoke("--version").stdout == f"contradict {contradict.__version__}\n"

    @pytest.mark.parametrize("command", ["analyze", "statements", "score", "evaluate", "models"])
    def test_help_has_examples(self, command: str) -> None:
        """Every command's help shows how it is called, one example a line."""
        shown = invoke(command, "--help").stdout
        assert re.search(rf"Examples:\n +contradict {command}\b.*\n +.*contradict", shown)

    @pytest.mark.parametrize(
        "arguments",
        [
            ["analyze", "a.txt", "--jobs", "3"],
            ["analyze", "a.txt", "--work", "job"],
            ["analyze"],
            ["analyze", "a.txt", "--format", "xml"],
            ["analyze", "a.txt", "--threshold", "1.5"],
            ["analyze", "a.txt", "--threshold", "nan"],
            ["analyze", "a.txt", "--threshold", "half"],
            ["analyze", "a.txt", "--nonsense"],
            ["score"],
            ["score", "p.csv", "--format", "html"],
            ["evaluate"],
            ["evaluate", "gold.jsonl", "--picture-format", "gif"],
            ["explain"],
        ],
        ids=" ".join,
    )
    def test_wrong_usage(self, arguments: list[str]) -> None:
        """Wrong usage ends with status 2, a hint, and nothing on standard output."""
        result = invoke(*arguments)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "--help" in result.stderr


class TestErrors:
    @pytest.mark.parametrize("command", ["analyze", "statements", "score"])
    def test_unusable_input(self, run: Run, folder: Path, command: str) -> None:
        """Where nothing could be read, the error names it, with status 1 and no traceback."""
        result = run(command, "missing.csv", "-o", "out.jsonl")
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr.startswith("error: ")
        assert "missing.csv" in result.stderr
        assert not (folder / "out.jsonl").exists()

    @pytest.mark.parametrize("command", ["analyze", "score"])
    def test_unusable_model(self, folder: Path, command: str, parser: None) -> None:
        """A model that is not there is an error that names it, with status 1."""
        (folder / "p.csv").write_text(PAIRS_CSV)
        result = invoke(command, "p.csv" if command == "score" else ".", "--model", "./none")
        assert result.exit_code == 1
        assert re.match(r"error: .*\./none", result.stderr)

    @pytest.mark.parametrize("command", ["analyze", "statements", "score", "evaluate"])
    def test_unusable_output(self, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
        """An output that cannot be written is refused before any work is done."""
        monkeypatch.setattr(pipeline, "Analyzer", None)
        option = "--json" if command == "evaluate" else "--output"
        result = invoke(command, "a.txt", option, "missing/out.csv")
        assert result.exit_code == 1
        assert re.match(r"error: Cannot write missing/out\.csv: there is no folder", result.stderr)

    def test_messages_cannot_drive_the_terminal(self, run: Run, folder: Path) -> None:
        """An error that quotes a file name shows its control characters harmlessly."""
        assert "\x1b" not in run("analyze", "x\x1b[31m.txt").stderr

    @pytest.mark.parametrize(
        ("error", "status", "message"),
        [
            (KeyboardInterrupt(), 130, "interrupted\n"),
            (OSError(28, "No space left on device"), 1, "error: No space left on device\n"),
        ],
        ids=["interrupt", "full disk"],
    )
    def test_no_traceback(
        self, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, message: str
    ) -> None:
        """An interrupt and a full disk end with one line and their status."""

        def fail(model: object, **options: object) -> None:
            raise error

        monkeypatch.setattr(pipeline, "Analyzer", fail)
        result = invoke("analyze", "a.txt")
        assert (result.exit_code, result.stderr) == (status, message)


def start(code: str, **options: Any) -> "subprocess.Popen[bytes]":
    """A fresh interpreter in which ``pipeline`` and ``main`` are at hand."""
    prelude = "from contradict import pipeline\nfrom contradict.cli import main\n"
    return subprocess.Popen([sys.executable, "-Pc", prelude + code], cwd=ROOT, **options)


class TestProcess:
    def test_reader_that_has_enough(self) -> None:
        """A pipe closed by its reader, as by head, ends the command without a word."""
        reading, writing = os.pipe()
        process = start("main(['models'])", stdout=writing, stderr=subprocess.PIPE)
        os.close(reading)
        os.close(writing)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, b"")

    @pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
    def test_closed_streams(self, closed: str) -> None:
        """A stream that the shell has closed is no reason to fall over."""
        command = f"{shlex.quote(sys.executable)} -Pm contradict models {closed}"
        process = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, timeout=60)
        assert (process.returncode, process.stderr) == (0, b"")
        assert bool(process.stdout) == (closed != ">&-")

    def test_termination_cleans_up(self, tmp_path: Path) -> None:
        """SIGTERM leaves no half-written file behind."""
        process = start(
            "import os, signal, contradict.report as report\n"
            "from contradict.records import Report\n"
            "class Analyzer:\n"
            "    def statements(self, sources, **options):\n"
            "        return Report((), (), (), 0.5, 'm')\n"
            "pipeline.Analyzer = Analyzer\n"
            "report.write_csv = lambda *a, **k: os.kill(os.getpid(), signal.SIGTERM)\n"
            f"main(['statements', 'x', '-o', {str(tmp_path / 'out.csv')!r}])\n"
        )
        assert process.wait(timeout=60) == 128 + signal.SIGTERM
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("form", ["table", "jsonl", "csv"])
    def test_terminals_without_unicode(self, form: str) -> None:
        """A terminal that has only ASCII gets a readable table, and programs get UTF-8."""
        process = start(
            "from contradict.records import Document, Report, Statement\n"
            "class Analyzer:\n"
            "    def statements(self, sources, **options):\n"
            "        s = Statement('d', 0, 6, '\\u201cNo\\u201d \\xe9', 'No.')\n"
            "        return Report((), (s,), (Document('d', s.text),), 0.5, 'm')\n"
            "pipeline.Analyzer = Analyzer\n"
            f"main(['statements', 'x', '--format', {form!r}])\n",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"},
        )
        output, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        expected = "?No? ?" if form == "table" else "“No” é"
        assert expected in output.decode("ascii" if form == "table" else "utf-8")

    @pytest.mark.parametrize("terminal", [True, False])
    def test_progress(self, terminal: bool) -> None:
        """Progress shows on a terminal, for stages that take a while, and nowhere else."""
        code = (
            "import time\n"
            "from contradict import command\n"
            "command._PATIENCE = 0.2\n"
            "with command.ProgressBars() as progress:\n"
            "    progress('reading', 0, 5)\n"
            "    for done in range(5):\n"
            "        progress('scoring', done, 5)\n"
            "        time.sleep(0.1)\n"
        )
        ours, theirs = pty.openpty() if terminal else os.pipe()
        process = start(code, stderr=theirs, env={**os.environ, "TERM": "xterm"})
        os.close(theirs)
        assert process.wait(timeout=60) == 0
        shown = b""
        while True:
            try:
                chunk = os.read(ours, 4096)
            except OSError:  # how Linux ends a pseudo-terminal
                break
            if not chunk:
                break
            shown += chunk
        os.close(ours)
        assert (b"scoring" in shown) == terminal
        assert b"reading" not in shown
        assert terminal or not shown


class TestArticle:
    @pytest.fixture
    def analyzed(self, seed_report: Report, monkeypatch: pytest.MonkeyPatch) -> Report:
        """What the command finds in the seed article; analysed once for all tests."""

        class Analyzed(pipeline.Analyzer):
            def analyze(self, *arguments: object, **options: object) -> Report:
                return seed_report

        monkeypatch.setattr(pipeline, "Analyzer", Analyzed)
        return seed_report

    def test_table_shows_the_flagged(self, analyzed: Report) -> None:
        """The table has the flagged findings and no others, best first, as the article says it."""
        table = invoke("analyze", ARTICLE).stdout
        headings = re.findall(r"^(\d+)\. (\d\.\d\d) ([\w-]+)$", table, re.MULTILINE)
        assert headings == [
            (str(number), f"{finding.score:.2f}", finding.kind)
            for number, finding in enumerate(analyzed.flagged, 1)
        ]
        unwrapped = " ".join(table.split())
        for finding in analyzed.flagged:
            for side in (finding.left, finding.right):  # marks at its ends are the sentence's
                assert " ".join(side.text.strip("“” ,.").split()) in unwrapped

    def test_jsonl_is_without_loss(self, analyzed: Report, tmp_path: Path) -> None:
        """Real findings come back from a file as they were, down to the last digit."""
        result = invoke("analyze", ARTICLE, "--all", "-o", tmp_path / "r.jsonl")
        assert result.exit_code == 0
        assert tuple(read_report(tmp_path / "r.jsonl")) == analyzed.findings

    def test_html_has_every_flagged_finding(self, analyzed: Report) -> None:
        """The page has an entry for each flagged finding, with both passages marked in context."""
        page = invoke("analyze", ARTICLE, "--format", "html").stdout
        assert len(analyzed.flagged) > 1
        assert page.count("<article ") == len(analyzed.flagged)
        assert page.count("<mark>") == 2 * len(analyzed.flagged)
