"""How long a Piper voice holds each phoneme: one more output of its network."""

from __future__ import annotations

from collections.abc import Iterator

_LENGTH_DELIMITED = 2


def with_durations(model: bytes) -> bytes:
    """The ONNX model of a voice with its durations as a second output, or unchanged where they are not found.

    Piper's networks round their durations up in one ``Ceil`` node. Protocol buffers merge what is appended:
    the same message again, holding nothing but a graph with one more output, adds that output to the graph.
    """
    graph = b"".join(part for number, part in _fields(model) if number == 7)
    found: set[bytes] = set()
    outputs: set[bytes] = set()
    for number, part in _fields(graph):
        if number == 1:
            node = list(_fields(part))
            if any(field == 4 and bytes(value) == b"Ceil" for field, value in node):
                found.update(bytes(value) for field, value in node if field == 2)
        elif number == 12:
            outputs.update(bytes(value) for field, value in _fields(part) if field == 1)
    if len(found) != 1 or found & outputs:
        return model
    return model + _field(7, _field(12, _field(1, found.pop())))


def _fields(message: bytes | memoryview) -> Iterator[tuple[int, memoryview]]:
    """The length-delimited fields of a message, in order, by number; others are passed over."""
    view = memoryview(message)
    at = 0
    while at < len(view):
        tag, at = _varint(view, at)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            _, at = _varint(view, at)
        elif kind == _LENGTH_DELIMITED:
            length, at = _varint(view, at)
            yield number, view[at : at + length]
            at += length
        else:
            at += 8 if kind == 1 else 4


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = view[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _field(number: int, value: bytes) -> bytes:
    length = len(value)
    coded = bytearray([number << 3 | _LENGTH_DELIMITED])
    while length >= 128:
        coded.append(length & 127 | 128)
        length >>= 7
    coded.append(length)
    return bytes(coded) + value
