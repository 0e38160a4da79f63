"""Packets that get lost in bursts, after Gilbert and Elliott: the same ones on every run."""

from __future__ import annotations

import numpy as np

from voicenb.errors import InvalidConfiguration


class PacketLoss:
    """A line in one of two states: the good one loses nothing, the bad one every packet.

    The bad state is left with the probability ``1 / burst`` from packet to packet, and entered with the one
    that makes ``share`` of all packets lost.

    Args:
        share: of the packets that is lost, on average; 0 up to below 1.
        burst: packets that are lost in one go, on average; from 1 up.
        seed: which packets.

    Raises:
        InvalidConfiguration: no such share; or bursts so short that so many packets cannot be lost in them.
    """

    def __init__(self, share: float, burst: float, seed: int) -> None:
        if not 0 <= share < 1:
            raise InvalidConfiguration(f"A share of lost packets is from 0 to below 1, not {share!r}.")
        if not burst >= 1:
            raise InvalidConfiguration(f"A burst is a packet or longer, not {burst!r}.")
        self._enter = share / (burst * (1 - share))
        self._leave = 1 / burst
        if self._enter > 1:
            raise InvalidConfiguration(
                f"{share:.0%} of the packets cannot be lost in bursts of {burst:g} packets.",
                remedy=f"Bursts of {share / (1 - share):.1f} packets or longer can be so many.",
            )
        self._random = np.random.default_rng(seed)
        self._bad = False

    def next(self) -> bool:
        """Whether the next packet is lost."""
        drawn = float(self._random.random())
        self._bad = drawn >= self._leave if self._bad else drawn < self._enter
        return self._bad
