from __future__ import annotations

import pytest

from voicenb.emulator import configuration
from voicenb.emulator.configuration import Configuration
from voicenb.emulator.errors import Refusal
from voicenb.emulator.profiles import CONTRACT, LIVE


def first(profile=CONTRACT, **session):
    return configuration.first_inline(session, "sess_1", profile)


def later(current, **session):
    return configuration.later(current, session, CONTRACT)


def test_what_clients_really_send_is_taken():
    config = first(
        greeting="",
        input={
            "type": "audio",
            "format": {"encoding": "audio/pcm"},
            "keyterms": None,
            "turn_detection": {"type": "server_vad", "vad_threshold": None, "min_silence": 900.0},
        },
        output={"type": "audio", "voice": None},
        tools=[{"type": "function", "name": "a", "parameters": {}, "strict": True}],
    )
    assert isinstance(config, Configuration)
    assert config.turn_detection == {"type": "server_vad", "min_silence": 900.0}
    assert config.voice == "ivy"
    assert config.keyterms == ()


@pytest.mark.parametrize(
    ("voice", "contract", "live"),
    [
        ("alba", True, True),
        ("ivy", True, True),
        ("james", True, True),
        ("josh", True, False),
        ("x", False, False),
    ],
)
def test_voices_by_profile(voice, contract, live):
    assert isinstance(first(CONTRACT, output={"voice": voice}), Configuration) is contract
    assert isinstance(first(LIVE, output={"voice": voice}), Configuration) is live


def test_a_refused_voice_lists_the_voices():
    refusal = first(output={"voice": "nobody"})
    assert "must be one of alba, eve" in refusal.message


def test_a_tool_that_cannot_be_ends_the_first_update():
    refusal = first(tools=[{"type": "function", "name": ""}])
    assert (refusal.code, refusal.param, refusal.close) == ("invalid_value", "tools[0].name", 1008)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("transcription_mode", "fast", "invalid_value"),
        ("transcription_prompt", "x" * 1751, "invalid_value"),
        ("voice_focus", "middle", "invalid_value"),
        ("voice_focus_threshold", 1.5, "invalid_value"),
        ("voice_focus_threshold", True, "invalid_format"),
        ("language_codes", ["xx"], None),
        ("language_codes", "en", "invalid_format"),
        ("keyterms", ["fine", ""], "invalid_value"),
        ("anything", {"at": "all"}, None),
    ],
)
def test_input_fields(field, value, code):
    result = first(input={field: value})
    assert (result.code if isinstance(result, Refusal) else None) == code


def test_null_means_not_set_and_changes_nothing():
    config = first(input={"keyterms": ["a"]}, output={"volume": 30})
    same = later(config, input={"keyterms": None, "turn_detection": None}, output={"voice": None})
    assert same.keyterms == ("a",)
    assert same.volume == 30
    assert later(config, output={"volume": None}).volume is None


def test_silences_are_held_against_what_is_in_force():
    config = first(input={"turn_detection": {"min_silence": 2000, "max_silence": 4000}})
    refusal = later(config, input={"turn_detection": {"max_silence": 1500}})
    assert refusal.param == "input.turn_detection.min_silence"
    assert "min_silence" in refusal.message
    assert "max_silence" in refusal.message
    # Alone, they are held against the defaults, 1000 and 3000.
    assert first(input={"turn_detection": {"min_silence": 3000}}).param == "input.turn_detection.min_silence"


def test_a_later_update_is_held_against_the_merged_settings_only():
    config = first(input={"turn_detection": {"min_silence": 1400, "max_silence": 4000}})
    changed = later(config, input={"turn_detection": {"min_silence": 3500}})
    assert changed.turn_detection == {"min_silence": 3500, "max_silence": 4000}
    config = first(input={"turn_detection": {"min_silence": 400, "max_silence": 2000}})
    changed = later(config, input={"turn_detection": {"max_silence": 900}})
    assert changed.turn_detection == {"min_silence": 400, "max_silence": 900}
    # Where none is in force, what is not sent counts with its default.
    assert later(first(), input={"turn_detection": {"min_silence": 3500}}).code == "invalid_value"
    assert later(config, input={"turn_detection": {"min_silence": 20}}).code == "invalid_value"


def test_lists_replace_whole():
    tools = [{"type": "function", "name": name} for name in ("a", "b")]
    config = first(tools=tools)
    assert [tool["name"] for tool in later(config, tools=tools[:1]).tools] == ["a"]
    assert later(config).tools == config.tools


def test_a_repeated_type_tag_is_no_change():
    assert isinstance(later(first(), input={"type": "audio"}, output={"type": "audio"}), Configuration)
    assert later(first(), input={"type": "text"}).code == "immutable_field"


def test_long_keyterms_are_ignored_without_a_word():
    assert first(input={"keyterms": ["a", "b" * 51]}).keyterms == ("a",)


def test_another_sample_rate_is_a_fault_of_the_live_service():
    wide = {"format": {"encoding": "audio/pcm", "sample_rate": 16_000}}
    assert (first(input=wide).code, first(input=wide).close) == ("invalid_value", 1008)
    assert (first(LIVE, input=wide).code, first(LIVE, input=wide).close) == ("internal_error", 1011)
