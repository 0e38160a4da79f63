"""What a session leaves behind."""

from __future__ import annotations

import asyncio
import base64
import logging
import sqlite3

import numpy as np
import pytest

from voicenb.audio.pcm import to_pcm
from voicenb.emulator.brain import Call, Say
from voicenb.emulator.history_tracks import side_by_side
from voicenb.testing.virtual_clock import run_virtually

RATE = 24_000


def run(theater, talk):
    """A conversation, and then what is kept of it."""
    client = theater.run(talk)
    return client, theater.emulator.resources.history.get(theater.session.id)


async def greeted(client, **session):
    await client.start(**session)
    await client.until("reply.done")


async def end(client):
    await client.send("session.end")
    await client.until_closed()


def test_while_it_runs_and_afterwards(stage):
    theater = stage()

    async def talk(client):
        await client.start(mute=True, system_prompt="Be kind.")
        past = theater.emulator.resources.history.get(theater.session.id)
        assert (past.record["status"], past.record["ended_at"], past.timeline) == ("created", None, None)
        assert past.record["config"]["system_prompt"] == "Be kind."
        await asyncio.sleep(2)
        await end(client)

    client, past = run(theater, talk)
    record = past.record
    assert (record["status"], record["public_close_reason"], record["agent_id"]) == (
        "completed",
        "client_end",
        None,
    )
    assert record["duration_seconds"] == client.of("session.ended")[0]["session_duration_seconds"]
    assert past.timeline["ended"] == {
        "reason": "user_initiated",
        "public_reason": "client_end",
        "duration_seconds": record["duration_seconds"],
    }
    assert (past.metadata["started_at"], past.metadata["ended_at"]) == (
        record["created_at"],
        record["ended_at"],
    )


def test_a_client_that_is_away_may_come_back_and_its_session_is_open(stage):
    theater = stage()

    async def talk():
        async with theater.client() as client:
            await client.start(mute=True)
        history = theater.emulator.resources.history
        await asyncio.sleep(29)
        assert history.get(theater.session.id).record["status"] == "created"
        await asyncio.sleep(2)
        return history.get(theater.session.id)

    past = run_virtually(talk, limit=100)
    assert past.record["status"] == "completed"
    assert past.timeline["ended"]["reason"] == "participant_disconnected"
    assert past.record["duration_seconds"] == pytest.approx(30, abs=0.1)


def test_the_agent_of_a_session(stage):
    theater = stage()

    async def talk(client):
        agents = theater.emulator.resources.agents
        agent = agents.create({"name": "Lido", "system_prompt": "Hello.", "voice": {"voice_id": "ivy"}})
        theater.agent_id = agent["id"]
        await client.send("session.update", session={"agent_id": agent["id"]})
        await client.until("session.ready")
        await end(client)

    assert run(theater, talk)[1].record["agent_id"] == theater.agent_id


def test_a_session_that_never_was_ready_leaves_nothing(stage):
    theater = stage(key="sesame")

    async def talk(client):
        await client.until_closed()

    assert run(theater, talk)[1] is None


def test_the_timeline_has_every_turn(stage, say, script):
    tool = {"type": "function", "name": "look", "description": "Look.", "parameters": {"type": "object"}}
    theater = stage(brain=script([Call("look", {"day": "Friday"})], [Say("There it is.")]))

    async def talk(client):
        await greeted(client, greeting="Good evening.", tools=[tool])
        client.play(say("austen-0870"))
        call = await client.until("tool.call")
        await client.send("tool.result", call_id=call["call_id"], result="{}")
        await client.until("transcript.agent", text="There it is.")
        await client.until("reply.done")
        await client.send("session.update", session={"system_prompt": "Be short.", "output": {"volume": 50}})
        await client.until("session.updated")
        await end(client)

    client, past = run(theater, talk)
    timeline = past.timeline
    greeting, question, answer = timeline["turns"]
    assert [turn["trigger"] for turn in timeline["turns"]] == ["greeting", "user_speech", "tool_result"]
    assert (greeting["agent_text"], answer["agent_text"]) == ("Good evening.", "There it is.")
    assert question["user_transcript"] == client.of("transcript.user")[0]["text"]
    assert question["tool_calls"][0]["arguments"] == {"day": "Friday"}
    assert question["time_to_first_audio_ms"] is answer["time_to_first_audio_ms"] is None
    assert question["emulator"]["recognizer_done_at_ms"] >= question["emulator"]["decided_at_ms"]
    began = timeline["started_at_unix_ms"]
    sent = [event["timestamp"] * 1000 - began for event in client.of("reply.audio")]
    assert greeting["agent_reply_started_at_ms"] == pytest.approx(sent[0], abs=1)
    (change,) = timeline["config_changes"]
    assert change["config"]["system_prompt"] == "Be short."
    assert (change["config"]["output"]["volume"], set(change["config"])) == (50, {"system_prompt", "output"})
    assert change["at_ms"] == pytest.approx(
        client.of("session.updated")[0]["timestamp"] * 1000 - began, abs=1
    )
    assert past.record["config"]["system_prompt"] == "Be short."
    assert timeline["emulator"] == {
        "profile": "contract",
        "ears": "fixed",
        "mouth": "tones",
        "taken_back": [],
    }


