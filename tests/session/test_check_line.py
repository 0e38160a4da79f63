"""The service of a sound check, with its devices in a room that was made up."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from loud_room import Room
from websockets.asyncio.client import connect

import voicenb as vn
from voicenb.analysis.calibration import Calibration, calibrate
from voicenb.session.check_line import HUSH, SPEAK, CheckLine, Course


def checked(tmp_path: Path, course: Course | None = None, **room: Any) -> tuple[vn.Recording, Calibration]:
    place = Room(**{"hangs_up": 12.5, **room})
    line = CheckLine(course)
    call = vn.run({}, place, line, speaker=place.speaker, recording=tmp_path / "check")
    assert line.over.is_set()
    return call, calibrate(call)


@pytest.mark.parametrize(("delay", "echo"), [(0.05, -25.0), (0.2, -12.0)])
def test_a_whole_check_on_the_virtual_clock(tmp_path: Path, delay: float, echo: float) -> None:
    call, found = checked(tmp_path, delay=delay, echo=echo)
    assert [(line.role, line.text, line.unheard) for line in call.transcript] == [
        ("agent", HUSH, ""),
        ("agent", SPEAK, ""),
    ]
    assert (found.tones, found.tones_found) == (5, 5)
    assert found.round_trip == pytest.approx(delay, abs=0.002)
    assert found.echo == pytest.approx(echo, abs=0.7)
    assert found.noise == pytest.approx(-60, abs=2)
    assert found.voice is not None
    assert -35 < found.voice < -20
    assert found.missing == ()
    assert found.microphone == "microphone in a room"


def test_headphones_and_nobody_who_speaks(tmp_path: Path) -> None:
    _, found = checked(tmp_path, echo=None, speaks=None)
    assert (found.echo, found.round_trip, found.voice) == (None, None, None)
    assert found.echo_below is not None
    assert found.echo_below < -60


def test_whoever_hangs_up_early_has_what_was_measured_until_then(tmp_path: Path) -> None:
    _, found = checked(tmp_path, hangs_up=5.0)
    assert (found.tones, found.tones_found) == (3, 3)
    assert found.round_trip == pytest.approx(0.05, abs=0.002)
    assert found.missing == ("Voice: nobody spoke behind the tones.",)


def test_a_course_takes_as_long_as_it_says(tmp_path: Path) -> None:
    course = Course(quiet=2.0, tones=4, gap=0.5, speech=1.0)
    assert course.seconds == pytest.approx(6.0)
    call, found = checked(tmp_path, course, hangs_up=8.0)
    assert found.tones == 4
    ends = [event["t"] for event in call.events if event["type"] == "reply.done"]
    assert ends[0] == pytest.approx(5.0, abs=0.3)


def test_it_listens_on_loopback_as_well() -> None:
    line = CheckLine(Course(quiet=0.1, tones=1, gap=0.1, speech=0.1))
    assert line.address().url.startswith("ws://127.0.0.1:0/")
    line.listen()

    async def talk() -> list[str]:
        kinds = []
        async with connect(line.address().url) as socket:
            await socket.send(json.dumps({"type": "session.update", "session": {}}))
            await socket.send(json.dumps({"type": "input.audio", "audio": ""}))
            while "reply.done" not in kinds:
                kinds.append(json.loads(await socket.recv())["type"])
            await socket.send(json.dumps({"type": "session.end"}))
            kinds.extend([json.loads(frame)["type"] async for frame in socket])
        return kinds

    try:
        kinds = asyncio.run(asyncio.wait_for(talk(), 20))
    finally:
        line.close()
        line.close()
    assert kinds[:2] == ["session.ready", "reply.started"]
    assert "reply.audio" in kinds
    assert kinds[-1] == "session.ended"
    assert line.over.is_set()
