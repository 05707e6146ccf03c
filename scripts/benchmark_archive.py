#!/usr/bin/env python3
"""Measure an archive: what it costs to add documents, to ask, and what is left when the program is killed.

    benchmark_archive.py ARTICLES [--statements N] [--jobs N] [--claims N] [--kills N] [--json FILE] [--archive DIR]

ARTICLES is anything `contradict analyze` takes: real news articles. When they do not give enough statements, they come
again with other names and numbers, drawn from all articles, and other dates.

* **Adding.** Documents a second, where the time goes (splitting, keeping), memory of all processes, size on the disk.
* **Asking.** Claims are statements of documents that are not in the archive, the last of the articles. Seconds for each
  when everything is loaded; how much of what an exhaustive search finds is found when a search may look only at
  so many places; whether the first results are the same.
* **Growth.** Seconds to keep a document and to ask, at each tenth of the way, and the exponent of that.
* **Shards.** Seconds that each stage of a job on shards (`contradict.cluster`) takes a statement, in one process.
* **Kills.** `contradict archive add` is killed at random moments and run again; the archive is verified each time.
"""

import argparse
import json
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from benchmark import NAME, peak_memory

from contradict import cluster
from contradict.archive import CANDIDATES, Archive
from contradict.archive.store import FILE, MOST_POSTINGS
from contradict.documents import read_documents
from contradict.records import Document

HELD_OUT = 20
"""Documents that claims are taken from."""

BUDGETS = (1_000, 3_000, 10_000, 30_000, MOST_POSTINGS)
FIRST = 5
"""Results that a reader sees at once."""

FIRST_DAY = date(2010, 1, 1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles")
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--claims", type=int, default=200)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--archive", type=Path, help="keep the archive in this folder")
    args = parser.parse_args()

    documents = [d for d in read_documents(args.articles) if isinstance(d, Document)]
    base, others = documents[:-HELD_OUT], documents[-HELD_OUT:]
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.archive or Path(temporary, "archive")
        shutil.rmtree(folder, ignore_errors=True)
        with Archive(folder, create=True) as archive:
            claims = claims_of(archive, others, args.claims)
            figures = measure_adding(archive, folder, base, claims, args)
            figures |= measure_asking(archive, claims)
            figures |= measure_search(archive, claims)
        figures["shards"] = measure_shards(Path(temporary), others)
        figures["kills"] = measure_kills(Path(temporary), base[:200], args.kills)
    text = json.dumps(figures, indent=1)
    print(text)
    if args.json:
        args.json.write_text(text + "\n", "utf-8")


def claims_of(archive: Archive, documents: Sequence[Document], count: int) -> list[str]:
    """Propositions of documents, drawn at random."""
    statements = archive.analyzer.statements(documents).statements
    propositions = sorted({s.proposition for s in statements if s.stance in ("asserts", "denies")})
    return random.Random(1).sample(propositions, min(count, len(propositions)))


def varied(documents: Sequence[Document]) -> Iterator[Document]:
    """The documents, then for ever the same with other names, numbers and dates."""
    rng = random.Random(0)
    names = sorted({name for each in documents for name in NAME.findall(each.text)})
    for number in range(1_000_000):
        for each in documents:
            day = (FIRST_DAY + timedelta(days=rng.randrange(4_000))).isoformat()
            name = f"{each.name} ({number})" if number else each.name
            text = renamed(each.text, names, rng) if number else each.text
            yield replace(each, name=name, text=text, date=day)


def renamed(text: str, names: Sequence[str], rng: random.Random) -> str:
    """The text with other names, each always the same, and other digits behind the first of a number."""
    others = {name: rng.choice(names) for name in dict.fromkeys(NAME.findall(text))}
    text = NAME.sub(lambda found: others[found[0]], text)
    return re.sub(r"(?<=\d)\d", lambda _: str(rng.randrange(10)), text)


def measure_adding(
    archive: Archive,
    folder: Path,
    base: Sequence[Document],
    claims: Sequence[str],
    args: argparse.Namespace,
) -> dict[str, Any]:
    """Add until there are enough statements; where the time goes, and how it grows."""
    store = archive._store
    growth: list[dict[str, float]] = []
    keeping = asking = 0.0
    statements = documents = characters = kept_since = 0
    keeping_since = 0.0
    began = time.perf_counter()
    step = args.statements / 10
    for split in archive._split(varied(base), args.jobs):
        start = time.perf_counter()
        store.add(split)
        keeping += time.perf_counter() - start
        statements += len(split.statements)
        documents += 1
        characters += len(split.document.text)
        if statements >= step * (len(growth) + 1):
            start = time.perf_counter()
            for claim in claims[:40]:
                store.nearest(claim, CANDIDATES)
            seconds = time.perf_counter() - start
            asking += seconds
            growth.append(
                {
                    "statements": statements,
                    "keep_seconds_per_document": (keeping - keeping_since)
                    / (documents - kept_since),
                    "search_seconds": seconds / min(40, len(claims)),
                }
            )
            keeping_since, kept_since = keeping, documents
            print(growth[-1], file=sys.stderr)
        if statements >= args.statements:
            break
    wall = time.perf_counter() - began - asking
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    sizes = [row["statements"] for row in growth]
    return {
        "statements": statements,
        "documents": documents,
        "words": characters // 6,
        "jobs": args.jobs,
        "add_seconds": round(wall, 1),
        "statements_per_second": round(statements / wall, 1),
        "keeping_seconds": round(keeping, 1),
        "keeping_statements_per_second": round(statements / keeping, 1),
        "main_process_memory_bytes": peak_memory(),
        "each_splitting_process_memory_bytes": children,
        "bytes_on_disk": sum(file.stat().st_size for file in folder.iterdir()),
        "growth": growth,
        "keep_exponent": exponent(sizes, [row["keep_seconds_per_document"] for row in growth]),
        "search_exponent": exponent(sizes, [row["search_seconds"] for row in growth]),
    }


