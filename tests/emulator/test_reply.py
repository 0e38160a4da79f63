"""A reply on its way out: its clauses, its words, its silence, its pace, and where it is cut."""

from __future__ import annotations

import asyncio
import base64

import numpy as np
import pytest

from voicenb.emulator.brain import Call, Say
from voicenb.errors import UnspeakableText

LONG = "I could tell you all there is about the tables, one after the other, for a long while."
LOOK = {"type": "function", "name": "look", "description": "Look.", "parameters": {}}


async def ask(client, say):
    client.play(say("go-forward"))
    return await client.until("tool.call")


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


def test_a_brain_that_fails_says_so(stage, say, caplog):
    class Failing:
        name = "failing"

        async def answer(self, moment):
            yield Say("So far")
            raise RuntimeError("lost the thread")

    async def talk(client):
        await client.start()
        client.play(say("go-forward"))
        await client.until("reply.done")

    client = stage(brain=Failing()).run(talk)
    assert client.of("transcript.agent")[0]["text"].endswith("Sorry, something went wrong on my side.")
    assert "lost the thread" in caplog.text


def test_an_empty_answer_is_a_silent_reply(stage, say, script):
    async def talk(client):
        await client.start()
        client.play(say("go-forward"))
        await client.until("reply.done")

    client = stage(brain=script([])).run(talk)
    assert client.kinds[-2:] == ["reply.started", "reply.done"]


def test_what_cannot_be_said_is_left_out(stage, script):
    async def talk(client):
        await client.start()
        await client.send("reply.create")
        await client.until("reply.done")

    client = stage(brain=script([Say("Good. "), Say("*** \n"), Say("Bye.")])).run(talk)
    assert client.of("transcript.agent")[0]["text"] == "Good. Bye."


CANNOT = "I cannot say that: the words have no sound in my voice."


@pytest.mark.parametrize("text", ["!!!", "日本語です。もう一度お願いします。"])
def test_a_greeting_without_sound_is_told_aloud_and_logged_once(stage, caplog, text):
    theater = stage(mouth="espeak")

    async def talk(client):
        await client.start(greeting=text)
        await client.until("reply.done")

    client = theater.run(talk)
    (told,) = client.of("transcript.agent")
    assert (told["text"], told["interrupted"]) == (CANNOT, False)
    assert any(client.sound(told["reply_id"]))
    (line,) = caplog.records
    assert line.levelname == "WARNING"
    for fact in (told["reply_id"], "espeak", "ivy", repr(text)):
        assert fact in line.getMessage()
    (record,) = theater.session.timeline
    assert (record.unsaid, record.agent_text) == (text, CANNOT)


def test_a_reply_without_sound_is_told_aloud(stage, say, script, caplog):
    theater = stage(mouth="espeak", brain=script([Say("你好。"), Say("再见。")], [Say("Bye.")]))

    async def talk(client):
        await client.start()
        client.play(say("go-forward"))
        await client.until("reply.done")
        await client.send("reply.create")
        await client.until("reply.done")

    client = theater.run(talk)
    assert [event["text"] for event in client.of("transcript.agent")] == [CANNOT, "Bye."]
    assert len(caplog.records) == 1
    assert theater.brain.asked[1].history[-1].text == CANNOT


@pytest.mark.parametrize(
    ("text", "spoken", "unsaid"),
    [
        ("Good morning. 日本語です。 Goodbye.", "Good morning. Goodbye.", "日本語です。"),
        ("日本語です。 Good morning.", "Good morning.", "日本語です。"),
        ("Good morning, 日本語 everybody.", "Good morning, 日本語 everybody.", ""),
    ],
)
def test_of_half_a_text_the_half_with_sound_is_said(stage, caplog, text, spoken, unsaid):
    theater = stage(mouth="espeak")

    async def talk(client):
        await client.start(greeting=text)
        await client.until("reply.done")

    client = theater.run(talk)
    assert [event["text"] for event in client.of("transcript.agent")] == [spoken]
    assert theater.session.timeline[0].unsaid == unsaid
    assert len(caplog.records) == bool(unsaid)


def test_before_a_tool_call_silence_is_no_reason_to_speak(stage, say, script):
    brain = script([Say("…"), Call("look", {})], [Say("Three.")])

    async def talk(client):
        await client.start(tools=[LOOK])
        call = await ask(client, say)
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.agent")

    client = stage(brain=brain).run(talk)
    assert [event["text"] for event in client.of("transcript.agent")] == ["Three."]


def test_a_voice_that_can_say_nothing_at_all_leaves_a_silent_reply(stage, tone_mouth, caplog):
    class Mute(tone_mouth):
        def say(self, text, voice):
            raise UnspeakableText("Nothing.")

    async def talk(client):
        await client.start(greeting="Hello.")
        await client.until("reply.done", status="completed")

    client = stage(mouth=Mute()).run(talk)
    assert client.kinds == ["session.ready", "reply.started", "reply.done"]
    assert len(caplog.records) == 1


