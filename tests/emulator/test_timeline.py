"""What is known of a turn."""

from __future__ import annotations

import pytest

from voicenb.emulator.timeline import TurnRecord


def test_the_wait_is_from_the_decision_to_what_is_audible():
    assert TurnRecord("user_speech", decided_at=2.0, audible_at=2.75).wait == pytest.approx(0.75)


@pytest.mark.parametrize(
    "record",
    [
        TurnRecord("greeting", audible_at=1.0),
        TurnRecord("user_speech", decided_at=1.0),
        TurnRecord("reply_create"),
    ],
)
def test_without_a_decision_or_a_sound_there_is_no_wait(record):
    assert record.wait is None


def test_a_moment_at_the_very_beginning_is_one():
    assert TurnRecord("user_speech", decided_at=0.0, audible_at=0.0).wait == 0.0


def test_records_share_no_lists():
    first, second = TurnRecord("greeting"), TurnRecord("greeting")
    first.gaps.append(0.5)
    assert (second.gaps, second.tool_calls) == ([], [])
