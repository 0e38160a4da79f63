"""Pages of a call in the helper: they go, come back, take over from each other, and stay away."""

from __future__ import annotations

import base64

from captured_frame import write_captured
from fake_page import ORIGIN, FakePage
from held import TONE, Kernel, held
from scripted_service import Peer, ScriptedService

from voicenb.session.session import Session


def test_a_page_that_comes_back() -> None:
    async def listens(peer: Peer) -> None:
        await peer.ready()
        while not any(base64.b64decode((await peer.expect("input.audio"))["audio"])):
            pass
        await peer.say("input.speech.started")
        await peer.goodbye()

    with ScriptedService(listens) as service, held(service) as session:
        first, second = FakePage(), FakePage(TONE)
        first.open(session.page_ticket(ORIGIN))
        session.wait_for("input.audio", timeout=5)
        first.close()
        second.open(session.page_ticket(ORIGIN))
        session.wait_for("input.speech.started", timeout=5)
        second.close()
        assert session.state == "listening"
    assert service.types == ["session.update", "input.audio", "session.end"]


def test_a_reload_in_the_middle_of_a_reply() -> None:
    async def speaks(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("input.audio")
        await peer.reply("r1", "", TONE, status=None)
        update = await peer.expect("session.update")  # the page has gone
        await peer.say("session.updated", config=update["session"])
        await peer.reply("r1", "One two.", TONE)
        await peer.goodbye()

    with ScriptedService(speaks) as service, held(service) as session:
        first, second = FakePage(), FakePage()
        first.open(session.page_ticket(ORIGIN))
        first.stops_playing_after = 1
        session.wait_for("heard", timeout=5)
        first.close()
        session.wait_for("unheard", timeout=5)
        assert session.state == "speaking"
        session.update(system_prompt="Short.")
        session.wait_for("reply.done", timeout=5)
        second.open(session.page_ticket(ORIGIN))
        while session.state != "listening":
            session.wait_for("state", timeout=5)
        second.close()
    line = session.lines[0]
    assert line.unheard


def test_the_latest_page_has_the_microphone() -> None:
    with ScriptedService() as service, held(service) as session:
        first, second = FakePage(), FakePage()
        first.open(session.page_ticket(ORIGIN))
        second.open(session.page_ticket(ORIGIN))
        assert first.thread.submit(first._connection.wait_closed()).result(5) is None
        assert first._connection.close_code == 4000
        first.close()
        second.close()


# --- a page that does not come back: an open session is billed ---------------------------------------------


def forsaken(service: ScriptedService, session: Session) -> str:
    """Wait for the end of a call that nobody hears; returns what is said about it."""
    service.closed.result(10)
    note = "page"  # that one came or went
    while note == "page":
        note = str(session.wait_for("log", timeout=5)["msg"]["text"])
    while session.state != "ended":
        session.wait_for("state", timeout=5)
    assert service.types[-1] == "session.end"
    session.end()  # waits until all is closed
    assert session.failure is None
    assert session.recording is not None
    assert session.recording.finished
    assert note in [event["msg"].get("text") for event in session.recording.events]
    return note


def test_a_page_that_has_gone_is_waited_for_and_then_the_call_is_ended() -> None:
    page = FakePage()
    with ScriptedService() as service, held(service, patience=1.5) as session:
        page.open(session.page_ticket(ORIGIN))
        session.wait_for("input.audio", timeout=5)
        page.close()
        assert forsaken(service, session) == "The page went away for 1.5 s, so the call was ended."


def test_a_page_that_falls_silent_has_gone_even_if_its_connection_stays() -> None:
    page = FakePage()
    with ScriptedService() as service, held(service, patience=1.5) as session:
        page.open(session.page_ticket(ORIGIN))
        session.wait_for("input.audio", timeout=5)
        page.freeze()
        assert "went away" in forsaken(service, session)
        page.close()


def test_a_page_that_goes_on_the_way_through_the_kernel_says_so() -> None:
    kernel = Kernel()
    with ScriptedService() as service, held(service, kernel, patience=1.5) as session:
        session.from_page({"type": "hello", "page": "p1"})
        kernel.wait("open")
        session.from_page(write_captured(0, 0.0, bytes(1920)))
        session.from_page({"type": "bye", "page": "p1"})
        assert "went away" in forsaken(service, session)


def test_a_call_without_any_page_does_not_stay_open() -> None:
    with ScriptedService() as service, held(service, patience=1.5) as session:
        assert forsaken(service, session) == "No page came within 1.5 s, so the call was ended."


def test_a_page_that_comes_back_in_time_keeps_the_call() -> None:
    async def listens(peer: Peer) -> None:
        await peer.ready()
        while not any(base64.b64decode((await peer.expect("input.audio"))["audio"])):
            pass
        for _ in range(120):  # 2.4 s
            await peer.expect("input.audio")
        await peer.say("input.speech.started")
        await peer.goodbye()

    with ScriptedService(listens) as service, held(service, patience=2.0) as session:
        first, second = FakePage(), FakePage(TONE * 60)
        first.open(session.page_ticket(ORIGIN))
        session.wait_for("input.audio", timeout=5)
        first.close()
        second.open(session.page_ticket(ORIGIN))
        session.wait_for("input.speech.started", timeout=10)
        assert session.state == "listening"
        second.close()


def test_of_two_pages_on_the_way_through_the_kernel_the_latest_has_the_call() -> None:
    kernel = Kernel()
    with ScriptedService() as service, held(service, kernel, patience=2.0) as session:
        session.from_page({"type": "hello", "page": "p1"})
        session.from_page({"type": "hello", "page": "p2"})
        session.from_page({"type": "bye", "page": "p1"})  # it has read that p2 is welcome, and leaves
        session.from_page({"type": "mute", "muted": True})
        assert session.wait_for("muted", timeout=5)["msg"] == {"muted": True}
        assert {"type": "welcome", "page": "p2"} in kernel.messages
        page = FakePage()
        page.open(session.page_ticket(ORIGIN))
        kernel.wait("taken")
        page.close()
