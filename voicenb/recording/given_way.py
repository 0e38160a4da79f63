"""Lines of a transcript as the sound has them: an agent that was cut off may not have been speaking."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicenb.errors import VoicenbError
from voicenb.protocol.lines import Line

if TYPE_CHECKING:
    from voicenb.analysis.measure import Measure
    from voicenb.protocol.replies import Reply
    from voicenb.recording.recording import Recording

MOST = 30
"""Cut replies of a call that are looked at: each costs the processor a few ms, one that was heard to its last
sample some 20."""


def as_heard(recording: Recording, lines: list[Line]) -> list[Line]:
    """The lines, and of the agent's those marked as interrupted that ``vn.turns(call)`` counts so.

    The service calls a reply interrupted whatever was heard of it. Of one that was cut off in its leading
    silence no word was heard, and one that had been heard out when the caller began gave way to nobody.

    Args:
        recording: of the call.
        lines: some of its transcript.

    Returns:
        As they are where that is not known soon: of a call that runs, that has no sound, or in which more
        than :data:`MOST` replies were cut off and whose turns are not kept.
    """
    cut = [line.reply_id for line in lines if line.role == "agent" and line.interrupted and line.heard]
    if not cut or not recording.finished or {"sound", "interruptions"} & recording.absent.keys():
        return lines
    try:
        found = _told(recording, cut)
    except (OSError, ValueError, VoicenbError):  # what is damaged or not installed is told elsewhere
        return lines
    return [_corrected(line, found[line.reply_id]) if line.reply_id in found else line for line in lines]


def _corrected(line: Line, speaking: bool | None) -> Line:
    if speaking:
        return line
    if speaking is None:  # nothing audible was heard of it
        return replace(line, heard="", unheard=line.text)
    return replace(line, interrupted=False)


def _told(recording: Recording, cut: list[str]) -> dict[str, bool | None]:
    """Whether each of these replies was speaking when it was cut off; None where nobody had heard it yet."""
    from voicenb.analysis.measure import Measure
    from voicenb.analysis.turns import are_kept, turns

    if are_kept(recording):
        kept = {turn.reply_id: turn for turn in turns(recording).agent}
        return {
            each: None if kept[each].cancelled else kept[each].interrupted for each in cut if each in kept
        }
    if len(cut) > MOST:
        return {}
    measure = Measure(recording)
    measure.refresh()
    replies = recording.conversation.replies
    return {each: _speaking(measure, replies[each]) for each in cut if each in replies}


def _speaking(measure: Measure, reply: Reply) -> bool | None:
    if measure.heard and measure.audible(reply.reply_id) is None:
        return None
    return not measure.was_over(reply)
