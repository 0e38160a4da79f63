from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

import voicenb as vn
from voicenb.recording import flac
from voicenb.recording.missing import check_whole
from voicenb.recording.reading import has_sound
from voicenb.recording.recording import Recording


@pytest.fixture
def compressed(finished: Path, tmp_path: Path) -> Recording:
    return Recording(finished).save(tmp_path / "compressed", flac=True)


def test_a_compressed_copy_has_the_same_samples(finished, compressed):
    names = {path.name for path in compressed.folder.iterdir()}
    assert names == {"caller.flac", "agent.flac", "events.jsonl", "session.json"}
    whole = Recording(finished)
    for track in ("caller", "agent"):
        samples = getattr(compressed, track)
        assert samples.dtype == np.int16
        np.testing.assert_array_equal(samples, getattr(whole, track))
        assert flac.count(compressed.folder / f"{track}.flac") == len(samples)
    np.testing.assert_array_equal(compressed.stereo(), whole.stereo())
    check_whole(compressed)


def test_every_sample_and_every_length_comes_back(tmp_path):
    random = np.random.default_rng(3)
    for length in (1, 4096, 60 * 24_000 + 17):
        samples = random.integers(-32768, 32768, length).astype("<i2")
        flac.write(tmp_path / "x.flac", samples)
        np.testing.assert_array_equal(flac.read(tmp_path / "x.flac"), samples)
        assert flac.count(tmp_path / "x.flac") == length


def test_it_is_decoded_once(compressed):
    assert compressed.caller is compressed.caller
    with pytest.raises(ValueError, match="read-only"):
        compressed.caller[0] = 1


def test_a_compressed_copy_is_a_recording_like_any_other(compressed, tmp_path):
    assert has_sound(compressed.folder)
    again = vn.load(compressed.folder).save(tmp_path / "again")
    assert (again.folder / "caller.flac").read_bytes() == (compressed.folder / "caller.flac").read_bytes()
    twice = again.save(tmp_path / "twice", flac=True)
    np.testing.assert_array_equal(twice.agent, compressed.agent)
    assert compressed.save(tmp_path / "again", overwrite=True).duration == compressed.duration


def test_what_there_is_so_far_of_a_running_call(call, tmp_path):
    call.opens()
    call.says(0.12, np.arange(480, dtype="<i2").tobytes())
    copy = Recording(call.recorder.folder).save(tmp_path / "copy", flac=True)
    np.testing.assert_array_equal(copy.caller, np.arange(480))
    assert len(copy.agent) == 0
    call.recorder.close({"t": 1.0, "reason": "ended"})


def test_without_soundfile_it_says_so_and_tells_the_words(finished, compressed, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "soundfile", None)
    bare = vn.load(compressed.folder)
    assert [line.role for line in bare.transcript] == ["user", "agent"]
    with pytest.raises(vn.MissingExtra, match=r"soundfile.*not installed.*voicenb\[emulator\]"):
        _ = bare.caller
    with pytest.raises(vn.MissingExtra, match="soundfile"):
        Recording(finished).save(tmp_path / "none", flac=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["call", "compressed"]


@pytest.mark.parametrize("kept", [200, 0.6])
def test_a_track_that_is_cut_off(compressed, kept):
    path = compressed.folder / "caller.flac"
    whole = path.read_bytes()
    path.write_bytes(whole[: kept if isinstance(kept, int) else int(kept * len(whole))])
    with pytest.raises(vn.RecordingError, match=r"caller\.flac cannot be decoded"):
        _ = vn.load(compressed.folder).caller


def test_a_track_that_is_something_else(compressed):
    soundfile.write(compressed.folder / "agent.flac", np.zeros((100, 2)), 8000, format="FLAC")
    with pytest.raises(vn.RecordingError, match="2 channels at 8000 Hz"):
        _ = compressed.agent
    (compressed.folder / "agent.flac").write_bytes(b"RIFF")
    with pytest.warns(UserWarning, match=r"agent\.flac has 0 of 2,400 samples"):
        vn.load(compressed.folder)
    (compressed.folder / "agent.flac").unlink()
    with pytest.warns(UserWarning, match=r"agent\.wav is missing"):
        vn.load(compressed.folder)


def test_a_copy_that_cannot_be_compressed_leaves_nothing(finished, tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise soundfile.LibsndfileError(2)

    monkeypatch.setattr(soundfile, "SoundFile", full)
    with pytest.raises(vn.RecordingError, match="cannot be written"):
        Recording(finished).save(tmp_path / "none", flac=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["call"]