def test_a_finished_sentence_is_spoken_before_the_brain_goes_on(stage, script):
    theater = stage(brain=script([Say("One moment."), 2.0, Say(" Here it is.")]))

    async def talk(client):
        await client.start()
        await client.send("reply.create")
        await client.until("reply.done")

    client = theater.run(talk)
    record = theater.session.timeline[0]
    assert record.sent_at - record.thought_at == pytest.approx(0.12)
    assert record.gaps == [pytest.approx(2.0 - 0.12 - 0.2 - 0.5)]
    assert client.of("transcript.agent")[0]["text"] == "One moment. Here it is."


def test_leading_silence_and_lead_of_the_live_profile(stage, script):
    theater = stage(brain=script([Say("Good day.")]), profile="live")

    async def talk(client):
        await client.start(greeting="Hello there.", output={"voice": "alba"})
        await client.until("reply.done")

    client = theater.run(talk)
    sound = client.sound(client.of("reply.started")[0]["reply_id"])
    assert sound[:12_000] == bytes(12_000)
    assert sound[12_000:12_100] != bytes(100)
    # The greeting's first twenty chunks come at once, then one every 10 ms.
    begin = client.at("reply.audio")
    assert client.at("reply.audio", 20) == begin
    assert client.at("reply.audio", 30) == pytest.approx(begin + 0.1)


def test_volume(stage, script):
    def loudness(volume):
        async def talk(client):
            await client.start(greeting="Hello.", output={"volume": volume})
            await client.until("reply.done")

        client = stage().run(talk)
        sound = client.sound(client.of("reply.started")[0]["reply_id"])
        return int(np.abs(np.frombuffer(sound, "<i2").astype(int)).max())

    assert loudness(50) == pytest.approx(loudness(None) / 2, rel=0.01)
    assert loudness(0) == 0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.1, ""),  # the leading silence
        (0.25 + 0.09, ""),
        (0.25 + 0.11, "One,"),
        (0.25 + 0.25 + 0.09, "One,"),
        (0.25 + 0.25 + 0.11, "One, two,"),
    ],
)
def test_a_word_counts_as_heard_from_its_middle_on(stage, script, seconds, text):
    theater = stage(brain=script([Say("Instead.")]))

    async def talk(client):
        await client.start(greeting="One, two, three, four, five.")
        await client.until("reply.audio")
        await asyncio.sleep(seconds)
        await client.send("reply.create")
        await client.until("reply.done", status="completed")

    client = theater.run(talk)
    cut = client.of("transcript.agent")[0]
    assert (cut["text"], cut["interrupted"]) == (text, True)
    history = [line.text for line in theater.brain.asked[0].history]
    assert history == ([text] if text else [])


def test_a_clause_s_words_come_together_with_its_first_sound(stage, script):
    theater = stage(brain=script([Say("One, two three. Four five six seven.")]), leading_silence=0)

    async def talk(client):
        await client.start()
        await client.send("reply.create")
        await client.until("reply.done")

    client = theater.run(talk)
    words = client.of("transcript.agent.delta")
    assert [word["delta"] for word in words] == [
        "One, ",
        "two ",
        "three. ",
        "Four ",
        "five ",
        "six ",
        "seven. ",
    ]
    assert [word["start_ms"] for word in words] == [0, 250, 500, 750, 1000, 1250, 1500]
    assert all(word["end_ms"] - word["start_ms"] == 200 for word in words)
    at = [time for time, event in zip(client.times, client.events, strict=True) if event in words]
    # Each clause's as soon as its first chunk is due, 0.2 s ahead of when it is heard.
    begin = client.at("reply.audio")
    assert at[:3] == [begin] * 3
    assert at[3:] == [pytest.approx(begin + 0.75 - 0.2, abs=0.021)] * 4


def test_on_the_live_profile_words_are_told_too_early_but_never_before_the_reply(stage):
    async def talk(client):
        await client.start(greeting="One, two, three.", output={"voice": "alba"})
        await client.until("reply.done")

    client = stage(profile="live", leading_silence=0.1).run(talk)
    # Where they are: 100, 350, 600; what is told is 240 ms less.
    assert [word["start_ms"] for word in client.of("transcript.agent.delta")] == [0, 110, 360]


def test_thoughts_may_part_anywhere(stage, script):
    brain = script([Say("Hel"), Say("lo th"), Say("ere. How are y"), Say("ou?")])

    async def talk(client):
        await client.start()
        await client.send("reply.create")
        await client.until("reply.done")

    client = stage(brain=brain).run(talk)
    assert client.of("transcript.agent")[0]["text"] == "Hello there. How are you?"


