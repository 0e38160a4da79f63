"""OpenTelemetry's JSON: spans as its protocol (OTLP) writes them to files and over HTTP.

Ids are hexadecimal, 64-bit numbers are texts, enumerations are numbers: the protocol's own exceptions to how
Protobuf becomes JSON.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Value = str | bool | int | float | Sequence[str]

INTERNAL = 1
"""The kind of a span that neither asks nor answers another process."""

ERROR = 2
"""The status of a span in which something failed."""


@dataclass(slots=True)
class Span:
    """One span; times in the engine's seconds.

    Attributes:
        name: what it is.
        start: when it began.
        end: when it was over.
        parent: the span that it is in; None for the first.
        attributes: what is known of it; None is left out.
        events: moments in it, by name.
        failed: what went wrong; empty where nothing did.
    """

    name: str
    start: float
    end: float
    parent: Span | None = None
    attributes: dict[str, Value | None] = field(default_factory=dict)
    events: list[tuple[str, float]] = field(default_factory=list)
    failed: str = ""


def otlp_json(
    spans: Sequence[Span], *, call_id: str, began: float, resource: Mapping[str, Value], version: str
) -> str:
    """A trace of these spans, as JSON.

    Args:
        spans: parents before their children.
        call_id: of the call: the same gives the same ids.
        began: the engine's second 0, in seconds since 1970.
        resource: attributes of what the spans are from.
        version: of voicenb.
    """
    trace = _hash(call_id)[:32]
    ids = {id(span): _hash(f"{call_id} {number}")[:16] for number, span in enumerate(spans)}
    scope = {"name": "voicenb", "version": version}
    rows = [_span(span, trace, ids, began) for span in spans]
    whole = {
        "resourceSpans": [
            {
                "resource": {"attributes": _attributes(resource)},
                "scopeSpans": [{"scope": scope, "spans": rows}],
            }
        ]
    }
    return json.dumps(whole, ensure_ascii=False)


def _span(span: Span, trace: str, ids: Mapping[int, str], began: float) -> dict[str, Any]:
    row: dict[str, Any] = {
        "traceId": trace,
        "spanId": ids[id(span)],
        "name": span.name,
        "kind": INTERNAL,
        "startTimeUnixNano": _nano(began, span.start),
        "endTimeUnixNano": _nano(began, max(span.start, span.end)),
        "attributes": _attributes(span.attributes),
    }
    if span.parent is not None:
        row["parentSpanId"] = ids[id(span.parent)]
    if span.events:
        row["events"] = [{"timeUnixNano": _nano(began, at), "name": name} for name, at in span.events]
    if span.failed:
        row["status"] = {"code": ERROR, "message": span.failed}
    return row


def _attributes(values: Mapping[str, Value | None]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in values.items() if value is not None]


def _value(value: Value) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case str():
            return {"stringValue": value}
    return {"arrayValue": {"values": [_value(each) for each in value]}}


def _nano(began: float, seconds: float) -> str:
    # A float of seconds since 1970 is good to some 200 ns only: the microseconds of a call are added apart.
    return str(round(began * 1000) * 1_000_000 + round(seconds * 1_000_000) * 1000)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
