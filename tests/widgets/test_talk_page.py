"""Talk and its page: what the browser's part does is done from Python here, against the real helper."""

from __future__ import annotations

import json
import struct
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from brief_mouth import BriefMouth
from browser_page import BrowserPage, until

import voicenb as vn
from voicenb.audio.speech import synthesise
from voicenb.emulator.ears.moonshine import Moonshine
from voicenb.emulator.resources import NO_EARS
from voicenb.widgets.loudness import STEP
from voicenb.widgets.talk import Talk


@pytest.fixture
def talk(agent: vn.Agent, server: vn.Emulator) -> Iterator[Talk]:
    talk = vn.Talk(agent, server)
    yield talk
    talk.end()
    talk.comm.wait(lambda: talk.session is None or talk._state["state"] == "ended")


def test_a_call_over_the_direct_way(talk: Talk) -> None:
    page = BrowserPage(talk)
    with page.direct() as socket:
        came = until(socket, "done")
        assert {"type": "open"} in came
        frames = [message for message in came if isinstance(message, bytes)]
        assert frames
        assert struct.unpack_from("<BBHII", frames[0]) == (2, 0, 0, 1, 0)
        for seq in range(3):
            socket.send(struct.pack("<BBHId", 1, 0, 0, seq, 20.0 * seq) + bytes(960))
        page.comm.wait(lambda: talk._state["audio"] == "direct" and talk._state["state"] == "speaking")
        socket.send(json.dumps({"type": "played-out", "reply": 1}))
        page.comm.wait(lambda: talk._state["state"] == "listening")
        page.send(type="stop")
        assert until(socket, "end")
    page.comm.wait(lambda: talk._state["state"] == "ended" and talk._lines)
    assert talk._state["service"] == "emulator"
    assert talk.recording is not None
    assert talk.recording.finished


def test_the_page_is_told_how_loud_it_is_what_is_said_into_the_call(talk: Talk) -> None:
    page = BrowserPage(talk)
    with page.direct() as socket:
        until(socket, "open")
        page.send(type="say", text="A table for four.")
        (said,) = page.comm.wait(lambda: page.comm.customs("said"))
    seconds = len(synthesise("A table for four.")) / 48_000
    assert len(said["levels"]) == int(seconds / STEP)
    assert 0.05 < max(said["levels"]) < 1


def test_a_call_through_the_kernel(talk: Talk) -> None:
    before = sys.getswitchinterval()
    page = BrowserPage(talk)
    assert page.ways(loopback=False)[-1] == {"kind": "kernel"}
    page.send(type="page", texts=[{"type": "hello"}])
    page.send(type="chosen", kind="kernel")
    assert sys.getswitchinterval() == pytest.approx(1e-3, abs=2e-6)

    def texts(kind: str) -> list[dict[str, Any]]:
        return [m["text"] for m in page.comm.customs("page") if m["text"]["type"] == kind]

    page.comm.wait(lambda: texts("open") and texts("done"))
    sound = [buffers for data, buffers in page.comm.sent if data.get("content", {}).get("type") == "audio"]
    assert sound
    assert struct.unpack_from("<BBHII", sound[0][0]) == (2, 0, 0, 1, 0)
    for seq in range(3):
        page.send(struct.pack("<BBHId", 1, 0, 0, seq, 40.0 * seq) + bytes(1920), type="page")
    page.send(type="page", texts=[{"type": "played-out", "reply": 1}])
    page.comm.wait(lambda: talk._state["state"] == "listening")
    talk.end()
    page.comm.wait(lambda: texts("end"))
    page.comm.wait(lambda: talk._state["state"] == "ended" and talk._lines)
    assert sys.getswitchinterval() == pytest.approx(before, abs=2e-6)


def test_a_second_page_joins_the_call_that_runs(talk: Talk) -> None:
    page = BrowserPage(talk)
    with page.direct() as first:
        until(first, "open")
        session = talk.session
        again = BrowserPage(talk)
        with again.direct() as second:
            until(second, "open")
            assert talk.session is session


def test_a_page_that_comes_back_too_late_begins_no_other_call(talk: Talk) -> None:
    page = BrowserPage(talk)
    assert page.answer(page.start(rejoin=True), "error")["message"] == "The call has ended."
    assert talk.session is None


