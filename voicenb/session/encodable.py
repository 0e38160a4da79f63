"""What can be said on a wire: JSON in UTF-8. Python's texts may hold more, such as half a character."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from voicenb.errors import InvalidConfiguration

UNENCODABLE = (TypeError, ValueError, OverflowError, RecursionError)
"""What encoders raise at values that are no JSON; of texts that are no UTF-8 a ``UnicodeEncodeError``."""


@contextmanager
def encodable(what: str) -> Iterator[None]:
    """Inside, something is encoded that the user gave; ``what`` it is begins the message.

    Raises:
        InvalidConfiguration: it cannot be sent.
    """
    try:
        yield
    except UNENCODABLE as error:
        raise InvalidConfiguration(
            f"{what} cannot be sent: {error}.",
            remedy="Give plain values, and texts that are whole: decode bytes with errors='replace'.",
        ) from None


def check(value: Any, what: str) -> None:
    """Refuse what could not be sent.

    Raises:
        InvalidConfiguration: as above.
    """
    import msgspec  # here: ``import voicenb`` stays light

    with encodable(what):
        msgspec.json.encode(value)


def whole(text: str) -> str:
    """The text with a question mark for each half of a character, as the names of old files have them."""
    return text.encode("utf-8", "replace").decode("utf-8")
