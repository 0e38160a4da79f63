"""Who speaks when: turns, answers, interruptions, reopened turns."""

from __future__ import annotations

import asyncio
import base64

import pytest

from voicenb.emulator.brain import Say

SETTINGS = {"input": {"turn_detection": {"min_silence": 1000, "max_silence": 3000}}}
LONG = "I could tell you all there is about the tables, one after the other, for a long while."


def stops_of(client):
    """The events but for audio and words."""
    return [kind for kind in client.kinds if kind not in ("reply.audio", "transcript.agent.delta")]


def test_the_greeting_is_spoken_word_for_word_a_little_after_ready(stage):
    async def talk(client):
        await client.start(greeting="Lido, good evening.")
        await client.until("reply.done")

    client = stage().run(talk)
    assert client.at("reply.audio") - client.at("session.ready") == pytest.approx(0.2)
    assert client.of("transcript.agent")[0]["text"] == "Lido, good evening."
    assert client.of("transcript.agent")[0]["interrupted"] is False
    assert client.of("reply.done")[0]["status"] == "completed"
    words = client.of("transcript.agent.delta")
    assert "".join(word["delta"] for word in words) == "Lido, good evening. "
    assert [word["start_ms"] for word in words] == [250, 500, 750]  # behind the leading silence


def test_without_a_greeting_the_agent_waits(stage):
    async def talk(client):
        await client.start(greeting="")
        await asyncio.sleep(5)

    assert stage().run(talk).kinds == ["session.ready"]


def test_a_turn_in_the_order_of_the_contract(stage, say, ears):
    theater = stage(recognizer=ears("Go forward ten meters."))

    async def talk(client):
        await client.start(system_prompt="Be short.", **SETTINGS)
        client.play(say("go-forward", after=0.1))
        await client.until("reply.done")

    client = theater.run(talk)
    assert stops_of(client) == [
        "session.ready",
        "input.speech.started",
        "transcript.user.delta",
        "input.speech.stopped",
        "transcript.user",
        "reply.started",
        "transcript.agent",
        "reply.done",
    ]
    final = client.of("transcript.user")[0]
    assert final["text"] == "Go forward ten meters."
    assert {delta["item_id"] for delta in client.of("transcript.user.delta")} == {final["item_id"]}
    (record,) = theater.session.timeline
    # The clip's speech ends at 2.19 s; the silence of 1 s is counted in frames of 32 ms.
    assert record.speech_ended_at == pytest.approx(2.19, abs=0.1)
    assert record.decided_at - record.speech_ended_at == pytest.approx(1.024, abs=0.025)
    assert (record.ended_by, record.limit) == ("min_silence", 1000)
    assert record.wait == pytest.approx(0.2, abs=0.01)  # the leading silence
    (moment,) = theater.brain.asked
    assert (moment.trigger, moment.system_prompt) == ("user_speech", "Be short.")
    assert [(line.role, line.text) for line in moment.history] == [("user", "Go forward ten meters.")]
    assert [line.role for line in theater.session.turns.history] == ["user", "agent"]


def test_a_turn_that_the_stand_in_ended_says_so(stage, say, ears):
    theater = stage(recognizer=ears("Go forward ten meters."))

    async def talk(client):
        await client.start(system_prompt="Be short.")
        client.play(say("go-forward", after=0.1))
        await client.until("reply.done")

    theater.run(talk)
    (record,) = theater.session.timeline
    assert record.ended_by == "stand-in", "no turn_detection was ever set"
    assert record.limit == pytest.approx(700)
    assert record.decided_at - record.speech_ended_at == pytest.approx(record.limit / 1000, abs=0.04)


def test_speech_over_the_agent_interrupts_it(stage, say, ears, script):
    theater = stage(recognizer=ears("Go forward ten meters."), brain=script([Say("Going.")]))

    async def talk(client):
        await client.start(greeting=LONG, **SETTINGS)
        await asyncio.sleep(1.0)
        client.play(say("go-forward"))
        await client.until("reply.done", status="interrupted")
        await client.until("reply.done", status="completed")

    client = theater.run(talk)
    kinds = stops_of(client)
    assert kinds == [
        "session.ready",
        "reply.started",
        "transcript.agent",
        "reply.done",
        "input.speech.started",
        "transcript.user.delta",
        "input.speech.stopped",
        "transcript.user",
        "reply.started",
        "transcript.agent",
        "reply.done",
    ]
    cut = client.of("transcript.agent")[0]
    assert cut["interrupted"] is True
    assert LONG.startswith(cut["text"])
    record = theater.session.timeline[0]
    heard = record.interrupted_at - record.audible_at
    assert len(cut["text"].split()) == pytest.approx(heard / 0.25, abs=1)
    # The clip's speech begins 0.5 s in; 0.5 s of interruption_delay count from the second frame.
    assert client.at("input.speech.started") == pytest.approx(1.0 + 0.505 + 0.064 + 0.5, abs=0.1)
    done = client.kinds.index("reply.done")
    assert cut["reply_id"] not in {
        event["reply_id"]
        for event in client.events[client.events.index(cut) :]
        if event["type"] == "reply.audio"
    }
    assert client.kinds[done : done + 2] == ["reply.done", "input.speech.started"]
    (moment,) = theater.brain.asked
    assert [(line.role, line.interrupted) for line in moment.history] == [("agent", True), ("user", False)]


