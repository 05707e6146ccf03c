"""The whole flow with the real parser and the bundled model."""

import json
import math
import shutil
from pathlib import Path

import pytest

import contradict
from contradict import Analyzer, Document, InputError, ModelError
from contradict.conflict import load_calibration
from contradict.pipeline import sentences_of
from contradict.reading import direction, sentence_pair
from contradict.records import Pair

ISIL = ("Syrian source", "Dmitry Peskov")


def test_the_isil_conflict_is_among_the_first_findings(seed_report):
    """The seed article's founding conflict is found, attributed on both sides, and flagged."""
    places = [
        rank
        for rank, f in enumerate(seed_report.findings)
        if (f.left.holder, f.right.holder) == ISIL
        and f.left.text == "The air strikes are not targeting Isil"
        and "help the forces of President Assad fight extremist groups such as Isil" in f.right.text
    ]
    assert places
    assert places[0] < 5
    assert seed_report.findings[places[0]].flagged


def test_few_findings_are_flagged(seed_report):
    """A reviewer of the seed article reads no more than ten findings."""
    assert 1 <= len(seed_report.flagged) <= 10


def test_findings_come_best_first_with_the_earlier_passage_left(seed_report):
    """Findings are sorted by score; left stands before right; flags follow the threshold."""
    scores = [f.score for f in seed_report.findings]
    assert scores == sorted(scores, reverse=True)
    assert all(f.left.start <= f.right.start for f in seed_report.findings)
    assert all(f.flagged == (f.score >= seed_report.threshold) for f in seed_report.findings)
    assert seed_report.threshold == load_calibration().found.threshold


def test_a_model_folder_brings_its_own_calibration(tmp_path, scorer):
    """Thresholds and scores are those of the folder's calibration.json; without one, or by a scorer, the shipped."""
    shipped = load_calibration()
    (tmp_path / "without").mkdir()
    (tmp_path / "own").mkdir()
    data = json.loads(Path(contradict.__file__).with_name("calibration.json").read_text("utf-8"))
    data["given"]["threshold"] = 0.75
    data["given"]["intercept"] -= 1
    (tmp_path / "own" / "calibration.json").write_text(json.dumps(data), "utf-8")
    own = Analyzer(tmp_path / "own")
    assert own.given_threshold == 0.75
    assert own.threshold == shipped.found.threshold
    for other in (tmp_path / "without", str(tmp_path / "without"), scorer, None, "nli-base"):
        assert Analyzer(other).calibration == shipped
    pair = ("Israel bombed the hospital.", "Israel denied bombing the hospital.")
    [before], [after] = (
        analyzer.using(scorer).score_pairs([pair]) for analyzer in (Analyzer(), own)
    )
    odds = [math.log(score / (1 - score)) for score in (before.score, after.score)]
    assert odds[0] - odds[1] == pytest.approx(1)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: "no JSON", id="text"),
        pytest.param(lambda data: json.dumps([1]), id="list"),
        pytest.param(lambda data: json.dumps({**data, "given": None}), id="part"),
        pytest.param(lambda data: json.dumps({"first": data["first"]}), id="missing part"),
        pytest.param(
            lambda data: json.dumps({**data, "first": {**data["first"], "intercept": math.nan}}),
            id="number",
        ),
        pytest.param(lambda data: json.dumps({**data, "given": data["first"]}), id="features"),
        pytest.param(
            lambda data: json.dumps({**data, "first": {**data["first"], "coefficients": None}}),
            id="no coefficients",
        ),
        pytest.param(
            lambda data: json.dumps({**data, "found": {**data["found"], "threshold": 50}}),
            id="threshold",
        ),
    ],
)
def test_a_damaged_calibration_is_one_clear_error(tmp_path, damage):
    """What is no calibration is refused before anything is loaded, with what to do."""
    data = json.loads(Path(contradict.__file__).with_name("calibration.json").read_text("utf-8"))
    (tmp_path / "calibration.json").write_text(damage(data), "utf-8")
    with pytest.raises(ModelError, match=r"calibration.json is no calibration.*calibrate.py"):
        Analyzer(tmp_path)


