"""What follows where a lost connection cannot be had back."""

from __future__ import annotations

from typing import Any, Literal, get_args

from voicenb.errors import InvalidConfiguration

OnLost = Literal["restart", "end"]
"""``"restart"``: another session, which is told what was said so far; ``"end"``: none."""


def check_on_lost(value: Any) -> None:
    """Refuse what is neither.

    Raises:
        InvalidConfiguration: it is neither.
    """
    if value not in get_args(OnLost):
        raise InvalidConfiguration(
            f"on_lost={value!r} is no way to go on.", remedy='It is "restart" or "end".', param="on_lost"
        )
