"""Tools that the service runs by itself, by an HTTPS request."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from voicenb.errors import InvalidConfiguration
from voicenb.tools.offer import Offer

KEPT = "***"
"""Stands for the value of a header that the service keeps and does not tell; sent back, it stays."""

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, kw_only=True)
class HttpTool(Offer):
    """A tool of a stored agent that the service runs by an HTTPS request.

    Attributes:
        url: where, ``https://``, at most 2048 characters.
        method: GET and DELETE send the arguments as query parameters, the others as a JSON body.
        headers: kept secret by the service, whose tools come back with ``"***"`` for each value: sent back it
            means that the value stays. Not in any repr.
        listed_headers: names of the headers that the service has, where it told of them in a list, as newer
            ones do; such a service is told of them in a list too, and which ones to drop. ``()`` writes those
            of a new tool as a list.
    """

    url: str
    method: Method = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    listed_headers: tuple[str, ...] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.url.startswith("https://") or len(self.url) > 2048:
            raise InvalidConfiguration(
                f"{self.name}: the url must begin with https:// and have at most 2048 characters.",
                param="tools",
            )
        if self.method not in typing.get_args(Method):
            raise InvalidConfiguration(f"{self.name}: unknown method {self.method!r}.", param="tools")

    def to_wire(self) -> dict[str, Any]:
        """Refused: inline sessions take no HTTP tools.

        Raises:
            InvalidConfiguration: always.
        """
        raise InvalidConfiguration(
            f"The HTTP tool {self.name!r} works only in a stored agent.",
            remedy="Store the agent with Hosted().create(agent) and talk to what it returns.",
            param="tools",
        )

    def to_resource(self) -> dict[str, Any]:
        """The definition in a stored agent."""
        http: dict[str, Any] = {"url": self.url, "http_method": self.method}
        if self.listed_headers is not None:
            http["headers"] = self._listed(self.listed_headers)
        elif self.headers:
            http["headers"] = dict(self.headers)
        return {**super().to_resource(), "http": http}

    @property
    def kept_headers(self) -> tuple[str, ...]:
        """Names of the headers whose values only the service knows."""
        return tuple(name for name, value in self.headers.items() if value == KEPT)

    def _listed(self, there: tuple[str, ...]) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = [
            {"name": name} if value == KEPT else {"name": name, "value": value}
            for name, value in self.headers.items()
        ]
        return kept + [{"name": name, "remove": True} for name in there if name not in self.headers]

    def __repr__(self) -> str:
        # A login may stand before the host, and in the query.
        parts = urlsplit(self.url)
        return f"HttpTool({self.name}, {self.method} https://{parts.netloc.rpartition('@')[2]}{parts.path})"
