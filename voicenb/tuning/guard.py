"""What was tuned on the emulator is not written to a hosted agent without an explicit word.

The emulator's pauses, recogniser and voice are its own: a setting that is best with them may be a bad one
with the hosted service. Whatever writes settings that were chosen from calls asks here before it writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from voicenb.errors import InvalidConfiguration
from voicenb.service.address import Address
from voicenb.service.identify import identified
from voicenb.service.resolve import resolve

if TYPE_CHECKING:
    from voicenb.agent import Agent
    from voicenb.service.address import Service
    from voicenb.service.hosted import Hosted

WORD = "even_if_emulated"
"""The explicit word: the name of the argument that lets it be written all the same."""

_OWN = ("emulator", "cassette")
"""Kinds of services that are nobody's agents."""


def emulated(services: Iterable[str]) -> list[str]:
    """Those of some services that are an emulator.

    Args:
        services: as recordings name who answered, e.g. ``"emulator · contract · rules"``.

    Returns:
        Each once, in their order.
    """
    return [each for each in dict.fromkeys(services) if each.split(" ")[0] == "emulator"]


def is_hosted(target: Service | Address | str | None) -> bool:
    """Whether what is written there is in force for real callers: all but an emulator and a cassette.

    Args:
        target: as ``service=`` takes it. An address on this machine is asked what it is, so this has no place
            on an event loop.
    """
    if isinstance(target, Address):
        return identified(target).kind not in _OWN
    found = resolve(target)
    return found is not None and identified(found.address()).kind not in _OWN


def check_written(
    services: Iterable[str],
    target: Service | Address | str | None,
    *,
    even_if_emulated: bool = False,
    what: str = "These settings",
) -> None:
    """Refuse to write to a hosted agent what was tuned on the emulator, unless the word was said.

    Args:
        services: who answered in the calls that it was tuned on, as their recordings name them
            (``sweep.services``, ``report.services``).
        target: where it is to be written: ``vn.Hosted()``, a session's address, or what else ``service=``
            takes.
        even_if_emulated: the word.
        what: is to be written, as a sentence begins.

    Raises:
        InvalidConfiguration: some of the calls were answered by the emulator, the target is none, and the
            word was not said.
    """
    told = emulated(services)
    if even_if_emulated or not told or not is_hosted(target):
        return
    raise InvalidConfiguration(
        f"{what} were tuned on calls with the emulator ({', '.join(told)}), and would be written to a hosted "
        "agent.",
        remedy="Replay the calls with the hosted service first (vn.replay), or say "
        f"{WORD}=True: then they are written as they are.",
        param=WORD,
    )


def write(
    hosted: Hosted,
    agent: Agent | str,
    services: Iterable[str],
    *,
    even_if_emulated: bool = False,
    **changes: Any,
) -> Agent:
    """Change a stored agent as `voicenb.Hosted.update` does, once it was asked whether that may be.

    Args:
        hosted: the service that it is stored with.
        agent: the agent, or its id.
        services: who answered in the calls that the changes were tuned on.
        even_if_emulated: write them although that was the emulator.
        **changes: by the names of an agent's fields, e.g. ``turn_detection=choice.setting``; without any the
            agent is written whole.

    Returns:
        The agent as it is now.

    Raises:
        InvalidConfiguration: it was the emulator, and the word was not said; or what ``update`` raises.
        ServiceError: refused.
        ServiceUnreachable: no answer.
    """
    check_written(services, hosted, even_if_emulated=even_if_emulated)
    return hosted.update(agent, **changes)
