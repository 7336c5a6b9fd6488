"""Tables of single pages -> claims across pages, their origins, and where pages differ."""

from hkresearch.reconcile.arithmetic_checks import check_arithmetic
from hkresearch.reconcile.claims import reconcile_tables
from hkresearch.reconcile.contradictions import list_contradiction_sides
from hkresearch.reconcile.current_positions import list_current_positions
from hkresearch.reconcile.decisions import apply_decisions, read_decisions
from hkresearch.reconcile.diff import diff_tables
from hkresearch.reconcile.origins import list_origins
from hkresearch.reconcile.wording_changes import list_alterations

__all__ = [
    "apply_decisions",
    "check_arithmetic",
    "diff_tables",
    "list_alterations",
    "list_contradiction_sides",
    "list_current_positions",
    "list_origins",
    "read_decisions",
    "reconcile_tables",
]
