"""What an evaluation found: a record that is written as JSON, read back, and compared with an older one."""

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from contradict.errors import InputError
from contradict.evaluation.gold import GoldKind
from contradict.evaluation.measures import Cluster, Decision, draw
from contradict.metrics import Estimate, cluster_weights, two_sided_p

SCHEMA = 1
"""Version of the JSON record; raised when a field changes its meaning."""

Metrics = Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What another system achieves: on how many items, how many of them flagged, and its metrics."""

    rows: int
    flagged: int
    metrics: Metrics

    def to_dict(self) -> dict[str, Any]:
        """For JSON; what is undefined is null."""
        return {"rows": self.rows, "flagged": self.flagged, **_metrics_to_dict(self.metrics)}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The outcome of one evaluation.

    Attributes:
        gold: Name of the gold set.
        kind: "pairs", "documents" or "nli".
        split: The part of it that was used; None for all.
        model: Name of the NLI model; None where findings were read from a file.
        threshold: Score from which something was flagged; None where that was decided elsewhere.
        seconds: What deciding took, loading included, baselines not.
        metrics: Metrics with 95 % intervals.
        slices: The same for each slice of given pairs or NLI rows; too few rows make some undefined.
        baselines: Other systems, and the library without one of its parts.
        decisions: What was decided on each item.
        clusters: The stories, articles or premises that the bootstrap draws.
        warnings: What the reader should know.
    """

    gold: str
    kind: GoldKind
    split: str | None
    model: str | None
    threshold: float | None
    seconds: float
    metrics: Metrics
    slices: Mapping[str, Metrics]
    baselines: Mapping[str, Baseline]
    decisions: tuple[Decision, ...]
    clusters: tuple[Cluster, ...]
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """For JSON; what is undefined is null."""
        return {
            "schema": SCHEMA,
            "gold": self.gold,
            "kind": self.kind,
            "split": self.split,
            "model": self.model,
            "threshold": self.threshold,
            "seconds": round(self.seconds, 1),
            "rows": len(self.decisions),
            "flagged": flagged(self.decisions),
            **_metrics_to_dict(self.metrics),
            "slices": {
                name: {
                    "rows": sum(decision.slice == name for decision in self.decisions),
                    **_metrics_to_dict(metrics),
                }
                for name, metrics in self.slices.items()
            },
            "baselines": {name: each.to_dict() for name, each in self.baselines.items()},
            "warnings": list(self.warnings),
            "clusters": [[c.name, c.conflicts, c.hard] for c in self.clusters],
            "decisions": [decision.to_dict() for decision in self.decisions],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError where ``data`` is no such record."""
        if data["schema"] != SCHEMA:
            raise ValueError(f"'schema' must be {SCHEMA}, got {data['schema']!r}")
        return cls(
            gold=data["gold"],
            kind=data["kind"],
            split=data["split"],
            model=data["model"],
            threshold=data["threshold"],
            seconds=data["seconds"],
            metrics=_metrics_from_dict(data),
            slices={name: _metrics_from_dict(each) for name, each in data["slices"].items()},
            baselines={
                name: Baseline(each["rows"], each["flagged"], _metrics_from_dict(each))
                for name, each in data["baselines"].items()
            },
            decisions=tuple(Decision.from_dict(each) for each in data["decisions"]),
            clusters=tuple(Cluster(*each) for each in data["clusters"]),
            warnings=tuple(data["warnings"]),
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in one metric: new minus old, its 95 % interval, and a two-sided p-value."""

    old: float
    new: float
    change: Estimate
    p: float


@dataclass(frozen=True, slots=True)
class Flip:
    """A decision that came out otherwise; None where a run did not look at the item at all."""

    id: str
    gold: str
    old: str | None
    new: str | None
    about: str

    @property
    def mended(self) -> bool:
        """Whether it was wrong and is right now; a finding that is gone or new counts as no_conflict."""
        return (self.new or "no_conflict") == self.gold


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against an older one on what both judged.

    Attributes:
        clusters: How many stories, articles or premises both have.
        differences: Each metric on these, by paired bootstrap: both runs see the same draws.
        flips: Decisions that differ.
    """

    clusters: int
    differences: Mapping[str, Difference]
    flips: tuple[Flip, ...]

    def to_dict(self) -> dict[str, Any]:
        """For JSON; what is undefined is null."""
        return {
            "clusters": self.clusters,
            "differences": {
                name: {
                    "old": _defined(each.old),
                    "new": _defined(each.new),
                    "change": _defined(each.change.value),
                    "interval": _interval(each.change),
                    "p": _defined(each.p),
                }
                for name, each in self.differences.items()
            },
            "flips": [
                {
                    "id": flip.id,
                    "gold": flip.gold,
                    "old": flip.old,
                    "new": flip.new,
                    "mended": flip.mended,
                    "about": flip.about,
                }
                for flip in self.flips
            ],
        }


def read_evaluation(path: str | os.PathLike[str]) -> Evaluation:
    """Read what ``contradict evaluate --json`` wrote.

    Raises:
        InputError: The file cannot be read or is no such record.
    """
    name = os.fspath(path)
    expected = "Expected a file made by 'contradict evaluate --json'."
    try:
        with open(path, encoding="utf-8-sig") as stream:
            return Evaluation.from_dict(json.load(stream))
    except OSError as error:
        raise InputError(f"Cannot read {name}: {error.strerror or error}.") from error
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        reason = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(f"Cannot read {name}: {reason}. {expected}") from error


def compare(new: Evaluation, old: Evaluation) -> Comparison:
    """What changed between two runs, on the clusters that both judged and, of given items, on those of both.

    Raises:
        InputError: They are of different kinds of gold or have nothing in common.
    """
    if new.kind != old.kind:
        raise InputError(
            f"Cannot compare: this run is on {new.kind}, the older one on {old.kind}. Give one on the same gold."
        )
    before = {decision.id: decision for decision in old.decisions}
    after = {decision.id: decision for decision in new.decisions}
    known = {cluster.name for cluster in old.clusters}
    clusters = [cluster for cluster in new.clusters if cluster.name in known]
    shared = {cluster.name for cluster in clusters}
    if new.kind != "documents":  # findings differ between runs; given items are compared one by one
        both = before.keys() & after.keys()
        before = {each: before[each] for each in both}
        after = {each: decision for each, decision in after.items() if each in both}
        shared &= {decision.group for decision in after.values()}
        clusters = [cluster for cluster in clusters if cluster.name in shared]
    if not clusters:
        raise InputError(
            "Cannot compare: the two runs have nothing in common. Give one on the same gold."
        )
    weights = cluster_weights(len(clusters))

    def drawn(decisions: Mapping[str, Decision]) -> Mapping[str, Any]:
        ranked = sorted(
            (each for each in decisions.values() if each.group in shared),
            key=lambda decision: -decision.score,
        )
        return draw(new.kind, ranked, clusters, weights)

    earlier, later = drawn(before), drawn(after)
    differences = {
        name: Difference(
            old=float(earlier[name][0]),
            new=float(later[name][0]),
            change=Estimate.of(later[name] - earlier[name]),
            p=two_sided_p(later[name] - earlier[name]),
        )
        for name in later
        if name in earlier
    }
    return Comparison(len(clusters), differences, tuple(_flips(before, after, shared)))


def flagged(decisions: Sequence[Decision]) -> int:
    """How many of the decisions are for a conflict."""
    return sum(decision.decided == "conflict" for decision in decisions)


def _flips(
    before: Mapping[str, Decision], after: Mapping[str, Decision], shared: set[str]
) -> Sequence[Flip]:
    flips = []
    for each in dict.fromkeys((*after, *before)):
        old, new = before.get(each), after.get(each)
        some = new or old
        if some is None or some.group not in shared:
            continue
        was = old.decided if old else None
        now = new.decided if new else None
        if (was or "no_conflict") != (now or "no_conflict"):
            flips.append(Flip(each, some.gold, was, now, some.about))
    return flips


def _metrics_to_dict(metrics: Metrics) -> dict[str, Any]:
    return {
        "metrics": {name: _defined(each.value) for name, each in metrics.items()},
        "intervals": {name: _interval(each) for name, each in metrics.items()},
    }


def _metrics_from_dict(data: Mapping[str, Any]) -> Metrics:
    nan = float("nan")
    found = {}
    for name, value in data["metrics"].items():
        low, high = data["intervals"][name] or (nan, nan)
        found[name] = Estimate(nan if value is None else value, low, high)
    return found


def _defined(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)


def _interval(estimate: Estimate) -> list[float] | None:
    if math.isnan(estimate.low):
        return None
    return [round(estimate.low, 6), round(estimate.high, 6)]
