from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from voicenb.errors import InvalidConfiguration
from voicenb.service.address import Address
from voicenb.session.host import Plan
from voicenb.session.limits import Limits
from voicenb.session.microphones import Silence
from voicenb.session.plan_wire import from_wire, to_wire
from voicenb.session.speakers import Captured
from voicenb.session.transport import Transport

FULL = Plan(
    Address("wss://agents.example.com/v1/ws", key="canary", kind="hosted"),
    {"system_prompt": "Kurz und höflich.", "tools": [{"name": "look", "timeout_seconds": 30}]},
    folder=Path("/calls/lido"),
    about={"agent": {"name": "Lido"}, "started": "2026-09-21T14:13:20+00:00"},
    limits=Limits(ready=3.0, update=1.5, goodbye=0.5),
    on_lost="restart",
    barge_in="duck",
)


async def connect(address: Address) -> Transport:
    raise NotImplementedError


@pytest.mark.parametrize("plan", [FULL, Plan(Address("ws://127.0.0.1:1/v1/ws"), {})], ids=["full", "bare"])
def test_a_plan_arrives_as_it_went(plan: Plan) -> None:
    assert from_wire(json.loads(json.dumps(to_wire(plan)))) == plan


def test_nothing_of_a_plan_is_left_behind() -> None:
    """A field that is added to a plan and not here would be missing in the helper."""
    own = {"microphone", "speaker", "connect", "processor"}
    assert set(to_wire(FULL)) == {field.name for field in dataclasses.fields(Plan)} - own


@pytest.mark.parametrize(
    "part",
    [{"microphone": Silence()}, {"speaker": Captured()}, {"connect": connect}],
    ids=lambda part: next(iter(part)),
)
def test_what_only_this_process_can_hold_is_refused(part: dict[str, Any]) -> None:
    with pytest.raises(InvalidConfiguration, match="those of the browser"):
        to_wire(dataclasses.replace(FULL, **part))


def test_what_travels_is_no_longer_the_callers() -> None:
    session = {"greeting": "Hi."}
    wire = to_wire(dataclasses.replace(FULL, session=session))
    session["greeting"] = "changed meanwhile"
    assert wire["session"] == {"greeting": "Hi."}
