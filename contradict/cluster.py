"""The whole flow over shards of documents, on the machines of a Ray cluster: what `pipeline` finds, to the last id.

    documents ─ split ─▶ statements ─ describe ─▶ facts ─ count, vectorize ─▶ vectors ─ pair ─▶ pairs
                                                                                                  │
                                                                          Report ◀─ findings ◀─ judge

Each stage takes the files of the stage before and writes files of its own into the job's folder, one for each shard,
whole or not at all. So a shard whose worker is lost is done again, and a job that was interrupted goes on where it was.
No process holds more than its own shard, the vectors of one other, and the documents that its pairs stand in, besides
the weights of all stems and the names of all persons; what is known of every statement (`FACTS`) is a file that all map
into memory.
"""

import hashlib
import json
import logging
import os
import secrets
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import contradict
from contradict.algebra import COMMITTING
from contradict.documents import Source, Warn, read_documents
from contradict.errors import InputError
from contradict.pairing import (
    candidates_of,
    choose_partners,
    count_stems,
    first_members,
    nearest_in_block,
    nearest_of_all,
    pair_up,
    vectorize,
    weigh,
)
from contradict.pipeline import Analyzer, nothing_read, report_of
from contradict.profiles import list_profiles
from contradict.reading import Progress
from contradict.records import (
    STANCES,
    Document,
    Failure,
    Finding,
    Report,
    Speaker,
    SplitDocument,
    Stance,
    Statement,
)
from contradict.speakers import name_all, persons_in
from contradict.words import content_words

if TYPE_CHECKING:
    import numpy as np

MARK = ".contradict-job"
"""What shows that a folder is a job's."""

SHARD_CHARACTERS = 400_000
"""Characters of text in a shard, about 70,000 words; a longer document is a shard of its own."""

STAGES = ("split", "describe", "count", "vectorize", "pair", "judge")

FACTS = (
    ("document", "i8"),
    ("start", "i8"),
    ("end", "i8"),
    ("stance", "i1"),
    ("holder", "u8"),
    ("proposition", "u8"),
)
"""What pairing asks of a statement: numbers of document and stance, offsets, digests of holder and proposition."""

Run = Callable[["Job", str, Sequence[int]], Iterator[None]]
"""Does a stage for shards, and yields each time that one is done."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the result of a job, apart from its documents.

    Attributes:
        model: An NLI model: a profile, a folder, a hub name; None for the default.
        threshold: Score from which a finding is flagged; None for the default.
        within: Whether statements of one document are paired.
        across: Whether statements of different documents are paired.
        first_look: Another NLI model for the first look, or None; see `Analyzer`.
    """

    model: str | None = None
    threshold: float | None = None
    within: bool = True
    across: bool = True
    first_look: str | None = None

    def analyzer(self) -> Analyzer:
        """What splits and judges."""
        return Analyzer(self.model, first_look=self.first_look, threshold=self.threshold)


def _absolute(model: str | None) -> str | None:
    """A model's name, or its folder as every process finds it."""
    if model is None or model in {profile.name for profile in list_profiles()}:
        return model
    return str(Path(model).resolve()) if Path(model).is_dir() else model


