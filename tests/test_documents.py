"""What `contradict.documents` makes of files, folders, standard input, records and data sets."""

import datetime
import io
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contradict.documents import read_documents, read_pairs
from contradict.errors import InputError
from contradict.pipeline import Analyzer
from contradict.records import Document, Failure

PROSE = "The minister denied it. A witness said otherwise.\n"


def read(sources: Any, **options: Any) -> tuple[list[Document], list[Failure]]:
    results = list(read_documents(sources, **options))
    return (
        [result for result in results if isinstance(result, Document)],
        [result for result in results if isinstance(result, Failure)],
    )


def only(sources: Any, **options: Any) -> Document:
    documents, failures = read(sources, **options)
    assert failures == []
    assert len(documents) == 1
    return documents[0]


def failure(sources: Any, **options: Any) -> Failure:
    documents, failures = read(sources, **options)
    assert documents == []
    assert len(failures) == 1
    return failures[0]


def written(path: Path, content: str | bytes = PROSE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def jsonl(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "markup"),
        [
            ("a.txt", "plain"),
            ("a.text", "plain"),
            ("a.md", "markdown"),
            ("A.Markdown", "markdown"),
            ("a.log", "plain"),
            ("README", "plain"),
        ],
    )
    def test_text_is_the_untouched_file(self, tmp_path: Path, name: str, markup: str) -> None:
        """Text and Markdown come as they stand, line ends and white space included."""
        text = "# Title\r\n\r\n  *He* said\tso. \n\n"
        document = only(written(tmp_path / name, text))
        assert (document.name, document.text, document.markup) == (name, text, markup)

    @pytest.mark.parametrize(
        "sources",
        [lambda p: str(p), lambda p: p, lambda p: [p], lambda p: iter([[p]]), lambda p: (str(p),)],
        ids=["str", "path", "list", "nested-iterator", "tuple"],
    )
    def test_one_path_in_any_wrapping(self, tmp_path: Path, sources: Callable[..., Any]) -> None:
        """A bare path and any iterable of paths are the same sources."""
        assert only(sources(written(tmp_path / "a.txt"))).text == PROSE

    def test_a_file_given_twice_is_read_once(self, tmp_path: Path) -> None:
        """The same file by another path, a link or its folder is not a second document."""
        path = written(tmp_path / "a.txt")
        (tmp_path / "link.txt").symlink_to(path)
        documents, failures = read([path, tmp_path / "." / "a.txt", tmp_path, tmp_path])
        assert [d.name for d in documents] == ["a.txt"]
        assert failures == []

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("empty.txt", b"", "is empty"),
            ("mark.txt", b"\xef\xbb\xbf", "is empty"),
            ("blank.md", b" \r\n\t\n", "white space"),
            ("random.txt", bytes(range(256)) * 20, "binary"),
            ("nul.txt", b"\0" * 1000, "binary"),
            ("paper.pdf", b"%PDF-1.7\nplain enough", "PDF"),
            ("paper.docx", b"PK\x03\x04 and so on", "office document"),
            ("photo", b"\xff\xd8\xff\xe0 JFIF", "image"),
            ("half.txt", b"\xff\xfea\x00b", "damaged"),
            ("secret.html", b"\x00\x01\x02\x03" * 50, "binary"),
            ("empty.html", b"<html><body></body></html>", "no main text"),
            ("empty.csv", b"\n\n", "is empty"),
            ("header.csv", b"text,id\n", "no records"),
            ("empty.jsonl", b"\n", "no records"),
            ("empty.json", b"[]", "no records"),
            ("not.parquet", b"PAR1 not really", "not a Parquet file"),
        ],
        ids=lambda value: value if isinstance(value, str) and "." in value else "",
    )
    def test_what_holds_no_text_is_a_failure(
        self, tmp_path: Path, name: str, content: bytes, said: str
    ) -> None:
        """Whatever cannot be used is named by its path, with what is wrong."""
        path = written(tmp_path / name, content)
        result = failure(path)
        assert result.source == str(path)
        assert said in result.reason

    def test_one_bad_file_does_not_lose_the_others(self, tmp_path: Path) -> None:
        """Results come in the order of the sources, the failures among them."""
        good = [written(tmp_path / name) for name in ("a.txt", "c.txt")]
        results = list(read_documents([good[0], tmp_path / "missing.txt", good[1]]))
        assert [type(result) for result in results] == [Document, Failure, Document]
        assert results[1] == Failure(
            str(tmp_path / "missing.txt"), "is not there: no such file or folder; check the path"
        )

    def test_files_are_read_one_at_a_time(self, tmp_path: Path) -> None:
        """A later file is not opened before the documents of the earlier ones were taken."""
        first, second = written(tmp_path / "a.txt"), written(tmp_path / "b.txt", "old")
        results = read_documents([first, second])
        next(results)
        second.write_text("new")
        assert next(results) == Document("b.txt", "new")

    @pytest.mark.parametrize(
        "text",
        [
            "He said so.\nShe denied it.",
            "word " * 100,
            "The air strikes are not targeting Isil.",
            "x" * 5000,
            "nul \0 in it.",
        ],
        ids=["lines", "long", "sentence", "longer-than-a-name", "nul"],
    )
    def test_a_text_given_as_a_path_is_explained(self, text: str) -> None:
        """Who passes a text learns how to pass a text."""
        result = failure(text)
        assert "contradict.Document(name, text)" in result.reason
        assert len(result.source) <= 80
        assert result.source.isprintable() or "\ufffd" in result.source

    def test_an_address_is_not_fetched(self) -> None:
        """A web address gets a hint of its own."""
        assert "not fetched" in failure("https://example.org/a.html").reason

    @pytest.mark.parametrize("source", [3, None, b"a.txt", {"text": "x"}], ids=repr)
    def test_other_types_are_refused(self, source: Any) -> None:
        """What is no source is a failure that names the type that came and those wanted."""
        result = failure([source])
        assert type(source).__name__ in result.reason
        assert "contradict.Document" in result.reason

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
    def test_a_named_pipe_is_read(self, tmp_path: Path) -> None:
        """A pipe, such as a shell's <(command), is read to its end."""
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        writer = threading.Thread(target=pipe.write_text, args=(PROSE,))
        writer.start()
        assert only(pipe) == Document("pipe", PROSE)
        writer.join()

    @pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs Unix sockets")
    def test_what_cannot_be_opened_is_a_failure(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The system's refusal to open a file is told, and the rest is read."""
        monkeypatch.chdir(tmp_path)  # a socket's path must be short
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("s.txt")
            documents, failures = read(["s.txt", written(tmp_path / "a.txt")])
        assert len(documents) == 1
        assert failures[0].source == "s.txt"
        assert "cannot be read (" in failures[0].reason

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
    def test_a_file_without_permission_is_a_failure(self, tmp_path: Path) -> None:
        """A file that may not be read is a failure, not an error."""
        path = written(tmp_path / "a.txt")
        path.chmod(0)
        assert "cannot be read (Permission denied)" in failure(path).reason

    @pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
    def test_ten_megabytes_without_a_full_stop_are_read_fast(
        self, tmp_path: Path, encoding: str
    ) -> None:
        """Time is linear in the size: a big file takes seconds at most, not minutes."""
        text = "the café denied everything and " * 330_000
        path = written(tmp_path / "big.txt", text.encode(encoding))
        began = time.perf_counter()
        assert only(path).text == text
        assert time.perf_counter() - began < 5


class TestFolders:
    def test_everything_known_is_read_in_order(self, tmp_path: Path) -> None:
        """A folder is walked in the order of names; documents are named by their path within."""
        written(tmp_path / "f/b.txt")
        written(tmp_path / "f/a.md")
        written(tmp_path / "f/sub/deep/c.TXT")
        written(tmp_path / "f/photo.jpg", b"\xff\xd8\xff")
        written(tmp_path / "f/.hidden.txt")
        written(tmp_path / "f/.git/d.txt")
        documents, failures = read(tmp_path / "f")
        assert [d.name for d in documents] == ["a.md", "b.txt", "sub/deep/c.TXT"]
        assert failures == []

    def test_a_hidden_folder_that_is_asked_for_is_read(self, tmp_path: Path) -> None:
        """Hidden means left out of a walk, not refused."""
        written(tmp_path / ".notes/a.txt")
        assert only(tmp_path / ".notes").name == "a.txt"

    def test_links_in_circles_end(self, tmp_path: Path) -> None:
        """A link back up the tree is not followed again; one to elsewhere is."""
        written(tmp_path / "f/a.txt")
        written(tmp_path / "elsewhere/b.txt")
        (tmp_path / "f/up").symlink_to(tmp_path / "f")
        (tmp_path / "f/self").symlink_to(tmp_path / "f/self")
        (tmp_path / "f/other").symlink_to(tmp_path / "elsewhere")
        documents, failures = read(tmp_path / "f")
        assert [d.name for d in documents] == ["a.txt", "other/b.txt"]
        assert failures == []

    def test_a_bad_file_of_a_known_kind_is_a_failure(self, tmp_path: Path) -> None:
        """A text that turns out to be none, or a dangling link, is reported beside the others."""
        written(tmp_path / "a.txt")
        bad = written(tmp_path / "b.txt", bytes(range(256)))
        (tmp_path / "c.txt").symlink_to(tmp_path / "nowhere")
        documents, failures = read(tmp_path)
        assert [d.name for d in documents] == ["a.txt"]
        assert [f.source for f in failures] == [str(bad), str(tmp_path / "c.txt")]

    def test_a_folder_without_anything_readable_says_what_it_holds(self, tmp_path: Path) -> None:
        """The failure lists what was wanted and what was found."""
        written(tmp_path / "a.pdf")
        written(tmp_path / "sub/b.pdf")
        result = failure(tmp_path)
        assert result.source == str(tmp_path)
        assert "wanted .txt" in result.reason
        assert "found 2 .pdf" in result.reason

    def test_an_empty_folder_is_a_failure(self, tmp_path: Path) -> None:
        """Nothing to read is not silence."""
        assert "found nothing" in failure(tmp_path).reason

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
    def test_a_pipe_in_a_folder_is_left_alone(self, tmp_path: Path) -> None:
        """A pipe that nobody writes to would wait forever."""
        os.mkfifo(tmp_path / "pipe.txt")
        written(tmp_path / "a.txt")
        assert only(tmp_path).name == "a.txt"

    def test_files_that_are_left_out_are_told(self, tmp_path: Path) -> None:
        """One warning for a folder: how many files are of no kind that is read, and the first of them."""
        for name in ("a.txt", "b.pdf", "sub/c.docx", "sub/d.jpg", "sub/e", ".hidden.pdf", ".git/f"):
            written(tmp_path / name)
        warnings: list[str] = []
        documents, failures = read(tmp_path, warn=warnings.append)
        assert ([d.name for d in documents], failures) == (["a.txt"], [])
        assert warnings == [
            f"{tmp_path}: 4 files left out, of kinds that are not read: b.pdf, {os.path.join('sub', 'c.docx')}, "
            f"{os.path.join('sub', 'd.jpg')} and 1 more; to have them read, save their texts as .txt"
        ]


class TestNames:
    @pytest.mark.parametrize(
        ("paths", "names"),
        [
            (["x/a.txt", "y/a.txt"], ["x/a.txt", "y/a.txt"]),
            (["x/a.txt", "x/b.txt"], ["a.txt", "b.txt"]),
            (["x/z/a.txt", "y/z/a.txt", "y/q/a.txt"], ["x/z/a.txt", "y/z/a.txt", "q/a.txt"]),
            (["x/sub", "y/sub"], ["x/sub/a.txt", "y/sub/a.txt"]),
            (["x/sub", "y/a.txt"], ["sub/a.txt", "y/a.txt"]),
        ],
        ids=["parents", "no-clash", "three", "folders", "folder-and-file"],
    )
    def test_two_that_would_share_a_name_get_longer_ones(
        self, tmp_path: Path, paths: list[str], names: list[str]
    ) -> None:
        """A name grows at the front, by as much as tells it apart."""
        for path in paths:
            written(tmp_path / path if path.endswith(".txt") else tmp_path / path / "a.txt")
        documents, _ = read([tmp_path / path for path in paths])
        assert [d.name for d in documents] == names

    def test_no_name_is_absolute(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whatever way a file is pointed at, its name does not begin at the root."""
        monkeypatch.chdir(written(tmp_path / "f/a.txt").parent)
        written(tmp_path / "a.txt")
        documents, _ = read([".", tmp_path / "a.txt"])
        assert [d.name for d in documents] == ["f/a.txt", f"{tmp_path.name}/a.txt"]

    def test_documents_keep_their_text_and_share_no_name(self, tmp_path: Path) -> None:
        """A `Document` passes through; a name that is taken gets a number."""
        given = [Document("n", "A.", "2020-01-01", "Out", "markdown"), Document("n", "B.")]
        documents, _ = read([*given, written(tmp_path / "n")])
        assert documents[0] == Document("n#2", "A.", "2020-01-01", "Out", "markdown")
        assert [d.name for d in documents] == ["n#2", "n#3", "n"]

    @pytest.mark.parametrize("text", ["", " \n", "\ud800"], ids=["empty", "blank", "surrogate"])
    def test_a_document_without_a_usable_text_is_a_failure(self, text: str) -> None:
        """The library's own `Document`s are checked like files."""
        assert failure(Document("mine", text)).source == "mine"

    @pytest.mark.skipif(sys.platform != "linux", reason="needs file names of any bytes")
    def test_a_name_that_is_no_unicode_can_be_written(self, tmp_path: Path) -> None:
        """A file name of foreign bytes is read, and its name encodes."""
        path = os.path.join(os.fsencode(tmp_path), b"caf\xe9.txt")
        with open(path, "wb") as file:
            file.write(b"Text.")
        assert only(os.fsdecode(path)).name == "caf\ufffd.txt"


ENCODINGS = [
    ("utf-8", "“He” denied it \u2013 naïve café 😀"),
    ("utf-8-sig", "“He” denied it \u2013 naïve café 😀"),
    ("utf-16", "“He” denied it \u2013 naïve café 😀"),
    ("utf-32", "“He” denied it \u2013 naïve café 😀"),
    ("utf-16-le", "He denied it, the café said."),
    ("utf-16-be", "He denied it, the café said."),
    ("cp1252", "“He” denied it \u2013 said the café\u2019s owner, Mr Müller."),
    ("latin-1", "La déclaration a été démentie à l'époque, très fermement."),
    ("cp1251", "Министр иностранных дел заявил, что этого не было. " * 5),
    ("koi8-r", "Министр иностранных дел заявил, что этого не было. " * 5),
    ("gb18030", "外交部长否认俄罗斯袭击了该地区。我们没有做这件事。" * 5),
]


class TestEncodings:
    @pytest.mark.parametrize(("encoding", "text"), ENCODINGS, ids=[e for e, _ in ENCODINGS])
    def test_text_comes_back(self, tmp_path: Path, encoding: str, text: str) -> None:
        """What was written in a usual encoding is read, without its byte-order mark."""
        text += "\r\nSecond line.\rThird.\n"
        assert only(written(tmp_path / "a.txt", text.encode(encoding))).text == text

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.jsonl", '{"text": "Café “one”.", "id": "é"}\r\n'),
            ("a.json", '[{"text": "Café “one”.", "id": "é"}]'),
            ("a.csv", 'id;text\r\né;"Café “one”."\r\n'),
        ],
        ids=["jsonl", "json", "csv"],
    )
    def test_tables_come_in_the_same_encodings(
        self, tmp_path: Path, name: str, content: str, encoding: str
    ) -> None:
        """The encoding of a table is told like that of a text."""
        path = written(tmp_path / name, content.encode(encoding))
        assert only(path) == Document("é", "Café “one”.")

    def test_only_the_first_mark_is_dropped(self, tmp_path: Path) -> None:
        """A second byte-order mark is a character of the text."""
        assert only(written(tmp_path / "a.txt", "\ufeff\ufeffText")).text == "\ufeffText"

    def test_stray_control_characters_are_kept(self, tmp_path: Path) -> None:
        """A few NULs in a text are part of it, so that offsets stay true."""
        text = "He said\0 that it was so.\x0c\x1a And\0 more of the same."
        assert only(written(tmp_path / "a.txt", text)).text == text

    def test_a_cut_character_spoils_only_itself(self, tmp_path: Path) -> None:
        """UTF-8 that ends in the middle of a character is still read as UTF-8."""
        text = "“It is so” \u2013 he said, \u2019twas naïve: "
        path = written(tmp_path / "a.txt", (text + "é").encode()[:-1])
        assert only(path).text == text + "\ufffd"

    @settings(max_examples=100, deadline=None)
    @given(
        text=st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc"])
            | st.sampled_from("\n\r\t\x0b\x0c\x85\u2028"),
            min_size=1,
        ).filter(lambda text: text.strip() and text[0] != "\ufeff")
    )
    def test_any_unicode_text_comes_back_equal(
        self, tmp_path_factory: pytest.TempPathFactory, text: str
    ) -> None:
        """A text written as UTF-8 is read to the last character: from a file, JSONL and CSV."""
        folder = tmp_path_factory.getbasetemp()
        assert only(written(folder / "any.txt", text)).text == text
        record = {"text": text, "id": "n"}
        for content in (json.dumps(record), json.dumps(record, ensure_ascii=False)):
            assert only(written(folder / "any.jsonl", content)) == Document("n", text)
        quoted = text.replace('"', '""')
        assert only(written(folder / "any.csv", f'id,text\nn,"{quoted}"\n')).text == text

    @settings(max_examples=100, deadline=None)
    @given(content=st.binary(max_size=400), name=st.sampled_from(["a.txt", "a.md", "a", "a.html"]))
    def test_any_bytes_are_a_document_or_a_failure(
        self, tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
    ) -> None:
        """No content of a file raises, and every text that comes out can be written."""
        documents, failures = read(written(tmp_path_factory.getbasetemp() / name, content))
        assert len(documents) + len(failures) == 1
        assert all(document.text.encode() for document in documents)

    @settings(max_examples=100, deadline=None)
    @given(
        lines=st.lists(
            st.sampled_from(['{"text": "x"}', '{"text": ', '"', "text,id", "a,b,c", "[", "]", ""])
            | st.text(max_size=9).map(lambda text: text.encode("utf-8", "replace").decode()),
            max_size=5,
        ),
        name=st.sampled_from(["a.jsonl", "a.json", "a.csv", "a.tsv", "a.parquet", "a"]),
    )
    def test_any_table_is_documents_or_failures(
        self, tmp_path_factory: pytest.TempPathFactory, lines: list[str], name: str
    ) -> None:
        """However broken a table is, it yields at least one result and raises nothing."""
        path = written(tmp_path_factory.getbasetemp() / name, "\n".join(lines))
        documents, failures = read(path)
        assert documents or failures


PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Minister denies strike - The Daily Example</title>
<meta property="og:site_name" content="The Daily Example">
<meta property="article:published_time" content="2016-09-01T08:30:00Z"></head><body>
<nav><ul><li><a href="/">Home page</a></li><li><a href="/w">World news</a></li></ul></nav>
<div id="cookie-banner" class="cookie-consent"><p>We use cookies to improve your visit. By
continuing you accept our policy.</p><button>Accept all</button></div>
<main><article><h1>Minister denies strike</h1>
<p>The foreign minister denied on Thursday that the air force had bombed a hospital in the
northern city of Aleppo.</p>
<div class="share-buttons"><a href="#">Share on Facebook</a> <a href="#">Tweet this</a></div>
<p>“We never struck the hospital,” he said. Witnesses &amp; doctors told reporters that <b>two
bombs</b> hit the building shortly after noon.</p>
<table><tr><td>Killed</td><td>Twelve people</td></tr></table>
<ul><li>The opposition called for an inquiry into the strike.</li></ul>
</article></main>
<section id="comments" class="comments"><h2>Comments</h2><div class="comment">
<p>Reader1: This is all lies, they bombed it and everybody knows it perfectly well.</p></div>
<form><textarea>Write a comment</textarea></form></section>
<footer><p>Copyright 2016 The Daily Example. All rights reserved.</p></footer></body></html>"""


class TestHtml:
    @pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.xhtml", "saved-page"])
    def test_the_main_text_is_read(self, tmp_path: Path, name: str) -> None:
        """A page is its article in paragraphs, with its date and its outlet."""
        document = only(written(tmp_path / name, PAGE))
        paragraphs = document.text.split("\n\n")
        assert (document.date, document.outlet) == ("2016-09-01", "The Daily Example")
        assert (
            "“We never struck the hospital,” he said. Witnesses & doctors told reporters that "
            "two bombs hit the building shortly after noon."
        ) in paragraphs
        assert "The opposition called for an inquiry into the strike." in paragraphs
        assert "|" not in document.text

    @pytest.mark.parametrize(
        "noise",
        ["cookies", "Accept all", "Facebook", "Tweet", "Reader1", "World news", "Copyright"],
    )
    @pytest.mark.parametrize(
        "page",
        [PAGE, PAGE.replace("<p>“We", "<!-- ").replace("</ul>\n</a", "-->\n</a")],
        ids=["long", "short"],
    )
    def test_what_stands_around_it_is_not(self, tmp_path: Path, page: str, noise: str) -> None:
        """Menus, banners, buttons and comments are no statements, even on a short page."""
        document = only(written(tmp_path / "a.html", page))
        assert "denied on Thursday" in document.text
        assert noise not in document.text

    def test_a_page_of_menus_is_a_failure(self, tmp_path: Path) -> None:
        """Where there is no article, that is said."""
        page = '<html><body><nav><a href="/">Home</a></nav><footer>Us</footer></body></html>'
        assert "no main text" in failure(written(tmp_path / "a.html", page)).reason

    def test_a_fragment_is_a_page(self, tmp_path: Path) -> None:
        """Paragraphs saved without html and body around them are read."""
        assert only(written(tmp_path / "a.html", "<p>He denied it.</p>")).text == "He denied it."

    @pytest.mark.parametrize(
        ("declared", "encoding"),
        [
            ("windows-1251", "cp1251"),
            ("iso-8859-1", "cp1252"),
            ("hex", "cp1252"),
            ("x-y", "cp1252"),
        ],
    )
    def test_the_declared_encoding_counts(
        self, tmp_path: Path, declared: str, encoding: str
    ) -> None:
        """A page that is not UTF-8 is read as it says, as a browser would; nonsense is ignored."""
        word = "Россия" if encoding == "cp1251" else "“Café”"
        page = PAGE.replace("“", '"').replace("”", '"').replace("utf-8", declared)
        page = page.replace("Aleppo", f"Aleppo {word}")
        assert word in only(written(tmp_path / "a.html", page.encode(encoding))).text

    def test_a_date_is_not_made_up(self, tmp_path: Path) -> None:
        """A year in the text or the footer is no date of publication."""
        page = PAGE.replace("2016-09-01T08:30:00Z", "")
        assert only(written(tmp_path / "a.html", page)).date is None


def csv_of(header: str, *rows: str) -> str:
    return "\r\n".join([header, *rows]) + "\r\n"


ARTICLE = "# Water\n\nThe mayor said that the dam had held.\n"


class TestFrontMatter:
    @pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
    @pytest.mark.parametrize(
        ("block", "date", "outlet"),
        [
            ("---|title: The dam|date: 2026-05-01|outlet: The Courier|---|", "2026-05-01", "The Courier"),
            ("---|Date: 1 May 2026 # noon|source: 'The: Courier'|---|", "2026-05-01", "The: Courier"),
            ('---|publisher: "A # B"|date: "2026-05-01T10:00:00Z"|...|', "2026-05-01", "A # B"),
            ("---|# said|tags:|  - dams|- rain||published: May 1, 2026|---|", "2026-05-01", None),
            ("---|date:|outlet: # none|---|", None, None),
        ],
        ids=["plain", "quoted", "time", "nested", "empty"],
    )  # fmt: skip
    def test_it_tells_date_and_outlet_and_is_no_text(
        self, tmp_path: Path, block: str, date: str | None, outlet: str | None, end: str
    ) -> None:
        """What stands before the article is read and blanked out, and every offset is that in the file."""
        block, article = block.replace("|", end), ARTICLE.replace("\n", end)
        document = only(written(tmp_path / "a.md", block + article))
        assert (document.date, document.outlet, document.markup) == (date, outlet, "markdown")
        assert document.text[: len(block)].split() == []
        assert document.text[len(block) :] == article

    @pytest.mark.parametrize(
        "text",
        [
            f"---\nThe dam held, the mayor said.\n---\n{ARTICLE}",
            f"---\nWhat he said: nothing.\n---\n{ARTICLE}",
            f"---\ndate: 2026-05-01\n{ARTICLE}",
            f"---\n\n---\n{ARTICLE}",
            f"\n---\ndate: 2026-05-01\n---\n{ARTICLE}",
            f"--- -\ndate: 2026-05-01\n---\n{ARTICLE}",
            "---",
        ],
        ids=["sentence", "words", "open", "blank", "later", "rule", "alone"],
    )
    def test_rules_are_none(self, tmp_path: Path, text: str) -> None:
        """What only looks like it, a rule above a sentence say, stays part of the text."""
        assert only(written(tmp_path / "a.md", text)) == Document("a.md", text, markup="markdown")

    def test_plain_text_has_none(self, tmp_path: Path) -> None:
        """Only a Markdown file begins with such a block."""
        text = f"---\ndate: 2026-05-01\n---\n{ARTICLE}"
        assert only(written(tmp_path / "a.txt", text)) == Document("a.txt", text)

    def test_a_date_in_it_that_cannot_be_read_is_told(self, tmp_path: Path) -> None:
        """The warning names the file and what stood there."""
        path = written(tmp_path / "a.md", f"---\ndate: soon\n---\n{ARTICLE}")
        warnings: list[str] = []
        documents, _ = read(path, warn=warnings.append)
        assert documents[0].date is None
        assert warnings[0].startswith(f"{path}: 1 date was left out that cannot be read")
        assert "soon (in its front matter)" in warnings[0]

    def test_a_file_of_nothing_else_is_a_failure(self, tmp_path: Path) -> None:
        """A block without an article is no text."""
        path = written(tmp_path / "a.md", "---\ndate: 2026-05-01\n---\n")
        assert failure(path).reason == "its text is empty but for white space"

    def test_statements_stand_where_they_stand_in_the_file(
        self, tmp_path: Path, analyzer: Analyzer
    ) -> None:
        """No statement comes of the block, and those behind it have the offsets of the file."""
        text = f"---\ntitle: The dam has burst.\ndate: 2026-05-01\n---\n{ARTICLE}"
        statements = analyzer.statements(written(tmp_path / "a.md", text)).statements
        assert [text[each.start : each.end] for each in statements] == ["that the dam had held"]
        assert {(each.text, each.date) for each in statements} == {
            ("that the dam had held", "2026-05-01")
        }


class TestRecords:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.jsonl", jsonl({"id": 1, "text": "One."}, {"id": 2, "text": "Two."})),
            ("a.ndjson", '\n{"id": 1, "text": "One."}\r\n\r\n{"id": 2, "text": "Two."}'),
            ("a.json", '[{"id": 1, "text": "One."},\n {"id": 2, "text": "Two."}]'),
            ("a.json", '{"1": {"text": "One."}, "2": {"text": "Two."}}'),
            ("b.json", '{"n": 2, "all": [{"id": 1, "text": "One."}, {"id": 2, "text": "Two."}]}'),
            ("c.json", jsonl({"id": 1, "text": "One."}, {"id": 2, "text": "Two."})),
            ("a.csv", csv_of("id,text", "1,One.", "2,Two.")),
            ("b.csv", csv_of("ID;Text", "1;One.", '2;"Two."')),
            ("c.csv", csv_of("id\ttext", "1\tOne.", "2\tTwo.")),
            ("d.csv", "id,text\r1,One.\r2,Two."),
            ("a.tsv", csv_of("text\tid", "One.\t1", "Two.\t2", "")),
            ("no-extension", jsonl({"id": 1, "text": "One."}, {"id": 2, "text": "Two."})),
        ],
        ids=["jsonl", "blank-lines", "list", "keyed", "nested", "lines-as-json", "comma",
             "semicolon", "tab", "old-mac", "tsv", "no-extension"],
    )  # fmt: skip
    def test_every_table_gives_the_same_documents(
        self, tmp_path: Path, name: str, content: str
    ) -> None:
        """Lists, objects, lines and cells: each record is a document named by its id."""
        documents, failures = read(written(tmp_path / name, content))
        assert documents == [Document("1", "One."), Document("2", "Two.")]
        assert failures == []

    def test_one_object_is_one_record(self, tmp_path: Path) -> None:
        """A JSON file of one article is one document, lists within it notwithstanding."""
        record = {"title": "T", "maintext": "He said.", "tags": [{"name": "x"}]}
        path = written(tmp_path / "a.json", json.dumps(record, indent=1))
        assert only(path) == Document("T", "He said.")

    @pytest.mark.parametrize(
        ("record", "expected"),
        [
            ({"text": "T.", "content": "C."}, Document("a.jsonl#1", "T.")),
            ({"body": "B.", "content": "C."}, Document("a.jsonl#1", "C.")),
            ({"article_text": "A.", "title": " A\n title "}, Document("A title", "A.")),
            ({"text": "T.", "id": None, "url": "u", "title": "t"}, Document("u", "T.")),
            ({"text": "T.", "id": 7.0, "outlet": " BBC "}, Document("7", "T.", None, "BBC")),
            ({"text": "T.", "id": "", "publisher": "P"}, Document("a.jsonl#1", "T.", None, "P")),
            ({"text": "T.", "id": "i", "source": {}, "site": "s"}, Document("i", "T.", None, "s")),
            ({"text": "T.", "source": {}, "sitename": "s"}, Document("a.jsonl#1", "T.", None, "s")),
        ],
        ids=["first", "order", "title", "null-id", "float", "empty-id", "object", "next-outlet"],
    )  # fmt: skip
    def test_columns_are_found_by_name(
        self, tmp_path: Path, record: dict[str, Any], expected: Document
    ) -> None:
        """Text, name and outlet come from the first of the usual columns that has them."""
        assert only(written(tmp_path / "a.jsonl", jsonl(record))) == expected

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("2016-08-31", "2016-08-31"),
            ("2016-08-31T10:00:00Z", "2016-08-31"),
            ("2016-08-31 10:00", "2016-08-31"),
            ("2016/08/31", "2016-08-31"),
            (20160831, "2016-08-31"),
            ("2016/8/3", "2016-08-03"),
            ("2016.08.31", "2016-08-31"),
            ("31 August 2016", "2016-08-31"),
            ("Wed, 31 Aug 2016 10:00:00 GMT", "2016-08-31"),
            ("Wednesday 31st August, 2016", "2016-08-31"),
            ("31-Aug-2016", "2016-08-31"),
            ("August 31, 2016", "2016-08-31"),
            ("Sept. 1st 2016, 10:00", "2016-09-01"),
            ("may 1, 2016", "2016-05-01"),
            ("31/08/2016", "2016-08-31"),
            ("8/31/2016", "2016-08-31"),
            ("08.08.2016", "2016-08-08"),
            ("07/08/2016", None),
            ("2016-02-31", None),
            ("31 June 2016", None),
            ("41/08/2016", None),
            ("1 August 16", None),
            ("August 2016", None),
            ("Mayor 1, 2016", None),
            (1472630400, None),
            (None, None),
            ("", None),
        ],
        ids=repr,
    )
    def test_dates_become_iso_dates(self, tmp_path: Path, value: Any, expected: str | None) -> None:
        """What begins with a day in a form that has one meaning is a date; anything else is none."""
        path = written(tmp_path / "a.jsonl", jsonl({"text": "T.", "published": value}))
        assert only(path).date == expected

    def test_dates_that_cannot_be_read_are_told_once(self, tmp_path: Path) -> None:
        """One warning for a table: how many dates, the first of them with their places, and what was wanted."""
        dates = ["2016-08-31", None, "", *(f"{day}/08/2016" for day in range(1, 8)), "yesterday"]
        path = written(tmp_path / "a.jsonl", jsonl(*({"text": "T.", "date": d} for d in dates)))
        warnings: list[str] = []
        documents, failures = read(path, warn=warnings.append)
        assert (len(documents), failures) == (11, [])
        assert warnings == [
            f"{path}: 8 dates were left out that cannot be read, or not in one way only: 1/08/2016 (line 4), "
            "2/08/2016 (line 5), 3/08/2016 (line 6), 4/08/2016 (line 7), 5/08/2016 (line 8) and 3 more; wanted "
            "year, month and day, such as 2015-10-01"
        ]

    def test_dates_that_can_be_read_are_no_matter(self, tmp_path: Path) -> None:
        """Where all dates are read, or there are none, nobody is warned."""
        records = jsonl({"text": "T.", "date": "x", "published_date": "1 May 2026"}, {"text": "T."})
        warnings: list[str] = []
        documents, _ = read(written(tmp_path / "a.jsonl", records), warn=warnings.append)
        assert [document.date for document in documents] == ["2026-05-01", None]
        assert warnings == []

    @pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
    @pytest.mark.parametrize(
        ("outlet", "date"), [("site", "published_date"), ("newspaper", "publishedAt")]
    )
    def test_usual_names_of_columns_are_known(
        self, tmp_path: Path, name: str, outlet: str, date: str
    ) -> None:
        """Outlet and date are found under the usual names in every kind of table."""
        record = {"id": "1", "text": "T.", outlet: "The Courier", date: "2026-05-01"}
        path = tmp_path / name
        if name == "a.parquet":
            pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
            pq.write_table(pa.Table.from_pylist([record]), path)
        else:
            rows = csv_of(",".join(record), ",".join(record.values()))
            written(path, rows if name == "a.csv" else jsonl(record))
        assert only(path) == Document("1", "T.", "2026-05-01", "The Courier")

    def test_the_first_usable_date_counts(self, tmp_path: Path) -> None:
        """A date column without a date gives way to the next."""
        record = {"text": "T.", "date": "yesterday", "date_published": "2020-01-02"}
        assert only(written(tmp_path / "a.jsonl", jsonl(record))).date == "2020-01-02"

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.jsonl", jsonl({"Story": "S.", "text": "T.", "id": "1"})),
            ("a.csv", csv_of("Story;text;id", "S.;T.;1")),
        ],
        ids=["jsonl", "csv"],
    )
    @pytest.mark.parametrize("column", ["Story", "story"])
    def test_the_text_column_can_be_named(
        self, tmp_path: Path, name: str, content: str, column: str
    ) -> None:
        """The column that is asked for goes before the usual ones."""
        path = written(tmp_path / name, content)
        assert only(path, text_column=column) == Document("1", "S.")

    def test_names_that_repeat_get_numbers(self, tmp_path: Path) -> None:
        """Every document has a name of its own, across files too."""
        records = jsonl(*[{"id": "n", "text": "T."}] * 3)
        documents, _ = read(
            [written(tmp_path / "a.jsonl", records), written(tmp_path / "b.jsonl", records)]
        )
        assert [d.name for d in documents] == ["n", "n#2", "n#3", "n#4", "n#5", "n#6"]

    def test_names_default_to_file_and_line(self, tmp_path: Path) -> None:
        """A record without a name is found again by the line on which it begins."""
        content = csv_of("text", '"Two', 'lines."', "", "One.")
        documents, _ = read(written(tmp_path / "a.csv", content))
        assert [(d.name, d.text) for d in documents] == [
            ("a.csv#2", "Two\r\nlines."),
            ("a.csv#5", "One."),
        ]

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.jsonl", jsonl({"story": "S.", "tags": []}, {"tags": [], "id": 1})),
            ("a.csv", csv_of("story,tags", "S.,x")),
        ],
        ids=["jsonl", "csv"],
    )
    def test_a_table_without_text_names_its_columns(
        self, tmp_path: Path, name: str, content: str
    ) -> None:
        """One failure: the columns found, those wanted, and the option that names another."""
        result = failure(written(tmp_path / name, content))
        assert "wanted text or content or body" in result.reason
        assert "found story, tags" in result.reason
        assert "--text-column" in result.reason

    def test_a_wrong_text_column_is_named(self, tmp_path: Path) -> None:
        """With a column asked for, only that one is wanted."""
        path = written(tmp_path / "a.csv", csv_of("text,id", "T.,1"))
        assert "wanted story; found text, id" in failure(path, text_column="story").reason

    @pytest.mark.parametrize(
        ("bad", "said"),
        [
            ('{"text": "x"', "not valid JSON"),
            ("[1, 2]", "this is of the JSON type array; wanted an object"),
            ('{"text": null}', "column text is empty"),
            ('{"text": ["a"]}', "column text is of the type list, not a text"),
            ('{"text": "  "}', "column text is empty"),
            ('{"text": "a\\ud83d b"}', "lone surrogate U+D83D"),
            ('{"title": "x"}', "there is no text column"),
            ("[" * 100_000, "not valid JSON"),
            ('{"text": ' + "9" * 5000 + "}", "not valid JSON"),
        ],
        ids=["cut", "list", "null", "type", "blank", "surrogate", "column", "deep", "huge"],
    )
    def test_a_bad_line_is_named_and_the_others_are_read(
        self, tmp_path: Path, bad: str, said: str
    ) -> None:
        """A broken record costs itself only, and its line number is told."""
        path = written(tmp_path / "a.jsonl", f'{{"text": "One."}}\n{bad}\n{{"text": "Two."}}\n')
        documents, failures = read(path)
        assert [d.text for d in documents] == ["One.", "Two."]
        assert [f.source for f in failures] == [str(path)]
        assert failures[0].reason.startswith("line 2: ")
        assert said in failures[0].reason

    def test_many_bad_lines_are_one_failure(self, tmp_path: Path) -> None:
        """The same problem on many lines is told once, with the first of them."""
        path = written(tmp_path / "a.jsonl", "nonsense\n" * 1000)
        assert failure(path).reason.startswith(
            "line 1, line 2, line 3, line 4, line 5 and 995 more"
        )

    def test_broken_json_names_its_line(self, tmp_path: Path) -> None:
        """A JSON file that is cut off is one failure, at the line of the error."""
        path = written(tmp_path / "a.json", '[{"text": "One."},\n{"text": }]')
        assert failure(path).reason.startswith("line 2: this is not valid JSON")

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ("2,One, two,x", "has 4 cells, the header has 3"),
            ('2,"One" and,x', "not valid CSV"),
            ("2,,x", "column text is empty"),
            ("2", "column text is empty"),
        ],
        ids=["too-long", "quotes", "empty", "too-short"],
    )
    def test_a_bad_row_is_named_and_the_others_are_read(
        self, tmp_path: Path, row: str, said: str
    ) -> None:
        """A text that would be cut at a comma is refused, not cut."""
        path = written(tmp_path / "a.csv", csv_of("id,text,x", "1,One.,x", row, "3,Three.,x"))
        documents, failures = read(path)
        assert [d.text for d in documents] == ["One.", "Three."]
        assert failures[0].reason.startswith("line 3: ")
        assert said in failures[0].reason

    def test_an_unclosed_quotation_mark_is_told(self, tmp_path: Path) -> None:
        """The rows that it swallows are not lost without a word."""
        path = written(tmp_path / "a.csv", csv_of("id,text", "1,One.", '2,"Two.', "3,Three."))
        documents, failures = read(path)
        assert [d.text for d in documents] == ["One."]
        assert failures[0].reason.startswith("line 3: this is not valid CSV")

    def test_a_cell_may_hold_a_book(self, tmp_path: Path) -> None:
        """The csv module's limit on the size of a cell is lifted."""
        text = "He said so. " * 50_000
        assert only(written(tmp_path / "a.csv", csv_of("text", text))).text == text

    def test_two_columns_of_one_name_are_refused(self, tmp_path: Path) -> None:
        """Which of them is meant cannot be told."""
        path = written(tmp_path / "a.csv", csv_of("text,text", "a,b"))
        assert "several columns named 'text'" in failure(path).reason

    def test_records_are_streamed(self, tmp_path: Path) -> None:
        """The first record comes before the last line was parsed."""
        path = written(tmp_path / "a.jsonl", jsonl({"text": "One."}) + "broken")
        assert next(read_documents(path)) == Document("a.jsonl#1", "One.")


