"""What a Player knows of its call: read on a thread of its own, at first a sketch, then all of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from voicenb.errors import VoicenbError
from voicenb.recording.excerpt import Excerpt
from voicenb.recording.recording import Recording
from voicenb.sharing.document import document
from voicenb.widgets.errands import Errands
from voicenb.widgets.player_sketch import sketch
from voicenb.widgets.player_sound import BothSides
from voicenb.widgets.shown import error_shown

_log = logging.getLogger(__name__)

LONG = 120.0
"""Seconds of a call from which on its figures are not waited for: a sketch is shown meanwhile."""


@dataclass(frozen=True, slots=True)
class Read:
    """What is known of a call.

    Attributes:
        sides: the sound; None until it is there.
        sound: counts these: of a call that runs, another one is longer.
        document: what is to be shown; None until it is there.
        version: counts these.
        measured: whether the document holds the figures too.
        error: why there is nothing to show, as a page says it; None while all is well.
    """

    sides: BothSides | None = None
    sound: int = 0
    document: dict[str, Any] | None = None
    version: int = 0
    measured: bool = False
    error: dict[str, str] | None = None

    def heard(self, sides: BothSides) -> Read:
        """The same with another sound."""
        return replace(self, sides=sides, sound=self.sound + 1, error=None)

    def shown(self, document: dict[str, Any], *, measured: bool) -> Read:
        """The same with another document."""
        return replace(self, document=document, version=self.version + 1, measured=measured)


class Reading:
    """Reads a recording, as often as it is told to.

    Args:
        recording: of the call. A finished one is taken as it is, with what has been found in it already; one
            that still grows, for which there is one thread only, is read from its folder anew.
        changed: called when there is more to show; on the reading thread.

    Attributes:
        now: what is known; it goes as a whole, so that any thread may look.
        done: set while nothing is being read.
    """

    def __init__(self, recording: Recording, changed: Callable[[], None]) -> None:
        self._recording = recording
        self._settled = recording.finished
        if self._settled:
            _ = recording.conversation  # from here on nobody changes anything in it
        self._changed = changed
        self._errands = Errands("voicenb-player-reading", patience=5.0)
        self.now = Read()
        self.done = threading.Event()

    def read(self, then: Callable[[Recording, dict[str, Any]], None]) -> None:
        """Read it, from the beginning; returns at once.

        Args:
            then: is given the recording and the whole document, when all else has been done.
        """
        self.done.clear()
        self._errands.ask(self._read, then)

    def _read(self, then: Callable[[Recording, dict[str, Any]], None]) -> None:
        try:
            self._all(then)
        except VoicenbError as error:
            self._tell(replace(self.now, error=error_shown(error)))
        except Exception as error:  # whatever it was, the page is waiting for a word
            _log.exception("The recording could not be read.")
            told = {
                "message": f"The recording cannot be read: {type(error).__name__}: {error}.",
                "remedy": "The kernel's log says more.",
            }
            self._tell(replace(self.now, error=told))
        finally:
            self.done.set()
            self._changed()

    def _all(self, then: Callable[[Recording, dict[str, Any]], None]) -> None:
        recording = self._recording if self._settled else _fresh(self._recording)
        self._settled = False  # who reads it again wants to see what has become of it
        sides = BothSides(recording)
        read = self.now.heard(sides)
        if sides.duration > LONG:
            read = read.shown(sketch(recording, sides), measured=False)
            self._tell(read)
        try:
            whole = document(recording)
        except Exception:
            if read.document is None:  # what can be heard and read is there all the same
                self._tell(read.shown(sketch(recording, sides), measured=False))
            raise
        self._tell(read.shown(whole, measured=True))
        then(recording, whole)

    def _tell(self, read: Read) -> None:
        self.now = read
        self._changed()


def _fresh(recording: Recording) -> Recording:
    """The same recording, or part of one, of which nobody else knows."""
    if isinstance(recording, Excerpt):
        return Excerpt(_fresh(recording.call), recording.begin, recording.end)
    return Recording(recording.folder)
