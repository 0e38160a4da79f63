"""Stored agents, what is kept of a session, and webhooks."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise

import pytest
from guide_rows import row
from theater import Ears, Script, Stage, clip

from voicenb.emulator.brain import Say
from voicenb.emulator.history_reasons import REASONS
from voicenb.testing.virtual_clock import run_virtually

TURNS = {"min_silence": 800, "max_silence": 2000}
HOOK = {"url": "http://127.0.0.1:9/hook", "events": ["session.completed"], "secret": "s" * 32}


@row("`PUT` of an agent")
def test_changes_of_an_agent(profile, call, agent):
    tools = [{"name": "look"}, {"name": "book"}]
    agent_id = call("POST", "/v1/agents", {**agent, "greeting": "Hi.", "tools": tools}).json()["id"]
    changed = call("PUT", f"/v1/agents/{agent_id}", {"system_prompt": "New.", "tools": tools[1:]}).json()
    assert (changed["name"], changed["greeting"], changed["system_prompt"]) == ("Lido", "Hi.", "New.")
    assert [tool["name"] for tool in changed["tools"]] == ["book"]


@row("list of agents")
def test_the_list_of_agents(profile, call, agent):
    for _ in range(51):
        call("POST", "/v1/agents", agent)
    page = call("GET", "/v1/agents").json()
    assert set(page) == {"agents", "has_more", "response_metadata"}
    assert (len(page["agents"]), page["has_more"]) == (50, True)
    statuses = {limit: call("GET", f"/v1/agents?limit={limit}").status_code for limit in (0, 1, 200, 201)}
    assert statuses == {0: 422, 1: 200, 200: 200, 201: 422}


@row("a body that is refused")
def test_a_body_that_is_refused(profile, call):
    answer = call("POST", "/v1/agents", {"name": "Lido"})
    assert answer.status_code == 422
    body = answer.json()
    assert {"code", "message", "param", "request_id", "errors", "detail"} <= set(body)
    assert body["code"] == "validation_error"


@row("`voice` as a text")
def test_a_voice_as_a_text(profile, call, agent):
    answer = call("POST", "/v1/agents", {**agent, "voice": "alba"})
    assert (answer.status_code, answer.json()["voice"]) == (201, {"voice_id": "alba"})


@row("`output.voice` of a stored agent")
def test_the_voice_of_the_output(profile, stage, agent, rest):
    theater = stage(profile=profile)

    async def talk(client):
        kept = (await rest(theater.emulator.app, "POST", "/v1/agents", agent)).json()
        assert kept["output"]["voice"] == "ivy"
        ready = await client.start(mute=True, agent_id=kept["id"])
        assert ready["config"]["output"]["voice"] == "alba"

    theater.run(talk)


@row("`created_at`")
def test_when_an_agent_was_made(profile, call, agent):
    made = call("POST", "/v1/agents", agent).json()["created_at"]
    assert made.startswith("2026-")
    assert "+" not in made
    assert not made.endswith("Z")


def after_a_session(profile, look_at, *, say=False, wait=0.0):
    """Something about the only session of an emulator, once it is over."""
    brain = Script([Say("One two three four five six seven eight nine ten " * 3 + "eleven.")])
    theater = Stage(profile=profile, recognizer=Ears("Go forward ten meters."), brain=brain)

    async def play():
        await asyncio.sleep(5)  # the connection is zero, not the clock's
        async with theater.client() as client:
            await asyncio.sleep(3)
            await client.start(mute=not say, greeting="Hello.", input={"turn_detection": TURNS})
            await client.until("reply.done")
            if say:
                client.play(clip("go-forward"))
                await client.until("transcript.user")
                await client.until("reply.audio")
                await asyncio.sleep(2)
                client.play(clip("go-forward"))
                await client.until("reply.done", status="interrupted")
            await client.send("session.end")
            await client.until("session.ended")
        await asyncio.sleep(wait)
        return await look_at(theater, client)

    return run_virtually(play, limit=600)


async def record(theater, client, rest):
    session_id = client.of("session.ready")[0]["session_id"]
    return (await rest(theater.emulator.app, "GET", f"/v1/sessions/{session_id}")).json()


@row("artifacts of a session")
@pytest.mark.parametrize("wait", [0.0, 5.0, 7.0])
def test_when_there_are_artifacts(profile, rest, wait):
    async def look_at(theater, client):
        return (await record(theater, client, rest))["artifacts"]

    found = after_a_session(profile, look_at, wait=wait)
    assert bool(found) == (profile == "contract" or wait > 6)


async def timeline(theater, client, rest):
    found = await record(theater, client, rest)
    (link,) = [each["url"] for each in found["artifacts"] if each["type"] == "timeline"]
    return (await rest(theater.emulator.app, "GET", "/" + link.split("/", 3)[3])).json()


@row("`public_close_reason`")
def test_reasons_of_ends(profile, rest):
    async def look_at(theater, client):
        return (await record(theater, client, rest))["public_close_reason"]

    assert after_a_session(profile, look_at) == "client_end"
    ours = {"client_disconnected", "max_duration", "error", "internal_error", "server_shutdown"}
    assert {public for _, public in REASONS.values()} == {"client_end", *ours}


@row("zero of a timeline")
def test_the_beginning_of_a_timeline(profile, rest):
    async def look_at(theater, client):
        told = await timeline(theater, client, rest)
        return told["turns"][0]["agent_reply_started_at_ms"] / 1000, client.at("reply.audio") - 5

    told, since_connected = after_a_session(profile, look_at, wait=7)
    assert told == pytest.approx(since_connected, abs=0.02)
    assert told > 3


@row("`user_confidence`")
def test_the_confidence_of_the_recogniser(profile, rest):
    async def look_at(theater, client):
        return (await timeline(theater, client, rest))["turns"]

    turns = after_a_session(profile, look_at, say=True, wait=7)
    assert {turn["user_confidence"] for turn in turns} == {None}


@row("`time_to_first_audio_ms`")
def test_time_to_first_audio(profile, rest):
    async def look_at(theater, client):
        return (await timeline(theater, client, rest))["turns"]

    greeting, answer, *_ = after_a_session(profile, look_at, say=True, wait=7)
    assert greeting["time_to_first_audio_ms"] is None
    waited = answer["agent_reply_started_at_ms"] - answer["user_speech_ended_at_ms"]
    assert answer["time_to_first_audio_ms"] == pytest.approx(waited, abs=0.2)
    assert waited > TURNS["min_silence"]


@row("`agent_text` of a cut reply")
def test_the_text_of_a_cut_reply(profile, rest):
    async def look_at(theater, client):
        return (await timeline(theater, client, rest))["turns"], client.of("transcript.agent")

    turns, told = after_a_session(profile, look_at, say=True, wait=7)
    (cut,) = [turn for turn in turns if turn["interrupted_at_ms"] is not None]
    (line,) = [line for line in told if line["interrupted"]]
    assert cut["agent_text"] == line["text"]
    assert cut["agent_text"].startswith("One two")
    assert not cut["agent_text"].endswith("eleven.")


@row("verb that changes a subscription")
@pytest.mark.parametrize("verb", ["PATCH", "PUT"])
def test_how_a_subscription_is_changed(profile, call, verb):
    kept = call("POST", "/v1/webhook-subscriptions", HOOK).json()
    changed = call(verb, f"/v1/webhook-subscriptions/{kept['id']}", {"enabled": False})
    assert (changed.status_code, changed.json()["enabled"], changed.json()["url"]) == (
        200,
        False,
        HOOK["url"],
    )


def posted(profile, statuses, rest, wait):
    """What was sent about a session, when, and the list of deliveries."""
    theater = Stage(profile=profile)
    sent = []

    async def post(url, headers, body):
        sent.append((asyncio.get_running_loop().time(), json.loads(body)))
        return statuses[min(len(sent), len(statuses)) - 1]

    theater.emulator.resources.webhooks.post = post

    async def play():
        app = theater.emulator.app
        assert (await rest(app, "POST", "/v1/webhook-subscriptions", HOOK)).status_code == 201
        async with theater.client() as client:
            ready = await client.start(mute=True)
            await client.send("session.end")
            await client.until("session.ended")
        await asyncio.sleep(wait)
        return (await rest(app, "GET", f"/v1/sessions/{ready['session_id']}/webhook-deliveries")).json()

    return sent, run_virtually(play, limit=600)


@row("webhook's payload")
def test_what_a_webhook_says(profile, rest):
    ((_, payload),), _ = posted(profile, [200], rest, 1)
    assert set(payload) == {"event", "event_id", "created_at", "session"}
    assert payload["event"] == "session.completed"
    assert payload["session"]["status"] == "completed"


@row("webhook's retries")
def test_when_a_webhook_comes_again(profile, rest):
    sent, _ = posted(profile, [500], rest, 100)
    times = [at for at, _ in sent]
    assert [after - before for before, after in pairwise(times)] == pytest.approx([1, 4, 16, 64])
    assert len({payload["event_id"] for _, payload in sent}) == 1


@row("list of deliveries")
def test_the_list_of_deliveries(profile, rest):
    _, page = posted(profile, [500, 200], rest, 10)
    (delivery,) = page["deliveries"]
    assert (delivery["status"], delivery["attempt_count"]) == ("delivered", 2)
