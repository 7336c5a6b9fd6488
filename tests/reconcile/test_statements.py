"""Which quotations are one statement: cases with a reason each."""

import pytest

from support.coded_pages import LONG, Page, quote_pages, tabulate

JOINED = [
    # quotations (words, organisation), the wording of each against the statement's text, why
    ([(LONG, "acme"), (LONG, "acme")], ["verbatim", "verbatim"], "the same words"),
    ([(LONG, "acme"), (LONG + ",", "acme")], ["verbatim", "verbatim"], "end marks are the page's"),
    ([(LONG, "acme"), ("without fear or favour", "acme")], ["verbatim", "fragment"], "a fragment of one statement"),
    ([(LONG, "acme"), ("fear or favour until", "corp"), ("without fear", "acme")], ["verbatim", "verbatim", "fragment"],
     "a short fragment from another mouth stays alone"),
    ([(LONG, "acme"), ("go on serving everybody in the city", "corp")], ["verbatim", "fragment"],
     "a long one is known again whoever is said to have said it"),
    ([(LONG, "acme"), (LONG.replace("everybody", "everyone"), "acme")], ["verbatim", "altered"], "one word changed"),
    ([(LONG, "acme"), (LONG.replace("we will", "we'll"), "acme"), (LONG, "acme")], ["verbatim", "altered", "verbatim"],
     "a contraction"),
    ([("a well known law-abiding firm of the city", "acme"), ("a well-known law abiding firm of the city", "acme"),
      ("a well known law-abiding firm of the city", "acme")], ["verbatim", "altered", "verbatim"], "hyphens"),
    ([("The New Law of the city is clear", "acme"), ("the new law of the city is clear", "acme"),
      ("the new law of the city is clear", "acme")], ["altered", "verbatim", "verbatim"], "capitals; most pages give the text"),
    ([("pausing", "acme"), ("paused", "acme", "bolt"), ("pause", "bolt")], ["verbatim", "altered", "altered"],
     "one word, inflected, from mouths that are linked"),
    ([("pausing", "acme"), ("paused", "corp")], ["verbatim", "verbatim"], "one word, unlinked mouths"),
    ([(LONG, "acme"), ("serving customers", "acme")], ["verbatim", "verbatim"], "words that stand apart in the statement"),
    ([("we believe in free speech for all and always will", "acme"),
      ("we believe in free trade for some and never did", "acme")], ["verbatim", "verbatim"], "the same opening only"),
    ([("我們會在檢討期間暫停處理有關要求", "acme"), ("檢討期間暫停處理", "acme")], ["verbatim", "fragment"], "Chinese"),
]  # fmt: skip


@pytest.mark.parametrize(("quotes", "wordings", "why"), JOINED, ids=[row[-1] for row in JOINED])
def test_statements_join_by_their_words(quotes, wordings, why):
    tables = tabulate(*quote_pages(*quotes))
    found = tables.appearances.merge(
        tables.quotations, left_on="annotation_id", right_on="quotation_id"
    )
    assert found.sort_values("article_id_x")["wording"].tolist() == wordings, why


def count_statements(*quotes):
    return tabulate(*quote_pages(*quotes)).quotations["claim_id"].nunique()


def test_a_fragment_of_two_statements_stays_alone():
    other = "nobody here may live without fear or favour in these times of change"
    fragment = ("without fear or favour", "acme")
    assert count_statements((LONG, "acme"), (other, "acme")) == 2
    assert count_statements((LONG, "acme"), (other, "acme"), fragment) == 3
    assert count_statements((LONG, "acme"), fragment) == 1


def test_two_halves_of_one_quotation_are_one_statement():
    page = Page(
        "a", "Head\nAcme vowed to “keep every promise made” and “serve the whole city”, it said."
    )
    page.quote("keep every promise made", "acme").quote("serve the whole city", "acme")
    assert tabulate(page).quotations["claim_id"].nunique() == 1
    page = Page(
        "a",
        "Head\nAcme vowed to “keep every promise made” while critics called it “serve the whole city”.",
    )
    page.quote("keep every promise made", "acme").quote("serve the whole city", "acme")
    assert tabulate(page).quotations["claim_id"].nunique() == 2


def test_the_frame_around_marked_words_is_no_second_appearance():
    page = (
        Page("a", f"Head\nAcme said it “{LONG}” soon.")
        .quote(f"it “{LONG}” soon", "acme", kind="mixed")
        .quote(LONG, "acme")
    )
    tables = tabulate(page)
    assert tables.quotations["claim_id"].nunique() == 1 and len(tables.appearances) == 1


def test_a_translation_is_joined_by_a_phrase_of_the_book_or_by_figures_and_names():
    english = Page(
        "a",
        "Head\n“We will keep our promise to all,” Acme said. “Acme had 241 requests on 257 accounts,” it said.",
    )
    english.quote("We will keep our promise to all,", "acme").quote(
        "Acme had 241 requests on 257 accounts,", "acme"
    )
    chinese = Page(
        "b",
        "題\n「我們遵守承諾。」艾克米說：「艾克米收到241項要求，涉及257個帳戶。」",
        in_language="zh-Hant",
    )
    chinese.quote("我們遵守承諾。", "acme").quote("艾克米收到241項要求，涉及257個帳戶。", "acme")
    tables = tabulate(english, chinese)
    assert tables.quotations["claim_id"].nunique() == 2
    assert tables.appearances.query("article_id == 'b'")["wording"].tolist() == [
        "translated",
        "translated",
    ]
