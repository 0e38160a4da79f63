"""Bad input, end to end: a clear error, and what was recorded until then is on disk and loads."""

from __future__ import annotations

import base64
import dataclasses
import socket
import struct
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rigs import QUICK
from scripted_service import Peer, ScriptedService

import voicenb as vn
from voicenb.audio.wav import wav_bytes
from voicenb.errors import AudioError, ServiceUnreachable, Unauthorized, UnspeakableText, WaitTimeout
from voicenb.session.events import Publish
from voicenb.session.helper_host import HelperHost
from voicenb.session.host import Call, Host, Plan
from voicenb.session.thread_host import ThreadHost

LIDO = vn.Agent(name="Lido")
TONE = 0.5 * np.sin(2 * np.pi * 400 * np.arange(4800) / 24_000)  # 0.2 s

STEREO = wav_bytes(np.stack([TONE, np.zeros_like(TONE)], axis=1))
CUT_OFF = wav_bytes(TONE)[: 44 + 2 * 2400 + 1]


def of_8_bits() -> bytes:
    samples = np.round(TONE * 128 + 128).astype(np.uint8).tobytes()
    form = struct.pack("<HHIIHH", 1, 1, 24_000, 24_000, 1, 8)
    chunks = b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


# --- WAV files ---


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty: 0 bytes"),
        (wav_bytes([]), "empty: a WAV header without a sample"),
        (wav_bytes(TONE)[:40], "no data chunk"),
        (b"\xff\xfb\x90\x64" * 100, "not a WAV file"),
        (STEREO, r"2 channels that differ.*channel=0"),
        (CUT_OFF, r"cut off: only 0\.10 s.*partial=True"),
    ],
    ids=["nothing", "no sample", "half a header", "an mp3", "stereo", "truncated"],
)
def test_a_wav_that_is_no_callers_voice_never_becomes_a_call(
    tmp_path: Path, content: bytes, says: str
) -> None:
    (tmp_path / "caller.wav").write_bytes(content)
    with ScriptedService() as service:
        with pytest.raises(AudioError, match=says) as bad:
            vn.Session(LIDO, service, microphone=vn.WavFile(tmp_path / "caller.wav"))
        with pytest.raises(AudioError, match=says):
            vn.run(LIDO, [tmp_path / "caller.wav"], recording=tmp_path / "call")
    assert "caller.wav" in str(bad.value)
    assert service.received == []
    assert vn.recordings() == []


@pytest.mark.parametrize(
    ("content", "wish", "heard", "off"),
    [
        (STEREO, {"channel": 0}, TONE, 2**-14),
        (of_8_bits(), {}, TONE, 2**-6),
        (CUT_OFF, {"partial": True}, TONE[:2400], 2**-14),
    ],
    ids=["stereo", "8 bits", "truncated"],
)
def test_a_wav_of_another_kind_is_heard_as_it_sounds(
    tmp_path: Path, content: bytes, wish: dict[str, Any], heard: np.ndarray, off: float
) -> None:
    (tmp_path / "caller.wav").write_bytes(content)
    received: list[bytes] = []

    async def listens(peer: Peer) -> None:
        await peer.ready()
        while len(received) < 11:
            received.append(base64.b64decode((await peer.expect("input.audio"))["audio"]))
        await peer.say("transcript.user", item_id="u1", text="Beep.")
        await peer.goodbye()

    microphone = vn.WavFile(tmp_path / "caller.wav", **wish)
    with ScriptedService(listens) as service, vn.Session(LIDO, service, microphone=microphone) as session:
        session.wait_for("transcript.user", timeout=5)
    sent = np.frombuffer(b"".join(received), "<i2") / 2**15
    np.testing.assert_allclose(sent[: len(heard)], heard, atol=off)
    assert not sent[len(heard) :].any()
    assert session.recording is not None
    assert session.recording.caller.tobytes().startswith(b"".join(received))


# --- a service that never becomes ready ---


class Hasty:
    """A host that does not wait as long as others."""

    def __init__(self, host: Host) -> None:
        self.host = host

    def hold(self, plan: Plan, publish: Publish) -> Call:
        return self.host.hold(dataclasses.replace(plan, limits=QUICK), publish)


async def never(peer: Peer) -> None:
    await peer.expect("session.update")
    await peer.say("session.updated", config={})
    await peer.expect("session.end")
    await peer.say("session.ended")
    await peer.close(1000, "")


@pytest.mark.parametrize("host", [ThreadHost, HelperHost])
def test_a_service_that_never_becomes_ready(tmp_path: Path, host: type[ThreadHost | HelperHost]) -> None:
    with ScriptedService(never) as service:
        session = vn.Session(LIDO, service, recording=tmp_path / "call", host=Hasty(host()))
        with pytest.raises(
            WaitTimeout, match=r"never became ready.*0\.5 s.*Received: session\.updated"
        ) as late:
            session.start()
        service.closed.result(5)
    assert "Received: session.updated" in str(late.value)
    assert "Check the address" in late.value.remedy
    assert isinstance(session.failure, WaitTimeout)
    assert service.types == ["session.update", "session.end"]
    recording = vn.load(tmp_path / "call")
    assert recording.finished
    assert recording.ended is not None
    assert recording.ended["reason"] == "error"
    assert recording.agent_name == "Lido"
    kinds = [event["type"] for event in recording.events]
    assert kinds[:3] == ["state", "session.update", "session.updated"]
    assert "error" in kinds
    assert len(recording.caller) == 0
    recording.save(tmp_path / "copy")


