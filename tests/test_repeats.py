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
    pair = Pair(left, right, 0.5)
    judged = judge(pair, CLASH, texts=pair, texts_nli=CLASH, threshold=0.5, model="m")
    return replace(judged, score=score)


def test_repeats_and_copies_become_one_finding():
    """The best of the findings that show two claims stands for all, and names the places of the others."""
    claim = said("The dam has cracked.", holder="Ann Lee")
    denial = said("The dam has not cracked.", holder="Bob Roe", start=50)
    copy = said("Dam has cracked!", holder="Ann Lee", document="b", start=7)
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
        pytest.param(said("Two rebels beat the army."), id="a number"),
        pytest.param(said("All the rebels beat the army."), id="a quantifier"),
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


def test_copies_are_repeats_only_where_documents_are_compared():
    """The conflict of another article stays a finding of its own where each is read by itself."""

    def both(document):
        claim = said("The dam has cracked.", document=document)
        return finding(claim, said("The dam is whole.", document=document, start=50), 0.9)

    findings = [both("a"), both("b")]
    assert len(merge_repeats(findings)) == 1
    assert len(merge_repeats(findings, across=False)) == 2


def test_a_paper_against_itself_is_no_repeat_of_a_paper_against_another():
    """The same words make another kind of conflict between two documents, and so another finding."""
    claim, denial = said("The dam has cracked."), said("The dam has not cracked.", start=50)
    elsewhere = said("The dam has not cracked.", document="b")
    assert len(merge_repeats([finding(claim, denial, 0.9), finding(claim, elsewhere, 0.8)])) == 2


def test_a_role_is_somebody_else_in_another_document():
    """ "The minister" of two articles is two holders; a name is one."""
    for holder, same in (("minister", False), ("Ann Smith", True)):
        one = said("The dam has cracked.", holder=holder)
        other = said("The dam has cracked.", holder=holder, document="b")
        assert (claim_of(one) == claim_of(other)) is same
