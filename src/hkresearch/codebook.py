"""news.toml and a topic's TOML -> a Codebook, checked."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from .article import HkresearchError

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

    def __hash__(self) -> int:
        return hash((self.id, self.sha256))  # what is compiled from a book is kept by this

    def label_of(self, id: str) -> str:
        """Return the label of an entity, else `id` itself, so that what is not in the book stays visible."""
        return self.entities.get(id, {}).get("label", id)


def list_codebooks() -> list[str]:
    """Return the ids of the topic codebooks that ship with the package."""
    folder = resources.files(__package__) / "codebooks"
    return sorted(p.name[:-5] for p in folder.iterdir() if p.name.endswith(".toml") and p.name != f"{NEWS}.toml")


def read_codebook(name: str | os.PathLike | None = None) -> Codebook:
    """Return the checked codebook `name`: a shipped id, or a path to a TOML file; without a name, the shipped one.

    Raises HkresearchError that lists every fault of the book.
    """
    if name is None:
        name = os.environ.get("HKRESEARCH_CODEBOOK") or list_codebooks()[0]
    news_bytes = (resources.files(__package__) / "codebooks" / f"{NEWS}.toml").read_bytes()
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
        raise HkresearchError(f"{where}: {len(faults)} fault(s):\n" + "\n".join(f"  {fault}" for fault in faults))
    return codebook


def _read_topic(name: str | os.PathLike) -> tuple[bytes, str]:
    if str(name) in list_codebooks():
        return (resources.files(__package__) / "codebooks" / f"{name}.toml").read_bytes(), f"{name}.toml"
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return path.read_bytes(), str(path)
    raise HkresearchError(f"{name}: no such codebook. Give a path to a .toml file, or one of: {', '.join(list_codebooks())}")


def _parse(data: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise HkresearchError(f"{where}: not valid TOML: {error}") from None


def check_codebook(codebook: Codebook) -> list[str]:
    """Return every fault of the book: patterns without a matching example, examples unmatched, broken references."""
    faults = []
    for id, entity in codebook.entities.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]*", id):
            faults.append(f"entities.{id}: an id is lower-case letters, digits and underscores")
        if not entity.get("label"):
            faults.append(f"entities.{id}: no label")
        owner = entity.get("owner")
        if owner and owner not in codebook.entities:
            faults.append(f"entities.{id}: owner {owner!r} is not an entity")
    for id, variable in codebook.variables.items():
        for key in ("question", "level"):
            if not variable.get(key):
                faults.append(f"variables.{id}: no {key}")
    return faults
