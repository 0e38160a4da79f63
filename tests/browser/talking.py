"""What a person does with the panel: Start, Stop, read the captions."""

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
