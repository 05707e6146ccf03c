"""Fine-tune an NLI cross-encoder.

    train_nli.py --data NLI --articles ATTRIBUTION --init FOLDER --output FOLDER
        [--config train_nli.toml] [--exclude FOLDER] [--teacher FOLDER] [--max-minutes M | --max-pairs N]
        [--resume]

NLI holds `train/*.jsonl.gz`; ATTRIBUTION holds `train.jsonl.gz`, whole articles with marked
attributions; texts in the folder given to `--exclude` are never trained on. OUTPUT receives the
pairs (`pairs.jsonl`), the model (`model.safetensors`, config, tokenizer), the averaged model in `averaged/`, the last
checkpoint in `checkpoint/` and `log.jsonl`. Runs on a GPU when there is one.

With `--teacher`, a folder, that model's probabilities for the unlabelled pairs and for some others, the config's
`taught`, are computed first, and the student learns from them (distillation; Hinton, Vinyals and Dean 2015): of
unlabelled pairs from them alone, of others in the share that the config's `distilled` says.

The learning rate falls linearly with the share of the run that has passed: of `--max-minutes`,
or of `--max-pairs` (default: one pass).
"""

from __future__ import annotations

import argparse
import json
import random
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from conflict_data import (
    article_pairs,
    found_pairs,
    given_pairs,
    invented_pairs,
    judged_pairs,
    written_rows,
)
from evaluate_nli import Predictor, autocast
from nli_data import (
    LABELS,
    PERMITTED,
    Pair,
    crossed_claims,
    load_articles,
    load_sources,
    mirror_some,
    read_jsonl,
    sibling_pairs,
    wrap_stance,
)
from pack_model import load_model
from ruled_pairs import ruled_pairs
from safetensors.torch import load_file, save_file
from torch.nn.functional import log_softmax
from transformers import AutoTokenizer


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides the result, read from the config file."""

    seed: int
    max_length: int
    batch_tokens: int
    learning_rate: float
    warmup: float
    weight_decay: float
    frozen_layers: int
    dropout: float
    head_rate: float
    average_from: float
    average_every: int
    label_smoothing: float
    ignore_below: float
    mirrored: float
    articles_per: int
    news_per: int
    news: int
    news_stance: int
    crossed: int
    labelled: float
    unrelated: int
    stance: int
    stance_sources: tuple[str, ...]
    sources: dict[str, int]
    train_embeddings: bool = False
    final_rate: float = 0.0
    found: int = 0
    siblings: int = 0
    ruled: int = 0
    triples: int = 0
    disputes: int = 0
    judged: int = 0
    invented: int = 0
    taught: int = 0
    distilled: float = 0.0
    symmetry: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run stands: enough, with the weights, to go on."""

    step: int = 0
    epoch: int = 0
    batch: int = 0
    pairs: int = 0
    seconds: float = 0.0
    averaged: int = 0


# What a teacher says of a pair, in the order of `LABELS`; None if it was not asked.
Taught = tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Encoded:
    """A tokenised pair and what the loss needs of it."""

    ids: list[int]
    permitted: tuple[int, int, int]
    smoothing: float
    automatic: bool
    source: str
    taught: Taught = None
    turned: list[int] | None = None
    """The pair with its sides swapped, where the model is to say the same of both."""


