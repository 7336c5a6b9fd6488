"""news.toml and a topic's TOML -> a Codebook, checked."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from hkresearch.codebook.patterns import (
    Wording,
    compile_continuation,
    compile_link_example,
    compile_patterns,
    read_plain,
)
from hkresearch.core.article import Annotation, HkresearchError

NEWS = "news"


@dataclass(frozen=True, slots=True, eq=False)
class Codebook:
    """What annotations may mean: the topic's entities and variables, and what is true of all news.

    `entities` and `variables` map an id to its TOML table; `news` is the whole of news.toml; `topic` the topic's file.
    """

    id: str
    label: str
    sha256: str  # of news.toml and the topic's file together
    entities: Mapping[str, Mapping[str, Any]] = field(repr=False)
    variables: Mapping[str, Mapping[str, Any]] = field(repr=False)
    news: Mapping[str, Any] = field(repr=False)
    topic: Mapping[str, Any] = field(repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Codebook) and (self.id, self.sha256) == (other.id, other.sha256)

    def __repr__(self) -> str:
        return f"<Codebook {self.id}: {self.label!r}, {len(self.entities)} entities, {len(self.variables)} variables>"

    def __hash__(self) -> int:
        return hash((self.id, self.sha256))  # what is compiled from a book is kept by this

    def label_of(self, id: str) -> str:
        """Return the label of an entity, else `id` itself, so that what is not in the book stays visible."""
        return self.entities.get(id, {}).get("label", id)


def list_codebooks() -> list[str]:
    """Return the ids of the topic codebooks that ship with the package."""
    folder = resources.files(__package__)
    return sorted(
        p.name[:-5]
        for p in folder.iterdir()
        if p.name.endswith(".toml") and p.name != f"{NEWS}.toml"
    )


def read_codebook(name: str | os.PathLike | None = None) -> Codebook:
    """Return the checked codebook `name`: a shipped id, or a path to a TOML file; without a name, the shipped one.

    Raises HkresearchError that lists every fault of the book.
    """
    if name is None:
        name = list_codebooks()[0]
    news_bytes = (resources.files(__package__) / f"{NEWS}.toml").read_bytes()
    topic_bytes, where = _read_topic(name)
    news, topic = _parse(news_bytes, f"{NEWS}.toml"), _parse(topic_bytes, where)
    codebook = Codebook(
        id=topic.get("id", Path(str(name)).stem),
        label=topic.get("label", ""),
        sha256=hashlib.sha256(news_bytes + b"\0" + topic_bytes).hexdigest(),
        entities=topic.get("entities", {}),
        variables=topic.get("variables", {}),
        news=news,
        topic=topic,
    )
    if faults := check_codebook(codebook):
        raise HkresearchError(
            f"{where}: {len(faults)} fault(s):\n" + "\n".join(f"  {fault}" for fault in faults)
        )
    return codebook


def _read_topic(name: str | os.PathLike) -> tuple[bytes, str]:
    if str(name) in list_codebooks():
        return (resources.files(__package__) / f"{name}.toml").read_bytes(), f"{name}.toml"
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return path.read_bytes(), str(path)
    raise HkresearchError(
        f"{name}: no such codebook. Give a path to a .toml file, or one of: {', '.join(list_codebooks())}"
    )


def _parse(data: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (
        ValueError,
        RecursionError,
    ) as error:  # a number of thousands of digits, brackets in brackets
        raise HkresearchError(f"{where}: not valid TOML: {error}") from None


KINDS = ("company", "role", "law", "place", "outlet", "person", "government", "product")
LEVELS = ("nominal", "ordinal", "interval", "ratio", "date")
PATTERN_KEYS = ("patterns", "inverted", "before", "after", "not_after", "near", "context", "links")


def check_codebook(codebook: Codebook) -> list[str]:
    """Return every fault of the book: patterns without a matching example, examples unmatched, broken references."""
    if faults := list(_check_shapes(codebook.topic)):
        return faults
    try:
        return [
            *_check_entities(codebook),
            *_check_events(codebook),
            *_check_variables(codebook),
            *_check_wording(codebook),
        ]
    except (TypeError, AttributeError, KeyError, IndexError, ValueError) as error:
        return [
            f"a value is not of the kind that belongs there ({error}); compare it with a shipped codebook"
        ]


def _check_shapes(topic: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is no table where tables belong, and no text, number or list where those belong."""
    for name in ("id", "label", "question"):
        if not isinstance(topic.get(name, ""), str):
            yield f"{name} = {topic[name]!r}: text in quotation marks is expected"
    for name in ("entities", "variables", "words", "events", "gate", "rates", "statements"):
        table = topic.get(name, {})
        if not isinstance(table, dict):
            yield f"{name}: a table is expected, [{name}...]"
        elif name in ("entities", "variables", "words", "events"):
            yield from (
                f"{name}.{id}: a table is expected, [{name}.{id}]"
                for id in table
                if not isinstance(table[id], dict)
            )
    for name in ("context_characters", "quoted_characters"):
        if type(topic.get(name, 0)) is not int or topic.get(name, 0) < 0:
            yield f"{name} = {topic[name]!r}: a whole number is expected"
    if type(share := topic.get("quoted_share", 0)) not in (int, float) or not 0 <= share <= 1:
        yield f"quoted_share = {share!r}: a number from 0 to 1 is expected"
    languages = topic.get("languages", [])
    if not isinstance(languages, list) or not all(
        isinstance(language, str) for language in languages
    ):
        yield f'languages = {languages!r}: a list of tags is expected, such as ["en", "zh"]'


