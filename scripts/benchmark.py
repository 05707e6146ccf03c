#!/usr/bin/env python3
"""Measure how fast the library is, against named peers on the same machine, weights and texts.

    benchmark.py ARTICLES [--articles N] [--statements N] [--json FILE] [--plot FILE]

ARTICLES is anything `contradict analyze` takes: real news articles. The peers come with
`pip install -c constraints.txt -e '.[benchmark]'`.

* **Scoring.** The pairs that the library finds in the first N articles are decided by the library (which
  reads propositions and, where they leave a chance, sentences, see `contradict.reading`) and by peers, which are given
  both of every pair once, have the same weights in float32 or as said, and whose probabilities are folded alike:
  sentence-transformers' `CrossEncoder`; its int8 recipe for ONNX Runtime (dynamic quantisation of a
  traced model, batches of 32 by length; its own exporter cannot be installed beside transformers 5); the
  text-classification pipeline of transformers, batches as the pairs come. The library's own engines are timed, too.
* **Peak.** What one large product of matrices reaches on the machine, and the share of it that scoring reaches.
* **Whole articles**, warm, and what it costs to start; `contradict evaluate` on 500 pairs, from its start to its end.
* **Growth** from a hundred statements to `--statements`, each size in a process of its own: pairs, seconds to find
  them, and memory with all models at work. Beyond the articles given, these come again with other names.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from transformers import AutoConfig, AutoTokenizer

from contradict.conflict import judge
from contradict.documents import read_documents
from contradict.engines import TorchEngine
from contradict.nli import load_scorer
from contradict.pairing import find_pairs
from contradict.pipeline import Analyzer, sentences_of
from contradict.reading import direction, sentence_pair
from contradict.records import Document, Nli, Probabilities, Statement
from contradict.weights import load_model

Directed = tuple[str, str]
Predict = Callable[[list[Directed]], list[Probabilities]]

BATCH = 32  # the peers' default
SHAPE = (2048, 768, 3072)  # tokens and widths of the largest product that the model has
ROUNDS = 20
PAIRS = Path(__file__).parents[1] / "seeds" / "pairs.jsonl"
EVALUATED = 500  # of these, the first
SIZES = (100, 1_000, 10_000, 100_000)
SENTENCE = "The army bombed the hospital on Monday, Ann Smith said."
T = TypeVar("T")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("articles_from", metavar="ARTICLES", type=Path)
    parser.add_argument("--articles", type=int, default=3, help="for scoring")
    parser.add_argument("--statements", type=int, default=100_000, help="the most, for growth")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path, help="an SVG or PNG of the growth")
    args = parser.parse_args()
    if args.statements < SIZES[1]:
        parser.error(f"--statements must be at least {SIZES[1]:,}, so that growth shows")

    documents = [d for d in read_documents(args.articles_from) if isinstance(d, Document)]
    result: dict[str, Any] = {"threads": _threads()}
    result |= measure_start()
    result |= measure_scoring(documents[: args.articles])
    result |= measure_articles(documents[: 4 * args.articles])
    result |= measure_growth(documents, args.statements)
    text = json.dumps(result, indent=2)
    print(text)
    if args.json:
        args.json.write_text(text + "\n", "utf-8")
    if args.plot:
        plot(result["growth"], args.plot)


def measure_start() -> dict[str, float]:
    """Seconds until the library is imported, the command answers, both models are loaded, given pairs evaluated."""

    def seconds(*arguments: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began

    with PAIRS.open(encoding="utf8") as rows, tempfile.TemporaryDirectory() as folder:
        gold = Path(folder, "gold.jsonl")
        gold.write_text("".join(islice(rows, EVALUATED)), encoding="utf8")
        evaluation = min(seconds("-m", "contradict", "evaluate", str(gold)) for _ in range(3))
    bare = min(seconds("-c", "pass") for _ in range(5))
    imported = min(seconds("-c", "import contradict") for _ in range(5))
    return {
        "import_seconds": round(imported - bare, 3),
        "evaluation_seconds": round(evaluation, 1),
        "help_seconds": round(min(seconds("-m", "contradict", "--help") for _ in range(3)), 3),
        "load_seconds": round(
            seconds(
                "-c",
                "from contradict import Analyzer, Document; a = Analyzer(); a.scorer\n"
                f"a.statements(Document('short', {SENTENCE!r}))",
            ),
            2,
        ),
    }


def measure_scoring(documents: Sequence[Document]) -> dict[str, Any]:
    """Pairs decided a second by the library and by its peers, and whether they decide alike."""
    analyzer = Analyzer()
    split = analyzer.split(documents)
    pairs = [pair for each in split for pair in find_pairs(each.statements)]
    sentences = sentences_of(split)
    texts = [sentence_pair(pair, sentences) for pair in pairs]
    ways = [
        (direction(pair), direction(pair, text)) for pair, text in zip(pairs, texts, strict=True)
    ]
    directed = list(dict.fromkeys(way for both in ways for way in both))
    scorer = analyzer.scorer
    scorer.score(directed[:8])
    our_seconds, ours = timed(lambda: analyzer.judge(pairs, split))
    reading_seconds, readings = timed(lambda: scorer.score(directed))
    seconds, scores = time_peers(directed)

    exact = dict(zip(directed, scores["crossencoder_fp32"], strict=True))
    theirs = [
        judge(
            pair,
            Nli.once(exact[way]),
            texts=around,
            texts_nli=Nli.once(exact[way_around]),
            threshold=analyzer.threshold,
            model="float32",
        )
        for pair, around, (way, way_around) in zip(pairs, texts, ways, strict=True)
    ]
    flagged_by_peer = {each.id for each in theirs if each.flagged}
    folder = load_model().folder
    tokenizer, config = AutoTokenizer.from_pretrained(folder), AutoConfig.from_pretrained(folder)
    tokens = sum(map(len, tokenizer(*map(list, zip(*directed, strict=True)))["input_ids"]))
    peak = matrix_peak()
    reached = 2 * _matrix_weights(config) * tokens / reading_seconds
    return {
        "pairs": len(pairs),
        "directed_texts": len(directed),
        "mean_tokens": round(tokens / len(directed), 1),
        "precision": scorer.engine.precision,  # type: ignore[attr-defined]
        "pairs_per_second": round(len(pairs) / our_seconds, 2),
        "directed_texts_per_second": round(len(directed) / reading_seconds, 1),
        **{f"ratio_{name}": round(s / our_seconds, 2) for name, s in seconds.items()},
        **{
            f"ratio_{name}_per_directed_text": round(s / reading_seconds, 2)
            for name, s in seconds.items()
        },
        "flagged": sum(finding.flagged for finding in ours),
        "decisions_equal": _share(each.flagged == (each.id in flagged_by_peer) for each in ours),
        "labels_equal": _same_labels(readings, exact.values()),
        "labels_equal_onnx_int8": _same_labels(scores["crossencoder_onnx_int8"], exact.values()),
        "largest_difference": round(
            max(
                abs(a.contradiction - b.contradiction)
                for a, b in zip(readings, exact.values(), strict=True)
            ),
            3,
        ),
        "peak_operations_per_second": {name: round(p) for name, p in peak.items()},
        "share_of_peak": round(reached / peak["int8"], 3),
    }


def time_peers(
    directed: list[Directed],
) -> tuple[dict[str, float], dict[str, list[Probabilities]]]:
    """Seconds and scores of each peer, and of the library's other engines."""
    seconds, scores = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        load_network_into(folder)
        peers: dict[str, Predict] = {
            "crossencoder_fp32": cross_encoder(folder),
            "crossencoder_onnx_int8": onnx_int8(folder),
            "transformers_pipeline": text_classification(folder),
            "own_bfloat16": load_scorer(device="cpu", precision="bfloat16").score,
            "own_float32": load_scorer(device="cpu", precision="float32").score,
        }
        for name, predict in peers.items():
            predict(directed[:8])
            seconds[name], scores[name] = timed(lambda predict=predict: predict(directed))
    return seconds, scores


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds that the work takes, and what it gives."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def load_network_into(folder: str) -> None:
    """Save the bundled model as float32 in hub layout."""
    model = load_model()
    TorchEngine(model, "cpu", "float32").network.save_pretrained(folder)
    AutoTokenizer.from_pretrained(model.folder).save_pretrained(folder)


