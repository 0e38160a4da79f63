"""D1 to D3."""

from __future__ import annotations

import pytest

import voicenb as vn

GOOD = vn.TurnDetection.recommended().to_wire()


def of(settings):
    return {"input": {"turn_detection": settings}}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"min_silence": 4000}, "min_silence"),
        ({"max_silence": 1400}, "min_silence"),
        ({"vad_threshold": 2}, "vad_threshold"),
        ({"min_silence": 1.4}, "min_silence"),
        ({"interrupt_response": "no"}, "interrupt_response"),
        ({"interruption_delay": 2000}, "interruption_delay"),
    ],
)
def test_settings_that_cannot_work(of_agent, changes, name):
    found = of_agent("D1", of(GOOD | changes))
    assert [(f.severity, f.place) for f in found] == [("error", f"input.turn_detection.{name}")]


def test_all_of_them_at_once(of_agent):
    assert len(of_agent("D1", of({"vad_threshold": 2, "min_silence": 9000, "max_silence": 100}))) == 2


def test_no_object(of_agent):
    assert [f.place for f in of_agent("D1", of([1400]))] == ["input.turn_detection"]


def test_the_presets_are_well(of_agent):
    presets = (vn.TurnDetection.recommended, vn.TurnDetection.dictation, vn.TurnDetection.patient)
    for preset in (*presets, vn.TurnDetection.no_interruption):
        for rule in ("D1", "D2", "D3"):
            assert not of_agent(rule, of(preset().to_wire()))


def test_a_short_silence(of_agent):
    assert [f.severity for f in of_agent("D2", of(GOOD | {"min_silence": 999}))] == ["info"]
    assert not of_agent("D2", of(GOOD | {"min_silence": 1000}))
    assert not of_agent("D2", of({"vad_threshold": 0.5}))


@pytest.mark.parametrize("settings", [{}, {"min_silence": 1400}, GOOD | {"interrupt_response": None}])
def test_settings_in_part(of_agent, settings):
    assert [f.severity for f in of_agent("D3", of(settings))] == ["info"]


@pytest.mark.parametrize("wire", [{}, {"input": {}}, of(None), of(GOOD)])
def test_none_or_all_of_them(of_agent, wire):
    assert not of_agent("D3", wire)
