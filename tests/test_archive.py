"""Archives: documents kept, and claims held against them."""

import json
import math
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from contradict import Analyzer, Archive, Document, InputError, cli
from contradict.archive import MATCH_KINDS
from contradict.archive.copies import resemblance, sketch
from contradict.archive.store import _APPLICATION, FILE, Filter, Store
from contradict.words import content_words

STRIKES = Document(
    "strikes",
    "Sergei Lavrov said on Thursday that Russian air strikes had not hit Homs. The Syrian opposition said that "
    "Russian air strikes had hit Homs and killed 36 people. Was the town of Talbiseh hit?",
    date="2015-10-01",
    outlet="The Courier",
)
LATER = Document(
    "later",
    "Mr Lavrov said that Russian air strikes had hit Homs. The council will not raise water charges.",
    date="2016-03-01",
)
COUNCIL = Document(
    "council",
    "The council will raise water charges in May, the mayor said. Ellen Hardwick denied that the reservoir was "
    "leaking.",
)


@pytest.fixture
def archive(tmp_path, analyzer):
    with Archive(tmp_path / "archive", create=True, analyzer=analyzer) as archive:
        yield archive


class CountingScorer:
    """The bundled model, with a count of the pairs that it was asked for."""

    def __init__(self, scorer):
        self.name, self.warnings = scorer.name, scorer.warnings
        self.scorer = scorer
        self.pairs = 0

    @property
    def truncated(self):
        return self.scorer.truncated

    def score(self, pairs, *, progress=None):
        self.pairs += len(set(pairs))
        return self.scorer.score(pairs, progress=progress)


# What is kept ------------------------------------------------------------------------------------


def test_what_is_kept_comes_back_as_it_was(tmp_path, analyzer):
    """Documents, statements, sentences, contexts and names are the same when the archive is opened again."""
    documents = [STRIKES, COUNCIL, Document("md", "# Water\n\nThe *dam* held.", markup="markdown")]
    split = analyzer.split(documents)
    with Store(tmp_path, create=True) as store:
        assert [store.add(each) for each in split] == ["added"] * 3
    with Store(tmp_path) as store:
        assert list(store.split_documents()) == split
        assert not list(store.problems())


def test_what_is_there_is_left_and_what_has_changed_is_replaced_if_asked(archive):
    """Adding the same again changes nothing; asked to, the same name with another text takes the old one's place."""
    assert archive.add([STRIKES, COUNCIL]).added == 2
    before = archive.counts()
    again = archive.add([STRIKES, COUNCIL])
    assert (again.added, again.unchanged, archive.counts()) == (0, 2, before)
    changed = archive.add(replace(COUNCIL, text="The mayor has resigned."), replace=True)
    assert (changed.added, changed.replaced, changed.statements) == (0, 1, 1)
    assert [
        m.statement.text for m in archive.check("Did the mayor resign? The mayor resigned.")
    ] == ["The mayor has resigned"]
    assert archive.verify() == []


def test_replacing_leaves_one_document_under_its_name(archive):
    """Whatever was added under a name before, and in which order, only the document that replaces it is left."""
    changed = replace(COUNCIL, text="The mayor has resigned.")
    archive.add(COUNCIL)
    archive.add(changed)
    assert [entry.name for entry in archive.entries()] == ["council", "council#2"]
    added = archive.add(changed, replace=True)
    assert (added.added, added.replaced, added.unchanged) == (0, 1, 0)
    assert [entry.name for entry in archive.entries()] == ["council"]
    [kept] = archive._store.split_documents()
    assert kept.document == changed
    assert archive.add(changed, replace=True).unchanged == 1
    assert archive.verify() == []


def test_nothing_is_lost_where_names_are_the_same(archive):
    """Other documents of the same names are kept beside the first, and adding any of them again changes nothing."""
    monday = [Document("1", "The dam broke on Monday."), Document("2", "The mayor left.")]
    tuesday = [Document("1", "The bridge was closed on Tuesday."), Document("2", "Rain fell.")]
    for documents in (monday, tuesday, monday, tuesday):
        archive.add(documents)
        assert archive.verify() == []
    assert [entry.name for entry in archive.entries()] == ["1", "2", "1#2", "2#2"]
    dated = archive.add(replace(monday[0], date="2016-01-01"))
    assert (dated.replaced, archive.counts()["documents"]) == (1, 4)
    [match] = archive.check("The bridge was closed on Tuesday.", kinds=["support"])
    assert match.statement.document == "1#2"


