"""The head of a plain text page: menus and mastheads above the headline, wrapped headlines, the article's day."""

import pytest

import hkresearch as hk
from hkresearch.clean import clean_article
from hkresearch.core.article import Article

CODEBOOK = hk.read_codebook()
TITLE = "Technology firms halt police requests for user data"
BODY = [
    "Two of the largest social networks said on Monday that they would stop answering requests for account records from the police of the city while their lawyers read the new law.",
    "The companies had received several dozen such requests in the second half of last year, and had answered about half of them with at least some data.",
    "Officials have said that the law is aimed at a small number of offenders, and that ordinary users have nothing to worry about as long as they keep to it.",
    "Lawyers expect that the courts will sooner or later be asked whether a firm without an office in the city can be made to comply at all.",
]
TITLE_HAN = "科技公司暫停處理警方索取用戶資料的要求"
BODY_HAN = [
    "兩間大型社交平台星期一表示，在律師審視新法例期間，將暫停處理警方索取用戶資料的要求，並稱會諮詢人權專家的意見。",
    "兩間公司去年下半年共接獲數十宗同類要求，當中約一半獲提供部分資料，其餘則因文件不足而被拒絕。",
    "官員多次強調，法例只針對極少數人，一般用戶只要守法便毋須擔心，又指企業在當地經營須遵守當地法律。",
]


def clean_page(*head, body=BODY, foot=("About us", "Contact us")):
    """Return variable -> value, and the parts, of a page of these lines."""
    text = "\n\n".join([*head, *body, *foot])
    marks = clean_article(Article(id="page", text=text, sha256="", text_sha256=""), CODEBOOK)
    stated = {mark.variable: mark.code for mark in marks if mark.variable != "part"}
    return stated, [(mark.code, mark.exact) for mark in marks if mark.variable == "part"]


HEADLINES = [
    # (lines above the text, the headline, why)
    (["Harbour Post", "NEWS   CITY   COURTS   BUSINESS   VOICES", TITLE, "By Mona Leung"], TITLE, "a menu in capitals"),
    (["Harbour Post", "Latest   World   Business   Investing   Opinion   Puzzles", TITLE, "July 7, 2020"], TITLE, "a menu in columns"),
    (["Harbour Post", "Watch Live\tFirst Alert\tLatest Videos", TITLE, "July 7, 2020"], TITLE, "a menu in tabs"),
    (["Harbour Post", "Home | World | Business", TITLE, "July 7, 2020"], TITLE, "a menu with bars"),
    (["harbour.example", "Category: Tech  Tags: fb, google, hongkong", TITLE], TITLE, "categories and tags"),
    (["Harbour Post", "Filed under: Technology, Asia, Privacy", TITLE, "By Mona Leung"], TITLE, "a list of subjects"),
    (["Harbour Post", "Acme VPN   Features  Pricing  Blog  Support  [Get Acme VPN]", "Why we are not leaving the city", "Posted on July 16th, 2020 by the Acme team"], "Why we are not leaving the city", "a company's menu"),
    (["Harbour Post", "Are technology firms quietly answering calls for user data?", "The law lets the authorities ask in secret.", "By Mona Leung"], "Are technology firms quietly answering calls for user data?", "a question"),
    (["Harbour Post", TITLE, "July 7, 2020", "Updated July 8, 2020", "By Mona Leung", "3 minutes to read"], TITLE, "four lines between it and the text"),
    (["Harbour Post", "Technology firms halt police requests for the data of their users\nin the city", "By Mona Leung"], "Technology firms halt police requests for the data of their users in the city", "wrapped over two lines"),
]  # fmt: skip


@pytest.mark.parametrize("head, headline, why", HEADLINES)
def test_the_headline_is_no_menu(head, headline, why):
    stated, _ = clean_page(*head)
    assert stated.get("headline") == headline, why


