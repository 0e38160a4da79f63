from __future__ import annotations

import base64
import time
from typing import Any

import pytest
from brief_mouth import BriefMouth
from scripted_service import Peer, ScriptedService

import voicenb as vn
from voicenb.emulator.ears.moonshine import Moonshine
from voicenb.emulator.resources import Deaf
from voicenb.errors import WaitTimeout
from voicenb.session.microphones import Spoken
from voicenb.session.mirror import Mirror
from voicenb.session.waiting import Search, Waits


class Counting(list[dict[str, Any]]):
    """Counts how often an event was looked at."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:
        self.looks += 1
        return super().__getitem__(place)


def heard(n: int) -> dict[str, Any]:
    msg = {"reply_id": "r1", "from": 0, "to": 1, "t": 0.0, "uncertainty": 0.0}
    return {"n": n, "t": n / 10, "dir": "local", "type": "heard", "msg": msg}


def test_each_event_is_looked_at_once() -> None:
    events = Counting()
    search = Search("tool.call", 0)
    for n in range(100):
        events.append(heard(n))
        assert search.look(events) is None
    assert events.looks == 100
    events.append({"type": "tool.call"})
    assert search.look(events) == {"type": "tool.call"}
    assert events.looks == 102


def test_what_another_wait_has_passed_is_passed_over() -> None:
    search = Search("a", 0)
    assert search.look([{"type": "a"}, {"type": "b"}], start=1) is None
    assert search.place == 2


def test_a_wait_goes_on_behind_the_last_match() -> None:
    mirror = Mirror(lambda call: None)
    waits = Waits(mirror)
    for n in range(3):
        mirror.take(heard(n))
    assert [waits.for_event("heard", 1)["n"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(WaitTimeout):
        waits.for_event("heard", 0.01)
    mirror.take(heard(3))
    assert waits.for_event("heard", 1)["n"] == 3


# --- a caller who types ---


def test_a_typed_booking_without_ears() -> None:
    """What the extra lab-lite is for: a machine without a recogniser."""
    agent = polite()

    @agent.tool
    def free_tables(day: str, people: int) -> list[str]:
        """Get the free times on a day. Use when the caller wants to book a table.

        Args:
            day: weekday, e.g. "Friday".
            people: size of the party, e.g. 4.
        """
        return ["19:00", "20:30"]

    with (
        vn.Emulator(brain="rules", mouth=BriefMouth(), recognizer=Deaf()) as emulator,
        vn.Session(agent, emulator) as session,
    ):
        session.wait_until_answered(timeout=30)  # the greeting
        session.message("A table for four on Friday, please.")
        session.wait_until_answered(timeout=30)
        assert session.wait_for("tool.call").arguments == {"day": "Friday", "people": 4}
        assert said(session)[:2] == [
            ("agent", "Good evening."),
            ("user", "A table for four on Friday, please."),
        ]
        assert "half past eight" in said(session)[-1][1]
        spoken = said(session)
    recording = session.recording
    assert recording is not None
    assert [(line.role, line.text) for line in recording.transcript] == spoken


def test_a_typed_word_over_the_agent_is_answered_too() -> None:
    agent = vn.Agent(name="Lido", greeting=3 * "Good evening, this is the Lido, the nicest place. ")
    with (
        vn.Emulator(brain=["For when?"], mouth=BriefMouth(), recognizer=Deaf()) as emulator,
        vn.Session(agent, emulator, recording=False) as session,
    ):
        session.wait_for("reply.audio", timeout=30)
        session.message("A table for four, please.")
        session.wait_until_answered(timeout=30)
        assert said(session)[-2:] == [("user", "A table for four, please."), ("agent", "For when?")]
        greeting, _ = session.conversation.replies.values()
        assert greeting.interrupted


# --- a caller with a script -------------------------------------------------------


def polite() -> vn.Agent:
    return vn.Agent(name="Lido", greeting="Good evening.")


def said(session: vn.Session) -> list[tuple[str, str]]:
    return [(line.role, line.text) for line in session.lines]


def test_the_greeting_is_no_answer_to_a_caller_who_has_yet_to_speak(
    moonshine: Moonshine,
) -> None:
    caller = vn.Caller(["Hello there my friend.", vn.Answer(), vn.Pause(60)])
    with (
        vn.Emulator(brain=["How do you do?"], mouth=BriefMouth(), recognizer=moonshine) as emulator,
        vn.Session(polite(), emulator, microphone=caller, recording=False) as session,
    ):
        session.wait_until_answered(timeout=60)
        assert [role for role, _ in said(session)] == ["agent", "user", "agent"]
        assert said(session)[-1] == ("agent", "How do you do?")
        assert not session.over


def test_all_that_a_caller_has_to_say_is_waited_for_though_the_caller_hangs_up_then(
    moonshine: Moonshine,
) -> None:
    caller = vn.Caller(["Hello there my friend.", vn.Answer(), "Thank you very much.", vn.Answer()])
    with (
        vn.Emulator(
            brain=["How do you do?", "Not at all."], mouth=BriefMouth(), recognizer=moonshine
        ) as emulator,
        vn.Session(polite(), emulator, microphone=caller, recording=False) as session,
    ):
        session.wait_until_answered(timeout=60)
        assert said(session)[-2:] == [("user", "Thank you very much."), ("agent", "Not at all.")]
        session.wait_until_answered(timeout=5)  # and there is nothing more to wait for


def test_a_caller_without_words_has_nothing_to_be_answered_but_the_greeting_is_heard(
    moonshine: Moonshine,
) -> None:
    with (
        vn.Emulator(brain=["Fine."], mouth=BriefMouth(), recognizer=moonshine) as emulator,
        vn.Session(polite(), emulator, microphone=vn.Caller([vn.Pause(60)]), recording=False) as session,
    ):
        session.wait_until_answered(timeout=60)
        assert said(session) == [("agent", "Good evening.")]


# --- words given by hand, replies that were asked for, and words that are announced late ---

TONE = b"\x00\x20" * 12_000  # half a second
MOMENT = bytes(4_800)  # a tenth of a second


async def hear(peer: Peer, samples: int) -> None:
    """Wait until that much sound has come that is not silent."""
    while samples > 0:
        audio = base64.b64decode((await peer.expect("input.audio"))["audio"])
        samples -= (len(audio) - audio.count(0)) if any(audio) else 0


async def silence(peer: Peer, seconds: float) -> None:
    """Wait until that much more has come of what is silent."""
    while seconds > 0:
        audio = base64.b64decode((await peer.expect("input.audio"))["audio"])
        seconds -= len(audio) / 48_000


async def answer(peer: Peer, number: int) -> None:
    """Take what was said for a turn, and answer it."""
    await peer.say("input.speech.started")
    await peer.say("input.speech.stopped")
    await peer.say("transcript.user", item_id=f"u{number}", text=f"Words {number}.")
    await peer.reply(f"r{number}", f"Answer {number}.", MOMENT)


async def greet(peer: Peer) -> None:
    await peer.ready()
    await peer.reply("r0", "Good evening.", MOMENT)


def test_words_that_were_given_by_hand_are_waited_for() -> None:
    async def script(peer: Peer) -> None:
        await greet(peer)
        await hear(peer, len(TONE) // 2)
        await silence(peer, 0.2)
        await answer(peer, 1)
        await peer.goodbye()

    with ScriptedService(script) as service, vn.Session("agent_1", service, recording=False) as session:
        session.wait_until_answered(timeout=10)
        assert said(session) == [("agent", "Good evening.")]
        session.send_audio(TONE)
        session.wait_until_answered(timeout=20)
        assert said(session)[-2:] == [("user", "Words 1."), ("agent", "Answer 1.")]


def test_silence_that_was_given_by_hand_is_not_waited_for() -> None:
    with (
        ScriptedService(greeting_only) as service,
        vn.Session("agent_1", service, recording=False) as session,
    ):
        session.send_audio(MOMENT)
        session.wait_until_answered(timeout=10)
        assert said(session) == [("agent", "Good evening.")]


async def greeting_only(peer: Peer) -> None:
    await greet(peer)
    await peer.goodbye()


def test_a_reply_that_was_asked_for_is_waited_for() -> None:
    async def script(peer: Peer) -> None:
        await peer.ready()
        await answer(peer, 0)
        await peer.expect("reply.create")
        await peer.reply("r1", "Are you there?", MOMENT)
        await peer.goodbye()

    with ScriptedService(script) as service, vn.Session("agent_1", service, recording=False) as session:
        session.wait_until_answered(timeout=10)
        session.reply()
        session.wait_until_answered(timeout=10)
        assert said(session)[-1] == ("agent", "Are you there?")


def test_last_words_that_are_announced_late_are_waited_for() -> None:
    async def script(peer: Peer) -> None:
        await peer.ready()
        await hear(peer, len(TONE) // 2)
        await answer(peer, 1)
        await hear(peer, len(TONE) // 2)
        await silence(peer, 0.8)  # by now the first answer was heard, and nobody speaks
        await answer(peer, 2)
        await peer.goodbye()

    microphone = Spoken(TONE + bytes(48_000) + TONE, "two sentences")
    with (
        ScriptedService(script) as service,
        vn.Session("agent_1", service, microphone, recording=False) as session,
    ):
        session.wait_until_answered(timeout=20)
        assert said(session)[-2:] == [("user", "Words 2."), ("agent", "Answer 2.")]


def runs_tools(pause: float) -> Any:
    """A service that looks something up by itself, and answers ``pause`` seconds behind its first words."""

    async def script(peer: Peer) -> None:
        await peer.ready(tools=[{"name": "weather", "http": {"url": "https://example.org", "method": "GET"}}])
        await answer(peer, 1)
        await silence(peer, pause)
        await peer.reply("r2", "It is sunny.", MOMENT)
        await peer.goodbye()

    return script


@pytest.mark.parametrize(("pause", "last"), [(1.5, "It is sunny."), (6.0, "Answer 1.")])
def test_behind_a_tool_of_the_services_the_answer_is_what_nothing_follows(pause: float, last: str) -> None:
    with (
        ScriptedService(runs_tools(pause)) as service,
        vn.Session("agent_1", service, recording=False) as session,
    ):
        session.wait_for("transcript.user", timeout=10)
        session.wait_until_answered(timeout=10)
        assert said(session)[-1] == ("agent", last)
        begun = time.monotonic()
        session.wait_until_answered(timeout=10)
        assert time.monotonic() - begun < 1.0, "what has been over for so long is not waited for again"


def test_nothing_is_waited_for_behind_a_greeting() -> None:
    async def script(peer: Peer) -> None:
        await peer.ready(tools=[{"name": "weather", "http": {"url": "https://example.org", "method": "GET"}}])
        await peer.reply("r0", "Good evening.", MOMENT)
        await peer.goodbye()

    with ScriptedService(script) as service, vn.Session("agent_1", service, recording=False) as session:
        session.wait_until_answered(timeout=2.0)
        assert said(session) == [("agent", "Good evening.")]
