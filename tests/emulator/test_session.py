"""How a session begins, what it refuses, how it ends."""

from __future__ import annotations

import asyncio
import base64

import pytest

from voicenb.emulator.clock import FIXED_START
from voicenb.testing.virtual_clock import run_virtually


def test_first_update_makes_it_ready_with_the_effective_configuration(stage):
    async def talk(client):
        ready = await client.start(mute=True, system_prompt="Be short.", input={"keyterms": ["Lido"]})
        assert ready["session_id"].startswith("sess_")
        config = ready["config"]
        assert config["id"] == ready["session_id"]
        assert config["system_prompt"] == "Be short."
        assert config["greeting"] is None
        assert config["input"]["format"] == {"encoding": "audio/pcm", "sample_rate": 24000}
        assert config["input"]["keyterms"] == ["Lido"]
        assert config["input"]["turn_detection"] is None
        assert config["output"]["voice"] == "ivy"
        assert ready["expires_at"] == 1_790_010_800

    client = stage().run(talk)
    assert client.kinds == ["session.ready"]


def test_end_is_answered_and_closes_with_1000(stage):
    theater = stage()

    async def talk(client):
        await client.start(mute=True)
        await asyncio.sleep(2.5)
        await client.send("session.end")
        ended = await client.until("session.ended")
        assert ended["session_duration_seconds"] == 2.5
        assert await client.until_closed() == (1000, "")

    theater.run(talk)
    assert theater.session.ended_by == "session.end"


@pytest.mark.parametrize(
    ("frame", "message", "param"),
    [
        ("nonsense", "Invalid JSON format.", None),
        ("[1, 2]", "Invalid JSON format.", None),
        ('{"type": "session.restart"}', "Unknown message type: session.restart", None),
        ('{"role": "user"}', "Unknown message type: None", None),
        (
            '{"type": "reply.create", "instructions": 3}',
            "Invalid message format for type 'reply.create'",
            "instructions",
        ),
        ('{"type": "tool.result", "call_id": "c"}', "Invalid message format for type 'tool.result'", None),
        (
            '{"type": "tool.result", "call_id": "c", "result": {"a": 1}}',
            "Invalid message format for type 'tool.result'",
            "result",
        ),
        (
            '{"type": "conversation.message", "role": "agent", "content": "x"}',
            "Invalid message format for type 'conversation.message'",
            "role",
        ),
        ('{"type": "input.audio", "audio": 3}', "Invalid message format for type 'input.audio'", "audio"),
        ('{"type": ' * 2000 + "1" + "}" * 2000, "Invalid JSON format.", None),
    ],
)
def test_malformed_messages_are_reported_and_survived(stage, frame, message, param):
    async def talk(client):
        await client.start(mute=True)
        await client.transport.send(frame)
        error = await client.until("session.error")
        assert (error["code"], error["message"], error["param"]) == ("invalid_format", message, param)
        assert error["session_id"].startswith("sess_")
        await client.send("session.end")
        await client.until("session.ended")

    stage().run(talk)


@pytest.mark.parametrize("audio", ["not base64!", base64.b64encode(b"123").decode()])
def test_audio_that_is_none(stage, audio):
    async def talk(client):
        await client.start(mute=True)
        await client.send("input.audio", audio=audio)
        assert (await client.until("session.error"))["code"] == "invalid_audio"
        await client.send("session.end")
        await client.until("session.ended")

    stage().run(talk)


def test_before_the_first_update_audio_is_discarded_and_the_rest_refused(stage):
    async def talk(client):
        await client.send("input.audio", audio="AAAA")
        await client.send("input.audio", audio="?")
        await client.send("reply.create")
        error = await client.until("session.error")
        assert error["code"] == "invalid_format"
        assert error["session_id"] is None
        await client.start(mute=True)

    client = stage().run(talk)
    assert client.kinds == ["session.error", "session.ready"]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("session.end", {}),
        ("tool.result", {"call_id": "c", "result": "1"}),
        ("conversation.message", {"role": "user", "content": "x"}),
    ],
)
def test_nothing_but_an_update_or_a_resume_may_come_first(stage, kind, fields):
    theater = stage()

    async def talk(client):
        await client.send(kind, **fields)
        error = await client.until("session.error")
        assert (error["code"], error["session_id"]) == ("invalid_format", None)
        assert client.closed is None
        await client.start(mute=True)
        await client.send("session.end")
        await client.until("session.ended")

    assert theater.run(talk).kinds == ["session.error", "session.ready", "session.ended"]
    assert theater.session.ended_by == "session.end"


