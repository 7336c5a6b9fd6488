"""Tables -> the small DataFrames and one-line answers that reports show."""

from hkresearch.analysis.views.changed_claims import (
    list_added_claims,
    list_changed_claims,
    list_gone_claims,
)
from hkresearch.analysis.views.changes import (
    list_changed_pages,
    list_changed_positions,
    summarise_changes,
)
from hkresearch.analysis.views.conditions import list_conditions
from hkresearch.analysis.views.credits import list_credits
from hkresearch.analysis.views.disagreements import (
    list_contradictions,
    list_differences,
    summarise_contradictions,
)
from hkresearch.analysis.views.earlier_tables import join_evidence, read_earlier
from hkresearch.analysis.views.headlines import list_headlines
from hkresearch.analysis.views.in_force import list_current, summarise_positions
from hkresearch.analysis.views.organisation import (
    list_facts,
    list_organisations,
    summarise_organisation,
)
from hkresearch.analysis.views.positions import arrange_positions, list_dissent, list_positions
from hkresearch.analysis.views.quantities import (
    check_quantities,
    list_quantities,
    summarise_quantities,
)
from hkresearch.analysis.views.quotations import (
    list_quoted_words,
    list_statements,
    list_unattributed,
    summarise_quotations,
)
from hkresearch.analysis.views.repeated_statements import list_carriers, list_wordings
from hkresearch.analysis.views.sources import (
    list_decisions,
    list_links,
    list_makings,
    list_pages,
    list_parts,
    list_refused,
    list_removed,
    summarise_sources,
)  # fmt: skip
from hkresearch.analysis.views.timeline import (
    arrange_dates,
    list_dated_facts,
    list_dates,
    summarise_dates,
)

__all__ = [
    "arrange_dates", "arrange_positions", "check_quantities", "join_evidence", "list_added_claims",
    "list_carriers", "list_changed_claims", "list_changed_pages", "list_changed_positions",
    "list_conditions", "list_contradictions", "list_credits", "list_current", "list_dated_facts",
    "list_dates", "list_decisions", "list_differences", "list_dissent", "list_facts",
    "list_gone_claims", "list_headlines", "list_links", "list_makings", "list_organisations",
    "list_pages", "list_parts", "list_positions", "list_quantities", "list_quoted_words",
    "list_refused", "list_removed", "list_statements", "list_unattributed", "list_wordings",
    "read_earlier", "summarise_changes", "summarise_contradictions", "summarise_dates",
    "summarise_organisation", "summarise_positions", "summarise_quantities",
    "summarise_quotations", "summarise_sources",
]  # fmt: skip
