"""What a synthetic caller says over the agent, heard by real ears: "go on" passes, "stop" does not."""

import pytest

import voicenb as vn
from voicenb.testing import Greeting

AGENT = vn.Agent(
    name="Lido",
    system_prompt="You take bookings for Lido.",
    greeting="Good evening, this is Lido, and thank you very much for calling. We are open every day from "
    "noon until late in the evening, and we keep a table by the window for everybody who asks in time.",
)
VOICES = ["michael", "ivy", "anna"]


def interruptions(words, voice):
    """How many replies were cut off by ``words``, said over the greeting."""
    call = vn.run(AGENT, vn.Caller([vn.BargeIn(words, after=1.5), Greeting(), vn.Pause(1)], voice=voice))
    replies = [event["msg"] for event in call.events if event["type"] == "reply.done"]
    assert replies
    return sum(reply["status"] == "interrupted" for reply in replies)


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("words", ["Mm-hm.", "Mhm.", "Uh-huh.", "Yeah.", "Okay."])
def test_a_back_channel_lets_the_agent_go_on(words, voice):
    assert interruptions(words, voice) == 0


@pytest.mark.parametrize("voice", VOICES[:2])
@pytest.mark.parametrize("words", ["No, wait.", "Stop, stop.", "Half past eight, please."])
def test_words_that_want_the_floor_interrupt(words, voice):
    assert interruptions(words, voice) == 1
