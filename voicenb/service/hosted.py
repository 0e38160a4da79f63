"""Hosted: AssemblyAI's service, or whatever speaks its REST interface at another host."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from voicenb.agent import Agent
from voicenb.errors import InvalidConfiguration, ServiceUnreachable
from voicenb.service.address import Address
from voicenb.service.key import clean_key
from voicenb.service.replies import body_of
from voicenb.service.token import Token
from voicenb.tools import HttpTool

KEY_VARIABLE = "ASSEMBLYAI_API_KEY"
HOST = "agents.assemblyai.com"
REGIONS = ("us", "eu")
HOSTS = frozenset({HOST, *(f"agents.{region}.assemblyai.com" for region in REGIONS)})
"""The service's own hosts: what is elsewhere is somebody else's, and nobody knows what it costs."""


@dataclass(frozen=True, slots=True)
class StoredAgent:
    """An entry of the list of stored agents; times as the service writes them."""

    id: str
    name: str
    created_at: str | None = None
    updated_at: str | None = None


Stored = list[StoredAgent]


class Hosted:
    """The hosted service.

    Stored agents belong to one host: create them and talk to them through the same one. The default host
    leads to whichever cluster is near, so name a region where that matters.

    Args:
        key: API key; by default the environment variable ``ASSEMBLYAI_API_KEY``. It is in no repr and no log.
        host: another host, e.g. ``"agents.eu.assemblyai.com"`` or ``"http://127.0.0.1:8765"``; without a
            scheme it is reached by https.
        region: ``"us"`` or ``"eu"``, instead of a host.
        timeout: seconds to wait for an answer.

    Raises:
        InvalidConfiguration: no key or one with something in it that no key has, an unknown region, or both
            host and region.
    """

    def __init__(
        self,
        key: str | None = None,
        *,
        host: str | None = None,
        region: str | None = None,
        timeout: float = 15.0,
    ) -> None:
        self._key = clean_key(key or os.environ.get(KEY_VARIABLE, ""))
        if not self._key:
            raise InvalidConfiguration(
                "The hosted service needs an API key.",
                remedy=f"Set {KEY_VARIABLE} or pass key=. Without a key, use the emulator: vn.Emulator().",
            )
        if region is not None and host is not None:
            raise InvalidConfiguration("Name either a host or a region, not both.")
        if region is not None and region not in REGIONS:
            raise InvalidConfiguration(
                f"Unknown region {region!r}.", remedy=f"Known are {', '.join(REGIONS)}."
            )
        place = host or (f"agents.{region}.assemblyai.com" if region else HOST)
        scheme, _, rest = place.rpartition("://")
        if scheme not in ("", "https", "http", "wss", "ws"):
            raise InvalidConfiguration(f"The host {place!r} must be reached by https or http.")
        self._secure = scheme in ("", "https", "wss")
        self.host = rest.rstrip("/")
        self._timeout = timeout

    def address(self) -> Address:
        """Where sessions connect to; its kind is ``"hosted"`` at the service's own hosts only."""
        url = f"{'wss' if self._secure else 'ws'}://{self.host}/v1/ws"
        return Address(url, key=self._key, kind="hosted" if is_hosted(url) else "address")

    def token(
        self, *, expires_in_seconds: int = 60, max_session_duration_seconds: int | None = None
    ) -> Token:
        """A temporary token for one session; mint one right before every connect.

        It is text, masked in its repr only, so that a notebook does not keep it: ``str(token)`` and
        ``f"{token}"`` are the token itself.

        Args:
            expires_in_seconds: for how long it can be redeemed, 1 to 600.
            max_session_duration_seconds: cap on the session's length, 60 to 10800.

        Raises:
            InvalidConfiguration: a number outside its range; nothing was asked.
            ServiceError: refused; see :class:`~voicenb.errors.Unauthorized`.
            ServiceUnreachable: no answer.
        """
        query = {"expires_in_seconds": _within("expires_in_seconds", expires_in_seconds, 1, 600)}
        if max_session_duration_seconds is not None:
            _within("max_session_duration_seconds", max_session_duration_seconds, 60, 10_800)
            query["max_session_duration_seconds"] = max_session_duration_seconds
        return Token(self._ask("GET", "/v1/token", query=query)["token"])

    def create(self, agent: Agent) -> Agent:
        """Store an agent with the service.

        Returns:
            The agent with its id, functions of its tools included.

        Raises:
            InvalidConfiguration: the agent lacks what a stored one needs: a prompt, a voice, the values of
                the headers of a tool that was read back.
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        for tool in agent.tools:
            if isinstance(tool, HttpTool) and tool.kept_headers:
                raise InvalidConfiguration(
                    f"{tool.name}: of the headers {', '.join(tool.kept_headers)} only the agent that is "
                    "stored has the values.",
                    remedy="Give the tool its headers= once more, or change the stored agent with update().",
                    param="tools",
                )
        return agent.replace(id=str(self._ask("POST", "/v1/agents", body=agent.to_resource())["id"]))

    def get(self, agent_id: str) -> Agent:
        """A stored agent. Its tools have no functions here, and ``"***"`` in place of their headers' secrets.

        Handed to :meth:`update`, changed or not, it leaves those secrets as they are stored.

        Args:
            agent_id: as the service gave it: ``agent.id`` of one that was created, ``id`` in :meth:`list`.

        Raises:
            ServiceError: ``code == "agent_not_found"`` when this host has none of that id.
            ServiceUnreachable: no answer.
        """
        return Agent.from_resource(self._ask("GET", f"/v1/agents/{agent_id}"))

    def update(self, agent: Agent) -> Agent:
        """Bring the stored agent up to this one; what an :class:`Agent` does not know of stays as it is.

        Raises:
            InvalidConfiguration: the agent has no id, or lacks what a stored one needs.
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        if agent.id is None:
            raise InvalidConfiguration(
                f"The agent {agent.name!r} is not stored.", remedy="Store it with create(agent).", param="id"
            )
        self._ask("PUT", f"/v1/agents/{agent.id}", body=agent.to_resource())
        return agent

    def delete(self, agent: Agent | str) -> None:
        """Delete a stored agent, named by itself or by its id.

        Raises:
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        agent_id = agent.id if isinstance(agent, Agent) else agent
        if not agent_id:
            raise InvalidConfiguration("This agent is not stored.", param="id")
        self._ask("DELETE", f"/v1/agents/{agent_id}")

    def list(self) -> Stored:
        """All stored agents of this host, newest first.

        Raises:
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        stored: Stored = []
        cursor = ""
        while True:
            answer = self._ask("GET", "/v1/agents", query={"cursor": cursor} if cursor else {})
            page = answer if isinstance(answer, list) else answer.get("agents") or []
            stored += [_entry(each) for each in page if not each.get("deleted_at")]
            # Older hosts answer with a bare list, all of it at once.
            more = isinstance(answer, dict) and answer.get("has_more")
            following = (answer.get("response_metadata") or {}).get("next_cursor") if more else ""
            if not following or following == cursor:
                return stored
            cursor = following

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        import httpx

        url = f"{'https' if self._secure else 'http'}://{self.host}{path}"
        headers = {"Authorization": self._key}
        try:
            response = httpx.request(
                method, url, params=query, json=body, headers=headers, timeout=self._timeout
            )
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
            problem = type(error).__name__  # its words may hold a header, or the login of a proxy
        else:
            return body_of(response, self._key)
        # Out here, so that what went wrong inside hangs on no exception of ours.
        shown = self.host.rpartition("@")[2]  # what stands before it is a login
        remedy = "Is the network up, and the host right?"
        if self._secure and self.host not in HOSTS:
            remedy += f" A host without a scheme is one of https; for plain http write host='http://{shown}'."
        raise ServiceUnreachable(
            f"{method} {'https' if self._secure else 'http'}://{shown}{path} did not answer ({problem}).",
            code="unreachable",
            remedy=remedy,
            host=shown,
        )

    def __repr__(self) -> str:
        return f"Hosted({self.host!r})"


def _within(name: str, value: int, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidConfiguration(
            f"{name} is a whole number from {least} to {most}, not {value!r}.", param=name
        )
    return value


def is_hosted(url: str) -> bool:
    """Whether a socket's address is one of the service's own, encrypted as they all are."""
    parts = urlsplit(url)
    return parts.scheme == "wss" and parts.hostname in HOSTS


def _entry(wire: Mapping[str, Any]) -> StoredAgent:
    return StoredAgent(
        str(wire["id"]), str(wire.get("name") or ""), wire.get("created_at"), wire.get("updated_at")
    )