def build_pairs(
    recipe: Recipe, *, data: Path, articles: Path, exclude: Path | None, seeds: Path
) -> list[Pair]:
    """All pairs of one pass, mirrored and shuffled."""
    rng = random.Random(recipe.seed)
    annotated = load_sources(data / "train", recipe.sources, rng=rng)
    pairs = mirror_some(annotated, recipe.mirrored, rng=rng)
    fever = {name: 10**9 for name in recipe.sources if name.startswith("fever")}
    if recipe.crossed and fever:
        every = load_sources(data / "train", fever, rng=rng, max_chars=350)
        pairs += mirror_some(crossed_claims(every, recipe.crossed, rng=rng), 0.25, rng=rng)
    texts = [p.read_text(encoding="utf8") for p in sorted(exclude.iterdir())] if exclude else []
    neutrals, news = load_articles(
        articles, recipe.articles_per, news=recipe.news_per, excluded=texts, rng=rng
    )
    pairs += neutrals + mirror_some(rng.sample(news, min(recipe.news, len(news))), 0.25, rng=rng)
    wrapped = [p for p in annotated if p.source in recipe.stance_sources]
    pairs += wrap_stance(wrapped, recipe.stance, rng=rng)
    pairs += wrap_stance(news, recipe.news_stance, rng=rng)
    if recipe.labelled:
        once = given_pairs(seeds / "training_pairs.jsonl")
        once += written_rows(seeds / "training_triples.jsonl")
        once += article_pairs(
            seeds / "conflicts_train.jsonl",
            articles,
            unrelated=recipe.unrelated,
            judged=seeds / "conflicts_judged.jsonl",
            rng=rng,
        )
        passes, share = divmod(recipe.labelled, 1)
        pairs += once * int(passes) + rng.sample(once, round(share * len(once)))
    pairs += written_rows(seeds / "training_triples.jsonl") * recipe.triples
    pairs += written_rows(seeds / "training_disputes.jsonl") * recipe.disputes
    if recipe.invented:
        pairs += invented_pairs(
            seeds / "training_articles.jsonl", unrelated=recipe.invented, rng=rng
        )
    if recipe.judged:
        pairs += judged_pairs(seeds / "conflicts_judged.jsonl", articles) * recipe.judged
    if recipe.found:
        pairs += found_pairs(articles, recipe.found, excluded=texts, rng=rng)
    pairs += ruled_pairs(recipe.ruled, rng=rng)
    pairs += sibling_pairs(annotated, recipe.siblings, rng=rng)
    rng.shuffle(pairs)
    return pairs


def encode_pairs(
    pairs: Sequence[Pair], said: Sequence[Taught], tokenizer, recipe: Recipe
) -> list[Encoded]:
    """Tokenise all pairs once; `said` is what the teacher says of each."""
    texts = [(p.premise, p.hypothesis) for p in pairs]
    cut = {"truncation": "longest_first", "max_length": recipe.max_length}
    ids = tokenizer(texts, **cut)["input_ids"]
    both_ways = [
        index
        for index, pair in enumerate(pairs)
        if recipe.symmetry and pair.source in recipe.sources and pair.label == "contradiction"
    ]
    turned = [(pairs[index].hypothesis, pairs[index].premise) for index in both_ways]
    swapped = dict(
        zip(both_ways, tokenizer(turned, **cut)["input_ids"] if turned else [], strict=True)
    )
    return [
        Encoded(
            i,
            PERMITTED[p.label],
            max(p.smoothing, recipe.label_smoothing),
            p.automatic,
            p.source,
            taught,
            swapped.get(index),
        )
        for index, (i, p, taught) in enumerate(zip(ids, pairs, said, strict=True))
    ]


def ask_teacher(pairs: Sequence[Pair], teacher: Path, *, besides: int) -> list[Taught]:
    """What a teacher says of each unlabelled pair and of the first `besides` others."""
    predict = Predictor(teacher)
    labelled = [index for index, pair in enumerate(pairs) if pair.label != "unlabelled"]
    asked = sorted({*range(len(pairs))} - {*labelled[besides:]})
    said: list[Taught] = [None] * len(pairs)
    for start in range(0, len(asked), 5_000):
        some = asked[start : start + 5_000]
        rows = predict([(pairs[index].premise, pairs[index].hypothesis) for index in some])
        for index, row in zip(some, rows.round(5).tolist(), strict=True):
            said[index] = tuple(row)
        print(f"teacher: {start + len(some)} of {len(asked)}", flush=True)
    return said


def keep_rows(pairs: Sequence[Pair], said: Sequence[Taught], file: Path) -> None:
    """Write the pairs of a run, and what the teacher says of them, for `read_rows`."""
    with file.open("w", encoding="utf8") as stream:
        for pair, taught in zip(pairs, said, strict=True):
            stream.write(json.dumps({"pair": asdict(pair), "taught": taught}) + "\n")


def read_rows(file: Path) -> tuple[list[Pair], list[Taught]]:
    """The pairs of a run that was begun before, in their order, and what the teacher said of them."""
    rows = list(read_jsonl(file))
    said = [row["taught"] and tuple(row["taught"]) for row in rows]
    return [Pair(**row["pair"]) for row in rows], said


def batches(rows: Sequence[Encoded], *, tokens: int, seed: int) -> list[list[Encoded]]:
    """Batches of rows of like length, at most `tokens` padded tokens each, in random order."""
    rng = random.Random(seed)
    order = list(rows)
    rng.shuffle(order)
    out: list[list[Encoded]] = []
    for start in range(0, len(order), 3000):
        batch: list[Encoded] = []
        for row in sorted(order[start : start + 3000], key=lambda r: len(r.ids)):
            if batch and len(row.ids) * (len(batch) + 1) > tokens:
                out.append(batch)
                batch = []
            batch.append(row)
        out.append(batch)
    rng.shuffle(out)
    return out


