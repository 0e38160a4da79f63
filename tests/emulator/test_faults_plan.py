"""The faults of one emulator: those to come, and those that happened."""

from __future__ import annotations

import threading

import pytest

from voicenb.emulator.emulator import Emulator
from voicenb.emulator.faults import Fault
from voicenb.emulator.faults_plan import Faults
from voicenb.errors import InvalidConfiguration
from voicenb.testing.virtual_clock import run_virtually


@pytest.mark.parametrize("given", [["drop@12s"], "drop@12s", Fault.drop(after=12), [Fault.drop(after=12)]])
def test_they_are_given_as_values_or_texts_one_or_many(given):
    emulator = Emulator(brain="rules", faults=given)
    assert list(emulator.faults) == [Fault.drop(after=12)]
    assert repr(emulator.faults) == "<Faults drop@12s>"


def test_without_any_there_are_none():
    faults = Emulator(brain="rules").faults
    assert (list(faults), len(faults), repr(faults)) == ([], 0, "<Faults none>")
    assert faults.take("capacity") is None
    assert faults.happened == []


@pytest.mark.parametrize("given", [[7], ["dorp"], [Fault.drop(), None]])
def test_what_is_no_fault_is_refused_when_the_emulator_is_made(given):
    with pytest.raises(InvalidConfiguration, match="is no fault"):
        Emulator(brain="rules", faults=given)


def test_one_happens_once():
    faults = Faults("capacity")
    assert faults.take("expired-token") is None
    assert faults.take("capacity") == Fault.capacity()
    assert faults.take("capacity") is None
    assert (list(faults), faults.happened) == ([], [Fault.capacity()])


def test_it_happens_as_often_as_it_says_after_those_that_pass():
    faults = Faults("capacity,skip=2,times=3")
    assert [faults.take("capacity") is not None for _ in range(7)] == [
        False,
        False,
        *[True] * 3,
        False,
        False,
    ]


def test_every_time():
    faults = Faults("capacity,times=all")
    assert all(faults.take("capacity") for _ in range(50))
    assert len(faults) == 1


def test_an_occasion_is_one_for_each_until_one_happens():
    """The first passes two; the second takes them, and the third occasion is the first one's."""
    faults = Faults(["slow-reply=1s,skip=2", "slow-reply=2s,times=2"])
    assert [faults.take("slow-reply").seconds for _ in range(3)] == [2, 2, 1]


def test_the_same_twice_are_two_and_one_is_taken_back_at_a_time():
    faults = Faults()
    assert faults.add("drop") == faults.add(Fault.drop()) == Fault.drop()
    faults.remove("drop")
    assert list(faults) == [Fault.drop()]
    faults.remove(Fault.drop())
    faults.remove(Fault.drop())
    assert list(faults) == []


def test_all_are_taken_back():
    faults = Faults(["capacity", "drop"])
    faults.clear()
    assert list(faults) == []
    assert faults.take("capacity") is None


def test_one_that_was_taken_back_does_not_happen_any_more():
    faults = Faults("drop")
    (planned,) = faults.planned
    faults.clear()
    assert not faults.occasion(planned)
    assert faults.happened == []


def test_whoever_watches_is_told_on_its_own_loop():
    looked = []

    async def main():
        import asyncio

        faults, ours = Faults(), threading.get_ident()
        faults.watch(lambda: looked.append(threading.get_ident() == ours))
        faults.add("drop")
        other = threading.Thread(target=faults.add, args=("capacity",))
        other.start()
        other.join()
        await asyncio.sleep(0.1)
        return faults

    faults = run_virtually(main)
    assert looked == [True, True]
    faults.add("drop")  # its loop is closed by now, which is nobody's error
    assert len(faults) == 3


def test_whoever_watches_no_more_is_not_told():
    async def main():
        import asyncio

        faults, looked = Faults(), []

        def look():
            looked.append(1)

        faults.watch(look)
        faults.unwatch(look)
        faults.unwatch(look)
        faults.add("drop")
        await asyncio.sleep(0.1)
        return looked

    assert run_virtually(main) == []


def test_many_threads_take_no_more_than_there_are():
    faults = Faults("capacity,times=100")
    taken = []

    def take():
        taken.extend(found for _ in range(100) if (found := faults.take("capacity")) is not None)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(faults.happened) == 100
