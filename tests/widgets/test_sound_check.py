"""A sound check, with devices in a room that was made up, and with a page."""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from browser_page import BrowserPage, until
from loud_room import Room

import voicenb as vn
from voicenb.analysis.calibration import Calibration
from voicenb.audio.noise import pink
from voicenb.audio.pcm import to_pcm
from voicenb.session.check_line import HUSH, CheckLine, Course
from voicenb.widgets.sound_check import WAITING, SoundCheck
from voicenb.widgets.talk import Talk

SHORT = Course(quiet=2.0, tones=4, gap=0.5, speech=3.5)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicenb.widgets.sound_check.CheckLine", lambda course: CheckLine(course or SHORT))


@pytest.fixture
def talk(agent: vn.Agent, server: vn.Emulator) -> Iterator[Talk]:
    talk = vn.Talk(agent, server)
    yield talk
    talk.end()
    talk.comm.wait(lambda: talk.session is None or talk._state["state"] == "ended")


def test_what_was_found_is_shown_and_kept_by_the_calls_behind_it(talk: Talk) -> None:
    assert talk.calibration is None
    room = Room(delay=0.08, echo=-20.0, speaks=6.0)
    found = talk.check(room, speaker=room.speaker)
    assert talk.session is None, "it is no call"
    assert talk.calibration is found
    assert found.missing == ()
    assert (found.tones, found.tones_found) == (4, 4)
    assert found.echo == pytest.approx(-20, abs=1)
    assert found.round_trip == pytest.approx(0.08, abs=0.04), "a loop in real time, on a busy machine"
    assert found.voice is not None
    assert found.measured.startswith("20")
    notice = talk._feed.state()["notice"]
    assert notice["message"].startswith("Sound check: voice -")
    assert "headphones" in notice["remedy"]
    assert not notice["calm"]
    talk.start(microphone=vn.Silence())
    talk.end()
    assert talk.recording is not None
    kept = talk.recording.session["calibration"]
    assert kept == found.to_dict()
    assert Calibration.from_dict(kept).to_dict() == kept


def test_without_a_check_a_recording_says_nothing_of_one(talk: Talk) -> None:
    talk.start(microphone=vn.Silence())
    talk.end()
    assert talk.recording is not None
    assert "calibration" not in talk.recording.session


