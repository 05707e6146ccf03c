"""Who a mention is."""

import pytest

from contradict.records import Document
from contradict.speakers import name_all
from contradict.statements import name_mentions


@pytest.fixture(scope="module")
def named(language):
    def named(text, *mentions):
        """The names of the words in the text, each given with how many of the same stand before it."""
        parsed = language.parse(Document("a", text))
        tokens = [token for paragraph in parsed.paragraphs for token in paragraph.parse]
        wanted = [[t for t in tokens if t.text == word][nth] for word, nth in mentions]
        names = name_mentions(parsed, wanted)
        return [names[token] for token in wanted]

    return named


def test_pronouns_agree_in_gender(named):
    """Given names and titles tell who "he" and "she" cannot be."""
    text = "Angela Brown met Robert Green in Paris. She said the talks had failed. He left early."
    assert named(text, ("She", 0), ("He", 0)) == ["Angela Brown", "Robert Green"]


@pytest.mark.parametrize(
    "front",
    [
        pytest.param("When he left the room", id="a clause"),
        pytest.param("After saying on Monday that he would go", id="a clause inside another"),
        pytest.param("In a sign that he is tired of waiting", id="a clause inside a phrase"),
    ],
)
def test_he_in_front_is_who_the_clause_behind_is_about(named, front):
    """ "As he left, Bob waved": nobody named before."""
    text = f"Robert Green spoke for an hour. {front}, Peter Hall called the vote a farce."
    assert named(text, ("he", 0)) == ["Peter Hall"]


def test_a_name_learnt_later_completes_an_earlier_one(named):
    """ "Mr Lavrov" is Sergei Lavrov also where the full name comes after it."""
    text = "Mr Lavrov spoke first. Sergei Lavrov is a minister."
    assert named(text, ("Lavrov", 0)) == ["Sergei Lavrov"]


def test_he_in_a_quotation_is_not_who_speaks_it(named):
    """Nobody calls himself "he"."""
    text = "Robert Green praised Peter Hall. “He is the best,” Green said."
    assert named(text, ("He", 0)) == ["Peter Hall"]


def test_whom_a_quotation_names_is_not_who_speaks_it(named):
    """ "He said", after words that name somebody, is somebody else."""
    text = (
        "Robert Green gave a press conference in Rome.\n\n"
        "“Saddam Hussein is gone and Peter Hall knows it,” he said."
    )
    assert named(text, ("he", 0)) == ["Robert Green"]


def test_initials_are_the_name_they_shorten(named):
    """ "IMF" is the International Monetary Fund."""
    text = "The International Monetary Fund met on Friday. The IMF said growth was weak."
    assert named(text, ("IMF", 0)) == ["International Monetary Fund"]


def test_what_cannot_be_resolved_keeps_its_words(named):
    """A pronoun without anybody to stand for stays a pronoun."""
    assert named("He said it was late.", ("He", 0)) == ["he"]


@pytest.mark.parametrize(
    "introduction",
    [
        "The mayor of Brackenford, Helen Moss,",
        "Helen Moss, the mayor of Brackenford,",
        "The mayor, Helen Moss,",
        "Brackenford’s mayor Helen Moss",
    ],
)
def test_a_role_and_the_name_beside_it_are_one_person(named, introduction):
    """Whoever is introduced by role and name is meant by the role, the surname and the role again."""
    text = f"{introduction} denied that the bridge was closed. Ms Moss left. The mayor said it was late."
    assert named(text, ("mayor", 0), ("Moss", 1), ("mayor", 1)) == ["Helen Moss"] * 3


