"""When a replayed caller goes on, in conversations that are told message by message."""

from dataclasses import dataclass

import numpy as np
import pytest

from voicenb.audio.pcm import to_pcm
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.floor import SEQUEL
from voicenb.session.speakers import BUFFER
from voicenb.testing.virtual_clock import run_virtually
from voicenb.tuning.replay_ear import Ear
from voicenb.tuning.replay_listening import STRAGGLER, Listening, Said
from voicenb.tuning.replay_parts import Cue

RATE = 24_000
LONG = 1.0
"""Seconds that every reply is heard."""

BEEP = to_pcm((0.3 * np.sin(2 * np.pi * 220 * np.arange(round(LONG * RATE)) / RATE)).astype(np.float32))


@dataclass
class Room:
    """What a microphone sees of a session, without one."""

    conversation: Conversation
    ear: Ear

    @property
    def audible(self) -> bool:
        return self.ear.audible


class Told:
    """A conversation that a test tells, at second 0 of its loop."""

    def __init__(self, config=None, **options):
        self.conversation, self.ear = Conversation(), Ear()
        self.ear.open(lambda note: None)
        self.listening = Listening(
            Room(self.conversation, self.ear), self.ear, **{"reaction": 0.4, "greeted": True, **options}
        )
        self.out("session.update", session=config or {})
        self.take("session.ready", session_id="s", config=config or {})

    def out(self, kind, at=0.0, **body):
        self.conversation.apply({"t": at, "dir": "out", "type": kind, "msg": {"type": kind, **body}})

    def take(self, kind, at=0.0, **body):
        self.conversation.apply(
            {"t": at, "dir": "in", "type": kind, "msg": {"type": kind, **body}, "samples": 0}
        )

    def turn(self, at=0.0, text="words"):
        self.take("input.speech.stopped", at)
        self.take("transcript.user", at, item_id=f"i{at}", text=text)

    def reply(self, name, at=0.0, *, over=True, calls=()):
        self.take("reply.started", at, reply_id=name)
        self.ear.play(name, BEEP)
        for call in calls:
            self.take("tool.call", at, call_id=call, name="look", arguments={}, timeout_seconds=120)
        if over:
            self.take("transcript.agent", at, reply_id=name, text="yes", interrupted=False)
            self.take("reply.done", at, reply_id=name, status="completed")

    def said(self, end=0.0, **more):
        """The caller has said something, and the service has not ended his turn yet."""
        turn, count = self.listening.turn, self.listening.replies
        return Said(
            end,
            **{
                "answered": True,
                "replies_before": count,
                "replies": count,
                "turn_before": turn,
                "turn": turn,
                **more,
            },
        )

    def due(self, cue, said, now=0.0):
        return self.listening.due(cue, said, now)


@pytest.fixture
def virtual():
    """Runs a test's body on a loop whose time stands still."""

    def run(body):
        async def main():
            return body()

        return run_virtually(main)

    return run


HEARD = BUFFER + LONG
AFTER = Cue("after", 0.3)


def test_he_waits_for_the_answer_and_keeps_his_reaction_time(virtual):
    def body():
        told = Told()
        said = told.said()
        assert told.due(AFTER, said) is None
        told.turn(0.1)
        assert told.due(AFTER, said) is None
        told.reply("a", 0.2, over=False)
        assert told.due(AFTER, said) is None, "it may go on"
        told.take("reply.done", 0.3, reply_id="a", status="completed")
        return told.due(AFTER, said), told.due(Cue("after", -0.1), said)

    assert virtual(body) == (pytest.approx(HEARD + 0.3), pytest.approx(HEARD - 0.1))


def test_what_is_said_before_a_tools_result_is_no_answer(virtual):
    def body():
        told = Told({"tools": [{"type": "function", "name": "look", "parameters": {}}]})
        said = told.said()
        told.turn(0.1)
        told.reply("a", 0.2, calls=["c"])
        before = told.due(AFTER, said)
        told.out("tool.result", 0.3, call_id="c", result="3")
        waiting = told.due(AFTER, said)
        told.reply("b", 0.4)
        return before, waiting, told.due(AFTER, said)

    assert virtual(body) == (None, None, pytest.approx(BUFFER + 2 * LONG + 0.3))


