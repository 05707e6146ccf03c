import base64
import csv
import hashlib
import io
import json
import os
import re
import stat
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from contradict.errors import InputError
from contradict.page import render_html, render_statements_html
from contradict.records import (
    KINDS,
    STANCES,
    Context,
    Document,
    Failure,
    Finding,
    Mark,
    Nli,
    PairScore,
    Place,
    Probabilities,
    Report,
    Span,
    Speaker,
    Statement,
)
from contradict.report import (
    FINDING_COLUMNS,
    SCORE_COLUMNS,
    STATEMENT_COLUMNS,
    open_output,
    read_report,
    write_csv,
    write_jsonl,
    write_scored_pairs,
)
from contradict.terminal import render_statements, render_table, summarize

offsets = st.integers(min_value=0, max_value=10**9)
shares = st.floats(min_value=0, max_value=1)
spans = st.builds(Span, st.text(), offsets, offsets)
speakers = st.builds(Speaker, st.text(), offsets, offsets, st.text())
statements = st.builds(
    Statement,
    document=st.text(),
    start=offsets,
    end=offsets,
    text=st.text(),
    proposition=st.text(),
    speaker=st.none() | speakers,
    cue=st.none() | spans,
    stance=st.sampled_from(STANCES),
    quoted=st.booleans(),
    date=st.none() | st.dates().map(str),
    outlet=st.none() | st.text(),
)
probabilities = st.builds(Probabilities, shares, shares, shares)
findings = st.builds(
    Finding,
    kind=st.sampled_from(KINDS),
    score=shares,
    flagged=st.booleans(),
    reason=st.text(),
    left=statements,
    right=statements,
    nli=st.builds(Nli, probabilities, probabilities),
    similarity=shares,
    model=st.text(),
)


@st.composite
def findings_in_context(draw: st.DrawFn) -> Finding:
    """A finding whose statements have their sentences and some text around them, or not."""
    finding = draw(findings)
    sides, contexts = [], []
    for side in (finding.left, finding.right):
        before, after = draw(st.text()), draw(st.text())
        side = replace(side, end=side.start + len(side.text))
        start = side.start - min(len(before), side.start)
        text = before[: side.start - start] + side.text + after
        sides.append(side)
        contexts.append(draw(st.none() | st.just(Context(text, start, start, start + len(text)))))
    return replace(finding, left=sides[0], right=sides[1], contexts=tuple(contexts))


NLI = Nli(Probabilities(0.01, 0.03, 0.96), Probabilities(0.02, 0.06, 0.92))
TEXT = (
    "Headline\n\nThe strikes hit no Isil target, Ann said. Another sentence.\n\n"
    "The strikes hit Isil, Bob insisted."
)


def make_statement(text: str, holder: str | None, document: str = "a.txt") -> Statement:
    start = max(TEXT.find(text), 0)
    speaker = Speaker(holder, 0, len(holder), holder) if holder else None
    return Statement(document, start, start + len(text), text, f"{text}.", speaker=speaker)


LEFT = make_statement("The strikes hit no Isil target", "Ann")
RIGHT = make_statement("The strikes hit Isil", "Bob")
FINDING = Finding(
    kind="contradiction",
    score=0.94,
    flagged=True,
    reason="Both cannot hold.",
    left=LEFT,
    right=RIGHT,
    nli=NLI,
    similarity=0.7,
    model="nli-test",
)


def make_report(*results: Finding, **changes: Any) -> Report:
    report = Report(
        findings=results,
        statements=(LEFT, RIGHT),
        documents=(Document("a.txt", TEXT),),
        threshold=0.5,
        model="nli-test",
    )
    return replace(report, **changes)


def show(report: Report, *, width: int = 80, terminal: bool = False, show_all: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=terminal, color_system=None, markup=False
    )
    render_table(report, console, show_all=show_all)
    return stream.getvalue()


def words(text: str) -> str:
    return " ".join(text.split())


