"""The coding view in a real browser, answered by the real Python: keys, eyes, narrow windows, and pages that attack."""

from importlib.util import find_spec

import pytest

import hkresearch as hk
from hkresearch.manual_coding.csv_ledger import read_ledger
from hkresearch.manual_coding.screen import describe_book, describe_coded_page
from hkresearch.pipeline.build_tables import build_tables
from hkresearch.reconcile.decisions import read_decisions
from hkresearch.tables.coding_files import CODING_COLUMNS
from support.attacks import ATTACK, WORDS
from support.browsers import RULES
from support.paths import ROOT
from support.small_corpus import make_article

pytestmark = pytest.mark.skipif(
    find_spec("anywidget") is None, reason="the extra [lab] is not installed"
)

VIEW = ROOT / "src/hkresearch/manual_coding"
PAGE = f"Headline {ATTACK}\n{ATTACK} {WORDS} {ATTACK}\n臉書暫停處理香港的資料要求。\nZoom said on Monday that it would pause all requests from Hong Kong.\n"
DARK = {
    "ui-font-color1": "#fff",
    "layout-color1": "#111",
    "layout-color2": "#333",
    "border-color1": "#777",
    "brand-color1": "#64b5f6",
}
DRAW = """async ([code, state]) => {
  const told = [];
  const model = {
    get: (name) => state[name], on: (name, tell) => told.push(tell), off: () => {},
    send: async (order) => { Object.assign(state, await window.obey(order)); told.forEach((tell) => tell()); },
  };
  const view = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  view.default.render({ model, el: document.querySelector("main") });
  await new Promise(requestAnimationFrame);
}"""


@pytest.fixture(scope="module")
def page():
    return make_article("page", PAGE, headline=ATTACK, publisher=ATTACK, in_language="en")


@pytest.fixture(scope="module")
def tables(page):
    return build_tables([page], hk.read_codebook())


class Desk:
    """A coder's browser with a view open in it."""

    def __init__(self, browser, view, width=1000, is_dark=False):
        self.view, self.serial, self.faults = view, 0, []
        self.context = browser.new_context(viewport={"width": width, "height": 900})
        self.context.set_default_timeout(10_000)
        self.tab = self.context.new_page()
        for event in ("pageerror", "dialog"):
            self.tab.on(
                event,
                lambda found: (
                    self.faults.append(str(found)),
                    hasattr(found, "dismiss") and found.dismiss(),
                ),
            )
        self.tab.on("console", lambda message: self.faults.append(message.text))
        self.tab.on(
            "request",
            lambda request: (
                request.url.startswith(("blob:", "data:")) or self.faults.append(request.url)
            ),
        )
        self.tab.set_content(
            '<!doctype html><html lang="en"><title>Coding</title><body><main></main>'
        )
        style = "".join(f"--jp-{name}:{value};" for name, value in DARK.items()) if is_dark else ""
        css = (VIEW / "view.css").read_text("utf-8")
        css += f":root{{{style}}}body{{margin:8px;background:{'#111' if is_dark else '#fff'}}}"
        self.tab.add_style_tag(content=css)
        self.tab.expose_function("obey", self.obey)
        self.tab.evaluate(
            DRAW,
            [
                (VIEW / "view.js").read_text("utf-8"),
                {"book": describe_book(view._judging), **self.show()},
            ],
        )

    def show(self):
        self.serial += 1
        page = self.view._judging.articles[self.view._judging.passage.article_id]
        return {
            "screen": {**self.view._describe(), "serial": self.serial},
            "page": describe_coded_page(page),
        }

    def obey(self, order):
        self.view._obey(order)
        return self.show()

    def press(self, *keys):
        for key in keys:
            self.tab.keyboard.press(key)
            self.tab.wait_for_selector(".hk-coding:not([aria-busy=true])")
        return self.tab.locator(".status").inner_text()

    def __enter__(self):
        self.tab.locator(".page").focus()
        return self

    def __exit__(self, *_):
        self.context.close()


@pytest.fixture
def desk(browser, tables, page, tmp_path):  # noqa: F811
    with Desk(browser, hk.code_passages(tables, [page], coder="anna", folder=tmp_path)) as desk:
        yield desk
        assert desk.faults == []


def test_keys_answer_and_each_answer_is_on_the_disk(desk, tmp_path):
    first = desk.tab.locator(".page mark").inner_text()
    assert desk.press("r").startswith("Saved: passage 1, reject.")
    assert desk.tab.locator(".page mark").inner_text() != first
    desk.press("e")
    desk.tab.keyboard.type("ar1 is typed, not obeyed")
    assert desk.press("Enter", "2").startswith("Saved: passage 2, recode refuse.")
    rows = read_decisions(tmp_path / "decisions.csv")
    assert [(row["decision"], row["reason"]) for row in rows] == [
        ("reject", "no reason given"), ("recode refuse", "ar1 is typed, not obeyed")
    ]  # fmt: skip
    assert desk.press("u").startswith("Taken back: recode refuse")
    assert (
        desk.press("b") == "Passage 1 of 3."
        and "Your answer so far: reject" in desk.tab.locator(".found").inner_text()
    )
    assert desk.press("a").startswith("Saved: passage 1, accept.") and desk.press(
        "a", "a"
    ).endswith("decisions.csv.")
    assert [row["decision"] for row in read_decisions(tmp_path / "decisions.csv")] == ["accept"] * 3


