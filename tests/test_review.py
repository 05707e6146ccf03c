"""Verdicts kept, exported and asked for over the network, without a browser (that is tests/test_review_page.py)."""

import contextlib
import csv
import http.client
import io
import json
import random
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_report import FINDING, LEFT, RIGHT, TEXT
from typer.testing import CliRunner

from contradict import cli, database
from contradict.errors import InputError
from contradict.evaluation.gold import read_gold
from contradict.records import KINDS, Context, Document
from contradict.report import open_output, write_jsonl
from contradict.review.documents import find_documents
from contradict.review.exports import claim_reviews, export, gold_pairs, judged
from contradict.review.server import Review, serve
from contradict.review.store import VERDICTS, ChangedError, Store

AROUND = (Context(TEXT[10:68], 10, 10, 51), Context(TEXT[70:], 70, 70, len(TEXT)))


DAMAGED = r"The verdicts in .*v\.sqlite cannot be used: .* take a copy .* --verdicts FILE"


def numbered(number):
    """A finding that no other number has."""
    return replace(
        FINDING, left=replace(LEFT, proposition=f"Claim {number}."), contexts=AROUND, score=0.9
    )


FINDINGS = [numbered(number) for number in range(5)]


def written(path, findings):
    with open_output(path) as stream:
        write_jsonl(findings, stream)
    return path


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "v.sqlite") as opened:
        yield opened


def judge(store, finding, verdict="conflict", **options):
    latest = store.latest().get(finding.id)
    seen = latest.event if latest else 0
    store.save(finding, verdict, **{"kind": "denial", "seen": seen} | options)
    return store.latest()[finding.id]


def exported(store, form):
    stream = io.StringIO(newline="")
    export(store, form, stream)
    return stream.getvalue()


