from __future__ import annotations

from pathlib import Path

import pytest

from voicenb.errors import MissingExtra, ServiceUnreachable
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
