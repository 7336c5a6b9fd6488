"""Published reports and all they were made from except the pages -> one zip."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

from hkresearch.bundle.archive import CRATE, write_archive
from hkresearch.bundle.ro_crate import list_html_reports, write_crate
from hkresearch.bundle.sbom import SBOM, write_sbom
from hkresearch.codebook.book import NEWS, list_codebooks
from hkresearch.core.article import HkresearchError
from hkresearch.core.files import DECISIONS_FILE, hash_bytes, write_if_changed
from hkresearch.evidence.evidence_block import read_evidence
from hkresearch.evidence.published import INDEX
from hkresearch.pages.reader import REGISTER
from hkresearch.pages.register import read_register
from hkresearch.report.feed import FEED, drop_superseded
from hkresearch.report.index import write_tables_csv
from hkresearch.report.notebook_files import LOCK, find_lock
from hkresearch.report.publishable_tables import limit_tables
from hkresearch.report.reports_folder import is_ours
from hkresearch.tables.folder import find_tables
from hkresearch.tables.previous_build import DATAPACKAGE
from hkresearch.tables.tables import Tables, read_tables, write_tables

_LIMITED = (
    " In a bundle, exact, before, after and text are left out, and empty, where no report in it "
    "cites the words, and the middle of long passages is […]: it holds no more of any page than "
    "the codebook allows."
)


def write_bundle(
    out: Path,
    raw: Path,
    tables_folder: Path,
    reports: Path,
    notebooks: Iterable[Path] = (),
    codebook: str | None = None,
) -> int:
    """Write the bundle of published reports and return the number of files in it.

    The pages stay out, and so do their words that no report cites. Same input, same bytes.

    Parameters
    ----------
    out : Path
        The zip to write.
    raw, tables_folder, reports : Path
        The folders of pages, of tables and of published reports.
    notebooks : iterable of Path
        Those of the reports go into the bundle.
    codebook : str, optional
        The codebook that the tables were made with, where it does not ship with the package.

    Raises
    ------
    HkresearchError
        If reports or tables are missing, or the reports were made from other tables.
    """
    if out.suffix != ".zip" or out.is_dir():
        raise HkresearchError(f"{out}: a bundle is a .zip file. Type: hkresearch bundle OUT.zip")
    files = _list_files(raw, tables_folder, reports, notebooks, codebook)
    files[CRATE] = write_crate(files)
    write_if_changed(out, write_archive(files))
    return len(files)


def _list_files(
    raw: Path, tables_folder: Path, reports: Path, notebooks: Iterable[Path], codebook: str | None
) -> dict[str, bytes]:
    """Return all files of the bundle but its own description."""
    tables = read_tables(tables_folder)
    descriptor = find_tables(tables_folder) / DATAPACKAGE
    files = _list_reports(reports, _hash_table(descriptor, "annotations"))
    files |= _list_tables(limit_tables(tables, list_cited(files)))
    files |= _list_register(raw)
    name = codebook or tables.codebook.get("id", "")
    files |= _list_codebooks_used(name, tables.codebook.get("sha256", ""))
    files |= list_sources(notebooks, {Path(name).stem for name in files if name.endswith(".pdf")})
    return files


def _list_reports(reports: Path, tables_hash: str) -> dict[str, bytes]:
    """Return the reports in a folder that this package published, with index and feed.

    Raises HkresearchError if one is not made from the tables with the hash `tables_hash`.
    """
    again = f"Type: hkresearch report --reports {reports}"
    if not (reports / INDEX).is_file() or not is_ours(reports / INDEX):
        raise HkresearchError(f"{reports}: no reports here (no {INDEX}). {again}")
    files = {}
    for page in sorted(filter(is_ours, reports.glob("*.html"))):
        data = page.read_bytes()
        files[f"reports/{page.name}"] = data
        if page.name == INDEX:
            continue
        if tables_hash.encode() not in data:
            raise HkresearchError(
                f"{page}: made from other tables than those to be bundled. {again}"
            )
        pdf = page.with_suffix(".pdf")
        if not pdf.is_file():
            raise HkresearchError(f"{pdf}: missing. {again} --force")
        files[f"reports/{pdf.name}"] = pdf.read_bytes()
    if len(files) == 1:
        raise HkresearchError(f"{reports}: an index and no report. {again} --force")
    if (reports / FEED).is_file():
        files[f"reports/{FEED}"] = drop_superseded((reports / FEED).read_bytes())
    return files


def _hash_table(descriptor: Path, table: str) -> str:
    """Return the SHA-256 that a datapackage.json gives of one of its tables."""
    resources_ = json.loads(descriptor.read_text(encoding="utf-8"))["resources"]
    hashes = {resource["name"]: resource["hash"] for resource in resources_}
    return str(hashes[table]).removeprefix("sha256:")


def list_cited(files: Mapping[str, bytes]) -> set[str]:
    """Return the id of every annotation whose passage stands in one of the reports."""
    cited = set()
    for name in list_html_reports(files):
        for item in read_evidence(files[name], is_pdf=False):
            cited.add(item["id"].rsplit(":", 1)[-1])
    return cited


def _list_tables(tables: Tables) -> dict[str, bytes]:
    """Return `tables` as Parquet with their data package, which says what is left out, and CSV."""
    files = {}
    with tempfile.TemporaryDirectory() as folder:
        processed, as_csv = Path(folder) / "processed", Path(folder) / "tables"
        write_tables(tables, processed)
        write_tables_csv(tables, as_csv)
        for path in processed.iterdir():
            files[f"data/processed/{path.name}"] = path.read_bytes()
        for path in as_csv.iterdir():
            files[f"reports/tables/{path.name}"] = path.read_bytes()
    name = f"data/processed/{DATAPACKAGE}"
    package = json.loads(files[name])
    package["description"] = package.get("description", "") + _LIMITED
    files[name] = _write_json(package)
    return files


def _list_register(raw: Path) -> dict[str, bytes]:
    """Return the register of the pages and the decisions about them, if there are any."""
    read_register(raw)  # raises HkresearchError for one that cannot be read
    files = {f"data/raw/{REGISTER}": (raw / REGISTER).read_bytes()}
    decisions = raw / DECISIONS_FILE
    if decisions.is_file():
        files[f"data/raw/{DECISIONS_FILE}"] = decisions.read_bytes()
    return files


def _list_codebooks_used(name: str, sha256: str) -> dict[str, bytes]:
    """Return the TOML files of the codebook that the tables were made with.

    Raises HkresearchError if the codebook `name` has another hash than `sha256`.
    """
    shipped = resources.files("hkresearch.codebook")
    is_shipped = name in list_codebooks()
    try:
        news = (shipped / f"{NEWS}.toml").read_bytes()
        topic = (shipped / f"{name}.toml" if is_shipped else Path(name)).read_bytes()
    except OSError:
        raise HkresearchError(
            f"{name}: no such codebook. Type: hkresearch bundle OUT.zip --codebook FILE"
        ) from None
    if hash_bytes(news + b"\0" + topic) != sha256:
        raise HkresearchError(
            f"{name}: the tables were made with another codebook. Type: hkresearch report, "
            "or name theirs: hkresearch bundle OUT.zip --codebook FILE.toml"
        )
    topic_file = f"{Path(name).name.removesuffix('.toml')}.toml"
    return {f"codebooks/{NEWS}.toml": news, f"codebooks/{topic_file}": topic}


def list_sources(notebooks: Iterable[Path], reports: set[str]) -> dict[str, bytes]:
    """Return the notebooks behind `reports`, their lock file and its bill of materials.

    Outputs of notebooks are left out: they may quote pages.
    """
    names = reports | {name.partition("-")[0] for name in reports}
    used = [path for path in notebooks if path.stem in names]
    files = {f"notebooks/{path.name}": _clear_outputs(path.read_bytes()) for path in used}
    lock = next(filter(None, map(find_lock, used)), None)
    if lock:
        files[LOCK] = lock.read_bytes()
        files[SBOM] = write_sbom(files[LOCK].decode("utf-8", "replace"))
    return files


def _clear_outputs(data: bytes) -> bytes:
    """Return a notebook without outputs and attachments, the same bytes if it has none."""
    notebook = json.loads(data)
    has_changed = False
    for cell in notebook["cells"]:
        if not cell.get("outputs") and not cell.get("attachments"):
            continue
        has_changed = True
        cell.pop("attachments", None)
        if "outputs" in cell:
            cell |= {"outputs": [], "execution_count": None}
    return _write_json(notebook) if has_changed else data


def _write_json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
