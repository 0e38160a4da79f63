"""A panel in a real Chromium, and the Talk behind it in this process; here is what lies between the two."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Locator, Page

sys.path.append(str(Path(__file__).parents[1] / "widgets" / "aids"))

from page_comm import PageComm

from voicenb.widgets.talk import Talk

TRACKS = "streams.flatMap((stream) => stream.getTracks()).map((track) => track.readyState)"

UNREACHED = "The page does not reach the call's process"

# Keeps the microphones that the page was given.
MICROPHONES = """
  window.streams = [];
  const media = navigator.mediaDevices;
  if (media) {
    const real = media.getUserMedia.bind(media);
    media.getUserMedia = async (wish) => {
      const stream = await real(wish);
      streams.push(stream);
      return stream;
    };
  }
"""


class Stage:
    """A Talk and a page that shows its panel.

    Args:
        talk: the Talk, made with :class:`PageComm` in the place of Jupyter's.
        page: the page with the panel, or the frame.
    """

    def __init__(self, talk: Talk, page: Page | Frame) -> None:
        self.talk = talk
        self.page = page
        self._passed = 0  # messages of the Talk that the page has
        page.wait_for_function("window.mounted")
        self._tell({"_state": talk._state, "_lines": talk._lines})

    def carry(self) -> None:
        """Carry what the two have to say to each other."""
        for message in self.page.evaluate("sent.splice(0)"):
            self.talk._handle_custom_msg(message["content"], [])
        comm: PageComm = self.talk.comm
        messages = comm.sent[self._passed :] if "sent" in comm.__dict__ else []
        self._passed += len(messages)
        for data, _ in messages:
            if data.get("method") == "custom":
                self.page.evaluate("content => kernel.send(content)", data["content"])
            self._tell(data.get("state") or {})

    def _tell(self, traits: dict[str, Any]) -> None:
        for name in {"_state", "_lines"} & traits.keys():
            self.page.evaluate("([name, value]) => kernel.set(name, value)", [name, traits[name]])

    def until(self, found: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Carry until ``found`` gives something true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.carry()
            if value := found():
                return value
            self.page.wait_for_timeout(20)
        raise AssertionError(
            f"It did not come about. The panel says: {self.page.locator('#panel').inner_text()}"
        )

    # --- what a person sees and does ---

    def button(self, name: str) -> Locator:
        """A button of the panel."""
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        """Press a button."""
        self.button(name).click()

    @property
    def alert(self) -> str:
        """What the panel says is wrong; empty when nothing is."""
        alert = self.page.locator(".voicenb-problem")
        return alert.inner_text() if alert.is_visible() else ""

    @property
    def tracks(self) -> list[str]:
        """Of each microphone that the page was given: ``"live"`` or ``"ended"``."""
        return self.page.evaluate(TRACKS)

    def talks(self) -> bool:
        """Whether a call of this page runs, and the caller is heard."""
        session = self.talk.session
        return (
            session is not None
            and not session.over
            and session.state in ("listening", "speaking")
            and self.talk._state["audio"] == "direct"
        )

    def begin(self, name: str = "Start") -> None:
        """Press Start, and have a call with a line of the agent in it."""
        self.press(name)
        for _ in range(3):  # the page waits a second for the helper, which a busy machine does not give
            self.until(lambda: self.talks() or UNREACHED in self.alert)
            if UNREACHED not in self.alert:
                break
            self.until(lambda: self.ready)
            self.press(name)
        self.until(lambda: self.talks() and any(line.text for line in self.talk.lines))

    def end(self) -> None:
        """Press Stop, and see that everything was given back."""
        self.press("Stop")
        self.until(lambda: self.talk._state["state"] == "ended" and self.ready)
        session = self.talk.session
        assert session is not None
        self.until(lambda: session.over)  # and its recording is closed

    @property
    def ready(self) -> bool:
        """Whether Start can be pressed, and no microphone is open."""
        start = self.button("Start")
        return start.is_visible() and start.is_enabled() and "live" not in self.tracks
