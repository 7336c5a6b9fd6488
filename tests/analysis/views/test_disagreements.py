"""Where pages contradict each other or differ, side by side."""

from hkresearch.analysis import views
from support.coded_pages import Page, tabulate


def test_contradictions_stand_side_by_side(small_tables):
    rows = views.list_contradictions(small_tables)
    seat = rows[rows["question"] == "seat"].iloc[0]
    assert seat["why"] == "two answers where only one can hold"
    assert seat["one_side"] == "Dubai: “Dubai-based” (Example Daily, 2020-07-08)"
    assert seat["other_side"] == "London: “London-based” (Example Gazette, 2020-07-06)"
    assert seat["one_side_evidence"] and seat["other_side_evidence"]
    assert set(views.list_contradictions(small_tables, "telegram")["about"]) == {"Telegram"}
    assert (
        "Telegram (seat: Dubai against London)" in views.summarise_contradictions(small_tables)[0]
    )


def test_what_differs_in_degree_is_no_contradiction(small_tables):
    (row,) = views.list_differences(small_tables).to_dict("records")
    assert (row["about"], row["question"]) == ("Facebook", "position: pause, done or considered")
    assert row["one_side"].startswith("Reported as done: “") and row["other_side"].startswith(
        "Only considered: “"
    )
    assert "Facebook" not in set(views.list_contradictions(small_tables)["about"])
    text, evidence = views.summarise_contradictions(small_tables)
    assert (
        "1 difference that can be reconciled: Facebook (position: pause, done or considered: "
        "reported as done against only considered)." in text
    )
    assert set(row["other_side_evidence"]) <= set(evidence)


def test_three_answers_to_one_question_are_one_row(small_tables):
    """The same quoted words, and in each of three pages somebody else acts."""
    quote = "we will go on serving everybody in the city without fear"
    pages = [
        Page(id, f"Head\n{' and '.join(who)} pause “{quote}”.").quote(quote, "acme")
        for id, who in (("a", ["Acme"]), ("b", ["Bolt"]), ("c", ["Acme", "Bolt"]))
    ]
    for page, who in zip(pages, (["acme"], ["bolt"], ["acme", "bolt"]), strict=True):
        for organisation in who:
            page.place(page.article.text.split("\n")[1], organisation, "pause")
    (row,) = views.list_differences(tabulate(*pages)).to_dict("records")
    assert row["question"] == "who acts" and row["other_side"].count("; or ") == 1
    assert (
        row["one_side"].startswith("Acme: “Acme pause ‘we will go on")
        and "; or Bolt: “Bolt pause" in row["other_side"]
    )
    assert len(row["one_side_evidence"]) + len(row["other_side_evidence"]) == 7, (
        "every passage still opens"
    )


def test_what_is_not_quoted_is_counted_by_pages(small_tables):
    """Of five pages two passages are quoted; the words of the last two are the same, and they are two pages all the same."""
    words = {
        "a": "Acme did it",
        "b": "Acme, did it",
        "c": "Acme has done it",
        "d": "Acme has done it",
        "e": "Acme did it",
    }
    pages = [Page(id, f"Head\n{text}.").place(text, "acme", "pause") for id, text in words.items()]
    pages.append(Page("f", "Head\nAcme goes on.").place("Acme goes on", "acme", "no_change"))
    (row,) = views.list_differences(tabulate(*pages)).to_dict("records")
    first, second, rest = (
        row["one_side"].split("; and ")[0].split("; “") + row["one_side"].split("; and ")[1:]
    )
    assert first.endswith("“Acme did it” (unnamed outlet (a); unnamed outlet (e))")
    assert second.startswith("Acme, did it” (unnamed outlet (b)") and rest == "2 more pages"
    assert len(row["one_side_evidence"]) == 5, "every passage still opens"
