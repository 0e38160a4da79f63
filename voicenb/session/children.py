"""Children of this process: in a group of their own, where an interrupt of the kernel does not reach them."""

from __future__ import annotations

import subprocess
import sys
from typing import Any


def own_group() -> dict[str, Any]:
    """Arguments of ``Popen`` for a child that does not hear of the kernel's interrupts."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
