"""Plain objects become wishes at a real engine's desk, on the virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from scripted_service import Peer, ScriptedService

from voicenb.errors import AudioError, InvalidConfiguration, SessionNotOpen
from voicenb.session.asgi import connector
from voicenb.session.commands import perform
from voicenb.session.engine import Engine
from voicenb.session.microphones import Silence
from voicenb.session.speakers import Muted
from voicenb.testing.virtual_clock import run_virtually

TOOL = {"type": "function", "name": "look", "parameters": {}}


async def obliging(peer: Peer) -> None:
    """A service that acknowledges, and calls a tool when it is asked for a reply."""
    await peer.ready()
    while (message := await peer.get())["type"] != "session.end":
        if message["type"] == "session.update":
            await peer.say("session.updated", config=message["session"])
        elif message["type"] == "reply.create":
            await peer.say("tool.call", call_id="c1", name="look", arguments={})
    await peer.say("session.ended")
    await peer.close(1000, "")


class Held:
    """An engine that runs."""

    def __init__(self) -> None:
        self.service = ScriptedService(obliging)
        self.events: list[dict[str, Any]] = []
        self.engine = Engine(
            self.service.address(),
            {"tools": [TOOL]},
            connect=connector(self.service.app),
            microphone=Silence(),
            speaker=Muted(),
            publish=self.events.append,
        )

    async def do(self, what: str, **arguments: Any) -> None:
        await perform(self.engine, {"do": what, **arguments})

    def sent(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.service.received if message["type"] == kind]

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [event["msg"] for event in self.events if event["type"] == kind]


def held(tell: Callable[[Held], Coroutine[Any, Any, None]]) -> Held:
    async def main() -> Held:
        held = Held()
        running = asyncio.create_task(held.engine.run())
        await tell(held)
        await held.engine.end()
        await running
        return held

    return run_virtually(main, limit=120)


def test_update_and_reply() -> None:
    async def tell(held: Held) -> None:
        await held.do("update", session={"system_prompt": "New."})
        assert held.engine.conversation.config["system_prompt"] == "New."
        await held.do("reply", instructions="Say hello.")
        await held.do("reply")

    done = held(tell)
    assert done.sent("session.update")[1]["session"] == {"system_prompt": "New."}
    assert done.sent("reply.create") == [
        {"type": "reply.create", "instructions": "Say hello."},
        {"type": "reply.create"},
    ]


def test_a_tools_result() -> None:
    async def tell(held: Held) -> None:
        await held.do("reply")
        while not held.engine.conversation.calls:
            await held.engine.changed()
        await held.do("tool_result", call_id="c1", result="[1]", is_error=False, own_time=0.5)

    done = held(tell)
    assert done.sent("tool.result") == [{"type": "tool.result", "call_id": "c1", "result": "[1]"}]
    assert done.told("tool") == [{"call_id": "c1", "own_time": 0.5}]


def test_audio_muting_and_the_log() -> None:
    async def tell(held: Held) -> None:
        await held.do("send_audio", pcm=b"\1\0" * 480)
        await held.do("mute", muted=True)
        await held.do("log", text="Hello.", tool="look")
        assert held.engine.desk.line.waiting == 960

    done = held(tell)
    assert done.told("muted") == [{"muted": True}]
    assert done.told("log") == [{"text": "Hello.", "tool": "look"}]


def test_the_end_is_done_when_the_session_is_over() -> None:
    async def tell(held: Held) -> None:
        await held.engine.desk.reply()
        await held.do("end")
        assert held.engine.state == "ended"
        await held.do("end")
        with pytest.raises(SessionNotOpen):
            await held.do("reply")

    assert len(held(tell).sent("session.end")) == 1


def test_what_the_desk_raises_is_raised() -> None:
    async def tell(held: Held) -> None:
        with pytest.raises(AudioError):
            await held.do("send_audio", pcm=b"odd")

    held(tell)


@pytest.mark.parametrize(
    "command", [{"do": "dance"}, {"do": None}, {}, {"do": "_until_ready"}, {"do": "run"}]
)
def test_there_is_nothing_else(command: dict[str, Any]) -> None:
    async def tell(held: Held) -> None:
        with pytest.raises(InvalidConfiguration, match=f"no command {command.get('do')!r}"):
            await perform(held.engine, command)

    held(tell)


@pytest.mark.parametrize("wrong", [{}, {"session": {}, "more": 1}])
def test_arguments_that_do_not_fit_reach_nobody(wrong: dict[str, Any]) -> None:
    async def tell(held: Held) -> None:
        await held.do("reply")  # the session is ready
        with pytest.raises(TypeError):
            await held.do("update", **wrong)

    assert len(held(tell).sent("session.update")) == 1


def test_a_command_is_left_as_it_was() -> None:
    async def tell(held: Held) -> None:
        command = {"do": "mute", "muted": True}
        await perform(held.engine, command)
        assert command == {"do": "mute", "muted": True}

    held(tell)
