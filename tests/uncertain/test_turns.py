"""When the caller is heard to begin and to end, and what a reply looks like."""

from __future__ import annotations

import asyncio
import base64
import functools

import pytest
from guide_rows import row
from theater import Ears, Script, Stage, clip

from voicenb.emulator.brain import Say
from voicenb.emulator.profiles import PROFILES

LONG = "One two three four five six seven eight nine ten " * 2 + "and that is all."
TURNS = {"min_silence": 800, "max_silence": 2000, "interruption_delay": 500}
ONSET = 0.505
"""Seconds of silence before the words of the clip, set by hand."""

SECOND_FRAME = 0.064
"""Seconds until the detector has had two frames."""


def ears():
    return Ears("Go forward ten meters.")


@functools.cache
def interrupted(profile):
    """A caller who speaks over the greeting, and how long after the onset the service told of it."""
    theater = Stage(profile=profile, recognizer=ears())
    began = []

    async def talk(client):
        await client.start(greeting=LONG, input={"turn_detection": TURNS})
        await client.until("reply.audio")
        await asyncio.sleep(1.5)
        began.append(asyncio.get_running_loop().time())
        client.play(clip("go-forward"))
        await client.until("transcript.user")
        await client.until("reply.audio")
        await asyncio.sleep(2)

    client = theater.run(talk)
    return client, client.at("input.speech.started") - began[0] - ONSET


def spoken(stage, profile, brain=None, **session):
    """A caller who says one sentence into a silence; the client, and when it began."""
    theater = stage(profile=profile, recognizer=ears(), **({"brain": brain} if brain else {}))
    began = []

    async def talk(client):
        await client.start(input={"turn_detection": TURNS}, **session)
        began.append(asyncio.get_running_loop().time())
        client.play(clip("go-forward"))
        await client.until("reply.done")

    return theater.run(talk), began[0]


@row("speech over the agent is told")
def test_how_late_an_interruption_is_told(profile):
    _, late = interrupted(profile)
    decision = SECOND_FRAME + TURNS["interruption_delay"] / 1000
    if profile == "contract":
        assert late == pytest.approx(decision, abs=0.1)
    else:
        assert decision + 1.0 < late < decision + 2.3


@row("order of an interruption")
def test_the_order_of_an_interruption(profile):
    client, _ = interrupted(profile)
    kinds = [
        kind for kind in client.kinds if kind in ("transcript.agent", "reply.done", "input.speech.started")
    ]
    assert kinds[:3] == ["transcript.agent", "reply.done", "input.speech.started"]
    times = [client.at(kind) for kind in kinds[:3]]
    assert max(times) - min(times) < 0.005


@row("speech while the agent is silent is told")
def test_how_late_speech_is_told(profile, stage):
    client, began = spoken(stage, profile)
    late = client.at("input.speech.started") - began - ONSET
    assert late == pytest.approx(SECOND_FRAME + (0.5 if profile == "live" else 0.0), abs=0.1)


@row("order at the end of a turn")
def test_the_order_at_the_end_of_a_turn(profile, stage):
    client, _ = spoken(stage, profile)
    order = ["input.speech.stopped", "transcript.user", "reply.started", "reply.audio"]
    assert [kind for kind in client.kinds if kind in order][:4] == order


@row("going on after the end of a turn")
def test_speech_that_goes_on(profile, stage):
    brain = Script([0.8, Say("Never heard.")], [Say("Heard.")])
    theater = stage(profile=profile, recognizer=ears(), brain=brain)

    async def talk(client):
        await client.start(input={"turn_detection": TURNS})
        client.play(clip("go-forward"))
        await client.until("transcript.user")
        client.play(clip("go-forward")[round(ONSET * 48_000) :])
        await client.until("reply.done")
        await asyncio.sleep(2)

    client = theater.run(talk)
    assert [line["text"] for line in client.of("transcript.agent")] == ["Heard."]
    assert len({line["item_id"] for line in client.of("transcript.user")}) == 1


def leading(client, reply_id):
    """Seconds of digital silence before a reply's first sound."""
    sound = client.sound(reply_id)
    first = next(place for place in range(0, len(sound), 2) if sound[place : place + 2] != b"\0\0")
    return first / 48_000


