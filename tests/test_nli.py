import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pack_model
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer

from contradict import engines, weights
from contradict.engines import Precision
from contradict.errors import ModelError
from contradict.evaluation.gold import read_gold
from contradict.nli import Scorer, load_scorer
from contradict.profiles import list_profiles, local_folder
from contradict.records import Probabilities
from contradict.weights import resolve_roles

ROOT = Path(__file__).parent.parent
MINIMAL_PAIRS = ROOT / "seeds" / "minimal_pairs.jsonl"
PAIRS = [
    ("Russia bombed Aleppo on Tuesday.", "Russia did not bomb Aleppo."),
    (
        "The minister resigned.",
        "The minister stayed in office, his spokesman said on Monday evening.",
    ),
    ("", "Nothing was said."),
    ("Russia bombed Aleppo on Tuesday.", "Somebody bombed a city."),
    ("A [SEP] </s> <s> in a text is text.", "It ends nothing."),
]
WORDS = sorted(
    {word for pair in PAIRS for text in pair for word in text.lower().replace(".", " ").split()}
)
LABELS = ("entailment", "neutral", "contradiction")


def make_model(
    folder: Path,
    *,
    labels: Sequence[str] = LABELS,
    kind: str = "bert",
    seed: int = 0,
    max_length: int = 64,
) -> Path:
    """A tiny random model in hub layout; a row of its classifier depends on the label's name."""
    import torch
    import transformers
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    tokens = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", ".", *WORDS]
    inner = Tokenizer(
        models.WordPiece({token: i for i, token in enumerate(tokens)}, unk_token="[UNK]")
    )
    inner.normalizer = normalizers.Lowercase()
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    middle = "[SEP]:0 [SEP]:0" if kind == "roberta" else "[SEP]:0"
    inner.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair=f"[CLS] $A {middle} $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
    )
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        unk_token="[UNK]",
        model_max_length=max_length,
        model_input_names=["input_ids", "attention_mask"] + ["token_type_ids"] * (kind == "bert"),
    )
    torch.manual_seed(seed)
    config = getattr(transformers, f"{kind.capitalize()}Config")(
        vocab_size=len(tokens),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=48,
        pad_token_id=0,
        type_vocab_size=1 if kind == "roberta" else 2,
        id2label=dict(enumerate(labels)),
        initializer_range=0.5,
    )
    model = getattr(transformers, f"{kind.capitalize()}ForSequenceClassification")(config)
    head = model.classifier.out_proj if kind == "roberta" else model.classifier
    torch.manual_seed(seed)  # again: how much was drawn so far depends on the number of labels
    rows = dict(zip(("entail", "neutral", "contradict"), torch.randn(3, 32) / 8, strict=True))
    with torch.no_grad():
        for i, label in enumerate(labels):
            head.weight[i] = next(
                (row for stem, row in rows.items() if stem in label.lower()), rows["neutral"]
            )
            if label.lower().startswith("not"):
                head.weight[i] = rows["contradict"]
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def exact_scorer(model: Path, **options: Any) -> Scorer:
    """A scorer whose probabilities do not hang on the batch."""
    return load_scorer(model, device="cpu", precision="float32", **options)


