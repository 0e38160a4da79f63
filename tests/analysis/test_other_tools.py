"""A call of which everything is known, by other tools' definitions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import voicenb as vn
from voicenb.analysis.figure import Figure
from voicenb.analysis.other_tools import OtherTools, ToolFigure
from voicenb.analysis.others.livekit import livekit
from voicenb.analysis.others.pipecat import user_bot_latency
from voicenb.analysis.speech_probability import SpeechProbability

from .known_call import RATE, KnownCall, speech

FRAME = 0.032
HANGING = 0.1
"""Seconds that a detector's last frame may lie behind the end that was set by hand."""


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    """A greeting, a plain turn, a tool turn with an announcement, an interruption, a sound nobody took."""
    made = KnownCall(tmp_path_factory.mktemp("others") / "call", 42.0, {"min_silence": 800})
    leading = np.zeros(RATE // 4, np.float32)
    hello = speech("cards-001.wav")
    made.reply("greeting", "Hello.", hello, began=0.1, received=0.2, heard=0.3)
    over = made.says(4.0, speech("cards-002.wav"))
    made.turn("one", "Two cards.", told=4.2, decided=over + 0.85, transcribed=over + 0.9)
    answer = np.concatenate([leading, speech("austen-0880.wav")])
    made.reply("r1", "Yes.", answer, began=over + 0.95, received=over + 1.1, heard=over + 1.25)
    over = made.says(14.0, speech("cards-004.wav"))
    made.turn("two", "A tool.", told=14.1, decided=over + 0.9, transcribed=over + 0.9)
    calls = (("c1", over + 1.02, over + 3.5),)
    made.reply("r2", "Wait.", hello, began=over + 0.95, received=over + 1.0, heard=over + 1.1, calls=calls)
    begin = over + 3.8 + 2.0
    found = speech("austen-0890.wav")
    cut = begin + 0.62
    made.reply("r3", "There.", found, began=over + 3.6, received=over + 3.7, heard=over + 3.8, cut=cut)
    over = made.says(begin, speech("cards-005.wav"))
    made.turn("three", "Stop.", told=begin + 0.55, decided=over + 0.9, transcribed=over + 1.0)
    made.reply("r4", "Yes?", hello, began=over + 1.0, received=over + 1.1, heard=over + 1.2)
    return made.build()


def test_livekit_counts_from_its_detector_to_the_first_audio_sent(call: vn.Recording) -> None:
    found = vn.turns(call)
    told = livekit(call, found, SpeechProbability(call))
    assert [turn.number for turn in told] == [turn.number for turn in found.caller]
    received = (1.1, 1.0, 1.1)  # in the tool turn the announcement's
    for turn, ours, sent in zip(told, found.caller, received, strict=True):
        assert sent - HANGING - FRAME <= turn.e2e_latency <= sent + FRAME
        stopped = ours.decided - turn.end_of_turn_delay
        before = (ours.playback_delay or 0.0) + (ours.leading_silence or 0.0)
        # The same wait, without what comes before the sound is heard and with another beginning.
        assert turn.e2e_latency == pytest.approx(
            ours.response_latency - before - (stopped - ours.end), abs=1e-4
        )
        delay = ours.transcription_delay - ours.end_of_turn_delay
        assert turn.transcription_delay - turn.end_of_turn_delay == pytest.approx(delay, abs=1e-4)


def test_pipecat_measures_each_start_of_the_bots_behind_a_stop(call: vn.Recording) -> None:
    told = user_bot_latency(call, SpeechProbability(call))
    assert list(told) == ["r1", "r2", "r4"], "not the greeting, nor a tool's answer: no stop was before it"
    for latency, sent in zip(told.values(), (1.1, 1.0, 1.1), strict=True):
        assert sent - HANGING - FRAME <= latency <= sent + FRAME


def test_the_table(call: vn.Recording) -> None:
    report = vn.report(call)
    told = report.other_tools
    assert isinstance(told, OtherTools)
    assert told["e2e_latency"].n == 3
    assert told["turn_taking"].value == pytest.approx((1.0 + 1.0 + (1 - 0.62 / 2)) / 3, abs=0.02)
    assert (told["yield_rate"].value, told["yield_rate"].n) == (1.0, 1)
    assert told["response_rate"].value == 1.0
    assert told["selectivity_vocal_tic"].told == "not captured"
    assert told["selectivity_backchannel"].told == "none (back-channels: 0)"
    assert told["yield_rate"].told == "1.00 (interruptions: 1)"
    text = repr(told)
    for word in (
        "LiveKit Agents",
        "Pipecat",
        "EVA",
        "τ-voice",
        "github.com/ServiceNow/eva",
        str(report.latency.p50)[:4],
    ):
        assert word in text
    assert max(map(len, text.splitlines())) <= 140
    html = told._repr_html_()
    assert html.count("<tr>") == len(told) + 4
    frame = told.to_dataframe()
    assert list(frame["name"]) == [each.name for each in told]
    assert set(told.to_dicts()[0]) == set(frame.columns)
    assert len(told[:3]) == 3
    assert isinstance(told[0], ToolFigure)
    with pytest.raises(KeyError, match="Did you mean 'e2e_latency'"):
        told["e2elatency"]


def test_many_calls_and_one_without_a_turn(call: vn.Recording, tmp_path: Path) -> None:
    told = vn.report([call, call]).other_tools
    assert told["e2e_latency"].n == 6
    assert told["user_bot_latency"].values == Figure(
        vn.report(call).other_tools["user_bot_latency"].values.values * 2
    )
    empty = vn.report(KnownCall(tmp_path / "empty", 3.0).build()).other_tools
    assert empty["e2e_latency"].value is None
    assert empty["turn_taking"].value is None
    assert "not measured" in repr(empty)