class TestJsonl:
    @given(st.lists(findings | findings_in_context(), max_size=3))
    def test_findings_round_trip(
        self, tmp_path_factory: pytest.TempPathFactory, written: list[Finding]
    ) -> None:
        """What is written as JSONL is read back equal, whatever the texts hold."""
        path = tmp_path_factory.getbasetemp() / "report.jsonl"
        with open_output(path) as stream:
            write_jsonl(written, stream)
        assert read_report(path) == written

    @given(st.lists(statements, max_size=3))
    def test_statements_round_trip(self, written: list[Statement]) -> None:
        """Statements come back equal from lines that no reader splits elsewhere."""
        stream = io.StringIO()
        write_jsonl(written, stream)
        lines = stream.getvalue().splitlines()
        assert [Statement.from_dict(json.loads(line)) for line in lines] == written

    def test_lone_surrogates_survive(self, tmp_path: Path) -> None:
        """Half a character, as from a damaged file name, neither fails nor changes."""
        finding = replace(FINDING, reason="half \udcff done")
        with open_output(tmp_path / "r.jsonl") as stream:
            write_jsonl([finding], stream)
        assert read_report(tmp_path / "r.jsonl") == [finding]

    @pytest.mark.parametrize("prefix", [b"\xef\xbb\xbf", b"\n \n", b""], ids=["bom", "blank", "-"])
    def test_edited_files_are_read(self, tmp_path: Path, prefix: bytes) -> None:
        """A byte order mark, blank lines and Windows line ends do no harm."""
        line = json.dumps(FINDING.to_dict()).encode() + b"\r\n"
        (tmp_path / "r.jsonl").write_bytes(prefix + line + b"\r\n" + line)
        assert read_report(tmp_path / "r.jsonl") == [FINDING, FINDING]


def changed(**changes: Any) -> str:
    return json.dumps({**FINDING.to_dict(), **changes})


def left(**changes: Any) -> dict[str, Any]:
    return {**LEFT.to_dict(), **changes}


class TestReadReport:
    @pytest.mark.parametrize(
        ("line", "complaint"),
        [
            ('{"id": ', "not valid JSON"),
            ("[" * 100_000, "JSON|recursion"),
            ("[1, 2]", "a JSON object was expected, got a list"),
            (json.dumps(LEFT.to_dict()), "this is a statement, not a finding"),
            ('{"text": "An article."}', "'schema' must be 1, got null"),
            (changed(schema=2), "'schema' must be 1, got 2"),
            ('{"schema": 1}', "field 'kind' is missing"),
            (changed(kind="quarrel"), "'kind' must be one of denial, .* got 'quarrel'"),
            (changed(score="0.9"), "field 'score' cannot be a string"),
            (changed(score=True), "field 'score' cannot be a truth value"),
            (changed(score=1.5), "'score' must lie between 0 and 1, got 1.5"),
            (changed(score=float("nan")), "'score' must lie between 0 and 1, got nan"),
            (changed(similarity=float("inf")), "'similarity' must lie between 0 and 1, got inf"),
            (changed(similarity=10**400), "'similarity' must lie between 0 and 1, got 1000"),
            (changed(left=None), "field 'left' cannot be null"),
            (changed(left=left(stance="shouts")), "'left.stance' must be one of asserts"),
            (changed(left=left(speaker={})), "field 'left.speaker.text' is missing"),
            (changed(left=left(start=1.0)), "field 'left.start' cannot be a number"),
            (changed(nli={"forward": {}}), "field 'nli.backward' is missing"),
            (changed(marks=None), "field 'marks' cannot be null"),
            (changed(marks={"left": []}), "field 'marks.right' is missing"),
            (changed(marks={"left": [7], "right": []}), "'marks.left.0.' must be an object"),
            (
                changed(marks={"left": [], "right": [{"start": 1, "end": 2, "role": "loud"}]}),
                "'marks.right.0..role' must be one of shared",
            ),
            (changed(repeats=[{"left": {}}]), "field 'repeats.0..right' is missing"),
            (
                changed(repeats=[{"left": {"document": "a", "start": "1", "end": 2}, "right": {}}]),
                "field 'repeats.0..left.start' cannot be a string",
            ),
        ],
    )
    def test_foreign_lines_are_refused(self, tmp_path: Path, line: str, complaint: str) -> None:
        """A line that is no finding is refused with its number and what is wrong with it."""
        path = tmp_path / "r.jsonl"
        path.write_text(f"{json.dumps(FINDING.to_dict())}\n\n{line}\n", "utf-8")
        with pytest.raises(InputError, match=f"r.jsonl, line 3: .*({complaint})"):
            read_report(path)

    @pytest.mark.parametrize("kind", ["missing", "folder", "binary"])
    def test_unusable_files_are_refused(self, tmp_path: Path, kind: str) -> None:
        """A file that is not there, is no file, or holds no text gives one clear error."""
        path = tmp_path / "r.jsonl"
        if kind == "folder":
            path.mkdir()
        elif kind == "binary":
            path.write_bytes(b"\xff\xfe\x00\x80")
        with pytest.raises(InputError, match=r"Cannot read .*r\.jsonl: "):
            read_report(path)


