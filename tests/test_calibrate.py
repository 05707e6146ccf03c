"""What the conflict decision is fitted to: pairs labelled by gold, and by reviewers."""

import subprocess
import sys

import calibrate
import pytest

from contradict.evaluation.gold import GoldPassages
from contradict.language import Language
from contradict.pairing import find_pairs
from contradict.records import Document, pair_id
from contradict.statements import split_document

TEXT = (
    "Ann Smith said the strikes hit the hospital in Homs. Bob Jones denied that the strikes hit the hospital in "
    "Homs. Carla Ray said the strikes hit a bridge in Homs."
)


@pytest.fixture(scope="module")
def pairs(language: Language):
    return find_pairs(split_document(language.parse(Document("a.txt", TEXT))), across=False)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    return tmp_path


def labels(mined):
    return {pair_id(each.pair.left, each.pair.right): each.label for each in mined}


def test_of_articles_without_gold_only_judged_pairs_count(pairs, folder):
    """What reviewers have judged is labelled as they say; nobody has said that the rest does not conflict."""
    ids = [pair_id(pair.left, pair.right) for pair in pairs]
    assert len(ids) > 2
    judged = {ids[0]: True, ids[1]: False, "elsewhere": True}
    assert labels(calibrate.mine([], folder, judged)) == {ids[0]: True, ids[1]: False}


def test_a_reviewer_is_believed_where_there_is_gold_too(pairs, folder):
    """Gold labels every pair of its articles, and a verdict goes before it."""
    ids = [pair_id(pair.left, pair.right) for pair in pairs]
    shown = pairs[0].left, pairs[0].right
    gold = GoldPassages(
        "a.txt", *((side.start, side.end) for side in shown), "denial", "1", sure=True
    )
    assert labels(calibrate.mine([gold], folder))[ids[0]] is True
    with_verdict = labels(calibrate.mine([gold], folder, {ids[0]: False}))
    assert with_verdict[ids[0]] is False
    assert with_verdict.keys() == set(ids)


@pytest.mark.parametrize("arguments", [["no.jsonl", "."], ["{gold}", "nowhere"]])
def test_what_cannot_be_read_is_told_in_a_line(arguments, tmp_path):
    """A wrong path is one line on standard error, and exit status 1."""
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        '{"article": "a.txt", "a_start": 0, "a_end": 5, "b_start": 6, "b_end": 9, "kind": "denial", '
        '"conflict_id": "1", "sure": true}\n'
    )
    command = [sys.executable, calibrate.__file__, *(a.format(gold=gold) for a in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.splitlines()) == 1
