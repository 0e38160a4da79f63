"""Under which conditions a scripted caller calls: noise, a telephone, lost packets, an echo."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from voicenb.errors import InvalidConfiguration
from voicenb.names import strict
from voicenb.testing.moves import check_seed

KINDS = ("pink", "babble")
"""Noises that are made by the seed."""

PACKET = 0.02
"""Seconds in a packet."""

LONGEST_ECHO = 2.0
"""Seconds that an echo may be late."""


@strict("Conditions")
@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What becomes of a caller's voice on its way to the agent. The seed says all that is left to chance.

        vn.Caller([...], conditions=vn.Conditions(snr=10, telephone=True, loss=0.05, echo=-20))

    Voice, echo and noise come together in the room; the telephone takes them, and the line loses packets.

    Attributes:
        snr: decibels by which the voice (all that the script says, where it is audible) is stronger than the
            noise; None: no noise.
        noise: ``"pink"`` (the default), ``"babble"`` (a room full of people, no words in it), or a
            `pathlib.Path` of a WAV file, which is played round and round.
        telephone: whether it goes through 300 to 3400 Hz and G.711's µ-law, which makes it 10 ms later.
        loss: share of the packets of 20 ms that are lost (silence takes their place), 0 up to below 1.
        burst: seconds that such a loss lasts on average (after Gilbert and Elliott), a packet at least.
        echo: decibels at which the agent's voice comes back in the microphone, against how loud it is heard
            (-20: a loudspeaker nearby; -45: what an echo canceller leaves of it); None: not at all. It takes
            a session whose speaker is the caller's own ear, as in `voicenb.run`.
        echo_delay: seconds by which it is later than what is heard.
        seed: which noise, and which packets.

    Raises:
        InvalidConfiguration: one of them cannot be.
    """

    snr: float | None = None
    noise: str | Path | None = None
    telephone: bool = False
    loss: float = 0.0
    burst: float = 0.06
    echo: float | None = None
    echo_delay: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        check_seed("Conditions", self.seed)
        for name in ("snr", "echo"):
            if getattr(self, name) is not None:
                _number(name, getattr(self, name), -60, 100, "decibels")
        if self.noise is not None and not isinstance(self.noise, Path) and self.noise not in KINDS:
            raise InvalidConfiguration(
                f"Conditions: there is no noise {self.noise!r}.",
                remedy='Take "pink", "babble" or the pathlib.Path of a WAV file.',
                param="noise",
            )
        if self.noise is not None and self.snr is None:
            raise InvalidConfiguration(
                "Conditions: how strong is the noise?", remedy="Say it in decibels: snr=10.", param="snr"
            )
        if not isinstance(self.telephone, bool):
            raise InvalidConfiguration(
                f"Conditions: telephone is True or False, not {self.telephone!r}.", param="telephone"
            )
        _number("burst", self.burst, PACKET, 60, "seconds")
        _number("echo_delay", self.echo_delay, 0, LONGEST_ECHO, "seconds")
        from voicenb.audio.packet_loss import PacketLoss

        _number("loss", self.loss, 0, 1, "of all packets")
        PacketLoss(self.loss, self.burst / PACKET, self.seed)

    def told(self) -> dict[str, object]:
        """As they stand in the recording: those that make a difference."""
        noise = self.noise.name if isinstance(self.noise, Path) else self.noise or "pink"
        found: dict[str, object] = {} if self.snr is None else {"snr": self.snr, "noise": noise}
        if self.telephone:
            found["telephone"] = True
        if self.loss:
            found |= {"loss": self.loss, "burst": self.burst}
        if self.echo is not None:
            found |= {"echo": self.echo, "echo_delay": self.echo_delay}
        return found | {"seed": self.seed}


def _number(name: str, value: object, least: float, most: float, unit: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidConfiguration(f"Conditions: {name} is a number of {unit}, not {value!r}.", param=name)
    if not least <= value <= most:
        raise InvalidConfiguration(
            f"Conditions: {name} is from {least:g} to {most:g} {unit}, not {value:g}.", param=name
        )
