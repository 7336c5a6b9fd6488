"""Fixtures that tests of several rooms share: four invented pages with their tables, and a browser."""

import pytest

pytest.register_assert_rewrite("support")
from support import browsers  # noqa: E402


@pytest.fixture(scope="session")
def small_articles():
    from support.small_corpus import list_articles

    return list_articles()


@pytest.fixture(scope="session")
def small_frames(small_articles):
    """The frames of `small_tables` as a dictionary: a test that changes one copies it first."""
    from support.small_corpus import make_frames

    return make_frames(small_articles)


@pytest.fixture(scope="session")
def small_tables(small_frames):
    """Tables of four invented pages: a pause, a refusal, an altered and a translated quotation, a contested seat."""
    from hkresearch.tables.tables import Tables
    from support.small_corpus import BOOK

    return Tables(small_frames, BOOK)


@pytest.fixture(scope="session")
def empty_tables(small_frames):
    """Tables with every column and no row, as an empty folder of pages gives."""
    from hkresearch.tables.tables import Tables
    from support.small_corpus import BOOK

    return Tables({name: frame.iloc[:0] for name, frame in small_frames.items()}, BOOK)


@pytest.fixture(scope="module")
def browser():
    with browsers.open_browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def axe():
    return browsers.read_axe()
