"""Tables with codings by hand -> how far people agree with each other, and the automatic coders with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from hkresearch.analysis.agreement.alpha import judge_alpha, measure_agreement
from hkresearch.analysis.agreement.units import Unit, find_read, find_units, was_read_by
from hkresearch.core.article import HkresearchError
from hkresearch.tables.human_codings import NOTHING, READ, is_automatic
from hkresearch.tables.select_rows import choose_rows, choose_where

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

SUMMARY = [
    "variable",
    "level",
    "coders",
    "units",
    "values",
    "agreement",
    "alpha",
    "low",
    "high",
    "verdict",
    "note",
]
SCORES = [
    "variable",
    "automatic",
    "human",
    "units",
    "right",
    "wrong",
    "missed",
    "precision",
    "recall",
    "f1",
    "note",
]
CONFUSION = ["variable", "coder_a", "coder_b", "code_a", "code_b", "n"]
DISAGREEMENTS = ["variable", "subject", "article", "codes", "passage", "evidence"]
HOW_TO = (
    "No page of these tables is coded by hand, so nothing is known of the coding's reliability: put a coder's file "
    "into the folder codings beside articles.csv, and build again."
)


@dataclass(frozen=True, eq=False)
class Reliability:
    """What `reliability` returns: four tables and their answer in one sentence."""

    summary: pd.DataFrame = field(
        repr=False
    )  # a variable: alpha and agreement of the people (or the coders named)
    scores: pd.DataFrame = field(
        repr=False
    )  # an automatic coder against a person: precision, recall, F1
    confusion: pd.DataFrame = field(
        repr=False
    )  # a pair of codes that two coders gave to one unit, and how often
    disagreements: pd.DataFrame = field(
        repr=False
    )  # a unit on which they differ, with the annotations that say so
    answer: str = ""

    def __repr__(self) -> str:
        filled = [frame.to_string() for frame in (self.summary, self.scores) if len(frame)]
        return "\n\n".join([f"<Reliability: {self.answer}>", *filled])

    def _repr_html_(self) -> str:
        from hkresearch.display.html_cards import show_frames

        names = ("summary", "scores", "confusion", "disagreements")
        titles = (
            "Agreement",
            "Automatic coders against people",
            "Codes given to the same units",
            "Disagreements",
        )
        frames = {title: getattr(self, name) for title, name in zip(titles, names, strict=True)}
        return show_frames(self.answer, frames)

    def confuse(self, variable: str, coder_a: str, coder_b: str) -> pd.DataFrame:
        """Return the confusion table of two coders: a row each code of `coder_a`, a column each code of `coder_b`."""
        c = self.confusion
        rows = c[
            (c["variable"] == variable) & (c["coder_a"] == coder_a) & (c["coder_b"] == coder_b)
        ]
        if rows.empty:
            known = sorted(set(zip(c["variable"], c["coder_a"], c["coder_b"], strict=True)))
            raise HkresearchError(
                f"{variable!r}: {coder_a} and {coder_b} share no unit. Shared ones: "
                + ("; ".join(" ".join(k) for k in known) or "none")
            )
        table = rows.pivot_table(
            index="code_a", columns="code_b", values="n", fill_value=0, aggfunc="sum"
        )
        return table.astype(int).rename_axis(index=coder_a, columns=coder_b)


def reliability(
    tables: Tables,
    coders: Sequence[str] | None = None,
    variables: Sequence[str] | None = None,
    n_boot: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Reliability:
    """Return alpha, agreement and confusion of `coders` (the people in the codings), and the automatic coders' F1.

    A variable's level of measurement is the codebook's; a date counts as nominal. The interval is a seeded bootstrap
    over units; how units are matched: see `hkresearch.analysis.agreement.units`. Without any coding the tables are empty and
    `answer` says what to do. Scores are of results as they stand after decisions.csv.

    >>> print(hk.reliability(tables).answer)
    No page of these tables is coded by hand, ...
    """
    people = sorted({coder for coder in tables.codings["coder"] if not is_automatic(coder)})
    if not people and coders is None:
        return Reliability(
            *(pd.DataFrame(columns=c) for c in (SUMMARY, SCORES, CONFUSION, DISAGREEMENTS)), HOW_TO
        )
    coded = list_coded(tables)
    automatic = sorted({coder for coder, _ in coded if is_automatic(coder)})
    chosen = check_coders(coders, {coder for coder, _ in coded}) if coders is not None else people
    pages = None if {*chosen} & {*automatic} else set(tables.codings["article_id"])
    wanted = [
        r
        for r in list_records(tables, pages)
        if variables is None or r.variable in (*variables, READ)
    ]
    units = find_units(wanted, sorted({*chosen, *people, *automatic}), coded)
    groups = by_variable(units, chosen)
    measured = [
        summarise_variable(v, us, chosen, tables, n_boot, confidence, seed) for v, us in groups
    ]
    summary = pd.DataFrame(measured, columns=SUMMARY)
    scores = pd.DataFrame(score_coders(units, automatic, people, find_read(wanted)), columns=SCORES)
    scores["missed"] = scores["missed"].astype("Int64")
    return Reliability(
        summary, scores, pd.DataFrame(count_confusions(units, chosen), columns=CONFUSION),
        pd.DataFrame(list_disagreements(units, chosen, tables), columns=DISAGREEMENTS),
        write_answer(summary, scores, chosen),
    )  # fmt: skip


def list_coded(tables: Tables) -> set[tuple[str, str]]:
    """Return every coder, with each variable that he or it coded somewhere."""
    pairs = (
        frame[["coder", "variable"]].drop_duplicates()
        for frame in (tables.annotations, tables.codings)
    )
    by_machine, by_hand = (set(frame.itertuples(index=False, name=None)) for frame in pairs)
    return {pair for pair in by_machine if is_automatic(pair[0])} | by_hand


def list_records(tables: Tables, pages: Collection[str] | None = None) -> list[Any]:
    """Return the rows of annotations, of all or some `pages`, and of codings.

    What a decision recoded is no coder's independent work.
    """
    columns = [
        "annotation_id",
        "article_id",
        "start",
        "end",
        "subject",
        "variable",
        "code",
        "coder",
    ]
    marks = tables.annotations
    found = marks[columns] if pages is None else choose_where(marks, columns, "article_id", pages)
    found = choose_rows(found, found["coder"].map(is_automatic).astype(bool))
    return [*found.itertuples(index=False), *tables.codings[columns].itertuples(index=False)]


def check_coders(coders: Sequence[str], known: Collection[str]) -> list[str]:
    """Return `coders`, each once; raises HkresearchError when one is not `known` or there are fewer than two."""
    chosen = list(dict.fromkeys([coders] if isinstance(coders, str) else coders))
    known = sorted(known)
    if unknown := [coder for coder in chosen if coder not in known]:
        raise HkresearchError(
            f"no coder {', '.join(unknown)} in these tables; there are: {', '.join(known) or 'none'}"
        )
    if len(chosen) < 2:
        there = ", ".join(known) or "none"
        raise HkresearchError(
            f"agreement needs two coders, {len(chosen)} given; there are: {there}"
        )
    return chosen


def by_variable(units: Iterable[Unit], coders: Sequence[str]) -> list[tuple[str, list[Unit]]]:
    """Return (variable, its units) of what at least one of `coders` coded, in the order of names."""
    groups: dict[str, list[Unit]] = {}
    for unit in units:
        if any(coder in unit.evidence for coder in coders):
            groups.setdefault(unit.variable, []).append(unit)
    return sorted(groups.items())


def summarise_variable(
    variable: str,
    units: list[Unit],
    coders: Sequence[str],
    tables: Tables,
    n_boot: int,
    confidence: float,
    seed: int,
) -> dict[str, Any]:
    """Return the row of one variable; on a scale of numbers `none` is no value, and the note counts them."""
    level, order = find_level(variable, tables)
    rows = [[u.values[c] for c in coders if c in u.values] for u in units]
    n_none = 0
    if level in ("interval", "ratio"):
        n_none = sum(value == NOTHING for row in rows for value in row)
        rows = [[float(value) for value in row if value != NOTHING] for row in rows]
    given = {value for row in rows for value in row}
    values = [v for v in order if v in given] + sorted(given - set(order))
    found = measure_agreement(rows, values, level, n_boot, confidence, seed)
    notes = [found.reason] + (
        [f"{n_none} times {NOTHING}, which is no number, left out"] if n_none else []
    )
    if len(coders) < 2:
        notes = ["one coder: nobody to agree with"]
    active = [c for c in coders if any(c in u.evidence for u in units)]
    return {
        "variable": variable, "level": level, "coders": ", ".join(active), "units": found.n_units,
        "values": found.n_values, "agreement": found.agreement, "alpha": found.alpha, "low": found.low,
        "high": found.high, "verdict": judge_alpha(found.alpha), "note": "; ".join(filter(None, notes)),
    }  # fmt: skip


def find_level(variable: str, tables: Tables) -> tuple[str, list[str]]:
    """Return the level at which `variable` is compared, and its codes in the codebook's order."""
    book = tables.codebook.get("variables", {}).get(variable, {})
    level = book.get("level", "nominal")
    return ("nominal" if level == "date" else level), [*book.get("codes", {}), NOTHING]