def _check_entities(codebook: Codebook) -> Iterator[str]:
    names: dict[str, str] = {}
    for id, entity in codebook.entities.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]*", id):
            yield f"entities.{id}: an id is lower-case letters, digits and underscores"
        if not entity.get("label"):
            yield f"entities.{id}: no label"
        if (kind := entity.get("kind", "")) not in KINDS:
            yield f"entities.{id}: kind {kind!r} is not one of: {', '.join(KINDS)}"
        for key in ("owner", "part_of"):
            if (other := entity.get(key)) and other not in codebook.entities:
                yield f"entities.{id}: {key} {other!r} is not an entity; add [entities.{other}] or correct the id"
        for name in (
            name for of_language in entity.get("names", {}).values() for name in of_language
        ):
            if not name.strip():
                yield f"entities.{id}: an empty name"
            elif names.setdefault(name, id) != id:
                yield f"entities.{id}: the name {name!r} is also one of entities.{names[name]}; a name means one entity"


def _check_events(codebook: Codebook) -> Iterator[str]:
    for id, event in codebook.topic.get("events", {}).items():
        for day in str(event.get("date", "")).split("/"):
            try:
                date.fromisoformat(day)
            except ValueError:
                yield f"events.{id}: the date {day!r} is no day; write it as 2020-07-01, or as 2020-06-30/2020-07-01"
        if "/" in event.get("date", "") and event.get("names"):
            yield f"events.{id}: an anniversary needs one day, not {event['date']!r}; remove the names or state one day"
        if (fact := event.get("fact")) and (
            fact[0] not in codebook.entities or fact[-1] not in codebook.variables
        ):
            yield f"events.{id}: fact {fact!r} is not an entity and one of its variables"


def _check_variables(codebook: Codebook) -> Iterator[str]:
    for id, variable in codebook.variables.items():
        for key in ("question", "level"):
            if not variable.get(key):
                yield f"variables.{id}: no {key}"
        if (level := variable.get("level")) and level not in LEVELS:
            yield f"variables.{id}: level {level!r} is not one of: {', '.join(LEVELS)}"
        subject = variable.get("subject")
        if subject and subject not in ("addressee", "company") and subject not in codebook.entities:
            yield f"variables.{id}: subject {subject!r} is not an entity"
        codes = variable.get("codes", {})
        for code, table in codes.items():
            if not table.get("label"):
                yield f"variables.{id}.codes.{code}: no label"
            others = [("contradicts", other) for other in table.get("contradicts", ())]
            for key, other in [
                *others,
                *([("instead", table["instead"].get("code"))] if "instead" in table else []),
            ]:
                if other not in codes:
                    yield f"variables.{id}.codes.{code}: {key} {other!r} is not a code of {id}"


