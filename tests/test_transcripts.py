"""Paragraphs under the name of whoever speaks them."""

import pytest

from contradict.records import Document
from contradict.statements import split_document
from contradict.transcripts import find_turns

DEBATE = """Donald Trump and Hillary Clinton met on Monday. Chris Holt asked the questions.

HOLT: We will start with jobs. (APPLAUSE)

CLINTON: Thank you, Lester. Donald thinks that climate change is a hoax.

I have put forward a plan.

TRUMP: I do not. I did not support the war.

HOLT: The record shows otherwise."""


def said(language, text):
    document = Document("a", text)
    statements = split_document(language.parse(document))
    assert all(text[s.start : s.end] == s.text for s in statements)
    return [(s.holder, s.stance, s.proposition) for s in statements]


def test_turns_are_of_whose_name_heads_them(language):
    assert said(language, DEBATE) == [
        (None, "asserts", "Donald Trump and Hillary Clinton met on Monday."),
        (None, "asserts", "Chris Holt asked the questions."),
        ("Chris Holt", "asserts", "We will start with jobs."),
        ("Hillary Clinton", "asserts", "Donald thinks that climate change is a hoax."),
        ("Donald Trump", "asserts", "Climate change is a hoax."),
        ("Hillary Clinton", "asserts", "Hillary Clinton has put forward a plan."),
        ("Donald Trump", "denies", "Donald thinks that climate change is a hoax."),
        ("Donald Trump", "asserts", "Donald Trump did not support the war."),
        ("Chris Holt", "denies", "Donald Trump did not support the war."),
    ]


def test_speaker_is_the_label(language):
    document = Document("a", DEBATE)
    [plan] = [s for s in split_document(language.parse(document)) if "plan" in s.text]
    assert (plan.speaker.text, plan.quoted, plan.cue) == ("CLINTON", True, None)
    assert DEBATE[plan.speaker.start : plan.speaker.end] == "CLINTON"


def test_marks_at_each_paragraph_are_left_out(language):
    text = DEBATE.split("\n\n", 1)[1].replace("\n\n", "\n\n“").replace("HOLT: We", "“HOLT: We")
    holders = {holder for holder, _, _ in said(language, text)}
    assert holders == {"Holt", "Clinton", "Donald", "Trump"}


def test_labels_that_name_nobody_are_the_documents_own(language):
    text = (
        "TRUMP: “I never supported the war.”\n\nTHE FACTS: He told Howard Stern that he did support it.\n\n"
        "TRUMP: “She has no plan.”\n\nTHE FACTS: Clinton has published a plan of ten pages."
    )
    assert said(language, text)[-1] == (
        None,
        "asserts",
        "Clinton has published a plan of ten pages.",
    )
    assert said(language, text)[0] == ("Trump", "asserts", "Trump never supported the war.")


@pytest.mark.parametrize(
    "paragraphs",
    [
        pytest.param(
            ["Pence: Flowers Won’t Be at Debate.", "He said so on Sunday."], id="headline"
        ),
        pytest.param(
            ["Clinton: 1,428", "Sanders: 1,153", "Clinton: 516", "Sanders: 39"], id="figures"
        ),
        pytest.param(
            [
                "READ MORE: A plan.",
                *["It rained for days."] * 5,
                "READ MORE: Another plan.",
                "WATCH: A film.",
            ],
            id="links",
        ),
        pytest.param(["Name: Ann Smith.", "Age: She is 34.", "Office: None yet."], id="form"),
    ],
)
def test_other_colons_are_no_turns(paragraphs):
    assert not any(find_turns(paragraphs))


def test_question_and_answer():
    turns = find_turns(["Q: Why?", "A: I had to.", "It was late.", "Q: Is that all?", "A: Yes."])
    assert [turn and turn.number for turn in turns] == [1, 2, 2, 3, 4]


def test_a_surname_is_whoever_was_called_in_full_before():
    turns = find_turns(["ANN SMITH: Why?", "BOB HALL: I had to.", "SMITH: Really?", "HALL: Yes."])
    assert [turn and turn.number for turn in turns] == [1, 2, 3, 4]


def test_behind_the_last_label_only_quotations_go_on():
    turns = find_turns(["“A: One.", "“B: Two.", "“A: Three.", "“Four.", "He left."])
    assert [turn and turn.number for turn in turns] == [1, 2, 3, 3, None]