@pytest.mark.parametrize("host", [ThreadHost, HelperHost])
def test_a_service_that_speaks_another_language(host: type[ThreadHost | HelperHost]) -> None:
    async def binary(peer: Peer) -> None:
        await peer.expect("session.update")
        await peer._send(b"\x00\xff")  # type: ignore[arg-type]
        await peer._send("hello?")
        await peer.get()

    with ScriptedService(binary) as service:
        session = vn.Session(LIDO, service, recording=False, host=Hasty(host()))
        with pytest.raises(WaitTimeout, match=r"Received: only 2 frames that were left out \(") as late:
            session.start()
    assert "Received: nothing" not in str(late.value)


# --- text that cannot be said ---


@pytest.mark.parametrize("text", ["🙂", " ", "…", "Привет"])
def test_a_text_that_cannot_be_said(text: str) -> None:
    with pytest.raises(UnspeakableText, match="nothing to say") as unspeakable:
        vn.Session(LIDO, "ws://127.0.0.1:9", microphone=vn.Says(text))
    assert repr(text) in str(unspeakable.value)
    assert "Latin letters" in unspeakable.value.remedy


def test_a_caller_that_cannot_say_its_line_ends_the_call(tmp_path: Path) -> None:
    with ScriptedService() as service:
        caller = vn.Caller(["🙂"])
        session = vn.Session(LIDO, service, microphone=caller, recording=tmp_path / "call").start()
        with pytest.raises(UnspeakableText, match="🙂"):
            session.wait_until_answered(timeout=10)
        session.end()
        service.closed.result(5)
    assert service.types[-1] == "session.end"
    assert vn.load(tmp_path / "call").finished


# --- keys ---

KEY = "a-key-of-a-good-length"
HOSTS = [ThreadHost, HelperHost]


@contextmanager
def mean_server() -> Iterator[str]:
    """A server whose handshake quotes the key in a header, as its libraries would quote it in an error."""

    def answer() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:  # closed
                return
            with connection:
                connection.recv(65_536)
                head = f"HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: Bearer {KEY}\r\n\r\n"
                connection.sendall(head.encode())

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
    thread.join()


def traces(session: vn.Session, folder: Path) -> str:
    """All that is told of a session, and all that is written of it."""
    files = [path.read_bytes().decode(errors="replace") for path in folder.rglob("*") if path.is_file()]
    return "\n".join([repr(session.events), repr(session.failure), repr(session), *files])


@pytest.mark.parametrize("host", HOSTS)
def test_a_key_with_a_line_break_behind_it_opens_the_door(
    tmp_path: Path, host: type[ThreadHost | HelperHost]
) -> None:
    shown: list[str] = []

    async def script(peer: Peer) -> None:
        shown.append(peer.headers["authorization"])
        await peer.ready()
        await peer.goodbye()

    with ScriptedService(script) as service:
        place = service.address().url.removesuffix("/v1/ws")
        session = vn.Session(
            LIDO, vn.Hosted(f"{KEY}\n", host=place), recording=tmp_path / "call", host=host()
        )
        session.start()
        session.end()
    assert shown == [f"Bearer {KEY}"]
    assert KEY not in traces(session, tmp_path)


@pytest.mark.parametrize("host", HOSTS)
def test_a_handshake_that_quotes_the_key_leaves_no_trace_of_it(
    tmp_path: Path, host: type[ThreadHost | HelperHost]
) -> None:
    with mean_server() as place:
        session = vn.Session(LIDO, vn.Hosted(KEY, host=place), recording=tmp_path / "call", host=host())
        with pytest.raises(ServiceUnreachable, match="the handshake failed") as caught:
            session.start()
    assert isinstance(session.failure, ServiceUnreachable)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in traces(session, tmp_path)


@pytest.mark.parametrize("host", HOSTS)
def test_a_service_that_quotes_the_key_leaves_no_trace_of_it(
    tmp_path: Path, host: type[ThreadHost | HelperHost]
) -> None:
    async def script(peer: Peer) -> None:
        await peer.expect("session.update")
        await peer.say("session.error", code="unauthorized", message=f"Bad key: {KEY}.")
        await peer.close(1008, f"Bad key: {KEY}.")

    with ScriptedService(script) as service:
        place = service.address().url.removesuffix("/v1/ws")
        session = vn.Session(LIDO, vn.Hosted(KEY, host=place), recording=tmp_path / "call", host=host())
        with pytest.raises(Unauthorized) as caught:
            session.start()
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in traces(session, tmp_path)


@pytest.mark.parametrize("host", HOSTS)
def test_a_close_that_quotes_the_key_leaves_no_trace_of_it(
    tmp_path: Path, host: type[ThreadHost | HelperHost]
) -> None:
    async def script(peer: Peer) -> None:
        await peer.expect("session.update")
        await peer.close(1011, f"boom: {KEY}")

    with ScriptedService(script) as service:
        place = service.address().url.removesuffix("/v1/ws")
        session = vn.Session(LIDO, vn.Hosted(KEY, host=place), recording=tmp_path / "call", host=host())
        with pytest.raises(ServiceUnreachable, match="closed with 1011: boom") as caught:
            session.start()
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in traces(session, tmp_path)
