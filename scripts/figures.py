"""Measure every figure that the README and the model cards state, and write it where it is stated.

    figures.py DATA [--only NAME ...]     # measure, keep in figures.json, write into the documents
    figures.py --render                   # only write what figures.json has into the documents

DATA holds `nli/`, `attribution/` and `conflicts/`, the data that the project does not contain. Each figure stands
in a document between `<!-- figures: NAME -->` and `<!-- end -->`; a test holds the documents to figures.json.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from nli_data import read_jsonl

from contradict.evaluation import gold_documents
from contradict.evaluation.gold import read_gold
from contradict.evaluation.measures import decide_documents, measure
from contradict.evaluation.results import Baseline, flagged
from contradict.evaluation.systems import Workbench
from contradict.pipeline import Analyzer

ROOT = Path(__file__).parent.parent
SENTENCES = "NLI on all sentences, both directions"
NLI_ROWS = 600  # of each dev set
SPEED_ARTICLES = 3
BASE, MINI = "nli-base", "nli-mini"
CORES = 2  # that the model takes where the archive was measured
KEPT = Path(__file__).with_suffix(".json")
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "models").glob("*/README.md")))
BLOCK = re.compile(r"(<!-- figures: ([\w-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)

Figures = dict[str, Any]


def run(*command: object) -> None:
    """Run a command from the checkout with this Python."""
    print("$", *command, file=sys.stderr)
    subprocess.run([sys.executable, *map(str, command)], cwd=ROOT, check=True, stdout=sys.stderr)


def evaluated(file: Path, *arguments: object) -> Figures:
    """What `contradict evaluate` says, without its single decisions."""
    run("-m", "contradict", "evaluate", *arguments, "--json", file)
    result = json.loads(file.read_text("utf-8"))
    return {key: value for key, value in result.items() if key not in ("decisions", "clusters")}


def measure_pairs(data: Path, work: Path) -> Figures:
    """Given pairs, beside baselines and the library without its parts."""
    return evaluated(work / "p.json", "seeds/pairs.jsonl", "--split", "test", "--baselines")


def measure_conflicts(data: Path, work: Path, model: str = BASE) -> Figures:
    """Whole articles, judged by coefficients and thresholds that did not see them."""
    gold = data / "conflicts" / "gold_dev.jsonl"
    findings = work / f"findings_{model}.jsonl"
    run(
        "scripts/calibrate.py", gold, gold.parent / "articles", "--findings", findings,
        "--model", model, "--cache", work / f"scores_{model}.json", "--dry-run",
    )  # fmt: skip
    return evaluated(work / "c.json", gold, "--report", findings)


def measure_unseen(data: Path, work: Path) -> Figures:
    """Whole articles whose conflicts fitted and chose nothing, with the calibration as it is shipped."""
    folder = work / "unseen"
    folder.mkdir(exist_ok=True)
    for row in read_jsonl(data / "attribution" / "dev.jsonl.gz"):
        (folder / f"{row['article']}.txt").write_text(row["text"], "utf-8")
    gold = work / "unseen.jsonl"
    with gold.open("w", encoding="utf-8") as stream:
        for row in read_jsonl(ROOT / "seeds" / "conflicts_unseen.jsonl"):
            stream.write(json.dumps(row | {"article": f"{row['article']}.txt"}) + "\n")
    return evaluated(work / "u.json", gold, "--documents", folder)


def measure_sentences(data: Path, work: Path) -> Figures:
    """The NLI model on all pairs of sentences of the articles that `measure_conflicts` takes."""
    file = data / "conflicts" / "gold_dev.jsonl"
    gold = read_gold(file).passages
    compare = Workbench(Analyzer()).document_systems()[SENTENCES]
    found = compare(gold_documents(gold, file.parent / "articles"))
    decisions, clusters = decide_documents(gold, found)
    metrics = measure("documents", decisions, clusters)
    return Baseline(len(decisions), flagged(decisions), metrics).to_dict()


def measure_statements(data: Path, work: Path) -> Figures:
    """The splitter on hand-labelled statements."""
    file = work / "statements.json"
    figures = {}
    for part in ("test", "hard"):
        run("scripts/evaluate_statements.py", "--split", part, "--json", file)
        figures[part] = json.loads(file.read_text("utf-8"))
    return figures


def measure_attribution(data: Path, work: Path) -> Figures:
    """Attribution and speakers on PolNeAR."""
    file = work / "attribution.json"
    gold = data / "attribution" / "dev.jsonl.gz"
    run("scripts/evaluate_attribution.py", gold, "--mentions", "seeds/mentions.jsonl", "--json", file)  # fmt: skip
    figures = json.loads(file.read_text("utf-8"))
    figures.pop("cost")  # a time, another one at each run
    return figures


def measure_minimal_pairs(data: Path, work: Path, model: str = BASE) -> Figures:
    """An NLI model on rows that differ by few words."""
    return evaluated(work / "m.json", "seeds/minimal_pairs.jsonl", "--model", model)


def measure_nli(data: Path, work: Path, model: str = BASE) -> Figures:
    """An NLI model on the dev sets of NLI, on passages of the articles, and on wrapped pairs."""
    file = work / "nli.json"
    run(
        "scripts/evaluate_nli.py", f"models/{model}", "--data", data / "nli",
        "--conflicts", data / "conflicts", "--output", file, "--limit", NLI_ROWS,
    )  # fmt: skip
    figures = json.loads(file.read_text("utf-8"))
    figures.pop("seconds")
    return figures


def measure_headlines(data: Path, work: Path) -> Figures:
    """Headlines against the bodies of other articles."""
    file, folder = work / "headlines.json", data / "conflicts"
    run(
        "scripts/evaluate_headlines.py", folder / "headlines_dev.jsonl.gz",
        folder / "headlines_dev_bodies.jsonl.gz", "--json", file,
    )  # fmt: skip
    return json.loads(file.read_text("utf-8"))


def measure_speed(data: Path, work: Path) -> Figures:
    """The library beside its peers; needs the extra `benchmark`. All but the ratios are those of one machine."""
    file = work / "speed.json"
    run(
        "scripts/benchmark.py", data / "conflicts" / "articles", "--articles", SPEED_ARTICLES,
        "--json", file,
    )  # fmt: skip
    return json.loads(file.read_text("utf-8"))


def measure_archive(data: Path, work: Path) -> Figures:
    """An archive of 100,000 statements; seconds are those of one machine."""
    articles, file = work / "articles.jsonl", work / "archive.json"
    with articles.open("w", encoding="utf-8") as stream:
        for part in ("train", "dev"):
            for row in read_jsonl(data / "attribution" / f"{part}.jsonl.gz"):
                stream.write(json.dumps({"id": row["article"], "text": row["text"]}) + "\n")
    run("scripts/benchmark_archive.py", articles, "--json", file)
    return json.loads(file.read_text("utf-8"))


MEASURES: dict[str, Callable[[Path, Path], Figures]] = {
    "pairs": measure_pairs,
    "conflicts": measure_conflicts,
    "unseen": measure_unseen,
    "sentences": measure_sentences,
    "statements": measure_statements,
    "attribution": measure_attribution,
    "minimal-pairs": measure_minimal_pairs,
    "nli": measure_nli,
    "mini-minimal-pairs": partial(measure_minimal_pairs, model=MINI),
    "mini-nli": partial(measure_nli, model=MINI),
    "mini-conflicts": partial(measure_conflicts, model=MINI),
    "headlines": measure_headlines,
    "speed": measure_speed,
    "archive": measure_archive,
}


def table(*rows: tuple[str, ...]) -> str:
    """Rows, the first the header, as Markdown."""
    lines = [rows[0], tuple("---" for _ in rows[0]), *rows[1:]]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def share(value: float | None, *, digits: int = 0) -> str:
    return "undefined" if value is None else f"{value:.{digits}%}".replace("%", " %")


def estimate(figures: Figures, name: str, *, form: Callable[[float], str] = "{:.3f}".format) -> str:
    """A metric with its interval."""
    value, interval = figures["metrics"][name], figures["intervals"][name]
    if value is None:
        return "undefined"
    return form(value) + (f" ({form(interval[0])} to {form(interval[1])})" if interval else "")


def render_pairs(figures: Figures) -> str:
    """Ours, baselines and ablations side by side."""
    pairs = figures["pairs"]
    names = ("average_precision", "accuracy", "f1", "calibration_error")
    systems = {"contradict": pairs, **pairs["baselines"]}
    return table(
        ("", *(name.replace("_", " ").replace("f1", "F1") for name in names)),
        *(
            (
                system,
                estimate(each, names[0], form="{:.2f}".format),
                *(
                    "nan" if each["metrics"][n] is None else f"{each['metrics'][n]:.2f}"
                    for n in names[1:]
                ),
            )
            for system, each in systems.items()
        ),
    )


def render_slices(figures: Figures) -> str:
    """What each slice scores."""
    return table(
        ("slice", "pairs", "accuracy"),
        *(
            (
                name.replace("_", " "),
                str(each["rows"]),
                estimate(each, "accuracy", form="{:.2f}".format),
            )
            for name, each in figures["pairs"]["slices"].items()
        ),
    )


def render_conflicts(figures: Figures) -> str:
    """Whole articles."""
    return documents_table({"contradict": figures["conflicts"]})


def render_unseen(figures: Figures) -> str:
    """Whole articles that the decision was not fitted to."""
    return documents_table({"contradict": figures["unseen"]})


def render_mini_conflicts(figures: Figures) -> str:
    """Whole articles, by either model."""
    return documents_table({MINI: figures["mini-conflicts"], BASE: figures["conflicts"]})


def render_sentences(figures: Figures) -> str:
    """The library beside the same model on all pairs of sentences."""
    return documents_table({SENTENCES: figures["sentences"], "contradict": figures["conflicts"]})


def render_headlines(figures: Figures) -> str:
    """Headlines against bodies."""
    headlines = figures["headlines"]
    percent = {stance: share(each) for stance, each in headlines["flagged"].items()}
    return table(
        (f"{headlines['rows']:,} headlines and bodies", ""),
        ("of these disagree", share(headlines["disagree"] / headlines["rows"])),
        ("average precision for those that disagree", estimate(headlines, "average_precision")),
        ("F1 at the default threshold", estimate(headlines, "f1")),
        (
            "flagged of those that disagree, discuss, agree",
            f"{percent['disagree']}, {percent['discuss']}, {percent['agree']}",
        ),
    )


def documents_table(systems: dict[str, Figures]) -> str:
    """What systems find in whole articles, side by side."""

    def row(label: str, name: str, form: Callable[[float], str]) -> tuple[str, ...]:
        return label, *(estimate(each, name, form=form) for each in systems.values())

    return table(
        ("", *systems),
        ("pairs scored", *(f"{each['rows']:,}" for each in systems.values())),
        ("pairs flagged", *(f"{each['flagged']:,}" for each in systems.values())),
        row("average precision over distinct conflicts", "average_precision", "{:.3f}".format),
        row("conflicts that any scored pair shows", "pairing_recall", share),
        row("flagged pairs that are right", "precision", share),
        row("conflicts found among the flagged", "recall", share),
        row("hard negatives flagged", "hard_negatives_flagged", share),
        row("articles with a right one in the first three", "found_in_first", share),
    )


def render_splitting(figures: Figures) -> str:
    """Attribution and statements."""
    words, parts = figures["attribution"], figures["statements"]

    def each(value: Callable[[Figures], str]) -> str:
        return "; ".join(value(parts[part]) for part in ("test", "hard"))

    def denials(part: Figures) -> str:
        denies = part["stances"]["denies"]
        return f"{share(denies['precision'])}, {share(denies['recall'])}"

    return table(
        ("", ""),
        (
            "attributed words, by character: precision, recall",
            f"{share(words['precision'])}, {share(words['recall'])}",
        ),
        (
            "the same for direct, mixed and indirect speech: recall",
            ", ".join(share(words["kinds"][k]["recall"]) for k in ("direct", "mixed", "indirect")),
        ),
        ("sources named of those marked", share(words["source_recall"])),
        (
            f"pronouns and roles resolved, of {words['mentions']['mentions']}",
            share(words["mentions"]["accuracy"]),
        ),
        ("labelled statements found: test part; hard part", each(lambda p: share(p["found"]))),
        ("stance right, of those found", each(lambda p: share(p["stance_accuracy_found"]))),
        ("denials: precision, recall", each(denials)),
    )


def render_attribution(figures: Figures) -> str:
    """What the statements, rules included, get right of PolNeAR's dev part."""
    words = figures["attribution"]
    return table(
        ("", "recall of attributed characters", "sources named"),
        *(
            (kind, f"{each['recall']:.3f}", f"{each['source_recall']:.3f}")
            for kind, each in words["kinds"].items()
        ),
        (
            "all",
            f"{words['recall']:.3f} (precision {words['precision']:.3f}, F1 {words['f1']:.3f})",
            f"{words['source_recall']:.3f}",
        ),
    )


