"""Stored agents: created, merged, listed, and read back without their secrets."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from voicenb.emulator import agent_checks, checks, cursor
from voicenb.emulator.checks import JSONObject
from voicenb.emulator.clock import Stamps
from voicenb.emulator.configuration import full_format
from voicenb.emulator.database import Database
from voicenb.emulator.errors import Refusal
from voicenb.emulator.headers import merge_headers, read_headers
from voicenb.emulator.ids import Identifiers
from voicenb.emulator.profiles import Profile
from voicenb.protocol.fields import PLATFORM

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
        refusal = agent_checks.creation(body, self._profile, local=self._local_tools)
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
        refusal = agent_checks.change(body, self._profile, local=self._local_tools)
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
        for caller in (*shown["tools"], *shown["pre_connect_requests"]):
            if caller.get("http"):
                caller["http"] = read_headers(caller["http"], as_list=self._profile.headers_as_list)
        for entry in shown["llm"]:
            entry.pop("api_key", None)
        return shown

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
            elif key == "llm":
                merged[key] = [_endpoint(entry, merged[key]) for entry in value or []]
            elif key == "pre_connect_requests":
                merged[key] = _pre_connect_requests(value or [], merged[key], now)
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
    if tool["name"] in PLATFORM and "description" not in tool:
        complete["description"] = None  # it is the service's own, attached by name alone
    if complete["http"]:
        before = (old or {}).get("http") or {}
        complete["http"] = {
            "http_method": "POST",
            **complete["http"],
            "headers": merge_headers(before.get("headers"), complete["http"].get("headers"), now),
        }
    return complete


def _endpoint(entry: JSONObject, old: list[JSONObject]) -> JSONObject:
    """An endpoint's own fields; a key that is left out is the one it had, at the same address only."""
    kept: JSONObject = {key: entry[key] for key in ("base_url", "model", "api_key") if key in entry}
    before = next((other for other in old if other["base_url"] == entry["base_url"]), {})
    return kept if "api_key" in kept or "api_key" not in before else {**kept, "api_key": before["api_key"]}


def _pre_connect_requests(written: list[JSONObject], kept: list[JSONObject], now: str) -> list[JSONObject]:
    """With their headers as they are kept; only a telephone would send them, and nothing here is one."""
    before = [(entry.get("http") or {}).get("headers") for entry in kept] + [None] * len(written)
    return [
        {**entry, "http": {**entry["http"], "headers": merge_headers(old, entry["http"].get("headers"), now)}}
        for entry, old in zip(written, before, strict=False)
    ]
