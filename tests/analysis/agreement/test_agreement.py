"""Reliability: the published worked example, another implementation, and what cannot be computed said in words."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hkresearch as hk
from hkresearch.__main__ import main
from hkresearch.analysis.agreement.alpha import ALPHA_LEVELS, judge_alpha, measure_agreement
from hkresearch.analysis.agreement.measure import list_records
from hkresearch.analysis.agreement.units import find_units
from hkresearch.core.article import HkresearchError, annotate
from hkresearch.manual_coding.merge import write_merged
from hkresearch.pages.register import register_files
from hkresearch.pipeline.build_tables import describe_codebook
from hkresearch.tables.coding_files import CODING_COLUMNS, write_rows
from hkresearch.tables.human_codings import HumanCoding, find_lost_subjects, read_codings
from support.coded_pages import BOOK, Page, tabulate_unjoined
from support.properties import examples

# Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), sections C and E: four observers, twelve units.
_ = None
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
PUBLISHED = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}


def turn(rows):
    return [[value for value in unit if value is not None] for unit in zip(*rows, strict=True)]


@pytest.mark.parametrize("level", ALPHA_LEVELS)
def test_the_published_example(level):
    found = measure_agreement(turn(OBSERVERS), [1, 2, 3, 4, 5], level)
    assert round(found.alpha, 3) == PUBLISHED[level]
    assert (found.n_units, found.n_values) == (11, 40), "the unit with one value counts for nothing"
    assert found.low < found.alpha < found.high or found.high == pytest.approx(1)


def test_two_coders_and_two_categories():
    # Section A of the same paper: ten units, alpha .095 although sixty per cent of the pairs agree.
    rows = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
    found = measure_agreement(turn(rows), [0, 1], "nominal")
    assert (round(found.alpha, 3), found.agreement) == (0.095, pytest.approx(0.6))


TABLES = st.integers(2, 5).flatmap(
    lambda n: st.lists(
        st.lists(st.sampled_from([None, 1, 2, 3, 5]), min_size=n, max_size=n),
        min_size=2,
        max_size=9,
    )
)


def measure_theirs(*given, **options):
    """Alpha as the package krippendorff computes it."""
    import krippendorff

    return krippendorff.alpha(*given, **options)


@given(TABLES, st.sampled_from(ALPHA_LEVELS))
def test_it_agrees_with_another_implementation(units, level):
    rows = [list(row) for row in zip(*units, strict=True)]
    pairable = {v for unit in turn(rows) if len(unit) > 1 for v in unit}
    found = measure_agreement(turn(rows), [1, 2, 3, 5], level, n_boot=5)
    if len(pairable) < 2:
        assert found.alpha is None and found.reason
        return
    data = np.array([[np.nan if v is None else v for v in row] for row in rows], float)
    theirs = measure_theirs(data, level_of_measurement=level, value_domain=[1, 2, 3, 5])
    assert found.alpha == pytest.approx(theirs, abs=1e-9)


DEGENERATE = [
    ([["a"], ["b"]], "no unit has values of two coders", "nothing overlaps"),
    ([], "no unit has values of two coders", "nothing at all"),
    ([["a", "a"], ["a", "a"]], "all values are the same", "one category only"),
]


@pytest.mark.parametrize(
    ("units", "reason", "why"), DEGENERATE, ids=[case[-1] for case in DEGENERATE]
)
def test_what_cannot_be_computed_says_why(units, reason, why):
    found = measure_agreement(units, ["a", "b"], "nominal")
    assert found.alpha is found.low is found.high is None and reason in found.reason
    assert judge_alpha(found.alpha) == "not computable"


def test_one_unit_gives_no_interval():
    found = measure_agreement([["a", "b"]], ["a", "b"], "nominal")
    assert found.alpha == 0 and found.low is None and "interval" in found.reason


def test_the_interval_is_seeded_and_narrows_with_more_units():
    units = turn(OBSERVERS)
    few, same = (measure_agreement(units, [1, 2, 3, 4, 5], "nominal", seed=3) for _ in range(2))
    many = measure_agreement(units * 20, [1, 2, 3, 4, 5], "nominal", seed=3)
    assert few == same
    assert many.high - many.low < (few.high - few.low) / 2


def test_the_thresholds_are_krippendorffs():
    assert [judge_alpha(a) for a in (0.8, 0.799, 0.667, 0.666)] == [
        "reliable",
        "tentative",
        "tentative",
        "not reliable",
    ]


# ---- annotations to units ----

TEXT = "Acme pauses\nAcme said it would pause its work and review the Act.\nBolt had 12 requests and refused them.\n"


class People:
    """Codes passages of the page under a name."""

    def __init__(self):
        self.page, self.codings = Page("a", TEXT), []

    def code(self, coder, exact, subject="acme", variable="position", code="pause"):
        start = 0 if exact is None else TEXT.index(exact)
        end = len(TEXT) if exact is None else start + len(exact)
        a = annotate(self.page.article, start, end, subject, variable, code, coder)
        self.codings.append(HumanCoding(a, "2026-11-22", "", f"{coder}.csv", len(self.codings) + 2))
        return a.id

    def read(self, coder, what="all"):
        return self.code(coder, None, "a", "read", what)

    def tabulate(self):
        return tabulate_unjoined(self.page, codings=self.codings)


def list_values(people, *coders):
    tables = people.tabulate()
    records = [*tables.annotations.itertuples(index=False), *tables.codings.itertuples(index=False)]
    return [
        (u.subject, u.variable, u.values)
        for u in find_units(records, coders)
        if u.variable != "part"
    ]


def test_half_of_the_shorter_span_makes_one_unit():
    people = People()
    people.code("Ada", "Acme said it would pause its work")
    people.code("Bo", "pause its work and review the Act")
    people.code("Cy", "work and review the Act.")
    assert list_values(people, "Ada", "Bo", "Cy") == [
        ("acme", "position", {"Ada": "pause"}), ("acme", "position", {"Bo": "pause", "Cy": "pause"})]  # fmt: skip


def test_two_codes_in_one_place_are_two_units():
    people = People()
    for coder, codes in (("Ada", ("pause", "review")), ("Bo", ("review",))):
        for code in codes:
            people.code(coder, "it would pause", code=code)
    assert [values for _, _, values in list_values(people, "Ada", "Bo")] == [
        {"Ada": "pause"},
        {"Ada": "review", "Bo": "review"},
    ]


def test_the_same_code_of_the_same_passage_is_one_unit_whatever_stands_round_it():
    people = People()
    people.code("Bo", "Acme said it would pause its work", code="refuse")
    for coder in ("Ada", "Bo"):
        people.code(coder, "it would pause")
    assert [values for _, _, values in list_values(people, "Ada", "Bo")] == [
        {"Bo": "refuse"},
        {"Ada": "pause", "Bo": "pause"},
    ]


def code_attributed(people, coder, exact, code, modality):
    return people.code(coder, exact, people.code(coder, exact, code=code), "modality", modality)


def write_files(people, folder):
    """Write the codings as their coders' own files, as a person's notebook does."""
    files = []
    for coder in ("Ada", "Bo"):
        own = [vars_of(coding) for coding in people.codings if coding.annotation.coder == coder]
        files.append(folder / f"{coder}.csv")
        write_rows(files[-1], own)
    return files


def vars_of(coding):
    return {name: getattr(coding.annotation, name, "") for name in CODING_COLUMNS} | {
        "date": coding.date
    }


CODINGS = st.lists(
    st.tuples(
        st.sampled_from(["Ada", "Bo"]), st.sampled_from(["it would pause", "Acme said it would pause its work", "refused them"]),
        st.sampled_from(["pause", "refuse"]), st.sampled_from([None, "stated", "expected"]),
    ), max_size=8, unique=True,
)  # fmt: skip


@pytest.mark.fuzz
@examples(12)
@given(CODINGS)
def test_merging_takes_for_one_unit_what_reliability_does(tmp_path_factory, codings):
    people = People()
    for coder in ("Ada", "Bo"):
        people.code(coder, "the Act", "act", "seat", "west")
    for coder, exact, code, modality in codings:
        id = people.code(coder, exact, code=code)
        if modality:
            people.code(coder, exact, id, "modality", modality)
    people.codings = list({coding.annotation.id: coding for coding in people.codings}.values())
    merged = hk.merge_codings(
        *write_files(people, tmp_path_factory.mktemp("files")), articles=[people.page.article]
    )
    said = [
        (row["about"], row["variable"], row["Ada"], row["Bo"]) for row in merged.to_dict("records")
    ]
    units = list_values(people, "Ada", "Bo")
    assert sorted(said) == sorted(
        (about, variable, v.get("Ada", ""), v.get("Bo", "")) for about, variable, v in units
    )


MERGED = [
    (lambda p, c: (p.code(c, "it would pause"), p.code(c, "it would pause", code="review")), ["agreed"] * 2, "two codes of one passage"),
    (lambda p, c: code_attributed(p, c, "it would pause", "pause", "expected"), ["agreed"] * 2, "an attribute, named by its coder's own id"),
    (lambda p, c: code_attributed(p, c, "it would pause", "pause", "expected" if c == "Bo" else "stated"), ["agreed", "disagreed"],
     "an attribute that differs"),
    (lambda p, c: code_attributed(p, c, "it would pause", "pause" if c == "Bo" else "refuse", "stated"), ["agreed", "disagreed"],
     "what an attribute describes is disputed: it is left out with it"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "statuses", "why"), MERGED, ids=[case[-1] for case in MERGED])
def test_what_merging_joins_can_be_built(code, statuses, why, tmp_path):
    people = People()
    for coder in ("Ada", "Bo"):
        code(people, coder)
    files = write_files(people, tmp_path)
    merged = hk.merge_codings(*files, articles=[people.page.article])
    assert sorted(merged["status"]) == statuses, why
    n_disputed = len(hk.reliability(people.tabulate()).disagreements)
    assert n_disputed == statuses.count("disagreed"), "the report says the same"
    n = write_merged(merged, tmp_path / "codings/both.csv")
    both = read_codings(tmp_path, [people.page.article], describe_codebook(BOOK))
    assert len(both) == n and find_lost_subjects(both, ()) == [], why
    assert n + n_disputed == len(merged) - (why.startswith("what an attribute"))


def test_without_the_pages_attributes_of_two_coders_are_not_compared_and_it_says_so(
    tmp_path, capsys
):
    people = People()
    for coder in ("Ada", "Bo"):
        code_attributed(people, coder, "it would pause", "pause", "stated")
    files = list(map(str, write_files(people, tmp_path)))
    with pytest.raises(SystemExit):
        main(["merge-codings", *files, "--raw", str(tmp_path)])
    assert "1 agreed, 2 one coder.\nNot compared: 2 attribute(s)" in capsys.readouterr().out
    (tmp_path / "a.txt").write_text(TEXT)
    register_files(tmp_path, [tmp_path / "a.txt"])
    with pytest.raises(SystemExit):
        main(["merge-codings", *files, "--raw", str(tmp_path)])
    assert capsys.readouterr().out == "2 agreed.\n"


def test_what_was_read_and_not_coded_is_none_and_what_was_not_read_is_missing():
    people = People()
    people.code("Ada", "refused", "bolt", code="refuse")
    people.read("Bo", "position")
    people.read("Cy", "requests")
    assert list_values(people, "Ada", "Bo", "Cy") == [
        ("bolt", "position", {"Ada": "refuse", "Bo": "none"})
    ]


def test_attributes_meet_by_what_they_describe():
    people = People()
    for coder, code in (("Ada", "stated"), ("Bo", "expected")):
        parent = people.code(coder, "it would pause")
        people.code(coder, "would", parent, "modality", code)
    assert ("acme/position", "modality", {"Ada": "stated", "Bo": "expected"}) in list_values(
        people, "Ada", "Bo"
    )


# ---- the report ----


@pytest.fixture(scope="module")
def found():
    people = People()
    people.page.place("it would pause its work", "acme", "pause").place(
        "review the Act", "acme", "review"
    )
    people.page.place("refused them", "bolt", "refuse").code("12", "bolt", "requests", "12")
    people.page.rows = [r if r.variable == "part" else annotate(people.page.article, r.start, r.end, r.subject, r.variable,
                        r.code, "rules/1") for r in people.page.rows if r.variable != "modality"]  # fmt: skip
    for coder, codes in (
        ("Ada", ("pause", "none", "refuse", "12")),
        ("Bo", ("pause", "review", "pause", "12.0")),
    ):
        people.read(coder, "position")
        people.code(coder, "it would pause its work", code=codes[0])
        people.code(coder, "review the Act", code=codes[1])
        people.code(coder, "refused them", "bolt", code=codes[2])
        people.code(coder, "12", "bolt", "requests", codes[3])
    people.code("Bo", "Acme pauses")
    return hk.reliability(people.tabulate()), people


def test_each_variable_gets_its_row(found):
    summary = found[0].summary.set_index("variable")
    assert summary.loc["position", ["level", "coders", "units", "values"]].tolist() == [
        "nominal",
        "Ada, Bo",
        4,
        8,
    ]
    assert summary.loc["position", "agreement"] == 0.25, (
        "Ada read the headline too, and coded nothing there"
    )
    assert (
        summary.loc["requests", "verdict"] == "not computable"
        and "the same" in summary.loc["requests", "note"]
    )
    assert summary.loc["requests", "agreement"] == 1, "12 and 12.0 are one number"
    assert (
        summary["alpha"].isna().sum()
        == summary["alpha"].map(lambda a: a is None or a != a).sum()
        == 1
    )


def test_automatic_coders_are_scored_against_each_person(found):
    scores = found[0].scores.set_index(["variable", "human"])
    ada, bo = scores.loc[("position", "Ada")], scores.loc[("position", "Bo")]
    assert (ada.automatic, ada.right, ada.wrong, ada.missed) == ("rules/1", 2, 1, 0)
    assert (ada.precision, ada.recall, ada.f1) == (pytest.approx(2 / 3), 1, pytest.approx(0.8))
    assert (bo.right, bo.wrong, bo.missed, bo.recall) == (2, 1, 2, 0.5), (
        "the headline was missed, the refusal miscoded"
    )
    requests = scores.loc[("requests", "Ada")]
    assert (
        requests.precision == 1
        and np.isnan(requests.recall)
        and requests.note.startswith("no recall")
    )


def test_codes_given_to_the_same_units_are_counted(found):
    table = found[0].confuse("position", "Ada", "Bo")
    assert (
        table.loc["none", "review"] == 1
        and table.loc["pause", "pause"] == 1
        and table.loc["refuse", "pause"] == 1
    )
    with pytest.raises(HkresearchError, match="share no unit. Shared ones: position Ada Bo"):
        found[0].confuse("position", "Ada", "Cy")


def test_each_disagreement_opens_its_passages(found):
    from hkresearch.display.exhibit import show_table

    reliability, people = found
    assert reliability.disagreements["codes"].tolist() == [
        "Ada: none; Bo: pause", "Ada: none; Bo: review", "Ada: refuse; Bo: pause"]  # fmt: skip
    exhibit = show_table(reliability.disagreements, title="Disagreements", tables=people.tabulate())
    assert {p["coder"] for p in exhibit.content["evidence"].values()} == {"Ada", "Bo"}


def test_the_answer_says_it_in_words(found):
    assert found[0].answer.startswith(
        "Of 2 variable(s) coded by 2 coders: 1 not reliable, 1 not computable; Krippendorff's alpha"
    )
    assert found[0].answer.endswith("Of 8 automatic codings that a person judged, 6 were the same.")


def test_nobody_one_person_and_unknown_coders():
    people = People()
    nobody = hk.reliability(people.tabulate())
    assert "No page of these tables is coded by hand" in nobody.answer and nobody.summary.empty
    people.code("Ada", "it would pause")
    alone = hk.reliability(people.tabulate())
    assert (
        alone.answer
        == "One person coded by hand (Ada), so agreement between people cannot be measured."
    )
    assert alone.summary["note"].tolist() == ["one coder: nobody to agree with"]
    for coders, message in (
        (["Ada"], "needs two coders, 1 given"),
        (["Ada", "Eve"], "no coder Eve in these tables; there are: Ada"),
    ):
        with pytest.raises(HkresearchError, match=message):
            hk.reliability(people.tabulate(), coders=coders)


def test_pages_that_nobody_coded_change_nothing_but_what_a_coder_is_known_to_look_for():
    people, other = People(), Page("b", TEXT)
    other.rows = [annotate(other.article, r.start, r.end, r.subject, r.variable, r.code, "rules/1") for r in
                  other.place("it would pause its work", "acme", "pause").code("12", "bolt", "requests", "12").rows]  # fmt: skip
    for coder in ("Ada", "Bo"):
        people.code(coder, "it would pause its work")
        people.code(coder, "12", "bolt", "requests", "12")
    tables = tabulate_unjoined(people.page, other, codings=people.codings)
    found, whole = hk.reliability(tables), hk.reliability(tables, coders=["Ada", "Bo"])
    for name in ("summary", "scores", "confusion", "disagreements"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(whole, name))
    assert len(list_records(tables, {"a"})) < len(list_records(tables))
    assert set(found.scores["variable"]) == {"position", "requests"}, (
        "looked for on another page, and not found here"
    )


def test_ordinal_codes_take_the_codebooks_order():
    book = BOOK.__class__(**{name: getattr(BOOK, name) for name in ("id", "label", "sha256", "entities", "news", "topic")},
                          variables={"weight": {"question": "How heavy?", "level": "ordinal", "codes": {
                              code: {"label": code} for code in ("light", "fair", "heavy")}}})  # fmt: skip
    people = People()
    for coder, codes in (("Ada", ("light", "heavy", "fair")), ("Bo", ("fair", "heavy", "fair"))):
        for exact, code in zip(("Acme pauses", "its work", "12"), codes, strict=True):
            people.code(coder, exact, variable="weight", code=code)
    tables = tabulate_unjoined(people.page, codings=people.codings, book=book)
    alpha = hk.reliability(tables).summary["alpha"].iloc[0]
    theirs = measure_theirs(
        np.array([[0, 2, 1], [1, 2, 1]], float),
        level_of_measurement="ordinal",
        value_domain=[0, 1, 2],
    )
    assert alpha == pytest.approx(theirs)


def test_the_same_tables_give_the_same_figures(found):
    again = hk.reliability(found[1].tabulate())
    assert again._repr_html_() == found[0]._repr_html_() and repr(again) == repr(found[0])
