"""What holds for the contradictions of any tables."""

import pandas as pd

from hkresearch.reconcile import list_contradiction_sides
from hkresearch.reconcile.contradictions import FINDERS, JUDGES

# Differences, not contradictions.
NO_DOUBT = ("modality", "outlook", "scope", "headline", "tension", "subject")


def check_parts_of_contradictions(tables):
    """What is found about one subject, or of one kind, is what all that is found says of it."""
    every = list_contradiction_sides(tables).astype(object)
    columns = (
        tables.claims["subject"],
        tables.positions["organisation"],
        tables.quantities["organisation"],
    )
    for subject in {id for column in columns for ids in column for id in ids.split(";")} - {""}:
        about = pd.Series([subject in ids.split(";") for ids in every["subject"]], dtype=bool)
        found = list_contradiction_sides(tables, subject=subject).astype(object)
        pd.testing.assert_frame_equal(found, every[about].reset_index(drop=True))
    for kind in (*FINDERS, *JUDGES):
        found = list_contradiction_sides(tables, [kind]).astype(object)
        pd.testing.assert_frame_equal(found, every[every["kind"] == kind].reset_index(drop=True))
    return set(every["kind"])