@pytest.mark.parametrize("interrupts", [True, False])
def test_speech_in_a_pause_of_a_reply_interrupts_it(stage, say, ears, script, interrupts):
    """A model that says "One moment" and then thinks: who speaks meanwhile is not told the rest first."""
    brain = script([Say("One moment. "), 6.0, Say(LONG)], [Say("All right.")])
    theater = stage(recognizer=ears("Go forward ten meters."), brain=brain)
    turns = {"min_silence": 500, "interrupt_response": interrupts}

    async def talk(client):
        await client.start(input={"turn_detection": turns})
        client.play(say("go-forward"))
        await client.until("reply.started")
        await asyncio.sleep(2.0)
        client.play(say("go-forward"))
        await client.until("reply.done")
        await client.until("reply.done")

    client = theater.run(talk)
    first, second = client.of("reply.done")
    assert second["status"] == "completed"
    assert first["status"] == ("interrupted" if interrupts else "completed")
    rest = client.of("transcript.agent")[0]
    assert rest["interrupted"] is interrupts
    if interrupts:
        assert rest["text"] == "One moment."
        assert client.at("reply.done") == client.at("input.speech.started", 1)
        assert client.at("reply.started", 1) == client.at("transcript.user", 1)
        assert [line.text for line in brain.asked[1].history][-2:] == [
            "One moment.",
            "Go forward ten meters.",
        ]
    else:
        assert client.at("transcript.user", 1) < client.at("reply.done") == client.at("reply.started", 1)


def test_speech_in_the_leading_silence_reopens_too(stage, say, ears, script):
    brain = script([Say("Too early.")], [Say("Going.")])
    theater = stage(recognizer=ears("Go forward ten meters now."), brain=brain, leading_silence=2.0)

    async def talk(client):
        await client.start(**SETTINGS)
        client.play(say("go-forward", after=1.0) + say("go-forward"))
        await client.until("reply.done", status="completed")

    client = theater.run(talk)
    cut, told = client.of("transcript.agent")
    assert (cut["text"], cut["interrupted"]) == ("", True)
    assert told["text"] == "Going."
    kinds = stops_of(client)
    taken_back = kinds.index("reply.done")
    assert kinds[taken_back - 1 : taken_back + 2] == [
        "transcript.agent",
        "reply.done",
        "input.speech.started",
    ]
    assert len({event["item_id"] for event in client.of("transcript.user")}) == 1


def test_g711_in_and_out(stage, say, ears):
    import numpy as np

    from voicenb.audio import g711
    from voicenb.audio.pcm import to_float
    from voicenb.audio.resample import resample

    theater = stage(recognizer=ears("Go forward ten meters."))
    law = {"encoding": "audio/pcmu"}

    async def talk(client):
        ready = await client.start(mute=True, input={"format": law}, output={"format": law})
        assert ready["config"]["input"]["format"] == {"encoding": "audio/pcmu", "sample_rate": 8000}
        narrow = resample(to_float(say("go-forward", after=2.0)), 24_000, 8_000)
        coded = g711.encode_ulaw(np.asarray(narrow, np.float32))
        for at in range(0, len(coded), 160):
            await client.send("input.audio", audio=base64.b64encode(coded[at : at + 160]).decode())
            await asyncio.sleep(0.02)
        await client.until("reply.done")

    client = theater.run(talk)
    sound = client.sound(client.of("reply.started")[0]["reply_id"])
    assert len(sound) == (0.2 + 6 * 0.25) * 8000
    assert sound[: round(0.2 * 8000)] == b"\xff" * 1600
    assert {len(base64.b64decode(event["data"])) for event in client.of("reply.audio")} == {160}


def test_the_same_conversation_is_the_same_bytes(stage, say, ears):
    def once():
        async def talk(client):
            await client.start(greeting="Hello there.", **SETTINGS)
            await client.until("reply.done")
            client.play(say("go-forward"))
            await client.until("reply.done")

        client = stage(recognizer=ears("Go forward ten meters.")).run(talk)
        return client.events, client.times

    assert once() == once()
