"""Hand-labelled data, read: pairs of texts, conflicts in whole documents, or plain NLI sets.

What a gold file is shows in its columns:

    pairs      a, b, label ("conflict" or "no_conflict"); also id, slice, kind, group, split; finding_score and
               finding_flagged, what a reviewer was shown who judged it (contradict review --export)
    documents  article, a_start, a_end, b_start, b_end, kind ("none" for a hard negative), conflict_id, sure
    nli        premise, hypothesis, label (SNLI's and MNLI's own column names do, too); also slice, group, split
"""

import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from contradict.documents import open_table
from contradict.errors import InputError
from contradict.readers import Row
from contradict.records import Pair

GoldKind = Literal["pairs", "documents", "nli"]

NLI_LABELS = {
    "entailment": ("entailment",),
    "neutral": ("neutral",),
    "contradiction": ("contradiction",),
    "not_entailment": ("neutral", "contradiction"),
    "not_contradiction": ("entailment", "neutral"),
}
"""The labels of NLI sets, two-way ones included, and the model's labels that each permits."""

_KEYS = ("a", "b", "a_start", "premise", "sentence1", "label", "gold_label")
_ALIASES = {"sentence1": "premise", "sentence2": "hypothesis", "gold_label": "label"}
_NEEDED: dict[GoldKind, tuple[str, ...]] = {
    "pairs": ("a", "b", "label"),
    "documents": ("article", "a_start", "a_end", "b_start", "b_end", "kind", "conflict_id"),
    "nli": ("premise", "hypothesis", "label"),
}
_CONFLICT = {"conflict": True, "true": True, "1": True, "yes": True}
_CONFLICT |= {"no_conflict": False, "false": False, "0": False, "no": False}
_UNLABELLED = {"-", "-1", ""}


@dataclass(frozen=True, slots=True)
class GoldPair:
    """Two texts, and whether they conflict.

    Attributes:
        id: Of the row; of the finding where a reviewer judged one.
        a: One text.
        b: The other.
        conflict: The label.
        slice: What it tests, if that is told.
        group: The story or document it is from.
        reviewed: Score of the finding that was reviewed, and whether it was flagged; None for other pairs.
    """

    id: str
    a: str
    b: str
    conflict: bool
    slice: str | None
    group: str
    reviewed: tuple[float, bool] | None = None


