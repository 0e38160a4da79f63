"""When a replayed caller goes on: what the recorded one waited for, found again in another conversation."""

from __future__ import annotations

from dataclasses import dataclass

from voicenb.protocol.floor import SEQUEL
from voicenb.protocol.replies import Reply
from voicenb.session.microphone import Room
from voicenb.tuning.replay_ear import Ear
from voicenb.tuning.replay_parts import Cue

STRAGGLER = 1.5
"""Seconds of quiet after which an answer counts that answers the beginning of what was said."""


@dataclass(slots=True)
class Said:
    """What the caller said last, in the call at hand.

    Attributes:
        end: when his speech was over, in the loop's seconds; before he has said anything when he began to
            listen.
        answered: whether the recorded agent answered it.
        first: whether he has said nothing yet.
        replies_before: how many replies there were when it began, …
        replies: … and when it ended.
        turn_before: when the service had ended his last turn, when it began, …
        turn: … and when it ended.
    """

    end: float
    answered: bool = False
    first: bool = False
    replies_before: int = 0
    replies: int = 0
    turn_before: float | None = None
    turn: float | None = None


class Listening:
    """Listens to one conversation.

    Args:
        room: that it takes place in.
        ear: hears the agent.
        reaction: seconds, where none is recorded.
        greeted: whether the recorded agent had a greeting.
    """

    def __init__(self, room: Room, ear: Ear, *, reaction: float, greeted: bool) -> None:
        self._room = room
        self._ear = ear
        self._reaction = reaction
        self._greeted = greeted

    @property
    def replies(self) -> int:
        """How many replies there are."""
        return len(self._room.conversation.replies)

    @property
    def turn(self) -> float | None:
        """When the service ended the caller's last turn."""
        return self._room.conversation.last_turn_at

    def due(self, cue: Cue, said: Said, now: float) -> float | None:
        """When the caller goes on, in the loop's seconds; None where what he waits for has not come.

        Args:
            cue: what he waits for.
            said: what he said last.
            now: the loop's seconds.
        """
        if said.first:
            return self._first(cue, said)
        match cue.kind:
            case "after":
                end = self._answer_end(said, now)
                return None if end is None else end + cue.wait
            case "over":
                begun = self._spoken_over(said, announced=cue.announced)
                return None if begun is None else begun + cue.wait
            case _:
                if not self._spoke_since(said):
                    return said.end + cue.wait
                end = self._answer_end(said, now)
                return None if end is None else end + self._reaction

    def quiet(self, said: Said, now: float) -> float:
        """Seconds for which neither side has been heard; less than nothing while the agent is."""
        return now - max(said.end, self._ear.last or said.end)

    def over_agent(self, now: float) -> bool:
        """Whether the agent is heard at this moment."""
        for name in self._room.conversation.replies:
            begun, ended = self._ear.begun(name), self._ear.ended(name)
            if begun is not None and ended is not None and begun <= now < ended:
                return True
        return False

    # --- what is waited for ---

    def _first(self, cue: Cue, said: Said) -> float | None:
        greets = bool(self._room.conversation.config.get("greeting"))
        if not greets:
            return said.end + max(0.0, cue.wait)
        if cue.kind == "alone" and self._greeted:  # he did not wait for it
            return said.end + cue.wait
        first = next(iter(self._room.conversation.replies.values()), None)
        if first is None:
            return None
        if cue.kind == "over":
            begun = self._ear.begun(first.reply_id)
            return None if begun is None else begun + cue.wait
        if not (_comes_to_an_end(first) or first.superseded):
            return None
        end = self._ear.ended(first.reply_id) or said.end
        return end + (cue.wait if cue.kind == "after" else self._reaction)

    def _answer_end(self, said: Said, now: float) -> float | None:
        """When the agent was heard to its end, in an answer to all that was said."""
        conversation = self._room.conversation
        if conversation.pending_calls or conversation.user_speaking or conversation.state == "thinking":
            return None
        replies = list(conversation.replies.values())
        if replies and not _comes_to_an_end(replies[-1]):
            return None
        turn = conversation.last_turn_at
        if not said.answered and turn == said.turn_before:  # it passed, as it did then
            return max(self._ear.last or said.end, said.end)
        number = next(
            (at for at in range(len(replies) - 1, said.replies_before - 1, -1) if self._answers(replies[at])),
            None,
        )
        end = None if number is None else self._ear.ended(replies[number].reply_id)
        if number is None or end is None:
            return None
        early = turn == said.turn  # perhaps the service ended the turn early, and the rest came to nothing
        if early and (turn == said.turn_before or now - end < STRAGGLER):
            return None
        if number < said.replies and not early:
            return None  # it answers what was said before; another one comes
        if conversation.may_go_on and now - end < SEQUEL:
            return None
        return end

    def _answers(self, reply: Reply) -> bool:
        return not reply.calls and not reply.interrupted and self._ear.begun(reply.reply_id) is not None

    def _spoken_over(self, said: Said, *, announced: bool) -> float | None:
        """When the reply began to be heard that is to be spoken over."""
        for reply in list(self._room.conversation.replies.values())[said.replies_before :]:
            begun, ended = self._ear.begun(reply.reply_id), self._ear.ended(reply.reply_id)
            if begun is None or ended is None or (reply.calls and not announced):
                continue
            if ended > said.end:
                return begun
        return None

    def _spoke_since(self, said: Said) -> bool:
        return (self._ear.last or said.end) > said.end


def _comes_to_an_end(reply: Reply) -> bool:
    """Whether all of its sound is known."""
    return reply.finished or reply.interrupted or reply.settled
