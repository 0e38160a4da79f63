"""Which calls have been held: by their content, whatever a crash left behind."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.analysis.known_call import KnownCall, speech
from voicenb.errors import RecordingError
from voicenb.tuning.replay_ledger import LEDGER, Entry, enter, folder_for, key_of, read_ledger, sound_of


def entry(key, folder):
    return Entry(key, folder, "call", 3.5, "hung up")


def held(home, name):
    KnownCall(home / name, 0.5).build()


def test_what_was_entered_is_read(tmp_path):
    assert read_ledger(tmp_path) == {}
    held(tmp_path, "one")
    enter(tmp_path, entry("k1", "one"))
    assert read_ledger(tmp_path) == {"k1": entry("k1", "one")}


def test_a_recording_that_is_gone_counts_no_longer(tmp_path):
    enter(tmp_path, entry("k1", "gone"))
    assert read_ledger(tmp_path) == {}


def test_a_torn_line_costs_no_other(tmp_path):
    held(tmp_path, "one")
    held(tmp_path, "two")
    enter(tmp_path, entry("k1", "one"))
    with (tmp_path / LEDGER).open("a") as ledger:
        ledger.write('{"key": "k9", "fol')
    enter(tmp_path, entry("k2", "two"))
    with (tmp_path / LEDGER).open("a") as ledger:
        ledger.write('{"something": "else"}\n[]\n')
    assert set(read_ledger(tmp_path)) == {"k1", "k2"}


def test_many_may_write_at_once(tmp_path):
    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda number: enter(tmp_path, entry(f"k{number}", "one")), range(40)))
    lines = (tmp_path / LEDGER).read_text().splitlines()
    assert sorted(json.loads(line)["key"] for line in lines) == sorted(f"k{number}" for number in range(40))


def test_a_ledger_that_cannot_be_read(tmp_path):
    (tmp_path / LEDGER).mkdir()
    with pytest.raises(RecordingError, match="cannot be read"):
        read_ledger(tmp_path)


def test_the_sound_decides_and_not_the_name(tmp_path):
    one, copy, other = (
        KnownCall(tmp_path / "a", 3.0),
        KnownCall(tmp_path / "b", 3.0),
        KnownCall(tmp_path / "c", 3.0),
    )
    one.says(0.5, speech("cards-001.wav"))
    copy.says(0.5, speech("cards-001.wav"))
    other.says(0.52, speech("cards-001.wav"))
    keys = [sound_of(each.build()) for each in (one, copy, other)]
    assert keys[0] == keys[1] != keys[2]


def test_a_key_is_of_all_that_makes_a_difference():
    assert key_of({"a": 1, "b": [2]}) == key_of({"b": [2], "a": 1})
    assert key_of({"a": 1}) != key_of({"a": 2})
    assert len(key_of({"a": object})) == 16


def test_one_that_broke_off_keeps_its_folder(tmp_path):
    first = folder_for(tmp_path, "calls: lido/1", "0123456789abcdef")
    assert first == tmp_path / "calls-lido-1-01234567"
    first.mkdir()
    assert folder_for(tmp_path, "calls: lido/1", "0123456789abcdef").name == "calls-lido-1-01234567-2"
    assert folder_for(tmp_path, "…", "0123456789abcdef").name == "call-01234567"
