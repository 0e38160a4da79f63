"""What the client does with the agent's voice while the caller speaks over it."""

from __future__ import annotations

from typing import Any, Literal, get_args

from voicenb.errors import InvalidConfiguration

BargeInMode = Literal["flush", "duck", "wait"]
"""``"flush"``: silent when the service says that the caller speaks; ``"duck"``: quieter as soon as the own
ear hears the caller, silent as with ``"flush"``; ``"wait"``: silent when the service ends the reply."""

USUAL: BargeInMode = "flush"


def check_barge_in(value: Any) -> None:
    """Refuse what is none of them.

    Raises:
        InvalidConfiguration: it is none.
    """
    if value not in get_args(BargeInMode):
        raise InvalidConfiguration(
            f"barge_in={value!r} is no way to give way to the caller.",
            remedy='Use "flush" (the default), "duck" or "wait".',
            param="barge_in",
        )
