from __future__ import annotations

from pathlib import Path

import pytest

import voicenb as vn
from voicenb.errors import MissingExtra, ServiceUnreachable
from voicenb.service.identify import notice_of
from voicenb.session import emulator_child
from voicenb.session.emulator_child import EmulatorChild


def child(monkeypatch: pytest.MonkeyPatch, program: str) -> EmulatorChild:
    monkeypatch.setattr(emulator_child, "COMMAND", ("-c", program))
    return EmulatorChild()


LISTENS = """
import sys
print("a line for people", flush=True)
print('{"url": "ws://127.0.0.1:1/v1/ws", "key": "k", "profile": "live", "brain": "rules"}', flush=True)
sys.stdin.buffer.read()
open(sys.argv[1], "w").close()
"""


def test_it_is_started_once_and_ends_with_its_pipe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    monkeypatch.setattr(emulator_child, "COMMAND", ("-c", LISTENS, str(ended)))
    emulator = EmulatorChild()
    assert not emulator.running
    address = emulator.address()
    assert address.label == "emulator · live · rules"
    assert address.key == "k"
    assert emulator.address() is address
    emulator.stop()
    assert ended.exists()
    assert not emulator.running
    emulator.stop()


def test_one_that_died_is_started_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(emulator_child, "COMMAND", ("-c", LISTENS, str(tmp_path / "ended")))
    emulator = EmulatorChild()
    emulator.address()
    assert emulator._process is not None
    first = emulator._process.pid
    emulator._process.kill()
    emulator._process.wait()
    emulator.address()
    assert emulator._process.pid != first
    emulator.stop()


def test_a_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import sys; sys.exit('voicenb: needs uvicorn. pip install \"voicenb[emulator]\" brings it.')"
    with pytest.raises(MissingExtra, match="uvicorn") as missing:
        child(monkeypatch, program).address()
    assert "voicenb[emulator]" in missing.value.remedy


def test_it_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ServiceUnreachable, match="port is taken"):
        child(monkeypatch, "import sys; sys.exit('voicenb: the port is taken')").address()
    with pytest.raises(ServiceUnreachable, match="code 3"):
        child(monkeypatch, "import sys; sys.exit(3)").address()


def test_it_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emulator_child, "PATIENCE", 0.2)
    with pytest.raises(ServiceUnreachable, match="did not start"):
        child(monkeypatch, "import sys; sys.stdin.buffer.read()").address()


def test_its_last_words_are_heard_also_when_they_come_late(monkeypatch: pytest.MonkeyPatch) -> None:
    program = """
import os, sys
os.close(1)
sys.stdin.buffer.read()
print("\\n".join(f"line {n}" for n in range(1000)), file=sys.stderr)
sys.exit("OSError: no disk\\n\\n")
"""
    with pytest.raises(ServiceUnreachable, match="did not start: OSError: no disk") as died:
        child(monkeypatch, program).address()
    assert "voicenb doctor" in died.value.remedy


def test_what_it_says_wrongly_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    program = """print('{"nonsense'); print('{"port": 1}'); import sys; sys.exit("no address")"""
    with pytest.raises(ServiceUnreachable, match="did not start: no address"):
        child(monkeypatch, program).address()


WITHOUT = """
import sys
sys.modules["uvicorn"] = None
sys.argv[1:] = sys.argv[2:]
import runpy
runpy.run_module("voicenb", run_name="__main__")
"""


def test_a_session_without_key_and_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emulator_child, "COMMAND", ("-c", WITHOUT, *emulator_child.COMMAND[1:]))
    monkeypatch.setattr(emulator_child, "emulator_child", EmulatorChild)  # none that runs already
    with pytest.raises(MissingExtra) as missing:
        vn.Session(vn.Agent(name="Lido")).start()
    assert str(missing.value) == (
        "No emulator could be started: The emulator needs uvicorn. "
        'pip install "voicenb[emulator]" (in a clone: pip install ".[emulator]") brings what it needs.'
    )


def test_a_file_beside_the_notebook_that_is_named_like_a_module_harms_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("token", "types", "random", "voicenb"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path)
    emulator = EmulatorChild()
    try:
        assert emulator.address().kind == "emulator"
    finally:
        emulator.stop()


def test_a_language_model_that_is_not_there_leaves_the_rules_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VOICENB_BRAIN", "")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    emulator = EmulatorChild()
    try:
        address = emulator.address()
        assert address.brain == "rules"
        assert "http://127.0.0.1:1/v1 does not answer" in notice_of(address, patience=5)
    finally:
        emulator.stop()


def test_a_language_model_that_was_asked_for_and_is_not_there_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VOICENB_BRAIN", "openai:mine")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    with pytest.raises(ServiceUnreachable, match=r"http://127.0.0.1:1/v1 does not answer.*Start it"):
        EmulatorChild().address()