def render_minimal_pairs(figures: Figures, measure: str = "minimal-pairs") -> str:
    """Accuracy by what the rows turn on."""
    minimal = figures[measure]
    return table(
        ("minimal pairs", "rows", "accuracy"),
        *(
            (name.replace("_", " "), str(each["rows"]), estimate(each, "accuracy"))
            for name, each in minimal["slices"].items()
        ),
        ("all", str(minimal["rows"]), estimate(minimal, "accuracy")),
    )


def render_nli(figures: Figures, measure: str = "nli") -> str:
    """The dev sets, one a line."""
    sets = figures[measure]["sets"]
    return table(
        ("dev set", "rows", "accuracy", "macro F1", "F1 entailment, neutral, contradiction"),
        *(
            (
                name.replace("_", " "),
                f"{each['rows']:,}",
                f"{each['accuracy']:.3f} ({each['interval'][0]:.3f} to {each['interval'][1]:.3f})",
                f"{each['macro_f1']:.3f}",
                ", ".join(
                    f"{each['f1'][label]:.2f}" if label in each["f1"] else "none"
                    for label in ("entailment", "neutral", "contradiction")
                ),
            )
            for name, each in sets.items()
        ),
    )


def render_same_topic(figures: Figures, measure: str = "nli") -> str:
    """What it calls a contradiction in real articles, and how far from symmetric it is."""
    nli = figures[measure]
    random, hard, conflicts = nli["same_article"], nli["hard_negatives"], nli["conflicts"]
    low, high = random["interval"]
    wrapped = nli["wrappers"]
    return table(
        ("sentences of the 80 articles", ""),
        (
            f"of {random['pairs']:,} random pairs of one article, called a contradiction",
            f"{random['contradiction']:.1%} ({low:.1%} to {high:.1%})".replace("%", " %"),
        ),
        (f"of {hard['rows']} hard negatives", share(hard["contradiction"])),
        (f"of {conflicts['rows']} gold conflicts", share(conflicts["contradiction"])),
        (
            "area under the curve, conflicts against random pairs",
            f"{nli['conflict_auc']['against_random']:.3f}",
        ),
        ("the same, against hard negatives", f"{nli['conflict_auc']['against_hard']:.3f}"),
        (
            "difference of contradiction between the two directions of MNLI contradictions",
            f"{nli['asymmetry']:.3f}",
        ),
        (
            "MNLI pairs in stances, read rightly: templates it was trained on, others",
            f"{share(wrapped['seen']['accuracy'])}, {share(wrapped['held_out']['accuracy'])}",
        ),
    )


