"""LiveKit Agents: ``e2e_latency``, ``end_of_turn_delay`` and ``transcription_delay``.

After ``livekit-agents`` as of August 2026 (``voice/agent_activity.py``, ``voice/audio_recognition.py`` and
the Silero plugin's ``vad.py`` in github.com/livekit/agents). All three count from ``stopped_speaking_at``:
the end of the last frame that its detector took for speech, smoothed, in steps of 32 ms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicenb.analysis.measure import LATE
from voicenb.analysis.others.voice_activity import Told, livekit_silero
from voicenb.analysis.speech_probability import SpeechProbability
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording


@dataclass(frozen=True, slots=True)
class LiveKitTurn:
    """A caller's turn as LiveKit's metrics have it; seconds, None where it would not tell.

    Attributes:
        number: in :func:`voicenb.turns`.
        e2e_latency: ``stopped_speaking_at`` → the first audio of the reply is forwarded. There the agent's
            own output tells; here it is the first ``reply.audio`` (wire). Unlike our response latency it ends
            before the way to the ear and counts the leading silence of a reply as speech; in a tool turn it
            ends with the first reply that has sound, an announcement too, and it is pooled with plain turns.
        end_of_turn_delay: ``stopped_speaking_at`` → the decision (wire); ``end_of_utterance_delay`` in the
            older ``EOUMetrics``. Ours counts from the acoustic end, to 10 ms.
        transcription_delay: ``stopped_speaking_at`` → the last transcript (wire), never below 0.
    """

    number: int
    e2e_latency: float | None
    end_of_turn_delay: float | None
    transcription_delay: float | None


def livekit(recording: Recording, found: Turns, heard: SpeechProbability) -> list[LiveKitTurn]:
    """The caller's turns of a call, by LiveKit's definitions.

    Args:
        recording: of the call.
        found: its turns.
        heard: the probabilities of its caller's track.
    """
    speech = livekit_silero(heard)
    return list(_turns(recording, [turn for turn in found if turn.role == "user"], speech))


def _turns(recording: Recording, turns: Sequence[Turn], speech: Sequence[Told]) -> Iterator[LiveKitTurn]:
    replies = recording.conversation.replies
    for turn in turns:
        if turn.decided is None or turn.start is None or turn.end is None:
            continue
        ends = [each.ended for each in speech if turn.start < each.ended <= turn.decided + LATE]
        if not ends:
            continue  # "unreliable": it reports nothing then
        stopped = ends[-1]
        first = min(
            (at for each in turn.replies if (at := replies[each].first_audio_at) is not None), default=None
        )
        said = None if turn.transcription_delay is None else turn.end + turn.transcription_delay
        yield LiveKitTurn(
            number=turn.number,
            e2e_latency=None if first is None else first - stopped,
            end_of_turn_delay=max(turn.decided - stopped, 0.0),
            transcription_delay=None if said is None else max(said - stopped, 0.0),
        )
