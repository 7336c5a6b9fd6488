"""Four invented pages and the tables a build would make of them, by hand."""

import hashlib

import pandas as pd

from hkresearch.core.article import Article, annotate
from hkresearch.tables.schema import conform_frame

COLUMNS = {
    "articles": "article_id file sha256 text_sha256 media_type headline author publisher date_published date_accessed "
    "in_language url is_based_on license note n_chars n_body_chars",
    "annotations": "annotation_id article_id start end exact subject variable code coder",
    "quotations": "quotation_id article_id start end exact kind speaker speaker_start speaker_end organisation cue "
    "claim_id",
    "positions": "position_id article_id organisation position modality object announced_on effective_from condition "
    "via start end exact claim_id",
    "quantities": "quantity_id article_id organisation variable value unit period start end exact claim_id",
    "claims": "claim_id subject variable code text n_articles n_origins first_published status",
    "appearances": "claim_id annotation_id article_id wording",
    "passages": "annotation_id line before after",
    "refused": "file reason",
    "origins": "article_id origin_id reason evidence annotation_id",
}
COLUMNS = {name: columns.split() for name, columns in COLUMNS.items()}
BOOK = {
    "id": "small",
    "label": "A small codebook",
    "sha256": "0" * 64,
    "question": "What did companies say they would do?",
    "context_characters": 40,
    "quoted_share": 0.9,  # the pages are very short
    "entities": {
        **{id: {"kind": "company", "label": id.title()} for id in ("apple", "facebook", "telegram", "twitter")},
        "whatsapp": {"kind": "company", "label": "WhatsApp", "owner": "facebook", "owned_since": "2014-10-06"},
        "security_law": {"kind": "law", "label": "Security law"},
        "service_provider": {"kind": "role", "label": "Service provider"},
        "london": {"kind": "place", "label": "London"},
        "dubai": {"kind": "place", "label": "Dubai"},
    },
    "variables": {
        "position": {"level": "nominal", "question": "What will it do?", "codes": {
            "pause": {"label": "pause", "family": "withholds", "contradicts": ["continue"]},
            "refuse": {"label": "refuse", "family": "withholds", "contradicts": ["continue"]},
            "never_complied": {"label": "never complied", "family": "past", "tense": "lasting"},
            "continue": {"label": "continue", "family": "goes_on"}}},
        "requests": {"level": "interval", "label": "requests received", "question": "How many?"},
        "accounts": {"level": "interval", "label": "accounts named", "question": "How many?"},
        "share_complied": {"level": "interval", "label": "share answered", "question": "What share?"},
        "maximum_fine": {"level": "interval", "label": "maximum fine", "question": "How much?"},
        "prison_term": {"level": "interval", "label": "prison term", "question": "How long?"},
        "seat": {"level": "nominal", "question": "Where is its seat?", "single": True},
        "in_force_on": {"level": "date", "label": "in force on", "question": "Since when?"},
    },
    "parts": {
        "headline": {"label": "Headline", "kind": "article"},
        "body": {"label": "Body paragraph", "kind": "article"},
        "newsletter": {"label": "Newsletter or webinar box", "kind": "furniture"},
        "share_counter": {"label": "Share counter", "kind": "furniture"},
        "footer": {"label": "Legal or foreign-language footer", "kind": "furniture"},
    },
}  # fmt: skip
GAZETTE = """Facebook pauses data requests
The Example Gazette, 6 July 2020
Subscribe now for two coins
Facebook said on Monday that it would pause reviews of data requests from Hong Kong. \
“We believe that people should speak without fear,” a spokesperson said.
Facebook acts until it has finished a human rights assessment. Twitter paused all requests on 1 July.
The company received 241 requests on 257 accounts from July to December 2019 and gave some data in 46% of them.
London-based Telegram has never shared any data. Refusing may cost HK$100,000 and six months in prison.
All rights of the Example Gazette reserved
"""
MIRROR = """Facebook pauses data requests
From the Example Gazette
“We believe that people can speak with no fear,” a spokesperson for Facebook said as it paused reviews of requests.
Share Tweet Mail
"""
DAILY = """Facebook and Zoom halt requests
Dubai-based Telegram said it will refuse any request. Apple continued to review requests.
Facebook would consider a pause, it said on Monday, and had complied with 40% of requests in 2019.
"""
CHINESE = """臉書暫停處理資料要求
臉書發言人表示:「我們相信人們應能無所畏懼地發言。」臉書暫停處理資料要求。
"""


