"""Units -> what the coders of each variable agree on, confuse, and differ on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from hkresearch.analysis.agreement.alpha import judge_alpha, measure_agreement
from hkresearch.analysis.agreement.automatic import is_same_code
from hkresearch.analysis.agreement.units import CodingUnit
from hkresearch.tables.coding_checks import NOTHING_TO_CODE
from hkresearch.tables.select_rows import choose_where

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

NUMBER_LEVELS = ("interval", "ratio")


def summarise_variable(
    variable: str,
    units: Sequence[CodingUnit],
    coders: Sequence[str],
    tables: Tables,
    n_boot: int,
    confidence: float,
    seed: int,
) -> dict[str, Any]:
    """Return the row of one variable.

    On a scale of numbers `none` is no value, and the note counts them.
    """
    level, order = find_level(variable, tables)
    rows: list[list[Any]] = [list_values_given(unit, coders) for unit in units]
    n_none = 0
    if level in NUMBER_LEVELS:
        n_none = sum(row.count(NOTHING_TO_CODE) for row in rows)
        rows = [[float(value) for value in row if value != NOTHING_TO_CODE] for row in rows]
    given = {value for row in rows for value in row}
    values = [value for value in order if value in given] + sorted(given - set(order))
    found = measure_agreement(rows, values, level, n_boot, confidence, seed)
    note = _write_note(found.reason, n_none, len(coders))
    active = [coder for coder in coders if any(coder in unit.evidence for unit in units)]
    return {
        "variable": variable,
        "level": level,
        "coders": ", ".join(active),
        "units": found.n_units,
        "values": found.n_values,
        "agreement": found.agreement,
        "alpha": found.alpha,
        "low": found.low,
        "high": found.high,
        "verdict": judge_alpha(found.alpha),
        "note": note,
    }


def list_values_given(unit: CodingUnit, coders: Sequence[str]) -> list[str]:
    """Return what those of `coders` said who gave the unit a value, in their order."""
    return [unit.values[coder] for coder in coders if coder in unit.values]


def _write_note(reason: str, n_none: int, n_coders: int) -> str:
    if n_coders < 2:
        return "one coder: nobody to agree with"
    left_out = f"{n_none} times {NOTHING_TO_CODE}, which is no number, left out" if n_none else ""
    return "; ".join(filter(None, (reason, left_out)))


def find_level(variable: str, tables: Tables) -> tuple[str, list[str]]:
    """Return the level at which `variable` is compared, and its codes in the codebook's order."""
    described = tables.codebook.get("variables", {}).get(variable, {})
    level = described.get("level", "nominal")
    codes = [*described.get("codes", {}), NOTHING_TO_CODE]
    return ("nominal" if level == "date" else level), codes


def count_confusions(
    units: Sequence[CodingUnit], coders: Sequence[str]
) -> list[tuple[str, str, str, str, str, int]]:
    """Return (variable, coder, coder, code, code, n) of every two coders.

    Counted are the units that both gave a value.
    """
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    for unit in units:
        given = [coder for coder in coders if coder in unit.values]
        for one, other in combinations(given, 2):
            if one in unit.evidence or other in unit.evidence:
                counts[unit.variable, one, other, unit.values[one], unit.values[other]] += 1
    return sorted((*key, n) for key, n in counts.items())


def list_disagreeing_units(
    units: Sequence[CodingUnit], coders: Sequence[str], tables: Tables
) -> list[dict[str, Any]]:
    """Return the units on which `coders` differ, with passage and evidence."""
    words = _read_words(units, tables)
    rows = []
    for unit in units:
        first, *others = list_values_given(unit, coders) or [""]
        evidence = [unit.evidence[coder] for coder in coders if coder in unit.evidence]
        if not evidence or all(is_same_code(first, other) for other in others):
            continue
        said = [f"{coder}: {unit.values[coder]}" for coder in coders if coder in unit.values]
        longest = max((words[id] for id in evidence), key=len)
        rows.append(
            {
                "variable": unit.variable,
                "subject": tables.label_of(unit.subject),
                "article": unit.article_id,
                "codes": "; ".join(said),
                "passage": " ".join(longest.split()),
                "evidence": evidence,
            }
        )
    return rows


def _read_words(units: Sequence[CodingUnit], tables: Tables) -> dict[str, str]:
    """Return annotation id -> its words, of all that the units rest on."""
    cited = {id for unit in units for id in unit.evidence.values()}
    words: dict[str, str] = {}
    for frame in (tables.codings, tables.annotations):
        rows = choose_where(frame, ["annotation_id", "exact"], "annotation_id", cited)
        words.update(rows.itertuples(index=False, name=None))
    return words
