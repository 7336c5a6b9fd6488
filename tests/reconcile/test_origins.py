"""Which publication a page goes back to, and on what that rests."""

from hkresearch.reconcile import (
    list_origins,
)  # fmt: skip
from support.coded_pages import LONG, Page, quote_pages, tabulate

STORY = ("Acme stopped answering requests from the police of the city on Monday morning.\n"
         "The firm has served the city for more than twenty years from a small office.\n"
         "Nobody at the office would say when the answers might begin again.\n")  # fmt: skip
OTHER = "The weather service expects rain over the whole of the coast until Thursday night.\n"


def originate(*pages):
    return {
        row.article_id: (row.origin_id, row.reason)
        for row in list_origins(tabulate(*pages)).itertuples(index=False)
    }


def test_a_page_without_a_link_is_its_own_origin():
    assert originate(Page("a", f"Head\n{STORY}"), Page("b", f"Head\n{OTHER}")) == {
        "a": ("a", "own"),
        "b": ("b", "own"),
    }


def test_the_register_wins_over_shared_passages():
    found = originate(
        Page("a", f"Head\n{STORY}", is_based_on="Post"),
        Page("b", f"Other\n{STORY}", is_based_on="The Gazette"),
    )
    assert found == {"a": ("post", "register"), "b": ("gazette", "register")}


def test_an_outlet_is_one_origin_however_it_is_written():
    found = originate(Page("a", f"Head\n{STORY}", publisher="The Gazette"), Page("b", f"Head\n{OTHER}", is_based_on="Gazette"),
                      Page("c", "Head\nText", is_based_on="Gazette Business"))  # fmt: skip
    assert {origin for origin, _ in found.values()} == {"gazette"}


def test_a_reprint_goes_back_to_the_earlier_page():
    found = originate(
        Page("a", f"Head\n{STORY}{OTHER}"),
        Page("b", f"Head\n{STORY}", date_published="2020-07-06", publisher="Post"),
    )
    assert found == {"a": ("post", "shared passage"), "b": ("post", "publisher")}


def test_one_shared_sentence_is_chance():
    found = originate(
        Page("a", f"Head\n{STORY}"), Page("b", f"Head\n{STORY.splitlines()[0]}\n{OTHER}")
    )
    assert {origin for origin, _ in found.values()} == {"a", "b"}


def test_the_same_cuts_in_the_same_order_show_a_rewording():
    cuts = [
        "we will keep our promise to every user",
        "nobody may read what our users write",
        "the law is far from clear to us",
    ]
    one, two = (
        Page(id, f"{id}\n" + "\n".join(f"{text} “{cut}”." for cut in cuts))
        for id, text in (("a", "It said"), ("b", "We read"))
    )
    for page in (one, two):
        for cut in cuts:
            page.quote(cut, "acme")
    assert originate(one, two)["b"] == ("a", "shared quotations")


def test_the_same_cuts_between_sentences_of_their_own_show_no_copying():
    cuts = [
        "we will keep our promise to every user",
        "nobody may read what our users write",
        "the law is far from clear to us",
    ]
    own = {
        "a": [
            "Rain had kept the square in front of the courthouse empty since early morning",
            "Our letter with two questions went out to the company at the end of last week",
            "A lecturer who teaches these matters expects an answer within a month or two",
        ],
        "b": [
            "Investors hardly noticed and the shares closed a little higher than on Friday",
            "For sellers of advertising in the port the question is where budgets will move",
            "Two agencies have asked their landlords to let them go before the lease is over",
        ],
    }
    pages = []
    for id, sentences in own.items():
        quoted = [f"It said “{cut}”." for cut in cuts]
        page = Page(id, "\n".join([id, *quoted, *(f"{sentence}." for sentence in sentences)]))
        for cut in cuts:
            page.quote(cut, "acme")
        pages.append(page)
    found = originate(*pages)
    assert {origin for origin, _ in found.values()} == {"a", "b"}


def test_a_statement_to_all_is_not_copying():
    pages = quote_pages((LONG, "acme"), (LONG, "acme"))
    assert tabulate(*pages).claims.query("variable == 'statement'")["n_origins"].tolist() == [2]


def test_a_shared_error_shows_descent():
    slip = LONG.replace("favour", "flavour")
    pages = [
        Page(f"p{i}", f"Head {i}\nIt said “{words}”.").quote(words, "acme")
        for i, words in enumerate([LONG, LONG, LONG, slip, slip])
    ]
    assert originate(*pages)["p4"] == ("p3", "shared error")


def test_a_credited_page_goes_back_to_whom_it_credits():
    page = Page("a", "Head\nAcme told the Gazette it will stop.", publisher="Post").quote(
        "it will stop", "acme", kind="indirect", via="told the Gazette"
    )
    assert originate(page)["a"] == ("gazette", "credit")
    assert originate(Page("a", f"Head\n{STORY}", publisher="Post", author="The Gazette"))["a"] == (
        "gazette",
        "credit",
    )


def test_a_page_that_rewords_another_knows_no_more_than_it():
    quotes = [
        "we will keep our promise to every user here",
        "nobody at all may ever read what our users write to each other",
        "the law is far from clear to us",
    ]
    first = Page(
        "a",
        "Head\n" + "\n".join(f"It said: “{words}”." for words in quotes) + "\nAcme pauses.",
        date_published="2020-07-06",
    )
    cut = [
        "keep our promise",
        "nobody at all may ever read whatever our users write to each other",
        "far from clear to us",
    ]
    second = Page(
        "b",
        "Top\n" + "\n".join(f"They stated “{words}” too." for words in cut) + "\nAcme has paused.",
    )
    for page, said, passage in ((first, quotes, "Acme pauses"), (second, cut, "Acme has paused")):
        page.place(passage, "acme", "pause")
        for words in said:
            page.quote(words, "acme")
    assert originate(first, second)["b"] == ("a", "shared quotations")
    second.code("They stated", "acme", "sells", "tea").code("Top", "acme", "sells", "ink")
    assert originate(first, second)["b"] == ("b", "own"), "it knows more"


def test_one_credited_claim_does_not_move_the_page_but_its_own_origin():
    page = Page(
        "a",
        "Head\nAcme told the Gazette it will stop. Bolt has stopped. Corp has stopped too.",
        publisher="Post",
    )
    page.place("it will stop", "acme", "stop", via="told the Gazette").place(
        "Bolt has stopped", "bolt", "stop"
    )
    page.place("Corp has stopped", "corp", "stop")
    other = (
        Page("b", "Head\nAcme stops.\nBolt stops.", publisher="The Gazette")
        .place("Acme stops", "acme", "stop")
        .place("Bolt stops", "bolt", "stop")
    )
    tables = tabulate(page, other)
    claims = tables.claims.set_index("subject")
    assert claims.loc["acme", ["n_articles", "n_origins", "status"]].tolist() == [
        2,
        1,
        "single-source",
    ]
    assert claims.loc["bolt", ["n_articles", "n_origins", "status"]].tolist() == [
        2,
        2,
        "corroborated",
    ]
