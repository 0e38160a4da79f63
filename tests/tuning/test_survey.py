"""Many recordings are heard and read, by whoever, with the same outcome, and none is kept open."""

import json
import os
import shutil
import signal
import warnings
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import psutil
import pytest
from terminal import in_a_terminal, told

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from tests.tuning.jobs import adds_a_line
from tests.tuning.known import answered
from voicenb.errors import RecordingError
from voicenb.tuning import survey as module
from voicenb.tuning.by_ear import set_by_ear
from voicenb.tuning.kept import Place
from voicenb.tuning.processes import Processes
from voicenb.tuning.source import recordings_of
from voicenb.tuning.spread import spread
from voicenb.tuning.survey import survey
from voicenb.tuning.truth import Truth
from voicenb.tuning.whatif import whatif

LIMITS = {"vad_threshold": 0.5, "min_silence": 1000, "max_silence": 3000}
CLIPS = ("cards-001.wav", "cards-002.wav", "cards-004.wav")
GRID = {"min_silence": [300, 600, 900], "vad_threshold": [0.4, 0.6]}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Five calls of several lengths that nobody has heard yet."""
    folder = tmp_path_factory.mktemp("calls")
    for number in range(5):
        call = KnownCall(folder / f"call-{number}", 6.0 + 0.7 * number, LIMITS)
        paused = call.says(0.8, speech(CLIPS[number % 3]))
        answered(call, "a", call.says(paused + 0.5, speech(CLIPS[(number + 1) % 3])))
        call.build()
    return folder


@pytest.fixture
def calls(home, tmp_path, monkeypatch):
    """A copy of them of the test's own, and a cache folder."""
    monkeypatch.setenv("VOICENB_CACHE", str(tmp_path / "cache"))
    shutil.copytree(home, tmp_path / "calls")
    return tmp_path / "calls"


def same(one, other):
    for mine, theirs in zip(one, other, strict=True):
        np.testing.assert_array_equal(mine.evidence.values, theirs.evidence.values)
        for name in ("name", "service", "speech", "replies", "decisions", "words", "duration"):
            assert getattr(mine.evidence, name) == getattr(theirs.evidence, name)
        assert mine.by_ear == theirs.by_ear
    return True


@pytest.fixture(scope="module")
def serial(home, tmp_path_factory):
    copy = shutil.copytree(home, tmp_path_factory.mktemp("serial") / "calls")
    return survey(recordings_of(copy, "survey"))


POOLS = {
    "threads": lambda: ThreadPoolExecutor(2),
    "processes": lambda: Processes(2),
    "a pool of the library's": lambda: ProcessPoolExecutor(2, get_context("spawn")),
}


@pytest.mark.parametrize("pool", POOLS)
def test_who_does_it_changes_nothing(calls, serial, pool):
    with POOLS[pool]() as executor:
        assert same(survey(recordings_of(calls, "survey"), executor), serial)
    again = survey(recordings_of(calls, "survey"))
    assert same(again, serial)
    assert {each.place for each in again} == {Place.KNOWN}  # they were kept beside them, by whoever heard


def test_a_sweep_is_the_same_to_the_last_digit(calls, home, tmp_path):
    alone = whatif(shutil.copytree(home, tmp_path / "alone"), **GRID)
    with Processes(2) as executor:
        spread_out = whatif(f"{calls}/*", executor=executor, **GRID)
    assert [each.name for each in recordings_of(calls, "whatif")] == [f"call-{n}" for n in range(5)]
    assert list(alone) == list(spread_out)
    assert alone.recorded == spread_out.recorded
    assert repr(alone) == repr(spread_out)


def test_where_there_is_much_to_hear_processes_do_it_by_themselves(calls, serial, monkeypatch):
    asked = []
    original = module.spread

    def spread(work, items, *, workers, **named):
        asked.append(workers)
        return original(work, items, workers=workers, **named)

    monkeypatch.setattr(module, "spread", spread)
    survey(recordings_of(calls / "call-0", "survey"))
    assert asked.pop(0) == 1
    monkeypatch.setattr("voicenb.tuning.spread.WORTH", 0.0)
    monkeypatch.setattr("voicenb.tuning.spread.cores", lambda: 2)
    assert same(survey(recordings_of(calls, "survey")), serial)
    assert asked[1] == 2


