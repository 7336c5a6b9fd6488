"""A fragment of HTML -> its tags, attributes and visible text."""

from html.parser import HTMLParser

TAGS = {"style", "p", "div", "mark", "sup", "fieldset", "label", "input", "details", "summary", "table", "thead",
        "tbody", "tr", "th", "td"}  # fmt: skip


class Reader(HTMLParser):
    """Collects the tags and the visible text of a fragment."""

    def __init__(self):
        super().__init__()
        self.tags, self.text, self.is_style = set(), "", False
        self.attributes = set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.is_style = tag == "style"

    def handle_endtag(self, tag):
        self.is_style = False

    def handle_data(self, data):
        self.text += "" if self.is_style else data


def read(fragment):
    reader = Reader()
    reader.feed(fragment)
    return reader
