"""Replies of the agent: what was received of each, and what was heard of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

RATE = 24_000
"""Samples per second in which replies are counted, whatever the format on the wire."""

Kind = Literal["greeting", "turn", "tool", "requested"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word or so of a reply; times in ms from the reply's first sample, or None."""

    text: str
    start_ms: float | None = None
    end_ms: float | None = None


@dataclass(slots=True)
class Reply:
    """One reply.

    Attributes:
        reply_id: the service's id, or one of our own where the service gave none.
        started_at: when it began, in the driver's seconds.
        kind: why the agent speaks, as far as a client can tell.
        item_id: the history item, where known.
        samples: samples received, at 24 kHz.
        words: from ``transcript.agent.delta``.
        text: from ``transcript.agent``, or None.
        status: ``"open"``, then ``"completed"``, ``"interrupted"``, or what the service calls it.
        first_audio_at: when the first chunk came.
        done_at: when ``reply.done`` came.
        heard: one past the last sample that was heard.
        heard_at: when the first sample was heard.
        heard_until: when the last of what was heard had been heard.
        lost: one past the last sample that got lost on its way to the ear; 0 where none did.
        flushed: it was cut off; nothing more of it will be heard.
        stopped_by: by what: ``"speech"`` (the client's own flush, when the caller was told to speak) or
            ``"interrupted"`` (the service ended it); empty where it was not.
        stopped_at: when.
        dropped: chunks that came too late to be played.
        calls: ids of the tool calls made in it.
        superseded: another reply began since, or the connection was lost: more of it need not come.
        passed: another reply was heard since, so this one was played as far as it ever will be.
        abandoned: the session ended before it did.
    """

    reply_id: str
    started_at: float
    kind: Kind = "turn"
    item_id: str | None = None
    samples: int = 0
    words: list[Word] = field(default_factory=list)
    text: str | None = None
    status: str = "open"
    first_audio_at: float | None = None
    done_at: float | None = None
    heard: int = 0
    heard_at: float | None = None
    heard_until: float | None = None
    lost: int = 0
    flushed: bool = False
    stopped_by: Literal["", "speech", "interrupted"] = ""
    stopped_at: float | None = None
    dropped: int = 0
    calls: list[str] = field(default_factory=list)
    superseded: bool = False
    passed: bool = False
    abandoned: bool = False

    @property
    def done(self) -> bool:
        """Whether ``reply.done`` has come."""
        return self.status != "open"

    @property
    def interrupted(self) -> bool:
        """Whether the caller cut it off."""
        return self.flushed or self.status == "interrupted"

    @property
    def finished(self) -> bool:
        """Whether no more audio is to come: done, or its transcript came, which follows the last chunk."""
        return self.done or self.text is not None

    @property
    def settled(self) -> bool:
        """Whether nothing more of it will be heard."""
        if self.flushed or self.passed or self.abandoned:
            return True
        return (self.finished or self.superseded) and max(self.heard, self.lost) >= self.samples

    @property
    def over_at(self) -> float | None:
        """When nothing more of it was to come, or to be heard; None while something is."""
        if not self.settled:
            return None
        return max(self.started_at, self.done_at or 0.0, self.heard_until or 0.0)

    @property
    def heard_out(self) -> bool:
        """Whether it was spoken to its end and heard to its end, or ended without any audio."""
        return self.finished and not self.interrupted and (self.heard >= self.samples or self.passed)


