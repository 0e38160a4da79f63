"""The helper: who is let in, and both ways to the page."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from captured_frame import write_captured
from fake_page import ORIGIN, FakePage
from held import TONE, Kernel, held
from scripted_service import Peer, ScriptedService
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from voicenb.session.page_frames import read_reply
from voicenb.session.session import Session


def page_url(ticket: dict[str, Any]) -> str:
    return f"ws://127.0.0.1:{ticket['port']}/page"


def test_a_page_talks_directly() -> None:
    async def answers(peer: Peer) -> None:
        await peer.ready()
        while not any(base64.b64decode((await peer.expect("input.audio"))["audio"])):
            pass
        await peer.reply("r1", "Hello.", TONE[:24_000], chunk=480)
        await peer.goodbye()

    page = FakePage(TONE)
    with ScriptedService(answers) as service, held(service) as session:
        page.open(session.page_ticket(ORIGIN))
        session.wait_until_answered(timeout=5)
        session.end()
        page.wait_ended()
    page.close()
    assert bytes(page.sound[1]) == TONE[:24_000]
    kinds = [text["type"] for text in page.texts]
    assert kinds.index("reply") < kinds.index("done") < kinds.index("end")
    assert session.recording is not None
    assert TONE[:960] in session.recording.caller.tobytes()
    assert session.recording.session["microphone"] == "browser"
    notes = [event["msg"] for event in session.events if event["type"] == "heard"]
    ready = session.conversation.ready_at
    assert ready is not None
    # The page's clock is 100 s ahead: only when mapped do its notes fall into the call.
    assert all(ready < note["t"] < session.events[-1]["t"] + 1 for note in notes)
    # Half of the round trip that the page tells, and what two clocks may drift apart in these few seconds.
    assert all(0.001 <= note["uncertainty"] < 0.002 for note in notes)
    clocks = session.recording.session["clocks"]
    (compared,) = clocks["page"]
    assert compared["page"] == 1
    assert compared["uncertainty"] == 0.001
    first = next(event for event in session.recording.events if event["type"] == "input.audio")
    point = clocks["caller"][0]
    # A frame was captured before it was sent, but not long.
    assert point["start"] == first["start"] == 0
    assert first["t"] - 0.5 < point["t"] < first["t"]


def test_the_flush_overtakes_the_sound() -> None:
    async def interrupted(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("input.audio")
        await peer.reply("r1", "", TONE * 3, status=None)
        await peer.say("input.speech.started")
        await peer.say("reply.done", reply_id="r1", status="interrupted")
        await peer.goodbye()

    kernel = Kernel()
    with ScriptedService(interrupted) as service, held(service, kernel) as session:
        session.from_page({"type": "hello"})
        session.from_page(write_captured(0, 0.0, bytes(960)))
        kernel.wait("flush")
        session.wait_for("reply.done", timeout=5)
    place = kernel.messages.index({"type": "flush"})
    assert not any(isinstance(message, bytes) for message in kernel.messages[place:])


def test_a_page_talks_through_the_kernel() -> None:
    async def answers(peer: Peer) -> None:
        await peer.ready()
        while not any(base64.b64decode((await peer.expect("input.audio"))["audio"])):
            pass
        await peer.reply("r1", "Hello.", TONE[:24_000], chunk=480)
        await peer.goodbye()

    kernel = Kernel()
    with ScriptedService(answers) as service, held(service, kernel) as session:
        session.from_page({"type": "hello"})
        kernel.wait("open")
        session.from_page({"type": "echo", "id": 1, "at": 5.0})
        for seq in range(5):
            session.from_page(write_captured(seq, 40.0 * seq, TONE[:1920]))
        kernel.wait("done")
        session.from_page({"type": "heard", "reply": 1, "from": 0, "to": 12_000, "at": 400.0})
        session.wait_until_answered(timeout=5)
    frames = [read_reply(message) for message in kernel.messages if isinstance(message, bytes)]
    assert b"".join(frame.pcm for frame in frames) == TONE[:24_000]
    assert all(len(frame.pcm) >= 1920 for frame in frames[:-1])
    assert [frame.reply for frame in frames] == [1] * len(frames)
    kinds = [message["type"] for message in kernel.messages if isinstance(message, dict)]
    assert kinds[:2] == ["welcome", "open"]
    assert kinds[-1] == "end"
    assert {"type": "reply", "reply": 1, "reply_id": "r1"} in kernel.messages


def test_what_a_page_says_wrongly_through_the_kernel_harms_nobody() -> None:
    kernel = Kernel()
    with ScriptedService() as service, held(service, kernel) as session:
        session.from_page({"type": "hello"})
        kernel.wait("open")
        wrong: list[Any] = [
            b"",
            b"{",
            b"\x09short",
            {"type": "echo"},
            {"type": "heard", "reply": "x"},
            {},
            [],
        ]
        for message in wrong:
            session.from_page(message)
        session.from_page({"type": "mute", "muted": True})
        assert session.wait_for("muted", timeout=5)["msg"]["muted"]


def test_frames_that_get_lost_or_come_late_are_counted() -> None:
    page = FakePage()
    page.skip = {3, 4, 7}
    page.lag = {10: 0.3}
    with ScriptedService() as service, held(service) as session:
        page.open(session.page_ticket(ORIGIN))
        count = {"late": 0, "lost": 0}
        while count["late"] < 1 or count["lost"] < 3:  # on a busy machine more are late
            count = session.wait_for("frames", timeout=5)["msg"]
        page.close()


def test_a_page_mutes_itself() -> None:
    page = FakePage(TONE * 5)
    with ScriptedService() as service, held(service) as session:
        page.open(session.page_ticket(ORIGIN))
        page.tell({"type": "mute", "muted": True})
        assert session.wait_for("muted", timeout=5)["msg"] == {"muted": True}
        page.tell({"type": "stats", "late": 0, "lost": 2, "gaps": 1})
        assert session.wait_for("log", timeout=5)["msg"] == {"text": "page", "late": 0, "lost": 2, "gaps": 1}
        page.close()


@pytest.fixture(scope="module")
def ticketed() -> Iterator[Session]:
    with ScriptedService() as service, held(service) as session:
        yield session


def test_a_ticket_is_used_once(ticketed: Session) -> None:
    ticket = ticketed.page_ticket(ORIGIN)
    page = FakePage()
    page.open(ticket)
    page.close()
    assert refused(ticket, ORIGIN) == 1008


def test_another_origin_is_not_let_in_and_uses_the_ticket_up(ticketed: Session) -> None:
    ticket = ticketed.page_ticket(ORIGIN)
    assert refused(ticket, "http://evil.example") == 1008
    assert refused(ticket, ORIGIN) == 1008


@pytest.mark.parametrize("wrong", ["secret", "nonce"])
def test_a_wrong_secret_is_not_let_in(ticketed: Session, wrong: str) -> None:
    ticket = ticketed.page_ticket(ORIGIN) | {wrong: "guessed"}
    assert refused(ticket, ORIGIN) == 1008


@pytest.mark.parametrize("hello", ["[]", "null", "{", '{"type": "hello"}'])
def test_no_greeting_is_not_let_in(ticketed: Session, hello: str) -> None:
    ticket = ticketed.page_ticket(ORIGIN)
    with connect(page_url(ticket), origin=ORIGIN, proxy=None) as page:
        page.send(hello)
        with pytest.raises(ConnectionClosed):
            page.recv(timeout=5)


def refused(ticket: dict[str, Any], origin: str) -> int:
    with connect(page_url(ticket), origin=origin, proxy=None) as page:
        page.send(json.dumps({"type": "hello", "secret": ticket["secret"], "nonce": ticket["nonce"]}))
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(timeout=5)
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code


def test_a_page_without_an_origin_is_no_page(ticketed: Session) -> None:
    with pytest.raises(InvalidStatus) as refusal, connect(page_url(ticketed.page_ticket(ORIGIN)), proxy=None):
        pass
    assert refusal.value.response.status_code == 403


@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer guessed"}])
def test_only_the_kernel_may_hold_calls(ticketed: Session, shown: dict[str, str]) -> None:
    url = page_url(ticketed.page_ticket(ORIGIN)).replace("/page", "/kernel")
    with pytest.raises(InvalidStatus) as refusal, connect(url, additional_headers=shown, proxy=None):
        pass
    assert refusal.value.response.status_code == 401


def test_there_is_nothing_else(ticketed: Session) -> None:
    url = f"http://127.0.0.1:{ticketed.page_ticket(ORIGIN)['port']}/"
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(url, timeout=5)
    assert missing.value.code == 404
    missing.value.close()


def test_what_a_page_sends_wrongly_harms_nobody(ticketed: Session) -> None:
    page = FakePage()
    page.open(ticketed.page_ticket(ORIGIN))
    for wrong in ("nonsense", '{"type": "echo"}', '{"type": "heard", "reply": "x"}', "[1]"):
        page.thread.submit(page._connection.send(wrong)).result(5)
    page.thread.submit(page._connection.send(b"\x09short")).result(5)
    page.thread.submit(page._connection.send(b"\x01" + bytes(15))).result(5)
    page.tell({"type": "mute", "muted": True})
    assert ticketed.wait_for("muted", timeout=5)["msg"]["muted"]
    page.close()