def test_between_the_first_update_and_ready_the_session_can_be_ended(stage):
    theater = stage(profile="live")

    async def talk(client):
        await client.send("session.update", session={})
        await client.send("session.end")
        await client.until("session.ended")
        assert await client.until_closed() == (1000, "")

    assert theater.run(talk).kinds == ["session.ended"]


@pytest.mark.parametrize("profile", ["contract", "live"])
def test_updates_before_ready_are_acknowledged_behind_it(stage, profile):
    async def talk(client):
        await client.send("session.update", session={"system_prompt": "Old", "greeting": "Hello."})
        await client.send("session.update", session={"system_prompt": "New"})
        await client.send("session.update", session={"greeting": "Other."})
        await client.send("session.update", session={"input": {"keyterms": ["ace"]}})
        await client.until("reply.done")

    client = stage(profile=profile).run(talk)
    before = ["session.updated"] if profile == "live" else []
    told = [kind for kind in (event["type"] for event in client.events) if kind.startswith("session.")]
    assert told == ["session.error", *before, "session.ready", "session.updated", "session.updated"]
    for event in client.of("session.ready") + client.of("session.updated"):
        config = event["config"]
        assert (config["system_prompt"], config["greeting"]) == ("New", "Hello.")
        assert config["input"]["keyterms"] == ["ace"]


def test_a_binary_frame_with_json_is_taken(stage):
    async def talk(client):
        update = b'{"type": "session.update", "session": {}}'
        await client.transport._to_app.put({"type": "websocket.receive", "bytes": update})
        await client.until("session.ready")

    stage().run(talk)


@pytest.mark.parametrize(
    ("session", "code", "param"),
    [
        ({"output": {"voice": "nobody"}}, "invalid_value", "output.voice"),
        ({"llm": []}, "invalid_value", "llm"),
        ({"model": "x"}, "invalid_value", "model"),
        ({"agent_id": "a", "greeting": "b"}, "agent_id_not_first", "agent_id"),
        ({"agent_id": "agent_unknown"}, "agent_not_found", "agent_id"),
        (
            {"input": {"turn_detection": {"min_silence": 20}}},
            "invalid_value",
            "input.turn_detection.min_silence",
        ),
        (
            {"input": {"turn_detection": {"min_silence": 900, "max_silence": 900}}},
            "invalid_value",
            "input.turn_detection.min_silence",
        ),
        ({"tools": [{"name": "x"}]}, "invalid_value", "tools[0].type"),
        ({"input": {"format": "audio/pcm"}}, "invalid_value", "format"),
        (
            {"input": {"format": {"encoding": "audio/pcm", "sample_rate": 16000}}},
            "invalid_value",
            "input.format.sample_rate",
        ),
    ],
)
def test_a_bad_value_in_the_first_update_closes(stage, session, code, param):
    theater = stage()

    async def talk(client):
        await client.send("session.update", session=session)
        error = await client.until("session.error")
        assert (error["code"], error["param"]) == (code, param)
        assert (await client.until_closed())[0] == 1008

    theater.run(talk)
    assert theater.session.ended_by == "refused"


@pytest.mark.parametrize(
    "session", [{"greeting": None}, {"system_prompt": 3}, {"input": []}, {"tools": {}}, {"agent_id": 5}]
)
def test_a_malformed_first_update_leaves_the_socket_open(stage, session):
    async def talk(client):
        await client.send("session.update", session=session)
        assert (await client.until("session.error"))["code"] == "invalid_format"
        await client.start(mute=True)

    stage().run(talk)


@pytest.mark.parametrize(
    ("session", "code", "param"),
    [
        ({"greeting": "New."}, "immutable_field", "greeting"),
        ({"output": {"voice": "nobody"}}, "immutable_field", "output.voice"),
        ({"output": {"format": {"encoding": "audio/pcmu"}}}, "immutable_field", "output.format"),
        ({"output": {"type": "text"}}, "immutable_field", "output.type"),
        ({"agent_id": "x"}, "agent_id_not_first", "agent_id"),
        ({"output": {"volume": 101}}, "invalid_value", "output.volume"),
        ({"input": {"keyterms": ["a"] * 101}}, "invalid_value", "input.keyterms"),
        ({"input": {"keyterms": "a"}}, "invalid_format", "input.keyterms"),
        ({"system_prompt": "New", "output": {"voice": "anna"}}, "immutable_field", "output.voice"),
    ],
)
def test_a_bad_later_update_changes_nothing(stage, session, code, param):
    async def talk(client):
        await client.start(mute=True, system_prompt="Old")
        await client.send("session.update", session=session)
        error = await client.until("session.error")
        assert (error["code"], error["param"]) == (code, param)
        await client.send("session.update", session={})
        assert (await client.until("session.updated"))["config"]["system_prompt"] == "Old"

    stage().run(talk)


