"""Notebooks and parameters -> the reports to be made."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hkresearch.core.article import HkresearchError
from hkresearch.report.run_notebook import check_parameters, list_parameters, read_notebook
from hkresearch.report.table_dependencies import Reads


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of one report: its files and its answer, or the error that kept it from being
    published.
    """

    name: str
    title: str = ""
    question: str = ""
    answer: str = ""
    error: str = ""
    words: str = field(default="", repr=False)  # what the index's search looks in
    digest: str = field(
        default="", repr=False
    )  # of all that the report says; how it was made is no part of it
    cited: Sequence[str] = field(default=(), repr=False)  # the annotations whose passages it shows
    reads: Reads = field(default_factory=dict, repr=False)  # the tables that it was made of


Result = tuple[Rendered, bytes, bytes]  # a report, its HTML and its PDF; empty where it failed


@dataclass(frozen=True, slots=True)
class _Job:
    name: str
    notebook: Path
    parameters: Mapping[str, Any]
    subject: str = ""  # the label of the value that a dossier is about


def list_jobs(notebooks: Sequence[Path], tables: Any, parameters: Mapping[str, str]) -> list[_Job]:
    """Return the runs to do.

    A parameter that no notebook has raises HkresearchError with the ones there are.
    """
    known = {path: list_parameters(read_notebook(path)) for path in notebooks}
    all_names = {name for names in known.values() for name in names} - {"data"}
    if unknown := sorted(set(parameters) - all_names):
        raise HkresearchError(
            f"no notebook has a parameter {', '.join(map(repr, unknown))}. There are: "
            + "; ".join(
                f"{path.name}: {', '.join(n for n in names if n != 'data') or 'none'}"
                for path, names in known.items()
            )
        )
    if parameters.get("organisation"):
        from hkresearch.analysis.views.wording import check_organisation

        check_organisation(tables, parameters["organisation"])
    jobs = []
    for path, names in known.items():
        given = check_parameters(
            path, names, {k: v for k, v in parameters.items() if k in names and k != "data"}
        )
        if path.stem in names and path.stem not in given:
            for value in list_values(tables, path.stem):
                jobs.append(
                    _Job(
                        f"{path.stem}-{_name_value(value)}",
                        path,
                        {**given, path.stem: value},
                        tables.label_of(value),
                    )
                )
        else:
            jobs.append(_Job(path.stem, path, given))
    return jobs


def _name_value(value: str) -> str:
    """Return `value`, which may be a page's words, as a part of a file's name.

    Another value gives another one.
    """
    plain = re.sub(r"[^\w-]+", "-", value).strip("-")[:60]
    return (
        value
        if value == plain
        else f"{plain}-{hashlib.sha256(value.encode('utf-8')).hexdigest()[:8]}"
    )


def list_values(tables: Any, name: str) -> list[str]:
    """Return every value that the tables have for the parameter `name`.

    Roles and places are no organisations.
    """
    if name == "organisation":
        from hkresearch.analysis.views import list_organisations

        return list_organisations(tables)
    values: set[str] = set()
    for frame in (tables.positions, tables.quotations, tables.claims):
        if name in frame.columns:
            values |= {
                part for value in frame[name].dropna() for part in str(value).split(";") if part
            }
    return sorted(values)


def write_command(job: _Job) -> str:
    """Return the one line to type for this report; values are quoted for a shell."""
    given = "".join(
        f" -p {name} {shlex.quote(str(value))}" for name, value in job.parameters.items()
    )
    return f"hkresearch report {shlex.quote('notebooks/' + job.notebook.name)}{given}"
