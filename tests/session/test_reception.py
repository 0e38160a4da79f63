"""What the service sends, noted, understood and acted upon, frame by frame."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from parts import Parts, story

import voicenb as vn
from voicenb.audio.g711 import ULAW_SILENCE
from voicenb.errors import ServiceError, ServiceUnreachable, Unauthorized
from voicenb.protocol.conversation import Conversation

CHUNK = bytes(range(240)) * 2
TOOL = {"type": "function", "name": "look"}


def sound(pcm: bytes = CHUNK) -> str:
    return base64.b64encode(pcm).decode()


async def speaks(parts: Parts, *, reply_id: str = "r1") -> None:
    await parts.gets("reply.started", reply_id=reply_id)
    await parts.gets("reply.audio", reply_id=reply_id, data=sound())


# --- sound --------------------------------------------------------------------


def test_sound_is_noted_without_its_samples_and_played() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        await parts.gets("reply.audio", reply_id="r1", data=sound(), item_id="i1")

    parts = story(tell)
    event = next(event for event in parts.events if event["type"] == "reply.audio")
    assert event["msg"] == {"type": "reply.audio", "reply_id": "r1", "item_id": "i1"}
    assert (event["track"], event["samples"]) == ("agent", 240)
    assert parts.speaker.told == [("play", "r1", CHUNK)]


def test_telephone_sound_is_played_and_kept_at_24_khz() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready({"output": {"format": {"encoding": "audio/pcmu"}}})
        await parts.gets("reply.audio", reply_id="r1", data=sound(160 * ULAW_SILENCE))

    parts = story(tell)
    assert parts.speaker.told == [("play", "r1", bytes(960))]
    assert next(e for e in parts.events if e["type"] == "reply.audio")["samples"] == 480
    assert parts.floor.conversation.replies["r1"].samples == 480


@pytest.mark.parametrize("later", ["audio/pcmu", "audio/opus", 7])
def test_a_format_that_is_told_of_in_the_midst_of_a_session_changes_nothing(later: Any) -> None:
    """It cannot change: the reply is as long for who holds the session as for who follows its events."""

    async def tell(parts: Parts) -> None:
        await parts.ready()
        await parts.gets("session.updated", config={"output": {"format": {"encoding": later}}})
        await parts.gets("reply.audio", reply_id="r1", data=sound())

    parts = story(tell)
    assert next(e for e in parts.events if e["type"] == "reply.audio")["samples"] == 240
    assert parts.floor.conversation.replies["r1"].samples == 240
    assert Conversation.replay(parts.events).replies["r1"].samples == 240


@pytest.mark.parametrize("ready", [False, True])
def test_half_a_sample_is_left_out(ready: bool) -> None:
    async def tell(parts: Parts) -> None:
        await (parts.ready() if ready else parts.connect())
        await parts.gets("reply.audio", reply_id="r1", data=sound(b"\1\0\2"))

    parts = story(tell)
    assert parts.speaker.told == [("play", "r1", b"\1\0")]
    assert next(e for e in parts.events if e["type"] == "reply.audio")["samples"] == 1


def test_late_sound_is_kept_and_not_played() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        await speaks(parts)
        await parts.gets("reply.done", reply_id="r1")
        await parts.gets("reply.audio", reply_id="r1", data=sound())

    parts = story(tell)
    assert parts.types.count("reply.audio") == 2
    assert [what for what, *_ in parts.speaker.told] == ["play", "done"]


def test_when_the_session_is_to_end_nothing_more_is_played() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        parts.milestones.end()
        await speaks(parts)

    parts = story(tell)
    assert parts.speaker.told == []
    assert "reply.audio" in parts.types


def test_an_interruption_silences_the_speaker_once() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        await speaks(parts)
        await parts.gets("input.speech.started")
        await parts.gets("transcript.agent", reply_id="r1", text="Good", interrupted=True)
        await parts.gets("reply.done", reply_id="r1", status="interrupted")

    assert [what for what, *_ in story(tell).speaker.told] == ["play", "flush", "done"]


@pytest.mark.parametrize(
    ("ending", "fields"),
    [
        ("reply.done", {"reply_id": "r1"}),
        ("reply.done", {}),
        ("reply.error", {"reply_id": "r1", "code": "llm_failed"}),
        ("reply.error", {"code": "llm_failed"}),
    ],
)
def test_the_speaker_hears_that_no_more_sound_follows_however_a_reply_ends(
    ending: str, fields: dict[str, Any]
) -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        await speaks(parts)
        await parts.gets(ending, **fields)

    assert story(tell).speaker.told[-1] == ("done", "r1")


def test_the_end_of_a_reply_that_nobody_announced() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        await parts.gets("reply.done")

    assert story(tell).speaker.told == [("done", "reply-1")]


# --- the beginning ----------------------------------------------------------------


def test_what_came_before_ready_is_remembered() -> None:
    async def tell(parts: Parts) -> None:
        await parts.connect()
        await parts.gets("session.updated", config={})
        await parts.gets("something.new")
        assert not parts.milestones.ready.done()
        await parts.gets("session.ready", session_id="s")
        assert parts.milestones.ready.done()
        await parts.gets("input.speech.started")

    assert story(tell).reception.received == ["session.updated", "something.new", "session.ready"]


def test_the_acknowledgement_of_the_first_update_answers_no_other() -> None:
    async def tell(parts: Parts) -> None:
        await parts.connect()
        await parts.gets("session.updated", config={})
        await parts.gets("session.ready", session_id="s")
        async with parts.desk.updates.one({"system_prompt": "x"}, 5.0):
            await parts.gets("session.updated", config={"system_prompt": "x"})

    story(tell)


def test_what_was_left_out_before_ready_is_told() -> None:
    async def tell(parts: Parts) -> None:
        await parts.connect()
        assert parts.reception.so_far == "nothing"
        parts.line.gives(b"\xff\x00")
        await parts.settle()
        assert parts.reception.so_far.startswith("only 1 frame that was left out (")
        parts.line.gives("{")
        await parts.gets("session.updated", config={})
        assert parts.reception.so_far.startswith("session.updated; 2 frames were left out (")

    story(tell)


# --- what cannot be read -----------------------------------------------------------


@pytest.mark.parametrize("frame", ["", "{", "[]", "null", '{"type": "transcript.user.delta"}', b"\xff\x00"])
def test_a_frame_that_cannot_be_read_is_logged_and_the_next_is_taken(frame: str | bytes) -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        parts.line.gives(frame)
        await parts.gets("input.speech.started")

    parts = story(tell)
    [log] = parts.told("log")
    assert log["text"].startswith("The service sent a frame that was left out.")
    assert parts.types[-1] == "input.speech.started"


def test_a_binary_frame_with_a_message_in_it_is_one() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        parts.line.gives(b'{"type": "transcript.user", "text": "Hello."}')
        await parts.settle()

    assert [line.text for line in story(tell).floor.conversation.lines] == ["Hello."]


def test_what_is_not_known_is_noted_with_all_that_is_in_it() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        await parts.gets("session.weather", sun=True, degrees=[21])

    assert story(tell).told("session.weather") == [{"type": "session.weather", "sun": True, "degrees": [21]}]


# --- errors -------------------------------------------------------------------


def test_a_fatal_error_ends_the_session_and_is_told_once() -> None:
    async def tell(parts: Parts) -> None:
        await parts.connect()
        await parts.gets("session.error", code="UNAUTHORIZED", message="No.")
        parts.line.drops(1008)
        await parts.settle()

    parts = story(tell)
    assert isinstance(parts.milestones.error, Unauthorized)
    assert [(record["code"], record["fatal"]) for record in parts.told("error")] == [("unauthorized", True)]
    assert parts.floor.state == "ended"


@pytest.mark.parametrize("code", ["invalid_format", "IMMUTABLE_FIELD", "something_new"])
def test_a_first_update_that_is_refused_ends_the_start_at_once(code: str) -> None:
    """Also where the service leaves the socket open, as it does after a malformed one."""

    async def tell(parts: Parts) -> None:
        await parts.connect()
        await parts.gets("session.error", code=code, message="Not like that.", param="tools")
        assert not await parts.milestones.until_ready(10)

    parts = story(tell)
    error = parts.milestones.error
    assert isinstance(error, ServiceError)
    assert (error.code, error.param) == (code.lower(), "tools")
    assert "Not like that (tools)." in error.message
    assert error.remedy
    [told] = [event["msg"] for event in parts.events if (event["dir"], event["type"]) == ("local", "error")]
    assert told["fatal"]


def test_an_error_that_answers_nothing_is_told_and_the_session_goes_on() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        await parts.gets("session.error", code="audio_rate_violation", message="Too fast.")
        await parts.gets("error", code="invalid_value", message="Of nothing.")
        await parts.gets("reply.error", code="llm_failed", message="No model.")
        assert not parts.milestones.over.done()

    told = [
        event["msg"] for event in story(tell).events if (event["dir"], event["type"]) == ("local", "error")
    ]
    assert [(record["code"], record["fatal"]) for record in told] == [
        ("audio_rate_violation", False),
        ("invalid_value", False),
        ("llm_failed", False),
    ]


def test_a_refusal_is_told_to_the_one_who_asked_and_to_nobody_else() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        with pytest.raises(ServiceError, match="Not that"):
            async with parts.desk.updates.one({"system_prompt": "x"}, 5.0):
                await parts.gets("session.error", code="INVALID_VALUE", message="Not that.")

    assert story(tell).told("error") == []


def test_tools_are_left_to_whoever_holds_the_session() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready({"tools": [TOOL]})
        await parts.gets("tool.call", call_id="c1", name="look", arguments={"a": 1})

    parts = story(tell)
    assert [call.call_id for call in parts.floor.conversation.pending_calls] == ["c1"]
    assert parts.line.types == ["session.update"]


# --- the end ------------------------------------------------------------------


def test_an_end_in_good_order() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        await parts.gets("session.ended", session_duration_seconds=1.0)
        assert parts.milestones.over.done()
        await speaks(parts)  # as it was seen: some chunks more
        parts.line.drops(1000)
        await parts.settle()
        assert parts.receiving is not None
        assert parts.receiving.done()

    parts = story(tell)
    assert parts.milestones.error is None
    assert parts.told("closed") == [{"code": 1000, "reason": ""}]
    assert parts.floor.state == "ended"
    assert parts.speaker.told == []


@pytest.mark.parametrize("code", [1001, 1006, 1011])
def test_a_line_that_is_lost_and_not_had_back_is_the_end(code: int) -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        parts.line.drops(code, "away")
        await parts.settle()
        assert parts.floor.state == "reconnecting"
        parts.reception.give_up(lost=True)

    parts = story(tell)
    error = parts.milestones.error
    assert isinstance(error, ServiceUnreachable)
    assert "was lost after 0.0 s" in error.message
    assert parts.told("closed") == [
        {"code": code, "reason": "away"},
        {"code": code, "reason": "away", "final": True},
    ]
    assert parts.floor.state == "lost"


def test_a_line_that_is_lost_before_the_session_was_ready() -> None:
    async def tell(parts: Parts) -> None:
        await parts.connect()
        parts.line.drops(1006)
        await parts.settle()

    parts = story(tell)
    assert isinstance(parts.milestones.error, ServiceUnreachable)
    assert "before the session was ready (closed with 1006)" in parts.milestones.error.message
    assert parts.floor.state == "ended"


@pytest.mark.parametrize("ready", [True, False])
def test_the_words_of_a_close_are_told(ready: bool) -> None:
    async def tell(parts: Parts) -> None:
        await (parts.ready() if ready else parts.connect())
        parts.line.drops(1011, "boom")
        await parts.settle()
        parts.reception.give_up(lost=True)

    error = story(tell).milestones.error
    assert isinstance(error, ServiceUnreachable)
    assert "(closed with 1011: boom)" in error.message


def test_a_line_that_is_lost_while_one_hangs_up_is_no_failure() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        parts.milestones.end()
        parts.line.drops(1006)
        await parts.settle()

    parts = story(tell)
    assert parts.milestones.error is None
    assert parts.told("error") == []


def test_the_error_that_the_service_gave_counts_and_not_the_close_behind_it() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        await parts.gets("session.error", code="session_expired", message="Three hours are over.")
        parts.line.drops(1008)
        await parts.settle()

    parts = story(tell)
    assert type(parts.milestones.error) is ServiceError
    assert parts.milestones.error.code == "session_expired"
    assert len(parts.told("error")) == 1


@pytest.mark.off_the_contract
def test_a_malformed_first_update_is_told_as_what_it_is() -> None:
    """Against an emulator: the contract leaves the socket open."""
    with (
        vn.Emulator(brain=["Fine."]) as emulator,
        pytest.raises(ServiceError) as caught,
    ):
        vn.Session({"output": {"voice": 7}}, emulator, recording=False).start()
    assert type(caught.value) is ServiceError
    assert (caught.value.code, caught.value.param) == ("invalid_format", "output.voice")
    assert caught.value.remedy