class TestCsv:
    def read(self, records: Any, columns: tuple[str, ...]) -> list[dict[str, str]]:
        stream = io.StringIO(newline="")
        write_csv(records, stream, columns=columns)
        stream.seek(0)
        return list(csv.DictReader(stream))

    def test_findings_are_flat(self) -> None:
        """A finding is one row with both sides and both NLI directions in columns of their own."""
        [row] = self.read([FINDING], FINDING_COLUMNS)
        assert row["id"] == FINDING.id
        assert row["flagged"] == "true"
        assert float(row["score"]) == FINDING.score
        assert (row["left_speaker"], row["right_speaker"]) == ("Ann", "Bob")
        assert row["right_text"] == RIGHT.text
        assert int(row["left_start"]) == LEFT.start
        assert float(row["nli_backward_contradiction"]) == NLI.backward.contradiction

    def test_statements_are_flat(self) -> None:
        """A statement is one row; what it lacks is an empty cell."""
        [row] = self.read([replace(LEFT, cue=Span("said", 1, 5), speaker=None)], STATEMENT_COLUMNS)
        assert (row["cue"], row["speaker"], row["date"]) == ("said", "", "")

    @pytest.mark.parametrize("columns", [FINDING_COLUMNS, STATEMENT_COLUMNS])
    def test_header_without_records(self, columns: tuple[str, ...]) -> None:
        """A file without records still has its header."""
        stream = io.StringIO()
        write_csv([], stream, columns=columns)
        assert stream.getvalue() == ",".join(columns) + "\r\n"

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"], ids=repr)
    def test_formulas_are_defused(self, start: str) -> None:
        """No text of a document reaches a spreadsheet as a formula."""
        text = f"{start}HYPERLINK(1)"
        [row] = self.read([make_statement(text, text)], STATEMENT_COLUMNS)
        assert row["text"] == row["speaker"] == f"'{text}"

    @given(statements)
    def test_texts_survive(self, statement: Statement) -> None:
        """Quotes, commas and line ends in a text do not break its row."""
        [row] = self.read([statement], STATEMENT_COLUMNS)
        assert row["text"] in (statement.text, f"'{statement.text}")
        assert None not in row


SCORE = PairScore(score=0.9, flagged=True, kind=None, reason="=why", nli=NLI)


class TestScoredPairs:
    def test_csv_keeps_columns_in_order(self) -> None:
        """The input's columns come first, untouched and in order; ours follow."""
        stream = io.StringIO(newline="")
        rows = [{"gold": "-1", "b": "x", "a": "=y", "extra": None}]
        write_scored_pairs(rows, [SCORE], stream, delimiter=",")
        header, row = csv.reader(io.StringIO(stream.getvalue()))
        assert header == ["gold", "b", "a", "extra", *SCORE_COLUMNS]
        assert row[:8] == ["-1", "x", "=y", "", "0.9", "true", "", "'=why"]

    def test_csv_takes_ragged_rows(self) -> None:
        """Columns that only some records have are kept, empty where there is nothing."""
        stream = io.StringIO(newline="")
        rows: list[dict[str, Any]] = [{"a": "1", "b": "2"}, {"a": "3", "b": "4", "c": [1.5]}]
        write_scored_pairs(rows, [SCORE, SCORE], stream, delimiter="\t")
        read = list(csv.DictReader(io.StringIO(stream.getvalue()), delimiter="\t"))
        assert [row["c"] for row in read] == ["", "[1.5]"]

    def test_jsonl_nests_nli(self) -> None:
        """A JSONL row is the input's object with our fields behind it."""
        stream = io.StringIO()
        row = {"a": "1", "b": "2", "gold": 1, "seen": float("nan")}
        write_scored_pairs([row], [SCORE], stream)
        data = json.loads(stream.getvalue())
        assert list(data) == [*row, "score", "flagged", "kind", "reason", "nli"]
        assert (data["gold"], data["seen"]) == (1, None)
        assert data["nli"] == NLI.to_dict()

    @pytest.mark.parametrize("delimiter", [None, ","], ids=["jsonl", "csv"])
    def test_scoring_again_replaces(self, delimiter: str | None) -> None:
        """Scores of an earlier run are replaced, never doubled."""
        once, twice = io.StringIO(newline=""), io.StringIO(newline="")
        write_scored_pairs([{"a": "1", "b": "2"}], [SCORE], once, delimiter=delimiter)
        if delimiter:
            [row] = csv.DictReader(io.StringIO(once.getvalue()))
        else:
            row = json.loads(once.getvalue())
        write_scored_pairs([{**row, "score": "old"}], [SCORE], twice, delimiter=delimiter)
        assert twice.getvalue() == once.getvalue()


