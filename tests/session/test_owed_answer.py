"""What a lost session owed the caller: another one is asked for it, once, and only where it is owed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from brief_mouth import BriefMouth
from scripted_service import Peer, Script, ScriptedService

import voicenb as vn
from voicenb.audio.processor import InPlaceProcessor
from voicenb.service.address import Address
from voicenb.session.asgi import connector
from voicenb.session.engine import Engine
from voicenb.session.events import Event
from voicenb.session.holding import hold
from voicenb.session.host import Plan
from voicenb.session.microphones import Silence
from voicenb.session.owed_answer import QUIET
from voicenb.session.speakers import Muted
from voicenb.testing.virtual_clock import run_virtually

Part = Callable[[Peer], Coroutine[Any, Any, None]]
SECOND = bytes(48_000)


async def turn(peer: Peer, text: str = "A table for four.") -> None:
    await peer.say("input.speech.started")
    await peer.say("input.speech.stopped")
    await peer.say("transcript.user", item_id=text, text=text)


async def listen(peer: Peer, seconds: float) -> None:
    for _ in range(round(50 * seconds)):
        await peer.expect("input.audio")


def loses(before: Part, after: Part, config: dict[str, Any] | None = None) -> Script:
    """A service that loses the session behind ``before``, resumes none, and does ``after`` in another."""
    sessions: list[Any] = []

    async def script(peer: Peer) -> None:
        session = await peer.ready(**(config or {}))
        sessions.append(session)
        if len(sessions) == 1:
            await before(peer)
            await peer.close(1006, "")
            return
        if "agent_id" in session:
            await peer.expect("session.update")
            await peer.say("session.updated", config={})
        await after(peer)
        await peer.say("session.ended", session_duration_seconds=1.0)
        await peer.close(1000, "")

    return script


async def is_asked(peer: Peer) -> None:
    await peer.expect("reply.create")
    await peer.reply("r9", "Here I am.", SECOND)
    await listen(peer, 4.0)


async def is_left_alone(peer: Peer) -> None:
    await listen(peer, 6.0)


def held(script: Script, session: dict[str, Any] | None = None) -> list[Event]:
    service = ScriptedService(script)
    events: list[Event] = []

    async def connect(address: Address) -> Any:
        return await connector(service.app)(address)

    async def main() -> None:
        plan = Plan(
            service.address(),
            session or {"system_prompt": "You book."},
            microphone=Silence(),
            speaker=Muted(),
            connect=connect,
            on_lost="restart",
        )
        await hold(plan, events.append, lambda engine: None)

    run_virtually(main, limit=120)
    if service.closed.done():
        service.closed.result()
    return events


def times(events: list[Event], kind: str) -> list[float]:
    return [event["t"] for event in events if event["type"] == kind]


async def answered(peer: Peer) -> None:
    await turn(peer)
    await peer.reply("r1", "At eight?", SECOND)
    await listen(peer, 2.0)


async def unanswered(peer: Peer) -> None:
    await answered(peer)
    await turn(peer, "At nine.")
    await listen(peer, 0.1)


async def cut_off(peer: Peer) -> None:
    await turn(peer)
    await peer.reply("r1", "", SECOND, status=None)
    await listen(peer, 0.5)


async def half_said(peer: Peer) -> None:
    await peer.say("input.speech.started")
    await peer.say("transcript.user.delta", item_id="u1", text="A table for")
    await listen(peer, 0.1)


async def calls_a_tool(peer: Peer) -> None:
    await turn(peer)
    await peer.say("reply.started", reply_id="r1", item_id="m1")
    await peer.say("tool.call", call_id="c1", name="look", arguments={})
    await peer.say("reply.done", reply_id="r1", status="completed")
    await listen(peer, 1.0)


@pytest.mark.parametrize("before", [unanswered, cut_off, half_said, calls_a_tool])
def test_what_is_owed_is_asked_for_once(before: Part) -> None:
    tools = [{"type": "function", "name": "look", "description": "Look.", "parameters": {}}]
    events = held(loses(before, is_asked), {"system_prompt": "You book.", "tools": tools})
    (asked,) = times(events, "reply.create")
    (again,) = times(events, "reconnected")
    assert asked - again == pytest.approx(QUIET, abs=0.05)
    (message,) = [event["msg"] for event in events if event["type"] == "reply.create"]
    assert message == {"type": "reply.create"}


async def nothing(peer: Peer) -> None:
    await listen(peer, 1.0)


async def greeted(peer: Peer) -> None:
    await peer.reply("r0", "Good evening.", SECOND)
    await listen(peer, 0.3)  # all of it has come, and goes on playing


@pytest.mark.parametrize("before", [answered, nothing, greeted])
def test_where_the_agent_had_finished_nothing_is_asked(before: Part) -> None:
    events = held(loses(before, is_left_alone))
    assert len(times(events, "reconnected")) == 1
    assert times(events, "reply.create") == []


def test_a_caller_who_goes_on_is_answered_unasked() -> None:
    async def goes_on(peer: Peer) -> None:
        await listen(peer, 0.4)
        await peer.say("input.speech.started")
        await listen(peer, 3.0)
        await peer.say("input.speech.stopped")
        await peer.say("transcript.user", item_id="u9", text="Are you there?")
        await listen(peer, 2.0)  # a slow model
        await peer.reply("r9", "I am.", SECOND)
        await is_left_alone(peer)

    assert times(held(loses(unanswered, goes_on)), "reply.create") == []


def test_a_noise_puts_it_off_and_no_more() -> None:
    async def noise(peer: Peer) -> None:
        await listen(peer, 0.4)
        await peer.say("input.speech.started")
        await listen(peer, 2.0)
        await peer.say("input.speech.stopped")
        await is_asked(peer)

    events = held(loses(unanswered, noise))
    (asked,) = times(events, "reply.create")
    assert asked - times(events, "input.speech.stopped")[-1] == pytest.approx(QUIET, abs=0.05)


def test_a_stored_agent_is_told_the_story_first() -> None:
    events = held(loses(unanswered, is_asked), {"agent_id": "agent_1"})
    sent = [event["type"] for event in events if event["dir"] == "out" and event["type"] != "input.audio"]
    assert sent == ["session.update", "session.resume", "session.update", "session.update", "reply.create"]


def test_an_emulator_that_does_not_resume_answers_the_turn_that_it_took_before() -> None:
    emulator = vn.Emulator(
        brain=lambda text: f"I heard {text!r}.",
        processor=InPlaceProcessor(),
        mouth=BriefMouth(),
        profile="live",
        faults=[vn.Fault.drop(on="transcript.user")],
    )
    events: list[Event] = []

    async def main() -> None:
        engines: list[Engine] = []
        plan = Plan(
            emulator.address(),
            {"system_prompt": "You book."},
            microphone=vn.Says("A table for four on Friday."),
            speaker=Muted(),
            connect=connector(emulator.app),
            on_lost="restart",
        )
        holding = asyncio.create_task(hold(plan, events.append, engines.append))
        await asyncio.sleep(15)
        await engines[0].end()
        await holding

    run_virtually(main, limit=60)
    assert [event["msg"]["how"] for event in events if event["type"] == "reconnected"] == ["restarted"]
    assert len(times(events, "reply.create")) == 1
    done = [event["msg"] for event in events if event["type"] == "reply.done"]
    assert [record["status"] for record in done] == ["completed"]
