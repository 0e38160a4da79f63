"""Keeps a kernel from calling itself busy for each message of a panel's page."""

from __future__ import annotations

import contextlib
import sys
import weakref
from typing import Any

_ours: set[str] = set()  # ids of comms
_quiet: weakref.WeakSet[Any] = weakref.WeakSet()  # kernels


def keep_quiet(comm: Any) -> None:
    """Let the kernel say nothing of being busy with a message of this comm; that it is idle again, it says.

    A kernel says both for each message. JupyterLab then turns its indicators and the icon of the tab over and
    back, for each frame of the microphone that passes through the kernel: more work for the browser than the
    sound itself, and a message more for everybody on the way. The pages need the second word only, by which
    they forget what they have sent. What cells do is told as ever.

    Args:
        comm: the panel's. Without a kernel of ipykernel's behind it nothing happens.
    """
    module = sys.modules.get("ipykernel.kernelbase")
    if module is None or not module.Kernel.initialized():
        return
    _ours.add(str(comm.comm_id))
    kernel = module.Kernel.instance()
    publish = getattr(kernel, "_publish_status", None)
    if publish is None or kernel in _quiet:
        return

    def publish_status(status: str, *arguments: Any, **named: Any) -> None:
        if status != "busy" or not _is_ours(kernel):
            publish(status, *arguments, **named)

    kernel._publish_status = publish_status
    _quiet.add(kernel)


def _is_ours(kernel: Any) -> bool:
    """Whether what the kernel's running thread is busy with is a message of a panel's page."""
    with contextlib.suppress(Exception):  # a kernel that is made otherwise says what it always says
        message = kernel.get_parent("shell")
        return bool(message["header"]["msg_type"] == "comm_msg" and message["content"]["comm_id"] in _ours)
    return False
