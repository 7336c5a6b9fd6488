"""A notebook and its parameters -> the executed notebook, the same in every run."""

from __future__ import annotations

import ast
import os
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from hkresearch.core.article import HkresearchError
from hkresearch.report.table_dependencies import ask_for_reads, take_reads

# Its grammar takes 3 s to load, for a check that notebooks never need.
LOADED_MODULES: dict[str, Any] = sys.modules
LOADED_MODULES.setdefault("rfc3987_syntax", None)
# A kernel's notes on transport and shutdown would break the progress lines, and its cells are not
# what a person typed.
QUIET_KERNEL = ["--log-level=CRITICAL", "--HistoryManager.enabled=False"]
# What no browser takes for another address.
NOTEBOOK_NAME = re.compile(r"(?!index\Z)[\w(][\w ().,-]*\Z")
ERROR_BANNER_TAG = "papermill-error-cell-tag"
LITERALS = (str, int, float, bool, type(None), list, tuple, dict)


def read_notebook(path: str | os.PathLike[str]) -> Any:
    """Return the notebook at `path`; what is not a notebook raises HkresearchError."""
    nbformat: Any = import_module("nbformat")
    path = Path(path)
    if not path.is_file():
        raise HkresearchError(f"{path}: no such notebook.")
    if not NOTEBOOK_NAME.match(path.stem):
        raise HkresearchError(
            f"{path}: a report is found under its notebook's name. "
            "Rename it, with letters, digits and hyphens, not 'index'"
        )
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise HkresearchError(
            f"{path}: not a Jupyter notebook ({str(error).splitlines()[0]})."
        ) from None


def list_parameters(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of `notebook` and their defaults, from its cell tagged `parameters`."""
    from hkresearch.report.notebook_parameters import read_assignments

    for cell in notebook["cells"]:
        if "parameters" in cell.get("metadata", {}).get("tags", ()):
            return {name: value for name, value, _ in read_assignments(cell["source"])}
    return {}


def check_parameters(
    path: Path, known: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return `given`, each value in its default's type.

    A name the notebook lacks raises, listing the right ones.
    """
    if unknown := sorted(set(given) - set(known)):
        right = ", ".join(f"{name} (now {value!r})" for name, value in known.items()) or "none"
        raise HkresearchError(
            f"{path}: no parameter {', '.join(map(repr, unknown))}. Its parameters are: {right}."
        )
    return {name: _convert_value(path, name, value, known[name]) for name, value in given.items()}


def _convert_value(path: Path, name: str, value: Any, default: Any) -> Any:
    """Return the value in its default's type; text is read as a literal where it must be one."""
    value = _clean_value(value if isinstance(value, LITERALS) else str(value))
    if not isinstance(value, str) or isinstance(default, str) or default is None:
        return value
    try:
        literal = ast.literal_eval(value)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        literal = value
    is_whole_number = isinstance(default, float) and isinstance(literal, int)
    if type(literal) is not type(default) and not is_whole_number:
        raise HkresearchError(f"{path}: parameter {name} must be like {default!r}, not {value!r}.")
    return literal


def run_notebook(
    path: Path, parameters: Mapping[str, Any], failed: Path, *, cwd: Path, progress: Any = False
) -> Any:
    """Return the executed notebook; `parameters` are only ever written as literals.

    Its metadata say which tables it read, as `take_reads` does.

    Parameters
    ----------
    failed : Path
        Where the notebook so far is kept when a cell fails; the HkresearchError names the cell.
    cwd : Path
        Where it runs.
    progress : mapping or bool
        As papermill takes it.
    """
    from papermill import PapermillExecutionError

    with tempfile.TemporaryDirectory(prefix="hkresearch-") as folder:
        output = Path(folder) / "executed.ipynb"
        try:
            done = _execute(path, parameters, cwd, progress, output)
        except PapermillExecutionError as error:
            number = _keep_failed(output, failed)
            fault = f"{error.ename}: {error.evalue.rstrip('.')}"
            raise HkresearchError(
                f"{path}: cell {number} failed: {fault}. The notebook up to there is kept: {failed}"
            ) from None
    done, reads = take_reads(strip_notebook(done))
    done["metadata"]["hkresearch"] = {"reads": reads}
    return done


def _execute(
    path: Path, parameters: Mapping[str, Any], cwd: Path, progress: Any, output: Path
) -> Any:
    """Return the notebook as it was executed; a failed one is left at `output`, and raises.

    These are the steps of papermill.execute_notebook, which besides writes all of the notebook out
    twice a cell.
    """
    import papermill
    from papermill.engines import papermill_engines
    from papermill.execute import raise_for_execution_errors

    # A string as papermill writes it is a literal, but a NUL or lone surrogate would break the
    # cell.
    prepared = papermill.execute_notebook(
        str(path),
        None,
        parameters={name: _clean_value(value) for name, value in parameters.items()},
        prepare_only=True,
        progress_bar=False,
        kernel_name="python3",
        language="python",
    )
    ask_for_reads(prepared)
    done = papermill_engines.execute_notebook_with_engine(
        None,
        prepared,
        kernel_name="python3",
        progress_bar=progress,
        log_output=False,
        extra_arguments=list(QUIET_KERNEL),
        # Not papermill's `cwd`, which moves this whole process: another thread runs another
        # notebook.
        resources={"metadata": {"path": str(cwd)}},
    )
    raise_for_execution_errors(done, str(output))
    return done


def _keep_failed(output: Path, failed: Path) -> int:
    """Keep the notebook that failed, and return the number of its failed cell."""
    nbformat: Any = import_module("nbformat")
    failed.parent.mkdir(parents=True, exist_ok=True)
    notebook, _ = take_reads(strip_notebook(nbformat.read(output, as_version=4)))
    nbformat.write(notebook, failed)
    return _find_failed_cell(notebook)


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return value


def _find_failed_cell(notebook: Mapping[str, Any]) -> int:
    for number, cell in enumerate(notebook["cells"], 1):
        if any(output.get("output_type") == "error" for output in cell.get("outputs", ())):
            return number
    return 0


def strip_notebook(notebook: Any) -> Any:
    """Return `notebook` without times, random ids, machine paths and papermill's banners."""
    cells = []
    for cell in notebook["cells"]:
        if ERROR_BANNER_TAG not in cell["metadata"].get("tags", ()):
            cells.append(cell)
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"
        cell["metadata"] = _pick(cell["metadata"], ("tags",))
        for output in cell.get("outputs", ()):
            output.get("metadata", {}).clear()
            if output.get("output_type") == "error":
                output["traceback"] = []
    metadata = notebook["metadata"]
    notebook["cells"] = cells
    notebook["metadata"] = type(metadata)(_pick(metadata, ("kernelspec", "hkresearch")))
    return notebook


def _pick(metadata: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: metadata[name] for name in names if name in metadata}
