from __future__ import annotations

import asyncio

import pytest
from parts import Parts, story

from voicenb.errors import ImmutableField, InvalidConfiguration, SessionNotOpen
from voicenb.protocol import messages as m
from voicenb.session.transport import ConnectionClosed
from voicenb.session.wire import OF_LATE


@pytest.mark.parametrize("how", ["send", "say"])
def test_without_a_line_nothing_goes_out_and_nothing_is_noted(how: str) -> None:
    async def tell(parts: Parts) -> None:
        parts.floor.show()
        with pytest.raises(SessionNotOpen, match=r"session\.end cannot be sent: the session is connecting"):
            await getattr(parts.wire, how)(m.SessionEnd())

    parts = story(tell)
    assert parts.types == ["state"]
    assert parts.floor.conversation.state == "idle"


def test_how_much_of_the_callers_sound_was_sent_of_late_is_known() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        for second in range(100):
            if second % 2:
                await parts.wire.send(m.InputAudio(audio=b"\0\0"), pcm=bytes(4800))
            else:
                parts.wire.note(bytes(4800), float(second))  # by whoever holds the connection
            await asyncio.sleep(1)
        assert parts.wire.sound_since(89.5) == pytest.approx(1.0)
        assert parts.wire.sound_since(100.0) == 0.0
        assert parts.wire.sound_since(0.0) == pytest.approx(OF_LATE / 10, abs=0.2)

    story(tell)


def test_a_message_is_noted_before_it_goes_out() -> None:
    async def tell(parts: Parts) -> None:
        seen: list[list[str]] = []

        class Listening:
            async def send(self, frame: str) -> None:
                seen.append(parts.types)

            async def receive(self) -> str:
                raise NotImplementedError

            async def close(self, code: int = 1000) -> None: ...

        parts.wire.transport = Listening()
        await parts.wire.send(m.SessionUpdate(session={"greeting": "Hi."}))
        assert seen == [["session.update", "state"]]

    parts = story(tell)
    [update] = parts.told("session.update")
    assert update == {"type": "session.update", "session": {"greeting": "Hi."}}
    assert parts.floor.state == "connecting"


def test_what_the_conversation_refuses_is_neither_noted_nor_sent() -> None:
    async def tell(parts: Parts) -> None:
        await parts.connect()
        with pytest.raises(SessionNotOpen, match="connecting"):
            await parts.wire.send(m.ReplyCreate())
        await parts.gets("session.ready", session_id="s")
        with pytest.raises(ImmutableField):
            await parts.wire.send(m.SessionUpdate(session={"greeting": "Other."}))

    parts = story(tell)
    assert parts.line.types == ["session.update"]
    assert "reply.create" not in parts.types
    assert len(parts.told("session.update")) == 1


def test_of_audio_the_events_keep_the_samples_only() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        await parts.wire.send(m.InputAudio(audio=bytes(160)), pcm=bytes(960))  # µ-law on the wire

    parts = story(tell)
    event = parts.events[-1]
    assert (event["type"], event["msg"], event["track"], event["samples"]) == (
        "input.audio",
        {"type": "input.audio"},
        "caller",
        480,
    )
    assert len(parts.line.sent[-1]["audio"]) == 216  # base64


def test_a_line_that_breaks() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        parts.line.broken = ConnectionClosed(1006)
        with pytest.raises(ConnectionClosed):
            await parts.wire.send(m.ReplyCreate())
        with pytest.raises(SessionNotOpen, match=r"reply\.create was not sent: the connection is lost"):
            await parts.wire.say(m.ReplyCreate())

    story(tell)


def test_messages_go_out_in_the_order_in_which_they_were_noted() -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        await asyncio.gather(*(parts.wire.send(m.ReplyCreate(instructions=str(n))) for n in range(5)))

    parts = story(tell)
    noted = [record["instructions"] for record in parts.told("reply.create")]
    assert noted == [message["instructions"] for message in parts.line.sent[1:]] == list("01234")


@pytest.mark.parametrize("send", ["send", "say"])
def test_what_cannot_be_encoded_is_refused_before_it_is_noted(send: str) -> None:
    async def tell(parts: Parts) -> None:
        await parts.ready()
        for message in (
            m.SessionUpdate(session={"system_prompt": "file \udce9"}),
            m.SessionUpdate(session={"tools": [{"name": object()}]}),
            m.ReplyCreate(instructions="file \udce9"),
        ):
            with pytest.raises(InvalidConfiguration, match="cannot be sent: "):
                await getattr(parts.wire, send)(message)
        await parts.wire.send(m.ReplyCreate(instructions="Go on."))

    parts = story(tell)
    assert parts.line.types == ["session.update", "reply.create"]
    assert [event["n"] for event in parts.events] == list(range(len(parts.events)))
    assert "system_prompt" not in parts.floor.conversation.config
    assert len(parts.told("session.update")) == 1
    assert len(parts.told("reply.create")) == 1


def test_sound_that_was_sent_elsewhere_is_noted_whatever_the_state_is() -> None:
    async def tell(parts: Parts) -> None:
        parts.floor.show()
        parts.wire.note(bytes(960), 1.5)

    parts = story(tell)
    [event] = [event for event in parts.events if event["type"] == "input.audio"]
    assert (event["dir"], event["t"], event["samples"], event["msg"]) == (
        "out",
        1.5,
        480,
        {"type": "input.audio"},
    )