def render_speed(figures: Figures) -> str:
    """How many times as fast as its peers, and what it costs in all."""
    speed = figures["speed"]
    peers = {
        "sentence-transformers `CrossEncoder`, float32": "crossencoder_fp32",
        "the same by ONNX Runtime, int8": "crossencoder_onnx_int8",
        "transformers' text-classification pipeline, float32": "transformers_pipeline",
        "this library in bfloat16": "own_bfloat16",
        "this library in float32": "own_float32",
    }
    return table(
        (
            "times as fast as",
            f"deciding {speed['pairs']} pairs",
            "reading one text against another",
        ),
        *(
            (
                name,
                f"{speed[f'ratio_{key}']:.1f}",
                f"{speed[f'ratio_{key}_per_directed_text']:.1f}",
            )
            for name, key in peers.items()
        ),
    )


def render_cost(figures: Figures) -> str:
    """What does not hang on a peer."""
    speed = figures["speed"]
    largest = speed["growth"][-1]
    return table(
        ("", ""),
        (
            "same decision as `CrossEncoder` in float32",
            share(speed["decisions_equal"], digits=1),
        ),
        (
            "same label as that, one text against another",
            share(speed["labels_equal"], digits=1),
        ),
        (
            "the same for ONNX Runtime's int8",
            share(speed["labels_equal_onnx_int8"], digits=1),
        ),
        (
            "share of the operations that one large int8 product reaches",
            share(speed["share_of_peak"]),
        ),
        (
            "seconds for 1,000 words, from text to findings",
            f"{speed['seconds_per_1000_words']:.1f}",
        ),
        (
            "seconds to load all and evaluate 500 given pairs",
            f"{speed['evaluation_seconds']:.0f}",
        ),
        (f"pairs of {largest['statements']:,} statements", f"{largest['pairs']:,}"),
        ("exponent of that growth, from 100 statements on", f"{speed['pairs_exponent']:.2f}"),
        ("seconds to find these pairs", f"{largest['seconds']:.0f}"),
        (
            "memory with these statements and all models, GB",
            f"{speed['peak_memory_bytes'] / 1e9:.2f}",
        ),
    )


