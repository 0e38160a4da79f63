"""Today's spelling of what the model writes as in old books."""

import pytest

from voicenb.emulator.ears.spelling import modern


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("To-morrow at seven.", "Tomorrow at seven."),
        ("Is it to morrow or to-day?", "Is it tomorrow or today?"),
        ("To-night, and good-bye.", "Tonight, and goodbye."),
        ("One to day two, potato-day.", "One to day two, potato-day."),
        ("Tomorrow we go to Nightingale.", "Tomorrow we go to Nightingale."),
        ("From day to night.", "From day to night."),
        ("", ""),
    ],
)
def test_spelling(heard, written):
    assert modern(heard) == written


def test_the_ears_write_it_so(moonshine, monkeypatch, clips):
    samples = clips.samples["cards-003"]
    heard = moonshine.transcribe(samples)
    monkeypatch.setattr("voicenb.emulator.ears.moonshine.modern", str.upper)
    assert moonshine.transcribe(samples) == heard.upper() != heard
