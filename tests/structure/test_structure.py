"""A page as a whole: what cannot be read yields nothing, and invisible characters hide no name."""

from hkresearch.codebook.book import read_codebook
from hkresearch.core.article import Article
from hkresearch.structure import structure_article

BOOK = read_codebook("hong-kong-data-requests")
SOFT = "\u00ad"


def make(text, language=""):
    return Article("t", text, "", "0", in_language=language)


def test_a_page_in_a_language_without_words_yields_nothing():
    text = "Hong Kong. Telegram said it had refused data requests."
    assert structure_article(make(text), [], BOOK)
    assert structure_article(make(text, "en-GB"), [], BOOK)
    assert structure_article(make(text, "ja"), [], BOOK) == []


def test_soft_hyphens_change_no_statement():
    text = "Hong Kong. Slack paused. Signal said it never handed over data."
    hidden = text.replace("Signal", f"Sig{SOFT}nal").replace("handed", f"han{SOFT}ded")
    plain, found = (structure_article(make(one), [], BOOK) for one in (text, hidden))
    read = lambda marks: sorted((m.variable, m.code.replace(SOFT, "")) for m in marks)  # noqa: E731
    assert read(found) == read(plain) and found
    assert all(m.exact == hidden[m.start : m.end] for m in found)
    assert {m.subject for m in found} - {"t"} <= {m.id for m in found} | set(BOOK.entities)
