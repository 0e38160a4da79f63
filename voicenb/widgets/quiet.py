"""Keeps a kernel from calling itself busy for each message of a panel's page."""

from __future__ import annotations

import contextlib
import sys
import threading
import weakref
from typing import Any

_ours: set[str] = set()  # ids of the comms that there are
_lock = threading.RLock()  # a comm may go on the thread that has it


def keep_quiet(comm: Any) -> None:
    """Let the kernel say nothing of being busy with a message of this comm; that it is idle again, it says.

    A kernel says both for each message. JupyterLab then turns its indicators and the icon of the tab over and
    back, for each frame of the microphone that passes through the kernel: more work for the browser than the
    sound itself, and a message more for everybody on the way. The pages need the second word only, by which
    they forget what they have sent. What cells do is told as ever. When the last such comm has gone (its
    panel was closed) the kernel is as it was.

    Args:
        comm: the panel's. Without a kernel of ipykernel's behind it nothing happens.
    """
    module = sys.modules.get("ipykernel.kernelbase")
    if module is None or not module.Kernel.initialized():
        return
    kernel = module.Kernel.instance()
    publish = getattr(kernel, "_publish_status", None)
    if publish is None:
        return
    with _lock:
        _ours.add(str(comm.comm_id))
        weakref.finalize(comm, _forget, str(comm.comm_id), kernel)
        if not isinstance(publish, _QuietStatus):
            kernel._publish_status = _QuietStatus(kernel, publish)


def _forget(comm_id: str, kernel: Any) -> None:
    with _lock:
        _ours.discard(comm_id)
        # What somebody else has put over it since stays, with this below it, which then keeps nothing back.
        if not _ours and isinstance(kernel._publish_status, _QuietStatus):
            kernel._publish_status = kernel._publish_status.publish


class _QuietStatus:
    """Stands in the place of a kernel's ``_publish_status``, which it calls.

    Attributes:
        publish: what was there before.
    """

    def __init__(self, kernel: Any, publish: Any) -> None:
        self.publish = publish
        self._kernel = kernel

    def __call__(self, status: str, *arguments: Any, **named: Any) -> None:
        if status != "busy" or not self._is_ours():
            self.publish(status, *arguments, **named)

    def _is_ours(self) -> bool:
        """Whether what the kernel's running thread is busy with is a message of a panel's page."""
        with contextlib.suppress(Exception):  # a kernel that is made otherwise says what it always says
            message = self._kernel.get_parent("shell")
            return bool(
                message["header"]["msg_type"] == "comm_msg" and message["content"]["comm_id"] in _ours
            )
        return False
