"""What a model said, remembered, so that no pair is read twice."""

import hashlib
from collections.abc import Callable, Sequence

from contradict.archive.store import Store
from contradict.nli import Scorer
from contradict.records import Probabilities

_AT_ONCE = 4_096
"""Pairs between two times that what was read is kept: an interrupted run goes on from there."""


class RememberingScorer:
    """A `Scorer` that asks another one only for pairs that an archive does not hold the readings of.

    Attributes:
        name: The other's.
        warnings: The other's.
        asked: How many distinct pairs the other one was asked for so far.
    """

    def __init__(self, scorer: Scorer, store: Store, *, keep: bool) -> None:
        """Remember what a scorer says.

        Args:
            scorer: The other one.
            store: The archive.
            keep: Whether what is new goes into the archive, or is only remembered as long as this lives.
        """
        self.name = scorer.name
        self.warnings = scorer.warnings
        self.asked = 0
        self._scorer = scorer
        self._store = store
        self._keep = keep
        self._model = getattr(scorer, "identity", scorer.name)
        self._new: dict[bytes, Probabilities] = {}

    @property
    def truncated(self) -> int:
        """See `contradict.nli.Scorer`; what was read in an earlier run does not count."""
        return self._scorer.truncated

    def score(
        self,
        pairs: Sequence[tuple[str, str]],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Probabilities]:
        """See `contradict.nli.Scorer`."""
        digests = {pair: _digest(pair) for pair in pairs}
        known = self._store.readings(self._model, list(digests.values())) | self._new
        missing = [pair for pair, digest in digests.items() if digest not in known]
        # Pairs of like length make the quickest batches, so each part holds pairs of one length.
        missing.sort(key=lambda pair: -len(pair[0]) - len(pair[1]))
        before = len(digests) - len(missing)
        for start in range(0, len(missing), _AT_ONCE):
            part = missing[start : start + _AT_ONCE]
            done = before + start

            def report(now: int, total: int, done: int = done) -> None:
                if progress:
                    progress(done + now, len(digests))

            said = self._scorer.score(part, progress=report)
            self.asked += len(part)
            read = {digests[pair]: each for pair, each in zip(part, said, strict=True)}
            known |= read
            if self._keep:
                self._store.keep_readings(self._model, read)
            else:
                self._new |= read
        return [known[digests[pair]] for pair in pairs]


def _digest(pair: tuple[str, str]) -> bytes:
    premise, hypothesis = (text.encode("utf-8", "surrogatepass") for text in pair)
    return hashlib.blake2b(
        len(premise).to_bytes(8, "big") + premise + hypothesis, digest_size=16
    ).digest()
