"""A caller who speaks over the agent hears it get quieter, and then nothing of it: in a real JupyterLab."""

import pytest
from humming import LOUD, HummingEmulator, hum
from talking import LEVEL, until

import voicenb as vn
from voicenb.session.giving_way import GAIN

AGENT = f"""
import voicenb as vn
agent = vn.Agent(name="Lido", system_prompt="You hum.", greeting={hum(40)!r})
"""


class Hummer(HummingEmulator):
    """Hums for long, and says late that it was interrupted, as the live service does.

    Attributes:
        interruptions: when it had sent that the caller speaks, in epoch seconds.
    """

    def __init__(self):
        self.interruptions = []
        super().__init__(brain=["la."], profile="live")

    def told(self, event, at):
        super().told(event, at)
        if event["type"] == "input.speech.started":
            self.interruptions.append(at)


SILENT_WITHIN = 1.0
"""Seconds that it may take on any machine until a barge-in has silenced the agent."""


@pytest.fixture
def emulator():
    with Hummer() as running:
        running.warm_up()
        yield running


@pytest.mark.parametrize(
    "way",
    [
        "",
        *(
            pytest.param(way, marks=pytest.mark.campaign)
            for way in (", audio='kernel'", ", transport='browser'")
        ),
    ],
)
def test_the_voice_gets_quieter_then_silent(conversation, lab, emulator, way):
    save = "talk.recording.save('call')"
    says = [8.0, "austen-0930", 30.0]
    talk = conversation(emulator, save, agent=AGENT, extra=f"{way}, barge_in='duck'", says=says)
    talk.until_audible()
    until(talk.page, lambda: emulator.interruptions, timeout=40)
    silenced = emulator.interruptions[0]
    heard = talk.output(silenced + 1.5)
    # As loud as it came, then a fifth of that for a while, and silent when the service has said so.
    begin = next(at for at, rms in heard if rms == pytest.approx(GAIN * LOUD, rel=0.2))
    silent = next(at for at, rms in heard if at > begin and rms <= LEVEL)
    before = [rms for at, rms in heard if begin - 2 < at < begin - 0.1]
    quiet = [rms for at, rms in heard if begin + 0.1 < at < silent - 0.05]
    assert before == pytest.approx([LOUD] * len(before), rel=0.1)
    assert len(quiet) > 50, "more than a quarter of a second"
    assert quiet == pytest.approx([GAIN * LOUD] * len(quiet), rel=0.1)
    assert -0.2 < silent - silenced < SILENT_WITHIN
    talk.stop()
    talk.run()

    call = vn.load(lab.folder / "call")
    assert call.session["barge_in"] == "duck"
    (stop, *_) = vn.stops(call)
    assert (stop.by, stop.outcome, stop.barge_in, stop.echo) == ("duck", "silent", "duck", False)
    assert stop.quieter is not None
    assert stop.reaction is not None
    assert stop.quieter < 1.0 < stop.reaction, "an own ear is quicker"
    assert stop.quiet == pytest.approx(silent - begin, abs=0.3)
