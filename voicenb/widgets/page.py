"""The widget's page: what it asks for, and the call that a person holds through it."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from voicenb.errors import VoicenbError
from voicenb.widgets import floors
from voicenb.widgets.shown import service_state
from voicenb.widgets.switch_interval import ShortSwitchInterval

if TYPE_CHECKING:
    from voicenb.session.session import Session
    from voicenb.widgets.feed import Feed
    from voicenb.widgets.talk import Talk

SURVIVED = frozenset({"microphone-lost"})
"""Failures of a page that do not end its call."""


class Page:
    """Takes the page's messages.

    They come on a subshell of the kernel, so nothing here may wait: what takes time is done on a thread of
    its own.

    Args:
        talk: the widget.
        feed: keeps its page up to date.
        audio: the way that the sound must take, or None.

    Attributes:
        shown: set once a page shows the panel.
    """

    def __init__(self, talk: Talk, feed: Feed, audio: str | None) -> None:
        self.shown = threading.Event()
        self._talk = talk
        self._feed = feed
        self._audio = audio
        self._warming = threading.Lock()
        self._interval = ShortSwitchInterval()

    # --- from the page -------------------------------------------------------------------------------------

    def receive(self, widget: object, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """A message of the page."""
        del widget
        match content.get("type"):
            case "page":
                self._hand_in(content.get("text"), buffers)
            case "attach":
                self._feed.fact(notice=floors.notice(content.get("lab")))
                self._feed.tell_all()
                self._talk._hand_over()
            case "shown":
                self.shown.set()
                _in_background(self._warm_up)
            case "start":
                origin, loopback = str(content.get("origin")), bool(content.get("loopback"))
                _in_background(self._start, origin, loopback, bool(content.get("rejoin")))
            case "chosen":
                self._feed.fact(audio=content.get("kind"))
                if content.get("kind") == "kernel":
                    self._interval.take()
            case "stop":
                _in_background(self._talk.end)
            case "mute":
                _in_background(self._mute, bool(content.get("muted")))
            case "failed" if content.get("code") not in SURVIVED:
                # A call that nobody hears is billed all the same.
                _in_background(self._talk.end)
            case _:
                pass  # of a newer page

    def _hand_in(self, text: Any, buffers: Sequence[Any]) -> None:
        """What the page says to its call through this process, unchanged."""
        session = self._talk.session
        if session is None or session.over:
            return
        try:
            for message in [bytes(buffer) for buffer in buffers] if text is None else [text]:
                session.from_page(message)
        except VoicenbError:
            pass  # it has ended meanwhile

    def _mute(self, muted: bool) -> None:
        try:
            self._talk.mute(muted)
        except VoicenbError:
            self._feed.fact(muted=muted)

    # --- to the page ---------------------------------------------------------------------------------------

    def to_page(self, message: Any) -> None:
        """What the call says to the page through this process; on the session's thread."""
        if isinstance(message, bytes):
            self._talk.send({"type": "audio"}, buffers=[message])
        else:
            self._talk.send({"type": "page", "text": message})

    def over(self) -> None:
        """The call has ended."""
        self._interval.leave()

    # --- what takes time -----------------------------------------------------------------------------------

    def _warm_up(self) -> None:
        """Somebody looks at the panel: have everything running by the time they press Start."""
        from voicenb.service.resolve import resolve
        from voicenb.session.emulator_child import emulator_child
        from voicenb.session.helper_host import warm_up

        with self._warming:
            warm_up()
            try:
                service = resolve(self._talk._service)
                if service is None:
                    self._feed.fact(state="warming up")
                address = emulator_child().address() if service is None else service.address()
            except VoicenbError as error:
                self._feed.fact(state="idle", error={"message": error.message, "remedy": error.remedy})
            else:
                self._feed.fact(state="idle", **service_state(address))

    def _start(self, origin: str, loopback: bool, rejoin: bool) -> None:
        """A page wants to talk: begin a call, or let it into the one that runs; then say how to get there."""
        try:
            session = self._talk._session_for_page(rejoin=rejoin)
            ways = self._ways(session, origin, loopback)
        except VoicenbError as error:
            self._talk.send({"type": "error", "message": error.message, "remedy": error.remedy})
        else:
            self._talk.send({"type": "connect", "ways": ways, "insist": self._audio})

    def _ways(self, session: Session, origin: str, loopback: bool) -> list[dict[str, Any]]:
        """The ways that the page may try, best first."""
        ways: list[dict[str, Any]] = []
        if loopback and self._audio != "kernel":
            ways.append(_way(session, origin, "direct", "ws://127.0.0.1:{port}/page"))
        if self._audio != "kernel" and importlib.util.find_spec("jupyter_server_proxy"):
            ways.append(_way(session, origin, "proxy", "proxy/{port}/page"))
        if self._audio != "direct":
            ways.append({"kind": "kernel"})
        return ways


def _way(session: Session, origin: str, kind: str, url: str) -> dict[str, Any]:
    ticket = session.page_ticket(origin)
    return {"kind": kind, "url": url.format(port=ticket.pop("port")), **ticket}


def _in_background(work: Callable[..., object], *arguments: Any) -> None:
    threading.Thread(target=work, args=arguments, name="voicenb-talk", daemon=True).start()