HOSPITAL = (
    "Ann Smith said the army bombed the hospital in Homs. Bob Jones denied that the army bombed the "
    "hospital in Homs. The army paid for the roof of the hospital in May. Nurses in the hospital like Homs."
)


def pair_of(finding):
    return Pair(finding.left, finding.right, finding.similarity)


class Counting:
    """A scorer that remembers what it was asked."""

    truncated = 0

    def __init__(self, scorer, name):
        self.inner, self.name, self.warnings, self.asked = scorer, name, (f"{name} reads",), []

    def score(self, pairs, *, progress=None):
        self.asked.extend(dict.fromkeys(pairs))
        return self.inner.score(pairs)


def test_another_model_may_take_the_first_look(scorer):
    """It reads each pair once, the other one only what it leaves; with the same answers, the same findings."""
    alone = Analyzer(Counting(scorer, "alone")).analyze(Document("news", HOSPITAL))
    first, second = Counting(scorer, "first"), Counting(scorer, "second")
    report = Analyzer(second, first_look=first).analyze(Document("news", HOSPITAL))
    assert [f.id for f in report.findings] == [f.id for f in alone.findings]
    for one, other in zip(report.findings, alone.findings, strict=True):
        assert one.score == pytest.approx(other.score, abs=0.02)  # other batches
    assert len(first.asked) == len({f.id for f in report.findings})
    read = [direction(pair_of(f)) for f in report.findings if f.model == "second"]
    assert set(read) <= set(second.asked)
    assert 0 < len(read) < len(report.findings)
    assert len(second.asked) <= 4 * len(read)
    assert report.warnings == ("second reads", "first reads")
    assert report.model == "second"


def test_a_wrong_model_for_the_first_look_is_told_before_anything_is_read(monkeypatch, scorer):
    """The error comes before the documents are split."""
    analyzer = Analyzer(scorer, first_look="no-such-model")
    monkeypatch.setattr(analyzer, "split", lambda *_, **__: pytest.fail("it was split"))
    with pytest.raises(ModelError, match="no-such-model"):
        analyzer.analyze(Document("news", HOSPITAL))


def test_the_same_model_for_the_first_look_is_loaded_once(scorer):
    """Naming the model itself is the same as naming none."""
    for model, first in ((scorer, scorer), (None, "nli-base"), ("nli-base", "nli-base")):
        assert Analyzer(model, first_look=first)._first_look is None


def test_what_the_first_look_rules_out_is_read_no_further(scorer):
    """Pairs that their propositions rule out cost one reading; of what is flagged the sentences were read, too."""
    counting = Counting(scorer, scorer.name)
    analyzer = Analyzer(counting)
    split = analyzer.split([Document("news", HOSPITAL)])
    sentences = sentences_of(split)
    findings = analyzer.compare(split).findings
    assert len(counting.asked) == len(set(counting.asked))
    whole, ruled_out = [], []
    for finding in findings:
        pair = pair_of(finding)
        around = sentence_pair(pair, sentences)
        assert direction(pair) in counting.asked
        if finding.flagged:
            whole.append(finding)
            assert direction(pair, around) in counting.asked
        elif direction(pair, around) not in counting.asked:
            ruled_out.append(finding)
            assert finding.score < analyzer.calibration.first.threshold
            assert finding.nli.forward == finding.nli.backward
    assert whole
    assert ruled_out


def test_a_low_threshold_reads_everything(scorer):
    """Below the probability of the first look nothing rests on one reading."""
    text = (
        "Ann said the army bombed the hospital. The army paid for the roof of the hospital in May."
    )
    counting = Counting(scorer, scorer.name)
    low = Analyzer(counting, threshold=0.001).analyze(Document("news", text))
    assert low.findings
    assert len(counting.asked) == 2 * len(low.findings)


