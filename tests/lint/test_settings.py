"""S1 to S4."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("wire", "place"),
    [
        ({"system_prompt": 7}, "system_prompt"),
        ({"greeting": None}, "greeting"),
        ({"input": []}, "input"),
        ({"input": {"transcription_mode": "fast"}}, "input.transcription_mode"),
        ({"input": {"transcription_prompt": "x" * 1751}}, "input.transcription_prompt"),
        ({"input": {"voice_focus_threshold": 2}}, "input.voice_focus_threshold"),
        ({"output": {"volume": 101}}, "output.volume"),
        ({"output": {"voice": 7}}, "output.voice"),
        ({"name": "Lido", "voice": {"voice": "ivy"}}, "voice.voice_id"),
        ({"name": "Lido", "voice": 7}, "voice"),
        ({"session": "x"}, "session"),
    ],
)
def test_values_that_the_service_refuses(of_agent, wire, place):
    assert [(f.severity, f.place) for f in of_agent("S1", wire)] == [("error", place)]


def test_all_of_them_at_once(of_agent):
    wire = {"system_prompt": 7, "input": {"language_codes": "en", "voice_focus_threshold": 2}, "output": 7}
    places = {f.place for f in of_agent("S1", wire)}
    assert places == {"system_prompt", "input.language_codes", "input.voice_focus_threshold", "output"}


def test_what_the_service_writes_itself_is_well(of_agent):
    stored = {
        "id": "agent_1",
        "name": "Lido",
        "system_prompt": "You take bookings.",
        "voice": {"voice_id": "ivy"},
        "greeting": None,
        "tools": [],
        "llm": [],
        "pre_connect_requests": [],
        "input": {"type": "audio", "format": {}, "turn_detection": None, "keyterms": None},
        "output": {"type": "audio", "voice": "ivy", "volume": None},
        "created_at": "2026-01-01T00:00:00",
    }
    for rule in ("S1", "S2", "S3", "S4", "D1", "K1"):
        assert not of_agent(rule, stored)


def test_names_that_do_not_exist(of_agent):
    (found,) = of_agent("S2", {"sytem_prompt": "x"})
    assert (found.severity, found.remedy) == ("error", "Did you mean 'system_prompt'?")
    assert "stored" in of_agent("S2", {"session": {"llm": []}})[0].remedy
    assert [f.place for f in of_agent("S2", {"session": {"llm": [{"model": "m"}]}})] == ["llm"]


@pytest.mark.parametrize(
    ("wire", "place"),
    [
        ({"input": {"keyterm": ["x"]}}, "input.keyterm"),
        ({"output": {"voise": "ivy"}}, "output.voise"),
        ({"input": {"turn_detection": {"min_silense": 1}}}, "input.turn_detection.min_silense"),
        ({"type": "session.update", "session": {}, "greetin": "x"}, "greetin"),
        ({"name": "Lido", "greetin": "x"}, "greetin"),
    ],
)
def test_names_that_are_ignored_or_new(of_agent, wire, place):
    assert [(f.severity, f.place) for f in of_agent("S2", wire)] == [("warn", place)]


def test_an_obsolete_tag_is_known(of_agent):
    assert not of_agent("S2", {"input": {"turn_detection": {"type": "server_vad"}}})


def test_an_id_goes_alone(of_agent):
    assert [f.severity for f in of_agent("S3", {"agent_id": "agent_1", "greeting": "x"})] == ["error"]
    assert not of_agent("S3", {"agent_id": "agent_1"})


@pytest.mark.parametrize(
    "wire",
    [
        {"output": {"voice": "ivvy"}},
        {"name": "Lido", "voice": {"voice_id": "ivvy"}},
        {"name": "Lido", "voice": "ivvy"},
        {"input": {"language_codes": ["en", "xx"]}},
    ],
)
def test_voices_and_languages_that_are_not_known(of_agent, wire):
    assert [f.severity for f in of_agent("S4", wire)] == ["warn"]


def test_those_that_are(of_agent):
    assert not of_agent("S4", {"output": {"voice": "ivy"}, "input": {"language_codes": ["en", "de"]}})
