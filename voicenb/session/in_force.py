"""What an update has changed, told in one line."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from voicenb.protocol.settings import at_path

LONGEST = 60
"""Characters of a text that the line shows."""

MOST = 6
"""Items of a list that the line shows."""

_TURN_DETECTION = {
    "vad_threshold": "{}",
    "min_silence": "{} ms",
    "max_silence": "{} ms",
    "interrupt_response": "{}",
    "interruption_delay": "{} ms",
}


@dataclass(frozen=True, slots=True, repr=False)
class InForce:
    """The settings that an update has changed, as they are in force now. As a cell's value it is one line.

    Attributes:
        settings: by name (``turn_detection``, ``system_prompt``, …) and as the contract has them: as the
            service told them, else as they were sent.
        confirmed: whether the service of a running call has confirmed them (``barge_in`` is not its business:
            that is in force); else they are for the next call.
    """

    settings: dict[str, Any]
    confirmed: bool

    @classmethod
    def of(cls, patch: Mapping[str, Any], config: Mapping[str, Any], *, confirmed: bool) -> InForce:
        """What a change has come to.

        Args:
            patch: the ``session`` object of the change.
            config: the settings in force.
            confirmed: whether a service has confirmed them.
        """
        settings: dict[str, Any] = {}
        for key, value in patch.items():
            group = value if key in ("input", "output") and isinstance(value, Mapping) else None
            for name, wanted in (group if group is not None else {key: value}).items():
                told = at_path(config, f"{key}.{name}" if group is not None else name)
                settings[name] = wanted if told is None else told
        return cls(settings, confirmed)

    def __repr__(self) -> str:
        parts = [f"{name.replace('_', ' ')}: {_said(name, value)}" for name, value in self.settings.items()]
        by_us = self.settings.keys() == {"barge_in"}
        since = "from now on" if by_us else "confirmed by the service"
        return f"{'; '.join(parts)} ({since if self.confirmed else 'for the next call'})"

    def _repr_html_(self) -> str:
        # JupyterLab breaks plain text in the middle of a word.
        return f'<span class="voicenb-in-force">{escape(repr(self))}</span>'


def _said(name: str, value: Any) -> str:
    """A value in a few words. Only what is known to hold no secret is shown: an HTTP tool's headers may."""
    match value:
        case None if name == "turn_detection":
            return "adaptive, the service's default"
        case None:
            return "not set"
        case Mapping() if name == "turn_detection":
            known = [
                f"{key} {form.format(value[key])}"
                for key, form in _TURN_DETECTION.items()
                if value.get(key) is not None
            ]
            return ", ".join(known) or "the service's figures, not adaptive"
        case Mapping() if name == "format":
            return str(value.get("encoding"))
        case list() | tuple() if name == "tools":
            return _listed([str(tool.get("name")) for tool in value])
        case list() | tuple() if all(isinstance(item, str) for item in value):
            return _listed(list(value))
        case str() if name == "barge_in":
            return value
        case str():
            return f'"{textwrap.shorten(value, LONGEST, placeholder=" …")}"'
        case bool() | int() | float():
            return str(value)
        case _:
            return "changed"


def _listed(items: list[str]) -> str:
    more = len(items) - MOST
    shown = [textwrap.shorten(item, LONGEST, placeholder=" …") for item in items[:MOST]]
    return ", ".join([*shown, *([f"{more} more"] if more > 0 else [])]) or "none"
