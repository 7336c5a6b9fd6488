"""The dossier of one organisation."""

import pytest

from hkresearch.analysis import views
from hkresearch.analysis.views.wording import (
    count_things,
)  # fmt: skip
from hkresearch.core.article import HkresearchError


def test_the_dossier_counts_the_contradictions_that_it_shows(small_tables):
    counts = {
        id: len(views.list_contradictions(small_tables, id))
        for id in views.list_organisations(small_tables)
    }
    assert set(counts.values()) >= {0, 1}
    for organisation, n in counts.items():
        text, _ = views.summarise_organisation(small_tables, organisation)
        assert n == 0 or count_things(n, "contradiction") in text, organisation


def test_the_dossier_is_about_one_organisation(small_tables):
    text, _ = views.summarise_organisation(small_tables, "telegram")
    assert text.startswith("Telegram: ") and "1 contradiction" in text and "Facebook" not in text
    assert set(views.list_facts(small_tables, "telegram")["answer"]) == {"London", "Dubai"}
    owner = views.list_facts(small_tables, "whatsapp").iloc[0]
    assert (owner["answer"], owner["status"], owner["n_articles"]) == (
        "Facebook, since 6 October 2014",
        "in the codebook",
        0,
    )


def test_the_dossier_says_first_where_it_stands(small_tables):
    text, _ = views.summarise_organisation(small_tables, "facebook")
    assert text == (
        "Facebook: pause (3 pages, 2 origins); also reported: pause (only considered, 1 page, 1 origin). "
        "1 statement, no contradictions found, 1 difference."
    )


@pytest.mark.parametrize("name", ["summarise_organisation", "summarise_contradictions", "summarise_dates",
                                  "summarise_quantities", "summarise_quotations"])  # fmt: skip
def test_an_organisation_that_nobody_knows_is_an_error_with_the_choices(name, small_tables):
    with pytest.raises(
        HkresearchError, match="'nokia' is neither .* one of: apple, facebook, .*telegram, twitter"
    ):
        getattr(views, name)(small_tables, "nokia")
    text, evidence = getattr(views, name)(small_tables, "whatsapp")
    assert text.endswith(".") and evidence == [], (
        "one of the codebook that no page speaks of has an answer"
    )


def test_roles_get_no_dossier(small_tables):
    assert views.list_organisations(small_tables) == ["apple", "facebook", "telegram", "twitter"]
