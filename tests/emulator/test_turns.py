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


@pytest.mark.parametrize(("option", "greeting", "answer"), [({}, 0.25, 0.2), ({"leading_silence": 0}, 0, 0)])
def test_every_reply_begins_with_silence_unless_it_is_switched_off(stage, option, greeting, answer):
    theater = stage(**option)

    async def talk(client):
        await client.start(greeting="Hello.")
        await client.until("reply.done")
        await client.send("reply.create")
        await client.until("reply.done")

    client = theater.run(talk)
    for started, seconds in zip(client.of("reply.started"), (greeting, answer), strict=True):
        sound = client.sound(started["reply_id"])
        silent = round(seconds * 24_000) * 2
        assert not any(sound[:silent])
        assert any(sound[silent : silent + 10])
    for record, seconds in zip(theater.session.timeline, (greeting, answer), strict=True):
        assert record.audible_at - record.sent_at == pytest.approx(seconds)


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
    assert record.ended_by == "min_silence"
    assert record.wait == pytest.approx(0.2, abs=0.01)  # the leading silence
    (moment,) = theater.brain.asked
    assert (moment.trigger, moment.system_prompt) == ("user_speech", "Be short.")
    assert [(line.role, line.text) for line in moment.history] == [("user", "Go forward ten meters.")]
    assert [line.role for line in theater.session.turns.history] == ["user", "agent"]


def test_the_final_is_begun_in_the_silence_and_reused(stage, say, ears):
    slow = ears("Go forward ten meters.")
    slow.cost = 0.3
    theater = stage(recognizer=slow)

    async def talk(client):
        await client.start(**SETTINGS)
        client.play(say("go-forward"))
        await client.until("reply.done")

    theater.run(talk)
    (record,) = theater.session.timeline
    assert record.transcript_work > 0.5
    assert record.transcript_at - record.decided_at < 0.001


def test_audio_is_paced_at_real_time_with_a_short_lead(stage):
    async def talk(client):
        await client.start(greeting=LONG)
        await client.until("reply.done")

    client = stage().run(talk)
    times = [
        at for at, event in zip(client.times, client.events, strict=True) if event["type"] == "reply.audio"
    ]
    begin, sent = times[0], 0.0
    for at, event in zip(times, client.of("reply.audio"), strict=True):
        assert at - begin == pytest.approx(max(0.0, sent - 0.2), abs=1e-6)
        sent += len(base64.b64decode(event["data"])) / 48_000
    assert sent == pytest.approx(0.25 + 18 * 0.25)
    reply = client.of("reply.started")[0]["reply_id"]
    # The reply is done when its last sample has been heard.
    assert client.at("reply.done") - begin == pytest.approx(len(client.sound(reply)) / 48_000)


def test_no_words_by_max_silence_is_a_lone_stop(stage, say, ears):
    theater = stage(recognizer=ears(""))

    async def talk(client):
        await client.start(**SETTINGS)
        client.play(say("go-forward"))
        await client.until("input.speech.stopped")
        await asyncio.sleep(3)

    client = theater.run(talk)
    assert client.kinds == ["session.ready", "input.speech.started", "input.speech.stopped"]
    assert theater.brain.asked == []


def test_what_cannot_end_a_sentence_waits_for_max_silence(stage, say, ears):
    theater = stage(recognizer=ears("Go forward to the"))

    async def talk(client):
        await client.start(**SETTINGS)
        client.play(say("go-forward"))
        await client.until("reply.done")

    theater.run(talk)
    (record,) = theater.session.timeline
    assert record.ended_by == "max_silence"
    assert record.decided_at - record.speech_ended_at == pytest.approx(3.0, abs=0.05)


QUICK = {"input": {"turn_detection": {"min_silence": 100, "max_silence": 200}}}


def test_max_silence_ends_the_turn_and_the_words_follow_when_they_are_known(stage, say, ears):
    slow = ears("Go forward ten meters.")
    slow.cost = 2.0
    theater = stage(recognizer=slow)

    async def talk(client):
        await client.start(**QUICK)
        client.play(say("go-forward"))
        await client.until("reply.done")

    client = theater.run(talk)
    assert stops_of(client)[:5] == [
        "session.ready",
        "input.speech.started",
        "input.speech.stopped",
        "transcript.user",
        "reply.started",
    ]
    (record,) = theater.session.timeline
    assert record.ended_by == "max_silence"
    assert record.decided_at - record.speech_ended_at == pytest.approx(0.224, abs=0.025)
    assert record.transcript_at - record.decided_at > 2
    assert client.of("transcript.user")[0]["text"].startswith("Go forward ten")


