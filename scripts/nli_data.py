"""Training pairs for the bundled NLI models.

Three kinds of pairs come out of here, all as `Pair`:

* rows of the NLI sets, capped per source (`load_sources`);
* sentence pairs of one article, which are almost always neutral (`article_pairs`);
* pairs put into attributions, denials, non-denials and questions (`wrap_stance`).

`mirror` swaps the two sides, so that contradiction is learnt as the symmetric relation it is.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from contradict.evaluation.gold import NLI_LABELS

LABELS = ("entailment", "neutral", "contradiction")

# Which of LABELS each label permits, as 0 or 1. The loss is taken over the summed probability of those.
PERMITTED: dict[str, tuple[int, ...]] = {
    label: tuple(int(name in permitted) for name in LABELS)
    for label, permitted in {**NLI_LABELS, "unlabelled": LABELS}.items()
}

_WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")
_COMMON = frozenset(
    _WORD.findall(
        "a an and are as at be been but by can could did do does for from had has have he her "
        "his how i if in is it its may more most mr mrs my new no not of on one or our said "
        "say says she so some than that the their them then there these they this those to "
        "two up was we were what when where which who will with would you your about after "
        "all also any before into just many much now only other out over people such very "
        "while"
    )
)
_NEGATION = frozenset(
    _WORD.findall(
        "no not never none nobody nothing neither nor without cannot deny denies denied denying "
        "dispute disputes disputed reject rejects rejected refute refutes refuted false untrue "
        "contrary despite however"
    )
)
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|will|would|can|could|should|must|(?:has|have|had)(?=(?: not)? "
    r"(?:been|\w+ed)\b))\b(?!n)"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts and the label that holds from the first to the second.

    Attributes:
        label: A key of `PERMITTED`.
        source: The set it came from, or the augmentation that made it.
        smoothing: Share of the target spread evenly over the three labels, in [0, 1).
        automatic: The label was inferred, not annotated; training may ignore the pair where the
            model is sure of the opposite.
    """

    premise: str
    hypothesis: str
    label: str
    source: str
    smoothing: float = 0.0
    automatic: bool = False

    def __post_init__(self) -> None:
        if self.label not in PERMITTED:
            raise ValueError(f"Label {self.label!r}; expected one of {sorted(PERMITTED)}.")


