import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.errors import InvalidConfiguration
from voicenb.turn_detection import TurnDetection

PRESETS = [
    TurnDetection.recommended(),
    TurnDetection.dictation(),
    TurnDetection.patient(),
    TurnDetection.no_interruption(),
]


def test_the_recommendation_is_the_service_s():
    assert TurnDetection.recommended().to_wire() == {
        "vad_threshold": 0.5,
        "min_silence": 1400,
        "max_silence": 4000,
        "interrupt_response": True,
    }


@pytest.mark.parametrize("preset", PRESETS, ids=repr)
def test_presets_are_whole_and_the_contract_s(preset, contract):
    wire = preset.to_wire()
    contract("TurnDetection").validate(wire)
    assert set(wire) == {"vad_threshold", "min_silence", "max_silence", "interrupt_response"}
    assert TurnDetection.from_wire(wire) == preset


def test_what_is_left_out_is_the_service_s_default_when_it_is_sent():
    assert TurnDetection(min_silence=600).whole("min_latency").to_wire() == {
        "vad_threshold": 0.5,
        "min_silence": 600,
        "max_silence": 3000,
        "interrupt_response": True,
        "interruption_delay": 0,
    }
    assert TurnDetection().whole().interruption_delay == 500
    assert TurnDetection(interruption_delay=100).whole().interruption_delay == 100


def test_what_is_left_out_stays_so_here():
    assert TurnDetection().to_wire() == {}
    assert TurnDetection(min_silence=1200).to_wire() == {"min_silence": 1200}
    assert TurnDetection(interrupt_response=False).to_wire() == {"interrupt_response": False}


@pytest.mark.parametrize(
    ("settings", "words", "param"),
    [
        ({"min_silence": 49}, "min_silence 49 is not within 50 to 10000 ms", "min_silence"),
        ({"max_silence": 10_001}, "max_silence 10001 is not within 50 to 10000 ms", "max_silence"),
        (
            {"min_silence": 1.4},
            "min_silence must be a whole number of milliseconds, not 1.4. Did you mean 1400?",
            "min_silence",
        ),
        ({"interruption_delay": 0.5}, "not 0.5. Did you mean 500?", "interruption_delay"),
        ({"min_silence": 800.0}, r"not 800\.0\.$", "min_silence"),
        ({"min_silence": float("nan")}, r"not nan\.$", "min_silence"),
        ({"interruption_delay": 1.4}, r"not 1\.4\.$", "interruption_delay"),
        ({"min_silence": "1400"}, "must be a whole number", "min_silence"),
        ({"vad_threshold": -0.1}, "vad_threshold -0.1 is not within 0 to 1", "vad_threshold"),
        ({"vad_threshold": True}, "vad_threshold must be a number, not True", "vad_threshold"),
        ({"interruption_delay": 1001}, "interruption_delay 1001", "interruption_delay"),
        (
            {"interrupt_response": "no"},
            "interrupt_response must be True or False, not 'no'",
            "interrupt_response",
        ),
        (
            {"min_silence": 3000, "max_silence": 3000},
            r"min_silence \(3000\) must be less than max_silence \(3000\)",
            "min_silence",
        ),
    ],
)
def test_values_that_cannot_work(settings, words, param):
    with pytest.raises(InvalidConfiguration, match=words) as caught:
        TurnDetection(**settings)
    assert caught.value.facts["param"] == f"input.turn_detection.{param}"


def test_replacing():
    assert TurnDetection.recommended().replace(min_silence=1200).min_silence == 1200
    with pytest.raises(InvalidConfiguration, match="must be less than"):
        TurnDetection.recommended().replace(min_silence=5000)


@pytest.mark.parametrize(
    "misspelt",
    [
        lambda: TurnDetection(min_silense=1),
        lambda: TurnDetection().replace(min_silense=1),
        lambda: TurnDetection.of({"min_silense": 1}),
    ],
    ids=["called", "replaced", "as a dict"],
)
def test_a_misspelt_setting_is_told_the_same_way_everywhere(misspelt):
    with pytest.raises(InvalidConfiguration) as caught:
        misspelt()
    assert "TurnDetection has no min_silense. Did you mean 'min_silence'? It has " in str(caught.value)
    assert "(whole milliseconds)" in str(caught.value)
    assert caught.value.facts["param"] == "input.turn_detection.min_silense"


def test_settings_have_names():
    with pytest.raises(InvalidConfiguration, match=r"by name.*TurnDetection\(vad_threshold=…\)"):
        TurnDetection(1400)
    with pytest.raises(InvalidConfiguration, match="has no 5"):
        TurnDetection.of({5: 1})


def test_it_is_a_value():
    assert TurnDetection(min_silence=500) == TurnDetection(min_silence=500)
    assert len({TurnDetection(), TurnDetection(), TurnDetection(min_silence=500)}) == 2
    with pytest.raises(AttributeError):
        TurnDetection().min_silence = 3


def test_the_repr_shows_what_is_set():
    assert repr(TurnDetection(min_silence=500)) == "TurnDetection(min_silence=500)"
    assert repr(TurnDetection()) == "TurnDetection()"


def test_the_wire_is_read_liberally_and_people_strictly():
    assert TurnDetection.from_wire(
        {"type": "server_vad", "min_silence": 500, "max_silence": None}
    ) == TurnDetection(min_silence=500)
    assert TurnDetection.of({"min_silence": 500}) == TurnDetection(min_silence=500)
    with pytest.raises(InvalidConfiguration, match="must be a TurnDetection or a dict, not int"):
        TurnDetection.of(500)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "vad_threshold": st.floats(0, 1),
            "min_silence": st.integers(50, 2999),  # below what max_silence is when it is left out
            "max_silence": st.integers(5000, 10_000),
            "interrupt_response": st.booleans(),
            "interruption_delay": st.integers(0, 1000),
        },
    )
)
def test_any_valid_settings_go_there_and_back(wire):
    assert TurnDetection(**wire).to_wire() == wire
    assert TurnDetection.from_wire(wire) == TurnDetection(**wire)


def test_a_min_silence_that_needs_a_max_silence() -> None:
    with pytest.raises(InvalidConfiguration, match=r"min_silence \(3500\).*max_silence.*Set both") as caught:
        TurnDetection(min_silence=3500)
    assert caught.value.facts["param"] == "input.turn_detection.min_silence"


def test_a_whole_number_is_one_however_the_service_writes_it():
    read = TurnDetection.from_wire({"min_silence": 1400.0, "vad_threshold": 1.0, "type": "server_vad"})
    assert read == TurnDetection(min_silence=1400, vad_threshold=1.0)
    assert isinstance(read.min_silence, int)
    with pytest.raises(InvalidConfiguration, match="whole number"):
        TurnDetection.from_wire({"min_silence": 1400.5})