def assert_close(actual: Sequence[Probabilities], expected: Sequence[Probabilities]) -> None:
    for one, other in zip(actual, expected, strict=True):
        assert list(one.to_dict().values()) == pytest.approx(
            list(other.to_dict().values()), abs=1e-5
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def edit_json(path: Path, **changes: object) -> None:
    data = json.loads(path.read_text("utf-8")) | changes
    path.write_text(
        json.dumps({key: value for key, value in data.items() if value is not None}), "utf-8"
    )


# The bundled model


def test_bundled_model_knows_a_contradiction_from_an_entailment(scorer: Scorer) -> None:
    """The default model is a real NLI model with its labels in place."""
    denial, consequence = scorer.score([PAIRS[0], PAIRS[3]])
    assert denial.contradiction > 0.6
    assert consequence.entailment > 0.6
    assert scorer.name == "nli-base"
    assert scorer.warnings == ()


@pytest.fixture(scope="module")
def exact() -> Scorer:
    """The bundled model in full precision."""
    return load_scorer(device="cpu", precision="float32")


@pytest.mark.parametrize(("precision", "most"), [("int8", 0.15), ("bfloat16", 0.03)])
def test_faster_precisions_change_little(precision: Precision, most: float, exact: Scorer) -> None:
    """Int8 and bfloat16 give nearly what float32 gives."""
    pairs = [(row.premise, row.hypothesis) for row in read_gold(MINIMAL_PAIRS).inferences[:60]]
    fast = load_scorer(device="cpu", precision=precision).score(pairs)
    difference = [
        abs(one.contradiction - other.contradiction)
        for one, other in zip(fast, exact.score(pairs), strict=True)
    ]
    assert max(difference) < most
    assert sum(difference) / len(pairs) < 0.01


def test_the_bundled_model_runs_in_int8_on_a_processor() -> None:
    """Its graph is found and trusted, and no batch or order changes what it says by much."""
    int8 = load_scorer(device="cpu")
    assert int8.engine.precision == "int8"  # type: ignore[attr-defined]
    alone = [int8.score([pair])[0] for pair in PAIRS]
    for one, other in zip(int8.score(PAIRS[::-1])[::-1], alone, strict=True):
        assert one.contradiction == pytest.approx(other.contradiction, abs=0.02)


def test_threads_do_not_meet() -> None:
    """One scorer can be used from several threads at once."""
    int8 = load_scorer(device="cpu", batch_tokens=64)
    expected = int8.score(PAIRS)
    with ThreadPoolExecutor(4) as pool:
        for scores in pool.map(lambda _: int8.score(PAIRS), range(8)):
            assert scores == expected


def test_the_small_model_reads_like_the_default_one(scorer: Scorer) -> None:
    """It is an NLI model, runs in int8, and mostly says what its teacher says."""
    mini = load_scorer("nli-mini", device="cpu")
    assert mini.engine.precision == "int8"  # type: ignore[attr-defined]
    assert mini.warnings == ()
    denial, consequence = mini.score([PAIRS[0], PAIRS[3]])
    assert denial.contradiction > 0.6
    assert consequence.entailment > 0.6
    pairs = [(row.premise, row.hypothesis) for row in read_gold(MINIMAL_PAIRS).inferences]
    small, large = (
        [(p.entailment, p.neutral, p.contradiction) for p in each.score(pairs)]
        for each in (mini, scorer)
    )
    same = [
        one.index(max(one)) == two.index(max(two)) for one, two in zip(small, large, strict=True)
    ]
    assert sum(same) / len(same) > 0.55  # 0.6 or just below, by processor; chance is a third


def test_an_embedded_model_may_come_in_a_package_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where its files are not installed, the error names the package that brings them."""
    monkeypatch.setattr(weights, "embedded_folder", lambda _: None)
    with pytest.raises(ModelError, match=r"'nli-mini' .* package contradict-claims-nli-mini"):
        load_scorer("nli-mini")
    with pytest.raises(ModelError, match=r"'nli-base' .* package contradict-claims \(from"):
        load_scorer()


@pytest.mark.parametrize("model", ["nli-base", "nli-mini"])
def test_the_graph_belongs_to_the_weights(model: str) -> None:
    """The graph says which weights it was made for; packing anew makes it anew."""
    folder = ROOT / "models" / model
    graph = ElementTree.parse(folder / "openvino.xml")
    made_for = graph.find(f"./rt_info/{pack_model.WEIGHTS_HASH}")
    weights_hash = hashlib.sha256((folder / pack_model.PACKED_NAME).read_bytes()).hexdigest()
    assert made_for is not None
    assert made_for.get("value") == weights_hash


def test_without_openvino_pytorch_does_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where OpenVINO is not installed the bundled model runs all the same; int8 by name is refused."""
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    assert load_scorer(device="cpu").engine.precision in ("float32", "bfloat16")  # type: ignore[attr-defined]
    with pytest.raises(ModelError, match="OpenVINO is not installed"):
        load_scorer(device="cpu", precision="int8")


def test_a_precision_is_one_of_three(folder: Path) -> None:
    """A precision that does not exist is refused, not ignored."""
    with pytest.raises(ValueError, match="precision must be one of"):
        load_scorer(folder, precision="float16")  # type: ignore[arg-type]


def test_a_graph_is_trusted_from_the_library_only(copy: Path) -> None:
    """What another folder brings as a graph is never read; asking for int8 there says what to do."""
    expected = tiny_scorer(copy).score(PAIRS)
    (copy / "openvino.xml").write_text("<net>not even a graph</net>")
    assert_close(tiny_scorer(copy).score(PAIRS), expected)
    with pytest.raises(ModelError, match="cannot be run in int8: only models that come with"):
        load_scorer(copy, device="cpu", precision="int8")


def test_a_damaged_embedded_model_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weights cut short are an error that says what to do, not a crash or a wrong score."""
    broken = Path(shutil.copytree(ROOT / "models" / "nli-base", tmp_path / "nli-base"))
    monkeypatch.setattr(weights, "embedded_folder", lambda _: broken)
    file = broken / "model.int8.safetensors"
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(ModelError, match=r"'nli-base' cannot be used: .* Install the package"):
        load_scorer(device="cpu", precision="int8")
    with pytest.raises(ModelError, match="incomplete or no safetensors file"):
        load_scorer(device="cpu")


def test_where_openvino_fails_pytorch_does_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A processor that OpenVINO cannot serve gets a slower scorer with a warning, not an error."""

    def fail(model: object) -> None:
        raise ModelError("no primitive for this processor")

    monkeypatch.setattr(engines, "OpenvinoEngine", fail)
    slow = load_scorer(device="cpu")
    assert slow.engine.precision in ("float32", "bfloat16")  # type: ignore[attr-defined]
    assert "more slowly" in slow.warnings[-1]
    assert slow.score(PAIRS[:1])[0].contradiction > 0.6


def test_batching_changes_no_score(folder: Path) -> None:
    """One pair at a time, all at once, and any order give the same probabilities."""
    scorer = tiny_scorer(folder)
    alone = [scorer.score([pair])[0] for pair in PAIRS]
    assert_close(scorer.score(PAIRS[::-1]), alone[::-1])


def test_batch_budget_changes_no_score(folder: Path) -> None:
    """A budget smaller than any pair scores the pairs singly, to the same probabilities."""
    together = tiny_scorer(folder).score(PAIRS)
    scorer = exact_scorer(folder, batch_tokens=1)
    calls: list[tuple[int, int]] = []
    assert_close(
        scorer.score(PAIRS, progress=lambda done, total: calls.append((done, total))), together
    )
    assert calls == [(i, len(PAIRS)) for i in range(1, len(PAIRS) + 1)]


def test_bundled_model_agrees_with_transformers(exact: Scorer) -> None:
    """Tokenisation, padding and labels are those of the model's own tokenizer and config."""
    import torch

    model = exact.engine.network  # type: ignore[attr-defined]
    tokenizer = AutoTokenizer.from_pretrained(ROOT / "models" / "nli-base")
    pairs = PAIRS[:4]
    inputs = tokenizer(
        [a for a, _ in pairs], [b for _, b in pairs], padding=True, return_tensors="pt"
    )
    with torch.inference_mode():
        rows = model(**inputs).logits.softmax(-1).tolist()
    names = [model.config.id2label[i] for i in range(3)]
    assert_close(
        exact.score(pairs), [Probabilities(**dict(zip(names, row, strict=True))) for row in rows]
    )


# Scoring


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pairs=st.lists(
        st.tuples(*[st.text(st.characters(), max_size=30) | st.sampled_from(WORDS)] * 2), max_size=6
    )
)
def test_any_text_gets_three_probabilities(folder: Path, pairs: list[tuple[str, str]]) -> None:
    """Whatever the text, lone surrogates and emptiness included, the probabilities add up to 1."""
    for result in tiny_scorer(folder).score(pairs):
        assert sum(result.to_dict().values()) == pytest.approx(1)
        assert min(result.to_dict().values()) >= 0