def test_a_good_later_update_is_echoed(stage):
    async def talk(client):
        await client.start(mute=True, input={"turn_detection": {"min_silence": 1200}})
        change = {
            "input": {"turn_detection": {"max_silence": 5000}, "keyterms": ["ace"], "type": "audio"},
            "output": {"volume": 40, "type": "audio"},
            "tools": [{"type": "function", "name": "look", "parameters": {}}],
        }
        await client.send("session.update", session=change)
        config = (await client.until("session.updated"))["config"]
        assert config["input"]["turn_detection"] == {"min_silence": 1200, "max_silence": 5000}
        assert config["input"]["keyterms"] == ["ace"]
        assert config["output"]["volume"] == 40
        assert config["tools"][0]["timeout_seconds"] == 120
        assert config["tools"][0]["execution_mode"] == "interactive"

    stage().run(talk)


@pytest.mark.parametrize(("query", "key"), [("", ""), ("?token=", ""), ("", "wrong"), ("?token=wrong", "")])
def test_without_the_key_nobody_comes_in(stage, query, key):
    async def talk(client):
        error = await client.until("session.error")
        assert (error["code"], error["message"]) == ("UNAUTHORIZED", "Authentication failed")
        assert error["session_id"] is None
        assert (await client.until_closed())[0] == 1008

    stage(key="right").run(talk, query, key)


@pytest.mark.parametrize(("query", "key"), [("?token=right", ""), ("", "right")])
def test_with_the_key_one_comes_in(stage, query, key):
    async def talk(client):
        await client.start(mute=True)

    stage(key="right").run(talk, query, key)


def test_a_token_opens_one_session_and_caps_it(stage):
    theater = stage(key="right")
    token = theater.emulator.resources.door.mint(now=FIXED_START, redeem_within=10, longest_session=60)

    async def capped(client):
        await client.start(mute=True)
        ended = await client.until("session.ended", within=100)
        assert ended["session_duration_seconds"] == 60
        assert await client.until_closed() == (1000, "")

    async def refused(client):
        assert (await client.until("session.error"))["code"] == "UNAUTHORIZED"

    theater.run(capped, f"?token={token}", "")
    assert theater.session.ended_by == "duration"
    theater.run(refused, f"?token={token}", "")


def test_audio_faster_than_real_time_is_dropped_beyond_a_burst(stage):
    theater = stage()

    async def talk(client):
        await client.start(mute=True)
        second = base64.b64encode(bytes(48_000)).decode()
        for _ in range(13):
            await client.send("input.audio", audio=second)
        error = await client.until("session.error")
        assert error["code"] == "audio_rate_violation"
        await asyncio.sleep(5)
        await client.send("input.audio", audio=second)
        await client.send("session.end")
        await client.until("session.ended")

    client = theater.run(talk)
    assert len(client.of("session.error")) == 1
    assert theater.session.received_audio == 11


def test_a_long_message_leaves_others_their_turn_and_is_heard_whole(stage):
    theater = stage(rate_limit=False)
    turn, heard = 0, []

    async def talk(client):
        nonlocal turn
        await client.start(mute=True)
        hear = theater.session.turns.hear
        theater.session.turns.hear = lambda audio: (heard.append((turn, len(audio))), hear(audio))
        await client.send("input.audio", audio=base64.b64encode(bytes(20 * 48_000)).decode())
        for turn in range(1000):  # noqa: B007
            await asyncio.sleep(0)
        await client.send("session.end")
        await client.until("session.ended")

    theater.run(talk)
    assert sum(length for _, length in heard) == 20 * 48_000
    assert len({turn for turn, _ in heard}) == len(heard) == 20


def test_a_client_that_goes_in_the_middle_of_a_long_message_is_heard_whole(stage):
    theater = stage(rate_limit=False)
    heard = []

    async def play():
        async with theater.client() as client:
            await client.start(mute=True)
            hear = theater.session.turns.hear

            def hear_and_go(audio):
                heard.append(len(audio))
                hear(audio)
                theater.session._left.set()

            theater.session.turns.hear = hear_and_go
            await client.send("input.audio", audio=base64.b64encode(bytes(20 * 48_000)).decode())
            await asyncio.sleep(1)
        assert theater.session.away

    run_virtually(play, limit=20)
    assert sum(heard) == 20 * 48_000