class TestStore:
    @settings(max_examples=40)
    @given(
        st.lists(
            st.tuples(st.integers(0, 2), st.sampled_from([*VERDICTS, "undo"]), st.text(max_size=5))
        )
    )
    def test_what_was_done_is_what_is_kept(self, tmp_path_factory, steps):
        """After any verdicts and undos, and after opening the file anew, each finding has what a stack would hold."""
        path = tmp_path_factory.mktemp("store") / "v.sqlite"
        stacks = {finding.id: [] for finding in FINDINGS}
        with Store(path) as store:
            for number, verdict, note in steps:
                finding = FINDINGS[number]
                if verdict != "undo":
                    stacks[finding.id].append(judge(store, finding, verdict, note=note))
                elif stacks[finding.id]:
                    gone = stacks[finding.id].pop()
                    store.undo(gone.event, finding=finding.id)
                    assert store.latest().get(finding.id) == (stacks[finding.id] or [None])[-1]
        with Store(path) as store:
            assert store.latest() == {name: stack[-1] for name, stack in stacks.items() if stack}
            assert sorted(store.events(), key=lambda each: each.event) == sorted(
                (each for stack in stacks.values() for each in stack), key=lambda each: each.event
            )

    def test_a_verdict_on_a_stale_view_is_refused(self, store):
        """Who has not seen the latest verdict does not replace it, and is told what it is."""
        first = judge(store, FINDINGS[0])
        with pytest.raises(ChangedError) as refused:
            judge(store, FINDINGS[0], "unsure", seen=0)
        assert refused.value.now == first
        second = judge(store, FINDINGS[0], "no_conflict")
        with pytest.raises(ChangedError) as refused:
            store.undo(first.event, finding=FINDINGS[0].id)
        assert refused.value.now == second
        with pytest.raises(ValueError, match="no verdict"):
            store.undo(second.event, finding=FINDINGS[1].id)
        store.undo(second.event, finding=FINDINGS[0].id)
        assert store.latest() == {FINDINGS[0].id: first}

    def test_what_is_asked_twice_is_done_once(self, store):
        """A request that is sent again, since its answer was lost, changes nothing more, and is not refused."""
        asked = {"kind": "denial", "seen": 0, "request": "a"}
        event = store.save(FINDINGS[0], "conflict", **asked)
        assert store.save(FINDINGS[0], "conflict", **asked) == event
        assert [each.event for each in store.events()] == [event]
        for _ in range(2):
            store.undo(event, finding=FINDINGS[0].id)
        assert store.save(FINDINGS[0], "conflict", **asked) == event
        assert store.events() == []

    def test_many_at_once_lose_nothing(self, tmp_path):
        """Programs that keep verdicts in one file at the same time wait for each other."""
        path = tmp_path / "v.sqlite"
        mine = [[numbered(f"{thread}-{i}") for i in range(20)] for thread in range(4)]

        def work(findings):
            with Store(path) as store:
                for finding in findings:
                    store.save(finding, "conflict", kind="denial", seen=0)

        threads = [threading.Thread(target=work, args=(findings,)) for findings in mine]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with Store(path) as store:
            assert store.latest().keys() == {each.id for findings in mine for each in findings}
            assert store.findings() == {each.id: each for findings in mine for each in findings}

    def test_a_file_that_another_is_making_is_no_foreign_one(self, tmp_path):
        """Who looks at the marks of a file while another program sets them sees none or both."""
        one, other = (
            sqlite3.connect(tmp_path / "v.sqlite", isolation_level=None, timeout=0)
            for _ in range(2)
        )
        form = {"application": 7, "version": 1, "tables": "CREATE TABLE a (b)", "what": "numbers"}

        def step_between(statement):
            if statement == "PRAGMA user_version":
                one.set_trace_callback(None)
                with contextlib.suppress(sqlite3.OperationalError):  # it may have to wait
                    database.set_up(other, **form)

        one.set_trace_callback(step_between)
        database.set_up(one, **form)
        database.set_up(other, **form)
        one.close()
        other.close()

    @pytest.mark.parametrize(
        "values",
        [{"verdict": "maybe"}, {"kind": "quarrel"}, {"note": "x" * 2001}],
        ids=["verdict", "kind", "note"],
    )
    def test_nonsense_is_refused(self, store, values):
        """A verdict of no such name, kind or length is no verdict."""
        with pytest.raises(ValueError, match="must"):
            judge(store, FINDINGS[0], **values)
        assert store.events() == []

    def test_other_files_are_left_alone(self, tmp_path):
        """A file of another program is not written to, and the error says what to do."""
        text, database, newer = (tmp_path / name for name in ("a.txt", "b.sqlite", "c.sqlite"))
        text.write_text("My notes. " * 100)
        with sqlite3.connect(database) as other:
            other.execute("CREATE TABLE mine (x)")
        other.close()
        with Store(newer) as store:
            store._database.execute("PRAGMA user_version = 9")
        before = [path.read_bytes() for path in (text, database, newer)]
        for path in (text, database, newer):
            with pytest.raises(InputError, match=r"Wanted a file made by .* --verdicts FILE"):
                Store(path)
        assert [path.read_bytes() for path in (text, database, newer)] == before
        with pytest.raises(InputError, match="--verdicts FILE"):
            Store(tmp_path / "no" / "folder.sqlite")

    @pytest.mark.parametrize(
        "do",
        [
            lambda store: store.events(),
            lambda store: store.findings(),
            lambda store: store.save(FINDINGS[1], "conflict", kind="denial", seen=0),
            lambda store: store.undo(1, finding=FINDINGS[0].id),
            lambda store: store.merge([{"finding": "a", "verdict": "unsure"}], {"a": FINDINGS[1]}),
        ],
        ids=["events", "findings", "save", "undo", "merge"],
    )
    def test_a_damaged_file_is_told(self, tmp_path, do):
        """Whatever is done with a file of which pages are overwritten, one error names it and what to do."""
        path = tmp_path / "v.sqlite"
        with Store(path) as store:
            judge(store, FINDINGS[0])
            [[size]] = store._database.execute("PRAGMA page_size")
        pages = path.read_bytes()
        path.write_bytes(pages[:size] + b"\xff" * (len(pages) - size))
        with Store(path) as store, pytest.raises(InputError, match=DAMAGED):
            do(store)

    def test_a_schema_that_is_no_text_is_told(self, tmp_path):
        """Damage in the definitions of the tables, which SQLite quotes in its message, is told at the start."""
        path = tmp_path / "v.sqlite"
        with Store(path):
            pass
        path.write_bytes(path.read_bytes().replace(b"tablefinding", b"table\xffinding"))
        with pytest.raises(InputError, match="--verdicts FILE"):
            Store(path)

    def test_verdicts_made_elsewhere_are_taken_over(self, store):
        """Those of known findings without a verdict are taken over, others are not, and none twice."""
        judge(store, FINDINGS[0], "unsure")
        rows = [
            {"finding": FINDINGS[0].id, "verdict": "conflict"},
            {"finding": FINDINGS[1].id, "verdict": "conflict"},
            {"finding": FINDINGS[1].id, "verdict": "no_conflict", "note": "theirs"},
            {"finding": "unknown", "verdict": "conflict"},
        ]
        by_id = {finding.id: finding for finding in FINDINGS}
        assert store.merge(rows, by_id) == (1, 1, 1)
        assert store.merge(rows, by_id) == (0, 2, 1)
        with pytest.raises(ValueError, match="row 2: wanted a finding and a verdict"):
            store.merge([{"finding": FINDINGS[3].id, "verdict": "unsure"}, {"text": "x"}], by_id)
        assert FINDINGS[3].id not in store.latest()
        latest = store.latest()
        assert latest[FINDINGS[0].id].verdict == "unsure"
        assert (latest[FINDINGS[1].id].verdict, latest[FINDINGS[1].id].note) == (
            "no_conflict",
            "theirs",
        )


