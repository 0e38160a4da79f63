"""Stored agents: created, merged, listed, and read back without their secrets."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from voicenb.emulator import checks, cursor, errors, tool_checks
from voicenb.emulator.checks import JSONObject
from voicenb.emulator.clock import Stamps
from voicenb.emulator.configuration import full_format
from voicenb.emulator.database import Database
from voicenb.emulator.errors import Refusal
from voicenb.emulator.headers import merge_headers, read_headers
from voicenb.emulator.ids import Identifiers
from voicenb.emulator.profiles import Profile

_FIELDS = (
    "name", "system_prompt", "voice", "greeting", "tools", "input", "output", "llm", "pre_connect_requests",
    "transfer_targets", "outbound_trunk_id", "caller_id",
)  # fmt: skip
_REQUIRED = ("name", "system_prompt", "voice")
_INPUT: JSONObject = {"type": "audio", "format": None, "turn_detection": None, "keyterms": None}
_OUTPUT: JSONObject = {"type": "audio", "voice": "ivy", "format": None, "volume": None}
"""What is read back where nothing is set."""


class AgentStore:
    """The agents of one emulator, newest first.

    Args:
        ids: gives them their names.
        stamps: gives the times.
        profile: which voices there are, how headers read back.
        database: where they are kept; in memory when None.
        local_tools: whether HTTP tools and language models may be where nobody else can reach them.
    """

    def __init__(
        self,
        ids: Identifiers,
        stamps: Stamps,
        profile: Profile,
        database: Database | None = None,
        *,
        local_tools: bool = False,
    ) -> None:
        self._ids = ids
        self._stamps = stamps
        self._profile = profile
        self._local_tools = local_tools
        self._database = database or Database()
        # Read often, by every session: kept here as well. A place is counted from 1 in the order of creation.
        self._agents: dict[str, JSONObject] = {}
        self._places: dict[str, int] = {}
        for place, agent_id, body in self._database.read("SELECT place, id, body FROM agents ORDER BY place"):
            self._agents[agent_id], self._places[agent_id] = json.loads(body), place

    def create(self, body: Any) -> JSONObject | Refusal:
        """Store an agent; returns it as it reads back."""
        refusal = self._check(body, _REQUIRED)
        if refusal:
            return refusal
        now = self._stamps.iso()
        agent_id = self._ids.agent()
        return self._keep(self._merge({"id": agent_id, "created_at": now}, body, now))

    def update(self, agent_id: str, body: Any) -> JSONObject | Refusal | None:
        """Change the fields that ``body`` holds; None when there is no such agent.

        What is left out keeps its value, inside ``input``, ``output`` and ``turn_detection`` too; lists
        replace whole, and null puts a field back to not set.
        """
        agent = self._agents.get(agent_id)
        if agent is None:
            return None
        refusal = self._check(body, ())
        if refusal:
            return refusal
        return self._keep(self._merge(agent, body, self._stamps.iso()))

    def _keep(self, agent: JSONObject) -> JSONObject | Refusal:
        crossed = checks.silence_order(agent["input"]["turn_detection"] or {}, "input.turn_detection")
        if crossed:
            return crossed
        agent_id, body = agent["id"], json.dumps(agent)
        if agent_id in self._agents:
            self._database.write("UPDATE agents SET body = ? WHERE id = ?", body, agent_id)
        else:
            self._places[agent_id] = self._database.write(
                "INSERT INTO agents (id, body) VALUES (?, ?)", agent_id, body
            )
        self._agents[agent_id] = agent
        return self.read(agent)

    def get(self, agent_id: str) -> JSONObject | None:
        """The agent with its secrets, for a session to use."""
        return self._agents.get(agent_id)

    def delete(self, agent_id: str) -> bool:
        """Whether there was such an agent."""
        if agent_id not in self._agents:
            return False
        self._database.write("DELETE FROM agents WHERE id = ?", agent_id)
        del self._agents[agent_id], self._places[agent_id]
        return True

    def page(self, limit: int, after: str) -> tuple[list[JSONObject], str] | Refusal:
        """Some agents, newest first, and the cursor of the next page (empty when there is none).

        A cursor is a place in the list and outlives the agent that had it.
        """
        before = cursor.before(after, self._database.newest("agents"))
        if isinstance(before, Refusal):
            return before
        older = [agent for agent in reversed(self._agents.values()) if self._places[agent["id"]] < before]
        chosen = older[:limit]
        keys = ("id", "name", "created_at", "updated_at")
        more = len(older) > limit
        following = str(self._places[chosen[-1]["id"]]) if more else ""
        return [{key: agent[key] for key in keys} for agent in chosen], following

    def read(self, agent: JSONObject) -> JSONObject:
        """The agent as REST shows it: headers masked, model keys left out."""
        shown = copy.deepcopy(agent)
        for tool in shown["tools"]:
            if tool.get("http"):
                tool["http"] = read_headers(tool["http"], as_list=self._profile.headers_as_list)
        for entry in shown["llm"]:
            entry.pop("api_key", None)
        return shown

    def _check(self, body: Any, required: tuple[str, ...]) -> Refusal | None:
        if not isinstance(body, Mapping):
            return errors.value("the body must be a JSON object", None)
        for key in body:
            if key not in _FIELDS:
                return errors.value(f"'{key}' is not a field of an agent", key)
        for key in required:
            if body.get(key) in (None, ""):
                return errors.value(f"'{key}' is required", key)
        for key in ("name", "system_prompt"):
            if key in body and (not isinstance(body[key], str) or not body[key]):
                return errors.value(f"'{key}' must be a non-empty string", key)
        return self._values(body)

    def _values(self, body: Mapping[str, Any]) -> Refusal | None:
        if body.get("greeting") is not None and not isinstance(body["greeting"], str):
            return errors.value("'greeting' must be a string", "greeting")
        refusal = self._voice(body["voice"]) if "voice" in body else None
        if refusal is None and body.get("tools") is not None:
            refusal = tool_checks.tools(body["tools"], stored=True, local=self._local_tools)
        if refusal is None and body.get("input") is not None:
            refusal = checks.input_fields(body["input"])
        if refusal is None and body.get("output") is not None:
            refusal = checks.output_fields(body["output"], self._profile.stored_voices)
        return refusal or _endpoints(body.get("llm"), local=self._local_tools)

    def _voice(self, value: Any) -> Refusal | None:
        # A bare string stands in one older example.
        name = value.get("voice_id") if isinstance(value, Mapping) else value
        return checks.one_of(name, "voice.voice_id", self._profile.stored_voices)

    def _merge(self, agent: JSONObject, body: Mapping[str, Any], now: str) -> JSONObject:
        merged: JSONObject = {
            "name": "", "system_prompt": "", "greeting": None, "voice": None, "tools": [],
            "input": _section({}, None, _INPUT), "output": _section({}, None, _OUTPUT),
            "llm": [], "pre_connect_requests": [], "transfer_targets": [], "outbound_trunk_id": None,
            "caller_id": None, **agent,
        }  # fmt: skip
        old_tools = {tool["name"]: tool for tool in merged["tools"]}
        for key, value in copy.deepcopy(dict(body)).items():
            if key in ("input", "output"):
                merged[key] = _section(merged[key], value, _INPUT if key == "input" else _OUTPUT)
            elif key == "voice":
                merged[key] = value if isinstance(value, dict) else {"voice_id": value}
            elif key == "tools":
                merged[key] = [_tool(tool, old_tools.get(tool["name"]), now) for tool in value or []]
            else:
                merged[key] = value if value is not None else [] if isinstance(merged[key], list) else None
        merged["updated_at"] = now
        return merged


def _section(kept: JSONObject, written: JSONObject | None, unset: JSONObject) -> JSONObject:
    """``input`` or ``output`` after a write."""
    merged = dict(unset) if written is None else {**unset, **kept, **written}
    for key, value in merged.items():
        if value is None:
            merged[key] = unset.get(key)
        elif key == "turn_detection":
            whole = {**(kept.get(key) or {}), **value}
            merged[key] = {name: entry for name, entry in whole.items() if entry is not None}
    merged["format"] = full_format(merged["format"])
    return merged


def _tool(tool: JSONObject, old: JSONObject | None, now: str) -> JSONObject:
    complete = {
        "description": "", "parameters": {}, "execution_mode": "interactive", "timeout_seconds": 120,
        "response_instructions": None, "http": None, **tool,
    }  # fmt: skip
    if complete["http"]:
        before = (old or {}).get("http") or {}
        complete["http"] = {
            "http_method": "POST",
            **complete["http"],
            "headers": merge_headers(before.get("headers"), complete["http"].get("headers"), now),
        }
    return complete


def _endpoints(value: Any, *, local: bool) -> Refusal | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > 1:
        return errors.value("'llm' must be a list of at most one endpoint", "llm")
    for entry in value:
        for key in ("base_url", "model"):
            if not isinstance(entry, Mapping) or not isinstance(entry.get(key), str) or not entry[key]:
                return errors.value(f"'llm[0].{key}' must be a non-empty string", f"llm[0].{key}")
        refusal = checks.address(entry["base_url"], "llm[0].base_url", local=local)
        if refusal:
            return refusal
    return None
