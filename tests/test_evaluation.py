"""Gold in, figures out: reading, evaluating with the bundled model, comparing, writing."""

import gzip
import json
import math
from pathlib import Path
from xml.etree import ElementTree

import pytest

from contradict.errors import InputError
from contradict.evaluation import compare, evaluate, read_evaluation
from contradict.evaluation.gold import read_gold
from contradict.evaluation.pictures import save_pictures
from contradict.evaluation.results import Evaluation
from contradict.evaluation.systems import Workbench, found_in
from contradict.evaluation.tables import tables_of, to_markdown
from contradict.records import Document
from contradict.report import write_jsonl

SEEDS = Path(__file__).parent.parent / "seeds"
PAIRS = [
    {
        "a": "Israel bombed the hospital.",
        "b": "Israel denied bombing the hospital.",
        "label": "conflict",
    },
    {
        "a": "Israel bombed the hospital.",
        "b": "Israel did not deny bombing the hospital.",
        "label": "no_conflict",
    },
    {"a": "Prices rose in May.", "b": "Prices fell in May.", "label": "conflict"},
    {"a": "Prices rose in May.", "b": "The minister has a dog.", "label": "no_conflict"},
]
for number, pair in enumerate(PAIRS):
    pair |= {
        "id": f"p{number}",
        "slice": "denial" if number < 2 else "antonym",
        "group": str(number // 2),
    }
INFERENCES = [
    {"premise": "A man is asleep.", "hypothesis": "A man is awake.", "label": "contradiction"},
    {
        "premise": "A man in a coat is asleep.",
        "hypothesis": "A man is asleep.",
        "label": "entailment",
    },
    {"premise": "A man is asleep.", "hypothesis": "Prices rose in Japan.", "label": "neutral"},
]


def written(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def values(metrics):
    return {name: estimate.value for name, estimate in metrics.items()}


# Reading


def test_the_columns_tell_the_kind(tmp_path):
    """Pairs, passages and NLI rows are told apart, plain or packed, as JSONL or CSV."""
    pairs = read_gold(written(tmp_path / "pairs.jsonl", PAIRS))
    assert pairs.kind == "pairs"
    assert [row.conflict for row in pairs.pairs] == [True, False, True, False]
    packed = tmp_path / "nli.jsonl.gz"
    packed.write_bytes(gzip.compress(written(tmp_path / "nli.jsonl", INFERENCES).read_bytes()))
    inferences = read_gold(packed)
    assert inferences.kind == "nli"
    assert inferences.inferences == read_gold(tmp_path / "nli.jsonl").inferences
    table = tmp_path / "pairs.csv"
    table.write_text("a,b,label\nX came.,X left.,1\nX came.,Y came.,No-Conflict\n", "utf-8")
    assert [row.conflict for row in read_gold(table).pairs] == [True, False]
    passages = written(
        tmp_path / "gold.jsonl",
        [
            {
                "article": "folder/x.txt",
                "a_start": 0,
                "a_end": 4,
                "b_start": 9,
                "b_end": 12,
                "kind": "none",
                "conflict_id": None,
            }
        ],
    )
    assert read_gold(passages).kind == "documents"
    assert read_gold(passages).passages[0].document == "x.txt"


def test_snli_column_names_and_unlabelled_rows_are_known(tmp_path):
    """SNLI's own files work; rows on which annotators did not agree are left out, and that is said."""
    rows = [
        {"sentence1": "A man is asleep.", "sentence2": "A man is awake.", "gold_label": label}
        for label in ("contradiction", "-")
    ]
    gold = read_gold(written(tmp_path / "snli.jsonl", rows))
    assert [row.label for row in gold.inferences] == ["contradiction"]
    assert gold.warnings == ("1 rows without a label were left out",)


def test_a_split_is_a_part(tmp_path):
    """Only rows of the split are read, and a split that is not there is an error."""
    rows = [row | {"split": "train" if row["group"] == "0" else "test"} for row in PAIRS]
    file = written(tmp_path / "pairs.jsonl", rows)
    assert [row.id for row in read_gold(file, split="test").pairs] == ["p2", "p3"]
    with pytest.raises(InputError, match="no rows whose column split says 'dev'"):
        read_gold(file, split="dev")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"x": 1}], "is no gold; wanted the columns a, b, label"),
        ([PAIRS[0] | {"label": "perhaps"}], "label is 'perhaps'; wanted 'conflict' or 'no_conflict'"),
        ([PAIRS[0], PAIRS[1] | {"b": " "}], "line 2: b holds no text"),
        ([INFERENCES[0] | {"label": 2}], "Numbers mean different things"),
        ([INFERENCES[0] | {"label": "-"}], "has no row with a label"),
        (
            [{"article": "x", "a_start": 4, "a_end": 4, "b_start": 0, "b_end": 1, "kind": "none", "conflict_id": ""}],
            "offsets must be 0 <= start < end",
        ),
        (
            [{"article": "x", "a_start": 1, "a_end": 1e999, "b_start": 0, "b_end": 1,
              "kind": "none", "conflict_id": ""}],
            "offsets must be whole numbers",
        ),
        ([], "holds no rows"),
    ],
)  # fmt: skip
def test_gold_that_makes_no_sense_is_named(rows, message, tmp_path):
    """One error that names the file and what is wrong with it."""
    file = written(tmp_path / "gold.jsonl", rows)
    with pytest.raises(InputError, match="gold.jsonl.*" + message.replace("(", "\\(")):
        read_gold(file)


