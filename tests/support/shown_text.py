"""A publication -> all the words that it shows, and how much of a page is among them."""

import re


def read_shown(path):
    """All that a publication says: its text, what stands in attributes and in data addresses, its evidence block."""
    import base64
    import html
    import io
    from urllib.parse import unquote

    if path.suffix == ".pdf":
        import pikepdf

        with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
            block = (
                pdf.attachments["evidence.jsonld"].get_file().read_bytes().decode("unicode_escape")
            )
            return read_pdf_text(pdf) + block
    text = re.sub(r"@font-face\{.*?\}", "", path.read_text("utf-8"))
    text = re.sub(
        r"base64,([\w+/=]+)", lambda found: base64.b64decode(found.group(1)).decode("utf-8"), text
    )
    text = re.sub(r"charset=utf-8,([^\"]+)", lambda found: unquote(found.group(1)), text)
    return html.unescape(
        re.sub(r"<[^>]*>", lambda found: " " + found.group()[1:-1] + " ", text)
    ) + re.sub(r"<[^>]*>", " ", text)


def read_pdf_text(pdf):
    """The text of a PDF, by its fonts' own tables of characters."""
    import pikepdf

    pieces = []
    for page in pdf.pages:
        fonts = {
            name: read_characters(font) for name, font in page.Resources.get("/Font", {}).items()
        }
        letters = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                letters = fonts[str(operands[0])]
            elif str(operator) == "Tm":
                pieces.append(" ")
            elif str(operator) in ("Tj", "TJ"):
                for part in operands[0] if str(operator) == "TJ" else operands:
                    if isinstance(part, pikepdf.String):
                        data = bytes(part)
                        pieces += [letters.get(data[n : n + 2], "") for n in range(0, len(data), 2)]
    return "".join(pieces)


def read_characters(font):
    table = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"^<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>$", table, re.M)
    return {bytes.fromhex(code): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


RUN = 6  # words, or Han characters


WORD = re.compile(r"[\u2e80-\U0003ffff]|[^\W_\u2e80-\U0003ffff]+")


def list_runs(text):
    """All runs of RUN words of `text`."""
    said = WORD.findall(text.casefold())
    return {tuple(said[n : n + RUN]) for n in range(len(said) - RUN + 1)}


def count_shown(page, runs):
    """How many characters of `page` stand in `runs`."""
    found = list(WORD.finditer(page.casefold()))
    covered = set()
    for n in range(len(found) - RUN + 1):
        if tuple(match.group() for match in found[n : n + RUN]) in runs:
            covered.update(range(found[n].start(), found[n + RUN - 1].end()))
    return len(covered)