def test_the_seconds_that_processes_are_judged_by(calls):
    seconds = [module._seconds(path) for path in sorted(calls.iterdir())]
    assert seconds == pytest.approx([6.0, 6.7, 7.4, 8.1, 8.8], abs=0.03)
    far = [module._seconds(each) for each in recordings_of(f"zip://*::file://{zipped(calls)}", "survey")]
    assert far == pytest.approx(seconds, abs=0.01)


def zipped(calls):
    return shutil.make_archive(str(calls.parent / "calls"), "zip", calls)


def test_a_worker_that_is_lost_costs_nothing(calls, serial):
    class Dying(Processes):
        def submit(self, fn, /, *args, **kwargs):
            future = super().submit(fn, *args, **kwargs)
            if not self.killed:
                self.killed.append(super().submit(os._exit, 1))
                self.killed.append(super().submit(os._exit, 1))
            return future

    with Dying(2) as executor:
        executor.killed = []
        found = survey(recordings_of(calls, "survey"), executor)
        assert all(each.exception() for each in executor.killed)
    assert same(found, serial)


def test_few_are_open_at_a_time_and_none_afterwards(calls, monkeypatch):
    def maps():
        return [each.path for each in psutil.Process().memory_maps() if str(calls) in each.path]

    seen = []
    original = module.read

    def read(recording, values):
        evidence = original(recording, values)
        seen.append(maps())
        return evidence

    monkeypatch.setattr(module, "read", read)
    monkeypatch.setattr(module, "SIDE_BY_SIDE", 2)
    monkeypatch.setattr("voicenb.tuning.kept.SIDE_BY_SIDE", 2)
    found = recordings_of(calls, "survey")
    assert len(survey(found)) == len(seen) == 5
    assert max(map(len, seen)) <= 2 * 2  # two tracks of two calls
    assert maps() == []
    assert all("_log" in vars(each) and not each._log.events for each in found)  # what we hold has not grown


def test_what_is_read_from_an_address_is_what_it_is(calls, serial):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first = survey(recordings_of(f"zip://*::file://{zipped(calls)}", "survey"))
        assert same(first, serial)
        assert {each.place for each in first} == {Place.CACHE}
    again = survey(recordings_of(f"zip://*::file://{zipped(calls)}", "survey"))
    assert {each.place for each in again} == {Place.KNOWN}


def test_other_processes_read_an_address_by_themselves(calls, serial):
    with Processes(2) as executor, pytest.warns(UserWarning, match="5 calls cannot be kept beside"):
        found = survey(recordings_of(f"zip://*::file://{zipped(calls)}", "survey"), executor)
    assert same(found, serial)


def test_what_lies_in_this_processes_memory_is_read_here(calls, serial):
    files = pytest.importorskip("fsspec").filesystem("memory")
    files.put(str(calls), "/survey", recursive=True)
    try:
        with Processes(2) as executor:
            with pytest.warns(UserWarning, match="cannot be kept") as told:
                found = survey(recordings_of("memory://survey", "survey"), executor)
            assert executor.pids == []
    finally:
        files.rm("/survey", recursive=True)
    assert len(told) == 1
    assert same(found, serial)


def test_a_part_of_a_call_and_one_that_is_whole_each_in_its_place(calls, serial):
    part = vn.load(calls / "call-1")[0.5:4.0]
    with Processes(2) as executor:
        found = survey([part, *recordings_of(calls, "survey")], executor)
    assert found[0].evidence.name == part.name
    assert len(found[0].evidence.values) == len(part.caller) // 768
    assert same(found[1:], serial)


def test_a_call_that_a_crash_tore_off_is_read_anew_like_any_other(calls):
    about = json.loads((calls / "call-4" / "session.json").read_text())
    (calls / "call-4" / "session.json").write_text(json.dumps(about | {"ended": None}))
    with Processes(1) as executor:
        survey(recordings_of(calls / "call-4", "survey"), executor)
        assert len(executor.pids) == 1


