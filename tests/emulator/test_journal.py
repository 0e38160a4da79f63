"""What the emulator tells of its sessions."""

from __future__ import annotations

import asyncio
import base64
import logging
import re

import pytest

from voicenb.emulator import journal
from voicenb.emulator.brain import Say

ID = re.compile(r"sess_\w+")
VOICE = base64.b64encode(bytes(960)).decode()


@pytest.fixture
def told(caplog):
    """The lines, with the ids of sessions left out."""
    caplog.set_level(logging.INFO, "voicenb.emulator.journal")

    def lines():
        return [
            ID.sub("S", record.getMessage())
            for record in caplog.records
            if record.name == "voicenb.emulator.journal"
        ]

    return lines


def test_a_session_that_begins_and_ends(stage, told):
    async def talk(client):
        await client.start(mute=True)
        await asyncio.sleep(2)
        await client.send("session.end")
        await client.until_closed()

    stage().run(talk)
    assert told() == ["session S begun", "session S ended after 2.0 s: session.end"]


def test_a_client_that_goes_and_comes_back_and_goes_for_good(stage, told):
    theater = stage()

    async def talk(client):
        session_id = (await client.start(mute=True))["session_id"]
        await client.transport.close()
        async with theater.client() as again:
            await again.send("session.resume", session_id=session_id)
            await again.until("session.ready")
            await again.transport.close()
        await asyncio.sleep(31)

    theater.run(talk)
    assert told() == [
        "session S begun",
        "session S: its client has gone, and may come back",
        "session S: its client is back",
        "session S: its client has gone, and may come back",
        "session S ended after 30.0 s: its client has gone",
    ]


def test_every_refusal_with_code_param_and_message(stage, told):
    async def talk(client):
        await client.send("input.audio", audio=VOICE)
        await client.send("session.end")
        await client.start(mute=True)
        await client.send("session.update", session={"greeting": "My secret greeting."})
        await client.send("tool.result", call_id=3)
        await client.send("input.audio", audio="***")
        for _ in range(3):
            await client.until("session.error")
        await client.send("session.end")
        await client.until_closed()

    stage().run(talk)
    assert told() == [
        "session S: invalid_format: 'session.end' is not allowed before the first session.update",
        "session S begun",
        "session S: immutable_field, greeting: 'greeting' cannot be changed after the first session.update",
        "session S: invalid_format, call_id: Invalid message format for type 'tool.result'",
        "session S: invalid_audio, audio: Invalid audio data",
        "session S ended after 0.0 s: session.end",
    ]


@pytest.mark.parametrize(("profile", "code"), [("contract", "UNAUTHORIZED"), ("live", "unauthorized")])
def test_a_refused_connection_is_told_with_its_close_code_and_without_its_key(stage, told, profile, code):
    async def talk(client):
        await client.until_closed()

    stage(profile=profile, key="sesame").run(talk, "?token=my-secret", "")
    assert told() == [f"session S: {code}: Authentication failed (closed with 1008)"]


def test_ignored_keys_are_told_once_each(stage, told):
    update = {"input": {"turn_detection": {"min_silense": 300}}}

    async def talk(client):
        await client.send("session.update", session=update, note="a word of mine")
        await client.until("session.ready")
        await client.send("session.update", session=update, note="another")
        await client.until("session.updated")
        for _ in range(3):
            await client.send("input.audio", audio=VOICE, seq=1)
        await client.send("session.end")
        await client.until_closed()

    stage().run(talk)
    assert told()[:2] == [
        "session S: ignored note of session.update",
        "session S: ignored input.turn_detection.min_silense. Did you mean 'min_silence'?",
    ]
    assert told()[2:-1] == ["session S begun", "session S: ignored seq of input.audio"]


def test_no_words_of_the_caller_and_nothing_at_all_unless_somebody_asks(stage, say, ears, script, caplog):
    theater = stage(recognizer=ears("Go forward ten meters."), brain=script([Say("Going there.")]))

    async def talk(client):
        await client.start(system_prompt="Be very short.")
        client.play(say("go-forward", after=0.1))
        await client.until("reply.done")

    theater.run(talk)
    assert not [record for record in caplog.records if record.name == "voicenb.emulator.journal"]
    caplog.set_level(logging.INFO, "voicenb.emulator.journal")
    theater.brain.answers.append([Say("Going there.")])
    theater.run(talk)
    assert not re.search("forward|Going|short", caplog.text)
    assert "begun" in caplog.text


def test_what_a_client_sends_makes_no_line_of_its_own(stage, told):
    async def talk(client):
        await client.send("session.what\n12:00:00 session S ended" + "x" * 1000)
        await client.until("session.error")

    stage().run(talk)
    (line,) = told()
    assert "\n" not in line
    assert len(line) < journal.LONGEST + 40
