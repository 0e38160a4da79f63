from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import comm
import pytest
from brief_mouth import BriefMouth
from jupyter_client.manager import KernelManager

import voicenb as vn
from voicenb.emulator.ears.moonshine import Moonshine

sys.path.insert(0, str(Path(__file__).parent / "aids"))

from page_comm import PageComm
from real_kernel import Kernel


@pytest.fixture(autouse=True)
def _page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(comm, "create_comm", PageComm)
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path / "library"))
    monkeypatch.delenv("ASSEMBLYAI_API_KEY", raising=False)


@pytest.fixture
def agent() -> vn.Agent:
    agent = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Lido, good evening.")

    @agent.tool
    def free_tables(day: str, people: int) -> list[str]:
        """Get the free times on a day. Use when the caller wants to book a table.

        Args:
            day: weekday, e.g. "Friday".
            people: size of the party, e.g. 4.
        """
        return ["19:00", "20:30"]

    return agent


@pytest.fixture
def emulator(moonshine: Moonshine) -> vn.Emulator:
    """A service in this process; its voice is brief, and its ears are there at once."""
    return vn.Emulator(brain=lambda text: f"You said {text}", mouth=BriefMouth(), recognizer=moonshine)


@pytest.fixture
def server(emulator: vn.Emulator) -> Iterator[vn.Emulator]:
    """The same, listening."""
    with emulator:
        yield emulator


@pytest.fixture(scope="session", autouse=True)
def _no_helper_left() -> Iterator[None]:
    yield
    from voicenb.session.helper_host import helper_process

    helper_process().stop()


@pytest.fixture(scope="session")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A real kernel, with a Talk in it."""
    manager = KernelManager()
    manager.start_kernel(cwd=str(tmp_path_factory.mktemp("kernel")))
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
