"""The widget's page: what it asks for, and the call that a person holds through it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from voicenb.errors import VoicenbError
from voicenb.widgets import floors
from voicenb.widgets.switch_interval import ShortSwitchInterval

if TYPE_CHECKING:
    from voicenb.widgets.feed import Feed
    from voicenb.widgets.talk import Talk

BEYOND_REPAIR = frozenset({"microphone-lost"})
"""Failures of the page that a call survives."""


class Page:
    """Takes the page's messages. They come on a subshell of the kernel, so nothing here may wait: what takes
    time is done on a thread of its own.

    Args:
        talk: the widget.
        feed: keeps its page up to date.
        audio: the way that the sound must take, or None.
    """

    def __init__(self, talk: Talk, feed: Feed, audio: str | None) -> None:
        self.shown = threading.Event()
        self._talk = talk
        self._feed = feed
        self._audio = audio
        self._warmed = False
        self._interval = ShortSwitchInterval()

    def receive(self, widget: object, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        """A message of the page."""
        del widget
        match content.get("type"):
            case "page":
                self._talk._hand_over(content.get("text"), buffers)
            case "attach":
                self._attach(content.get("lab"))
            case "shown":
                self.shown.set()
                self._in_background(self._warm_up)
            case "start":
                self._in_background(self._start, content)
            case "chosen":
                self._chosen(str(content.get("kind")))
            case "stop":
                self._in_background(self._talk.end)
            case "mute":
                self._feed.fact(muted=bool(content.get("muted")))
            case "failed":
                self._failed(str(content.get("code")))
            case _:
                pass  # of a newer page
