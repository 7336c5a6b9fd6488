"""A report's HTML and its evidence -> where a reader sees something else than the evidence says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hkresearch.core.article import Article
from hkresearch.core.safe_text import reveal_text
from hkresearch.evidence.evidence_block import EvidenceItem
from hkresearch.evidence.rendered_text import (
    ShownNote,
    ShownReport,
    find_unsupported_quotations,
    read_report,
)


def compare_shown(
    data: bytes, items: Sequence[EvidenceItem], pages: Mapping[str, Article]
) -> list[str]:
    """Return where what a reader sees is not what the evidence block and the pages say.

    Every passage is shown as the block has it, every number leads to one, every passage is cited,
    and the words that a statement sets in quotation marks stand in the pages of its passages.
    """
    shown = read_report(data.decode("utf-8", "replace"))
    cited = {id for statement in shown.statements for id in statement.cited}
    faults = [f"{id} is cited and is not there" for id in sorted(cited - shown.notes.keys())]
    faults += [f"{id} is there and nothing cites it" for id in sorted(shown.notes.keys() - cited)]
    if len(shown.notes) != len(items):
        counts = f"{len(shown.notes)} passages are shown and {len(items)} are in the evidence block"
        return [*faults, counts]
    for number, item in enumerate(items, 1):
        found = _compare_note(shown.notes.get(f"note-{number}"), item, pages)
        faults += [f"passage {number} {fault}" for fault in found]
    if {item["source"] for item in items} <= pages.keys():
        faults += _check_quotations(shown, pages)
    return faults


def _check_quotations(shown: ShownReport, pages: Mapping[str, Article]) -> list[str]:
    cited = ["".join(statement.text) for statement in shown.statements if statement.cited]
    texts = [page.text for page in pages.values()]
    return [
        f"{words[:60]!r} is set in quotation marks, and no page cited says so"
        for words in find_unsupported_quotations(" ".join(cited), texts)
    ]


def _compare_note(
    note: ShownNote | None, item: EvidenceItem, pages: Mapping[str, Article]
) -> list[str]:
    if note is None:
        return ["is in the evidence block and is not shown"]
    left_out = "" if item["is_whole"] else " […] "
    words = item["before"] + item["exact"] + left_out + item["tail"] + item["after"]
    if "".join(note.quoted).split() != reveal_text(words).split():
        return [f"shows other words than its evidence ({item['id']})"]
    page = pages.get(item["source"])
    place = _drop_spaces("".join(note.place))
    if page is not None and not place.startswith(_drop_spaces(_describe_place(item, page))):
        return [f"gives another place or hash than its evidence ({item['id']})"]
    if _drop_spaces(reveal_text(f"Coded by {item['coder']}: {item['coding']}")) not in place:
        return [f"gives another coding than its evidence ({item['id']})"]
    return []


def _describe_place(item: EvidenceItem, page: Article) -> str:
    line = page.text.count("\n", 0, item["start"]) + 1
    span = f"{item['start']}–{item['end']}"
    place = f"{item['file']}, line {line}, characters {span} SHA-256 {item['sha256']}"
    return reveal_text(place)


def _drop_spaces(text: str) -> str:
    return "".join(text.split())
