"""A person talks in a real JupyterLab: Start, words, an audible reply, a barge-in, Stop."""

import re

import pytest
from lab import HOST

import voicenb as vn

STORY = (
    "I will tell you a long story about a man who lived in a small house by the sea, and who went out every "
    "morning to look at the boats, and who knew all of them by their names, and who never once went to sea."
)


@pytest.fixture
def emulator():
    """An emulator that answers everything with a long story, and that the test can look into."""
    with vn.Emulator(brain=lambda text: STORY) as running:
        running.warm_up()
        yield running


def test_a_spoken_conversation(conversation, lab, emulator):
    # The greeting is heard out, a sentence, a pause in which the story begins, and a second sentence over it.
    says = [4.0, "austen-0880", 6.0, "austen-0930", 30.0]
    talk = conversation(emulator, "talk.recording.save('call')", says=says)
    talk.expect("Good evening.")
    talk.until_audible()
    # The words of the WAV, understood.
    talk.expect(re.compile("young man", re.IGNORECASE))
    # An audible reply, interrupted by the second sentence, falls silent long before its end.
    talk.expect("interrupted", seconds=40)
    talk.until_silent(0.5)
    talk.expect(re.compile("amiable", re.IGNORECASE))
    talk.stop()
    talk.run()

    call = vn.load(lab.folder / "call")
    assert call.finished
    story = [line for line in call.transcript if line.role == "agent" and line.interrupted]
    assert story
    assert "went to sea" not in story[0].heard
    assert talk.foot.startswith("audio direct")
    assert "· 0 lost" in talk.foot
    assert abs(call.heard()).max() > 1000, "what was heard is in the recording"


def test_a_page_from_elsewhere_talks_through_the_proxy(conversation, emulator):
    talk = conversation(emulator, says=[3.0, "austen-0880", 30.0], host=HOST)
    talk.expect(re.compile("young man", re.IGNORECASE))
    talk.expect("long story")
    talk.until_audible()
    assert talk.foot.startswith("audio proxy")
    assert "· 0 lost" in talk.foot
    talk.stop()