def cross_encoder(folder: str) -> Predict:
    """sentence-transformers, float32."""
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(folder, device="cpu")

    def predict(pairs: list[Directed]) -> list[Probabilities]:
        rows = model.predict(pairs, apply_softmax=True, batch_size=BATCH, show_progress_bar=False)
        return [Probabilities(*map(float, row)) for row in rows]

    return predict


def onnx_int8(folder: str) -> Predict:
    """ONNX Runtime with the int8 recipe of sentence-transformers."""
    import onnxruntime
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from scipy.special import softmax
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    example = torch.ones(2, 16, dtype=torch.long)
    traced, packed = Path(folder, "model.onnx"), Path(folder, "model_int8.onnx")
    axes = {name: {0: "pairs", 1: "tokens"} for name in ("input_ids", "attention_mask")}
    torch.onnx.export(
        network,
        (example, example),
        traced,
        input_names=list(axes),
        output_names=["logits"],
        dynamic_axes=axes,
        dynamo=False,
    )
    quantize_dynamic(traced, packed, weight_type=QuantType.QInt8, per_channel=True)
    session = onnxruntime.InferenceSession(packed)

    def predict(pairs: list[Directed]) -> list[Probabilities]:
        order = sorted(range(len(pairs)), key=lambda i: -len(pairs[i][0]) - len(pairs[i][1]))
        result: dict[int, Probabilities] = {}
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            inputs = tokenizer(
                [pairs[i][0] for i in batch],
                [pairs[i][1] for i in batch],
                padding=True,
                truncation=True,
                return_tensors="np",
            )
            (logits,) = session.run(None, dict(inputs))
            rows = softmax(logits, axis=-1).tolist()
            result |= {i: Probabilities(*row) for i, row in zip(batch, rows, strict=True)}
        return [result[i] for i in range(len(pairs))]

    return predict


