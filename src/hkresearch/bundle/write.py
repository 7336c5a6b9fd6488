"""Published reports and all that they were made from, but the pages -> one zip; and such a zip -> its faults."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from hkresearch.bundle.ro_crate import CRATE, compare_crate, read_bundle, write_archive, write_crate
from hkresearch.core.article import HkresearchError
from hkresearch.core.files import DECISIONS_FILE, hash_bytes, write_if_changed
from hkresearch.pages.reader import REGISTER, read_bytes
from hkresearch.pages.register import read_register
from hkresearch.tables.article_list import ARTICLES, read_article_rows

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

INDEX = "index.html"
BLANKED = (
    " In a bundle, exact, before, after and text are left out, and empty, where no report in it cites the words, and "
    "the middle of long passages is […]: it holds no more of any page than the codebook allows."
)


def write_bundle(
    out: Path,
    raw: Path,
    tables_folder: Path,
    reports: Path,
    notebooks: Iterable[Path] = (),
    codebook: str | None = None,
) -> int:
    """Write the bundle of `reports` to `out`, beside it first, and return the number of files in it.

    The pages stay out, and so do their words that no report cites. Same input, same bytes. Raises HkresearchError
    when reports or tables are missing, or when the reports were made from other tables.
    """
    from hkresearch.report.publishable_tables import limit_tables
    from hkresearch.tables.folder import find_tables
    from hkresearch.tables.previous_build import DATAPACKAGE
    from hkresearch.tables.tables import read_tables

    if out.suffix != ".zip" or out.is_dir():
        raise HkresearchError(f"{out}: a bundle is a .zip file. Type: hkresearch bundle OUT.zip")
    tables = read_tables(tables_folder)
    folder = find_tables(tables_folder)
    files = list_reports(reports, hash_table(folder / DATAPACKAGE, "annotations"))
    files |= list_tables(limit_tables(tables, list_cited(files)))
    read_register(raw)
    files["data/raw/" + REGISTER] = (raw / REGISTER).read_bytes()
    if (raw / DECISIONS_FILE).is_file():
        files["data/raw/" + DECISIONS_FILE] = (raw / DECISIONS_FILE).read_bytes()
    files |= list_codebooks_used(
        codebook or tables.codebook.get("id", ""), tables.codebook.get("sha256", "")
    )
    files |= list_sources(notebooks, {Path(name).stem for name in files if name.endswith(".pdf")})
    files[CRATE] = write_crate(files)
    write_if_changed(out, write_archive(files))
    return len(files)


def list_reports(reports: Path, digest: str) -> dict[str, bytes]:
    """Return the reports in a folder that this package published, with index and feed; `digest` names their tables."""
    from hkresearch.report.feed import FEED, drop_superseded
    from hkresearch.report.reports_folder import is_ours

    again = f"Type: hkresearch report --reports {reports}"
    if not (reports / INDEX).is_file() or not is_ours(reports / INDEX):
        raise HkresearchError(f"{reports}: no reports here (no {INDEX}). {again}")
    files = {}
    for page in sorted(filter(is_ours, reports.glob("*.html"))):
        files[f"reports/{page.name}"] = page.read_bytes()
        if page.name == INDEX:
            continue
        if digest.encode() not in files[f"reports/{page.name}"]:
            raise HkresearchError(
                f"{page}: made from other tables than those to be bundled. {again}"
            )
        if not page.with_suffix(".pdf").is_file():
            raise HkresearchError(f"{page.with_suffix('.pdf')}: missing. {again} --force")
        files[f"reports/{page.stem}.pdf"] = page.with_suffix(".pdf").read_bytes()
    if len(files) == 1:
        raise HkresearchError(f"{reports}: an index and no report. {again} --force")
    if (reports / FEED).is_file():
        files[f"reports/{FEED}"] = drop_superseded((reports / FEED).read_bytes())
    return files


def hash_table(package: Path, table: str) -> str:
    """Return the SHA-256 that a data package gives of one of its tables."""
    stored = {
        resource["name"]: resource
        for resource in json.loads(package.read_text(encoding="utf-8"))["resources"]
    }
    return stored[table]["hash"].removeprefix("sha256:")


def list_cited(files: dict[str, bytes]) -> set[str]:
    """Return the id of every annotation whose passage stands in one of the reports."""
    from hkresearch.evidence.evidence_block import read_evidence

    pages = [
        data
        for name, data in files.items()
        if name.endswith(".html") and not name.endswith(f"/{INDEX}")
    ]
    return {
        item["id"].rsplit(":", 1)[-1]
        for data in pages
        for item in read_evidence(data, is_pdf=False)
    }


def list_tables(tables: Tables) -> dict[str, bytes]:
    """Return `tables` as Parquet with their data package, which says what was left out, and as CSV."""
    from hkresearch.report.index import write_tables_csv
    from hkresearch.tables.previous_build import DATAPACKAGE
    from hkresearch.tables.tables import write_tables

    with tempfile.TemporaryDirectory() as place:
        write_tables(tables, Path(place) / "processed")
        write_tables_csv(tables, Path(place) / "tables")
        files = {
            f"data/processed/{path.name}": path.read_bytes()
            for path in (Path(place) / "processed").iterdir()
        }
        files |= {
            f"reports/tables/{path.name}": path.read_bytes()
            for path in (Path(place) / "tables").iterdir()
        }
    package = json.loads(files[f"data/processed/{DATAPACKAGE}"])
    package["description"] = package.get("description", "") + BLANKED
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    return files | {f"data/processed/{DATAPACKAGE}": text.encode("utf-8")}


def list_codebooks_used(name: str, sha256: str) -> dict[str, bytes]:
    """Return the TOML of the codebook that the tables were made with; any other raises HkresearchError."""
    from hkresearch.codebook.book import NEWS, list_codebooks

    shipped = resources.files("hkresearch.codebook")
    try:
        news = (shipped / f"{NEWS}.toml").read_bytes()
        topic = (
            (shipped / f"{name}.toml").read_bytes()
            if name in list_codebooks()
            else Path(name).read_bytes()
        )
    except OSError:
        raise HkresearchError(
            f"{name}: no such codebook. Type: hkresearch bundle OUT.zip --codebook FILE"
        ) from None
    if hash_bytes(news + b"\0" + topic) != sha256:
        raise HkresearchError(
            f"{name}: the tables were made with another codebook. Type: hkresearch report, or name theirs: "
            "hkresearch bundle OUT.zip --codebook FILE.toml"
        )
    return {
        f"codebooks/{NEWS}.toml": news,
        f"codebooks/{Path(name).name.removesuffix('.toml')}.toml": topic,
    }


def list_sources(notebooks: Iterable[Path], reports: set[str]) -> dict[str, bytes]:
    """Return the notebooks behind `reports`, without outputs, which may quote pages, their lock file and its bill."""
    from hkresearch.bundle.sbom import SBOM, write_sbom
    from hkresearch.report.provenance import LOCK, find_lock

    used = [
        path
        for path in notebooks
        if path.stem in {name.partition("-")[0] for name in reports} | reports
    ]
    files = {f"notebooks/{path.name}": _clear_outputs(path.read_bytes()) for path in used}
    if lock := next(filter(None, map(find_lock, used)), None):
        files[LOCK] = lock.read_bytes()
        files[SBOM] = write_sbom(files[LOCK].decode("utf-8", "replace"))
    return files


def _clear_outputs(data: bytes) -> bytes:
    notebook = json.loads(data)
    full = [cell for cell in notebook["cells"] if cell.get("outputs") or cell.get("attachments")]
    for cell in full:
        cell.pop("attachments", None)
        if "outputs" in cell:
            cell |= {"outputs": [], "execution_count": None}
    return (
        (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
        if full
        else data
    )


# ---------------------------------------------------------------------------------------------------- verification


def verify_bundle(bundle: str | os.PathLike, raw: str | os.PathLike) -> list[str]:
    """Return every fault of a bundle, zipped or unpacked: files against the crate, register and reports against the pages."""
    path, raw = Path(bundle), Path(raw)
    if not path.exists():
        raise HkresearchError(f"{path}: no such bundle.")
    if not raw.is_dir():
        raise HkresearchError(
            f"{raw}: no such folder of pages. Type: hkresearch verify {path} --raw DIR"
        )
    try:
        files, faults = read_bundle(path)
    except HkresearchError as error:
        return [f"{path.name}: {error}"]
    faults += compare_crate(files)
    if not faults and path.is_file() and write_archive(files) != path.read_bytes():
        faults.append(
            "the zip itself was edited: an entry's date, permissions or order, or bytes between the files"
        )
    if not faults:  # no table is opened that is not the one the crate lists
        faults += _check_register(files, raw)
    faults += _check_reports(files, raw)
    return [f"{path.name}: {fault}" for fault in faults]


def _check_reports(files: dict[str, bytes], raw: Path) -> list[str]:
    from hkresearch.evidence.verify import check_report, join_faults

    reports = [
        name
        for name in sorted(files)
        if name.startswith("reports/") and name.endswith((".html", ".pdf"))
    ]
    return join_faults(
        (name, check_report(files[name], raw)) for name in reports if name != f"reports/{INDEX}"
    )


def _check_register(files: dict[str, bytes], raw: Path) -> list[str]:
    """Return where register, table of articles and pages differ; pages that were refused have no row in the table."""
    name = "data/raw/" + REGISTER
    if name not in files or ARTICLES not in files:
        return []  # named as missing already
    try:
        pages = {page["article_id"]: page["sha256"] for page in read_article_rows(files[ARTICLES])}
        with tempfile.TemporaryDirectory() as place:  # a name of ours, never one from the archive
            (Path(place) / REGISTER).write_bytes(files[name])
            rows = {row["article_id"]: row for row in read_register(place)}
    except HkresearchError as error:
        return [f"{name} cannot be compared with the pages: {str(error).splitlines()[-1].strip()}"]
    faults = [
        f"{name}: has no page {id!r}, the tables have" for id in sorted(pages.keys() - rows.keys())
    ]
    for id in sorted(pages.keys() & rows.keys()):
        if rows[id]["sha256"] != pages[id]:
            faults.append(f"{name}: {id} has another SHA-256 than in the tables")
        try:
            if (found := hash_bytes(read_bytes(raw, rows[id]["file"]))) != rows[id]["sha256"]:
                faults.append(
                    f"{raw / rows[id]['file']} is not the page in the register (SHA-256 {found})"
                )
        except HkresearchError as error:
            faults.append(f"{raw / rows[id]['file']} {error}")
    return faults
