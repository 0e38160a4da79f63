"""What may be asked of a running session, and when; with a service behind it in test_stories.py."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from parts import Parts, story

from voicenb.errors import (
    AudioError,
    InvalidConfiguration,
    ServiceError,
    SessionNotOpen,
    VoicenbError,
    WaitTimeout,
)
from voicenb.session.caller_line import ROOM
from voicenb.session.transport import ConnectionClosed

TOOLS = {"tools": [{"type": "function", "name": "look"}]}
SECOND = bytes(48_000)


def under_way(work: Any) -> asyncio.Task[Any]:
    return asyncio.ensure_future(work)


# --- before, and after ----------------------------------------------------------


@pytest.mark.parametrize("wish", ["reply", "update"])
def test_a_wish_waits_until_the_session_is_ready(wish: str) -> None:
    async def tell(parts: Parts) -> None:
        await parts.connect()
        asked = under_way(
            parts.desk.reply() if wish == "reply" else parts.desk.update({"system_prompt": "x"})
        )
        await parts.settle()
        assert parts.line.types == ["session.update"]
        await parts.gets("session.ready", session_id="s")
        assert parts.line.types == ["session.update", "reply.create" if wish == "reply" else "session.update"]
        await parts.gets("session.updated")
        await asyncio.wait_for(asked, 1)

    story(tell)


@pytest.mark.parametrize("ready", [False, True])
@pytest.mark.parametrize("error", [None, ServiceError("At capacity.", code="at_capacity")])
def test_after_the_end_every_wish_is_refused_with_what_ended_it(
    ready: bool, error: VoicenbError | None
) -> None:
    async def tell(parts: Parts) -> None:
        await (parts.ready() if ready else parts.connect())
        parts.milestones.end(error)
        for wish in (parts.desk.reply(), parts.desk.update({}), parts.desk.send_audio(SECOND)):
            with pytest.raises(type(error) if error is not None else SessionNotOpen):
                await wish
        assert parts.line.types == ["session.update"]

    story(tell)


# --- updates ------------------------------------------------------------------


def test_an_update_is_done_when_it_is_acknowledged() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        asked = under_way(parts.desk.update({"system_prompt": "New."}))
        await asyncio.sleep(4)
        assert not asked.done()
        await parts.gets("session.updated")
        await asyncio.wait_for(asked, 0.1)
        assert parts.floor.conversation.config["system_prompt"] == "New."

    story(tell)


def test_a_refusal_is_raised_and_told_to_nobody_else() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        asked = under_way(parts.desk.update({"system_prompt": "New."}))
        await parts.settle()
        await parts.gets("session.error", code="INVALID_VALUE", message="Not that.", param="system_prompt")
        with pytest.raises(ServiceError, match="Not that"):
            await asked

    assert story(tell).told("error") == []


def test_an_update_that_the_service_would_refuse_is_not_sent_and_the_next_one_is() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        with pytest.raises(InvalidConfiguration):
            await parts.desk.update({"colour": "blue"})
        asked = under_way(parts.desk.update({"system_prompt": "New."}))
        await parts.settle()
        await parts.gets("session.updated")
        await asyncio.wait_for(asked, 0.1)

    assert [m["session"] for m in story(tell).line.sent[1:]] == [{"system_prompt": "New."}]


def test_updates_go_out_one_after_the_other() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        asked = [under_way(parts.desk.update({"system_prompt": str(n)})) for n in range(3)]
        for n in range(3):
            await parts.settle()
            assert [m["session"]["system_prompt"] for m in parts.line.sent[1:]] == [
                str(k) for k in range(n + 1)
            ]
            await parts.gets("session.updated")
            assert [each.done() for each in asked] == [k <= n for k in range(3)]

    story(tell)


def test_an_update_without_an_answer() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        began = asyncio.get_running_loop().time()
        with pytest.raises(WaitTimeout, match=r"within 2\.5 s"):
            await parts.desk.update({"system_prompt": "New."})
        assert asyncio.get_running_loop().time() - began == pytest.approx(2.5)

    story(tell, update_seconds=2.5)


def test_an_update_that_the_session_does_not_outlive() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        asked = under_way(parts.desk.update({"system_prompt": "New."}))
        await parts.settle()
        parts.finish()
        with pytest.raises(SessionNotOpen, match="ended before the update"):
            await asked

    story(tell)


def test_on_a_line_that_breaks_the_wish_fails_for_one_who_knows_no_lines() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        parts.line.broken = ConnectionClosed(1006)
        for wish in (parts.desk.reply("Hello."), parts.desk.update({"system_prompt": "x"})):
            with pytest.raises(SessionNotOpen, match="connection is lost"):
                await wish

    story(tell)


# --- audio by hand --------------------------------------------------------------


def test_audio_by_hand_waits_for_room_and_goes_in_order() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        for _ in range(60):
            await parts.desk.send_audio(SECOND)
        assert parts.desk.line.waiting == ROOM
        more = [under_way(parts.desk.send_audio(bytes([n, 0]) * 24_000)) for n in (1, 2)]
        await asyncio.sleep(5)
        assert not any(each.done() for each in more)
        for n in range(2):
            parts.desk.line.through(SECOND)  # the microphone's second has gone out
            parts.floor.show()
            await parts.settle()
            assert [each.done() for each in more] == [True, n == 1]
        sent = [parts.desk.line.through(SECOND) for _ in range(60)]
        assert sent[-2:] == [b"\1\0" * 24_000, b"\2\0" * 24_000]

    story(tell)


def test_audio_by_hand_may_be_given_before_the_session_is_ready() -> None:
    async def tell(parts: Parts) -> None:
        await parts.desk.send_audio(SECOND)
        assert parts.desk.line.waiting == len(SECOND)

    story(tell)


def test_who_waits_for_room_hears_of_the_end() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        await parts.desk.send_audio(bytes(ROOM))
        waiting = under_way(parts.desk.send_audio(SECOND))
        await parts.settle()
        parts.finish()
        with pytest.raises(SessionNotOpen):
            await asyncio.wait_for(waiting, 1)

    story(tell)


def test_half_a_sample_is_refused() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        with pytest.raises(AudioError):
            await parts.desk.send_audio(b"odd")

    story(tell)


# --- tools, the microphone, the log ------------------------------------------------


def test_the_functions_own_time_is_noted_behind_the_result() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready(TOOLS)
        await parts.gets("tool.call", call_id="c1", name="look")
        await parts.gets("tool.call", call_id="c2", name="look")
        await parts.desk.tool_result("c1", "[]", own_time=0.12345678)
        await parts.desk.tool_result("c2", "no", is_error=True)

    parts = story(tell)
    assert parts.told("tool") == [{"call_id": "c1", "own_time": 0.123457}]
    assert parts.types.index("tool") > parts.types.index("tool.result")
    assert parts.line.sent[1:] == [
        {"type": "tool.result", "call_id": "c1", "result": "[]"},
        {"type": "tool.result", "call_id": "c2", "result": "no", "is_error": True},
    ]


def test_a_result_that_a_breaking_line_swallows_is_no_error_for_it_is_sent_again() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready(TOOLS)
        await parts.gets("tool.call", call_id="c1", name="look")
        parts.line.broken = ConnectionClosed(1006)
        await parts.desk.tool_result("c1", "1", own_time=0.5)
        await parts.desk.answer_again()
        assert parts.floor.conversation.calls["c1"].result == "1"

    assert story(tell).told("tool") == [{"call_id": "c1", "own_time": 0.5}]


def test_a_result_for_no_call_is_refused_and_has_no_time() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready(TOOLS)
        with pytest.raises(InvalidConfiguration, match="was never made"):
            await parts.desk.tool_result("c9", "[]", own_time=1.0)

    assert story(tell).told("tool") == []


def test_muting_is_told_when_it_changes_something() -> None:
    async def tell(parts: Parts) -> None:
        for muted in (False, True, True, False):
            parts.desk.mute(muted)
            assert parts.desk.line.muted is muted

    assert story(tell).told("muted") == [{"muted": True}, {"muted": False}]


def test_of_a_session_that_is_over_nothing_more_is_told() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        parts.finish()
        parts.desk.mute(True)
        parts.desk.note("too late")

    assert story(tell).types[-1] == "state"


def test_a_line_in_the_log_carries_its_facts() -> None:
    async def tell(parts: Parts) -> None:
        parts.desk.note("page", late=1, gaps=0)

    assert story(tell).told("log") == [{"text": "page", "late": 1, "gaps": 0}]


# --- typed words --------------------------------------------------------------


def test_a_message_is_sent_and_its_answer_asked_for() -> None:
    async def tell(parts: Parts) -> None:
        await parts.connect()
        asked = under_way(parts.desk.message("A table for four."))
        await parts.settle()
        assert parts.line.types == ["session.update"]
        await parts.gets("session.ready", session_id="s")
        await asyncio.wait_for(asked, 1)

    assert story(tell).line.sent[1:] == [
        {"type": "conversation.message", "role": "user", "content": "A table for four."},
        {"type": "reply.create"},
    ]


@pytest.mark.parametrize("text", ["", "  ", None, 4])
def test_a_message_without_words_is_not_sent(text: Any) -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        with pytest.raises(InvalidConfiguration, match="words"):
            await parts.desk.message(text)

    assert story(tell).line.types == ["session.update"]