def analyze_on_ray(
    sources: Source,
    settings: Settings,
    *,
    folder: str | os.PathLike[str],
    workers: int = 2,
    text_column: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Find the conflicts in documents on a Ray cluster; the findings are those of `contradict.analyze`.

    Joins the cluster that the environment variable RAY_ADDRESS names; without one, starts workers on this machine,
    which listen on loopback alone.

    Args:
        sources: See `contradict.analyze`.
        settings: What is looked for.
        folder: Where the job keeps its files; on several machines one that all of them see. An interrupted job goes
            on from there.
        workers: In how many processes each stage runs.
        text_column: Column of tables and records that holds the text; None for the usual names.
        progress: Called with each stage, how many of its shards are done, and of how many.

    Raises:
        InputError: Nothing could be read, Ray is not installed, the folder is of another job or of something else, or
            the job failed on the cluster.
        ModelError: The NLI model cannot be used.
    """
    address = os.environ.get("RAY_ADDRESS")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if (
        address is None
    ):  # read when Ray is imported: a cluster of this machine alone listens on loopback
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    try:
        import ray
    except ImportError as error:
        raise InputError(
            "Ray is not installed. Install it with: pip install 'ray[data]'"
        ) from error
    settings = replace(
        settings, model=_absolute(settings.model), first_look=_absolute(settings.first_look)
    )
    analyzer = settings.analyzer()
    _ = analyzer.scorers  # a wrong model is told before anything is done
    warnings: list[str] = []
    job, failures = prepare(
        sources, settings, folder=folder, text_column=text_column, warn=warnings.append
    )
    job.analyzer = analyzer
    started = not ray.is_initialized()
    if started:
        alone: dict[str, Any] = {"num_cpus": workers, "include_dashboard": False}
        ray.init(
            address=address,
            log_to_driver=False,
            logging_level=logging.ERROR,
            **({} if address else alone),
        )
    try:
        with redirect_stdout(sys.stderr):  # Ray prints what happens to its workers
            report = finish(job, lambda *work: _on_ray(*work, workers=workers), progress=progress)
    except ray.exceptions.RayError as error:
        raise InputError(
            f"The job failed on the cluster: {_first_line(error)} What was done stands in {job.folder}; run it again "
            "to go on."
        ) from error
    finally:
        if started:
            ray.shutdown()
    return replace(report, failures=tuple(failures), warnings=(*warnings, *report.warnings))


def _on_ray(job: "Job", stage: str, shards: Sequence[int], *, workers: int) -> Iterator[None]:
    import ray.data

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False  # there is one of our own
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    rows: Any = ray.data.from_items(
        [{"shard": each} for each in shards], override_num_blocks=len(shards)
    )
    done = rows.map(
        _do_shard,
        fn_args=(str(job.folder), job.digest, stage),
        compute=ray.data.TaskPoolStrategy(size=min(workers, len(shards))),
        num_cpus=1,
    )
    for _ in done.iter_rows():
        yield


def _do_shard(row: dict[str, Any], folder: str, digest: str, stage: str) -> dict[str, Any]:
    getattr(_job_of_process(folder, digest), stage)(int(row["shard"]))
    return row


@lru_cache(maxsize=1)
def _job_of_process(folder: str, digest: str) -> "Job":
    """So that a process loads its models once, whatever stages it works for."""
    return Job(Path(folder))


def _first_line(error: Exception) -> str:
    cause = getattr(error, "cause", None) or error
    return f"{type(cause).__name__}: {next(iter(str(cause).strip().splitlines()), '')}"


def prepare(
    sources: Source,
    settings: Settings,
    *,
    folder: str | os.PathLike[str],
    text_column: str | None = None,
    warn: Warn | None = None,
) -> tuple["Job", list[Failure]]:
    """Write the documents into shards in a job's folder; nothing is written if they are there already.

    Raises:
        InputError: Nothing could be read, or the folder is of another job or of something else.
    """
    root = Path(folder).resolve()
    file = root / "job.json"
    known = json.loads(file.read_text("utf-8")) if file.is_file() else None
    if known is None:
        _claim_folder(root)
    failures: list[Failure] = []
    sizes: list[int] = []
    digest = hashlib.blake2b(f"{contradict.__version__} {settings}".encode(), digest_size=16)
    items = read_documents(sources, text_column=text_column, warn=warn)
    for number, documents in enumerate(_sharded(items, failures)):
        text = "".join(json.dumps(document.to_dict()) + "\n" for document in documents)
        digest.update(text.encode())
        sizes.append(len(documents))
        if known is None:
            _write(root / "documents" / f"{number:06}.jsonl", partial(_save_text, text))
    if not sizes:
        raise InputError(nothing_read(failures))
    described = {"digest": digest.hexdigest(), "sizes": sizes, "settings": asdict(settings)}
    if known is None:
        _write(file, partial(_save_text, json.dumps(described)))
    elif known != described:
        raise InputError(
            f"{root} holds another job: other documents, other options, or another version. Name another folder, or "
            "remove it."
        )
    return Job(root), failures


def _claim_folder(root: Path) -> None:
    """Make a folder ours, if it is new or empty, or was left before its job had begun."""
    mark = root / MARK
    if root.is_dir() and not mark.exists() and any(root.iterdir()):
        raise InputError(
            f"{root} holds other files. Name a new or empty folder for the job, such as {root / 'job'}."
        )
    root.mkdir(parents=True, exist_ok=True)
    mark.touch()


def finish(job: "Job", run: Run, *, progress: Progress | None = None) -> Report:
    """Do what is left of a job, stage by stage, and give its report."""
    for stage in STAGES:
        left = [shard for shard in job.shards if not job.path(stage, shard).exists()]
        done = len(job.shards) - len(left)
        if left:
            for _ in run(job, stage, left):
                done += 1
                if progress:
                    progress(stage, done, len(job.shards))
        gather = getattr(job, f"after_{stage}", None)
        if gather:
            gather()
    return job.report()


class Job:
    """A job's folder, and what is done for each of its shards.

    Every stage is a method that takes the number of a shard; ``after_`` and its name is what is gathered from all of
    its files before the next begins.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        data = json.loads((folder / "job.json").read_text("utf-8"))
        self.digest: str = data["digest"]
        self.settings = Settings(**data["settings"])
        self.sizes: list[int] = data["sizes"]
        self.shards = range(len(self.sizes))

    @cached_property
    def analyzer(self) -> Analyzer:
        """See `Settings`."""
        return self.settings.analyzer()

    def path(self, stage: str, shard: int) -> Path:
        """The file of a shard that shows that a stage is done."""
        ends = {"split": "jsonl", "judge": "jsonl", "count": "json", "describe": "npy"}
        return self.folder / stage / f"{shard:06}.{ends.get(stage, 'npz')}"

    # Splitting

    def split(self, shard: int) -> None:
        """The documents of a shard, split; beside them their names, and where in the file each document stands."""
        import numpy as np

        lines = (self.folder / "documents" / f"{shard:06}.jsonl").read_text("utf-8").splitlines()
        split = self.analyzer.split([Document.from_dict(json.loads(line)) for line in lines])
        written = [(json.dumps(each.to_dict()) + "\n").encode("utf-8") for each in split]
        places = np.cumsum([0, *map(len, written)])
        self._save("place", shard, lambda path: np.save(path, places), suffix="npy")
        names: dict[str, list[str]] = defaultdict(list)
        for each in split:
            for surname, name in persons_in(each):
                names[surname].append(name)
        self._save(
            "names", shard, lambda path: path.write_text(json.dumps(names), "utf-8"), suffix="json"
        )
        self._save("split", shard, lambda path: path.write_bytes(b"".join(written)))

    def after_split(self) -> None:
        """The full names of all documents, by surname."""
        full: dict[str, set[str]] = defaultdict(set)
        for shard in self.shards:
            file = self.folder / "names" / f"{shard:06}.json"
            for surname, names in json.loads(file.read_text("utf-8")).items():
                full[surname].update(names)
        ordered = {surname: sorted(names) for surname, names in sorted(full.items())}
        _write(
            self.folder / "names.json", lambda path: path.write_text(json.dumps(ordered), "utf-8")
        )

    @cached_property
    def _known(self) -> dict[str, list[str]]:
        known: dict[str, list[str]] = json.loads((self.folder / "names.json").read_text("utf-8"))
        return known

    def read_split(self, shard: int, documents: Iterable[int] | None = None) -> list[SplitDocument]:
        """The documents of a shard, speakers called in full: all, or those of some numbers within the shard."""
        import numpy as np

        with self.path("split", shard).open("rb") as file:
            if documents is None:
                lines = file.readlines()
            else:
                places = np.load(self.folder / "place" / f"{shard:06}.npy")
                lines = []
                for number in documents:
                    file.seek(places[number])
                    lines.append(file.read(places[number + 1] - places[number]))
        return name_all(
            [SplitDocument.from_dict(json.loads(line)) for line in lines], known=self._known
        )

    # What pairing asks

    def describe(self, shard: int) -> None:
        """The facts of a shard's statements."""
        import numpy as np

        first = sum(self.sizes[:shard])
        rows = [
            (
                first + number,
                statement.start,
                statement.end,
                STANCES.index(statement.stance),
                0 if statement.holder is None else _digest(statement.holder),
                _digest(statement.proposition.casefold()),
            )
            for number, each in enumerate(self.read_split(shard))
            for statement in each.statements
        ]
        self._save("describe", shard, lambda path: np.save(path, np.array(rows, dtype=list(FACTS))))

    def after_describe(self) -> None:
        """The facts of all statements in one file; for each its proposition's number, by first occurrence.

        Also, for each proposition, its first statement and where its statements stand in the list of all members.
        """
        import numpy as np

        if (self.folder / "members.npy").exists():
            return
        parts = [np.load(self.path("describe", shard)) for shard in self.shards]
        facts = np.concatenate(parts)
        mute = [STANCES.index(stance) for stance in STANCES if stance not in COMMITTING]
        committing = ~np.isin(facts["stance"], mute)
        places = np.flatnonzero(committing)
        _, first, inverse = np.unique(
            facts["proposition"][places], return_index=True, return_inverse=True
        )
        rank = np.empty(len(first), np.int64)
        rank[np.argsort(first)] = np.arange(len(first))
        numbers = np.full(len(facts), -1, np.int64)
        numbers[places] = rank[inverse]
        members = places[np.argsort(rank[inverse], kind="stable")]
        arrays = {
            "facts": facts,
            "numbers": numbers,
            "firsts": places[np.sort(first)],
            "starts": np.searchsorted(numbers[members], np.arange(len(first) + 1)),
            "bounds": np.cumsum([0, *map(len, parts)]),
            "members": members,
        }
        for name, array in arrays.items():
            _write(self.folder / f"{name}.npy", partial(_save_array, array))

    def _array(self, name: str) -> "np.ndarray[Any, Any]":
        import numpy as np

        array: np.ndarray[Any, Any] = np.load(self.folder / f"{name}.npy", mmap_mode="r")
        return array

    def _own_propositions(self, shard: int) -> range:
        """The numbers of the propositions that occur first in a shard."""
        import numpy as np

        bounds = self._array("bounds")[shard : shard + 2]
        first, last = np.searchsorted(self._array("firsts"), bounds)
        return range(int(first), int(last))

    def _words(self, shard: int, numbers: Iterable[int]) -> list[frozenset[str]]:
        """The words of propositions that occur in a shard."""
        begin = int(self._array("bounds")[shard])
        of = self._array("numbers")
        statements = [s for each in self.read_split(shard) for s in each.statements]
        place = {int(of[begin + n]): statement for n, statement in enumerate(statements)}
        return [content_words(place[number].proposition.casefold()) for number in numbers]

    # Vectors

    def count(self, shard: int) -> None:
        """In how many propositions that occur first in a shard each stem occurs."""
        counts = count_stems(self._words(shard, self._own_propositions(shard)))
        self._save("count", shard, lambda path: path.write_text(json.dumps(counts), "utf-8"))

    def after_count(self) -> None:
        """The weights of all stems."""
        counts: Counter[str] = Counter()
        for shard in self.shards:
            counts.update(json.loads(self.path("count", shard).read_text("utf-8")))
        weights = weigh(counts, len(self._array("firsts")))
        _write(
            self.folder / "weights.json", lambda path: path.write_text(json.dumps(weights), "utf-8")
        )

    @cached_property
    def _weights(self) -> dict[str, float]:
        weights: dict[str, float] = json.loads((self.folder / "weights.json").read_text("utf-8"))
        return weights

    def vectorize(self, shard: int) -> None:
        """The vectors of the propositions that occur first in a shard."""
        from scipy.sparse import save_npz

        vectors = vectorize(self._words(shard, self._own_propositions(shard)), self._weights)
        self._save("vectorize", shard, lambda path: save_npz(path, vectors, compressed=False))

    # Pairs

    def pair(self, shard: int) -> None:
        """The pairs that a shard's statements bring, filed under the shard of the earlier of the two."""
        import numpy as np
        from scipy.sparse import load_npz

        bounds, starts, members = (self._array(n) for n in ("bounds", "starts", "members"))
        numbers = self._array("numbers")[bounds[shard] : bounds[shard + 1]]
        distinct = np.unique(numbers[numbers >= 0]).tolist()
        vectors = vectorize(self._words(shard, distinct), self._weights)
        found: list[list[tuple[int, float]]] = [[] for _ in distinct]
        for other in self.shards:
            block = load_npz(self.path("vectorize", other))
            start = self._own_propositions(other).start
            near = nearest_in_block(vectors, block, start=start, own=distinct)
            found = [nearest_of_all(both) for both in zip(found, near, strict=True)]
        met = {
            number: {
                int(j): cosine
                for proposition, cosine in [(number, 1.0), *near_by]
                for j in first_members(members[starts[proposition] : starts[proposition + 1]])
            }
            for number, near_by in zip(distinct, found, strict=True)
        }
        statements = _Statements(self._array("facts"), self._array("numbers"))
        within, across = self.settings.within, self.settings.across
        pairs: set[tuple[int, int]] = set()
        for i, number in enumerate(numbers.tolist(), int(bounds[shard])):
            if number >= 0:
                candidates = candidates_of(statements, i, met[number], within=within, across=across)
                partners = choose_partners(statements, i, candidates)
                pairs.update((min(i, j), max(i, j)) for j in partners)
        ordered = np.array(sorted(pairs), np.int64).reshape(-1, 2)
        owners = np.searchsorted(bounds, ordered[:, 0], side="right") - 1
        filed = {f"{owner:06}": ordered[owners == owner] for owner in np.unique(owners)}
        self._save("pair", shard, lambda path: np.savez(path, **filed))

    # Findings

    def judge(self, shard: int) -> None:
        """The findings about the pairs whose earlier statement stands in a shard."""
        import numpy as np

        parts = []
        for other in self.shards:
            with np.load(self.path("pair", other)) as filed:
                if f"{shard:06}" in filed:
                    parts.append(filed[f"{shard:06}"])
        pairs = np.unique(np.concatenate(parts), axis=0).tolist() if parts else []
        split, statements = self._take({place for pair in pairs for place in pair})
        found = self.analyzer.judge(
            [pair_up(statements[i], statements[j]) for i, j in pairs], split
        )
        lines = "".join(json.dumps(finding.to_dict()) + "\n" for finding in found)
        self._save("judge", shard, lambda path: path.write_text(lines, "utf-8"))

    def _take(self, places: Iterable[int]) -> tuple[list[SplitDocument], dict[int, Statement]]:
        """The documents that some statements stand in, and these statements, by their numbers among all."""
        import numpy as np

        facts, firsts = self._array("facts"), np.cumsum([0, *self.sizes])
        of_document: dict[int, list[int]] = defaultdict(list)
        for place in sorted(places):
            of_document[int(facts["document"][place])].append(place)
        of_shard: dict[int, list[int]] = defaultdict(list)
        for document in of_document:
            of_shard[int(np.searchsorted(firsts, document, side="right")) - 1].append(document)
        split, taken = [], {}
        for shard, documents in of_shard.items():
            read = self.read_split(shard, [document - int(firsts[shard]) for document in documents])
            for document, each in zip(documents, read, strict=True):
                begin = int(np.searchsorted(facts["document"], document))
                for place in of_document[document]:
                    taken[place] = each.statements[place - begin]
                split.append(each)
        return split, taken

    def report(self) -> Report:
        """The report on all shards."""
        findings = [
            Finding.from_dict(json.loads(line))
            for shard in self.shards
            for line in self.path("judge", shard).read_text("utf-8").splitlines()
        ]
        split = [each for shard in self.shards for each in self.read_split(shard)]
        analyzer = self.analyzer
        report = report_of(
            split,
            findings,
            threshold=analyzer.threshold,
            model=analyzer.scorer.name,
            across=self.settings.across,
        )
        return replace(report, warnings=(*report.warnings, *analyzer.warnings))

    def _save(
        self, stage: str, shard: int, write: Callable[[Path], object], *, suffix: str | None = None
    ) -> None:
        path = self.folder / stage / f"{shard:06}.{suffix}" if suffix else self.path(stage, shard)
        _write(path, write)


_MOST_MADE = 100_000  # statements that are kept for the next look


class _Statements(Sequence[Statement]):
    """Statements as far as pairing asks for them, made of their facts when they are looked at."""

    def __init__(self, facts: "np.ndarray[Any, Any]", numbers: "np.ndarray[Any, Any]") -> None:
        self._facts = facts
        self._numbers = numbers
        self._made: dict[int, Statement] = {}

    def __len__(self) -> int:
        return len(self._facts)

    def __getitem__(self, index: Any) -> Any:
        made = self._made.get(index)
        if made is None:
            if len(self._made) > _MOST_MADE:
                self._made.clear()
            document, start, end, stance, holder, _ = self._facts[index].tolist()
            made = self._made[index] = Statement(
                document=str(document),
                start=start,
                end=end,
                text="",
                proposition=str(self._numbers[index]),
                speaker=Speaker("", 0, 0, str(holder)) if holder else None,
                stance=cast(Stance, STANCES[stance]),
            )
        return made


def _sharded(
    items: Iterable[Document | Failure], failures: list[Failure]
) -> Iterator[list[Document]]:
    shard: list[Document] = []
    characters = 0
    for item in items:
        if isinstance(item, Failure):
            failures.append(item)
            continue
        if shard and characters + len(item.text) > SHARD_CHARACTERS:
            yield shard
            shard, characters = [], 0
        shard.append(item)
        characters += len(item.text)
    if shard:
        yield shard


def _digest(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") or 1  # 0 stands for none


def _save_text(text: str, path: Path) -> None:
    path.write_text(text, "utf-8")


def _save_array(array: "np.ndarray[Any, Any]", path: Path) -> None:
    import numpy as np

    np.save(path, array)


def _write(path: Path, write: Callable[[Path], object]) -> None:
    """A file that is there whole or not at all, whoever writes it at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".{secrets.token_hex(6)}-{path.name}")
    write(made)
    made.replace(path)