def is_same(a: str, b: str) -> bool:
    """Return whether two codes are one, numbers by their value."""
    try:
        return a == b or float(a) == float(b)
    except ValueError:
        return False


def score_coders(
    units: list[Unit],
    automatic: Sequence[str],
    people: Sequence[str],
    read: Mapping[tuple[str, str], list[Any]],
) -> list[dict[str, Any]]:
    """Return precision, recall and F1 of each automatic coder against each person, a row a variable.

    Precision: of what the coder coded and the person judged, the share that the person coded the same. Recall: of what
    the person coded in spans read in full, the share that the coder coded the same. Nothing judged: no figure.
    """
    rows = []
    for variable, of_variable in by_variable(units, [*people]):
        for human in people:
            judged = [u for u in of_variable if human in u.values]
            for coder in automatic:
                if any(coder in u.values for u in judged):
                    rows.append({"variable": variable, "automatic": coder, "human": human,
                                 **_score(judged, coder, human, read)})  # fmt: skip
    return rows


def _score(
    judged: list[Unit], coder: str, human: str, read: Mapping[tuple[str, str], list[Any]]
) -> dict[str, Any]:
    found = [u for u in judged if u.values.get(coder, NOTHING) != NOTHING]
    right = [u for u in found if is_same(u.values[coder], u.values[human])]
    wanted = [u for u in judged if u.values[human] != NOTHING and was_read_by(read, human, u)]
    met = [u for u in wanted if is_same(u.values.get(coder, NOTHING), u.values[human])]
    precision = len(right) / len(found) if found else None
    recall = len(met) / len(wanted) if wanted else None
    total = (precision or 0) + (recall or 0)
    f1 = (
        None
        if precision is None or recall is None
        else 2 * precision * recall / total
        if total
        else 0.0
    )
    notes = [] if found else ["the coder coded nothing that the person judged"]
    notes += [] if wanted else ["no recall: nothing coded in spans that the person read in full"]
    missed = len(wanted) - len(met) if wanted else None
    return {"units": len(judged), "right": len(right), "wrong": len(found) - len(right), "missed": missed,
            "precision": precision, "recall": recall, "f1": f1, "note": "; ".join(notes)}  # fmt: skip


