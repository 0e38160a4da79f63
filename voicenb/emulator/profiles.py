"""The two profiles as data: the contract as documented, and the live service as it was observed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voicenb.voices import CURRENT, JUNE, VOICES

ProfileName = Literal["contract", "live"]
Trigger = Literal["greeting", "user_speech", "tool_result", "reply_create"]


@dataclass(frozen=True, slots=True)
class LeadingSilence:
    """Digital silence before the first sound of a reply, in seconds, by what the reply answers."""

    greeting: float = 0.0
    answer: float = 0.0
    after_tool: float = 0.0
    after_barge_in: float = 0.0

    @classmethod
    def uniform(cls, seconds: float) -> LeadingSilence:
        """The same before every reply."""
        return cls(seconds, seconds, seconds, seconds)

    def before(self, trigger: Trigger, *, barged_in: bool) -> float:
        """Seconds of silence before a reply."""
        if trigger == "greeting":
            return self.greeting
        if trigger == "tool_result":
            return self.after_tool
        return self.after_barge_in if barged_in else self.answer


@dataclass(frozen=True, slots=True)
class Profile:
    """How the emulator behaves where documentation and observation part.

    Attributes:
        chunk: seconds of sound in a ``reply.audio``.
        lead: seconds of a reply sent at once, ahead of real time, so that a client's player does not run dry.
        greeting_lead: the same for the greeting.
        leading_silence: silence before the first sound.
        ready_delay: first ``session.update`` → ``session.ready``, seconds.
        greeting_delay: ``session.ready`` → the greeting; some pages break when it comes at once.
        updated_before_ready: whether a ``session.updated`` precedes the ``session.ready``.
        lower_case_codes: whether fatal codes are written in lower case.
        tokens_enforced: whether tokens open one session only and cap its length.
        expires_in: ``expires_at`` of ``session.ready``, seconds from then; the session's cap when None.
        audio_duration_told: whether ``session.ended`` says how much audio came, or null.
        rate_enforced: whether audio faster than real time is dropped and reported.
        token_errors: HTTP status of (a bad parameter, a missing header, a bad key) at the token endpoint.
        resumable: whether a session is kept for a client that has gone, and may be resumed.
        words_before_calls: whether a reply that calls a tool has words; one that sounds already when the call
            comes has them in any case.
        http_calls_told: whether a client is told (``tool.call``) of calls that the service makes by itself.
        messages_count: whether a ``conversation.message`` reaches the history.
        barge_in_lateness: seconds between the decision to interrupt and its events (smallest, largest).
        speech_start_lateness: seconds between the onset of speech and ``input.speech.started``, agent silent.
        words_short: how many milliseconds too early the words' times are.
        headers_as_list: whether stored HTTP headers are always read back as a list.
        artifacts_after: seconds from a session's end until its history has artifacts.
        default_voice: the voice of a session that names none.
        voices_status: HTTP status of ``GET /v1/voices``, which lists nothing.
        voices: the voice names that a session may have.
        stored_voices: those that a stored agent may have; an error's list has no more.
    """

    name: ProfileName
    chunk: float = 0.02
    lead: float = 0.2
    greeting_lead: float = 0.2
    leading_silence: LeadingSilence = LeadingSilence()
    ready_delay: float = 0.0
    greeting_delay: float = 0.2
    updated_before_ready: bool = False
    lower_case_codes: bool = False
    tokens_enforced: bool = True
    expires_in: float | None = None
    audio_duration_told: bool = True
    rate_enforced: bool = True
    token_errors: tuple[int, int, int] = (400, 401, 401)
    resumable: bool = True
    words_before_calls: bool = True
    http_calls_told: bool = False
    messages_count: bool = True
    barge_in_lateness: tuple[float, float] = (0.0, 0.0)
    speech_start_lateness: float = 0.0
    words_short: int = 0
    headers_as_list: bool = False
    artifacts_after: float = 0.0
    default_voice: str = "ivy"
    voices_status: Literal[404, 426] = 404
    voices: tuple[str, ...] = tuple(VOICES)
    stored_voices: tuple[str, ...] = tuple(VOICES)


CONTRACT = Profile(
    name="contract",
    # "Every reply begins with silent samples": the least that was seen of each.
    leading_silence=LeadingSilence(greeting=0.25, answer=0.2, after_tool=0.2, after_barge_in=0.2),
)

LIVE = Profile(
    name="live",
    chunk=0.01,
    lead=0.0,
    greeting_lead=0.2,
    leading_silence=LeadingSilence(greeting=0.25, answer=0.3, after_tool=0.69, after_barge_in=1.2),
    ready_delay=0.4,
    greeting_delay=0.175,
    updated_before_ready=True,
    lower_case_codes=True,
    tokens_enforced=False,
    expires_in=3595.0,
    audio_duration_told=False,
    rate_enforced=False,
    token_errors=(422, 422, 404),
    resumable=False,
    words_before_calls=False,
    http_calls_told=True,
    messages_count=False,
    barge_in_lateness=(1.1, 2.2),
    speech_start_lateness=0.5,
    words_short=240,
    headers_as_list=True,
    artifacts_after=6.0,
    default_voice="alba",
    voices_status=426,
    # "ivy" was taken on the socket and stood in no list of the REST errors; so it is with its whole era here.
    voices=(*CURRENT, *JUNE),
    stored_voices=CURRENT,
)

PROFILES: dict[str, Profile] = {"contract": CONTRACT, "live": LIVE}
