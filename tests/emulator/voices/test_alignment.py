import pytest

from voicenb.emulator.voices.alignment import with_durations
from voicenb.emulator.voices.piper import installed_voice


@pytest.fixture(scope="module")
def model():
    return installed_voice().read_bytes()


def test_durations_become_a_second_output(model):
    import onnxruntime

    session = onnxruntime.InferenceSession(with_durations(model), providers=["CPUExecutionProvider"])
    assert [put.name for put in session.get_outputs()] == ["output", "/Ceil_output_0"]


def test_twice_is_once(model):
    once = with_durations(model)
    assert len(model) < len(once) < len(model) + 40
    assert with_durations(once) == once


def test_a_model_without_such_a_node_is_left_alone():
    assert with_durations(b"") == b""
    graph = b"\x0a\x07" + b"\x22\x05Floor"
    other = b"\x08\x08" + b"\x3a" + bytes([len(graph)]) + graph
    assert with_durations(other) == other
