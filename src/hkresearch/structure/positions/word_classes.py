"""news.toml [lists], [clauses], [positions] -> word classes, ready to stand in an expression."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.text.word_alternatives import join_classes


@lru_cache(maxsize=16)
def read_position_words(codebook: Codebook, language: str) -> Mapping[str, str]:
    """Return class -> its alternatives, of [lists], [clauses] and [positions]."""
    clauses = codebook.news.get("clauses", {}).get(language, {})
    positions = codebook.news.get("positions", {}).get(language, {})
    lists = codebook.news.get("lists", {}).get(language, {})
    table = {**lists, **clauses, **positions}
    return {name: join_classes(table, name) for name in table}


def compile_with_classes(template: str, classes: Mapping[str, str]) -> re.Pattern[str]:
    """Return the expression in which %(name)s stands for any of the words of the class `name`.

    Raises KeyError if there is no such class.
    """
    return re.compile(template % classes)
