"""What a session.update may say, at first and later."""

from __future__ import annotations

import asyncio
import base64

import pytest
from guide_rows import row
from theater import Ears, clip

from voicenb.turn_taking.settings import Settings
from voicenb.voices import APRIL, CURRENT, JUNE, VOICES

TURNS = {"vad_threshold": 0.4, "min_silence": 1400, "max_silence": 4000}


def updated(stage, profile, *updates, **first):
    """The configuration behind some updates, and the client."""

    async def talk(client):
        await client.start(mute=True, **first)
        for update in updates:
            await client.send("session.update", session=update)
        await client.send("session.update", session={})
        await asyncio.sleep(0.5)

    client = stage(profile=profile).run(talk)
    return client.of("session.updated")[-1]["config"], client


def codes(client):
    return [error["code"] for error in client.of("session.error")]


@row("keys that do not exist")
def test_unknown_keys(profile, stage, first_error):
    error, closed = first_error(model="fast")
    assert (error["code"], error["param"], closed) == ("invalid_value", "model", 1008)
    deeper = {"input": {"colour": 1, "turn_detection": {"colour": 1}}, "output": {"colour": 1}}
    _, client = updated(stage, profile, deeper, **deeper)
    assert codes(client) == []


@row("`greeting: null`")
def test_a_greeting_of_null(profile, stage, first_error):
    error, closed = first_error(greeting=None)
    assert (error["code"], closed) == ("invalid_format", None)


@row("`agent_id` beside other keys")
def test_an_id_and_a_configuration(profile, first_error):
    error, closed = first_error(agent_id="agent_1", system_prompt="Short.")
    assert error["code"] == {"contract": "agent_id_not_first", "live": "invalid_value"}[profile]
    assert closed == 1008


@row("`llm` or `webhook` inline")
@pytest.mark.parametrize("key", ["llm", "webhook"])
def test_what_only_a_stored_agent_has(profile, first_error, key):
    error, closed = first_error(**{key: []})
    assert (error["code"], error["param"], closed) == ("invalid_value", key, 1008)


@row("one bad value in an update")
def test_all_or_nothing(profile, stage):
    config, client = updated(
        stage, profile, {"system_prompt": "New.", "output": {"volume": 101}}, system_prompt="Old."
    )
    assert codes(client) == ["invalid_value"]
    assert config["system_prompt"] == "Old."


@row("a frozen key among others")
def test_frozen_keys(profile, stage):
    config, client = updated(
        stage, profile, {"system_prompt": "New.", "output": {"voice": "nobody"}}, system_prompt="Old."
    )
    assert codes(client) == ["immutable_field"]
    assert config["system_prompt"] == "Old."


@row("what may change in a call")
def test_what_changes(profile, stage):
    change = {
        "system_prompt": "New.",
        "tools": [{"type": "function", "name": "look"}],
        "input": {
            "turn_detection": TURNS,
            "keyterms": ["gnocchi"],
            "transcription_mode": "min_latency",
            "transcription_prompt": "A restaurant.",
            "format": {"encoding": "audio/pcmu"},
        },
        "output": {"volume": 50},
    }
    config, client = updated(stage, profile, change)
    assert codes(client) == []
    assert config["system_prompt"] == "New."
    assert [tool["name"] for tool in config["tools"]] == ["look"]
    told = {key: config["input"][key] for key in change["input"]}
    assert told == {**change["input"], "format": {"encoding": "audio/pcmu", "sample_rate": 8000}}
    assert config["output"]["volume"] == 50
    for key in ({"greeting": "Hi."}, {"output": {"format": {"encoding": "audio/pcmu"}}}):
        assert codes(updated(stage, profile, key)[1]) == ["immutable_field"]


@row("`input.format` in a call")
def test_another_format_in_a_call(profile, stage):
    theater = stage(profile=profile)

    async def talk(client):
        await client.start(mute=True)
        await client.send("session.update", session={"input": {"format": {"encoding": "audio/pcmu"}}})
        await client.until("session.updated")
        await client.send("input.audio", audio=base64.b64encode(b"\xff" * 8000).decode())
        await asyncio.sleep(1)

    theater.run(talk)
    assert theater.session.received_audio == 1.0