@functools.cache
def tiny_scorer(folder: Path) -> Scorer:
    return exact_scorer(folder)


def test_lone_surrogates_are_scored_as_unknown_characters(folder: Path) -> None:
    """Half of a surrogate pair counts as the replacement character."""
    broken, replaced = tiny_scorer(folder).score([("a \ud83d b", "c"), ("a \ufffd b", "c")])
    assert broken == replaced


def test_equal_pairs_are_scored_once(folder: Path) -> None:
    """Copies of a pair cost nothing and get the same result."""
    totals: list[int] = []
    results = load_scorer(folder).score(
        [PAIRS[0], PAIRS[1], PAIRS[0]], progress=lambda _, n: totals.append(n)
    )
    assert results[0] == results[2] != results[1]
    assert totals[-1] == 2


def test_no_pairs_give_no_scores(folder: Path) -> None:
    """An empty list is answered with an empty list."""
    assert tiny_scorer(folder).score([]) == []


@pytest.mark.parametrize("kind", ["bert", "roberta"])
def test_pairs_are_put_together_as_the_tokenizer_does(kind: str, tmp_path: Path) -> None:
    """Ids, types and longest-first truncation equal the tokenizer's own, at all lengths."""
    encoder = exact_scorer(make_model(tmp_path, kind=kind))._encoder  # type: ignore[attr-defined]
    reference = AutoTokenizer.from_pretrained(tmp_path)
    limit = 48 - (kind == "roberta")  # positions, less the padding index and those before it
    assert encoder._limit == limit
    texts = [["russia"] * n for n in (0, 1, 20, 21, 22, 23, 24, 25, 43, 44, 45, 46, 60)]
    tokens = list(encoder.tokenise([" ".join(words) for words in texts]))
    for left, premise in zip(texts, tokens, strict=True):
        for right, hypothesis in zip(texts, tokens, strict=True):
            pair, cut = encoder.fit(premise, hypothesis)
            texts_as_batch = [" ".join(left)], [" ".join(right)]  # alone, "" would count as no text
            expected = reference(*texts_as_batch, truncation="longest_first", max_length=limit)
            actual = {key: rows.tolist() for key, rows in encoder.assemble([pair]).items()}
            assert actual == dict(expected)
            whole = reference(*texts_as_batch)["input_ids"][0]
            assert cut == (len(whole) > limit)


