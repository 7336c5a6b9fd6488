"""Tables of what each page says -> what is claimed across pages, who said it first, and where pages differ."""

from .alterations import list_alterations
from .arithmetic import check_arithmetic
from .claims import reconcile_tables
from .contradictions import list_contradictions
from .decisions import apply_decisions, read_decisions
from .diff import diff_tables
from .origins import list_origins
from .standing import list_positions

__all__ = [
    "apply_decisions", "check_arithmetic", "diff_tables", "list_alterations", "list_contradictions",
    "list_origins", "list_positions",
    "read_decisions", "reconcile_tables",
]  # fmt: skip
