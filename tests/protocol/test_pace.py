import pytest

from voicenb.protocol.pace import Spoken, pace_of


def event(t, kind, /, samples=None, **message):
    told = {"t": t, "dir": "in", "type": kind, "msg": message}
    return told if samples is None else {**told, "samples": samples}


def reply(*times, reply_id="r", seconds=0.1):
    return [event(t, "reply.audio", samples=round(24_000 * seconds), reply_id=reply_id) for t in times]


def word(t, start_ms, reply_id="r"):
    return event(t, "transcript.agent.delta", reply_id=reply_id, start_ms=start_ms, delta="Good ")


def told(events, spoken=(), leads=None):
    return [what for _, what in pace_of(events, spoken, leads or {})]


STEADY = reply(*(i / 10 for i in range(1, 20)))


def test_sound_at_the_pace_of_speech_is_as_it_should_be():
    assert told(STEADY) == []
    assert told([]) == []


@pytest.mark.parametrize(
    ("times", "what"),
    [
        ([0.0, 0.1, 0.7, 0.71], "the sound of a reply came here up to 0.5 s later than it plays"),
        ([0.0] * 25, "the sound of a reply came up to 2.5 s before it plays, faster than real time"),
    ],
)
def test_sound_at_another_pace_is_told(times, what):
    assert told(reply(*times)) == [what]


@pytest.mark.parametrize("lead", [0.2, 0.69, 2.0])
def test_silence_before_a_reply_is_usual(lead):
    assert told(STEADY, leads={"r": lead}) == []


@pytest.mark.parametrize("lead", [0.0, 2.5])
def test_none_or_more_is_told(lead):
    what = f"replies begin with {lead:.2f} s of silence; 0.2 to 2 s were seen everywhere"
    assert told(STEADY, leads={"r": lead}) == [what]


def test_words_that_are_told_before_their_place_in_the_sound():
    assert told([*STEADY, word(0.2, 250)], leads={"r": 0.3}) == []
    what = "transcript.agent.delta: start_ms is up to 240 ms before the word's place in the reply's sound"
    assert told([*STEADY, word(0.2, 60)], leads={"r": 0.3}) == [what]
    assert told([*STEADY, word(0.2, None)], leads={"r": 0.3}) == []


QUIET = [Spoken(5.0, 7.0)]
OVER = [Spoken(1.0, 3.0)]


def begins(t):
    return event(t, "input.speech.started")


def test_speech_in_the_silence_is_noticed_at_once():
    assert told([*STEADY, begins(5.2)], QUIET) == []
    what = "input.speech.started came 0.6 s after the caller had begun, with the agent silent"
    assert told([*STEADY, begins(5.6)], QUIET) == [what]


@pytest.mark.parametrize("config", [{}, {"input": {"transcription_mode": "balanced"}}])
def test_speech_over_the_agent_is_noticed_after_the_delay(config):
    ready = event(0.0, "session.ready", config=config)
    assert told([ready, *STEADY, begins(2.1)], OVER) == []
    assert told([ready, *STEADY, begins(2.8)], OVER) == [
        "input.speech.started came 1.8 s after the caller had begun to speak over the agent "
        "(interruption_delay: 500 ms)"
    ]


@pytest.mark.parametrize(
    "settings",
    [{"transcription_mode": "min_latency"}, {"turn_detection": {"interruption_delay": 0}}],
)
def test_without_a_delay_it_is_noticed_sooner(settings):
    ready = event(0.0, "session.ready", config={"input": settings})
    assert told([ready, *STEADY, begins(1.6)], OVER) == []
    assert len(told([ready, *STEADY, begins(2.1)], OVER)) == 1


def test_speech_that_nobody_noticed_is_told():
    what = "input.speech.started did not come for something that the caller said"
    assert told(STEADY, QUIET) == [what]
    assert told([*STEADY, begins(30.0)], QUIET) == [what]
