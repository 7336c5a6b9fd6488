"""The font packages -> the same letters in charts, HTML and PDF on every machine; system fonts are never used."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hkresearch.core.cache import drop_oldest, mark_used, read_entry, write_entry
from hkresearch.core.files import hash_path

# In the order in which a character is looked for. TC first: the pages at hand are set in Traditional Chinese.
PACKAGES = {
    "Noto Sans TC": ("pylopdf_fonts_zh_tw", "sans_path"),
    "Noto Serif TC": ("pylopdf_fonts_zh_tw", "serif_path"),
    "Noto Sans SC": ("pylopdf_fonts_zh_cn", "sans_path"),
    "Noto Serif SC": ("pylopdf_fonts_zh_cn", "serif_path"),
}
FAMILIES = ("Noto Sans TC", "Noto Serif TC")
MORE_FAMILIES = (
    "Noto Sans SC",
    "Noto Serif SC",
)  # for what is written in Simplified Chinese, and read only then
SANS = [
    "Noto Sans TC",
    "Noto Sans SC",
    "DejaVu Sans",
]  # for matplotlib; it brings DejaVu Sans itself
RECIPE = "1"  # part of a converted font's name: raise it when the conversion changes
LOCK = (
    threading.RLock()
)  # fontTools reads a font's tables when first asked for them: one thread at a time
KEPT = 500  # fonts made for reports that stay in the machine's cache, some ten kilobytes each
LARGEST_ERROR = 1.0  # units of 1000 to the em that a quadratic curve may leave the cubic one


def find_font(family: str) -> Path:
    """Return the file of `family` as its package brings it (OpenType with CFF outlines)."""
    from importlib import import_module

    module, function = PACKAGES[family]
    return getattr(import_module(module), function)()


@cache
def add_chart_fonts() -> list[str]:
    """Register the sans faces with matplotlib and return the value for `font.family`."""
    from matplotlib import font_manager

    for family in SANS[:2]:
        font_manager.fontManager.addfont(find_font(family))
    return list(SANS)


def find_cache() -> Path:
    """Return the folder for what is computed once per machine; HKRESEARCH_CACHE names another."""
    if named := os.environ.get("HKRESEARCH_CACHE"):
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME") or (
        os.environ.get("HOME") and os.path.join(os.environ["HOME"], ".cache")
    )
    folder = Path(home or tempfile.gettempdir()) / "hkresearch"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    except OSError:
        return Path(tempfile.gettempdir()) / "hkresearch"


@cache
def list_covered(family: str) -> frozenset[int]:
    """Return the code points that `family` has a glyph for."""
    from fontTools.ttLib import TTFont

    with LOCK:
        font = TTFont(find_font(family), lazy=True)
        font.setGlyphOrder(
            list(map(str, range(font["maxp"].numGlyphs)))
        )  # to find the true names reads all outlines
        return frozenset(font.getBestCmap())


def convert_font(family: str) -> Path:
    """Return `family` with TrueType outlines, converted once and kept; a damaged copy is made again.

    PDF/UA-1 asks that a font's widths agree with its outlines' table; the CFF originals fail that rule.
    """
    with LOCK:
        return _convert_font(family)


@cache
def _convert_font(family: str) -> Path:
    source = find_font(family)
    return _keep(
        find_cache()
        / "fonts"
        / f"{source.stem}-{_name_source(family)[:16]}-{RECIPE}"
        / f"{source.stem}.ttf",
        lambda path: _write_truetype(source, path),
    )


def _keep(target: Path, make: Callable[[Path], None]) -> Path:
    """Return `target`, made if it is not there or not as it was made."""
    check = target.with_suffix(".sha256")
    try:
        if check.read_text() == hash_path(target):
            return target
    except OSError:
        pass
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(f".{os.getpid()}")
    make(beside)
    check.write_text(hash_path(beside))
    os.replace(beside, target)
    return target


def _write_truetype(source: Path, target: Path) -> None:
    from fontTools.ttLib import TTFont, newTable

    font = TTFont(source, recalcTimestamp=False)
    order = font.getGlyphOrder()
    glyphs = _draw_glyphs(font, order)
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    font["glyf"].glyphs, font["glyf"].glyphOrder = glyphs, order
    font["maxp"] = _make_limits(len(order))
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 3.0, [], {}
    for tag in ("CFF ", "VORG", "DSIG"):
        if tag in font:
            del font[tag]
    font.sfntVersion = "\0\1\0\0"
    font["hmtx"].metrics = {
        name: (width, getattr(glyphs[name], "xMin", 0) or 0)
        for name, (width, _) in font["hmtx"].metrics.items()
    }
    font.save(target, reorderTables=True)


def _make_limits(n_glyphs: int):
    from fontTools.ttLib import newTable

    limits = newTable("maxp")
    limits.tableVersion, limits.numGlyphs = 0x00010000, n_glyphs
    for name in ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
                 "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
                 "maxCompositeContours", "maxComponentDepth"):  # fmt: skip
        setattr(limits, name, 0)
    limits.maxZones = 1
    return limits


# What most reports need; every other character comes in a second, smaller font made for the report at hand.
LATIN = (
    "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100)))) + "–—‘’‚“”„†‡•…‰′″‹›€™→←↑↓−≈≠≤≥▲▼"
)
WIDE_IN_HAN = "“”‘’…—·"  # as wide as a Han character in Chinese, narrow elsewhere


def make_web_fonts(family: str, characters: str) -> list[bytes]:
    """Return WOFF fonts that together hold `characters` in `family`: the Latin one, then the rest if there is any."""
    rest = set(characters) - set(LATIN) - set("\n\t\r")
    if rest:
        rest |= set(characters) & set(WIDE_IN_HAN)
    fonts = [
        _make_latin_font(family),
        _make_picked_font(family, "".join(sorted(rest))) if rest else b"",
    ]
    return [font for font in fonts if font]


def make_simplified_font(family: str, characters: str) -> bytes:
    """Return a WOFF with the Han characters among `characters` as they are written in Simplified Chinese."""
    return _make_picked_font(
        family, "".join(sorted({c for c in characters if c >= "\u2e80" or c in WIDE_IN_HAN}))
    )


def _make_picked_font(family: str, characters: str) -> bytes:
    def make() -> bytes:
        picked = _pick_glyphs(family, characters)
        return _save_woff(picked) if picked else b""

    return _recall_font(f"{family}\0{characters}", family, make)


@cache
def _make_latin_font(family: str) -> bytes:
    return _recall_font(f"{family}\0{LATIN}\0proportional", family, lambda: _subset_latin(family))


def _recall_font(what: str, family: str, make: Callable[[], bytes]) -> bytes:
    """Return the font that `make` makes, kept by what is in it and what it is made from: drawing one takes a second."""
    from fontTools import version

    key = hashlib.sha256(
        "\0".join((what, _name_source(family), RECIPE, version)).encode("utf-8")
    ).hexdigest()
    folder = find_cache() / "fonts" / "web"
    with LOCK:
        if (kept := read_entry(folder, key)) is not None:
            mark_used(folder, key)
            return kept
        font = make()
        write_entry(folder, key, font)
        drop_oldest(folder, KEPT)
        return font


@cache
def _name_source(family: str) -> str:
    return hash_path(find_font(family))


def _subset_latin(family: str) -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(
        layout_features=["kern", "liga"],
        hinting=False,
        notdef_outline=True,
        name_IDs=[1, 2, 13, 14],
    )
    font = TTFont(convert_font(family), recalcTimestamp=False, lazy=True)
    _use_proportional_marks(font)
    subsetter = Subsetter(options)
    subsetter.populate(text=LATIN)
    subsetter.subset(font)
    return _save_woff(font)


def _use_proportional_marks(font) -> None:
    """Let quotation marks and ellipses in `font` be as wide as in Latin text, not as wide as a Han character."""
    lookups, narrow = font["GSUB"].table.LookupList.Lookup, {}
    for record in font["GSUB"].table.FeatureList.FeatureRecord:
        for index in record.Feature.LookupListIndex if record.FeatureTag == "pwid" else ():
            for table in lookups[index].SubTable:
                narrow |= getattr(getattr(table, "ExtSubTable", table), "mapping", {})
    for table in font["cmap"].tables:
        if table.isUnicode() and hasattr(table, "cmap"):
            table.cmap.update(
                {
                    ord(c): narrow[table.cmap[ord(c)]]
                    for c in WIDE_IN_HAN
                    if table.cmap.get(ord(c)) in narrow
                }
            )


@cache
def _open_font(family: str):
    from fontTools.ttLib import TTFont

    path = find_font(family) if family in MORE_FAMILIES else convert_font(family)
    return TTFont(path, recalcTimestamp=False, lazy=True)


def _pick_glyphs(family: str, characters: str):
    """Return a font with the glyphs of `characters` and nothing else, or None; Han script needs no kerning."""
    from fontTools.fontBuilder import FontBuilder

    font = _open_font(family)
    names = {ord(c): name for c in characters if (name := font.getBestCmap().get(ord(c)))}
    if not names:
        return None
    order = list(dict.fromkeys([".notdef", *names.values()]))
    builder = FontBuilder(font["head"].unitsPerEm, isTTF=True)
    builder.setupHead(unitsPerEm=font["head"].unitsPerEm, created=0, modified=0)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(names)
    builder.setupGlyf(_draw_glyphs(font, order))
    builder.setupHorizontalMetrics(
        {
            name: (font["hmtx"][name][0], getattr(builder.font["glyf"][name], "xMin", 0))
            for name in order
        }
    )
    builder.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    builder.setupOS2(sTypoAscender=font["OS/2"].sTypoAscender, sTypoDescender=font["OS/2"].sTypoDescender,
                     usWinAscent=font["OS/2"].usWinAscent, usWinDescent=font["OS/2"].usWinDescent)  # fmt: skip
    builder.setupNameTable(
        {"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")}
    )
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    return builder.font


def _draw_glyphs(font, names: list[str]) -> dict:
    """Return the outlines of the glyphs `names` with quadratic curves, as TrueType has them."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    shapes, glyphs = font.getGlyphSet(), {}
    for name in names:
        pen = TTGlyphPen(shapes)
        shapes[name].draw(Cu2QuPen(pen, LARGEST_ERROR, reverse_direction="CFF " in font))
        glyphs[name] = pen.glyph()
    return glyphs


def pick_font(family: str, characters: str) -> Path:
    """Return the folder of a font file that holds `characters` of `family` alone, made once and kept.

    For the family that few reports need: converting all of it would take longer than the reports.
    """
    with LOCK:
        digest = hashlib.sha256(
            f"{family}\0{''.join(sorted(set(characters)))}\0{RECIPE}".encode()
        ).hexdigest()[:16]
        target = find_cache() / "fonts" / f"picked-{digest}" / f"{family.replace(' ', '')}.ttf"
        return _keep(target, lambda path: _pick_glyphs(family, characters).save(path)).parent


def _save_woff(font) -> bytes:
    font.flavor = "woff"
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()
