"""Cases by somebody who had not seen the rules: no fewer are right than before."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SCORER = HERE.parents[2] / "shared/cases/cases_eval.py"
FLOORS = {"unseen_a": 100, "unseen_b": 93}


@pytest.mark.cases
@pytest.mark.parametrize("name", FLOORS)
def test_no_fewer_cases_are_right_than_before(name):
    if not SCORER.is_file():
        pytest.skip("the scorer (../shared/cases) is not here")
    file = HERE / f"{name}.jsonl"
    done = subprocess.run(
        [sys.executable, SCORER, file, "--errors", "0"], capture_output=True, text=True, check=True
    )
    total = next(line for line in done.stdout.splitlines() if line.startswith("total"))
    right, cases = map(int, total.split()[1].split("/"))
    assert cases == sum(1 for line in file.read_text("utf-8").splitlines() if json.loads(line))
    assert right >= FLOORS[name], done.stdout
