"""What of a tool is compared, and what of it is shown."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from voicenb.comparison.hidden import Hidden
from voicenb.tools import HttpTool, Tool
from voicenb.tools.http import KEPT


def tool_as_compared(tool: Tool | HttpTool) -> dict[str, Any]:
    """All that the service is told about a tool, by field; what may be a secret is hidden."""
    wire = {name: value for name, value in tool.to_resource().items() if name not in ("name", "http")}
    if isinstance(tool, HttpTool):
        shown = f"{tool.place}?…" if urlsplit(tool.url).query else tool.place
        wire |= {"url": Hidden(tool.url, shown), "method": tool.method}
        wire["headers"] = {name: Hidden(value, _header(value)) for name, value in tool.headers.items()}
    return wire


def _header(value: str) -> str:
    return "as it is stored" if value == KEPT else "a value that is not shown"
