"""The rule by which a silence is a pause, an end, or doubtful."""

import math

import numpy as np
import pytest

from voicenb.analysis.boundaries import Speech
from voicenb.errors import InvalidConfiguration
from voicenb.tuning.evidence import Evidence, Recorded, Reply
from voicenb.tuning.labels import Label, apply, read_labels
from voicenb.tuning.truth import Truth, derive, gaps, turns

NEVER = math.inf


@pytest.mark.parametrize(
    ("end", "replies", "truth"),
    [
        (10.8, [], Truth.MID),  # the caller went on before anyone spoke
        (15.0, [], Truth.MID),
        (15.01, [], Truth.UNCLEAR),  # too long for a pause, and nobody answered
        (NEVER, [], Truth.UNCLEAR),
        (14.0, [Reply(11.0, 13.0)], Truth.END),
        (12.0, [Reply(11.0, 13.0)], Truth.END),  # exactly a second into the answer
        (11.99, [Reply(11.0, 13.0)], Truth.DOUBTFUL),
        (11.0, [Reply(11.0, 13.0)], Truth.MID),  # both at once: nobody had spoken yet
        (NEVER, [Reply(11.0, 13.0)], Truth.END),
        (NEVER, [Reply(19.5, 20.0)], Truth.UNCLEAR),  # the call was over before the second was
        (14.0, [Reply(8.0, 10.5)], Truth.OVER),  # spoken over the agent
        (10.8, [Reply(8.0, 10.5, interrupted=True)], Truth.MID),  # the agent gave way, the caller went on
        (14.0, [Reply(8.0, 10.5, interrupted=True), Reply(11, 12)], Truth.END),
        (14.0, [Reply(8.0, 10.0), Reply(11.0, 12.0)], Truth.END),  # it was over as the caller stopped
        (14.0, [Reply(14.5, 16.0)], Truth.MID),  # what comes later has no part in it
    ],
)
def test_the_rule(end, replies, truth):
    assert derive(10.0, end, replies, duration=20.0)[0] is truth


def evidence(speech, replies=(), decisions=(), duration=60.0):
    return Evidence(
        "call", "", np.zeros(0, np.float32), tuple(speech), tuple(replies), tuple(decisions), (), duration
    )


CALL = evidence(
    [Speech(1, 2), Speech(2.5, 4), Speech(4.1, 5), Speech(9, 10), Speech(11.5, 12), Speech(20, 21)],
    [Reply(6, 8), Reply(11, 14), Reply(22, 24)],
    [Recorded(5.8), Recorded(10.9), Recorded(21.7)],
)


def test_a_call_falls_into_turns():
    found = gaps(CALL)
    assert [gap.truth.name for gap in found] == ["MID", "MID", "END", "DOUBTFUL", "OVER", "END"]
    assert [None if gap.decision is None else gap.decision.at for gap in found] == [
        None,
        None,
        5.8,
        10.9,
        None,
        21.7,
    ]
    assert [gap.answered for gap in found] == [None, None, 6, 11, None, 22]
    spoken = turns(CALL, found)
    assert [(turn.start, turn.end) for turn in spoken] == [(1, 5), (9, 10), (11.5, 12), (20, 21)]
    assert [len(turn.pauses) for turn in spoken] == [2, 0, 0, 0]
    assert spoken[0].last.observed == pytest.approx(0.8)  # past the decision nobody knows


def test_every_stretch_of_speech_is_in_one_turn():
    spoken = turns(CALL, gaps(CALL))
    assert sum(len(turn.pauses) + 1 for turn in spoken) == len(CALL.speech)


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


def test_a_turn_that_ends_in_a_labelled_silence_was_over():
    found = apply(gaps(CALL), [Label(1.0, 2.1), Label(2.4, 5.1)], CALL)
    assert [gap.truth.name for gap in found][:3] == ["END", "MID", "END"]


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