def test_documents_without_a_date_get_the_one_that_is_given(archive):
    """A date for those without one is kept when they come again without it, and never takes the place of another."""
    archive.add([STRIKES, COUNCIL], date="2020-01-01")
    dates = {"strikes": "2015-10-01", "council": "2020-01-01"}
    assert {entry.name: entry.date for entry in archive.entries()} == dates
    assert archive.add([STRIKES, COUNCIL], date="2021-01-01").unchanged == 2
    assert archive.add([STRIKES, COUNCIL]).unchanged == 2
    assert {entry.name: entry.date for entry in archive.entries()} == dates
    with pytest.raises(ValueError, match="date: a date must be like"):
        archive.add(COUNCIL, date="May")


def test_what_has_no_date_can_be_given_one_later(archive):
    """Added again with a date, an undated document has it, and its statements are no longer undated."""
    archive.add([STRIKES, COUNCIL])
    undated = archive.undated()
    assert 0 < undated < archive.counts()["statements"]
    assert archive.add(COUNCIL, date="2020-01-01").replaced == 1
    assert archive.undated() == 0


def test_what_an_earlier_version_took_for_a_date_is_none(archive, tmp_path):
    """An archive with dates of another form is read; its documents have no date then."""
    archive.add(STRIKES)
    with sqlite3.connect(tmp_path / "archive" / FILE) as database:
        database.execute("UPDATE document SET date = '1 May 2026'")
    database.close()
    [match] = archive.check("Russian air strikes hit Homs.", kinds=["support"])
    assert match.statement.date is None
    assert archive.verify() == []
    assert archive.add(STRIKES).replaced == 1


def test_processes_split_like_one(tmp_path, analyzer):
    """With several processes the archive holds the same."""
    documents = [STRIKES, LATER, COUNCIL]
    kept = []
    for jobs in (1, 2):
        with Archive(tmp_path / str(jobs), create=True, analyzer=analyzer) as archive:
            archive.add(documents, jobs=jobs)
        with Store(tmp_path / str(jobs)) as store:
            kept.append(list(store.split_documents()))
    assert kept[0] == kept[1]


def test_what_is_removed_is_found_no_more(archive):
    """Removed documents leave nothing behind, and unknown names are told."""
    archive.add([STRIKES, COUNCIL])
    assert archive.remove(["council", "nowhere"]) == ["nowhere"]
    archive.compact()
    assert archive.verify() == []
    assert [entry.name for entry in archive.entries()] == ["strikes"]
    assert archive.check("The council will raise water charges.") == []


def test_nothing_to_add_is_told(archive, tmp_path):
    """Where nothing could be read the reason is told; where something could, it comes in all the same."""
    with pytest.raises(InputError, match="is not there"):
        archive.add(tmp_path / "missing.txt")
    (tmp_path / "good.txt").write_text("The mayor has resigned.")
    added = archive.add([tmp_path / "missing.txt", tmp_path / "good.txt"])
    assert added.added == 1
    assert [failure.source for failure in added.failures] == [str(tmp_path / "missing.txt")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"this is a note, not a database", "not a database"),
        (None, "no archive.sqlite"),
        ("other", "a file of something else"),
        ("newer", "version 99 of an archive"),
    ],
    ids=["text", "missing", "other database", "newer version"],
)
def test_what_is_no_archive_is_refused_untouched(tmp_path, content, reason):
    """A file of something else is told from an archive and left as it is."""
    path = tmp_path / FILE
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        with sqlite3.connect(path) as database:
            if content == "newer":
                database.execute(f"PRAGMA application_id = {_APPLICATION}")
            database.execute("PRAGMA user_version = 99")
            database.execute("CREATE TABLE notes (text)")
        database.close()
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(InputError, match=reason):
        Store(tmp_path, create=content is not None)
    assert (path.read_bytes() if path.exists() else None) == before


def test_a_folder_with_other_files_becomes_no_archive(tmp_path):
    """The files of an archive are not put among others, and nothing is written there; hidden files do not count."""
    for name in ("a.txt", "b.txt", "c.txt", "d.txt"):
        (tmp_path / name).write_text("The dam held.")
    with pytest.raises(InputError, match=r"holds other files: a\.txt, b\.txt, c\.txt and 1 more"):
        Store(tmp_path, create=True)
    assert not (tmp_path / FILE).exists()
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / ".keep").touch()
    Store(tmp_path / "hidden", create=True).close()


def test_an_archive_is_used_whatever_else_was_put_beside_it(tmp_path):
    """Files that came into the folder later do not matter."""
    Store(tmp_path, create=True).close()
    (tmp_path / "notes.txt").touch()
    Store(tmp_path, create=True).close()