def tensors(texts: Sequence[list[int]], pad: int, device: torch.device) -> dict[str, torch.Tensor]:
    """Pad a batch."""
    width = max(map(len, texts))
    ids = [text + [pad] * (width - len(text)) for text in texts]
    mask = [[1] * len(text) + [0] * (width - len(text)) for text in texts]
    return {
        "input_ids": torch.tensor(ids, device=device),
        "attention_mask": torch.tensor(mask, device=device),
    }


def loss_of(
    logits: torch.Tensor,
    batch: Sequence[Encoded],
    order: Sequence[int],
    *,
    ignore_below: float,
    distilled: float = 0.0,
) -> torch.Tensor:
    """Mean smoothed negative log of the probability of the permitted labels.

    Of taught pairs, `distilled` of the loss is the cross-entropy with what the teacher says, all of it where
    every label is permitted.

    Args:
        order: Column of `logits` for each of `LABELS`.
        ignore_below: Pairs labelled by rule drop out when their labels get less probability.
    """
    device = logits.device
    logs = log_softmax(logits.float()[:, list(order)], dim=-1)
    permitted = torch.tensor([row.permitted for row in batch], device=device, dtype=torch.bool)
    smoothing = torch.tensor([row.smoothing for row in batch], device=device)
    automatic = torch.tensor([row.automatic for row in batch], device=device)
    right = logs.masked_fill(~permitted, float("-inf")).logsumexp(dim=-1)
    losses = -(1 - smoothing) * right - smoothing * logs.mean(dim=-1)
    kept = ~(automatic & (right.detach().exp() < ignore_below))
    if any(row.taught for row in batch):
        taught = torch.tensor([row.taught or (0.0, 0.0, 0.0) for row in batch], device=device)
        share = torch.where(permitted.all(dim=-1), 1.0, distilled) * taught.any(dim=-1)
        return ((1 - share) * losses * kept - share * (taught * logs).sum(dim=-1)).mean()
    return (losses * kept).mean()


def asymmetry_of(
    logits: torch.Tensor, turned: torch.Tensor, batch: Sequence[Encoded], order: Sequence[int]
) -> torch.Tensor:
    """Squared difference of P(contradiction) between the two directions, over the size of the batch.

    Args:
        logits: Of all rows of `batch`.
        turned: Of those that have their sides swapped as well, in the same order.
        order: Column for each of `LABELS`.
    """
    column = order[LABELS.index("contradiction")]
    both = [index for index, row in enumerate(batch) if row.turned]
    one, other = (each.float().softmax(dim=-1)[:, column] for each in (logits[both], turned))
    return ((one - other) ** 2).sum() / len(batch)


def freeze(model, layers: int, *, embeddings: bool) -> None:
    """Keep the lowest `layers` layers, and perhaps the embeddings, as they are."""
    encoder = model.base_model
    frozen = [*encoder.encoder.layer[:layers], *([encoder.embeddings] if embeddings else [])]
    for module in frozen:
        module.requires_grad_(False)


def rate_at(share: float, warmup: float, final: float = 0.0) -> float:
    """Linear warm-up to 1, then linear decay to `final`; `share` of the run has passed."""
    if share < warmup:
        return min(1.0, (share + 1e-4) / warmup)
    return final + (1 - final) * (1 - share) / (1 - warmup)


class Threads:
    """Chooses between one thread and all by measured speed, for cores shared with other work.

    Threads that wait for one another are slower than one alone when a core is taken, so the other
    choice is tried on every eighth step.
    """

    def __init__(self) -> None:
        self.choices = sorted({1, torch.get_num_threads()})
        self.speed = dict.fromkeys(self.choices, 0.0)
        self.steps = 0
        self.now = self.choices[-1]

    def before_step(self) -> None:
        """Set the number of threads for the next step."""
        self.steps += 1
        best = max(self.choices, key=self.speed.__getitem__)
        trial = self.steps % 8 == 0 or not all(self.speed.values())
        self.now = min(self.choices, key=self.speed.__getitem__) if trial else best
        torch.set_num_threads(self.now)

    def after_step(self, tokens: int, seconds: float) -> None:
        """Note how fast the step was."""
        self.speed[self.now] = tokens / seconds


