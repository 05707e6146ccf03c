"""Decisions and what they are worth: one kind of decision and one set of metrics for each kind of gold."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from contradict.evaluation.gold import (
    NLI_LABELS,
    GoldInference,
    GoldKind,
    GoldPair,
    GoldPassages,
)
from contradict.evaluation.systems import Found, Judgement
from contradict.metrics import (
    DRAWS,
    Estimate,
    binary_metrics,
    cluster_weights,
    in_chunks,
    label_metrics,
    ratio,
)
from contradict.records import Probabilities

if TYPE_CHECKING:
    from contradict.metrics import Array

FIRST = 3
"""How many of an article's findings, best first, `found_in_first` looks at."""

_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on one item, beside what is so.

    Attributes:
        id: The same in every run: of a gold pair, an NLI row, or two passages.
        group: Its cluster: story, article or premise.
        gold: "conflict" or "no_conflict", or an NLI label.
        decided: The same, as decided.
        score: Probability of a conflict, or of the label decided on.
        about: What it is about, for a reader.
        slice: Slice of the gold pair or NLI row.
        conflicts: Conflicts of the document that these two passages show.
        hard: Hard negatives of the document that they are, by number.
    """

    id: str
    group: str
    gold: str
    decided: str
    score: float
    about: str
    slice: str | None = None
    conflicts: tuple[str, ...] = ()
    hard: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in (None, ())}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Raises AttributeError, TypeError or ValueError where ``data`` is no such record."""
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        for name in ("conflicts", "hard"):
            known[name] = tuple(known.get(name, ()))
        decision = cls(**known)
        texts = (decision.id, decision.group, decision.gold, decision.decided, decision.about)
        if not all(isinstance(text, str) for text in texts):
            raise TypeError(f"a decision has a field that is no text: {texts}")
        if not 0 <= decision.score <= 1:
            raise ValueError(f"a score must lie between 0 and 1, got {decision.score}")
        hash((decision.conflicts, decision.hard))  # they are looked up
        return decision


@dataclass(frozen=True, slots=True)
class Cluster:
    """A story, an article or a premise, and what is to be found in it.

    Attributes:
        name: What decisions call it.
        conflicts: Distinct conflicts of the document.
        hard: Its hard negatives.
    """

    name: str
    conflicts: int = 0
    hard: int = 0

    def __post_init__(self) -> None:
        counts = (self.conflicts, self.hard)
        if not isinstance(self.name, str) or not all(isinstance(n, int) for n in counts):
            raise TypeError(f"a cluster is a name and two numbers, got {self.name!r}, {counts}")


def decide_pairs(gold: Sequence[GoldPair], judged: Sequence[Judgement]) -> list[Decision]:
    """Decisions on given pairs."""
    return [
        Decision(
            id=row.id,
            group=row.group,
            gold=_named(row.conflict),
            decided=_named(judgement.flagged),
            score=judgement.score,
            about=f"{_shorten(row.a)} ↔ {_shorten(row.b)}",
            slice=row.slice,
        )
        for row, judgement in zip(gold, judged, strict=True)
    ]


def decide_documents(
    gold: Sequence[GoldPassages], found: Sequence[Found]
) -> tuple[list[Decision], list[Cluster]]:
    """Decisions on passages of documents, best first; what only an unsure row shows is left out.

    Returns:
        The decisions, and the documents that gold speaks of.
    """
    rows: dict[str, list[GoldPassages]] = {}
    for row in gold:
        rows.setdefault(row.document, []).append(row)
    decisions = []
    for item in sorted(found, key=lambda item: -item.score):
        met = [
            (number, row)
            for number, row in enumerate(rows.get(item.document, ()))
            if row.meets(item.left, item.right)
        ]
        shown = [row for _, row in met if row.kind != "none"]
        sure = dict.fromkeys(row.conflict_id for row in shown if row.sure)
        if item.document not in rows or (shown and not sure):
            continue
        decisions.append(
            Decision(
                id=item.id,
                group=item.document,
                gold=_named(bool(sure)),
                decided=_named(item.flagged),
                score=item.score,
                about=f"{item.document} {item.left[0]}–{item.left[1]} ↔ "
                f"{item.right[0]}–{item.right[1]}",
                conflicts=tuple(sure),
                hard=() if sure else tuple(n for n, row in met if row.kind == "none"),
            )
        )
    clusters = [
        Cluster(
            name,
            len({r.conflict_id for r in own if r.kind != "none" and r.sure}),
            sum(r.kind == "none" for r in own),
        )
        for name, own in rows.items()
    ]
    return decisions, clusters


