"""Records: ids, round trips, re-thresholding."""

import copy
import dataclasses
import datetime
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contradict.records import (
    KINDS,
    STANCES,
    Document,
    Finding,
    Mark,
    Nli,
    Place,
    Probabilities,
    Report,
    Span,
    Speaker,
    Statement,
)

text = st.text(max_size=30)
offset = st.integers(min_value=0, max_value=10**7)
probability = st.floats(min_value=0, max_value=1)
spans = st.builds(Span, text, offset, offset)
speakers = st.builds(Speaker, text, offset, offset, text)
statements = st.builds(
    Statement,
    document=text,
    start=offset,
    end=offset,
    text=text,
    proposition=text,
    speaker=st.none() | speakers,
    cue=st.none() | spans,
    stance=st.sampled_from(STANCES),
    quoted=st.booleans(),
    date=st.none() | st.just("2015-10-02"),
)
probabilities = st.builds(Probabilities, probability, probability, probability)
roles = st.sampled_from(["shared", "negation", "number", "denial"])
marks = st.lists(st.builds(Mark, offset, offset, roles), max_size=3).map(tuple)
places = st.builds(Place, text, offset, offset)
findings = st.builds(
    Finding,
    kind=st.sampled_from(KINDS),
    score=probability,
    flagged=st.booleans(),
    reason=text,
    left=statements,
    right=statements,
    nli=st.builds(Nli, probabilities, probabilities),
    similarity=probability,
    model=text,
    marks=st.tuples(marks, marks),
    repeats=st.lists(st.tuples(places, places), max_size=3).map(tuple),
)


@pytest.mark.parametrize(
    "date",
    ["2026-05-01", datetime.date(2026, 5, 1), datetime.datetime(2026, 5, 1, 23, 59)],
    ids=["text", "date", "time"],
)
def test_a_date_may_be_given_as_one(date):
    """Dates of Python are kept as ISO 8601 texts, whichever way the document is copied or written."""
    document = Document("a.txt", "The dam held.", date=date)
    assert document.date == "2026-05-01"
    assert dataclasses.replace(document, outlet="The Courier").date == "2026-05-01"
    assert Document.from_dict(json.loads(json.dumps(document.to_dict()))) == document
    assert copy.copy(document) == pickle.loads(pickle.dumps(document)) == document


@pytest.mark.parametrize(
    "date",
    ["1 May 2026", "2026-13-45", "2026-02-29", "20260501", "2026-05", "2026-05-01T10:00", "", 2026],
)
def test_what_is_no_date_is_refused(date):
    """A date that is no day in ISO 8601 would be compared wrongly, so that it is refused."""
    with pytest.raises(ValueError, match=r"a date must be like 2015-10-01 .*, got"):
        Document("a.txt", "The dam held.", date=date)


@given(statements)
def test_statement_survives_json(statement):
    """A statement comes back from JSON as it was."""
    assert Statement.from_dict(json.loads(json.dumps(statement.to_dict()))) == statement


@given(findings)
def test_finding_survives_json(finding):
    """A finding comes back from JSON as it was, with the same id."""
    back = Finding.from_dict(json.loads(json.dumps(finding.to_dict())))
    assert back == finding
    assert back.id == finding.id


@given(findings, probability)
def test_finding_id_depends_on_the_statements_only(finding, score):
    """Another score, reason or model does not change a finding's id, so that verdicts survive."""
    other = dataclasses.replace(
        finding, score=score, reason="another", model="another", flagged=True
    )
    assert other.id == finding.id


@given(findings)
def test_finding_id_does_not_depend_on_which_is_left(finding):
    """Reading the documents in another order gives the same finding."""
    turned = dataclasses.replace(finding, left=finding.right, right=finding.left)
    assert turned.id == finding.id


@pytest.mark.parametrize("field", ["document", "start", "end", "proposition"])
def test_statement_id_depends_on(field):
    """Document, offsets and proposition each change a statement's id."""
    statement = Statement("a.txt", 1, 5, "text", "Text.")
    changed = {"document": "b.txt", "start": 0, "end": 6, "proposition": "Other."}[field]
    assert dataclasses.replace(statement, **{field: changed}).id != statement.id


@given(st.lists(findings, max_size=6), probability)
def test_report_at_another_threshold_flags_from_it_on(found, threshold):
    """Re-thresholding flags exactly the findings at or above it and touches nothing else."""
    report = Report(tuple(found), (), (), 0.5, "model").at(threshold)
    assert report.threshold == threshold
    assert all(f.flagged == (f.score >= threshold) for f in report.findings)
    assert [f.id for f in report.findings] == [f.id for f in found]
    assert len(report.flagged) == sum(f.score >= threshold for f in found)


def test_a_finding_of_an_earlier_version_is_read():
    """A report written before findings had marks and repeats still reads."""
    nli = {"entailment": 0.1, "neutral": 0.1, "contradiction": 0.8}
    old = {
        "kind": "denial", "score": 0.5, "flagged": True, "reason": "", "similarity": 0.5, "model": "m",
        "left": Statement("a", 0, 1, "x", "x").to_dict(),
        "right": Statement("a", 2, 3, "y", "y").to_dict(),
        "nli": {"forward": nli, "backward": nli},
    }  # fmt: skip
    finding = Finding.from_dict(old)
    assert (finding.marks, finding.repeats, finding.nli.one_way) == (((), ()), (), False)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_no_report_is_flagged_at_what_is_no_probability(threshold):
    """A threshold lies between 0 and 1."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        Report((), (), (), 0.5, "model").at(threshold)
