"""Tools: a typed Python function becomes something that the agent can call."""

from voicenb.tools.tool import HttpTool, ResponseInstructions, Tool, tool

__all__ = ["HttpTool", "ResponseInstructions", "Tool", "tool"]
