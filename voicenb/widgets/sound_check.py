"""A sound check: held like a call, with a service of its own, and measured from its recording."""

from __future__ import annotations

import datetime
import shutil
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicenb.errors import SessionNotOpen, WaitTimeout
from voicenb.recording.recording import Recording
from voicenb.session.check_line import CheckLine, Course
from voicenb.session.session import Session

if TYPE_CHECKING:
    from voicenb.analysis.calibration import Calibration

WAITING = {
    "message": "Press Start for a sound check.",
    "remedy": "It takes a quarter of a minute: first say nothing, then a sentence. No call begins.",
    "calm": True,
}
"""What the panel says until somebody does."""

SLACK = 20.0
"""Seconds that a check may take beyond its course: to begin, and to end."""


def told(found: Calibration) -> dict[str, Any]:
    """What was found, as the panel says it."""
    from voicenb.analysis.calibration_text import line

    remedies = found.remedies
    return {"message": line(found), "remedy": " ".join(remedies or found.missing), "calm": not remedies}


class SoundCheck:
    """One check; use it in ``with``.

    Args:
        course: how long what takes.

    Attributes:
        name: what the panel calls it, in the agent's place.
    """

    name = "Sound check"

    def __init__(self, course: Course | None = None) -> None:
        self._line = CheckLine(course)
        self._folder = Path(tempfile.mkdtemp(prefix="voicenb-check-"))
        self._begun = threading.Event()
        self._session: Session | None = None
        self._failure: Exception | None = None
        self._closed = False

    def __enter__(self) -> SoundCheck:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        try:
            if self._session is not None:
                self._session.end()
        finally:
            self._line.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def begun(self) -> bool:
        """Whether it is held, or was."""
        return self._session is not None

    def session(self, **parts: Any) -> Session:
        """The session that holds the check.

        Args:
            **parts: microphone and speaker, or the host that has a page.

        Raises:
            SessionNotOpen: nobody waits for it any more.
            VoicenbError: it cannot be held; whoever waits is told, too.
        """
        if self._closed:
            raise SessionNotOpen("The sound check is over.", remedy="Press Start for a call.")
        limit = self._line.course.seconds + SLACK
        place = self._folder / "check"
        try:
            if "host" in parts:
                self._line.listen()
            self._session = Session(
                {}, self._line, recording=place, max_duration=limit, idle_end=None, **parts
            )
        except Exception as error:
            self._failure = error
            raise
        finally:
            self._begun.set()
        return self._session

    def measured(self, timeout: float) -> Calibration:
        """Wait until it is over, and measure.

        Args:
            timeout: seconds until it has begun.

        Raises:
            WaitTimeout: nobody began it, or it did not come to its end.
            VoicenbError: why it could not begin.
        """
        from voicenb.analysis.calibration import calibrate

        if not self._begun.wait(timeout):
            raise WaitTimeout(
                f"Nobody pressed Start within {timeout:g} s.",
                remedy="Run talk.check() again, and press Start in the panel.",
                seconds=timeout,
            )
        if self._failure is not None:
            raise self._failure
        session = self._session
        assert session is not None
        limit = time.monotonic() + self._line.course.seconds + SLACK
        while not self._line.over.wait(0.1):
            if session.over:  # its page has gone, or Stop was pressed
                break
            if time.monotonic() > limit:
                raise WaitTimeout("The sound check did not come to its end.", remedy="Try it again.")
        if session.failure is not None:
            raise session.failure
        session.end()
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        return replace(calibrate(Recording(self._folder / "check")), measured=now)
