"""Views -> matplotlib Figures, and for each the same in words, as its text alternative."""

from hkresearch.analysis.charts.agreement import describe_agreement, draw_agreement
from hkresearch.analysis.charts.bars import (
    describe_parts,
    describe_quantities,
    draw_parts,
    draw_quantities,
)
from hkresearch.analysis.charts.carrier_matrix import describe_carriers, draw_carriers
from hkresearch.analysis.charts.links import describe_links, draw_links
from hkresearch.analysis.charts.position_matrix import describe_positions, draw_positions
from hkresearch.analysis.charts.timeline import describe_dates, draw_dates

__all__ = [
    "describe_agreement", "describe_carriers", "describe_dates", "describe_links",
    "describe_parts", "describe_positions", "describe_quantities", "draw_agreement",
    "draw_carriers", "draw_dates", "draw_links", "draw_parts", "draw_positions",
    "draw_quantities",
]  # fmt: skip
