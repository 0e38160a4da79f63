"""The eSpeak NG library: text to phonemes and text to sound, through ctypes.

The library is one per process and has one state: every use of it holds one lock.
"""

from __future__ import annotations

import ctypes
import importlib.util
import threading
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from voicenb.errors import AudioError, MissingExtra, how_to_install

if TYPE_CHECKING:
    from voicenb.audio.pcm import Samples

_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_UTF8 = 1
_END_PAUSE = 0x1000
_IPA = 0x02
_BY_CHARACTER = 1
_RATE, _PITCH, _RANGE = 1, 3, 4
_EVENT_END, _EVENT_WORD = 0, 1

_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class WordEvent:
    """The library's note that a word begins: where in the text (characters) and in the sound."""

    at: int
    length: int
    sample: int


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


_deaf = _Callback(lambda samples, count, noted: 0)


def installed() -> bool:
    """Whether the library is there."""
    return importlib.util.find_spec("espeakng_loader") is not None


@cache
def _library() -> tuple[Any, int]:
    """The library, set up, and the rate of its sound. Called with the lock held."""
    try:
        import espeakng_loader
    except ImportError as error:
        raise MissingExtra(
            "eSpeak NG is not installed.",
            remedy=f"{how_to_install('emulator')} brings it.",
            package="espeakng-loader",
        ) from error
    library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Initialize.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
    library.espeak_SetSynthCallback.argtypes = [_Callback]
    library.espeak_SetParameter.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int]
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_uint,
        ctypes.POINTER(ctypes.c_uint),
        ctypes.c_void_p,
    ]
    library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.spelled = False
    data = espeakng_loader.get_data_path()
    rate = int(library.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), _DO_NOT_EXIT))
    if rate <= 0:
        raise AudioError(
            f"eSpeak NG does not find its data in {data}.",
            remedy="Its paths may have 160 characters at most: install into a folder with a shorter path.",
            path=data,
        )
    return library, rate


def _unload() -> None:
    """Forget the library, so that its next use begins with a state as new. Called with the lock held.

    It keeps the phase of its flutter and of its hisses from one sentence to the next, and cannot reset them.
    """
    if not _library.cache_info().currsize:
        return
    import _ctypes

    library, _ = _library()
    library.espeak_Terminate()
    _library.cache_clear()
    close = getattr(_ctypes, "FreeLibrary", None) or _ctypes.dlclose
    close(library._handle)


def _say(library: Any, text: str) -> int:
    encoded = text.encode() + b"\0"
    failed: int = library.espeak_Synth(
        encoded, len(encoded), 0, _BY_CHARACTER, 0, _UTF8 | _END_PAUSE, None, None
    )
    return failed


def phonemes(text: str, voice: str = "en-us") -> str:
    """How ``text`` is said, in IPA; words apart by spaces where they are spoken apart.

    Raises:
        MissingExtra: the library is not installed.
    """
    parts = []
    with _lock:
        library, _ = _library()
        library.spelled = True
        library.espeak_SetVoiceByName(voice.encode())
        pointer = ctypes.c_char_p(text.encode())
        while pointer.value:
            clause = library.espeak_TextToPhonemes(ctypes.byref(pointer), _UTF8, _IPA)
            parts.append((clause or b"").decode("utf-8", errors="replace"))
    return " ".join(part for part in parts if part)


def synthesise(
    text: str, voice: str, *, pace: float = 1.0, pitch: int = 50, range_: int = 50, anew: bool = False
) -> tuple[Samples, int, list[WordEvent]]:
    """The sound of ``text``, its rate, and where its words begin.

    Args:
        text: plain text.
        voice: a voice of the library, with a variant if wanted: ``"en-us+f3"``.
        pace: factor on the speed of 175 words a minute.
        pitch: 0…100, 50 is the voice's own.
        range_: liveliness, 0 (monotone) … 100.
        anew: load the library anew first (5 ms): the same words are then the same samples every time.
    """
    pieces: list[bytes] = []
    events: list[WordEvent] = []

    def take(samples: Any, count: int, noted: Any) -> int:
        if samples and count:
            pieces.append(ctypes.string_at(samples, 2 * count))
        index = 0
        while noted and noted[index].type != _EVENT_END:
            event = noted[index]
            if event.type == _EVENT_WORD:
                events.append(WordEvent(event.text_position - 1, event.length, event.sample))
            index += 1
        return 0

    callback = _Callback(take)
    with _lock:
        if anew:
            _unload()
        library, rate = _library()
        if library.spelled:
            # After phonemes it forgets to note the first word of what it says next: let that be nothing.
            library.spelled = False
            library.espeak_SetSynthCallback(_deaf)
            _say(library, " ")
        library.espeak_SetSynthCallback(callback)
        library.espeak_SetVoiceByName(voice.encode())
        library.espeak_SetParameter(_RATE, round(175 * pace), 0)
        library.espeak_SetParameter(_PITCH, pitch, 0)
        library.espeak_SetParameter(_RANGE, range_, 0)
        if anew:
            # It seeds its breath noise with the time when it begins.
            library.espeak_ng_SetRandSeed(ctypes.c_long(1))
        failed = _say(library, text)
    if failed:
        raise AudioError(f"eSpeak NG could not say {text[:80]!r} (code {failed}).", code=failed, text=text)
    sound = np.frombuffer(b"".join(pieces), "<i2").astype(np.float32) / np.float32(32768)
    return sound, rate, events
