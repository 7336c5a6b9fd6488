"""A real browser, where there is one, and the rules of accessibility."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def find_chromium():
    """Return the path of a Chromium; without one, skip the test, or fail it where CI promises one."""
    found = [os.environ.get("HKRESEARCH_CHROMIUM"), *map(shutil.which, NAMES)]
    if any(found):
        return next(filter(None, found))
    advice = "no Chromium found: install one or set HKRESEARCH_CHROMIUM to its path"
    assert not os.environ.get("CI"), advice
    pytest.skip(advice)


@contextmanager
def open_browser():
    """A running Chromium, closed at the end."""
    path = find_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


def read_axe():
    """The script of axe-core, which checks a page against RULES."""
    import axe_core_python

    return next(Path(axe_core_python.__file__).parent.rglob("axe*.js")).read_text(encoding="utf-8")