def test_a_saved_data_set_is_gold(tmp_path):
    """What `datasets` saved is read with its class names, whatever their order."""
    import datasets

    labels = datasets.ClassLabel(names=["contradiction", "entailment", "neutral"])
    features = datasets.Features(
        premise=datasets.Value("string"), hypothesis=datasets.Value("string"), label=labels
    )
    rows = [row | {"label": labels.str2int(row["label"])} for row in INFERENCES]
    rows.append(INFERENCES[0] | {"label": -1})
    data = datasets.Dataset.from_list(rows, features=features)
    datasets.DatasetDict({"dev": data}).save_to_disk(tmp_path / "saved")
    gold = read_gold(tmp_path / "saved", split="dev")
    assert [row.label for row in gold.inferences] == [row["label"] for row in INFERENCES]
    assert len(gold.warnings) == 1


def test_no_file_and_no_data_set_is_an_error(tmp_path):
    """A missing file is missing; a hub name that cannot be loaded says what to do."""
    with pytest.raises(InputError, match=r"none\.jsonl"):
        read_gold(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="cannot be loaded as a data set"):
        read_gold("org/no-such-set")


# Evaluating


@pytest.fixture(scope="module")
def on_pairs(analyzer, tmp_path_factory):
    file = written(tmp_path_factory.mktemp("gold") / "pairs.jsonl", PAIRS)
    return evaluate(file, analyzer=analyzer, baselines=True)


def test_pairs_give_metrics_slices_and_baselines(on_pairs):
    """Ours is right on four easy pairs; always-no finds nothing, and its precision is undefined."""
    assert values(on_pairs.metrics)["average_precision"] == 1
    assert values(on_pairs.metrics)["accuracy"] >= 0.75
    assert set(on_pairs.slices) == {"denial", "antonym"}
    never = values(on_pairs.baselines["always no"].metrics)
    assert never["recall"] == 0
    assert never["accuracy"] == 0.5
    assert math.isnan(never["precision"])
    assert len(on_pairs.baselines) == 8


def test_without_stance_a_denial_is_lost(on_pairs):
    """Without stance, and for plain NLI, a denial and a non-denial are the same claim."""
    ours = {decision.id: decision.score for decision in on_pairs.decisions}
    assert ours["p0"] > 0.5 > ours["p1"]
    assert values(on_pairs.baselines["without stance"].metrics)["recall"] < 1


def test_an_nli_set_gives_accuracy_and_f1(analyzer, tmp_path):
    """Three clear cases, all right."""
    evaluation = evaluate(written(tmp_path / "nli.jsonl", INFERENCES), analyzer=analyzer)
    assert values(evaluation.metrics)["accuracy"] == 1
    assert values(evaluation.metrics)["f1_neutral"] == 1


def test_texts_that_were_cut_are_told(analyzer, tmp_path):
    """Pairs too long for the model are read in part, and whoever measures with them learns of it."""
    long = "The council said that the dam above the old mill was safe and dry. " * 60
    rows = [{"a": long, "b": "The dam leaks.", "label": "conflict"}]
    warnings = evaluate(written(tmp_path / "gold.jsonl", rows), analyzer=analyzer).warnings
    assert any("were too long for the model and were cut" in each for each in warnings)
    short = written(
        tmp_path / "short.jsonl", [{"a": "It holds.", "b": "It leaks.", "label": "conflict"}]
    )
    assert not any("cut" in each for each in evaluate(short, analyzer=analyzer).warnings)