class TestParquet:
    def test_rows_are_documents(self, tmp_path: Path) -> None:
        """Texts, names and real dates are read, over row groups; other columns are left alone."""
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        table = pa.table(
            {
                "vector": [[0.5]] * 3,
                "Body": ["One.", None, "Three."],
                "id": pa.array([1, 2, None], pa.int64()),
                "date": [datetime.datetime(2020, 1, 2, 3), None, None],
            }
        )
        path = tmp_path / "a.parquet"
        pq.write_table(table, path, row_group_size=1)
        documents, failures = read(path)
        assert documents == [
            Document("1", "One.", "2020-01-02"),
            Document("a.parquet#3", "Three."),
        ]
        assert failures == [Failure(str(path), "row 2: column Body is empty")]
        assert "found vector, Body, id, date" in failure(path, text_column="story").reason

    def test_a_value_that_python_cannot_hold_is_a_failure(self, tmp_path: Path) -> None:
        """A date beyond the calendar costs its rows, not the other documents."""
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        dates = pa.array([10**17], pa.timestamp("ms"))
        pq.write_table(pa.table({"text": ["One."], "date": dates}), tmp_path / "a.parquet")
        (tmp_path / "b.txt").write_text("Two.")
        documents, failures = read(tmp_path)
        assert [document.text for document in documents] == ["Two."]
        assert "the Parquet data is damaged" in failures[0].reason

    def test_a_damaged_file_keeps_what_could_be_read(self, tmp_path: Path) -> None:
        """Damage in a later row group does not lose the earlier rows."""
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        path = tmp_path / "a.parquet"
        texts = [f"Sentence {number}. " * 50 for number in range(1000)]
        pq.write_table(pa.table({"text": texts}), path, row_group_size=500, use_dictionary=False)
        content = bytearray(path.read_bytes())
        start = pq.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
        content[start : start + 40] = b"\xff" * 40
        documents, failures = read(written(path, bytes(content)))
        assert [d.text for d in documents] == texts[: len(documents)]
        assert len(documents) >= 256
        assert "the Parquet data is damaged" in failures[0].reason


