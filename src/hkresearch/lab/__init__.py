"""A project's folder -> JupyterLab on its tour, which saves notebooks without outputs."""

from __future__ import annotations

import os
from collections.abc import Callable, MutableMapping, Sequence
from pathlib import Path
from typing import Any

TOUR = "start/tour.ipynb"
METADATA_KEPT = ("kernelspec", "hkresearch")  # a language's version differs between machines
CELL_METADATA_DROPPED = (
    "execution",
    "trusted",
    "collapsed",
    "scrolled",
    "papermill",
    "ExecuteTime",
)
QUIET_OPTIONS = (
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.news_url=None",
    "--LabApp.extension_manager=readonly",  # the other one asks a package index what there is
    f"--LabApp.app_settings_dir={Path(__file__).parent}",  # overrides.json: no question about news
)


def open_lab(notebooks: Path, arguments: Sequence[str] = (), keep_outputs: bool = False) -> None:
    """Serve JupyterLab until it is stopped; `arguments` are its own options, and win over ours."""
    from jupyterlab.labapp import LabApp

    # A kernel of the same name elsewhere lacks this package.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    first = notebooks / TOUR if (notebooks / TOUR).is_file() else notebooks
    where = [f"--LabApp.default_url=/lab/tree/{first.as_posix()}"] if first.exists() else []
    server = LabApp.initialize_server(argv=[*QUIET_OPTIONS, *where, *arguments])
    if not keep_outputs:
        server.contents_manager.register_pre_save_hook(make_stripper(notebooks))
    server.start()


def make_stripper(notebooks: Path) -> Callable[..., None]:
    """Return a hook that strips what is saved inside the folder `notebooks`, and nothing else."""
    folder = notebooks.resolve()

    def strip_saved(
        model: MutableMapping[str, Any], path: str, contents_manager: Any, **_: Any
    ) -> None:
        if model.get("type") != "notebook" or not model.get("content"):
            return
        if folder in (Path(contents_manager.root_dir) / path).resolve().parents:
            strip_outputs(model["content"])

    return strip_saved


def strip_outputs(notebook: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return `notebook`, changed in place, without what running it left behind."""
    for cell in notebook.get("cells", ()):
        if cell.get("cell_type") == "code":
            cell["outputs"], cell["execution_count"] = [], None
        for name in CELL_METADATA_DROPPED:
            cell.get("metadata", {}).pop(name, None)
    metadata = notebook.get("metadata", {})
    for name in [name for name in metadata if name not in METADATA_KEPT]:
        del metadata[name]
    metadata["language_info"] = {"name": "python"}
    if metadata.get("kernelspec", {}).get("name") == "python3":  # its label differs elsewhere
        metadata["kernelspec"] = {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        }
    return notebook
