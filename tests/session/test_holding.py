"""What all hosts have in common: a plan's engine, and what of its end is raised."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from scripted_service import Peer, Script, ScriptedService, polite

from voicenb.errors import RecordingError, ServiceUnreachable
from voicenb.recording.library import load
from voicenb.service.address import Address
from voicenb.session.asgi import connector
from voicenb.session.engine import Engine
from voicenb.session.events import Event
from voicenb.session.holding import engine_of, hold
from voicenb.session.host import Plan
from voicenb.session.limits import Limits
from voicenb.session.microphones import Silence, Spoken
from voicenb.session.speakers import Captured, Muted
from voicenb.testing.virtual_clock import run_virtually


class Line(Spoken):
    """A caller who hangs up after a fifth of a second."""

    async def frames(self, room: object) -> Any:
        for _ in range(10):
            await asyncio.sleep(0.02)
            yield bytes(960)


def plan(script: Script = polite, **more: Any) -> Plan:
    service = ScriptedService(script)
    parts: dict[str, Any] = {
        "microphone": Line(b"", "short"),
        "speaker": Muted(),
        "connect": connector(service.app),
        "limits": Limits(ready=1.0, goodbye=0.5),
    }
    return Plan(service.address(), {"greeting": "Hi."}, **{**parts, **more})


def held(held_plan: Plan) -> tuple[list[Event], list[Engine]]:
    events: list[Event] = []
    engines: list[Engine] = []
    run_virtually(lambda: hold(held_plan, events.append, engines.append), limit=60)
    return events, engines


def test_the_engine_is_handed_over_before_anything_happens() -> None:
    order: list[str] = []
    run_virtually(
        lambda: hold(plan(), lambda event: order.append(event["type"]), lambda engine: order.append("begun"))
    )
    assert order[:2] == ["begun", "state"]
    assert order.count("begun") == 1


def test_it_is_recorded_where_the_plan_says(tmp_path: Path) -> None:
    events, _ = held(plan(folder=tmp_path / "call", about={"agent": {"name": "Lido"}}))
    recording = load(tmp_path / "call")
    assert recording.agent_name == "Lido"
    assert recording.finished
    assert [event["n"] for event in recording.events] == [event["n"] for event in events]


def test_without_a_folder_nothing_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    events, _ = held(plan())
    assert events[-1]["type"] == "closed"
    assert list(tmp_path.iterdir()) == []


def test_the_key_of_the_address_is_written_nowhere(tmp_path: Path) -> None:
    async def tells(peer: Peer) -> None:
        await peer.ready()
        key = peer.headers["authorization"].removeprefix("Bearer ")
        await peer.say("session.error", code="oops", message=f"Who gave you {key}?")
        await peer.goodbye()

    events, _ = held(plan(tells, folder=tmp_path / "call"))
    assert any("a-secret-key" in str(event["msg"]) for event in events)
    for path in (tmp_path / "call").iterdir():
        assert b"a-secret-key" not in path.read_bytes()


@pytest.mark.parametrize("taken", ["folder", "file"])
def test_a_folder_that_cannot_be_written_is_raised_and_nobody_is_called(tmp_path: Path, taken: str) -> None:
    place = tmp_path / "call"
    if taken == "file":
        place.write_text("mine")
    else:
        place.mkdir()
        (place / "mine").write_text("")
    events: list[Event] = []
    begun: list[Engine] = []
    with pytest.raises(RecordingError):
        run_virtually(lambda: hold(plan(folder=place), events.append, begun.append))
    assert (events, begun) == ([], [])


async def nobody(address: Address) -> Any:
    raise ServiceUnreachable("Nobody answers.")


async def broken(address: Address) -> Any:
    raise ZeroDivisionError("a slip of our own")


@pytest.mark.parametrize(("connect", "words"), [(nobody, "Nobody answers"), (broken, "ZeroDivisionError")])
def test_what_ends_the_session_is_told_by_its_events_and_not_raised(connect: Any, words: str) -> None:
    events, [engine] = held(plan(connect=connect))
    [error] = [event["msg"] for event in events if event["type"] == "error"]
    assert words in error["message"]
    assert engine.error is not None


def test_a_hold_that_is_cancelled_ends_the_session_in_good_order() -> None:
    async def main() -> list[str]:
        engines: list[Engine] = []
        types: list[str] = []
        forever = plan(microphone=Silence())
        holding = asyncio.create_task(
            hold(forever, lambda event: types.append(event["type"]), engines.append)
        )
        await asyncio.sleep(1)
        holding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await holding
        return types

    types = run_virtually(main)
    assert types.index("session.end") < types.index("session.ended") < types.index("closed")


def test_who_brings_no_parts_is_given_quiet_ones() -> None:
    async def main() -> Engine:
        return engine_of(Plan(Address("ws://127.0.0.1:1/v1/ws"), {}), lambda event: None)

    engine = run_virtually(main)
    assert isinstance(engine._microphone, Silence)
    assert isinstance(engine._speaker, Captured)


class Clocked(Line):
    """A caller with a clock of its own, of which the recording is told."""

    def clocks(self, began: float) -> dict[str, Any]:
        return {"page": []}


def test_a_recording_that_cannot_go_on_is_told_and_the_session_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "call"
    events: list[Event] = []

    def watch(event: Event) -> None:
        events.append(event)
        if event["type"] == "session.ready":
            shutil.rmtree(folder)

    clocked = plan(folder=folder, microphone=Clocked(b"", "clocked"))
    run_virtually(lambda: hold(clocked, watch, lambda engine: None))
    [error] = [event["msg"] for event in events if event["type"] == "error"]
    assert (error["kind"], error["fatal"]) == ("RecordingError", False)
    assert [event["type"] for event in events].count("input.audio") == 10
    assert "session.ended" in [event["type"] for event in events]
