"""A connection that is lost while people talk: what is had back, what is said meanwhile, what is given up."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from counting import Counting, steps
from scripted_service import Peer, Script, ScriptedService

import voicenb as vn
from voicenb.errors import ServiceUnreachable, SessionNotOpen
from voicenb.service.address import Address
from voicenb.session import reconnection
from voicenb.session.asgi import connector
from voicenb.session.backlog import ROOM
from voicenb.session.engine import Engine
from voicenb.session.holding import hold
from voicenb.session.host import Plan
from voicenb.session.limits import Limits
from voicenb.session.microphone import FRAME, RATE
from voicenb.session.on_lost import OnLost
from voicenb.session.reconnection import LASTING, RETURNS
from voicenb.session.speakers import Muted
from voicenb.session.transport import ConnectionClosed, Transport
from voicenb.testing.virtual_clock import run_virtually

SECOND = RATE // FRAME


def audio_of(received: list[dict[str, Any]]) -> bytes:
    return b"".join(base64.b64decode(m["audio"]) for m in received if m["type"] == "input.audio")


class Call:
    """A session on the virtual clock whose service drops it.

    Args:
        service: the service.
        down: seconds for which nobody answers after the connection was lost.
    """

    def __init__(self, service: ScriptedService, folder: Path, down: float = 0.0) -> None:
        self.service = service
        self.folder = folder
        self.down = down
        self.events: list[dict[str, Any]] = []
        self.tries: list[float] = []
        self.engine: Engine | None = None

    async def _connect(self, address: Address) -> Transport:
        now = asyncio.get_running_loop().time()
        dropped = next((e["t"] for e in self.events if e["type"] == "closed"), None)
        if dropped is not None:
            self.tries.append(round(now - dropped, 3))
            if now - dropped < self.down:
                raise ServiceUnreachable("Nobody is there.")
        return await connector(self.service.app)(address)

    async def hold(
        self, session: dict[str, Any] | None = None, on_lost: OnLost = "end", limits: Limits | None = None
    ) -> None:
        plan = Plan(
            self.service.address(),
            session or {},
            folder=self.folder,
            microphone=Counting(),
            speaker=Muted(),
            connect=self._connect,
            limits=limits or Limits(),
            on_lost=on_lost,
        )

        def begun(engine: Engine) -> None:
            self.engine = engine

        await hold(plan, self.events.append, begun)

    async def until(self, state: str) -> Engine:
        """Wait until it has been in that state."""
        await asyncio.sleep(0)  # it begins
        assert self.engine is not None
        while state not in self.states:
            await self.engine.changed()
        return self.engine

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event["msg"] for event in self.events if event["type"] == kind]

    @property
    def states(self) -> list[str]:
        return [record["state"] for record in self.of("state")]

    @property
    def recording(self) -> vn.Recording:
        return vn.load(self.folder)


def hears(seconds: float, then: Callable[[Peer], Any] | None = None) -> Script:
    """A service that hears so many seconds of the caller, and then loses the connection."""

    async def script(peer: Peer) -> None:
        await peer.ready()
        await listen(peer, seconds)
        await (then(peer) if then is not None else peer.close(1006, ""))

    return script


async def listen(peer: Peer, seconds: float) -> None:
    for _ in range(round(seconds * SECOND)):
        await peer.expect("input.audio")


def resumes(seconds: float) -> Script:
    """A service that resumes the session, hears some more and then ends it."""

    async def script(peer: Peer) -> None:
        resume = await peer.expect("session.resume")
        assert resume["session_id"] == "sess_1"
        await peer.say("session.ready", session_id="sess_1")
        await listen(peer, seconds)
        await peer.say("session.ended", session_duration_seconds=1.0, audio_duration_seconds=None)
        await peer.close(1000, "")

    return script


def play(call: Call, **options: Any) -> Call:
    async def main() -> None:
        await call.hold(**options)

    run_virtually(main, limit=300)
    return call


@pytest.mark.parametrize("down", [0.0, 2.0, 6.0])
def test_what_is_said_in_the_gap_is_sent_once_and_in_order(tmp_path: Path, down: float) -> None:
    service = ScriptedService(hears(1.0), resumes(down + 2.0))
    call = play(Call(service, tmp_path / "call", down))
    assert steps(audio_of(service.received)) == [1]
    track = call.recording.caller.astype("<i2").tobytes()
    assert steps(track) == [1]
    assert len(track) / 2 / RATE == pytest.approx(down + 3.0, abs=0.1)
    (facts,) = call.of("reconnected")
    assert facts["how"] == "resumed"
    assert facts["gap"] >= down
    assert facts["left_out"] == 0
    assert facts["held"] == pytest.approx(facts["gap"], abs=0.1)
    assert call.states == ["connecting", "listening", "reconnecting", "listening", "ended"]
    assert call.recording.ended is not None
    assert call.recording.ended["reason"] == "ended"


def test_of_a_long_gap_the_latest_is_sent(tmp_path: Path) -> None:
    service = ScriptedService(hears(1.0), resumes(ROOM + 2.0))
    call = play(Call(service, tmp_path / "call", 20.0))
    (facts,) = call.of("reconnected")
    assert facts["held"] == pytest.approx(ROOM, abs=0.1)
    assert facts["left_out"] == pytest.approx(facts["gap"] - ROOM, abs=0.1)
    sent = steps(audio_of(service.received))
    assert len(sent) == 2, "in order, with one gap"
    assert steps(call.recording.caller.astype("<i2").tobytes()) == sent
    assert "were left out" in call.of("log")[0]["text"]


def test_attempts_are_spread_and_stop_when_the_service_keeps_the_session_no_longer(tmp_path: Path) -> None:
    call = play(Call(ScriptedService(hears(1.0)), tmp_path / "call", 1000.0))
    assert 15 < len(call.tries) < 90
    assert call.tries[0] < 0.25
    assert 25 < call.tries[-1] < 30.001
    waits = np.diff(call.tries)
    assert len(set(waits.round(2))) > len(waits) / 2, "no two sessions come back in step"
    assert waits.max() <= 2.0
    assert call.states[-2:] == ["reconnecting", "lost"]
    (error,) = call.of("error")
    assert "Nobody is there" in error["message"]
    assert call.recording.finished
    assert call.recording.ended is not None
    assert call.recording.ended["reason"] == "lost"


def test_a_refusal_is_not_argued_with(tmp_path: Path) -> None:
    call = play(Call(ScriptedService(hears(1.0)), tmp_path / "call"))
    assert len(call.tries) == 1
    assert call.states[-1] == "lost"
    (error,) = call.of("error")
    assert "grace window" in error["message"]


def test_a_service_that_says_nothing_is_tried_again(tmp_path: Path) -> None:
    async def silent(peer: Peer) -> None:
        await peer.expect("session.resume")
        while True:
            await peer.get()

    service = ScriptedService(hears(1.0), silent, resumes(4.0))
    call = play(Call(service, tmp_path / "call"), limits=Limits(ready=2.0))
    assert call.of("reconnected")[0]["how"] == "resumed"
    assert steps(audio_of(service.received)) == [1]


TOOLS = {"tools": [{"type": "function", "name": "look", "description": "Look.", "parameters": {}}]}


async def answers_a_result(peer: Peer) -> None:
    await peer.expect("session.resume")
    await peer.say("session.ready", session_id="sess_1")
    assert (await peer.expect("tool.result")) == {
        "type": "tool.result",
        "call_id": "c1",
        "result": "No table.",
        "is_error": True,
    }
    await peer.reply("r1", "None is free.", bytes(4800))
    await peer.goodbye()


def answered_once(call: Call, *states: str) -> None:
    """Hold a call whose service calls a tool, and answer that once; end it behind so many states."""

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            holding = group.create_task(call.hold(TOOLS))
            engine = await call.until("thinking")
            while not engine.conversation.pending_calls:
                await engine.changed()
            await engine.desk.tool_result("c1", "No table.", is_error=True)
            while call.states[-len(states) :] != list(states):
                await engine.changed()
            await engine.end()
            await holding

    run_virtually(main, limit=60)


async def swallows_a_result(peer: Peer) -> None:
    await peer.ready()
    await peer.say("tool.call", call_id="c1", name="look", arguments={})
    await peer.expect("tool.result")
    await peer.close(1006, "")


async def swallows_it_again(peer: Peer) -> None:
    await peer.expect("session.resume")
    await peer.say("session.ready", session_id="sess_1")
    await peer.expect("tool.result")
    await peer.close(1006, "")


@pytest.mark.parametrize("again", [[], [swallows_it_again] * 2])
def test_a_result_that_the_connection_swallowed_is_sent_again(tmp_path: Path, again: list[Script]) -> None:
    service = ScriptedService(swallows_a_result, *again, answers_a_result)
    call = Call(service, tmp_path / "call")
    answered_once(call, "speaking", "listening")
    times = 2 + len(again)
    assert [m["result"] for m in service.received if m["type"] == "tool.result"] == ["No table."] * times
    assert len(call.of("tool.result")) == times, "the recording has what was sent"
    assert call.states[2:5] == ["thinking", "reconnecting", "thinking"]
    (told,) = call.recording.tool_calls
    assert (told.result, told.again, told.lost) == ("No table.", False, False)
    sent = [event["t"] for event in call.events if event["type"] == "tool.result"]
    assert told.result_at == sent[0]
    assert any("sent again" in record["text"] for record in call.of("log"))


def test_a_result_that_was_answered_is_not_sent_again(tmp_path: Path) -> None:
    async def answers(peer: Peer) -> None:
        await peer.ready()
        await peer.say("tool.call", call_id="c1", name="look", arguments={})
        await peer.expect("tool.result")
        await peer.say("reply.started", reply_id="r1", item_id="m1")
        await peer.close(1006, "")

    service = ScriptedService(answers, resumes(1.0))
    answered_once(Call(service, tmp_path / "call"), "reconnecting", "listening", "ended")
    assert service.types.count("tool.result") == 1


async def lost_at_once(peer: Peer) -> None:
    """A service that resumes the session, and fails."""
    await peer.expect("session.resume")
    await peer.say("session.ready", session_id="sess_1")
    await peer.close(1011, "")


def test_a_service_that_loses_what_it_resumes_is_given_up(tmp_path: Path) -> None:
    call = play(Call(ScriptedService(hears(1.0), lost_at_once), tmp_path / "call"))
    assert len(call.of("reconnected")) == RETURNS
    assert 0.5 < call.tries[-1] < 2.0 * RETURNS, "with growing pauses"
    assert call.states[-1] == "lost"
    (error,) = call.of("error")
    assert f"lost again {RETURNS} times" in error["message"]
    assert "closed with 1011" in error["message"]


def test_where_what_is_resumed_does_not_last_another_session_is_begun_and_bounded_as_well(
    tmp_path: Path,
) -> None:
    call = play(Call(ScriptedService(hears(1.0), lost_at_once), tmp_path / "call"), on_lost="restart")
    assert [facts["how"] for facts in call.of("reconnected")] == ["resumed"] * RETURNS + ["restarted"]
    assert call.states[-1] == "lost"


def test_a_connection_that_lasted_is_had_back_without_counting_what_was_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconnection, "RETURNS", 2)

    async def lasts(peer: Peer) -> None:
        await peer.expect("session.resume")
        await peer.say("session.ready", session_id="sess_1")
        await listen(peer, LASTING + 1.0)
        await peer.close(1006, "")

    service = ScriptedService(hears(1.0), lasts, lasts, lasts, resumes(1.0))
    call = play(Call(service, tmp_path / "call"))
    assert len(call.of("reconnected")) == 4
    assert call.states[-1] == "ended"
    assert max(facts["gap"] for facts in call.of("reconnected")) < 0.3, "each time with the shortest pause"


def anew(received: list[dict[str, Any]]) -> Script:
    """A service that begins with who has been refused to resume: a whole new session."""

    async def script(peer: Peer) -> None:
        update = await peer.expect("session.update")
        received.append(update["session"])
        if len(received) == 1:
            await peer.say("session.ready", session_id="sess_1", config={"system_prompt": "Stored."})
            await peer.say("transcript.user", item_id="u1", text="A table for four.")
            await listen(peer, 1.0)
            await peer.close(1006, "")
            return
        await peer.say("session.ready", session_id="sess_2", config=update["session"])
        if "agent_id" in update["session"]:
            received.append((await peer.expect("session.update"))["session"])
            await peer.say("session.updated", config=received[-1])
        await peer.expect("reply.create")  # the caller was not answered
        await listen(peer, 2.0)
        await peer.say("session.ended", session_duration_seconds=1.0)
        await peer.close(1000, "")

    return script


def test_another_session_is_told_what_was_said(tmp_path: Path) -> None:
    received: list[dict[str, Any]] = []
    call = Call(ScriptedService(anew(received)), tmp_path / "call")
    play(call, session={"system_prompt": "You book.", "greeting": "Hello."}, on_lost="restart")
    assert "greeting" not in received[1]
    assert received[1]["system_prompt"].startswith("You book.\n\n")
    assert "Caller: A table for four." in received[1]["system_prompt"]
    (facts,) = call.of("reconnected")
    assert (facts["how"], facts["session_id"]) == ("restarted", "sess_2")
    assert steps(call.recording.caller.astype("<i2").tobytes()) == [1], "nothing of what was said is lost"
    assert [line.text for line in call.recording.transcript] == ["A table for four."]
    assert call.states == [
        *("connecting", "listening", "thinking", "reconnecting", "listening"),
        *("thinking", "ended"),
    ]


def test_another_session_of_a_stored_agent(tmp_path: Path) -> None:
    received: list[dict[str, Any]] = []
    call = Call(ScriptedService(anew(received)), tmp_path / "call")
    play(call, session={"agent_id": "agent_1"}, on_lost="restart")
    assert received[1] == {"agent_id": "agent_1"}
    assert received[2]["system_prompt"].startswith("Stored.\n\n")


@pytest.mark.parametrize("code", ["at_capacity", "CONCURRENCY_EXCEEDED", "internal_error"])
def test_a_service_without_room_is_asked_to_resume_again(tmp_path: Path, code: str) -> None:
    async def full(peer: Peer) -> None:
        await peer.refuse(code)

    service = ScriptedService(hears(1.0), full, full, resumes(4.0))
    call = play(Call(service, tmp_path / "call"), on_lost="restart")
    assert [facts["how"] for facts in call.of("reconnected")] == ["resumed"]
    assert steps(audio_of(service.received)) == [1]


def fails(closes: bool) -> Callable[[Peer], Any]:
    async def fault(peer: Peer) -> None:
        await peer.say("session.error", code="internal_error", message="Oh.", session_id="sess_1")
        if closes:
            await peer.close(1011, "")
        else:
            while True:
                await peer.get()

    return fault


@pytest.mark.parametrize("closes", [True, False])
def test_a_fault_of_the_service_is_a_loss_where_another_session_is_wanted(
    tmp_path: Path, closes: bool
) -> None:
    begun: list[str] = []

    async def script(peer: Peer) -> None:
        await peer.ready()
        begun.append("")
        await listen(peer, 1.0)
        if len(begun) == 1:
            await fails(closes)(peer)
        await peer.say("session.ended", session_duration_seconds=1.0)
        await peer.close(1000, "")

    call = play(Call(ScriptedService(script), tmp_path / "call"), on_lost="restart")
    assert [facts["how"] for facts in call.of("reconnected")] == ["restarted"]
    assert call.states == ["connecting", "listening", "reconnecting", "listening", "ended"]
    assert [(error["code"], error["fatal"]) for error in call.of("error")] == [("internal_error", False)]
    assert steps(call.recording.caller.astype("<i2").tobytes()) == [1]


def test_a_service_that_fails_again_and_again_is_left_alone(tmp_path: Path) -> None:
    service = ScriptedService(hears(1.0, fails(True)))
    call = play(Call(service, tmp_path / "call"), on_lost="restart")
    assert [facts["how"] for facts in call.of("reconnected")] == ["restarted"]
    assert [error["fatal"] for error in call.of("error")] == [False, True]
    assert call.of("error")[-1]["code"] == "internal_error"


def test_a_fault_ends_the_session_elsewhere(tmp_path: Path) -> None:
    call = Call(ScriptedService(hears(1.0, fails(True))), tmp_path / "call")
    play(call)
    assert call.states == ["connecting", "listening", "ended"]
    assert [(error["code"], error["fatal"]) for error in call.of("error")] == [("internal_error", True)]
    assert call.tries == []


def test_a_fault_that_nobody_makes_good_is_told(tmp_path: Path) -> None:
    call = Call(ScriptedService(hears(1.0, fails(True))), tmp_path / "call", 1000.0)
    play(call, on_lost="restart", limits=Limits(resume=2.0, restart=4.0))
    (first, last) = call.of("error")
    assert (first["code"], first["fatal"], last["fatal"]) == ("internal_error", False, True)
    assert "internal_error: Oh" in last["message"]
    assert call.states[-1] == "lost"


def test_the_gap_counts_from_the_last_sign_of_life(tmp_path: Path) -> None:
    class Doubtful:
        """A connection that falls silent two seconds before that is noticed; in the last it is doubted."""

        def __init__(self, transport: Transport, loop: asyncio.AbstractEventLoop) -> None:
            self.send, self.close = transport.send, transport.close
            self._receive, self._loop, self._began = transport.receive, loop, loop.time()

        @property
        def in_doubt(self) -> bool:
            return self._loop.time() > self._began + 4.0

        async def receive(self) -> str | bytes:
            try:
                async with asyncio.timeout_at(self._began + 5.0):
                    return await self._receive()
            except TimeoutError:
                raise ConnectionClosed(1006, "no sign of life for 2 s", silent=2.0) from None

    class Silent(Call):
        async def _connect(self, address: Address) -> Transport:
            transport = await super()._connect(address)
            return transport if self.tries else Doubtful(transport, asyncio.get_running_loop())

    async def silent(peer: Peer) -> None:
        await peer.ready()
        while True:
            await peer.get()

    call = play(Silent(ScriptedService(silent, resumes(3.0)), tmp_path / "call", 1.0))
    (facts,) = call.of("reconnected")
    assert facts["in_doubt"] == pytest.approx(1.0, abs=0.05)
    assert facts["held"] == pytest.approx(facts["gap"] - 1.0, abs=0.05)
    assert 3.0 < facts["gap"] < 4.5
    assert call.of("closed")[0]["silent"] == 2.0
    assert (
        "Whether 1.0 s of what was said at its beginning arrived is not known." in call.of("log")[0]["text"]
    )
    assert steps(call.recording.caller.astype("<i2").tobytes()) == [1], "nothing is sent twice"


class Broken:
    """A connection that is lost before the first word of it is out."""

    async def send(self, frame: str) -> None:
        raise ConnectionClosed(1006, "")

    async def receive(self) -> str:
        raise ConnectionClosed(1006, "")

    async def close(self, code: int = 1000) -> None:
        pass


def test_a_connection_that_is_lost_at_once_does_not_spoil_the_next(tmp_path: Path) -> None:
    received: list[dict[str, Any]] = []

    class Shaky(Call):
        async def _connect(self, address: Address) -> Transport:
            transport = await super()._connect(address)
            return Broken() if len(self.tries) == 1 else transport

    call = Shaky(ScriptedService(anew(received)), tmp_path / "call")
    play(call, session={"agent_id": "agent_1"}, on_lost="restart", limits=Limits(resume=0.001))
    assert [facts["how"] for facts in call.of("reconnected")] == ["restarted"]
    assert received[-1]["system_prompt"].startswith("Stored.\n\n"), "also at the second attempt"


def test_who_hangs_up_meanwhile_is_not_kept(tmp_path: Path) -> None:
    call = Call(ScriptedService(hears(1.0)), tmp_path / "call", 1000.0)

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            holding = group.create_task(call.hold())
            engine = await call.until("reconnecting")
            began = asyncio.get_running_loop().time()
            await engine.end()
            assert asyncio.get_running_loop().time() - began < 1
            await holding

    run_virtually(main, limit=60)
    assert call.states[-1] == "ended"
    assert call.of("error") == []


def test_what_is_asked_meanwhile_waits(tmp_path: Path) -> None:
    async def replies(peer: Peer) -> None:
        await peer.expect("session.resume")
        await peer.say("session.ready", session_id="sess_1")
        create = await peer.expect("reply.create")
        assert create["instructions"] == "Say it."
        await peer.goodbye()

    call = Call(ScriptedService(hears(1.0), replies), tmp_path / "call", 2.0)

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            holding = group.create_task(call.hold())
            engine = await call.until("reconnecting")
            await engine.desk.reply("Say it.")
            await engine.end()
            await holding

    run_virtually(main, limit=60)


def test_what_is_asked_meanwhile_fails_with_the_session(tmp_path: Path) -> None:
    call = Call(ScriptedService(hears(1.0)), tmp_path / "call", 1000.0)

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            holding = group.create_task(call.hold(limits=Limits(resume=3.0)))
            engine = await call.until("reconnecting")
            with pytest.raises((ServiceUnreachable, SessionNotOpen)):
                await engine.desk.reply("Say it.")
            await holding

    run_virtually(main, limit=60)


def test_it_happens_again_the_same_way(tmp_path: Path) -> None:
    first, second = (
        play(Call(ScriptedService(hears(1.0), resumes(3.0)), tmp_path / name, 3.0)) for name in ("one", "two")
    )
    assert first.tries == second.tries
    assert (tmp_path / "one/caller.wav").read_bytes() == (tmp_path / "two/caller.wav").read_bytes()
