"""Pipecat: user-to-bot latency, ``turn.user_bot_latency_seconds`` in its traces.

After ``pipecat-ai`` as of August 2026 (``observers/user_bot_latency_observer.py`` and
``audio/vad/vad_analyzer.py`` in github.com/pipecat-ai/pipecat).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicenb.analysis.others.voice_activity import pipecat_silero
from voicenb.analysis.speech_probability import SpeechProbability

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording


def user_bot_latency(recording: Recording, heard: SpeechProbability) -> dict[str, float]:
    """Seconds from the caller's last stop to the bot's next start, each time that there was one, by reply.

    The stop is where Pipecat's detector says that speech ended (a probability of 0.7, to a frame of 32 ms;
    its gate on the volume is left out). The start is the first audio of a reply that goes to the output: here
    the first ``reply.audio`` (wire). A start of the caller's takes the stop before it back; each stop counts
    once. Unlike our response latency it knows neither turns nor tools (a reply that announces a tool ends
    the wait), counts the leading silence of a reply as speech and ends before the way to the ear; and after
    a sound that no turn was made of, the next reply counts from that.

    Args:
        recording: of the call.
        heard: the probabilities of its caller's track.
    """
    events: list[tuple[float, int, float, str]] = []
    for speech in pipecat_silero(heard):
        events += [(speech.began, 0, 0.0, ""), (speech.known, 1, speech.ended, "")]
    for reply in recording.conversation.replies.values():
        if reply.first_audio_at is not None:
            events.append((reply.first_audio_at, 2, 0.0, reply.reply_id))
    found: dict[str, float] = {}
    stopped: float | None = None
    for at, kind, ended, reply_id in sorted(events):
        if kind == 0:
            stopped = None
        elif kind == 1:
            stopped = ended
        elif stopped is not None:
            found[reply_id] = at - stopped
            stopped = None
    return found
