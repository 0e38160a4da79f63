"""``voicenb doctor --live``: a short call that lists what a service does otherwise than the contract says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from voicenb.errors import how_to_install

if TYPE_CHECKING:
    from voicenb.service.address import Address, Service
    from voicenb.testing.inspection import Inspection

SECONDS = 12
"""How long the call takes, about."""

NOT_LOOKED_AT = (
    "Not looked at: resuming a dropped session, tokens, REST, limits of rate and length, "
    "whether a typed message reaches the model."
)

NO_KEY = (
    "There is no key, and so no hosted service to call.\n"
    "  → Set ASSEMBLYAI_API_KEY to your key and run it again; an open call is billed, this one about "
    "two cents. Or try it on the emulator: voicenb doctor --live --service emulator"
)


def examine_live(service: Service | Address | str | None) -> Iterator[tuple[str, bool]]:
    """Hold the call, and tell line by line what is done and what came of it, and whether that is a failure.

    Args:
        service: ``"hosted"``, ``"emulator"``, a service, an address, or None for the hosted one.

    Raises:
        InvalidConfiguration: that is no service, or there is no key for the hosted one.
        VoicenbError: why the call could not begin.
    """
    from voicenb.session.opening import locate
    from voicenb.testing.inspection import inspect

    found = _service(service)
    address, _ = locate(found)
    yield announced(address), False
    inspection = inspect(address)
    for line in told(inspection):
        yield line, inspection.failure is not None


def has_service(service: str | None) -> bool:
    """Whether there is a service to call: one that is named, or a key for the hosted one."""
    return service not in (None, "hosted") or bool(os.environ.get("ASSEMBLYAI_API_KEY", "").strip())


def announced(address: Address) -> str:
    """What is about to be called, and what that costs."""
    match address.kind:
        case "hosted":
            from voicenb.service.prices import COST_RATES

            cents = COST_RATES["hosted"] * 100 * SECONDS / 3600
            return (
                f"Calling the hosted service ({urlsplit(address.url).hostname}) for some {SECONDS} seconds: "
                f"about {cents:.1f} cents."
            )
        case "emulator":
            return (
                f"Calling the emulator on this machine ({address.profile} profile) for some {SECONDS} "
                "seconds: it costs nothing."
            )
        case _:
            return (
                f"Calling {urlsplit(address.url).netloc} for some {SECONDS} seconds, at whatever that costs."
            )


def told(inspection: Inspection) -> Iterator[str]:
    """What came of the call, line by line."""
    if inspection.failure is not None:
        yield f"The call ended after {inspection.seconds:.0f} s: {inspection.failure}"
    if inspection.silent:
        yield f"No voice is installed, so nothing was said: {how_to_install('emulator')} brings one."
    found = inspection.differences
    upto = "until then" if inspection.failure is not None else "in this call"
    if not inspection.begun:
        yield "The session never began, so next to nothing could be compared with the contract."
    if found:
        yield f"Differences from the contract {upto} ({len(found)}):"
        yield from (f"- {difference}" for difference in found)
    elif inspection.begun:
        yield f"Differences from the contract {upto}: none found."
    if inspection.begun:
        yield NOT_LOOKED_AT


def _service(named: Service | Address | str | None) -> Service | Address | str | None:
    from voicenb.service.hosted import Hosted
    from voicenb.session.emulator_child import emulator_child

    match named:
        case "hosted" | None:
            return Hosted()
        case "emulator":
            return emulator_child()
        case _:
            return named
