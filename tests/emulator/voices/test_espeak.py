"""The small mouth: what is its own beside what any mouth must do (test_mouths.py)."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from voicenb.emulator.mouth import Clause
from voicenb.emulator.voices import espeak
from voicenb.emulator.voices.espeak import Espeak
from voicenb.errors import MissingExtra, UnspeakableText


@pytest.fixture(scope="module")
def quiet():
    return Espeak(quiet=True)


def test_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(espeak, "installed", lambda: False)
    with pytest.raises(MissingExtra) as caught:
        Espeak()
    assert caught.value.facts["package"] == "espeakng-loader"
    assert "voicenb[emulator]" in str(caught.value)


def test_what_is_cached_knows_how_it_was_made():
    assert Espeak().variant != Espeak(quiet=True).variant


def test_quiet_it_repeats_itself_whatever_was_said_in_between(quiet):
    once = quiet.say("A table for four.", "ivy")
    quiet.say("Something else altogether.", "george")
    assert quiet.say("A table for four.", "ivy") == once
    assert Espeak(quiet=True).say("A table for four.", "ivy") == once


def test_silence_around_a_clause_is_kept_short(quiet, sound):
    samples = np.abs(sound.samples(quiet.say("Good evening.", "ivy")))
    loud = np.flatnonzero(samples > 0.004) / 24_000
    assert loud[0] < 0.02
    assert len(samples) / 24_000 - loud[-1] == pytest.approx(0.12, abs=0.02)


def test_words_are_placed_by_what_is_said_for_them(quiet):
    clause = quiet.say("Room 21 costs $12.50.", "ivy")
    assert [word.text for word in clause.words] == ["Room", "21", "costs", "$12.50."]
    lengths = {word.text: word.end - word.start for word in clause.words}
    assert lengths["$12.50."] > 2 * lengths["Room"]
    assert all(one.end <= other.start + 0.03 for one, other in itertools.pairwise(clause.words))


def test_what_is_not_spoken_has_its_place_and_no_length(quiet):
    clause = quiet.say("Good — evening.", "ivy")
    dash = clause.words[1]
    assert dash.text == "—"
    assert dash.start == pytest.approx(dash.end, abs=0.01)


def test_women_and_men_speak_at_different_heights(quiet):
    assert quiet.say("Good evening.", "alba").pcm != quiet.say("Good evening.", "george").pcm


def test_nothing_to_say_names_the_text_but_not_a_whole_book(quiet):
    with pytest.raises(UnspeakableText) as caught:
        quiet.say("…" * 5000, "ivy")
    assert len(str(caught.value)) < 300
    assert caught.value.facts["text"] == "…" * 5000


def test_warming_is_speaking_once(quiet):
    quiet.warm()
    assert isinstance(quiet.say("Yes.", ""), Clause)


@pytest.mark.parametrize("voice", ["ivy", "george", "", "nobody"])
def test_every_name_has_a_voice(quiet, voice):
    assert len(quiet.say("Yes.", voice).pcm) > 4000
