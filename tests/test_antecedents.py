"""What pronouns stand for, and how that is learnt."""

import json
from pathlib import Path

import fit_antecedents
import pytest
from fit_antecedents import Example, collect, fit, is_thing, resolved, same

from contradict import antecedents
from contradict.records import Document
from contradict.statements import split_document

SEEDS = Path(__file__).parent.parent / "seeds"
TEXT = "Ann Smith met Mary Brown. She said voters were angry. They want lower taxes, and she told them so."


def propositions(language, text):
    return [s.proposition for s in split_document(language.parse(Document("a", text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Voters say they want change.", "Voters want change.", id="who says"),
        pytest.param(
            "The report ran to 300 pages. It is out today.",
            "The report is out today.",
            id="subject",
        ),
        pytest.param(
            "Bob Hall said that Ann Vale had attacked him. He was hurt.",
            "Bob Hall was hurt.",
            id="object",
        ),
        pytest.param("It rained. It was late.", "It was late.", id="nothing"),
    ],
)
def test_what_pronouns_stand_for(language, text, expected):
    """Subjects are named where it is likely enough what they stand for."""
    assert propositions(language, text)[-1] == expected


def test_every_weight_is_of_a_feature(language):
    """The weights are of features that there are, and no feature lacks its weight."""
    seen = set()

    def note(question, features, *, sure=0.0):
        seen.update(name for each in features.values() for name in each)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(antecedents, "likeliest", note)
        propositions(
            language, TEXT + " It is “she who told Ann: ‘It is late’, and they left”, he said."
        )
        propositions(
            language,
            "“She left. It broke. They fell,” Mary Brown told Bob Hall. He and Ann Smith fled.",
        )
    weights = json.loads(Path(antecedents.__file__).with_suffix(".json").read_text("utf8"))[
        "weights"
    ]
    assert seen <= weights.keys()


def test_learning_finds_what_decides():
    """A feature that only the right one has gets weight, one that all have gets none."""
    examples = [
        Example("a", ({"near": 1.0, "named": 1.0}, {"near": 0.0, "named": 1.0}), right=0)
    ] * 20
    weights = fit(examples)
    assert weights["near"] > 1 > abs(weights["named"])


def test_labelled_pronouns_become_examples(language):
    """Each labelled pronoun is an example with the right person among those it may be, and is scored."""
    document = Document("a", TEXT)
    parsed = language.parse(document)
    who = {
        TEXT.index("She"): "Ann Smith",
        TEXT.index("They"): "voters",
        TEXT.index("she"): "Mary Brown",
    }
    examples = collect(parsed, who)
    assert len(examples) == 3
    assert all(0 <= e.right < len(e.features) for e in examples)
    assert [quoted for quoted, _ in resolved(parsed, who)] == [False, False]
    with fit_antecedents.using({"a subject before, they": 9.0}):
        assert fit_antecedents.resolved_things(parsed, who) == [True]
    with fit_antecedents.using({}):
        assert fit_antecedents.resolved_things(parsed, who) == [None]


def test_names_and_things_are_compared_loosely():
    """Titles and articles aside, a surname is its bearer; a lemma is any form of its word."""
    assert same("Smith", "Ann Smith")
    assert same("the voters", "voters")
    assert not same("Ann Smith", "Mary Brown")
    assert is_thing("voter", "angry voters")
    assert not is_thing("car", "the carpet")


def test_labels_are_whole():
    """Each pronoun is labelled once, in order, with offsets that enclose it."""
    rows = [json.loads(line) for line in (SEEDS / "pronouns.jsonl").read_text("utf8").splitlines()]
    places = [(row["article"], row["start"]) for row in rows]
    assert places == sorted(set(places))
    assert all(2 <= row["end"] - row["start"] <= 4 and row["who"] for row in rows)