def test_what_was_set_by_ear_comes_along(calls):
    set_by_ear(vn.load(calls / "call-0"), 2.0, 2.3, Truth.MID)
    with Processes(1) as executor:
        found = survey(recordings_of(calls, "survey"), executor)
    assert [len(each.by_ear) for each in found] == [1, 0, 0, 0, 0]


def test_what_a_recording_has_lost_is_told_whoever_reads_it(calls):
    wav = calls / "call-2" / "caller.wav"
    wav.write_bytes(wav.read_bytes()[:-48_000])
    with (
        Processes(1) as executor,
        pytest.warns(UserWarning, match=r"call-2 something is missing: caller\.wav"),
    ):
        survey(recordings_of(calls, "survey"), executor)
    (calls / "call-2" / "events.jsonl").unlink()
    with Processes(1) as executor, pytest.raises(RecordingError, match="has no events"):
        survey(recordings_of(calls, "survey"), executor)


def test_a_recording_that_goes_away_meanwhile(calls):
    found = recordings_of(calls, "survey")
    shutil.rmtree(calls / "call-3")
    with pytest.raises(RecordingError, match=r"There is no recording at .*call-3"):
        survey(found)


def test_where_nothing_can_be_kept_that_is_told_once(calls, tmp_path):
    for path in calls.iterdir():
        (path / "speech.npz").mkdir()
    (tmp_path / "cache").write_text("no folder")
    with pytest.warns(UserWarning, match="5 calls cannot be kept, neither beside") as told:
        survey(recordings_of(calls, "survey"))
    assert len(told) == 1


def test_how_far_it_is_is_told(calls, monkeypatch):
    monkeypatch.setattr(module, "LONG", 1.0)
    terminal = in_a_terminal(monkeypatch)
    survey(recordings_of(calls, "survey"))
    assert (told(terminal)[0], told(terminal)[-1]) == ("Listening 0/1 min", "Listening 1/1 min")
    for path in calls.iterdir():
        (path / "speech.npz").unlink()
    terminal = in_a_terminal(monkeypatch)
    with Processes(2) as executor:
        survey(recordings_of(calls, "survey"), executor)
    assert (told(terminal)[0], told(terminal)[-1]) == ("Calls 0/5", "Calls 5/5")


# --- Dask -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client():
    """Two workers of Dask's, each a process."""
    import distributed

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2]), prepend=os.pathsep)
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, protocol="tcp"
            ) as cluster,
            distributed.Client(cluster) as made,
        ):
            yield made


def test_dask_does_it_as_the_serial_run_does(client, calls, serial):
    with client.get_executor() as executor:
        assert same(survey(recordings_of(calls, "survey"), executor), serial)
    assert all((path / "speech.npz").exists() for path in calls.iterdir())


class Deadly(Executor):
    """Hands on to another executor, and kills a process once there is work for all."""

    def __init__(self, executor, pid):
        self.executor, self.pid, self.left = executor, pid, 3

    def submit(self, fn, /, *args, **kwargs):
        future = self.executor.submit(fn, *args, **kwargs)
        self.left -= 1
        if self.left == 0:
            os.kill(self.pid, signal.SIGKILL)
        return future


def test_what_is_the_same_is_done_by_dask_as_often_as_it_is_wanted(client, tmp_path):
    with client.get_executor() as executor:
        assert list(spread(adds_a_line, [str(tmp_path / "lines")] * 3, executor=executor)) == [None] * 3
    assert (tmp_path / "lines").read_text() == "line\n" * 3


def test_a_worker_of_dasks_that_is_killed_costs_nothing(client, calls, serial):
    pids = list(client.run(os.getpid).values())
    assert len(pids) == 2
    with client.get_executor() as executor:
        deadly = Deadly(executor, pids[0])
        found = survey(recordings_of(calls, "survey"), deadly)
    assert deadly.left <= 0
    assert not psutil.pid_exists(pids[0])
    assert same(found, serial)
