"""The service's timeline beside a recording."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from voicenb.recording.recording import Recording
from voicenb.service.sessions import PastSession
from voicenb.service.timeline import Timeline

WIRE: dict[str, Any] = {
    "session_id": "sess_1",
    "started_at_unix_ms": 1_790_000_000_000,
    "turns": [
        {"turn_id": "t0", "trigger": "greeting", "agent_text": "Good evening.", "time_to_first_audio_ms": 80},
        {
            "turn_id": "t1",
            "item_id": "i1",
            "trigger": "user_speech",
            "user_transcript": "A table for <four>.",
            "time_to_first_audio_ms": 912.5,
        },
        {"turn_id": "t2", "item_id": "i1", "trigger": "tool_result", "time_to_first_audio_ms": None},
    ],
    "later": {"versions": "add"},
}


@pytest.fixture
def timeline() -> Timeline:
    return Timeline.from_wire(WIRE)


def test_it_is_kept_beside_the_recording_as_the_service_wrote_it(finished: Path, timeline: Timeline) -> None:
    before = {path.name: path.read_bytes() for path in finished.iterdir()}
    call = Recording(finished)
    assert call.timeline is None
    assert call.attach(timeline) == timeline
    assert json.loads((finished / "timeline.json").read_text()) == WIRE
    assert {name: (finished / name).read_bytes() for name in before} == before
    assert vn.load(finished).timeline == timeline


def test_turns_tell_the_service_s_own_figure_beside_ours(finished: Path, timeline: Timeline) -> None:
    call = Recording(finished)
    assert [turn.service_first_audio for turn in vn.turns(call)] == [None, None]
    call.attach(timeline)
    assert [turn.service_first_audio for turn in vn.turns(call).caller] == [0.9125]
    assert [turn.service_first_audio for turn in vn.turns(call).agent] == [None]
    assert vn.turns(call).to_dataframe()["service_first_audio"].tolist()[0] == 0.9125
    assert call[0.5:3.0].timeline == timeline


def test_a_copy_has_it(finished: Path, timeline: Timeline, tmp_path: Path) -> None:
    call = Recording(finished)
    call.attach(timeline)
    copy = call.save(tmp_path / "copy")
    assert copy.timeline == timeline
    call.save(tmp_path / "copy", overwrite=True)


def test_a_call_from_the_history_has_its_own(finished: Path, timeline: Timeline) -> None:
    session = json.loads((finished / "session.json").read_text())
    (finished / "session.json").write_text(json.dumps(session | {"source": {"timeline": WIRE}}))
    assert vn.load(finished).timeline == timeline


def test_one_of_another_session_is_refused(finished: Path) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="of the session sess_2, the call is sess_1"):
        Recording(finished).attach(Timeline.from_wire(WIRE | {"session_id": "sess_2"}))
    assert not (finished / "timeline.json").exists()


@pytest.mark.parametrize("told", [None, WIRE, "timeline.json"])
def test_what_is_none(finished: Path, told: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match=r"is no timeline. Give vn\.Hosted\(\)"):
        Recording(finished).attach(told)


def test_of_a_session_whose_record_alone_was_read(finished: Path) -> None:
    with pytest.raises(vn.ServiceError, match="only the record was read"):
        Recording(finished).attach(PastSession(id="sess_1"))


def test_a_file_that_cannot_be_read(finished: Path) -> None:
    (finished / "timeline.json").write_text("[]")
    with pytest.raises(vn.RecordingError, match=r"timeline\.json cannot be read.*call\.attach"):
        _ = Recording(finished).timeline


def test_a_folder_that_may_not_be_written_to(
    finished: Path, timeline: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, data: bytes) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refused)
    with pytest.raises(vn.RecordingError, match=r"cannot be written to .*: Permission denied.*call\.save"):
        Recording(finished).attach(timeline)
