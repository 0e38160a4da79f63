"""A rule of the reference, and the table of all of them."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

Check = Callable[[Any], Awaitable[None] | None]
Stage = Callable[[], Mapping[str, Any]]

SOCKET, CLIENT = "socket", "client"
"""The ways: a bare socket or bare HTTP, and voicenb's own client."""


@dataclass
class Rule:
    """One row.

    Attributes:
        id: begins with the section of the reference, or ``FN`` and the number of a field note.
        says: the rule, in one sentence.
        stage: the emulator's options.
        emulator: why only an emulator can be asked; empty where the hosted service can be as well.
        differs: the conflict in the reference's register (section 27) over which the hosted service may do
            otherwise; empty where it may not.
        alone: why voicenb's own client is not asked; empty where it is.
        socket: the check by a bare socket, on the emulator's clock.
        by_client: the check by voicenb's own client; a plain function is given a `vn.Hosted`.
    """

    id: str
    says: str
    stage: Stage
    emulator: str = ""
    differs: str = ""
    alone: str = ""
    socket: Check | None = None
    by_client: Check | None = None

    def __call__(self, check: Check) -> Rule:
        """The check of both ways; ``alone`` leaves it to the socket."""
        self.socket = check
        if not self.alone:
            self.by_client = check
        return self

    def client(self, check: Check) -> Rule:
        """The check by voicenb's client, where it is another."""
        self.by_client, self.alone = check, ""
        return self

    @property
    def section(self) -> str:
        """What its id begins with, e.g. ``"12.2"``."""
        return self.id.split(" ", 1)[0]


_RULES: list[Rule] = []


def table() -> list[Rule]:
    """All rules, in the order of the reference."""
    import sections

    for name in sections.ORDER:
        importlib.import_module(f"sections.{name}")
    return _RULES


def rule(
    id: str,  # noqa: A002 - what a row calls it
    says: str,
    *,
    stage: Stage = dict,
    emulator: str = "",
    differs: str = "",
    alone: str = "",
) -> Rule:
    """A row of the table; decorates its check."""
    made = Rule(id, says, stage, emulator, differs, alone)
    _RULES.append(made)
    return made


REST = "REST calls of voicenb have a check of their own"
RAW = "voicenb sends typed messages, and none that is like this"
SCRIPTED = "what the model does is scripted"
CLOCK = "it would take too long on a real clock"
INSIDE = "looks into the emulator"