@pytest.mark.parametrize("kind", ["bert", "roberta"])
def test_long_pairs_are_cut_and_counted_once(kind: str, tmp_path: Path) -> None:
    """Texts beyond the model's positions are cut, not a crash; distinct cut pairs are counted."""
    scorer = exact_scorer(make_model(tmp_path, kind=kind))
    long = ("russia " * 100, "bombed " * 100)
    assert scorer.truncated == 0
    scorer.score([long, long, PAIRS[0]])
    scorer.score([long])
    assert scorer.truncated == 1


def test_a_huge_text_costs_no_more_than_a_long_one(folder: Path) -> None:
    """Ten million characters are cut before they are tokenised, and counted."""
    import time

    scorer = exact_scorer(folder)
    started = time.perf_counter()
    scorer.score([("x" * 10_000_000, "The minister resigned."), (" " * 10_000_000, "A city.")])
    assert time.perf_counter() - started < 2
    assert scorer.truncated == 2


def test_float16_weights_are_computed_in_float32(copy: Path) -> None:
    """A half-precision file is as usable on a CPU as a full one, with nearly the same result."""
    from safetensors.torch import load_file, save_file

    expected = tiny_scorer(copy).score(PAIRS)
    save_file(
        {k: v.half() for k, v in load_file(copy / "model.safetensors").items()},
        copy / "model.safetensors",
    )
    for one, other in zip(exact_scorer(copy).score(PAIRS), expected, strict=True):
        assert one.contradiction == pytest.approx(other.contradiction, abs=0.02)


def test_sharded_weights_load(copy: Path) -> None:
    """A checkpoint in several files gives what it gives in one."""
    from transformers import AutoModelForSequenceClassification

    expected = tiny_scorer(copy).score(PAIRS)
    model = AutoModelForSequenceClassification.from_pretrained(copy)
    (copy / "model.safetensors").unlink()
    model.save_pretrained(copy, max_shard_size="20KB")
    assert not (copy / "model.safetensors").exists()
    assert_close(exact_scorer(copy).score(PAIRS), expected)


# Labels

ORDERS = [
    pytest.param(("entailment", "neutral", "contradiction"), id="entailment-first"),
    pytest.param(("contradiction", "entailment", "neutral"), id="contradiction-first"),
    pytest.param(("neutral", "contradiction", "entailment"), id="neutral-first"),
    pytest.param(("CONTRADICTION", "NEUTRAL", "ENTAILMENT"), id="upper-case"),
    pytest.param(("Contradictory", "is_neutral", "Entails"), id="other-words"),
]


@pytest.mark.parametrize("labels", ORDERS)
def test_label_order_changes_no_probability(
    labels: tuple[str, ...], folder: Path, tmp_path: Path
) -> None:
    """Labels are taken by name: their order in the classifier changes no probability."""
    scorer = exact_scorer(make_model(tmp_path, labels=labels))
    assert_close(scorer.score(PAIRS), tiny_scorer(folder).score(PAIRS))


