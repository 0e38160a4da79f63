from pathlib import Path

import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration
from voicenb.testing.conditions import Conditions


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"snr": "loud"}, "snr is a number of decibels, not 'loud'"),
        ({"snr": float("nan")}, "snr is a number"),
        ({"snr": 500}, "snr is from -60 to 100 decibels, not 500"),
        ({"noise": "pink"}, "how strong is the noise"),
        ({"snr": 10, "noise": "rain"}, "there is no noise 'rain'"),
        ({"telephone": 1}, "telephone is True or False, not 1"),
        ({"loss": 1}, "share of lost packets is from 0 to below 1"),
        ({"loss": True}, "loss is a number"),
        ({"loss": 0.5, "burst": 0.001}, "burst is from 0.02 to 60 seconds"),
        ({"loss": 0.9, "burst": 0.04}, "90% of the packets cannot be lost in bursts of 2 packets"),
        ({"echo": -20, "echo_delay": 3}, "echo_delay is from 0 to 2 seconds"),
        ({"seed": -1}, "a seed is a whole number"),
        ({"seed": 1.5}, "a seed is a whole number"),
        ({"telefone": True}, "Conditions has no telefone"),
    ],
)
def test_what_cannot_be(settings, text):
    with pytest.raises(InvalidConfiguration) as caught:
        Conditions(**settings)
    assert text in caught.value.message


def test_they_are_told_as_far_as_they_make_a_difference():
    assert Conditions().told() == {"seed": 0}
    assert Conditions(snr=10, telephone=True, seed=3).told() == {
        "snr": 10,
        "noise": "pink",
        "telephone": True,
        "seed": 3,
    }
    rest = Conditions(snr=0, noise=Path("a/cafe.wav"), loss=0.1, echo=-20)
    assert rest.told() == {
        "snr": 0,
        "noise": "cafe.wav",
        "loss": 0.1,
        "burst": 0.06,
        "echo": -20,
        "echo_delay": 0.1,
        "seed": 0,
    }


def test_a_caller_takes_nothing_else():
    with pytest.raises(InvalidConfiguration, match="are none"):
        vn.Caller(["Hello."], conditions={"snr": 10})
