"""A place of the REST interface: which host, and whether the way there is encrypted."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from voicenb.errors import InvalidConfiguration

HOST = "agents.assemblyai.com"
REGIONS = ("us", "eu")
HOSTS = frozenset({HOST, *(f"agents.{region}.assemblyai.com" for region in REGIONS)})
"""The service's own hosts: what is elsewhere is somebody else's, and nobody knows what it costs."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service is.

    Attributes:
        host: with its port, and with the path under which a proxy has it, e.g. a hub's
            ``"hub.example/user/ada/proxy/8765"``; a login may stand before it, so it is not for showing.
        secure: whether it is reached by https and wss.
    """

    host: str
    secure: bool = True

    @classmethod
    def named(cls, host: str | None, region: str | None) -> Place:
        """The place that is meant by a host or a region; the service's own default by neither.

        Raises:
            InvalidConfiguration: an unknown region, both a host and a region, a scheme that is none, or the
            service's own host without encryption.
        """
        if region is not None and host is not None:
            raise InvalidConfiguration("Name either a host or a region, not both.")
        if region is not None and region not in REGIONS:
            raise InvalidConfiguration(
                f"Unknown region {region!r}.", remedy=f"Known are {', '.join(REGIONS)}."
            )
        place = host or (f"agents.{region}.assemblyai.com" if region else HOST)
        scheme, _, rest = place.rpartition("://")
        if scheme not in ("", "https", "http", "wss", "ws"):
            raise InvalidConfiguration(f"The host {_shown(rest)!r} must be reached by https or http.")
        host = rest.rstrip("/").removesuffix("/v1/ws").removesuffix("/v1")
        _, *path = host.split("/")
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:  # its words show what is wrong, a login perhaps
            name = None
        if not name or not {"", ".", "..", "v1"}.isdisjoint(path) or any(sign in host for sign in "?# "):
            raise InvalidConfiguration(
                f"{_shown(rest)!r} is no host.",
                remedy='It looks like "agents.eu.assemblyai.com" or "http://127.0.0.1:8765"; behind a proxy '
                "with the path to it.",
                param="host",
            )
        secure = scheme in ("", "https", "wss")
        refuse_in_the_clear(name, secure=secure, param="host")
        return cls(host, secure)

    @property
    def rest(self) -> str:
        """The URL that paths of the REST interface are put behind."""
        return f"{'https' if self.secure else 'http'}://{self.host}"

    @property
    def socket(self) -> str:
        """The URL of the socket."""
        return f"{'wss' if self.secure else 'ws'}://{self.host}/v1/ws"

    @property
    def shown(self) -> str:
        """The host without a login."""
        return _shown(self.host)

    def has(self, url: str) -> bool:
        """Whether a URL leads to this very server, the same way: what the key goes to anyhow."""
        mine, other = urlsplit(self.rest), urlsplit(url)
        return (mine.scheme, mine.hostname, mine.port) == (other.scheme, other.hostname, other.port)

    def __repr__(self) -> str:
        return f"Place({self.shown!r}, secure={self.secure})"


def _shown(host: str) -> str:
    """A host as it may be shown: without a login, and without what may hold a token."""
    server, slash, path = host.partition("?")[0].partition("/")
    return f"{server.rpartition('@')[2]}{slash}{path}"


def is_hosted(url: str) -> bool:
    """Whether a socket's address is one of the service's own, encrypted as they all are."""
    parts = urlsplit(url)
    return parts.scheme == "wss" and parts.hostname in HOSTS


def is_own(host: str | None) -> bool:
    """Whether a host is the provider's, whatever is on it: a key of the environment is for that."""
    return f".{(host or '').removesuffix('.').lower()}".endswith(".assemblyai.com")


def refuse_in_the_clear(host: str | None, *, secure: bool, param: str) -> None:
    """Refuse a way to one of the provider's hosts on which everybody could read the key.

    Args:
        host: without a port.
        secure: whether the way is encrypted.
        param: what was given.

    Raises:
        InvalidConfiguration: it is such a way.
    """
    if is_own(host) and not secure:
        raise InvalidConfiguration(
            f"{host} is spoken to encrypted, and a key must not go there in the clear.",
            remedy=f"Write it with https or wss, or only {host}.",
            param=param,
        )
