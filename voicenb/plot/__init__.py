"""Pictures of calls, with matplotlib: every function takes ``ax=`` and returns the Axes that it drew on.

The caller is blue and above, the agent amber and below; waits are hatched, tools violet, and red is for what
went wrong between the two. On a dark background (``plt.style.use("dark_background")``, or a figure whose face
is dark) lighter shades of the same are taken.
"""

from __future__ import annotations

from voicenb.plot.endpointing import endpointing as endpointing
from voicenb.plot.latency import latency as latency
from voicenb.plot.sweep import sweep as sweep
from voicenb.plot.timeline import timeline as timeline

__all__ = ["endpointing", "latency", "sweep", "timeline"]
