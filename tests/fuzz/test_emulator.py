"""Any frames to the emulator: each that the contract names an error for is answered with it, no other is."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import complaints
import jsonschema
import pytest
from brief_mouth import BriefMouth
from frames import CLIENT, frames
from hypothesis import strategies as st
from second_reader import has_no_sound, is_odd, is_refused, read
from share import Share, runs
from sockets import Line

from voicenb.audio.processor import InPlaceProcessor
from voicenb.emulator.brain import Call, Say
from voicenb.emulator.emulator import Emulator
from voicenb.emulator.resources import Deaf
from voicenb.testing.virtual_clock import run_virtually

PAUSE = 0.002
"""Virtual seconds after which an answer is there, if one comes."""

BEGIN = '{"type":"session.update","session":{}}'
SURVIVES = ("invalid_format", "invalid_audio", "invalid_value", "immutable_field", "agent_id_not_first")
NOT_FIRST = ("session.end", "tool.result", "reply.create", "conversation.message")
"""What may not come before the first update, other than sound, which is left out."""


class Chatter:
    """Says a word or calls a tool, in turns."""

    name = "chatter"

    def __init__(self) -> None:
        self._count = 0

    async def answer(self, moment: Any) -> Any:
        self._count += 1
        if self._count % 2 and moment.tools:
            yield Call(moment.tools[0]["name"], {"n": self._count})
        else:
            yield Say("Yes.")


class Client:
    """Sends frames, on one socket after the other, and says of each what must come of it."""

    def __init__(self, app: Any, validators: dict[str, Any]) -> None:
        self._app = app
        self._validators = validators
        self._sockets = 0
        self.connect()

    def connect(self) -> None:
        self._sockets += 1
        self.line = Line(self._app)
        self.state = "new"
        self.encoding = "audio/pcm"
        self._seen = 0

    async def send(self, frame: str | bytes) -> None:
        self.line.send(frame)
        await asyncio.sleep(PAUSE)
        self.judge(frame, self._answers())
        if self.line.closed is not None:
            await asyncio.sleep(0.1)
            assert self.line.task.done()
            self.line.task.result()
            self.connect()
            if self._sockets % 3:  # of three sessions two begin in good order
                await self.send(BEGIN)

    def _answers(self) -> list[dict[str, Any]]:
        """Answers among what has come since, which all is as the contract has it."""
        new, self._seen = self.line.events[self._seen :], len(self.line.events)
        for event in new:
            if event["type"] != "reply.audio":
                self._validators[event["type"]].validate(event)
            if event["type"] in ("session.ready", "session.updated"):
                self.encoding = event["config"]["input"]["format"]["encoding"]
        return [event for event in new if event["type"].startswith("session.")]

    def judge(self, frame: str | bytes, answers: list[dict[str, Any]]) -> None:
        """Hold the answers to one frame against what the contract says."""
        assert len(answers) <= 1, (frame, answers)
        kind = answers[0]["type"] if answers else ""
        code = str(answers[0].get("code", "")).lower() if answers else ""
        try:
            wire = read(frame)
        except (ValueError, RecursionError):
            assert code == "invalid_format", frame
            return
        sort = wire.get("type") if isinstance(wire, dict) else None
        if sort == "input.audio":
            self._judge_audio(wire, code)
        elif is_refused(wire):
            assert code == "invalid_format", (frame, answers)
        elif is_odd(wire) and code == "invalid_format":
            pass  # a parser may refuse it or not
        elif sort == "session.resume":
            assert code == ("session_not_found" if self.state == "new" else "invalid_format"), frame
        elif self.state == "new" and sort in NOT_FIRST:
            assert code == "invalid_format", (frame, answers)
        elif sort not in ("session.update", "session.end") and not self._is_event(wire):
            assert code in ("", "invalid_format"), (frame, answers)
        elif sort == "session.end":
            assert (kind, self.line.closed) == ("session.ended", 1000)
        elif sort == "session.update":
            self._judge_update(wire, kind, code)
        else:
            assert answers == [], frame
        assert (self.line.closed is not None) == (
            kind == "session.ended" or (code != "" and self._is_fatal(code))
        )

    def _is_event(self, wire: Any) -> bool:
        return bool(self._validators["ClientEvent"].is_valid(wire))

    def _is_fatal(self, code: str) -> bool:
        return code == "session_not_found" or (self.state == "new" and code != "invalid_format")

    def _judge_audio(self, wire: dict[str, Any], code: str) -> None:
        if self.state == "new":
            assert code == "", "it is left out without a word"
        elif not isinstance(wire.get("audio"), str):
            assert code == "invalid_format", wire
        elif has_no_sound(wire):
            assert code == "invalid_audio", wire
        else:
            odd = self.encoding == "audio/pcm" and len(base64.b64decode(wire["audio"])) % 2
            assert code == ("invalid_audio" if odd else ""), wire

    def _judge_update(self, wire: dict[str, Any], kind: str, code: str) -> None:
        fine = "session.ready" if self.state == "new" else "session.updated"
        assert kind in (fine, "session.error"), (wire, kind)
        if kind == "session.error":
            assert code in (*SURVIVES, "agent_not_found"), (wire, code)
        else:
            self.state = "ready"


@pytest.fixture
def validators(contract: Any) -> dict[str, Any]:
    """By the types of events, as the emulator sends them; and those of what is sent to it."""
    schema = contract("ClientEvent").schema["$defs"]
    found = {"ClientEvent": contract("ClientEvent")}
    for entry in schema["EmulatorServerEvent"]["oneOf"]:
        name = entry["allOf"][0]["$ref"].rsplit("/", 1)[-1]
        kind = schema[name]["properties"]["type"]["const"]
        found[kind] = jsonschema.Draft202012Validator({"$defs": schema, **entry})
    return found


@runs
def test_what_clients_send(campaign: bool, validators: dict[str, Any]) -> None:
    def check(batch: list[str | bytes]) -> int:
        emulator = Emulator(
            brain=Chatter(),
            mouth=BriefMouth(),
            recognizer=Deaf(),
            processor=InPlaceProcessor(),
            leading_silence=0,
        )

        async def main() -> int:
            listening.listen()
            client = Client(emulator.app, validators)
            for frame in batch:
                await client.send(frame)
            await alive(client)
            return len(batch)

        with complaints.none() as listening:
            return run_virtually(main, limit=120)

    Share("frames of clients to the emulator", campaign).run(
        st.lists(frames(CLIENT), min_size=12, max_size=40), check
    )


async def alive(client: Client) -> None:
    """The socket works still, whatever has come over it; so does the next one."""
    for _ in range(2):
        line = client.line
        if client.state == "new":
            await client.send(BEGIN)
        assert client.line is line
        await client.send('{"type":"session.end"}')
        assert line.closed == 1000
        assert line.events[-1]["type"] == "session.ended"
    client.line.leave()
    await asyncio.wait_for(client.line.task, 60)
    assert json.dumps(client.line.events)