def test_a_client_that_reads_slowly_hears_the_end(stage):
    theater = stage()
    sent = []

    async def play():
        ready, incoming = (
            asyncio.Event(),
            iter(
                [
                    {"type": "websocket.connect"},
                    {"type": "websocket.receive", "text": '{"type": "session.update", "session": {}}'},
                    {"type": "websocket.receive", "text": '{"type": "session.end"}'},
                ]
            ),
        )

        async def receive():
            if sent[1:]:
                await ready.wait()
            message = next(incoming, None)
            return message or await asyncio.Future()

        async def send(message):
            text = message.get("text", "")
            if "session.ended" in text:
                await asyncio.sleep(3)
            sent.append(message)
            if "session.ready" in text:
                ready.set()

        scope = {
            "type": "websocket",
            "path": "/v1/ws",
            "query_string": b"token=any",
            "headers": [],
            "subprotocols": [],
        }
        await asyncio.wait_for(theater.emulator.app(scope, receive, send), 60)

    run_virtually(play, limit=120)
    assert "session.ended" in sent[-2]["text"]
    assert (sent[-1]["type"], sent[-1]["code"]) == ("websocket.close", 1000)


def test_the_rate_limit_can_be_switched_off(stage):
    theater = stage(rate_limit=False)

    async def talk(client):
        await client.start(mute=True)
        second = base64.b64encode(bytes(48_000)).decode()
        for _ in range(30):
            await client.send("input.audio", audio=second)
        await client.send("session.end")
        await client.until("session.ended")

    client = theater.run(talk)
    assert "session.error" not in client.kinds
    assert theater.session.received_audio == 30


def test_a_fault_ends_the_session_with_1011(stage, tone_mouth):
    class Broken(tone_mouth):
        def say(self, text, voice):
            raise RuntimeError("no breath")

    theater = stage(mouth=Broken())

    async def talk(client):
        await client.start(mute=True, greeting="Hello.")
        assert (await client.until("session.error"))["code"] == "INTERNAL_ERROR"
        assert (await client.until_closed())[0] == 1011

    theater.run(talk)
    assert theater.session.ended_by == "fault"


def test_a_script_that_does_not_fit_the_agent_ends_the_session_and_says_which_line(stage):
    theater = stage(brain=[{"call": "nope", "arguments": {}}])

    async def talk(client):
        await client.start(mute=True, tools=[{"type": "function", "name": "look"}])
        await client.send("conversation.message", role="user", content="A table.")
        await client.send("reply.create")
        error = await client.until("session.error")
        assert error["code"] == "agent_init_failed"
        assert "line 1 of the script calls 'nope'" in error["message"]
        assert "The agent has look." in error["message"]
        assert (await client.until_closed())[0] == 1011

    client = theater.run(talk)
    assert theater.session.ended_by == "fault"
    assert not client.of("transcript.agent"), "nobody apologises"


def test_the_live_profile_begins_as_the_service_was_seen_to(stage):
    async def talk(client):
        await client.start(mute=True)
        await client.send("session.update", session={"output": {"voice": "alba"}})
        assert (await client.until("session.error"))["code"] == "immutable_field"

    client = stage(profile="live").run(talk)
    assert client.kinds[:2] == ["session.updated", "session.ready"]
    assert client.at("session.ready") == pytest.approx(0.4)

    async def refused(client):
        assert (await client.until("session.error"))["code"] == "unauthorized"

    stage(profile="live", key="right").run(refused, "", "wrong")


@pytest.mark.parametrize(("profile", "expires", "audio"), [("contract", 10_800, 1.0), ("live", 3_595, None)])
def test_what_the_profiles_tell_of_a_sessions_time(stage, profile, expires, audio):
    theater = stage(profile=profile)

    async def talk(client):
        ready = await client.start(mute=True)
        now = int(ready["timestamp"])  # of the contract: the beginning, which was in the same second
        assert ready["expires_at"] == now + expires
        for _ in range(50):
            await client.send("input.audio", audio=base64.b64encode(bytes(960)).decode())
            await asyncio.sleep(0.02)
        await client.send("session.end")
        ended = await client.until("session.ended")
        assert ended["audio_duration_seconds"] == audio

    theater.run(talk)
