"""Which part of a call is meant: seconds as Python has them, or a turn with all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import voicenb as vn
from tests.analysis.known_call import RATE, KnownCall, speech
from voicenb.recording.part import AROUND, part_of


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    """A minute: a turn, and a reply of five seconds of which four were heard."""
    known = KnownCall(tmp_path_factory.mktemp("calls") / "lido", 60.0)
    over = known.says(4.0, speech("cards-003.wav"))
    known.turn("one", "Hello.", told=4.2, decided=over + 0.7, transcribed=over + 0.8)
    sound = np.full(5 * RATE, 0.1, np.float32)
    known.reply("r1", "Yes.", sound, began=over + 0.9, received=over + 1.0, heard=20.0, cut=24.0)
    return known.build()


def test_seconds_as_python_has_them(call: vn.Recording) -> None:
    def part(piece: Any) -> tuple[float, float]:
        return piece.begin, piece.end

    assert part(call[:10]) == (0.0, 10.0)
    assert part(call[50:]) == (50.0, 60.0)
    assert part(call[-10:]) == (50.0, 60.0)
    assert part(call[-10:-2.5]) == (50.0, 57.5)
    assert part(call[:]) == (0.0, 60.0)
    assert part(call[50:1000]) == (50.0, 60.0)


@pytest.mark.parametrize(
    "piece", [slice(5, 5), slice(7, 3), slice(100, 200), slice(0, 10, 2), slice("a", None)]
)
def test_what_is_no_part(call: vn.Recording, piece: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration):
        call[piece]


@pytest.mark.parametrize("piece", [3, 2.5, "turn", None, (1, 2)])
def test_a_number_is_no_part(call: vn.Recording, piece: Any) -> None:
    with pytest.raises(
        vn.InvalidConfiguration, match=r"is no part of the call. Give seconds.*call\.turn\(3\)"
    ):
        call[piece]
    with pytest.raises(TypeError):
        list(call)  # type: ignore[call-overload]


def test_a_turn_is_asked_for_by_number_or_by_its_row(call: vn.Recording) -> None:
    row = vn.turns(call)[1]
    one, other = call.turn(row), call.turn(row.number)
    assert (one.begin, one.end) == (other.begin, other.end)
    for wrong in ("two", None, [2], 1.0, True):
        with pytest.raises(vn.InvalidConfiguration, match="no turn"):
            call.turn(wrong)  # type: ignore[arg-type]


@dataclass
class Row:
    """A row of ``vn.turns``, as little as is asked of it."""

    start: float | None = None
    end: float | None = None
    decided: float | None = None
    transcription_delay: float | None = None
    replies: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("row", "begin", "end"),
    [
        (Row(10.0, 12.0), 10.0 - AROUND, 12.0 + AROUND),
        (Row(10.0, 12.0, decided=13.0), 9.5, 13.5),
        (Row(10.0, 12.0, decided=13.0, transcription_delay=2.0), 9.5, 14.5),
        (Row(10.0, 12.0, decided=11.0, transcription_delay=-0.5), 9.5, 12.5),  # words that came early
        (Row(decided=13.0), 12.5, 13.5),  # no sound: when it was decided
        (Row(10.0, 12.0, replies=("r1",)), 9.5, 24.5),  # up to where the reply was heard
        (Row(10.0, 12.0, replies=("unheard",)), 9.5, 12.5),
        (Row(0.2, 59.8), 0.0, 60.0),  # no further than the call
    ],
)
def test_a_turn_has_all_that_belongs_to_it(call: vn.Recording, row: Row, begin: float, end: float) -> None:
    part = part_of(call, row)
    assert (part.begin, part.end) == pytest.approx((begin, end), abs=0.001)


def test_of_a_turn_that_nothing_tells_of_there_is_none(call: vn.Recording) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="nothing tells when it was") as caught:
        part_of(call, Row())
    assert caught.value.facts["param"] == "part"


@pytest.mark.parametrize("piece", [slice(True, None), slice(float("nan"), 3), slice(0, float("inf"))])
def test_what_is_no_number_of_seconds(call: vn.Recording, piece: slice) -> None:
    with pytest.raises(vn.InvalidConfiguration, match=r"is no part of the call. Give seconds, as in"):
        part_of(call, piece)


def test_between_two_moments_there_must_be_something(call: vn.Recording) -> None:
    with pytest.raises(vn.InvalidConfiguration, match=r"between 60 s and 60 s; the call lasts 60.0 s"):
        part_of(call, slice(100, 200))