def test_what_is_said_before_and_behind_a_call_is_one_reply(stage, say, script):
    brain = script([Say("One moment, "), Call("look", {}), Say("please.")], [Say("Three.")])

    async def talk(client):
        await client.start(tools=[LOOK])
        call = await ask(client, say)
        await client.until("reply.done")
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("reply.done")

    client = stage(brain=brain).run(talk)
    assert [event["text"] for event in client.of("transcript.agent")] == ["One moment, please.", "Three."]
    assert len(client.of("reply.started")) == 2


@pytest.mark.parametrize("pause", [0.0, 0.2], ids=["at once", "in the leading silence"])
def test_on_the_live_profile_a_reply_that_calls_before_it_sounds_has_no_words(stage, script, pause):
    thoughts = [Say("One moment, please."), pause, Call("look", {}), Say("Any time now.")]
    theater = stage(profile="live", brain=script(thoughts, [Say("Three.")]))

    async def talk(client):
        await client.start(tools=[LOOK])
        await client.send("reply.create")
        call = await client.until("tool.call")
        await client.until("reply.done")
        await asyncio.sleep(2)
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.agent")

    client = theater.run(talk)
    assert not any(client.sound(client.of("reply.started")[0]["reply_id"]))
    assert [line["text"] for line in client.of("transcript.agent")] == ["Three."]
    assert [line.role for line in theater.brain.asked[1].history] == ["tool"], "nobody has heard it"


def test_a_brain_whose_reply_is_cut_is_closed(stage):
    closed = []

    class Endless:
        name = "endless"

        async def answer(self, moment):
            try:
                while True:
                    yield Say("And so on. ")
                    await asyncio.sleep(0.5)
            finally:
                closed.append(moment.instructions)

    async def talk(client):
        await client.start()
        await client.send("reply.create", instructions="first")
        await client.until("reply.audio")
        await client.send("reply.create", instructions="second")
        await client.until("reply.done", status="interrupted")
        await client.until("reply.audio")
        assert closed == ["first"]
        await client.send("session.end")
        await client.until("session.ended")
        await client.until_closed()

    stage(brain=Endless()).run(talk)
    assert closed == ["first", "second"]


def test_a_reply_that_is_cut_before_it_began_leaves_no_trace(stage, script):
    brain = script([5.0, Say("Never.")], [Say("Said.")])

    async def talk(client):
        await client.start()
        await client.send("reply.create")
        await asyncio.sleep(1)
        await client.send("reply.create")
        await client.until("reply.done")
        await asyncio.sleep(10)

    client = stage(brain=brain).run(talk)
    assert len(client.of("reply.started")) == 1
    assert [done["status"] for done in client.of("reply.done")] == ["completed"]
    assert [event["text"] for event in client.of("transcript.agent")] == ["Said."]


def test_no_more_than_a_few_clauses_are_made_ahead_of_the_voice(stage, script, tone_mouth):
    sentences = [f"Sentence number {n} is this one." for n in range(20)]
    mouth = tone_mouth()

    async def talk(client):
        await client.start()
        await client.send("reply.create")
        await client.until("reply.audio")
        await asyncio.sleep(1)
        # One on the wire, one in hand, and those that wait.
        assert 2 <= len(mouth.said) <= 5
        await client.send("session.end")
        await client.until("session.ended")

    stage(brain=script([Say(" ".join(sentences))]), mouth=mouth).run(talk)


def test_nothing_is_sent_of_a_reply_that_is_cut_at_the_moment_when_its_next_sound_is_due(stage, script):
    theater = stage(brain=script([Say(LONG)]))

    async def talk(client):
        await client.start()
        await client.send("reply.create")
        for _ in range(12):
            await client.until("reply.audio")
        answering = theater.session.turns._answering
        loop = asyncio.get_running_loop()
        # The worker has been woken, and runs once more before it hears that it is cancelled.
        loop.call_at(answering.reply.head.due(loop.time()), answering.cut)
        await client.until("reply.done")
        await asyncio.sleep(1)

    client = theater.run(talk)
    assert client.kinds[-2:] == ["transcript.agent", "reply.done"]


def test_a_tool_that_a_reply_wants_at_the_moment_when_it_is_cut_is_not_called(stage, script):
    theater = stage(brain=script([Say("One moment."), 1.0, Call("look", {})], [Say("Well.")]))

    async def talk(client):
        await client.start(tools=[LOOK])
        await client.send("reply.create")
        await client.until("reply.audio")
        answering, loop = theater.session.turns._answering, asyncio.get_running_loop()
        due = theater.session.timeline[-1].thought_at + 1.0

        def cut_when_the_brain_is_through():
            if any(task.get_coro().__name__ == "_listen" for task in asyncio.all_tasks()):
                loop.call_soon(cut_when_the_brain_is_through)
            else:  # the call lies there, and who sends it out has been woken
                answering.cut()

        loop.call_at(due, cut_when_the_brain_is_through)
        await client.until("reply.done")
        await asyncio.sleep(1)

    client = theater.run(talk)
    assert client.kinds[-1] == "reply.done"
