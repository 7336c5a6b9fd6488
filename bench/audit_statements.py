"""Built tables -> every published statement that the audit may draw, with the passages it cites.

A statement is a dictionary: key, kind, page, statement (what is said, by field), passages. The key
is a hash of the kind, the page's text and what is said, so that a judgement can be found again in a
later draw. Each kind is listed from the views that the notebooks print.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict

from hkresearch.analysis import views
from hkresearch.analysis.views.wording import name_code, name_pages

CONTEXT, CONTEXT_OF_MANY = 350, 150  # characters on either side of a passage
NOT_IN_KEY = ("pages", "rests_on")  # counts that another page of the corpus changes
CURRENT_FIELDS = (
    "organisation", "position", "announced_on", "effective_from", "told_by", "also_reported",
    "reported_otherwise", "rests_on",
)  # fmt: skip
QUANTITY_FIELDS = ("organisation", "quantity", "value", "unit", "period", "scope")
DISAGREEMENT_VIEWS = (
    "list_contradictions", "list_differences", "list_headlines", "check_quantities",
)  # fmt: skip
MOST_ALIKE = 4  # pages shown beside an origin


class AuditPages:
    """The text of every page, put together from its parts, and what each annotation says."""

    def __init__(self, tables):
        marks, articles = tables.annotations, tables.articles
        short_hashes = articles["text_sha256"].str[:12]
        self.text_hash = dict(zip(articles["article_id"], short_hashes, strict=True))
        self.mark = {row.annotation_id: row for row in marks.itertuples(index=False)}
        passages = tables.passages
        self.line = dict(zip(passages["annotation_id"], passages["line"], strict=True))
        parts = marks[marks["variable"] == "part"].sort_values("start")
        self.text = {page: "".join(rows["exact"]) for page, rows in parts.groupby("article_id")}

    def cite_passage(self, annotation_id, context=CONTEXT):
        """Return the passage of an annotation, with `context` characters of the page around it."""
        mark = self.mark[annotation_id]
        text = self.text[mark.article_id]
        if text[mark.start : mark.end] != mark.exact:
            raise ValueError(f"{annotation_id}: the page does not have these words at this place")
        before = text[max(0, mark.start - context) : mark.start]
        after = text[mark.end : mark.end + context]
        line = self.line.get(annotation_id, text.count("\n", 0, mark.start) + 1)
        return {
            "page": mark.article_id,
            "line": int(line),
            "start": int(mark.start),
            "variable": mark.variable,
            "code": mark.code,
            "exact": mark.exact,
            "context": f"{before}⟦{mark.exact}⟧{after}",
        }

    def group_by_page(self, annotation_ids):
        """Return the annotations of each page, in the order given."""
        found = defaultdict(list)
        for annotation_id in annotation_ids:
            found[self.mark[annotation_id].article_id].append(annotation_id)
        return found

    def make_statement(self, kind, page, fields, annotation_ids, context=CONTEXT):
        """Return one statement; `page` is the one it is filed under, "" if it is of the corpus."""
        said = [f"{name}={value}" for name, value in fields.items() if name not in NOT_IN_KEY]
        hashed = "\x1f".join([kind, self.text_hash.get(page, page), *said])
        cited = [one for one in dict.fromkeys(annotation_ids) if one in self.mark]
        return {
            "key": hashlib.sha256(hashed.encode()).hexdigest()[:12],
            "kind": kind,
            "page": page,
            "statement": fields,
            "passages": [self.cite_passage(one, context) for one in cited],
        }


def pick_fields(row, names):
    """Return those of the named fields that the row has and that are not empty, as text."""
    return {name: str(row[name]) for name in names if name in row and str(row[name])}


def state_positions(tables, pages):
    """Yield kind a: a page reports that an organisation takes a position, with its modality."""
    key = ["organisation", "position", "modality", "article_id"]
    for (organisation, position, modality, page), rows in tables.positions.groupby(key):
        fields = {
            "organisation": tables.label_of(organisation),
            "position": name_code(tables, "position", position),
            "modality": modality,
        }
        yield pages.make_statement("a", page, fields, rows.sort_values("start")["position_id"])


def state_positions_in_force(tables, pages):
    """Yield kind b: where an organisation stands now, whole rows of the corpus."""
    for row in views.list_current(tables).to_dict("records"):
        fields = pick_fields(row, CURRENT_FIELDS)
        yield pages.make_statement("b", "", fields, row["position_evidence"], CONTEXT_OF_MANY)


def state_attributions(tables, pages):
    """Yield kind c: a page has these words said by an organisation or a speaker, or by both."""
    quotations = tables.quotations.set_index("quotation_id")
    told = {}
    for row in views.list_statements(tables).to_dict("records"):
        told |= dict.fromkeys(row["evidence"], (row["organisation"], "statement"))
    for row in views.list_quoted_words(tables).to_dict("records"):
        told |= dict.fromkeys(row["evidence"], (row["organisation"], "words"))
    for row in views.list_unattributed(tables).to_dict("records"):
        if row["speaker"]:
            told |= dict.fromkeys(row["evidence"], ("", "not attributed"))
    for quotation_id, (organisation, shown_as) in sorted(told.items()):
        mark = pages.mark[quotation_id]
        fields = {
            "organisation": organisation,
            "speaker": quotations.at[quotation_id, "speaker"],
            "kind": quotations.at[quotation_id, "kind"],
            "shown_as": shown_as,
            "words": mark.exact,
        }
        yield pages.make_statement("c", mark.article_id, fields, [quotation_id])


def state_quantities(tables, pages):
    """Yield kind d: a page gives a quantity a value, with its unit and period."""
    for row in views.list_quantities(tables).to_dict("records"):
        fields = pick_fields(row, QUANTITY_FIELDS)
        for page, cited in pages.group_by_page(row["evidence"]).items():
            yield pages.make_statement("d", page, fields, cited)


def state_facts(tables, pages):
    """Yield kind e: the claims of a page that are neither positions, statements nor numbers."""
    elsewhere = {"position", "statement", *tables.quantities["variable"]}
    claims = tables.claims[~tables.claims["variable"].isin(elsewhere)]
    for claim in claims.itertuples(index=False):
        fields = {
            "subject": tables.label_of(claim.subject),
            "variable": claim.variable,
            "code": claim.code,
        }
        found = tables.appearances[tables.appearances["claim_id"] == claim.claim_id]
        for page, cited in pages.group_by_page(sorted(found["annotation_id"])).items():
            yield pages.make_statement("e", page, fields, cited)


def state_disagreements(tables, pages):
    """Yield kind f: a contradiction, difference, headline or sum as it is listed, both sides."""
    for name in DISAGREEMENT_VIEWS:
        for row in getattr(views, name)(tables).to_dict("records"):
            evidence = [row[column] for column in row if column.endswith("evidence")]
            cited = [one for part in evidence for one in part]
            shown = {
                column: str(value)
                for column, value in row.items()
                if not column.endswith("evidence")
            }
            yield pages.make_statement("f", "", {"list": name} | shown, cited, CONTEXT_OF_MANY)


def state_dates(tables, pages):
    """Yield kind g: a page dates a position, and the day on which a page was published."""
    for row in views.list_dates(tables).to_dict("records"):
        fields = pick_fields(row, ["kind", "organisation", "position", "date"])
        for page, cited in pages.group_by_page(row["evidence"]).items():
            yield pages.make_statement("g", page, fields, cited)
    for row in views.list_pages(tables).to_dict("records"):
        if row["date_published"]:
            fields = {"kind": "page date", "date": row["date_published"]}
            cited = row["date_published_evidence"]
            yield pages.make_statement("g", row["article_id"], fields, cited)


def state_origins(tables, pages):
    """Yield kind h: the origin that a page goes back to and why, and the publisher of a page."""
    origins = tables.origins
    cited = dict(zip(origins["article_id"], origins["annotation_id"], strict=True))
    page_of = {name: page for page, name in name_pages(tables).items()}
    shingles = {page: list_shingles(text) for page, text in pages.text.items()}
    for row in views.list_links(tables).to_dict("records"):
        page = page_of[row["page"]]
        fields = {
            "what": "origin",
            "page": page,
            "origin": row["origin"],
            "reason": row["reason"],
            "rests_on": row["rests_on"],
        }
        statement = pages.make_statement("h", page, fields, [cited[page]])
        beside = {"text": pages.text[page], "most_alike": find_most_alike(shingles, page)}
        yield statement | beside
    for row in views.list_pages(tables).to_dict("records"):
        if row["publisher"]:
            page = row["article_id"]
            fields = {"what": "publisher", "page": page, "publisher": row["publisher"]}
            yield pages.make_statement("h", page, fields, row["publisher_evidence"])


def find_most_alike(shingles, page):
    """Return the pages that share most wording with `page`, each with the share of the shorter."""
    own = shingles[page]
    shares = [
        (len(own & other) / max(1, min(len(own), len(other))), other_page)
        for other_page, other in shingles.items()
        if other_page != page
    ]
    most = sorted(shares, reverse=True)[:MOST_ALIKE]
    return [f"{other_page} {share:.2f}" for share, other_page in most]


def list_shingles(text):
    """Return the runs of five words of a text, of one mostly in ideographs of eight characters."""
    if sum("\u3400" <= character <= "\u9fff" for character in text) * 3 > len(text):
        words, size = [character for character in text if character.isalnum()], 8
    else:
        spaced = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
        words, size = spaced.split(), 5
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def state_conditions(tables, pages):
    """Yield kind i: a page says that an organisation's position depends on a condition."""
    marks = tables.annotations[tables.annotations["variable"] == "condition"]
    position_of = dict(zip(marks["annotation_id"], marks["subject"], strict=True))
    positions = {row.position_id: row for row in tables.positions.itertuples(index=False)}
    for row in views.list_conditions(tables).to_dict("records"):
        for condition_id in row["condition_evidence"]:
            position = positions[position_of[condition_id]]
            fields = {
                "organisation": tables.label_of(position.organisation),
                "position": row["position"],
                "condition": pages.mark[condition_id].exact,
                "shown_in_row": row["condition"],
            }
            cited = [condition_id, position.position_id]
            yield pages.make_statement("i", position.article_id, fields, cited)


