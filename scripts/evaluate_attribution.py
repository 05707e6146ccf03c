"""Score attribution and speakers on PolNeAR.

    evaluate_attribution.py GOLD.jsonl.gz [--mentions FILE] [--json FILE]

GOLD has one article a line: its text, and its attributions as character spans of source, cue and content.
Content is scored by non-space character: is it somebody's? A source is found when a statement that shares at
least half of the shorter of the two with the attribution's content has a speaker whose mention overlaps it.
Recall is also given by kind of content: all of it in quotation marks (direct), none (indirect), some (mixed).
`--mentions` scores who pronouns and role nouns stand for on hand-labelled mentions of these articles
(`seeds/mentions.jsonl`); a mention labelled null names nobody, and keeping its own words is right. The cost is
the time of parsing and splitting over that of parsing alone.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from evaluate_statements import same_speaker
from nli_data import read_jsonl

from contradict.language import Language, Parsed
from contradict.records import Document, Statement
from contradict.statements import name_mentions, split_document

KINDS = ("direct", "indirect", "mixed")


def offsets(pieces: Sequence[Sequence[int]]) -> set[int]:
    """Offsets of all characters of some spans."""
    return {i for start, end in pieces for i in range(start, end)}


def covered(pieces: Sequence[Sequence[int]], text: str) -> set[int]:
    """Offsets of the characters of some spans that are no space."""
    return {i for i in offsets(pieces) if not text[i].isspace()}


def quoted_offsets(parsed: Parsed) -> set[int]:
    """Offsets of what stands between quotation marks."""
    return {
        offset
        for paragraph in parsed.paragraphs
        for quotation in paragraph.quotations
        for offset in paragraph.offsets[quotation.start : quotation.end]
    }


def kind_of(content: set[int], quoted: set[int], text: str) -> str:
    """Whether content is quoted, reported, or both."""
    words = {i for i in content if text[i].isalnum()}
    share = len(words & quoted) / len(words) if words else 0.0
    return "direct" if share > 0.95 else "indirect" if share < 0.05 else "mixed"


def has_source(attribution: dict, content: set[int], statements: Sequence[Statement]) -> bool:
    """Whether a statement of some content names its source."""
    for s in statements:
        shared = sum(i in content for i in range(s.start, s.end))
        if s.speaker is None or not shared or 2 * shared < min(len(content), s.end - s.start):
            continue
        span = s.speaker
        if any(span.start < end and start < span.end for start, end in attribution["source"]):
            return True
    return False


def score_articles(rows: Sequence[dict], language: Language) -> dict[str, object]:
    """Content, sources and cost over all articles."""
    counts: Counter[str] = Counter()
    parsing = splitting = 0.0
    for row in rows:
        text = row["text"]
        began = time.process_time()
        parsed = language.parse(Document(row["article"], text))
        parsing += time.process_time() - began
        began = time.process_time()
        statements = split_document(parsed, narrated=True)
        splitting += time.process_time() - began
        counts["bad_offsets"] += sum(text[s.start : s.end] != s.text for s in statements)
        quoted = quoted_offsets(parsed)
        found = covered([(s.start, s.end) for s in statements if s.speaker], text)
        gold: set[int] = set()
        for attribution in row["attributions"]:
            content = covered(attribution["content"], text)
            gold |= content
            kind = kind_of(content, quoted, text)
            counts[f"{kind} characters"] += len(content)
            counts[f"{kind} found"] += len(content & found)
            if content and attribution["source"]:
                named = has_source(attribution, offsets(attribution["content"]), statements)
                for group in ("all", kind):
                    counts[f"{group} sources"] += 1
                    counts[f"{group} named"] += named
        counts["hit"] += len(gold & found)
        counts["found"] += len(found)
        counts["gold"] += len(gold)
    return {
        "precision": counts["hit"] / counts["found"],
        "recall": counts["hit"] / counts["gold"],
        "f1": 2 * counts["hit"] / (counts["found"] + counts["gold"]),
        "source_recall": counts["all named"] / counts["all sources"],
        "bad_offsets": counts["bad_offsets"],
        "kinds": {
            kind: {
                "characters": counts[f"{kind} characters"],
                "recall": counts[f"{kind} found"] / max(1, counts[f"{kind} characters"]),
                "source_recall": counts[f"{kind} named"] / max(1, counts[f"{kind} sources"]),
            }
            for kind in KINDS
        },
        "cost": (parsing + splitting) / parsing,
    }


def score_mentions(
    rows: Sequence[dict], mentions: Sequence[dict], language: Language
) -> dict[str, object]:
    """How often a mention is given the name that it stands for."""
    by_article = defaultdict(list)
    for mention in mentions:
        by_article[mention["article"]].append(mention)
    right: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for row in rows:
        labelled = by_article[row["article"]]
        if not labelled:
            continue
        parsed = language.parse(Document(row["article"], row["text"]))
        heads = [head_of(mention, parsed) for mention in labelled]
        names = name_mentions(parsed, [head for head in heads if head is not None])
        for mention, head in zip(labelled, heads, strict=True):
            words = row["text"][mention["start"] : mention["end"]]
            kind = "pronoun" if words.lower() in ("he", "she", "they") else "role"
            every[kind] += 1
            right[kind] += is_right(mention["name"], names.get(head), words)
    return {
        "mentions": sum(every.values()),
        "accuracy": sum(right.values()) / sum(every.values()),
        **{kind: f"{right[kind]} of {every[kind]}" for kind in every},
    }


def head_of(mention: dict, parsed: Parsed):
    """The token whose own head stands outside a mention."""
    for paragraph in parsed.paragraphs:
        spans = {t: paragraph.span(t.idx, t.idx + len(t)) for t in paragraph.parse}
        inside = [
            t for t, s in spans.items() if mention["start"] <= s.start and s.end <= mention["end"]
        ]
        for token in inside:
            if token.head == token or token.head not in inside:
                return token
    return None


def is_right(name: str | None, found: str | None, words: str) -> bool:
    """Whether a name is the one wanted, or where none is, whether the mention keeps its words."""
    if name is not None:
        return same_speaker(name, found)
    kept, own = (
        set(re.findall(r"\w+", text.lower())) - {"the", "a"} for text in (found or "", words)
    )
    return kept <= own or own <= kept


def main() -> None:
    """Score as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--mentions", type=Path)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()

    rows = list(read_jsonl(args.gold))
    language = Language()
    language.pipeline  # noqa: B018, loaded before the clock starts
    result = score_articles(rows, language)
    if args.mentions:
        result["mentions"] = score_mentions(rows, list(read_jsonl(args.mentions)), language)
    print(json.dumps(result, indent=1))
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
