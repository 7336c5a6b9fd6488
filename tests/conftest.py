"""Fixtures that tests of several rooms share: four invented pages with their tables, and a browser."""

import pytest

pytest.register_assert_rewrite("support")
from support import browsers  # noqa: E402
from support.paths import NOTEBOOKS, RAW, SHARED  # noqa: E402

# Whoever asks for one of these fixtures, if only through another one, has the mark.
PUBLISHED = ("published_sample", "published_real", "published", "reports", "hostile")
MARK_OF = {"browser": "browser"} | dict.fromkeys(PUBLISHED, "kernel")


def pytest_collection_modifyitems(items):
    for item in items:
        columns = item.callspec.params if hasattr(item, "callspec") else {}  # of a table of cases
        for name in MARK_OF.keys() & (set(item.fixturenames) - set(columns)):
            item.add_marker(MARK_OF[name])


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


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The sample pages, built: only to be read."""
    from support import corpora

    return corpora.build(RAW, tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def sample_tables(sample):
    """The tables of the sample pages: a test that changes a frame copies it first."""
    from hkresearch.tables.tables import read_tables

    return read_tables(sample.tables)


@pytest.fixture(scope="session")
def published_sample(sample, tmp_path_factory):
    """The sample pages with all their reports: only to be read."""
    from support import corpora

    return corpora.publish(sample, tmp_path_factory.mktemp("published-sample"))


@pytest.fixture(scope="session")
def real(tmp_path_factory):
    """The five real pages, built: only to be read."""
    from support import corpora

    if not (SHARED / "articles").is_dir():
        pytest.skip("the real pages (../shared/articles) are not here")
    return corpora.build(SHARED / "articles", tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="session")
def real_tables(real):
    """The tables of the five real pages: a test that changes a frame copies it first."""
    from hkresearch.tables.tables import read_tables

    return read_tables(real.tables)


@pytest.fixture(scope="session")
def published_real(real, tmp_path_factory):
    """The real pages with a report of each question and one dossier: only to be read."""
    from support import corpora

    questions = [path for path in NOTEBOOKS.glob("*.ipynb") if path.stem != "organisation"]
    folder = tmp_path_factory.mktemp("published-real")
    corpus = corpora.publish(real, folder, "--strict", *sorted(questions))
    dossier = (NOTEBOOKS / "organisation.ipynb", "-p", "organisation=facebook")
    corpora.run("report", *dossier, *corpus.given, "--reports", corpus.reports)
    return corpus
