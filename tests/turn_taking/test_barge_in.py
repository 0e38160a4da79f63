import pytest

from voicenb.turn_taking.barge_in import BargeIn, Verdict
from voicenb.turn_taking.settings import Settings

F = 0.032


def story(
    speech: float, words: dict[float, str], settings: Settings | None = None, silence: float = 1.0
) -> tuple[Verdict, float]:
    """Speech from 0 for so many seconds, then silence; the first verdict that is not to wait, and when."""
    barge = BargeIn(onset=0.0, since=2 * F)
    frame, end = 2, 2 * F
    while frame * F < speech + silence:
        now = frame * F
        if now <= speech:
            end = now
        text = [said for at, said in sorted(words.items()) if at <= now]
        verdict = barge.frame(now, end, text[-1] if text else "", settings or Settings())
        if verdict != "wait":
            return verdict, now
        frame += 1
    return "wait", frame * F


def test_words_interrupt_once_the_delay_is_over() -> None:
    verdict, at = story(2.0, {0.3: "wait a moment"})
    assert verdict == "interrupt"
    assert at == pytest.approx(2 * F + 0.5, abs=F)


@pytest.mark.parametrize("delay", [0, 200, 1000])
def test_the_delay_counts_from_the_second_frame(delay: int) -> None:
    _, at = story(2.0, {0.0: "no"}, Settings(interruption_delay=delay))
    assert 0 <= at - (2 * F + delay / 1000) < F


def test_speech_that_is_too_short_does_not() -> None:
    assert story(0.5, {0.3: "no"})[0] == "wait"


def test_a_backchannel_passes_up_to_one_second() -> None:
    assert story(0.9, {0.3: "Mm-hmm."})[0] == "wait"
    verdict, at = story(1.5, {0.3: "yeah, yeah, yeah"})
    assert verdict == "interrupt"
    assert 1.0 < at <= 1.0 + F


def test_a_backchannel_that_goes_on_is_none() -> None:
    verdict, at = story(1.5, {0.3: "Yeah", 0.8: "Yeah but I"})
    assert verdict == "interrupt"
    assert at == pytest.approx(0.8, abs=F)


def test_without_words_it_waits_300_ms_for_a_partial() -> None:
    verdict, at = story(2.0, {})
    assert verdict == "interrupt"
    assert at == pytest.approx(2 * F + 0.5 + 0.3, abs=2 * F)


def test_a_partial_in_that_time_decides() -> None:
    assert story(0.7, {0.7: "okay"})[0] == "wait"
    verdict, at = story(2.0, {0.7: "stop"})
    assert verdict == "interrupt"
    assert at == pytest.approx(0.7, abs=F)


def test_a_cough_that_was_long_enough_interrupts_after_the_wait() -> None:
    verdict, at = story(0.6, {})
    assert verdict == "interrupt"
    assert at > 0.8


def test_switched_off_it_never_interrupts() -> None:
    off = Settings(interrupt_response=False)
    assert story(2.0, {0.3: "wait a moment"}, off)[0] == "listen"
    assert story(0.4, {0.3: "wait"}, off)[0] == "wait"


@pytest.mark.parametrize(("words", "verdict"), [("half past", "interrupt"), ("mm-hm", "wait"), ("", "wait")])
def test_words_with_a_short_pause_in_them_are_one_utterance(words: str, verdict: Verdict) -> None:
    barge = BargeIn(0.0, 2 * F)
    assert barge.frame(0.48, 0.48, words, Settings()) == "wait"
    barge.resume(0.8, 0.8 + 2 * F, 0.32, words)
    assert barge.frame(0.8 + 2 * F, 0.8 + 2 * F, words, Settings()) == verdict


def test_a_pause_starts_the_count_anew_and_a_stop_consonant_does_not() -> None:
    for pause, verdict in ((0.5, "wait"), (0.1, "interrupt")):
        barge = BargeIn(0.0, 2 * F)
        assert barge.frame(0.4, 0.4, "no", Settings()) == "wait"
        barge.resume(0.4 + pause, 0.4 + pause + 2 * F, pause, "no")
        end = 0.4 + pause + 0.3
        assert barge.frame(end, end, "no", Settings()) == verdict
