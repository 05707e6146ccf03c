"""Train the attribution tagger (`contradict/tagger.py`).

    train_tagger.py --articles ATTRIBUTION --output FILE.safetensors
        [--exclude FOLDER] [--embeddings ENCODER] [--config train_tagger.toml]

ATTRIBUTION holds `train.jsonl.gz` and `dev.jsonl.gz`: articles, each with its attributions as character
spans of source, cue and content. Texts in the folder given to `--exclude` are never trained on. Lemmas start
from the input embeddings of ENCODER, a model folder, where one is given. After every pass the figures on the
dev articles are printed: precision, recall and F1 of attributed characters, and how often the word pointed
at stands in the source.
"""

from __future__ import annotations

import argparse
import random
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from nli_data import read_jsonl
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, relu

from contradict.language import Language
from contradict.records import Document
from contradict.tagger import (
    ATTRIBUTED,
    FLAGS,
    REACH,
    VOCABULARIES,
    Words,
    distance_buckets,
    read_words,
)

ROLES = ("content", "source", "cue")
POINTED = 6  # words of each attribution that learn to point at its source, drawn anew in each pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides the result, read from the config file."""

    seed: int
    passes: int
    width: int
    distances: tuple[int, ...]
    pointer_width: int
    vocabulary: dict[str, int]
    learning_rate: float
    warmup: float
    weight_decay: float
    dropout: float
    unknown: float
    articles_per_step: int
    average_decay: float
    source_weight: float
    cue_weight: float
    pointer_weight: float


@dataclass(frozen=True, slots=True)
class Example:
    """An article: its words, which of them play which role, and who points at whom.

    Attributes:
        words: What the network sees.
        roles: 1 where a word plays a role; shape (words, roles).
        sizes: Characters of each word.
        gold: Attributed characters of the whole article that are no space, those outside any word included.
        pointers: For each attribution, the words of its content and those of its source.
    """

    words: Words
    roles: torch.Tensor
    sizes: torch.Tensor
    gold: int
    pointers: list[tuple[np.ndarray, np.ndarray]]


def read_examples(path: Path, *, exclude: Path | None = None) -> list[Example]:
    """Parse the articles of a file."""
    language = Language()
    excluded = {p.read_text(encoding="utf8") for p in exclude.iterdir()} if exclude else set()
    return [to_example(row, language) for row in read_jsonl(path) if row["text"] not in excluded]


def to_example(row: dict, language: Language) -> Example:
    """An article with its attributions, word by word."""
    text = row["text"]
    parsed = language.parse(Document(row["article"], text))
    spans = [
        paragraph.span(token.idx, token.idx + len(token))
        for paragraph in parsed.paragraphs
        for token in paragraph.parse
    ]
    starts = np.array([span.start for span in spans], dtype=int)

    def covered(pieces: Sequence[Sequence[int]]) -> np.ndarray:
        chars = np.zeros(len(text) + 1, dtype=bool)
        for start, end in pieces:
            chars[start:end] = True
        return chars

    chars = {role: covered([s for a in row["attributions"] for s in a[role]]) for role in ROLES}
    pointers = [
        (
            np.flatnonzero(covered(a["content"])[starts]),
            np.flatnonzero(covered(a["source"])[starts]),
        )
        for a in row["attributions"]
    ]
    return Example(
        words=read_words(parsed),
        roles=torch.tensor(
            np.stack([chars[role][starts] for role in ROLES], 1), dtype=torch.float32
        ),
        sizes=torch.tensor([span.end - span.start for span in spans], dtype=torch.float32),
        gold=sum(bool(c) and not t.isspace() for c, t in zip(chars["content"], text, strict=False)),
        pointers=[
            (content, source) for content, source in pointers if len(content) and len(source)
        ],
    )


def collect_vocabularies(examples: Sequence[Example], most: dict[str, int]) -> dict[str, list[str]]:
    """The commonest strings of each column, commonest first."""
    found = {}
    for column, name in enumerate(VOCABULARIES):
        counts = Counter(v for e in examples for v in e.words.looked_up[column] if "\n" not in v)
        found[name] = [value for value, _ in counts.most_common(most[name])]
    return found