def read_jsonl(path: Path) -> Iterator[dict]:
    """Yield the rows of a JSONL file, gzipped or not."""
    data = path.read_bytes()
    for line in (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines():
        yield json.loads(line)


def load_sources(
    folder: Path, caps: Mapping[str, int], *, rng: random.Random, max_chars: int = 700
) -> list[Pair]:
    """Sample up to `caps[name]` rows of each `<name>.jsonl.gz` in `folder`.

    Rows longer than `max_chars` (both sides together) are left out: they would be truncated.

    Raises:
        FileNotFoundError: A capped source is not in `folder`.
    """
    pairs: list[Pair] = []
    for name, cap in caps.items():
        path = folder / f"{name}.jsonl.gz"
        if not path.is_file():
            raise FileNotFoundError(f"No {path.name} in {folder}; the config asks for it.")
        rows = [
            Pair(row["premise"].strip(), row["hypothesis"].strip(), row["label"], name)
            for row in read_jsonl(path)
            if len(row["premise"]) + len(row["hypothesis"]) <= max_chars
        ]
        pairs += rng.sample(rows, min(cap, len(rows)))
    return pairs


def mirror(pair: Pair) -> Pair:
    """Swap the sides. Contradiction survives that; what does not contradict still does not."""
    label = "contradiction" if pair.label == "contradiction" else "not_contradiction"
    if pair.label == "not_entailment":
        raise ValueError("A not_entailment pair may be a contradiction: its mirror has no label.")
    return replace(pair, premise=pair.hypothesis, hypothesis=pair.premise, label=label)


def mirror_some(pairs: Iterable[Pair], share: float, *, rng: random.Random) -> list[Pair]:
    """Mirror a random `share` of the pairs that can be mirrored, the same for every label."""
    return [mirror(p) if p.label != "not_entailment" and rng.random() < share else p for p in pairs]


def sibling_pairs(pairs: Iterable[Pair], count: int, *, rng: random.Random) -> list[Pair]:
    """Up to `count` unlabelled pairs of two hypotheses written for the same premise."""
    together: dict[str, list[str]] = {}
    for pair in pairs:
        together.setdefault(pair.premise, []).append(pair.hypothesis)
    found = [
        Pair(one, two, "unlabelled", "siblings")
        for hypotheses in together.values()
        for one, two in itertools.permutations(dict.fromkeys(hypotheses), 2)
    ]
    return rng.sample(found, min(count, len(found)))


def content_words(text: str) -> frozenset[str]:
    """Lower-cased words without the commonest ones."""
    return frozenset(_WORD.findall(text.lower())) - _COMMON


def has_negation(text: str) -> bool:
    """Whether a negation or denial cue occurs in `text`."""
    words = _WORD.findall(text.lower())
    return any(w in _NEGATION or w.endswith(("n't", "n’t")) for w in words)


def overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Shared words relative to the smaller set, in [0, 1]."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller else 0.0


def sentence_splitter() -> Callable[[str], list[str]]:
    """Sentences of a text, paragraph by paragraph, with the installed English spaCy model.

    Falls back to spaCy's rule-based sentencizer when no English model is installed.
    """
    import spacy

    names = sorted(n for n in spacy.util.get_installed_models() if n.startswith("en_"))
    if names:
        nlp = spacy.load(names[0], exclude=["tagger", "parser", "ner", "lemmatizer"])
        nlp.enable_pipe("senter")
    else:
        nlp = spacy.blank("en")
        nlp.add_pipe("sentencizer")

    def split(text: str) -> list[str]:
        parts = [p.strip() for p in re.split(r"\n+", text) if p.strip()]
        return [s.text.strip() for doc in nlp.pipe(parts) for s in doc.sents if s.text.strip()]

    return split


def usable_sentence(text: str) -> bool:
    """Whether `text` looks like a whole sentence of 5 to 45 words rather than a caption or tag."""
    count = len(text.split())
    return 5 <= count <= 45 and any(c.islower() for c in text)


def article_pairs(
    statements: Sequence[str], count: int, *, rng: random.Random, smoothing: float = 0.1
) -> list[Pair]:
    """Neutral pairs from the statements of one article.

    Half of them are the pairs with the highest word overlap (repetitions left out), half are
    random. A pair in which one side only is negated is left out when the overlap is high: it may
    be a real conflict.
    """
    texts = [t for t in dict.fromkeys(statements) if usable_sentence(t)]
    words = [content_words(t) for t in texts]
    scored = []
    for i in range(len(texts)):
        for j in range(i + 1, len(texts)):
            score = overlap(words[i], words[j])
            opposed = has_negation(texts[i]) != has_negation(texts[j])
            contained = texts[i] in texts[j] or texts[j] in texts[i]
            if score < (0.4 if opposed else 0.7) and not contained:
                scored.append((score, i, j))
    rng.shuffle(scored)
    hard = sorted(scored, key=lambda s: -s[0])[: 2 * count]  # twice as many, for variety
    chosen = rng.sample(hard, min(count // 2, len(hard)))
    rest = [s for s in scored if s not in set(chosen)]
    chosen += rest[: count - len(chosen)]
    pairs = []
    for _, i, j in chosen:
        a, b = (i, j) if rng.random() < 0.5 else (j, i)
        pairs.append(Pair(texts[a], texts[b], "neutral", "same_article", smoothing, automatic=True))
    return pairs


def negate(clause: str) -> str | None:
    """The opposite of a clause by its first auxiliary, or None where that is not simple.

    "She is here" becomes "She is not here" and the other way round.
    """
    match = _AUXILIARY.search(clause)
    if not match or len(clause[: match.start()].split()) > 8:
        return None
    rest = clause[match.end() :]
    if rest.startswith(" not "):
        return clause[: match.end()] + rest[4:]
    return None if has_negation(clause) else f"{clause[: match.end()]} not{rest}"


def reported_clauses(row: Mapping, sentences: Sequence[str]) -> list[tuple[str, str]]:
    """Sentences of an article with the clause that each reports, where it can stand alone.

    Args:
        row: An article with `text` and `attributions`; a content that follows "that" or opens its
            sentence is a clause.
    """
    found = []
    for attribution in row["attributions"]:
        if not attribution["content"]:
            continue
        start, end = attribution["content"][0]
        content = row["text"][start:end].strip()
        bare = content.removeprefix("that ").strip(' ,\n“”"')
        if len(bare) < 15:
            continue
        home = next((s for s in sentences if content in s and len(s) > len(content) + 5), None)
        if home and (content.startswith("that ") or _opens(home, bare)):
            clause_text = bare[0].upper() + bare[1:].rstrip(".")
            if wrappable(clause_text):
                found.append((home, clause_text))
    return found


def _opens(sentence: str, content: str) -> bool:
    """Whether the content opens the sentence and a comma or quotation mark follows it."""
    text = sentence.lstrip('“"')
    return text.startswith(content) and text[len(content) :].lstrip()[:1] in (",", "”", '"')


def news_pairs(
    row: Mapping, sentences: Sequence[str], count: int, *, rng: random.Random
) -> list[Pair]:
    """Up to `count` pairs of each label: an article's sentence against a clause one reports.

    A sentence entails what it reports (in the fact-checker's reading), contradicts its negation,
    and the rest of the article, however alike, is neutral to both.
    """
    found = reported_clauses(row, sentences)
    pairs: list[Pair] = []
    for home, inner in rng.sample(found, min(count, len(found))):
        pairs.append(Pair(home, inner, "entailment", "news", 0.05))
        opposite = negate(inner)
        if opposite:
            pairs.append(Pair(home, opposite, "contradiction", "news", 0.05))
        words = content_words(inner)
        alike = [
            (overlap(words, content_words(s)), s)
            for s in sentences
            if usable_sentence(s) and s != home and inner[1:] not in s
        ]
        alike = sorted((a for a in alike if a[0] < 0.5), reverse=True)[:4]
        if alike:
            claim = opposite if opposite and rng.random() < 0.5 else inner
            pairs.append(Pair(rng.choice(alike)[1], claim, "neutral", "news", 0.1, automatic=True))
    return pairs


def load_articles(
    folder: Path,
    per_article: int,
    *,
    news: int,
    excluded: Sequence[str],
    rng: random.Random,
) -> tuple[list[Pair], list[Pair]]:
    """Same-article neutrals and news pairs of `train.jsonl.gz` in `folder`.

    Rows have `text` and `attributions`. Marked contents join the sentences, since propositions
    are what the library compares.

    Args:
        per_article: Same-article neutrals from each article.
        news: Clauses from each article for `news_pairs`.
        excluded: Texts that must not be trained on; an article that starts like one is skipped.

    Returns:
        The neutrals, and the news pairs.
    """
    split = sentence_splitter()
    starts = {start_of(text) for text in excluded}
    neutrals: list[Pair] = []
    made: list[Pair] = []
    for row in read_jsonl(folder / "train.jsonl.gz"):
        if start_of(row["text"]) in starts:
            continue
        sentences = split(row["text"])
        contents = [
            row["text"][start:end].strip(" \n“”\"'‘’")
            for attribution in row["attributions"]
            for start, end in attribution["content"][:1]
        ]
        contents = [c[0].upper() + c[1:] for c in contents if c and "\n" not in c]
        neutrals += article_pairs(sentences, per_article - per_article // 3, rng=rng)
        mixed = contents + rng.sample(sentences, min(len(sentences), len(contents) // 2))
        neutrals += article_pairs(mixed, per_article // 3, rng=rng)
        made += news_pairs(row, sentences, news, rng=rng)
    return neutrals, made


def start_of(text: str) -> str:
    """How an article starts: articles that start alike are the same."""
    return " ".join(text.split())[:150]


def crossed_claims(pairs: Sequence[Pair], count: int, *, rng: random.Random) -> list[Pair]:
    """Neutral pairs: a claim against evidence for another claim about the same thing.

    Two rows match when their claims start with the same capitalised name and share no other
    content word, so that the evidence hardly bears on the claim.
    """
    by_name: dict[str, list[Pair]] = {}
    for pair in pairs:
        name = re.match(r"(?:[A-Z][\w'’.-]*\s+){1,3}", pair.hypothesis)
        if name:
            by_name.setdefault(name.group().strip(), []).append(pair)
    out: list[Pair] = []
    for name, group in sorted(by_name.items()):
        for pair in group:
            other = rng.choice(group)
            claim = content_words(pair.hypothesis) - content_words(name)
            if claim and other.premise != pair.premise and not claim & content_words(other.premise):
                out.append(
                    Pair(other.premise, pair.hypothesis, "neutral", "crossed", 0.1, automatic=True)
                )
    return rng.sample(out, min(count, len(out)))


# Stances. Every template holds {x}, a holder, and {p}, a clause without its full stop. The second
# list of each stance is held out of training, to see whether the model reads the stance or the
# template.
HOLDERS = (
    "The minister", "A spokesman for the company", "Police", "The governor", "Smith", "Officials",
    "The president", "A senior official", "Lavrov", "The White House", "The senator", "Her lawyer",
    "The report's authors", "Campaign aides", "Mr Jones", "The ministry", "Residents",
    "Garcia", "A Kremlin spokesman", "The mayor", "His opponents", "The prosecutor",
    "The Associated Press", "Miller", "The United Nations", "Army commanders", "The bank",
    "She", "He", "The foreign minister, who was not named,", "Dr. Chen", "State media",
)  # fmt: skip
WRAPPERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "assert": (
        (
            "{x} said that {p}.", "{x} said {p}.", "According to a statement, {p}.",
            "{x} told reporters that {p}.", "{x} confirmed that {p}.", "{x} insisted that {p}.",
            "“{P},” {x} said.", "{x} announced on Tuesday that {p}.", "{P}, {x} said.",
            "{x} repeatedly claimed that {p}.",
        ),
        ("{x} stated that {p}.", "{x} maintained that {p}.", "{P}, according to {x}."),
    ),
    "deny": (
        (
            "{x} denied that {p}.", "{x} also denied that {p}.", "{x} rejected claims that {p}.",
            "{x} said it is not true that {p}.", "{x} dismissed reports that {p} as false.",
            "{x} flatly denied allegations that {p}.", "It is not true that {p}.",
            "{x} called the claim that {p} a lie.", "{x} said it was false that {p}.",
            "{x} denied on Monday that {p}.", "{x} strongly denied suggestions that {p}.",
            "{x} rejected the accusation that {p}.", "{x} falsely claimed that {p}.",
            "Contrary to what {x} said, it is wrong that {p}.", "{x} contested that {p}.",
            "There is no evidence that {p}, {x} said.", "{P}, a claim that {x} strongly disputes.",
            "“That's simply not true,” {x} said of reports that {p}.",
        ),
        (
            "{x} disputed that {p}.", "{x} refuted the allegation that {p}.",
            "{x} told reporters there was no truth to the claim that {p}.",
        ),
    ),
    "nondeny": (
        (
            "{x} did not deny that {p}.", "{x} neither confirmed nor denied that {p}.",
            "{x} declined to say whether {p}.", "{x} would not confirm that {p}.",
            "{x} could not confirm whether {p}.", "{x} refused to comment on reports that {p}.",
        ),
        ("{x} stopped short of denying that {p}.", "{x} could neither confirm nor deny that {p}."),
    ),
    "question": (
        (
            "{x} asked whether {p}.", "It is unclear whether {p}.",
            "{x} looked into whether {p}.", "{x} did not know whether {p}.",
            "If {p}, things will change.", "{x} hoped that {p}.", "It is possible that {p}.",
            "{x} questioned whether {p}.", "{x} feared that {p}.",
        ),
        (
            "{x} wondered whether {p}.", "{x} was asked if {p}.",
            "{x} raised the possibility that {p}.",
        ),
    ),
}  # fmt: skip


def stance_label(label: str, stance: str) -> str:
    """The label of a pair after one side of it is put into a stance.

    The reading is a fact-checker's: what the holder of each side commits to is compared.

    Args:
        label: Label from premise to hypothesis before wrapping: one of `LABELS`.
        stance: A key of `WRAPPERS`.
    """
    if stance == "assert":
        return label
    if stance in ("nondeny", "question"):
        return "neutral"
    if label == "entailment":
        return "contradiction"
    # Denying what contradicts the other side agrees with it, more or less.
    return "not_contradiction" if label == "contradiction" else "neutral"


def clause(sentence: str) -> str:
    """The sentence as it stands after "that": no full stop, a function word lower-cased."""
    text = sentence.strip().rstrip(".").strip()
    first = text.split(" ", 1)[0]
    if first.lower() in _COMMON and first != "I":
        text = text[0].lower() + text[1:]
    return text


def wrappable(sentence: str) -> bool:
    """Whether `sentence` can stand after "that": one declarative sentence without quotes."""
    text = sentence.strip()
    return (
        15 <= len(text) <= 220
        and text[0].isupper()
        and text[-1] not in "?!:,;"
        and not re.search(r"[.?!]\s", text)
        and not re.search(r"[\"“”]", text)
        and len(text.split()) >= 4
    )


def wrap(sentence: str, stance: str, *, rng: random.Random, held_out: bool = False) -> str:
    """Put `sentence` into a stance with a random holder and template."""
    template = rng.choice(WRAPPERS[stance][held_out])
    inner = clause(sentence)
    holder = rng.choice(HOLDERS)
    common = holder.split()[0].lower() in _COMMON
    if common and not template.startswith("{x}"):
        holder = holder[0].lower() + holder[1:]
    return template.format(x=holder, p=inner, P=inner[0].upper() + inner[1:])


def wrap_stance(
    pairs: Sequence[Pair], count: int, *, rng: random.Random, held_out: bool = False
) -> list[Pair]:
    """Make `count` stance-wrapped pairs out of labelled ones.

    One pair in seven has both sides wrapped; one in ten compares a sentence with a wrapped copy
    of itself. Denials of entailed statements are as frequent as denials of others, so that a
    denial alone says nothing.
    """
    by_label = {
        label: [p for p in pairs if p.label == label and wrappable(p.hypothesis)]
        for label in LABELS
    }
    if count and not all(by_label.values()):
        raise ValueError("Stance wrapping needs wrappable pairs of all three labels.")
    out: list[Pair] = []
    while len(out) < count:
        stance = rng.choices(("assert", "deny", "nondeny", "question"), (20, 50, 15, 15))[0]
        label = rng.choices(LABELS, (45, 25, 30))[0]
        pair = rng.choice(by_label[label])
        premise, hypothesis = pair.premise, pair.hypothesis
        if rng.random() < 0.1:
            premise, label = hypothesis, "entailment"
        # The hypothesis is wrapped more often: what p entails is what a denial of h contradicts.
        side = "hypothesis" if rng.random() < 0.65 or not wrappable(premise) else "premise"
        label = stance_label(label, stance)
        if side == "hypothesis":
            hypothesis = wrap(hypothesis, stance, rng=rng, held_out=held_out)
        else:
            premise = wrap(premise, stance, rng=rng, held_out=held_out)
        if rng.random() < 0.15:
            if side == "premise":
                hypothesis = wrap(hypothesis, "assert", rng=rng, held_out=held_out)
            elif wrappable(premise):
                premise = wrap(premise, "assert", rng=rng, held_out=held_out)
        made = Pair(premise, hypothesis, label, f"stance_{stance}", 0.02)
        out.append(mirror(made) if rng.random() < 0.35 else made)
    return out
