"""Any frames to a client: its session goes on or ends for a reason, and keeps all that came."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import complaints
from frames import SERVER, frames
from hypothesis import strategies as st
from share import Share, runs

import voicenb as vn
from voicenb.analysis.measure import Measure
from voicenb.errors import MalformedMessage, VoicenbError
from voicenb.protocol.codec import decode_server
from voicenb.service.address import Address
from voicenb.session.asgi import connector
from voicenb.session.engine import Engine
from voicenb.session.host import Plan
from voicenb.session.mirror import Mirror
from voicenb.session.speakers import Captured
from voicenb.testing.call import Call
from voicenb.testing.elsewhere import AtOnce
from voicenb.testing.virtual_clock import run_virtually
from voicenb.tools import Tool

MASK = "[redacted]"

LONGEST = 8.0
"""Virtual seconds after which a session is ended that does not end by itself."""


def look(place: str = "here") -> str:
    """Look somewhere. Use when somebody asks.

    Args:
        place: where.
    """
    return f"nothing {place}"


def book(day: str) -> str:
    """Book a table. Use when somebody wants one.

    Args:
        day: weekday, e.g. "Friday".
    """
    raise LookupError(day)


AGENT = vn.Agent(name="Lido", system_prompt="You take bookings.", tools=[look, book])


class Service:
    """Sends what it is given, to each client that connects the rest; then it waits until the client is gone.

    Attributes:
        sent: the frames that a client took.
    """

    def __init__(self, greets: bool, batch: list[str | bytes], code: int | None) -> None:
        self.sent: list[str | bytes] = []
        self._greets = greets
        self._batch = list(batch)
        self._code = code

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        del scope
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        await receive()
        try:
            if self._greets:
                self._batch.insert(0, '{"type":"session.ready","session_id":"sess_0","config":{}}')
                self._greets = False
            while self._batch:
                frame = self._batch.pop(0)
                await send({"type": "websocket.send", "text" if isinstance(frame, str) else "bytes": frame})
                self.sent.append(frame)
                await asyncio.sleep(0.02 * (len(self.sent) % 3))
            if self._code is not None:
                await asyncio.sleep(0.5)
                await send({"type": "websocket.close", "code": self._code, "reason": ""})
                return
        except OSError:  # the client has gone
            return
        while (message := await receive())["type"] == "websocket.receive":
            if '"session.end"' in message["text"]:
                await send({"type": "websocket.close", "code": 1000, "reason": ""})
                return


class Murmur:
    """A microphone with few frames, so that there is more time for the service's."""

    label = "murmur"

    async def frames(self, room: Any) -> AsyncIterator[bytes]:
        del room
        while True:
            await asyncio.sleep(0.25)
            yield bytes(12_000)


def converse(service: Service, on_lost: Any, folder: Path | None) -> tuple[list[dict[str, Any]], Engine]:
    """A whole session with it; what ends it is no other exception than one of voicenb's own."""
    events: list[dict[str, Any]] = []
    engines: list[Engine] = []

    class Watched(Call):
        def _begun(self, engine: Engine) -> None:
            engines.append(engine)
            super()._begun(engine)

        def _take(self, event: Any) -> None:
            events.append(event)
            super()._take(event)

    plan = Plan(
        Address("ws://127.0.0.1/v1/ws", key="a-long-secret-key"),
        AGENT.to_session(),
        folder=folder,
        microphone=Murmur(),
        speaker=Captured(),
        connect=connector(service.app),
        on_lost=on_lost,
    )

    async def main() -> None:
        listening.listen()
        tools = {tool.name: tool for tool in AGENT.tools if isinstance(tool, Tool)}
        call = Watched(plan, tools, AtOnce(), vn.AfterQuestion())
        ending = asyncio.get_running_loop().call_later(LONGEST, lambda: engines[0].end_soon())
        try:
            await call.run()
        except VoicenbError:
            pass
        finally:
            ending.cancel()

    with complaints.none() as listening:
        run_virtually(main, limit=300)
    return events, engines[0]


def expected(sent: list[str | bytes]) -> list[dict[str, Any]]:
    """The records of what was sent."""
    records = []
    for frame in sent:
        try:
            record = decode_server(frame)[1]
        except MalformedMessage:
            continue
        if record.get("resume_token"):
            record = {**record, "resume_token": MASK}
        records.append(record)
    return records


def is_whole(recording: vn.Recording, mirror: Mirror) -> None:
    """The recording can be read and measured, and says what the session has said."""
    assert len(recording.events) == mirror.number + 1
    assert [line.text for line in recording.transcript] == [line.text for line in mirror.conversation.lines]
    assert recording.ended is not None
    assert len(recording.stereo()) >= len(recording.caller)
    assert recording._repr_html_()
    measure = Measure(recording)
    measure.refresh()
    for exchange in measure.exchanges.all:
        measure.interruption(exchange)
    for reply_id in mirror.conversation.replies:
        measure.answer(reply_id)


stories = st.lists(frames(SERVER), min_size=12, max_size=40)
ways = st.tuples(
    st.booleans(),  # whether the session is ready first
    st.sampled_from([None, 1000, 1006, 1008, 1011]),  # how the service closes the connection
    st.sampled_from(["end", "restart"]),
    st.integers(0, 5).map(lambda number: number == 0),  # whether there is a recording
)


@runs
def test_what_a_service_sends(campaign: bool) -> None:
    def check(story: tuple[tuple[Any, ...], list[str | bytes]]) -> int:
        (greets, code, on_lost, recorded), batch = story
        service = Service(greets, batch, code)
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "call" if recorded else None
            events, engine = converse(service, on_lost, folder)
            assert engine.conversation.state == "ended"
            assert engine.error is None or isinstance(engine.error, VoicenbError), engine.error
            came = [event["msg"] for event in events if event["dir"] == "in"]
            assert came == expected(service.sent)[: len(came)]
            assert [event["n"] for event in events] == list(range(len(events)))
            json.dumps(events)
            mirror = Mirror(lambda call: None)
            for event in events:
                mirror.take(event)
            mirror.finish(None)
            assert mirror.state in ("ended", "lost")
            assert mirror.conversation.lines == engine.conversation.lines
            assert mirror.conversation.state == engine.conversation.state
            if folder is not None:
                is_whole(vn.load(folder), mirror)
        return len(service.sent)

    Share("frames of a service to a client", campaign).run(st.tuples(ways, stories), check)