def make_article(id, text, **fields):
    """Return an Article of `text`, hashed as if it had been read from `id`.txt."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(id=id, text=text, sha256=digest, text_sha256=digest, file=f"{id}.txt", **fields)


class TableMaker:
    """Collects rows by quoting the pages, so that every offset in the fixture is found, not typed."""

    def __init__(self, articles):
        self.articles = {article.id: article for article in articles}
        self.rows = {name: [] for name in COLUMNS}

    def mark(self, article_id, exact, subject, variable, code, coder):
        article = self.articles[article_id]
        start = article.text.index(exact)
        mark = annotate(article, start, start + len(exact), subject, variable, code, coder)
        self.rows["annotations"].append(
            (mark.id, mark.article_id, start, mark.end, exact, subject, variable, code, coder)
        )
        line = article.text.count("\n", 0, start) + 1
        around = (article.text[max(0, start - 40) : start], article.text[mark.end : mark.end + 40])
        if variable != "part":
            self.rows["passages"].append((mark.id, line, *around))
        return mark

    def describe(self, mark, coder="positions/1", **attributes):
        for variable, (exact, code) in attributes.items():
            self.mark(mark.article_id, exact, mark.id, variable, code, coder)

    def claim(self, subject, variable, code, marks, n_origins, status, text=""):
        claim_id = hashlib.sha256("|".join((subject, variable, code)).encode()).hexdigest()[:16]
        articles = sorted({mark.article_id for mark, _ in marks})
        dates = sorted(date for id in articles if (date := self.articles[id].date_published))
        text = text or max((mark.exact for mark, _ in marks), key=len)
        row = (
            claim_id,
            subject,
            variable,
            code,
            text,
            len(articles),
            n_origins,
            (dates or [""])[0],
            status,
        )
        self.rows["claims"].append(row)
        for mark, wording in marks:
            self.rows["appearances"].append((claim_id, mark.id, mark.article_id, wording))
        return claim_id

    def quote(self, article_id, exact, organisation, speaker, cue, kind="direct"):
        mark = self.mark(article_id, exact, article_id, "quotation", kind, "quotations/1")
        who = self.mark(article_id, speaker, mark.id, "speaker", speaker, "quotations/1")
        self.mark(article_id, speaker, mark.id, "organisation", organisation, "quotations/1")
        self.mark(article_id, cue, mark.id, "cue", cue, "quotations/1")
        return mark, (mark.id, article_id, mark.start, mark.end, exact, kind, speaker, who.start, who.end,
                      organisation, cue)  # fmt: skip

    def place(self, article_id, exact, organisation, position, modality="stated", **given):
        mark = self.mark(article_id, exact, organisation, "position", position, "positions/1")
        names = ("object", "announced_on", "effective_from", "condition", "via")
        for name, (words, code) in given.items():
            self.mark(article_id, words, mark.id, name, code, "positions/1")
        self.mark(article_id, exact, mark.id, "modality", modality, "positions/1")
        values = [given[name][1] if name in given else "" for name in names]
        return mark, (
            mark.id,
            article_id,
            organisation,
            position,
            modality,
            *values,
            mark.start,
            mark.end,
            exact,
        )

    def count(self, article_id, exact, organisation, variable, value, unit, period):
        mark = self.mark(article_id, exact, organisation, variable, value, "quantities/1")
        self.mark(article_id, exact, mark.id, "unit", unit, "quantities/1")
        return mark, (
            mark.id,
            article_id,
            organisation,
            variable,
            value,
            unit,
            period,
            mark.start,
            mark.end,
            exact,
        )

    def frames(self):
        return {
            name: pd.DataFrame(self.rows[name], columns=columns)
            for name, columns in COLUMNS.items()
        }


def add_articles(maker):
    for id, article in sorted(maker.articles.items()):
        maker.rows["articles"].append(
            (id, article.file, article.sha256, article.text_sha256, article.media_type, article.headline, "",
             article.publisher, article.date_published, "", article.in_language, "", article.is_based_on,
             "CC0-1.0", "", len(article.text), len(article.text) - 60)
        )  # fmt: skip
        lines = article.text.splitlines(keepends=True)
        labels = {
            "Subscribe now": "newsletter",
            "Share Tweet": "share_counter",
            "All rights": "footer",
        }
        for line in lines:
            found = [label for start, label in labels.items() if line.startswith(start)]
            maker.mark(
                id,
                line,
                id,
                "part",
                found[0] if found else "headline" if line is lines[0] else "body",
                "clean/1",
            )
        maker.mark(id, lines[0].strip(), id, "headline", article.headline, "clean/1")
        maker.mark(id, article.text, id, "confidence", "0.93", "clean/1")
    maker.rows["refused"].append(("broken.html", "is cut off inside a tag; save the page again"))


def add_positions(maker):
    rows, monday = maker.rows["positions"], "2020-07-06"
    paused, row = maker.place(
        "gazette", "it would pause reviews of data requests from Hong Kong", "facebook", "pause",
        announced_on=("on Monday", monday), object=("data requests", "data requests"),
        condition=("until it has finished a human rights assessment",
                   "until it has finished a human rights assessment"),
    )  # fmt: skip
    again, row_again = maker.place("mirror", "it paused reviews of requests", "facebook", "pause")
    chinese, row_chinese = maker.place("chinese", "臉書暫停處理資料要求", "facebook", "pause")
    facebook = maker.claim(
        "facebook",
        "position",
        "pause",
        [(paused, "verbatim"), (again, "verbatim"), (chinese, "translated")],
        2,
        "contested",
    )
    maybe, row_maybe = maker.place(
        "daily", "Facebook would consider a pause", "facebook", "pause", "considered"
    )
    considered = maker.claim(
        "facebook", "position", "pause (considered)", [(maybe, "verbatim")], 1, "contested"
    )
    twitter, row_twitter = maker.place("gazette", "Twitter paused all requests", "twitter", "pause",
                                       effective_from=("on 1 July", "2020-07-01"))  # fmt: skip
    paused_too = maker.claim(
        "twitter", "position", "pause", [(twitter, "verbatim")], 1, "single-source"
    )
    never, row_never = maker.place(
        "gazette", "Telegram has never shared any data", "telegram", "never_complied"
    )
    nothing = maker.claim(
        "telegram", "position", "never_complied", [(never, "verbatim")], 1, "single-source"
    )
    refuse, row_refuse = maker.place(
        "daily", "Telegram said it will refuse any request", "telegram", "refuse"
    )
    refused = maker.claim(
        "telegram", "position", "refuse", [(refuse, "verbatim")], 1, "single-source"
    )
    goes, row_goes = maker.place("daily", "Apple continued to review requests", "apple", "continue")
    continued = maker.claim(
        "apple", "position", "continue", [(goes, "verbatim")], 1, "single-source"
    )
    rows += [
        (*row, facebook),
        (*row_again, facebook),
        (*row_chinese, facebook),
        (*row_maybe, considered),
        (*row_twitter, paused_too),
        (*row_never, nothing),
        (*row_refuse, refused),
        (*row_goes, continued),
    ]


def add_quotations(maker):
    first, row = maker.quote("gazette", "We believe that people should speak without fear,", "facebook",
                             "a spokesperson", "said")  # fmt: skip
    altered, row_altered = maker.quote("mirror", "We believe that people can speak with no fear,", "facebook",
                                       "a spokesperson for Facebook", "said")  # fmt: skip
    chinese, row_chinese = maker.quote(
        "chinese", "我們相信人們應能無所畏懼地發言。", "facebook", "臉書發言人", "表示"
    )
    claim = maker.claim("facebook", "statement", "0123456789ab",
                        [(first, "verbatim"), (altered, "altered"), (chinese, "translated")], 2, "corroborated",
                        text=first.exact)  # fmt: skip
    maker.rows["quotations"] += [(*row, claim), (*row_altered, claim), (*row_chinese, claim)]


def add_quantities(maker):
    period = "2019-07/2019-12"
    for exact, organisation, variable, value, unit, when in (
        ("241 requests", "facebook", "requests", "241", "request", period),
        ("257 accounts", "facebook", "accounts", "257", "account", period),
        ("46%", "facebook", "share_complied", "46", "percent", period),
        ("HK$100,000", "service_provider", "maximum_fine", "100000", "HKD", ""),
        ("six months in prison", "service_provider", "prison_term", "6", "month", ""),
    ):
        mark, row = maker.count("gazette", exact, organisation, variable, value, unit, when)
        claim = maker.claim(organisation, variable, f"{value} {unit} {when}".strip(), [(mark, "verbatim")], 1,
                            "single-source")  # fmt: skip
        maker.rows["quantities"].append((*row, claim))
    mark, row = maker.count(
        "daily", "40% of requests", "facebook", "share_complied", "40", "percent", "2019"
    )
    claim = maker.claim(
        "facebook", "share_complied", "40 percent 2019", [(mark, "verbatim")], 1, "single-source"
    )
    maker.rows["quantities"].append((*row, claim))


def add_facts(maker):
    for article_id, exact, code in (
        ("gazette", "London-based", "london"),
        ("daily", "Dubai-based", "dubai"),
    ):
        mark = maker.mark(article_id, exact, "telegram", "seat", code, "facts/1")
        maker.claim("telegram", "seat", code, [(mark, "verbatim")], 1, "contested")
    mark = maker.mark(
        "gazette", "on 1 July", "security_law", "in_force_on", "2020-07-01", "facts/1"
    )
    maker.claim(
        "security_law", "in_force_on", "2020-07-01", [(mark, "verbatim")], 1, "single-source"
    )


def add_origins(maker):
    credit = maker.mark(
        "mirror", "From the Example Gazette", "mirror", "publisher", "Example Gazette", "clean/1"
    )
    for id, origin, reason, evidence, mark in (
        ("chinese", "chinese", "own", "", ""), ("daily", "daily", "own", "", ""),
        ("gazette", "example gazette", "publisher", "Example Gazette", ""),
        ("mirror", "example gazette", "register", "Example Gazette", ""),
        ("mirror", "example gazette", "credit", "Example Gazette", credit.id),
    ):  # fmt: skip
        maker.rows["origins"].append((id, origin, reason, evidence, mark))


def list_articles():
    return [
        make_article("chinese", CHINESE, headline="臉書暫停處理資料要求", publisher="範例報", in_language="zh-Hant",
                     date_published="2020-07-08"),
        make_article("daily", DAILY, headline="Facebook and Zoom halt requests", publisher="Example Daily",
                     in_language="en", date_published="2020-07-08"),
        make_article("gazette", GAZETTE, headline="Facebook pauses data requests", publisher="Example Gazette",
                     in_language="en", date_published="2020-07-06"),
        make_article("mirror", MIRROR, headline="Facebook pauses data requests", publisher="Example Mirror",
                     in_language="en", date_published="", is_based_on="Example Gazette"),
    ]  # fmt: skip


def make_frames(articles):
    """Return {table: frame} of `articles`, as a build orders and types them."""
    maker = TableMaker(articles)
    for add in (
        add_articles,
        add_positions,
        add_quotations,
        add_quantities,
        add_facts,
        add_origins,
    ):
        add(maker)
    return {
        name: conform_frame(name, frame.sort_values(frame.columns[0], kind="stable"))
        for name, frame in maker.frames().items()
    }
