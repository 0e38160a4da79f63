"""A server with language models, of the kind that OpenAI's is: where it is, what it has for talking."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from voicenb.errors import InvalidConfiguration, ServiceUnreachable, Unauthorized
from voicenb.loopback import is_loopback

_NOT_FOR_TALKING = re.compile(
    r"(?i)embed|minilm|rerank|whisper|transcribe|moderation|realtime|dall-e|stable-diffusion|"
    r"(?:^|[-_/:.])(?:bge|tts|image|audio|sora|clip)(?:[-_/:.\d]|$)"
)
"""Models that answer no chat, by what they are called: no list says what its models are for."""


@dataclass(frozen=True)
class Endpoint:
    """Where chat completions are asked for.

    Attributes:
        base: URL up to and with ``/v1``, without a slash at its end.
        key: sent as a bearer token, never shown; None sends none.

    Raises:
        InvalidConfiguration: ``base`` is no URL.
    """

    base: str = field(repr=False)
    key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        base = self.base.strip().rstrip("/")
        if not _is_url(base):
            raise InvalidConfiguration(
                f"The address of the language model, {self.base.rpartition('@')[2]!r}, is no URL.",
                remedy="Set OPENAI_BASE_URL with scheme, host and port, e.g. http://127.0.0.1:8000/v1.",
            )
        object.__setattr__(self, "base", base)

    @property
    def shown(self) -> str:
        """The address without a password."""
        return without_login(self.base)

    def __repr__(self) -> str:
        return f"Endpoint({self.shown!r})"

    def models(self, patience: float) -> list[str]:
        """Its models for talking, in its order; none where it does not list them.

        Args:
            patience: seconds to connect, and to wait for each part of the answer.

        Raises:
            ServiceUnreachable: nobody answers, or it is broken.
            Unauthorized: it refuses the key, or wants one.
        """
        import httpx

        try:
            answer = httpx.get(
                f"{self.base}/models",
                timeout=patience,
                headers={"Authorization": f"Bearer {self.key}"} if self.key else {},
                trust_env=not is_loopback(urlsplit(self.base).hostname),
            )
        except (UnicodeError, httpx.LocalProtocolError):
            raise Unauthorized(
                f"The key for {self.shown} has characters that no key looks like.",
                remedy="Set OPENAI_API_KEY to a key that it takes.",
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._unreachable(type(error).__name__) from None
        if answer.status_code in (401, 403):
            does = "refuses the key" if self.key else "wants a key"
            raise Unauthorized(
                f"{self.shown} {does} (HTTP {answer.status_code}).",
                remedy="Set OPENAI_API_KEY to a key that it takes.",
                status=answer.status_code,
            )
        if answer.status_code >= 500:
            raise self._unreachable(f"HTTP {answer.status_code}")
        return [name for name in _listed(answer) if not _NOT_FOR_TALKING.search(name)]

    def _unreachable(self, why: str) -> ServiceUnreachable:
        return ServiceUnreachable(
            f"The language model's server at {self.shown} does not answer ({why}).",
            remedy="Start it, or set OPENAI_BASE_URL to where it is, or unset it.",
        )


def without_login(url: str) -> str:
    """An address as it may be shown."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _listed(answer: Any) -> list[str]:
    try:
        listed = answer.json()["data"] if answer.status_code == 200 else []
        return [str(model["id"]) for model in listed or []]
    except (ValueError, KeyError, TypeError):
        return []