@pytest.fixture
def datasets() -> Any:
    return pytest.importorskip("datasets")


class TestDatasets:
    RECORDS = ({"id": 1, "text": "One."}, {"id": 2, "text": "Two."})

    def test_every_kind_of_data_set_is_read(self, datasets: Any) -> None:
        """Data sets, streamed ones and dictionaries of both give a document per row."""
        rows = datasets.Dataset.from_list(list(self.RECORDS))
        expected = [Document("1", "One."), Document("2", "Two.")]
        stream = datasets.IterableDataset.from_generator(lambda: iter(self.RECORDS))
        for source in (
            rows,
            [rows],
            rows.to_iterable_dataset(),
            stream,
            datasets.DatasetDict(train=rows),
            datasets.IterableDatasetDict(test=stream),
        ):
            assert read(source) == (expected, [])

    def test_rows_are_named_by_their_split(self, datasets: Any) -> None:
        """Without a name of its own a row is named by its split and number."""
        rows = datasets.Dataset.from_dict({"text": ["One.", ""]})
        documents, failures = read(datasets.DatasetDict(train=rows, test=rows))
        assert [d.name for d in documents] == ["train#1", "test#1"]
        assert failures[0] == Failure("train", "row 2: column text is empty")
        assert only(rows.select([0])).name == "dataset#1"

    def test_columns_that_are_missing_are_named(self, datasets: Any) -> None:
        """The failure lists the columns of the data set, and none of them is read."""
        rows = datasets.Dataset.from_dict({"story": ["One."], "n": [1]})
        assert "found story, n" in failure(rows).reason
        assert only(rows, text_column="story").text == "One."
        assert failure(datasets.Dataset.from_list([])).reason == "it holds no records"

    def test_a_stream_is_not_read_ahead(self, datasets: Any) -> None:
        """An endless stream gives its first document."""

        def endless() -> Iterator[dict[str, str]]:
            while True:
                yield {"text": "Again."}

        stream = datasets.IterableDataset.from_generator(endless)
        assert next(read_documents(stream)) == Document("train#1", "Again.")

    def test_the_library_is_not_imported_for_files(self, tmp_path: Path) -> None:
        """Reading a text imports none of the heavy libraries."""
        path = written(tmp_path / "a.txt")
        code = (
            "import sys; from contradict.documents import read_documents;"
            f"print(len(list(read_documents({str(path)!r}))));"
            "heavy = {'datasets', 'pyarrow', 'trafilatura', 'torch', 'transformers', 'spacy'};"
            "print(sorted(heavy & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-Pc", code], capture_output=True, text=True)
        assert done.stdout.split("\n")[:2] == ["1", "[]"], done.stderr


