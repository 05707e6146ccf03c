"""The attribution tagger."""

import numpy as np
import pytest
import train_tagger

from contradict import tagger
from contradict.records import Document

ARTICLE = """The mayor, Ann Smith, has plans to close two schools.

“We have no money,” Smith told reporters. “Nobody wants this. It has to be done.”

It rained on Monday."""


@pytest.fixture(scope="module")
def parsed(language):
    return language.parse(Document("a.txt", ARTICLE))


@pytest.fixture(scope="module")
def tags(parsed):
    return tagger.tag(parsed)


def words(parsed):
    return [token.text for paragraph in parsed.paragraphs for token in paragraph.parse]


def test_every_word_has_probabilities(parsed, tags):
    """Each word of each paragraph gets three probabilities; paragraphs start where they start."""
    for values in (tags.attributed, tags.source, tags.cue):
        assert values.shape == (len(words(parsed)),)
        assert ((values >= 0) & (values <= 1)).all()
    starts = [words(parsed)[start] for start in tags.starts]
    assert starts == ["The", "“", "It"]


def test_quoted_words_are_attributed_and_plain_ones_are_not(parsed, tags):
    """What is said is somebody's; a plain report is the document's own."""
    by_word = dict(zip(words(parsed), tags.attributed, strict=True))
    assert min(by_word[word] for word in ("money", "Nobody", "done")) > 0.8
    assert max(by_word[word] for word in ("rained", "Monday")) < 0.2


def test_the_pointer_finds_the_source(parsed, tags):
    """Words of a quotation, also of its later sentences, point at who is named beside it."""
    texts = words(parsed)
    assert texts[tags.source_of([texts.index("wants"), texts.index("wants") + 1])] == "Smith"


def test_paragraphs_of_any_length(language):
    """One word, or more words than are computed at once, are tagged alike."""
    one = tagger.tag(language.parse(Document("a", "Yes")))
    assert one.attributed.shape == (1,)
    repeated = "The mayor said the road was closed.\n\n" * 300
    many = tagger.tag(language.parse(Document("a", repeated)))
    width = len(many.attributed) // 300
    middle = many.attributed[100 * width : 200 * width].reshape(100, width)
    assert np.ptp(middle, axis=0).max() < 0.01


def test_training_writes_what_the_library_runs(tmp_path, language, parsed, monkeypatch):
    """A network trained for a moment says the same in the library's own arithmetic as in PyTorch's."""
    import torch

    recipe = train_tagger.Recipe(
        seed=1, passes=3, width=8, distances=(1, 2), pointer_width=4,
        vocabulary={"lemma": 40, "suffix": 20, "tag": 20, "dep": 20, "ent": 5},
        learning_rate=1e-2, warmup=0.2, weight_decay=0.0, dropout=0.1, unknown=0.1,
        articles_per_step=1, average_decay=0.5, source_weight=1.0, cue_weight=1.0, pointer_weight=0.2,
    )  # fmt: skip
    said = "We have no money"
    start, source = ARTICLE.index(said), ARTICLE.index("Smith told")
    row = {
        "article": "a",
        "text": ARTICLE,
        "attributions": [
            {
                "content": [[start, start + len(said)]],
                "source": [[source, source + 5]],
                "cue": [[source + 6, source + 10]],
            }
        ],
    }
    example = train_tagger.to_example(row, language)
    network, vocabularies = train_tagger.train(recipe, [example], [example], None)
    network.half().float()  # what is written has half the precision
    train_tagger.save(network, vocabularies, tmp_path / "model.safetensors")
    monkeypatch.setattr(tagger, "embedded_folder", lambda name: tmp_path)
    tagger._load.cache_clear()
    try:
        tags = tagger.tag(parsed)
    finally:
        tagger._load.cache_clear()
    network.eval()
    with torch.no_grad():
        mixed = network(network.numbers(example.words), torch.tensor(example.words.head))
        expected = network.out(mixed).sigmoid().numpy()
        pointed = network.point(mixed, np.arange(5, 9), example.words.sentence).mean(0)
    assert np.allclose(np.stack([tags.attributed, tags.source, tags.cue], 1), expected, atol=1e-4)
    assert tags.source_of([5, 6, 7, 8]) == pointed.argmax().item()
