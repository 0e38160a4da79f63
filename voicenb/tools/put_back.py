"""Functions put back behind tools that were read from a file or from the service."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from voicenb.errors import InvalidConfiguration
from voicenb.names import did_you_mean, warn
from voicenb.tools.function import Tool
from voicenb.tools.http import HttpTool


def with_functions(
    tools: Sequence[Tool | HttpTool], functions: Iterable[Callable[..., Any] | Tool]
) -> list[Tool | HttpTool]:
    """The tools, with the functions of their names behind them.

    Args:
        tools: as they were read; what they say stays, but for parameters that are not the function's.
        functions: functions, or tools that have one.

    Raises:
        InvalidConfiguration: there is no such tool, or the service runs it by itself.
        ToolError: a function that cannot become a tool.

    Warns:
        UserWarning: a function has other parameters than its tool tells of.
    """
    there = {tool.name: tool for tool in tools}
    for function in functions:
        own = function if isinstance(function, Tool) else Tool.of(function)
        read = there.get(own.name)
        if not isinstance(read, Tool):
            known = [name for name, tool in there.items() if isinstance(tool, Tool)]
            what = "is run by the service itself" if read is not None else "is not there"
            raise InvalidConfiguration(
                f"The tool {own.name!r} {what}, so no function can be put behind it.",
                remedy=f"{did_you_mean(own.name, known)}There are: {', '.join(known) or 'none'}.",
                param="tools",
            )
        if own.parameters == read.parameters:
            there[own.name] = dataclasses.replace(read, function=own.function)
            continue
        warn(
            f"The function {own.name} has other parameters than are told of its tool; the agent is told of "
            "the function's. Save the agent once more where that is right."
        )
        there[own.name] = dataclasses.replace(read, function=own.function, parameters=own.parameters)
    return list(there.values())
