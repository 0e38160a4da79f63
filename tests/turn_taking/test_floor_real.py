"""The same with real speech, joined with silences of known length."""

from collections.abc import Callable

import pytest

from voicenb.turn_taking.decisions import Interrupt, Reopened, Resumed, SpeechStarted, TurnEnded
from voicenb.turn_taking.floor import TurnTaker
from voicenb.turn_taking.settings import Settings

from .conftest import Track, play

Maker = Callable[..., Track]
SEEN = 0.175  # how late an onset may be seen, and an end, as test_segmenter.py has it


def hear(text: str):  # type: ignore[no-untyped-def]
    """Ears that are never behind."""
    return lambda taker: taker.partial(text, float("inf"))


def test_a_turn_ends_its_silence_after_the_last_word(caller: Maker) -> None:
    track = caller(1.0, "go-forward", 3.0)
    start, end = track.spoken[0]
    played = play(
        TurnTaker(Settings(min_silence=800)), track.probabilities, {end: hear("go forward ten meters")}
    )
    assert played.names("Resumed", "BeginFinal") == ["SpeechStarted", "TurnEnded"]
    assert played.only(SpeechStarted)[0].at == pytest.approx(start + 0.1, abs=SEEN)
    (ended,) = played.only(TurnEnded)
    assert ended.at == pytest.approx(end + 0.8, abs=SEEN)
    assert ended.by == "min_silence"


def test_a_pause_within_min_silence_is_part_of_the_turn(caller: Maker) -> None:
    track = caller(0.5, "cards-001", 0.8, "cards-003", 2.5)
    played = play(
        TurnTaker(Settings(min_silence=1400, max_silence=4000)),
        track.probabilities,
        {track.spoken[1][1]: hear("ten of clubs, seven of clubs")},
    )
    assert played.names("BeginFinal", "Resumed") == ["SpeechStarted", "TurnEnded"]
    pauses = [event.pause for event in played.only(Resumed)]
    assert max(pauses) == pytest.approx(0.8, abs=0.2)
    assert played.only(TurnEnded)[0].at == pytest.approx(track.spoken[1][1] + 1.4, abs=SEEN)


def test_a_short_min_silence_cuts_it_and_the_item_is_reopened(caller: Maker) -> None:
    track = caller(0.5, "cards-001", 0.8, "cards-003", 2.5)
    story = {
        track.spoken[0][1]: hear("ten of clubs"),
        track.spoken[1][1]: hear("ten of clubs, seven of clubs"),
    }
    played = play(TurnTaker(Settings(min_silence=400)), track.probabilities, story)
    assert played.names("BeginFinal", "Resumed") == ["SpeechStarted", "TurnEnded", "Reopened", "TurnEnded"]
    assert played.only(Reopened)[0].pause == pytest.approx(0.8, abs=0.2)


def test_real_speech_over_the_agent_interrupts(caller: Maker) -> None:
    track = caller(1.0, "austen-0880", 2.0)
    taker = TurnTaker(Settings())
    taker.agent_audible(True)
    played = play(taker, track.probabilities, {1.5: hear("he was not")})
    assert played.names("BeginFinal", "Resumed") == ["Overlap", "Interrupt", "TurnEnded"]
    assert played.only(Interrupt)[0].at == pytest.approx(1.0 + 0.064 + 0.5, abs=SEEN)


def test_a_lone_word_passes_with_a_long_delay(caller: Maker) -> None:
    track = caller(1.0, "cards-001", 2.0)
    taker = TurnTaker(Settings(interruption_delay=1000))
    taker.agent_audible(True)
    assert play(taker, track.probabilities, {1.5: hear("ten of")}).names() == ["Overlap", "Passed"]


def test_the_stand_in_comes_to_wait_for_a_caller_who_pauses(caller: Maker) -> None:
    track = caller(
        0.5, "cards-001", 0.9, "cards-003", 0.9, "cards-001", 0.9, "cards-003", 0.9, "cards-001", 3.0
    )
    taker = TurnTaker()
    story = {start + 0.3: hear(f"number {i}") for i, (start, _) in enumerate(track.spoken)}
    story |= {end: hear(f"number {i}.") for i, (_, end) in enumerate(track.spoken)}
    played = play(taker, track.probabilities, story)
    # The first pauses are cut at 0.7 s, and reopened at once; then it has learned.
    assert 3 <= len(played.only(Reopened)) <= 4
    assert 0.9 <= taker.min_silence / 1000 <= 1.4
