"""How two wordings are compared: cases with a reason each."""

import pytest

from hkresearch.reconcile.word_forms import compare_wording, list_words
from hkresearch.reconcile.wording_kinds import is_slip

WORDINGS = [
    ("“Yes, we can”", "Yes, we can.", "verbatim", "marks at the edges"),
    ("it’s ours", "it's ours", "verbatim", "kinds of apostrophe"),
    ("we can", "Yes, we can.", "fragment", "a run of words"),
    ("Yes can", "Yes, we can.", "altered", "not a run"),
    ("yes, we can", "Yes, we can.", "altered", "capitals"),
    ("我們可以", "We can", "translated", "another script"),
]


@pytest.mark.parametrize(
    ("exact", "reference", "wording", "why"), WORDINGS, ids=[row[-1] for row in WORDINGS]
)
def test_wording(exact, reference, wording, why):
    assert compare_wording(exact, reference) == wording, why


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Human-rights", "human rights"),
        ("we’ll", "we will"),
        ("CAN'T", "can not"),
        ("ﬁne", "fine"),
        ("don’t", "do not"),
    ],
)
def test_words_are_compared_without_case_hyphens_and_contractions(one, two):
    assert list_words(one) == list_words(two)


@pytest.mark.parametrize(("one", "two", "slip"), [("its", "tis", True), ("the", "teh", True), ("form", "from", True),
                                                  ("law", "laws", True), ("pause", "halt", False), ("law", "law", False)])  # fmt: skip
def test_slips(one, two, slip):
    assert is_slip(one, two) is slip