def count_confusions(units: list[Unit], coders: Sequence[str]) -> list[tuple]:
    """Return (variable, coder, coder, code, code, n) of every two coders, for the units that both gave a value."""
    counts = Counter(
        (u.variable, a, b, u.values[a], u.values[b])
        for u in units for a, b in combinations(coders, 2)
        if a in u.values and b in u.values and (a in u.evidence or b in u.evidence)
    )  # fmt: skip
    return sorted((*key, n) for key, n in counts.items())


def list_disagreements(
    units: list[Unit], coders: Sequence[str], tables: Tables
) -> list[dict[str, Any]]:
    """Return the units on which `coders` differ, each with its passage and the annotations that say so."""
    cited = {id for u in units for id in u.evidence.values()}
    frames = (
        choose_where(f, ["annotation_id", "exact"], "annotation_id", cited)
        for f in (tables.codings, tables.annotations)
    )
    words = {id: text for frame in frames for id, text in frame.itertuples(index=False, name=None)}
    rows = []
    for u in units:
        given = [(coder, u.values[coder]) for coder in coders if coder in u.values]
        if len(given) < 2 or all(is_same(given[0][1], code) for _, code in given[1:]):
            continue
        evidence = [u.evidence[coder] for coder in coders if coder in u.evidence]
        if evidence:
            rows.append({
                "variable": u.variable, "subject": tables.label_of(u.subject), "article": u.article_id,
                "codes": "; ".join(f"{coder}: {code}" for coder, code in given),
                "passage": " ".join(max((words[id] for id in evidence), key=len).split()), "evidence": evidence,
            })  # fmt: skip
    return rows


def write_answer(summary: pd.DataFrame, scores: pd.DataFrame, coders: Sequence[str]) -> str:
    """Return what the figures say in one or two sentences."""
    known = summary[summary["alpha"].notna()]
    if len(coders) < 2:
        text = f"One person coded by hand ({coders[0]}), so agreement between people cannot be measured"
    elif not (summary["units"] > 0).any():
        text = "These coders share no unit, so nothing can be compared: they coded or read other passages"
    else:
        verdicts = Counter(summary["verdict"])
        order = ("reliable", "tentative", "not reliable", "not computable")
        counted = ", ".join(f"{verdicts[v]} {v}" for v in order if verdicts[v])
        text = f"Of {len(summary)} variable(s) coded by {len(coders)} coders: {counted}"
        if len(known):
            low, high = known["alpha"].min(), known["alpha"].max()
            text += f"; Krippendorff's alpha is {low:.3f}" + (
                f" to {high:.3f}" if high > low else ""
            )
    measured = scores[scores["precision"].notna()]
    if len(measured):
        n, right = int((measured["right"] + measured["wrong"]).sum()), int(measured["right"].sum())
        text += f". Of {n} automatic codings that a person judged, {right} were the same"
    return text + "."