def test_a_second_run_gives_the_same_report(analyzer, seed_report):
    """The same input gives the same findings to the last id."""
    again = analyzer.analyze(
        [Document(seed_report.documents[0].name, seed_report.documents[0].text)]
    )
    assert [f.id for f in again.findings] == [f.id for f in seed_report.findings]


def test_conflicts_across_documents(analyzer):
    """A claim in one document is held against its denial in another; within-only leaves them apart."""
    documents = [
        Document("one", "Ann Smith said the army bombed the hospital in Homs."),
        Document("two", "Bob Jones denied that the army bombed the hospital in Homs."),
    ]
    (finding,) = analyzer.analyze(documents).findings
    assert (finding.kind, finding.left.document, finding.right.document) == ("denial", "one", "two")
    assert analyzer.analyze(documents, across=False).findings == ()


PAIRS = [
    ("X bombed Y.", "X denied bombing Y."),
    ("Ann said the army bombed the hospital.", "Bob denied that the army bombed the hospital."),
    (
        "Ann said the army bombed the hospital.",
        "Bob did not deny that the army bombed the hospital.",
    ),
    ("The bank failed in May. Rain fell.", "The bank did not fail in May."),
    ("The bank failed.", "Did the bank fail?"),
    ("The bank failed.", "Rain fell on the valley."),
    ("", "…"),
]


@pytest.fixture(scope="module")
def scored(analyzer):
    return analyzer.score_pairs(PAIRS)


def test_swapping_a_pair_leaves_its_score(analyzer, scored):
    """Which text comes first changes the score by nothing, and turns the NLI directions round."""
    turned = analyzer.score_pairs([(b, a) for a, b in PAIRS])
    for one, other in zip(scored, turned, strict=True):
        assert abs(one.score - other.score) < 1e-6
        assert one.nli.forward.contradiction == pytest.approx(
            other.nli.backward.contradiction, abs=1e-5
        )


def test_a_pair_scores_the_same_alone_and_among_others(analyzer, scored):
    """What else is scored in the same call changes no score by more than the precision gives."""
    for pair, among in zip(PAIRS, scored, strict=True):
        (alone,) = analyzer.score_pairs([pair])
        assert abs(alone.score - among.score) <= 0.02


def test_many_pairs_come_back_in_order(analyzer, scored):
    """However many there are, each pair gets its own score."""
    many = analyzer.score_pairs(PAIRS * 20)
    assert len(many) == 20 * len(PAIRS)
    for number, each in enumerate(many):
        assert abs(each.score - scored[number % len(PAIRS)].score) <= 0.02


def test_a_model_that_fails_stops_the_scoring(scorer):
    """Its error comes out, and it is asked about nothing more."""

    class Failing(Counting):
        def score(self, pairs, *, progress=None):
            super().score(pairs)
            raise ModelError("it broke")

    failing = Failing(scorer, "failing")
    numbered = [
        (f"The bank failed in {year}.", "The bank did not fail.") for year in range(1800, 2000)
    ]
    with pytest.raises(ModelError, match="it broke"):
        Analyzer(failing).score_pairs(numbered)
    assert 0 < len(failing.asked) < 150


def test_denials_conflict_and_non_denials_do_not(scored):
    """A reported denial collides with the claim; "did not deny" and a question do not."""
    denial, same_denial, not_denied, negation, question, unrelated, _ = scored
    assert denial.kind == same_denial.kind == "denial"
    assert min(denial.score, same_denial.score, negation.score) > max(
        not_denied.score, question.score, unrelated.score
    )


def test_one_bad_input_does_not_lose_the_others(analyzer, tmp_path):
    """What could not be read is named in the report; the rest is analysed."""
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("The bank failed.")
    bad.write_bytes(b"\x00\x01\x02\x03" * 100)
    report = analyzer.statements([good, bad, tmp_path / "missing.txt"])
    assert [s.proposition for s in report.statements] == ["The bank failed."]
    assert sorted(f.source.rsplit("/")[-1] for f in report.failures) == ["bad.txt", "missing.txt"]


