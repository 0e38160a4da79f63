"""Clients that go without a word, and come back, or do not."""

from __future__ import annotations

import asyncio

import pytest

from voicenb.emulator.brain import Call, Say
from voicenb.emulator.session import GRACE
from voicenb.testing.virtual_clock import run_virtually

GREETING = "Hello there, how are you today?"


def on_stage(theater, play):
    """Run ``play`` on the virtual clock, ten minutes of it at most."""
    run_virtually(play, limit=600)
    return theater


async def begin(theater, client, **session):
    """Begin a session and greet; returns its id."""
    ready = await client.start(greeting=GREETING, **session)
    await client.until("reply.audio")
    return ready["session_id"]


async def go_on(client, session_id):
    await client.send("session.resume", session_id=session_id)
    return await client.until("session.ready")


def test_the_conversation_goes_on_where_it_was(stage, say):
    theater = stage()

    async def play():
        async with theater.client() as client:
            session_id = await begin(theater, client)
            await client.until("reply.done")
            client.play(say("austen-0870"))
            await client.until("transcript.user")
            await client.until("reply.done")
        (session,) = theater.emulator.sessions
        assert session.away
        assert session.ended_by == ""
        await asyncio.sleep(GRACE - 1)
        async with theater.client() as client:
            ready = await go_on(client, session_id)
            assert ready["session_id"] == session_id
            assert ready["config"]["greeting"] == GREETING
            await asyncio.sleep(3)
            assert client.kinds == ["session.ready"], "no greeting, and nothing is said again"
            assert not session.away
            await client.send("session.end")
            await client.until("session.ended")
        assert session.ended_by == "session.end"
        assert theater.emulator.sessions == [session], "the socket that came back was no session of its own"
        assert [line.role for line in session.turns.history] == ["agent", "user", "agent"]

    on_stage(theater, play)


def test_who_does_not_come_back_has_gone(stage):
    theater = stage()

    async def play():
        async with theater.client() as client:
            session_id = await begin(theater, client)
        (session,) = theater.emulator.sessions
        await asyncio.sleep(GRACE + 0.1)
        assert (session.away, session.ended_by) == (False, "close")
        async with theater.client() as client:
            await client.send("session.resume", session_id=session_id)
            assert (await client.until("session.error"))["code"] == "session_not_found"
            assert (await client.until_closed())[0] == 1008

    on_stage(theater, play)


@pytest.mark.parametrize("why", ["unknown", "ended", "another's", "live"])
def test_what_cannot_be_resumed(stage, why):
    theater = stage(profile="live" if why == "live" else "contract")

    async def play():
        async with theater.client(key="one") as client:
            session_id = await begin(theater, client)
            if why == "ended":
                await client.send("session.end")
                await client.until("session.ended")
        async with theater.client(key="two" if why == "another's" else "one") as client:
            await client.send("session.resume", session_id="sess_1" if why == "unknown" else session_id)
            code = "session_forbidden" if why == "another's" else "session_not_found"
            assert (await client.until("session.error"))["code"] == code
            assert (await client.until_closed())[0] == 1008

    on_stage(theater, play)


def test_a_resume_is_only_a_first_message(stage):
    theater = stage()

    async def play():
        async with theater.client() as client:
            session_id = await begin(theater, client)
            await client.send("session.resume", session_id=session_id)
            assert (await client.until("session.error"))["code"] == "invalid_format"
            await client.send("session.end")
            await client.until("session.ended")

    on_stage(theater, play)


def test_a_connection_that_still_seems_open_is_taken_over(stage):
    theater = stage()

    async def play():
        async with theater.client() as gone:
            session_id = await begin(theater, gone)
            async with theater.client() as client:
                await go_on(client, session_id)
                await client.send("reply.create", instructions="Say it.")
                await client.until("reply.done")
                seen = len(gone.events)
                await client.send("session.end")
                await client.until("session.ended")
            assert len(gone.events) == seen

    on_stage(theater, play)


def test_a_reply_is_cut_where_the_connection_was(stage):
    theater = stage()

    async def play():
        async with theater.client() as client:
            session_id = await begin(theater, client)
            await asyncio.sleep(0.6)  # of a greeting of 1.5 s
        (session,) = theater.emulator.sessions
        (line,) = session.turns.history
        assert line.interrupted
        assert 0 < len(line.text) < len(GREETING)
        async with theater.client() as client:
            await go_on(client, session_id)
            await asyncio.sleep(2)
            assert client.kinds == ["session.ready"]

    on_stage(theater, play)


def test_an_answer_that_nobody_has_heard_of_is_given_to_who_comes_back(stage, script, say):
    theater = stage(brain=script([Say("Very well.")], [Say("A table for four.")]))

    async def play():
        async with theater.client() as client:
            session_id = await begin(theater, client)
            await client.until("reply.done")
            client.play(say("austen-0870"))
            await client.until("input.speech.stopped")
        await asyncio.sleep(5)
        async with theater.client() as client:
            await go_on(client, session_id)
            await client.until("transcript.agent", text="A table for four.")

    on_stage(theater, play)


def test_a_tool_may_answer_when_the_client_is_back(stage, script):
    tool = {"type": "function", "name": "look", "timeout_seconds": 60}
    theater = stage(brain=script([Call("look", {})], [Say("There it is.")]))

    async def play():
        async with theater.client() as client:
            session_id = await begin(theater, client, tools=[tool])
            await client.until("reply.done")
            await client.send("reply.create", instructions="Look.")
            call = await client.until("tool.call")
        await asyncio.sleep(10)
        async with theater.client() as client:
            await go_on(client, session_id)
            await client.send("tool.result", call_id=call["call_id"], result="{}")
            await client.until("transcript.agent", text="There it is.")

    on_stage(theater, play)


