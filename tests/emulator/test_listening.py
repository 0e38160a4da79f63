"""What the user's side makes of what it hears: items, partials, finals, lone stops, reopened turns."""

from __future__ import annotations

import asyncio
import base64
import itertools

import pytest

from voicenb.emulator.brain import Say

SETTINGS = {"input": {"turn_detection": {"min_silence": 1000, "max_silence": 3000}}}
QUICK = {"input": {"turn_detection": {"min_silence": 100, "max_silence": 200}}}
LONG = "I could tell you all there is about the tables, one after the other, for a long while."


def stops_of(client):
    """The events but for audio and words."""
    return [kind for kind in client.kinds if kind not in ("reply.audio", "transcript.agent.delta")]


def heard_of(client):
    """The events of the user's side."""
    return [kind for kind in client.kinds if kind.startswith(("input", "transcript.user"))]


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
    (record,) = theater.session.timeline
    assert record.passed == ["Okay."], "the wire does not tell of it, the timeline does"


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


@pytest.mark.parametrize("speed", [0.5, 1.0, 4.0])
def test_when_speech_ended_is_when_it_came_in(stage, say, ears, speed):
    theater = stage(recognizer=ears("Go forward ten meters."))

    async def talk(client):
        await client.start(mute=True, **SETTINGS)
        pcm = say("go-forward", after=1.5)
        for at in range(0, len(pcm), 960):
            await client.send("input.audio", audio=base64.b64encode(pcm[at : at + 960]).decode())
            await asyncio.sleep(0.02 / speed)
        await client.until("reply.done")

    theater.run(talk)
    (record,) = theater.session.timeline
    # The labels say: from 0.505 to 2.19 s.
    assert record.speech_ended_at - record.speech_started_at == pytest.approx(1.685 / speed, abs=0.15 / speed)
    assert record.decided_at - record.speech_ended_at == pytest.approx(1.024 / speed, abs=0.05)


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


def test_partials_grow_and_are_not_repeated(stage, say, ears):
    theater = stage(recognizer=ears("Go forward ten meters."))

    async def talk(client):
        await client.start(**SETTINGS)
        client.play(say("go-forward"))
        await client.until("reply.done")

    client = theater.run(talk)
    texts = [delta["text"] for delta in client.of("transcript.user.delta")]
    assert len(texts) >= 2
    assert all(later != earlier for earlier, later in itertools.pairwise(texts))
    assert all("Go forward ten meters.".startswith(text) for text in texts)
    assert client.of("transcript.user")[0]["text"] == texts[-1]


def test_each_turn_is_an_item_of_its_own(stage, say, ears, script):
    theater = stage(recognizer=ears("Go forward ten meters."), brain=script([Say("Once.")], [Say("Twice.")]))

    async def talk(client):
        await client.start(**SETTINGS)
        for _ in range(2):
            client.play(say("go-forward"))
            await client.until("reply.done")

    client = theater.run(talk)
    first, second = (event["item_id"] for event in client.of("transcript.user"))
    assert first != second
    deltas = [delta["item_id"] for delta in client.of("transcript.user.delta")]
    assert set(deltas) == {first, second}
    assert deltas == sorted(deltas, key=[first, second].index)


def test_speech_that_goes_on_before_the_words_are_known_is_one_transcript(stage, say, ears, script):
    slow = ears("Go forward ten meters now please and then once more.")
    slow.cost = 1.5
    brain = script([Say("Going.")])
    theater = stage(recognizer=slow, brain=brain)

    async def talk(client):
        await client.start(**QUICK)
        client.play(say("go-forward", after=0.1) + say("go-forward"))
        await client.until("reply.done")

    client = theater.run(talk)
    told = [kind for kind in heard_of(client) if kind != "transcript.user.delta"]
    assert told == [*["input.speech.started", "input.speech.stopped"] * 2, "transcript.user"]
    assert client.of("transcript.user")[0]["text"].count("Go forward") == 2
    assert len(brain.asked) == 1


def test_settings_that_change_count_for_the_turn_at_hand(stage, say, ears):
    theater = stage(recognizer=ears("Go forward ten meters."))

    async def talk(client):
        await client.start(**SETTINGS)
        client.play(say("go-forward"))
        await client.until("input.speech.started")
        await client.send("session.update", session={"input": {"turn_detection": {"min_silence": 300}}})
        await client.until("reply.done")

    theater.run(talk)
    (record,) = theater.session.timeline
    assert record.decided_at - record.speech_ended_at == pytest.approx(0.32, abs=0.03)