class Network(nn.Module):
    """The network that `contradict.tagger` runs; parameters have the names it knows."""

    def __init__(self, recipe: Recipe, vocabularies: dict[str, list[str]]) -> None:
        super().__init__()
        self.recipe = recipe
        self.known = [{v: i for i, v in enumerate(vocabularies[n], 1)} for n in VOCABULARIES]
        width, asked = recipe.width, recipe.pointer_width
        sizes = {n: len(vocabularies[n]) + 1 for n in VOCABULARIES} | FLAGS
        self.embed = nn.ModuleDict({n: nn.Embedding(size, width) for n, size in sizes.items()})
        for table in self.embed.values():
            nn.init.normal_(table.weight, std=0.3)
        self.embedded = nn.LayerNorm(width)
        self.mix = nn.ModuleList(nn.Linear(5 * width, width) for _ in recipe.distances)
        self.mixed = nn.ModuleList(nn.LayerNorm(width) for _ in recipe.distances)
        self.out = nn.Linear(width, len(ROLES))
        self.asks, self.answers = nn.Linear(width, asked), nn.Linear(width, asked)
        self.nearness = nn.Parameter(torch.zeros(64))
        self.same_sentence = nn.Parameter(torch.zeros(1))
        self.dropout = nn.Dropout(recipe.dropout)

    def numbers(self, words: Words) -> torch.Tensor:
        """Rows of the embedding tables; shape (words, tables)."""
        pairs = zip(self.known, words.looked_up, strict=True)
        looked_up = torch.tensor([[known.get(v, 0) for v in column] for known, column in pairs]).T
        return torch.cat([looked_up, torch.tensor(words.flags)], dim=1)

    def forward(self, numbers: torch.Tensor, head: torch.Tensor) -> torch.Tensor:
        """Each word in its context; shape (words, width)."""
        if self.training:
            unknown = torch.rand(len(numbers)) < self.recipe.unknown
            numbers = numbers.clone()
            numbers[unknown, 0] = 0
        x = sum(table(numbers[:, i]) for i, table in enumerate(self.embed.values()))
        x = self.dropout(self.embedded(x))
        below = torch.zeros(len(x)).index_add_(0, head, torch.ones(len(x))).clamp(min=1)[:, None]
        for distance, mix, norm in zip(self.recipe.distances, self.mix, self.mixed, strict=True):
            padded = nn.functional.pad(x, (0, 0, distance, distance))
            children = torch.zeros_like(x).index_add_(0, head, x) / below
            around = (x, padded[: len(x)], padded[2 * distance :], x[head], children)
            x = norm(x + self.dropout(relu(mix(torch.cat(around, dim=1)))))
        return x

    def point(self, mixed: torch.Tensor, rows: np.ndarray, sentence: np.ndarray) -> torch.Tensor:
        """How strongly each of some words points at every word; shape (rows, words)."""
        distance = np.arange(len(mixed))[None, :] - rows[:, None]
        scores = self.asks(mixed[rows]) @ self.answers(mixed).T / self.recipe.pointer_width**0.5
        scores = scores + self.nearness[torch.tensor(distance_buckets(distance))]
        scores = scores + self.same_sentence * torch.tensor(
            sentence[rows][:, None] == sentence[None]
        )
        return scores.masked_fill(torch.tensor(abs(distance) > REACH), -1e9)


def loss_of(
    network: Network, example: Example, numbers: torch.Tensor, rng: random.Random
) -> torch.Tensor:
    """Cross-entropy of the roles, and minus the log of the probability of pointing into the source."""
    recipe = network.recipe
    mixed = network(numbers, torch.tensor(example.words.head))
    by_role = binary_cross_entropy_with_logits(network.out(mixed), example.roles, reduction="none")
    weights = torch.tensor([2.0, recipe.source_weight, recipe.cue_weight])
    loss = (by_role.mean(0) * weights).sum()
    rows, sources = [], []
    for content, source in example.pointers:
        for row in rng.sample(content.tolist(), min(POINTED, len(content))):
            rows.append(row)
            sources.append(source)
    if rows:
        scores = network.point(mixed, np.array(rows), example.words.sentence)
        right = torch.full_like(scores, -1e9)
        for i, source in enumerate(sources):
            right[i, source] = 0
        misses = torch.logsumexp(scores, 1) - torch.logsumexp(scores + right, 1)
        loss = loss + recipe.pointer_weight * misses.clamp(max=12).mean()
    return loss


