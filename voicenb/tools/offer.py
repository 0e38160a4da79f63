"""What the service is told about a tool, whoever runs it."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from voicenb.errors import InvalidConfiguration
from voicenb.protocol.fields import PLATFORM
from voicenb.protocol.settings import DEFAULT_TOOL_TIMEOUT

Schema = dict[str, Any]
ExecutionMode = Literal["interactive", "hold"]
_NAME = re.compile(r"[\w./:-]+")
"""A name as a program could have it, with the marks that MCP takes; the service states no rule."""

RESERVED = frozenset({"aai_pre_connect_context"})


@dataclass(frozen=True, slots=True)
class ResponseInstructions:
    """How the agent is to word its answer after the tool, at most 500 characters each."""

    success: str | None = None
    error: str | None = None

    def __post_init__(self) -> None:
        for text in (self.success, self.error):
            if text is not None and not isinstance(text, str):
                raise InvalidConfiguration(f"Response instructions are text, not {text!r}.", param="tools")
            if text is not None and len(text) > 500:
                raise InvalidConfiguration(
                    f"Response instructions have {len(text)} characters; at most 500.", param="tools"
                )

    def to_wire(self) -> dict[str, str]:
        """The service's object, with what is set."""
        pairs = {"success": self.success, "error": self.error}
        return {name: text for name, text in pairs.items() if text is not None}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the service is told about a tool of either sort.

    ``more`` is what a stored one has besides; it stays in a stored agent and is in no session.
    """

    name: str
    description: str = ""
    parameters: Schema = field(default_factory=dict, repr=False)
    timeout_seconds: float = field(default=DEFAULT_TOOL_TIMEOUT, repr=False)
    execution_mode: ExecutionMode = field(default="interactive", repr=False)
    response_instructions: ResponseInstructions | None = field(default=None, repr=False)
    more: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not self.name or not isinstance(self.name, str):
            raise InvalidConfiguration(
                "A tool needs a name.", remedy='Give it one: name="find_free_tables".', param="tools"
            )
        if not _NAME.fullmatch(self.name):
            raise InvalidConfiguration(
                f"{self.name!r} is no name of a tool.",
                remedy="Letters, digits, _ and - make one, as in find_free_tables.",
                param="tools",
            )
        self._check_parameters()
        if self.name in RESERVED:
            raise InvalidConfiguration(f"The name {self.name!r} is the service's own.", param="tools")
        seconds = self.timeout_seconds
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise InvalidConfiguration(
                f"{self.name}: timeout_seconds must be a number, not {seconds!r}.", param="tools"
            )
        if not 1 <= seconds <= 300:
            raise InvalidConfiguration(
                f"{self.name}: timeout_seconds {seconds:g} is not within 1 to 300.", param="tools"
            )
        if self.execution_mode not in typing.get_args(ExecutionMode):
            raise InvalidConfiguration(
                f"{self.name}: execution_mode is 'interactive' or 'hold', not {self.execution_mode!r}.",
                param="tools",
            )
        if not isinstance(self.response_instructions, ResponseInstructions | None):
            raise InvalidConfiguration(
                f"{self.name}: response_instructions must be ResponseInstructions, "
                f"not {self.response_instructions!r}.",
                remedy="Write voicenb.tools.ResponseInstructions(success=…, error=…).",
                param="tools",
            )

    def _check_parameters(self) -> None:
        parameters: Any = self.parameters
        if not isinstance(parameters, Mapping):
            wrong = f"must be a JSON Schema, not {type(parameters).__name__}"
        elif parameters.get("type", "object") != "object":
            wrong = f"must describe an object, not {parameters['type']!r}: a call has its arguments by name"
        elif not isinstance(parameters.get("properties", {}), Mapping):
            wrong = "must have an object with a schema by name in properties"
        else:
            return
        raise InvalidConfiguration(
            f"{self.name}: parameters {wrong}.",
            remedy='Write {"type": "object", "properties": {"day": {"type": "string"}}}.',
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
        if self.is_platform:
            return {"name": self.name, **self.more}
        wire = Offer.to_wire(self)
        del wire["type"]
        return {**wire, **self.more}

    @property
    def is_platform(self) -> bool:
        """Whether it is one of the service's own, attached by its name alone."""
        return self.name in PLATFORM and not self.description and not self.parameters