class TestExports:
    @pytest.mark.parametrize(
        ("damage", "told"),
        [
            ("UPDATE finding SET data = '{}'", "'schema' must be"),
            ("UPDATE finding SET data = '[]'", "a JSON object was expected, got a list"),
            ("UPDATE finding SET data = 'null'", "a JSON object was expected, got null"),
            ("UPDATE finding SET data = replace(data, 'asserts', 'zzz')", "got 'zzz'"),
            ("UPDATE finding SET data = CAST(x'ff' AS TEXT)", "decode"),
            ("UPDATE verdict SET verdict = 'zzz'", "verdict 1 is 'zzz'"),
            ("UPDATE verdict SET kind = 'zzz'", "of the kind 'zzz'"),
            ("DELETE FROM finding", f"there is no finding '{FINDINGS[0].id}'"),
        ],
    )
    @pytest.mark.parametrize("form", ["jsonl", "csv", "json"])
    def test_what_was_never_kept_is_not_exported(self, store, form, damage, told):
        """What stands in a damaged file and is no finding or no verdict is told, not exported."""
        judge(store, FINDINGS[0])
        store._database.execute(damage)
        with pytest.raises(InputError, match=DAMAGED) as error:
            exported(store, form)
        assert told in str(error.value)

    def test_gold_pairs_are_read_by_evaluate(self, store, tmp_path):
        """Judged findings become pairs with the sentences as texts; those that are unsure do not."""
        for finding, verdict in zip(FINDINGS, ("conflict", "no_conflict", "unsure"), strict=False):
            judge(store, finding, verdict)
        (tmp_path / "gold.jsonl").write_text(exported(store, "jsonl"), "utf-8")
        pairs = read_gold(tmp_path / "gold.jsonl").pairs
        assert [(pair.id, pair.conflict) for pair in pairs] == [
            (FINDINGS[0].id, True),
            (FINDINGS[1].id, False),
        ]
        assert pairs[0].a == "The strikes hit no Isil target, Ann said."
        assert pairs[0].b == "The strikes hit Isil, Bob insisted."
        assert pairs[0].slice == "denial"
        assert pairs[0].reviewed == (FINDINGS[0].score, True)

    def test_other_scores_are_not_the_reviewers(self, tmp_path):
        """Gold with scores of other making, from `contradict score` or elsewhere, says nothing of what was reviewed."""
        row = {
            "a": "A left.",
            "b": "A stayed.",
            "label": "conflict",
            "score": "high",
            "flagged": True,
        }
        (tmp_path / "gold.jsonl").write_text(json.dumps(row) + "\n")
        [pair] = read_gold(tmp_path / "gold.jsonl").pairs
        assert pair.reviewed is None

    def test_two_statements_of_one_sentence_are_told_apart(self, store):
        """Where both stand in one sentence, or no sentence is known, the texts say who says what."""
        denied = replace(LEFT, stance="denies", proposition="The strikes hit Isil.")
        whole = Context(TEXT, 0, 0, len(TEXT))
        for contexts in ((None, None), (whole, whole)):
            judge(store, replace(FINDING, left=denied, contexts=contexts))
            [pair] = gold_pairs(judged(store))
            assert pair["a"] == "Ann denied that the strikes hit Isil."
            assert pair["b"] == "Bob said that the strikes hit Isil."

    def test_csv_has_all_and_runs_nothing(self, store):
        """The table has every verdict beside its finding; what a spreadsheet would run is quoted."""
        judge(store, FINDINGS[0], "unsure", note='=HYPERLINK("x")')
        [row] = csv.DictReader(io.StringIO(exported(store, "csv")))
        assert (row["verdict"], row["verdict_kind"], row["id"]) == (
            "unsure",
            "denial",
            FINDINGS[0].id,
        )
        assert row["note"].startswith("'=")
        assert row["left_text"] == LEFT.text

    def test_claim_reviews_are_drafts_without_a_rating(self, store):
        """Confirmed conflicts alone become drafts; the claim is what is denied, and nobody is said to be right."""
        denial = replace(FINDING, left=replace(LEFT, stance="denies", outlet="The Daily"))
        judge(store, denial, note="Ask both.")
        judge(store, FINDINGS[1], "no_conflict")
        [draft] = claim_reviews(judged(store))
        assert draft["@type"] == "ClaimReview"
        assert "reviewRating" not in json.dumps(draft)
        assert draft["claimReviewed"] == RIGHT.proposition
        assert draft["itemReviewed"]["author"]["name"] == "Bob"
        [against] = draft["mentions"]
        assert against["author"]["name"] == "Ann"
        assert against["appearance"]["publisher"]["name"] == "The Daily"
        assert draft["reviewBody"].endswith("Ask both.")

    @pytest.mark.parametrize(
        "document", ["/home/ann/x+y/secret/a.txt", r"C:\Users\ann\secret\a.txt"]
    )
    @pytest.mark.parametrize("form", ["jsonl", "csv", "json"])
    def test_paths_stay_here(self, store, form, document):
        """A document that is named by its whole path is exported by its file's name."""
        side = replace(LEFT, document=document)
        judge(store, replace(FINDING, left=side, right=replace(RIGHT, document=document)))
        assert "secret" not in exported(store, form)
        assert "a.txt" in exported(store, form)