def text_classification(folder: str) -> Predict:
    """The pipeline of transformers, float32, in batches."""
    from transformers import pipeline

    classify = pipeline("text-classification", model=folder, device="cpu", top_k=None)

    def predict(pairs: list[Directed]) -> list[Probabilities]:
        rows = classify([{"text": a, "text_pair": b} for a, b in pairs], batch_size=BATCH)
        return [Probabilities(**{cell["label"]: cell["score"] for cell in row}) for row in rows]

    return predict


def matrix_peak() -> dict[str, float]:
    """Operations a second of one large product, by what is multiplied."""
    import torch

    tokens, wide, wider = SHAPE
    left, right = torch.randn(tokens, wide), torch.randn(wide, wider)
    halves = left.bfloat16(), right.bfloat16()
    bytes_ = [torch.randint(-127, 128, m.shape, dtype=torch.int8) for m in (left, right)]
    products = {
        "float32": lambda: left @ right,
        "bfloat16": lambda: halves[0] @ halves[1],
        "int8": lambda: torch._int_mm(*bytes_),
    }
    peak = {}
    for name, multiply in products.items():
        multiply()
        seconds, _ = timed(lambda multiply=multiply: [multiply() for _ in range(ROUNDS)])
        peak[name] = 2 * tokens * wide * wider * ROUNDS / seconds
    return peak


def measure_articles(documents: Sequence[Document]) -> dict[str, float]:
    """Whole articles a second, from text to findings, all models loaded."""
    analyzer = Analyzer()
    analyzer.analyze(documents[0])
    seconds, _ = timed(lambda: [analyzer.analyze(document) for document in documents])
    words = sum(len(document.text.split()) for document in documents)
    return {
        "articles_per_second": round(len(documents) / seconds, 4),
        "seconds_per_1000_words": round(1000 * seconds / words, 2),
    }