@row("a noise without words")
def test_a_lone_stop(profile, stage):
    theater = stage(profile=profile, recognizer=Ears(""))

    async def talk(client):
        await client.start(input={"turn_detection": TURNS})
        client.play(clip("go-forward"))
        await client.until("input.speech.stopped")
        await asyncio.sleep(3)

    client = theater.run(talk)
    assert client.kinds[-2:] == ["input.speech.started", "input.speech.stopped"]
    words = 1.685  # seconds, set by hand
    began = client.at("input.speech.started") - SECOND_FRAME - (0.5 if profile == "live" else 0.0)
    waited = client.at("input.speech.stopped") - began - words
    assert waited == pytest.approx(TURNS["max_silence"] / 1000, abs=0.15)


@row("silence before a reply's sound")
def test_leading_silence(profile, stage, calling, look):
    client, _ = interrupted(profile)
    greeting, answer, *_ = [started["reply_id"] for started in client.of("reply.started")]
    assert leading(client, greeting) == pytest.approx(0.25, abs=0.001)
    assert leading(client, answer) == pytest.approx(0.2 if profile == "contract" else 1.2, abs=0.001)
    theater = stage(profile=profile, recognizer=ears(), brain=calling("Three."))

    async def talk(client):
        await client.start(tools=[look])
        await client.send("reply.create")
        call = await client.until("tool.call")
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.agent")
        await client.send("reply.create")
        await client.until("transcript.agent")

    client = theater.run(talk)
    result, other = [line["reply_id"] for line in client.of("transcript.agent")]
    assert leading(client, result) == pytest.approx(0.2 if profile == "contract" else 0.69, abs=0.001)
    assert leading(client, other) == pytest.approx(0.2 if profile == "contract" else 0.3, abs=0.001)


def said(stage, profile, **session):
    """A greeting, and behind it a reply that was asked for."""
    brain = Script([Say("One two three four five six seven eight nine ten.")])

    async def talk(client):
        await client.start(mute=True, greeting="One two three.", **session)
        await client.until("reply.done")
        await client.send("reply.create")
        await client.until("reply.done")

    client = stage(profile=profile, brain=brain).run(talk)
    return client, [started["reply_id"] for started in client.of("reply.started")]


@row("pieces of `reply.audio`")
def test_pieces_of_sound(profile, stage):
    client, replies = said(stage, profile)
    chunk = {"contract": 0.02, "live": 0.01}[profile]
    for number, reply in enumerate(replies):
        pieces = [
            (at, len(base64.b64decode(event["data"])) / 48_000)
            for at, event in zip(client.times, client.events, strict=True)
            if event["type"] == "reply.audio" and event["reply_id"] == reply
        ]
        sizes = [round(seconds, 6) for _, seconds in pieces]
        assert max(sizes) == chunk
        assert sizes.count(chunk) >= 0.9 * len(sizes), "but where silence ends, and sound"
        played = pieces[0][0] + sum(seconds for _, seconds in pieces)
        ahead = played - pieces[-1][0] - pieces[-1][1]
        wanted = 0.2 if profile == "contract" or number == 0 else 0.0
        assert ahead == pytest.approx(wanted, abs=0.03)


@row("times of words")
def test_times_of_words(profile, stage):
    client, (greeting, _) = said(stage, profile)
    words = [word for word in client.of("transcript.agent.delta") if word["reply_id"] == greeting]
    short = 0 if profile == "contract" else 240
    places = [250, 500, 750]  # behind the silence; a word of the stand-in is 250 ms with its gap
    assert [word["start_ms"] for word in words] == [max(0, place - short) for place in places]


@row("spacing of `transcript.agent.delta`")
def test_spacing_of_words(profile, stage):
    client, (greeting, reply) = said(stage, profile)
    for each in (greeting, reply):
        words = [word["delta"] for word in client.of("transcript.agent.delta") if word["reply_id"] == each]
        assert all(word.endswith(" ") and word.count(" ") == 1 for word in words)


@row("`status` of `reply.done`")
def test_how_a_reply_ended(profile, stage):
    client, _ = interrupted(profile)
    assert {done["status"] for done in client.of("reply.done")} <= {"completed", "interrupted"}
    assert client.of("reply.done")[0]["status"] == "interrupted"
    assert {done["status"] for done in said(stage, profile)[0].of("reply.done")} == {"completed"}