@row("fields that `turn_detection` leaves out")
def test_fields_that_are_not_sent(profile, stage):
    config, _ = updated(
        stage, profile, {"input": {"turn_detection": {"min_silence": 900}}}, input={"turn_detection": TURNS}
    )
    assert config["input"]["turn_detection"] == {**TURNS, "min_silence": 900}
    for sent, fine in (
        ({"max_silence": 1000}, False),
        ({"min_silence": 3000}, False),
        ({"min_silence": 2999}, True),
    ):
        found = codes(updated(stage, profile, {"input": {"turn_detection": sent}})[1])
        assert found == ([] if fine else ["invalid_value"])


@row("no `turn_detection`")
def test_the_default(profile, stage):
    waited = {}
    for name, more in {"adaptive": {}, "object": {"input": {"turn_detection": {}}}}.items():
        theater = stage(profile=profile, recognizer=Ears("Go forward ten meters."))

        async def talk(client, more=more):
            await client.start(**more)
            client.play(clip("go-forward"))
            await client.until("reply.started")

        theater.run(talk)
        waited[name] = stopped(theater)
    assert waited == {"adaptive": pytest.approx(0.7, abs=0.05), "object": pytest.approx(1.0, abs=0.05)}


def stopped(theater):
    """Seconds of silence that the caller's turn ended after."""
    turn = theater.session.timeline[0]
    return turn.decided_at - turn.speech_ended_at


@row("`type`, `uninterruptible_turns` in it")
def test_what_is_ignored_in_turn_detection(profile, stage):
    more = {"type": "server_vad", "uninterruptible_turns": ["greeting"]}
    _, client = updated(stage, profile, {"input": {"turn_detection": more}}, input={"turn_detection": more})
    assert codes(client) == []
    assert Settings.from_wire({**TURNS, **more}, "balanced") == Settings.from_wire(TURNS, "balanced")


@row('`type: "text"` of input or output')
def test_text_instead_of_sound(profile, stage):
    async def talk(client):
        await client.start(
            mute=True, greeting="Good evening.", input={"type": "text"}, output={"type": "text"}
        )
        await client.until("reply.done")

    client = stage(profile=profile).run(talk)
    assert "reply.audio" in client.kinds
    (ready,) = client.of("session.ready")
    assert (ready["config"]["input"]["type"], ready["config"]["output"]["type"]) == ("audio", "audio")


@row("`voice_focus_threshold` left out")
def test_a_threshold_that_nobody_named(profile, stage):
    config, _ = updated(stage, profile, input={"voice_focus": "far-field"})
    assert config["input"]["voice_focus_threshold"] is None


@row("transcription mode and prompt, languages, voice focus, `continuous_partials`")
def test_settings_of_the_recogniser(profile, stage):
    settings = {
        "transcription_mode": "max_accuracy",
        "transcription_prompt": "A restaurant.",
        "language_codes": ["de", "tlh"],
        "voice_focus": "far-field",
        "voice_focus_threshold": 0.2,
        "continuous_partials": True,
    }
    heard = []
    for more in ({}, settings):
        ears = Ears("Go forward ten meters.")

        async def talk(client, more=more):
            ready = await client.start(input=more)
            assert {key: ready["config"]["input"][key] for key in more} == more
            client.play(clip("go-forward"))
            await client.until("transcript.user")

        stage(profile=profile, recognizer=ears).run(talk)
        heard.append(ears.heard)
    assert heard[0] == heard[1]


@row("keyterms over 50 characters")
def test_long_keyterms(profile, stage):
    ears = Ears("Go forward ten meters.")

    async def talk(client):
        await client.start(input={"keyterms": ["x" * 50, "x" * 51]})
        client.play(clip("go-forward"))
        await client.until("transcript.user")

    assert codes(stage(profile=profile, recognizer=ears).run(talk)) == []
    assert {terms for _, terms in ears.heard} == {("x" * 50,)}


@row("voice names")
def test_voices(profile, stage, call, agent, first_error):
    config, _ = updated(stage, profile)
    assert config["output"]["voice"] == {"contract": "ivy", "live": "alba"}[profile]
    taken = set(VOICES) if profile == "contract" else {*JUNE, *CURRENT}
    for voice in (APRIL[0], JUNE[0], CURRENT[0]):
        if voice in taken:
            assert updated(stage, profile, output={"voice": voice})[0]["output"]["voice"] == voice
        else:
            assert first_error(output={"voice": voice})[0]["param"] == "output.voice"
    stored = taken if profile == "contract" else set(CURRENT)
    for voice in (APRIL[0], "ivy", CURRENT[0]):
        answer = call("POST", "/v1/agents", {**agent, "voice": {"voice_id": voice}})
        assert answer.status_code == (201 if voice in stored else 422)
