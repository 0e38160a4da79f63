"""LiveKit's latencies on a call of which everything is known."""

from __future__ import annotations

from pathlib import Path

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from tests.analysis.other_call import FRAME, HANGING, SENT, other_call
from voicenb.analysis.others.livekit import livekit
from voicenb.analysis.speech_probability import SpeechProbability


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    return other_call(tmp_path_factory.mktemp("others") / "call")


def test_livekit_counts_from_its_detector_to_the_first_audio_sent(call: vn.Recording) -> None:
    found = vn.turns(call)
    told = livekit(call, found, SpeechProbability(call))
    assert [turn.number for turn in told] == [turn.number for turn in found.caller]
    for turn, ours, sent in zip(told, found.caller, SENT, strict=True):
        assert sent - HANGING - FRAME <= turn.e2e_latency <= sent + FRAME
        stopped = ours.decided - turn.end_of_turn_delay
        before = (ours.playback_delay or 0.0) + (ours.leading_silence or 0.0)
        # The same wait, without what comes before the sound is heard and with another beginning.
        assert turn.e2e_latency == pytest.approx(
            ours.response_latency - before - (stopped - ours.end), abs=1e-4
        )
        delay = ours.transcription_delay - ours.end_of_turn_delay
        assert turn.transcription_delay - turn.end_of_turn_delay == pytest.approx(delay, abs=1e-4)


def test_what_it_would_not_tell_is_none(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 20.0)
    over = made.says(4.0, speech("cards-002.wav"))
    made.turn("one", "Nobody answers.", told=4.2, decided=over + 0.9, transcribed=over + 1.4)
    call = made.build()
    (turn,) = livekit(call, vn.turns(call), SpeechProbability(call))
    assert turn.e2e_latency is None
    assert 0.9 - HANGING - FRAME <= turn.end_of_turn_delay <= 0.9 + FRAME
    assert turn.transcription_delay - turn.end_of_turn_delay == pytest.approx(0.5)


def test_a_decision_before_its_detector_has_an_end_is_unreliable(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 20.0)
    made.says(4.0, speech("austen-0880.wav"))
    made.turn("one", "Cut.", told=4.2, decided=4.6, transcribed=4.6)
    call = made.build()
    assert len(vn.turns(call).caller) == 1
    assert livekit(call, vn.turns(call), SpeechProbability(call)) == []


def test_a_turn_without_a_sound_has_no_end(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 6.0)
    made.turn("one", "Nothing was heard.", told=2.0, decided=3.0, transcribed=3.0)
    call = made.build()
    assert livekit(call, vn.turns(call), SpeechProbability(call)) == []
