"""Tools: a typed Python function becomes something that the agent can call."""

from voicenb.tools.function import Tool, tool
from voicenb.tools.http import HttpTool
from voicenb.tools.offer import ResponseInstructions
from voicenb.tools.wire import result_text

__all__ = ["HttpTool", "ResponseInstructions", "Tool", "result_text", "tool"]
