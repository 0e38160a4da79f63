"""A conversation while the kernel is busy: no frame is lost, and there is no gap in the agent's voice."""

import re
import time
from functools import partial

import pytest
from gaps import DOUBTFUL, QUANTUM, excused, find_gaps
from humming import RATE, HummingEmulator, hum
from talking import AGENT

from voicenb.emulator.brain import Call, Say

# Speaks all the time, whoever speaks meanwhile.
HUMS = f"""
import voicenb as vn
agent = vn.Agent(
    name="Lido",
    system_prompt="You hum.",
    greeting={hum(300)!r},
    turn_detection=vn.TurnDetection.no_interruption(),
)
"""

# Somebody who speaks all the time, too.
TALKATIVE = [1.0, *["austen-0880", 3.0, "austen-0930", 3.0, "austen-0890", 3.0] * 4]

COMPUTING = "import time\nuntil = time.time() + 10\nwhile time.time() < until: sum(range(1000))"

# Calls into C that give the interpreter's lock away to nobody, for seconds each.
LOCKING = (
    "import random, time\nnumbers = [random.random() for _ in range(3_000_000)]\nuntil = time.time() + 10\n"
    "while time.time() < until: sorted(numbers)"
)

# Both leave the interpreter's lock to others.
YIELDING = [
    "import time; time.sleep(10)",
    "import time\nimport numpy as np\na = np.random.default_rng(1).normal(size=(700, 700))\n"
    "until = time.time() + 10\nwhile time.time() < until: np.linalg.svd(a @ a.T)",
]


@pytest.fixture
def emulator():
    with HummingEmulator(brain=hums_and_calls) as running:
        running.warm_up()
        yield running


async def hums_and_calls(moment):
    """Calls the tool at the first words and when it is told to, and hums meanwhile; then tells the result."""
    called = any(line.role == "tool" for line in moment.history)
    if moment.trigger == "reply_create" or (moment.trigger == "user_speech" and not called):
        yield Call("compute", {"words": "what there is"})
        yield Say(hum(8))
    else:
        yield Say(f"It is {moment.history[-1].text}.")


ON_THE_WAY = 0.3
"""Seconds of the microphone's sound that may be on their way to the service when one looks."""


def listen(talk, others, meanwhile):
    """Both sides are heard meanwhile, and nothing is lost.

    Returns:
        The gaps in the agent's voice that have no excuse, and the share of the time that has one.
    """
    begun, before = time.time(), talk.emulator.sessions[-1].received_audio
    meanwhile()
    ended, heard = time.time(), talk.emulator.sessions[-1].received_audio - before
    output = talk.output(ended)
    # What the page took in, by its audio thread's clock: on a machine with too much to do, less than all.
    captured = sum(begun <= at <= ended for at, _ in output) * QUANTUM / RATE
    assert heard > captured - ON_THE_WAY, "something of what the microphone took did not arrive"
    assert talk.is_audible(begun, ended), "the agent fell silent"
    assert "· 0 lost" in talk.foot
    gaps = find_gaps(output, talk.emulator.voice, others)
    return [gap for gap in gaps if gap.ours], excused(gaps, begun) / (ended - begun)


def unexcused_gaps(talk, others, *attempts):
    """The gaps in the agent's voice that have no excuse, while the kernel is busy.

    Args:
        talk: the conversation.
        others: tells the share of the processors that programs beside the test had between two moments.
        attempts: each keeps the kernel busy; the next is made where the one before tells nothing.
    """
    for meanwhile in attempts:
        gaps, share = listen(talk, others, meanwhile)
        if gaps or share <= DOUBTFUL:
            return gaps
    pytest.fail(f"inconclusive: the machine had too much to do, {share:.0%} of the time has an excuse")


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([COMPUTING, LOCKING], id="that keep the lock"),
        pytest.param(YIELDING, id="that yield it", marks=pytest.mark.campaign),
    ],
)
def test_busy_cells_do_not_stop_the_conversation(conversation, emulator, others, cells):
    talk = conversation(emulator, *cells, agent=HUMS, says=TALKATIVE)
    talk.until_audible()
    for number in range(1, 1 + len(cells)):
        assert unexcused_gaps(talk, others, *[partial(talk.run, number)] * 2) == []
        talk.until_audible()
    talk.expect(re.compile("young man", re.IGNORECASE))
    assert talk.foot.startswith("audio direct")
    talk.stop()


@pytest.mark.campaign
def test_through_the_kernel_a_busy_cell_does_not_stop_it_either(conversation, emulator, others):
    talk = conversation(emulator, COMPUTING, agent=HUMS, extra=", audio='kernel'", says=TALKATIVE)
    talk.until_audible()
    assert unexcused_gaps(talk, others, talk.run, talk.run) == []
    talk.expect(re.compile("young man", re.IGNORECASE))
    assert talk.foot.startswith("audio through the kernel")
    talk.stop()


COMPUTES = f"""{AGENT}
import time

results = []

@agent.tool
def compute(words: str) -> str:
    \"\"\"Compute for five seconds.

    Args:
        words: what to compute.
    \"\"\"
    until = time.time() + 5
    while time.time() < until:
        sum(range(1000))
    results.append(words)
    return f"result {{len(results)}}"
"""


@pytest.mark.campaign
def test_a_tool_that_computes_does_not_stop_it(conversation, emulator, others):
    talk = conversation(emulator, "talk.reply()", agent=COMPUTES, says=[1.5, "austen-0880", 120.0])

    def once_more():
        talk.expect("It is")
        talk.until_silent(0.5)
        talk.run()
        talk.expect("result 2")

    talk.expect("compute(")
    talk.until_audible()
    assert unexcused_gaps(talk, others, lambda: talk.expect("result 1"), once_more) == []
    talk.expect("It is")
    talk.stop()
