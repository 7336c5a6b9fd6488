"""Notebooks and parameters -> the reports to be made."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import HkresearchError
from hkresearch.report.notebook_parameters import TABLES_PARAMETER
from hkresearch.report.run_notebook import check_parameters, list_parameters, read_notebook
from hkresearch.report.table_dependencies import Reads

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of one report: its answer, or the error that kept it back."""

    name: str
    title: str = ""
    question: str = ""
    answer: str = ""
    error: str = ""
    words: str = field(default="", repr=False)  # what the index's search looks in
    # Of all that the report says; how it was made is no part of it.
    digest: str = field(default="", repr=False)
    cited: Sequence[str] = field(default=(), repr=False)  # the annotations whose passages it shows
    reads: Reads = field(default_factory=dict, repr=False)  # the tables that it was made of


Result = tuple[Rendered, bytes, bytes]  # a report, its HTML and its PDF; empty where it failed


@dataclass(frozen=True, slots=True)
class ReportJob:
    """One report to be made: a notebook with its parameters."""

    name: str
    notebook: Path
    parameters: Mapping[str, Any]
    subject: str = ""  # the label of the value that a dossier is about


def list_jobs(
    notebooks: Sequence[Path], tables: Tables, parameters: Mapping[str, str]
) -> list[ReportJob]:
    """Return the runs to do.

    A parameter that no notebook has raises HkresearchError with the ones there are.
    """
    known = {}
    for path in notebooks:
        known[path] = list_parameters(read_notebook(path))
        known[path].pop(TABLES_PARAMETER, None)
    _check_names(parameters, known)
    if parameters.get("organisation"):
        from hkresearch.analysis.views.wording import check_organisation

        check_organisation(tables, parameters["organisation"])
    jobs = []
    for path, names in known.items():
        own = {name: value for name, value in parameters.items() if name in names}
        given = check_parameters(path, names, own)
        if path.stem in names and path.stem not in given:
            jobs += _list_dossiers(path, given, tables)
        else:
            jobs.append(ReportJob(path.stem, path, given))
    return jobs


def _check_names(parameters: Collection[str], known: Mapping[Path, Collection[str]]) -> None:
    """Raise HkresearchError for parameters that no notebook has."""
    all_names = {name for names in known.values() for name in names}
    unknown = sorted(set(parameters) - all_names)
    if unknown:
        listed = [f"{path.name}: {', '.join(names) or 'none'}" for path, names in known.items()]
        raise HkresearchError(
            f"no notebook has a parameter {', '.join(map(repr, unknown))}. "
            f"There are: {'; '.join(listed)}"
        )


def _list_dossiers(path: Path, given: Mapping[str, Any], tables: Tables) -> list[ReportJob]:
    """Return a run of the notebook for each value of the parameter that it is named after."""
    parameter = path.stem
    jobs = []
    for value in list_values(tables, parameter):
        name = f"{parameter}-{_name_value(value)}"
        jobs.append(ReportJob(name, path, {**given, parameter: value}, tables.label_of(value)))
    return jobs


def _name_value(value: str) -> str:
    """Return `value`, which may be a page's words, as a part of a file's name.

    Another value gives another one.
    """
    plain = re.sub(r"[^\w-]+", "-", value).strip("-")[:60]
    if value == plain:
        return value
    return f"{plain}-{hashlib.sha256(value.encode('utf-8')).hexdigest()[:8]}"


def list_values(tables: Tables, name: str) -> list[str]:
    """Return every value that the tables have for the parameter `name`.

    Roles and places are no organisations.
    """
    if name == "organisation":
        from hkresearch.analysis.views import list_organisations

        return list_organisations(tables)
    values: set[str] = set()
    for frame in (tables.positions, tables.quotations, tables.claims):
        if name in frame.columns:
            for value in frame[name].dropna():
                values.update(filter(None, str(value).split(";")))
    return sorted(values)


def write_command(job: ReportJob) -> str:
    """Return the one line to type for this report; values are quoted for a shell."""
    given = "".join(
        f" -p {name} {shlex.quote(str(value))}" for name, value in job.parameters.items()
    )
    return f"hkresearch report {shlex.quote('notebooks/' + job.notebook.name)}{given}"