def test_where_the_service_runs_tools_another_reply_may_follow(virtual):
    def body():
        told = Told(
            {"tools": [{"type": "http", "name": "look", "parameters": {}, "http": {"url": "https://x"}}]}
        )
        said = told.said()
        told.turn(0.1)
        told.reply("a", 0.2)
        if not told.conversation.may_go_on:
            pytest.fail("the service runs a tool here")
        return told.due(AFTER, said, HEARD + 1.0), told.due(AFTER, said, HEARD + SEQUEL + 0.01)

    assert virtual(body) == (None, pytest.approx(HEARD + 0.3))


def test_an_answer_to_the_beginning_is_none_to_the_rest(virtual):
    def body():
        told = Told()
        said = told.said(end=2.0)
        told.turn(0.5)
        told.reply("a", 0.5)  # while he goes on
        said.replies, said.turn = told.listening.replies, told.listening.turn
        early = told.due(AFTER, said, 2.1), told.due(AFTER, said, HEARD + STRAGGLER)
        told.turn(2.5)
        rest = told.due(AFTER, said, 9.0)
        told.reply("b", 2.6)
        return (*early, rest, told.due(AFTER, said, 2.7))

    assert virtual(body) == (
        None,
        pytest.approx(HEARD + 0.3),  # the rest came to nothing
        None,
        pytest.approx(BUFFER + 2 * LONG + 0.3),
    )


def test_who_did_not_ask_is_not_waited_for(virtual):
    """A back-channel: the agent goes on, is heard to its end, and owes no answer."""

    def body():
        told = Told()
        told.turn(0.0)
        told.reply("a", 0.0)
        passed = told.due(AFTER, told.said(end=0.5, answered=False))
        said = told.said(end=0.5, answered=False)
        told.turn(0.9, "no, wait")  # this agent takes it for a turn
        return passed, told.due(AFTER, said)

    assert virtual(body) == (pytest.approx(HEARD + 0.3), None)


def test_his_place_in_what_he_interrupts(virtual):
    cue = Cue("over", 0.8)

    def body():
        told = Told({"tools": [{"type": "function", "name": "look", "parameters": {}}]})
        said = told.said()
        nothing = told.due(cue, said)
        told.turn(0.1)
        told.reply("a", 0.2, calls=["c"])
        announced = told.due(cue, said), told.due(Cue("over", 0.8, announced=True), said)
        told.out("tool.result", 0.3, call_id="c", result="3")
        told.reply("b", 0.4, over=False)
        return nothing, *announced, told.due(cue, said)

    assert virtual(body) == (None, None, pytest.approx(BUFFER + 0.8), pytest.approx(HEARD + 0.8))


def test_whom_nobody_answered_waits_as_long_unless_somebody_does(virtual):
    cue = Cue("alone", 6.0)

    def body():
        told = Told()
        said = told.said(end=0.0, answered=False)
        told.turn(0.1)
        alone = told.due(cue, said)
        told.reply("a", 0.2)
        return alone, told.due(cue, said)

    assert virtual(body) == (6.0, pytest.approx(HEARD + 0.4))  # the reaction that he has elsewhere


@pytest.mark.parametrize(
    ("cue", "greeting", "greeted", "due"),
    [
        (AFTER, True, True, HEARD + 0.3),
        (AFTER, False, True, 0.3),
        (Cue("over", 0.7), True, True, BUFFER + 0.7),
        (Cue("over", 0.7), False, True, 0.7),
        (Cue("alone", 1.5), True, True, 1.5),  # he did not wait for it then, and does not now
        (Cue("alone", 1.5), True, False, HEARD + 0.4),  # there was none
        (Cue("alone", 1.5), False, False, 1.5),
    ],
)
def test_the_first_words(virtual, cue, greeting, greeted, due):
    def body():
        told = Told({"greeting": "Hello."} if greeting else {}, greeted=greeted)
        first = Said(0.0, first=True)
        before = told.due(cue, first)
        if greeting:
            told.reply("hello", 0.0)
        return before, told.due(cue, first)

    before, found = virtual(body)
    assert found == pytest.approx(due)
    assert before is None or before == due


def test_how_long_it_has_been_quiet(virtual):
    def body():
        told = Told()
        said = told.said(end=0.5)
        alone = told.listening.quiet(said, 2.0)
        told.reply("a")
        heard = [told.listening.over_agent(at) for at in (0.05, 0.5, HEARD + 0.1)]
        return alone, told.listening.quiet(said, 0.6), told.listening.quiet(said, 3.0), heard

    alone, during, behind, heard = virtual(body)
    assert alone == 1.5
    assert during < 0
    assert behind == pytest.approx(3.0 - HEARD)
    assert heard == [False, True, False]
