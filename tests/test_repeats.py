"""The same claim counts once, however often it is made."""

from dataclasses import replace

import pytest

from contradict.algebra import is_denial
from contradict.conflict import judge
from contradict.records import Nli, Pair, Place, Probabilities, Speaker, Statement
from contradict.repeats import claim_of, merge_repeats

CLASH = Nli(Probabilities(0.01, 0.02, 0.97), Probabilities(0.01, 0.02, 0.97))


def said(text, *, document="a", start=0, holder=None, stance="asserts"):
    speaker = Speaker(holder, 0, len(holder), holder) if holder else None
    return Statement(document, start, start + len(text), text, text, speaker=speaker, stance=stance)


def finding(left, right, score):
    return replace(judge(Pair(left, right, 0.5), CLASH, threshold=0.5, model="m"), score=score)


def test_repeats_and_copies_become_one_finding():
    """The best of the findings that show two claims stands for all, and names the places of the others."""
    claim, denial = said("The dam has cracked."), said("The dam has not cracked.", start=50)
    copy = said("The dam has cracked!", document="b", start=7)
    turned = finding(denial, copy, 0.8)
    other = finding(claim, said("The dam is new.", start=90), 0.7)
    merged = merge_repeats([finding(claim, denial, 0.9), turned, other])
    assert [(each.score, len(each.repeats)) for each in merged] == [(0.9, 1), (0.7, 0)]
    assert merged[0].repeats == ((Place.of(copy), Place.of(denial)),)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(said("The rebels did not beat the army."), id="negated"),
        pytest.param(said("The army beat the rebels."), id="roles swapped"),
        pytest.param(said("The rebels beat the army twice."), id="more said"),
        pytest.param(said("The rebels beat the army.", holder="Ann"), id="another holder"),
        pytest.param(said("The rebels beat the army.", stance="reports"), id="another stance"),
    ],
)
def test_other_claims_stay_apart(other):
    """Polarity, order, content, holder and stance all tell claims apart."""
    assert claim_of(other) != claim_of(said("The rebels beat the army."))


def test_a_repeated_claim_of_an_article_is_found_once(analyzer):
    """An article that says the same twice has one finding for it, with the other place named."""
    text = (
        "The dam has cracked, Ann Smith said on Monday.\n\nBob Jones denied that the dam has cracked.\n\n"
        "The dam has cracked, Ann Smith said.\n"
    )
    from contradict.records import Document

    report = analyzer.analyze(Document("a", text))
    denials = [f for f in report.findings if is_denial(f.left, f.right)]
    assert [len(f.repeats) for f in denials] == [1]
    for both in denials[0].repeats:
        for place in both:
            assert "dam has cracked" in text[place.start : place.end]
