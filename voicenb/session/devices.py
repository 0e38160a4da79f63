"""What may be given as a microphone or a speaker."""

from __future__ import annotations

import os

from voicenb.errors import InvalidConfiguration
from voicenb.protocol.barge_in import BargeInMode


def check_devices(microphone: object, speaker: object) -> None:
    """Refuse what is neither nothing nor something that could be heard, or could speak.

    Raises:
        InvalidConfiguration: it lacks what a :class:`~voicenb.session.microphone.Microphone` or a
            :class:`~voicenb.session.speaker.Speaker` has; a file's name, for one.
    """
    if not _can(microphone, "label", "frames"):
        remedy = "Pass vn.WavFile(path), vn.Says(text), vn.Caller([…]) or nothing."
        if isinstance(microphone, str) and not microphone.lower().endswith(".wav"):
            remedy = (
                f"Pass vn.Says({microphone!r}) to have it said, vn.WavFile({microphone!r}) if it is a file."
            )
        elif isinstance(microphone, str | os.PathLike):
            remedy = f"Pass vn.WavFile({os.fspath(microphone)!r})."
        raise InvalidConfiguration(
            f"{_shown(microphone)} is no microphone.", remedy=remedy, param="microphone"
        )
    if not _can(speaker, "label", "open", "play", "done", "flush", "close"):
        raise InvalidConfiguration(
            f"{_shown(speaker)} is no speaker.",
            remedy="Leave speaker= out: the agent's voice is kept.",
            param="speaker",
        )


def check_ducks(mode: BargeInMode, speaker: object) -> None:
    """Refuse a speaker that cannot be made quieter, where it should be.

    Raises:
        InvalidConfiguration: it is no :class:`~voicenb.session.speaker.Duckable`.
    """
    if mode == "duck" and not _can(speaker, "duck"):
        raise InvalidConfiguration(
            f"{_shown(speaker)} cannot be made quieter.",
            remedy='Give it a method duck(gain), or take barge_in="flush".',
            param="barge_in",
        )


def _can(device: object, *names: str) -> bool:
    if isinstance(device, type):  # the class in place of one of its kind
        return False
    return device is None or all(hasattr(device, name) for name in names)


def _shown(thing: object) -> str:
    if isinstance(thing, str | os.PathLike):
        return repr(os.fspath(thing))
    return (
        f"The class {thing.__name__}"
        if isinstance(thing, type)
        else f"Something of type {type(thing).__name__}"
    )
