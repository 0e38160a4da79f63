"""What a ``turn_detection`` object comes to, and what an update makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.protocol.turn_defaults import DEFAULTS, left_to_mode, whole, whole_update

FULL = {**DEFAULTS, "interruption_delay": 500}


@pytest.mark.parametrize(
    ("settings", "mode", "expected"),
    [
        ({}, None, FULL),
        ({}, "max_accuracy", FULL),
        ({}, "min_latency", {**FULL, "interruption_delay": 0}),
        ({"min_silence": 600, "max_silence": None}, None, {**FULL, "min_silence": 600}),
        ({"interruption_delay": 100}, "min_latency", {**FULL, "interruption_delay": 100}),
        ({"type": "server_vad"}, None, {**FULL, "type": "server_vad"}),
    ],
)
def test_a_whole_object(settings: dict[str, Any], mode: str | None, expected: dict[str, Any]) -> None:
    assert whole(settings, mode) == expected


def test_a_delay_that_the_mode_brings_is_left_to_it() -> None:
    assert left_to_mode({"min_silence": 600, "interruption_delay": 0}, "min_latency") == {"min_silence": 600}
    assert left_to_mode({"interruption_delay": 0}, None) == {"interruption_delay": 0}


AT_ONCE = {**FULL, "interruption_delay": 0}
IN_FORCE = {"input": {"transcription_mode": "min_latency", "turn_detection": AT_ONCE}}


@pytest.mark.parametrize(
    ("session", "in_force", "turns"),
    [
        ({"input": {"turn_detection": {}}}, {}, FULL),
        ({"input": {"turn_detection": {}}}, IN_FORCE, AT_ONCE),
        ({"input": {"turn_detection": {}, "transcription_mode": "balanced"}}, IN_FORCE, FULL),
        # Of the mode alone what came with it goes along; what somebody has set does not.
        ({"input": {"transcription_mode": "balanced"}}, IN_FORCE, FULL),
        (
            {"input": {"transcription_mode": "balanced"}},
            {"input": {"transcription_mode": "min_latency", "turn_detection": FULL}},
            None,
        ),
        # A service that was told no delay finds it by itself.
        (
            {"input": {"transcription_mode": "min_latency"}},
            {"input": {"turn_detection": {"min_silence": 600}}},
            None,
        ),
        ({"input": {"transcription_mode": "min_latency"}}, {"input": {"turn_detection": None}}, None),
        ({"input": {"keyterms": []}}, IN_FORCE, None),
        ({"system_prompt": "x"}, IN_FORCE, None),
        ({"input": {"turn_detection": 5}}, {}, None),
        ({"input": "x"}, {"input": 5}, None),
    ],
)
def test_an_update(session: dict[str, Any], in_force: dict[str, Any], turns: dict[str, Any] | None) -> None:
    update = whole_update(session, in_force)
    if turns is None:
        assert update == session
    else:
        assert update == {**session, "input": {**session["input"], "turn_detection": turns}}
