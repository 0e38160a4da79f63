"""A tool: what the service is told about it, and the function behind it."""

from __future__ import annotations

import functools
import inspect
import json
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, overload

from voicenb.errors import InvalidConfiguration, ToolError
from voicenb.protocol.settings import DEFAULT_TOOL_TIMEOUT
from voicenb.tools.docstring import read_docstring
from voicenb.tools.schema import Schema, coerce_all, object_schema

ExecutionMode = Literal["interactive", "hold"]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Function = Callable[..., Any]
"""What stands behind a tool; it may be ``async``."""

RESERVED = frozenset({"aai_pre_connect_context"})


@dataclass(frozen=True, slots=True)
class ResponseInstructions:
    """How the agent is to word its answer after the tool, at most 500 characters each."""

    success: str | None = None
    error: str | None = None

    def __post_init__(self) -> None:
        for text in (self.success, self.error):
            if text is not None and len(text) > 500:
                raise InvalidConfiguration(f"Response instructions have {len(text)} characters; at most 500.")

    def to_wire(self) -> dict[str, str]:
        """The service's object, with what is set."""
        pairs = {"success": self.success, "error": self.error}
        return {name: text for name, text in pairs.items() if text is not None}


@dataclass(frozen=True, kw_only=True)
class _Offer:
    """What the service is told about a tool of either sort."""

    name: str
    description: str = ""
    parameters: Schema = field(default_factory=dict, repr=False)
    timeout_seconds: float = field(default=DEFAULT_TOOL_TIMEOUT, repr=False)
    execution_mode: ExecutionMode = field(default="interactive", repr=False)
    response_instructions: ResponseInstructions | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.name or not isinstance(self.name, str):
            raise InvalidConfiguration("A tool needs a name.", param="tools")
        if self.name in RESERVED:
            raise InvalidConfiguration(f"The name {self.name!r} is the service's own.", param="tools")
        if not 1 <= self.timeout_seconds <= 300:
            raise InvalidConfiguration(
                f"{self.name}: timeout_seconds {self.timeout_seconds:g} is not within 1 to 300.",
                param="tools",
            )
        if self.execution_mode not in typing.get_args(ExecutionMode):
            raise InvalidConfiguration(
                f"{self.name}: execution_mode is 'interactive' or 'hold', not {self.execution_mode!r}.",
                param="tools",
            )

    def to_wire(self) -> dict[str, Any]:
        """The flat definition of ``session.update``."""
        wire: dict[str, Any] = {"type": "function", "name": self.name, "description": self.description}
        wire["parameters"] = self.parameters
        if self.execution_mode != "interactive":
            wire["execution_mode"] = self.execution_mode
        if self.timeout_seconds != DEFAULT_TOOL_TIMEOUT:
            wire["timeout_seconds"] = self.timeout_seconds
        if self.response_instructions is not None:
            wire["response_instructions"] = self.response_instructions.to_wire()
        return wire

    def to_resource(self) -> dict[str, Any]:
        """The definition in a stored agent."""
        wire = self.to_wire()
        del wire["type"]
        return wire


@dataclass(frozen=True, kw_only=True)
class Tool(_Offer):
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
        """A function as a tool: name, docstring (Google style) and type hints say what the service must know.

        Args:
            function: sync or async.
            **changes: fields of the tool to set otherwise, e.g. ``timeout_seconds=30``.

        Raises:
            ToolError: a parameter without a type, or of a type that cannot be told to the service.
        """
        docs = read_docstring(function.__doc__)
        offer: dict[str, Any] = {"name": getattr(function, "__name__", ""), "description": docs.description}
        if "parameters" not in changes:
            offer["parameters"] = object_schema(function, _hints(function), docs.parameters)
        return cls(**{**offer, **changes}, function=function)

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
        function = self.function
        while isinstance(function, functools.partial):
            function = function.func
        return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
            getattr(function, "__call__", None)  # noqa: B004
        )

    def __repr__(self) -> str:
        return f"Tool({self.name}({', '.join(self.parameters.get('properties', ()))}))"


@dataclass(frozen=True, kw_only=True)
class HttpTool(_Offer):
    """A tool of a stored agent that the service runs by an HTTPS request.

    Attributes:
        url: where, ``https://``, at most 2048 characters.
        method: GET and DELETE send the arguments as query parameters, the others as a JSON body.
        headers: kept secret by the service and never read back; not in any repr.
    """

    url: str
    method: Method = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.url.startswith("https://") or len(self.url) > 2048:
            raise InvalidConfiguration(
                f"{self.name}: the url must begin with https:// and have at most 2048 characters.",
                param="tools",
            )
        if self.method not in typing.get_args(Method):
            raise InvalidConfiguration(f"{self.name}: unknown method {self.method!r}.", param="tools")

    def to_wire(self) -> dict[str, Any]:
        """Refused: inline sessions take no HTTP tools.

        Raises:
            InvalidConfiguration: always.
        """
        raise InvalidConfiguration(
            f"The HTTP tool {self.name!r} works only in a stored agent.",
            remedy="Store the agent with Hosted().create(agent) and talk to what it returns.",
            param="tools",
        )

    def to_resource(self) -> dict[str, Any]:
        """The definition in a stored agent."""
        wire = _Offer.to_wire(self)
        del wire["type"]
        http: dict[str, Any] = {"url": self.url, "http_method": self.method}
        if self.headers:
            http["headers"] = dict(self.headers)
        return {**wire, "http": http}

    def __repr__(self) -> str:
        return f"HttpTool({self.name}, {self.method} {self.url.split('?')[0]})"


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


def from_wire(wire: Mapping[str, Any]) -> Tool | HttpTool:
    """A tool as the service tells of it, in a stored agent or a ``config`` echo; secrets are not among it."""
    rest = wire.get("response_instructions")
    offer: dict[str, Any] = {
        "name": wire["name"],
        "description": wire.get("description") or "",
        "parameters": wire.get("parameters") or {},
        "timeout_seconds": wire.get("timeout_seconds") or DEFAULT_TOOL_TIMEOUT,
        "execution_mode": wire.get("execution_mode") or "interactive",
        "response_instructions": ResponseInstructions(rest.get("success"), rest.get("error"))
        if rest
        else None,
    }
    http = wire.get("http")
    if not http:
        return Tool(**offer)
    return HttpTool(**offer, url=http["url"], method=http.get("http_method") or http.get("method") or "POST")


def result_text(value: Any) -> str:
    """A tool's result as the text that goes to the service: JSON, serialised once.

    Raises:
        ToolError: the value cannot be written as JSON.
    """
    try:
        return json.dumps(value, ensure_ascii=False, default=_plain)
    except (TypeError, ValueError) as error:
        raise ToolError(
            f"The result cannot be written as JSON: {error}.",
            remedy="Return text, numbers, lists, dicts, dataclasses or dates.",
        ) from None


def _plain(value: Any) -> Any:
    import dataclasses
    import enum

    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, enum.Enum):
        return value.value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "tolist"):  # numpy
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is no JSON type")


def _hints(function: Function) -> dict[str, Any]:
    target = function.func if isinstance(function, functools.partial) else function
    if not inspect.isfunction(target) and not inspect.ismethod(target):
        target = type(target).__call__
    try:
        return typing.get_type_hints(target, include_extras=True)
    except NameError as error:
        raise ToolError(f"{_name_of(function)}: a type hint cannot be resolved: {error}.") from None


def _name_of(function: Function) -> str:
    return getattr(function, "__name__", repr(function))
