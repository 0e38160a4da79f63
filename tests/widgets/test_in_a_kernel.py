"""Talk in a real kernel, which the test speaks to as a page does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

TALK = """
import voicenb as vn
talk = vn.Talk(vn.Agent(name="Lido"), "ws://127.0.0.1:9/v1/ws")
print(talk.comm.comm_id)
"""


class Kernel:
    """A kernel with a Talk in it, and a subshell for the page's messages."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self.client = client
        session = client.session
        client.control_channel.send(session.msg("create_subshell_request"))
        self._subshell = client.get_control_msg(timeout=30)["content"]["subshell_id"]
        self._comm = self.run(TALK)[0].strip()

    def until_idle(self, request: str, *, within: float = 60) -> list[dict[str, Any]]:
        """What the kernel publishes on a request of ours, until it is done."""
        came: list[dict[str, Any]] = []
        while True:
            message = self.client.get_iopub_msg(timeout=within)
            if message["parent_header"].get("msg_id") == request:
                came.append(message)
                if message["content"].get("execution_state") == "idle":
                    return came

    def run(self, code: str) -> list[str]:
        """Run a cell; returns what it printed."""
        came = self.until_idle(self.client.execute(code))
        states = [m["content"]["execution_state"] for m in came if m["msg_type"] == "status"]
        assert states == ["busy", "idle"]
        assert not [m for m in came if m["msg_type"] == "error"], came
        return [m["content"]["text"] for m in came if m["msg_type"] == "stream"]

    def page_says(self, **content: Any) -> str:
        """Send what a page sends; returns the message's id."""
        data = {"method": "custom", "content": content}
        message = self.client.session.msg("comm_msg", {"comm_id": self._comm, "data": data})
        message["header"]["subshell_id"] = self._subshell
        self.client.shell_channel.send(message)
        return str(message["header"]["msg_id"])


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    folder: Path = tmp_path_factory.mktemp("kernel")
    manager = KernelManager()
    manager.start_kernel(cwd=str(folder))
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_kernel_does_not_call_itself_busy_with_a_pages_message(kernel: Kernel) -> None:
    came = kernel.until_idle(kernel.page_says(type="page", texts=[{"type": "heard"}]))
    states = [m["content"]["execution_state"] for m in came if m["msg_type"] == "status"]
    assert states == ["idle"], "by which the page forgets the message"
    assert kernel.run("print(1)") == ["1\n"], "while a cell is told as ever"


def test_another_widgets_message_is_told_as_ever(kernel: Kernel) -> None:
    (comm,) = kernel.run("import ipywidgets; slider = ipywidgets.IntSlider(); print(slider.comm.comm_id)")
    ours, kernel._comm = kernel._comm, comm.strip()
    came = kernel.until_idle(kernel.page_says())
    kernel._comm = ours
    states = [m["content"]["execution_state"] for m in came if m["msg_type"] == "status"]
    assert states == ["busy", "idle"]


def test_a_pages_message_does_not_take_a_cells_unfinished_figure_away(kernel: Kernel) -> None:
    cell = """
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
print("drawing", flush=True)
input_came = talk._page.shown.wait(20)
print(input_came, plt.get_fignums())
plt.close(figure)
"""
    kernel.run("%matplotlib inline")
    request = kernel.client.execute(cell)
    while True:
        message = kernel.client.get_iopub_msg(timeout=60)
        if message["content"].get("text") == "drawing\n":
            break
    kernel.until_idle(kernel.page_says(type="page", texts=[]))
    kernel.page_says(type="shown")
    came = kernel.until_idle(request)
    assert [m["content"]["text"] for m in came if m["msg_type"] == "stream"] == ["True [1]\n"]
