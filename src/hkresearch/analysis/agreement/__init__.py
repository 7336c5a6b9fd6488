"""Tables with codings by hand -> reliability: alpha, agreement, confusion, and the automatic
coders' F1.
"""

from hkresearch.analysis.agreement.measure import Reliability, reliability

__all__ = ["Reliability", "reliability"]