class TestTable:
    @pytest.mark.parametrize(
        ("width", "terminal"), [(40, True), (80, True), (120, True), (80, False), (10**6, False)]
    )
    def test_says_who_and_what(self, width: int, terminal: bool) -> None:
        """Every layout shows who says what against whom, the score, the kind and why."""
        shown = show(make_report(FINDING), width=width, terminal=terminal)
        for part in ("Ann", "Bob", "0.94", "contradiction", "asserts"):
            assert part in shown
        if width != 120:  # columns interleave
            for text in (LEFT.text, RIGHT.text, FINDING.reason):
                assert text in words(shown)

    def test_of_several_documents_it_says_which(self) -> None:
        """Each side names its document, and the outlet and the date where these are known."""
        left = replace(FINDING.left, outlet="The Echo", date="2026-05-01")
        one = make_report(replace(FINDING, left=left))
        two = replace(one, documents=(Document("a", "x"), Document("b", "y")))
        assert f"(asserts, {left.document}, The Echo, 2026-05-01)" in show(two, width=80)
        assert "The Echo" not in show(one, width=80)

    @pytest.mark.parametrize("width", [1, 20, 40, 99, 100, 160])
    def test_fits_the_terminal(self, width: int) -> None:
        """No line is wider than the terminal, down to where one word fills it."""
        long = replace(FINDING, left=make_statement("word " * 100, "Somebody with a long name"))
        shown = show(make_report(long), width=width, terminal=True)
        indent = 6
        assert max(map(len, shown.splitlines())) <= max(width, indent + 1)

    def test_unwrapped_lines_can_be_searched(self) -> None:
        """Without a terminal each text stands on one line."""
        text = "many words " * 50
        shown = show(make_report(replace(FINDING, left=make_statement(text, None))), width=10**6)
        assert text.strip() in [line.strip() for line in shown.splitlines()]

    def test_pipes_get_plain_text(self) -> None:
        """Without a terminal there are neither colours nor boxes, however wide."""
        assert show(make_report(FINDING), width=200).isascii()

    def test_only_flagged(self) -> None:
        """Pairs below the threshold are shown only on request, and marked."""
        report = make_report(FINDING, replace(FINDING, score=0.1, flagged=False))
        assert "0.10" not in show(report)
        assert "0.10 contradiction (below the threshold)" in show(report, show_all=True)

    @pytest.mark.parametrize(
        ("report", "line"),
        [
            (make_report(), "No pairs to score.\n"),
            (make_report(replace(FINDING, flagged=False)), "No conflicting statements found.\n"),
        ],
        ids=["no pairs", "none flagged"],
    )
    def test_nothing_found(self, report: Report, line: str) -> None:
        """Nothing found is said in one line."""
        assert show(report) == line

    def test_names_documents_where_there_are_several(self) -> None:
        """With several documents each side names its own."""
        far = replace(FINDING, right=make_statement("The strikes hit Isil", "Bob", "b.txt"))
        documents = (Document("a.txt", TEXT), Document("b.txt", TEXT))
        assert "b.txt" in show(make_report(far, documents=documents))
        assert "a.txt" not in show(make_report(FINDING))

    def test_markup_is_text(self) -> None:
        """What looks like console markup is shown as it stands."""
        text = "[bold]A[/bold] [link=http://x]:boom:[/nope]"
        shown = show(make_report(replace(FINDING, left=make_statement(text, text))), width=200)
        assert shown.count(text) == 2

    @given(st.text(st.characters()), st.booleans(), st.sampled_from([40, 120]))
    def test_no_control_characters(self, text: str, terminal: bool, width: int) -> None:
        """No text can move the cursor, change colours or reverse what is read."""
        statement = make_statement(f"x\x1b[31m\x9b2J\u202e{text}", text)
        finding = replace(FINDING, left=statement, reason=text, model=text)
        report = make_report(finding, statements=(statement,), model=text)
        shown = show(report, width=width, terminal=terminal) + summarize(report)
        stream = io.StringIO()
        render_statements(report, Console(file=stream, width=width, color_system=None))
        shown = re.sub(r"\x1b\[\d*m", "", shown) if terminal else shown  # our own bold
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
        assert "\x1b" not in stream.getvalue()

    def test_statements_show_their_proposition(self) -> None:
        """A statement is listed with its words, and with the proposition where that differs."""
        carried = replace(RIGHT, text="hit Isil", proposition="The strikes hit Isil.")
        stream = io.StringIO()
        render_statements(make_report(statements=(LEFT, carried)), Console(file=stream, width=80))
        lines = [line.strip() for line in stream.getvalue().splitlines()]
        assert lines == [
            "Ann (asserts)",
            LEFT.text,
            "Bob (asserts)",
            "hit Isil",
            "= The strikes hit Isil.",
        ]


