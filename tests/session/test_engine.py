"""The engine where no host is in between: cancellation, failures, what it tells its room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from scripted_service import Peer, Script, ScriptedService, polite

from voicenb.errors import InvalidConfiguration, SessionNotOpen, VoicenbError
from voicenb.service.address import Address
from voicenb.session.asgi import connector
from voicenb.session.engine import Engine
from voicenb.session.microphone import FrameCount, Room
from voicenb.session.microphones import Silence
from voicenb.session.speakers import Captured
from voicenb.testing.virtual_clock import run_virtually


class Running:
    """An engine on the virtual clock with a scripted service in memory."""

    def __init__(self, script: Script = polite, **parts: Any) -> None:
        self.service = ScriptedService(script)
        self.events: list[dict[str, Any]] = []
        self.engine = Engine(
            self.service.address(),
            parts.pop("session", {}),
            connect=parts.pop("connect", connector(self.service.app)),
            microphone=parts.pop("microphone", Silence()),
            speaker=Captured(),
            publish=parts.pop("publish", self.events.append),
            **parts,
        )
        self.task = asyncio.create_task(self.engine.run())

    async def state(self, wanted: str) -> None:
        async with asyncio.timeout(30):
            while self.engine.state != wanted:
                await self.engine.changed()

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]


def test_a_cancelled_engine_says_goodbye() -> None:
    async def main() -> Running:
        running = Running()
        await running.state("listening")
        running.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running.task
        return running

    running = run_virtually(main)
    assert running.service.types[-1] == "session.end"
    assert "session.ended" in running.types
    assert running.events[-1]["type"] == "closed"


def test_ended_while_it_connects() -> None:
    async def never(address: Address) -> Any:
        await asyncio.sleep(1000)

    async def main() -> float:
        running = Running(connect=never)
        await asyncio.sleep(1)
        await running.engine.end()
        await running.task
        assert [event["msg"]["state"] for event in running.events if event["type"] == "state"] == [
            "connecting",
            "ended",
        ]
        return asyncio.get_running_loop().time()

    assert run_virtually(main) == 1.0


@pytest.mark.parametrize("how", ["ended", "cancelled"])
def test_a_connection_that_comes_when_nobody_wants_it_any_more_is_closed(how: str) -> None:
    closed: list[float] = []

    class Late:
        async def close(self, code: int = 1000) -> None:
            closed.append(asyncio.get_running_loop().time())

    async def connects(address: Address) -> Any:
        with suppress(asyncio.CancelledError):  # it was there in the same moment
            await asyncio.sleep(1000)
        return Late()

    async def main() -> None:
        running = Running(connect=connects)
        await asyncio.sleep(1)
        if how == "ended":
            await running.engine.end()
            await running.task
        else:
            running.task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running.task

    run_virtually(main)
    assert closed == [1.0]


def test_what_ends_it_is_raised() -> None:
    async def fails(address: Address) -> Any:
        raise InvalidConfiguration("No such place.")

    async def main() -> None:
        await Running(connect=fails).task

    with pytest.raises(InvalidConfiguration, match="No such place"):
        run_virtually(main)


def test_a_first_update_that_cannot_work_is_not_sent() -> None:
    async def main() -> Running:
        running = Running(session={"colour": "blue"})
        with pytest.raises(InvalidConfiguration, match="colour"):
            await running.task
        return running

    assert run_virtually(main).service.received == []


def test_what_the_service_raises_in_memory_is_raised_here() -> None:
    async def bug(peer: Peer) -> None:
        await peer.ready()
        raise ZeroDivisionError("in the service")

    async def main() -> None:
        await Running(bug).task

    with pytest.raises(ZeroDivisionError, match="in the service"):
        run_virtually(main)


def test_abandoned_it_waits_for_nobody() -> None:
    async def silent(peer: Peer) -> None:
        await peer.ready()
        while True:
            await peer.get()

    async def main() -> float:
        running = Running(silent)
        await running.state("listening")
        begin = asyncio.get_running_loop().time()
        running.engine.end_soon()
        await asyncio.sleep(0.1)
        running.engine.abandon()
        with pytest.raises(asyncio.CancelledError):
            await running.task
        assert running.service.types[-1] == "session.end"
        return asyncio.get_running_loop().time() - begin

    assert run_virtually(main) == pytest.approx(0.1)


def test_commands_wait_until_the_service_is_ready() -> None:
    async def slow(peer: Peer) -> None:
        await peer.expect("session.update")
        await asyncio.sleep(3)
        await peer.say("session.ready", session_id="s1")
        await peer.expect("reply.create")
        await peer.goodbye()

    async def main() -> None:
        running = Running(slow)
        await running.engine.desk.reply("Hello.")
        assert asyncio.get_running_loop().time() == 3.0
        await running.engine.end()
        with pytest.raises(SessionNotOpen):
            await running.engine.desk.reply("Again.")
        with pytest.raises(SessionNotOpen):
            await running.engine.desk.send_audio(b"")
        with pytest.raises(InvalidConfiguration, match="no command"):
            await running.engine.command({"do": "dance"})
        await running.task

    run_virtually(main)


def test_an_update_dies_with_the_session() -> None:
    async def drops(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("session.update")
        await peer.close(1006, "")

    async def main() -> None:
        running = Running(drops)
        with pytest.raises(SessionNotOpen, match="before the update was acknowledged"):
            await running.engine.desk.update({"system_prompt": "x"})
        with pytest.raises(VoicenbError, match="lost"):
            await running.task

    run_virtually(main)


def test_a_lot_of_audio_by_hand_waits_for_room() -> None:
    async def main() -> float:
        running = Running()
        await running.state("listening")
        for _ in range(61):
            await running.engine.desk.send_audio(bytes(48_000))
        waited = asyncio.get_running_loop().time()
        await running.engine.end()
        await running.task
        return waited

    assert run_virtually(main) == pytest.approx(1.0, abs=0.05)


class Shaky:
    """A microphone that loses frames."""

    label = "shaky"

    def __init__(self) -> None:
        self.count = FrameCount()
        self.closed = False

    async def frames(self, room: Room) -> AsyncIterator[bytes]:
        try:
            for _ in range(150):
                await asyncio.sleep(0.02)
                self.count.lost += 1
                yield bytes(960)
        finally:
            self.closed = True


def test_lost_frames_are_told_once_a_second_and_at_the_end() -> None:
    shaky = Shaky()

    async def main() -> list[int]:
        running = Running(microphone=shaky)
        await running.task  # the microphone hangs up after three seconds
        return [event["msg"]["lost"] for event in running.events if event["type"] == "frames"]

    counts = run_virtually(main)
    assert counts[0] == 1
    assert counts[-1] == 150
    assert len(counts) in (4, 5)
    assert shaky.closed


class OtherClock(Silence):
    """A microphone with a clock of its own."""

    label = "elsewhere"

    def clocks(self, began: float) -> dict[str, Any]:
        return {"page": [{"t": asyncio.get_running_loop().time() - began}]}


class Kept:
    """Keeps what the recorder would be told of clocks."""

    def __init__(self) -> None:
        self.clocks: list[float] = []
        self.ended: dict[str, Any] = {}

    def event(self, event: dict[str, Any]) -> None: ...

    def caller(self, pcm: bytes) -> int:
        return 0

    agent = caller

    def update(self, **about: Any) -> None:
        self.clocks.append(about["clocks"]["page"][0]["t"])

    def close(self, ended: dict[str, Any]) -> None:
        assert self.clocks[-1] == ended["t"]
        self.ended = ended


def test_another_clock_is_recorded_every_ten_seconds_and_at_the_end() -> None:
    kept = Kept()

    async def main() -> None:
        running = Running(microphone=OtherClock(), keeper=kept)
        await running.state("listening")
        await asyncio.sleep(24)
        await running.engine.end()
        await running.task

    run_virtually(main)
    assert [round(at) for at in kept.clocks] == [0, 10, 20, 24]


def test_the_room_tells_when_the_agent_is_heard() -> None:
    async def greets(peer: Peer) -> None:
        await peer.ready()
        await peer.reply("r1", "Hello.", bytes(48_000))
        await peer.goodbye()

    async def main() -> None:
        running = Running(greets)
        await running.state("speaking")
        assert running.engine.audible
        await running.state("listening")
        assert not running.engine.audible
        assert running.engine.conversation.lines[0].heard == "Hello."
        assert asyncio.get_running_loop().time() == pytest.approx(1.1)
        await running.engine.end()
        await running.task

    run_virtually(main)


def test_a_fatal_error_and_a_service_that_does_not_close() -> None:
    async def stays(peer: Peer) -> None:
        await peer.ready()
        await peer.say("session.error", code="internal_error", message="Oh.")
        await peer.goodbye()

    async def main() -> Running:
        running = Running(stays)
        with pytest.raises(VoicenbError, match="Oh"):
            await running.task
        return running

    assert run_virtually(main).service.types[-1] == "session.end"


def test_a_listener_that_fails_at_the_end_leaves_no_recording_open() -> None:
    kept = Kept()

    async def never(address: Address) -> Any:
        await asyncio.sleep(1000)

    def publish(event: dict[str, Any]) -> None:
        if event["msg"].get("state") == "ended":
            raise RuntimeError("nobody listens")

    async def main() -> None:
        running = Running(connect=never, keeper=kept, publish=publish, microphone=OtherClock())
        await asyncio.sleep(1)
        await running.engine.end()
        with pytest.raises(RuntimeError, match="nobody listens"):
            await running.task

    run_virtually(main)
    assert kept.ended == {"reason": "ended", "t": 1.0, "session_id": ""}
