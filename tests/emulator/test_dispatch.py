"""A brain's calls on their way: refused, sent to the client, or made by the service itself."""

from __future__ import annotations

import datetime

import pytest

from voicenb.emulator.brain import Call, Say

DAY = {"type": "string", "enum": ["Friday", "Saturday"]}
BOOKING = {"type": "object", "properties": {"day": DAY}, "required": ["day"]}


def test_the_brain_is_told_what_is_wrong_and_the_client_is_asked_nothing(stage, script):
    calls = [[Call("book", {"day": day})] for day in ("Sunday", "Monday", "Tuesday")]
    brain = script(*calls, [Say("On which day?")], [Call("book", {"day": "Friday"})], [Say("Done.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[{"type": "function", "name": "book", "parameters": BOOKING}])
        await client.send("reply.create", instructions="Book it.")
        await client.until("transcript.agent", text="On which day?")
        assert "tool.call" not in client.kinds
        await client.send("reply.create", instructions="Now.")
        call = await client.until("tool.call")
        assert call["arguments"] == {"day": "Friday"}
        await client.send("tool.result", call_id=call["call_id"], result="{}")
        await client.until("transcript.agent", text="Done.")

    theater.run(talk)
    told = [moment.history[-1] for moment in brain.asked[1:4]]
    assert all(line.is_error for line in told)
    assert ["'day' must be one of" in line.text for line in told] == [True] * 3
    assert ["again" in line.text for line in told] == [False, False, True], "the third time it is to stop"


def test_a_tool_that_nobody_has_is_told_to_the_brain_and_to_the_log(stage, script, caplog):
    brain = script([Call("nope", {"day": "Friday"})], [Say("I cannot.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[{"type": "function", "name": "book"}])
        await client.send("reply.create", instructions="Book it.")
        await client.until("transcript.agent", text="I cannot.")

    assert "tool.call" not in theater.run(talk).kinds
    assert brain.asked[1].history[-1].text == "There is no such tool."
    assert caplog.messages == ["The brain called 'nope', which is no tool of the agent"]


@pytest.mark.parametrize("arguments", [None, ["Friday"], {"day": object()}])
def test_arguments_of_a_brain_that_are_no_json_object_are_refused(stage, script, arguments):
    brain = script([Call("book", arguments)], [Say("I cannot.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[{"type": "function", "name": "book"}])
        await client.send("reply.create", instructions="Book it.")
        await client.until("transcript.agent", text="I cannot.")

    client = theater.run(talk)
    assert "tool.call" not in client.kinds
    assert "JSON" in brain.asked[1].history[-1].text


def test_arguments_are_sent_as_json_has_them(stage, script):
    brain = script([Call("book", {"day": datetime.date(2026, 12, 31), "times": (19, 20)})], [Say("Done.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[{"type": "function", "name": "book"}])
        await client.send("reply.create", instructions="Book it.")
        call = await client.until("tool.call")
        assert call["arguments"] == {"day": "2026-12-31", "times": [19, 20]}
        await client.send("tool.result", call_id=call["call_id"], result="{}")
        await client.until("transcript.agent", text="Done.")

    theater.run(talk)
    assert brain.asked[1].history[-1].arguments == {"day": "2026-12-31", "times": [19, 20]}


def test_refusals_are_counted_in_a_row(stage, script):
    """A call that is taken begins the count anew."""
    wrong, right = [Call("book", {})], [Call("book", {"day": "Friday"})]
    brain = script(wrong, wrong, right, wrong, [Say("Done.")])
    theater = stage(brain=brain)

    async def talk(client):
        await client.start(tools=[{"type": "function", "name": "book", "parameters": BOOKING}])
        await client.send("reply.create", instructions="Book it.")
        call = await client.until("tool.call")
        await client.send("tool.result", call_id=call["call_id"], result="{}")
        await client.until("transcript.agent", text="Done.")

    theater.run(talk)
    told = [moment.history[-1].text for moment in brain.asked[1:]]
    assert not any("again" in text for text in told)


@pytest.mark.parametrize("profile", ["contract", "live"])
def test_a_client_has_no_say_in_a_call_that_the_service_makes(stage, script, endpoint, profile):
    brain = script([Call("look", {})], [Say("At seven.")])
    theater = stage(brain=brain, profile=profile, local_tools=True)
    tool = {"type": "function", "name": "look", "http": {"url": f"{endpoint.url}/look"}}

    async def talk(client):
        await client.start(mute=True, tools=[tool])
        dispatch = theater.session.turns._answering._dispatch
        over_http = dispatch._over_http

        async def answer_first(record, http, patience):
            await client.send("tool.result", call_id=record.call_id, result="invented")
            await client.send("session.update", session={})
            await client.until("session.updated")  # the result has been looked at
            await over_http(record, http, patience)

        dispatch._over_http = answer_first
        await client.send("reply.create", instructions="Look.")
        await client.until("transcript.agent", text="At seven.")

    theater.run(talk)
    assert brain.asked[1].history[-1].text == '{"free": ["19:00"]}'
