"""Every message of the Voice Agent API as a frozen, typed value.

Names and fields are the service's own. Server messages need only the fields that the contract calls required:
ids, ``timestamp`` and ``status`` were all seen missing. What a message carries beyond these fields is kept by
the codec beside the value (see :mod:`voicenb.protocol.codec`).
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

JSONObject = dict[str, Any]


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Base of all messages, in both directions."""

    @property
    def type(self) -> str:
        """The ``type`` on the wire, e.g. ``"session.update"``."""
        tag = self.__struct_config__.tag
        return tag if isinstance(tag, str) else ""


# --- client → server ---


class ClientMessage(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Base of what a client sends."""


class SessionUpdate(ClientMessage, frozen=True, kw_only=True, tag="session.update"):
    """First message of a new conversation, later a change of mutable fields."""

    session: JSONObject


class SessionResume(ClientMessage, frozen=True, kw_only=True, tag="session.resume"):
    """First message on a new socket within 30 s of a drop."""

    session_id: str


class SessionEnd(ClientMessage, frozen=True, kw_only=True, tag="session.end"):
    """Ends the session and its billing at once."""


class InputAudio(ClientMessage, frozen=True, kw_only=True, tag="input.audio"):
    """Microphone audio in the session's input format; base64 on the wire, bytes here."""

    audio: bytes


class ToolResult(ClientMessage, frozen=True, kw_only=True, tag="tool.result"):
    """A tool's result, serialised once to a string."""

    call_id: str
    result: str
    is_error: bool = False


class ReplyCreate(ClientMessage, frozen=True, kw_only=True, tag="reply.create"):
    """Makes the agent speak without user speech."""

    instructions: str | None = None


class ConversationMessage(ClientMessage, frozen=True, kw_only=True, tag="conversation.message"):
    """Adds an item to the history without a reply."""

    role: Literal["user", "system"]
    content: str


# --- server → client ---


class ServerMessage(Message, frozen=True, kw_only=True, omit_defaults=False):
    """Base of what the service sends; ``timestamp`` is epoch seconds, ISO text, or missing."""

    timestamp: float | str | None = None


class SessionReady(ServerMessage, frozen=True, kw_only=True, tag="session.ready"):
    """The session has begun; audio may be sent from here on.

    ``resume_token`` opens a socket as a key does, so it is not shown.
    """

    session_id: str
    config: JSONObject | None = None
    expires_at: float | None = None
    resume_token: str | None = None

    def __repr__(self) -> str:
        shown = msgspec.structs.replace(self, resume_token="[redacted]") if self.resume_token else self
        return msgspec.Struct.__repr__(shown)


class SessionUpdated(ServerMessage, frozen=True, kw_only=True, tag="session.updated"):
    """Acknowledges a ``session.update``; may come before ``session.ready``."""

    config: JSONObject | None = None


class SessionEnded(ServerMessage, frozen=True, kw_only=True, tag="session.ended"):
    """Last event of a clean ending."""

    session_duration_seconds: float | None = None
    audio_duration_seconds: float | None = None


class SessionErrorMessage(ServerMessage, frozen=True, kw_only=True, tag="session.error"):
    """An error; the session may survive it (see the contract's table of codes)."""

    code: str = ""
    message: str = ""
    param: str | None = None
    session_id: str | None = None


class LegacyError(ServerMessage, frozen=True, kw_only=True, tag="error"):
    """A bare ``error``, which older pages check for: the same meaning as ``session.error``."""

    code: str = ""
    message: str = ""
    param: str | None = None


class SpeechStarted(ServerMessage, frozen=True, kw_only=True, tag="input.speech.started"):
    """The user began to speak; over the agent's voice: the interruption is decided."""


class SpeechStopped(ServerMessage, frozen=True, kw_only=True, tag="input.speech.stopped"):
    """The user stopped speaking."""


class TranscriptUserDelta(ServerMessage, frozen=True, kw_only=True, tag="transcript.user.delta"):
    """The whole utterance so far: replace, never append."""

    text: str
    item_id: str | None = None


class TranscriptUser(ServerMessage, frozen=True, kw_only=True, tag="transcript.user"):
    """The final transcript of one user turn."""

    text: str
    item_id: str | None = None


class ReplyStarted(ServerMessage, frozen=True, kw_only=True, tag="reply.started"):
    """A reply begins."""

    reply_id: str = ""
    item_id: str | None = None


class ReplyAudio(ServerMessage, frozen=True, kw_only=True, tag="reply.audio"):
    """One chunk of the agent's voice in the session's output format; base64 on the wire, bytes here."""

    data: bytes
    reply_id: str = ""


class TranscriptAgentDelta(ServerMessage, frozen=True, kw_only=True, tag="transcript.agent.delta"):
    """A word or so of the agent: append. Times are relative to the start of this reply's audio."""

    delta: str
    reply_id: str = ""
    item_id: str | None = None
    start_ms: float | None = None
    end_ms: float | None = None


class TranscriptAgent(ServerMessage, frozen=True, kw_only=True, tag="transcript.agent"):
    """What the agent said; when interrupted, cut to what was heard."""

    text: str
    reply_id: str = ""
    item_id: str | None = None
    interrupted: bool = False


class ReplyDone(ServerMessage, frozen=True, kw_only=True, tag="reply.done"):
    """A reply is over; no audio for it follows."""

    reply_id: str = ""
    status: str = "completed"

    @property
    def interrupted(self) -> bool:
        """Whether the user's speech ended the reply."""
        return self.status == "interrupted"


class ToolCall(ServerMessage, frozen=True, kw_only=True, tag="tool.call"):
    """The agent calls a tool; ``arguments`` are already parsed."""

    call_id: str
    name: str
    arguments: JSONObject = {}


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """A message of a type that this version does not know; it passes through and stays in the recording."""

    type: str
    fields: JSONObject


AnyClientMessage = (
    SessionUpdate | SessionResume | SessionEnd | InputAudio | ToolResult | ReplyCreate | ConversationMessage
)
AnyServerMessage = (
    SessionReady
    | SessionUpdated
    | SessionEnded
    | SessionErrorMessage
    | LegacyError
    | SpeechStarted
    | SpeechStopped
    | TranscriptUserDelta
    | TranscriptUser
    | ReplyStarted
    | ReplyAudio
    | TranscriptAgentDelta
    | TranscriptAgent
    | ReplyDone
    | ToolCall
)