class Run:
    """A training run that can be stopped and taken up again."""

    def __init__(self, recipe: Recipe, *, init: Path, output: Path, resume: bool) -> None:
        self.recipe, self.output = recipe, output
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.checkpoint = output / "checkpoint"
        torch.manual_seed(recipe.seed)
        self.model = load_model(init).to(self.device)
        if (
            self.device.type == "cpu"
        ):  # the backward pass of fused attention takes most of a step there
            self.model.set_attn_implementation("eager")
        for module in self.model.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = recipe.dropout
        self.tokenizer = AutoTokenizer.from_pretrained(
            init, model_input_names=["input_ids", "attention_mask"]
        )
        ids = {name.lower(): i for name, i in self.model.config.label2id.items()}
        self.order = [ids[name] for name in LABELS]
        freeze(self.model, recipe.frozen_layers, embeddings=not recipe.train_embeddings)
        self.trained = {n: p for n, p in self.model.named_parameters() if p.requires_grad}
        self.average: dict[str, torch.Tensor] = {}
        self.progress = Progress()
        matrices = [p for n, p in self.trained.items() if p.ndim > 1 and "classifier" not in n]
        others = [p for n, p in self.trained.items() if p.ndim == 1 and "classifier" not in n]
        head = [p for n, p in self.trained.items() if "classifier" in n]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": matrices, "weight_decay": recipe.weight_decay, "scale": 1.0},
                {"params": others, "weight_decay": 0.0, "scale": 1.0},
                {"params": head, "weight_decay": 0.0, "scale": recipe.head_rate},
            ],
            lr=recipe.learning_rate,
            betas=(0.9, 0.98),
            fused=True,
        )
        if resume and self.checkpoint.is_dir():
            self.load_checkpoint()

    def log(self, **values: object) -> None:
        """Append one line to the log."""
        with (self.output / "log.jsonl").open("a", encoding="utf8") as log:
            log.write(json.dumps(values) + "\n")

    def save_checkpoint(self) -> None:
        """Write weights, averaged weights, optimizer state and progress."""
        self.checkpoint.mkdir(parents=True, exist_ok=True)
        save_file(
            {n: p.detach() for n, p in self.trained.items()},
            self.checkpoint / "trained.safetensors",
        )
        if self.average:
            save_file(self.average, self.checkpoint / "average.safetensors")
        torch.save(self.optimizer.state_dict(), self.checkpoint / "optimizer.pt")
        (self.checkpoint / "progress.json").write_text(json.dumps(asdict(self.progress)))

    def load_checkpoint(self) -> None:
        """Go back to the last checkpoint."""
        self.model.load_state_dict(load_file(self.checkpoint / "trained.safetensors"), strict=False)
        if (self.checkpoint / "average.safetensors").exists():
            self.average = load_file(
                self.checkpoint / "average.safetensors", device=str(self.device)
            )
        state = torch.load(self.checkpoint / "optimizer.pt", weights_only=True)
        self.optimizer.load_state_dict(state)
        self.progress = Progress(**json.loads((self.checkpoint / "progress.json").read_text()))

    def share(self, *, max_minutes: float | None, max_pairs: int) -> float:
        """Share of the run that has passed."""
        if max_minutes:
            return self.progress.seconds / 60 / max_minutes
        return self.progress.pairs / max_pairs

    def take_step(self, batch: Sequence[Encoded], share: float) -> float:
        """One optimizer step; returns the loss."""
        for group in self.optimizer.param_groups:
            rate = rate_at(share, self.recipe.warmup, self.recipe.final_rate)
            group["lr"] = self.recipe.learning_rate * rate * group["scale"]
        turned = [row.turned for row in batch if row.turned]
        texts = [row.ids for row in batch] + turned
        inputs = tensors(texts, self.tokenizer.pad_token_id, self.device)
        with autocast(self.device):
            logits = self.model(**inputs).logits
        recipe = self.recipe
        loss = loss_of(
            logits[: len(batch)],
            batch,
            self.order,
            ignore_below=recipe.ignore_below,
            distilled=recipe.distilled,
        )
        if turned:
            between = asymmetry_of(logits[: len(batch)], logits[len(batch) :], batch, self.order)
            loss = loss + recipe.symmetry * between
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.trained.values(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss.item()

    @torch.no_grad()
    def add_to_average(self) -> None:
        """Fold the present weights into the running mean."""
        count = self.progress.averaged + 1
        if not self.average:
            self.average = {n: p.detach().clone() for n, p in self.trained.items()}
        else:
            for name, mean in self.average.items():
                mean.lerp_(self.trained[name], 1 / count)
        self.progress = replace(self.progress, averaged=count)

    def train(
        self,
        rows: Sequence[Encoded],
        *,
        max_minutes: float | None,
        max_pairs: int | None,
        checkpoint_minutes: float = 10.0,
    ) -> None:
        """Step through the rows, pass after pass, until the run's share is used up."""
        limit = max_pairs or len(rows)
        self.model.train()
        saved = started = time.monotonic()
        before = self.progress.seconds
        losses: list[float] = []
        threads = Threads()
        for batch in self.upcoming(rows):
            share = self.share(max_minutes=max_minutes, max_pairs=limit)
            if share >= 1:
                break
            threads.before_step()
            began = time.monotonic()
            losses.append(self.take_step(batch, share))
            now = time.monotonic()
            threads.after_step(len(batch) * len(batch[-1].ids), now - began)
            p = self.progress
            self.progress = replace(
                p, step=p.step + 1, pairs=p.pairs + len(batch), seconds=before + now - started
            )
            late = share >= self.recipe.average_from
            if late and self.progress.step % self.recipe.average_every == 0:
                self.add_to_average()
            if self.progress.step % 25 == 0:
                self.log(
                    **asdict(self.progress),
                    share=round(share, 4),
                    threads=threads.now,
                    loss=round(sum(losses) / len(losses), 4),
                )
                losses = []
            if now - saved > 60 * checkpoint_minutes:
                self.save_checkpoint()
                saved = time.monotonic()

    def upcoming(self, rows: Sequence[Encoded]) -> Iterator[list[Encoded]]:
        """Batches from where the run stands, for ever."""
        while True:
            p = self.progress
            todo = batches(rows, tokens=self.recipe.batch_tokens, seed=self.recipe.seed + p.epoch)
            for index in range(p.batch, len(todo)):
                self.progress = replace(self.progress, batch=index + 1)
                yield todo[index]
            self.progress = replace(self.progress, epoch=p.epoch + 1, batch=0)

    def save_models(self) -> None:
        """Write the last weights and, in `averaged/`, the averaged ones."""
        self.save_checkpoint()
        self.model.config.dtype = torch.float32
        self.model.save_pretrained(self.output)
        self.tokenizer.save_pretrained(self.output)
        if self.average:
            self.model.load_state_dict(self.average, strict=False)
            self.model.save_pretrained(self.output / "averaged")
            self.tokenizer.save_pretrained(self.output / "averaged")


def main() -> None:
    """Train as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--exclude", type=Path)
    parser.add_argument("--seeds", type=Path, default=Path(__file__).parent.parent / "seeds")
    parser.add_argument("--init", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, metavar="FOLDER")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=Path(__file__).with_suffix(".toml"))
    parser.add_argument("--max-minutes", type=float)
    parser.add_argument("--max-pairs", type=int)
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()

    recipe = Recipe(**tomllib.loads(args.config.read_text(encoding="utf8")))
    if not args.teacher and (recipe.found or recipe.siblings):
        parser.error(
            "the config asks for unlabelled pairs, which only a --teacher can tell anything about"
        )
    args.output.mkdir(parents=True, exist_ok=True)
    kept = args.output / "pairs.jsonl"
    if args.resume and kept.is_file():
        pairs, said = read_rows(kept)
    else:
        pairs = build_pairs(
            recipe,
            data=args.data,
            articles=args.articles,
            exclude=args.exclude,
            seeds=args.seeds,
        )
        said: list[Taught] = [None] * len(pairs)
        if args.teacher:
            said = ask_teacher(pairs, args.teacher, besides=recipe.taught)
        keep_rows(pairs, said, kept)
    run = Run(recipe, init=args.init, output=args.output, resume=args.resume)
    rows = encode_pairs(pairs, said, run.tokenizer, recipe)
    run.log(
        recipe=asdict(recipe),
        pairs_built=len(pairs),
        torch=torch.__version__,
        device=str(run.device),
        by_source=dict(Counter(p.source for p in pairs)),
        taught=sum(taught is not None for taught in said),
        by_label=dict(Counter(p.label for p in pairs)),
        mean_tokens=round(sum(len(r.ids) for r in rows) / len(rows), 1),
    )
    run.train(rows, max_minutes=args.max_minutes, max_pairs=args.max_pairs)
    run.save_models()


if __name__ == "__main__":
    main()
