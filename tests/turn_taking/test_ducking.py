"""When the agent's voice is made quieter, and when it comes back."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from voicenb.turn_taking.ducking import APART, TRIES, WINDOW, Back, Ducking, Quieter

F = 0.032
SPEECH, SILENCE = 0.9, 0.05


class Driver:
    """Feeds frames in real time, from 10 s on, and looks whether the window is over after each."""

    def __init__(self) -> None:
        self.ducking = Ducking()
        self.at = 10.0
        self.told: list[tuple[float, Quieter | Back]] = []

    def hear(self, probabilities: Iterable[float]) -> None:
        for probability in probabilities:
            self.at += F
            self.note(self.ducking.frame(probability, self.at))
            self.note(self.ducking.expire(self.at))

    def speech(self, seconds: float) -> None:
        self.hear([SPEECH] * round(seconds / F))

    def silence(self, seconds: float) -> None:
        self.hear([SILENCE] * round(seconds / F))

    def note(self, told: Quieter | Back | None) -> None:
        if told is not None:
            self.told.append((self.at, told))

    @property
    def whys(self) -> list[str]:
        return [told.why if isinstance(told, Back) else "quieter" for _, told in self.told]


@pytest.fixture
def driver() -> Driver:
    return Driver()


def test_two_frames_of_speech_are_enough(driver: Driver) -> None:
    driver.silence(1.0)
    onset = driver.at
    driver.speech(2 * F)
    assert driver.told == [(pytest.approx(onset + 2 * F), Quieter(pytest.approx(onset)))]
    assert driver.ducking.quiet


def test_a_lone_frame_is_not(driver: Driver) -> None:
    driver.hear([SPEECH, SILENCE] * 20)
    assert driver.told == []


def test_the_service_confirms(driver: Driver) -> None:
    driver.speech(1.5)
    back = driver.ducking.confirm(driver.at, audible=True)
    assert back == Back("confirmed")
    assert not driver.ducking.quiet
    driver.speech(5.0)  # nothing is left that could expire
    assert driver.whys == ["quieter"]


@pytest.mark.parametrize("after", [0.4, 5.0])
def test_the_voice_is_back_when_nobody_confirms(driver: Driver, after: float) -> None:
    """However long the caller goes on."""
    onset = driver.at
    driver.speech(after)
    driver.silence(5.0)
    assert driver.whys == ["quieter", "unconfirmed"]
    assert driver.told[1][0] == pytest.approx(onset + WINDOW, abs=F)


def test_the_latest_word_of_the_live_service_is_in_time() -> None:
    assert WINDOW > 3.0


def test_speech_that_goes_on_does_not_do_it_again(driver: Driver) -> None:
    driver.speech(WINDOW + 0.5)
    for _ in range(10):  # the silences in words
        driver.silence(APART - 2 * F)
        driver.speech(0.5)
    assert driver.whys == ["quieter", "unconfirmed"]


def test_new_speech_does(driver: Driver) -> None:
    driver.speech(WINDOW + 0.5)
    driver.silence(APART + 2 * F)
    driver.speech(0.5)
    assert driver.whys == ["quieter", "unconfirmed", "quieter"]


def test_the_agent_was_done_before_anybody_said_so(driver: Driver) -> None:
    driver.speech(0.5)
    driver.note(driver.ducking.rest())
    assert driver.whys == ["quieter", "over"]
    assert driver.ducking.rest() is None


def test_an_ear_that_nobody_confirms_rests(driver: Driver) -> None:
    """As one that hears the agent itself."""
    for _ in range(20):
        driver.speech(1.0)
        driver.silence(WINDOW)
    assert driver.whys == ["quieter", "unconfirmed"] * TRIES
    assert [told.rests for _, told in driver.told if isinstance(told, Back)] == [False, False, True]


def test_a_voice_that_is_over_each_time_makes_it_rest_as_well(driver: Driver) -> None:
    """Short replies in a microphone that hears them: there is no time for anybody to confirm."""
    for _ in range(20):
        driver.speech(1.0)
        driver.note(driver.ducking.rest())
        driver.at += 5.0
    assert driver.whys == ["quieter", "over"] * TRIES


@pytest.mark.parametrize("audible", [True, False])
def test_a_word_of_the_service_over_the_agent_ends_the_rest(driver: Driver, audible: bool) -> None:
    for _ in range(TRIES):
        driver.speech(1.0)
        driver.silence(WINDOW)
    driver.silence(WINDOW)
    assert driver.ducking.confirm(driver.at, audible=audible) is None
    driver.ducking.rest()
    driver.speech(1.0)
    assert driver.whys[-1] == ("quieter" if audible else "unconfirmed")


def test_who_comes_in_at_the_agent_s_last_words_is_believed(driver: Driver) -> None:
    """The service hears of it when the agent is silent already: the ear was right each time."""
    for _ in range(3 * TRIES):
        driver.speech(1.0)
        driver.note(driver.ducking.rest())
        driver.at += 0.5
        driver.ducking.confirm(driver.at, audible=False)
        driver.at += 10.0
    assert driver.whys == ["quieter", "over"] * 3 * TRIES


def test_each_stretch_of_the_agent_s_is_heard_afresh(driver: Driver) -> None:
    """A caller who speaks when the agent begins is one who speaks over it."""
    driver.speech(0.5)
    driver.ducking.confirm(driver.at, audible=True)
    driver.ducking.rest()
    driver.speech(0.5)
    assert driver.whys == ["quieter", "quieter"]
