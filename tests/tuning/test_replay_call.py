"""One replayed call, as another process holds it."""

import pickle
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

import voicenb as vn
from voicenb.errors import ServiceError, ServiceUnreachable
from voicenb.tuning.replay_call import Job, Way, hold
from voicenb.tuning.replay_ledger import read_ledger

AGENT = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Hello.", voice="ivy")
WAY = Way("turns", "virtual", 5.0, "go on", "pause", "flush")


class Broken:
    """A brain that breaks."""

    name = "broken"

    async def answer(self, moment):
        raise ValueError("no idea")
        yield moment


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    home = tmp_path_factory.mktemp("replay_call")
    call = vn.run(
        AGENT, ["Hello there.", vn.Answer()], brain=[{"on": ".", "say": "Yes?"}], recording=home / "call"
    )
    brain = [{"on": ".", "say": "Yes?"}]
    (home / "into").mkdir()
    return Job(
        str(call.folder),
        None,
        "s",
        AGENT,
        None,
        brain,
        None,
        WAY,
        "0123456789abcdef",
        str(home / "into"),
        5.0,
        60.0,
    )


def test_it_can_be_sent_and_is_entered_when_it_is_over(job):
    sent = pickle.loads(pickle.dumps(job))
    held = pickle.loads(pickle.dumps(hold(sent)))
    assert (held.ended, held.error) == ("hung up", None)
    call = vn.load(held.folder)
    told = call.session["replay"]
    assert (told["of"], told["caller"], told["key"]) == ("call", "s", job.key)
    entry = read_ledger(Path(job.home))[job.key]
    assert (entry.folder, entry.ended, entry.seconds) == (call.name, "hung up", held.seconds)
    assert held.seconds == pytest.approx(call.duration, abs=0.5)


def test_one_that_breaks_off_is_no_call_that_is_over(job):
    broken = hold(replace(job, brain=Broken, key="fedcba9876543210"))
    assert broken.ended == "error"
    assert isinstance(broken.error, ServiceError)
    assert "no idea" in str(broken.error)
    assert "fedcba9876543210" not in read_ledger(Path(job.home))
    assert Path(broken.folder).is_dir()  # what was recorded until then
    assert isinstance(pickle.loads(pickle.dumps(broken)).error, ServiceError)


def test_nor_is_one_that_the_budget_ended(job):
    short = hold(replace(job, longest=1.0, why_longest="budget", key="aaaaaaaaaaaaaaaa"))
    assert short.ended == "budget"
    assert "aaaaaaaaaaaaaaaa" not in read_ledger(Path(job.home))


def test_one_that_cannot_begin_leaves_nothing(job, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    held = hold(replace(job, service=vn.Hosted("k"), home=None))  # which the virtual clock cannot reach
    assert (held.folder, held.ended) == (None, "error")
    assert list(tmp_path.iterdir()) == []
    nobody = replace(
        job, brain=None, service="ws://127.0.0.1:9", way=replace(WAY, clock="real"), home=str(tmp_path)
    )
    held = hold(nobody)
    assert (held.folder, held.ended) == (None, "error")
    assert isinstance(held.error, ServiceUnreachable)
    assert list(tmp_path.iterdir()) == []
