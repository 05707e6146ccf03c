"""Natural language inference: pairs of texts in, probabilities out.

`load_scorer` gives a `Scorer` for a profile (see `contradict.profiles`), a folder or a hub name. Anything else of a
`Scorer`'s shape can stand in its place.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, Protocol

from contradict.engines import Engine, Precision, pick_engine
from contradict.errors import ModelError
from contradict.records import Probabilities
from contradict.weights import Model, first_line, load_model

_DEFAULT_LIMIT = 512
_CHARACTERS_PER_TOKEN = 32
_CHARACTERS_AT_A_TIME = 1_000_000
_SURROGATES = re.compile("[\ud800-\udfff]")
_COLUMNS = {"entailment": 0, "neutral": 1, "contradiction": 2, "not_entailment": 2}


class Scorer(Protocol):
    """Anything that tells how a hypothesis stands to a premise.

    Attributes:
        name: Short name shown in findings: a profile, or the folder or hub name that was given.
        warnings: What its user should know, e.g. that it cannot tell neutral from contradiction.
    """

    name: str
    warnings: tuple[str, ...]

    @property
    def truncated(self) -> int:
        """How many distinct pairs so far had to be cut to the model's maximum length."""
        ...

    def score(
        self,
        pairs: Sequence[tuple[str, str]],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Probabilities]:
        """Score pairs of texts; called from one thread at a time, not always the same.

        Args:
            pairs: Premise and hypothesis of each pair.
            progress: Called with (done, total) after each batch; counts distinct pairs.

        Returns:
            The probabilities of each pair, in the order of ``pairs``.
        """
        ...


def load_scorer(
    model: str | os.PathLike[str] | None = None,
    *,
    batch_tokens: int | None = None,
    device: str | None = None,
    precision: Precision | None = None,
) -> Scorer:
    """Load an NLI model.

    Args:
        model: None for the default profile, a profile's name ("nli-base"), a folder in hub layout,
            or a hub name ("org/name" or "org/name@revision"), looked for in this order. Only a hub
            name, or a profile that is one, can cause a download.
        batch_tokens: Most tokens in a batch, padding included; a longer pair makes a batch of its
            own. Changes speed and memory, and no probability by more than the precision gives. None
            for what is fastest.
        device: A torch device such as "cpu" or "cuda:1"; None takes a GPU where there is one.
        precision: What matrices are multiplied in. "float32" gives a pair the same probabilities
            within 1e-5 on every machine and in every batch. "int8" (models that come with the
            library, on the CPU) and "bfloat16" (processors made for it) are faster and mostly within
            0.01 of that. None takes the fastest.

    Returns:
        A scorer. Pairs that do not fit the model are cut, the longer text
        first, and counted in ``truncated``. A two-label model's not_entailment counts as
        contradiction, with neutral 0 and a warning in ``warnings``.

    Raises:
        ModelError: The model cannot be found, is not safe to load, or is not an NLI model; or the
            device, or the precision on it, cannot be used.

    Example:
        >>> load_scorer().score([("A man is asleep.", "A man is awake.")])  # doctest: +SKIP
        [Probabilities(entailment=0.01, neutral=0.02, contradiction=0.97)]
    """
    if batch_tokens is not None and batch_tokens < 1:
        raise ValueError(f"batch_tokens must be at least 1, got {batch_tokens}")
    found = load_model(model)
    return _ModelScorer(found, pick_engine(found, device, precision), batch_tokens)


