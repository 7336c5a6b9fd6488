"""The font packages -> the same letters in charts, HTML and PDF on every machine.

System fonts are never used.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from hkresearch.core.cache import drop_oldest, mark_used, read_entry, write_entry
from hkresearch.core.files import hash_path, stage_file, write_atomically
from hkresearch.display.font_outlines import pick_glyphs, subset_latin, write_truetype

# Family -> its package and the function there that returns the file. TC comes first: the pages at
# hand are set in Traditional Chinese.
FONT_PACKAGES = {
    "Noto Sans TC": ("pylopdf_fonts_zh_tw", "sans_path"),
    "Noto Serif TC": ("pylopdf_fonts_zh_tw", "serif_path"),
    "Noto Sans SC": ("pylopdf_fonts_zh_cn", "sans_path"),
    "Noto Serif SC": ("pylopdf_fonts_zh_cn", "serif_path"),
}
TRADITIONAL_FAMILIES = ("Noto Sans TC", "Noto Serif TC")
SIMPLIFIED_FAMILIES = ("Noto Sans SC", "Noto Serif SC")  # read only where a text needs them
CHART_FAMILIES = ["Noto Sans TC", "Noto Sans SC", "DejaVu Sans"]  # matplotlib brings the last one
CONVERSION = "1"  # part of a converted font's name: raise it when the conversion changes
# fontTools reads a font's tables when first asked for them: one thread at a time.
FONT_LOCK = threading.RLock()
MOST_WEB_FONTS = 500  # in the machine's cache, some ten kilobytes each


def find_font(family: str) -> Path:
    """Return the file of `family` as its package brings it (OpenType with CFF outlines)."""
    module, function = FONT_PACKAGES[family]
    return Path(getattr(import_module(module), function)())


@cache
def add_chart_fonts() -> list[str]:
    """Register the sans faces with matplotlib and return the value for `font.family`."""
    from matplotlib import font_manager

    for family in CHART_FAMILIES[:2]:
        font_manager.fontManager.addfont(find_font(family))
    return list(CHART_FAMILIES)


def find_cache() -> Path:
    """Return the folder for what is computed once per machine; HKRESEARCH_CACHE names another."""
    if named := os.environ.get("HKRESEARCH_CACHE"):
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME")
    if not home and os.environ.get("HOME"):
        home = os.path.join(os.environ["HOME"], ".cache")
    folder = Path(home or tempfile.gettempdir()) / "hkresearch"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir()) / "hkresearch"
    return folder


@cache
def list_covered(family: str) -> frozenset[int]:
    """Return the code points that `family` has a glyph for."""
    from fontTools.ttLib import TTFont

    with FONT_LOCK:
        font = TTFont(find_font(family), lazy=True)
        numbers = range(font["maxp"].numGlyphs)
        font.setGlyphOrder(list(map(str, numbers)))  # to find the true names reads all outlines
        return frozenset(font.getBestCmap())


# ------------------------------------------------------------------------------- TrueType outlines


def convert_font(family: str) -> Path:
    """Return the file of `family` with TrueType outlines, converted once a machine.

    A damaged one is made again.

    PDF/UA-1 asks that a font's widths agree with its outlines' table; the CFF originals fail that
    rule.
    """
    with FONT_LOCK:
        return _convert_font(family)


@cache
def _convert_font(family: str) -> Path:
    source = find_font(family)
    folder = f"{source.stem}-{_hash_source(family)[:16]}-{CONVERSION}"
    target = find_cache() / "fonts" / folder / f"{source.stem}.ttf"
    return _make_once(target, lambda path: write_truetype(source, path))


def pick_font(family: str, characters: str) -> Path:
    """Return the folder of a font file that holds `characters` of `family` alone.

    For the family that few reports need: converting all of it would take longer than the reports.
    """
    distinct = "".join(sorted(set(characters)))
    key = f"{family}\0{distinct}\0{CONVERSION}"
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    target = find_cache() / "fonts" / f"picked-{digest}" / f"{family.replace(' ', '')}.ttf"
    with FONT_LOCK:
        path = _make_once(
            target, lambda path: pick_glyphs(_open_font(family), family, characters).save(path)
        )
    return path.parent


def _make_once(target: Path, make: Callable[[Path], Any]) -> Path:
    """Return `target`, made if it is not there or not as it was made."""
    check = target.with_suffix(".sha256")
    try:
        if check.read_text() == hash_path(target):
            return target
    except OSError:
        pass
    target.parent.mkdir(parents=True, exist_ok=True)
    with stage_file(target) as staged:
        make(staged)
        write_atomically(check, hash_path(staged).encode("ascii"))
        os.replace(staged, target)
    return target


@cache
def _hash_source(family: str) -> str:
    return hash_path(find_font(family))


@cache
def _open_font(family: str) -> Any:
    from fontTools.ttLib import TTFont

    path = find_font(family) if family in SIMPLIFIED_FAMILIES else convert_font(family)
    return TTFont(path, recalcTimestamp=False, lazy=True)


# --------------------------------------------------------------------------------------- web fonts

# What most reports need; other characters come in a second, smaller font made for the report at
# hand.
LATIN_CODES = (*range(0x20, 0x7F), *range(0xA0, 0x100))
LATIN = "".join(map(chr, LATIN_CODES)) + "–—‘’‚“”„†‡•…‰′″‹›€™→←↑↓−≈≠≤≥▲▼"
WIDE_IN_HAN = "“”‘’…—·"  # as wide as a Han character in Chinese, narrow elsewhere
FIRST_HAN = "\u2e80"  # radicals and punctuation included


def make_web_fonts(family: str, characters: str) -> list[bytes]:
    """Return WOFF fonts that hold `characters`: the Latin one, then the rest if there is any."""
    rest = set(characters) - set(LATIN) - set("\n\t\r")
    latin = _make_latin_font(family)
    if not rest:
        return [latin]
    rest |= set(characters) & set(WIDE_IN_HAN)
    picked = _make_picked_font(family, "".join(sorted(rest)))
    return [latin, picked] if picked else [latin]


def make_simplified_font(family: str, characters: str) -> bytes:
    """Return a WOFF with the Han characters among `characters`, in their Simplified forms."""
    han = {
        character for character in characters if character >= FIRST_HAN or character in WIDE_IN_HAN
    }
    return _make_picked_font(family, "".join(sorted(han)))


def _make_picked_font(family: str, characters: str) -> bytes:
    def make() -> bytes:
        picked = pick_glyphs(_open_font(family), family, characters)
        return _save_woff(picked) if picked else b""

    return _cache_font(f"{family}\0{characters}", family, make)


@cache
def _make_latin_font(family: str) -> bytes:
    def make() -> bytes:
        return _save_woff(subset_latin(convert_font(family), LATIN, WIDE_IN_HAN))

    return _cache_font(f"{family}\0{LATIN}\0proportional", family, make)


def _cache_font(name: str, family: str, make: Callable[[], bytes]) -> bytes:
    """Return the cached font, or the one that `make` makes, which takes a second."""
    from fontTools import version

    parts = (name, _hash_source(family), CONVERSION, version)
    key = hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()
    folder = find_cache() / "fonts" / "web"
    with FONT_LOCK:
        cached = read_entry(folder, key)
        if cached is not None:
            mark_used(folder, key)
            return cached
        font = make()
        write_entry(folder, key, font)
        drop_oldest(folder, MOST_WEB_FONTS)
        return font


def _save_woff(font: Any) -> bytes:
    font.flavor = "woff"
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()