class TestDocuments:
    def test_by_name_and_only_if_unchanged(self, tmp_path):
        """A document is found by its name beside the report; one that has changed is not shown but told."""
        (tmp_path / "a.txt").write_text(TEXT, "utf-8")
        assert find_documents(FINDINGS, folders=[tmp_path]) == ([Document("a.txt", TEXT)], [])
        (tmp_path / "a.txt").write_text("Other.", "utf-8")
        documents, [note] = find_documents(FINDINGS, folders=[tmp_path])
        assert documents == []
        assert "a.txt is not as it was" in note

    def test_documents_in_folders_keep_their_names(self, tmp_path):
        """A document that was named by its path in a folder is found by it, and keeps that name."""
        (tmp_path / "2024").mkdir()
        (tmp_path / "2024" / "a.txt").write_text(TEXT, "utf-8")
        side = replace(LEFT, document="2024/a.txt")
        finding = replace(FINDING, left=side, right=side)
        found = find_documents([finding], folders=[tmp_path])
        assert found == ([Document("2024/a.txt", TEXT)], [])

    def test_a_report_must_know_what_it_names(self, tmp_path):
        """A file of which a report quotes nothing is not shown, whatever else is in the folder."""
        (tmp_path / ".env").write_text("SECRET=1", "utf-8")
        side = replace(LEFT, document=".env", start=0, end=0, text="")
        documents, _ = find_documents([replace(FINDING, left=side, right=side)], folders=[tmp_path])
        assert documents == []

    def test_a_report_cannot_name_files_elsewhere(self, tmp_path):
        """A name that leads out of the folder finds nothing, even where the words are right."""
        (tmp_path / "inside").mkdir()
        (tmp_path / "a.txt").write_text(TEXT, "utf-8")
        for name in ("../a.txt", str(tmp_path / "a.txt")):
            hostile = replace(
                FINDING,
                left=replace(LEFT, document=name),
                right=replace(RIGHT, document=name),
            )
            assert find_documents([hostile], folders=[tmp_path / "inside"]) == ([], [])

    def test_given_paths_must_do(self, tmp_path):
        """Paths that were given and do not help are told."""
        (tmp_path / "b.txt").write_text(TEXT, "utf-8")
        documents, [note] = find_documents(FINDINGS, paths=[str(tmp_path / "b.txt")])
        assert documents == []
        assert "1 document not found" in note
        with pytest.raises(InputError, match=r"no.txt"):
            find_documents(FINDINGS, paths=[str(tmp_path / "no.txt")])


