"""What the caller says while there is no connection."""

from __future__ import annotations

from voicenb.session.backlog import ROOM, Backlog, BacklogElsewhere
from voicenb.session.microphone import FRAME, RATE


def frame(number: int) -> bytes:
    return number.to_bytes(2, "little") * FRAME


def test_frames_come_out_as_they_went_in_and_once() -> None:
    backlog = Backlog()
    frames = [frame(number) for number in range(5)]
    for each in frames:
        backlog.put(each)
    assert backlog.seconds == 5 * FRAME / RATE
    assert [backlog.take() for _ in range(6)] == [*frames, None]
    assert (backlog.seconds, backlog.left_out) == (0, 0)


def test_of_too_much_the_latest_is_kept() -> None:
    backlog = Backlog()
    room = round(ROOM * RATE / FRAME)
    for number in range(room + 50):
        backlog.put(frame(number))
    assert backlog.take() == frame(50)
    assert backlog.seconds == (room - 1) * FRAME / RATE
    assert backlog.left_out == 50 * FRAME / RATE


def test_of_one_that_is_kept_elsewhere_there_is_only_word() -> None:
    backlog = BacklogElsewhere()
    backlog.told(2.5, 0.0)
    backlog.told(9.0, 1.5)
    backlog.told(0.5, 0.25)
    assert (backlog.seconds, backlog.left_out, backlog.take()) == (0.5, 1.75, None)
