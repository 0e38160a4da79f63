"""The conversation's state as it is told, notes of what was heard, and the bell for those who wait."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from parts import Parts, story

from voicenb.protocol import messages as m
from voicenb.session.events import Event, EventLog
from voicenb.session.floor import Floor
from voicenb.session.speaker import Heard, Unheard
from voicenb.testing.virtual_clock import run_virtually


def states(parts: Parts) -> list[str]:
    return [record["state"] for record in parts.told("state")]


# --- the state ----------------------------------------------------------------


def test_each_state_is_told_when_it_is_another_one() -> None:
    async def tell(parts: Parts) -> None:
        parts.floor.show()
        parts.floor.show()
        await parts.ready()
        await parts.gets("input.speech.started")
        await parts.gets("transcript.user", text="Hello?")
        await parts.gets("reply.started", reply_id="r1")
        parts.finish()
        parts.floor.show()

    assert states(story(tell)) == ["connecting", "listening", "thinking", "ended"]


def test_before_anything_is_sent_it_is_connecting_already() -> None:
    async def tell(parts: Parts) -> None:
        assert parts.floor.state == ""
        parts.floor.show()

    assert story(tell).floor.state == "connecting"


@pytest.mark.parametrize(("lost", "state"), [(False, "ended"), (True, "lost")])
@pytest.mark.parametrize("how", ["closed", "the conversation's end"])
def test_how_it_ended(lost: bool, state: str, how: str) -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        parts.floor.lost = lost
        if how == "closed":
            parts.floor.closed = True
        else:
            parts.floor.conversation.closed(1000, "", parts.log.now())
        parts.floor.show()

    assert states(story(tell))[-1] == state


# --- the bell -----------------------------------------------------------------


def test_whoever_waits_is_woken_by_the_next_change_also_when_the_state_stays() -> None:
    async def tell(parts: Parts) -> None:
        parts.floor.show()
        waiting = [asyncio.create_task(parts.floor.changed()) for _ in range(3)]
        await parts.settle()
        assert not any(task.done() for task in waiting)
        parts.floor.show()
        await asyncio.wait_for(asyncio.gather(*waiting), 1)

    assert states(story(tell)) == ["connecting"]


def test_a_change_before_the_wait_is_not_waited_for() -> None:
    async def tell(parts: Parts) -> None:
        parts.floor.show()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(parts.floor.changed(), 1)

    story(tell)


def test_one_who_gives_up_does_not_spoil_it_for_the_others() -> None:
    async def tell(parts: Parts) -> None:
        impatient, patient = (asyncio.create_task(parts.floor.changed()) for _ in range(2))
        await parts.settle()
        impatient.cancel()
        await parts.settle()
        parts.floor.show()
        await asyncio.wait_for(patient, 1)
        assert impatient.cancelled()

    story(tell)


def test_the_state_is_told_before_anybody_is_woken() -> None:
    async def tell(parts: Parts) -> None:
        async def look() -> str:
            await parts.floor.changed()
            return parts.floor.state

        looking = asyncio.create_task(look())
        await parts.settle()
        parts.floor.show()
        assert await looking == "connecting"

    story(tell)


# --- notes --------------------------------------------------------------------


def noted(*notes: Heard | Unheard, began: float = 100.0, close: bool = False) -> tuple[Floor, list[Event]]:
    """A floor of an engine that began at the loop's second 100, in which a reply of a second is played."""

    async def main() -> tuple[Floor, list[Event]]:
        events: list[Event] = []
        floor = Floor(EventLog(lambda: 5.0, events.append, None), began)
        conversation = floor.conversation
        conversation.send(m.SessionUpdate(session={}), 0.0)
        for message in (
            m.SessionReady(session_id="s"),
            m.ReplyAudio(reply_id="r1", data=bytes(48_000)),
            m.TranscriptAgent(reply_id="r1", text="one two"),
        ):
            conversation.receive(message, 1.0)
        floor.show()
        floor.closed = close
        for note in notes:
            floor.heard(note)
        return floor, [event for event in events if event["type"] in ("heard", "unheard")]

    return run_virtually(main)


def test_a_note_is_told_in_the_engines_seconds() -> None:
    floor, events = noted(Heard("r1", 0, 12_000, 101.23456789, 0.00012349))
    record = {"reply_id": "r1", "from": 0, "to": 12_000, "t": 1.234568, "uncertainty": 0.000123}
    assert events == [{"n": 1, "t": 5.0, "dir": "local", "type": "heard", "msg": record}]
    assert floor.conversation.replies["r1"].heard_at == 1.234568
    assert floor.conversation.lines[0].heard == "one"


def test_what_was_lost_is_told_likewise() -> None:
    floor, events = noted(Heard("r1", 0, 12_000, 101.0), Unheard("r1", 12_000, 24_000, 101.5))
    record = {"reply_id": "r1", "from": 12_000, "to": 24_000, "t": 1.5}
    assert events[1]["msg"] == record
    assert (floor.conversation.lines[0].heard, floor.conversation.lines[0].unheard) == ("one", "two")


@pytest.mark.parametrize(
    ("notes", "state"),
    [
        ([Heard("r1", 0, 12_000, 101.0)], "speaking"),
        ([Heard("r1", 0, 24_000, 101.0)], "listening"),
        ([Unheard("r1", 0, 24_000, 101.0)], "listening"),
    ],
)
def test_a_note_may_change_the_state(notes: list[Any], state: str) -> None:
    assert noted(*notes)[0].state == state


def test_when_nothing_more_happens_notes_are_left_out() -> None:
    floor, events = noted(Heard("r1", 0, 24_000, 101.0), Unheard("r1", 0, 24_000, 101.0), close=True)
    assert events == []
    assert floor.conversation.replies["r1"].heard == 0


def test_a_mirror_reads_the_notes_as_the_floor_does() -> None:
    """The conversation is told of a note with the same figures that stand in the event."""
    floor, events = noted(Heard("r1", 0, 12_000, 101.23456789), Unheard("r1", 12_000, 24_000, 101.98765432))
    mirror, _ = noted()
    for event in events:
        mirror.conversation.apply(event)
    assert mirror.conversation.replies == floor.conversation.replies
    assert mirror.conversation.lines == floor.conversation.lines
