"""Labels from files, and what they say of silences."""

from dataclasses import replace

import pytest

from tests.tuning.calls import CALL
from voicenb.errors import InvalidConfiguration
from voicenb.tuning.labels import Label, apply, ends_passed_over, read_labels
from voicenb.tuning.truth import Truth, gaps, turns


def test_labels_have_the_last_word():
    labels = [
        Label(1.0, 5.0),
        Label(10.1, 10.8, Truth.MID),  # over the doubtful silence: went on
        Label(12.5, 13.0, Truth.END),  # over the agent's voice: no question of turn taking
        Label(21.2, 21.5, Truth.UNCLEAR),
    ]
    found = apply(gaps(CALL), labels, CALL)
    assert [(gap.truth.name, gap.labelled) for gap in found] == [
        ("MID", True),
        ("MID", True),
        ("END", True),
        ("MID", True),
        ("OVER", False),
        ("UNCLEAR", True),
    ]
    assert [(turn.start, turn.end) for turn in turns(CALL, found)][1] == (9, 12)


def test_a_turn_label_that_ends_where_the_caller_went_on_makes_no_end():
    """A diariser labels stretches of speech; only who says so of the silence makes it an end."""
    speech = [Label(1.0, 2.1), Label(2.4, 5.1)]
    found = apply(gaps(CALL), speech, CALL)
    assert [(gap.truth.name, gap.labelled) for gap in found][:3] == [
        ("MID", False),
        ("MID", True),  # the label goes on over it
        ("END", True),
    ]
    pause = gaps(CALL)[0]
    assert ends_passed_over(gaps(CALL), speech, CALL) == 1
    said = [*speech, Label(pause.start, pause.end, Truth.END)]
    assert apply(gaps(CALL), said, CALL)[0].truth is Truth.END
    assert ends_passed_over(gaps(CALL), said, CALL) == 0


def test_what_was_drafted_decides_no_doubtful_silence():
    (doubtful,) = (gap for gap in gaps(CALL) if gap.truth is Truth.DOUBTFUL)
    turn = Label(doubtful.start - 1, doubtful.start)
    for drafted, truth in ((True, Truth.DOUBTFUL), (False, Truth.END)):
        found = apply(gaps(CALL), [replace(turn, drafted=drafted)], CALL)
        assert next(gap.truth for gap in found if gap.start == doubtful.start) is truth


@pytest.mark.parametrize(("short", "labelled"), [(0.29, True), (0.31, False)])
def test_a_turn_drawn_by_hand_may_end_a_little_before_its_sound_does(short, labelled):
    found = apply(gaps(CALL), [Label(1.0, 5.0 - short)], CALL)
    assert (found[2].start, found[2].truth, found[2].labelled) == (5.0, Truth.END, labelled)


def test_labels_of_another_call_are_refused():
    with pytest.raises(InvalidConfiguration, match=r"goes to 61.00 s; call is over at 60.00 s"):
        apply(gaps(CALL), [Label(1, 61)], CALL)


def test_labels_from_files(tmp_path):
    rttm = tmp_path / "call.rttm"
    rttm.write_text(
        "SPEAKER call 1 1.000 4.000 <NA> <NA> caller <NA> <NA>\n"
        "SPEAKER call 1 6.000 2.000 <NA> <NA> agent <NA> <NA>\n\n"
    )
    assert read_labels(rttm) == [Label(1.0, 5.0)]
    audacity = tmp_path / "call.txt"
    audacity.write_text(
        "1.0\t5.0\tcaller: Hello, a table\n\\\t100\t200\n6.0\t8.0\tagent: Yes?\n10.1\t10.8\tWent on\n"
        "11\t12\tcan\u2019t tell\n13\t14\twas done\n",
        "utf-8",
    )
    assert read_labels(audacity) == [
        Label(1.0, 5.0),
        Label(10.1, 10.8, Truth.MID),
        Label(11, 12, Truth.UNCLEAR),
        Label(13, 14, Truth.END),
    ]


@pytest.mark.parametrize(
    "line", ["1.0\t5.0", "5\t1\tcaller", "a\tb\tcaller", "1\t2\tnobody", "-1\t2\tcaller", "0\tinf\tcaller"]
)
def test_a_line_that_is_no_label_is_named(tmp_path, line):
    file = tmp_path / "call.txt"
    file.write_text(f"1\t2\tcaller\n{line}\n")
    with pytest.raises(InvalidConfiguration, match=r"call.txt, line 2, is no label"):
        read_labels(file)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InvalidConfiguration, match="cannot be read"):
        read_labels(tmp_path / "none.rttm")
