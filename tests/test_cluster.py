"""The flow over shards, and on a Ray cluster."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contradict import Document, InputError, ModelError, cli, cluster
from contradict.cluster import STAGES, Settings, analyze_on_ray, finish, prepare

DOCUMENTS = [
    Document(
        "strikes",
        "Sergei Lavrov said on Thursday that Russian air strikes had not hit Homs. The Syrian opposition said that "
        "Russian air strikes had hit Homs and killed 36 people. Was the town of Talbiseh hit?",
        date="2015-10-01",
    ),
    Document("rumour", "Russian air strikes had not hit Homs. That is a lie, the mayor said."),
    Document("later", "Mr Lavrov said that Russian air strikes had hit Homs.", date="2016-03-01"),
    Document("note", "Photo by the desk"),
    Document(
        "council",
        "The council will raise water charges, the mayor said. The mayor denied that water charges would rise.",
    ),
    Document(
        "sharp",
        "The Gießen dam held. The Giessen dam held. The mayor denied that the GIESSEN dam held.",
    ),
    Document("copy", "Mr Lavrov said that Russian air strikes had hit Homs.", date="2015-09-01"),
]


def here(job, stage, shards):
    """Does a stage in this process."""
    for shard in shards:
        getattr(job, stage)(shard)
        yield


def told(report):
    """What a report says; scores in int8 depend a little on what else is in a batch."""
    return (
        report.statements,
        report.documents,
        {f.id: (f.kind, pytest.approx(f.score, abs=0.03)) for f in report.findings},
        {frozenset(map(frozenset, f.repeats)) for f in report.findings},
    )


@pytest.mark.parametrize(
    ("characters", "options"),
    [(1, {}), (200, {}), (100_000, {}), (200, {"across": False}), (200, {"within": False})],
    ids=["each", "some", "all", "only within", "only across"],
)
def test_shards_find_what_one_process_finds(tmp_path, monkeypatch, analyzer, characters, options):
    """However documents are shared out, statements and findings are those of one process."""
    monkeypatch.setattr(cluster, "SHARD_CHARACTERS", characters)
    job, failures = prepare(DOCUMENTS, Settings(**options), folder=tmp_path)
    assert (len(job.shards), failures) == ({1: 7, 200: 4, 100_000: 1}[characters], [])
    report = finish(job, here)
    expected = analyzer.analyze(DOCUMENTS, **options)
    assert told(report) == told(expected)
    assert report.findings


def test_an_interrupted_job_goes_on_where_it_was(tmp_path, monkeypatch):
    """What was done for a shard is not done again, and the result is the same."""
    monkeypatch.setattr(cluster, "SHARD_CHARACTERS", 200)
    done = Counter()

    def interrupted(job, stage, shards):
        for shard in shards:
            if sum(done.values()) == 10:
                raise KeyboardInterrupt
            done[stage, shard] += 1
            getattr(job, stage)(shard)
            yield

    job, _ = prepare(DOCUMENTS, Settings(), folder=tmp_path / "one")
    with pytest.raises(KeyboardInterrupt):
        finish(job, interrupted)
    again, _ = prepare(DOCUMENTS, Settings(), folder=tmp_path / "one")
    done["counted", "on"] = 1  # past the interruption
    report = finish(again, interrupted)
    del done["counted", "on"]
    assert set(done.values()) == {1}
    assert len(done) == len(STAGES) * len(job.shards)
    whole, _ = prepare(DOCUMENTS, Settings(), folder=tmp_path / "two")
    assert told(report) == told(finish(whole, here))


def test_a_folder_is_of_one_job(tmp_path):
    """Other documents or options are refused in a job's folder, and what is there stays."""
    prepare(DOCUMENTS[:2], Settings(), folder=tmp_path)
    before = sorted(tmp_path.rglob("*"))
    for documents, settings in (
        (DOCUMENTS[:1], Settings()),
        (DOCUMENTS[:2], Settings(threshold=0.9)),
    ):
        with pytest.raises(InputError, match="holds another job"):
            prepare(documents, settings, folder=tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    """What a user keeps in a folder is never touched."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "mine.txt").write_text("The dam held.")
    with pytest.raises(InputError, match="holds other files"):
        prepare(DOCUMENTS, Settings(), folder=tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["documents", "mine.txt"]


def test_a_wrong_model_is_told_before_anything_is_done(tmp_path):
    """The model is looked at first."""
    with pytest.raises(ModelError, match="no-such-model"):
        analyze_on_ray(DOCUMENTS, Settings(model="no-such-model"), folder=tmp_path / "job")
    assert not (tmp_path / "job").exists()


def test_nothing_to_read_is_told(tmp_path):
    """Without documents there is no job."""
    with pytest.raises(InputError, match=r"nothing\.txt: is not there"):
        prepare(tmp_path / "nothing.txt", Settings(), folder=tmp_path / "job")


def test_without_ray_it_says_what_to_install(tmp_path, monkeypatch):
    """Ray is an extra."""
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match=r"ray\[data\]"):
        analyze_on_ray(DOCUMENTS, Settings(), folder=tmp_path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--archive", "kept"], "an archive is analysed in one process"),
        ([], "name a folder that all machines of the cluster see"),
    ],
    ids=["archive", "no folder"],
)
def test_what_a_cluster_cannot_do_is_wrong_usage(tmp_path, monkeypatch, options, message):
    """An archive is not analysed on a cluster, and several machines need a folder that all see."""
    monkeypatch.setenv("RAY_ADDRESS", "10.0.0.1:6379")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("The dam held.")
    ended = CliRunner().invoke(cli.app, ["analyze", "a.txt", "--engine", "ray", *options])
    assert ended.exit_code == 2
    assert message in ended.output
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


_ON_RAY = """
import json, sys
from contradict import Document, cluster
cluster.SHARD_CHARACTERS = 200
documents = [Document.from_dict(each) for each in json.loads(sys.argv[2])]
report = cluster.analyze_on_ray(documents, cluster.Settings(), folder=sys.argv[1], workers=2)
print(json.dumps([finding.to_dict() for finding in report.findings]))
"""


def _ray_workers():
    """The processes that work for a cluster of this machine."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"ray::Map(" in (process / "cmdline").read_bytes():
                yield int(process.name)
        except OSError:  # it has ended
            continue


def _listening():
    """The addresses, in hexadecimal, that this machine listens on."""
    rows = [
        row.split()
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for row in Path(table).read_text().splitlines()[1:]
    ]
    return {row[1] for row in rows if row[3] == "0A"}


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="finds workers through /proc")
def test_ray_finds_the_same_though_a_worker_is_killed(tmp_path, analyzer):
    """On a cluster of two processes, one of them killed at work, the findings are the same to the last id."""
    documents = json.dumps([document.to_dict() for document in DOCUMENTS])
    before = _listening()
    process = subprocess.Popen(
        [sys.executable, "-Pc", _ON_RAY, str(tmp_path / "job"), documents],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
    )
    killed = 0
    while process.poll() is None and not killed:
        time.sleep(0.05)
        if (tmp_path / "job" / "split").is_dir():  # a worker has done a shard
            for worker in list(_ray_workers())[:1]:
                served = _listening() - before
                os.kill(worker, signal.SIGKILL)
                killed += 1
    output, _ = process.communicate(timeout=240)
    assert (process.returncode, killed) == (0, 1)
    assert served
    assert {
        address for address in served if not address.rpartition(":")[0].endswith("0100007F")
    } == set()
    found = json.loads(output)
    expected = {finding.id: finding for finding in analyzer.analyze(DOCUMENTS).findings}
    assert {each["id"] for each in found} == expected.keys()
    for each in found:
        assert each["score"] == pytest.approx(expected[each["id"]].score, abs=0.03)
        assert each["kind"] == expected[each["id"]].kind
