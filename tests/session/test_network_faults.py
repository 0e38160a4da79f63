"""A network that is cut, stalls or is narrow while somebody speaks, between a session and an emulator."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brief_mouth import BriefMouth
from counting import Counting, steps
from relay import Relay

import voicenb as vn
from voicenb.emulator.resources import Deaf
from voicenb.session import pulse

AGENT = vn.Agent(name="Lido", system_prompt="You take bookings.")


@pytest.fixture
def emulator() -> Iterator[vn.Emulator]:
    with vn.Emulator(brain="rules", mouth=BriefMouth(), recognizer=Deaf(), key="sesame") as emulator:
        yield emulator


class Call:
    """A session over a relay, whose caller counts."""

    def __init__(self, emulator: vn.Emulator, folder: Path) -> None:
        self.emulator = emulator
        self.relay = Relay(emulator.port)
        self.folder = folder

    def __enter__(self) -> Call:
        self.relay.start()
        address = vn.Address(f"ws://127.0.0.1:{self.relay.port}/v1/ws", key="sesame", kind="emulator")
        self.session = vn.Session(AGENT, address, microphone=Counting(), recording=self.folder).start()
        self.until(1.0)
        return self

    def __exit__(self, *_: object) -> None:
        self.session.end()
        self.relay.stop()

    def until(self, seconds: float) -> None:
        """Wait until so much of the caller has been sent, and received by the service."""
        samples = round(seconds * 24_000)
        with self.session.paused():
            assert self.session.paused().wait_for(
                lambda: len(self.recording.caller) >= samples and self.received >= seconds - 0.5, 30
            )

    @property
    def received(self) -> float:
        return float(self.emulator.sessions[0].received_audio)

    @property
    def recording(self) -> vn.Recording:
        return vn.load(self.folder)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event["msg"] for event in self.recording.events if event["type"] == kind]

    def check(self) -> None:
        """All that the caller said is in the recording, once and in order."""
        assert steps(self.recording.caller.astype("<i2").tobytes()) == [1]
        (served,) = self.emulator.sessions
        assert served.ended_by == "session.end"


def test_a_network_that_is_cut(emulator: vn.Emulator, tmp_path: Path) -> None:
    with Call(emulator, tmp_path / "call") as call:
        session_id = call.session.session_id
        for number in (1, 2):
            call.relay.cut()
            call.session.wait_for("reconnected", timeout=20)
            call.until(2.0 + number)
        assert call.session.session_id == session_id
    call.check()
    assert [facts["how"] for facts in call.of("reconnected")] == ["resumed"] * 2
    # What was on its way when the network was cut is lost to the service, and nothing else.
    sent = len(call.recording.caller) / 24_000
    assert sent - 0.5 < call.received < sent + 0.001


def test_a_server_that_ends_under_the_call_has_gone(emulator: vn.Emulator, tmp_path: Path) -> None:
    with Call(emulator, tmp_path / "call") as call:
        call.relay.stop()  # which lets go of the port: nothing takes connections there any more
        with pytest.raises(
            vn.ServiceUnreachable, match=r"^The server at \S+ has gone, and the call with it\."
        ) as gone:
            call.session.wait_for("session.ended", timeout=30)
        assert gone.value.facts["reason"].startswith("closed with 1006")
        assert gone.value.facts["after"] > 1
        assert "nothing takes connections there" in gone.value.facts["again"]


def test_a_network_that_stalls(emulator: vn.Emulator, tmp_path: Path) -> None:
    with Call(emulator, tmp_path / "call") as call:
        call.relay.stall()
        threading.Event().wait(4.0)  # so long it lasts: what is said behind its beginning is kept meanwhile
        samples = len(call.recording.caller)
        assert call.received < samples / 24_000 + 0.5
        call.relay.stall(False)
        call.until(samples / 24_000 + 4.0)
    call.check()
    assert call.of("closed")[0]["code"] == 1000, "nobody was told that it stalled"
    assert call.received == pytest.approx(len(call.recording.caller) / 24_000, abs=0.1)


def test_a_network_that_dies_silently(
    emulator: vn.Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "TICK", 0.5)
    with Call(emulator, tmp_path / "call") as call:
        call.relay.lose()
        call.session.wait_for("reconnected", timeout=30)
        call.until(len(call.recording.caller) / 24_000 + 1.0)
    call.check()
    (facts,) = call.of("reconnected")
    (closed, _) = call.of("closed")
    assert facts["how"] == "resumed"
    assert closed["reason"].startswith("no sign of life for")
    assert pulse.DEAD * 0.5 - 0.5 <= closed["silent"] <= facts["gap"] < 20
    assert facts["left_out"] == 0
    assert 0 < facts["in_doubt"] < 0.5 * facts["gap"], "what is said once it is doubtful is kept"
    sent = len(call.recording.caller) / 24_000
    assert sent - facts["in_doubt"] - 0.5 < call.received < sent - facts["in_doubt"] + 1.0


def test_a_network_that_is_narrow(emulator: vn.Emulator, tmp_path: Path) -> None:
    with Call(emulator, tmp_path / "call") as call:
        call.relay.rate = 40_000  # of the 65,000 bytes a second that speech takes on the wire
        samples = len(call.recording.caller)
        with call.session.paused():
            assert call.session.paused().wait_for(
                lambda: len(call.recording.caller) >= samples + 3 * 24_000, 30
            )
        call.relay.rate = None
        call.until(samples / 24_000 + 4.0)
    call.check()
    assert call.received == pytest.approx(len(call.recording.caller) / 24_000, abs=0.1)
