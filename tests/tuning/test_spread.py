"""Work is spread over any executor, comes back in order, and nothing is lost with a process."""

import os
import warnings
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.tuning.jobs import dies_at_first, dies_elsewhere, double, only_at_home, refuses, who
from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.tuning.processes import Processes
from voicenb.tuning.spread import WORTH, cores, spread, workers_for

ME = os.getpid()


@pytest.fixture(autouse=True)
def found_by_children(monkeypatch):
    """Other processes find the work that these tests make up."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]), prepend=os.pathsep)


@pytest.fixture(params=["threads", "processes", "a pool of the library's"])
def executor(request):
    made = {
        "threads": lambda: ThreadPoolExecutor(2),
        "processes": lambda: Processes(2),
        "a pool of the library's": lambda: ProcessPoolExecutor(2, get_context("spawn")),
    }[request.param]()
    with made:
        yield made


class Refusing(Executor):
    """Takes work, and breaks with each."""

    def __init__(self):
        self.asked = 0

    def submit(self, fn, /, *args, **kwargs):
        self.asked += 1
        future = Future()
        future.set_exception(OSError("the line is dead"))
        return future


def test_results_come_in_order_whoever_works(executor):
    assert list(spread(double, range(7), executor=executor)) == [0, 2, 4, 6, 8, 10, 12]


def test_in_place_and_in_processes_of_our_own():
    assert set(spread(who, range(3))) == {ME}
    assert ME not in set(spread(who, range(3), workers=2))


def test_an_error_of_the_work_is_raised_and_the_work_not_done_again(executor):
    found = spread(refuses, [1, 2, 3], executor=executor)
    assert next(found) == 1
    with pytest.raises(RecordingError, match="The second is damaged") as raised:
        next(found)
    assert raised.value.remedy == "Copy it once more."


def test_no_more_is_under_way_than_may_be():
    taken = []

    def items():
        for number in range(6):
            taken.append(number)
            yield number

    with ThreadPoolExecutor(2) as two:
        found = spread(double, items(), executor=two, ahead=2)
        assert next(found) == 0
        assert len(taken) == 2
        assert list(found) == [2, 4, 6, 8, 10]


def test_what_is_lost_with_a_process_is_done_in_another(tmp_path):
    mark = str(tmp_path / "mark")
    with pytest.warns(
        UserWarning, match=r"1 of 4 calls did not come back from Processes.*WorkerLost"
    ) as told:
        found = list(spread(dies_at_first, [(mark, n) for n in range(4)], workers=2, what="calls"))
    assert found == [0, 1, 2, 3]
    assert len(told) == 1


def test_work_that_no_process_survives_is_done_in_place():
    with pytest.warns(UserWarning, match="1 of 3") as told:
        assert list(spread(dies_elsewhere, [(ME, n) for n in range(3)], workers=2)) == [0, 1, 2]
    assert len(told) == 1


def test_a_broken_pool_of_the_librarys_costs_no_result():
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        with pytest.warns(UserWarning, match="BrokenProcessPool") as told:
            found = list(spread(dies_elsewhere, [(ME, n) for n in range(6)], executor=pool))
        assert found == list(range(6))
        assert len(told) == 1
        with pytest.warns(UserWarning, match="3 of 3"):  # it takes nothing any more
            assert list(spread(double, range(3), executor=pool)) == [0, 2, 4]


def test_an_executor_that_brings_nothing_back_is_asked_once_for_each():
    nobody = Refusing()
    with pytest.warns(UserWarning, match="2 of 2 .* OSError: the line is dead"):
        assert list(spread(double, [1, 2], executor=nobody)) == [2, 4]
    assert nobody.asked == 2


def test_what_cannot_be_sent_is_done_in_place():
    with pytest.warns(UserWarning, match="2 of 2"):
        assert list(spread(lambda n: n + os.getpid(), [1, 2], workers=2)) == [ME + 1, ME + 2]


def test_what_is_not_there_elsewhere_is_done_in_place():
    with pytest.warns(UserWarning, match="NotHere: no such file"):
        assert list(spread(only_at_home, [(ME, n) for n in range(2)], workers=2)) == [0, 1]


def test_who_stops_half_way_leaves_no_process_and_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = spread(who, range(50), workers=2)
        pid = next(found)
        found.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_processes_are_started_where_they_pay():
    assert workers_for(WORTH - 0.1, 50) == 1
    assert workers_for(WORTH, 1) == 1
    assert workers_for(WORTH, 50) == min(50, cores())


@pytest.mark.parametrize("wrong", [2, ThreadPoolExecutor, "processes"])
def test_what_is_no_executor(wrong):
    with pytest.raises(InvalidConfiguration, match="is no executor"):
        list(spread(double, [1], executor=wrong))


def test_a_client_of_dasks_is_told_how_it_gives_one():
    class Client:
        def get_executor(self):
            """As Dask's."""

    with pytest.raises(InvalidConfiguration, match=r"client\.get_executor\(\)"):
        list(spread(double, [1], executor=Client()))
