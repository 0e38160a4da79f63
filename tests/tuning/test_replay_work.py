"""Calls held several at once: within their budget, and none lost."""

import sys
import threading
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import replace

import pytest

from voicenb.errors import ServiceUnreachable
from voicenb.tuning import replay_work
from voicenb.tuning.budget import Budget
from voicenb.tuning.replay_call import Held, Job, Way
from voicenb.tuning.replay_work import hold_all

WAY = Way("turns", "real", 10.0, "go on", "pause", "flush")
JOB = Job("calls/lido", None, "s", "agent", None, None, None, WAY, "k", None, 4.0, 100.0)
FREE = Budget(None, 0.0)


@pytest.fixture
def held(monkeypatch):
    """What was asked for; a call takes as long as it says in its source, or as it may."""
    asked = []

    def hold(job):
        asked.append(job)
        took = min(float(job.source), job.longest)
        ended = job.why_longest if took == job.longest else "hung up"
        return Held(f"folder-{job.key}", took + 1.0, ended)

    monkeypatch.setattr(replay_work, "hold", hold)
    return asked


def jobs(*seconds):
    return [replace(JOB, source=str(each), key=str(number)) for number, each in enumerate(seconds)]


def all_of(jobs, budget=FREE, executor=None, stop=lambda held: False):
    steps = []
    found = hold_all(jobs, budget, executor, done=lambda: steps.append(1), stop=stop)
    assert len(steps) == sum(each is not None for each in found)
    return found


def test_one_after_the_other_in_order(held):
    found = all_of(jobs(3, 1, 2))
    assert [each.folder for each in found] == ["folder-0", "folder-1", "folder-2"]
    assert [job.longest for job in held] == [100.0] * 3


def test_several_at_once_come_back_in_order(held):
    with ThreadPoolExecutor(3) as three:
        found = all_of(jobs(*range(1, 21)), executor=three)
    assert [each.folder for each in found] == [f"folder-{number}" for number in range(20)]


@pytest.mark.parametrize("at_once", [0, 3])
def test_the_budget_is_never_passed(held, at_once):
    budget = Budget(20.0, 3600.0)  # a dollar a second
    several = jobs(3, 50, 3, 3, 3, 3)
    if at_once:
        with ThreadPoolExecutor(at_once) as executor:
            found = all_of(several, budget, executor)
    else:
        found = all_of(several, budget)
    assert budget.spent <= 20.0
    assert budget.spent == pytest.approx(sum(each.seconds for each in found if each))
    assert found[-1] is None
    assert found[1].ended == "budget"
    assert found[0].ended == "hung up"


def test_a_service_that_is_not_there_is_not_called_again(held):
    found = all_of(jobs(1, 2, 3), stop=lambda held: held.folder == "folder-0")
    assert [each is None for each in found] == [False, True, True]


class Losing(Executor):
    """Loses every other piece of work, and then takes no more."""

    def __init__(self):
        self.count = 0

    def submit(self, fn, /, *args, **kwargs):
        self.count += 1
        if self.count > 4:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = Future()
        if self.count % 2:
            future.set_exception(BrokenExecutor("A process ended."))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_what_is_lost_on_the_way_is_held_here_and_told(held):
    with pytest.warns(UserWarning, match="4 of 6 calls did not come back from Losing"):
        found = all_of(jobs(*range(1, 7)), executor=Losing())
    assert [each.folder for each in found] == [f"folder-{number}" for number in range(6)]


def test_what_is_paid_for_is_not_held_again(held):
    budget = Budget(100.0, 3600.0)
    found = all_of(jobs(1, 2), budget, Losing())
    assert [each.ended for each in found] == ["error", "hung up"]
    assert "lost in the middle" in str(found[0].error)
    assert budget.spent == pytest.approx(2 * 5.0 - 1.0 + 3.0)  # twice its estimate, and the other call


def made_here():
    """A function of a notebook's or script's."""


@pytest.mark.parametrize("brain", [threading.Lock(), made_here], ids=["lock", "function"])
def test_what_cannot_be_sent_is_held_here_without_a_word(held, monkeypatch, brain):
    monkeypatch.setattr(replay_work, "workers_for", lambda seconds, items: 2)
    monkeypatch.setattr(sys.modules["__main__"], "made_here", made_here, raising=False)
    monkeypatch.setattr(made_here, "__module__", "__main__")
    virtual = replace(WAY, clock="virtual")
    several = [replace(job, way=virtual, brain=brain) for job in jobs(1, 2)]
    assert [each.folder for each in all_of(several)] == ["folder-0", "folder-1"]
    assert len(held) == 2  # in this process


def test_an_error_of_our_own_is_raised(monkeypatch):
    def broken(job):
        raise ServiceUnreachable("nobody there")

    monkeypatch.setattr(replay_work, "hold", broken)
    with pytest.raises(ServiceUnreachable):
        all_of(jobs(1))
