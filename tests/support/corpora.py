"""The sample pages and the real ones, built and published once a session; a test that changes anything copies it.

A copy with its `.cache` codes no page and runs no notebook again.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from support.command_line import run, run_here


@dataclass(frozen=True)
class Corpus:
    """A folder with raw/, processed/, reports/ and .cache/, and what the command that made it said."""

    folder: Path
    said: str

    @property
    def raw(self):
        return self.folder / "raw"

    @property
    def tables(self):
        return self.folder / "processed"

    @property
    def reports(self):
        return self.folder / "reports"

    @property
    def given(self):
        """The options that name its pages and its tables."""
        return ("--raw", self.raw, "--out", self.tables)

    def copy(self, folder):
        """Return a copy in `folder` that a test may change."""
        return Corpus(shutil.copytree(self.folder, folder, dirs_exist_ok=True), self.said)


def build(raw, folder):
    """Build a copy of the pages in `raw`."""
    shutil.copytree(raw, folder / "raw")
    said = run_here("build", "--raw", folder / "raw", "--out", folder / "processed")
    return Corpus(folder, said)


def publish(built, folder, *more):
    """Publish a copy of the corpus `built`."""
    corpus = built.copy(folder)
    said = run("report", *more, *corpus.given, "--reports", corpus.reports)
    return Corpus(folder, said)
