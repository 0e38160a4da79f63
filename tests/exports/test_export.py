"""vn.export: which format, and what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

import voicenb as vn
from voicenb.exports.export import FORMATS, SOUND_WRITERS


@pytest.mark.parametrize("name", [*FORMATS, *SOUND_WRITERS])
def test_each_format_by_its_ending_and_by_its_name(call: vn.Recording, tmp_path: Path, name: str) -> None:
    ending = FORMATS[name].ending if name in FORMATS else f".{name}"
    by_ending = vn.export(call, tmp_path / "made" / f"call{ending.upper()}")
    assert by_ending.stat().st_size > 50
    by_name = vn.export(call, str(tmp_path / "call.anything"), format=name)  # type: ignore[arg-type]
    assert by_name.read_bytes() == by_ending.read_bytes()


def test_one_side(call: vn.Recording, tmp_path: Path) -> None:
    caller = vn.export(call, tmp_path / "caller.wav", side="caller")
    assert caller.stat().st_size < vn.export(call, tmp_path / "both.wav").stat().st_size
    with pytest.raises(vn.InvalidConfiguration, match="does not go with vtt"):
        vn.export(call, tmp_path / "caller.vtt", side="caller")
    with pytest.raises(vn.InvalidConfiguration, match="'left'"):
        vn.export(call, tmp_path / "left.wav", side="left")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "format_", "told"),
    [
        ("call.mp3", None, "says no format"),
        ("call", None, "says no format"),
        ("call.vtt", "rtmm", "Did you mean"),
        (5, None, "takes a path"),
    ],
)
def test_what_is_no_format_is_refused(
    call: vn.Recording, path: object, format_: str | None, told: str
) -> None:
    with pytest.raises(vn.InvalidConfiguration, match=told):
        vn.export(call, path, format=format_)  # type: ignore[arg-type]


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    for wrong in (None, 3, [], ["calls/lido"]):
        with pytest.raises(vn.InvalidConfiguration, match="takes one recording or its path"):
            vn.export(wrong, tmp_path / "call.vtt")  # type: ignore[arg-type]
    with pytest.raises(vn.RecordingError, match="There is nothing at"):
        vn.export("calls/lido", tmp_path / "call.vtt")


def test_a_path_is_as_good_as_its_recording(call: vn.Recording, tmp_path: Path) -> None:
    paths = [vn.export(each, tmp_path / f"{n}.vtt") for n, each in enumerate((call, str(call.folder)))]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_where_nothing_can_be_written_it_says_so(call: vn.Recording, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(vn.RecordingError, match="cannot be written"):
        vn.export(call, tmp_path / "file" / "call.vtt")
