"""Sections with nothing to show: left out, and named in one sentence."""

from hkresearch.report.blocks import (
    Answer,
    CodeCell,
    ExhibitBlock,
    Heading,
    Paragraph,
    Text,
    flatten_inline,
)
from hkresearch.report.drop_empty_sections import EMPTY_HEADING, drop_empty_sections


def h(text, level=2):
    return Heading(level, text)


def p(text):
    return Paragraph((Text(text),))


def code():
    return CodeCell("x")


def table(title, *rows):
    return ExhibitBlock({"kind": "table", "title": title, "rows": list(rows)})


def write(blocks):
    return [write_block(block) for block in blocks if not isinstance(block, CodeCell)]


def write_block(block):
    if isinstance(block, Heading):
        return block.text
    if isinstance(block, Paragraph):
        return flatten_inline(block.parts)
    return block.content.get("title", "")


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
    assert drop_empty_sections(blocks) == blocks


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
    found = drop_empty_sections(blocks)
    assert write(found) == [
        "One",
        "a",
        "T",
        EMPTY_HEADING,
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
    found = drop_empty_sections(blocks)
    assert write(found)[:5] == ["One", "a", "T", "after", "V"]
    assert (
        write(found)[-1].endswith("U.") and sum(isinstance(block, CodeCell) for block in found) == 2
    )


def test_nothing_at_all_leaves_the_answer_and_one_sentence():
    blocks = [h("Answer"), p("in short"), Answer({"text": "No."})]
    blocks += [
        block
        for name in ("A", "B", "C")
        for block in (h(name), p("s"), code(), table(name.lower()))
    ]
    kept = drop_empty_sections([*blocks, h("Limits"), p("none")])
    assert [block.text for block in kept if isinstance(block, Heading)] == [
        "Answer",
        EMPTY_HEADING,
        "Limits",
    ]
    assert not any(isinstance(block, ExhibitBlock) for block in kept)
    (sentence,) = [said for said in write(kept) if said.startswith("Left out")]
    assert sentence.endswith("A; B; C.")


def test_sections_without_tables_are_never_left_out():
    blocks = [h("Title", 1), p("x"), h("Answer"), p("y"), h("Limits"), p("z")]
    assert drop_empty_sections(blocks) == blocks
