"""Frames per second through the codec, in both directions, beside ``json`` with ``base64``.

The codec gives more than its baseline does: a typed message that was checked field by field, and beside it
the record that recordings keep. The baseline gives the plain object with its audio as bytes.

Stretches of both take turns; the figure is the median stretch, by seconds of one processor, which depend
little on what else the machine does. The mix is the events of one turn with a tool,
as the contract's sample frames have them, each as often as the others.
"""

from __future__ import annotations

import base64
import gc
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from figures import show

from voicenb.protocol import messages as m
from voicenb.protocol.codec import decode_client, decode_server, encode

FRAMES = 10_000
"""Frames of a stretch."""

STRETCHES = 9

CHUNKS = {"2,400 bytes, 50 ms": 2_400, "480 bytes, 10 ms": 480, "256 bytes, a page's": 256}
"""What clients and the service send in one frame."""

AT = 1_790_000_006.81

SERVER_MIX: tuple[dict[str, Any], ...] = (
    {"type": "input.speech.started", "timestamp": AT},
    {"type": "transcript.user.delta", "item_id": "msg_01", "text": "do you have a", "timestamp": AT},
    {"type": "input.speech.stopped", "timestamp": AT},
    {"type": "transcript.user", "item_id": "msg_01", "text": "Do you have a head gasket?", "timestamp": AT},
    {"type": "reply.started", "reply_id": "resp_01", "item_id": "msg_02", "timestamp": AT},
    {
        "type": "tool.call",
        "call_id": "call_01",
        "name": "find_part",
        "arguments": {"part": "head gasket"},
        "timestamp": AT,
    },
    {
        "type": "transcript.agent.delta",
        "reply_id": "resp_02",
        "item_id": "msg_03",
        "delta": "Yes, ",
        "start_ms": 690,
        "end_ms": 910,
        "timestamp": AT,
    },
    {
        "type": "transcript.agent",
        "reply_id": "resp_02",
        "item_id": "msg_03",
        "text": "Yes, three of them.",
        "interrupted": False,
        "timestamp": AT,
    },
    {"type": "reply.done", "reply_id": "resp_02", "status": "completed", "timestamp": AT},
)

CLIENT_MIX: tuple[dict[str, Any], ...] = (
    {"type": "tool.result", "call_id": "call_01", "result": '{"in_stock":3,"price_eur":41}'},
    {"type": "reply.create", "instructions": "Say that the kitchen closes at ten."},
    {"type": "conversation.message", "role": "user", "content": "A table for four."},
    {
        "type": "session.update",
        "session": {
            "input": {
                "turn_detection": {
                    "vad_threshold": 0.5,
                    "min_silence": 1400,
                    "max_silence": 4000,
                    "interrupt_response": True,
                }
            }
        },
    },
    {"type": "session.end"},
)

Work = Callable[[int], Any]
"""Does the frame of that number."""


def stretch(work: Work) -> float:
    """Frames per second of the processor's time of one stretch."""
    begun = time.thread_time()
    for number in range(FRAMES):
        work(number)
    return FRAMES / (time.thread_time() - begun)


def both(ours: Work, theirs: Work) -> tuple[float, float]:
    """Frames per second, the median of stretches that take turns; the first ones wake everything up."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(STRETCHES + 1):
        for kept, work in zip(found, (ours, theirs), strict=True):
            speed = stretch(work)
            if turn:
                kept.append(speed)
    return statistics.median(found[0]), statistics.median(found[1])


def row(what: str, ours: Work, theirs: Work) -> tuple[str, str, str, str]:
    """A line of the table."""
    codec, base = both(ours, theirs)
    return what, f"{codec:,.0f}/s", f"{base:,.0f}/s", f"{codec / base:.1f}"


def audio(name: str, size: int) -> list[tuple[str, str, str, str]]:
    """Chunks of that many bytes, there and back, for both sides."""
    chance = random.Random(size)
    chunks = [chance.randbytes(size) for _ in range(64)]
    sent = [encode(m.InputAudio(audio=chunk)) for chunk in chunks]
    replies = [m.ReplyAudio(reply_id="resp_01", data=chunk, timestamp=AT) for chunk in chunks]
    received = [encode(reply) for reply in replies]
    inputs = [m.InputAudio(audio=chunk) for chunk in chunks]

    def text(chunk: bytes) -> str:
        return base64.b64encode(chunk).decode("ascii")

    def plain_input(number: int) -> str:
        return json.dumps({"type": "input.audio", "audio": text(chunks[number % 64])})

    def plain_reply(number: int) -> str:
        message = {"type": "reply.audio", "reply_id": "resp_01", "data": text(chunks[number % 64])}
        return json.dumps({**message, "timestamp": AT})

    return [
        row(f"input.audio out, {name}", lambda n: encode(inputs[n % 64]), plain_input),
        row(
            f"input.audio in, {name}",
            lambda n: decode_client(sent[n % 64]),
            lambda n: base64.b64decode(json.loads(sent[n % 64])["audio"]),
        ),
        row(f"reply.audio out, {name}", lambda n: encode(replies[n % 64]), plain_reply),
        row(
            f"reply.audio in, {name}",
            lambda n: decode_server(received[n % 64]),
            lambda n: base64.b64decode(json.loads(received[n % 64])["data"]),
        ),
    ]


def mix(
    who: str, wires: Sequence[dict[str, Any]], decode: Callable[[str], tuple[Any, Any]]
) -> list[tuple[str, str, str, str]]:
    """Small messages of one side, there and back."""
    count = len(wires)
    frames = [json.dumps(wire) for wire in wires]
    messages = [decode(frame)[0] for frame in frames]
    return [
        row(
            f"small events of the {who}, out",
            lambda n: encode(messages[n % count]),
            lambda n: json.dumps(wires[n % count]),
        ),
        row(
            f"small events of the {who}, in",
            lambda n: decode(frames[n % count]),
            lambda n: json.loads(frames[n % count]),
        ),
    ]


def main() -> None:
    rows = [("frames per second", "codec", "json + base64", "ratio (aim ≥ 1)")]
    # Neither side's garbage is to be collected in the other's time.
    gc.collect()
    gc.disable()
    for name, size in CHUNKS.items():
        rows += audio(name, size)
    rows += mix("service", SERVER_MIX, decode_server)
    rows += mix("client", CLIENT_MIX, decode_client)
    show(f"The codec, median of {STRETCHES} stretches of {FRAMES:,} frames, one thread", rows)


if __name__ == "__main__":
    main()
