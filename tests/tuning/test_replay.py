"""Callers of recorded calls in fresh sessions: the same call again, and other ones."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration, RecordingError, ServiceUnreachable
from voicenb.tuning.processes import Processes
from voicenb.tuning.replay import replay
from voicenb.turn_taking.segmenter import FRAME_SECONDS

CLIPS = Path(__file__).parents[1] / "data" / "audio"

BRAIN = [
    {"on": "Friday", "say": "I can offer you a table at seven in the evening, or at half past eight."},
    {"on": ".", "say": "I see. Please go on."},
]

QUICK = vn.TurnDetection(min_silence=600, max_silence=2000)


def agent(**changes) -> vn.Agent:
    settings = {"greeting": "Hello, Lido here.", "voice": "ivy", "turn_detection": QUICK, **changes}
    return vn.Agent(name="Lido", system_prompt="You take bookings.", **settings)


def turns_of(call) -> list[tuple]:
    """What a turn was, its times in frames of voice activity."""
    return [(turn.role, turn.text, turn.start, turn.end, turn.response_latency) for turn in vn.turns(call)]


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    """A pause of the caller's own, and an interruption."""
    script = [
        vn.Answer(),
        vn.Pause(0.4),
        vn.Say("A table for", vn.Pause(0.5), "four on Friday."),
        vn.BargeIn("Stop, please. That is too late.", after=2.0),
        vn.Answer(),
        vn.Pause(0.6),
        "Thank you very much.",
        vn.Answer(),
        vn.Pause(0.3),
    ]
    folder = tmp_path_factory.mktemp("replay") / "lido"
    return vn.run(agent(), vn.Caller(script), brain=BRAIN, recording=folder)


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """One who asks one thing."""
    folder = tmp_path_factory.mktemp("short") / "anna"
    return vn.run(agent(greeting=None), ["Hello there.", vn.Answer()], brain=BRAIN, recording=folder)


@pytest.fixture(scope="module")
def again(call):
    return replay(call, agent(), brain=BRAIN)


@pytest.fixture(scope="module")
def patient(call):
    return replay(call, agent(turn_detection=QUICK.replace(min_silence=1100)), brain=BRAIN)


def test_the_same_agent_gives_the_same_call(call, again):
    """On the virtual clock nothing is left to chance: the caller sends the very samples."""
    assert np.array_equal(again.caller, call.caller)
    assert turns_of(again) == turns_of(call)
    assert [turn.interrupted for turn in vn.turns(again).agent].count(True) == 1


def test_each_replayed_turn_knows_the_recorded_one(call, again):
    told = again.session["replay"]
    assert (told["of"], told["by"], told["ended"], told["unanswered"]) == ("lido", "turns", "hung up", [])
    assert again.session["microphone"] == "replay of lido"
    assert again.session["service"].startswith("emulator")
    recorded = {turn.number: turn for turn in vn.turns(call).caller}
    truth = again.session["truth"]
    assert sorted(number for part in truth for number in part["turns"]) == sorted(recorded)
    for part in truth:
        first = recorded[part["turns"][0]]
        assert part["start"] / 24_000 == pytest.approx(first.start, abs=0.02)
        assert part["stop"] > part["start"]
    assert [part["over_agent"] for part in truth] == [False, True, False]
    assert [part["cue"] for part in truth] == ["after", "over", "after"]


def test_by_the_clock_he_speaks_at_the_same_seconds(call):
    slower = agent(greeting="Hello, this is the restaurant Lido.", turn_detection=vn.TurnDetection.patient())
    found = replay(call, slower, brain=BRAIN, by="clock")
    assert np.array_equal(found.caller[: len(call.caller)], call.caller)
    assert [part["cue"] for part in found.session["truth"]] == ["clock"] * 3
    # The last answer is waited for, though it comes later than it did.
    assert len(found.caller) > len(call.caller)
    assert vn.turns(found).caller[-1].unanswered is False