@torch.no_grad()
def evaluate(network: Network, examples: Sequence[Example], threshold: float) -> dict[str, float]:
    """Attributed characters and pointers on articles."""
    network.eval()
    hit = predicted = gold = pointed = pointers = 0.0
    for example in examples:
        mixed = network(network.numbers(example.words), torch.tensor(example.words.head))
        chosen = network.out(mixed)[:, 0].sigmoid() >= threshold
        hit += (example.sizes * chosen * example.roles[:, 0]).sum().item()
        predicted += (example.sizes * chosen).sum().item()
        gold += example.gold
        for content, source in example.pointers:
            scores = network.point(mixed, content, example.words.sentence).mean(0)
            pointed += scores.argmax().item() in source
            pointers += 1
    network.train()
    return {
        "precision": round(hit / predicted, 4),
        "recall": round(hit / gold, 4),
        "f1": round(2 * hit / (predicted + gold), 4),
        "pointed": round(pointed / pointers, 4),
    }


def start_lemmas(network: Network, lemmas: Sequence[str], encoder: Path) -> None:
    """Give lemmas the principal components of an encoder's input embeddings."""
    from transformers import AutoTokenizer

    weights = load_file(encoder / "model.safetensors")
    table = next(v for k, v in weights.items() if k.endswith("word_embeddings.weight")).float()
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    pieces = [tokenizer(lemma, add_special_tokens=False)["input_ids"] or [0] for lemma in lemmas]
    vectors = torch.stack([table[ids].mean(0) for ids in pieces])
    vectors = vectors - vectors.mean(0)
    _, _, axes = torch.pca_lowrank(vectors, q=network.recipe.width, center=False, niter=4)
    vectors = vectors @ axes
    network.embed["lemma"].weight.data[1:] = vectors / vectors.std() * 0.3


def train(
    recipe: Recipe, examples: list[Example], dev: Sequence[Example], encoder: Path | None
) -> tuple[Network, dict[str, list[str]]]:
    """Train a network; the weights returned are a running average."""
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    vocabularies = collect_vocabularies(examples, recipe.vocabulary)
    network = Network(recipe, vocabularies)
    if encoder:
        start_lemmas(network, vocabularies["lemma"], encoder)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(recipe.average_decay)
    )
    prepared = [(example, network.numbers(example.words)) for example in examples]
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    steps = recipe.passes * (len(examples) // recipe.articles_per_step)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=steps + 1, pct_start=recipe.warmup
    )
    for number in range(recipe.passes):
        rng.shuffle(prepared)
        for start in range(
            0, len(prepared) - recipe.articles_per_step + 1, recipe.articles_per_step
        ):
            batch = prepared[start : start + recipe.articles_per_step]
            loss = sum(loss_of(network, e, numbers, rng) for e, numbers in batch) / len(batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            average.update_parameters(network)
        print(number + 1, evaluate(average.module, dev, ATTRIBUTED), flush=True)
    return average.module, vocabularies


def save(network: Network, vocabularies: dict[str, list[str]], path: Path) -> None:
    """Write what `contradict.tagger` loads: weights in half precision, vocabularies beside them."""
    weights = {name: tensor.half().contiguous() for name, tensor in network.state_dict().items()}
    about = {name: "\n".join(values) for name, values in vocabularies.items()}
    about["distances"] = " ".join(map(str, network.recipe.distances))
    save_file(weights, path, metadata=about)


def main() -> None:
    """Train as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--exclude", type=Path)
    parser.add_argument("--embeddings", type=Path)
    parser.add_argument("--config", type=Path, default=Path(__file__).with_suffix(".toml"))
    args = parser.parse_args()

    recipe = Recipe(**tomllib.loads(args.config.read_text(encoding="utf8")))
    examples = read_examples(args.articles / "train.jsonl.gz", exclude=args.exclude)
    dev = read_examples(args.articles / "dev.jsonl.gz")
    network, vocabularies = train(recipe, examples, dev, args.embeddings)
    save(network, vocabularies, args.output)


if __name__ == "__main__":
    main()
