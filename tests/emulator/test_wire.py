from __future__ import annotations

import asyncio
import json

from voicenb.emulator.clock import Stamps
from voicenb.emulator.wire import LONGEST_QUEUE, LONGEST_REASON, Wire
from voicenb.testing.virtual_clock import run_virtually


def never():
    raise AssertionError("given up")


def test_order_stamps_and_close():
    sent = []

    async def send(message):
        sent.append(message)

    async def main():
        wire = Wire(Stamps(1000.0), never)
        await asyncio.sleep(1.5)
        wire.emit("a", text='say "hi"')
        wire.emit_audio("resp_1", b"\x00\x01")
        wire.close(1008, "why")
        wire.emit("b")
        wire.close(1000)
        await wire.run(send)

    run_virtually(main)
    assert json.loads(sent[0]["text"]) == {"type": "a", "text": 'say "hi"', "timestamp": 1001.5}
    assert json.loads(sent[1]["text"]) == {
        "type": "reply.audio",
        "reply_id": "resp_1",
        "data": "AAE=",
        "timestamp": 1001.5,
    }
    assert sent[2:] == [{"type": "websocket.close", "code": 1008, "reason": "why"}]


def test_a_client_that_has_gone():
    async def send(message):
        raise OSError

    async def main():
        wire = Wire(Stamps(0.0), never)
        wire.emit("a")
        await wire.run(send)
        assert wire.gone
        wire.emit("b")

    run_virtually(main)


def test_a_client_that_does_not_read_is_given_up_once():
    sent, given_up = [], []

    async def main():
        async def send(message):
            sent.append(message)
            await asyncio.Event().wait()

        wire = Wire(Stamps(0.0), lambda: given_up.append(wire.gone))
        runner = asyncio.create_task(wire.run(send))
        wire.emit("a")
        await asyncio.sleep(1)
        for _ in range(LONGEST_QUEUE):
            wire.emit("a")
        assert not given_up
        for _ in range(10):
            wire.emit("a")
        wire.close(1000)
        runner.cancel()

    run_virtually(main)
    assert len(sent) == 1
    assert given_up == [True]


def test_what_goes_out_is_overheard_and_what_nobody_gets_is_not():
    heard = []

    async def main():
        wire = Wire(Stamps(1000.0), never)
        wire.emit_audio("resp_1", b"\0\0", 0.5)
        wire.hush(0.6)
        wire.overhear = lambda sound, moment: heard.append((sound, moment))
        wire.overhear_hush = heard.append
        wire.emit_audio("resp_1", b"\1\1", 1.5)
        wire.hush(1.6)
        wire.lose()
        wire.emit_audio("resp_1", b"\2\2", 2.5)
        wire.find()
        wire.emit_audio("resp_1", b"\3\3", 3.5)
        wire.close(1000)
        wire.emit_audio("resp_1", b"\4\4", 4.5)

    run_virtually(main)
    assert heard == [(b"\1\1", 1.5), 1.6, (b"\3\3", 3.5)]


def test_half_a_character_is_escaped_and_a_long_reason_is_cut_between_letters():
    sent = []

    async def send(message):
        sent.append(message)

    async def main():
        wire = Wire(Stamps(1000.0), never)
        wire.emit("tool.call", arguments={"day": "half: \ud83d"})
        wire.close(1008, "ä" * 200)
        await wire.run(send)

    run_virtually(main)
    assert json.loads(sent[0]["text"])["arguments"] == {"day": "half: \ud83d"}
    assert sent[1]["reason"] == "ä" * (LONGEST_REASON // 2)


def test_what_is_said_to_nobody_was_not_said():
    said, sent = [], []

    async def send(message):
        sent.append(json.loads(message["text"])["type"])

    async def main():
        wire = Wire(Stamps(1000.0), never)
        wire.said = said.append
        wire.emit("a")
        wire.cut()
        wire.emit("b")
        wire.emit_audio("resp_1", b"\0\0")
        await wire.run(send)
        wire.lose()
        wire.emit("c")
        wire.cut()
        wire.put("{}")
        wire.find()
        wire.emit("d")
        wire.close(1000)
        wire.emit("e")
        wire.emit_audio("resp_1", b"\0\0")

    run_virtually(main)
    assert said == ["a", "d"]
    assert sent == ["a"]


def test_nothing_that_was_queued_for_a_client_that_went_waits_for_it_when_it_is_back():
    sent = []

    async def gone(message):
        raise OSError

    async def send(message):
        sent.append(message.get("text") or message["type"])

    async def main():
        wire = Wire(Stamps(1000.0), never)
        wire.emit("a")
        wire.put("lost")
        await wire.run(gone)
        wire.cut()
        wire.find()
        wire.put("hello again")
        wire.close(1000)
        await wire.run(send)

    run_virtually(main)
    assert sent == ["hello again", "websocket.close"]
