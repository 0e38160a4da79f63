"""A person talks in a real JupyterLab: Start, words, an audible reply, a barge-in, Stop."""

import re

import pytest
from lab import HOST
from playwright.sync_api import expect
from talking import until
from telling import TellingEmulator

import voicenb as vn

STORY = (
    "I will tell you a long story about a man who lived in a small house by the sea, and who went out every "
    "morning to look at the boats, and who knew all of them by their names, and who never once went to sea."
)


SILENT_WITHIN = 1.0
"""Seconds that it may take on any machine until a barge-in has silenced the agent; the story takes twelve."""


class Storyteller(TellingEmulator):
    """Answers everything with a long story, and notes when it told the page to be silent.

    Attributes:
        interruptions: when it had sent that the caller speaks into a reply, in epoch seconds.
    """

    def __init__(self):
        self.interruptions = []
        self._interrupted = False
        super().__init__(brain=lambda text: STORY)

    def told(self, event, at):
        if event["type"] == "reply.done":
            self._interrupted = event.get("status") == "interrupted"
        elif event["type"] == "input.speech.started" and self._interrupted:
            self.interruptions.append(at)
            self._interrupted = False


@pytest.fixture
def emulator():
    with Storyteller() as running:
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
    until(talk.page, lambda: emulator.interruptions)
    told = emulator.interruptions[0]
    assert talk.is_audible(told - 1, told), "else there is nothing to silence"
    assert not talk.is_audible(told + SILENT_WITHIN, told + SILENT_WITHIN + 1)
    talk.expect(re.compile("amiable", re.IGNORECASE))
    # Where the time went, as measured while it went on.
    talk.expect(re.compile(r"answered in \d\.\d\d s — \d\.\d\d silence \(stand-in\) · \d\.\d\d reply"))
    talk.expect(re.compile(r"you interrupted · silent \d\.\d\d s after you began .* words not heard"))
    expect(talk.page.locator(".voicenb-lanes")).to_be_visible()
    talk.stop()
    after = talk.page.locator(".voicenb-after")
    expect(after).to_contain_text(re.compile(r"^2\sturns\s· answered in .*\s· 1\sinterruption"))
    after.get_by_role("button", name="Hear it").click()
    talk.page.wait_for_function("document.querySelector('.voicenb-after audio')?.duration > 10")
    expect(talk.page.locator(".voicenb-lanes")).to_be_hidden()
    talk.run()

    call = vn.load(lab.folder / "call")
    assert call.finished
    story = [line for line in call.transcript if line.role == "agent" and line.interrupted]
    assert story
    assert "went to sea" not in story[0].heard
    assert talk.foot.startswith("audio direct")
    assert "· 0 lost" in talk.foot
    assert abs(call.heard()).max() > 1000, "what was heard is in the recording"


@pytest.mark.campaign
def test_a_page_from_elsewhere_talks_through_the_proxy(conversation, emulator):
    talk = conversation(emulator, says=[1.5, "austen-0880", 30.0], host=HOST)
    talk.expect(re.compile("young man", re.IGNORECASE))
    talk.expect("long story")
    talk.until_audible()
    assert talk.foot.startswith("audio proxy")
    assert "· 0 lost" in talk.foot
    talk.stop()
