"""What an NLI model is asked about pairs: their propositions and their sentences.

Most pairs of an article have nothing to do with each other, so a pair is read in steps, and no further than its
chance of a conflict asks for. What stands first in an article is the premise of what comes later. Two texts that
somebody gives have no such order, so that a likely conflict between them is read in both directions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from contradict.algebra import decides_backward
from contradict.conflict import Calibration, given_probability, probability
from contradict.nli import Scorer
from contradict.records import Nli, Pair, Probabilities, Statement
from contradict.words import similarity

Progress = Callable[[str, int, int | None], None]
"""Called with the stage ("loading the model", "splitting", "first look", "scoring" and the like), how much of it is
done, and of how much (None where unknown)."""

Way = tuple[str, str]
"""Premise and hypothesis."""

BOTH_WAYS_FROM = 0.3
"""Probability, by one direction, from which the other direction of given texts is read, too."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a pair, and by which model.

    Attributes:
        pair: Two statements.
        nli: What the model says of their propositions.
        texts: The sentences they stand in, as if each were a statement.
        texts_nli: What it says of these; None where the propositions alone ruled a conflict out.
        model: Name of the model.
    """

    pair: Pair
    nli: Nli
    texts: Pair
    texts_nli: Nli | None
    model: str

    def probability(self, calibration: Calibration) -> float:
        """The probability that it is a conflict, by what was read."""
        return probability(self.pair, self.nli, self.texts, self.texts_nli, calibration)

    def given_probability(self, calibration: Calibration) -> float:
        """The same where somebody chose to compare the texts."""
        return given_probability(self.pair, self.nli, self.texts, self.texts_nli, calibration)


def read_found(
    pairs: Iterable[Pair],
    sentences: Mapping[str, str],
    scorer: Scorer,
    first: Scorer,
    *,
    calibration: Calibration,
    threshold: float,
    progress: Progress | None = None,
) -> list[Reading]:
    """Read pairs found in documents as far as each deserves it.

    First come the propositions; then the sentences, of pairs that these leave a chance of a conflict.

    Args:
        pairs: The pairs; of those that come twice one is read.
        sentences: The sentence that each statement stands in, by its id.
        scorer: The model.
        first: The one that reads the propositions first; the same, or a faster one.
        calibration: What the readings are worth.
        threshold: Probability from which a pair is flagged; what scores as much is read further.
        progress: Called as the work goes on.
    """
    found = list(dict.fromkeys(pairs))
    texts = [sentence_pair(pair, sentences) for pair in found]
    known = ask(first, map(direction, found), stage="first look", progress=progress)
    done = [
        Reading(pair, said_once(known, pair), around, None, first.name)
        for pair, around in zip(found, texts, strict=True)
    ]
    chance = min(threshold, calibration.first.threshold)
    promising = [i for i, each in enumerate(done) if each.probability(calibration) >= chance]
    wanted = (direction(found[i], read) for i in promising for read in (None, texts[i]))
    known = ask(scorer, wanted, known if first is scorer else {}, progress=progress)
    for i in promising:
        nli, texts_nli = said_once(known, found[i]), said_once(known, found[i], texts[i])
        done[i] = Reading(found[i], nli, texts[i], texts_nli, scorer.name)
    return done


def read_given(
    compared: Sequence[tuple[Pair, Sequence[Pair]]],
    scorer: Scorer,
    *,
    calibration: Calibration,
    threshold: float,
    both_ways_from: float | None = BOTH_WAYS_FROM,
) -> list[Reading]:
    """Read texts that somebody chose to compare: of each two, the statements that conflict most.

    One direction of everything comes first; then, where a conflict is likely, the other direction of the texts. That
    of statements which are not the whole texts adds nothing.

    Args:
        compared: Two texts, each as if it were a statement, and the pairs of their statements, at least one.
        scorer: The model.
        calibration: What the readings are worth.
        threshold: Probability from which a pair is flagged; what scores as much is read further.
        both_ways_from: Probability, by one direction, from which both are read; None never to read both.
    """
    wanted = (
        direction(pair, read)
        for texts, group in compared
        for pair in group
        for read in (None, texts)
    )
    known = ask(scorer, wanted)
    done = [
        max(
            (
                Reading(
                    pair,
                    said_once(known, pair),
                    texts,
                    said_once(known, pair, texts),
                    scorer.name,
                )
                for pair in group
            ),
            key=lambda reading: reading.given_probability(calibration),
        )
        for texts, group in compared
    ]
    if both_ways_from is None:
        return done
    chance = min(threshold, both_ways_from)
    promising = [i for i, each in enumerate(done) if each.given_probability(calibration) >= chance]
    wanted = (way for i in promising for way in both_ways(done[i].texts))
    known = ask(scorer, wanted, known)
    for i in promising:
        texts_nli = said_both_ways(known, done[i].texts)
        whole = both_ways(done[i].pair) == both_ways(done[i].texts)
        done[i] = replace(done[i], texts_nli=texts_nli, nli=texts_nli if whole else done[i].nli)
    return done


def ask(
    scorer: Scorer,
    ways: Iterable[Way],
    known: Mapping[Way, Probabilities] | None = None,
    *,
    stage: str = "scoring",
    progress: Progress | None = None,
) -> dict[Way, Probabilities]:
    """What is known of ways, and what a model says of the others."""
    known = known or {}
    report = (lambda done, total: progress(stage, done, total)) if progress else None
    missing = [way for way in dict.fromkeys(ways) if way not in known]
    return {**known, **dict(zip(missing, scorer.score(missing, progress=report), strict=True))}


def direction(pair: Pair, texts: Pair | None = None) -> Way:
    """The way in which a pair is read first: of a denial the claim is the premise, else what stands left.

    Args:
        pair: Two statements, whose propositions are read.
        texts: Two texts in the same order that are read in their place.
    """
    ahead, back = both_ways(texts or pair)
    return back if decides_backward(pair.left, pair.right) else ahead


def both_ways(pair: Pair) -> tuple[Way, Way]:
    """From the left proposition to the right one, and back."""
    left, right = pair.left.proposition, pair.right.proposition
    return (left, right), (right, left)


def said_once(known: Mapping[Way, Probabilities], pair: Pair, texts: Pair | None = None) -> Nli:
    """What is known of a pair, or of texts in its place, in the direction that is read first."""
    return Nli.once(known[direction(pair, texts)])


def said_both_ways(known: Mapping[Way, Probabilities], pair: Pair) -> Nli:
    """What is known of a pair of which both directions have been read."""
    ahead, back = both_ways(pair)
    return Nli(known[ahead], known[back])


def sentence_pair(pair: Pair, sentences: Mapping[str, str]) -> Pair:
    """The sentences that two statements stand in, by the ids of these; the propositions where it is only one."""
    one, other = sentences[pair.left.id], sentences[pair.right.id]
    if one == other:
        return text_pair(pair.left.proposition, pair.right.proposition)
    return text_pair(one, other)


def text_pair(one: str, other: str) -> Pair:
    """Two texts as they are, as if each were one statement."""
    return Pair(as_statement(one), as_statement(other), similarity(one, other))


def as_statement(text: str) -> Statement:
    """A text as it is, as if it were one statement; named by itself."""
    return Statement(text, 0, len(text), text, " ".join(text.split()))