def test_an_answer_that_was_taken_back_is_no_turn(stage, script, say):
    theater = stage(brain=script([1.0, Say("Never heard.")], [Say("Very well.")]))

    async def talk(client):
        settings = {"turn_detection": {"min_silence": 300, "max_silence": 900}}
        await greeted(client, greeting="Good evening.", input=settings)
        client.play(say("go-forward"))
        await client.until("input.speech.stopped")
        await asyncio.sleep(0.2)
        client.play(say("go-forward"))
        await client.until("transcript.agent", text="Very well.")
        await client.until("reply.done")
        await end(client)

    _, past = run(theater, talk)
    assert [turn["agent_text"] for turn in past.timeline["turns"]] == ["Good evening.", "Very well."]
    (gone,) = past.timeline["emulator"]["taken_back"]
    assert (gone["status"], gone["agent_text"]) == ("reopened", None)


def test_a_run_that_is_repeated_leaves_the_same(stage, say):
    async def talk(client):
        await greeted(client, greeting="Good evening.")
        client.play(say("austen-0870"))
        await client.until("transcript.agent")
        await client.until("reply.done")
        await end(client)

    first, second = (run(stage(), talk)[1] for _ in range(2))
    assert first == second


def test_a_reply_that_the_end_cuts_off_has_the_words_that_were_heard(stage):
    theater = stage()

    async def talk(client):
        await client.start(mute=True, greeting="one two three four five six")
        await client.until("reply.audio")
        await asyncio.sleep(0.9)
        await end(client)

    (turn,) = run(theater, talk)[1].timeline["turns"]
    assert (turn["agent_text"], turn["status"]) == ("one two three", "interrupted")


def sound(theater, seconds):
    tapes = theater.emulator.resources.audio._tapes
    sides = [tapes.pieces(theater.session.id, side) for side in ("user", "agent")]
    return np.concatenate(list(side_by_side(*sides, seconds)))


@pytest.mark.parametrize("encoding", ["audio/pcm", "audio/pcmu"])
def test_both_sides_sound_where_they_were_heard(stage, say, encoding):
    theater = stage()
    law = {"encoding": encoding}

    async def talk(client):
        await greeted(client, greeting="Good evening.", output={"format": law})
        client.play(say("austen-0870"))
        await client.until("transcript.agent")
        await client.until("reply.done")
        await end(client)

    _, past = run(theater, talk)
    stereo = sound(theater, past.record["duration_seconds"])
    assert len(stereo) == pytest.approx(past.record["duration_seconds"] * RATE, abs=RATE * 0.2)
    loud = np.abs(stereo) > 0.05
    for turn in past.timeline["turns"]:
        audible = turn["emulator"]["audible_at_ms"] / 1000
        first = np.flatnonzero(loud[round((audible - 0.15) * RATE) :, 1])[0] / RATE - 0.15
        assert first == pytest.approx(0, abs=0.01)
    _, turn = past.timeline["turns"]
    inside = loud[
        round(turn["user_speech_started_at_ms"] * 24) : round(turn["user_speech_ended_at_ms"] * 24), 0
    ]
    assert inside.sum() > 0.9 * loud[:, 0].sum()
    assert past.metadata["uploaded_chunks"] > 4


