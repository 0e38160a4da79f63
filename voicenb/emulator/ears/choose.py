"""Which ears: the recogniser that is installed."""

from __future__ import annotations

from voicenb.emulator.recognizer import Recognizer
from voicenb.errors import InvalidConfiguration, MissingExtra, how_to_install

NAMES = ("moonshine",)
"""The recognisers that can be asked for by name."""


def recognizer(name: str | None = None) -> Recognizer:
    """The ears called ``name``, or the best that are installed.

    Raises:
        MissingExtra: they are not installed; the remedy is the command that brings them.
        InvalidConfiguration: there are no such ears.
    """
    if name not in (None, *NAMES):
        raise InvalidConfiguration(
            f"No ears are called {name!r}.", remedy=f"There are: {', '.join(NAMES)}.", name=name
        )
    from voicenb.emulator.ears.moonshine import Moonshine, model_folder

    if model_folder() is None:
        raise MissingExtra(
            "No recogniser is installed: the emulator cannot hear.",
            remedy=f"{how_to_install('emulator')} brings one (glibc 2.34 or later, macOS 15 on arm64, "
            "Windows); elsewhere let the caller type, or use the hosted service.",
            package="moonshine-voice",
        )
    return Moonshine()
