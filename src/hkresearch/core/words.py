"""Text -> its words, in scripts with and without spaces."""

from __future__ import annotations

import re

HAN = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
TOKEN = re.compile(
    rf"[{HAN}]"
    rf"|\d+(?:[.,:]\d+)*(?![^\W\d{HAN}])"
    r"|['\u2019][sS]\b"  # a possessive is no part of the name
    rf"|[^\W_{HAN}]+(?:(?!['\u2019][sS]\b)[-'\u2019\u2010\u2011&.](?=[^\W_{HAN}])[^\W_{HAN}]+)*"
    r"|\S"
)
