"""Which calls are to be held, and which are the same."""

from dataclasses import replace

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.recording.recorder import Recorder
from voicenb.service.address import Address
from voicenb.tuning.by_ear import set_by_ear
from voicenb.tuning.replay_call import Way
from voicenb.tuning.replay_ledger import Entry, enter
from voicenb.tuning.replay_plan import home_of, in_memory, plan
from voicenb.tuning.truth import Truth

AGENT = vn.Agent(name="Lido", system_prompt="You take bookings.", voice="ivy")
WAY = Way("turns", "virtual", 10.0, "go on", "pause", "flush")


@pytest.fixture
def call(tmp_path):
    made = KnownCall(tmp_path / "call", 3.0)
    made.says(0.5, speech("cards-001.wav"))
    return made.build()


def planned(call, agent=AGENT, service=None, address=None, brain=None, policy=None, way=WAY, home=None):
    return plan([call], agent, service, address, brain, policy, way, home)


def key(*args, **named):
    (job,) = planned(*args, **named).jobs
    return job.key


def test_a_job_knows_all_that_the_call_needs(call, tmp_path):
    (job,) = planned(call, brain=["x"], home=tmp_path).jobs
    assert (job.source, job.agent, job.brain, job.home) == (str(call.folder), AGENT, ["x"], str(tmp_path))
    assert job.seconds == pytest.approx(3.0, abs=0.1)
    assert job.longest == pytest.approx(3 * 3.0 + 60.0, abs=0.2)


def test_the_same_content_is_the_same_call(call, tmp_path):
    copy = call.save(tmp_path / "copy")
    assert key(copy) == key(call)


@pytest.mark.parametrize(
    "other",
    [
        {"agent": AGENT.replace(voice="james")},
        {"agent": AGENT.replace(system_prompt="You take orders.")},
        {"agent": "agent-1"},
        {"brain": ["other"]},
        {"brain": dict},
        {"policy": vn.AfterQuestion()},
        {"way": replace(WAY, by="clock")},
        {"way": replace(WAY, patience=5.0)},
        {"address": Address("wss://agents.assemblyai.com/v1/ws", key="k", kind="hosted")},
        {"address": Address("wss://agents.eu.assemblyai.com/v1/ws", key="k", kind="hosted")},
        {"service": vn.Emulator(brain=[])},
    ],
    ids=lambda given: next(iter(given)),
)
def test_whatever_makes_a_difference_is_another_one(call, other):
    assert key(call, **other) != key(call)


def test_what_was_set_by_ear_makes_another_call_of_it(call):
    before = key(call)
    set_by_ear(call, 1.0, 1.5, Truth.MID)
    assert key(call) != before


def test_a_part_of_a_call_is_replayed_by_itself(call):
    (job,) = planned(call[0.4:2.0]).jobs
    assert (job.source, job.part) == (str(call.folder), (0.4, 2.0))
    assert job.key != key(call)
    assert job.seconds == pytest.approx(1.6, abs=0.1)
    (job,) = planned(call[0.4:2.0][0.2:1.0]).jobs
    assert job.part == pytest.approx((0.6, 1.4))


def test_policies_are_told_by_what_they_hold(call):
    one, same = vn.AfterQuestion(), vn.AfterQuestion()
    other = vn.AfterQuestion(min_silence=3000)
    assert key(call, policy=one) == key(call, policy=same)
    assert key(call, policy=one) != key(call, policy=other)


def test_two_regions_are_two_places_and_a_port_is_none(call):
    us, eu = (Address(f"wss://agents{name}.assemblyai.com/v1/ws", kind="hosted") for name in ("", ".eu"))
    assert key(call, address=us) != key(call, address=eu)
    one, other = (Address(f"ws://127.0.0.1:{port}/v1/ws", kind="emulator", brain="rules") for port in (1, 2))
    assert key(call, address=one) == key(call, address=other)


def test_what_was_held_is_not_to_be_held(call, tmp_path):
    home = home_of(tmp_path / "into")
    assert len(planned(call, home=home).to_hold) == 1
    KnownCall(home / "held", 0.5).build()
    enter(home, Entry(key(call), "held", "call", 3.0, "hung up"))
    assert planned(call, home=home).to_hold == []
    assert len(planned(call, agent=AGENT.replace(voice="james"), home=home).to_hold) == 1


def test_a_call_that_runs_is_not_replayed(tmp_path):
    recorder = Recorder(tmp_path / "call", about={})
    recorder.caller(bytes(48_000))
    recorder.flush()
    with pytest.raises(InvalidConfiguration, match="runs still"):
        planned(vn.Recording(tmp_path / "call"))
    recorder.close({"reason": "ended", "t": 1.0})
    assert len(planned(vn.Recording(tmp_path / "call")).jobs) == 1


def test_nobody_spoke(tmp_path):
    call = KnownCall(tmp_path / "call", 0.0).build()
    with pytest.raises(InvalidConfiguration, match="nothing to replay"):
        planned(call)


def test_where_recordings_cannot_go(call, tmp_path):
    with pytest.raises(RecordingError, match="is a recording itself"):
        home_of(call.folder)
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="cannot be made"):
        home_of(tmp_path / "file" / "into")


def test_what_lives_in_this_process():
    assert in_memory(vn.Emulator(brain=[]))
    assert not in_memory(vn.Hosted("k"))
    assert not in_memory(None)