def test_a_missed_passage_is_marked_and_coded_by_keyboard(desk, page, tmp_path):
    assert desk.press("m").startswith("Marking") and desk.press("ArrowDown").startswith("Marked: ")
    desk.press("Shift+ArrowRight")
    assert desk.press("Enter").startswith("Say what these words are about")
    assert desk.press("Enter") == "Saved: added position = pause."
    (row,) = read_ledger(tmp_path / "codings/anna.csv", CODING_COLUMNS)
    assert page.text[int(row["start"]) : int(row["end"])] == row["exact"] and row[
        "exact"
    ].startswith("臉書")
    assert desk.tab.evaluate("document.activeElement.className") == "page" and desk.press(
        "u"
    ).startswith("Taken back: position")
    assert read_ledger(tmp_path / "codings/anna.csv", CODING_COLUMNS) == []


def test_words_selected_with_the_mouse_are_counted_as_the_package_counts(desk, page, tmp_path):
    """𝄞 is two units for the browser and one character for us; controls are shown by one sign each."""
    desk.tab.evaluate(
        """() => { const at = document.querySelector(".page mark").firstChild;
                   document.getSelection().setBaseAndExtent(at, 0, at, 8); }"""
    )
    assert desk.press("n").startswith("Say what")
    desk.press("Enter")
    (row,) = read_ledger(tmp_path / "codings/anna.csv", CODING_COLUMNS)
    start = desk.view._judging.queue[0].start
    assert (int(row["start"]), row["exact"]) == (start, page.text[start : start + 8])
    desk.tab.evaluate("document.getSelection().removeAllRanges()")
    assert desk.press("n").startswith("Nothing is selected")


def test_what_a_page_says_is_shown_and_never_done(desk):
    tags = desk.tab.evaluate(
        "[...document.querySelectorAll('.hk-coding *')].map((node) => node.localName)"
    )
    assert not {"script", "img", "svg", "iframe", "a", "style"} & set(tags)
    shown = desk.tab.locator(".page").evaluate("node => node.textContent")
    assert "<script>alert(1)</script>" in shown and "\u202e" not in shown and "\x1b" not in shown
    assert (
        "<script>" in desk.tab.locator("h3").inner_text()
        and "<svg" in desk.tab.locator(".where").inner_text()
    )


@pytest.mark.parametrize("width, is_dark", [(375, False), (1280, True)])
def test_it_fits_and_everyone_can_use_it(browser, tables, page, axe, tmp_path, width, is_dark):  # noqa: F811
    sample = (
        hk.draw_sample(tables, 9, variables="quotation")
        if is_dark and "quotation" in set(tables.annotations["variable"])
        else None
    )
    view = hk.code_passages(tables, [page], sample, coder="anna", folder=tmp_path)
    with Desk(browser, view, width, is_dark) as desk:
        desk.press("m", "ArrowRight", "Enter")
        assert desk.tab.locator("form").is_visible()
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert desk.tab.evaluate(overflow) <= 0
        desk.tab.evaluate(axe)
        result = desk.tab.evaluate("rules => axe.run('.hk-coding', {runOnly: rules})", RULES)
        assert [(v["id"], v["nodes"][0]["html"]) for v in result["violations"]] == []
        assert (
            len(result["passes"]) > 10
            and desk.tab.locator(".status").get_attribute("aria-live") == "polite"
        )


def test_every_button_is_reached_by_tab_and_shows_its_focus(desk):
    desk.tab.locator(".page").focus()
    reached = []
    for _ in range(30):
        desk.tab.keyboard.press("Tab")
        found = desk.tab.evaluate(
            "(node => node.closest('.hk-coding') && [node.innerText || node.localName, getComputedStyle(node).outlineStyle])(document.activeElement)"
        )
        if not found:
            break
        reached.append(found)
    buttons = desk.tab.locator(".hk-coding button:visible").all_inner_texts()
    assert set(buttons) <= {name for name, _ in reached} and all(
        outline == "solid" for _, outline in reached
    )


def test_a_silent_kernel_is_said(desk):
    desk.tab.evaluate("() => { window.obey = () => new Promise(() => {}); }")
    desk.tab.keyboard.press("a")
    desk.tab.wait_for_function(
        "document.querySelector('.status').textContent.startsWith('No answer from the kernel')",
        timeout=9000,
    )