def test_a_turn_that_turns_out_to_have_no_words_is_a_lone_stop(stage, say, ears, script):
    slow = ears("")
    slow.cost = 0.5
    theater = stage(recognizer=slow, brain=script([Say("As you wish.")]))

    async def talk(client):
        await client.start(**QUICK)
        client.play(say("go-forward"))
        await client.until("input.speech.stopped")
        await client.send("reply.create")  # waits until it is known that there is nothing else to answer
        await client.until("reply.done")
        slow.text = "Go forward ten meters."
        client.play(say("go-forward"))
        await client.until("reply.done")

    client = theater.run(talk)
    assert stops_of(client)[1:3] == ["input.speech.started", "input.speech.stopped"]
    assert [moment.trigger for moment in theater.brain.asked] == ["reply_create", "user_speech"]
    assert len(client.of("transcript.user")) == 1


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


def test_a_back_channel_does_not_interrupt(stage, say, ears):
    theater = stage(recognizer=ears("Okay."))

    async def talk(client):
        await client.start(greeting=LONG, **SETTINGS)
        await asyncio.sleep(0.5)
        client.play(say("cards-001"))
        await client.until("reply.done")

    client = theater.run(talk)
    assert stops_of(client) == ["session.ready", "reply.started", "transcript.agent", "reply.done"]
    assert client.of("reply.done")[0]["status"] == "completed"


def test_with_interrupt_response_off_the_agent_finishes_and_then_answers(stage, say, ears, script):
    theater = stage(recognizer=ears("Go forward ten meters."), brain=script([Say("Going.")]))

    async def talk(client):
        await client.start(
            greeting=LONG, input={"turn_detection": {"interrupt_response": False, "min_silence": 500}}
        )
        await asyncio.sleep(0.5)
        client.play(say("go-forward"))
        await client.until("reply.done")
        await client.until("reply.done")

    client = theater.run(talk)
    assert [done["status"] for done in client.of("reply.done")] == ["completed", "completed"]
    assert client.at("transcript.user") < client.at("reply.done") == client.at("reply.started", 1)


def test_speech_after_the_decision_reopens_the_item(stage, say, ears, script):
    brain = script([1.5, Say("Too early.")], [Say("Going.")])
    theater = stage(
        recognizer=ears("Go forward ten meters now please go forward ten meters more."), brain=brain
    )

    async def talk(client):
        await client.start(**SETTINGS)
        client.play(say("go-forward", after=1.0) + say("go-forward"))
        await client.until("reply.done")

    client = theater.run(talk)
    first, second = client.of("transcript.user")
    assert first["item_id"] == second["item_id"]
    assert len(second["text"]) > len(first["text"])
    assert stops_of(client).count("reply.started") == 1
    around = [kind for kind in stops_of(client) if kind.startswith(("input", "transcript.user"))]
    once = ["input.speech.started", "transcript.user.delta", "input.speech.stopped", "transcript.user"]
    assert around == 2 * once
    assert client.of("transcript.agent")[0]["text"] == "Going."
    assert [line.role for line in brain.asked[1].history] == ["user"]
    assert brain.asked[1].history[0].text == second["text"]
    assert [record.status for record in theater.session.timeline] == ["reopened", "completed"]


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


@pytest.mark.parametrize("silence", [1000, 2500])
def test_a_client_that_stops_sending_gets_its_turn_ended(stage, say, ears, silence):
    theater = stage(recognizer=ears("Go forward ten meters."))

    async def talk(client):
        await client.start(input={"turn_detection": {"min_silence": silence}})
        client.play(say("go-forward")[: 2 * 24_000 * 2])  # cut off right behind the words
        await client.played()
        client._tasks.pop().cancel()
        await client.until("reply.done")

    theater.run(talk)
    (record,) = theater.session.timeline
    assert record.decided_at - record.speech_ended_at == pytest.approx(silence / 1000, abs=0.3)


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


def test_the_live_profile_interrupts_late(stage, say, ears):
    theater = stage(recognizer=ears("Go forward ten meters."), profile="live")

    async def talk(client):
        await client.start(greeting=LONG, output={"voice": "alba"}, **SETTINGS)
        await asyncio.sleep(1.0)
        client.play(say("go-forward"))
        await client.until("transcript.user")

    client = theater.run(talk)
    decided = 0.4 + 1.0 + 0.505 + 0.064 + 0.5
    assert decided + 1.0 < client.at("input.speech.started") < decided + 2.3
    kinds = stops_of(client)
    cut = kinds.index("transcript.agent")
    assert kinds[cut : cut + 3] == ["transcript.agent", "reply.done", "input.speech.started"]
    assert client.at("transcript.user.delta") >= client.at("input.speech.started")


def test_keyterms_reach_the_ears_from_the_next_utterance(stage, say, ears):
    theater = stage(recognizer=ears("Go forward ten meters."))

    async def talk(client):
        await client.start(input={"keyterms": ["forward", "x" * 51]})
        client.play(say("go-forward"))
        await client.until("reply.done")

    theater.run(talk)
    assert {terms for _, terms in theater.ears.heard} == {("forward",)}
