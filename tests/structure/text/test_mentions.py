"""Mentions: names in both scripts, and references that resolve, or stay alone."""

import pytest

from support.coded_texts import read

CASES = [
    # (why, text, {words: entities})
    ("a name", "Google spoke.", {"Google": ["google"]}),
    ("a word that is no name", "A signal to zoom in.", {}),
    ("the longer name", "Apple Daily spoke to Apple.", {"Apple Daily": ["apple_daily"], "Apple": ["apple"]}),
    ("a ticker", "Twitter (TWTR) spoke.", {"Twitter": ["twitter"], "TWTR": ["twitter"]}),
    ("a suffix", "Twitter Inc spoke.", {"Twitter Inc": ["twitter"]}),
    ("capitals", "GOOGLE spoke.", {"GOOGLE": ["google"]}),
    ("inside another word", "Googlers spoke.", {}),
    ("Chinese names", "臉書和谷歌", {"臉書": ["facebook"], "谷歌": ["google"]}),
    ("Latin glued to Han", "據Facebook表示", {"Facebook": ["facebook"]}),
    ("it", "Google said it would.", {"Google": ["google"], "it": ["google"]}),
    ("the company", "Zoom spoke. The company is watching.", {"Zoom": ["zoom"], "The company": ["zoom"]}),
    ("they", "Google and Twitter said they would.", {"Google": ["google"], "Twitter": ["twitter"], "they": ["google", "twitter"]}),
    ("both", "Google and Zoom met. Both are here.", {"Google": ["google"], "Zoom": ["zoom"], "Both": ["google", "zoom"]}),
    ("both the one and", "Google spoke of both the law and the city.", {"Google": ["google"]}),
    ("its parent company", "WhatsApp spoke. Its parent company followed.", {"WhatsApp": ["whatsapp"], "Its parent company": ["facebook"]}),
    ("dad or mum firm", "WhatsApp spoke. Its dad or mum firm followed.", {"WhatsApp": ["whatsapp"], "Its dad or mum firm": ["facebook"]}),
    ("a description", "Telegram and Google met. The messaging app spoke.", {"Telegram": ["telegram"], "Google": ["google"], "The messaging app": ["telegram"]}),
    ("a spokesperson", "Zoom spoke. A company spokesperson wrote.", {"Zoom": ["zoom"], "A company spokesperson": ["zoom"]}),
    ("we", 'Zoom paused. "We are watching," a spokeswoman said.', {"Zoom": ["zoom"], "We": ["zoom"], "a spokeswoman": ["zoom"]}),
    ("it without anyone", "It rains.", {}),
    ("it of somebody else", "Google spoke. Cook said it had gone.", {"Google": ["google"]}),
    ("the parent is not the subject", "Facebook, WhatsApp's parent, said it would.", {"Facebook": ["facebook"], "WhatsApp": ["whatsapp"], "it": ["facebook"]}),
    ("Chinese reference", "WhatsApp表示，其母公司", {"WhatsApp": ["whatsapp"], "其母公司": ["facebook"]}),
    ("Chinese plural", "谷歌及推特表示，兩家公司", {"谷歌": ["google"], "推特": ["twitter"], "兩家公司": ["google", "twitter"]}),
]  # fmt: skip


@pytest.mark.parametrize("why, text, expected", CASES, ids=[case[0] for case in CASES])
def test_mentions(why, text, expected):
    article, mentions = read(text, "mentions")
    found = {}
    for m in mentions:
        if m.entity not in ("security_law", "hong_kong"):
            found.setdefault(article.text[m.start : m.end], []).append(m.entity)
    assert found == expected
