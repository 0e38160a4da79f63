"""Recordings at an address: brought when they are asked for, one by one, and let go again."""

import copy
import gc
import pickle
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.errors import InvalidConfiguration, MissingExtra, RecordingError
from voicenb.tuning.by_ear import set_by_ear
from voicenb.tuning.far import Far, find
from voicenb.tuning.spread import NotHere
from voicenb.tuning.truth import Truth

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def memory():
    files = fsspec.filesystem("memory")
    yield files
    files.store.clear()
    files.pseudo_dirs[:] = [""]


@pytest.fixture
def local(tmp_path):
    made = KnownCall(tmp_path / "lido", 3.0)
    made.says(0.5, speech("cards-002.wav"))
    return made.build()


@pytest.fixture
def far(memory, local):
    memory.put(str(local.folder), "/calls/lido", recursive=True)
    memory.pipe("/calls/readme.txt", b"")
    memory.pipe("/other/readme.txt", b"")
    (found,) = find("memory://calls")
    return found


def brought():
    return set(Path(tempfile.gettempdir()).glob("voicenb-*/lido"))


def test_it_is_found_by_its_address_by_the_folder_above_it_and_by_a_pattern(far):
    assert isinstance(far, Far)
    for address in ("memory://calls/lido", "memory://calls/lido/", "memory://calls/l*", "memory://c*"):
        (found,) = find(address)
        assert (found.name, found.address) == ("lido", "memory:///calls/lido")


def test_it_is_the_recording_that_it_is(far, local):
    np.testing.assert_array_equal(far.caller, local.caller)
    assert far.duration == local.duration
    assert far.session == local.session
    assert [event["n"] for event in far.events] == [event["n"] for event in local.events]
    np.testing.assert_array_equal(far[0.5:1.5].caller, local[0.5:1.5].caller)


def test_nothing_is_brought_before_it_is_asked_for(far, memory, monkeypatch):
    monkeypatch.setattr(type(memory), "get_file", lambda *_, **__: pytest.fail("it is brought"))
    assert far.name == "lido"
    assert far.sizes["caller.wav"] > 3.0 * 48_000
    assert not hasattr(far, "no_such_attribute")
    assert isinstance(copy.copy(far), Far)


def test_what_was_brought_goes_with_it_and_before_where_it_is_let_go(far):
    one = far.again()
    before = brought()
    assert one.finished
    assert len(brought() - before) == 1
    one.let_go()
    assert brought() == before
    assert one.finished  # and is brought once more
    assert len(brought() - before) == 1
    del one
    gc.collect()
    assert brought() == before


def test_it_can_be_sent_and_brings_nothing_along(far):
    _ = far.events
    there = pickle.loads(pickle.dumps(far))
    assert "folder" not in vars(there)
    assert there.duration == far.duration
    assert "folder" not in vars(far.again())


def test_this_processes_memory_is_nowhere_else(far, tmp_path):
    assert not far.everywhere
    assert Far(fsspec.filesystem("http"), "https://example.com/lido", {}).everywhere


def test_what_is_gone_is_told(far, memory):
    memory.rm("/calls/lido", recursive=True)
    with pytest.raises(NotHere, match="There is no recording at memory:///calls/lido"):
        _ = far.session


def test_what_cannot_be_read_is_told_and_leaves_nothing_behind(far, memory, monkeypatch):
    def get_file(*_, **__):
        raise PermissionError("forbidden")

    monkeypatch.setattr(type(memory), "get_file", get_file)
    before = brought()
    with pytest.raises(
        RecordingError, match="memory:///calls/lido cannot be read: PermissionError: forbidden"
    ):
        _ = far.session
    assert brought() == before


def test_nothing_is_written_to_an_address(far, tmp_path):
    for write in (
        lambda: far.note("cut off"),
        lambda: far.tags.add("billing"),
        lambda: set_by_ear(far, 0.1, 0.4, Truth.MID),
    ):
        with pytest.raises(RecordingError, match="nothing is written there"):
            write()
    saved = far.save(tmp_path / "saved")
    saved.note("cut off")
    assert vn.load(tmp_path / "saved").notes[0].text == "cut off"


@pytest.mark.parametrize("address", ["memory://none", "memory://other", "memory://calls/x*"])
def test_where_there_is_none(far, address):
    with pytest.raises(RecordingError, match=f"There is no recording at {address.replace('*', '[*]')}"):
        find(address)


def test_an_archive_is_a_file_system_too(local, tmp_path):
    shutil.make_archive(str(tmp_path / "calls"), "zip", tmp_path, "lido")
    (found,) = find(f"zip://*::file://{tmp_path}/calls.zip")
    np.testing.assert_array_equal(found.caller, local.caller)


def test_a_kind_of_address_that_nobody_knows():
    with pytest.raises(InvalidConfiguration, match="nowhere://x cannot be read: Protocol not known"):
        find("nowhere://x")


def test_a_protocol_whose_package_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(MissingExtra, match="s3fs"):
        find("s3://bucket/calls")


def test_without_fsspec_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(MissingExtra, match=r"voicenb\[remote\]"):
        find("memory://calls")
