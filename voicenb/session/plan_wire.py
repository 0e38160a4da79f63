"""A plan as a plain object, on its way to the helper; microphone and speaker are the helper's own."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from voicenb.errors import InvalidConfiguration
from voicenb.service.address import Address
from voicenb.session.host import Plan
from voicenb.session.limits import Limits


def to_wire(plan: Plan) -> dict[str, Any]:
    """The plan as a plain object. It holds the API key: it goes to the helper and nowhere else.

    Raises:
        InvalidConfiguration: a plan that only a thread of this process can hold.
    """
    if plan.microphone is not None or plan.speaker is not None or plan.connect is not None:
        raise InvalidConfiguration(
            "The helper's microphone and speaker are those of the browser.",
            remedy="Leave host= out for a microphone of your own.",
        )
    return {
        "address": dataclasses.asdict(plan.address),
        "session": dict(plan.session),
        "folder": None if plan.folder is None else str(plan.folder),
        "about": dict(plan.about),
        "limits": dataclasses.asdict(plan.limits),
        "on_lost": plan.on_lost,
        "barge_in": plan.barge_in,
    }


def from_wire(wire: dict[str, Any]) -> Plan:
    """The plan that :func:`to_wire` was given."""
    return Plan(
        Address(**wire["address"]),
        wire["session"],
        folder=None if wire["folder"] is None else Path(wire["folder"]),
        about=wire["about"],
        limits=Limits(**wire["limits"]),
        on_lost=wire["on_lost"],
        barge_in=wire["barge_in"],
    )
