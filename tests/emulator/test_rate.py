from __future__ import annotations

from voicenb.emulator.rate import AudioBucket


def test_real_time_passes_for_ever():
    bucket = AudioBucket(now=0.0)
    assert all(bucket.take(0.02, n * 0.02) for n in range(100_000))


def test_a_burst_is_forgiven_and_no_more():
    bucket = AudioBucket(now=0.0, burst=10)
    assert [bucket.take(1.0, 0.0) for _ in range(12)] == [True] * 10 + [False] * 2
    assert bucket.take(1.0, 1.0)
    assert not bucket.take(1.0, 1.0)


def test_silence_is_not_saved_up():
    bucket = AudioBucket(now=0.0, burst=1)
    assert not bucket.take(2.0, 100.0)
    assert bucket.take(1.0, 100.0)