def test_the_live_profile_tells_late_that_speech_began(stage, say, ears):
    def begun(profile, voice):
        async def talk(client):
            await client.start(output={"voice": voice}, **SETTINGS)
            before = asyncio.get_running_loop().time()
            client.play(say("go-forward"))
            await client.until("input.speech.started")
            return before

        client = stage(recognizer=ears("Go forward ten meters."), profile=profile).run(talk)
        return client.at("input.speech.started") - client.at("session.ready")

    assert begun("live", "alba") - begun("contract", "ivy") == pytest.approx(0.5)


def test_partials_wait_until_it_has_been_told_that_speech_began(stage, say, ears):
    async def talk(client):
        await client.start(output={"voice": "alba"}, **SETTINGS)
        client.play(say("go-forward"))
        await client.until("transcript.user")

    client = stage(recognizer=ears("Go forward ten meters."), profile="live").run(talk)
    assert heard_of(client) == [
        "input.speech.started",
        "transcript.user.delta",
        "input.speech.stopped",
        "transcript.user",
    ]


def test_no_speech_no_events(stage, say):
    theater = stage()

    async def talk(client):
        await client.start(**SETTINGS)
        await asyncio.sleep(10)

    assert theater.run(talk).kinds == ["session.ready"]
    assert theater.ears.heard == []


def test_a_client_that_falls_silent_before_it_spoke_costs_nothing(stage, say):
    theater = stage()

    async def talk(client):
        await client.start(**SETTINGS)
        await asyncio.sleep(1)
        client._tasks.pop().cancel()
        await asyncio.sleep(60)
        # Without a turn at hand nobody waits for its end.
        assert theater.session.turns.hearing.now == pytest.approx(1.0, abs=0.1)

    assert theater.run(talk).kinds == ["session.ready"]


class Listener:
    """A judge of the sound."""

    cost = 0.05

    def __init__(self, answer, lasting=0.0):
        self.answer, self.cost = answer, self.cost + lasting
        self.asked = []

    def looks_complete(self, utterance):
        self.asked.append((utterance, utterance.sound()))
        return self.answer


@pytest.mark.parametrize(
    ("judge", "ended_by", "after"),
    [
        (lambda text: "forward" in text, "min_silence", 1.0),
        (lambda text: "backward" in text, "max_silence", 3.0),
        (Listener(True), "min_silence", 1.0),
        (Listener(False), "max_silence", 3.0),
        (Listener(True, lasting=1.2), "min_silence", 1.47),
    ],
    ids=["words", "other words", "sound", "open sound", "late"],
)
def test_a_judge_says_what_ends_the_turn(stage, say, ears, judge, ended_by, after):
    theater = stage(recognizer=ears("Go forward to the"), completeness=judge)

    async def talk(client):
        await client.start(**SETTINGS)
        client.play(say("go-forward"))
        await client.until("reply.done")

    theater.run(talk)
    (record,) = theater.session.timeline
    assert record.ended_by == ended_by
    assert record.decided_at - record.speech_ended_at == pytest.approx(after, abs=0.06)


def test_a_judge_of_the_sound_is_asked_once_with_the_utterance_and_a_little_silence(stage, say, ears):
    judge = Listener(False)
    theater = stage(recognizer=ears("Go forward."), completeness=judge)

    async def talk(client):
        await client.start(**SETTINGS)
        client.play(say("go-forward"))
        await client.until("reply.done")

    theater.run(talk)
    ((utterance, sound),) = judge.asked
    (record,) = theater.session.timeline
    spoken = record.speech_ended_at - record.speech_started_at
    assert len(sound) / 16_000 == pytest.approx(0.5 + spoken + 0.224, abs=0.1)
    assert abs(sound[-3200:]).max() < 0.2 * abs(sound).max()
    assert utterance.text == utterance.said[-1][1] == "Go forward."
    assert utterance.said[-1][0] < 0.224


def test_a_judge_that_breaks_ends_the_session(stage, say, ears, caplog):
    class Broken(Listener):
        def looks_complete(self, utterance):
            raise RuntimeError("no model")

    theater = stage(recognizer=ears("Go forward."), completeness=Broken(True))

    async def talk(client):
        await client.start(**SETTINGS)
        client.play(say("go-forward"))
        await client.until("session.error")

    client = theater.run(talk)
    (told,) = client.of("session.error")
    assert told["code"] == "INTERNAL_ERROR"
    assert "no model" in caplog.text
