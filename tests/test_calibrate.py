"""What the conflict decision is fitted to: pairs labelled by gold, and by reviewers."""

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