def test_other_settings_move_the_delays_as_they_say(again, patient):
    """A turn that ended at 600 ms ends at 1100 ms; the rest of the call waits for it."""
    before, after = vn.turns(again).caller, vn.turns(patient).caller
    assert [turn.text for turn in after] == [turn.text for turn in before]
    for one, other in zip(before, after, strict=True):
        assert other.end_of_turn_delay - one.end_of_turn_delay == pytest.approx(0.5, abs=FRAME_SECONDS)
    assert len(patient.caller) > len(again.caller)
    # He keeps his reaction time, and his place in the answer that he interrupts.
    for one, other in zip(again.session["truth"], patient.session["truth"], strict=True):
        assert one["cue"] == other["cue"]
    first, second = vn.turns(patient).agent[0], after[0]
    assert second.start - first.end == pytest.approx(
        before[0].start - vn.turns(again).agent[0].end, abs=0.011
    )
    cut = vn.turns(patient).agent[1]
    was = vn.turns(again).agent[1]
    assert after[1].start - cut.start == pytest.approx(before[1].start - was.start, abs=0.011)


def test_a_pause_that_is_cut_is_one_turn_still(call):
    """His pause of half a second is his own: an agent that takes it for the end does not move it."""
    hasty = replay(call, agent(turn_detection=QUICK.replace(min_silence=200)), brain=BRAIN)
    truth = hasty.session["truth"]
    recorded = vn.turns(call).caller[0]
    assert (truth[0]["stop"] - truth[0]["start"]) / 24_000 == pytest.approx(recorded.length, abs=0.02)


def test_a_part_of_a_call(call):
    """From the interruption on: what came before it, nobody says."""
    begin = vn.turns(call).caller[1].start - 1.0
    found = replay(call[begin:], agent(), brain=BRAIN)
    assert len(found.session["truth"]) == 2
    assert found.session["replay"]["of"].startswith("lido ")
    assert vn.turns(found).caller[0].text == vn.turns(call).caller[1].text


def test_a_policy_works_in_each_call(call):
    """The agent asks nothing here, but says it as a question once: a call has a policy of its own."""
    asks = [{"on": "Friday", "say": "At seven?"}, {"on": ".", "say": "I see."}]
    found = replay([call], agent(), brain=asks, policy=vn.AfterQuestion(min_silence=1500, max_silence=4000))
    assert found[0].session["replay"]["policy"] == "AfterQuestion"
    silences = [turn.configured_silence for turn in vn.turns(found[0]).caller]
    assert silences[0] == 0.6
    assert 1.5 in silences[1:]


def test_an_agent_that_never_answers_is_waited_for_and_told(call):
    def silent():
        return Silent()

    lonely = replay(call, agent(greeting=None), brain=silent, patience=2.0)
    assert lonely.session["replay"]["unanswered"] == [1, 2, 3]
    assert len(lonely.session["truth"]) == 3
    assert lonely.session["replay"]["ended"] == "not answered"
    gone = replay(call, agent(greeting=None), brain=silent, patience=2.0, if_unanswered="hang up")
    assert gone.session["replay"]["unanswered"] == [1]
    assert [part["part"] for part in gone.session["truth"]] == [1]
    ends = gone.session["truth"][0]["stop"] / 24_000
    assert len(gone.caller) / 24_000 == pytest.approx(ends + 2.0, abs=0.05)


class Silent:
    """A brain that has nothing to say."""

    name = "silent"

    async def answer(self, moment):
        del moment
        for nothing in ():
            yield nothing


