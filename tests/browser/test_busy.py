"""A conversation while the kernel is busy: no frame is lost, and there is no gap in the agent's voice."""

import re
import time
from contextlib import contextmanager

import pytest
from gaps import QUANTUM, find_gaps
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

BUSY = [
    "import time; time.sleep(10)",
    COMPUTING,
    # Calls into C that give the interpreter's lock away to nobody, for seconds each.
    "import random, time\nnumbers = [random.random() for _ in range(3_000_000)]\nuntil = time.time() + 10\n"
    "while time.time() < until: sorted(numbers)",
]


@pytest.fixture
def emulator():
    with HummingEmulator(brain=hums_and_calls) as running:
        running.warm_up()
        yield running


async def hums_and_calls(moment):
    """Calls the tool once and hums meanwhile; then tells the result."""
    if moment.trigger == "user_speech" and not any(line.role == "tool" for line in moment.history):
        yield Call("compute", {"words": moment.history[-1].text})
        yield Say(hum(8))
    else:
        yield Say(f"It is {moment.history[-1].text}.")


@contextmanager
def both_heard(talk, idle):
    """Both sides are heard meanwhile, and nothing is lost; tells afterwards the gaps that have no excuse."""
    gaps = []
    begun, before = time.time(), talk.emulator.sessions[-1].received_audio
    yield gaps
    ended, heard = time.time(), talk.emulator.sessions[-1].received_audio - before
    output = talk.output(ended)
    # What the page took in, by its audio thread's clock: on a machine with too much to do, less than all.
    captured = sum(begun <= at <= ended for at, _ in output) * QUANTUM / RATE
    assert heard > 0.9 * captured, "the microphone stood still"
    assert talk.is_audible(begun, ended), "the agent fell silent"
    assert "· 0 lost" in talk.foot
    gaps += [gap for gap in find_gaps(output, talk.emulator.voice, idle) if gap.ours]


def test_busy_cells_do_not_stop_the_conversation(conversation, emulator, idle):
    talk = conversation(emulator, *BUSY, agent=HUMS, says=TALKATIVE)
    talk.until_audible()
    for number in range(1, 1 + len(BUSY)):
        with both_heard(talk, idle) as gaps:
            talk.run(number)
        assert gaps == []
        talk.until_audible()
    talk.expect(re.compile("young man", re.IGNORECASE))
    assert talk.foot.startswith("audio direct")
    talk.stop()


def test_through_the_kernel_a_busy_cell_does_not_stop_it_either(conversation, emulator, idle):
    talk = conversation(emulator, COMPUTING, agent=HUMS, extra=", audio='kernel'", says=TALKATIVE)
    talk.until_audible()
    with both_heard(talk, idle) as gaps:
        talk.run()
    assert gaps == []
    talk.expect(re.compile("young man", re.IGNORECASE))
    assert talk.foot.startswith("audio through the kernel")
    talk.stop()


COMPUTES = f"""{AGENT}
import time

@agent.tool
def compute(words: str) -> str:
    \"\"\"Compute for five seconds.

    Args:
        words: what to compute.
    \"\"\"
    until = time.time() + 5
    while time.time() < until:
        sum(range(1000))
    return "forty-two"
"""


def test_a_tool_that_computes_does_not_stop_it(conversation, emulator, idle):
    talk = conversation(emulator, agent=COMPUTES, says=[3.0, "austen-0880", 60.0])
    talk.expect("compute(")
    talk.until_audible()
    with both_heard(talk, idle) as gaps:
        talk.expect("forty-two")
    assert gaps == []
    talk.expect("It is")
    talk.stop()
