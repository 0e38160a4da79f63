"""What a field may hold, at the edges of its range."""

from __future__ import annotations

import math

import pytest

from voicenb.emulator import checks


def code(refusal):
    return None if refusal is None else refusal.code


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, None),
        (1, None),
        (0.5, None),
        (-0.001, "invalid_value"),
        (1.001, "invalid_value"),
        (10**400, "invalid_value"),
        (math.nan, "invalid_value"),
        (math.inf, "invalid_value"),
        (True, "invalid_format"),
        ("0.5", "invalid_format"),
        (None, "invalid_format"),
    ],
)
def test_numbers(value, expected):
    refusal = checks.number(value, "x", 0, 1)
    assert code(refusal) == expected
    if refusal:
        assert refusal.param == "x"
        assert "'x'" in refusal.message
        assert len(refusal.message) < 80


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (50, None),
        (10_000, None),
        (1000.0, None),
        (49, "invalid_value"),
        (10_001, "invalid_value"),
        (1000.5, "invalid_format"),
        (math.inf, "invalid_format"),
        (True, "invalid_format"),
    ],
)
def test_whole_numbers(value, expected):
    assert code(checks.integer(value, "x", 50, 10_000)) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(True, None), (False, None), (1, "invalid_format"), ("true", "invalid_format")]
)
def test_booleans(value, expected):
    assert code(checks.boolean(value, "x")) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("", None), ("abc", None), ("abcd", "invalid_value"), (3, "invalid_format")]
)
def test_texts(value, expected):
    assert code(checks.text(value, "x", longest=3)) == expected


def test_a_text_without_a_limit():
    assert checks.text("x" * 100_000, "x") is None


@pytest.mark.parametrize(
    ("value", "expected"), [("a", None), ("A", "invalid_value"), ("", "invalid_value"), (1, "invalid_format")]
)
def test_one_of(value, expected):
    assert code(checks.one_of(value, "x", ("a", "b"))) == expected


def test_a_refused_choice_names_the_choices():
    refusal = checks.one_of("c", "x", ("a", "b"))
    assert refusal is not None
    assert refusal.message == "'x' must be one of a, b; got 'c'"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([], None),
        (["a", "b"], None),
        (["a", "b", "c"], "invalid_value"),
        (["a", ""], "invalid_value"),
        (["a", 1], "invalid_format"),
        ("ab", "invalid_format"),
        ({"a": 1}, "invalid_format"),
    ],
)
def test_lists_of_strings(value, expected):
    assert code(checks.strings(value, "x", most=2)) == expected


@pytest.mark.parametrize(
    ("value", "param"),
    [
        ({"encoding": "audio/pcm"}, None),
        ({"encoding": "audio/pcm", "sample_rate": 24_000}, None),
        ({"encoding": "audio/pcmu", "sample_rate": 8_000}, None),
        ({"encoding": "audio/pcma", "sample_rate": None}, None),
        ({"encoding": "audio/pcm", "sample_rate": 8_000}, "x.sample_rate"),
        ({"encoding": "audio/pcmu", "sample_rate": 24_000}, "x.sample_rate"),
        ({"encoding": "audio/pcm", "sample_rate": "24000"}, "x.sample_rate"),
        ({"encoding": "audio/opus"}, "x.encoding"),
        ({}, "x.encoding"),
        ("audio/pcm", "format"),  # as the service was seen to name it
    ],
)
def test_audio_formats(value, param):
    refusal = checks.audio_format(value, "x")
    assert (refusal.param if refusal else None) == param


@pytest.mark.parametrize(
    ("value", "param"),
    [
        ({}, None),
        ({"min_silence": None, "vad_threshold": None}, None),
        ({"type": "server_vad", "anything": {}}, None),
        (
            {
                "vad_threshold": 1,
                "min_silence": 50,
                "max_silence": 10_000,
                "interruption_delay": 0,
                "interrupt_response": False,
            },
            None,
        ),
        ({"vad_threshold": 1.01}, "x.vad_threshold"),
        ({"min_silence": 49}, "x.min_silence"),
        ({"max_silence": 10_001}, "x.max_silence"),
        ({"interruption_delay": 1001}, "x.interruption_delay"),
        ({"interrupt_response": 1}, "x.interrupt_response"),
        ([], "x"),
    ],
)
def test_turn_detection(value, param):
    refusal = checks.turn_detection(value, "x")
    assert (refusal.param if refusal else None) == param


@pytest.mark.parametrize(
    ("value", "fine"),
    [
        ({}, True),
        ({"min_silence": 999, "max_silence": 1000}, True),
        ({"min_silence": 1000, "max_silence": 1000}, False),
        ({"min_silence": 2999}, True),  # below the default of 3000
        ({"min_silence": 3000}, False),
        ({"max_silence": 1001}, True),  # above the default of 1000
        ({"max_silence": 1000}, False),
        ({"min_silence": None, "max_silence": 900}, False),
    ],
)
def test_silences_in_order(value, fine):
    refusal = checks.silence_order(value, "x")
    assert (refusal is None) is fine
    if refusal:
        assert (refusal.code, refusal.param) == ("invalid_value", "x.min_silence")


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("type", "text", "video"),
        ("format", {"encoding": "audio/pcma"}, {"encoding": "mp3"}),
        ("turn_detection", {"min_silence": 900}, {"min_silence": 9}),
        ("keyterms", ["a"] * 100, ["a"] * 101),
        ("transcription_mode", "balanced", "fast"),
        ("transcription_prompt", "x" * 1750, "x" * 1751),
        ("language_codes", ["en"], "en"),
        ("voice_focus", "far-field", "middle"),
        ("voice_focus_threshold", 1, 1.5),
        ("continuous_partials", True, "yes"),
    ],
)
def test_each_field_of_the_input(field, good, bad):
    assert checks.input_fields({field: good}) is None
    assert checks.input_fields({field: None}) is None
    refusal = checks.input_fields({"unknown": bad, field: bad})
    assert refusal is not None
    assert refusal.param.startswith(f"input.{field}")


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("type", "audio", 3),
        ("voice", "ivy", "alba"),
        ("format", {"encoding": "audio/pcmu"}, {"encoding": "audio/pcm", "sample_rate": 44_100}),
        ("volume", 100, 101),
    ],
)
def test_each_field_of_the_output(field, good, bad):
    assert checks.output_fields({field: good}, ["ivy"]) is None
    assert checks.output_fields({field: None}, ["ivy"]) is None
    refusal = checks.output_fields({field: bad}, ["ivy"])
    assert refusal is not None
    assert refusal.param.startswith(f"output.{field}")


@pytest.mark.parametrize("value", [None, [], "audio", 3])
def test_sections_that_are_no_objects(value):
    for refusal in (checks.input_fields(value), checks.output_fields(value, ["ivy"])):
        assert code(refusal) == "invalid_format"
