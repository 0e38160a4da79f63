"""Sessions that nobody needs any more."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest
from scripted_service import Peer, ScriptedService

from voicenb.errors import InvalidConfiguration
from voicenb.session.asgi import connector
from voicenb.session.holding import hold
from voicenb.session.host import Plan
from voicenb.session.limits import Limits
from voicenb.session.microphones import Silence
from voicenb.session.speakers import Captured
from voicenb.session.thrift import LOOK, STALE, chosen
from voicenb.testing.virtual_clock import run_virtually

SECOND = bytes(48_000)


def held(script: Any, folder: Path, **limits: Any) -> tuple[ScriptedService, list[dict[str, Any]]]:
    """A session with that service on the virtual clock, to its end."""
    service = ScriptedService(script)
    events: list[dict[str, Any]] = []

    async def main() -> None:
        await hold(
            Plan(
                service.address(),
                {},
                folder=folder,
                microphone=Silence(),
                speaker=Captured(),
                connect=connector(service.app),
                limits=Limits(**limits),
            ),
            events.append,
            lambda engine: None,
        )

    run_virtually(main, limit=2000)
    return service, events


def ended_after(events: list[dict[str, Any]]) -> float:
    ready = next(event["t"] for event in events if event["type"] == "session.ready")
    return float(next(event["t"] for event in events if event["type"] == "error") - ready)


async def polite(peer: Peer) -> None:
    await peer.ready()
    await peer.goodbye()


def says(*pauses: float) -> Any:
    """A service whose agent says something for a second after each of these pauses."""

    async def script(peer: Peer) -> None:
        await peer.ready()

        async def talk() -> None:
            for number, pause in enumerate(pauses):
                await asyncio.sleep(pause)
                await peer.reply(f"r{number}", "Still there?", SECOND)

        talking = asyncio.create_task(talk())
        await peer.goodbye()
        talking.cancel()

    return script


def test_one_in_which_nobody_speaks_ends(tmp_path: Path) -> None:
    service, events = held(polite, tmp_path, idle=60.0)
    assert ended_after(events) == pytest.approx(60, abs=0.1)
    (error,) = [event["msg"] for event in events if event["type"] == "error"]
    assert error["message"].startswith("Nobody has spoken for 60 s")
    assert "idle_end=" in error["remedy"]
    assert service.types[-1] == "session.end", "it is not left open"


def test_whoever_speaks_is_not_cut_off(tmp_path: Path) -> None:
    _, events = held(says(40.0, 50.0), tmp_path, idle=60.0)
    assert ended_after(events) == pytest.approx(40 + 50 + 1 + 60, abs=2.0)


async def begins_to_speak(peer: Peer) -> None:
    await peer.say("input.speech.started")


async def breaks_off(peer: Peer) -> None:
    await peer.say("reply.started", reply_id="r")
    await peer.say("reply.audio", reply_id="r", data=base64.b64encode(SECOND).decode())


@pytest.mark.parametrize("what", [begins_to_speak, breaks_off])
def test_what_was_begun_and_never_ended_keeps_no_session_open(what: Any, tmp_path: Path) -> None:
    async def script(peer: Peer) -> None:
        await peer.ready()
        await what(peer)
        await peer.goodbye()

    _, events = held(script, tmp_path, idle=90.0)
    assert ended_after(events) == pytest.approx(90 + STALE, abs=2 * LOOK)


def test_one_that_lasts_too_long_ends(tmp_path: Path) -> None:
    _, events = held(says(*[50.0] * 10), tmp_path, idle=60.0, longest=300.0)
    assert ended_after(events) == pytest.approx(300, abs=0.1)
    (error,) = [event["msg"] for event in events if event["type"] == "error"]
    assert error["message"].startswith("It has been open for 5 minutes")


def test_without_limits_nothing_is_ended(tmp_path: Path) -> None:
    async def leaves(peer: Peer) -> None:
        await peer.ready()
        await asyncio.sleep(1000)
        await peer.say("session.ended", session_duration_seconds=1000.0)
        await peer.close(1000, "")

    _, events = held(leaves, tmp_path)
    assert [event for event in events if event["type"] == "error"] == []


@pytest.mark.parametrize("value", [0, -1, "5", True, float("nan")])
def test_what_is_no_limit(value: Any) -> None:
    with pytest.raises(InvalidConfiguration, match="idle_end is a number of seconds above 0"):
        chosen("idle_end", value, 300.0)


def test_the_usual_limits_are_those_of_notebooks() -> None:
    assert chosen("idle_end", ..., 300.0) is None
    assert chosen("idle_end", None, 300.0) is None
    assert chosen("idle_end", 20, 300.0) == 20.0
