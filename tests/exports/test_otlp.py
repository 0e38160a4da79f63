"""OpenTelemetry's JSON, read back by its own messages."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from google.protobuf import json_format
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage
from opentelemetry.proto.trace.v1.trace_pb2 import Status, TracesData

from voicenb.exports.otlp import Span, otlp_json

IDS = ("traceId", "spanId", "parentSpanId")


def read_back(text: str) -> TracesData:
    """Parse it as OTLP; Protobuf's own JSON has base64 where the protocol asks for hexadecimal ids."""

    def hexadecimal(row: dict[str, Any]) -> dict[str, Any]:
        return {
            key: base64.b64encode(bytes.fromhex(value)).decode() if key in IDS else value
            for key, value in row.items()
        }

    whole = json.loads(text, object_hook=hexadecimal)
    return json_format.ParseDict(whole, TracesData())  # an unknown field would be an error


def attributes(span: SpanMessage) -> dict[str, Any]:
    found = {}
    for each in span.attributes:
        kind = each.value.WhichOneof("value")
        value = getattr(each.value, kind)
        found[each.key] = [one.string_value for one in value.values] if kind == "array_value" else value
    return found


def test_each_kind_of_value_a_parent_an_event_and_a_failure_come_back() -> None:
    values = {"text": "Über", "yes": True, "n": 2**40, "x": 0.25}
    whole = Span("whole", 0.0, 2.5, attributes={**values, "not captured": None})
    part = Span("part", 1.0, 1.5, whole, {"list": ["a", "b"]}, [("moment", 1.25)], failed="broken")
    about = {"service.name": "Lido"}
    text = otlp_json([whole, part], call_id="c", began=1_790_000_000.5, resource=about, version="1")
    (resource,) = read_back(text).resource_spans
    assert resource.resource.attributes[0].value.string_value == "Lido"
    (scope,) = resource.scope_spans
    assert (scope.scope.name, scope.scope.version) == ("voicenb", "1")
    one, other = scope.spans
    assert attributes(one) == values
    assert attributes(other) == {"list": ["a", "b"]}
    assert (len(one.trace_id), len(one.span_id), one.parent_span_id) == (16, 8, b"")
    assert (other.trace_id, other.parent_span_id) == (one.trace_id, one.span_id)
    assert one.start_time_unix_nano == 1_790_000_000_500_000_000
    assert one.end_time_unix_nano - one.start_time_unix_nano == 2_500_000_000
    assert [(event.name, event.time_unix_nano - one.start_time_unix_nano) for event in other.events] == [
        ("moment", 1_250_000_000)
    ]
    assert (other.status.code, other.status.message) == (Status.STATUS_CODE_ERROR, "broken")
    assert one.kind == SpanMessage.SPAN_KIND_INTERNAL


def test_the_same_call_has_the_same_ids_and_another_others() -> None:
    def ids(call_id: str) -> bytes:
        text = otlp_json([Span("a", 0, 1)], call_id=call_id, began=0.0, resource={}, version="1")
        return read_back(text).resource_spans[0].scope_spans[0].spans[0].trace_id

    assert ids("one") == ids("one") != ids("two")


@pytest.mark.parametrize("microseconds", [1, 123_457, 39_240_001])
def test_a_microsecond_of_a_call_is_kept(microseconds: int) -> None:
    span = Span("a", microseconds / 1e6, microseconds / 1e6)
    text = otlp_json([span], call_id="c", began=1_790_000_000.123, resource={}, version="1")
    found = read_back(text).resource_spans[0].scope_spans[0].spans[0]
    assert found.start_time_unix_nano == 1_790_000_000_123_000_000 + 1000 * microseconds
