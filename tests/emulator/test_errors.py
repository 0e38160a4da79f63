"""Refusals: which code each kind carries."""

from voicenb.emulator import errors


def test_a_value_a_shape_and_what_cannot_be_changed():
    assert errors.value("too much", "output.volume") == errors.Refusal(
        "invalid_value", "too much", "output.volume"
    )
    assert errors.shape("no number") == errors.Refusal("invalid_format", "no number", None)
    fixed = errors.immutable("greeting")
    assert (fixed.code, fixed.param, fixed.close) == ("immutable_field", "greeting", None)
    assert "'greeting'" in fixed.message


def test_close_codes_are_those_of_the_websocket_protocol():
    assert (errors.POLICY, errors.FAULT) == (1008, 1011)
