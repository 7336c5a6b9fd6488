"""Sections with nothing to show: left out, and named in one sentence."""

from hkresearch.report.drop_empty_sections import HEADING, fold_empty


def h(text, level=2):
    return {"t": "h", "level": level, "text": text}


def p(text):
    return {"t": "p", "c": [{"t": "text", "s": text}]}


def code():
    return {"t": "code", "text": "x"}


def table(title, *rows):
    return {"t": "exhibit", "content": {"kind": "table", "title": title, "rows": list(rows)}}


def write(blocks):
    return [
        b.get("text") or b.get("content", {}).get("title") or b["c"][0]["s"]
        for b in blocks
        if b["t"] != "code"
    ]


def test_a_report_with_something_everywhere_stays_as_it_is():
    blocks = [
        p("What?"),
        h("Answer"),
        h("One"),
        p("sentence"),
        code(),
        table("T", 1),
        h("Limits"),
        p("none"),
    ]
    assert fold_empty(blocks) == blocks


def test_an_empty_section_goes_with_its_heading_and_is_named():
    blocks = [
        h("One"),
        p("a"),
        code(),
        table("T", 1),
        h("Two"),
        p("b"),
        code(),
        table("U"),
        h("Limits"),
        p("c"),
    ]
    found = fold_empty(blocks)
    assert write(found) == [
        "One",
        "a",
        "T",
        HEADING,
        "Left out because there is nothing in them: Two.",
        "Limits",
        "c",
    ]


def test_of_two_tables_in_a_section_only_the_empty_one_goes_with_its_sentence():
    blocks = [
        h("One"),
        p("a"),
        code(),
        table("T", 1),
        p("b"),
        code(),
        code(),
        table("U"),
        p("after"),
        code(),
        table("V", 1),
    ]
    found = fold_empty(blocks)
    assert write(found)[:5] == ["One", "a", "T", "after", "V"]
    assert write(found)[-1].endswith("U.") and sum(b["t"] == "code" for b in found) == 2


def test_nothing_at_all_leaves_the_answer_and_one_sentence():
    blocks = [h("Answer"), p("in short"), {"t": "answer", "content": {"text": "No."}}]
    blocks += [
        block
        for name in ("A", "B", "C")
        for block in (h(name), p("s"), code(), table(name.lower()))
    ]
    kept = fold_empty([*blocks, h("Limits"), p("none")])
    assert [b["text"] for b in kept if b["t"] == "h"] == ["Answer", HEADING, "Limits"]
    assert not [b for b in kept if b["t"] == "exhibit"]
    (sentence,) = [b["c"][0]["s"] for b in kept if b["t"] == "p" and "Left out" in b["c"][0]["s"]]
    assert sentence.endswith("A; B; C.")


def test_sections_without_tables_are_never_left_out():
    blocks = [h("Title", 1), p("x"), h("Answer"), p("y"), h("Limits"), p("z")]
    assert fold_empty(blocks) == blocks
