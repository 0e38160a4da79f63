"""Small checks of JSON values against the contract's ranges: each gives a Refusal, or None if all is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from voicenb.emulator import errors
from voicenb.emulator.errors import Refusal
from voicenb.protocol.hosts import https_host, is_public
from voicenb.protocol.settings import DEFAULT_SILENCES

JSONObject = dict[str, Any]
Check = Callable[[Any, str], Refusal | None]
"""Given a value and the dotted path of its field."""

G711 = ("audio/pcmu", "audio/pcma")
MODES = ("min_latency", "balanced", "max_accuracy")


def number(value: Any, param: str, low: float, high: float) -> Refusal | None:
    """A number from ``low`` to ``high``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return errors.shape(f"'{param}' must be a number", param)
    if not low <= value <= high:
        return errors.value(f"'{param}' must be between {low:g} and {high:g}, not {str(value)[:20]}", param)
    return None


def integer(value: Any, param: str, low: int, high: int) -> Refusal | None:
    """A whole number from ``low`` to ``high``; ``1000.0`` is one."""
    if isinstance(value, float) and not value.is_integer():
        return errors.shape(f"'{param}' must be a whole number", param)
    return number(value, param, low, high)


def boolean(value: Any, param: str) -> Refusal | None:
    """True or false."""
    return None if isinstance(value, bool) else errors.shape(f"'{param}' must be true or false", param)


def text(value: Any, param: str, longest: int | None = None) -> Refusal | None:
    """A string of at most ``longest`` characters."""
    if not isinstance(value, str):
        return errors.shape(f"'{param}' must be a string", param)
    if longest is not None and len(value) > longest:
        return errors.value(f"'{param}' must have at most {longest} characters, not {len(value)}", param)
    return None


def one_of(value: Any, param: str, choices: Sequence[str]) -> Refusal | None:
    """One of a closed set of strings."""
    if not isinstance(value, str):
        return errors.shape(f"'{param}' must be a string", param)
    if value not in choices:
        return errors.value(f"'{param}' must be one of {', '.join(choices)}; got '{value}'", param)
    return None


def strings(value: Any, param: str, most: int | None = None) -> Refusal | None:
    """A list of at most ``most`` non-empty strings."""
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        return errors.shape(f"'{param}' must be a list of strings", param)
    if any(not entry for entry in value):
        return errors.value(f"'{param}' must not hold empty strings", param)
    if most is not None and len(value) > most:
        return errors.value(f"'{param}' must have at most {most} entries, not {len(value)}", param)
    return None


def audio_format(value: Any, param: str) -> Refusal | None:
    """An audio format: encoding, and a sample rate that fits it or none."""
    if not isinstance(value, Mapping):
        return errors.value("Audio format must be a JSON object", "format")
    encoding = value.get("encoding")
    refusal = one_of(encoding, f"{param}.encoding", ("audio/pcm", *G711))
    if refusal:
        return refusal
    rate, wanted = value.get("sample_rate"), 24_000 if encoding == "audio/pcm" else 8_000
    if rate is not None and rate != wanted:
        return errors.value(
            f"'{param}.sample_rate' must be {wanted} for {encoding}, not {rate}", f"{param}.sample_rate"
        )
    return None


def turn_detection(value: Any, param: str) -> Refusal | None:
    """A ``turn_detection`` object; nulls mean "not set", unknown keys are ignored."""
    return _object(value, param, _TURN_DETECTION)


def silence_order(value: Mapping[str, Any], param: str) -> Refusal | None:
    """``min_silence`` strictly below ``max_silence``; unset they count with their defaults."""
    low, high = value.get("min_silence"), value.get("max_silence")
    shortest, longest = DEFAULT_SILENCES
    low, high = shortest if low is None else low, longest if high is None else high
    if low >= high:
        return errors.value(
            f"'min_silence' ({low}) must be strictly less than 'max_silence' ({high})", f"{param}.min_silence"
        )
    return None


def input_fields(value: Any) -> Refusal | None:
    """The ``input`` object; nulls mean "not set", unknown keys are ignored."""
    return _object(value, "input", _INPUT)


def output_fields(value: Any, voices: Sequence[str]) -> Refusal | None:
    """The ``output`` object; nulls mean "not set", unknown keys are ignored."""
    return _object(value, "output", {**_OUTPUT, "voice": partial(one_of, choices=voices)})


def _object(value: Any, param: str, known: Mapping[str, Check]) -> Refusal | None:
    if not isinstance(value, Mapping):
        return errors.shape(f"'{param}' must be an object", param)
    for key, entry in value.items():
        refusal = known[key](entry, f"{param}.{key}") if key in known and entry is not None else None
        if refusal:
            return refusal
    return None


_KIND: Check = partial(one_of, choices=("audio", "text"))
_TURN_DETECTION: Mapping[str, Check] = {
    "vad_threshold": partial(number, low=0, high=1),
    "min_silence": partial(integer, low=50, high=10_000),
    "max_silence": partial(integer, low=50, high=10_000),
    "interruption_delay": partial(integer, low=0, high=1000),
    "interrupt_response": boolean,
}
_INPUT: Mapping[str, Check] = {
    "type": _KIND,
    "format": audio_format,
    "turn_detection": turn_detection,
    "keyterms": partial(strings, most=100),
    "transcription_mode": partial(one_of, choices=MODES),
    "transcription_prompt": partial(text, longest=1750),
    "language_codes": strings,
    "voice_focus": partial(one_of, choices=("near-field", "far-field")),
    "voice_focus_threshold": partial(number, low=0, high=1),
    "continuous_partials": boolean,
}
_OUTPUT: Mapping[str, Check] = {
    "type": _KIND,
    "format": audio_format,
    "volume": partial(number, low=0, high=100),
}

TURN_DETECTION_FIELDS = tuple(_TURN_DETECTION)
INPUT_FIELDS = tuple(_INPUT)
OUTPUT_FIELDS = ("voice", *_OUTPUT)
"""The keys that count; others in these objects are ignored."""


def address(url: str, path: str, *, local: bool) -> Refusal | None:
    """An address that the service calls: encrypted, and one that anybody can reach.

    Args:
        url: the address.
        path: the field's name.
        local: whether one on this machine or in a private network will do, also without encryption.
    """
    plain = local and url.startswith("http://")
    host = https_host(f"https://{url.removeprefix('http://')}" if plain else url)
    if not host:
        return errors.value(f"'{path}' must begin with https:// and name a host", path)
    if not _sendable(url):
        return errors.value(f"'{path}' has white space, or a port that there is not", path)
    if not local and not is_public(host):
        return errors.value(f"'{path}' must name a public host, not '{host}'", path)
    return None


def _sendable(url: str) -> bool:
    """Whether a request can be made of it."""
    try:
        port = urlsplit(url).port
    except ValueError:
        return False
    return port != 0 and url.isprintable() and " " not in url
