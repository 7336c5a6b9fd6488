"""An address (a folder, or whatever fsspec reads) -> the register and the pages that are there."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from hkresearch.core.article import HkresearchError
from hkresearch.core.extras import import_extra
from hkresearch.core.files import DECISIONS_FILE
from hkresearch.pages.reader import LARGEST_PAGE, REGISTER, read_bytes
from hkresearch.tables.coding_files import CODINGS


def open_address(address: str) -> tuple[Any, str]:
    """Return the fsspec file system of an address, and the path in it."""
    try:
        file_system, path = import_extra("fsspec").core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise HkresearchError(f"{address}: not an address that can be read ({error})") from None
    return file_system, path


def read_address(raw: str, file: str) -> bytes:
    """Return the bytes of the page `file` at the address `raw`; raises HkresearchError."""
    if "://" not in raw:
        return read_bytes(Path(raw), file)
    try:
        file_system, root = open_address(raw)
        with file_system.open(f"{root}/{file}", "rb") as stream:
            data: bytes = stream.read(LARGEST_PAGE + 1)
    except FileNotFoundError:
        raise HkresearchError("is registered but missing; put it back or remove its row") from None
    except OSError as error:
        raise HkresearchError(f"cannot be read: {error}") from None
    if len(data) > LARGEST_PAGE:
        raise HkresearchError(f"has more than {LARGEST_PAGE:,} bytes, the largest page read")
    return data


def fetch_register(raw: str, folder: Path) -> Path:
    """Copy the register at the address `raw`, with people's decisions and codings, to `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    file_system, root = open_address(raw)
    try:
        optional = [f"{root}/{DECISIONS_FILE}", f"{root}/{CODINGS}/*.csv"]
        found = [path for pattern in optional for path in file_system.glob(pattern)]
        for path in [f"{root}/{REGISTER}", *found]:
            file = folder / path.removeprefix(f"{root}/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(file_system.cat_file(path))
    except OSError as error:
        raise HkresearchError(
            f"{raw}: no register ({REGISTER}) can be read there ({error})."
        ) from None
    return folder
