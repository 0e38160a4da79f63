"""Every combination that the service would take."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.errors import InvalidConfiguration
from voicenb.tuning.grid import grid, setting_of
from voicenb.tuning.whatif import whatif
from voicenb.turn_detection import TurnDetection


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"min_silence": 3000}, "min_silence must be less than max_silence"),
        ({"min_silence": 10}, "whole milliseconds from 50 to 10000; got 10"),
        ({"min_silence": 500.5}, "whole milliseconds"),
        ({"vad_threshold": [0.5, 1.5]}, "a number from 0 to 1; got 1.5"),
        ({"min_silence": True}, "got True"),
        ({"max_silence": "long"}, "got 'long'"),
        ({"min_silence": []}, "min_silence has no value"),
        ({"min_silence": np.array(10)}, "whole milliseconds from 50 to 10000; got"),
        ({"interruption_delay": 100}, "decides over the agent's voice"),
        ({"patience": 1}, "is no setting of when a turn ends"),
    ],
)
def test_settings_that_cannot_be(known, given, what):
    with pytest.raises(InvalidConfiguration, match=what):
        whatif(known[0], **given)


def test_one_value_of_an_array_is_a_value():
    assert grid({"min_silence": np.array(500)})[0].min_silence == 500
    assert grid({"min_silence": np.linspace(400, 600, 3)}).min_silence.tolist() == [400, 500, 600]


def test_combinations_that_the_service_would_refuse_are_left_out_and_counted(known):
    sweep = whatif(known[0], min_silence=[500, 1000, 1500], max_silence=[1000, 2000])
    assert [(each.min_silence, each.max_silence) for each in sweep.grid] == [
        (500, 1000),
        (500, 2000),
        (1000, 2000),
        (1500, 2000),
    ]
    assert sweep.grid.left_out == 2
    assert "Left out: 2" in repr(sweep)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vad_threshold", -0.01),
        ("vad_threshold", float("nan")),
        ("vad_threshold", "0.5"),
        ("vad_threshold", None),
        ("min_silence", 49),
        ("min_silence", float("nan")),
        ("min_silence", float("inf")),
        ("max_silence", 10_001),
        ("max_silence", np.float32(1500.5)),
    ],
)
def test_a_value_out_of_range_is_named(name, value):
    with pytest.raises(InvalidConfiguration, match=rf"{name} must be .* got") as error:
        grid({name: value})
    assert error.value.facts["param"] == name


def test_the_ends_of_the_ranges_are_in_them():
    found = grid({"vad_threshold": [0, 1], "min_silence": 50, "max_silence": 10_000})
    assert [(each.vad_threshold, each.min_silence, each.max_silence) for each in found] == [
        (0.0, 50, 10_000),
        (1.0, 50, 10_000),
    ]


@pytest.mark.parametrize(("low", "high"), [(1000, 1000), (1001, 1000), ([2000, 3000], [500, 1000])])
def test_no_combination_that_works(low, high):
    with pytest.raises(InvalidConfiguration, match="min_silence must be less than max_silence; the least is"):
        grid({"min_silence": low, "max_silence": high})


SILENCES = st.lists(st.integers(50, 4000), min_size=1, max_size=6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=3), SILENCES, SILENCES)
def test_every_combination_that_works_is_in_it_once(thresholds, low, high):
    every = set(product(thresholds, low, high))
    kept = {each for each in every if each[1] < each[2]}
    swept = {"vad_threshold": thresholds, "min_silence": low, "max_silence": high}
    if not kept:
        with pytest.raises(InvalidConfiguration):
            grid(swept)
        return
    found = grid(swept)
    settings = [(each.vad_threshold, each.min_silence, each.max_silence) for each in found]
    assert sorted(settings) == sorted(kept)
    assert len(found) + found.left_out == len(every)
    for at, each in enumerate(found):
        # Thresholds that nobody can tell apart are one.
        same = found.find(each)
        assert settings[same][1:] == settings[at][1:]
        assert settings[same][0] == pytest.approx(settings[at][0], rel=1e-5, abs=1e-8)


def test_numbers_from_elsewhere_are_numbers():
    found = grid({"min_silence": np.arange(200, 500, 100), "vad_threshold": np.float32(0.5)})
    assert [each.min_silence for each in found] == [200, 300, 400]
    assert type(found[0].min_silence) is int
    assert type(found[0].vad_threshold) is float
    assert [each.min_silence for each in grid({"min_silence": (each for each in (400.0, 200, 400))})] == [
        400,
        200,
    ]


def test_what_a_setting_leaves_open_is_the_services_default():
    found = grid({"min_silence": [500, 1000], "vad_threshold": [0.3, 0.5]})
    assert found.find(TurnDetection()) == found.find(TurnDetection(min_silence=1000, vad_threshold=0.5)) == 3
    assert found.find(TurnDetection(max_silence=2000)) is None


@pytest.mark.parametrize(
    ("given", "setting"),
    [
        (None, None),  # no object at all: the adaptive default
        ({}, (0.5, 1000, 3000)),  # any object switches it off, and what it leaves open is the default
        ({"min_silence": 400, "interrupt_response": False}, (0.5, 400, 3000)),
        ({"vad_threshold": 0.3, "min_silence": None, "max_silence": 2000}, (0.3, 1000, 2000)),
    ],
)
def test_what_decides_of_settings_in_force(given, setting):
    assert setting_of(given) == setting
