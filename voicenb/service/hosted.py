"""Hosted: AssemblyAI's service, or whatever speaks its REST interface at another host."""

from __future__ import annotations

import builtins
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicenb.agent import Agent
from voicenb.errors import InvalidConfiguration, ServiceError
from voicenb.names import refuse_unknown
from voicenb.protocol.fields import ELSEWHERE
from voicenb.service import stored_agent
from voicenb.service.address import Address
from voicenb.service.key import clean_key
from voicenb.service.pages import Pages
from voicenb.service.place import Place, is_hosted
from voicenb.service.rest import Rest, segment
from voicenb.service.retries import Retries
from voicenb.service.sessions import PAGE, SESSIONS, PastSession, SessionRecord
from voicenb.service.token import Token
from voicenb.service.webhooks import SUBSCRIPTIONS, Delivery, Subscription, written

if TYPE_CHECKING:
    from voicenb.elsewhere.history import Recordings
    from voicenb.elsewhere.since import Since

KEY_VARIABLE = "ASSEMBLYAI_API_KEY"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PATH = re.compile(r"/v1/[^\s?#]+")
"""Below the host that the key is for, and without parameters."""


@dataclass(frozen=True, slots=True)
class StoredAgent:
    """An entry of the list of stored agents; times as the service writes them."""

    id: str
    name: str
    created_at: str | None = None
    updated_at: str | None = None


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
        scheme: how the key stands in the ``Authorization`` header: ``"Bearer"`` before it, or ``""`` for the
            key alone. The service takes both; None, as it is documented: alone for REST, with ``Bearer`` on
            the socket.
        retries: how often a request is tried again, with back-off, where that may help: the service has no
            room (429), or it failed or the connection broke and a second request does no harm. Nothing else
            is tried again.

    Raises:
        InvalidConfiguration: no key or one with something in it that no key has, an unknown region, both
            host and region, or another scheme.
    """

    def __init__(
        self,
        key: str | None = None,
        *,
        host: str | None = None,
        region: str | None = None,
        timeout: float = 15.0,
        retries: int = 3,
        scheme: str | None = None,
    ) -> None:
        self._key = clean_key(key or os.environ.get(KEY_VARIABLE, ""))
        if not self._key:
            raise InvalidConfiguration(
                "The hosted service needs an API key.",
                remedy=f"Set {KEY_VARIABLE} or pass key=. Without a key, use the emulator: vn.Emulator().",
            )
        if scheme not in (None, "", "Bearer"):
            raise InvalidConfiguration(
                f"scheme={scheme!r} is none that the service takes.", remedy='Write "Bearer", "" or None.'
            )
        self._scheme = scheme
        self._place = Place.named(host, region)
        self.host = self._place.host
        self._rest = Rest(
            self._place,
            key=self._key,
            timeout=timeout,
            retries=Retries(_within("retries", retries, 0, 20)),
            scheme=scheme or "",
        )

    def address(self) -> Address:
        """Where sessions connect to; its kind is ``"hosted"`` at the service's own hosts only."""
        url = self._place.socket
        scheme = "Bearer" if self._scheme is None else self._scheme
        return Address(url, key=self._key, kind="hosted" if is_hosted(url) else "address", scheme=scheme)

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
        return Token(_text_of(self._rest.ask("GET", "/v1/token", query=query), "token", "minted a token"))

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int | None] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """Ask for something that has no method here, such as what belongs to telephones.

            hosted.request("GET", "/v1/phone-numbers")

        It has this host, key, errors and retries; what comes back is as the service says it.

        Args:
            method: ``"GET"``, ``"POST"``, ``"PUT"``, ``"PATCH"`` or ``"DELETE"``. A POST or PATCH is not
                sent again where nobody knows whether the first one did its work.
            path: from ``/v1/`` on.
            query: parameters; those that are None are left out.
            body: sent as JSON.

        Returns:
            The answer, of JSON; None where it has no body.

        Raises:
            InvalidConfiguration: that is no method, or no path.
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        verb = str(method).upper()
        if verb not in METHODS:
            raise InvalidConfiguration(
                f"method={method!r} is none that the service takes.", remedy=f"It takes {', '.join(METHODS)}."
            )
        if not isinstance(path, str) or not PATH.fullmatch(path):
            raise InvalidConfiguration(
                f"{path!r} is no path of the service's.",
                remedy='It looks like "/v1/phone-numbers"; parameters go into query=.',
                param="path",
            )
        return self._rest.ask(verb, path, query=query, body=body)

    def create(self, agent: Agent, **more: Any) -> Agent:
        """Store an agent with the service.

        Args:
            agent: the agent; one that is stored already gets a second, with an id of its own.
            **more: what only stored agents have, as the API has it:
                ``llm=[{"base_url": …, "model": …, "api_key": …}]`` (a language model of your own),
                ``pre_connect_requests``, ``transfer_targets``, ``outbound_trunk_id``, ``caller_id``.

        Returns:
            The agent with its id, functions of its tools included.

        Raises:
            InvalidConfiguration: the agent lacks what a stored one needs: a prompt, a voice, the values of
                the headers of a tool that was read back; or there is no such field.
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        refuse_unknown("A stored agent", more, ELSEWHERE)
        body = {**stored_agent.new(agent).to_resource(), **stored_agent.stored_only(more)}
        answer = self._store("POST", "/v1/agents", body, agent.name)
        return agent.replace(id=_text_of(answer, "id", "stored the agent"))

    def get(self, agent_id: str) -> Agent:
        """A stored agent. Its tools have no functions here, and ``"***"`` in place of their headers' secrets.

        Handed to :meth:`update`, changed or not, it leaves those secrets as they are stored.

        Args:
            agent_id: as the service gave it: ``agent.id`` of one that was created, ``id`` in :meth:`list`.

        Raises:
            ServiceError: ``code == "agent_not_found"`` when this host has none of that id.
            ServiceUnreachable: no answer.
        """
        answer = self._rest.ask("GET", f"/v1/agents/{segment(agent_id, 'an agent')}")
        return _agent_of(answer, "told of the agent", agent_id)

    def update(self, agent: Agent | str, **changes: Any) -> Agent:
        """Change a stored agent.

        With an agent alone, the stored one is brought up to it: what it does not set is not set any more.
        With ``changes``, only these are sent, and all else stays. What an :class:`Agent` does not know of
        stays in any case; lists, as tools and keyterms, are replaced whole.

        Args:
            agent: the agent, or, with ``changes``, its id.
            **changes: by the names of an Agent's fields (``system_prompt="…"``, ``tools=[…]``,
                ``greeting=None``), or of what only stored agents have (see :meth:`create`).

        Returns:
            The agent as it is now; named by its id, as the service tells of it.

        Raises:
            InvalidConfiguration: the agent has no id, lacks what a stored one needs, or a change cannot work;
                nothing was sent.
            ServiceError: refused; nothing of it is stored.
            ServiceUnreachable: no answer.
        """
        if isinstance(agent, Agent) and agent.id is None:
            raise InvalidConfiguration(
                f"The agent {agent.name!r} is not stored.", remedy="Store it with create(agent).", param="id"
            )
        if isinstance(agent, Agent) and not changes:
            agent.to_resource()  # which refuses what no stored agent can be
            body = stored_agent.body_of(agent)
        else:
            body = stored_agent.changes_of(changes)
        path = f"/v1/agents/{segment(_id_of(agent), 'an agent')}"
        answer = self._store("PUT", path, body, agent.name if isinstance(agent, Agent) else agent)
        if not isinstance(agent, Agent):
            return _agent_of(answer, "changed the agent", agent)
        return stored_agent.changed(agent, changes)

    def _store(self, method: str, path: str, body: dict[str, Any], name: str) -> Any:
        try:
            return self._rest.ask(method, path, body=body, secrets=stored_agent.secrets_of(body))
        except ServiceError as error:
            refused = stored_agent.named(error, name, body)
        raise refused

    def delete(self, agent: Agent | str) -> None:
        """Delete a stored agent.

        Args:
            agent: the agent, or its id.

        Raises:
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        self._rest.ask("DELETE", f"/v1/agents/{segment(_id_of(agent), 'an agent')}")

    def list(self) -> builtins.list[StoredAgent]:
        """All stored agents of this host, newest first.

        Raises:
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        return [
            _entry(each)
            for each in self._rest.pages("/v1/agents", "agents")
            if each.get("id") and not each.get("deleted_at")
        ]

    # --- sessions that were held ---

    def sessions(
        self, status: str | None = None, agent: Agent | str | None = None, limit: int | None = None
    ) -> Pages[SessionRecord]:
        """The session history of this host, newest first, asked for page by page while you go through it.

        Args:
            status: only those that are ``"created"`` (open) or ``"completed"``.
            agent: only those with this stored agent, named by itself or by its id.
            limit: so many at most; None: all that there are.

        Raises:
            InvalidConfiguration: the agent is not stored, or the limit is none.
            ServiceError: refused; while one goes through it.
            ServiceUnreachable: no answer; while one goes through it.
        """
        most = None if limit is None else _within("limit", limit, 1, 1_000_000)
        query: dict[str, str | int | None] = {
            "status": status,
            "agent_id": None if agent is None else _id_of(agent),
            "limit": min(PAGE, most or PAGE),
        }

        def ask() -> Iterator[SessionRecord]:
            return map(SessionRecord.from_wire, self._rest.pages(SESSIONS, "sessions", query))

        return Pages(ask, f"sessions of {self._place.shown}", most)

    def session(self, session_id: str) -> PastSession:
        """One session of the history: its record, the configuration, and what is kept of it.

        Args:
            session_id: as the service gave it: ``id`` in :meth:`sessions`, ``session_id`` in
                ``session.ready``.

        Raises:
            ServiceError: ``code == "session_not_found"`` when this host has none of that id.
            ServiceUnreachable: no answer.
        """
        return PastSession.ask(self._rest, session_id)

    def delete_session(self, session: SessionRecord | str) -> None:
        """Delete a session and what is kept of it.

        Args:
            session: the session, or its id.

        Raises:
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        session_id = session.id if isinstance(session, SessionRecord) else session
        self._rest.ask("DELETE", f"{SESSIONS}/{segment(session_id, 'a session')}")

    def recordings(
        self,
        since: Since = "7d",
        agent: Agent | str | None = None,
        folder: str | PathLike[str] | None = None,
    ) -> Recordings:
        """Calls of the session history, by telephone or from production, as recordings, newest first.

        Each gets a folder of its own, with both tracks, what the timeline tells as events, and the service's
        record and timeline beside them. What such a recording has not, and one of your own has, its
        ``session["absent"]`` says: figures that rest on it are coarser or missing. Calls that are there
        already are not fetched again, so an interrupted run goes on where it was; a call that could not be
        fetched is warned of, and tried again the next time. A bar shows how far it is.

        Args:
            since: ``"12h"``, ``"7d"``, ``"2w"``, a date, a moment or a span; None: all that there are.
            agent: only those with this stored agent, named by itself or by its id.
            folder: where the calls are kept; by default beside the library of your own recordings.

        Raises:
            InvalidConfiguration: ``since`` is no time, or the agent is not stored.
            MissingExtra: soundfile is not installed.
            ServiceError: the history cannot be read.
            ServiceUnreachable: no answer; what was fetched until then stays.

        Warns:
            UserWarning: calls that could not be fetched, with the reason; right after a call the service has
                not written its sound and timeline yet.
        """
        from voicenb.elsewhere.history import recordings_of

        home = None if folder is None else Path(folder).expanduser().absolute()
        return recordings_of(self, self._place.shown, [self._key], since, agent, home)

    # --- webhooks ---

    def webhooks(self) -> builtins.list[Subscription]:
        """All webhook subscriptions.

        Raises:
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        return [Subscription.from_wire(each) for each in self._rest.pages(SUBSCRIPTIONS, "subscriptions")]

    def webhook(self, subscription: Subscription | str) -> Subscription:
        """One webhook subscription, as it is now.

        Raises:
            ServiceError: ``code == "webhook_subscription_not_found"`` when there is none of that id.
            ServiceUnreachable: no answer.
        """
        answer = self._rest.ask("GET", _subscription(subscription))
        return Subscription.from_wire(_object_of(answer, "told of the subscription"))

    def subscribe(
        self,
        url: str,
        events: Iterable[str],
        secret: str,
        agent: Agent | str | None = None,
        *,
        enabled: bool = True,
    ) -> Subscription:
        """Have a server told of sessions or calls; there, :func:`voicenb.verify_webhook` tells ours apart.

        Args:
            url: where, ``https://``.
            events: of what: ``"session.started"``, ``"session.completed"``, ``"call.connected"``,
                ``"call.ended"``, ``"call.failed"``.
            secret: what the service signs with: 32 to 256 printable ASCII characters. Keep it, for it is
                never told again.
            agent: only of this stored agent; None: of all.
            enabled: whether anything is sent yet.

        Raises:
            InvalidConfiguration: the agent is not stored, or a secret that the service would refuse.
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        body = written(url=url, events=events, secret=secret, enabled=enabled)
        if agent is not None:
            body["agent_id"] = _id_of(agent)
        answer = self._rest.ask("POST", SUBSCRIPTIONS, body=body, secrets=[secret])
        return Subscription.from_wire(_object_of(answer, "made the subscription"))

    def change_webhook(
        self,
        subscription: Subscription | str,
        *,
        url: str | None = None,
        events: Iterable[str] | None = None,
        secret: str | None = None,
        enabled: bool | None = None,
    ) -> Subscription:
        """Change a subscription; what is left out stays.

        Args:
            subscription: the subscription, or its id.
            url: where the service tells of events, by https.
            events: what it tells of, e.g. ``["session.completed"]``; they replace those before.
            secret: what its messages are signed with.
            enabled: whether it tells of anything.

        Returns:
            The subscription as it is now.

        Raises:
            InvalidConfiguration: nothing to change, or a secret that the service would refuse.
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        body = written(url=url, events=events, secret=secret, enabled=enabled)
        if not body:
            raise InvalidConfiguration("There is nothing to change: give url, events, secret or enabled.")
        secrets = filter(None, [secret])
        answer = self._rest.ask("PATCH", _subscription(subscription), body=body, secrets=secrets)
        return Subscription.from_wire(_object_of(answer, "changed the subscription"))

    def unsubscribe(self, subscription: Subscription | str) -> None:
        """Delete a subscription, named by itself or by its id.

        Raises:
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        self._rest.ask("DELETE", _subscription(subscription))

    def deliveries(self, session: SessionRecord | str) -> builtins.list[Delivery]:
        """What was sent to subscribers about a session, newest first.

        Raises:
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        session_id = session.id if isinstance(session, SessionRecord) else session
        path = f"{SESSIONS}/{segment(session_id, 'a session')}/webhook-deliveries"
        return [Delivery.from_wire(each) for each in self._rest.pages(path, "deliveries")]

    def __repr__(self) -> str:
        return f"Hosted({self._place.shown!r})"


