"""Where a language model is asked: AssemblyAI's LLM Gateway, or any server of the kind that OpenAI's is."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from voicenb.errors import InvalidConfiguration, ServiceError, ServiceUnreachable, Unauthorized
from voicenb.service.key import clean_key
from voicenb.service.place import Place
from voicenb.service.replies import NO_API
from voicenb.service.rest import Rest
from voicenb.service.retries import Retries

GATEWAYS = {
    "us": "https://llm-gateway.assemblyai.com/v1",
    "eu": "https://llm-gateway.eu.assemblyai.com/v1",
}
OPENAI = "https://api.openai.com/v1"
SERVICES = ("gateway", "openai")
PATIENCE = 60.0
"""Seconds that a server may ask to be left alone: free accounts of the gateway have two requests a minute."""

_NAMED = 8


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server with language models.

    Attributes:
        base: URL up to and with ``/v1``.
        key: in no repr; empty: none is sent.
        scheme: before the key in the header; the gateway takes it without.
        variable: the environment variable that the key comes from.
    """

    base: str = field(repr=False)
    key: str = field(default="", repr=False)
    scheme: str = "Bearer"
    variable: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", clean_key(self.key))
        object.__setattr__(self, "base", self.base.strip().rstrip("/"))
        try:
            parts = urlsplit(self.base)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            good = False
        if not good or parts.query or parts.username:
            raise InvalidConfiguration(
                f"{self.base.rpartition('@')[2].partition('?')[0]!r} is no address of a language model.",
                remedy="It looks like http://127.0.0.1:8000/v1; a key goes into key=.",
                param="base_url",
            )

    @classmethod
    def named(
        cls, service: str | None, *, base_url: str | None, key: str | None, region: str | None
    ) -> Endpoint:
        """The endpoint that is meant.

        Args:
            service: ``"gateway"``, ``"openai"``; None: what ``base_url`` says, else the gateway where there
                is a key for it, else what ``OPENAI_BASE_URL`` names.
            base_url: of any other. A key of the environment is not sent there.
            key: instead of the environment's.
            region: of the gateway, ``"us"`` or ``"eu"``.

        Raises:
            InvalidConfiguration: there is none, or things are named that do not go together.
        """
        environ = os.environ
        if base_url is not None:
            if service is not None or region is not None:
                raise InvalidConfiguration("Name a base_url, or a service with its region, not both.")
            return cls(base_url, key or "")
        if service is None:
            elsewhere = environ.get("OPENAI_BASE_URL") and not environ.get("ASSEMBLYAI_API_KEY", "").strip()
            service = "openai" if elsewhere and not key and region is None else "gateway"
        if service == "gateway":
            return cls._gateway(key or environ.get("ASSEMBLYAI_API_KEY", ""), region or "us")
        if service != "openai":
            raise InvalidConfiguration(
                f"service={service!r} has no language models.",
                remedy=f"Known are {', '.join(SERVICES)}; any other by base_url=.",
                param="service",
            )
        if region is not None:
            raise InvalidConfiguration("Only the gateway has regions.", param="region")
        base = environ.get("OPENAI_BASE_URL") or OPENAI
        return cls(base, key or environ.get("OPENAI_API_KEY", ""), variable="OPENAI_API_KEY")

    @classmethod
    def _gateway(cls, key: str, region: str) -> Endpoint:
        if region not in GATEWAYS:
            raise InvalidConfiguration(
                f"Unknown region {region!r}.", remedy=f"Known are {', '.join(GATEWAYS)}.", param="region"
            )
        if not key.strip():
            raise InvalidConfiguration(
                "The LLM Gateway needs an API key.",
                remedy="Set ASSEMBLYAI_API_KEY or pass key=; for another server, local or not, set "
                "OPENAI_BASE_URL or pass base_url=.",
                param="key",
            )
        return cls(GATEWAYS[region], key, "", "ASSEMBLYAI_API_KEY")

    @property
    def shown(self) -> str:
        """The address as it may be shown."""
        return self.base

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, *, timeout: float) -> Any:
        """The body of the answer.

        Raises:
            ServiceError: refused.
            Unauthorized: it refuses the key, or wants one.
            ServiceUnreachable: no answer.
        """
        parts = urlsplit(self.base)
        place = Place(f"{parts.netloc}{parts.path}", parts.scheme == "https")
        retries = Retries(patience=PATIENCE)
        rest = Rest(place, key=self.key, timeout=timeout, retries=retries, scheme=self.scheme)
        failure: ServiceError
        try:
            return rest.ask(method, path, body=body, again=True)
        except Unauthorized as error:
            wants = "refuses the key" if self.key else "wants a key"
            where = f"Set {self.variable} or pass key=." if self.variable else "Pass key=."
            failure = Unauthorized(f"{self.shown} {wants}: {error.message}", remedy=where, **_facts(error))
        except ServiceUnreachable as error:
            failure = ServiceUnreachable(
                error.message, remedy=f"Is there a language model at {self.shown}?", **_facts(error)
            )
        except ServiceError as error:
            if error.code != NO_API:
                raise
            failure = ServiceError(
                f"{self.shown} answered with a web page ({error.status}): no language model is there.",
                remedy="Is the address right? base_url is what stands before /chat/completions, as in …/v1.",
                **_facts(error),
            )
        raise failure from None

    def models(self, *, timeout: float) -> list[str]:
        """Its models, in its order.

        Raises:
            ServiceError: it does not list them.
        """
        answer = self.ask("GET", "/models", timeout=timeout)
        listed = answer.get("data") or answer.get("models") if isinstance(answer, dict) else answer
        entries = listed if isinstance(listed, list) else []
        names = [each.get("id") or each.get("name") if isinstance(each, dict) else each for each in entries]
        return [name for name in names if isinstance(name, str) and name]

    def model(self, named: str | None, *, timeout: float) -> str:
        """The model that is asked: the named one, else the environment's, else the only one that there is.

        Raises:
            InvalidConfiguration: there are several, or none is listed.
            ServiceError: they cannot be listed.
        """
        chosen = named or (os.environ.get("OPENAI_MODEL") if self.variable == "OPENAI_API_KEY" else "")
        if chosen:
            return chosen
        names = self.models(timeout=timeout)
        if len(names) == 1:
            return names[0]
        some = ", ".join(names[:_NAMED])
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        raise InvalidConfiguration(
            f"No model is named, and {self.shown} has {some or 'none that it lists'}{more}.",
            remedy=f"Name one: model={names[0]!r}." if names else "Name one with model=.",
            param="model",
            models=names,
        )


def _facts(error: ServiceError) -> dict[str, Any]:
    """What an error was told with, to tell it once more."""
    return dict(error.facts)
