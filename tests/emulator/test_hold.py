"""Replies that are asked for while a tool in hold mode runs, and what the hold keeps waiting beside them."""

from __future__ import annotations

import asyncio

import pytest

from voicenb.emulator.brain import Call, Say
from voicenb.testing.virtual_clock import run_virtually

HOLD = {
    "type": "function",
    "name": "look",
    "description": "Look.",
    "parameters": {},
    "execution_mode": "hold",
}
LONG = "I am going to have a long and careful look at all that for you now, so please be patient with me."
STATUS = "Tell them that you are still looking."


def said(client):
    return [line["text"] for line in client.of("transcript.agent")]


async def spoken_over(client, say):
    """A reply that the user speaks over without cutting it off, and that calls the tool after that."""
    detection = {"interrupt_response": False, "min_silence": 600, "max_silence": 1500}
    await client.start(tools=[HOLD], input={"turn_detection": detection})
    await client.send("reply.create", instructions="Look.")
    await client.until("reply.audio")
    client.play(say("go-forward"))
    await client.until("transcript.user")
    call = await client.until("tool.call")
    await client.until("reply.done")
    return call


def test_a_reply_that_is_asked_for_is_given_at_once_and_what_is_owed_keeps_its_own_words(stage, say, script):
    brain = script([Say(LONG), 8.0, Call("look", {})], [Say("Still looking.")], [Say("Three.")])
    theater = stage(brain=brain)

    async def talk(client):
        call = await spoken_over(client, say)
        asked = asyncio.get_running_loop().time()
        await client.send("reply.create", instructions=STATUS)
        await client.until("reply.audio")
        assert client.at("reply.started", 1) - asked < 0.5
        await client.until("reply.done")
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.agent", text="Three.")
        await asyncio.sleep(5)

    client = theater.run(talk)
    assert said(client) == [LONG, "Still looking.", "Three."]
    asked = [(moment.trigger, moment.instructions) for moment in brain.asked[1:]]
    assert asked == [("reply_create", STATUS), ("tool_result", None)]
    assert [line.role for line in brain.asked[2].history] == ["user", "agent", "agent", "tool"]


def test_one_without_instructions_does_not_answer_what_was_said(stage, say, script):
    brain = script([Say(LONG), 8.0, Call("look", {})], [Say("One moment.")], [Say("Three.")])
    theater = stage(brain=brain)

    async def talk(client):
        call = await spoken_over(client, say)
        client.play(say("go-forward"))
        await client.played()
        await asyncio.sleep(3)
        await client.send("reply.create")
        await client.until("reply.done")
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.agent", text="Three.")

    theater.run(talk)
    assert [moment.trigger for moment in brain.asked[1:]] == ["reply_create", "tool_result"]


def test_while_the_user_speaks_it_waits_for_the_turn_and_not_for_the_result(stage, say, script):
    brain = script([Call("look", {})], [Say("Still looking.")], [Say("Three.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[HOLD])
        await client.send("reply.create", instructions="Look.")
        call = await client.until("tool.call")
        client.play(say("go-forward"))
        await asyncio.sleep(1.5)
        await client.send("reply.create", instructions=STATUS)
        assert len(brain.asked) == 1
        await client.until("transcript.agent", text="Still looking.")
        await client.until("reply.done")
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.agent", text="Three.")

    theater.run(talk)
    asked = [(moment.trigger, moment.instructions) for moment in brain.asked[1:]]
    assert asked == [("reply_create", STATUS), ("tool_result", None)]


def test_one_that_was_not_heard_when_the_user_began_to_speak_is_given_after_that(stage, say, script):
    slow = [3.0, Say("Still looking.")]
    brain = script([Say(LONG), 8.0, Call("look", {})], slow, slow[1:], [Say("Three.")])
    theater = stage(brain=brain)

    async def talk(client):
        call = await spoken_over(client, say)
        client.play(say("go-forward"))
        await client.send("reply.create", instructions=STATUS)
        await client.until("transcript.agent", text="Still looking.")
        await client.until("reply.done")
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.agent", text="Three.")

    client = theater.run(talk)
    assert said(client) == [LONG, "Still looking.", "Three."]
    asked = [(moment.trigger, moment.instructions) for moment in brain.asked[1:]]
    assert asked == [("reply_create", STATUS)] * 2 + [("tool_result", None)]


@pytest.mark.parametrize("told", ["before", "after"], ids=["result before it is back", "result after"])
def test_one_that_was_not_heard_when_the_client_went_is_given_when_it_is_back(stage, say, script, told):
    slow = [3.0, Say("Still looking.")]
    brain = script([Say(LONG), 8.0, Call("look", {})], slow, slow[1:], [Say("Three.")])
    theater = stage(brain=brain)

    async def play():
        async with theater.client() as client:
            call = await spoken_over(client, say)
            await client.send("reply.create", instructions=STATUS)
            await asyncio.sleep(1)
        (session,) = theater.emulator.sessions
        await asyncio.sleep(5)
        if told == "before":
            session.turns.tool_result(call["call_id"], "3", is_error=False)
        async with theater.client() as client:
            await client.send("session.resume", session_id=session.id)
            await client.until("transcript.agent", text="Still looking.")
            await client.until("reply.done")
            if told == "after":
                await client.send("tool.result", call_id=call["call_id"], result="3")
            await client.until("transcript.agent", text="Three.")

    run_virtually(play, limit=600)
    asked = [(moment.trigger, moment.instructions) for moment in brain.asked[2:]]
    assert asked == [("reply_create", STATUS), ("tool_result", None)]