@pytest.mark.parametrize("rows", [PAIRS, INFERENCES], ids=["pairs", "nli"])
def test_progress_is_told(analyzer, tmp_path, rows):
    """While pairs and NLI rows are scored, how many of how many are done is told, up to all."""
    told = []
    file = written(tmp_path / "gold.jsonl", rows)
    evaluate(file, analyzer=analyzer, progress=lambda *step: told.append(step))
    done = [(done, total) for stage, done, total in told if stage == "scoring"]
    assert done[-1][0] == done[-1][1] > 0


@pytest.fixture(scope="module")
def on_documents(analyzer, seed_report, tmp_path_factory):
    """Gold made of the two best findings of the seed article, and of a passage that nothing was found in."""
    folder = tmp_path_factory.mktemp("documents")
    rows = [
        {
            "article": seed_report.documents[0].name,
            "a_start": finding.left.start,
            "a_end": finding.left.end,
            "b_start": finding.right.start,
            "b_end": finding.right.end,
            "kind": finding.kind,
            "conflict_id": str(number),
        }
        for number, finding in enumerate(seed_report.findings[:2])
    ]
    unseen = {"a_start": 0, "a_end": 4, "b_start": 5, "b_end": 9}  # both in one statement
    rows.append(rows[0] | unseen | {"conflict_id": "unseen"})
    rows.append(rows[0] | {"a_start": 9, "a_end": 12, "conflict_id": None, "kind": "none"})
    file = written(folder / "gold.jsonl", rows)
    return file, evaluate(file, analyzer=analyzer, documents=SEEDS)


def test_documents_are_analysed_and_their_conflicts_found(on_documents):
    """Two of three conflicts are paired, and rank high; passages of one statement never are."""
    _, evaluation = on_documents
    found = values(evaluation.metrics)
    assert found["pairing_recall"] == pytest.approx(2 / 3)
    assert 0.4 < found["average_precision"] < 0.7
    assert 0 < found["recall"] <= found["pairing_recall"]


def test_a_report_can_be_measured_instead(on_documents, seed_report, tmp_path):
    """Findings written by `analyze` give the figures that analysing gives."""
    file, evaluation = on_documents
    with (tmp_path / "findings.jsonl").open("w", encoding="utf-8") as stream:
        write_jsonl(seed_report.findings, stream)
    again = evaluate(file, findings=tmp_path / "findings.jsonl")
    assert values(again.metrics) == pytest.approx(values(evaluation.metrics))


def test_documents_that_do_not_fit_the_gold_are_refused(on_documents, analyzer, tmp_path):
    """A missing document, or one that is shorter than an offset, is an error that says which."""
    file, _ = on_documents
    with pytest.raises(InputError, match=r"1 of 1 documents are not in .*--documents"):
        evaluate(file, analyzer=analyzer, documents=tmp_path)
    (tmp_path / "iran_hezbollah_isil.txt").write_text("Short.")
    with pytest.raises(InputError, match="Is it another version"):
        evaluate(file, analyzer=analyzer, documents=tmp_path)


# Results


def test_json_keeps_everything(on_pairs, on_documents, tmp_path):
    """What is written is read back; what is undefined is null and comes back as nan."""
    for evaluation in (on_pairs, on_documents[1]):
        file = tmp_path / "run.json"
        file.write_text(json.dumps(evaluation.to_dict(), allow_nan=False), "utf-8")
        again = read_evaluation(file)
        assert values(again.metrics) == pytest.approx(
            values(evaluation.metrics), nan_ok=True, abs=1e-6
        )
        assert again.decisions == evaluation.decisions
        assert again.clusters == evaluation.clusters
        assert set(again.baselines) == set(evaluation.baselines)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"schema": 99}', '{"schema": 1}'])
def test_another_file_is_no_run(content, tmp_path):
    """A file that is no evaluation is refused by name."""
    file = tmp_path / "x.json"
    file.write_text(content)
    with pytest.raises(InputError, match=r"x\.json.*Expected a file made by"):
        read_evaluation(file)


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("decisions", "score", "high"),
        ("decisions", "score", 7),
        ("decisions", "group", ["a"]),
        ("decisions", "conflicts", [{}]),
        ("clusters", 0, None),
        ("clusters", 1, "many"),
    ],
)
def test_a_run_with_a_wrong_value_inside_is_refused(on_pairs, part, field, value, tmp_path):
    """Wrong types are told when the file is read, not by a crash when it is compared."""
    run = json.loads(json.dumps(on_pairs.to_dict()))
    run[part][0][field] = value
    file = tmp_path / "x.json"
    file.write_text(json.dumps(run))
    with pytest.raises(InputError, match=r"x\.json.*Expected a file made by"):
        read_evaluation(file)


