"""Ears and mouths as they are installed, made once for all emulators of a process."""

from __future__ import annotations

from functools import lru_cache

from voicenb.emulator.mouth import Mouth
from voicenb.emulator.recognizer import Recognizer
from voicenb.errors import MissingExtra


@lru_cache(maxsize=4)
def mouth(name: str | None, voice: str | None, *, repeats: bool) -> Mouth:
    """A mouth that remembers what it said.

    Args:
        name: ``"piper"``, ``"espeak"``, or None for the best that is installed.
        voice: a Piper voice file.
        repeats: says the same words the same way every time, and remembers them from run to run.

    Raises:
        MissingExtra: it is not installed.
        InvalidConfiguration: there is no such mouth.
    """
    from voicenb.emulator.voices.cache import CachedMouth
    from voicenb.emulator.voices.choose import mouth as choose
    from voicenb.emulator.voices.shelf import cache_folder

    return CachedMouth(choose(name, voice, quiet=repeats), cache_folder() if repeats else None)


@lru_cache(maxsize=2)
def ears(*, repeats: bool) -> Recognizer | None:
    """The recogniser that is installed, or None.

    Args:
        repeats: remembers from run to run what it heard.
    """
    from voicenb.emulator.ears.cache import CachedRecognizer
    from voicenb.emulator.ears.choose import recognizer
    from voicenb.emulator.voices.shelf import cache_folder

    try:
        chosen = recognizer()
    except MissingExtra:
        return None
    return CachedRecognizer(chosen, cache_folder()) if repeats else chosen