def _within(name: str, value: int, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidConfiguration(
            f"{name} is a whole number from {least} to {most}, not {value!r}.", param=name
        )
    return value


def _object_of(answer: Any, what: str) -> dict[str, Any]:
    """The object in an answer that should have one.

    Raises:
        ServiceError: it is something else.
    """
    if not isinstance(answer, dict):
        kind = "nothing" if answer is None else type(answer).__name__
        raise ServiceError(
            f"The service {what}, and answered with {kind} instead of an object.",
            code="malformed",
            remedy="Is the host right?",
        )
    return answer


def _agent_of(answer: Any, what: str, agent_id: str) -> Agent:
    """The agent in an answer; what the service stores is not looked over.

    Raises:
        ServiceError: it is none.
    """
    try:
        return Agent.from_resource(_object_of(answer, what), known=False)
    except InvalidConfiguration as error:
        raise ServiceError(
            f"The service {what} {agent_id}, and its answer is no agent: {error.message}",
            code="malformed",
            param=error.facts.get("param"),
            remedy="Is the host right?",
        ) from None


def _text_of(answer: Any, name: str, what: str) -> str:
    """A text in an answer that should have it.

    Raises:
        ServiceError: it is not there; the words of the answer, which may hold a secret, are not told.
    """
    value = _object_of(answer, what).get(name)
    if not isinstance(value, str) or not value:
        raise ServiceError(
            f"The service {what}, and its answer has no {name}.",
            code="malformed",
            remedy="Is the host right?",
        )
    return value


def _id_of(agent: Agent | str) -> str:
    agent_id = agent.id if isinstance(agent, Agent) else agent
    if not agent_id:
        raise InvalidConfiguration(
            "This agent is not stored.", remedy="Store it with create(agent).", param="id"
        )
    return agent_id


def _subscription(subscription: Subscription | str) -> str:
    one = subscription.id if isinstance(subscription, Subscription) else subscription
    return f"{SUBSCRIPTIONS}/{segment(one, 'a subscription')}"


def _entry(wire: Mapping[str, Any]) -> StoredAgent:
    return StoredAgent(
        str(wire["id"]), str(wire.get("name") or ""), wire.get("created_at"), wire.get("updated_at")
    )
