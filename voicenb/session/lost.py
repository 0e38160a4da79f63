"""Lost: what is said of a session that ended with its connection."""

from __future__ import annotations

from typing import Any

from voicenb.errors import ServiceUnreachable
from voicenb.service.address import Address

KEPT = "What was said until then is in the recording."


def lost(reason: str, *, after: float | None, again: str, gone: Address | None) -> ServiceUnreachable:
    """The error for it; all of these are in its facts, too.

    Args:
        reason: how the connection ended.
        after: seconds that the session had lasted; None where it had not been ready yet.
        again: why no other connection took its place; empty where none was tried.
        gone: the address of a server on this machine that has ended; None where that is not known.
    """
    facts: dict[str, Any] = {"reason": reason, "after": after, "again": again, "gone": None}
    if gone is not None and gone.child:
        return ServiceUnreachable(
            "The emulator has gone, and the call with it.",
            remedy=f"Start a new session: another one is started for it. {KEPT}",
            **(facts | {"gone": "emulator"}),
        )
    if gone is not None:
        return ServiceUnreachable(
            f"The server at {gone.place} has gone, and the call with it.",
            remedy=f"Start it again, then a new session. {KEPT}",
            **(facts | {"gone": gone.place}),
        )
    when = "before the session was ready" if after is None else f"after {after:.1f} s"
    tried = f" It could not be had back: {again.rstrip('.')}." if again else ""
    return ServiceUnreachable(
        f"The connection to the service was lost {when} ({reason}).{tried}",
        remedy=f"Start a new session. {KEPT}",
        **facts,
    )
