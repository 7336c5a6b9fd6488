"""A large Parquet file -> its rows, memory-mapped from an uncompressed copy on disk.

Only the rows that are looked at are in memory; processes share them, and the system drops them
when memory is short.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hkresearch.core.files import hash_path, stage_file

LARGE_FILE = 8 << 20  # bytes of a Parquet file; a tenth of what its rows take in memory
# Bytes up to which a file is copied as one batch: of a column in several, pandas makes a copy.
ONE_BATCH = 64 << 20
_COPIES_FOLDER = "mapped"
MOST_COPIES = 12  # the last used: of these tables, the previous ones and those of another folder


def map_rows(file: Path, sha256: str, cache: Path) -> pa.Table:
    """Return the rows of `file`, whose hash is `sha256`, mapped from a copy in `cache`.

    The copy is made if there is none, or if it is not the one whose hash its name gives. Raises
    OSError when there is no room for it.
    """
    folder = cache / _COPIES_FOLDER
    copies = folder.glob(f"{sha256}.*.arrow")
    copy = next((path for path in copies if _is_intact(path)), None)
    if copy is None:
        copy = _write_copy(file, sha256, folder)
    with suppress(OSError):  # another run removed one, or they are not ours to change
        os.utime(copy)
        by_last_use = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        for path in by_last_use[:-MOST_COPIES]:
            path.unlink(missing_ok=True)
    with pa.memory_map(os.fspath(copy)) as source:
        return pa.ipc.open_file(source).read_all()


def _is_intact(copy: Path) -> bool:
    return hash_path(copy) == copy.name.split(".")[1]


def _write_copy(file: Path, sha256: str, folder: Path) -> Path:
    """Write the rows of `file` as they are held in memory; the copy appears when complete."""
    folder.mkdir(parents=True, exist_ok=True)
    with stage_file(folder / sha256) as staged:
        with pq.ParquetFile(file) as rows:
            schema = pa.schema([_widen(field) for field in rows.schema_arrow])
            groups = [[number] for number in range(rows.num_row_groups)]
            if file.stat().st_size < ONE_BATCH:
                groups = [list(range(rows.num_row_groups))]
            with (
                pa.OSFile(os.fspath(staged), "wb") as sink,
                pa.ipc.new_file(sink, schema) as writer,
            ):
                for group in groups:
                    batch = rows.read_row_groups(group, use_threads=False)
                    writer.write_table(batch.cast(schema).combine_chunks())
        copy = folder / f"{sha256}.{hash_path(staged)}.arrow"
        os.replace(staged, copy)
    return copy


def _widen(field: pa.Field) -> pa.Field:
    """Return a field of texts in the type that pandas uses: any other it would copy."""
    return pa.field(field.name, pa.large_string() if field.type == pa.string() else field.type)
