"""The measuring aid of the busy cells: it sees gaps, and tells ours from those of others."""

import os
import re
import signal
import subprocess
import sys
import time

import psutil
import pytest
from gaps import Gap, excused, find_gaps
from humming import HOLD, LOUD, HummingEmulator, hum
from others import Others, processor_time
from talking import until

AGENT = "import voicenb as vn\nagent = vn.Agent(name='Lido', system_prompt='You hum.', greeting={!r})"
PID = "from voicenb.session.helper_host import helper_process\nprint('helper', helper_process().pid)"

WORKS = "import time\nwhile time.process_time() < 0.5: pass\nprint(flush=True)\ninput()"
"""Takes half a second of a processor, says so and waits."""

PIECE = 480 / 24_000
"""Seconds in a piece of sound."""

QUANTUM = 128 / 24_000


def at_ease(begun, ended):
    """A machine that does nothing else."""
    return 0.0


def pieces(count, begun=0.0, lead=0.2):
    """A service that sends ``lead`` seconds ahead: when each piece was sent, and its samples."""
    return [(begun + max(0.0, n * PIECE - lead), 480) for n in range(count)]


def quanta(begun, seconds, loud):
    return [(begun + n * QUANTUM, LOUD if loud else 0.0) for n in range(round(seconds / QUANTUM))]


def test_a_voice_without_a_pause_has_no_gap():
    assert find_gaps(quanta(0.03, 2, True), pieces(100), at_ease) == []


def test_what_came_before_the_reply_and_after_it_is_no_gap():
    output = quanta(0, 1, True) + quanta(1, 1, False) + quanta(2, 1, True) + quanta(3, 1, False)
    assert find_gaps(output, pieces(50, begun=1.97), at_ease) == []


def test_sound_that_was_sent_in_time_and_is_not_there_is_our_gap():
    output = quanta(0.03, 1, True) + quanta(1.03, 0.1, False) + quanta(1.13, 1, True)
    (gap,) = find_gaps(output, pieces(100), at_ease)
    assert gap.at == pytest.approx(1.03, abs=0.01)
    assert gap.seconds == pytest.approx(0.1, abs=0.01)
    assert gap.waited == pytest.approx(0.23, abs=0.02)
    assert gap.ours


def test_sound_that_was_sent_too_late_is_not():
    output = quanta(0.03, 1, True) + quanta(1.03, 0.5, False) + quanta(1.53, 1, True)
    (gap,) = find_gaps(output, pieces(50) + pieces(50, begun=1.5), at_ease)
    assert gap.waited < 0
    assert not gap.ours


def test_nor_is_one_beside_a_moment_at_which_nothing_was_rendered():
    output = quanta(0.03, 0.8, True) + quanta(1.03, 0.1, False) + quanta(1.13, 1, True)
    (gap,) = find_gaps(output, pieces(100), at_ease)
    assert gap.stalled == pytest.approx(0.2, abs=0.01)
    assert gap.on_the_way
    assert not gap.ours


def test_nor_is_one_for_which_the_machine_had_no_time():
    asked = []
    output = quanta(0.03, 1, True) + quanta(1.03, 0.1, False) + quanta(1.13, 1, True)
    (gap,) = find_gaps(output, pieces(100), lambda *window: asked.append(window) or 0.5)
    assert asked == [pytest.approx((0.03, 1.13), abs=0.01)]
    assert gap.on_the_way
    assert not gap.ours


def a_gap(at, ours):
    return Gap(at=at, seconds=0.5, waited=0.2, stalled=0.0, others=0.0 if ours else 0.5)


def test_what_is_excused_is_the_time_around_gaps_that_are_not_ours():
    assert excused([], 0) == 0
    assert excused([a_gap(10, ours=True)], 0) == 0
    assert excused([a_gap(10, ours=False)], 0) == pytest.approx(1.5)
    assert excused([a_gap(10, ours=False), a_gap(20, ours=False)], 0) == pytest.approx(3)
    assert excused([a_gap(10, ours=False), a_gap(11, ours=False)], 0) == pytest.approx(2.5), "each once"
    assert excused([a_gap(5, ours=False), a_gap(10, ours=False)], 9.5) == pytest.approx(1), "none before"


def test_what_others_have_is_a_share_of_all_processors():
    others = Others()
    others.looks[:] = [(0.0, 0.0), (1.0, 1.0 * psutil.cpu_count()), (2.0, 1.0 * psutil.cpu_count())]
    assert others.share(0, 1) == pytest.approx(1)
    assert others.share(1, 2) == 0
    assert others.share(0.5, 1.5) == pytest.approx(0.5)


def test_what_the_test_s_children_have_is_not_in_it():
    others = Others()
    all_before, (_, before) = processor_time(), others.look()
    command, pipe = [sys.executable, "-c", WORKS], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as child:
        child.stdout.readline()
        all_after, (_, after) = processor_time(), others.look()
        child.communicate(b"\n")
    assert after - before < all_after - all_before - 0.4


def gaps_told(talk):
    """How many the panel has counted."""
    found = re.search(r"· (\d+) gaps?$", talk.foot)
    return int(found[1]) if found else 0


@pytest.mark.campaign
def test_gaps_are_seen_and_told_apart(conversation, others):
    with HummingEmulator() as emulator:
        talk = conversation(emulator, PID, agent=AGENT.format(f"{hum(3)} {HOLD} {hum(120)}"))
        talk.until_audible()
        talk.until_silent(0.1)  # the service stands still
        emulator.mouth.go_on.set()
        talk.until_audible()
        helper = int(talk.run().split()[-1])
        stopped = time.time()
        os.kill(helper, signal.SIGSTOP)
        try:
            talk.until_silent(0.1)
        finally:
            os.kill(helper, signal.SIGCONT)
        talk.until_audible()
        gaps = find_gaps(talk.output(), emulator.voice, others)
        until(talk.page, lambda: gaps_told(talk) >= len(gaps))
        assert gaps_told(talk) <= len(find_gaps(talk.output(), emulator.voice, others))
    long = [gap for gap in gaps if gap.seconds > 0.05]
    assert [gap for gap in long if gap.at < stopped and not gap.on_the_way], gaps
    assert [gap for gap in long if gap.at > stopped and gap.on_the_way], gaps
