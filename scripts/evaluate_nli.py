"""Measure an NLI model on the dev sets and on what the library needs it for.

    evaluate_nli.py MODEL_FOLDER --data NLI --conflicts CONFLICTS [--limit N] [--output FILE.json]

NLI holds `dev/*.jsonl.gz`; CONFLICTS holds `gold_dev.jsonl` and `articles/`. Prints one JSON
object:

* `sets`: accuracy with a 95 % bootstrap interval, macro F1 and F1 per label of each dev set,
  choosing among the labels that occur in it;
* `same_article`: share of random sentence pairs of one article, gold conflicts left out, that are
  called contradictions (one direction, most probable label), the same at P > 0.9;
* `hard_negatives`, `conflicts`: share of hand-made hard negatives and of gold conflict passages
  whose contradiction, averaged over both directions, is at least 0.5;
* `conflict_auc`: probability that a gold conflict scores above a random same-article pair, and
  above a hard negative;
* `asymmetry`: mean |P(contradiction | a, b) - P(contradiction | b, a)| on contradiction pairs;
* `wrappers`: share of stance-wrapped pairs read rightly, for templates seen and held out.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from nli_data import (
    LABELS,
    PERMITTED,
    Pair,
    read_jsonl,
    sentence_splitter,
    usable_sentence,
    wrap_stance,
)

from contradict.engines import fastest_precision

CONTRADICTION = LABELS.index("contradiction")


class Predictor:
    """A model folder as a function from text pairs to probabilities."""

    def __init__(self, folder: Path, *, max_length: int = 256, batch_tokens: int = 6000) -> None:
        import torch
        from pack_model import load_model
        from transformers import AutoTokenizer

        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = load_model(folder).to(self.device).eval()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.max_length, self.batch_tokens = max_length, batch_tokens
        ids = {name.lower(): i for name, i in self.model.config.label2id.items()}
        self.order = [ids[name] for name in LABELS]

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """Probabilities of shape (pairs, 3), columns as in `LABELS`."""
        import torch

        if not pairs:
            return np.zeros((0, 3), np.float32)
        rows = self.tokenizer(list(pairs), truncation="longest_first", max_length=self.max_length)[
            "input_ids"
        ]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        out = np.zeros((len(rows), 3), np.float32)
        batch: list[int] = []
        for position, index in enumerate(order):
            batch.append(index)
            following = order[position + 1] if position + 1 < len(order) else None
            if following and len(rows[following]) * (len(batch) + 1) <= self.batch_tokens:
                continue
            inputs = self.tokenizer.pad(
                {"input_ids": [rows[i] for i in batch]}, return_tensors="pt"
            ).to(self.device)
            with torch.inference_mode(), autocast(self.device):
                logits = self.model(**inputs).logits
            out[batch] = logits.float().softmax(-1)[:, self.order].cpu().numpy()
            batch = []
        return out


def autocast(device: Any) -> Any:
    """A context in which matrices are multiplied in bfloat16, where the device is made for that."""
    import torch

    halved = device.type != "cpu" or fastest_precision(device) == "bfloat16"
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=halved)


def sample_rows(path: Path, *, limit: int | None, seed: int = 5) -> list[Pair]:
    """Rows of a dev file; at most `limit`, drawn with a fixed seed."""
    rows = [
        Pair(r["premise"], r["hypothesis"], r["label"], path.name.split(".")[0])
        for r in read_jsonl(path)
    ]
    return random.Random(seed).sample(rows, limit) if limit and limit < len(rows) else rows


def predicted(probabilities: np.ndarray, present: Sequence[str]) -> list[str]:
    """Most probable of the labels in `present` for each row."""
    columns = [LABELS.index(name) for name in LABELS if name in present]
    return [LABELS[columns[i]] for i in probabilities[:, columns].argmax(axis=1)]


def accuracy_on(predict: Predictor, path: Path, *, limit: int | None) -> float:
    """Accuracy on one dev file."""
    rows = sample_rows(path, limit=limit)
    guesses = predicted(texts_scored(predict, rows), {r.label for r in rows})
    return float(np.mean([g == r.label for g, r in zip(guesses, rows, strict=True)]))


def texts_scored(predict: Predictor, rows: Sequence[Pair]) -> np.ndarray:
    """Probabilities of the rows."""
    return predict([(r.premise, r.hypothesis) for r in rows])


def interval(right: np.ndarray, *, draws: int = 2000, seed: int = 5) -> list[float]:
    """95 % bootstrap interval of a mean."""
    rng = np.random.default_rng(seed)
    means = rng.choice(right, size=(draws, len(right))).mean(axis=1)
    return [round(float(v), 4) for v in np.percentile(means, (2.5, 97.5))]


def score_set(predict: Predictor, path: Path, *, limit: int | None) -> dict[str, object]:
    """Accuracy, its interval and F1 on one dev file."""
    from sklearn.metrics import f1_score

    rows = sample_rows(path, limit=limit)
    gold = [r.label for r in rows]
    labels = [name for name in LABELS if name in gold]
    guesses = predicted(texts_scored(predict, rows), labels)
    right = np.array([g == r for g, r in zip(guesses, gold, strict=True)], float)
    each = f1_score(gold, guesses, labels=labels, average=None, zero_division=0.0)
    return {
        "rows": len(rows),
        "accuracy": round(float(right.mean()), 4),
        "interval": interval(right),
        "macro_f1": round(float(each.mean()), 4),
        "f1": {name: round(float(f), 4) for name, f in zip(labels, each, strict=True)},
    }


def overlaps(one: tuple[int, int], two: tuple[int, int]) -> bool:
    """Whether two spans share a character."""
    return min(one[1], two[1]) > max(one[0], two[0])


def same_article_pairs(
    articles: Path, gold: Sequence[dict], *, count: int, seed: int = 5
) -> list[tuple[str, str]]:
    """Random ordered sentence pairs of one article, none of which touches a gold conflict."""
    rng = random.Random(seed)
    split = sentence_splitter()
    files = sorted(articles.glob("*.txt"))
    out: list[tuple[str, str]] = []
    for file in files:
        text = file.read_text(encoding="utf8")
        spans, cursor = [], 0
        for sentence in split(text):
            start = text.find(sentence, cursor)
            if start >= 0 and usable_sentence(sentence):
                cursor = start + len(sentence)
                spans.append((start, cursor))
        marked = [
            ((r["a_start"], r["a_end"]), (r["b_start"], r["b_end"]))
            for r in gold
            if r["article"] == file.name and r["kind"] != "none"
        ]
        possible = [
            (one, two)
            for one in spans
            for two in spans
            if one != two
            and not any(
                (overlaps(one, a) and overlaps(two, b)) or (overlaps(one, b) and overlaps(two, a))
                for a, b in marked
            )
        ]
        share = min(len(possible), round(count / len(files)))
        out += [(text[slice(*a)], text[slice(*b)]) for a, b in rng.sample(possible, share)]
    return out


def auc(positive: np.ndarray, negative: np.ndarray) -> float:
    """Probability that a positive scores above a negative, ties counted half."""
    above = (positive[:, None] > negative).mean() + 0.5 * (positive[:, None] == negative).mean()
    return round(float(above), 4)


def both_ways(predict: Predictor, rows: Sequence[dict]) -> np.ndarray:
    """Contradiction of gold rows, averaged over both directions."""
    forward = predict([(r["a_text"], r["b_text"]) for r in rows])[:, CONTRADICTION]
    backward = predict([(r["b_text"], r["a_text"]) for r in rows])[:, CONTRADICTION]
    return (forward + backward) / 2


def score_conflicts(predict: Predictor, folder: Path, *, count: int) -> dict[str, object]:
    """What the model calls contradictions in whole articles."""
    gold = list(read_jsonl(folder / "gold_dev.jsonl"))
    pairs = same_article_pairs(folder / "articles", gold, count=count)
    random_scores = predict(pairs)
    called = (random_scores.argmax(axis=1) == CONTRADICTION).astype(float)
    sure = [r for r in gold if r["kind"] != "none" and r.get("sure", True)]
    conflicts = both_ways(predict, sure)
    hard = both_ways(predict, [r for r in gold if r["kind"] == "none"])
    kinds: dict[str, list[float]] = {}
    for row, score in zip(sure, conflicts, strict=True):
        kinds.setdefault(row["kind"], []).append(float(score >= 0.5))
    return {
        "same_article": {
            "pairs": len(pairs),
            "contradiction": round(float(called.mean()), 4),
            "interval": interval(called),
            "above_0.9": round(float((random_scores[:, CONTRADICTION] > 0.9).mean()), 4),
        },
        "hard_negatives": {
            "rows": len(hard),
            "contradiction": round(float((hard >= 0.5).mean()), 4),
        },
        "conflicts": {
            "rows": len(sure),
            "contradiction": round(float((conflicts >= 0.5).mean()), 4),
            "by_kind": {k: [len(v), round(sum(v) / len(v), 3)] for k, v in sorted(kinds.items())},
        },
        "conflict_auc": {
            "against_random": auc(conflicts, random_scores[:, CONTRADICTION]),
            "against_hard": auc(conflicts, hard),
        },
    }


def score_asymmetry(predict: Predictor, rows: Sequence[Pair]) -> float:
    """Mean difference of contradiction between the two directions of contradiction pairs."""
    contradictions = [r for r in rows if r.label == "contradiction"]
    forward = predict([(r.premise, r.hypothesis) for r in contradictions])[:, CONTRADICTION]
    backward = predict([(r.hypothesis, r.premise) for r in contradictions])[:, CONTRADICTION]
    return round(float(np.abs(forward - backward).mean()), 4)


def score_wrappers(predict: Predictor, rows: Sequence[Pair], *, count: int) -> dict[str, object]:
    """Share of stance-wrapped pairs whose most probable label is a permitted one."""
    out: dict[str, object] = {}
    for name, held_out in (("seen", False), ("held_out", True)):
        pairs = wrap_stance(rows, count, rng=random.Random(7), held_out=held_out)
        best = texts_scored(predict, pairs).argmax(axis=1)
        right = [bool(PERMITTED[p.label][i]) for p, i in zip(pairs, best, strict=True)]
        total = Counter(p.source for p in pairs)
        good = Counter(p.source for p, ok in zip(pairs, right, strict=True) if ok)
        out[name] = {
            "pairs": count,
            "accuracy": round(sum(right) / count, 4),
            **{source: round(good[source] / total[source], 3) for source in sorted(total)},
        }
    return out


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--conflicts", type=Path)
    parser.add_argument("--limit", type=int, help="rows of each dev set (default: all)")
    parser.add_argument("--pairs", type=int, default=2000, help="random same-article pairs")
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()

    started = time.monotonic()
    predict = Predictor(args.model)
    dev = args.data / "dev"
    report: dict[str, object] = {"limit": args.limit}
    if args.conflicts:
        report |= score_conflicts(predict, args.conflicts, count=args.pairs)
    mnli = sample_rows(dev / "mnli_dev_m.jsonl.gz", limit=args.limit and 2 * args.limit, seed=6)
    report["asymmetry"] = score_asymmetry(predict, mnli)
    report["wrappers"] = score_wrappers(predict, mnli, count=args.limit or 1000)
    report["sets"] = {
        path.name.split(".")[0]: score_set(predict, path, limit=args.limit)
        for path in sorted(dev.glob("*.jsonl.gz"))
    }
    report["seconds"] = round(time.monotonic() - started)
    text = json.dumps(report, indent=1)
    if args.output:
        args.output.write_text(text + "\n", encoding="utf8")
    print(text)


if __name__ == "__main__":
    main()
