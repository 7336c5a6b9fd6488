"""The [quotations] section of news.toml: every list is read, and every list that is read has words."""

import ast
import re
from collections.abc import Sized
from dataclasses import fields
from pathlib import Path

import pytest

import hkresearch.structure.quotations as room
from hkresearch.codebook.book import read_codebook
from hkresearch.structure.quotations.chinese_lexicon import read_han_lexicon
from hkresearch.structure.quotations.reporting_lexicon import read_reporting_lexicon
from hkresearch.structure.quotations.speaker_words import read_speaker_words

BOOK = read_codebook("hong-kong-data-requests")
NEWS = BOOK.news["quotations"]


@pytest.fixture(scope="module")
def texts_of_the_room():
    """Every string that stands in the modules that read the lists."""
    return {
        node.value
        for path in Path(room.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize(
    "table", [NEWS["en"], NEWS["en"]["words"], NEWS["zh"]], ids=["en", "words", "zh"]
)
def test_every_list_is_read_by_its_name(table, texts_of_the_room):
    assert set(table) <= texts_of_the_room


def test_no_list_that_is_read_is_empty():
    lexicon = read_reporting_lexicon(NEWS["en"])
    assert all(lexicon.words.values()) and lexicon.nouns
    for words in (read_speaker_words(BOOK), read_han_lexicon(NEWS["zh"])):
        for field in fields(words):
            value = getattr(words, field.name)
            assert len(value) if isinstance(value, Sized) else value, field.name


@pytest.mark.parametrize("name", ["negation", "quoting", "about", "lead", "adjunct", "role", "cue"])
def test_no_expression_matches_nothing_at_all(name):
    """An expression made of a list that is missing would match the empty text everywhere."""
    assert not getattr(read_han_lexicon(NEWS["zh"]), name).fullmatch("")


VERB_LISTS = "speech address thought show object infinitive prepositional passive".split()


def list_verbs(name):
    return [entry.split("_")[0] for entry in NEWS["en"][name].split()]


@pytest.mark.parametrize("name", VERB_LISTS)
def test_a_verb_that_doubles_its_consonant_has_its_forms(name):
    """Else the coder would look for "snaped"."""
    irregular = {entry.split(":")[0] for entry in NEWS["en"]["irregular"].split()}
    doubling = re.compile(r"[^aeiou]*[aeiou][bcdfgklmnprstvz]")
    verbs = [verb for verb in list_verbs(name) if doubling.fullmatch(verb)]
    assert set(verbs) <= irregular


@pytest.mark.parametrize("name", VERB_LISTS)
def test_a_list_has_each_verb_once(name):
    entries = NEWS["en"][name].split()
    assert len(entries) == len(set(entries))
