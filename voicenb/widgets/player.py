"""Player: a recorded call in a cell, to be heard and followed."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import traitlets

from voicenb.errors import InvalidConfiguration, VoicenbError
from voicenb.recording.given import OneCall, one_call
from voicenb.recording.recording import Recording
from voicenb.widgets.bundle import bundle, styles
from voicenb.widgets.comm import Door, let_messages_through
from voicenb.widgets.errands import Errands
from voicenb.widgets.player_keepsake import PlayerKeepsake
from voicenb.widgets.player_moment import Moment, seconds_of
from voicenb.widgets.player_reading import Reading
from voicenb.widgets.player_static import picture, static_html, static_text
from voicenb.widgets.shown import error_shown

_log = logging.getLogger(__name__)

PATIENCE = 600.0
"""Seconds that a notebook without a page waits for the picture that is to stay in it."""


class Player(anywidget.AnyWidget):
    """Plays a recorded call: both sides in stereo, the caller left, the agent right, as it was heard.

    Lanes, transcript and turns follow what is heard, and lead to where one clicks. Sound comes to the page in
    slices of four seconds when it is wanted, so a call of an hour is there at once, and none of it is saved
    with the notebook: there a picture and the transcript stay. Of a call that still runs it plays what there
    is so far, until :meth:`refresh`.

    Args:
        recording: of the call, or its path, as for ``vn.load``.
        start: where it stands at first: seconds, or a turn of ``vn.turns``.

    Raises:
        InvalidConfiguration: it is no recording and no path, or ``start`` is no moment of the call.
        RecordingError: there is no recording at that path.

    Example:
        >>> player = vn.Player("calls/lido")  # doctest: +SKIP
        >>> player.seek(vn.turns(call).caller[2])  # doctest: +SKIP
    """

    _esm = bundle("player.js")
    _css = styles("call_view.css", "player.css")

    # What the page shows first. Saved with the notebook: no sound, no transcript, no path.
    _state: Any = traitlets.Dict().tag(sync=True)

    def __init__(self, recording: OneCall, *, start: Moment = 0.0) -> None:
        self._recording = one_call(recording, "vn.Player")
        self._at = seconds_of(start, "start")
        if self._at:
            self._refuse_beyond(self._at, self._recording.duration, "start")
        super().__init__()
        self._lock = threading.Lock()
        self._shown = threading.Event()  # a page has it
        self._wish: dict[str, Any] = {}  # what the page is to do
        self._wanted = False  # whether a page has asked for the document
        self._mark = f"voicenb-static-{secrets.token_hex(4)}"
        self._keepsake = PlayerKeepsake(self._mark)
        self._door = Door(self._deliver)
        self._slices = Errands("voicenb-player-slices")
        self._reading = Reading(self._recording, self._door.knock)
        self._state = self._standing()
        let_messages_through(self.comm)
        self.on_msg(self._receive)
        self._reading.read(self._keep)

    # --- what one can do with it ---

    def play(self) -> None:
        """Play on from where it stands, in the page that shows it; as soon as one does.

        A browser lets nothing be heard before somebody has clicked in its page.
        """
        self._do(act="play")

    def pause(self) -> None:
        """Stop where it is."""
        self._do(act="pause")

    def seek(self, to: Moment) -> None:
        """Go somewhere else, whether it plays or not.

        Args:
            to: seconds, a turn of ``vn.turns`` or a line of the transcript: where that begins.

        Raises:
            InvalidConfiguration: it is no moment of the call, or a turn without a sound.
        """
        at = seconds_of(to, "to")
        sides = self._reading.now.sides
        self._refuse_beyond(at, (sides or self._recording).duration, "to")
        self._at = at
        self._do(at=at)

    def _refuse_beyond(self, at: float, duration: float, name: str) -> None:
        if at > duration:
            raise InvalidConfiguration(
                f"The call has {duration:.1f} s, and nothing at {at:.1f} s.",
                remedy="Name a moment before that."
                if self._recording.finished
                else "It still runs: refresh() shows what has come since.",
                param=name,
            )

    def refresh(self) -> None:
        """Read the recording again: of a call that still runs, what has come since."""
        self._reading.read(self._keep)
        self._door.knock()

    @property
    def recording(self) -> Recording:
        """What it plays."""
        return self._recording

    @property
    def position(self) -> float:
        """The second at which it stands, as the page told last: about every two seconds while it plays."""
        return self._at

    def __repr__(self) -> str:
        return f"<Player of {self._recording.agent_name!r}, at {self._at:.1f} s>"

    # --- the notebook ---

    def _ipython_display_(self, **_: Any) -> None:
        if not self._in_browser:  # nobody will come back to it: what is to stay is there now, or never
            self._reading.done.wait(PATIENCE)
        shown = self._repr_mimebundle_()
        if shown is not None:
            agent = self._recording.agent_name
            shown[0]["text/plain"] = f"The Player of a call with {agent!r}: run this cell to hear it."
        self._keepsake.show(shown)

    @property
    def _in_browser(self) -> bool:
        """Whether a page shows it, or will: nbmake, nbclient and plain Python have none."""
        return self._shown.is_set() or "JPY_SESSION_NAME" in os.environ

    def _keep(self, recording: Recording, document: Mapping[str, Any]) -> None:
        """Put what stays into the notebook; on the reading thread."""
        try:
            png = picture(recording)
        except Exception:  # the words are worth keeping without it
            _log.exception("The call's picture could not be drawn.")
            png = b""
        kept = {
            "text/plain": static_text(document),
            "text/html": static_html(document, png, self._mark),
        }
        self._keepsake.keep(kept)
        if self._shown.is_set():  # a page that was loaded anew must put it there itself
            self.send({"type": "keep", "bundle": kept})

    # --- the page ---

    def _do(self, **wish: Any) -> None:
        with self._lock:
            self._wish |= wish
        self._door.knock()

    def _standing(self) -> dict[str, Any]:
        read = self._reading.now
        return {
            "agent": self._recording.agent_name,
            "mark": self._mark,
            "at": round(self._at, 3),
            "sound": read.sound,
            "length": 0 if read.sides is None else len(read.sides),
            "rate": self._recording.rate,
            "running": read.sides is not None and read.sides.running,
            "version": read.version,
            "measured": read.measured,
            "reading": not self._reading.done.is_set(),
            "error": read.error,
        }

    def _deliver(self) -> None:
        """Send what has changed; on the door's thread."""
        with self._lock:
            wanted, self._wanted = self._wanted, False
            wish: dict[str, Any] = {}
            if self._shown.is_set():  # else there is nobody yet to do it
                wish, self._wish = self._wish, {}
        state = self._standing()
        if state != self._state:
            self._state = state
        read = self._reading.now
        if wanted and read.document is not None:
            about = {"version": read.version, "measured": read.measured}
            self.send({"type": "document", **about, "document": read.document})
        if wish:
            self.send({"type": "do", **wish})

    def _receive(self, widget: object, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """A message of the page, on a subshell of the kernel: nothing here may wait."""
        del widget, buffers
        match content:
            case {"type": "attach"}:
                self._shown.set()
                self.send({"type": "hello"})
                if (kept := self._keepsake.kept) is not None:
                    self.send({"type": "keep", "bundle": kept})
                self._door.knock()
            case {"type": "document"}:
                with self._lock:
                    self._wanted = True
                self._door.knock()
            case {"type": "slice"}:
                self._slices.ask(self._answer, dict(content))
            case {"type": "at", "at": float() | int() as at}:
                self._at = seconds_of(max(0.0, at), "at")
                self._door.knock()
            case {"type": "refresh"}:
                self.refresh()
            case _:
                pass  # of a newer page

    def _answer(self, wish: dict[str, Any]) -> None:
        """Send a slice."""
        about = {"sound": wish.get("sound"), "start": wish.get("start")}
        try:
            read = self._reading.now
            if read.sides is None or wish.get("sound") != read.sound:
                return  # of what was there before a refresh: nobody wants it any more
            both = read.sides.asked(wish)
        except VoicenbError as error:
            self.send({"type": "slice-error", **about, **error_shown(error)})
        except Exception as error:  # e.g. its files are gone
            _log.exception("A slice of the recording could not be read.")
            message = f"The recording cannot be read: {type(error).__name__}: {error}."
            self.send({"type": "slice-error", **about, "message": message, "remedy": ""})
        else:
            self.send({"type": "slice", **about}, [both.tobytes()])