class Served:
    """`contradict review` in a process of its own."""

    def __init__(self, report, *options):
        self.process = subprocess.Popen(
            [sys.executable, "-Pm", "contradict", "review", str(report), "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.url = self.process.stdout.readline().strip()
        assert self.url, self.process.stderr.read()
        self.host = urlsplit(self.url).netloc

    def ask(self, method, path, body=None, **headers):
        """Status and text of an answer to a request as the page sends it, but for the headers given."""
        connection = http.client.HTTPConnection(self.host, timeout=20)
        usual = {"Origin": f"http://{self.host}", "Content-Type": "application/json"}
        usual |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(
                method,
                urlsplit(self.url).path + path,
                body if body is None or isinstance(body, bytes) else json.dumps(body),
                {name: value for name, value in usual.items() if value is not None},
            )
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()


def change(finding=FINDINGS[0], **values):
    change = {"finding": finding.id, "verdict": "conflict", "kind": "denial", "note": "", "seen": 0}
    return change | {"request": secrets.token_hex(8)} | values


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    report = written(tmp_path_factory.mktemp("served") / "report.jsonl", FINDINGS)
    with Served(report) as running:
        yield running


class TestServer:
    def test_verdicts_are_kept_listed_and_undone(self, served):
        """What the page sends is kept, told again, refused on a stale view, and undone."""
        status, answer = served.ask("POST", "verdicts", change(note="Seen."))
        assert status == 200
        [saved] = json.loads(served.ask("GET", "verdicts")[1])
        assert (saved["verdict"], saved["note"]) == ("conflict", "Seen.")
        assert json.loads(answer) == {"event": saved["event"]}
        status, answer = served.ask("POST", "verdicts", change(verdict="unsure"))
        assert (status, json.loads(answer)) == (409, {"refused": True, "now": saved})
        assert "Seen." in served.ask("GET", "export/pairs.jsonl")[1]
        undo = {"event": saved["event"], "finding": FINDINGS[0].id}
        assert served.ask("POST", "undo", undo | {"finding": FINDINGS[1].id})[0] == 400
        assert served.ask("POST", "undo", undo) == (200, '{"event":null}')
        assert json.loads(served.ask("GET", "verdicts")[1]) == []

    @pytest.mark.parametrize(
        "headers",
        [
            {"Host": "evil.example"},
            {"Host": "localhost:1"},
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Origin": None},
            {"Origin": "http://127.0.0.1:1"},
            {"Content_Type": "text/plain"},
            {"Content_Type": None},
        ],
        ids=str,
    )
    def test_requests_of_others_change_nothing(self, served, headers):
        """A foreign host, origin or kind of content is refused."""
        before = served.ask("GET", "verdicts")
        assert served.ask("POST", "verdicts", change(), **headers)[0] == 403
        assert served.ask("GET", "verdicts") == before

    def test_a_foreign_name_cannot_read(self, served):
        """A page whose name was made to lead here reads nothing either."""
        assert served.ask("GET", "", Host="evil.example") == (
            403,
            "Refused: the host 'evil.example' is not the one that is served.\n",
        )

    @pytest.mark.parametrize(
        "path", ["/", "/verdicts", "/export/pairs.jsonl", "/wrong/", "/wrong/verdicts"]
    )
    def test_without_the_token_there_is_nothing(self, served, path):
        """Every address needs the token."""
        connection = http.client.HTTPConnection(served.host, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, FINDINGS[0].id in answer.read().decode()) == (404, False)
        connection.close()

    def test_verdicts_on_other_findings_are_not_shown(self, tmp_path):
        """Verdicts on findings that the report has no more are kept, and no page can undo them."""
        report = written(tmp_path / "report.jsonl", FINDINGS[1:])
        with Store(tmp_path / "report.verdicts.sqlite") as store:
            kept = [judge(store, finding) for finding in FINDINGS[:2]]
            with Served(report) as served:
                told = json.loads(served.ask("GET", "verdicts")[1])
                assert [each["event"] for each in told] == [kept[1].event]
                undo = {"event": kept[0].event, "finding": FINDINGS[0].id}
                assert served.ask("POST", "undo", undo)[0] == 400
            assert store.events() == kept

    def test_the_token_is_new_each_time(self):
        """Two starts have two tokens, too long to guess."""
        tokens = {Review([], store=None).token for _ in range(3)}
        assert len(tokens) == 3
        assert all(len(token) >= 32 for token in tokens)

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"{", 400),
            (b"\xff", 400),
            ([], 400),
            ({}, 400),
            (change(finding=replace(FINDING, left=RIGHT)), 400),
            (change(verdict="x"), 400),
            (change(seen="0"), 400),
            (change(seen=-1), 400),
            (change(seen=10**30), 400),
            (change(note=5), 400),
            (change(finding=replace(FINDING)) | {"finding": []}, 400),
            (b"[" * 100_000, 413),
            (b"[" * 50_000, 400),
        ],
        ids=range(13),
    )
    def test_nonsense_is_refused(self, served, body, status):
        """What is no verdict is refused with a reason and leaves the server well."""
        answer, text = served.ask("POST", "verdicts", body)
        assert answer == status, text
        assert text.startswith("Refused: ")
        assert served.ask("GET", "verdicts")[0] == 200

    def test_a_client_that_goes_away_is_no_accident(self, tmp_path):
        """A request that ends in the midst of its body changes nothing, and nobody is shown a traceback."""
        served = Served(written(tmp_path / "report.jsonl", FINDINGS))
        address = urlsplit(served.url)
        with socket.create_connection((address.hostname, address.port), timeout=20) as client:
            client.sendall(
                f"POST {address.path}verdicts HTTP/1.1\r\nHost: {served.host}\r\nOrigin: http://{served.host}\r\n"
                'Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"find'.encode()
            )
        assert served.ask("GET", "verdicts") == (200, "[]")
        served.process.send_signal(signal.SIGINT)
        assert "Traceback" not in served.process.communicate(timeout=20)[1]

    def test_a_file_that_fails_meanwhile_is_told(self, tmp_path):
        """Where verdicts cannot be used any more, every request is answered with the reason and no traceback."""
        served = Served(written(tmp_path / "report.jsonl", FINDINGS))
        with Store(tmp_path / "report.verdicts.sqlite") as store:
            store._database.execute("DROP TABLE verdict")
        undo = {"event": 1, "finding": FINDINGS[0].id}
        for asked in (
            ("GET", "verdicts"),
            ("GET", "export/pairs.jsonl"),
            ("POST", "verdicts", change()),
            ("POST", "undo", undo),
        ):
            status, text = served.ask(*asked)
            assert status == 503
            assert "cannot be used: no such table: verdict. Wanted" in text
        served.process.send_signal(signal.SIGINT)
        assert "Traceback" not in served.process.communicate(timeout=20)[1]

    def test_reading_changes_nothing(self, served):
        """No address that changes something answers to GET."""
        for path in ("undo", "verdicts?finding=x&verdict=conflict"):
            status, _ = served.ask("GET", path)
            assert status == (405 if path == "undo" else 200)
        assert json.loads(served.ask("GET", "verdicts")[1]) == []

    def test_only_this_machine_unless_told_otherwise(self):
        """Another address is refused in words that name the option."""
        review = Review([], store=None)
        with pytest.raises(InputError, match="add --allow-network"):
            serve(review, host="0.0.0.0", ready=pytest.fail)
        with pytest.raises(InputError, match="is not an address"):
            serve(review, host="example.org", ready=pytest.fail)

    def test_interrupting_it_is_how_it_ends(self, tmp_path):
        """Ctrl-C ends a review with status 0 and nothing on standard output but the address."""
        served = Served(written(tmp_path / "report.jsonl", FINDINGS))
        served.process.send_signal(signal.SIGINT)
        out, err = served.process.communicate(timeout=20)
        assert (served.process.returncode, out) == (0, "")
        assert "Traceback" not in err

    def test_killed_in_the_midst_of_verdicts_nothing_is_lost(self, tmp_path):
        """Killed fifty times while verdicts come in, it has every verdict that it said was kept, and no broken file."""
        report = written(tmp_path / "report.jsonl", [numbered(number) for number in range(3)])
        findings = [numbered(number) for number in range(3)]
        chance = random.Random(7)
        kept = {}
        for _ in range(50):
            with Served(report) as served:
                timer = threading.Timer(chance.uniform(0, 0.05), served.process.kill)
                try:
                    while True:
                        finding = chance.choice(findings)
                        verdict, seen = chance.choice(VERDICTS), kept.get(finding.id, 0)
                        status, answer = served.ask(
                            "POST", "verdicts", change(finding, verdict=verdict, seen=seen)
                        )
                        assert status in (200, 409), answer
                        told = json.loads(answer)
                        kept[finding.id] = told["event"] if status == 200 else told["now"]["event"]
                        if status == 200 and timer.ident is None:
                            timer.start()  # so that every time at least one was kept
                except (OSError, http.client.HTTPException):
                    timer.join()
            with Store(tmp_path / "report.verdicts.sqlite") as store:
                events = [verdict.event for verdict in store.events()]
                assert set(kept.values()) <= set(events)
                assert store._database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert len(events) >= 50


