"""A finished recording that has lost what its events speak of."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from voicenb.recording.events import Events
from voicenb.recording.missing import lost_events, samples_of


@pytest.fixture
def whole(call: Any) -> Path:
    call.whole()
    call.recorder.close({"t": 3.0, "reason": "ended"})
    return call.recorder.folder


def cut(path: Path, samples: int) -> None:
    path.write_bytes(path.read_bytes()[: -2 * samples])


def test_a_whole_one_loads_without_a_word(whole: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert vn.load(whole).finished


@pytest.mark.parametrize("events", [None, b"", b'{"n": 0, "t'])
def test_without_events_it_is_no_recording(whole: Path, events: bytes | None) -> None:
    (whole / "events.jsonl").unlink()
    if events is not None:
        (whole / "events.jsonl").write_bytes(events)
    with pytest.raises(vn.RecordingError, match=r"has no events: events\.jsonl is (missing|empty)"):
        vn.load(whole)


@pytest.mark.parametrize(
    ("track", "samples"), [("caller.wav", "24,000 samples (1.0 s)"), ("agent.wav", "2,400 samples (0.1 s)")]
)
def test_a_track_that_is_missing_is_warned_of(whole: Path, track: str, samples: str) -> None:
    (whole / track).unlink()
    with pytest.warns(
        UserWarning, match=re.escape(f"{track} is missing, and with it all of {samples}")
    ) as told:
        loaded = vn.load(whole)
    assert told[0].filename == __file__
    assert loaded.transcript


@pytest.mark.parametrize("content", [b"", b"RIFF"])
def test_a_track_that_is_empty_is_warned_of(whole: Path, content: bytes) -> None:
    (whole / "caller.wav").write_bytes(content)
    with pytest.warns(UserWarning, match=r"something is missing: caller\.wav has 0 of 24,000 samples"):
        vn.load(whole)


def test_tracks_that_are_cut_are_warned_of(whole: Path) -> None:
    cut(whole / "caller.wav", 1)
    cut(whole / "agent.wav", 400)
    with pytest.warns(UserWarning, match=r"caller\.wav has 23,999 of .*; agent\.wav has 2,000 of 2,400"):
        vn.load(whole)


def test_without_any_sound_it_is_refused_and_its_words_can_be_read(whole: Path) -> None:
    (whole / "caller.wav").unlink()
    (whole / "agent.wav").write_bytes(b"")
    with pytest.raises(
        vn.RecordingError, match=r"something is missing: caller\.wav is missing.*agent\.wav has 0"
    ):
        vn.load(whole)
    assert vn.Recording(whole).transcript


@pytest.mark.parametrize("kept", [slice(None, None, 2), slice(20), slice(20, None)])
def test_events_that_are_gone_are_warned_of(whole: Path, kept: slice) -> None:
    lines = (whole / "events.jsonl").read_bytes().splitlines(keepends=True)
    (whole / "events.jsonl").write_bytes(b"".join(lines[kept]))
    gone = len(lines) - len(lines[kept])
    what = rf"{gone} of {len(lines)} events are gone from events\.jsonl"
    with pytest.warns(UserWarning, match=what) as told:
        vn.load(whole)
    assert len(told) == 1


@pytest.mark.parametrize("line", [3, -1])
def test_a_line_that_cannot_be_read_is_warned_of(whole: Path, line: int) -> None:
    lines = (whole / "events.jsonl").read_bytes().splitlines(keepends=True)
    lines[line] = lines[line][:-9] + b"\n"
    (whole / "events.jsonl").write_bytes(b"".join(lines))
    with pytest.warns(UserWarning, match=rf"1 of {len(lines)} events is gone from events\.jsonl"):
        vn.load(whole)


def test_of_one_that_does_not_say_how_many_events_it_had_their_numbers_tell(whole: Path) -> None:
    session = json.loads((whole / "session.json").read_text())
    del session["ended"]["events"]
    (whole / "session.json").write_text(json.dumps(session))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vn.load(whole)
    lines = (whole / "events.jsonl").read_bytes().splitlines(keepends=True)
    (whole / "events.jsonl").write_bytes(b"".join(lines[::2] + lines[-1:]))
    with pytest.warns(UserWarning, match="events are gone"):
        vn.load(whole)


def test_sound_and_events_that_are_gone_are_told_of_together(whole: Path) -> None:
    lines = (whole / "events.jsonl").read_bytes().splitlines(keepends=True)
    (whole / "events.jsonl").write_bytes(b"".join(lines[1:]))
    cut(whole / "agent.wav", 400)
    with pytest.warns(UserWarning, match=r"agent\.wav has 2,000 of .*; 1 of \d+ events is gone") as told:
        vn.load(whole)
    assert len(told) == 1


def events(*told: dict[str, Any]) -> Events:
    found = Events()
    for each in told:
        found.append(json.dumps({"t": 0.0, "dir": "in", "type": "state", **each}).encode() + b"\n")
    return found


def test_numbers_that_are_none_say_nothing() -> None:
    assert lost_events(events({"n": "x"}, {"n": True}, {}, {"n": 1.0}), {"events": "many"}) == (0, 4)
    assert lost_events(events({"n": 0}, {"n": 5}), {}) == (4, 6)
    assert lost_events(events({"n": 0}, {"n": 0}, {"n": -5}), {"events": 1}) == (0, 3)


def test_one_without_sound_needs_none(call: Any) -> None:
    call.opens()
    call.recorder.close({"t": 0.2, "reason": "error"})
    (call.recorder.folder / "caller.wav").unlink()
    assert vn.load(call.recorder.folder).finished


def test_one_that_a_crash_tore_off_loads_as_it_is(whole: Path) -> None:
    session = json.loads((whole / "session.json").read_text())
    (whole / "session.json").write_text(json.dumps(session | {"ended": None}))
    (whole / "events.jsonl").unlink()
    (whole / "caller.wav").unlink()
    assert not vn.load(whole).finished


def test_one_that_the_disk_had_no_room_for_loads_as_it_is(call: Any) -> None:
    call.recorder.close({"t": 0.2, "reason": "ended", "recording_error": "stopped"})
    assert vn.load(call.recorder.folder).finished


def test_what_is_no_place_of_a_sample_says_nothing() -> None:
    told = events(
        {"track": "caller", "start": "x", "samples": 5},
        {"track": "nobody", "start": 0, "samples": 5},
        {"track": "caller", "start": 10, "samples": 5},
        {"track": "caller", "start": 0, "samples": 0},
        {"track": "caller", "start": 2**70, "samples": 5},
        {"track": "agent", "start": 0, "samples": 2**40},
        {"track": ["caller"], "start": 10, "samples": 50},
        {},
    )
    assert samples_of(told) == {"caller": 15}


@pytest.mark.parametrize("path", [None, 5, b"calls/lido"])
def test_a_recording_is_named_by_its_path(path: object, whole: Path) -> None:
    for use in (vn.load, vn.Recording, vn.load(whole).save, vn.load(whole).export_wav):
        with pytest.raises(vn.InvalidConfiguration, match="takes a path"):
            use(path)  # type: ignore[operator]


def test_a_path_that_no_file_can_have(whole: Path) -> None:
    with pytest.raises(vn.RecordingError, match="There is nothing at"):
        vn.load("calls/\0")


def test_save_onto_a_copy_names_what_replaces_it(whole: Path, tmp_path: Path) -> None:
    recording = vn.load(whole)
    recording.save(tmp_path / "lido")
    with pytest.raises(vn.RecordingError) as refused:
        recording.save(tmp_path / "lido")
    assert "overwrite=True" in refused.value.remedy
    (tmp_path / "lido" / "notes.txt").write_text("mine")
    for place in (tmp_path / "lido", whole):
        with pytest.raises(vn.RecordingError) as refused:
            recording.save(place)
        assert "overwrite" not in refused.value.remedy


def tear(folder: Path) -> None:
    """As a crash leaves it: nothing says how it ended."""
    session = json.loads((folder / "session.json").read_text())
    (folder / "session.json").write_text(json.dumps(session | {"ended": None}))


@pytest.fixture
def spoken(call: Any) -> Path:
    """A call of 3 s in which the caller speaks all the time, torn off."""
    call.opens()
    for frame in range(150):
        call.says(0.02 * (frame + 1), b"\1\0" * 480)
    call.recorder.close({"t": 3.0, "reason": "ended"})
    tear(call.recorder.folder)
    return call.recorder.folder


@pytest.mark.parametrize(
    ("content", "told"), [(None, "is missing, and with it all of 72,000"), (b"", "has 0 of 72,000")]
)
def test_of_one_that_a_crash_tore_off_more_than_its_last_second_is_missed(
    spoken: Path, content: bytes | None, told: str
) -> None:
    (spoken / "caller.wav").unlink()
    if content is not None:
        (spoken / "caller.wav").write_bytes(content)
    with pytest.warns(UserWarning, match=rf"something is missing: caller\.wav {told} samples"):
        loaded = vn.load(spoken)
    assert " 3.0 s of 3.0 s of caller.wav missing\n" in repr(loaded)


def test_the_last_second_of_one_that_a_crash_tore_off_may_be_missing(spoken: Path) -> None:
    cut(spoken / "caller.wav", 12_000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = vn.load(spoken)
    assert " 0.5 s of 3.0 s of caller.wav missing\n" in repr(loaded)


def test_of_one_that_a_crash_tore_off_nobody_knows_the_last(spoken: Path) -> None:
    assert " what came last may be missing\n" in repr(vn.load(spoken))


def test_a_line_in_the_middle_that_cannot_be_read_is_missed_after_a_crash(spoken: Path) -> None:
    lines = (spoken / "events.jsonl").read_bytes().splitlines(keepends=True)
    lines[40] = b'{"n": 40, "t": garb\n'
    (spoken / "events.jsonl").write_bytes(b"".join(lines))
    with pytest.warns(UserWarning, match="1 of 152 events is gone"):
        loaded = vn.load(spoken)
    assert " 1 of 152 events missing\n" in repr(loaded)


def test_its_repr_says_what_is_missing(whole: Path) -> None:
    assert "missing" not in repr(vn.load(whole))
    lines = (whole / "events.jsonl").read_bytes().splitlines(keepends=True)
    (whole / "events.jsonl").write_bytes(b"".join(lines[:60] + lines[61:]))
    cut(whole / "caller.wav", 12_000)
    with pytest.warns(UserWarning, match=r"caller\.wav has"):
        loaded = vn.load(whole)
    told = f"0.5 s of 1.0 s of caller.wav missing · 1 of {len(lines)} events missing"
    assert f" {told}\n" in repr(loaded).replace("about 2 words not heard · ", "")
    assert told in loaded._repr_html_()


def test_while_it_runs_nothing_is_missed(call: Any) -> None:
    call.opens()
    call.put(0.2, "out", "input.audio", track="caller", start=0, samples=48_000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "missing" not in repr(vn.load(call.recorder.folder))
    call.recorder.close({"t": 0.2, "reason": "ended"})


def test_a_part_has_what_its_call_has_of_it(call: Any) -> None:
    call.whole()
    call.recorder.close({"t": 3.0, "reason": "ended"})
    whole = vn.load(call.recorder.folder)
    assert "missing" not in repr(whole[0.5:2.5])
    cut(call.recorder.folder / "caller.wav", 12_000)
    with pytest.warns(UserWarning, match=r"caller\.wav has"):
        lossy = vn.load(call.recorder.folder)
    assert "s of caller.wav missing" in repr(lossy[0.0:2.5])
    assert "missing" not in repr(lossy[0.0:0.5])
