"""Keys that are ignored without a word."""

from __future__ import annotations

import json

import pytest

from voicenb.emulator.ignored_keys import beside, ignored_keys
from voicenb.protocol.codec import decode_client

TOOL = {"type": "function", "name": "look"}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            {"input": {"turn_detection": {"min_silense": 1}}},
            ["input.turn_detection.min_silense. Did"],
        ),
        ({"input": {"format": {"encoding": "audio/pcm", "rate": 1}}}, ["input.format.rate"]),
        ({"input": {"noise": 1}, "output": {"speed": 2}}, ["input.noise", "output.speed"]),
        ({"output": {"format": {"channels": 1}}}, ["output.format.channels"]),
        ({"tools": [TOOL, {**TOOL, "timeout": 3}]}, ["tools[1].timeout. Did you mean 'timeout_seconds'?"]),
        ({"tools": [{**TOOL, "http": {"url": "https://x.example", "verb": "GET"}}]}, ["tools[0].http.verb"]),
        ({"voice": {"voice_id": "ivy", "pitch": 1}}, ["voice.pitch"]),
        ({"llm": [{"base_url": "", "model": "", "temperature": 1}]}, ["llm[0].temperature"]),
        ({"input": None, "tools": None, "llm": [3], "voice": "ivy"}, []),
        ({"tools": [{**TOOL, "parameters": {"properties": {"anything": {"goes": 1}}}}]}, []),
    ],
)
def test_where_they_are_and_what_was_meant(settings, told):
    found = list(ignored_keys(settings))
    assert len(found) == len(told)
    assert all(line.startswith(start) for line, start in zip(found, told, strict=True))


def test_what_a_session_is_told_it_may_send_back(stage):
    """The echo has no key of which one is told that it is ignored."""
    tool = {**TOOL, "http": {"url": "https://x.example/"}}

    async def talk(client):
        ready = await client.start(mute=True, tools=[tool], input={"turn_detection": {"min_silence": 700}})
        assert list(ignored_keys(ready["config"])) == []

    stage().run(talk)


def test_keys_beside_those_of_a_message():
    wire = {"type": "session.resume", "session_id": "sess_1", "resume_token": "t", "x" * 99: 1}
    found = list(beside(*decode_client(json.dumps(wire))))
    assert found == ["resume_token of session.resume", f"{'x' * 60} of session.resume"]
    audio = {"type": "input.audio", "audio": "AAAA"}
    assert list(beside(*decode_client(json.dumps(audio)))) == []