@dataclass(frozen=True, slots=True)
class GoldPassages:
    """Two passages of a document: ``text[a_start:a_end]`` and ``text[b_start:b_end]``.

    Attributes:
        document: Name of the document's file.
        a: Offsets of the first passage, half-open.
        b: Offsets of the second.
        kind: Kind of conflict, or "none" for a hard negative.
        conflict_id: The same for all passages that show one conflict; unique within the document.
        sure: False where the labeller was not; such rows count neither for nor against a finding.
    """

    document: str
    a: tuple[int, int]
    b: tuple[int, int]
    kind: str
    conflict_id: str
    sure: bool

    def meets(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        """Whether one passage overlaps one side and the other the other, by half of the shorter of the two."""
        a, b = self.a, self.b
        return (overlap(a, one) and overlap(b, other)) or (overlap(a, other) and overlap(b, one))

    def shown_by(self, pair: Pair) -> bool:
        """Whether the two statements of a pair meet these passages."""
        left, right = pair.left, pair.right
        return self.meets((left.start, left.end), (right.start, right.end))


@dataclass(frozen=True, slots=True)
class GoldInference:
    """A premise and a hypothesis, and how they stand to each other: one of `NLI_LABELS`."""

    id: str
    premise: str
    hypothesis: str
    label: str
    slice: str | None
    group: str


@dataclass(frozen=True, slots=True)
class Gold:
    """A gold set.

    Attributes:
        name: Of its file or data set.
        kind: Which of the three rows it has.
        pairs: Rows where ``kind`` is "pairs".
        passages: Rows where it is "documents".
        inferences: Rows where it is "nli".
        warnings: What was left out.
    """

    name: str
    kind: GoldKind
    pairs: tuple[GoldPair, ...] = ()
    passages: tuple[GoldPassages, ...] = ()
    inferences: tuple[GoldInference, ...] = ()
    warnings: tuple[str, ...] = ()


def read_gold(source: str | os.PathLike[str], *, split: str | None = None) -> Gold:
    """Read a gold set.

    Args:
        source: A CSV, TSV, JSON, JSONL or Parquet file (".gz" too), a folder that `datasets` saved, or the hub
            name of a data set ("org/name" or "org/name:config"), which is loaded through `datasets`.
        split: Only rows whose column ``split`` says this; of a data set from the hub, the split to load.

    Raises:
        InputError: It cannot be read, has none of the three sets of columns, or a row makes no sense.
    """
    path = os.fspath(source)
    if os.path.isdir(path) or _is_hub_name(path):
        return _gold(path, _dataset_rows(path, split), None)
    with open_table(path, keys=_KEYS) as table:
        return _gold(Path(path).name, table.rows, split)


def _gold(name: str, rows: Iterable[Row], split: str | None) -> Gold:
    read = list(_checked(rows))
    if not read:
        raise InputError(f"holds no rows; wanted {_wanted()}")
    kind = _kind_of(read[0][1])
    if split is not None:
        read = [(place, row) for place, row in read if row.get("split") == split]
        if not read:
            raise InputError(f"has no rows whose column split says '{split}'")
    for place, row in read:
        missing = [column for column in _NEEDED[kind] if row.get(column) is None]
        if missing == ["conflict_id"] and row["kind"] == "none":
            missing = []
        if missing:
            raise InputError(f"{place} has no {missing[0]}; wanted {_wanted(kind)}")
    if kind == "pairs":
        return Gold(name, kind, pairs=tuple(_pair(place, row) for place, row in read))
    if kind == "documents":
        return Gold(name, kind, passages=tuple(_passages(place, row) for place, row in read))
    inferences = [_inference(place, row) for place, row in read]
    kept = tuple(row for row in inferences if row is not None)
    if not kept:
        raise InputError("has no row with a label")
    left_out = len(inferences) - len(kept)
    warnings = (f"{left_out:,} rows without a label were left out",) if left_out else ()
    return Gold(name, kind, inferences=kept, warnings=warnings)


def _checked(rows: Iterable[Row]) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows:
        if row.problem:
            raise InputError(f"{row.place}: {row.problem}")
        values = {str(name).strip(): value for name, value in row.values.items()}
        for alias, name in _ALIASES.items():
            if name not in values and alias in values:
                values[name] = values[alias]
        yield row.place, values


def _kind_of(row: Mapping[str, Any]) -> GoldKind:
    for kind, columns in _NEEDED.items():
        if all(column in row for column in columns):
            return kind
    raise InputError(f"is no gold; wanted {_wanted()}; found {', '.join(row) or 'no columns'}")


def _wanted(kind: GoldKind | None = None) -> str:
    kinds: Sequence[GoldKind] = (kind,) if kind else tuple(_NEEDED)
    return "the columns " + ", or ".join(f"{', '.join(_NEEDED[k])} ({k})" for k in kinds)


def _pair(place: str, row: Mapping[str, Any]) -> GoldPair:
    label = _label(row)
    if label not in _CONFLICT:
        raise InputError(
            f"{place}: label is {row['label']!r}; wanted 'conflict' or 'no_conflict' (or 1 and 0)"
        )
    a, b = _text(place, row, "a"), _text(place, row, "b")
    identity = str(row.get("id") or _digest(a, b))
    return GoldPair(
        id=identity,
        a=a,
        b=b,
        conflict=_CONFLICT[label],
        slice=_slice(row),
        group=str(row.get("group") or identity),
        reviewed=_reviewed(place, row),
    )


def _reviewed(place: str, row: Mapping[str, Any]) -> tuple[float, bool] | None:
    if row.get("finding_score") is None or row.get("finding_flagged") is None:
        return None
    try:
        score = float(row["finding_score"])
    except (TypeError, ValueError, OverflowError):
        score = math.nan
    if not 0 <= score <= 1:
        raise InputError(
            f"{place}: finding_score is {row['finding_score']!r}; wanted a number from 0 to 1"
        )
    return score, str(row["finding_flagged"]).casefold() in ("true", "1", "yes")


def _passages(place: str, row: Mapping[str, Any]) -> GoldPassages:
    try:
        offsets = [int(row[name]) for name in ("a_start", "a_end", "b_start", "b_end")]
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{place}: offsets must be whole numbers ({error})") from error
    a_start, a_end, b_start, b_end = offsets
    if not (0 <= a_start < a_end and 0 <= b_start < b_end):
        raise InputError(f"{place}: offsets must be 0 <= start < end; got {offsets}")
    return GoldPassages(
        document=Path(str(row["article"])).name,
        a=(a_start, a_end),
        b=(b_start, b_end),
        kind=str(row["kind"]),
        conflict_id=str(row["conflict_id"] or ""),
        sure=str(row.get("sure", True)).casefold() not in ("false", "0", "no"),
    )


def _inference(place: str, row: Mapping[str, Any]) -> GoldInference | None:
    """A row; None where annotators found no label (SNLI's "-", the hub's -1)."""
    if str(row["label"]).strip() in _UNLABELLED:
        return None
    label = _label(row)
    if label not in NLI_LABELS:
        raise InputError(
            f"{place}: label is {row['label']!r}; wanted {', '.join(NLI_LABELS)}. Numbers mean different "
            "things in different sets: name them"
        )
    premise, hypothesis = _text(place, row, "premise"), _text(place, row, "hypothesis")
    identity = str(row.get("id") or _digest(premise, hypothesis))
    return GoldInference(
        identity, premise, hypothesis, label, _slice(row), str(row.get("group") or premise)
    )


def _slice(row: Mapping[str, Any]) -> str | None:
    return str(row["slice"]) if row.get("slice") else None


def _label(row: Mapping[str, Any]) -> str:
    return re.sub(r"[\s-]+", "_", str(row["label"]).strip().casefold())


def _text(place: str, row: Mapping[str, Any], column: str) -> str:
    value = row[column]
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{place}: {column} holds no text; got {value!r}")
    return value


def _digest(*texts: str) -> str:
    joined = "\x1f".join(texts).encode("utf-8", "surrogatepass")
    return blake2b(joined, digest_size=8).hexdigest()


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans share at least half of the shorter one."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0 and 2 * shared >= min(one[1] - one[0], other[1] - other[0])


def _is_hub_name(path: str) -> bool:
    known = re.fullmatch(r"[\w.-]+/[\w.-]+(:[\w.-]+)?", path)
    return bool(known) and not os.path.exists(path) and not re.search(r"\.\w{2,7}$", path)


def _dataset_rows(path: str, split: str | None) -> Iterator[Row]:
    """The rows of a data set that `datasets` saved or loads; class numbers by their names."""
    import datasets

    name, _, config = path.partition(":")
    try:
        if os.path.isdir(path):
            data = datasets.load_from_disk(path)
            if isinstance(data, datasets.DatasetDict):
                data = data[split] if split in data else _only_split(path, data)
        else:
            data = datasets.load_dataset(name, config or None, split=split or "validation")
    except InputError:
        raise
    except Exception as error:  # of many libraries: hub, network, file formats
        reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        raise InputError(
            f"{path}: cannot be loaded as a data set ({reason}). Give a file, a folder that "
            "datasets' save_to_disk made, or ORG/NAME[:CONFIG] with --split"
        ) from error
    classes = {
        column: feature.names
        for column, feature in (data.features or {}).items()
        if isinstance(feature, datasets.ClassLabel)
    }
    for number, record in enumerate(_records(path, data), 1):
        values = dict(record)
        for column, names in classes.items():
            code = values[column]
            values[column] = names[code] if code is not None and code >= 0 else "-"
        yield Row(
            number, f"{path}: row {number}", {**values, **({"split": split} if split else {})}
        )


def _records(path: str, data: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    try:
        yield from data
    except (ValueError, KeyError, OverflowError, OSError) as error:
        raise InputError(f"{path}: the data set is damaged ({error})") from error


def _only_split(path: str, data: Mapping[str, Any]) -> Any:
    if len(data) == 1:
        return next(iter(data.values()))
    raise InputError(f"{path} has the splits {', '.join(data)}; choose one with --split")