def test_what_is_said_in_two_halves_is_one_turn(stage, say):
    """The microphone's audio of the gap is sent when the connection is back."""
    theater = stage()
    sentence = say("austen-0870")
    half = len(sentence) // 4 * 2

    async def play():
        async with theater.client() as client:
            session_id = await begin(theater, client)
            await client.until("reply.done")
            client.play(sentence[:half])
            await client.played()
        await asyncio.sleep(6)
        async with theater.client() as client:
            await go_on(client, session_id)
            client._tasks.append(asyncio.create_task(client._microphone()))
            client.play(sentence[half:])
            await client.until("input.speech.stopped")
            await client.until("transcript.user")
        (session,) = theater.emulator.sessions
        assert [line.role for line in session.turns.history].count("user") == 1

    on_stage(theater, play)


@pytest.mark.parametrize("ends", [False, True])
def test_who_comes_back_in_the_moment_of_the_loss(stage, ends):
    """Before the session has come to rest, or while it ends: neither hangs nor is forgotten later."""
    theater = stage()

    async def play():
        gone = theater.client()
        client = await gone.__aenter__()
        session_id = await begin(theater, client)
        (session,) = theater.emulator.sessions
        async with theater.client() as other:
            if ends:
                session.end("stop")
            leaving = asyncio.create_task(gone.__aexit__(None, None, None))
            await other.send("session.resume", session_id=session_id)
            if ends:
                assert (await other.until("session.error"))["code"] == "session_not_found"
            else:
                await other.until("session.ready")
                await asyncio.sleep(GRACE + 5)
                assert (session.ended_by, session.away) == ("", False)
                await other.send("session.end")
                await other.until("session.ended")
            await leaving

    on_stage(theater, play)


def test_of_two_who_come_back_at_once_the_last_has_the_session(stage, script):
    theater = stage(brain=script([Say("Here you are.")]))

    async def play():
        async with theater.client() as gone:
            session_id = await begin(theater, gone)
            async with theater.client() as one, theater.client() as two:
                await one.send("session.resume", session_id=session_id)
                await two.send("session.resume", session_id=session_id)
                await two.until("session.ready")
                await asyncio.sleep(1)
                seen = len(one.events)
                await two.send("reply.create", instructions="Say it.")
                await two.until("transcript.agent", text="Here you are.")
                await two.until("reply.done")
                assert len(two.of("session.ready")) == 1
                assert len(one.events) == seen, "nothing of it went to the other"
                await two.send("session.end")
                await two.until("session.ended")

    on_stage(theater, play)


def test_what_is_sent_right_behind_a_resume_is_the_sessions(stage, script):
    theater = stage(brain=script([Say("Here you are.")]))

    async def play():
        async with theater.client() as client:
            session_id = await begin(theater, client)
            await client.until("reply.done")
        async with theater.client() as client:
            await client.send("session.resume", session_id=session_id)
            await client.send("reply.create", instructions="Say it.")
            await client.until("session.ready")
            await client.until("transcript.agent", text="Here you are.")
            assert "session.error" not in client.kinds

    on_stage(theater, play)


def test_a_session_that_ends_while_its_client_comes_back_is_not_found(stage):
    theater = stage()

    async def play():
        async with theater.client() as gone:
            session_id = await begin(theater, gone)
            (session,) = theater.emulator.sessions
            rest = session._rest

            async def end_first(*tasks):
                session.end("stop")
                await rest(*tasks)

            session._rest = end_first  # in the very moment in which the first connection is let go
            async with theater.client() as client:
                await client.send("session.resume", session_id=session_id)
                assert (await client.until("session.error"))["code"] == "session_not_found"
                assert (await client.until_closed())[0] == 1008

    on_stage(theater, play)


def test_the_token_of_ready_leads_back_and_nowhere_else(stage):
    theater = stage(key="right")

    async def play():
        async with theater.client(key="right") as client:
            ready = await client.start(greeting=GREETING)
        async with theater.client(key="right") as other:
            another = await other.start(greeting=GREETING)
        token = ready["resume_token"]
        for _ in range(2):
            async with theater.client(key=token) as client:
                await go_on(client, ready["session_id"])
        for first, code in [
            ({"type": "session.resume", "session_id": another["session_id"]}, "session_forbidden"),
            ({"type": "session.update", "session": {}}, "UNAUTHORIZED"),
        ]:
            async with theater.client(key=token) as client:
                await client.send(first.pop("type"), **first)
                assert (await client.until("session.error"))["code"] == code
                assert (await client.until_closed())[0] == 1008

    on_stage(theater, play)


def test_the_live_profile_resumes_nothing_and_gives_no_token_for_it(stage):
    async def talk(client):
        assert (await client.start(mute=True))["resume_token"] == ""

    stage(profile="live").run(talk)


def test_nothing_is_left_of_a_socket_that_led_back(stage):
    theater = stage()

    async def play():
        async with theater.client() as client:
            session_id = await begin(theater, client)
        for _ in range(3):
            async with theater.client() as client:
                await go_on(client, session_id)
        async with theater.client() as client:
            await go_on(client, session_id)
            await client.send("session.end")
            await client.until_closed()
        assert len(theater.emulator.sessions) == 1
        assert not theater.emulator.resources.sessions
        assert not theater.emulator.resources.faults._watchers

    on_stage(theater, play)