HAN_HEADLINES = [
    (["海灣快報", "首頁 即時 政治 國際 兩岸 產經 科技 生活", "國際", TITLE_HAN, "發稿時間:2020/07/08 10:12"], TITLE_HAN, "a menu with spaces"),
    (["海灣網", "即時新聞 | 理財 | 地產 | 科技", f"【新法例】{TITLE_HAN}?一文看清", "撰文:梁小明", "發布時間:2020/07/08 15:20", "最後更新:2020/07/08 18:05"], f"【新法例】{TITLE_HAN}?一文看清", "three lines between it and the text"),
]  # fmt: skip


@pytest.mark.parametrize("head, headline, why", HAN_HEADLINES)
def test_the_headline_of_a_chinese_page_is_no_menu(head, headline, why):
    stated, _ = clean_page(*head, body=BODY_HAN, foot=("關於我們",))
    assert stated.get("headline") == headline, why


DAYS = [
    # (lines above the text, the article's day, why)
    (["Harbour Post", "Seeing the larger picture.", "Saturday, Nov 29, 2025", TITLE], None, "a masthead's clock: outlet, slogan, day"),
    (["Harbour Post", "Saturday, November 29, 2025", TITLE], None, "outlet, day"),
    (["Harbour Post", "Saturday, November 29, 2025", TITLE, "July 7, 2020"], "2020-07-07", "below the headline the article's own"),
    (["Harbour Post", TITLE, "By Mona Leung", "19 May 2022, 18:32 HKT"], "2022-05-19", "below the byline"),
    (["Harbour Post", f"{TITLE} in the city while their\nlawyers read the law", "By Mona Leung", "19 May 2022, 18:32 HKT"], "2022-05-19", "below a wrapped headline"),
    (["Harbour Post", TITLE, "Two networks take the same step, and a third thinks about it.", "Share", "7 July 2020"], "2020-07-07", "below a standfirst and a button"),
    (["Home / Features", "Thu, Oct 01, 2020 page 13", TITLE], "2020-10-01", "above the headline, with the page"),
    (["Harbour Post", "Seeing the larger picture          Friday, Feb 20, 2026", TITLE], None, "slogan and day on one line"),
    (["July 7, 2020", TITLE], "2020-07-07", "right above the headline, no masthead"),
]  # fmt: skip


@pytest.mark.parametrize("head, day, why", DAYS)
def test_the_day_is_the_articles(head, day, why):
    stated, _ = clean_page(*head)
    assert stated.get("date_published") == day, why


OUTLETS = [
    # (the first line, the last line, who publishes it, why)
    ("northwind.news", "© 2020 Northwind News & Media Limited", "northwind.news", "an address"),
    ("Newsmill24.biz", "Theme by Acme", "Newsmill24.biz", "an address, nothing else"),
    ("WQXN Channel 11", "Copyright 2020 Nexus Broadcasting, Inc. WQXN. All rights reserved.", "WQXN Channel 11", "its owner's notice names it too"),
    ("Emerald Business News", "© Emerald Media 2020. All rights reserved.", "Emerald Business News", "the owner has another name"),
    ("L'Écho du Port", "© L'Écho du Port – Mentions légales", "L'Écho du Port", "the notice names it"),
    ("Skip to content", "© 2020 Harbour Chronicle. All rights reserved.", "Harbour Chronicle", "the first line is a button"),
    ("The Harbour Chronicle", "© 2020 Sentinel Publishing. Terms of Service", "The Harbour Chronicle", "a name that its form gives away"),
    ("Technology", "© 2020 Harbour Chronicle", "Harbour Chronicle", "a section"),
    ("Acme pauses data requests", "Contact us", None, "nothing says who"),
]  # fmt: skip


@pytest.mark.parametrize("first, last, publisher, why", OUTLETS)
def test_the_masthead_publishes(first, last, publisher, why):
    stated, _ = clean_page(first, "Home | World | Business", TITLE, "By Mona Leung", foot=(last,))
    assert stated.get("publisher") == publisher, why