def test_nothing_readable_is_an_error(analyzer, tmp_path):
    """Without a single document there is an error that names each input."""
    with pytest.raises(InputError, match=r"missing\.txt"):
        analyzer.analyze(tmp_path / "missing.txt")
    with pytest.raises(InputError, match="No documents were given"):
        analyzer.analyze([])


def test_passages_without_sentences_are_warned_of(analyzer):
    """Text that is no prose is left out with a warning that names the document."""
    report = analyzer.statements([Document("long", "word " * 5000)])
    assert report.statements == ()
    assert report.warnings[0].startswith("long: ")


@pytest.mark.parametrize(
    "pair", [("a",), ("a", "b", "c"), (1, 2), "ab"], ids=["one", "three", "numbers", "a string"]
)
def test_a_pair_is_two_strings(analyzer, pair):
    """What is no pair of strings is refused with an error that shows it."""
    with pytest.raises(InputError, match="two strings"):
        analyzer.score_pairs([pair])


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_is_a_probability(threshold):
    """A threshold outside 0 to 1 is refused at once."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        Analyzer(threshold=threshold)


def test_module_functions_are_the_analyzer(analyzer, scorer):
    """`contradict.analyze` and `contradict.score_pairs` give what an `Analyzer` gives."""
    document = Document("a", "Ann said the bank failed. Bob denied that the bank failed.")
    assert contradict.analyze(document, model=scorer) == analyzer.analyze(document)
    assert contradict.score_pairs(PAIRS[1:2], model=scorer) == analyzer.score_pairs(PAIRS[1:2])


FRENCH = (
    "Le ministre de la Défense a déclaré mardi que les frappes ne visaient pas les civils. Selon lui, l'armée a "
    "respecté le droit international. L'opposition a rejeté cette affirmation et a demandé une enquête."
)


@pytest.mark.parametrize(
    "text",
    [
        FRENCH,
        "Министр обороны заявил во вторник, что удары не были нацелены на мирных жителей. " * 3,
    ],
)
def test_a_text_in_another_language_is_told(analyzer, text):
    """Finding nothing in a language that is not understood is no all-clear."""
    report = analyzer.statements([Document("letter.txt", text), Document("news.txt", HOSPITAL)])
    [warning] = report.warnings
    assert warning.startswith("letter.txt: does not look like English")


def test_a_model_that_nothing_was_fitted_to_is_told(tmp_path):
    """Scores of a folder without a calibration are no probabilities; the default and one with its own say nothing."""
    folder = Path(
        shutil.copytree(Path(__file__).parents[1] / "models" / "nli-mini", tmp_path / "m")
    )
    assert Analyzer().warnings == Analyzer("nli-base").warnings == Analyzer(folder).warnings == []
    (folder / "calibration.json").unlink()
    [warning] = Analyzer(folder).warnings
    assert "has no calibration.json" in warning
    assert str(folder) in warning


def test_what_reading_leaves_out_is_told(analyzer, tmp_path):
    """A folder's files of other kinds, and dates that cannot be read, are warnings of the report."""
    (tmp_path / "a.md").write_text(f"---\ndate: some day\n---\n{HOSPITAL}", "utf-8")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7")
    report = analyzer.statements(tmp_path)
    assert report.documents[0].date is None
    assert len(report.warnings) == 2
    assert any("scan.pdf" in warning for warning in report.warnings)
    assert any("some day" in warning for warning in report.warnings)


@pytest.mark.parametrize("turned", [False, True])
def test_the_reason_of_a_given_pair_calls_the_texts_by_their_order(analyzer, turned):
    """Nobody's text is called the first or the second one, whichever sorts first, and never quoted as a speaker."""
    texts = ("Israel bombed the hospital.", "Ann Smith denied that Israel bombed the hospital.")
    [result] = analyzer.score_pairs([texts[::-1] if turned else texts])
    said = "the second text" if turned else "the first text"
    assert result.reason == f"Ann Smith denies “Israel bombed the hospital”; {said} says just that"
