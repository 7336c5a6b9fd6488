"""A topic's TOML, parsed -> every fault in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from hkresearch.codebook.check_patterns import find_pattern_faults

Topic = Mapping[str, Any]
ENTITY_KINDS = (
    "company", "role", "law", "place", "outlet", "person", "government", "product",
)  # fmt: skip
LEVELS_OF_MEASUREMENT = ("nominal", "ordinal", "interval", "ratio", "date")
TEXTS = ("id", "label", "question")
EXPECTED_TABLES = ("entities", "variables", "words", "events", "gate", "rates", "statements")
TABLES_OF_TABLES = ("entities", "variables", "words", "events")
NUMBERS = ("context_characters", "quoted_characters")
ENTITY_ID = re.compile(r"[a-z][a-z0-9_]*")


def find_topic_faults(topic: Topic) -> list[str]:
    """Return every fault: values of the wrong type, broken references, patterns and examples.

    Values of the wrong type alone are reported where there are some.
    """
    if faults := [*_check_tables(topic), *_check_values(topic)]:
        return faults
    try:
        return [
            *_check_entities(topic),
            *_check_events(topic),
            *_check_variables(topic),
            *find_pattern_faults(topic),
        ]
    except (TypeError, AttributeError, KeyError, IndexError, ValueError) as error:
        return [
            f"a value is not of the kind that belongs there ({error}); "
            "compare it with a shipped codebook"
        ]


def _check_tables(topic: Topic) -> Iterator[str]:
    for name in EXPECTED_TABLES:
        table = topic.get(name, {})
        if not isinstance(table, dict):
            yield f"{name}: a table is expected, [{name}...]"
        elif name in TABLES_OF_TABLES:
            for id, inner in table.items():
                if not isinstance(inner, dict):
                    yield f"{name}.{id}: a table is expected, [{name}.{id}]"


def _check_values(topic: Topic) -> Iterator[str]:
    for name in TEXTS:
        if not isinstance(topic.get(name, ""), str):
            yield f"{name} = {topic[name]!r}: text in quotation marks is expected"
    for name in NUMBERS:
        number = topic.get(name, 0)
        if type(number) is not int or number < 0:
            yield f"{name} = {number!r}: a whole number is expected"
    share = topic.get("quoted_share", 0)
    if type(share) not in (int, float) or not 0 <= share <= 1:
        yield f"quoted_share = {share!r}: a number from 0 to 1 is expected"
    languages = topic.get("languages", [])
    is_list = isinstance(languages, list)
    if not is_list or not all(isinstance(language, str) for language in languages):
        yield f'languages = {languages!r}: a list of tags is expected, such as ["en", "zh"]'


def _check_entities(topic: Topic) -> Iterator[str]:
    entities = topic.get("entities", {})
    owner_of_name: dict[str, str] = {}
    for id, entity in entities.items():
        where = f"entities.{id}"
        if not ENTITY_ID.fullmatch(id):
            yield f"{where}: an id is lower-case letters, digits and underscores"
        if not entity.get("label"):
            yield f"{where}: no label"
        kind = entity.get("kind", "")
        if kind not in ENTITY_KINDS:
            yield f"{where}: kind {kind!r} is not one of: {', '.join(ENTITY_KINDS)}"
        for key in ("owner", "part_of"):
            other = entity.get(key)
            if other and other not in entities:
                yield (
                    f"{where}: {key} {other!r} is not an entity; "
                    f"add [entities.{other}] or correct the id"
                )
        yield from _check_names(id, entity, owner_of_name)


def _check_names(id: str, entity: Topic, owner_of_name: dict[str, str]) -> Iterator[str]:
    """Yield empty names, and names that another entity has; add the entity's to `owner_of_name`."""
    for names in entity.get("names", {}).values():
        for name in names:
            if not name.strip():
                yield f"entities.{id}: an empty name"
                continue
            owner = owner_of_name.setdefault(name, id)
            if owner != id:
                yield (
                    f"entities.{id}: the name {name!r} is also one of entities.{owner}; "
                    "a name means one entity"
                )


def _check_events(topic: Topic) -> Iterator[str]:
    entities, variables = topic.get("entities", {}), topic.get("variables", {})
    for id, event in topic.get("events", {}).items():
        days = str(event.get("date", "")).split("/")
        for day in days:
            if not _is_day(day):
                yield (
                    f"events.{id}: the date {day!r} is no day; "
                    "write it as 2020-07-01, or as 2020-06-30/2020-07-01"
                )
        if len(days) > 1 and event.get("names"):
            yield (
                f"events.{id}: an anniversary needs one day, not {event['date']!r}; "
                "remove the names or state one day"
            )
        fact = event.get("fact")
        if fact and (fact[0] not in entities or fact[-1] not in variables):
            yield f"events.{id}: fact {fact!r} is not an entity and one of its variables"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _check_variables(topic: Topic) -> Iterator[str]:
    entities = topic.get("entities", {})
    for id, variable in topic.get("variables", {}).items():
        where = f"variables.{id}"
        for key in ("question", "level"):
            if not variable.get(key):
                yield f"{where}: no {key}"
        level = variable.get("level")
        if level and level not in LEVELS_OF_MEASUREMENT:
            yield f"{where}: level {level!r} is not one of: {', '.join(LEVELS_OF_MEASUREMENT)}"
        subject = variable.get("subject")
        if subject and subject not in ("addressee", "company") and subject not in entities:
            yield f"{where}: subject {subject!r} is not an entity"
        yield from _check_codes(id, variable.get("codes", {}))


def _check_codes(variable: str, codes: Topic) -> Iterator[str]:
    for code, table in codes.items():
        where = f"variables.{variable}.codes.{code}"
        if not table.get("label"):
            yield f"{where}: no label"
        references = [("contradicts", other) for other in table.get("contradicts", ())]
        if "instead" in table:
            references.append(("instead", table["instead"].get("code")))
        for key, other in references:
            if other not in codes:
                yield f"{where}: {key} {other!r} is not a code of {variable}"
