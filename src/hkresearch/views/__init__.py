"""Tables -> the small DataFrames and the one-line answers that reports show, a module per question."""

from .positions import arrange_positions, list_conditions, list_dissent, list_positions, summarise_positions
from .quantities import check_quantities, list_quantities, summarise_quantities
from .quotations import list_carriers, list_statements, list_unattributed, list_wordings, summarise_quotations
from .sources import (
    list_coders, list_links, list_pages, list_parts, list_refused, list_removed, summarise_sources,
)  # fmt: skip
from .timeline import list_dated_facts, list_dates, summarise_dates

__all__ = [
    "arrange_positions", "check_quantities", "list_carriers", "list_coders", "list_conditions", "list_dated_facts",
    "list_dates", "list_dissent", "list_links", "list_pages", "list_parts", "list_positions", "list_quantities",
    "list_refused", "list_removed", "list_statements", "list_unattributed", "list_wordings", "summarise_dates",
    "summarise_positions", "summarise_quantities", "summarise_quotations", "summarise_sources",
]  # fmt: skip