class TestStandardInput:
    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (PROSE, {"stdin": PROSE}),
            ("[Editor's note: so he said.]", {"stdin": "[Editor's note: so he said.]"}),
            ("{sic} he said", {"stdin": "{sic} he said"}),
            (jsonl({"text": "One."}, {"text": "Two."}), {"stdin#1": "One.", "stdin#2": "Two."}),
            ('[\n{"text": "One."}]', {"stdin#1": "One."}),
            ("text,id\nare two words", {"stdin": "text,id\nare two words"}),
            (" <HTML><body><p>He denied it.<p>So.", {"stdin": "He denied it.\n\nSo."}),
            ("<b>He</b> said", {"stdin": "<b>He</b> said"}),
        ],
        ids=["text", "bracket", "brace", "jsonl", "json", "words", "html", "tag"],
    )  # fmt: skip
    def test_it_is_text_unless_clearly_something_else(
        self, content: str, expected: dict[str, str]
    ) -> None:
        """Records and pages are told by how they begin."""
        documents, failures = read("-", stdin=io.BytesIO(content.encode()))
        assert {document.name: document.text for document in documents} == expected
        assert failures == []

    def test_a_broken_first_record_does_not_make_it_prose(self) -> None:
        """JSONL is told by any of its first lines."""
        stdin = io.BytesIO(b'{"text": "cut\n{"text": "Two."}\n')
        documents, failures = read("-", stdin=stdin)
        assert documents == [Document("stdin#2", "Two.")]
        assert failures[0].source == "standard input"

    def test_a_csv_is_read_where_its_column_is_asked_for(self) -> None:
        """With a text column named, a header that has it makes a table."""
        stdin = io.BytesIO(b"id;story\n1;He said.\n")
        assert only("-", stdin=stdin, text_column="story") == Document("1", "He said.")

    def test_parquet_is_read(self) -> None:
        """A binary table can be piped in."""
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        stdin = io.BytesIO()
        pq.write_table(pa.table({"text": ["One."]}), stdin)
        stdin.seek(0)
        assert only("-", stdin=stdin) == Document("stdin#1", "One.")

    def test_it_is_read_once_and_left_open(self, tmp_path: Path) -> None:
        """Given twice it is one document, among files, and stays the caller's."""
        stdin = io.BytesIO(PROSE.encode())
        documents, _ = read(["-", written(tmp_path / "stdin"), "-"], stdin=stdin)
        assert [d.name for d in documents] == ["stdin#2", "stdin"]
        assert not stdin.closed

    def test_nothing_is_a_failure(self) -> None:
        """Empty input says so."""
        assert failure("-", stdin=io.BytesIO()) == Failure("standard input", "it is empty")

    def test_it_defaults_to_the_real_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a stream passed, the process's own is read; without one, that is told."""
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"He said.")))
        assert only("-").text == "He said."
        monkeypatch.setattr(sys, "stdin", None)
        assert "no standard input" in failure("-").reason