def test_damage_is_found(archive, tmp_path):
    """Statements that are missing from the index, or stand beyond their document, are told."""
    archive.add([STRIKES, COUNCIL])
    with sqlite3.connect(tmp_path / "archive" / FILE) as database:
        database.execute("DELETE FROM stem WHERE rowid = 1")
        database.execute('UPDATE statement SET "end" = 100000 WHERE id = 2')
    database.close()
    problems = "\n".join(archive.verify())
    assert "strikes: no text at" in problems
    assert "is not in the index of words" in problems


def test_a_damaged_file_is_told_without_a_traceback(archive, analyzer, tmp_path):
    """Whatever part of the file is overwritten, every use of it works or ends with a message of damage."""
    archive.add([STRIKES, COUNCIL, LATER])
    [added] = analyzer.split([Document("new", "The dam held.")])
    archive.close()
    path = tmp_path / "archive" / FILE
    whole = path.read_bytes()
    for page in range(1, len(whole) // 4096):
        for use in (
            lambda store: list(store.entries()),
            lambda store: list(store.split_documents()),
            lambda store: store.take(store.nearest("Russian air strikes had hit Homs.", 10)),
            lambda store: store.add(added),
            lambda store: store.remove(["council"]),
            lambda store: store.compact(),
        ):
            path.write_bytes(whole[: page * 4096] + b"\xa5" * 4096 + whole[(page + 1) * 4096 :])
            try:
                with Store(tmp_path / "archive") as store:
                    assert store.problems()
                    use(store)
            except InputError as error:
                assert "is damaged" in str(error)  # noqa: PT017 - it hangs on the page


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("replace(text, 'strikes', 'strokes')", "its text is not the one that was added"),
        ("CAST(x'A5A5' AS TEXT)", "its text cannot be read"),
    ],
    ids=["other words", "no UTF-8"],
)
def test_a_text_that_has_changed_is_found(archive, tmp_path, text, problem):
    """Verifying names every document whose text is not the one that was added."""
    archive.add([STRIKES, COUNCIL, LATER])
    with sqlite3.connect(tmp_path / "archive" / FILE) as database:
        database.execute(f"UPDATE document SET text = {text} WHERE name != 'council'")
    database.close()
    problems = "\n".join(archive.verify())
    assert f"strikes: {problem}" in problems
    assert f"later: {problem}" in problems
    assert "council" not in problems


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("statement", "speaker", "{}"),
        ("statement", "cue", "1"),
        ("statement", "speaker", '{"text": 1, "start": "a", "end": 2, "name": []}'),
        ("statement", "speaker", '{"text": "he", "start": 1, "end": 2, "name": null}'),
        ("statement", "start", None),
        ("statement", "proposition", None),
        ("statement", "sentence", None),
        ("document", "names", "1"),
        pytest.param("document", "names", "[" * 60_000, id="deep"),
        ("document", "date", b"2015"),
        ("document", "left_out", None),
    ],
)
def test_values_that_make_no_sense_are_told(tmp_path, analyzer, table, column, value):
    """A damaged row is told where it is read, and found when the archive is verified."""
    _damage(tmp_path, analyzer, f'UPDATE {table} SET "{column}" = ?', value)
    with Store(tmp_path) as store:
        for read in (lambda: list(store.split_documents()), lambda: store.take([1])):
            with pytest.raises(InputError, match="'strikes' makes no sense"):
                read()
        assert "'strikes' makes no sense" in "\n".join(store.problems())


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("person", "name", b"Lavrov"), ("statement", "holder", b"Lavrov")],
)
def test_names_that_are_no_text_are_told(tmp_path, analyzer, table, column, value):
    """Who looks for a speaker is told of a damaged name."""
    _damage(tmp_path, analyzer, f"UPDATE {table} SET {column} = ?", value)
    with Store(tmp_path) as store, pytest.raises(InputError, match="wanted texts, got"):
        store.holders("Lavrov")


def _damage(folder, analyzer, change, value):
    """Make an archive, and change what its tables would not take."""
    with Store(folder, create=True) as store:
        store.add(next(iter(analyzer.split([STRIKES]))))
    bare = "replace(replace(replace(sql, ', STRICT', ''), ' STRICT', ''), 'NOT NULL', '')"
    with sqlite3.connect(folder / FILE) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute(f"UPDATE sqlite_master SET sql = {bare} WHERE type = 'table'")
        database.execute("PRAGMA writable_schema = RESET")
        database.execute(change, (value,))
    database.close()


