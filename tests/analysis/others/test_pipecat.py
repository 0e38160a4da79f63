"""Pipecat's latency on a call of which everything is known."""

from __future__ import annotations

from pathlib import Path

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from tests.analysis.other_call import FRAME, HANGING, SENT, other_call
from voicenb.analysis.others.pipecat import user_bot_latency
from voicenb.analysis.speech_probability import SpeechProbability


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    return other_call(tmp_path_factory.mktemp("others") / "call")


def test_pipecat_measures_each_start_of_the_bots_behind_a_stop(call: vn.Recording) -> None:
    told = user_bot_latency(call, SpeechProbability(call))
    assert list(told) == ["r1", "r2", "r4"], "not the greeting, nor a tool's answer: no stop was before it"
    for latency, sent in zip(told.values(), SENT, strict=True):
        assert sent - HANGING - FRAME <= latency <= sent + FRAME


def test_a_start_of_the_callers_takes_the_stop_before_it_back(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 20.0)
    made.says(2.0, speech("cards-002.wav"))
    begin = 6.0
    over = made.says(begin, speech("austen-0880.wav"))
    sound = speech("cards-001.wav")
    into = begin + 1.0  # the bot's first audio comes while he speaks on
    made.reply("early", "Yes.", sound, began=into, received=into, heard=into + 0.1)
    made.reply("late", "Yes.", sound, began=over + 0.8, received=over + 0.8, heard=over + 0.9)
    call = made.build()
    told = user_bot_latency(call, SpeechProbability(call))
    assert list(told) == ["late"]
    assert 0.8 - HANGING - FRAME <= told["late"] <= 0.8 + FRAME


def test_each_stop_counts_once(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 20.0)
    over = made.says(2.0, speech("cards-002.wav"))
    sound = speech("cards-001.wav")
    for number, at in enumerate((over + 1.0, over + 3.0)):
        made.reply(f"r{number}", "Yes.", sound, began=at, received=at, heard=at + 0.1)
    call = made.build()
    assert list(user_bot_latency(call, SpeechProbability(call))) == ["r0"]


def test_where_nobody_speaks_there_is_none(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "call", 3.0).build()
    assert user_bot_latency(call, SpeechProbability(call)) == {}
