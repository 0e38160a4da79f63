"""A shorter switch interval while audio passes through the kernel's interpreter."""

from __future__ import annotations

import sys
import threading

SHORT = 1e-3
"""Seconds. Under a busy cell a frame is 48 ms late at most then, not 140 (p99); shorter gains nothing."""

_lock = threading.Lock()
_users = 0
_before = 0.0


class ShortSwitchInterval:
    """Holds the switch interval at 1 ms from :meth:`take` to :meth:`leave`; several may hold it at once."""

    def __init__(self) -> None:
        self._held = False

    def take(self) -> None:
        """Shorten it; twice is once."""
        global _users, _before
        with _lock:
            if self._held:
                return
            self._held = True
            if _users == 0:
                _before = sys.getswitchinterval()
                sys.setswitchinterval(min(SHORT, _before))
            _users += 1

    def leave(self) -> None:
        """Give it back as it was, when nobody else holds it; twice is once."""
        global _users
        with _lock:
            if not self._held:
                return
            self._held = False
            _users -= 1
            # Somebody may have set it meanwhile: then it is theirs.
            if _users == 0 and sys.getswitchinterval() <= SHORT:
                sys.setswitchinterval(_before)
