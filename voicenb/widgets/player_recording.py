"""What a Player plays: a recording, or the path of one."""

from __future__ import annotations

import os

from voicenb.errors import InvalidConfiguration
from voicenb.recording.library import load
from voicenb.recording.recording import Recording
from voicenb.session.session import Session
from voicenb.widgets.talk import Talk


def recording_of(what: object) -> Recording:
    """The recording that somebody gave.

    Raises:
        InvalidConfiguration: it is none, and no path; of a Talk or a Session the remedy says where theirs is.
        RecordingError: there is none at that path, or it cannot be read.
    """
    match what:
        case Recording():
            return what
        case str() | os.PathLike():
            return load(what)
        case Talk():
            remedy = "A Talk has one once a call has begun: vn.Player(talk.recording)."
        case Session():
            remedy = "A Session has one: vn.Player(session.recording)."
        case None:
            remedy = "There is one once a call has begun; calls that nobody saved are in vn.recordings()."
        case _:
            remedy = 'Give it vn.load("calls/lido"), or the path alone.'
    kind = "None" if what is None else type(what).__name__
    raise InvalidConfiguration(f"Player takes a recording or its path, not {kind}.", remedy=remedy)
