"""Tables with codings by hand -> how far people, and the automatic coders, agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from hkresearch.analysis.agreement.automatic import score_coders
from hkresearch.analysis.agreement.comparison import (
    count_confusions,
    list_disagreeing_units,
    summarise_variable,
)
from hkresearch.analysis.agreement.units import CodingUnit, find_read, find_units, group_by_variable
from hkresearch.core.article import HkresearchError
from hkresearch.tables.coding_checks import READ, is_automatic
from hkresearch.tables.select_rows import choose_rows, choose_where

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

SUMMARY_COLUMNS = [
    "variable", "level", "coders", "units", "values", "agreement", "alpha", "low", "high",
    "verdict", "note",
]  # fmt: skip
SCORE_COLUMNS = [
    "variable", "automatic", "human", "units", "right", "wrong", "missed", "precision", "recall",
    "f1", "note",
]  # fmt: skip
CONFUSION_COLUMNS = ["variable", "coder_a", "coder_b", "code_a", "code_b", "n"]
DISAGREEMENT_COLUMNS = ["variable", "subject", "article", "codes", "passage", "evidence"]
RECORD_COLUMNS = [
    "annotation_id", "article_id", "start", "end", "subject", "variable", "code", "coder",
]  # fmt: skip
NOTHING_CODED = (
    "No page of these tables is coded by hand, so nothing is known of the coding's reliability."
)
VERDICT_ORDER = ("reliable", "tentative", "not reliable", "not computable")


@dataclass(frozen=True, eq=False)
class Reliability:
    """What `reliability` returns: four tables and their answer in one sentence.

    Attributes
    ----------
    summary : DataFrame
        A row a variable: alpha and agreement of the people, or of the coders named.
    scores : DataFrame
        A row an automatic coder, a person and a variable: precision, recall, F1.
    confusion : DataFrame
        A row a pair of codes that two coders gave to one unit, and how often.
    disagreements : DataFrame
        A row a unit on which they differ, with the annotations that say so.
    """

    summary: pd.DataFrame = field(repr=False)
    scores: pd.DataFrame = field(repr=False)
    confusion: pd.DataFrame = field(repr=False)
    disagreements: pd.DataFrame = field(repr=False)
    answer: str = ""

    def __repr__(self) -> str:
        filled = [frame.to_string() for frame in (self.summary, self.scores) if len(frame)]
        return "\n\n".join([f"<Reliability: {self.answer}>", *filled])

    def _repr_html_(self) -> str:
        from hkresearch.display.html_cards import show_frames

        frames = {
            "Agreement": self.summary,
            "Automatic coders against people": self.scores,
            "Codes given to the same units": self.confusion,
            "Disagreements": self.disagreements,
        }
        return show_frames(self.answer, frames)

    def confuse(self, variable: str, coder_a: str, coder_b: str) -> pd.DataFrame:
        """Return the codes of `coder_a` (rows) by those of `coder_b` (columns), counted."""
        keys = ["variable", "coder_a", "coder_b"]
        is_asked = (self.confusion[keys] == [variable, coder_a, coder_b]).all(axis=1)
        rows = self.confusion[is_asked]
        if rows.empty:
            known = self.confusion[keys].drop_duplicates().sort_values(keys)
            names = [" ".join(row) for row in known.itertuples(index=False, name=None)]
            raise HkresearchError(
                f"{variable!r}: {coder_a} and {coder_b} share no unit. Shared ones: "
                f"{'; '.join(names) or 'none'}"
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
    """Return alpha, agreement and confusion of `coders`, and the automatic coders' F1.

    A variable's level of measurement is the codebook's; a date counts as nominal. `coders` are two
    or more, if not given the people in the codings. The interval is a bootstrap over units, of
    `n_boot` resamples; how units are matched: see `hkresearch.analysis.agreement.units`. Without
    any coding the tables are empty and `answer` says what to do. Scores are of results as they
    stand after decisions.csv.

    >>> print(hk.reliability(tables).answer)
    No page of these tables is coded by hand, ...
    """
    people = sorted({coder for coder in tables.codings["coder"] if not is_automatic(coder)})
    if not people and coders is None:
        return _make_empty()
    coded = list_coded(tables)
    known = {coder for coder, _ in coded}
    automatic = sorted(filter(is_automatic, known))
    chosen = people if coders is None else check_coders(coders, known)
    pages = None if {*chosen} & {*automatic} else set(tables.codings["article_id"])
    records = list_records(tables, pages, variables)
    units = find_units(records, sorted({*chosen, *people, *automatic}), coded)
    summaries = [
        summarise_variable(variable, of_variable, chosen, tables, n_boot, confidence, seed)
        for variable, of_variable in group_by_variable(units, chosen)
    ]
    scores = score_coders(units, automatic, people, find_read(records))
    return _make_reliability(units, summaries, scores, chosen, tables)


def _make_reliability(
    units: Sequence[CodingUnit],
    summaries: Sequence[dict[str, Any]],
    scores: Sequence[dict[str, Any]],
    coders: Sequence[str],
    tables: Tables,
) -> Reliability:
    summary = pd.DataFrame(summaries, columns=SUMMARY_COLUMNS)
    scored = pd.DataFrame(scores, columns=SCORE_COLUMNS).astype({"missed": "Int64"})
    confusion = pd.DataFrame(count_confusions(units, coders), columns=CONFUSION_COLUMNS)
    differing = list_disagreeing_units(units, coders, tables)
    disagreements = pd.DataFrame(differing, columns=DISAGREEMENT_COLUMNS)
    answer = write_answer(summary, scored, coders)
    return Reliability(summary, scored, confusion, disagreements, answer)


def _make_empty() -> Reliability:
    return Reliability(
        pd.DataFrame(columns=SUMMARY_COLUMNS),
        pd.DataFrame(columns=SCORE_COLUMNS),
        pd.DataFrame(columns=CONFUSION_COLUMNS),
        pd.DataFrame(columns=DISAGREEMENT_COLUMNS),
        NOTHING_CODED,
    )


def list_coded(tables: Tables) -> set[tuple[str, str]]:
    """Return every (coder, variable that the coder coded somewhere)."""
    by_machine = _list_pairs(tables.annotations)
    return {pair for pair in by_machine if is_automatic(pair[0])} | _list_pairs(tables.codings)


def _list_pairs(frame: pd.DataFrame) -> set[tuple[str, str]]:
    pairs = frame[["coder", "variable"]].drop_duplicates()
    return set(pairs.itertuples(index=False, name=None))


def list_records(
    tables: Tables,
    pages: Collection[str] | None = None,
    variables: Collection[str] | None = None,
) -> list[Any]:
    """Return the rows of annotations, of all or some `pages`, and of codings.

    What a decision recoded is no coder's independent work. With `variables`, other rows are left
    out, but for those that say what was read.
    """
    found = tables.annotations
    if pages is not None:
        found = choose_where(found, RECORD_COLUMNS, "article_id", pages)
    found = choose_rows(found[RECORD_COLUMNS], found["coder"].map(is_automatic).astype(bool))
    by_hand = tables.codings[RECORD_COLUMNS]
    records = [*found.itertuples(index=False), *by_hand.itertuples(index=False)]
    if variables is None:
        return records
    return [record for record in records if record.variable in (*variables, READ)]


def check_coders(coders: Sequence[str], known: Collection[str]) -> list[str]:
    """Return `coders`, each once.

    Raises HkresearchError when one is not `known` or there are fewer than two.
    """
    chosen = list(dict.fromkeys([coders] if isinstance(coders, str) else coders))
    there_are = f"there are: {', '.join(sorted(known)) or 'none'}"
    if unknown := [coder for coder in chosen if coder not in known]:
        raise HkresearchError(f"no coder {', '.join(unknown)} in these tables; {there_are}")
    if len(chosen) < 2:
        raise HkresearchError(f"agreement needs two coders, {len(chosen)} given; {there_are}")
    return chosen


# ------------------------------------------------------------------------------------------ answer


def write_answer(summary: pd.DataFrame, scores: pd.DataFrame, coders: Sequence[str]) -> str:
    """Return what the figures say in one or two sentences."""
    if len(coders) < 2:
        said = (
            f"One person coded by hand ({coders[0]}), "
            "so agreement between people cannot be measured"
        )
    elif not (summary["units"] > 0).any():
        said = (
            "These coders share no unit, so nothing can be compared: "
            "they coded or read other passages"
        )
    else:
        said = _say_verdicts(summary, len(coders)) + _say_alpha(summary["alpha"].dropna())
    return f"{said}{_say_scores(scores)}."


def _say_verdicts(summary: pd.DataFrame, n_coders: int) -> str:
    n_verdicts = Counter(summary["verdict"])
    counted = [f"{n_verdicts[name]} {name}" for name in VERDICT_ORDER if n_verdicts[name]]
    return f"Of {len(summary)} variable(s) coded by {n_coders} coders: {', '.join(counted)}"


def _say_alpha(alphas: pd.Series) -> str:
    if not len(alphas):
        return ""
    low, high = alphas.min(), alphas.max()
    upper = f" to {high:.3f}" if high > low else ""
    return f"; Krippendorff's alpha is {low:.3f}{upper}"


def _say_scores(scores: pd.DataFrame) -> str:
    measured = scores[scores["precision"].notna()]
    if not len(measured):
        return ""
    n_right = int(measured["right"].sum())
    n_judged = n_right + int(measured["wrong"].sum())
    return f". Of {n_judged} automatic codings that a person judged, {n_right} were the same"
