"""A session's configuration: what the first update makes of it, what later ones change, how it is echoed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from voicenb.emulator import checks, errors, session_tools, tool_checks
from voicenb.emulator.checks import JSONObject
from voicenb.emulator.errors import Refusal
from voicenb.emulator.profiles import Profile

INLINE = ("system_prompt", "greeting", "tools", "input", "output")
LONGEST_KEYTERM = 50
_INPUT = (
    "turn_detection", "keyterms", "transcription_mode", "continuous_partials", "transcription_prompt",
    "language_codes", "voice_focus", "voice_focus_threshold",
)  # fmt: skip


def full_format(value: Mapping[str, Any] | None) -> JSONObject:
    """An audio format with its sample rate filled in; PCM at 24 kHz when there is none."""
    encoding = (value or {}).get("encoding", "audio/pcm")
    return {"encoding": encoding, "sample_rate": 24_000 if encoding == "audio/pcm" else 8_000}


@dataclass(frozen=True, slots=True)
class Configuration:
    """The effective configuration of one session; in its ``tools`` every field of the echo is there."""

    id: str
    voice: str
    system_prompt: str | None = None
    greeting: str | None = None
    tools: tuple[JSONObject, ...] = field(default=(), repr=False)  # with the values of HTTP headers
    input: JSONObject = field(default_factory=dict)
    input_format: JSONObject = field(default_factory=lambda: full_format(None))
    output_format: JSONObject = field(default_factory=lambda: full_format(None))
    volume: float | None = None
    llm: tuple[JSONObject, ...] = field(default=(), repr=False)  # with its key

    @property
    def turn_detection(self) -> JSONObject | None:
        """The object in force, or None while turn taking is adaptive."""
        value: JSONObject | None = self.input.get("turn_detection")
        return value

    @property
    def transcription_mode(self) -> str:
        """``min_latency``, ``balanced`` or ``max_accuracy``."""
        return str(self.input.get("transcription_mode") or "balanced")

    @property
    def keyterms(self) -> tuple[str, ...]:
        """The keyterms that count; longer ones are ignored without a word, as the service does."""
        return tuple(term for term in self.input.get("keyterms") or () if len(term) <= LONGEST_KEYTERM)

    def tool(self, name: str) -> JSONObject | None:
        """The tool of that name."""
        return next((tool for tool in self.tools if tool["name"] == name), None)

    @property
    def told_tools(self) -> tuple[JSONObject, ...]:
        """The tools without the values of HTTP headers, for whoever need not have them."""
        return tuple(session_tools.echoed(tool) for tool in self.tools)

    def echo(self) -> JSONObject:
        """The ``config`` of ``session.ready`` and ``session.updated``."""
        return copy.deepcopy(
            {
                "id": self.id,
                "system_prompt": self.system_prompt,
                "greeting": self.greeting,
                "input": {
                    "type": "audio",
                    "format": self.input_format,
                    **{key: self.input.get(key) for key in _INPUT},
                },
                "output": {
                    "type": "audio",
                    "voice": self.voice,
                    "format": self.output_format,
                    "volume": self.volume,
                },
                "tools": self.told_tools,
                "llm": [{key: entry[key] for key in ("base_url", "model")} for entry in self.llm],
                "pre_connect_requests": [],
            }
        )


def first(
    session: Mapping[str, Any],
    session_id: str,
    profile: Profile,
    find: Callable[[str], JSONObject | None],
    *,
    local_tools: bool = False,
) -> Configuration | Refusal:
    """What the first update configures: inline, or by the id of an agent, which ``find`` looks up."""
    if "agent_id" not in session:
        return first_inline(session, session_id, profile, local_tools=local_tools)
    agent_id = session["agent_id"]
    if len(session) > 1:
        code = "agent_id_not_first" if profile.name == "contract" else "invalid_value"
        message = "agent_id and an inline configuration are mutually exclusive"
        return Refusal(code, message, "agent_id", errors.POLICY)
    if not isinstance(agent_id, str):
        return errors.shape("'agent_id' must be a string", "agent_id")
    agent = find(agent_id)
    if agent is None:
        return Refusal("agent_not_found", "Agent not found", "agent_id", errors.POLICY)
    return from_agent(agent, profile)


def first_inline(
    session: Mapping[str, Any], session_id: str, profile: Profile, *, local_tools: bool = False
) -> Configuration | Refusal:
    """What an inline first update configures. Bad values close the socket, malformed ones do not."""
    refusal = _inline_shape(session) or _values(session, profile.voices, local_tools)
    if refusal is None and session.get("input") is not None:
        turns = session["input"].get("turn_detection") or {}
        refusal = checks.silence_order(turns, "input.turn_detection")
    if refusal and profile.name == "live" and (refusal.param or "").endswith("format.sample_rate"):
        return Refusal("internal_error", "Internal server error", close=errors.FAULT)
    if refusal:
        return fatal(refusal)
    return _apply(Configuration(id=session_id, voice=profile.default_voice), _written(session, ()))


def from_agent(agent: Mapping[str, Any], profile: Profile) -> Configuration | Refusal:
    """What a stored agent (as the store keeps it, complete and checked) configures."""
    refusal = session_tools.telephone_only(agent.get("tools") or ())
    if refusal:
        return fatal(refusal)
    voice = (agent.get("voice") or {}).get("voice_id") or profile.default_voice
    base = Configuration(id=agent["id"], voice=voice, llm=tuple(agent.get("llm") or ()))
    fields = {key: agent[key] for key in INLINE if agent.get(key) is not None}
    if "output" in fields:
        fields["output"] = {key: value for key, value in fields["output"].items() if key != "voice"}
    return _apply(base, fields)


def later(
    current: Configuration, session: Mapping[str, Any], profile: Profile, *, local_tools: bool = False
) -> Configuration | Refusal:
    """What a later update makes of ``current``: all of it or nothing.

    Immutability is checked first, then values, then what must fit together. Of ``turn_detection`` too,
    fields that are not sent keep their value (the service does not say whether its own do), so it is the
    merged object that must be consistent.
    """
    if "agent_id" in session:
        return Refusal("agent_id_not_first", "agent_id may only come in the first session.update", "agent_id")
    refusal = _inline_shape(session) or _immutable(session) or _values(session, profile.voices, local_tools)
    if refusal:
        return refusal
    changed = _apply(current, _written(session, current.tools))
    crossed = checks.silence_order(changed.turn_detection or {}, "input.turn_detection")
    return crossed or changed


def fatal(refusal: Refusal) -> Refusal:
    """The same refusal of a first update: closes the socket, unless the message was only malformed."""
    if refusal.code == "invalid_format":
        return refusal
    return replace(refusal, close=errors.POLICY)


def _inline_shape(session: Mapping[str, Any]) -> Refusal | None:
    for key in session:
        if key == "llm":
            return errors.value("'llm' cannot be set inline; store it on an agent and bind the agent", "llm")
        if key not in INLINE:
            return errors.value(f"'{key}' is not a field of session", key)
    for key in ("system_prompt", "greeting"):
        if key in session and not isinstance(session[key], str):
            return errors.shape(f"'{key}' must be a string; leave the key out instead of null", key)
    for key in ("input", "output"):
        if key in session and not isinstance(session[key], Mapping | None):
            return errors.shape(f"'{key}' must be an object", key)
    return None


def _immutable(session: Mapping[str, Any]) -> Refusal | None:
    if "greeting" in session:
        return errors.immutable("greeting")
    output, heard = session.get("output") or {}, session.get("input") or {}
    for key in ("voice", "format"):
        if output.get(key) is not None:
            return errors.immutable(f"output.{key}")
    # Clients repeat the tag in every update; only another one is a change.
    if output.get("type") not in (None, "audio"):
        return errors.immutable("output.type")
    if heard.get("type") not in (None, "audio"):
        return errors.immutable("input.type")
    return None


def _values(session: Mapping[str, Any], voices: Sequence[str], local_tools: bool) -> Refusal | None:
    refusal = None
    if "tools" in session:
        tools = session["tools"]
        refusal = tool_checks.tools(tools, stored=False, local=local_tools)
        refusal = refusal or session_tools.telephone_only(tools)
    if refusal is None and session.get("input") is not None:
        refusal = checks.input_fields(session["input"])
    if refusal is None and session.get("output") is not None:
        refusal = checks.output_fields(session["output"], voices)
    return refusal


def _written(session: Mapping[str, Any], before: Sequence[JSONObject]) -> Mapping[str, Any]:
    """An update with its tools in the form in which a stored agent has them."""
    if "tools" not in session:
        return session
    return {**session, "tools": session_tools.written(session["tools"], before)}


def _apply(base: Configuration, session: Mapping[str, Any]) -> Configuration:
    changes: JSONObject = {key: session[key] for key in ("system_prompt", "greeting") if key in session}
    if "tools" in session:
        changes["tools"] = tuple(session_tools.complete(tool) for tool in session["tools"])
    heard = {key: value for key, value in (session.get("input") or {}).items() if value is not None}
    if "format" in heard:
        changes["input_format"] = full_format(heard.pop("format"))
    if "turn_detection" in heard:
        # Unsent fields keep their value, as everywhere in an update; null means "not set".
        sent = {key: value for key, value in heard["turn_detection"].items() if value is not None}
        heard["turn_detection"] = {**(base.input.get("turn_detection") or {}), **sent}
    changes["input"] = {**base.input, **{key: heard[key] for key in _INPUT if key in heard}}
    spoken = dict(session.get("output") or {})
    if spoken.get("voice") is not None:
        changes["voice"] = spoken["voice"]
    if spoken.get("format") is not None:
        changes["output_format"] = full_format(spoken["format"])
    if "volume" in spoken:
        changes["volume"] = spoken["volume"]
    return replace(base, **changes)
