"""A font and characters -> fonts with TrueType outlines: whole, Latin, or picked glyphs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

LARGEST_ERROR = 1.0  # units of 1000 to the em that a quadratic curve may leave the cubic one
CFF_TABLES = ("CFF ", "VORG", "DSIG")
TRUETYPE_VERSION = "\0\1\0\0"
# Limits of hinting programs and components, of which the converted fonts have none.
ZERO_LIMITS = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
    "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours",
    "maxCompositePoints", "maxCompositeContours", "maxComponentDepth",
)  # fmt: skip


def write_truetype(source: Path, target: Path) -> None:
    """Write the font in `source` with TrueType outlines to `target`."""
    from fontTools.ttLib import TTFont, newTable

    font = TTFont(source, recalcTimestamp=False)
    order = font.getGlyphOrder()
    glyphs = _draw_glyphs(font, order)
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    font["glyf"].glyphs, font["glyf"].glyphOrder = glyphs, order
    font["maxp"] = _make_limits(len(order))
    names = font["post"]
    names.formatType, names.extraNames, names.mapping = 3.0, [], {}
    for tag in CFF_TABLES:
        if tag in font:
            del font[tag]
    font.sfntVersion = TRUETYPE_VERSION
    widths = font["hmtx"].metrics
    font["hmtx"].metrics = {
        name: (width, getattr(glyphs[name], "xMin", 0) or 0) for name, (width, _) in widths.items()
    }
    font.save(target, reorderTables=True)


def _make_limits(n_glyphs: int) -> Any:
    from fontTools.ttLib import newTable

    limits = newTable("maxp")
    limits.tableVersion, limits.numGlyphs = 0x00010000, n_glyphs
    for name in ZERO_LIMITS:
        setattr(limits, name, 0)
    limits.maxZones = 1
    return limits


def subset_latin(path: Path, letters: str, narrow: str) -> Any:
    """Return the font at `path` with `letters` alone; those in `narrow` are as wide as Latin."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(
        layout_features=["kern", "liga"],
        hinting=False,
        notdef_outline=True,
        name_IDs=[1, 2, 13, 14],
    )
    font = TTFont(path, recalcTimestamp=False, lazy=True)
    _use_proportional_glyphs(font, narrow)
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    return font


def _use_proportional_glyphs(font: Any, characters: str) -> None:
    """Let `characters` in `font` be as wide as in Latin text, not as wide as a Han character."""
    narrow = _read_proportional_glyphs(font)
    for table in font["cmap"].tables:
        if not table.isUnicode() or not hasattr(table, "cmap"):
            continue
        for code in map(ord, characters):
            if table.cmap.get(code) in narrow:
                table.cmap[code] = narrow[table.cmap[code]]


def _read_proportional_glyphs(font: Any) -> dict[str, str]:
    """Return the name of a glyph -> that of its proportional form (OpenType's feature `pwid`)."""
    substitutions = font["GSUB"].table
    narrow: dict[str, str] = {}
    for record in substitutions.FeatureList.FeatureRecord:
        if record.FeatureTag != "pwid":
            continue
        for index in record.Feature.LookupListIndex:
            for table in substitutions.LookupList.Lookup[index].SubTable:
                narrow |= getattr(getattr(table, "ExtSubTable", table), "mapping", {})
    return narrow


def pick_glyphs(font: Any, family: str, characters: str) -> Any:
    """Return a font with the glyphs of `characters` and nothing else, or None.

    Han script needs no kerning.
    """
    from fontTools.fontBuilder import FontBuilder

    known = font.getBestCmap()
    names = {ord(letter): known[ord(letter)] for letter in characters if known.get(ord(letter))}
    if not names:
        return None
    order = list(dict.fromkeys([".notdef", *names.values()]))
    builder = FontBuilder(font["head"].unitsPerEm, isTTF=True)
    builder.setupHead(unitsPerEm=font["head"].unitsPerEm, created=0, modified=0)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(names)
    builder.setupGlyf(_draw_glyphs(font, order))
    outlines = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {name: (font["hmtx"][name][0], getattr(outlines[name], "xMin", 0)) for name in order}
    )
    builder.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    measures = font["OS/2"]
    builder.setupOS2(
        sTypoAscender=measures.sTypoAscender,
        sTypoDescender=measures.sTypoDescender,
        usWinAscent=measures.usWinAscent,
        usWinDescent=measures.usWinDescent,
    )
    style = {"styleName": "Regular", "psName": family.replace(" ", "")}
    builder.setupNameTable({"familyName": family, **style})
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    return builder.font


def _draw_glyphs(font: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return the outlines of the glyphs `names` with quadratic curves, as TrueType has them."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    shapes = font.getGlyphSet()
    is_cubic = "CFF " in font
    glyphs = {}
    for name in names:
        pen = TTGlyphPen(shapes)
        shapes[name].draw(Cu2QuPen(pen, LARGEST_ERROR, reverse_direction=is_cubic))
        glyphs[name] = pen.glyph()
    return glyphs
