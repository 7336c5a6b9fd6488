"""Tables with codings by hand -> how far coders agree with each other."""

from hkresearch.analysis.agreement.measure import Reliability, reliability

__all__ = ["Reliability", "reliability"]