class RememberingScorer:
    """A scorer that asks another one for no pair twice."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._known: dict[tuple[str, str], Probabilities] = {}
        self.name = scorer.name
        self.warnings = scorer.warnings

    @property
    def truncated(self) -> int:
        """See `Scorer`."""
        return self._scorer.truncated

    def score(
        self,
        pairs: Sequence[tuple[str, str]],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Probabilities]:
        """See `Scorer`."""
        missing = [pair for pair in dict.fromkeys(pairs) if pair not in self._known]
        scored = self._scorer.score(missing, progress=progress)
        self._known.update(zip(missing, scored, strict=True))
        return [self._known[pair] for pair in pairs]


class _ModelScorer:
    def __init__(self, model: Model, engine: Engine, batch_tokens: int | None) -> None:
        self.name = model.name
        self.identity = _identity(model, engine)
        self.warnings = model.warnings + engine.warnings
        self.engine = engine
        self._batch_tokens = batch_tokens or engine.batch_tokens
        self._encoder = _PairEncoder(model, engine)
        self._columns = [_COLUMNS[role] for role in model.roles]
        self._cut_pairs: set[int] = set()
        if not model.embedded:
            self._try_out()
            self._cut_pairs.clear()

    @property
    def truncated(self) -> int:
        return len(self._cut_pairs)

    def score(
        self,
        pairs: Sequence[tuple[str, str]],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Probabilities]:
        pairs = [(premise, hypothesis) for premise, hypothesis in pairs]
        distinct = dict.fromkeys(pairs)
        texts = dict.fromkeys(text for pair in distinct for text in pair)
        tokens = dict(zip(texts, self._encoder.tokenise(list(texts)), strict=True))
        encoded = {}
        for pair in distinct:
            encoded[pair], cut = self._encoder.fit(*(tokens[text] for text in pair))
            if cut:
                self._cut_pairs.add(hash(pair))
        # Longest first: if memory does not suffice, that shows at once.
        order = sorted(distinct, key=lambda pair: -self._encoder.length(*encoded[pair]))
        scores: dict[tuple[str, str], Probabilities] = {}
        start = 0
        while start < len(order):
            longest = self._encoder.length(*encoded[order[start]])
            batch = order[start : start + max(1, self._batch_tokens // max(1, longest))]
            scores.update(zip(batch, self._run([encoded[pair] for pair in batch]), strict=True))
            start += len(batch)
            if progress:
                progress(start, len(order))
        return [scores[pair] for pair in pairs]

    def _try_out(self) -> None:
        """Score one pair: what a config asks for may be built without complaint and fail only in use."""
        try:
            self.score([("a", "a")])
        except ModelError:
            raise
        except Exception as error:  # whatever PyTorch and the model's code raise
            raise ModelError(
                f"Model '{self.name}' can be loaded but not run: {first_line(error)} Fetch or save it again, or "
                "choose another model or device."
            ) from error

    def _run(self, batch: list[tuple[Any, Any]]) -> Iterator[Probabilities]:
        import numpy as np

        logits = self.engine.run(self._encoder.assemble(batch))
        if not np.isfinite(logits).all():
            raise ModelError(
                f"Model '{self.name}' gives values that are no numbers: its weights are damaged. "
                "Fetch it again."
            )
        odds = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
        for row in (odds / odds.sum(axis=-1, keepdims=True)).tolist():
            values = [0.0, 0.0, 0.0]
            for column, probability in zip(self._columns, row, strict=True):
                values[column] = probability
            yield Probabilities(*values)


def _identity(model: Model, engine: Engine) -> str:
    """What tells a model's readings from those of another one, or of the same in another precision."""
    files = sorted(file for file in model.folder.glob("*.safetensors") if file.is_file())
    stamps = (f"{file.name}:{file.stat().st_size}:{file.stat().st_mtime_ns}" for file in files)
    return "|".join((model.name, engine.precision, *stamps))