def render_archive(figures: Figures) -> str:
    """What an archive costs."""
    archive = figures["archive"]
    wanted = next(row for row in archive["search"] if row["most_postings"] == 30_000)
    memory = (
        archive["main_process_memory_bytes"]
        + archive["jobs"] * archive["each_splitting_process_memory_bytes"]
    )
    kills = archive["kills"]
    return table(
        ("", ""),
        (
            f"statements a second, added by {archive['jobs']} processes that split",
            f"{archive['statements_per_second']:.0f}",
        ),
        (
            "the same for keeping what was split, one process",
            f"{archive['keeping_statements_per_second']:,.0f}",
        ),
        ("memory of all processes meanwhile, GB", f"{memory / 1e9:.1f}"),
        ("on the disk, MB", f"{archive['bytes_on_disk'] / 1e6:.0f}"),
        (
            "seconds to check a claim: median, 95 % of them within",
            f"{archive['check_seconds_median']:.2f}, {archive['check_seconds_95th']:.2f}",
        ),
        (
            "memory meanwhile, all models loaded, GB",
            f"{archive['check_memory_bytes'] / 1e9:.1f}",
        ),
        (
            "of the seconds, to find what shares words with it",
            f"{archive['search'][-2]['seconds']:.2f}",
        ),
        (
            "found of what an exhaustive search finds; the first five the same (at most 100,000 places looked at)",
            f"{share(archive['search'][-2]['recall'], digits=1)}; "
            f"{share(archive['search'][-2]['same_first_5'], digits=1)}",
        ),
        (
            "the same with at most 30,000 places",
            f"{share(wanted['recall'], digits=1)}; {share(wanted['same_first_5'], digits=1)}",
        ),
        (
            "growth of keeping a document and of a search, exponents",
            f"{archive['keep_exponent']:.2f}, {archive['search_exponent']:.2f}",
        ),
        (
            f"killed {kills['kills']} times while adding: damage, documents in the end",
            f"{kills['problems'] or 'none'}, {kills['documents_in_the_end']} of {kills['documents_given']}",
        ),
    )


