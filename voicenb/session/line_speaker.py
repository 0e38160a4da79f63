"""The browser's loudspeaker where the page has the agent's voice from the service itself."""

from __future__ import annotations

from collections.abc import Callable

from voicenb.session.page_clock import PageClock
from voicenb.session.page_outbox import Outbox
from voicenb.session.page_speaker import PageSpeaker, Playing


class LineSpeaker(PageSpeaker):
    """Sends no sound, and no word to fall silent: the page knows both first. It takes word of what was heard.

    Args:
        clock: the page's clock.
        outbox: what goes to the page.
        way: tells how the page is or will be reached.

    Attributes:
        coming: by which number the page plays the sound that is given to :meth:`play` next, and from which
            sample of its own on; (0, 0) where it does not.
        waits: whether the page falls silent at interrupted replies only.
    """

    def __init__(self, clock: PageClock, outbox: Outbox, way: Callable[[], str]) -> None:
        super().__init__(clock, outbox, way)
        self.coming = (0, 0)
        self.waits = False
        self._bases: dict[int, int] = {}  # by the page's number: where in the reply its count begins

    def play(self, reply_id: str, pcm: bytes) -> None:
        """The page has this, and plays it."""
        reply = self._replies.get(reply_id) or self._new(reply_id)
        ordinal, start = self.coming
        if ordinal:
            self._ordinals[ordinal] = reply
            # A page that has taken over counts from where it came in.
            self._bases[ordinal] = reply.taken - start
        reply.taken += len(pcm) // 2
        if not ordinal:
            self._lose(reply)

    def _next_ordinal(self) -> int:
        # Numbers of ours, which no page uses, until the page has told its own.
        self._count += 1
        return -self._count

    def _announce(self, reply: Playing) -> None:
        pass

    def _send_pending(self) -> None:
        pass

    def done(self, reply_id: str) -> None:
        """No more sound of that reply follows."""
        reply = self._replies.get(reply_id)
        if reply is not None and not self._way():
            self._lose(reply)

    def flush(self) -> None:
        """The page has fallen silent by itself, and tells what was heard until then."""
        for reply in self._replies.values():
            reply.over = True

    def wait_for_interruption(self, waits: bool) -> None:
        """The page is to fall silent at interrupted replies only, or at the speech start as well.

        One that connects is told with the address.
        """
        self.waits = waits
        if self._way():
            self._outbox.put({"type": "barge-in", "waits": waits})

    def begin_anew(self) -> None:
        """Another page is there; it counts anew."""
        super().begin_anew()
        self._ordinals = {number: reply for number, reply in self._ordinals.items() if number < 0}
        self._bases.clear()

    def heard(self, ordinal: int, start: int, stop: int, at: float, now: float) -> None:
        """The page played a stretch of a reply, by its own number and count."""
        base = self._bases.get(ordinal, 0)
        super().heard(ordinal, start + base, stop + base, at, now)