class _PairEncoder:
    """Token ids of pairs: each text tokenised once, pairs put together as the tokenizer would.

    The tokenizer is shown one pair, and the special tokens that it puts around the two texts are
    kept as the pattern for all others.
    """

    def __init__(self, model: Model, engine: Engine) -> None:
        self._name = model.name
        self._tokenizer = model.tokenizer.backend
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        # "</s>" in a text is text: a document must not be able to end its own premise.
        self._tokenizer.encode_special_tokens = True
        self._limit = _maximum_length(model.tokenizer.most_tokens, engine.most_tokens)
        with _blaming_tokenizer(self._name):
            self._pattern = _pair_pattern(self._tokenizer)
        specials = [token for _, ids, _ in self._pattern for token in ids]
        self._specials = len(specials)
        self._pad = model.tokenizer.pad_token
        self._pad_left = model.tokenizer.pads_left
        self._vocabulary = engine.vocabulary
        self._require_known(max([self._pad, *specials]))
        self._has_types = model.tokenizer.has_types

    def tokenise(self, texts: list[str]) -> Iterator[tuple[Any, bool]]:
        """Ids of each text, without special tokens, cut to the maximum; and whether it was."""
        import numpy as np

        most = self._limit * _CHARACTERS_PER_TOKEN
        step = max(1, _CHARACTERS_AT_A_TIME // most)
        for start in range(0, len(texts), step):
            chunk = texts[start : start + step]
            cleaned = [_SURROGATES.sub("\ufffd", text[:most]) for text in chunk]
            with _blaming_tokenizer(self._name):
                encodings = self._tokenizer.encode_batch_fast(cleaned, add_special_tokens=False)
            for text, encoding in zip(chunk, encodings, strict=True):
                # Unsigned, as the tokenizers library has them: a foreign one may hold any.
                ids = np.array(encoding.ids[: self._limit], dtype=np.uint32)
                self._require_known(ids.max(initial=0))
                yield ids, len(text) > most or len(encoding.ids) > self._limit

    def _require_known(self, token: int) -> None:
        if token >= self._vocabulary:
            raise ModelError(
                f"Model '{self._name}' has a tokenizer that is not its own: token {token} in a "
                f"vocabulary of {self._vocabulary}. Save the tokenizer that it was trained with "
                "beside it."
            )

    def fit(
        self, premise: tuple[Any, bool], hypothesis: tuple[Any, bool]
    ) -> tuple[tuple[Any, Any], bool]:
        """The pair cut to the maximum length, the longer text first; and whether it had to be."""
        (left, left_cut), (right, right_cut) = premise, hypothesis
        room = max(0, self._limit - self._specials)
        cut = left_cut or right_cut or len(left) + len(right) > room
        # Of two halves the second gets the odd token, as the tokenizers library has it.
        if len(left) <= len(right):
            left = left[: room // 2] if len(left) + len(right) > room else left
            right = right[: room - len(left)]
        else:
            right = right[: room // 2] if len(left) + len(right) > room else right
            left = left[: room - len(right)]
        return (left, right), cut

    def length(self, premise: Any, hypothesis: Any) -> int:
        return len(premise) + len(hypothesis) + self._specials

    def assemble(self, batch: list[tuple[Any, Any]]) -> dict[str, Any]:
        """The network's inputs, each of shape (pairs, longest pair)."""
        import numpy as np

        shape = (len(batch), max(self.length(*pair) for pair in batch))
        ids = np.full(shape, self._pad, dtype=np.int64)
        mask = np.zeros(shape, dtype=np.int64)
        types = np.zeros(shape, dtype=np.int64)
        for row, pair in enumerate(batch):
            at = shape[1] - self.length(*pair) if self._pad_left else 0
            mask[row, at : at + self.length(*pair)] = 1
            for sequence, special, kind in self._pattern:
                part = special if sequence is None else pair[sequence]
                ids[row, at : at + len(part)] = part
                types[row, at : at + len(part)] = kind
                at += len(part)
        inputs = {"input_ids": ids, "attention_mask": mask}
        return inputs | {"token_type_ids": types} if self._has_types else inputs


def _pair_pattern(tokenizer: Any) -> list[tuple[int | None, list[int], int]]:
    """Parts of an encoded pair: (text 0 or 1, None for special tokens; ids if special; type id)."""
    candidates = ("a", "the", "1", *sorted(tokenizer.get_vocab()))
    probe = next(
        (text for text in candidates if tokenizer.encode(text, add_special_tokens=False).ids), ""
    )
    encoding = tokenizer.encode(probe, probe)
    tokens = zip(encoding.sequence_ids, encoding.type_ids, encoding.ids, strict=True)
    pattern = [
        (sequence, [token for *_, token in group] if sequence is None else [], kind)
        for (sequence, kind), group in groupby(tokens, key=lambda token: token[:2])
    ]
    if sorted(sequence for sequence, *_ in pattern if sequence is not None) != [0, 1]:
        raise ValueError("its post_processor does not keep each text of a pair once.")
    return pattern


@contextmanager
def _blaming_tokenizer(name: str) -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # bare Exception from the tokenizers library, or its panic
        raise ModelError(
            f"Model '{name}' has a tokenizer that cannot be used: {first_line(error)} Save it again with "
            "tokenizer.save_pretrained(FOLDER)."
        ) from error


def _maximum_length(of_tokenizer: float, of_network: int | None) -> int:
    """Most tokens of a pair, special ones included."""
    limit = of_tokenizer if of_network is None else min(of_tokenizer, of_network)
    return int(limit) if limit < 1_000_000 else _DEFAULT_LIMIT  # an astronomic number where unknown