def render_capacity(figures: Figures) -> str:
    """What many statements would take, by what few took."""
    archive = figures["archive"]
    shards = archive["shards"]
    hours = {stage: took * 1e6 / 3600 for stage, took in shards["seconds_per_statement"].items()}
    reading = hours["judge"] * CORES
    rest = sum(hours.values()) - hours["judge"]
    total = 100 * (reading + rest)
    return table(
        ("", "a million statements", "100 million"),
        ("split, core hours", f"{hours['split']:.1f}", f"{100 * hours['split']:,.0f}"),
        (
            "described, weighed, paired within a block, core hours",
            f"{rest - hours['split']:.1f}",
            f"{100 * (rest - hours['split']):,.0f}",
        ),
        (
            f"read by the model ({shards['pairs_per_statement']:.1f} pairs a statement), core hours",
            f"{reading:.0f}",
            f"{100 * reading:,.0f}",
        ),
        (
            "files of the job, GB",
            f"{shards['bytes_per_statement'] / 1e3:.1f}",
            f"{shards['bytes_per_statement'] / 10:,.0f}",
        ),
        (
            "hours on 100 nodes of 32 cores",
            f"{(reading + rest) / 3200:.2f}",
            f"{total / 3200:.1f}",
        ),
    )


RENDERS: dict[str, Callable[[Figures], str]] = {
    "pairs": render_pairs,
    "slices": render_slices,
    "conflicts": render_conflicts,
    "unseen": render_unseen,
    "sentences": render_sentences,
    "headlines": render_headlines,
    "splitting": render_splitting,
    "attribution": render_attribution,
    "minimal-pairs": render_minimal_pairs,
    "nli": render_nli,
    "same-topic": render_same_topic,
    "mini-minimal-pairs": partial(render_minimal_pairs, measure="mini-minimal-pairs"),
    "mini-nli": partial(render_nli, measure="mini-nli"),
    "mini-same-topic": partial(render_same_topic, measure="mini-nli"),
    "mini-conflicts": render_mini_conflicts,
    "speed": render_speed,
    "cost": render_cost,
    "archive": render_archive,
    "capacity": render_capacity,
}


def rendered(text: str, figures: Figures) -> str:
    """A document with its figures in place."""
    return BLOCK.sub(lambda found: found[1] + RENDERS[found[2]](figures) + found[4], text)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--only", nargs="+", choices=MEASURES, default=list(MEASURES))
    parser.add_argument("--render", action="store_true", help="measure nothing")
    parser.add_argument("--work", type=Path, help="keep what is written in between in this folder")
    args = parser.parse_args()
    if not args.render and args.data is None:
        parser.error("give DATA, the folder with nli/, attribution/ and conflicts/, or --render")
    figures = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    with tempfile.TemporaryDirectory() as temporary:
        work = (args.work or Path(temporary)).resolve()
        for name in [] if args.render else args.only:
            figures[name] = MEASURES[name](args.data.resolve(), work)
            KEPT.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    for document in DOCUMENTS:
        document.write_text(rendered(document.read_text("utf-8"), figures), "utf-8")


if __name__ == "__main__":
    main()
