"""What a person does with the panel: Start, Stop, read the captions, listen."""

import json

from playwright.sync_api import expect

AGENT = """
import voicenb as vn
agent = vn.Agent(name="Lido", system_prompt="You tell stories.", greeting="Good evening.")
"""


def talk_cell(emulator, extra="", then=""):
    """A cell that shows the panel of a Talk to that emulator."""
    address = emulator.address()
    return (
        f"service = vn.Address({address.url!r}, key={address.key or 'any'!r}, kind='emulator')\n"
        f"talk = vn.Talk(agent, service=service{extra})\n{then}\ntalk"
    )


def start(page):
    """Press Start."""
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()


def stop(page):
    """Press Stop, and wait until the call has ended."""
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible(timeout=10_000)


def captions(page):
    """The transcript in the panel."""
    return page.locator(".voicenb-captions")


def until(page, found, timeout=10.0):
    """Wait, with the page alive, until something on this side of the wire is so."""
    for _ in range(round(timeout / 0.05)):
        if found():
            return
        page.wait_for_timeout(50)
    raise AssertionError("It did not come about.")


LEVEL = 0.005
"""Root mean square above which the page's output is not silent."""


class Conversation:
    """A notebook with a call in it, as a person has it before them.

    Attributes:
        page: the browser's page.
        notebook: cell 0 defines the agent, cell 1 shows the panel.
        emulator: the service.
    """

    def __init__(self, page, notebook, emulator):
        self.page = page
        self.notebook = notebook
        self.emulator = emulator

    def run(self, number=1):
        """Run a cell behind the panel; returns what it printed."""
        self.notebook.run(1 + number)
        return self.notebook.output(1 + number)

    def expect(self, words, seconds=30):
        """Wait until the captions have the words (a text or a pattern)."""
        expect(captions(self.page)).to_contain_text(words, timeout=seconds * 1000)

    def stop(self):
        """Press Stop; returns when the service has been told."""
        stop(self.page)
        until(self.page, lambda: self.emulator.sessions[-1].ended_by)
        assert self.emulator.sessions[-1].ended_by == "session.end"

    @property
    def foot(self):
        """What the panel says about the way of the sound."""
        return self.page.locator(".voicenb-way").inner_text()

    # --- listening ---

    def output(self, until=0.0):
        """Of each quantum at the page's output when it was rendered, in epoch seconds, and how loud it is.

        Args:
            until: epoch seconds; waits until the output up to there is known.
        """
        self.page.wait_for_function("until => window.__output.at(-1)?.[0] > until * 1000", arg=until)
        return [(at / 1e3, rms) for at, rms in json.loads(self.page.evaluate("JSON.stringify(__output)"))]

    def is_audible(self, since, until):
        """Whether anything was heard between two moments, in epoch seconds."""
        return any(rms > LEVEL and since <= at <= until for at, rms in self.output(until))

    def until_audible(self):
        """Wait until something is heard."""
        self.page.wait_for_function("level => window.__output.at(-1)?.[1] > level", arg=LEVEL)

    def until_silent(self, seconds):
        """Wait until nothing has been heard for so long."""
        self.page.wait_for_function(
            """([seconds, level]) => {
                const now = performance.timeOrigin + performance.now();
                const recent = window.__output.filter(([at]) => at > now - seconds * 1000);
                return recent.length > 0 && recent.every(([, rms]) => rms <= level);
            }""",
            arg=[seconds, LEVEL],
        )
