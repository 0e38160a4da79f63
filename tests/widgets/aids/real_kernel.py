"""Talk in a real kernel, to which the test speaks as a page does."""

from __future__ import annotations

from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient

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
        self.new_talk()

    def new_talk(self) -> None:
        """Make another Talk, whose page speaks from now on."""
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
        """Run a cell; returns what it printed, in one piece if at all."""
        came = self.until_idle(self.client.execute(code))
        states = [m["content"]["execution_state"] for m in came if m["msg_type"] == "status"]
        assert states == ["busy", "idle"]
        assert not [m for m in came if m["msg_type"] == "error"], came
        printed = "".join(m["content"]["text"] for m in came if m["msg_type"] == "stream")
        return [printed] if printed else []  # a busy machine sends it in pieces

    def page_says(self, **content: Any) -> str:
        """Send what a page sends; returns the message's id."""
        data = {"method": "custom", "content": content}
        message = self.client.session.msg("comm_msg", {"comm_id": self._comm, "data": data})
        message["header"]["subshell_id"] = self._subshell
        self.client.shell_channel.send(message)
        return str(message["header"]["msg_id"])
