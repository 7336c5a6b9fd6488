"""The codebook: what ships is sound, and each kind of fault is named with where it is and what to do."""

import dataclasses

import pytest

from hkresearch.codebook.book import check_codebook, list_codebooks, read_codebook
from hkresearch.codebook.usage import find_unknown_speakers, find_unused_codes
from hkresearch.core.article import Annotation, HkresearchError

SMALL = """
id = "small"
label = "Small"
languages = ["en"]
[entities.acme]
kind = "company"
label = "Acme"
names.en = ["Acme"]
[words.en]
pause = ["pause*"]
[variables.position]
question = "What?"
level = "nominal"
[variables.position.codes.pause]
label = "Paused"
patterns.en = ["{pause} .. requests"]
examples.en = ["paused all requests"]
"""

FAULTS = [
    # (why, what is replaced, by what, words of the message)
    ("a pattern nobody tried", 'requests"]\nex', 'requests", "{pause} ice"]\nex', "'{pause} ice' matches none of its examples"),
    ("an example nothing matches", '["paused all requests"]', '["paused all requests", "went home"]', "no pattern matches the example 'went home'"),
    ("a class that is not there", "{pause} ..", "{halt} ..", "no class of words is called {halt}; there are: pause"),
    ("a class that uses itself", '["pause*"]', '["{pause}"]', "uses itself"),
    ("a pattern that begins with a gap", "{pause} .. requests", ".. requests", "must begin with a word"),
    ("a pattern that ends with a gap", "{pause} .. requests", "{pause} ..", "must end with a word"),
    ("an owner nobody knows", 'label = "Acme"', 'label = "Acme"\nowner = "globex"', "owner 'globex' is not an entity"),
    ("a kind nobody knows", '"company"', '"firm"', "kind 'firm' is not one of"),
    ("an id that is no id", "[entities.acme]", '[entities."Acme Inc"]', "an id is lower-case letters"),
    ("a variable without a question", 'question = "What?"\n', "", "variables.position: no question"),
    ("a level nobody knows", '"nominal"', '"fuzzy"', "level 'fuzzy' is not one of"),
    ("a code without a label", 'label = "Paused"\n', "", "variables.position.codes.pause: no label"),
    ("a contradiction of no code", 'label = "Paused"', 'label = "Paused"\ncontradicts = ["go"]', "contradicts 'go' is not a code"),
    ("patterns of a language without words", "examples.en", 'patterns.fr = ["pause"]\nexamples.en', "no [words.fr]"),
]  # fmt: skip


def write_book(folder, text):
    path = folder / "small.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("id", list_codebooks())
def test_shipped_book_is_sound(id):
    assert check_codebook(read_codebook(id)) == []


def test_small_book_is_read(tmp_path):
    book = read_codebook(write_book(tmp_path, SMALL))
    assert book.label_of("acme") == "Acme" and book.label_of("globex") == "globex"


@pytest.mark.parametrize("why, old, new, message", FAULTS, ids=[fault[0] for fault in FAULTS])
def test_fault_is_named(tmp_path, why, old, new, message):
    assert old in SMALL
    with pytest.raises(HkresearchError) as error:
        read_codebook(write_book(tmp_path, SMALL.replace(old, new)))
    assert message in str(error.value) and "small.toml" in str(error.value)


def test_every_fault_is_listed_at_once(tmp_path):
    text = SMALL.replace('question = "What?"\n', "").replace('"company"', '"firm"')
    with pytest.raises(HkresearchError, match=r"2 fault\(s\)"):
        read_codebook(write_book(tmp_path, text))


def test_one_name_means_one_entity(tmp_path):
    text = SMALL.replace(
        "[words.en]",
        '[entities.other]\nkind = "company"\nlabel = "Other"\nnames.en = ["Acme"]\n[words.en]',
    )
    with pytest.raises(HkresearchError, match="a name means one entity"):
        read_codebook(write_book(tmp_path, text))


def make(subject, variable, code, id="i"):
    return Annotation(id, "a", 0, 1, "x", subject, variable, code, "test/1")


def test_usage_is_reported_both_ways(tmp_path):
    book = read_codebook(write_book(tmp_path, SMALL))
    assert find_unused_codes(book, []) == ["position/pause", "entities/acme"]
    assert find_unused_codes(book, [make("acme", "position", "pause")]) == []
    marks = [
        make("a", "quotation", "direct", "q1"), make("q1", "speaker", "a Globex spokeswoman"),
        make("a", "quotation", "direct", "q2"), make("q2", "speaker", "Acme"), make("q2", "organisation", "acme"),
    ]  # fmt: skip
    assert find_unknown_speakers(book, marks) == [("a Globex spokeswoman", 1)]


def test_books_are_equal_by_content(tmp_path):
    path = write_book(tmp_path, SMALL)
    assert (
        read_codebook(path) == read_codebook(path)
        and len({read_codebook(path), read_codebook(path)}) == 1
    )
    assert read_codebook(path) != dataclasses.replace(read_codebook(path), sha256="0" * 64)
