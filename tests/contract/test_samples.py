"""The reference's sample frames: valid, carried by the codec both ways, and understood by both sides."""

from __future__ import annotations

import json

import pytest
from scripted_service import ScriptedService
from talkers import Voicenb
from theater import DATA, Script
from wire_schema import client_fault, fault, server_fault
from world import Emulated

from voicenb.emulator.brain import Call, Say
from voicenb.protocol.codec import CLIENT_TYPES, decode_client, decode_server, encode, from_record
from voicenb.session.asgi import connector
from voicenb.testing.virtual_clock import run_virtually

FRAMES = (DATA / "sample-frames.jsonl").read_text("utf-8").splitlines()
BODIES = json.loads((DATA / "sample-bodies.json").read_text("utf-8"))
SAMPLES = [json.loads(frame) for frame in FRAMES]
FROM_CLIENT = [sample for sample in SAMPLES if sample["type"] in CLIENT_TYPES]
FROM_SERVER = [sample for sample in SAMPLES if sample["type"] not in CLIENT_TYPES]
UPDATE = SAMPLES[0]
CALL = next(sample for sample in SAMPLES if sample["type"] == "tool.call")
RESULT = next(sample for sample in SAMPLES if sample["type"] == "tool.result")


def name(sample):
    return f"{SAMPLES.index(sample)} {sample['type']}"


@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_a_sample_is_valid(sample):
    ours = sample["type"] in CLIENT_TYPES
    assert not (client_fault(sample, first=True) if ours else server_fault(sample))


@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_a_sample_is_carried_unchanged(sample):
    decode = decode_client if sample["type"] in CLIENT_TYPES else decode_server
    message, record = decode(json.dumps(sample))
    assert message.type == sample["type"]
    again = encode(message)
    assert json.loads(again) == sample
    sound = {"audio", "data"} & set(sample)
    assert record == {key: value for key, value in sample.items() if key not in sound}
    if not sound:
        assert from_record(record) == message


@pytest.mark.parametrize("sample", BODIES, ids=lambda sample: sample["of"])
def test_a_body_is_valid(sample):
    assert not fault(sample["of"], sample["body"])


def test_the_client_holds_the_samples_conversation():
    """A service that says what the samples say, word for word, and is told what they say it is told."""

    async def script(peer):
        for sample in SAMPLES:
            if sample["type"] == "input.audio":
                continue
            if sample["type"] in CLIENT_TYPES:
                await peer.expect(sample["type"])
            else:
                await peer._send(json.dumps(sample))
        await peer.close(1000, "")

    service = ScriptedService(script)

    async def main():
        it = Voicenb(service.address(), connector(service.app))
        try:
            await it.begin(UPDATE["session"])
            await it.until("tool.call")
            await it.send("tool.result", **{key: RESULT[key] for key in ("call_id", "result")})
            await it.until("session.error")
            conversation = it.engine.conversation
            assert [(line.role, line.text) for line in conversation.lines] == [
                ("user", "Do you have a head gasket?"),
                ("agent", "Yes, three of them."),
            ]
            (call,) = conversation.calls.values()
            assert (call.name, call.arguments) == ("find_part", CALL["arguments"])
            await it.send("session.end")
            await it.until_closed()
        finally:
            await it.end()
        return it

    it = run_virtually(main, limit=120)
    service.closed.result(1)
    assert [event["type"] for event in it.events] == [sample["type"] for sample in FROM_SERVER]
    said = [message for message in service.received if message["type"] != "input.audio"]
    assert said == [sample for sample in FROM_CLIENT if sample["type"] != "input.audio"]


def test_the_emulator_holds_the_samples_conversation():
    """A client that says what the samples say is answered by the events that they show."""
    answers = Script([Call(CALL["name"], CALL["arguments"])], [Say("Yes, three of them.")])
    world = Emulated("socket", {"brain": answers})

    async def check(world):
        async with world.open() as it:
            await it.raw(json.dumps(UPDATE))
            ready = await it.until("session.ready")
            await it.until("reply.done")
            it.listen()
            await it.raw(json.dumps(next(s for s in SAMPLES if s["type"] == "input.audio")))
            it.play(world.words())
            call = await it.until("tool.call")
            await it.until("reply.done")
            await it.send("tool.result", call_id=call["call_id"], result=RESULT["result"])
            await it.until("transcript.agent", text="Yes, three of them.")
            await it.until("reply.done")
            await it.send("session.update", session={"output": {"voice": "ivy"}})
            error = await it.until("session.error")
            await it.send("session.end")
            await it.until("session.ended")
            return it, ready, error

    outcome = {}

    async def kept(world):
        outcome["it"], outcome["ready"], outcome["error"] = await check(world)

    world.run(kept)
    it, ready, error = outcome["it"], outcome["ready"], outcome["error"]
    shown = {sample["type"]: sample for sample in FROM_SERVER}
    assert set(shown) <= {event["type"] for event in it.events}
    for event in it.events:
        if event["type"] in shown:
            assert set(event) == set(shown[event["type"]]), event["type"]
    config, sample = ready["config"], shown["session.ready"]["config"]
    assert config["input"].items() >= sample["input"].items()
    assert config["output"] == sample["output"]
    assert set(sample) == set(config)
    told = shown["session.error"]
    assert {key: error[key] for key in ("code", "message", "param")} == {
        key: told[key] for key in ("code", "message", "param")
    }
