"""The language of a page: by script and common words, the head's where the text does not contradict it."""

import pytest

from hkresearch.clean.language import detect_language, find_language
from hkresearch.codebook.book import read_codebook

NEWS = read_codebook().news
ENGLISH = "The police of the city often ask the firms for data about their users, and the firms have paused."
SPANISH = "La policía de la ciudad pide con frecuencia datos a las empresas, y las empresas no los entregan."
CASES = [
    # (text, language, reason)
    (ENGLISH, "en", "English"),
    (SPANISH, "es", "Spanish"),
    ("La police de la ville demande souvent des données aux entreprises, et elles ne répondent pas.", "fr", "French"),
    ("Die Polizei der Stadt verlangt oft Daten von den Firmen, und die Firmen geben sie nicht.", "de", "German"),
    ("A polícia da cidade pede muitas vezes dados às empresas, e as empresas não os entregam.", "pt", "Portuguese"),
    ("警方常要求公司提供用戶資料，公司已暫停。", "zh", "Chinese"),
    ("香港の警察はデータの提供をたびたび求めている。", "ja", "Japanese, though it has Han characters"),
    ("홍콩 경찰은 이용자 데이터를 자주 요구한다.", "ko", "Korean"),
    ("Полиция города часто запрашивает данные компаний.", "ru", "Russian"),
    (f"{ENGLISH} «{SPANISH[:40]}»", "en", "a foreign quotation"),
    ("公司以英文回覆：「We are looking at the law.」，警方其後再次要求提供資料。", "zh", "an English quotation"),
    ("Alpha 0 105", "", "too short to tell"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "language", "reason"), CASES, ids=[case[2] for case in CASES])
def test_the_language_of_a_text(text, language, reason):
    assert detect_language(text, NEWS) == language, reason


@pytest.mark.parametrize(
    ("text", "stated", "language", "reason"),
    [
        (SPANISH, "en", "es", "a template's language is not the article's"),
        (ENGLISH, "en-GB", "en-GB", "the head may be more precise"),
        ("Alpha 0 105", "fr", "fr", "what the text leaves open"),
    ],
)
def test_the_head_and_the_text(text, stated, language, reason):
    marks = find_language(text, [(0, len(text), "body")], [("lang", 0, 2, stated)], NEWS)
    assert [code for *_, code in marks] == [language], reason
