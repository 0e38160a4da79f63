"""Refusals as values: what is wrong with a message or a request, before anybody decides how to say so."""

from __future__ import annotations

from dataclasses import dataclass

POLICY = 1008
"""Close code for authentication, a refused resume, a bad first configuration."""

FAULT = 1011
"""Close code for a fault of the server."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not accepted.

    Attributes:
        code: the contract's code, e.g. ``"invalid_value"``.
        message: the sentence for a person.
        param: dotted path of the field at fault, e.g. ``"input.turn_detection.min_silence"``.
        close: close code that follows the error, or None when the session survives.
    """

    code: str
    message: str
    param: str | None = None
    close: int | None = None


def value(message: str, param: str | None) -> Refusal:
    """A field holds something that it may not hold."""
    return Refusal("invalid_value", message, param)


def shape(message: str, param: str | None = None) -> Refusal:
    """A field has the wrong JSON type, or is missing."""
    return Refusal("invalid_format", message, param)


def immutable(param: str) -> Refusal:
    """A field that the first update fixed."""
    return Refusal("immutable_field", f"'{param}' cannot be changed after the first session.update", param)
