"""Where things are in the repository: the only place in the tests that counts folders upwards."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
RAW = ROOT / "data/raw"  # the sample pages
NOTEBOOKS = ROOT / "notebooks"
SHARED = ROOT.parent / "shared"  # the real pages and their gold, where they are
