"""Tables of what each page says -> what is claimed across pages, by whom first, and where pages differ."""

from .claims import reconcile_tables
from .decisions import apply_decisions, read_decisions
from .origins import list_origins

__all__ = ["apply_decisions", "list_origins", "read_decisions", "reconcile_tables"]
