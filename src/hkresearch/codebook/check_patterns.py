"""A topic's TOML, parsed -> patterns without a matching example, and examples without a pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from hkresearch.codebook.expressions import compile_continuation, compile_link_example
from hkresearch.codebook.patterns import compile_patterns
from hkresearch.codebook.plain_text import Plain, read_plain
from hkresearch.codebook.wording import Wording

PATTERN_KEYS = (
    "patterns", "inverted", "before", "not_lead", "after", "not_after", "near", "context", "links",
)  # fmt: skip

_Matcher = Callable[[Plain], bool]


def find_pattern_faults(topic: Mapping[str, Any]) -> Iterator[str]:
    """Yield each pattern that matches none of the examples beside it, and unmatched examples."""
    words = topic.get("words", {})
    for where, table in _list_tables(topic):
        languages = set(table.get("examples", {}))
        for key in PATTERN_KEYS:
            languages |= set(table.get(key, {}))
        for language in sorted(languages):
            if language in words:
                yield from _check_examples(where, table, Wording(words[language], language))
            else:
                yield (
                    f"{where}: there are patterns or examples in {language!r}, "
                    f"but no [words.{language}]"
                )


def _list_tables(topic: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the name and content of every table that may hold patterns."""
    gate = topic.get("gate", {})
    yield "gate", gate
    yield "gate.except", gate.get("except", {})
    yield "gate.except.unless", gate.get("except", {}).get("unless", {})
    yield "gate.elsewhere", gate.get("elsewhere", {})
    yield "gate.here", gate.get("here", {})
    for id, event in topic.get("events", {}).items():
        yield f"events.{id}", event
    for id, variable in topic.get("variables", {}).items():
        where, codes = f"variables.{id}", variable.get("codes", {})
        yield where, variable
        for code, table in codes.items():
            yield f"{where}.codes.{code}", table
        for code, table in codes.items():
            for key in ("instead", "lasting"):
                if key in table:
                    yield f"{where}.codes.{code}.{key}", table[key]
        for form, table in variable.get("forms", {}).items():
            yield f"{where}.forms.{form}", table
        if "same" in variable:
            yield f"{where}.same", variable["same"]


def _check_examples(where: str, table: Mapping[str, Any], wording: Wording) -> Iterator[str]:
    language = wording.language
    examples = table.get("examples", {}).get(language, [])
    written = [(key, text) for key in PATTERN_KEYS for text in table.get(key, {}).get(language, ())]
    matchers: dict[tuple[str, str], _Matcher] = {}
    faults: dict[tuple[str, str], Exception] = {}
    for key, text in written:
        try:
            matchers[key, text] = _compile_matcher(text, key, wording)
        except (ValueError, re.error) as error:
            faults[key, text] = error
    matched = _find_matched(matchers, examples)
    for key, text in written:
        if (key, text) in faults:
            yield f"{where}.{key}.{language}: {faults[key, text]}"
        elif not matched[key, text]:
            yield (
                f"{where}.{key}.{language}: the pattern {text!r} matches none of its "
                f"examples; add one to examples.{language}"
            )
    unmatched = set(examples).difference(*matched.values())
    for example in examples:
        if example in unmatched:
            yield (
                f"{where}.examples.{language}: no pattern matches the example {example!r}; "
                "add a pattern or remove it"
            )


def _find_matched(
    matchers: Mapping[tuple[str, str], _Matcher], examples: Iterable[str]
) -> dict[tuple[str, str], set[str]]:
    """Return the examples that each pattern matches; each example is read once for all of them."""
    matched: dict[tuple[str, str], set[str]] = {pattern: set() for pattern in matchers}
    for example in examples:
        plain = read_plain(example)
        for pattern, is_match in matchers.items():
            if is_match(plain):
                matched[pattern].add(example)
    return matched


def _compile_matcher(pattern: str, key: str, wording: Wording) -> _Matcher:
    """Return what says whether a text matches `pattern`, compiled as its key says."""
    if key in ("after", "not_after", "links"):
        compile_one = compile_link_example if key == "links" else compile_continuation
        expression = compile_one(pattern, wording).pattern
        regex = re.compile(rf"(?<![^\W_])(?:{expression})")
        return lambda plain: regex.search(plain.lower) is not None
    patterns = compile_patterns([("", pattern)], wording)
    return lambda plain: patterns.is_in(plain, 0, len(plain.lower), plain.words)
