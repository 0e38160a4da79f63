# ruff: noqa: RUF001 (phonetic letters are meant)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.emulator.ears.phonetics import distances, phones

SOUNDS = st.lists(st.sampled_from("pbtdkɡfvθszʃmnŋlɹjwhiɪeɛæɑɔoʊuʌə"), max_size=12).map(tuple)


def apart(left, right):
    return float(distances([phones(left)], [phones(right)])[0])


def test_sounds_have_neither_stress_nor_length():
    assert phones("clubs") == tuple("klʌbz")
    assert phones("Queen of  hearts") == phones("queen of hearts")


def test_what_is_said_alike_is_near_and_what_is_not_is_far():
    assert apart("four", "for") == 0
    assert apart("gloves", "clubs") < 0.2
    assert apart("anthrop pick", "Anthropic") < 0.1
    assert apart("weather", "Kubernetes") > 0.5


def test_a_name_may_be_read_as_another_language_reads_it():
    assert phones("Lido", "it")[1] == "i"
    assert phones("Lido")[1] == "a"


@given(SOUNDS, SOUNDS)
def test_a_distance_is_symmetric_from_nothing_to_one_and_none_to_itself(left, right):
    there, back, itself = distances([left, right, left], [right, left, left]).tolist()
    assert there == pytest.approx(back, abs=1e-5)
    assert 0 <= there <= 1
    assert itself == 0


@given(st.lists(st.tuples(SOUNDS, SOUNDS), max_size=6))
def test_many_pairs_at_once_are_what_they_are_alone(pairs):
    together = distances([left for left, _ in pairs], [right for _, right in pairs]).tolist()
    assert together == pytest.approx(
        [float(distances([left], [right])[0]) for left, right in pairs], abs=1e-6
    )
