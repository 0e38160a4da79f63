"""Which mouth: the synthesiser that is installed."""

from __future__ import annotations

from pathlib import Path

from voicenb.emulator.mouth import Mouth
from voicenb.errors import InvalidConfiguration, MissingExtra, how_to_install

NAMES = ("piper", "espeak")
"""The mouths that can be asked for by name."""


def mouth(name: str | None = None, voice_file: Path | str | None = None, quiet: bool = False) -> Mouth:
    """The mouth called ``name``, or the best that is installed: Piper, else eSpeak NG.

    Args:
        name: ``"piper"``, ``"espeak"`` or None.
        voice_file: a Piper voice (``.onnx``) to speak with.
        quiet: the same words are the same bytes every time.

    Raises:
        MissingExtra: it is not installed; the remedy is the command that brings it.
        InvalidConfiguration: there is no such mouth, or a voice file for a mouth that takes none.
    """
    if name not in (None, *NAMES):
        raise InvalidConfiguration(
            f"No mouth is called {name!r}.", remedy=f"There are: {', '.join(NAMES)}.", name=name
        )
    if name == "espeak" and voice_file is not None:
        raise InvalidConfiguration("eSpeak NG takes no voice file.", remedy='Leave out mouth="espeak".')
    from voicenb.emulator.voices.espeakng import installed
    from voicenb.emulator.voices.piper import Piper, installed_voice

    if name == "piper" or voice_file is not None or (name is None and installed_voice() is not None):
        return Piper(voice_file, quiet=quiet)
    if installed():
        from voicenb.emulator.voices.espeak import Espeak

        return Espeak(quiet=quiet)
    raise MissingExtra(
        "No synthesiser is installed: the emulator cannot speak.",
        remedy=f"{how_to_install('emulator')} brings one.",
        package="piper-tts",
    )
