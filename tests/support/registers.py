"""A register of the files in a folder."""

import hashlib
from pathlib import Path

from hkresearch.pages.reader import REGISTER_COLUMNS
from hkresearch.pages.register import write_register


def register(folder, files, **hashes):
    folder.mkdir(exist_ok=True)
    rows = [
        dict.fromkeys(REGISTER_COLUMNS, "") | {
            "article_id": Path(file).stem, "file": file,
            "sha256": hashes.get(Path(file).stem) or hashlib.sha256((folder / file).read_bytes()).hexdigest(),
        }
        for file in files
    ]  # fmt: skip
    write_register(folder, rows)
    return folder