class TestPairs:
    ROWS = ({"n": "1", "a": "He said.", "b": "He denied.", "gold": "x"},)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("p.csv", csv_of("n,a,b,gold", "1,He said.,He denied.,x")),
            ("p.csv", csv_of("n;a;b;gold", "1;He said.;He denied.;x")),
            ("p.tsv", csv_of("n\ta\tb\tgold", "1\tHe said.\tHe denied.\tx")),
            ("p.txt", csv_of("n,a,b,gold", "1,He said.,He denied.,x")),
            ("pairs", csv_of("n,a,b,gold", "1,He said.,He denied.,x")),
            ("p.jsonl", jsonl(*ROWS)),
            ("p.json", json.dumps(ROWS)),
            ("p.json", json.dumps(ROWS[0])),
            ("pairs", jsonl(*ROWS)),
        ],
        ids=[
            "comma",
            "semicolon",
            "tsv",
            "txt",
            "csv-bare",
            "jsonl",
            "list",
            "object",
            "jsonl-bare",
        ],
    )
    def test_rows_come_whole_and_in_order(self, tmp_path: Path, name: str, content: str) -> None:
        """Other columns are carried through, and the columns keep their order."""
        rows = read_pairs(written(tmp_path / name, content))
        assert rows == list(self.ROWS)
        assert list(rows[0]) == ["n", "a", "b", "gold"]
        assert (
            read_pairs("-", stdin=io.BytesIO(content.encode("utf-8-sig"))) == rows
            or name == "p.tsv"
        )

    def test_parquet_keeps_every_column(self, tmp_path: Path) -> None:
        """Columns of any type come through."""
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        pq.write_table(pa.table({"z": [[1]], "b": ["B"], "a": ["A"]}), tmp_path / "p.parquet")
        assert read_pairs(tmp_path / "p.parquet") == [{"z": [1], "b": "B", "a": "A"}]

    def test_a_header_alone_is_no_pairs(self, tmp_path: Path) -> None:
        """Nothing to score is not an error."""
        assert read_pairs(written(tmp_path / "p.csv", "a,b\n")) == []

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("p.csv", "left,right\nx,y\n", ["no column a and no column b", "found left, right"]),
            ("p.csv", "a,c\nx,y\n", ["no column b", "found a, c", "columns a and b"]),
            ("p.csv", "a,b\nx,y\nx,\n", ["line 3", "column b is empty"]),
            ("p.csv", "a,b\nx,y,z\n", ["line 2", "3 cells"]),
            ("p.csv", "", ["is empty"]),
            ("p.jsonl", '{"a": "x", "b": "y"}\n{"a": "x"}\n', ["line 2", "no column b", "found a"]),
            (
                "p.jsonl",
                '{"a": "x", "b": 3}\n',
                ["line 1", "column b is of the type int, not a text"],
            ),
            ("p.jsonl", '{"a": "x", "b": null}\n', ["line 1", "column b is empty"]),
            ("p.jsonl", '{"a": "x", "b"\n', ["line 1", "not valid JSON"]),
            ("p.jsonl", "\n", ["no records"]),
            ("p.parquet", "PAR1", ["not a Parquet file"]),
            ("p.csv", b"\x00\x01\x02" * 99, ["binary"]),
        ],
        ids=[
            "neither",
            "no-b",
            "empty-b",
            "ragged",
            "empty-file",
            "record-without-b",
            "number",
            "null",
            "cut",
            "no-records",
            "no-parquet",
            "binary",
        ],
    )
    def test_errors_name_file_row_and_columns(
        self, tmp_path: Path, name: str, content: str | bytes, said: list[str]
    ) -> None:
        """Nothing is scored by halves: the first bad row is an error that finds it."""
        path = written(tmp_path / name, content)
        with pytest.raises(InputError) as caught:
            read_pairs(path)
        assert str(caught.value).startswith(f"{path}: ")
        assert all(part in str(caught.value) for part in said), str(caught.value)

    @pytest.mark.parametrize(
        ("path", "problem"),
        [
            ("missing.csv", "is not there: no such file"),
            (".", "cannot be read"),
            ("a\0b", "cannot be read"),
            ("", "'': the name is empty"),
        ],
        ids=repr,
    )
    def test_a_file_that_cannot_be_opened_is_an_input_error(self, path: str, problem: str) -> None:
        """No such file, a folder, and no path at all."""
        with pytest.raises(InputError, match=problem):
            read_pairs(path)

    def test_errors_of_standard_input_say_so(self) -> None:
        """The dash is spelled out."""
        with pytest.raises(InputError, match=r"^standard input: it is empty"):
            read_pairs("-", stdin=io.BytesIO())
