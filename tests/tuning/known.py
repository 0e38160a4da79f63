"""A call of sound of which everything is known, sample by sample, and what its service decided."""

from tests.analysis.known_call import KnownCall, speech

ONE, OTHER, ANSWER = "cards-001.wav", "cards-004.wav", "cards-002.wav"
LIMITS = {"vad_threshold": 0.5, "min_silence": 1000, "max_silence": 3000}
NEAR = 0.1
"""Seconds: a detector goes on a frame or two longer than the label says, and decides on frame ends.

A soft onset it hears later: the pause of 0.6 s is one of 0.74 s to it.
"""


def answered(call, name, end, decided=1.0, answer=1.4, cut=None):
    """The service decides that the turn is over, and is heard."""
    call.turn(f"item-{name}", "Two of clubs.", told=None, decided=end + decided, transcribed=end + decided)
    began = end + decided
    heard = end + answer
    call.reply(name, "Yes.", speech(ANSWER), began=began, received=began, heard=heard, cut=cut)
    return end + answer + len(speech(ANSWER)) / 24_000


def build(folder, turn_detection=LIMITS):
    """Turns with a pause of 0.6 s, with one of 1.3 s that was cut, and with a candidate cut."""
    call = KnownCall(folder, 30.0, turn_detection)
    paused = call.says(1.0, speech(ONE))
    end = call.says(paused + 0.6, speech(OTHER))
    over = answered(call, "a", end)
    first = call.says(over + 1.0, speech(ONE))
    call.turn("item-b0", "Two.", told=None, decided=first + 1.0, transcribed=first + 1.0)  # cut, nobody spoke
    second = call.says(first + 1.3, speech(OTHER))
    over = answered(call, "b", second)
    third = call.says(over + 1.0, speech(ONE))
    answered(call, "c", third, cut=third + 1.4 + 0.8)
    fourth = call.says(third + 1.4 + 0.5, speech(OTHER))  # half a second into the answer
    answered(call, "d", fourth)
    return call.build(), {"ends": [end, second, fourth], "doubtful": third, "pauses": [paused, first]}
