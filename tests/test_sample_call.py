"""The call that ships with the notebooks is what it says."""

from pathlib import Path

import pytest
import sample_call
from sample_call import FADE, labels, make

import voicenb as vn
from voicenb.audio.level import first_audible
from voicenb.audio.pcm import to_float

FOLDER = Path(__file__).parents[1] / "notebooks" / "sample-call"


@pytest.fixture(scope="module")
def call():
    return vn.load(FOLDER)


def test_it_is_small(call):
    assert call.finished
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 2_500_000
    assert {path.name for path in FOLDER.iterdir()} == {
        *("README.md", "session.json", "events.jsonl"),
        *("caller.flac", "agent.flac"),
    }


def test_it_names_no_machine_and_no_key():
    told = "".join(
        (FOLDER / name).read_text("utf-8") for name in ("session.json", "events.jsonl", "README.md")
    )
    assert not [sign for sign in ("/home/", "/root", "/tmp", "/work", "\\\\", "Bearer") if sign in told]
    assert '"resume_token":"[redacted]"' in told


def tells_its_story(call):
    """Whether somebody who opens it sees what the notebook speaks of."""
    turns = vn.turns(call)
    lead, cut, rest, read_back, over, *compared = turns.caller
    # A plain turn; one that is cut off in a pause of its own, into the rest of which the agent speaks.
    assert (lead.kind, lead.ended_by, lead.configured_silence) == ("plain", "min_silence", 1.0)
    assert (cut.ended_by, cut.false_cutoffs, cut.unanswered) == ("resumed", 1, True)
    assert rest.start - cut.end == pytest.approx(1.2 + 2 * FADE, abs=0.05)
    # Half a sentence is what the tool then gets.
    assert rest.kind == "tool"
    assert [use.name for use in rest.tools] == ["write_down"]
    assert call.tool_calls[0].arguments == {"text": rest.text}
    assert rest.text.startswith("Unless to be")
    assert rest.tools[0].round_trip == pytest.approx(0.6, abs=0.05)
    # From here on 2 s of silence are asked for.
    assert [turn.configured_silence for turn in (read_back, over, *compared)] == [2.0] * 4
    assert all(turn.response_latency > 2.0 for turn in (read_back, *compared))
    # What is read back is interrupted, with words, and not all of it is heard.
    assert read_back.text.startswith("Had he married")
    (stopped,) = (turn for turn in turns.agent if turn.text.startswith("Let me read that back"))
    assert stopped.interrupted
    assert not stopped.false_interruption
    assert "respectable" in stopped.unheard
    assert over.yielded
    assert 0.5 < over.yield_latency < 1.0
    # A tool turn with an announcement: first sound and answer are apart.
    assert over.kind == "tool"
    assert 0.4 < over.announcement < over.first_answer - over.first_sound
    assert [turn.kind for turn in compared] == ["plain", "plain"]
    report = vn.report(call)
    assert report.latency.n >= 4
    assert report.first_answer.n == 2
    assert any(
        "most of the wait was the silence that min_silence demands" in each for each in report.findings
    )
    return True


def test_it_has_all_that_one_wants_to_see(call):
    assert tells_its_story(call)


def test_its_speech_is_found_where_the_labels_have_it(call):
    begins = next(event["t"] for event in call.events if event["type"] == "input.audio") - 0.02
    said, found = call.session["truth"], vn.turns(call).caller
    assert len(said) == len(found)
    for clip, turn in zip(said, found, strict=True):
        onset, offset = labels()[clip["text"]]
        samples = to_float(sample_call.clip(clip["text"][7:11]).pcm)
        place = begins + clip["start"] / 24_000 - first_audible(samples, 24_000) / 24_000 + FADE
        assert turn.start - place == pytest.approx(0, abs=0.04)
        assert turn.end - place == pytest.approx(offset - onset, abs=0.05)


@pytest.mark.slow
def test_it_can_be_made_anew(call, tmp_path):
    again = make(tmp_path / "again")
    assert tells_its_story(again)
    assert [(line.role, line.text) for line in again.transcript] == [
        (line.role, line.text) for line in call.transcript
    ]
    assert abs(again.duration - call.duration) < 1
