"""A large table's Parquet file -> its rows, mapped from a plain copy on disk: in memory is only what is looked at.

Processes share what they look at, and the system lets go of it when memory is short.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hkresearch.core.files import hash_path, stage_file

LARGE = 8 << 20  # bytes of a Parquet file; a tenth of what its rows take in memory
WHOLE = (
    64 << 20
)  # bytes up to which it is copied in one piece: of columns in several, pandas joins them to pick rows
FOLDER = "mapped"
KEPT = 12  # copies that stay, the latest used: those of these results, of the earlier ones, of another folder


def map_rows(file: Path, sha256: str, cache: Path) -> pa.Table:
    """Return the rows of `file`, whose hash is `sha256`, from a copy in `cache`, made when there is no whole one.

    A copy carries its own hash in its name. Raises OSError when there is no room for it.
    """
    folder = cache / FOLDER
    place = next((path for path in folder.glob(f"{sha256}.*.arrow") if _is_whole(path)), None)
    if place is None:
        place = _write_copy(file, sha256, folder)
    with suppress(OSError):  # another run removed one, or they are not ours to change
        os.utime(place)
        for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)[:-KEPT]:
            path.unlink(missing_ok=True)
    with pa.memory_map(os.fspath(place)) as source:
        return pa.ipc.open_file(source).read_all()


def _is_whole(place: Path) -> bool:
    return hash_path(place) == place.name.split(".")[1]


def _write_copy(file: Path, sha256: str, folder: Path) -> Path:
    """Write the rows of `file` as they are held in memory; what a reader meets is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    with stage_file(folder / sha256) as beside:
        with pq.ParquetFile(file) as rows:
            schema = pa.schema([_widen(field) for field in rows.schema_arrow])
            numbers = range(rows.num_row_groups)
            groups = [[*numbers]] if file.stat().st_size < WHOLE else [[n] for n in numbers]
            with (
                pa.OSFile(os.fspath(beside), "wb") as sink,
                pa.ipc.new_file(sink, schema) as writer,
            ):
                for group in groups:
                    writer.write_table(
                        rows.read_row_groups(group, use_threads=False).cast(schema).combine_chunks()
                    )
        place = folder / f"{sha256}.{hash_path(beside)}.arrow"
        os.replace(beside, place)
    return place


def _widen(field: pa.Field) -> pa.Field:
    """Texts as pandas has them: others it would copy."""
    return pa.field(field.name, pa.large_string() if field.type == pa.string() else field.type)
