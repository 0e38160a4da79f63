"""The two profiles: what is before which reply, and that each is a whole."""

from __future__ import annotations

import dataclasses

import pytest

from voicenb.emulator.profiles import CONTRACT, LIVE, PROFILES, LeadingSilence

SILENCE = LeadingSilence(greeting=1, answer=2, after_tool=3, after_barge_in=4)


@pytest.mark.parametrize(
    ("trigger", "barged_in", "seconds"),
    [
        ("greeting", False, 1),
        ("greeting", True, 1),
        ("user_speech", False, 2),
        ("reply_create", False, 2),
        ("user_speech", True, 4),
        ("reply_create", True, 4),
        ("tool_result", False, 3),
        ("tool_result", True, 3),
    ],
)
def test_silence_by_what_a_reply_answers(trigger, barged_in, seconds):
    assert SILENCE.before(trigger, barged_in=barged_in) == seconds


def test_the_same_silence_before_all():
    uniform = LeadingSilence.uniform(0.3)
    assert set(dataclasses.astuple(uniform)) == {0.3}


def test_both_profiles_are_there_by_name():
    assert PROFILES == {"contract": CONTRACT, "live": LIVE}
    assert all(name == profile.name for name, profile in PROFILES.items())


@pytest.mark.parametrize("profile", [CONTRACT, LIVE])
def test_a_profile_fits_together(profile):
    assert profile.default_voice in profile.voices
    assert len(set(profile.voices)) == len(profile.voices)
    assert set(profile.stored_voices) <= set(profile.voices)
    least, most = profile.barge_in_lateness
    assert 0 <= least <= most
    # Chunks are whole samples at both rates.
    assert (profile.chunk * 24_000).is_integer()
    assert (profile.chunk * 8_000).is_integer()
    assert all(400 <= status < 500 for status in profile.token_errors)
