"""The word classes of news.toml: each is asked for by some expression, and each asked for is there."""

import re

import pytest

from hkresearch.codebook.book import read_codebook
from hkresearch.structure.facts import link_words
from hkresearch.structure.positions import (
    actors,
    attributes,
    joint_actors,
    modality,
    owned_services,
    places,
    polarity,
    timing,
    verb_clause,
)
from hkresearch.structure.quantities import figure_words
from hkresearch.structure.quantities import places as figure_places
from hkresearch.structure.text import clause_words, list_words
from support.paths import ROOT

NEWS = read_codebook().news
READERS = [
    clause_words.read_chinese_clause_words,
    clause_words.read_clause_words,
    figure_places.read_place_words,
    figure_words.read_figure_words,
    link_words.read_link_words,
    list_words.read_list_words,
    actors.read_actor_patterns,
    attributes.read_attribute_patterns,
    joint_actors.read_joint_actor_patterns,
    modality.read_modality_patterns,
    owned_services.read_service_pattern,
    places.read_place_patterns,
    polarity.read_polarity_patterns,
    timing.read_timing_patterns,
    verb_clause.read_verb_clause_patterns,
]
SOURCE = "\n".join(
    path.read_text("utf-8") for path in (ROOT / "src/hkresearch/structure").rglob("*.py")
)
CLASSES = [
    (table, language, name)
    for table in ("clauses", "positions", "lists", "references", "facts")
    for language in NEWS[table]
    for name in NEWS[table][language]
]


@pytest.mark.parametrize(("table", "language", "name"), CLASSES)
def test_a_class_is_asked_for(table, language, name):
    bare_name = re.escape(re.sub(r"^of_\d$", "of_", name))  # numbers are read together
    prefix = "(?:han_)?" if language == "zh" else ""
    assert re.search(rf"%\({prefix}{bare_name}\)s|[\"']{bare_name}[\"']", SOURCE)


@pytest.mark.parametrize("read_patterns", READERS)
def test_a_class_that_is_asked_for_is_there(read_patterns):
    read_patterns(read_codebook())  # a class that is not there is a KeyError


@pytest.mark.parametrize(("table", "language", "name"), CLASSES)
def test_a_class_has_each_word_once(table, language, name):
    words = NEWS[table][language][name]
    listed = words.split() if isinstance(words, str) else words
    assert listed
    assert sorted(set(listed)) == sorted(listed)