@row("sound behind `session.end`")
def test_nothing_is_heard_behind_the_end(profile, stage):
    async def talk(client):
        await client.start(mute=True, greeting=LONG)
        await client.until("reply.audio")
        await asyncio.sleep(1)
        await client.send("session.end")
        await client.until_closed()

    assert stage(profile=profile).run(talk).kinds[-1] == "session.ended"


@row("`reply.cancel`")
def test_a_message_of_generated_code(profile, stage):
    async def talk(client):
        await client.start(mute=True)
        await client.send("reply.cancel", reply_id="resp_1")
        assert (await client.until("session.error"))["code"] == "invalid_format"
        await asyncio.sleep(1)
        assert client.closed is None

    stage(profile=profile).run(talk)


def asked_for(stage, profile, during):
    """A reply that is asked for during another one."""
    brain = Script([Say(LONG)], [Say("Instead.")]) if during == "reply" else Script([Say("Instead.")])

    async def talk(client):
        await client.start(mute=True, greeting=LONG if during == "greeting" else "")
        if during == "reply":
            await client.send("reply.create")
        await client.until("reply.audio")
        await asyncio.sleep(1.5)
        await client.send("reply.create")
        await client.until("reply.done", status="completed")

    return stage(profile=profile, brain=brain).run(talk)


@row("`reply.create` in the greeting")
def test_a_reply_asked_for_in_the_greeting(profile, stage):
    client = asked_for(stage, profile, "greeting")
    assert [done["status"] for done in client.of("reply.done")] == ["interrupted", "completed"]
    assert client.of("transcript.agent")[-1]["text"] == "Instead."


@row("`reply.create` in another reply")
def test_a_reply_asked_for_in_another(profile, stage):
    client = asked_for(stage, profile, "reply")
    assert [done["status"] for done in client.of("reply.done")] == ["interrupted", "completed"]


@row("`reply.create` at the end of a turn")
def test_a_reply_asked_for_when_the_turn_ends(profile, stage):
    theater = stage(profile=profile, recognizer=ears(), brain=Script([1.0, Say("Never.")], [Say("Merged.")]))

    async def talk(client):
        await client.start(input={"turn_detection": TURNS})
        client.play(clip("go-forward"))
        await client.until("transcript.user")
        await client.send("reply.create")
        await client.until("reply.done")
        await asyncio.sleep(3)

    assert [line["text"] for line in theater.run(talk).of("transcript.agent")] == ["Merged."]


@row("`reply.create` behind a result")
@pytest.mark.parametrize("wait", [0.0, 1.0])
def test_a_reply_asked_for_behind_a_result(profile, stage, calling, look, wait):
    theater = stage(profile=profile, brain=calling(LONG, "Instead."))

    async def talk(client):
        await client.start(mute=True, tools=[look])
        await client.send("reply.create")
        call = await client.until("tool.call")
        await client.until("reply.done")
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await asyncio.sleep(wait)
        await client.send("reply.create")
        await client.until("reply.done", status="completed")
        await asyncio.sleep(2)

    client = theater.run(talk)
    whole = [line["text"] for line in client.of("transcript.agent") if not line["interrupted"]]
    assert whole == ["Instead."], "never two answers"


@row("`conversation.message`")
def test_typed_messages(profile, stage):
    theater = stage(profile=profile)

    async def talk(client):
        await client.start(mute=True)
        await client.send("conversation.message", role="user", content="I am Ada.")
        await client.send("reply.create")
        await client.until("reply.done")

    theater.run(talk)
    heard = [line.text for line in theater.brain.asked[0].history]
    assert heard == (["I am Ada."] if profile == "contract" else [])


@row("an answer of no words")
def test_an_empty_answer(profile, stage):
    client, _ = spoken(stage, profile, brain=Script([]))
    assert client.kinds[-2:] == ["reply.started", "reply.done"]
    assert client.of("reply.done")[-1]["status"] == "completed"


def test_the_profiles_of_these_tests_are_those_that_there_are():
    assert list(PROFILES) == ["contract", "live"]
