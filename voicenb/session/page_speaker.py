"""The browser's loudspeaker: sound goes to the page, word of what was heard comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from voicenb.session.microphone import RATE
from voicenb.session.page_clock import PageClock
from voicenb.session.page_frames import ReplySound, write_reply
from voicenb.session.page_outbox import Outbox
from voicenb.session.speaker import Ducked, Heard, Note, Unheard

LEAST = {"direct": 0.02, "kernel": 0.04}
"""Seconds of sound in a message, and how long less is held back for more: messages cost the kernel dear."""

SHARE, MOST = 0.25, 0.25
"""Through the kernel a message holds this share of what the page has to play, so many seconds at most."""

KEPT = 64
"""Replies of which late word is still understood."""


@dataclass(slots=True)
class Playing:
    """A reply that the page plays, or has played."""

    reply_id: str
    ordinal: int
    began: float  # when its first sound came, in the loop's seconds
    taken: int = 0  # samples that came
    heard: int = 0  # one past the last that the page has told of
    heard_end: float | None = None  # when that was, in the loop's seconds
    lost: int = 0  # one past the last that went to a page that has gone, or to none
    over: bool = False  # nothing more of it will be heard

    @property
    def waiting(self) -> bool:
        """Whether the page has sound of it to play."""
        return not self.over and self.taken > max(self.heard, self.lost)


class PageSpeaker:
    """Plays in the page.

    Args:
        clock: the page's clock.
        outbox: what goes to the page.
        way: tells how the page is or will be reached: ``"direct"``, ``"kernel"``, or ``""`` when it has gone.
    """

    label = "browser"

    def __init__(self, clock: PageClock, outbox: Outbox, way: Callable[[], str]) -> None:
        self._clock = clock
        self._outbox = outbox
        self._way = way
        self._note: Note | None = None
        self._replies: dict[str, Playing] = {}
        self._ordinals: dict[int, Playing] = {}
        self._count = 0
        self._pending = bytearray()
        self._pending_of: Playing | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._gain = 1.0

    @property
    def audible(self) -> bool:
        """Whether the page has sound left to play."""
        return bool(self._way()) and any(reply.waiting for reply in self._replies.values())

    def open(self, note: Note) -> None:
        """Begin."""
        self._note = note

    def play(self, reply_id: str, pcm: bytes) -> None:
        """Send sound of a reply on, in messages of a size that is worth sending."""
        reply = self._replies.get(reply_id) or self._new(reply_id)
        if reply is not self._pending_of:
            self._send_pending()
            self._pending_of = reply
        self._pending += pcm
        reply.taken += len(pcm) // 2
        least = self._worthwhile(reply)
        if len(self._pending) >= least * RATE * 2:
            self._send_pending()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(least, self._send_pending)

    def _worthwhile(self, reply: Playing) -> float:
        """Seconds of sound that are worth a message: through the kernel more if the page has much to play."""
        way = self._way()
        least = LEAST.get(way, 0.02)
        if way != "kernel":
            return least
        # Played without a pause since it was last told of, or since it began: rather less to play than more.
        since = reply.began if reply.heard_end is None else reply.heard_end
        played = reply.heard / RATE + asyncio.get_running_loop().time() - since
        return max(least, min(MOST, SHARE * (reply.taken / RATE - played)))

    def _new(self, reply_id: str) -> Playing:
        reply = Playing(reply_id, self._next_ordinal(), asyncio.get_running_loop().time())
        self._replies[reply_id] = self._ordinals[reply.ordinal] = reply
        self._announce(reply)
        if len(self._replies) > KEPT:
            oldest = self._replies.pop(next(iter(self._replies)))
            self._ordinals = {number: each for number, each in self._ordinals.items() if each is not oldest}
        return reply

    def _next_ordinal(self) -> int:
        self._count += 1
        return self._count

    def _announce(self, reply: Playing) -> None:
        if self._way():
            self._outbox.put({"type": "reply", "reply": reply.ordinal, "reply_id": reply.reply_id})

    def _send_pending(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        reply = self._pending_of
        if reply is None or not self._pending:
            return
        if self._way():
            start = reply.taken - len(self._pending) // 2
            self._outbox.put(write_reply(reply.ordinal, start, self._pending))
        self._pending.clear()

    def done(self, reply_id: str) -> None:
        """No more sound of that reply follows."""
        self._send_pending()
        reply = self._replies.get(reply_id)
        if reply is None:
            return
        if self._way():
            self._outbox.put({"type": "done", "reply": reply.ordinal})
        else:
            self._lose(reply)

    def flush(self) -> None:
        """Tell the page to fall silent, ahead of everything; it tells what was heard until then."""
        self._pending.clear()
        self._send_pending()
        for reply in self._replies.values():
            reply.over = True
        if self._way():
            self._outbox.flush({"type": "flush"})

    def duck(self, gain: float) -> None:
        """Tell the page to play with this gain from now on; it tells when that is heard."""
        self._gain = gain
        if self._way():
            # Quieter ahead of the sound that waits; back behind a flush, which comes first.
            self._outbox.put({"type": "duck", "gain": gain}, first=gain < 1)

    def close(self) -> None:
        """The call is over."""
        self.flush()
        if self._way():
            self._outbox.put({"type": "end"})

    def leave(self) -> None:
        """The page has gone, and with it what it had to play."""
        self._pending.clear()
        for reply in self._replies.values():
            self._lose(reply)

    def begin_anew(self) -> None:
        """Another page is there; it hears what comes from now on."""
        self.leave()
        if self._gain != 1:
            self.duck(self._gain)
        if self._pending_of is not None:
            self._announce(self._pending_of)

    def _lose(self, reply: Playing) -> None:
        if not reply.waiting:
            return
        start, reply.lost = max(reply.heard, reply.lost), reply.taken
        if self._note is not None:
            now = asyncio.get_running_loop().time()
            self._note(Unheard(reply.reply_id, start, reply.lost, now))

    def missed(self, sound: ReplySound) -> None:
        """There was no room for this on the way to the page."""
        reply = self._ordinals.get(sound.reply)
        if reply is None:
            return
        stop = sound.start + len(sound.pcm) // 2
        reply.lost = max(reply.lost, stop)
        if self._note is not None:
            self._note(Unheard(reply.reply_id, sound.start, stop, asyncio.get_running_loop().time()))

    # --- word from the page ------------------------------------------------------------------------------

    def heard(self, ordinal: int, start: int, stop: int, at: float, now: float) -> None:
        """The page played a stretch.

        Args:
            ordinal: the reply's ordinal.
            start: its first sample.
            stop: one past its last.
            at: when ``start`` was audible, in the page's milliseconds.
            now: the loop's time.
        """
        reply = self._ordinals.get(ordinal)
        if reply is None:
            return
        stop = min(stop, reply.taken)
        if not 0 <= start < stop:
            return
        moment, uncertainty = self._clock.on_loop(at, now)
        self._tell(reply, start, stop, moment, uncertainty)

    def played_out(self, ordinal: int, now: float) -> None:
        """The page has nothing left of a reply; what it did not tell of was played just now."""
        reply = self._ordinals.get(ordinal)
        if reply is None or not reply.waiting:
            return
        start = max(reply.heard, reply.lost)
        seconds = (reply.taken - start) / RATE
        known = reply.heard_end is not None and start == reply.heard
        begin = reply.heard_end if known and reply.heard_end is not None else now - seconds
        self._tell(reply, start, reply.taken, begin, max(abs(now - begin - seconds), 0.05))

    def ducked(self, gain: float, at: float, now: float) -> None:
        """The page plays with this gain.

        Args:
            gain: 1 is as loud as it came.
            at: since when that is audible, in the page's milliseconds.
            now: the loop's time.
        """
        moment, uncertainty = self._clock.on_loop(at, now)
        if self._note is not None:
            self._note(Ducked(gain, moment, uncertainty))

    def _tell(self, reply: Playing, start: int, stop: int, moment: float, uncertainty: float) -> None:
        reply.heard = max(reply.heard, stop)
        reply.heard_end = moment + (stop - start) / RATE
        if self._note is not None:
            self._note(Heard(reply.reply_id, start, stop, moment, uncertainty))
