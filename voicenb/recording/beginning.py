"""Where lines of a transcript begin in the sound, which the service tells late, or early."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicenb.errors import VoicenbError

if TYPE_CHECKING:
    from voicenb.protocol.lines import Line
    from voicenb.recording.recording import Recording

MOST = 30
"""Replies of a call of which beginnings are looked for: each of them, and of the caller's turns, costs the
processor some 20 ms."""


def beginnings(recording: Recording, lines: list[Line]) -> dict[str, float]:
    """Where lines begin, by their id, in the engine's seconds.

    Of the caller's the onset (acoustic), of the agent's the first audible sample heard: what
    ``vn.turns(call)`` has, and from there where they are kept.

    Args:
        recording: of the call.
        lines: some of its transcript.

    Returns:
        Those that are known soon: none of a call that runs, and of a long one only where its turns are kept.
    """
    from voicenb.analysis.turns import are_kept, turns

    try:
        if are_kept(recording):
            found = {turn.reply_id or turn.item_id: turn.start for turn in turns(recording)}
        elif recording.finished and len(recording.conversation.replies) <= MOST:
            found = _measured(recording)
        else:
            return {}
    except (OSError, ValueError, VoicenbError):  # what is damaged or not installed is told elsewhere
        return {}
    named = ((line.id, found.get(line.reply_id or line.item_id or "")) for line in lines)
    return {name: start for name, start in named if start is not None}


def _measured(recording: Recording) -> dict[str, float | None]:
    from voicenb.analysis.measure import Measure

    measure = Measure(recording)
    measure.refresh()
    found = {exchange.item_id: measure.onset(exchange) for exchange in measure.exchanges.all}
    return found | {reply: measure.audible(reply) for reply in recording.conversation.replies}
