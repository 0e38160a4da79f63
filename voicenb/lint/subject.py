"""What is looked at: an agent on the wire, read loosely, so that all of it can be wrong at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from voicenb.lint.prose import Prose
from voicenb.protocol.fields import ONLY_STORED, PLATFORM
from voicenb.protocol.settings import at_path, flat_tool

Wire = Mapping[str, Any]

_PHONE = ("transfer_targets", "outbound_trunk_id", "caller_id", "pre_connect_requests")


@dataclass(frozen=True)
class Definition:
    """The definition of one tool.

    Attributes:
        place: its path.
        wire: as it was written.
    """

    place: str
    wire: Wire

    @property
    def is_nested(self) -> bool:
        """Whether it was written in the form that has all in ``function``."""
        return isinstance(self.wire.get("function"), Mapping)

    @cached_property
    def flat(self) -> Wire:
        """Without ``function``."""
        return flat_tool(self.wire)

    @property
    def inside(self) -> str:
        """The path of name, description and parameters."""
        return f"{self.place}.function" if self.is_nested else self.place

    @property
    def name(self) -> str:
        """Its name; empty if it has none."""
        name = self.flat.get("name")
        return name if isinstance(name, str) else ""

    @property
    def description(self) -> str:
        """What it says of itself; empty if nothing."""
        description = self.flat.get("description")
        return description if isinstance(description, str) else ""

    @property
    def is_by_name(self) -> bool:
        """Whether it has a name and nothing to say, as the service's own tools are attached."""
        flat = self.flat
        parameters = flat.get("parameters")
        has_some = isinstance(parameters, Mapping) and bool(parameters.get("properties"))
        return not flat.get("description") and not has_some and not flat.get("http")

    @property
    def is_platform(self) -> bool:
        """Whether it is one of the service's own."""
        return self.name in PLATFORM and self.is_by_name


class Subject:
    """An agent as it stands on the wire, in either shape, or in a ``session.update``.

    Attributes:
        whole: all that was given.
        wire: the agent in it.
        is_update: whether it came in a ``session.update``.
        is_stored: whether it is an agent as the service stores it, not a ``session`` object.
    """

    def __init__(self, whole: Wire) -> None:
        self.whole = whole
        self.is_update = "session" in whole
        session = whole.get("session")
        inner = session if isinstance(session, Mapping) else {}
        self.wire: Wire = inner if self.is_update else whole
        has_own = not self.wire.keys().isdisjoint(ONLY_STORED)
        self.is_stored = not self.is_update and (has_own or any(t.flat.get("http") for t in self.tools))

    @cached_property
    def prompt(self) -> Prose | None:
        """What it is told; None if that is not known here."""
        prompt = self.wire.get("system_prompt")
        return Prose(prompt) if isinstance(prompt, str) else None

    @property
    def greeting(self) -> str:
        """What it says first; empty if nothing."""
        greeting = self.wire.get("greeting")
        return greeting if isinstance(greeting, str) else ""

    @cached_property
    def tools(self) -> list[Definition]:
        """The tools that are definitions at all."""
        return [
            Definition(f"tools[{place}]", tool)
            for place, tool in enumerate(self._listed)
            if isinstance(tool, Mapping)
        ]

    @property
    def knows_tools(self) -> bool:
        """Whether all its tools are told here; an update leaves out what stays."""
        return isinstance(self.wire.get("tools"), list | tuple)

    @property
    def keyterms(self) -> list[str]:
        """The keyterms that are texts."""
        keyterms = at_path(self.wire, "input.keyterms")
        return (
            [term for term in keyterms if isinstance(term, str)] if isinstance(keyterms, list | tuple) else []
        )

    @property
    def turn_detection(self) -> Wire | None:
        """Its turn detection, without what is not set; None if it has none."""
        settings = at_path(self.wire, "input.turn_detection")
        if not isinstance(settings, Mapping):
            return None
        return {name: value for name, value in settings.items() if value is not None}

    @property
    def takes_phone_calls(self) -> bool:
        """Whether it has settings that only calls by phone use."""
        return any(self.wire.get(key) for key in _PHONE)

    @property
    def _listed(self) -> Iterator[Any]:
        tools = self.wire.get("tools")
        return iter(tools if isinstance(tools, list | tuple) else ())