def changed(evaluation: Evaluation, **scores: float) -> Evaluation:
    from dataclasses import replace

    decisions = tuple(
        replace(
            decision,
            score=scores[decision.id],
            decided="conflict" if scores[decision.id] >= 0.5 else "no_conflict",
        )
        if decision.id in scores
        else decision
        for decision in evaluation.decisions
    )
    return replace(evaluation, decisions=decisions)


def test_comparison_names_what_flipped(on_pairs):
    """A pair that is right now counts as mended, one that is wrong now as broken."""
    base = changed(on_pairs, p0=0.9, p1=0.1, p2=0.9, p3=0.1)
    comparison = compare(changed(base, p0=0.2, p3=0.3), base)
    assert [(flip.id, flip.mended) for flip in comparison.flips] == [("p0", False)]
    assert comparison.differences["accuracy"].change.value == pytest.approx(-0.25)
    back = compare(base, changed(base, p0=0.2))
    assert [(flip.id, flip.mended) for flip in back.flips] == [("p0", True)]


def test_a_run_against_itself_shows_no_difference(on_pairs, on_documents):
    """Nothing flips, nothing changes, and p is 1."""
    for evaluation in (on_pairs, on_documents[1]):
        comparison = compare(evaluation, evaluation)
        assert comparison.flips == ()
        for difference in comparison.differences.values():
            assert difference.change.value == 0
            assert difference.p == 1


def test_runs_on_other_gold_cannot_be_compared(on_pairs, on_documents):
    """Neither another kind of gold nor one without a common item."""
    with pytest.raises(InputError, match="on pairs, the older one on documents"):
        compare(on_pairs, on_documents[1])
    with pytest.raises(InputError, match="nothing in common"):
        compare(
            on_pairs, Evaluation.from_dict(on_pairs.to_dict() | {"decisions": [], "clusters": []})
        )


def test_markdown_shows_every_table_and_escapes_what_it_shows(on_pairs):
    """Rows have as many cells as the header, and text from documents is no markup."""
    from dataclasses import replace

    hostile = tuple(replace(d, about="a | b <script> *c*") for d in on_pairs.decisions)
    new = changed(replace(on_pairs, decisions=hostile), p0=0.9, p1=0.9, p2=0.1, p3=0.1)
    text = to_markdown(tables_of(new, compare(new, changed(on_pairs, p0=0.1, p1=0.1))))
    assert "without stance" in text
    assert r"a \| b \<script\> \*c\*" in text
    for block in text.split("\n\n"):
        lines = [line.replace(r"\|", "") for line in block.splitlines() if line.startswith("|")]
        assert len({line.count("|") for line in lines}) <= 1


def test_pictures_are_whole_and_the_same_each_time(on_pairs, on_documents, tmp_path):
    """SVG is well-formed XML with the slices' names in it; two runs write the same bytes; PNG is PNG."""
    for evaluation, names in (
        (on_pairs, ["precision_recall", "reliability", "slices"]),
        (on_documents[1], ["precision_recall", "reliability"]),
    ):
        first = save_pictures(evaluation, tmp_path / "one")
        second = save_pictures(evaluation, tmp_path / "two")
        assert [file.stem for file in first] == names
        for one, other in zip(first, second, strict=True):
            ElementTree.parse(one)
            assert one.read_bytes() == other.read_bytes()
    assert "antonym" in (tmp_path / "one" / "slices.svg").read_text("utf-8")
    (picture, *_) = save_pictures(on_pairs, tmp_path / "png", form="png")
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("left_out", ["stance", "proposition rewriting", "pairing features"])
def test_an_ablation_of_documents_changes_something(analyzer, left_out):
    """The library without one of its parts scores some pair of passages otherwise."""
    text = (
        "Ann Smith said the army bombed the hospital in Homs. Bob Jones denied that the army had bombed the hospital. "
        "The army did not bomb it, a doctor told reporters, and she would know."
    )
    documents = [Document("news", text)]
    found = Workbench(analyzer).document_systems()[f"without {left_out}"](documents)
    ours = found_in(analyzer.analyze(documents, across=False).findings)
    assert {each.id: each.score for each in found} != pytest.approx(
        {each.id: each.score for each in ours}, abs=1e-6
    )