def test_several_are_told_in_a_table_and_kept(short, tmp_path):
    longer = agent(greeting=None, turn_detection=QUICK.replace(min_silence=900))
    calls = [short, replay(short, longer, brain=BRAIN)]
    first = replay(calls, agent(), brain=BRAIN, into=tmp_path / "kept")
    assert [row.of for row in first.rows] == [each.name for each in calls]
    assert [(row.ended, row.kept) for row in first.rows] == [("hung up", False)] * 2
    assert first.complete
    assert len(vn.report(first).calls) == 2
    second = replay(calls, agent(), brain=BRAIN, into=tmp_path / "kept")
    assert [row.kept for row in second.rows] == [True, True]
    assert [each.folder for each in second] == [each.folder for each in first]
    # Another agent, or another way, is another call.
    third = replay(calls[:1], agent(voice="james"), brain=BRAIN, into=tmp_path / "kept")
    assert [row.kept for row in third.rows] == [False]
    assert third[0].folder not in [each.folder for each in first]


def test_an_executor_gives_what_the_serial_run_does(short):
    same = agent(greeting=None)
    with ThreadPoolExecutor(2) as two:
        spread = replay([short, short.folder], same, brain=BRAIN, executor=two, progress=False)
    with Processes(1) as one:
        (elsewhere,) = replay([short], same, brain=BRAIN, executor=one)
    assert [np.array_equal(each.caller, short.caller) for each in (*spread, elsewhere)] == [True] * 3


@pytest.mark.slow
def test_a_run_that_is_killed_goes_on_where_it_was(short, tmp_path):
    """What is over is neither held nor paid again."""
    calls = [short.save(tmp_path / name).folder for name in ("one", "two", "three")]
    for number, folder in enumerate(calls):  # three callers, not three copies of one
        track = folder / "caller.wav"
        sound = bytearray(track.read_bytes())
        sound[-2:] = bytes([number, 0])
        track.write_bytes(bytes(sound))
    home = tmp_path / "into"
    code = textwrap.dedent(
        f"""
        import voicenb as vn
        from voicenb.tuning.replay import replay
        agent = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Hello, Lido here.",
            voice="ivy", turn_detection=vn.TurnDetection(min_silence=600, max_silence=2000))
        from voicenb.tuning import replay_work
        replay_work.workers_for = lambda seconds, items: 1  # one after the other
        replay({[str(each) for each in calls]!r}, agent, brain={BRAIN!r}, into={str(home)!r})
        """
    )
    child = subprocess.Popen([sys.executable, "-c", code])
    ledger = home / "replayed.jsonl"
    try:
        until = time.monotonic() + 60
        while not ledger.exists() or not ledger.read_text().count("\n"):
            assert child.poll() is None, "it was over before it could be killed"
            assert time.monotonic() < until
            time.sleep(0.01)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait(10)
    done = [json.loads(line) for line in ledger.read_text().splitlines()]
    before = {entry["folder"]: (home / entry["folder"] / "events.jsonl").stat().st_mtime_ns for entry in done}
    assert 1 <= len(done) < 3
    found = replay(calls, agent(), brain=BRAIN, into=home)
    assert [row.kept for row in found.rows] == [True] * len(done) + [False] * (3 - len(done))
    assert found.complete
    assert len(found) == 3
    after = {name: (home / name / "events.jsonl").stat().st_mtime_ns for name in before}
    assert after == before
    assert all(each.finished for each in found)


@pytest.mark.slow
def test_in_real_time_over_a_socket(tmp_path):
    """As with the hosted service: the same words, and delays that are those of the settings."""
    quick = agent(greeting="Hello.", turn_detection=QUICK.replace(min_silence=400))
    short = vn.run(quick, [CLIPS / "cards-002.wav", vn.Answer()], brain=BRAIN)
    with vn.Emulator(brain=BRAIN) as emulator:
        real = replay(short, quick, service=emulator, patience=8.0)
    assert real.session.get("clock") != "virtual"
    assert real.session["replay"]["ended"] == "hung up"
    (recorded,), (heard,) = vn.turns(short).caller, vn.turns(real).caller
    assert heard.text.split()[0] == recorded.text.split()[0]  # the recogniser is no clockwork there
    assert heard.end_of_turn_delay == pytest.approx(recorded.end_of_turn_delay, abs=0.35)
    reaction = recorded.start - vn.turns(short).agent[0].end
    assert heard.start - vn.turns(real).agent[0].end == pytest.approx(reaction, abs=0.1)