class _Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


class TestHtml:
    def test_what_carries_the_conflict_stands_out(self) -> None:
        """Marked words are emphasized where they stand, and the places of repeats are listed."""
        no = LEFT.start + LEFT.text.index("no ")
        marked = replace(
            FINDING,
            marks=((Mark(no, no + 2, "negation"),), ()),
            repeats=((Place("<b>.txt", 1, 2), Place("a.txt", 3, 4)),),
        )
        page = render_html(make_report(marked))
        assert 'hit <b class="negation">no</b> Isil' in page
        assert "&lt;b&gt;.txt</bdi>, characters 1 to 2" in page

    @given(st.text())
    def test_documents_are_escaped(self, text: str) -> None:
        """Nothing in a document becomes a tag or ends the data, and every word of it can be read."""
        evil = f"<script>alert(1)</script>\"'<img src=x onerror=y>&amp;</mark></style>{text}"
        statement = Statement(evil, 3, 3 + len(evil), evil, evil, speaker=Speaker(evil, 0, 1, evil))
        around = Context(f"<b>{evil}</b>", 0, 0, 7 + len(evil))
        finding = replace(FINDING, left=statement, reason=evil, model=evil, contexts=(around, None))
        report = make_report(
            finding,
            documents=(Document(evil, f"<b>{evil}</b>"),),
            statements=(statement,),
            failures=(Failure(evil, evil),),
            warnings=(evil,),
        )
        plain = _Page(render_html(make_report(FINDING, failures=(Failure("f", "r"),))))
        allowed = {tag for tag, _ in plain.tags} | {"ul", "li", "table", "tr", "th", "td", "h2"}
        for page in (_Page(render_html(report)), _Page(render_statements_html(report))):
            assert {tag for tag, _ in page.tags} <= allowed
            assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
            assert "<script>alert(1)</script>\"'<img src=x onerror=y>&amp;" in page.text
        scripts = [tag for tag, _ in _Page(render_html(report)).tags if tag == "script"]
        assert len(scripts) == 2
        [data] = re.findall(r'id="data">(.*?)</script>', render_html(report), re.DOTALL)
        assert list(json.loads(data)["documents"]) == [evil]

    def test_findings_page_is_self_contained(self) -> None:
        """The page loads nothing, and runs and styles itself with what its policy names by hash, no more."""
        text = render_html(make_report(FINDING))
        page = _Page(text)
        assert not {"link", "img", "iframe", "object", "base"} & {tag for tag, _ in page.tags}
        assert not any("src" in attrs or "style" in attrs for _, attrs in page.tags)
        [policy] = [a["content"] for _, a in page.tags if a.get("http-equiv")]
        assert policy is not None
        directives = dict(each.split(" ", 1) for each in policy.split("; "))
        assert directives.pop("default-src") == "'none'"
        for name, element in (("style-src", "style"), ("script-src", 'script type="module"')):
            [content] = re.findall(f"<{element}>(.*?)</", text, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert directives.pop(name) == f"'sha256-{digest}'"
        assert set(directives.values()) == {"'none'"}

    def test_statements_page_runs_nothing(self) -> None:
        """The page of statements has no script and forbids any."""
        page = _Page(render_statements_html(make_report(FINDING)))
        assert "script" not in {tag for tag, _ in page.tags}
        [policy] = [a["content"] for _, a in page.tags if a.get("http-equiv")]
        assert policy is not None
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy

    def test_passages_stand_in_their_context(self) -> None:
        """A passage stands marked between the sentences around it; what is not shown is dots."""
        around = Context(TEXT[10:71], 10, 10, 51)
        page = render_html(make_report(replace(FINDING, contexts=(around, None))))
        assert f"… <mark>{LEFT.text}</mark>, Ann said. Another sentence.\n\n …</blockquote>" in page
        assert f"<mark>{RIGHT.text}</mark></blockquote>" in page

    def test_only_flagged(self) -> None:
        """Pairs below the threshold are shown only on request."""
        report = make_report(replace(FINDING, flagged=False))
        assert "No conflicting statements found" in render_html(report)
        assert "(below the threshold)" in render_html(report, show_all=True)


def fail_after_writing(stream: TextIO, error: type[BaseException]) -> None:
    stream.write("new")
    stream.flush()
    raise error


class TestOpenOutput:
    def test_standard_output(self, capsys: pytest.CaptureFixture[str]) -> None:
        """None and - are standard output, which stays open."""
        for path in (None, "-"):
            with open_output(path) as stream:
                stream.write("x")
        print("y")
        assert capsys.readouterr().out == "xxy\n"

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
    def test_nothing_half_written(self, tmp_path: Path, error: type[BaseException]) -> None:
        """On an error or interrupt an older file stays as it was, and nothing else is left."""
        path = tmp_path / "out.txt"
        path.write_text("old")
        with pytest.raises(error), open_output(path) as stream:
            fail_after_writing(stream, error)
        assert [file.name for file in tmp_path.iterdir()] == ["out.txt"]
        assert path.read_text() == "old"

    def test_older_file_is_replaced_at_the_end(self, tmp_path: Path) -> None:
        """Until all is written, readers see the older file; its permissions stay."""
        path = tmp_path / "out.txt"
        path.write_text("old")
        path.chmod(0o640)
        with open_output(path) as stream:
            stream.write("é\n")
            stream.flush()
            assert path.read_text() == "old"
        assert path.read_bytes() == b"\xc3\xa9\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert len(list(tmp_path.iterdir())) == 1

    def test_new_file_heeds_the_umask(self, tmp_path: Path) -> None:
        """A new file gets the permissions that any new file gets."""
        (tmp_path / "other").touch()
        with open_output(tmp_path / "out.txt"):
            pass
        modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        assert len(modes) == 1

    def test_links_are_followed(self, tmp_path: Path) -> None:
        """A link stays a link to the file that is written."""
        (tmp_path / "link").symlink_to(tmp_path / "target")
        with open_output(tmp_path / "link") as stream:
            stream.write("x")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "target").read_text() == "x"

    def test_devices_are_written_to(self) -> None:
        """A device is written to, never replaced."""
        with open_output(os.devnull) as stream:
            stream.write("x")
        assert not Path(os.devnull).is_file()

    @pytest.mark.parametrize(
        ("name", "complaint"),
        [("missing/out.txt", "there is no folder .*missing"), ("", "it is a folder")],
        ids=["no folder", "a folder"],
    )
    def test_unusable_places_are_refused(self, tmp_path: Path, name: str, complaint: str) -> None:
        """A place that cannot be written gives one clear error."""
        path = tmp_path / name
        with pytest.raises(InputError, match=complaint), open_output(path):
            pytest.fail("opened")
