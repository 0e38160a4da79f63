"""Tools that run here: a Python function, and what its signature and docstring tell the service."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, overload

from voicenb.errors import ToolError
from voicenb.names import did_you_mean, strict, warn
from voicenb.tools.docstring import read_docstring
from voicenb.tools.offer import Offer
from voicenb.tools.schema import coerce_all, object_schema

Function = Callable[..., Any]
"""What stands behind a tool; it may be ``async``."""


@strict("A tool")
@dataclass(frozen=True, kw_only=True)
class Tool(Offer):
    """A tool that runs here, in Python.

    Attributes:
        name: what the agent calls it, a verb first.
        description: what it does and when to use it; the agent decides by this.
        parameters: JSON Schema of the arguments.
        function: what runs; None for a tool that somebody else's client runs (read from a stored agent).
        timeout_seconds: how long the service waits for the result, 1 to 300.
        execution_mode: ``"interactive"`` (the conversation goes on) or ``"hold"`` (the agent waits).
        response_instructions: how to word the answer, or None.
    """

    function: Function | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, function: Function, **changes: Any) -> Tool:
        """A function as a tool: name, docstring and type hints say what the agent must know.

        What a parameter is stands in the docstring, in Google's or NumPy's style, or in its type:
        ``Annotated[int, "size of the party, e.g. 4"]``. A dict beside it adds to the schema:
        ``Annotated[str, "where to write", {"format": "email"}]``. What may be None may be left out.

        Args:
            function: sync or async.
            **changes: fields of the tool to set otherwise, e.g. ``timeout_seconds=30``.

        Raises:
            ToolError: that is no function, a lambda or a generator; or a parameter without a type, or of a
                type that cannot be told to the service.
            InvalidConfiguration: there is no such field of a tool, or a value cannot work.

        Warns:
            UserWarning: there is no docstring, it names a parameter that does not exist, or nothing says what
                a parameter is: the agent would have to guess.
        """
        if not callable(function):
            raise ToolError(f"A tool is made of a function, not of {function!r}.")
        if _kind(function, inspect.isgeneratorfunction) or _kind(function, inspect.isasyncgenfunction):
            raise ToolError(
                f"{_name_of(function)} cannot be a tool: it yields, and a tool returns its result once.",
                remedy="Collect what it yields in a list, and return that.",
            )
        if getattr(function, "__name__", "") == "<lambda>" and "name" not in changes:
            raise ToolError(
                "A lambda cannot be a tool: the agent knows a tool by its name, its types and its docstring.",
                remedy="Write it as a function: def find_tables(day: str) -> list[str].",
            )
        docs = read_docstring(function.__doc__)
        offer: dict[str, Any] = {"name": getattr(function, "__name__", ""), "description": docs.description}
        if "parameters" not in changes:
            offer["parameters"] = object_schema(function, _hints(function), docs.parameters)
        made = cls(**{**offer, **changes}, function=function)
        # What a class's docstring says under Args is its constructor's.
        _look_over(made, docs.parameters if inspect.isroutine(function) and "parameters" in offer else None)
        return made

    def call(self, arguments: Mapping[str, Any]) -> Any:
        """Run the function.

        Args:
            arguments: as they came; each is brought to the type that the function wants.

        Returns:
            What the function returns; of an async one, the awaitable.

        Raises:
            ToolError: the arguments do not fit; the message is written for the model to read.
        """
        if self.function is None:
            raise ToolError(f"The tool {self.name} has no function here.")
        return self.function(**coerce_all(self.function, _hints(self.function), arguments))

    @property
    def is_async(self) -> bool:
        """Whether :meth:`call` returns an awaitable."""
        return self.function is not None and _kind(self.function, inspect.iscoroutinefunction)

    def is_again(self, before: Offer) -> bool:
        """Whether it is the function of an earlier tool once more, as when a cell is run again.

        A cell that was edited is another file to Python; two places in one file are two functions.
        """
        old, new = (_place_of(getattr(tool, "function", None)) for tool in (before, self))
        same_name, same_file = old[:2] == new[:2], old[2] == new[2] and not old[2].startswith("<")
        return same_name and not (same_file and old[3] != new[3])

    def __repr__(self) -> str:
        return f"Tool({self.name}({', '.join(self.parameters.get('properties', ()))}))"


@overload
def tool(function: Function, /) -> Tool: ...
@overload
def tool(function: None = None, /, **changes: Any) -> Callable[[Function], Tool]: ...
def tool(function: Function | None = None, /, **changes: Any) -> Tool | Callable[[Function], Tool]:
    """Make a function a tool, as a decorator with or without arguments.

    Example:
        >>> @tool(timeout_seconds=30)
        ... def seats(day: str) -> int:
        ...     '''Count the free seats on a day.'''
        ...     return 12
        >>> seats
        Tool(seats(day))
        >>> seats.call({"day": "Friday"})
        12
    """
    if function is None:
        return lambda function: Tool.of(function, **changes)
    return Tool.of(function, **changes)


def _look_over(tool: Tool, told: Mapping[str, str] | None) -> None:
    """Warn of what the agent needs to know of a tool and is not told.

    Args:
        tool: the tool.
        told: what its docstring says of parameters; None where that cannot be read.
    """
    parameters = {} if told is None else tool.parameters.get("properties") or {}
    silent = [name for name, schema in parameters.items() if not schema.get("description")]
    strangers = [name for name in told or () if name not in parameters]
    if not tool.description:
        warn(
            f"The tool {tool.name} has no docstring: the agent knows neither what it does nor when to call "
            'it. Begin the function with one, as in """Get the free times on a day. Use when …""".'
        )
    if strangers:
        meant = did_you_mean(strangers[0], parameters)
        warn(f"The docstring of the tool {tool.name} describes {strangers[0]!r}, no parameter of it. {meant}")
    elif tool.description and silent:
        warn(
            f"The docstring of the tool {tool.name} does not describe {', '.join(silent)}. "
            f'Write it under Args:, or beside the type, as in {silent[0]}: Annotated[str, "…"].'
        )


def _hints(function: Function) -> dict[str, Any]:
    target = function.func if isinstance(function, functools.partial) else function
    if not inspect.isfunction(target) and not inspect.ismethod(target):
        target = type(target).__call__
    try:
        return typing.get_type_hints(target, include_extras=True)
    except NameError as error:
        raise ToolError(f"{_name_of(function)}: a type hint cannot be resolved: {error}.") from None


def _kind(function: Function, is_kind: Callable[[object], bool]) -> bool:
    """Whether what runs in the end is of that kind: behind a partial, and of an object that can be called."""
    while isinstance(function, functools.partial):
        function = function.func
    return is_kind(function) or is_kind(getattr(function, "__call__", None))  # noqa: B004


def _place_of(function: Function | None) -> tuple[object, object, str, int]:
    """Module, name, file and line of a function, as far as it has them."""
    code = getattr(function, "__code__", None)
    file, line = (code.co_filename, code.co_firstlineno) if inspect.iscode(code) else ("<none>", 0)
    return getattr(function, "__module__", None), getattr(function, "__qualname__", None), file, line


def _name_of(function: Function) -> str:
    return getattr(function, "__name__", repr(function))
