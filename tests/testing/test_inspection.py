"""The call that shows what a service does otherwise, held with both profiles of the emulator."""

import pytest

import voicenb as vn
from voicenb.audio.processor import InPlaceProcessor
from voicenb.errors import MissingExtra
from voicenb.testing import run_virtually
from voicenb.testing.elsewhere import AtOnce
from voicenb.testing.inspection import inspect

LIVE = {
    "2": "session.error: the code is written unauthorized, where UNAUTHORIZED is documented",
    "11.1": "session.updated came before session.ready",
    "3": "session.ready: expires_at is 3595 s away, and a session may last 10800 s",
    "7": "session.ended does not say how much audio came: audio_duration_seconds is null",
}
"""What the live profile does otherwise and a call can show, by section; of 7 and 26 there is more."""


def virtually(profile, **options):
    service = vn.Emulator(profile=profile, processor=InPlaceProcessor(), brain="rules", **options)
    stage = lambda main, limit: run_virtually(main, limit=limit)  # noqa: E731
    return inspect(service, stage=stage, workers=AtOnce())


def test_the_contract_profile_differs_in_nothing():
    found = virtually("contract")
    assert found.differences == []
    assert found.failure is None
    assert not found.silent
    assert found.seconds < 15


def test_what_the_live_profile_does_otherwise_is_all_told():
    found = virtually("live")
    assert found.failure is None
    told = [(difference.section, difference.what) for difference in found.differences]
    assert set(LIVE.items()) <= set(told)
    rest = [what for section, what in told if (section, what) not in LIVE.items()]
    words, quiet, over = rest
    assert words.startswith("transcript.agent.delta: start_ms is up to 2")  # 240 ms, and what measuring adds
    assert quiet.endswith("after the caller had begun, with the agent silent")
    assert "to speak over the agent (interruption_delay: 500 ms)" in over


def test_without_a_voice_the_caller_is_silent(monkeypatch):
    def missing(*_, **__):
        raise MissingExtra("No voice is installed.")

    monkeypatch.setattr("voicenb.audio.speech.synthesise", missing)
    found = virtually("contract")
    assert found.silent
    assert found.failure is None
    assert found.differences == []


def test_a_call_that_ends_too_soon_tells_what_it_saw(monkeypatch):
    monkeypatch.setattr("voicenb.testing.inspection.PATIENCE", 0.1)
    found = virtually("live")
    assert isinstance(found.failure, vn.WaitTimeout)
    assert LIVE["11.1"] in [difference.what for difference in found.differences]


def test_a_service_that_is_not_there_is_an_error():
    with pytest.raises(vn.ServiceUnreachable):
        inspect("ws://127.0.0.1:9")
