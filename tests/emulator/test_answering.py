"""Tools, requested replies, messages: what makes the agent speak besides speech."""

from __future__ import annotations

import asyncio

import pytest

from voicenb.emulator.brain import Call, Say
from voicenb.emulator.reply import SLIP

LOOK = {"type": "function", "name": "look", "description": "Look.", "parameters": {}}
LONG = "I could tell you all there is about the tables, one after the other, for a long while."


def called(script, *after):
    """A brain that calls a tool first."""
    return script([Call("look", {"day": "Friday"})], *after)


async def ask(client, say):
    client.play(say("go-forward"))
    return await client.until("tool.call")


def test_a_tool_turn_in_the_order_of_the_contract(stage, say, script):
    theater = stage(brain=called(script, [Say("Three of them.")]))

    async def talk(client):
        await client.start(tools=[LOOK])
        call = await ask(client, say)
        assert (call["name"], call["arguments"]) == ("look", {"day": "Friday"})
        await client.until("reply.done")
        await asyncio.sleep(1)
        await client.send("tool.result", call_id=call["call_id"], result='{"free": 3}')
        await client.until("reply.done")

    client = theater.run(talk)
    kinds = [kind for kind in client.kinds if kind not in ("reply.audio", "transcript.agent.delta")]
    assert kinds[kinds.index("transcript.user") :] == [
        "transcript.user",
        "reply.started",
        "tool.call",
        "reply.done",
        "reply.started",
        "transcript.agent",
        "reply.done",
    ]
    first, second = theater.brain.asked
    assert (first.trigger, second.trigger) == ("user_speech", "tool_result")
    line = second.history[-1]
    assert (line.role, line.name, line.arguments, line.text, line.is_error) == (
        "tool",
        "look",
        {"day": "Friday"},
        '{"free": 3}',
        False,
    )
    (record,) = theater.session.timeline[0].tool_calls
    assert record.result_at - record.dispatched_at == pytest.approx(1.0)


