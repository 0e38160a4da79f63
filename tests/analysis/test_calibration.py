"""A sound check in rooms that were made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from voicenb.analysis.calibration import Calibration, calibrate, measure
from voicenb.analysis.calibration_text import HEADPHONES, line
from voicenb.audio.chirp import chirp
from voicenb.audio.level import level
from voicenb.audio.noise import pink
from voicenb.audio.pcm import to_pcm
from voicenb.audio.wav import read_wav
from voicenb.recording.recorder import Recorder
from voicenb.recording.recording import Recording

RATE = 24_000
AUDIO = Path(__file__).parents[1] / "data" / "audio"

Track = npt.NDArray[np.int16]


def tracks(
    *,
    delay: float = 0.06,
    echo: float | None = -25.0,
    noise: float | None = -60.0,
    voice: float | None = -22.0,
    quiet: float = 2.0,
    tones: int = 5,
) -> tuple[Track, Track, float]:
    """Microphone, loudspeaker, and the exact level of the speech; noise is given for one without slope."""
    heard = np.zeros(round((quiet + 0.8 * tones + 4) * RATE), np.float32)
    said = np.zeros(len(heard), np.float32)
    for n in range(tones):
        place = round((quiet + 0.5 + 0.8 * n) * RATE)
        heard[place : place + 6000] += chirp()
    if echo is not None:
        off = round(delay * RATE)
        said[off:] += np.float32(10 ** (echo / 20)) * heard[: len(heard) - off]
    exact = 0.0
    if voice is not None:
        clip, _ = read_wav(AUDIO / "austen-0880.wav")
        clip = clip[round(0.25 * RATE) : round(2.8 * RATE)]
        spoken = (clip * 10 ** ((voice - level(clip)) / 20)).astype(np.float32)
        exact = level(spoken)
        at = round((quiet + 0.8 * tones + 1) * RATE)
        said[at : at + len(spoken)] += spoken
    if noise is not None:
        said += (10 ** (noise / 20) * pink(len(said), 7)).astype(np.float32)
    return pcm(said), pcm(heard), exact


def pcm(samples: npt.NDArray[np.float32]) -> Track:
    return np.frombuffer(to_pcm(samples), "<i2")


def check(**room: Any) -> Calibration:
    said, heard, _ = tracks(**room)
    return measure(said, heard)


def test_all_figures_of_a_usual_room() -> None:
    said, heard, exact = tracks()
    found = measure(said, heard, uncertainty=0.004, microphone="Headset")
    assert found.voice == pytest.approx(exact, abs=1.0)
    assert found.noise == pytest.approx(-60, abs=2)
    assert found.echo == pytest.approx(-25, abs=0.5)
    assert found.round_trip == pytest.approx(0.06, abs=0.001)
    assert found.round_trip_uncertainty == pytest.approx(0.004, abs=0.001)
    assert (found.tones, found.tones_found, found.clipped, found.missing) == (5, 5, 0.0, ())
    assert found.remedies == [HEADPHONES]
    assert str(found).splitlines()[:5] == [
        "Sound check",
        f"  voice       {round(exact)} dBFS",
        f"  noise       {round(found.noise or 0)} dBFS",
        "  echo        -25 dB of what is played",
        "  round trip  60 ms ± 4 ms, loudspeaker to microphone",
    ]
    assert line(found).startswith(f"Sound check: voice {round(exact)} dBFS · noise -6")


@pytest.mark.parametrize("delay", [0.0, 0.012, 0.3])
@pytest.mark.parametrize("echo", [-6.0, -35.0])
def test_delay_and_echo(delay: float, echo: float) -> None:
    found = check(delay=delay, echo=echo)
    assert found.round_trip == pytest.approx(delay, abs=0.001)
    assert found.echo == pytest.approx(echo, abs=0.7)


def test_with_headphones_no_echo_is_found_and_it_says_below_what() -> None:
    found = check(echo=None)
    assert (found.echo, found.round_trip, found.tones_found) == (None, None, 0)
    assert found.echo_below is not None
    assert found.echo_below < -45
    assert found.remedies == []
    assert "none found above -" in str(found)
    assert "round trip  not measured" in str(found)
    assert "which is as it should be" in found.missing[0]


def test_a_microphone_that_is_muted() -> None:
    found = check(echo=None, noise=None, voice=None)
    assert (found.voice, found.noise, found.echo, found.echo_below) == (None,) * 4
    assert "digital silence" in found.missing[0]
    assert line(found) == "Sound check: nothing could be measured."


def test_nobody_speaks() -> None:
    found = check(voice=None)
    assert found.voice is None
    assert found.missing == ("Voice: nobody spoke behind the tones.",)
    assert found.echo == pytest.approx(-25, abs=0.5)


def test_too_little_silence_and_no_tone() -> None:
    found = check(quiet=0.3)
    assert (found.noise, found.echo, found.echo_below) == (None, None, None)
    assert len(found.missing) == 2
    silent = check(tones=0, quiet=3.0)
    assert (silent.tones, silent.echo, silent.echo_below) == (0, None, None)
    assert "no tone was played" in silent.missing[0]
    assert silent.voice is not None


def test_remedies_for_voice_and_room() -> None:
    assert "soft" in check(voice=-50.0, echo=None, noise=-80.0).remedies[0]
    assert "nearly as loud" in check(voice=-35.0, echo=None, noise=-45.0).remedies[0]
    loud = check(voice=-1.0, echo=None)
    assert loud.clipped is not None
    assert loud.clipped > 0.001
    assert "cut off" in loud.remedies[0]


def test_it_is_kept_as_json_and_read_again() -> None:
    found = check()
    told = found.to_dict()
    again = Calibration.from_dict({**told, "of a newer version": 1})
    assert again.to_dict() == told
    assert isinstance(again.missing, tuple)
    assert "&lt;" in Calibration(missing=("<b>",))._repr_html_()


def test_how_far_the_clocks_may_be_apart_is_asked_for_the_time_of_the_tones(tmp_path: Path) -> None:
    said, heard, _ = tracks()
    recorder = Recorder(tmp_path / "check", about={"microphone": "browser"})
    events = [("out", "input.audio", {"type": "input.audio"}, recorder.caller(said.tobytes()), len(said))]
    events += [("in", "reply.started", {"type": "reply.started", "reply_id": "r"}, None, 0)]
    place = recorder.agent(heard.tobytes())
    events += [("in", "reply.audio", {"type": "reply.audio", "reply_id": "r"}, place, len(heard))]
    track = {"out": "caller", "in": "agent"}
    for n, (way, kind, msg, start, samples) in enumerate(events):
        sound = {} if start is None else {"track": track[way], "start": start, "samples": samples}
        recorder.event({"n": n, "t": len(said) / RATE, "dir": way, "type": kind, "msg": msg, **sound})
    # Of the first second nobody knew much; the tones begin behind it.
    for n, (begin, end, uncertainty) in enumerate([(0, RATE, 0.3), (RATE, len(heard), 0.002)], len(events)):
        note = {"reply_id": "r", "from": begin, "to": end, "t": begin / RATE, "uncertainty": uncertainty}
        recorder.event({"n": n, "t": len(said) / RATE, "dir": "local", "type": "heard", "msg": note})
    points = [(0, 0.25), (RATE, 0.003), (len(said) - 480, 0.4)]
    told = [{"start": at, "t": at / RATE, "uncertainty": uncertainty} for at, uncertainty in points]
    recorder.close({"t": len(said) / RATE, "reason": "ended"})
    session = json.loads((tmp_path / "check" / "session.json").read_text("utf-8"))
    session["clocks"] = {"caller": told}
    (tmp_path / "check" / "session.json").write_text(json.dumps(session))
    found = calibrate(Recording(tmp_path / "check"))
    assert found.microphone == "browser"
    assert found.tones_found == 5
    assert found.round_trip == pytest.approx(0.06, abs=0.001)
    assert found.round_trip_uncertainty == pytest.approx(0.005, abs=0.001)