def test_a_page_that_goes_away_for_good_ends_the_call(talk: Talk, server: vn.Emulator) -> None:
    talk._patience = 1.0
    page = BrowserPage(talk)
    with page.direct() as socket:
        until(socket, "open")
    page.comm.wait(lambda: talk._state["state"] == "ended" and talk._lines)
    assert talk._lines[-1]["text"] == "The page went away for 1 s, so the call was ended."
    assert talk._state["error"] is None
    assert server.sessions[-1].ended_by == "session.end"


def test_an_earlier_call_that_another_panel_ends_is_told_in_that_panel(
    talk: Talk, agent: vn.Agent, server: vn.Emulator
) -> None:
    assert talk._state["error"] is None
    with BrowserPage(talk).direct() as socket:
        until(socket, "open")
        later = vn.Talk(agent, server)
        assert later._state["error"] == {
            "message": "The earlier call was ended, for this panel was made.",
            "remedy": "It is in vn.recordings().",
            "calm": True,
        }
        assert until(socket, "end")
    talk.comm.wait(lambda: talk._state["state"] == "ended")
    assert vn.Talk(agent, server)._state["error"] is None, "no call was ended for it"


@pytest.fixture
def named(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The variables of a notebook, in which the Talk has a name."""
    known = {"talk": talk}
    monkeypatch.setattr(talk._siblings._succession, "_variables", lambda: known)
    return known


def test_the_panel_of_a_talk_that_was_replaced_says_so_and_begins_no_call(
    talk: Talk, named: dict[str, Any], agent: vn.Agent, server: vn.Emulator
) -> None:
    named["talk"] = vn.Talk(agent, server)
    page = BrowserPage(talk)
    page.comm.wait(lambda: talk._state["replaced"])
    told = talk._state["error"]
    assert told["message"] == "Another Talk was made after this panel; the variable talk is that one now."
    assert told["remedy"] == "Run this cell again."
    error = page.answer(page.start(), "error")
    assert (error["message"], error["remedy"]) == (told["message"], told["remedy"])
    assert talk.session is None
    named["talk"] = talk
    assert page.answer(page.start(), "connect")["ways"]
    page.comm.wait(lambda: talk._state["error"] is None and not talk._state["replaced"])


def test_it_says_that_the_later_call_runs_for_as_long_as_it_does(
    talk: Talk, named: dict[str, Any], agent: vn.Agent, server: vn.Emulator
) -> None:
    later = named["talk"] = vn.Talk(agent, server)
    BrowserPage(talk)  # the page was loaded anew, and the notebook had been saved with this panel
    talk.comm.wait(lambda: talk._state["error"])
    assert talk._state["error"]["remedy"] == "Run this cell again."
    with BrowserPage(later).direct() as socket:
        until(socket, "open")
        talk.comm.wait(lambda: talk._state["error"] and "running" in talk._state["error"]["remedy"])
        assert talk._state["error"]["remedy"] == (
            "Its call is running: write talk into an empty cell and run it, within 20 s."
        )
        later.end()
        assert until(socket, "end")
    talk.comm.wait(lambda: talk._state["error"]["remedy"] == "Run this cell again.")


def test_talks_side_by_side_do_not_replace_each_other(
    talk: Talk, named: dict[str, Any], agent: vn.Agent, server: vn.Emulator
) -> None:
    named["other"] = vn.Talk(agent, server)
    page = BrowserPage(talk)
    assert page.answer(page.start(), "connect")["ways"]
    assert talk._state["replaced"] is False


def test_secrets_travel_as_a_message_and_are_in_no_trait(talk: Talk) -> None:
    page = BrowserPage(talk)
    way = page.ways()[0]
    state = json.dumps(talk.get_state(), default=str)
    for secret in ("secret", "nonce", "proof"):
        assert way[secret] not in state
    assert str(way["url"]) not in state


@pytest.mark.parametrize(("audio", "kinds"), [("kernel", {"kernel"}), ("direct", {"direct", "proxy"})])
def test_insisting_on_a_way(agent: vn.Agent, server: vn.Emulator, audio: Any, kinds: set[str]) -> None:
    talk = vn.Talk(agent, server, audio=audio)
    page = BrowserPage(talk)
    assert {way["kind"] for way in page.ways()} <= kinds
    assert page.comm.customs("connect")[0]["insist"] == audio
    talk.end()


def test_the_panel_warms_up_when_it_is_shown(talk: Talk) -> None:
    page = BrowserPage(talk)
    assert not talk.in_browser
    page.send(type="shown")
    assert talk.wait_for_page(timeout=0)
    page.comm.wait(lambda: talk._state.get("service") == "emulator")
    assert talk._state["state"] == "idle"


def test_a_service_without_ears_is_told_before_anybody_speaks_to_it(agent: vn.Agent) -> None:
    with vn.Emulator(mouth=BriefMouth()) as deaf:
        deaf.resources._ears, deaf.resources.notice = None, NO_EARS  # as on a machine without the recogniser
        talk = vn.Talk(agent, deaf)
        page = BrowserPage(talk)
        page.send(type="shown")
        page.comm.wait(lambda: "No ears" in (talk._state.get("notice") or {}).get("message", ""))
        with page.direct() as socket:
            until(socket, "open")
            page.send(type="say", text="A table for four.")
            page.comm.wait(lambda: [line for line in talk.lines if line.role == "user"])
            assert talk.session is not None
            assert [event for event in talk.session.events if event["type"] == "conversation.message"]
        page.send(type="attach", lab="4.6.6")
        page.send(type="shown")
        page.comm.wait(lambda: "No ears" in (talk._state.get("notice") or {}).get("message", ""))


def test_an_old_lab_is_told(talk: Talk) -> None:
    page = BrowserPage(talk)
    page.send(type="attach", lab="4.2.0")
    page.comm.wait(
        lambda: (talk._state.get("notice") or {}).get("message", "").startswith("jupyterlab 4.2.0")
    )


def test_a_page_that_fails_ends_the_call(talk: Talk) -> None:
    page = BrowserPage(talk)
    page.ways()
    session = talk.session
    assert session is not None
    page.send(type="failed", code="microphone-lost", message="")
    page.send(type="failed", code="page", message="")
    page.comm.wait(lambda: session.over and talk._state["state"] == "ended")


def test_a_page_that_cannot_join_leaves_the_call_to_the_page_that_has_it(talk: Talk) -> None:
    page = BrowserPage(talk)
    with page.direct() as socket:
        until(socket, "open")
        BrowserPage(talk).send(type="failed", code="microphone-missing", message="None.", joins=True)
        page.send(type="mute", muted=True)  # done behind whatever the failure began
        page.comm.wait(lambda: talk._state["muted"])
        assert talk.session is not None
        assert not talk.session.over


def test_a_choice_that_comes_after_the_end_changes_nothing(talk: Talk) -> None:
    before = sys.getswitchinterval()
    page = BrowserPage(talk)
    page.ways(loopback=False)
    talk.end()
    page.comm.wait(lambda: talk._state["state"] == "ended")
    page.send(type="chosen", kind="kernel")
    assert sys.getswitchinterval() == pytest.approx(before, abs=2e-6)
    assert talk._state["audio"] == ""


def test_what_is_typed_is_said_and_heard(agent: vn.Agent, moonshine: Moonshine) -> None:
    with vn.Emulator(brain=["For when?"], mouth=BriefMouth(), recognizer=moonshine) as server:
        talk = vn.Talk(agent, server)
        page = BrowserPage(talk)
        with page.direct() as socket:
            until(socket, "open")
            seq = iter(range(10**6))
            over = threading.Event()

            def listen() -> None:  # a page without a microphone sends silence at the pace of speech
                while not over.wait(0.016):
                    count = next(seq)
                    socket.send(struct.pack("<BBHId", 1, 0, 0, count, 16.0 * count) + bytes(768))

            page.send(type="say", text="A table for four.")
            speaker = threading.Thread(target=listen)
            speaker.start()
            try:
                page.comm.wait(
                    lambda: [line for line in talk.lines if line.role == "user" and line.final], 30
                )
            finally:
                over.set()
                speaker.join()
        (line,) = [line for line in talk.lines if line.role == "user"]
        assert "four" in line.text.lower() or "4" in line.text
        talk.end()


def test_what_cannot_be_said_is_told(talk: Talk) -> None:
    page = BrowserPage(talk)
    page.send(type="say", text="A table for four.")
    page.comm.wait(lambda: (talk._state["error"] or {}).get("message"))
    assert "No call" in talk._state["error"]["message"]


def test_mute_from_either_side(talk: Talk) -> None:
    page = BrowserPage(talk)
    with page.direct() as socket:
        until(socket, "open")
        page.send(type="mute", muted=True)
        page.comm.wait(lambda: talk._state["muted"])
        talk.mute(False)
        page.comm.wait(lambda: not talk._state["muted"])


def test_a_service_that_is_not_there_is_told_to_the_page(agent: vn.Agent) -> None:
    class Nowhere:
        def address(self) -> vn.Address:
            raise vn.ServiceUnreachable("Nothing is there.", remedy="Start it.")

    talk = vn.Talk(agent, Nowhere())
    page = BrowserPage(talk)
    ask = page.start()
    told = {"type": "error", "ask": ask, "message": "Nothing is there.", "remedy": "Start it."}
    assert page.answer(ask, "error") == told
    assert talk.session is None


def test_whatever_goes_wrong_is_told_to_the_page(agent: vn.Agent) -> None:
    class Broken:
        def address(self) -> vn.Address:
            raise KeyError("port")

    talk = vn.Talk(agent, Broken())
    page = BrowserPage(talk)
    told = page.answer(page.start(), "error")
    assert told["message"] == "The call could not begin: KeyError: 'port'."


class Slow:
    """A service that is not there at once: an emulator that is started from a cold disk."""

    def __init__(self, server: vn.Emulator) -> None:
        self.asked, self.there = threading.Event(), threading.Event()
        self._server = server

    def address(self) -> vn.Address:
        self.asked.set()
        assert self.there.wait(30)
        return self._server.address()


@pytest.fixture
def slow(server: vn.Emulator) -> Iterator[Slow]:
    service = Slow(server)
    yield service
    service.there.set()


@pytest.fixture
def waiting(agent: vn.Agent, slow: Slow) -> Iterator[BrowserPage]:
    """A page whose call waits for its service."""
    talk = vn.Talk(agent, slow)
    page = BrowserPage(talk)
    page.first = page.start()
    assert slow.asked.wait(5)
    page.comm.wait(lambda: talk._state["state"] == "connecting")
    yield page
    slow.there.set()
    page.comm.wait(lambda: page.answers(page.first, "connect") or page.answers(page.first, "error"))
    talk.end()


def test_a_start_is_acknowledged_before_the_service_is_there(waiting: BrowserPage, slow: Slow) -> None:
    assert waiting.answer(waiting.first, "starting") == {"type": "starting", "ask": waiting.first}
    other = BrowserPage(waiting.talk)
    second = other.start()
    assert other.answers(second, "starting"), "also while another waits"
    assert waiting.comm.customs("connect") == waiting.comm.customs("error") == []
    slow.there.set()
    for ask in (waiting.first, second):
        assert waiting.answer(ask, "connect")["ways"]


def test_stop_before_it_has_begun(waiting: BrowserPage, slow: Slow, server: vn.Emulator) -> None:
    waiting.send(type="stop")
    slow.there.set()
    assert waiting.answer(waiting.first, "error")["message"] == "The call has ended."
    talk = waiting.talk
    waiting.comm.wait(lambda: talk.session is not None and talk.session.over)
    # A socket that was given up before its first update is closed: there is no session yet to end.
    opened = [session for session in server.sessions if session.config is not None]
    assert [session.ended_by for session in opened] in ([], ["session.end"])


def test_stop_gives_up_what_waits_behind_the_start(waiting: BrowserPage, slow: Slow) -> None:
    session, second = waiting.talk.session, waiting.start()
    waiting.send(type="stop")
    slow.there.set()
    for ask in (waiting.first, second):
        assert waiting.answer(ask, "error")["message"] == "The call has ended."
    assert waiting.talk.session is session


def test_a_start_behind_a_stop_begins_another_call(waiting: BrowserPage, slow: Slow) -> None:
    session = waiting.talk.session
    assert session is not None
    waiting.send(type="stop")
    second = waiting.start()
    slow.there.set()
    assert waiting.answer(second, "connect")["ways"]
    assert session.over
    assert waiting.talk.session is not session
    assert waiting.talk.session is not None
    assert not waiting.talk.session.over


def test_another_panel_gives_up_a_call_that_has_not_begun(
    waiting: BrowserPage, slow: Slow, agent: vn.Agent, server: vn.Emulator
) -> None:
    vn.Talk(agent, server)
    slow.there.set()
    assert waiting.answer(waiting.first, "error")["message"] == "The call has ended."
    session = waiting.talk.session
    waiting.comm.wait(lambda: session is None or session.over)


def test_a_mute_does_not_overtake_the_start(waiting: BrowserPage, slow: Slow) -> None:
    waiting.send(type="mute", muted=True)
    slow.there.set()
    waiting.answer(waiting.first, "connect")
    waiting.comm.wait(lambda: waiting.talk._state["muted"])
    waiting.send(type="mute", muted=False)
    waiting.comm.wait(lambda: not waiting.talk._state["muted"])
