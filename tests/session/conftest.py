from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "aids"))

from rigs import RIGS, Rig
from tabs import panel, process  # noqa: F401 - fixtures


@pytest.fixture(params=["memory", "thread", "relayed", "helper"])
def rig(request: pytest.FixtureRequest) -> Rig:
    """Each of the ways in which a session is held."""
    return RIGS[request.param]


@pytest.fixture(autouse=True)
def _library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recordings that nobody names go to a folder of the test."""
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path / "library"))
    monkeypatch.delenv("ASSEMBLYAI_API_KEY", raising=False)


@pytest.fixture(scope="session", autouse=True)
def _no_helper_left() -> Iterator[None]:
    yield
    from voicenb.session.helper_host import helper_process

    helper_process().stop()
