"""What a model said, kept, so that no pair is read twice, whenever it comes again."""

import hashlib
from collections.abc import Callable, Sequence

from contradict.archive.store import Store
from contradict.nli import Scorer
from contradict.records import Probabilities

_AT_ONCE = 4_096
"""Pairs between two times that what was read is kept: an interrupted run goes on from there."""


class KeepingScorer:
    """A `Scorer` that asks another one only for pairs of which an archive has no reading, and keeps what it says."""

    def __init__(self, scorer: Scorer, store: Store) -> None:
        self.name = scorer.name
        self.warnings = scorer.warnings
        self._scorer = scorer
        self._store = store
        self.identity = getattr(scorer, "identity", scorer.name)

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
        known = self._store.readings(self.identity, list(digests.values()))
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
            read = {digests[pair]: each for pair, each in zip(part, said, strict=True)}
            self._store.keep_readings(self.identity, read)
            known |= read
        return [known[digests[pair]] for pair in pairs]


def _digest(pair: tuple[str, str]) -> bytes:
    premise, hypothesis = (text.encode("utf-8", "surrogatepass") for text in pair)
    return hashlib.blake2b(
        len(premise).to_bytes(8, "big") + premise + hypothesis, digest_size=16
    ).digest()