@pytest.mark.parametrize(
    "damage", [(b"CREATE TABLE s", b"CREATE TA\xa5LE s"), (b"fts5 (", b"ft\xa55 (")]
)
def test_a_schema_that_is_no_text_is_told(tmp_path, damage):
    """SQLite's messages quote the schema, and may be no text themselves."""
    Store(tmp_path, create=True).close()
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes().replace(*damage))

    def read():
        with Store(tmp_path) as store:
            assert "codec can't decode" in "\n".join(store.problems())
            store.take(store.nearest("The dam held.", 1))

    with pytest.raises(InputError, match="archive in"):
        read()


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize("name", ["x" * 5_000, "x\0"], ids=["long", "nul"])
def test_what_is_no_name_of_a_folder_is_told(name, create):
    """A name that no folder can have is refused with one clear message."""
    with pytest.raises(InputError, match=r"^(The|No) archive in x"):
        Store(name, create=create)


@pytest.mark.parametrize(("name", "error"), [(":memory:", b""), ("", b"write-ahead log")])
def test_where_there_can_be_no_log_nothing_waits_for_it(name, error):
    """Verdicts are kept in memory when asked to, and a file without a name is refused at once."""
    code = "import sys; from contradict.review.store import Store; Store(sys.argv[1]).close()"
    command = [sys.executable, "-Pc", code, name]
    ended = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert ended.returncode == bool(error)
    assert error in ended.stderr


def test_what_cannot_be_written_is_read_all_the_same(archive, tmp_path, monkeypatch):
    """An archive in a folder that cannot be written can still be asked."""
    archive.add(STRIKES)
    archive.close()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Store(tmp_path / "archive") as store:
        assert store.nearest("Russian air strikes had hit Homs.", 10)
        with pytest.raises(InputError, match="cannot be written"):
            store.remove(["strikes"])


def test_the_first_copy_of_a_story_can_go(archive):
    """When a story's first document is removed, the others are still one story."""
    text = " ".join(f"The council met on day {n} of the long strike." for n in range(30))
    archive.add([Document(name, f"{text} {name}") for name in "abc"])
    archive.remove(["a"])
    assert [(entry.name, entry.story) for entry in archive.entries()] == [("b", "b"), ("c", "b")]
    assert archive.counts()["stories"] == 1
    archive.add([Document("empty", "!!!"), Document("too", "???")])
    assert archive.counts()["stories"] == 3


# Killed, and shared ------------------------------------------------------------------------------

_ADDING = """
import json, sys
from contradict.archive.store import Store
from contradict.records import Context, Document, SplitDocument, Statement
from contradict.words import content_words
with Store(sys.argv[1], create=True) as store:
    content_words("loaded before the clock runs")
    print("ready", flush=True)
    for number in range(int(sys.argv[2]), int(sys.argv[3])):
        text = f"The mayor opened bridge {number}. " * 20
        statements = tuple(
            Statement(f"d{number}", start, start + 10, text[start:start + 10], f"Bridge {number} is open {start}.")
            for start in range(0, 400, 20)
        )
        contexts = tuple(Context(text[:50], 0, 0, 30) for _ in statements)
        document = Document(f"d{number}", text)
        store.add(SplitDocument(document, statements, ("x",) * len(statements), contexts, {}))
"""


