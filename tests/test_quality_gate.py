"""A stage that is broken on purpose shows in the figures: the harness is worth its name."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import quality_gate

from contradict.evaluation import compare, evaluate
from contradict.evaluation.gold import read_gold
from contradict.evaluation.measures import decide_documents, decide_pairs, measure
from contradict.evaluation.systems import OURS, Workbench, found_in
from contradict.pipeline import Analyzer
from contradict.records import Probabilities

SEEDS = Path(__file__).parent.parent / "seeds"
RECORD = json.loads(quality_gate.RECORD.read_text("utf-8"))


class SwappedLabels:
    """The bundled model with entailment and contradiction taken for each other."""

    warnings = ()
    truncated = 0

    def __init__(self, scorer):
        self.name = "swapped"
        self._scorer = scorer

    def score(self, pairs, *, progress=None):
        return [
            Probabilities(p.contradiction, p.neutral, p.entailment)
            for p in self._scorer.score(pairs)
        ]


@pytest.fixture(scope="module")
def gold():
    return read_gold(SEEDS / "pairs.jsonl", split="test").pairs


@pytest.fixture(scope="module")
def whole(analyzer):
    return evaluate(SEEDS / "pairs.jsonl", split="test", analyzer=analyzer)


def test_the_bundled_default_passes(whole):
    """As it is, the gate is open; with a record that is out of reach it is not."""
    assert quality_gate.complaint(whole, RECORD) is None
    assert "wanted at least" in quality_gate.complaint(whole, RECORD | {"value": 0.999})
    assert RECORD["why"]


def test_swapped_labels_do_not_pass(analyzer, whole):
    """A model whose labels are mixed up fails the gate by far, and the difference is no chance."""
    broken = evaluate(
        SEEDS / "pairs.jsonl", split="test", analyzer=Analyzer(SwappedLabels(analyzer.scorer))
    )
    assert "average_precision" in quality_gate.complaint(broken, RECORD)
    assert compare(broken, whole).differences["average_precision"].p < 0.01


def test_a_lost_stance_shows(analyzer, tmp_path):
    """Without stance fewer conflicts of denials are found, by more than chance, and the flips say which."""
    rows = (SEEDS / "pairs.jsonl").read_text("utf-8").splitlines(keepends=True)
    file = tmp_path / "denials.jsonl"
    file.write_text("".join(row for row in rows if json.loads(row)["slice"] == "denial"), "utf-8")
    whole = evaluate(file, analyzer=analyzer)
    gold = read_gold(file).pairs
    without = Workbench(analyzer).pair_systems()["without stance"](gold)
    decisions = decide_pairs(gold, without)
    metrics = measure("pairs", decisions, whole.clusters)
    comparison = compare(replace(whole, decisions=tuple(decisions), metrics=metrics), whole)
    assert comparison.differences["recall"].change.value < 0
    assert comparison.differences["recall"].p < 0.05
    assert any(not flip.mended for flip in comparison.flips)


def test_shifted_offsets_lose_every_conflict(seed_report):
    """Findings whose offsets are off by a sentence show none of the conflicts they showed."""
    gold = read_gold(SEEDS / "conflicts.jsonl").passages
    found = found_in(seed_report.findings)
    shifted = [
        replace(
            item,
            left=tuple(offset + 150 for offset in item.left),
            right=tuple(offset + 150 for offset in item.right),
        )
        for item in found
    ]
    before, after = (
        measure("documents", *decide_documents(gold, items))["pairing_recall"].value
        for items in (found, shifted)
    )
    assert before > 0.3
    assert after < before / 2


def test_the_default_is_what_the_gate_measures(analyzer, gold, whole):
    """The gate's decisions are those of `contradict score`."""
    scored = analyzer.score_pairs([(row.a, row.b) for row in gold[:5]])
    ours = Workbench(analyzer).pair_systems()[OURS](gold[:5])
    assert [s.score for s in scored] == pytest.approx([j.score for j in ours], abs=0.02)
    assert [s.score for s in scored] == pytest.approx(
        [decision.score for decision in whole.decisions[:5]], abs=0.02
    )
