"""Calls from frames, of which every figure can be computed by hand."""

import numpy as np
from hypothesis import strategies as st

from voicenb.analysis.boundaries import Speech
from voicenb.tuning.evidence import Evidence, Recorded, Reply, Words
from voicenb.tuning.grid import grid
from voicenb.tuning.scores import Ground, Heard
from voicenb.tuning.sweep import Sweep
from voicenb.tuning.truth import gaps, turns
from voicenb.turn_taking.completeness import Words as Judge

F = 0.032
"""Seconds of a frame."""

DONE, OPEN = "A table for four.", "A table for"
"""Words that look complete, and words that do not."""


def heard(pattern, *, replies=(), decided=(), words=(), settings=None, tools=()):
    """A call from frames: ``(speech, silence)`` by turns, in frames; ``tools``: decisions that call one."""
    values, speech, at = [], [], 0
    for spoken, silent in pattern:
        speech.append(Speech(at * F, (at + spoken) * F))
        values += [0.9] * spoken + [0.0] * silent
        at += spoken + silent
    evidence = Evidence(
        "call",
        "built",
        np.array(values, np.float32),
        tuple(speech),
        tuple(Reply(*(each * F for each in reply)) for reply in replies),
        tuple(Recorded(each * F, settings, each in tools) for each in decided),
        tuple(Words(when * F, text) for when, text in words),
        at * F,
    )
    return Heard(evidence, turns(evidence, gaps(evidence)))


def sweep_of(calls, **given):
    """Settings on such calls."""
    return Sweep(grid(given), Ground(calls, Judge()), Judge(), [])


# 20 frames of speech, a pause of 25, 20 of speech, and the end, decided 40 frames behind it and answered
# after 50. The next turn begins 100 frames behind it, is decided 45 frames behind its end, answered after 50.
HAND = heard([(20, 25), (20, 100), (20, 120)], replies=[(115, 150), (235, 300)], decided=[105, 230])

PATTERN = st.lists(st.tuples(st.integers(3, 40), st.integers(2, 90)), min_size=1, max_size=6)
POLICY = st.tuples(st.integers(50, 2500), st.integers(1, 2500)).map(lambda p: (p[0], p[0] + p[1]))


@st.composite
def calls(draw):
    """Calls with pauses, answers, words and decisions wherever they fall."""
    pattern = draw(PATTERN)
    replies, decided, words, at = [], [], [], 0
    for spoken, silent in pattern:
        end = at + spoken
        if draw(st.booleans()):
            begin = end + draw(st.integers(1, silent))
            replies.append((begin, begin + draw(st.integers(2, 60))))
            decided.append(draw(st.integers(end, begin)))
        if draw(st.booleans()):
            words.append((end - 1, draw(st.sampled_from([OPEN, DONE]))))
        at = end + silent
    return heard(pattern, replies=replies, decided=decided, words=words)


def evidence(speech, replies=(), decisions=(), duration=60.0):
    return Evidence(
        "call", "", np.zeros(0, np.float32), tuple(speech), tuple(replies), tuple(decisions), (), duration
    )


CALL = evidence(
    [Speech(1, 2), Speech(2.5, 4), Speech(4.1, 5), Speech(9, 10), Speech(11.5, 12), Speech(20, 21)],
    [Reply(6, 8), Reply(11, 14), Reply(22, 24)],
    [Recorded(5.8), Recorded(10.9), Recorded(21.7)],
)
