"""One answer of a language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voicenb.errors import ServiceError
from voicenb.extraction.endpoint import Endpoint
from voicenb.extraction.wanted import Wanted

Message = dict[str, str]

_REFUSED = (400, 422)
"""Statuses with which endpoints refuse a ``response_format`` that they, or their models, do not know."""


@dataclass
class Model:
    """A model that is asked for JSON of a schema, by a ``response_format`` until it refuses that.

    Attributes:
        endpoint: where it is.
        name: its name there.
        wanted: what is wanted of it.
        timeout: seconds to wait for an answer.
        max_tokens: of an answer; None leaves it to the endpoint.
        formats: whether it has not refused a ``response_format`` yet.
    """

    endpoint: Endpoint
    name: str
    wanted: Wanted
    timeout: float
    max_tokens: int | None = None
    formats: bool = True

    def answer(self, messages: Sequence[Message]) -> str:
        """What it says.

        Raises:
            ServiceError: refused, or its answer has no text.
            ServiceUnreachable: no answer.
        """
        body: dict[str, Any] = {"model": self.name, "messages": list(messages)}
        if self.max_tokens is not None:
            body["max_tokens"] = self.max_tokens
        if self.formats:
            asked = {"name": self.wanted.name, "schema": self.wanted.schema, "strict": False}
            form = {"type": "json_schema", "json_schema": asked}
            try:
                return self._text(body | {"response_format": form})
            except ServiceError as error:
                if error.status not in _REFUSED:
                    raise
            self.formats = False  # if it was something else, that is told now
        return self._text(body)

    def _text(self, body: dict[str, Any]) -> str:
        told = self.endpoint.ask("POST", "/chat/completions", body, timeout=self.timeout)
        try:
            choice = told["choices"][0]
            content = choice["message"]["content"]
        except (KeyError, IndexError, TypeError):
            choice, content = {}, None
        if isinstance(content, list):
            content = "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
        if isinstance(content, str) and content.strip():
            return content
        reason = choice.get("finish_reason") if isinstance(choice, dict) else None
        raise ServiceError(
            f"{self.name} at {self.endpoint.shown} answered without a text"
            f"{f' ({reason})' if reason else ''}.",
            code="empty_answer",
            remedy="Take another model, or a larger max_tokens." if reason else "Is the address right?",
        )
