"""Exchanges: a turn of the caller, and what the agent did for it, as the events tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voicenb.protocol.configuration import REFUSALS, Configuration
from voicenb.protocol.conversation import SAME_MOMENT
from voicenb.protocol.settings import at_path

WORDS_LATE = 0.5
"""Seconds behind the end of speech within which its words may still come: ears take a third of one."""

LONGEST_PAUSE = 5.0
"""Seconds; a longer silence is no pause inside a turn (design: 0.2 to 5 s)."""


@dataclass(slots=True)
class Exchange:
    """One turn of the caller and the agent's part that follows it; times in the engine's seconds.

    Attributes:
        item_id: the service's history item of the turn.
        told: when the service said that speech began (wire); None where it never did.
        decided: when it said that the turn was over (wire): ``input.speech.stopped``, else the transcript.
        transcribed: when its transcript came (wire), the last one where more words followed; None while it
            has not.
        text: the transcript; empty while it has not come.
        turn_detection: the settings in force when it was decided, as the service had confirmed them; None
            while the adaptive default held.
        replies: ids of the replies to it, in order.
        calls: ids of the tool calls for it, in order.
        taken_back: when it was decided before that, each time that the caller then went on.
        using: ids of the replies to it that began behind a tool's result, in order: they may use it.
        waited_for_tools: whether the reply to it came with the result of a tool that an earlier turn called.
        begun: of a call from elsewhere, where its first sound was found (acoustic); else None.
        beside: there, whether it was a mere "mm-hm" while the agent spoke on: no reply answers it.
    """

    item_id: str = ""
    told: float | None = None
    decided: float | None = None
    transcribed: float | None = None
    text: str = ""
    turn_detection: Mapping[str, Any] | None = None
    replies: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    using: list[str] = field(default_factory=list)
    taken_back: list[float] = field(default_factory=list)
    waited_for_tools: bool = False
    begun: float | None = None
    beside: bool = False
    has_words: bool = False  # some of them came, whether final or not
    words_of: str = ""  # the item whose they are, where that was told
    again: float | None = None  # when the service said that it goes on

    def go_on(self, at: float) -> None:
        """The caller goes on: it was not over."""
        if self.decided is not None:
            self.again = at
        self.take_back()

    def take_back(self) -> None:
        """It was not over."""
        if self.decided is not None:
            self.taken_back.append(self.decided)
            self.decided = None

    def is_of(self, item_id: str) -> bool:
        """Whether words of an item may be its."""
        return not (self.words_of and item_id) or self.words_of == item_id


class Exchanges:
    """Sorts events into exchanges, as they come.

    Attributes:
        all: those so far; the last one may not be over.
    """

    def __init__(self) -> None:
        self.all: list[Exchange] = []
        self._open: Exchange | None = None  # told to have begun, its words not known
        self._wordless: Exchange | None = None  # the one before, which ended without words
        self._late: Exchange | None = None  # which got its words while something else was spoken
        self._configuration = Configuration()
        self._asked = False  # for another reply than an answer
        self._apart = False  # what comes now belongs to something else than the last turn
        self._by_reply: dict[str, Exchange] = {}
        self._newest = ("", float("-inf"))  # reply, and when it began
        self._answered: dict[str, float] = {}  # when the result of each call was sent

    @property
    def last(self) -> Exchange | None:
        """The last one whose words are known."""
        return self.all[-1] if self.all else None

    def of_reply(self, reply_id: str) -> Exchange | None:
        """The exchange that a reply belongs to; None for one that answers no speech.

        Such are the greeting, what was typed for or asked for by ``reply.create``, and what follows that.
        """
        return self._by_reply.get(reply_id)

    def take(self, event: Mapping[str, Any]) -> None:
        """Take the next event."""
        message, at = event.get("msg") or {}, float(event["t"])
        match event["dir"], event["type"]:
            case "out", "session.update":
                self._configuration.sent(_object(message.get("session")) or {})
            case "in", "session.ready" | "session.updated":
                self._configuration.acknowledged(_object(message.get("config")))
            case "in", "session.error" | "error" if str(message.get("code", "")).lower() in REFUSALS:
                self._configuration.refused(str(message["code"]))
            case "local", "turn":  # of a call from elsewhere, found in its sound
                self._found(message)
            case "local", "spoken" if message.get("beside"):  # there too: it answers nothing
                self._apart = True
            case "local", "closed":
                self._configuration.lost()
            case "out", "conversation.message":
                self._apart = True  # it is answered, and nothing in the sound says when it was typed
            case "out", "reply.create":
                self._asked = True
            case "in", "input.speech.started":
                if self._open is None or self._was_no_turn(self._open, at):
                    self._wordless, self._open = self._open, Exchange(told=at)
                self._open.go_on(at)  # if it had ended
            case "in", "transcript.user.delta" if str(message.get("text") or "").strip():
                self._partial(str(message.get("item_id") or ""))
            case "in", "input.speech.stopped":
                if self._open is not None:
                    self._open.decided, self._open.turn_detection = at, self._settings
                    self._claim(self._open, at)
            case "in", "transcript.user" if str(message.get("text") or "").strip():
                self._turn(message, at)
            case "out", "tool.result":
                self._answered.setdefault(str(message.get("call_id") or ""), at)
            case "in", "reply.started":
                self._reply(str(message.get("reply_id") or ""), at)
            case "in", "tool.call":
                if (exchange := self._at_hand) is not None and message.get("call_id") and not self._apart:
                    exchange.calls.append(str(message["call_id"]))
            case _:
                pass

    @property
    def _settings(self) -> Mapping[str, Any] | None:
        """The ``turn_detection`` in force."""
        return _object(at_path(self._configuration.settings, "input.turn_detection"))

    @staticmethod
    def _was_no_turn(exchange: Exchange, at: float) -> bool:
        """Whether what had begun came to nothing: a cough, a door; nothing of it goes on then."""
        longest = LONGEST_PAUSE if exchange.has_words else WORDS_LATE
        return exchange.decided is not None and at - exchange.decided > longest

    def _partial(self, item_id: str) -> None:
        """Words of what is being spoken."""
        if self._open is None:
            return
        self._part_from(self._open, item_id)
        self._open.has_words, self._open.words_of = True, self._open.words_of or item_id

    def _part_from(self, exchange: Exchange, item_id: str) -> None:
        """What was taken to go on is another item: the words of the one before came to nothing."""
        if exchange.again is not None and not exchange.is_of(item_id):
            self._open = Exchange(
                told=exchange.again, decided=exchange.decided, turn_detection=exchange.turn_detection
            )

    def _turn(self, message: Mapping[str, Any], at: float) -> None:
        item_id = str(message.get("item_id") or "")
        known = next((each for each in self.all[-2:] if item_id and each.item_id == item_id), None)
        exchange = self._of_words(item_id, known, at)
        self._apart &= exchange.beside
        if known is not None and exchange is not known:  # reopened: the same item, with more words
            self.all.remove(known)
            exchange.told = known.told
            known.take_back()
            exchange.taken_back = [*known.taken_back, *exchange.taken_back]
        exchange.item_id, exchange.text = item_id, str(message["text"])
        exchange.transcribed = at
        if exchange.decided is None:
            exchange.decided, exchange.turn_detection = at, self._settings
        if exchange not in self.all:
            self.all.append(exchange)
        self._take_over(exchange, at)

    def _claim(self, exchange: Exchange, at: float) -> None:
        """Words that came in the moment in which speech ended are its: their messages may swap."""
        late, self._late = self._late, None
        if late is None or late.transcribed is None or late.transcribed < at - SAME_MOMENT:
            return
        late.told, late.decided, late.turn_detection = exchange.told, at, exchange.turn_detection
        late.taken_back, late.again = exchange.taken_back, exchange.again
        self._open = None

    def _of_words(self, item_id: str, known: Exchange | None, at: float) -> Exchange:
        """The exchange whose words have come."""
        late, self._wordless, self._late = self._wordless, None, None
        if self._open is None:
            return known or Exchange()
        self._part_from(self._open, item_id)
        silent = known is None and self._open.decided is None and not self._open.has_words
        if late is not None and silent and at - (late.decided or 0.0) <= LONGEST_PAUSE:
            self._late = late
            return late  # what is being spoken has no words yet
        exchange, self._open = self._open, None
        return exchange

    def _found(self, message: Mapping[str, Any]) -> None:
        """A turn that no service told of; its words may follow."""
        begun = message.get("start")
        exchange = Exchange(
            item_id=str(message.get("item_id") or ""),
            decided=float(message["end"]),
            begun=float(begun) if isinstance(begun, int | float) else None,
            beside=bool(message.get("beside")),
        )
        self._apart &= exchange.beside
        self.all.append(exchange)

    @property
    def _at_hand(self) -> Exchange | None:
        """The turn that the agent's next reply answers: one whose words are still to come, or the last."""
        if self._open is not None and self._open.decided is not None:
            return self._open
        return next((each for each in reversed(self.all) if not each.beside), None)

    def _reply(self, reply_id: str, at: float) -> None:
        if self._asked:
            self._asked, self._apart = False, True
        if not reply_id or self._apart:
            return
        self._newest = reply_id, at
        if (exchange := self._at_hand) is None:
            return
        calling = self._kept_waiting(exchange)
        if calling is None or not exchange.replies:
            self._give(reply_id, exchange)
            exchange.waited_for_tools |= calling is not None
        if calling is not None:
            self._give(reply_id, calling)

    def _kept_waiting(self, exchange: Exchange) -> Exchange | None:
        """The earlier turn whose tool was still running when this one began, and has its first reply now."""
        if exchange.told is None or exchange.calls:
            return None
        for earlier in reversed(self.all):
            sent = [self._answered[each] for each in earlier.calls if each in self._answered]
            if earlier is not exchange and sent and not earlier.using and max(sent) > exchange.told:
                return earlier
        return None

    def _give(self, reply_id: str, exchange: Exchange) -> None:
        self._by_reply[reply_id] = exchange
        exchange.replies.append(reply_id)
        if any(each in self._answered for each in exchange.calls):
            exchange.using.append(reply_id)

    def _take_over(self, exchange: Exchange, at: float) -> None:
        """A reply that began in the moment of this turn answers it: their messages may swap."""
        reply_id, began = self._newest
        before = self._by_reply.get(reply_id)
        if before is exchange or exchange.beside or began < at - SAME_MOMENT:
            return
        if before is not None:
            before.replies.remove(reply_id)
            before.using = [each for each in before.using if each != reply_id]
        self._give(reply_id, exchange)


def _object(value: Any) -> dict[str, Any] | None:
    return dict(value) if isinstance(value, Mapping) else None