def test_what_was_said_while_the_connection_was_lost_stands_where_it_was_said(stage):
    theater = stage()
    frame = base64.b64encode(to_pcm(np.full(480, 0.25, np.float32))).decode()

    async def speak(client, seconds, every):
        for _ in range(round(seconds / 0.02)):
            await asyncio.sleep(every)
            await client.send("input.audio", audio=frame)

    async def play():
        async with theater.client() as client:
            session_id = (await client.start(mute=True))["session_id"]
            await asyncio.sleep(1)
            await speak(client, 1.0, 0.02)
        await asyncio.sleep(4)
        async with theater.client() as client:
            await client.send("session.resume", session_id=session_id)
            await client.until("session.ready")
            await speak(client, 4.0, 0)
            await speak(client, 1.0, 0.02)
            await end(client)

    run_virtually(play, limit=100)
    (session,) = theater.emulator.sessions
    past = theater.emulator.resources.history.get(session.id)
    assert past.record["status"] == "completed"
    spoken = np.flatnonzero(sound(theater, past.record["duration_seconds"])[:, 0])
    assert len(spoken) == 6 * RATE
    assert spoken[0] / RATE == pytest.approx(1, abs=0.05)
    assert np.diff(spoken).max() == 1


@pytest.mark.parametrize("how", ["reply.create", "session.end"])
def test_of_a_reply_that_was_cut_there_is_what_was_heard(stage, how):
    theater = stage()

    async def talk(client):
        await client.start(mute=True, greeting="one two three four five six seven eight")
        await client.until("reply.audio")
        await asyncio.sleep(1.3)
        await client.send(how)
        if how == "reply.create":
            await client.until("transcript.agent", text="Very well, a table for four.")
        await end(client)

    client, past = run(theater, talk)
    turn = past.timeline["turns"][0]
    ended = turn["agent_reply_ended_at_ms"] * 24
    assert turn["interrupted_at_ms"] == (turn["agent_reply_ended_at_ms"] if how == "reply.create" else None)
    heard = np.flatnonzero(sound(theater, past.record["duration_seconds"])[: round(ended) + 4000, 1])
    assert ended - 0.06 * RATE < heard[-1] <= ended + 1  # tones have 0.05 s of silence between them
    got = len(client.sound(turn["emulator"]["reply_id"])) / 48_000
    assert got > heard[-1] / RATE - turn["agent_reply_started_at_ms"] / 1000 + 0.1  # more was sent


def test_sound_is_gathered_in_bounded_pieces(stage):
    theater = stage()
    kept = []

    async def talk(client):
        audio = theater.emulator.resources.audio
        keep = audio.keep
        audio.keep = lambda name, side, piece: (kept.append(len(piece.data)), keep(name, side, piece))
        await client.start()
        await asyncio.sleep(10)
        assert len(kept) >= 8
        await end(client)

    run(theater, talk)
    assert max(kept) <= 48_000 + 960


def test_a_store_that_fails_does_not_hold_up_the_end(stage, caplog, monkeypatch):
    theater = stage()

    def full(past):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(theater.emulator.resources.history, "end", full)

    async def talk(client):
        await client.start(mute=True)
        await client.send("session.end")
        await client.until("session.ended")
        assert (await client.until_closed())[0] == 1000

    with caplog.at_level(logging.ERROR):
        theater.run(talk)
    assert "could not be kept" in caplog.text


def test_sound_for_which_there_is_no_room_is_missing_and_ends_no_call(stage, monkeypatch, caplog):
    """Temporary files are full, say."""
    theater = stage()
    audio = theater.emulator.resources.audio

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(audio, "keep", full)

    async def talk(client):
        await greeted(client, greeting="Hello there, how are you today?")
        await asyncio.sleep(3)
        await end(client)

    client, past = run(theater, talk)
    assert "session.error" not in client.kinds
    assert past.record["public_close_reason"] == "client_end"
    assert past.metadata["uploaded_chunks"] == 0
    assert past.metadata["dropped_chunks"] > 4
    assert sum("sound" in record.message for record in caplog.records) == 1, "it is told once"