def measure_asking(archive: Archive, claims: Sequence[str]) -> dict[str, Any]:
    """Seconds for each claim, everything loaded; and the memory that this takes."""
    archive.check(claims[0])  # loads everything
    seconds, kinds = [], {"conflict": 0, "support": 0, "related": 0}
    for claim in claims:
        start = time.perf_counter()
        matches = archive.check(claim)
        seconds.append(time.perf_counter() - start)
        for match in matches:
            kinds["conflict" if match.flagged else match.kind] += 1
    return {
        "claims": len(claims),
        "check_seconds_median": round(float(np.median(seconds)), 3),
        "check_seconds_95th": round(float(np.quantile(seconds, 0.95)), 3),
        "check_seconds_slowest": round(max(seconds), 3),
        "check_memory_bytes": peak_memory(),
        "matches": kinds,
    }


def measure_search(archive: Archive, claims: Sequence[str]) -> dict[str, Any]:
    """How much of an exhaustive search's results is found within budgets of places to look at, and how fast."""
    store = archive._store
    exact = [store.nearest(claim, CANDIDATES, most_postings=None) for claim in claims]
    rows = []
    for budget in (*BUDGETS, None):
        start = time.perf_counter()
        found = [store.nearest(claim, CANDIDATES, most_postings=budget) for claim in claims]
        seconds = (time.perf_counter() - start) / len(claims)
        recalls = [
            len({*some} & {*every}) / len(every)
            for some, every in zip(found, exact, strict=True)
            if every
        ]
        same = [some[:FIRST] == every[:FIRST] for some, every in zip(found, exact, strict=True)]
        rows.append(
            {
                "most_postings": budget,
                "recall": round(float(np.mean(recalls)), 4),
                f"same_first_{FIRST}": round(float(np.mean(same)), 4),
                "seconds": round(seconds, 4),
            }
        )
    return {"search": rows}


def measure_shards(folder: Path, documents: Sequence[Document]) -> dict[str, Any]:
    """Seconds a statement for each stage of a job on shards, in one process; and how many pairs a statement brings."""
    job, _ = cluster.prepare(documents, cluster.Settings(), folder=folder / "job")
    job.analyzer.scorer.score([(documents[0].text[:200], documents[1].text[:200])])
    job.analyzer.statements(documents[0])  # loads everything
    seconds: dict[str, float] = {}

    def run(job: cluster.Job, stage: str, shards: Sequence[int]) -> Iterator[None]:
        start = time.perf_counter()
        for shard in shards:
            getattr(job, stage)(shard)
            yield
        seconds[stage] = time.perf_counter() - start

    report = cluster.finish(job, run)
    count = len(report.statements)
    return {
        "statements": count,
        "pairs_per_statement": round(
            sum(1 + len(finding.repeats) for finding in report.findings) / count, 2
        ),
        "seconds_per_statement": {stage: round(took / count, 5) for stage, took in seconds.items()},
        "bytes_per_statement": round(
            sum(file.stat().st_size for file in job.folder.rglob("*") if file.is_file()) / count
        ),
    }


def measure_kills(folder: Path, documents: Sequence[Document], kills: int) -> dict[str, Any]:
    """Kill `contradict archive add` at random moments; what `verify` says each time, and whether all came in."""
    file, archive = folder / "documents.jsonl", folder / "killed"
    with file.open("w", encoding="utf-8") as stream:
        for each in documents:
            stream.write(json.dumps({"id": each.name, "text": each.text}) + "\n")
    command = [
        sys.executable, "-m", "contradict", "archive", "add", str(file), "--archive", str(archive),
    ]  # fmt: skip
    rng = random.Random(2)
    counts, problems = [0], 0
    for _ in range(kills):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while process.poll() is None and documents_in(archive) <= counts[-1]:
            time.sleep(0.02)  # until it is at work
        time.sleep(rng.uniform(0, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with Archive(archive) as opened:
            problems += len(opened.verify())
        counts.append(documents_in(archive))
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    with Archive(archive) as opened:
        problems += len(opened.verify())
        final = opened.counts()["documents"]
    return {
        "kills": kills,
        "problems": problems,
        "documents_after_each": counts[1:],
        "documents_given": len(documents),
        "documents_in_the_end": final,
    }


def documents_in(archive: Path) -> int:
    """How many documents there are by now."""
    if not (archive / FILE).exists():
        return 0
    with closing(sqlite3.connect(f"file:{archive / FILE}?mode=ro", uri=True)) as database:
        try:
            return int(database.execute("SELECT count(*) FROM document").fetchone()[0])
        except sqlite3.OperationalError:  # the tables are being made
            return 0


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """How a value grows with the size: the slope between their logarithms."""
    return round(float(np.polyfit(np.log(sizes), np.log(values), 1)[0]), 3)


if __name__ == "__main__":
    main()
