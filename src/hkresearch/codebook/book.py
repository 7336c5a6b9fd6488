"""news.toml and a topic's TOML -> a Codebook, checked."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from hkresearch.codebook.check import find_topic_faults
from hkresearch.codebook.wording import Wording
from hkresearch.core.article import HkresearchError

NEWS = "news"


@dataclass(frozen=True, slots=True, eq=False)
class Codebook:
    """What annotations may mean: the topic's entities and variables, and what is true of all news.

    `entities` and `variables` map an id to its TOML table; `news` is the whole of news.toml,
    `topic` the topic's file. Two codebooks are equal if their id and hash are.
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
        counts = f"{len(self.entities)} entities, {len(self.variables)} variables"
        return f"<Codebook {self.id}: {self.label!r}, {counts}>"

    def __hash__(self) -> int:
        return hash((self.id, self.sha256))  # what is compiled from a codebook is cached by this

    def label_of(self, id: str) -> str:
        """Return the label of an entity, else `id` itself: an unknown one stays visible."""
        return str(self.entities.get(id, {}).get("label", id))


def list_codebooks() -> list[str]:
    """Return the ids of the topic codebooks that ship with the package."""
    files = [path.name for path in resources.files(__package__).iterdir()]
    names = [name.removesuffix(".toml") for name in files if name.endswith(".toml")]
    return sorted(name for name in names if name != NEWS)


def read_codebook(name: str | os.PathLike[str] | None = None) -> Codebook:
    """Return the checked codebook `name`.

    Parameters
    ----------
    name : str or path, optional
        The id of a codebook that ships with the package, or the path of a TOML file; without it,
        the first that ships.

    Raises
    ------
    HkresearchError
        Listing every fault of the codebook.
    """
    if name is None:
        name = list_codebooks()[0]
    news_bytes = (resources.files(__package__) / f"{NEWS}.toml").read_bytes()
    topic_bytes, where = _read_topic(name)
    return _make_codebook(news_bytes, topic_bytes, str(name), where)


@lru_cache(maxsize=4)
def _make_codebook(news_bytes: bytes, topic_bytes: bytes, name: str, where: str) -> Codebook:
    """Return the checked codebook of two files; the same bytes are checked once."""
    news, topic = _parse(news_bytes, f"{NEWS}.toml"), _parse(topic_bytes, where)
    codebook = Codebook(
        id=topic.get("id", Path(name).stem),
        label=topic.get("label", ""),
        sha256=hashlib.sha256(news_bytes + b"\0" + topic_bytes).hexdigest(),
        entities=topic.get("entities", {}),
        variables=topic.get("variables", {}),
        news=news,
        topic=topic,
    )
    if faults := check_codebook(codebook):
        listed = "\n".join(f"  {fault}" for fault in faults)
        raise HkresearchError(f"{where}: {len(faults)} fault(s):\n{listed}")
    return codebook


def _read_topic(name: str | os.PathLike[str]) -> tuple[bytes, str]:
    """Return the bytes of a topic's file, and what to call it in messages."""
    if str(name) in list_codebooks():
        return (resources.files(__package__) / f"{name}.toml").read_bytes(), f"{name}.toml"
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return path.read_bytes(), str(path)
    raise HkresearchError(
        f"{name}: no such codebook. Give a path to a .toml file, or one of: "
        f"{', '.join(list_codebooks())}"
    )


def _parse(data: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # also thousands of digits, of nested brackets
        raise HkresearchError(f"{where}: not valid TOML: {error}") from None


def check_codebook(codebook: Codebook) -> list[str]:
    """Return every fault of the codebook: patterns without an example, broken references."""
    return find_topic_faults(codebook.topic)


@lru_cache(maxsize=8)
def read_wordings(codebook: Codebook) -> dict[str, Wording]:
    """Return language -> its wording; shared by all that compile patterns of the codebook."""
    classes = codebook.topic.get("words", {})
    return {language: Wording(words, language) for language, words in classes.items()}
