"""The same claim counts once, however often it is made."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contradict.algebra import is_denial
from contradict.conflict import judge
from contradict.pipeline import report_of
from contradict.records import Nli, Pair, Place, Probabilities, Speaker, Statement
from contradict.repeats import (
    AGAIN,
    claim_of,
    crowded_scores,
    lower_crowded,
    merge_repeats,
)

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


def test_what_repeats_a_likelier_conflict_in_other_words_is_lowered():
    """Each claim counts in full once; what else it meets in the same documents is worth less each time."""
    claim = said("The dam has cracked.", holder="Ann Lee")
    denials = [
        said(f"The dam is {word}.", holder="Bob Roe", start=50 * place)
        for place, word in enumerate(("sound", "safe", "tight"), 1)
    ]
    elsewhere = said("The dam is whole.", holder="Cem Oz", document="b")
    apart = finding(said("Rents rose.", start=300), said("Rents fell.", start=350), 0.55)
    findings = [finding(claim, each, 0.6 - place / 10) for place, each in enumerate(denials)]
    lowered = lower_crowded([*findings, finding(claim, elsewhere, 0.4), apart], threshold=0.45)
    score = {each.right.proposition: each.score for each in lowered}
    assert score["The dam is sound."] == 0.6
    assert score["Rents fell."] == 0.55
    assert score["The dam is whole."] == 0.4
    for times, (word, alone) in enumerate((("safe", 0.5), ("tight", 0.4)), 1):
        odds = alone / (1 - alone) * AGAIN**times
        assert score[f"The dam is {word}."] == pytest.approx(odds / (1 + odds))
    assert lowered == sorted(lowered, key=lambda each: -each.score)
    assert [each.flagged for each in lowered] == [each.score >= 0.45 for each in lowered]


def test_a_report_ranks_by_the_lowered_scores():
    """The second denial of a claim falls behind another conflict, and below the threshold."""
    claim = said("The dam has cracked.")
    sound, safe = said("The dam is sound.", start=50), said("The dam is safe.", start=100)
    apart = finding(said("Rents rose.", start=300), said("Rents fell.", start=350), 0.5)
    found = [finding(claim, sound, 0.8), finding(claim, safe, 0.52), apart]
    report = report_of([], found, threshold=0.5, model="nli", across=False)
    assert [each.right.proposition for each in report.findings] == [
        "The dam is sound.",
        "Rents fell.",
        "The dam is safe.",
    ]
    assert [each.flagged for each in report.findings] == [True, True, False]


def test_a_repeat_in_the_same_words_crowds_nobody():
    """The same two claims in another place are one conflict still."""
    claim, denial = said("The dam has cracked."), said("The dam is sound.", start=50)
    again = said("The dam has cracked.", start=90)
    other = said("The dam is safe.", start=120)
    pairs = [(0.9, claim, denial), (0.8, again, denial), (0.7, claim, other)]
    alone = [pairs[0], pairs[2]]
    assert crowded_scores(pairs)[2] == crowded_scores(alone)[1]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_lowered_scores_stay_probabilities(scores):
    """No score rises, and none leaves 0 to 1; certainty stays certain."""
    claim = said("The dam has cracked.")
    others = [said(f"The dam is sound {i}.", start=50 * (i + 1)) for i in range(len(scores))]
    ranked = sorted(scores, reverse=True)
    after = crowded_scores([(s, claim, o) for s, o in zip(ranked, others, strict=True)])
    assert all(0 <= b <= a or b == pytest.approx(a) for a, b in zip(ranked, after, strict=True))
    assert after[0] == pytest.approx(ranked[0])
    assert all(b == 1 for a, b in zip(ranked, after, strict=True) if a == 1)
