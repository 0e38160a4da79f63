"""Any frame through the codec: a message that comes back the same, or an error that says what is wrong."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from frames import CLIENT, SERVER, frames
from hypothesis import strategies as st
from second_reader import has_no_sound, is_odd, is_refused, read
from share import SHARES, WHOLE, Share, runs

from voicenb.errors import MalformedMessage
from voicenb.protocol import messages as m
from voicenb.protocol.codec import decode_client, decode_server, encode, from_record, record_of

AUDIO = {"input.audio": "audio", "reply.audio": "data"}


def test_the_campaign_is_as_long_as_it_says() -> None:
    assert sum(many for _, many in SHARES.values()) >= WHOLE
    assert sum(some for some, _ in SHARES.values()) >= 3000


@runs
def test_what_clients_send(campaign: bool, contract: Any) -> None:
    event = contract("ClientEvent")

    def check(batch: list[str | bytes]) -> int:
        for frame in batch:
            try:
                wire = read(frame)
            except (ValueError, RecursionError):
                with pytest.raises(MalformedMessage, match="Invalid JSON format"):
                    decode_client(frame)
                continue
            try:
                message, record = decode_client(frame)
            except MalformedMessage:
                bad = is_refused(wire) or has_no_sound(wire) or is_odd(wire) or not event.is_valid(wire)
                assert bad, frame
                continue
            assert not is_refused(wire), frame
            assert message.type == wire["type"] == record["type"]
            holds(message, record, wire)
            assert decode_client(encode(message))[0] == message
        return len(batch)

    Share("frames of clients through the codec", campaign).run(
        st.lists(frames(CLIENT), min_size=10, max_size=20), check
    )


@runs
def test_what_a_service_sends(campaign: bool) -> None:
    def check(batch: list[str | bytes]) -> int:
        for frame in batch:
            try:
                wire = read(frame)
            except (ValueError, RecursionError):
                with pytest.raises(MalformedMessage, match="Not a JSON object"):
                    decode_server(frame)
                continue
            try:
                message, record = decode_server(frame)
            except MalformedMessage:
                known = (
                    isinstance(wire, dict) and isinstance(wire.get("type"), str) and wire["type"] in SERVER
                )
                assert known or not isinstance(wire, dict) or "code" in wire, frame
                continue
            assert isinstance(wire, dict)
            holds(message, record, wire, received=True)
            if isinstance(message, m.Unknown):
                assert {"type": message.type, **message.fields} == {**wire, "type": message.type}
            else:
                assert decode_server(encode(message))[0] == message
        return len(batch)

    Share("frames of a service through the codec", campaign).run(
        st.lists(frames(SERVER), min_size=10, max_size=20), check
    )


def holds(
    message: m.Message | m.Unknown, record: dict[str, Any], wire: dict[str, Any], *, received: bool = False
) -> None:
    """The record has all that was on the wire but the audio, can be kept, and stands for the message."""
    assert record == {key: value for key, value in wire.items() if key != AUDIO.get(str(wire.get("type")))}
    assert json.loads(msgspec.json.encode(record)) == record
    assert json.loads(msgspec.json.encode(record_of(message))) == record_of(message)
    again = from_record(record, received=received)
    if str(wire.get("type")) in AUDIO:
        assert again.type == message.type
    else:
        assert again == message