def state_wordings(tables, pages):
    """Yield kind j: a page's words are the same statement as the base wording of another page."""
    quotations = tables.quotations
    claim_of = dict(zip(quotations["quotation_id"], quotations["claim_id"], strict=True))
    base_of = {}
    for row in views.list_wordings(tables).to_dict("records"):
        own = row["evidence"][0]
        base = base_of.setdefault(claim_of[own], own)
        if base == own:
            continue
        fields = {
            "statement": row["statement"],
            "wording": row["wording"],
            "change": str(row["change"]),
            "words": pages.mark[own].exact,
            "base_page": pages.mark[base].article_id,
            "base_words": pages.mark[base].exact,
        }
        yield pages.make_statement("j", pages.mark[own].article_id, fields, [own, base])


def state_lines(tables, pages):
    """Yield kind k: a line of a page is the article or furniture, with its label."""
    yield from list_lines(tables, pages, "k")


def state_furniture(tables, pages):
    """Yield kind k2: the same of the lines alone that are labelled furniture."""
    yield from list_lines(tables, pages, "k2")


def list_lines(tables, pages, kind):
    """Yield the lines of all pages that are not white space; kind k2 has furniture alone."""
    parts = tables.codebook.get("parts", {})
    marks = tables.annotations[tables.annotations["variable"] == "part"]
    for mark in marks[marks["exact"].str.strip() != ""].itertuples(index=False):
        side = parts.get(mark.code, {}).get("kind", "furniture")
        if kind == "k" or side == "furniture":
            fields = {"side": side, "label": mark.code, "line": mark.exact.strip()}
            yield pages.make_statement(kind, mark.article_id, fields, [mark.annotation_id])


STATEMENTS_OF_KIND = {
    "a": state_positions,
    "b": state_positions_in_force,
    "c": state_attributions,
    "d": state_quantities,
    "e": state_facts,
    "f": state_disagreements,
    "g": state_dates,
    "h": state_origins,
    "i": state_conditions,
    "j": state_wordings,
    "k": state_lines,
    "k2": state_furniture,
}