@pytest.mark.parametrize(
    ("text", "pronoun", "name"),
    [
        pytest.param(
            "One driver, Sunil Ramdas, said he was tired. Des Pickering, regional secretary of the union, had "
            "a different recollection. “It was the company that left,” he said.",
            ("he", 1),
            "Des Pickering",
            id="who is described, whatever the parser takes the name for",
        ),
        pytest.param(
            "Dr Amina Yusuf spoke outside. The trust’s present chief executive, Karen Lisle, apologised. "
            "She said every patient had been contacted.",
            ("She", 0),
            "Karen Lisle",
            id="the subject, of which the name is only added",
        ),
        pytest.param(
            "Anton Grishko blamed the army. Its spokesman, Major Dina Orlan, said it was late. "
            "“No soldier of ours set foot in the water,” she added.",
            ("she", 0),
            "Dina Orlan",
            id="a woman who is a spokesman",
        ),
        pytest.param(
            "Katya Lindqvist-Moreau wept. The bicycle maker Tessio said nothing. Lindqvist-Moreau said that "
            "she had not acted alone.",
            ("she", 0),
            "Katya Lindqvist-Moreau",
            id="a surname of two words",
        ),
        pytest.param(
            "Roxana Vale is suing the Lantern. Giving evidence, Danny Sprague, the band’s former drummer, said "
            "he had come back. The charity had never received anything from Mr Sprague.",
            ("he", 0),
            "Danny Sprague",
            id="a title tells a person from a place",
        ),
        pytest.param(
            "Edna Cole is his neighbour. She had not had a postcard from the hospital, she said.",
            ("she", 0),
            "Edna Cole",
            id="a given name that the parser overlooks",
        ),
        pytest.param(
            "Dr Fergus Munt is a shy man. The river has never been in a worse state, he told us.",
            ("he", 0),
            "Fergus Munt",
            id="a title that tells no gender",
        ),
    ],
)
def test_a_pronoun_is_whom_the_text_is_about(named, text, pronoun, name):
    """Whoever was the last subject, and is known to be a person of that gender."""
    assert named(text, pronoun) == [name]


def test_a_day_is_no_part_of_a_name(named):
    """A name begins at its title."""
    text = (
        "Roxana Vale came home. On Monday Ms Vale, in a grey suit, told the court that it was late."
    )
    assert named(text, ("Vale", 1)) == ["Roxana Vale"]


def test_a_description_of_one_person_gives_its_name(named):
    """ "A spokesman, Nikos Varda," is Nikos Varda, although not every spokesman is."""
    text = "A spokesman for the coast guard, Nikos Varda, said the boat sank. A spokesman left."
    assert named(text, ("spokesman", 0), ("spokesman", 1)) == ["Nikos Varda", "spokesman"]


def test_whom_a_description_serves_is_not_who_is_described(named):
    """ "The union" is not its chairwoman."""
    text = "Karin Holm, the union’s chairwoman, spoke. She said the union had sent three letters."
    assert named(text, ("She", 0), ("union", 1)) == ["Karin Holm", "union"]


@pytest.fixture(scope="module")
def speakers(analyzer):
    def speakers(*texts):
        """Whom the statements of documents with these texts are called by, document by document."""
        split = analyzer.split([Document(str(n), text) for n, text in enumerate(texts)])
        named = name_all(split)
        ids = [[each.id for each in document.statements] for document in (*split, *named)]
        assert ids[: len(split)] == ids[len(split) :]
        return [{each.holder for each in document.statements if each.holder} for document in named]

    return speakers


def test_a_surname_is_who_another_document_names_in_full(speakers):
    """Who is only "Mr Lavrov" in one document is Sergei Lavrov if another one says so."""
    assert speakers(
        "Sergei Lavrov said the strikes had hit Homs.", "Mr Lavrov said no strikes had hit Homs."
    ) == [{"Sergei Lavrov"}, {"Sergei Lavrov"}]
    assert speakers(
        "Paul Okafor said the leak was small.", "Okafor called the accusation a lie."
    ) == [{"Paul Okafor"}, {"Paul Okafor"}]


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (
            (
                "Hillary Clinton said it rained.",
                "Bill Clinton said it snowed.",
                "Mr Clinton said it hailed.",
            ),
            "Clinton",
        ),
        (
            ("Denzel Washington said it rained.", "Washington said sanctions would follow."),
            "Washington",
        ),
        (("Sergei Lavrov said it rained.", "Mr Kerry said it snowed."), "Kerry"),
    ],
    ids=["two", "place", "unknown"],
)
def test_a_surname_that_may_be_somebody_else_stays(speakers, texts, name):
    """Of two namesakes none is meant, a place is nobody, and who is named nowhere keeps the surname."""
    assert speakers(*texts)[-1] == {name}


@pytest.mark.parametrize(
    ("description", "index", "name"),
    [
        ("senator", 0, "Marco Rubio"),
        ("senator", 1, "Ted Cruz"),
        ("Republican", 0, "Marco Rubio"),
        ("Democrat", 0, "Ann Vale"),
    ],
)
def test_titles_and_what_stands_behind_a_name_describe_its_bearer(named, description, index, name):
    """ "Sen. Marco Rubio (R-Fla.)" is the Florida senator, and the Florida Republican."""
    text = (
        "Sen. Marco Rubio (R-Fla.) spoke. The Florida senator said it was late. Sen. Ted Cruz, R-Texas, left. "
        "The senator said he was tired. Rep. Ann Vale (D-N.Y.) stayed. The Florida Republican said it was early. "
        "The New York Democrat agreed."
    )
    assert named(text, (description, index)) == [name]
