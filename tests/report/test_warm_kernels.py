"""Warm kernels: forked, real IPython kernels whose outputs are those of the plain ones."""

import subprocess
import sys

import pytest

sys.modules.setdefault("rfc3987_syntax", None)  # an optional grammar that costs seconds to import

import nbformat  # noqa: E402

from hkresearch.report.warm_kernels import open_fork_server, use_warm_kernels  # noqa: E402

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="no safe fork here"),
]


def write_notebook(path, *sources):
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(notebook, path)
    return path


def run_notebook(path, is_warm):
    out = path.with_name(f"out-{is_warm}.ipynb")
    import papermill

    with use_warm_kernels(open_fork_server() if is_warm else None):
        papermill.execute_notebook(path, out, progress_bar=False, log_output=False)
    return list_outputs(out)


def list_outputs(path):
    return [
        {**output, "metadata": {}}
        for cell in nbformat.read(path, 4).cells
        for output in cell.get("outputs", ())
    ]


FORKING = """
import sys
from hkresearch.report.warm_kernels import can_fork_here, open_fork_server, use_warm_kernels
assert can_fork_here()
server = open_fork_server()
import papermill
assert not can_fork_here()
with use_warm_kernels(server):
    papermill.execute_notebook(*sys.argv[1:], progress_bar=False, log_output=False)
"""


def run_in_a_fork(path):
    """Run the notebook in a kernel whose server is a fork of the run, as on the command line."""
    out = path.with_name("out-forked.ipynb")
    subprocess.run([sys.executable, "-c", FORKING, path, out], check=True)
    return list_outputs(out)


def test_a_warm_kernel_gives_the_outputs_of_a_plain_one(tmp_path):
    path = write_notebook(
        tmp_path / "in.ipynb",
        "import sys, os, pandas as pd\nprint(sys.version, os.getcwd())\nprint('oops', file=sys.stderr)",
        "pd.DataFrame({'a': [1, 2]})",
        "from matplotlib.figure import Figure\nfigure = Figure()\nfigure.add_subplot().plot([1, 2])\nfigure",
        "import matplotlib.pyplot as plt\nplt.plot([3, 1, 2]);",
        "sorted(name for name in globals() if not name.startswith('_'))",
        "sorted(sys.path), 'rfc3987_syntax' in sys.modules",
    )
    warm, plain = run_notebook(path, True), run_notebook(path, False)
    assert any("image/png" in output.get("data", {}) for output in plain)
    assert warm == plain
    assert run_in_a_fork(path) == plain


def test_kernels_of_one_server_share_nothing(tmp_path):
    first = write_notebook(tmp_path / "first.ipynb", "import pandas\npandas.leaked = 1")
    second = write_notebook(tmp_path / "second.ipynb", "import pandas\nhasattr(pandas, 'leaked')")
    out = tmp_path / "out.ipynb"
    import papermill

    with use_warm_kernels(open_fork_server()):
        papermill.execute_notebook(first, tmp_path / "none.ipynb", progress_bar=False)
        papermill.execute_notebook(second, out, progress_bar=False)
    assert nbformat.read(out, 4).cells[0].outputs[0].data["text/plain"] == "False"


def test_a_kernel_that_dies_is_noticed_and_the_next_one_starts(tmp_path):
    dies = write_notebook(
        tmp_path / "dies.ipynb", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    lives = write_notebook(tmp_path / "lives.ipynb", "1 + 1")
    import papermill
    from nbclient.exceptions import DeadKernelError

    with use_warm_kernels(open_fork_server()):
        with pytest.raises(DeadKernelError):
            papermill.execute_notebook(dies, tmp_path / "out.ipynb", progress_bar=False)
        papermill.execute_notebook(lives, tmp_path / "out.ipynb", progress_bar=False)
    assert nbformat.read(tmp_path / "out.ipynb", 4).cells[0].outputs[0].data["text/plain"] == "2"