def test_neither_page_nor_microphone(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    with pytest.raises(vn.SessionNotOpen, match="No page shows the panel"):
        talk.check()
    talk.start(microphone=vn.Silence())
    with pytest.raises(vn.SessionNotOpen, match="A call is running"):
        talk.check(Room())


def test_nobody_presses_start(talk: Talk) -> None:
    page = BrowserPage(talk)
    page.send(type="shown")
    with pytest.raises(vn.WaitTimeout, match=r"Nobody pressed Start within 0\.2 s"):
        talk.check(timeout=0.2)
    page.comm.wait(lambda: talk._state["notice"] is None)
    with page.direct() as socket:  # what is started now is a call
        until(socket, "open")
        page.comm.wait(lambda: talk._state["state"] in ("listening", "speaking"))
        assert talk._state["agent"] == "Lido"


def test_with_a_page_start_is_a_check_and_then_a_call_again(talk: Talk) -> None:
    page = BrowserPage(talk)
    page.send(type="shown")
    results: list[Any] = []
    checking = threading.Thread(target=lambda: results.append(talk.check(timeout=20)))
    checking.start()
    page.comm.wait(lambda: (talk._state["notice"] or {}).get("message") == WAITING["message"])
    with page.direct() as socket:
        until(socket, "open")
        page.comm.wait(lambda: talk._state["agent"] == "Sound check")
        assert talk._state["hints"] == []
        assert talk._state["notice"] is None, "Start has been pressed"
        noise = np.frombuffer(to_pcm((1e-3 * pink(24_000, 1)).astype(np.float32)), "<i2")
        begin = time.monotonic()
        for seq in range(100):  # 2 s; then Stop is pressed
            frame = noise[480 * (seq % 50) : 480 * (seq % 50 + 1)].tobytes()
            socket.send(struct.pack("<BBHId", 1, 0, 0, seq, 20.0 * seq) + frame)
            time.sleep(max(0.0, begin + 0.02 * seq - time.monotonic()))
        page.comm.wait(lambda: any(HUSH in str(line) for line in talk._feed.lines()))
        page.send(type="stop")
        assert until(socket, "end")
    checking.join(20)
    (found,) = results
    assert (found.voice, found.echo, found.echo_below, found.round_trip) == (None,) * 4
    assert "Voice: nobody spoke behind the tones." in found.missing
    page.comm.wait(lambda: talk._state["state"] == "idle" and talk._state["agent"] == "Lido")
    assert talk._state["hints"] == talk._hints
    assert talk._lines == []
    assert talk.session is None
    page.comm.wait(lambda: (talk._state["notice"] or {}).get("message", "").startswith("Sound check: "))
    with page.direct() as socket:
        until(socket, "done")  # the greeting
        assert talk._state["agent"] == "Lido"
        page.send(type="stop")
        until(socket, "end")
    assert talk.recording is not None
    assert talk.recording.session["calibration"]["tones"] == found.tones


def test_whoever_comes_when_it_is_over_begins_none() -> None:
    with SoundCheck(SHORT) as check:
        pass
    with pytest.raises(vn.SessionNotOpen, match="over"):
        check.session(microphone=vn.Silence())


def test_one_that_cannot_begin_says_why_and_leaves_the_panel_as_it_was(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_port(self: CheckLine) -> None:
        raise vn.ServiceUnreachable("There is no port.")

    monkeypatch.setattr(CheckLine, "listen", no_port)
    page = BrowserPage(talk)
    page.send(type="shown")
    failures: list[BaseException] = []

    def check() -> None:
        try:
            talk.check(timeout=60)
        except vn.VoicenbError as error:
            failures.append(error)

    checking = threading.Thread(target=check)
    checking.start()
    page.comm.wait(lambda: (talk._state["notice"] or {}).get("message") == WAITING["message"])
    assert page.answer(page.start(), "error")["message"] == "There is no port."
    checking.join(20)
    assert [str(failure) for failure in failures] == ["There is no port."]
    page.comm.wait(lambda: talk._state["notice"] is None and talk._state["state"] == "idle")
    assert talk._state["agent"] == "Lido"
    assert talk._state["hints"] == talk._hints


def test_where_the_page_itself_would_connect_a_check_is_held_by_the_helper(
    agent: vn.Agent, server: vn.Emulator
) -> None:
    talk = vn.Talk(agent, server, transport="browser")
    page = BrowserPage(talk)
    page.send(type="shown")
    results: list[Any] = []
    checking = threading.Thread(target=lambda: results.append(talk.check(timeout=20)))
    checking.start()
    page.comm.wait(lambda: (talk._state["notice"] or {}).get("message") == WAITING["message"])
    with page.direct() as socket:
        until(socket, "open")
        page.comm.wait(lambda: talk._state["transport"] == "kernel")
        socket.send(struct.pack("<BBHId", 1, 0, 0, 0, 0.0) + bytes(960))
        page.comm.wait(lambda: any(HUSH in str(line) for line in talk._feed.lines()))
        page.send(type="stop")
        assert until(socket, "end")
    checking.join(20)
    assert len(results) == 1
    page.comm.wait(lambda: talk._state["transport"] == "browser" and talk._state["state"] == "idle")


def test_a_page_may_begin_one_itself(talk: Talk) -> None:
    page = BrowserPage(talk)
    page.send(type="shown")
    with page.direct(check=True) as socket:
        until(socket, "open")
        page.comm.wait(lambda: talk._state["agent"] == "Sound check")
        page.send(type="stop")
        assert until(socket, "end")
    page.comm.wait(lambda: (talk._state["notice"] or {}).get("message", "").startswith("Sound check: "))
    page.comm.wait(lambda: talk._state["state"] == "idle" and talk._state["agent"] == "Lido")
    assert talk.calibration is not None
    assert talk.session is None, "it was no call"
    with page.direct() as socket:
        until(socket, "done")  # the greeting
        assert talk._state["agent"] == "Lido"


def test_one_of_a_page_s_that_cannot_begin_leaves_the_panel_as_it_was(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_port(self: CheckLine) -> None:
        raise vn.ServiceUnreachable("There is no port.")

    page = BrowserPage(talk)
    page.send(type="shown")
    with monkeypatch.context() as broken:
        broken.setattr(CheckLine, "listen", no_port)
        assert page.answer(page.start(check=True), "error")["message"] == "There is no port."
    page.comm.wait(lambda: talk._check is None and talk._state["state"] == "idle")
    assert talk.calibration is None
    with page.direct() as socket:
        until(socket, "open")
        page.comm.wait(lambda: talk._state["state"] in ("listening", "speaking"))
        assert talk._state["agent"] == "Lido"


def test_a_check_that_a_cell_waits_for_is_begun_by_either_button(talk: Talk) -> None:
    page = BrowserPage(talk)
    page.send(type="shown")
    results: list[Any] = []
    checking = threading.Thread(target=lambda: results.append(talk.check(timeout=20)))
    checking.start()
    page.comm.wait(lambda: (talk._state["notice"] or {}).get("message") == WAITING["message"])
    with page.direct(check=True) as socket:
        until(socket, "open")
        page.comm.wait(lambda: talk._state["agent"] == "Sound check")
        page.send(type="stop")
        until(socket, "end")
    checking.join(20)
    assert results == [talk.calibration]