@pytest.mark.parametrize(
    "labels", [("entailment", "not_entailment"), ("NOT_ENTAILMENT", "ENTAILMENT")]
)
def test_a_two_label_model_counts_what_is_not_entailed_as_contradiction(
    labels: tuple[str, ...], tmp_path: Path
) -> None:
    """Without a neutral label neutral is 0, and a warning says what that costs."""
    import math

    scorer = exact_scorer(make_model(tmp_path / "two", labels=labels))
    for two, three in zip(
        scorer.score(PAIRS), exact_scorer(make_model(tmp_path / "three")).score(PAIRS), strict=True
    ):
        assert two.neutral == 0
        odds = math.log(three.contradiction / three.entailment)
        assert math.log(two.contradiction / two.entailment) == pytest.approx(odds, abs=1e-4)
    assert "false alarms" in scorer.warnings[0]


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(("LABEL_0", "LABEL_1", "LABEL_2"), id="unnamed"),
        pytest.param(("entailment", "neutral", "other"), id="one-missing"),
        pytest.param(("entailment", "contradiction"), id="no-neutral"),
        pytest.param(("entailment", "neutral", "Entailment"), id="twice"),
        pytest.param(("entailment", "neutral", "contradiction", "other"), id="one-more"),
        pytest.param(("entailment", "neutral", "non-contradiction"), id="opposite"),
        pytest.param(("entailment", "neutral", "not_entailment"), id="negated"),
        pytest.param(("entailment", "neutral or contradiction"), id="merged"),
        pytest.param(("score",), id="regression"),
    ],
)
def test_labels_that_are_not_nli_are_refused_by_name(labels: tuple[str, ...]) -> None:
    """The error shows the labels that came and the names that were expected."""
    with pytest.raises(
        ModelError, match="expected names that contain entailment, neutral and contradiction"
    ) as info:
        resolve_roles("x", dict(enumerate(labels)))
    assert str(list(labels)) in str(info.value)


# What is refused


def drop(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def truncate_weights(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])


