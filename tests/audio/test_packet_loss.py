from itertools import groupby

import pytest

from voicenb.audio.packet_loss import PacketLoss
from voicenb.errors import InvalidConfiguration


def lost(share, burst, seed, n=50_000):
    line = PacketLoss(share, burst, seed)
    return [line.next() for _ in range(n)]


@pytest.mark.parametrize(("share", "burst"), [(0.05, 1), (0.05, 4), (0.3, 10)])
def test_so_many_are_lost_in_bursts_so_long(share, burst):
    found = lost(share, burst, seed=1)
    assert sum(found) / len(found) == pytest.approx(share, rel=0.15)
    bursts = [len(list(group)) for bad, group in groupby(found) if bad]
    assert sum(bursts) / len(bursts) == pytest.approx(burst, rel=0.15)


def test_the_seed_says_which():
    assert lost(0.2, 3, 5, 500) == lost(0.2, 3, 5, 500) != lost(0.2, 3, 6, 500)
    assert not any(lost(0, 3, 5, 500))


@pytest.mark.parametrize(("share", "burst"), [(1, 2), (-0.1, 2), (float("nan"), 2), (0.1, 0.5), (0.9, 2)])
def test_what_cannot_be(share, burst):
    with pytest.raises(InvalidConfiguration, match=r"share|burst"):
        PacketLoss(share, burst, 0)