class Replies:
    """All replies of a conversation, in order.

    Args:
        hears: whether notes of what was heard will come. Without them sound counts as heard when it comes,
            or when what came before is over, and of a reply that is cut off no more than there was time for.
    """

    def __init__(self, *, hears: bool = True) -> None:
        self.all: dict[str, Reply] = {}
        self.unsettled: list[Reply] = []
        self.last: Reply | None = None
        self._hears = hears
        self._playing_until = 0.0  # where nobody notes what is heard: when all that came will have been

    def start(self, reply_id: str, at: float, kind: Kind, item_id: str | None = None) -> Reply:
        """A reply begins; one that is known already stays as it is."""
        known = self.all.get(reply_id) if reply_id else None
        if known is not None:
            known.item_id = known.item_id or item_id
            return known
        reply = Reply(reply_id or self._free_id(), at, kind, item_id)
        for earlier in self.unsettled:
            earlier.superseded = True
        self.all[reply.reply_id] = reply
        self.unsettled.append(reply)
        self.last = reply
        return reply

    def _free_id(self) -> str:
        """An id for a reply that came without one; others may have come with such a one."""
        numbers = itertools.count(len(self.all) + 1)
        return next(name for number in numbers if (name := f"reply-{number}") not in self.all)

    def named(self, reply_id: str) -> Reply | None:
        """The reply of that id; without an id, the latest; None when there is none."""
        return self.all.get(reply_id) if reply_id else self.last

    def sound(self, reply: Reply, samples: int, at: float) -> bool:
        """A chunk has come; False when it is too late to be played."""
        if reply.done or reply.flushed:
            reply.dropped += 1
            return False
        if reply.first_audio_at is None:
            reply.first_audio_at = at
        reply.samples += samples
        if not self._hears:
            begun = max(at, self._playing_until)
            self._playing_until = begun + samples / RATE
            reply.heard = reply.samples
            reply.heard_at = begun if reply.heard_at is None else reply.heard_at
        return True

    def done(self, reply: Reply, status: str, at: float) -> bool:
        """The service ended a reply; True when sound of it must now be silenced."""
        if reply.done:
            return False
        reply.status = status
        reply.done_at = at
        return status == "interrupted" and self.cut(reply, at)

    def cut(self, reply: Reply, at: float) -> bool:
        """The service cut a reply off; True when sound of it must now be silenced."""
        over = reply.flushed or reply.passed
        silenced = not over and max(reply.heard, reply.lost) < reply.samples
        if not over:
            reply.stopped_by, reply.stopped_at = "interrupted", at
            self._heard_no_longer(reply, at)
        reply.flushed = True
        return silenced

    def note(self, reply: Reply, stop: int, at: float) -> Iterable[Reply]:
        """A stretch was heard; returns the replies whose heard part changed or was settled by it.

        Replies play one after the other, so whatever came before this one has been played as far as it ever
        will be.
        """
        changed = [reply]
        if reply.heard_at is None:
            reply.heard_at = at
        reply.heard = max(reply.heard, min(stop, reply.samples))
        if not any(each is reply for each in self.unsettled):
            return changed  # late word of one that is over: it says nothing of those behind it
        for earlier in self.unsettled:
            if earlier is reply:
                break
            if earlier.finished or earlier.superseded:
                earlier.passed = True
                changed.append(earlier)
        return changed

    def flush(self, at: float) -> list[Reply]:
        """Everything audible is cut off, for the caller speaks; returns what was."""
        cut = [reply for reply in self.unsettled if self.audible(reply)]
        if not self._hears:  # what came whole may be playing still
            cut = [reply for reply in self.all.values() if self._is_playing(reply, at)]
        for reply in cut:
            reply.flushed = True
            reply.stopped_by, reply.stopped_at = "speech", at
            self._heard_no_longer(reply, at)
        return cut

    def _heard_no_longer(self, reply: Reply, at: float) -> None:
        """Where nobody notes what is heard: sound may come in a burst, but it is not heard faster."""
        if not self._hears and reply.heard_at is not None:
            reply.heard = min(reply.heard, max(0, round((at - reply.heard_at) * RATE)))
            self._playing_until = min(self._playing_until, at)

    @staticmethod
    def _is_playing(reply: Reply, at: float) -> bool:
        """Whether there was no time yet to hear all of it that came."""
        over = reply.flushed or reply.passed or reply.abandoned
        return not over and reply.heard_at is not None and reply.heard_at + reply.samples / RATE > at

    def abandon(self) -> list[Reply]:
        """The session is over; returns the replies that it cut short."""
        cut, self.unsettled = self.unsettled, []
        for reply in cut:
            reply.abandoned = True
        return cut

    def audible(self, reply: Reply) -> bool:
        """Whether the reply has sound that is playing or waits to be played."""
        return reply.samples > 0 and not reply.settled

    def sweep(self) -> None:
        """Forget the settled ones among the unsettled."""
        if self.unsettled:
            self.unsettled = [
                r for r in self.unsettled if not r.settled or not (r.finished or r.flushed or r.passed)
            ]
