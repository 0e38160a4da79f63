"""The panel in browser tabs of its own: for frames without a microphone, and for Python without Jupyter."""

from __future__ import annotations

import threading
import time
import webbrowser
from collections.abc import Sequence
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from voicenb.widgets.bundle import FRONTEND, bundle, stylesheet

if TYPE_CHECKING:
    from voicenb.session.tab_link import TabLink
    from voicenb.widgets.talk import Talk

RELOAD = 5.0
"""Seconds without a tab after which the last one counts as closed: a reload is shorter."""

LOOK = 0.2
"""Seconds between two looks whether a wait is over; an interrupt passes between them on every system."""

_TERMINALS = frozenset({"www-browser", "links", "elinks", "lynx", "w3m"})
"""Browsers that would take the terminal, and have no microphone."""

_SHOWN = ("_state", "_lines")


@cache
def tab_files() -> dict[str, str]:
    """The page, name -> text; the page itself is called ``""``."""
    page = (FRONTEND / "tab.html").read_text(encoding="utf-8")
    return {"": page, "tab.js": bundle("tab.js"), "tab.css": stylesheet("tab.css")}


class Tab:
    """The tabs of one Talk; they show what its panel in a notebook would, and say what that says.

    Args:
        talk: the widget.
    """

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._lock = threading.Lock()
        self._link: TabLink | None = None

    def address(self) -> str:
        """An address that opens one tab.

        Raises:
            VoicenbError: the helper process that serves it did not start.
        """
        from voicenb.session.helper_host import helper_process
        from voicenb.session.loop_thread import session_thread
        from voicenb.session.tab_link import TabLink

        with self._lock:
            self._talk.observe(self._changed, _SHOWN)  # a second time it changes nothing
            if self._link is None or self._link.over:
                self._link = TabLink(tab_files(), self._said, self._came, session_thread(), helper_process())
            link = self._link
        return link.address()

    def tell(self, content: dict[str, Any], buffers: Sequence[Any] | None = None) -> None:
        """Send all tabs a message of the widget's; returns at once."""
        link = self._link
        if link is not None:
            link.send({"send": content}, buffers or ())

    def close(self) -> None:
        """Close the panel in all tabs; the next address has it opened again."""
        with self._lock:
            # It takes a moment to go, and until then it would be asked for an address that it no longer has.
            link, self._link = self._link, None
        if link is not None:
            link.close()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until a tab was there, all of them are closed, and no call runs.

        Args:
            timeout: seconds; None waits for as long as it takes.

        Returns:
            Whether that is so; False when the time was up.
        """
        began = left = time.monotonic()
        while timeout is None or time.monotonic() - began < timeout:
            link = self._link
            if link is None or link.over:
                return True
            with link.changed:
                link.changed.wait(LOOK)
            if link.tabs or self._calls():
                left = time.monotonic()
            elif link.came and time.monotonic() - left > RELOAD:
                return True
        return False

    def _calls(self) -> bool:
        session = self._talk.session
        return session is not None and not session.over

    # --- on the session thread -----------------------------------------------------------------------------

    def _said(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self._talk._page.receive(self._talk, content, buffers)

    def _came(self) -> None:
        self._show({name: getattr(self._talk, name) for name in _SHOWN})

    # --- on the thread that tells the page -----------------------------------------------------------------

    def _changed(self, change: Any) -> None:
        self._show({change.name: change.new})

    def _show(self, values: dict[str, Any]) -> None:
        if "_state" in values:  # what stays in a notebook is nothing to a tab
            values["_state"] = {name: value for name, value in values["_state"].items() if name != "mark"}
        link = self._link
        if link is not None:
            link.send({"set": values})


def open_browser(address: str) -> bool:
    """Open an address in this machine's browser; returns whether there is one that could."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if PurePath(getattr(browser, "name", "")).name in _TERMINALS:
        return False
    return browser.open(address, new=2)
