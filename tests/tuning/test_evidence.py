"""What a recording shows, told in seconds of the caller's track."""

from voicenb.analysis.boundaries import find_speech


def test_the_speech_is_where_the_analysis_finds_it(known, sweep):
    assert list(sweep.ground.calls[0].evidence.speech) == find_speech(known[0].caller)
