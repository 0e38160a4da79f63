from typing import Any

import pytest

from voicenb.errors import InvalidConfiguration
from voicenb.turn_taking.settings import Settings


def test_nothing_sent_is_the_adaptive_default() -> None:
    assert Settings.from_wire() == Settings(adaptive=True)
    assert Settings.from_wire(None, "min_latency").interruption_delay == 0


@pytest.mark.parametrize("sent", [{}, {"type": "server_vad"}, {"min_silence": None}, {"vad_threshold": 0.5}])
def test_any_object_switches_it_off(sent: dict[str, Any]) -> None:
    assert Settings.from_wire(sent) == Settings(
        vad_threshold=0.5,
        min_silence=1000,
        max_silence=3000,
        interrupt_response=True,
        interruption_delay=500,
        adaptive=False,
    )


def test_once_off_it_stays_off() -> None:
    assert not Settings.from_wire(None, adaptive=False).adaptive


def test_what_is_sent_is_in_force() -> None:
    sent = {"vad_threshold": 0.3, "min_silence": 1400, "max_silence": 4000, "interrupt_response": False}
    settings = Settings.from_wire(sent, "max_accuracy")
    assert settings == Settings(0.3, 1400, 4000, False, 500)
    assert Settings.from_wire({"interruption_delay": 250}, "min_latency").interruption_delay == 250


@pytest.mark.parametrize(
    ("sent", "param", "says"),
    [
        ({"vad_threshold": 1.1}, "vad_threshold", "from 0 to 1"),
        ({"min_silence": 49}, "min_silence", "from 50 to 10000"),
        ({"min_silence": True}, "min_silence", "got True"),
        ({"max_silence": 10_001}, "max_silence", "from 50 to 10000"),
        ({"max_silence": "3000"}, "max_silence", "got '3000'"),
        ({"interruption_delay": -1}, "interruption_delay", "from 0 to 1000"),
        ({"vad_threshold": float("nan")}, "vad_threshold", "got nan"),
        ({"interrupt_response": 1}, "interrupt_response", "true or false"),
        ({"min_silence": 2000, "max_silence": 2000}, "min_silence", "min_silence 2000, max_silence 2000"),
        ({"min_silence": 3500}, "min_silence", "less than max_silence"),
    ],
)
def test_what_cannot_be_names_its_field(sent: dict[str, Any], param: str, says: str) -> None:
    with pytest.raises(InvalidConfiguration, match=says) as caught:
        Settings.from_wire(sent)
    assert caught.value.facts["param"] == f"input.turn_detection.{param}"


def test_a_mode_that_is_none() -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        Settings.from_wire(None, "fastest")
    assert caught.value.facts["param"] == "input.transcription_mode"