def measure_growth(documents: Sequence[Document], most: int) -> dict[str, Any]:
    """How pairs, seconds and memory grow with the number of statements."""
    report = Analyzer().statements(documents)
    rows, peak = [], 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "statements.jsonl")
        with file.open("w", encoding="utf-8") as stream:
            for statement in vary(report.statements, most):
                stream.write(json.dumps(statement.to_dict()) + "\n")
        sizes = [size for size in SIZES if size <= most]
        for size in sizes:
            with ProcessPoolExecutor(1, get_context("spawn")) as pool:
                pairs, seconds, memory = pool.submit(pair_statements, file, size).result()
            rows.append(
                {"statements": size, "pairs": pairs, "seconds": seconds, "memory_bytes": memory}
            )
            peak = max(peak, memory)
            print(rows[-1], file=sys.stderr)
    exponents = {
        name: float(
            np.polyfit(
                np.log([row["statements"] for row in rows]), np.log([row[name] for row in rows]), 1
            )[0]
        )
        for name in ("pairs", "seconds")
    }
    return {
        "pairs_exponent": round(exponents["pairs"], 3),
        "pairing_seconds_exponent": round(exponents["seconds"], 3),
        "peak_memory_bytes": peak,
        "growth": rows,
    }


def vary(statements: Sequence[Statement], most: int) -> list[Statement]:
    """The statements, again and again with other names, until there are enough."""
    varied: list[Statement] = []
    for copy in range(-(-most // max(1, len(statements)))):
        for each in statements:
            if len(varied) == most:
                return varied
            varied.append(each if copy == 0 else _renamed(each, copy))
    return varied


def _renamed(statement: Statement, copy: int) -> Statement:
    ending = "abcdefghijklmnopqrstuvwxyz"
    suffix = ending[copy % 26] + ending[copy // 26 % 26]
    return replace(
        statement,
        document=f"{statement.document}-{copy}",
        proposition=NAME.sub(lambda name: name[0] + suffix, statement.proposition),
    )


def pair_statements(file: Path, size: int) -> tuple[int, float, int]:
    """Pairs of so many statements, the seconds to find them, and the memory with the model loaded and at work."""
    statements = []
    with file.open(encoding="utf-8") as stream:
        for line, _ in zip(stream, range(size), strict=False):
            statements.append(Statement.from_dict(json.loads(line)))
    seconds, pairs = timed(lambda: find_pairs(statements))
    analyzer = Analyzer()
    analyzer.statements(Document("short", SENTENCE))
    analyzer.scorer.score([direction(pair) for pair in pairs[:64]])
    return len(pairs), seconds, peak_memory()


def peak_memory() -> int:
    """Most bytes of memory that this process has held."""
    # Unlike getrusage, this does not count the process that was forked from.
    status = Path("/proc/self/status")
    if status.exists():
        held = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if held:
            return int(held[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def plot(growth: Sequence[dict[str, Any]], file: Path) -> None:
    """Draw pairs and seconds against statements, both on logarithmic scales."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.5), layout="constrained")
    sizes = [row["statements"] for row in growth]
    for axes, name in zip(figure.subplots(1, 2), ("pairs", "seconds"), strict=True):
        axes.loglog(sizes, [row[name] for row in growth], "o-", color="#1f6f8b")
        axes.set(xlabel="statements", ylabel=name)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, dpi=160)


def _same_labels(scores: Iterable[Probabilities], others: Iterable[Probabilities]) -> float:
    return _share(_label(a) == _label(b) for a, b in zip(scores, others, strict=True))


def _label(p: Probabilities) -> int:
    return int(np.argmax((p.entailment, p.neutral, p.contradiction)))


def _share(hits: Iterable[bool]) -> float:
    return round(float(np.mean(list(hits))), 4)


def _matrix_weights(config: Any) -> int:
    """Weights of the layers' matrices, which each token is multiplied with."""
    width = config.hidden_size
    return int(config.num_hidden_layers * (4 * width**2 + 2 * width * config.intermediate_size))


def _threads() -> int:
    import torch

    return torch.get_num_threads()


if __name__ == "__main__":
    main()