def leave_only_a_pickle(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def edit_weights(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        from safetensors.torch import load_file, save_file

        state = load_file(folder / "model.safetensors")
        change(state)
        save_file(state, folder / "model.safetensors")

    return apply


def nest_the_index_deeply(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-1.safetensors")
    (folder / "model.safetensors.index.json").write_text("[" * 100_000)


def edit_tokenizer(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        data = json.loads((folder / "tokenizer.json").read_text("utf-8"))
        change(data)
        (folder / "tokenizer.json").write_text(json.dumps(data), "utf-8")

    return apply


def strip_head(state: dict[str, Any]) -> None:
    del state["classifier.weight"], state["classifier.bias"]


def spoil(state: dict[str, Any]) -> None:
    state["classifier.bias"][:] = float("nan")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(drop("config.json"), "has no config.json", id="no-config"),
        pytest.param(drop("tokenizer.json"), "has no tokenizer", id="no-tokenizer"),
        pytest.param(
            drop("model.safetensors"), "no weights in safetensors form.*found none", id="no-weights"
        ),
        pytest.param(
            leave_only_a_pickle, r"found only pytorch_model\.bin.*can run code", id="pickle"
        ),
        pytest.param(
            truncate_weights, "incomplete or no safetensors file.*Fetch it again", id="cut-weights"
        ),
        pytest.param(
            lambda f: (f / "model.safetensors").write_text(
                "version https://git-lfs.github.com/spec/v1\n"
            ),
            "Git LFS pointer",
            id="lfs-pointer",
        ),
        pytest.param(
            edit_weights(strip_head), "lacks weights.*classifier.*bare encoder", id="no-head"
        ),
        pytest.param(
            lambda f: edit_json(f / "config.json", intermediate_size=128),
            r"do not fit its config.json: 'bert\..*expected \(128,?",
            id="other-shape",
        ),
        pytest.param(
            lambda f: edit_json(f / "config.json", num_hidden_layers=3),
            "lacks weights.*layer.2",
            id="more-layers",
        ),
        pytest.param(
            lambda f: (f / "config.json").write_text("{"), "cannot be read", id="broken-config"
        ),
        pytest.param(
            lambda f: (f / "config.json").write_text("[]"), "holds a list", id="list-config"
        ),
        pytest.param(
            lambda f: (f / "tokenizer.json").write_text("{}"),
            "tokenizer that cannot be",
            id="bad-tokenizer",
        ),
        pytest.param(
            lambda f: edit_json(f / "config.json", auto_map={"AutoModel": "m.M"}),
            "its own code",
            id="own-code",
        ),
        pytest.param(
            lambda f: edit_json(
                f / "tokenizer_config.json", auto_map={"AutoTokenizer": ["m.T", None]}
            ),
            "its own code",
            id="own-tokenizer-code",
        ),
        pytest.param(
            lambda f: edit_json(f / "config.json", model_type="nonesuch"),
            "cannot use",
            id="unknown-architecture",
        ),
        pytest.param(
            lambda f: edit_json(f / "config.json", model_type="vit"),
            "no sequence classification",
            id="no-text-model",
        ),
        pytest.param(
            lambda f: edit_json(f / "config.json", id2label=None, label2id=None),
            "LABEL_0",
            id="unnamed-labels",
        ),
        pytest.param(
            lambda f: edit_json(f / "config.json", num_labels=2),
            "num_labels 2 but 3",
            id="label-number",
        ),
        pytest.param(
            lambda f: edit_json(f / "tokenizer_config.json", pad_token=None),
            "without a padding token",
            id="no-padding",
        ),
        pytest.param(
            lambda f: edit_json(f / "tokenizer_config.json", pad_token="x"),
            r"token \d+ in a vocabulary",
            id="padding-beyond",
        ),
        *(
            pytest.param(
                lambda f, file=file: (f / file).write_text("[" * 100_000),
                f"{file} cannot be read",
                id=f"deep-{file}",
            )
            for file in ("config.json", "tokenizer_config.json")
        ),
        pytest.param(
            nest_the_index_deeply,
            "index.json cannot be read",
            id="deep-index",
        ),
        *(
            pytest.param(
                lambda f, length=length: edit_json(
                    f / "tokenizer_config.json", model_max_length=length
                ),
                "model_max_length of .*, expected a number",
                id=f"length-{length!r}",
            )
            for length in ("x", "", [], 0, -1, float("nan"))
        ),
        pytest.param(
            edit_tokenizer(lambda data: data["post_processor"].update(single=[])),
            "tokenizer that cannot be used: .* each text",
            id="no-single-template",
        ),
        pytest.param(
            edit_tokenizer(lambda data: data["post_processor"]["pair"].pop(3)),
            "tokenizer that cannot be used: .* each text",
            id="no-second-text",
        ),
        pytest.param(
            edit_tokenizer(lambda data: data["post_processor"].update(special_tokens={})),
            "tokenizer that cannot be used",
            id="no-special-tokens",
        ),
        pytest.param(
            edit_tokenizer(
                lambda data: data["post_processor"]["special_tokens"]["[CLS]"].update(ids=[5000])
            ),
            "token 5000 in a vocabulary",
            id="special-beyond",
        ),
        *(
            pytest.param(
                lambda f, option=option: edit_json(f / "config.json", **option),
                "can be loaded but not run",
                id=next(iter(option)),
            )
            for option in ({"output_hidden_states": "x"}, {"classifier_dropout": float("nan")})
        ),
    ],
)
def test_unusable_folders_are_refused_with_what_to_do(
    damage: Callable[[Path], None], message: str, copy: Path
) -> None:
    """Each fault gets one error that names the model and the fault."""
    damage(copy)
    with pytest.raises(ModelError, match=f"(?s){message}") as info:
        load_scorer(copy)
    assert str(copy) in str(info.value)
    assert len(str(info.value)) < 700


def test_damaged_values_are_refused_when_they_show(copy: Path) -> None:
    """Weights that are no numbers give an error, not probabilities."""
    edit_weights(spoil)(copy)
    with pytest.raises(ModelError, match="no numbers"):
        load_scorer(copy).score(PAIRS[:1])


@pytest.mark.parametrize("token", [5000, 2**32 - 1])
def test_a_foreign_tokenizer_is_refused_when_it_shows(token: int, copy: Path) -> None:
    """A token beyond the model's vocabulary gives an error that blames the tokenizer."""
    edit_tokenizer(lambda data: data["model"]["vocab"].update(zebra=token))(copy)
    with pytest.raises(ModelError, match=f"token {token} in a vocabulary"):
        load_scorer(copy).score([("zebra", "zebra")])


def test_a_tokenizer_that_fails_on_a_text_is_refused_when_it_shows(copy: Path) -> None:
    """A word that is unknown where no token stands for the unknown gives an error that says so."""
    edit_tokenizer(lambda data: data["model"].update(unk_token="[NONE]"))(copy)
    scorer = load_scorer(copy)
    assert scorer.score([("a", "a")])
    with pytest.raises(ModelError, match=r"tokenizer that cannot be used: .*Missing"):
        scorer.score([("zebra", "zebra")])


@pytest.mark.parametrize("option", [{"return_dict": False}, {"chunk_size_feed_forward": 2}])
def test_how_a_network_computes_is_not_the_configs_affair(
    option: dict[str, object], copy: Path
) -> None:
    """A config that asks for another form of output, or for chunks, gets the same probabilities."""
    expected = tiny_scorer(copy).score(PAIRS)
    edit_json(copy / "config.json", **option)
    scorer = exact_scorer(copy)  # pair by pair, so that some lengths are odd
    assert_close([scorer.score([pair])[0] for pair in PAIRS], expected)


@pytest.mark.parametrize("length", [10.5, 10.0, 10])
def test_a_maximum_length_may_have_a_fraction(length: float, copy: Path) -> None:
    """Only whole tokens count."""
    edit_json(copy / "tokenizer_config.json", model_max_length=length)
    scorer = exact_scorer(copy)
    scorer.score([("a " * 4, "a " * 3), ("a " * 4, "a " * 4)])
    assert scorer.truncated == 1


def test_loading_a_model_counts_no_cut_pair(copy: Path) -> None:
    """Where not even the pair fits that a model is tried out with, nothing of the user's was cut."""
    edit_json(copy / "tokenizer_config.json", model_max_length=1)
    assert exact_scorer(copy).truncated == 0


def test_unused_weights_are_a_warning(copy: Path) -> None:
    """A checkpoint with more than the model needs loads, and says so."""
    edit_weights(lambda state: state.update(extra=state["classifier.bias"].clone()))(copy)
    assert "not used: extra" in load_scorer(copy).warnings[0]


@pytest.mark.parametrize("name", ["nli-bse", "no/such/folder", "/nowhere", "~nosuch/x"])
def test_an_unknown_name_lists_the_profiles(name: str) -> None:
    """A mistyped name is answered with the names there are."""
    with pytest.raises(ModelError, match="nli-base") as info:
        load_scorer(name)
    assert f"'{name}'" in str(info.value)
    assert local_folder(name) is None


def test_a_file_is_no_folder(folder: Path) -> None:
    """Giving the weights' file instead of its folder says so."""
    with pytest.raises(ModelError, match="is a file, not a folder"):
        load_scorer(folder / "model.safetensors")


@pytest.mark.parametrize("device", ["abacus", "cuda:99"])
def test_an_unusable_device_is_a_model_error(device: str, folder: Path) -> None:
    """A device that is not there gives an error that names it."""
    with pytest.raises(ModelError, match=f"'{device}' cannot be used"):
        load_scorer(folder, device=device)


def test_batch_budget_must_be_positive(folder: Path) -> None:
    """A budget of no tokens is a programming error."""
    with pytest.raises(ValueError, match="batch_tokens"):
        load_scorer(folder, batch_tokens=0)


# int8


def quantise(folder: Path, change: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    packed = {}
    for key, value in load_file(folder / "model.safetensors").items():
        if value.ndim == 2 and value.shape[0] > 3:
            scale = (value.abs().amax(1, keepdim=True) / 127).half()
            packed[f"{key}.q"] = (value / scale.float()).round().clamp(-127, 127).to(torch.int8)
            packed[f"{key}.s"] = scale
        else:
            packed[key] = value.half()
    change(packed)
    (folder / "model.safetensors").unlink()
    save_file(packed, folder / "model.int8.safetensors")


def test_int8_weights_give_nearly_the_same(copy: Path) -> None:
    """The compressed form is the same model, within what eight bits can hold."""
    expected = tiny_scorer(copy).score(PAIRS)
    quantise(copy)
    for one, other in zip(exact_scorer(copy).score(PAIRS), expected, strict=True):
        assert one.contradiction == pytest.approx(other.contradiction, abs=0.1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            lambda t: t.pop("bert.pooler.dense.weight.s"), "one scale a row", id="scale-missing"
        ),
        pytest.param(
            lambda t: t.pop("bert.pooler.dense.weight.q"), "lacks weights", id="matrix-missing"
        ),
        pytest.param(lambda t: t.pop("classifier.weight"), "lacks weights", id="head-missing"),
        pytest.param(
            lambda t: t.update(extra=t["classifier.bias"].clone()),
            "no place for: extra",
            id="one-more",
        ),
        pytest.param(
            lambda t: t.update(
                {
                    "x.q": t["bert.pooler.dense.weight.q"][0, 0].clone(),
                    "x.s": t["classifier.bias"][:1].clone(),
                }
            ),
            "'x.q' .* one scale a row",
            id="no-matrix",
        ),
    ],
)
def test_int8_weights_are_loaded_strictly(
    change: Callable[[dict[str, Any]], None], message: str, copy: Path
) -> None:
    """A compressed file that is not exactly the model is refused."""
    quantise(copy, change)
    with pytest.raises(ModelError, match=message):
        load_scorer(copy)


# Profiles, the hub, and what stays untouched


def test_profiles_are_complete() -> None:
    """The default stands first, embedded, with its size; all others name source and licence."""
    first, *others = list_profiles()
    assert (first.name, first.default, first.source) == ("nli-base", True, "embedded")
    assert first.bytes is not None
    assert 20e6 < first.bytes < 120e6
    assert len({profile.name for profile in list_profiles()}) == len(others) + 1
    [mini] = [profile for profile in others if profile.name == "nli-mini"]
    assert mini.source == "embedded"
    assert mini.parameters < 25e6
    assert mini.bytes is not None
    assert mini.bytes < 30e6
    for profile in others:
        assert profile.licence
        assert profile.parameters > 0
        if profile.source != "embedded":
            assert profile.source.count("/") == 1
        assert all(0 < figure < 1 for figure in profile.figures.values())


def run_python(code: str, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-Pc", code, *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_listing_profiles_imports_no_heavy_library() -> None:
    """Importing the module and listing the profiles loads neither torch nor transformers."""
    code = (
        "import sys, contradict.profiles; contradict.profiles.list_profiles()\n"
        "print(sorted({'torch', 'transformers', 'numpy', 'huggingface_hub'} & set(sys.modules)))"
    )
    assert run_python(code).strip() == "[]"


def test_hub_models_come_from_the_local_cache(folder: Path, tmp_path: Path) -> None:
    """Offline, a cached hub model loads at the asked revision; others get an error that says so."""
    repository = tmp_path / "hub" / "models--org--tiny"
    for revision, seed in (("a" * 40, 0), ("b" * 40, 1)):
        make_model(repository / "snapshots" / revision, seed=seed)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("a" * 40)
    (repository / "refs" / "v2").write_text("b" * 40)
    code = """
import json, sys
from contradict.errors import ModelError
from contradict.nli import load_scorer
def describe(name):
    try:
        scorer = load_scorer(name, device="cpu", precision="float32")
    except ModelError as error:
        return str(error)
    return [scorer.name, scorer.score([("Russia bombed Aleppo.", "A city.")])[0].contradiction]
print(json.dumps([describe(name) for name in sys.argv[1:]]))
"""
    names = [
        "org/tiny",
        f"org/tiny@{'a' * 40}",
        "org/tiny@v2",
        "org/tiny@v3",
        "org/other",
        "minilm2-l6",
    ]
    main, pinned, tagged, no_revision, no_model, profile = json.loads(
        run_python(code, *names, HF_HOME=str(tmp_path), HF_HUB_OFFLINE="1")
    )
    assert main[0] == "org/tiny"
    expected = tiny_scorer(folder).score([("Russia bombed Aleppo.", "A city.")])[0].contradiction
    assert main[1] == pytest.approx(expected, abs=1e-5)
    assert pinned[1] == main[1]
    assert abs(tagged[1] - main[1]) > 1e-3
    assert "at revision 'v3' is not in the local Hugging Face cache" in no_revision
    assert "`hf download org/other`" in no_model
    assert "cross-encoder/nli-MiniLM2-L6-H768" in profile


def test_loading_prints_nothing_and_leaves_the_libraries_as_they_were(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Log level, progress bars and the number of threads are the caller's affair."""
    import torch
    from transformers.utils import logging

    before = (logging.get_verbosity(), logging.is_progress_bar_enabled(), torch.get_num_threads())
    load_scorer(folder).score(PAIRS)
    assert (
        logging.get_verbosity(),
        logging.is_progress_bar_enabled(),
        torch.get_num_threads(),
    ) == before
    assert capfd.readouterr() == ("", "")