def decide_inferences(
    gold: Sequence[GoldInference], scored: Sequence[Probabilities]
) -> list[Decision]:
    """Decisions on NLI rows: of the labels that occur in the set, the one with the most probability."""
    present = list(dict.fromkeys(row.label for row in gold))
    decisions = []
    for row, probabilities in zip(gold, scored, strict=True):
        given = probabilities.to_dict()
        each = {label: sum(given[name] for name in NLI_LABELS[label]) for label in present}
        decided = max(each, key=each.__getitem__)
        decisions.append(
            Decision(
                id=row.id,
                group=row.group,
                gold=row.label,
                decided=decided,
                score=each[decided],
                about=f"{_shorten(row.premise)} → {_shorten(row.hypothesis)}",
                slice=row.slice,
            )
        )
    return decisions


def clusters_of(decisions: Sequence[Decision]) -> list[Cluster]:
    """The clusters of decisions on pairs or NLI rows."""
    return [Cluster(name) for name in dict.fromkeys(decision.group for decision in decisions)]


def measure(
    kind: GoldKind, decisions: Sequence[Decision], clusters: Sequence[Cluster]
) -> dict[str, Estimate]:
    """All metrics of a kind of gold, with intervals by a bootstrap of the clusters: nan where there is only one."""
    draws = DRAWS if len(clusters) > 1 else 0
    drawn = draw(kind, decisions, clusters, cluster_weights(len(clusters), draws=draws))
    return {name: Estimate.of(values) for name, values in drawn.items()}


def draw(
    kind: GoldKind, decisions: Sequence[Decision], clusters: Sequence[Cluster], weights: "Array"
) -> dict[str, "Array"]:
    """All metrics of a kind of gold for each row of cluster weights, shape (draws, clusters)."""
    numbers = {cluster.name: number for number, cluster in enumerate(clusters)}
    index = [numbers[decision.group] for decision in decisions]
    if kind == "documents":
        return _document_metrics(decisions, clusters, index, weights)
    if kind == "nli":
        gold = [decision.gold for decision in decisions]
        decided = [decision.decided for decision in decisions]
        return label_metrics(gold, decided, weights[:, index])
    return binary_metrics(
        [decision.gold == "conflict" for decision in decisions],
        [decision.score for decision in decisions],
        [decision.decided == "conflict" for decision in decisions],
        weights[:, index],
    )


def _document_metrics(
    decisions: Sequence[Decision],
    clusters: Sequence[Cluster],
    index: Sequence[int],
    weights: "Array",
) -> dict[str, "Array"]:
    """Metrics of findings in whole documents, where several may show one conflict.

    Recall and average precision count distinct conflicts, precision counts findings; ``pairing_recall`` is what
    any finding shows, flagged or not. Average precision is, over conflicts, the mean of the precision down to
    the first finding that shows it.
    """
    import numpy as np

    size = len(clusters)
    flagged, flagged_right, hard_flagged, shown, shown_flagged, in_first = np.zeros((6, size))
    first_shows = np.zeros(len(decisions))  # conflicts that a decision is the first to show
    known: dict[int, set[str]] = {number: set() for number in range(size)}
    known_flagged: dict[int, set[str]] = {number: set() for number in range(size)}
    hard: dict[int, set[int]] = {number: set() for number in range(size)}
    looked_at = np.zeros(size)
    for rank, (decision, cluster) in enumerate(zip(decisions, index, strict=True)):
        new = set(decision.conflicts) - known[cluster]
        first_shows[rank] = len(new)
        known[cluster] |= new
        looked_at[cluster] += 1
        if decision.conflicts and looked_at[cluster] <= FIRST:
            in_first[cluster] = 1
        if decision.decided == "conflict":
            flagged[cluster] += 1
            flagged_right[cluster] += bool(decision.conflicts)
            known_flagged[cluster] |= set(decision.conflicts)
            hard[cluster] |= set(decision.hard)
    for number in range(size):
        shown[number], shown_flagged[number] = len(known[number]), len(known_flagged[number])
        hard_flagged[number] = len(hard[number])
    wanted = np.array([cluster.conflicts for cluster in clusters], float)
    negatives = np.array([cluster.hard for cluster in clusters], float)
    right = np.array([bool(decision.conflicts) for decision in decisions], float)

    def average_precision(rows: "Array") -> "Array":
        each = rows[:, index]
        seen = each.cumsum(1).clip(min=1)  # nothing is gained where nothing is seen
        gained = (each * first_shows * (each * right).cumsum(1) / seen).sum(1)
        return ratio(gained, rows @ wanted)

    precision = ratio(weights @ flagged_right, weights @ flagged)
    recall = ratio(weights @ shown_flagged, weights @ wanted)
    f1 = ratio(2 * precision * recall, precision + recall)
    f1[(precision == 0) & (recall == 0)] = 0.0
    return {
        "average_precision": in_chunks(average_precision, weights, len(decisions)),
        "pairing_recall": ratio(weights @ shown, weights @ wanted),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "hard_negatives_flagged": ratio(weights @ hard_flagged, weights @ negatives),
        "found_in_first": ratio(weights @ in_first, weights @ (wanted > 0).astype(float)),
    }


def _named(conflict: bool) -> str:
    return "conflict" if conflict else "no_conflict"


def _shorten(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
