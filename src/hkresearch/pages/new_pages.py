"""A file -> its copy in the raw folder, and its row for the register."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from hkresearch.core.article import HkresearchError
from hkresearch.core.files import hash_bytes
from hkresearch.pages.decode import decode_page
from hkresearch.pages.reader import REGISTER_COLUMNS, read_bytes, read_page
from hkresearch.pages.register_rows import RegisterRow, list_unique_keys

# All of ASCII but letters, digits, hyphen, dot and underscore.
_UNSAFE_IN_NAMES = re.compile(r"[\s\x00-,/:-@\[-^`{-\x7f]+")


def add_page(
    raw: Path,
    file: Path,
    taken: Mapping[tuple[str, str], RegisterRow],
    known: Mapping[str, Mapping[str, str]],
    stated: Mapping[str, str],
) -> tuple[RegisterRow, str]:
    """Copy one page into `raw` and return its row, with a note on what was done.

    Parameters
    ----------
    taken
        The rows of the register by their unique keys (`list_unique_keys`).
    known, stated
        Rows of pages recognised by their hash; what else is known of this file, by column.

    Raises
    ------
    HkresearchError
        For a page that cannot be read, is registered already, or has a name that is taken.
    """
    if not file.exists():
        raise HkresearchError("there is no such file")
    data = read_bytes(file.parent, file.name)
    name = clean_name(file)
    page = read_page(data, name)
    names = {"article_id": Path(name).stem, "file": name, "sha256": hash_bytes(data)}
    _check_unique(names, taken)
    _copy_bytes(data, raw / name)
    source = known.get(names["sha256"])
    row = dict.fromkeys(REGISTER_COLUMNS, "") | dict(source or stated) | names
    address = ""
    if not row["url"] and page.media_type == "text/html":
        address = _find_address(data)
        row["url"] = address
    if source is not None:
        return row, f"recognised, {row['publisher']}"
    address_note = f"with the address that it gives, {address}" if address else ""
    return row, ", ".join(filter(None, ("added", address_note, page.note)))


def _find_address(data: bytes) -> str:
    from hkresearch.pages.html_metadata import find_address

    markup, _ = decode_page(data)
    return find_address(markup)


def _check_unique(
    names: Mapping[str, str], taken: Mapping[tuple[str, str], Mapping[str, str]]
) -> None:
    same_bytes, *same_names = map(taken.get, list_unique_keys(names))
    if same_bytes:
        raise HkresearchError(f"the same bytes are registered already, as {same_bytes['file']}")
    if other := next(filter(None, same_names), None):
        raise HkresearchError(
            f"another page is registered under this name ({other['file']}); rename the new one"
        )


def _copy_bytes(data: bytes, target: Path) -> None:
    if not target.exists():
        target.write_bytes(data)
    elif target.read_bytes() != data:
        raise HkresearchError(f"{target} exists already with other bytes; rename the new one")


def clean_name(file: Path) -> str:
    """Return the name under which `file` is registered.

    Browsers save pages under titles. Letters of any script and their accents stay; spaces, and
    signs that mean something in a shell or an address, become hyphens.
    """
    has_surrogates = any("\ud800" <= character <= "\udfff" for character in file.name)
    if has_surrogates and not file.name.isprintable():
        raise HkresearchError("its name is not written in UTF-8; rename it")
    stem = _UNSAFE_IN_NAMES.sub("-", file.stem).strip("-.")
    suffix = _UNSAFE_IN_NAMES.sub("-", file.suffix.lower())
    if not stem:
        raise HkresearchError("its name has no letter or digit; rename it")
    return stem + suffix


def read_known_sources() -> list[dict[str, str]]:
    """Return the rows of known-sources.csv: pages recognised by their hash, without their text."""
    path = resources.files(__package__) / "known-sources.csv"
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
