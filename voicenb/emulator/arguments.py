"""What an `Emulator` is asked to be, looked at before anything is made."""

from __future__ import annotations

import math
import os
from typing import Any

from voicenb.emulator.profiles import PROFILES, Profile
from voicenb.emulator.voices.choose import NAMES
from voicenb.errors import InvalidConfiguration

LAST_PORT = 65_535
"""Of TCP."""


def check_profile(profile: Any) -> None:
    """A name, or a profile itself.

    Raises:
        InvalidConfiguration: there is none of that name.
    """
    if not isinstance(profile, Profile) and (not isinstance(profile, str) or profile not in PROFILES):
        raise InvalidConfiguration(
            f"No profile is called {profile!r}.", remedy=f"There are: {', '.join(PROFILES)}.", profile=profile
        )


def check_port(port: Any) -> None:
    """A port, or 0.

    Raises:
        InvalidConfiguration: there is no such port.
    """
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= LAST_PORT:
        raise InvalidConfiguration(
            f"There is no port {port!r}.",
            remedy=f"Ports are whole numbers from 1 to {LAST_PORT}; 0 takes a free one.",
            port=port,
        )


def check_key(key: Any) -> None:
    """A key that somebody can have, or None.

    Raises:
        InvalidConfiguration: nobody could come in with it.
    """
    # As it arrives in a header or an address: without space around it.
    if key is not None and (not isinstance(key, str) or not key or key != key.strip()):
        raise InvalidConfiguration(
            "A key that is empty, has space around it, or is no text lets nobody in.",
            remedy="Give a key, or None: on loopback any key passes then.",
        )


def check_mouth(mouth: Any) -> None:
    """A mouth's name, something that speaks, or None.

    Raises:
        InvalidConfiguration: it is none of these.
    """
    if mouth is None or (isinstance(mouth, str) and mouth in NAMES):
        return
    if isinstance(mouth, str) or not callable(getattr(mouth, "say", None)):
        raise InvalidConfiguration(
            f"No mouth is called {mouth!r}." if isinstance(mouth, str) else f"{mouth!r} is no mouth.",
            remedy=f"Take {' or '.join(repr(name) for name in NAMES)}, an object with say(text, voice), "
            "or None for the best that is installed.",
        )


def check_recognizer(recognizer: Any) -> None:
    """Something that hears, or None.

    Raises:
        InvalidConfiguration: it is neither.
    """
    if recognizer is not None and not callable(getattr(recognizer, "transcribe", None)):
        raise InvalidConfiguration(
            f"{recognizer!r} is no recognizer.",
            remedy="It has transcribe(samples, keyterms, expected); None takes what is installed.",
        )


def check_leading_silence(seconds: Any) -> None:
    """A length of time, or None.

    Raises:
        InvalidConfiguration: no silence lasts so long.
    """
    if seconds is None:
        return
    number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not number or not math.isfinite(seconds) or seconds < 0:
        raise InvalidConfiguration(
            f"leading_silence={seconds!r}: no silence lasts so long.",
            remedy="Give seconds: 0 for none, or None for the profile's.",
        )


def check_brain(brain: Any, script: Any) -> None:
    """One of the two at most.

    Raises:
        InvalidConfiguration: both are given.
    """
    if brain is not None and script is not None:
        raise InvalidConfiguration(
            "brain= and script= both say what thinks.", remedy="Leave one of them out."
        )


def check_store(store: Any) -> None:
    """A path, or None.

    Raises:
        InvalidConfiguration: it is neither.
    """
    if store is not None and (not isinstance(store, str | os.PathLike) or not os.fspath(store)):
        raise InvalidConfiguration(
            f"store={store!r} is no path.",
            remedy="Give the path of a file, or None to keep everything in memory.",
        )
