"""Which words are somebody's, whoever writes them, and whose: a small network over the parse.

Cue words and syntax (`contradict.attribution`) say who takes which stance, but news attributes in more ways
than rules can list: a quotation three paragraphs long, a transcript, "the mayor's plans to …". The network
reads a whole document: each word with its part of speech, its place in the parse and whether it stands in a
quotation, mixed layer by layer with the words beside it, the one above it and those below it in the parse.
It gives each word the probability of being attributed, and for what is attributed points at the word that
names the source. `scripts/train_tagger.py` trains it, on PolNeAR (Newell et al. 2018).
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from contradict.errors import ModelError
from contradict.language import Parsed, Quotation
from contradict.profiles import embedded_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array
    from spacy.tokens import Token
    from threadpoolctl import ThreadpoolController

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]

MODEL = "attribution"
"""Folder of the embedded weights."""

VOCABULARIES = ("lemma", "suffix", "tag", "dep", "ent")
"""What is looked up in a vocabulary that training has collected; unknown ones share the number 0."""

FLAGS = {
    "shape": 5,
    "quotation": 4,
    "start": 4,
    "colon": 2,
    "position": 8,
    "paragraph": 3,
    "above": 3,
}
"""What is counted instead, and how many values each has."""

ATTRIBUTED = 0.35
"""Probability from which a word counts as attributed."""

REACH = 400
"""How many words away a source may stand."""

_ROWS_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class Words:
    """What the network sees of a document, one row a word.

    Attributes:
        looked_up: For each of `VOCABULARIES` the word's string, in columns.
        flags: For each of `FLAGS` its value; shape (words, flags).
        head: Index of the word above it in the parse; a root is its own.
        sentence: Number of its sentence.
    """

    looked_up: tuple[list[str], ...]
    flags: "Integers"
    head: "Integers"
    sentence: "Integers"


@dataclass(frozen=True, slots=True)
class Tags:
    """What the network says of a document's words, numbered through all its paragraphs.

    Attributes:
        starts: Number of the first word of each paragraph.
        attributed: Probability that a word belongs to what somebody says, thinks or wants; shape (words,).
        source: Probability that it names who does.
        cue: Probability that it is the word that shows it.
    """

    starts: tuple[int, ...]
    attributed: "Floats"
    source: "Floats"
    cue: "Floats"
    _asks: "Floats"
    _answers: "Floats"
    _sentence: "Integers"
    _nearness: "Floats"
    _same_sentence: float

    def number(self, paragraph: int, token: "Token") -> int:
        """The number of a token of a paragraph among all words of the document."""
        return self.starts[paragraph] + token.i

    def source_of(self, words: Sequence[int]) -> int:
        """The number of the word that most likely names whose these words are."""
        import numpy as np

        rows = np.asarray(words)
        first, last = max(0, rows[0] - REACH), min(len(self.attributed), rows[-1] + REACH + 1)
        distance = np.arange(first, last)[None, :] - rows[:, None]
        with _one_thread():
            scores = self._asks[rows] @ self._answers[first:last].T / np.sqrt(self._asks.shape[1])
        scores += self._nearness[distance_buckets(distance)]
        scores += self._same_sentence * (
            self._sentence[rows][:, None] == self._sentence[None, first:last]
        )
        scores[np.abs(distance) > REACH] = -np.inf
        return int(first + scores.mean(axis=0).argmax())


def distance_buckets(distance: "Integers") -> "Integers":
    """Signed distances in words as numbers 0 to 63, finer the nearer."""
    import numpy as np

    size = np.floor(np.log2(np.abs(distance) + 1) * 2.5)
    buckets: Integers = np.clip(np.sign(distance) * size + 32, 0, 63).astype(np.int64)
    return buckets


def tag(parsed: Parsed) -> Tags:
    """Tag the words of a parsed document."""
    import numpy as np

    network = _load()
    words = read_words(parsed)
    starts = np.cumsum([0, *(len(paragraph.parse) for paragraph in parsed.paragraphs)])
    with _one_thread():
        mixed = network.mix(words)
        told, asks, answers = (network.linear(name, mixed) for name in ("out", "asks", "answers"))
    probabilities = (1 / (1 + np.exp(-told))).astype(np.float32)
    return Tags(
        starts=tuple(starts[:-1].tolist()),
        attributed=probabilities[:, 0],
        source=probabilities[:, 1],
        cue=probabilities[:, 2],
        _asks=asks,
        _answers=answers,
        _sentence=words.sentence,
        _nearness=network.weights["nearness"],
        _same_sentence=float(network.weights["same_sentence"][0]),
    )


def read_words(parsed: Parsed) -> Words:
    """What the network sees of a document."""
    import numpy as np

    columns: tuple[list[str], ...] = tuple([] for _ in VOCABULARIES)
    flags: list[tuple[int, ...]] = []
    heads: list[int] = []
    sentences: list[int] = []
    after_colon = False
    for number, paragraph in enumerate(parsed.paragraphs):
        start = len(heads)
        last: Quotation | None = None
        for token in paragraph.parse:
            text = token.text
            quotation = paragraph.quotation_at(token)
            begins, last = quotation is not last, quotation
            for column, value in zip(
                columns,
                (token.lemma_.lower(), text[-3:].lower(), token.tag_, token.dep_, token.ent_type_),
                strict=True,
            ):
                column.append(value)
            flags.append(
                (
                    _shape(text),
                    0 if quotation is None else 3 if begins else 1,
                    (token.i == 0) + 2 * bool(token.is_sent_start),
                    after_colon,
                    min(token.i, 7),
                    min(number, 2),
                    (token.head.i > token.i) - (token.head.i < token.i) + 1,
                )
            )
            heads.append(start + token.head.i)
            sentences.append((sentences[-1] if sentences else 0) + bool(token.is_sent_start))
        after_colon = paragraph.parse[-1].text == ":"
    return Words(
        columns,
        np.array(flags, dtype=np.int64).reshape(-1, len(FLAGS)),
        np.array(heads, dtype=np.int64),
        np.array(sentences, dtype=np.int64),
    )


def _shape(text: str) -> int:
    if text[:1].isupper():
        return 2 if text.isupper() else 1
    if text.isdigit():
        return 3
    return 0 if any(char.isalnum() for char in text) else 4


@dataclass(frozen=True, slots=True)
class _Network:
    weights: "dict[str, Floats]"
    vocabularies: dict[str, dict[str, int]]
    distances: tuple[int, ...]

    def linear(self, name: str, x: "Floats") -> "Floats":
        result: Floats = x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        return result

    def norm(self, name: str, x: "Floats") -> "Floats":
        import numpy as np

        x = x - x.mean(axis=1, keepdims=True)
        x /= np.sqrt((x * x).mean(axis=1, keepdims=True) + 1e-5)
        return x * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def mix(self, words: Words) -> "Floats":
        """Each word in its context; shape (words, width)."""
        import numpy as np

        x = self.norm("embedded", self.embed(words))
        below = _children(words.head)
        for layer, distance in enumerate(self.distances):
            children = below @ x
            mixed = np.empty_like(x)
            for start in range(0, len(x), _ROWS_AT_ONCE):
                rows = np.arange(start, min(start + _ROWS_AT_ONCE, len(x)))
                around = (x[rows], _at(x, rows - distance), _at(x, rows + distance))
                context = np.concatenate((*around, x[words.head[rows]], children[rows]), axis=1)
                mixed[rows] = np.maximum(self.linear(f"mix.{layer}", context), 0)
            x = self.norm(f"mixed.{layer}", x + mixed)
        return x

    def embed(self, words: Words) -> "Floats":
        import numpy as np

        width = self.weights["embedded.bias"].shape[0]
        x = np.zeros((len(words.head), width), dtype=np.float32)
        for name, column in zip(VOCABULARIES, words.looked_up, strict=True):
            known = self.vocabularies[name]
            x += self.weights[f"embed.{name}.weight"][[known.get(value, 0) for value in column]]
        for name, values in zip(FLAGS, words.flags.T, strict=True):
            x += self.weights[f"embed.{name}.weight"][values]
        return x


def _children(head: "Integers") -> "csr_array":
    """The matrix that takes the mean over the words below each word (a root counts as below itself)."""
    import numpy as np
    from scipy.sparse import csr_array

    count = np.bincount(head, minlength=len(head)).astype(np.float32)
    return csr_array((1 / count[head], (head, np.arange(len(head)))), shape=(len(head), len(head)))


def _at(x: "Floats", rows: "Integers") -> "Floats":
    """Rows of a matrix, zero where there are none."""
    import numpy as np

    picked = x[np.clip(rows, 0, len(x) - 1)]
    picked[(rows < 0) | (rows >= len(x))] = 0
    return picked


def _one_thread() -> AbstractContextManager[object]:
    """Where matrices are multiplied on one thread.

    They are so small that two hardly are faster, and where a core has other work, two that wait for one another are
    several times slower.
    """
    limit: AbstractContextManager[object] = _blas().limit(limits=1, user_api="blas")
    return limit


@cache
def _blas() -> "ThreadpoolController":
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@cache
def _load() -> _Network:
    import numpy as np
    from safetensors import safe_open

    folder = embedded_folder(MODEL)
    if folder is None:
        raise ModelError(
            f"The embedded model '{MODEL}' is missing: the installation is incomplete. Install the "
            "package anew."
        )
    with safe_open(folder / "model.safetensors", framework="numpy") as file:
        about = file.metadata()
        names = file.keys()
        weights = {name: file.get_tensor(name).astype(np.float32) for name in names}
    return _Network(
        weights,
        {name: {w: i for i, w in enumerate(about[name].split("\n"), 1)} for name in VOCABULARIES},
        tuple(int(distance) for distance in about["distances"].split()),
    )