def test_a_result_during_the_transition_phrase_is_answered_after_it(stage, say, script):
    brain = script([Say("One moment."), Call("look", {})], [Say("Three.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[LOOK])
        call = await ask(client, say)
        await client.send("tool.result", call_id=call["call_id"], result="3", is_error=True)
        await client.until("transcript.agent", text="Three.")
        await client.until("reply.done")

    client = theater.run(talk)
    assert [event["text"] for event in client.of("transcript.agent")] == ["One moment.", "Three."]
    assert client.of("reply.done")[0]["reply_id"] == client.of("reply.started")[0]["reply_id"]
    assert client.at("reply.started", 1) == pytest.approx(client.at("reply.done"))
    assert brain.asked[1].history[-1].is_error is True


def test_two_calls_are_answered_together(stage, say, script):
    brain = script([Call("look", {"n": 1}), 0.3, Call("look", {"n": 2})], [Say("Both.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[LOOK])
        first = await ask(client, say)
        await client.send("tool.result", call_id=first["call_id"], result="1")
        second = await client.until("tool.call")
        assert second["call_id"] != first["call_id"]
        await asyncio.sleep(2)
        assert len(brain.asked) == 1
        await client.send("tool.result", call_id=second["call_id"], result="2")
        await client.until("transcript.agent")

    theater.run(talk)
    assert [line.text for line in brain.asked[1].history if line.role == "tool"] == ["1", "2"]


def test_a_tool_that_does_not_answer_times_out_and_late_results_are_ignored(stage, say, script):
    brain = called(script, [Say("It did not answer.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[{**LOOK, "timeout_seconds": 2}])
        call = await ask(client, say)
        await client.until("transcript.agent", text="It did not answer.")
        for call_id in (call["call_id"], call["call_id"], "call_unknown"):
            await client.send("tool.result", call_id=call_id, result="late")
        await asyncio.sleep(3)

    client = theater.run(talk)
    assert "session.error" not in client.kinds
    assert len(brain.asked) == 2
    assert brain.asked[1].history[-1].is_error is True
    (record,) = theater.session.timeline[0].tool_calls
    assert (record.timed_out, record.result_at - record.dispatched_at) == (True, pytest.approx(2.0))


def test_response_instructions_go_to_the_brain_with_the_result(stage, say, script):
    brain = called(script)
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[{**LOOK, "response_instructions": {"success": "Be glad."}}])
        call = await ask(client, say)
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.agent")

    theater.run(talk)
    assert brain.asked[1].history[-1].text == "3\nBe glad."


def test_a_tool_that_nobody_has_is_an_error_for_the_brain_and_not_for_the_client(stage, say, script):
    brain = called(script, [Say("I cannot look.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start()
        client.play(say("go-forward"))
        await client.until("transcript.agent", text="I cannot look.")

    client = theater.run(talk)
    assert "tool.call" not in client.kinds
    assert brain.asked[1].history[-1].is_error is True


@pytest.mark.parametrize("profile", ["contract", "live"])
def test_an_http_tool_is_called_by_the_server(stage, say, script, endpoint, profile):
    brain = called(script, [Say("At seven.")])
    theater = stage(brain=brain, profile=profile, local_tools=True)
    http = {"url": f"{endpoint.url}/look", "http_method": "GET", "headers": {"Authorization": "hunter2"}}

    async def talk(client):
        stored = theater.emulator.resources.agents.create(
            {
                "name": "a",
                "system_prompt": "b",
                "voice": {"voice_id": "alba"},
                "tools": [{"name": "look", "http": http}],
            }
        )
        await client.start(agent_id=stored["id"])
        client.play(say("go-forward"))
        await client.until("transcript.agent", text="At seven.")

    client = theater.run(talk)
    assert ("tool.call" in client.kinds) is (profile == "live"), "which is for information only"
    (asked,) = endpoint.asked
    assert (asked["method"], asked["query"]) == ("GET", {"day": ["Friday"]})
    assert asked["headers"]["Authorization"] == "hunter2"
    line = brain.asked[1].history[-1]
    assert (line.role, line.text, line.is_error) == ("tool", '{"free": ["19:00"]}', False)
    assert "hunter2" not in str(client.events)


def test_an_http_tool_that_fails_is_told_to_the_brain(stage, say, script, endpoint):
    brain = called(script, [Say("It is full.")])
    theater = stage(brain=brain, local_tools=True)
    endpoint.status, endpoint.body = 409, b"That day is full."
    tool = {"name": "look", "http": {"url": f"{endpoint.url}/look"}}

    async def talk(client):
        stored = theater.emulator.resources.agents.create(
            {"name": "a", "system_prompt": "b", "voice": {"voice_id": "ivy"}, "tools": [tool]}
        )
        await client.start(agent_id=stored["id"])
        client.play(say("go-forward"))
        await client.until("transcript.agent", text="It is full.")

    theater.run(talk)
    line = brain.asked[1].history[-1]
    assert (line.text, line.is_error) == ("The tool failed (HTTP 409): That day is full.", True)


@pytest.mark.parametrize("local", [True, False])
def test_tools_of_this_machine_are_stored_where_that_is_allowed(stage, local):
    theater = stage(local_tools=local)
    tool = {"name": "look", "http": {"url": "http://127.0.0.1:8000/look"}}
    agent = {"name": "a", "system_prompt": "b", "voice": {"voice_id": "ivy"}, "tools": [tool]}

    async def talk(client):
        assert isinstance(theater.emulator.resources.agents.create(agent), dict) is local

    theater.run(talk)


def test_a_brain_that_goes_in_circles_is_stopped(stage, say, script):
    brain = script(*[[Call("nobody", {})]] * 20)
    theater = stage(brain=brain)

    async def talk(client):
        await client.start()
        client.play(say("go-forward"))
        await client.until("transcript.agent", text=SLIP)
        await client.until("reply.done")
        await asyncio.sleep(10)

    client = theater.run(talk)
    assert len(brain.asked) == 9
    assert [event["text"] for event in client.of("transcript.agent")] == [SLIP], "nobody is left in silence"
    assert theater.session.turns.history[-1].text == SLIP


def test_after_a_brain_went_in_circles_the_next_turn_is_answered(stage, say, script):
    brain = script(*[[Call("nobody", {})]] * 9, [Say("Going.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start()
        client.play(say("go-forward"))
        await client.until("transcript.agent", text=SLIP)
        await client.until("reply.done")
        client.play(say("go-forward"))
        await client.until("transcript.agent", text="Going.")

    theater.run(talk)


def test_speech_while_a_tool_runs_is_a_new_item_and_is_answered(stage, say, script):
    brain = called(script, [Say("Still looking.")], [Say("Three.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[LOOK])
        call = await ask(client, say)
        client.play(say("go-forward"))
        await client.until("transcript.agent", text="Still looking.")
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.agent", text="Three.")

    client = theater.run(talk)
    first, second = client.of("transcript.user")
    assert first["item_id"] != second["item_id"]


def test_a_result_while_the_user_speaks_waits_for_the_turn(stage, say, script):
    brain = called(script, [Say("All together.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[LOOK])
        call = await ask(client, say)
        client.play(say("go-forward"))
        await client.until("input.speech.started")
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.agent")

    theater.run(talk)
    assert [line.role for line in brain.asked[1].history] == ["user", "tool", "user"]


def test_hold_mode_keeps_the_users_side_until_the_result(stage, say, script):
    brain = called(script, [Say("Three.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[{**LOOK, "execution_mode": "hold"}])
        call = await ask(client, say)
        await client.until("reply.done")
        client.play(say("go-forward"))
        await client.played()
        await asyncio.sleep(4)
        before = len(client.events)
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.agent")
        kinds = [event["type"] for event in client.events[before:]]
        assert kinds[0] == "input.speech.started"
        assert kinds.index("transcript.user") < kinds.index("reply.started")

    theater.run(talk)
    assert [moment.trigger for moment in brain.asked] == ["user_speech", "tool_result"]


def test_a_hold_is_over_when_the_holding_tool_has_answered(stage, say, script):
    brain = script([Call("look", {}), Call("lookup", {})], [Say("Both.")], [Say("Again.")])
    theater = stage(brain=brain)

    async def talk(client):
        other = {**LOOK, "name": "lookup"}
        await client.start(tools=[{**LOOK, "execution_mode": "hold"}, other])
        client.play(say("go-forward"))
        held = await client.until("tool.call", name="look")
        free = await client.until("tool.call", name="lookup")
        await client.until("reply.done")
        client.play(say("go-forward"))
        await client.played()
        await asyncio.sleep(4)
        heard = len(client.of("transcript.user"))
        await client.send("tool.result", call_id=held["call_id"], result="1")
        # What was kept in the hold comes with the result that ends it, and no reply yet: one call is open.
        await client.until("transcript.user", within=1.0)
        assert len(client.of("transcript.user")) == heard + 1
        await asyncio.sleep(2)
        assert len(brain.asked) == 1
        # From then on the caller is answered while the other tool runs.
        client.play(say("go-forward"))
        await client.until("transcript.agent", text="Both.")
        await client.send("tool.result", call_id=free["call_id"], result="2")
        await client.until("transcript.agent", text="Again.")

    theater.run(talk)
    assert [moment.trigger for moment in brain.asked] == ["user_speech", "user_speech", "tool_result"]


def test_a_requested_reply(stage, script):
    theater = stage(brain=script([Say("As you wish.")]))

    async def talk(client):
        await client.start()
        await client.send("reply.create", instructions="Say so.")
        await client.until("reply.done")

    theater.run(talk)
    (moment,) = theater.brain.asked
    assert (moment.trigger, moment.instructions) == ("reply_create", "Say so.")
    assert theater.session.timeline[0].requested_instructions == "Say so."


def test_a_requested_reply_takes_the_place_of_the_greeting(stage, script):
    async def talk(client):
        await client.start(greeting=LONG)
        await asyncio.sleep(1)
        await client.send("reply.create")
        await client.until("reply.done", status="completed")

    client = stage(brain=script([Say("Instead.")])).run(talk)
    assert [done["status"] for done in client.of("reply.done")] == ["interrupted", "completed"]
    assert client.of("transcript.agent")[1]["text"] == "Instead."


def test_a_requested_reply_merges_with_the_one_that_is_thought_of(stage, say, script):
    theater = stage(brain=script([1.0, Say("Never said.")], [Say("Merged.")]))

    async def talk(client):
        await client.start()
        client.play(say("go-forward"))
        await client.until("transcript.user")
        await client.send("reply.create", instructions="Be merry.")
        await client.until("reply.done")
        await asyncio.sleep(3)

    client = theater.run(talk)
    assert [event["text"] for event in client.of("transcript.agent")] == ["Merged."]
    assert (theater.brain.asked[1].trigger, theater.brain.asked[1].instructions) == (
        "user_speech",
        "Be merry.",
    )
    (turn,) = theater.session.timeline  # and not one that was interrupted beside it
    assert (turn.status, turn.interrupted_at, turn.agent_text) == ("completed", None, "Merged.")
    assert (turn.trigger, turn.requested_instructions) == ("user_speech", "Be merry.")


def test_a_request_that_was_merged_outlives_the_turn_that_goes_on(stage, say, script):
    theater = stage(brain=script([1.0, Say("Never.")], [1.0, Say("Never.")], [Say("Merged.")]))

    async def talk(client):
        await client.start()
        client.play(say("go-forward"))
        await client.until("transcript.user")
        await client.send("reply.create", instructions="Be merry.")
        client.play(say("go-forward"))  # before anything of it is heard
        await client.until("reply.done", status="completed")

    client = theater.run(talk)
    assert [event["text"] for event in client.of("transcript.agent")] == ["Merged."]
    assert theater.brain.asked[-1].instructions == "Be merry."


def test_a_requested_reply_while_the_user_speaks_waits_for_the_turn(stage, say, script):
    theater = stage(brain=script([Say("Merged.")]))

    async def talk(client):
        await client.start()
        client.play(say("go-forward"))
        await client.until("input.speech.started")
        await client.send("reply.create", instructions="Be merry.")
        await client.until("reply.done")
        await asyncio.sleep(3)

    client = theater.run(talk)
    assert len(client.of("reply.done")) == 1
    assert (theater.brain.asked[0].trigger, theater.brain.asked[0].instructions) == (
        "user_speech",
        "Be merry.",
    )


@pytest.mark.parametrize(("profile", "lines"), [("contract", ["user", "system"]), ("live", [])])
def test_messages_reach_the_history_in_the_contract_only(stage, script, profile, lines):
    theater = stage(brain=script([Say("Well.")]), profile=profile)

    async def talk(client):
        await client.start()
        await client.send("conversation.message", role="user", content="I am Ada.")
        await client.send("conversation.message", role="system", content="It is late.")
        await client.send("reply.create")
        await client.until("reply.done")

    theater.run(talk)
    assert [line.role for line in theater.brain.asked[0].history] == lines


def test_a_reply_that_is_asked_for_after_a_users_message_answers_it(stage, script):
    theater = stage(brain=script([Say("For when?")], [Say("Are you there?")]))

    async def talk(client):
        await client.start()
        await client.send("conversation.message", role="user", content="A table for four.")
        await client.send("reply.create")
        await client.until("reply.done")
        await client.send("reply.create")
        await client.until("reply.done")

    theater.run(talk)
    assert [moment.trigger for moment in theater.brain.asked] == ["user_speech", "reply_create"]


def test_a_message_during_a_reply_comes_behind_it(stage, script):
    theater = stage(brain=script([Say("I had a table by the lake for you.")], [Say("For when?")]))

    async def talk(client):
        await client.start()
        await client.send("reply.create")
        await client.until("reply.audio")
        await client.send("conversation.message", role="user", content="A table for four.")
        await client.send("reply.create")
        await client.until("reply.done")
        await client.until("reply.done")

    theater.run(talk)
    asked = theater.brain.asked[1]
    assert [line.role for line in asked.history][-1] == "user"
    assert asked.trigger == "user_speech"


def test_the_ears_are_told_what_was_offered(stage, say, script):
    brain = script([Say("There is 19:00 or 20:30.")], [Say("Very well.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(greeting="Hello.")
        await client.until("reply.done")
        for _ in range(2):
            client.play(say("go-forward"))
            await client.until("reply.done")

    theater.run(talk)
    told = list(dict.fromkeys(theater.ears.expected))
    assert told[0] == ()
    assert {"half past eight", "seven o'clock"} <= set(told[1])


def test_the_ears_know_what_the_agent_is_about_to_offer(stage, say):
    theater = stage()

    async def talk(client):
        await client.start(greeting="There is a table at 19:00 and one at 20:30, which one would you like?")
        await client.until("reply.audio")
        client.play(say("go-forward"))
        await client.until("transcript.user")

    theater.run(talk)
    assert "half past eight" in theater.ears.expected[-1]


class Raises:
    """A brain that fails before its first thought."""

    name = "raises"

    def answer(self, moment):
        raise RuntimeError("no idea")


class Plain:
    """A brain that gives a plain iterator, which nobody can close."""

    name = "plain"

    def answer(self, moment):
        return self

    def __aiter__(self):
        self.pieces = iter([Say("Very well.")])
        return self

    async def __anext__(self):
        for piece in self.pieces:
            return piece
        raise StopAsyncIteration


@pytest.mark.parametrize(("brain", "said"), [(Raises, SLIP), (Plain, "Very well.")])
def test_brains_that_are_no_generators(stage, brain, said):
    async def talk(client):
        await client.start(mute=True)
        for _ in range(2):
            await client.send("reply.create", instructions="Say it.")
            await client.until("reply.done", status="completed")
        assert "session.error" not in client.kinds

    client = stage(brain=brain()).run(talk)
    assert [event["text"] for event in client.of("transcript.agent")] == [said, said]