class TestCommand:
    def invoke(self, *arguments):
        return CliRunner().invoke(cli.app, ["review", *map(str, arguments)])

    def test_export_needs_no_server(self, tmp_path):
        """Verdicts are written to a file of the form that its name says, or as gold pairs to standard output."""
        report = written(tmp_path / "report.jsonl", FINDINGS)
        with Store(tmp_path / "report.verdicts.sqlite") as store:
            judge(store, FINDINGS[0])
            for name in ("gold.jsonl", "all.csv", "claims.json"):
                result = self.invoke(report, "--export", tmp_path / name)
                assert result.exit_code == 0, result.output
                expected = exported(store, name.rpartition(".")[2])
                assert (tmp_path / name).read_bytes().decode() == expected
            assert self.invoke(report, "--export", "-").stdout == exported(store, "jsonl")
        refused = self.invoke(report, "--export", tmp_path / "x.txt")
        assert refused.exit_code == 2
        assert "must end in .jsonl, .csv or .json" in " ".join(refused.output.split())

    def test_a_new_report_keeps_the_verdicts(self, tmp_path):
        """Verdicts survive an analysis that finds less, and are exported even then."""
        report = written(tmp_path / "report.jsonl", FINDINGS)
        with Store(tmp_path / "report.verdicts.sqlite") as store:
            judge(store, FINDINGS[0])
        written(report, FINDINGS[1:])
        result = self.invoke(report, "--export", "-")
        assert json.loads(result.stdout)["id"] == FINDINGS[0].id

    def test_import(self, tmp_path):
        """Verdicts saved from a page that was opened as a file are taken over."""
        report = written(tmp_path / "report.jsonl", FINDINGS)
        saved = tmp_path / "verdicts.jsonl"
        saved.write_text(json.dumps({"finding": FINDINGS[2].id, "verdict": "no_conflict"}) + "\n")
        result = self.invoke(report, "--import", saved, "--export", "-")
        assert json.loads(result.stdout)["label"] == "no_conflict"
        assert "1 verdict taken over" in result.stderr
        assert "1 verdict: 0 conflict, 1 not a conflict, 0 unsure" in result.stderr
        saved.write_text(json.dumps({"finding": "x", "text": "no verdict"}) + "\n")
        result = self.invoke(report, "--import", saved, "--export", "-")
        assert result.exit_code == 1
        assert "wanted a finding and a verdict" in result.stderr

    @pytest.mark.parametrize(
        ("content", "complaint"),
        [(None, "Cannot read"), ("x", "line 1: not valid JSON"), ('{"a": 1}', "'schema' must be")],
    )
    def test_a_report_that_is_none(self, tmp_path, content, complaint):
        """What is no report gives one clear error and makes no file."""
        path = tmp_path / "report.jsonl"
        if content is not None:
            path.write_text(content)
        result = self.invoke(path)
        assert result.exit_code == 1
        assert complaint in result.stderr
        assert not list(tmp_path.glob("*.sqlite*"))


def test_kinds_of_the_page_are_those_of_the_records():
    """A reviewer can choose every kind there is."""
    assert set(KINDS) == {"denial", "contradiction", "self-contradiction", "reversal"}