def _adding(folder, first, last):
    process = subprocess.Popen(
        [sys.executable, "-Pc", _ADDING, str(folder), str(first), str(last)], stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"ready\n"
    return process


def test_killed_at_any_moment_it_holds_whole_documents(tmp_path):
    """After kill -9 the archive is sound, and the same command goes on where it was."""
    counts = []
    for moment in range(8):
        process = _adding(tmp_path, 0, 100_000)
        time.sleep(0.01 + 0.03 * moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with Store(tmp_path) as store:
            assert list(store.problems()) == []
            assert {entry.statements for entry in store.entries()} <= {20}
            counts.append(store.counts()["documents"])
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_two_programs_add_at_once(tmp_path):
    """Two programs that write at the same time wait for each other, and nothing is lost or twice."""
    both = [_adding(tmp_path, 0, 60), _adding(tmp_path, 30, 90)]
    assert [process.wait(60) for process in both] == [0, 0]
    for process in both:
        process.stdout.close()
    with Store(tmp_path) as store:
        assert sorted(entry.name for entry in store.entries()) == sorted(f"d{n}" for n in range(90))
        assert list(store.problems()) == []


# Found -------------------------------------------------------------------------------------------


def test_who_said_the_opposite_comes_first(archive):
    """A claim's conflicts come before its supports and these before the rest, with speaker, date and context."""
    archive.add([STRIKES, COUNCIL])
    matches = archive.check("Russian air strikes hit Homs.")
    kinds = [match.kind for match in matches]
    assert kinds[:2] == ["contradiction", "support"]
    opposite, same = matches[:2]
    assert (opposite.statement.holder, opposite.statement.date) == ("Sergei Lavrov", "2015-10-01")
    assert (opposite.statement.document, opposite.statement.outlet) == ("strikes", "The Courier")
    assert opposite.flagged
    assert opposite.score >= archive.analyzer.threshold
    assert same.statement.holder == "Syrian opposition"
    assert same.support > 0.5
    for match in matches:
        context = match.context
        assert STRIKES.text[context.start : context.end] == context.text
        assert match.statement.text in context.text
    assert not any("water" in match.statement.text for match in matches)


def test_the_same_speakers_opposite_is_a_reversal(archive):
    """Who said the opposite on another day has turned; a surname is enough to tell, by the whole archive."""
    archive.add([STRIKES, LATER])
    [match] = archive.check(
        "Russian air strikes had not hit Homs.",
        said_by="Sergei Lavrov",
        date="2017-01-01",
        kinds=["reversal"],
    )
    assert (match.statement.document, match.statement.holder) == ("later", "Sergei Lavrov")
    assert (match.claim.holder, match.claim.date) == ("Sergei Lavrov", "2017-01-01")


@pytest.mark.parametrize(
    ("options", "documents"),
    [
        ({"speaker": "Lavrov"}, {"strikes", "later"}),
        ({"speaker": "sergei"}, {"strikes", "later"}),
        ({"speaker": "Sergei Lavrov"}, {"strikes", "later"}),
        ({"speaker": "opposition"}, {"strikes"}),
        ({"speaker": "Nobody"}, set()),
        ({"since": "2016-01-01"}, {"later"}),
        ({"until": "2015-10-01"}, {"strikes"}),
        ({"since": "2015-10-02", "until": "2016-02-28"}, set()),
        ({"kinds": ["denial"]}, set()),
        ({"limit": 1, "kinds": ["support"]}, {"strikes"}),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, dict) else "",
)
def test_only_what_is_asked_for(archive, options, documents):
    """Speaker, dates, kinds and the limit narrow what comes back."""
    archive.add([STRIKES, LATER])
    matches = archive.check("Russian air strikes had hit Homs.", **options)
    assert {match.statement.document for match in matches} == documents


def test_a_surname_of_two_persons_is_only_whose_it_is(archive):
    """Asked for one of two namesakes, the other's words stay away."""
    archive.add(
        [
            Document(
                "one", "Anna Petrov said the dam had broken. Petrov said the dam had broken twice."
            ),
            Document("two", "Sergei Petrov said the dam had held."),
        ]
    )
    found = archive.check("The dam had broken.", speaker="Sergei Petrov")
    assert {match.statement.holder for match in found} == {"Sergei Petrov"}


def test_many_copies_hide_nothing(archive):
    """However often one statement was copied, the others near it are found."""
    copies = [
        Document(f"wire{n}", "The council will raise water charges in May.") for n in range(70)
    ]
    archive.add([*copies, Document("no", "The council will not raise any water charges in May.")])
    matches = archive.check("The council will raise water charges in May, it said.")
    assert [match.statement.document for match in matches if match.flagged] == ["no"]
    [same] = [match for match in matches if match.kind == "support"]
    assert len(same.copies) == 49


def test_what_is_asked_is_checked_as_a_claim(archive):
    """A question alone is held against the archive as if it were said."""
    archive.add(STRIKES)
    assert {m.kind for m in archive.check("Did Russian air strikes hit Homs?")} >= {"support"}


def test_statements_of_one_sentence_share_what_is_read_for_them(archive):
    """Each statement of a claim is held against as many as were asked for, many of one sentence against fewer each."""
    towns = [f"Port {name}" for name in "ABCDEFGHIJKLMNOP"]
    archive.add(
        [
            Document(
                town, f"The strikes hit {town}. The ministry closed {town}. The mayor left {town}."
            )
            for town in towns
        ]
    )

    def compared(claim, candidates):
        matches = archive.check(claim, limit=100, candidates=candidates)
        return sorted(Counter(match.claim.id for match in matches).values())

    apart = "The strikes hit Sirte. The ministry closed Sirte. The mayor left Sirte."
    together = "The strikes hit Sirte and the ministry closed Sirte and the mayor left Sirte."
    assert compared("The strikes hit Sirte.", 15) == [15]
    assert compared(apart, 15) == [15] * 3
    assert compared(together, 15) == [10] * 3
    assert compared(together, 9) == [8] * 3  # never fewer, unless fewer are asked for
    assert compared(together, 6) == [6] * 3


def test_another_model_may_take_the_first_look(tmp_path, scorer):
    """With the same answers the matches are the same, and the other model reads less."""
    claim = "Russian air strikes hit Homs."
    town = Document("town", "The nurses of Homs like their town. The market of Homs opens in May.")
    alone, first, second = (CountingScorer(scorer) for _ in range(3))
    with Archive(tmp_path, create=True, analyzer=Analyzer(alone)) as archive:
        archive.add([STRIKES, COUNCIL, LATER, town])
        expected = archive.check(claim)
    first.name, second.name = "first", "second"
    with Archive(tmp_path, analyzer=Analyzer(second, first_look=first)) as archive:
        matches = archive.check(claim)
    assert [(m.finding, m.kind) for m in matches] == [(m.finding, m.kind) for m in expected]
    for one, other in zip(matches, expected, strict=True):
        assert one.score == pytest.approx(other.score, abs=0.02)
        assert one.support == pytest.approx(other.support, abs=0.02)
    assert {one.model for one in matches} == {"first", "second"}
    assert 0 < second.pairs < alone.pairs
    assert first.pairs > 0


def test_a_document_is_not_held_against_itself(archive):
    """A document that is in the archive, under whatever name, is checked against the others only."""
    archive.add([STRIKES, LATER])
    matches = archive.check(replace(STRIKES, name="copy"))
    assert matches
    assert {match.statement.document for match in matches} == {"later"}
    assert {match.claim.document for match in matches} == {"copy"}
    assert not any(match.claim.stance == "questions" for match in matches)


def test_copies_are_one_story_and_count_once(archive):
    """Near-copies of a document are grouped, and the statement they share comes once with the places of the others."""
    text = STRIKES.text + " " + COUNCIL.text + " Rain fell on the hills for most of the long week."
    archive.add(
        [Document("wire", text), Document("paper", text + " Reporting by the desk."), LATER]
    )
    assert [entry.story for entry in archive.entries()] == ["wire", "wire", "later"]
    assert archive.counts()["stories"] == 2
    matches = archive.check("The council will raise water charges in May.", kinds=["support"])
    assert [match.statement.document for match in matches] == ["paper"]
    assert [place.document for place in matches[0].copies] == ["wire"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kinds": ["lie"]}, "kinds must be of denial, "),
        ({"limit": 0}, "limit must be at least 1"),
        ({"candidates": 0}, "candidates must be at least 1"),
        ({"speaker": " "}, "the speaker is empty"),
        ({"since": "October"}, "since: a date must be like 2015-10-01"),
        ({"until": "20151001"}, "until: a date must be like 2015-10-01"),
        ({"date": ""}, "date: a date must be like 2015-10-01"),
        ({"since": "2016-01-02", "until": "2016-01-01"}, "since must not be after until"),
    ],
)
def test_options_that_make_no_sense_are_refused(archive, options, message):
    """The message says what was wanted and what came."""
    with pytest.raises(ValueError, match=message):
        archive.check("The dam held.", **options)


def test_an_empty_claim_is_refused(archive):
    """There is nothing to look for."""
    with pytest.raises(InputError, match="claim is empty"):
        archive.check("  ")


def test_a_match_says_everything_in_its_line(archive):
    """A match as JSON holds both statements, what the model said, and the kind that was asked for."""
    archive.add([STRIKES])
    matches = archive.check("Russian air strikes hit Homs.")
    assert matches
    for match in matches:
        data = json.loads(json.dumps(match.to_dict()))
        assert data["kind"] in MATCH_KINDS
        assert data["statement"]["text"] == match.statement.text
        assert data["claim"]["proposition"] == "Russian air strikes hit Homs."
        assert set(data["nli"]) == {"forward", "backward", "one_way"}


def _bm25(query, texts):
    """BM25 as SQLite's documentation gives it, from plain counts: the slow way."""
    words = [Counter(content_words(text)) for text in texts]
    mean = sum(sum(each.values()) for each in words) / len(words)
    scores = []
    for each in words:
        score = 0.0
        for stem in content_words(query):
            having = sum(stem in other for other in words)
            weight = max(math.log((len(words) - having + 0.5) / (having + 0.5)), 1e-6)
            length = 1.2 * (1 - 0.75 + 0.75 * sum(each.values()) / mean)
            score += weight * each[stem] * 2.2 / (each[stem] + length)
        scores.append(score)
    return scores


def test_the_nearest_are_those_of_an_exhaustive_search(archive, seed_report):
    """The index gives what counting words in every statement gives."""
    archive.add([seed_report.documents[0], STRIKES, COUNCIL])
    store = archive._store
    numbered = {
        identity: statement
        for split, identities in store._numbered_documents()
        for identity, statement in zip(identities, split.statements, strict=True)
        if statement.stance not in ("questions", "hypothesizes")
    }
    propositions = [statement.proposition for statement in numbered.values()]
    for query in ("The strikes target only terrorists.", "Iran and Hezbollah fight in Homs."):
        scores = dict(zip(numbered, _bm25(query, propositions), strict=True))
        best = sorted((s for s in scores.values() if s > 1e-9), reverse=True)[:10]
        found = store.nearest(query, 10, most_postings=None)[:10]
        assert [scores[identity] for identity in found] == pytest.approx(best)


def test_common_words_are_left_out_where_there_are_too_many(archive):
    """A search looks at a bounded number of places, the rarest stems first."""
    archive.add([Document(f"d{n}", f"The mayor opened bridge {n}.") for n in range(20)])
    archive.add([Document("other", "The bridge is old."), Document("rare", "The dam broke.")])
    store = archive._store
    assert len(store.nearest("The mayor opened bridge 7.", 64)) == 21
    # Two stems are always looked up: here the number, and one that all have; "bridge" is one too many.
    assert len(store.nearest("The mayor opened bridge 7.", 64, most_postings=25)) == 20
    assert store.nearest("Xylophones.", 64) == []
    assert store.nearest("The mayor opened bridge 7.", 64, where=Filter(since="2000-01-01")) == []


@given(
    st.lists(st.sampled_from("abcdefgh"), max_size=60),
    st.lists(st.sampled_from("abcdefgh"), max_size=60),
)
def test_sketches_tell_what_two_texts_share(one, other):
    """Of short texts the resemblance is exact: the share of their word sequences that both have."""

    def sequences(words):
        starts = range(max(1, len(words) - 3)) if words else ()
        return {" ".join(words[start : start + 4]) for start in starts}

    a, b = sequences(one), sequences(other)
    if len(a | b) <= 48:
        expected = len(a & b) / len(a | b) if a or b else 0.0
        assert resemblance(sketch(" ".join(one)), sketch(" ".join(other))) == pytest.approx(
            expected
        )


# Analysed ----------------------------------------------------------------------------------------


def test_step_by_step_is_as_all_at_once_and_reads_nothing_twice(tmp_path, scorer):
    """Findings over an archive are those of its documents together, and only new pairs are read."""
    counting = CountingScorer(scorer)
    with Archive(tmp_path, create=True, analyzer=Analyzer(counting)) as archive:
        archive.add([STRIKES, COUNCIL])
        first = archive.analyze()
        assert _told(first) == _told(Analyzer(scorer).analyze([STRIKES, COUNCIL]))
        before = counting.pairs
        assert archive.analyze() == first
        assert counting.pairs == before
        archive.add(LATER)
        second = archive.analyze()
    once = CountingScorer(scorer)
    assert _told(second) == _told(Analyzer(once).analyze([STRIKES, COUNCIL, LATER]))
    assert 0 < counting.pairs - before < once.pairs
    assert any({f.left.document, f.right.document} == {"strikes", "later"} for f in second.flagged)


def _told(report):
    """What a report says; scores in int8 depend a little on what else is in a batch."""
    return report.statements, {
        f.id: (f.kind, f.flagged, pytest.approx(f.score, abs=0.03)) for f in report.findings
    }


def test_compacting_keeps_what_the_last_model_said(tmp_path, scorer):
    """Readings of the model used last stay, though another one has read more."""
    counting = CountingScorer(scorer)
    with Archive(tmp_path, create=True, analyzer=Analyzer(counting)) as archive:
        archive.add([STRIKES, LATER])
        archive.analyze()
        archive.remove(["later"])
        counting.name = "another"
        with Archive(tmp_path, analyzer=Analyzer(counting)) as again:
            again.analyze()
            again.compact()
            before = counting.pairs
            again.analyze()
    assert counting.pairs == before


def test_compacting_keeps_what_models_said_that_had_nothing_new_to_read(tmp_path, scorer):
    """A model used last, and one that takes the first look, keep their readings even where all were known."""
    counting, first = CountingScorer(scorer), CountingScorer(scorer)
    first.name = "first"
    analyzer = Analyzer(counting, first_look=first)
    with Archive(tmp_path, create=True, analyzer=analyzer) as archive:
        archive.add([STRIKES, LATER])
        archive.analyze()
        archive.analyze()
        archive.compact()
        before = counting.pairs, first.pairs
        archive.analyze()
    assert (counting.pairs, first.pairs) == before


def test_readings_of_another_model_are_not_taken(tmp_path, scorer):
    """What one model said is no answer of another."""
    counting = CountingScorer(scorer)
    with Archive(tmp_path, create=True, analyzer=Analyzer(counting)) as archive:
        archive.add([STRIKES, LATER])
        archive.analyze()
    before = counting.pairs
    counting.name = "another"
    with Archive(tmp_path, analyzer=Analyzer(counting)) as archive:
        archive.analyze()
    assert counting.pairs == 2 * before


# Commands ----------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, monkeypatch):
    """The command line, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "79")
    return lambda *arguments: CliRunner().invoke(cli.app, arguments)


def test_the_commands_work_together(run, tmp_path):
    """Documents go in, are listed, checked and removed from the command line."""
    (tmp_path / "articles").mkdir()
    for each in (STRIKES, COUNCIL):
        (tmp_path / "articles" / f"{each.name}.txt").write_text(each.text)
    added = run("archive", "add", "articles", "--archive", "kept")
    assert (added.exit_code, added.stdout) == (0, "")
    assert "2 documents added with" in added.stderr
    listed = run("archive", "list", "--archive", "kept", "--format", "jsonl")
    assert [json.loads(line)["name"] for line in listed.stdout.splitlines()] == [
        "council.txt",
        "strikes.txt",
    ]
    checked = run("check", "Russian air strikes hit Homs", "--archive", "kept")
    assert checked.exit_code == 0
    assert "contradiction\n      Sergei Lavrov (asserts, strikes.txt)" in checked.stdout
    assert "1 conflict, 1 support" in checked.stderr
    report = run("analyze", "--archive", "kept", "--format", "jsonl")
    assert report.exit_code == 0
    findings = [json.loads(line) for line in report.stdout.splitlines()]
    assert findings
    assert all(finding["flagged"] for finding in findings)
    removed = run("archive", "remove", "council.txt", "--archive", "kept")
    assert removed.exit_code == 0
    assert run("archive", "compact", "--archive", "kept").exit_code == 0
    verified = run("archive", "verify", "--archive", "kept")
    assert verified.exit_code == 0
    assert "1 document and" in verified.stderr


def test_what_is_left_out_of_a_folder_is_told(run, tmp_path):
    """Who adds, analyses or checks a folder is warned of files of other kinds, which is no failure."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "strikes.txt").write_text(STRIKES.text)
    (tmp_path / "articles" / "paper.pdf").write_bytes(b"%PDF-1.7")
    for command in (("archive", "add", "articles"), ("analyze", "articles"), ("check", "articles")):
        ended = run(*command, "--archive", "kept")
        assert ended.exit_code == 0
        assert "warning: articles: 1 file left out, of kinds that are not read" in ended.stderr
        assert "paper.pdf" in ended.stderr


def test_a_speaker_who_is_not_there_is_told(run, tmp_path):
    """Who asks for a speaker whom the archive does not have learns that, and not that nothing was found."""
    (tmp_path / "strikes.txt").write_text(STRIKES.text)
    run("archive", "add", "strikes.txt", "--archive", "kept")
    checked = run("check", "Strikes hit Homs", "--archive", "kept", "--speaker", "NOBODY")
    assert (checked.exit_code, checked.stdout) == (1, "")
    assert "error: No speaker in the archive is named NOBODY." in checked.stderr


def test_who_asks_for_days_is_told_what_has_no_date(run, tmp_path):
    """With --since or --until it is told how many statements have no date; without them nothing is."""
    for each in (STRIKES, COUNCIL):
        (tmp_path / f"{each.name}.txt").write_text(each.text)
    run("archive", "add", "strikes.txt", "--archive", "kept", "--date", "2015-10-01")
    run("archive", "add", "council.txt", "--archive", "kept")
    claim = ("check", "Russian air strikes hit Homs", "--archive", "kept")
    assert "without a date" not in run(*claim).stderr
    checked = run(*claim, "--since", "2015-01-01")
    assert "warning: 2 statements of documents without a date left out" in checked.stderr
    assert "1 conflict, 1 support" in checked.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("check", "The dam held", "--archive", "none"), 1, "No archive in none"),
        (("check", "missing.txt", "--archive", "none"), 1, "missing.txt does not exist"),
        *(
            ((*command, "--archive", "none", option, "May"), 2, f"Invalid value for '{option}'")
            for command, option in (
                (("check", "The dam held"), "--since"),
                (("check", "The dam held"), "--until"),
                (("check", "The dam held"), "--date"),
                (("archive", "add", "x.txt"), "--date"),
            )
        ),
        (
            (
                "check",
                "It held",
                "--archive",
                "none",
                "--since",
                "2016-01-02",
                "--until",
                "2015-01-01",
            ),
            2,
            "since must not be after until",
        ),
        (("archive", "verify", "--archive", "none"), 1, "No archive in none"),
        (("analyze",), 2, "name files or folders, or an archive"),
        (("archive", "add", "x.txt"), 2, "--archive"),
    ],
)
def test_wrong_commands_say_what_is_wrong(run, tmp_path, arguments, status, message):
    """One clear message, the right exit status, and nothing made."""
    ended = run(*arguments)
    assert ended.exit_code == status
    assert message in ended.stderr
    assert list(tmp_path.iterdir()) == []