@pytest.mark.slow
def test_a_cap_in_real_time(short):
    """A second of the emulator's costs a dollar here; a slow agent would take four of them too long."""
    slow = agent(greeting="Hello.", turn_detection=vn.TurnDetection(min_silence=5000, max_silence=6000))
    with vn.Emulator(brain=BRAIN) as emulator:
        found = replay([short], slow, service=emulator, budget=short.duration + 1.2, cost_rate=3600.0)
    assert found.rows[0].ended == "budget"
    assert found.spent <= short.duration + 1.2
    assert found.spent == pytest.approx(found.rows[0].seconds, abs=1e-3)
    assert found[0].finished


def test_a_paid_service_is_not_called_without_a_budget(call):
    with pytest.raises(InvalidConfiguration, match=r"about \$0\.\d\d .* at \$4\.50 an hour") as refused:
        replay(call, agent(), service=vn.Hosted("aai-canary-replay"))
    assert "budget=0." in str(refused.value)
    with pytest.raises(InvalidConfiguration, match="more than the budget"):
        replay(call, agent(), service=vn.Hosted("aai-canary-replay"), budget=0.001)


def test_calls_beyond_the_budget_are_not_begun_and_a_long_one_is_ended(short, tmp_path):
    """On the virtual clock, at a price of its own: the cap is the same code as the hosted service's."""
    slow = agent(greeting=None, turn_detection=vn.TurnDetection(min_silence=4000, max_silence=5000))
    cap = short.duration + 1.5  # dollars, at one for a second
    paid = {"budget": cap, "cost_rate": 3600.0, "into": tmp_path / "paid"}
    found = replay([short, short], slow, brain=BRAIN, **paid)
    assert [row.ended for row in found.rows] == ["budget", "not begun"]
    assert not found.complete
    assert cap - 1.1 <= found.spent <= cap  # a second is left for the farewell
    assert found.estimate == pytest.approx(2 * short.duration, abs=0.5)
    assert found[0].session["replay"]["ended"] == "budget"
    assert "ended at the budget" in repr(found)
    # It was not held to its end, and so is held anew.
    whole = replay([short], slow, brain=BRAIN, into=tmp_path / "paid")
    assert [(row.ended, row.kept) for row in whole.rows] == [("hung up", False)]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"by": "words"}, "by='words'"),
        ({"if_unanswered": "cry"}, "if_unanswered='cry'"),
        ({"candidate_cuts": "cut"}, "candidate_cuts='cut'"),
        ({"clock": "wall"}, "clock='wall'"),
        ({"patience": 0}, "patience=0"),
        ({"budget": -1}, "budget=-1"),
        ({"executor": "two"}, "no executor"),
        ({"barge_in": "shout"}, "barge_in"),
        ({"policy": 3}, "no policy"),
    ],
)
def test_what_cannot_be_is_refused(call, options, what):
    with pytest.raises(InvalidConfiguration, match=what):
        replay(call, agent(), **options)


def test_a_service_that_is_not_there_is_tried_once(call, patient):
    for given in (call, [call, patient]):
        with pytest.raises(ServiceUnreachable, match="nothing takes connections"):
            replay(given, agent(), service="ws://127.0.0.1:9")


def test_there_must_be_a_caller(call, tmp_path):
    with pytest.raises(InvalidConfiguration, match="no recording"):
        replay([], agent())
    with pytest.raises(RecordingError, match="is a recording itself"):
        replay(call, agent(), into=call.folder)
    empty = vn.run(agent(), [vn.Answer()], recording=tmp_path / "mute")
    (empty.folder / "caller.wav").write_bytes((empty.folder / "caller.wav").read_bytes()[:44])
    with pytest.raises(InvalidConfiguration, match="nothing to replay"):
        replay(vn.Recording(empty.folder), agent())