def _check_wording(codebook: Codebook) -> Iterator[str]:
    """Yield the patterns that match none of the examples beside them, and the examples that no pattern matches."""
    gate = codebook.topic.get("gate", {})
    tables = [("gate", gate), ("gate.except", gate.get("except", {}))]
    tables += [(f"events.{id}", event) for id, event in codebook.topic.get("events", {}).items()]
    for id, variable in codebook.variables.items():
        tables.append((f"variables.{id}", variable))
        tables += [
            (f"variables.{id}.codes.{code}", table)
            for code, table in variable.get("codes", {}).items()
        ]
        for code, table in variable.get("codes", {}).items():
            tables += [
                (f"variables.{id}.codes.{code}.{key}", table[key])
                for key in ("instead", "lasting")
                if key in table
            ]
        tables += [(f"variables.{id}.same", variable["same"])] if "same" in variable else []
    for where, table in tables:
        languages = {language for key in PATTERN_KEYS for language in table.get(key, {})} | set(
            table.get("examples", {})
        )
        for language in sorted(languages):
            yield from _check_examples(codebook, where, table, language)


def _check_examples(
    codebook: Codebook, where: str, table: Mapping[str, Any], language: str
) -> Iterator[str]:
    words = codebook.topic.get("words", {}).get(language)
    examples = table.get("examples", {}).get(language, [])
    if words is None:
        yield f"{where}: there are patterns or examples in {language!r}, but no [words.{language}]"
        return
    unmatched, wording = set(examples), Wording(words, language)
    for key in PATTERN_KEYS:
        for pattern in table.get(key, {}).get(language, ()):
            try:
                matched = _find_matched(pattern, key, wording, examples)
            except (ValueError, re.error) as error:
                yield f"{where}.{key}.{language}: {error}"
                continue
            unmatched -= matched
            if not matched:
                yield f"{where}.{key}.{language}: the pattern {pattern!r} matches none of its examples; add one to examples.{language}"
    for example in examples:
        if example in unmatched:
            yield f"{where}.examples.{language}: no pattern matches the example {example!r}; add a pattern or remove it"


def _find_matched(pattern: str, key: str, wording: Wording, examples: Iterable[str]) -> set[str]:
    plains = {example: read_plain(example) for example in examples}
    if key in ("after", "not_after", "links"):
        compile_one = compile_link_example if key == "links" else compile_continuation
        regex = re.compile(r"(?<![^\W_])(?:" + compile_one(pattern, wording).pattern + ")")
        return {example for example, plain in plains.items() if regex.search(plain.lower)}
    patterns = compile_patterns([("", pattern)], wording)
    return {
        example
        for example, plain in plains.items()
        if patterns.is_in(plain, 0, len(example), plain.words)
    }


def find_unused_codes(codebook: Codebook, annotations: Iterable[Annotation]) -> list[str]:
    """Return "variable/code" for each code of the book, and "entities/id" for each organisation, that nothing was coded with."""
    used, subjects = set(), set()
    for a in annotations:
        used.add((a.variable, a.code))
        subjects |= {a.subject, a.code}
    codes = [
        f"{id}/{code}"
        for id, v in codebook.variables.items()
        for code in v.get("codes", {})
        if (id, code) not in used
    ]
    entities = [
        f"entities/{id}"
        for id, e in codebook.entities.items()
        if e.get("kind") == "company" and id not in subjects
    ]
    return [*codes, *entities]


def find_unknown_speakers(
    codebook: Codebook, annotations: Iterable[Annotation]
) -> list[tuple[str, int]]:
    """Return (speaker, quotations) of those whom no entity of the book stands for, the most quoted first."""
    grounded, speakers = set(), {}
    for a in annotations:
        if a.variable == "organisation":
            grounded.add(a.subject)
        elif a.variable == "speaker" and a.code:
            speakers[a.subject] = a.code
    counts = Counter(name for subject, name in speakers.items() if subject not in grounded)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
