"""REST requests per second of the emulator, over loopback, in memory and with ``--store``.

Each emulator is the program that anyone starts. The baseline is a bare server of the same kind in a process
of its own: one empty route, the same ASGI server with the same settings. One client asks, on one kept
connection, one request after the other; what it takes to ask and to be heard is in every figure alike, so
the ratio tells what the emulator's own work is. Beside the rate by the clock stands what the server's process
used of the processor, which depends little on what else the machine does (Linux only).

An emulator with a store answers a write when it is on disk: beside those figures stands what the disk takes
for a page that is written and synced, by itself.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from figures import percentile_or_largest, show
from service import COMMAND, Service, program

ROUNDS = 5
REQUESTS = 200
"""Requests of each kind in a round; the servers take turns."""

AGENT = {
    "name": "Lido",
    "system_prompt": "You take bookings for Lido. Short and warm.",
    "greeting": "Lido, good evening.",
    "voice": {"voice_id": "ivy"},
    "tools": [
        {
            "name": "free_tables",
            "description": "Get the free times on a day. Use when the caller wants to book.",
            "parameters": {
                "type": "object",
                "properties": {"day": {"type": "string"}, "people": {"type": "integer"}},
                "required": ["day", "people"],
            },
        }
    ],
}
CHANGE = {"system_prompt": "You take bookings for Lido. Short, warm, and by name."}


class Caller:
    """Asks one server, on one connection."""

    def __init__(self, service: Service) -> None:
        place = urlsplit(service.url)
        self._connection = http.client.HTTPConnection(str(place.hostname), place.port)
        self._headers = {"Authorization": service.key, "Content-Type": "application/json"}

    def wait_until_warm(self) -> None:
        """Ears and mouth are loaded beside the first requests, and would be in their figures.

        Raises:
            SystemExit: they are not, after a minute.
        """
        for _ in range(120):
            self.begin()
            if self.ask("GET", "/").get("warm", True):
                return
            time.sleep(0.5)
        raise SystemExit("The emulator's models were not loaded within a minute.")

    def begin(self) -> None:
        """On a new connection: one that idles while other servers have their turn is closed by its server."""
        self._connection.close()
        self._connection.connect()

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request; what came back.

        Raises:
            SystemExit: it was refused.
        """
        text = None if body is None else json.dumps(body)
        self._connection.request(method, path, text, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {content.decode(errors='replace')[:200]}")
        return json.loads(content) if content else None


Kind = Callable[[Caller, list[str]], list[float]]
"""Makes so many requests, given the agents that there are; seconds of each."""


def timed(work: Callable[[int], Any]) -> list[float]:
    """Seconds of each of so many requests."""
    seconds = []
    for number in range(REQUESTS):
        begun = time.perf_counter()
        work(number)
        seconds.append(time.perf_counter() - begun)
    return seconds


def create(caller: Caller, agents: list[str]) -> list[float]:
    """New agents, which stay for what follows."""
    return timed(lambda _: agents.append(caller.ask("POST", "/v1/agents", AGENT)["id"]))


def get(caller: Caller, agents: list[str]) -> list[float]:
    return timed(lambda n: caller.ask("GET", f"/v1/agents/{agents[n % len(agents)]}"))


def update(caller: Caller, agents: list[str]) -> list[float]:
    return timed(lambda n: caller.ask("PUT", f"/v1/agents/{agents[n % len(agents)]}", CHANGE))


def listed(caller: Caller, agents: list[str]) -> list[float]:
    return timed(lambda _: caller.ask("GET", "/v1/agents?limit=50"))


def token(caller: Caller, agents: list[str]) -> list[float]:
    return timed(lambda _: caller.ask("GET", "/v1/token?expires_in_seconds=60"))


def delete(caller: Caller, agents: list[str]) -> list[float]:
    return timed(lambda _: caller.ask("DELETE", f"/v1/agents/{agents.pop()}"))


def bare(caller: Caller, agents: list[str]) -> list[float]:
    return timed(lambda _: caller.ask("GET", "/"))


KINDS: dict[str, Kind] = {
    "POST an agent": create,
    "GET one": get,
    "PUT one, two fields": update,
    "GET the list, 50 of 200": listed,
    "GET a token": token,
    "DELETE one": delete,
}


def serve_bare() -> None:
    """The baseline's process: an empty route on the emulator's own web server."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    from voicenb.emulator.server import Server

    async def nothing(request: Request) -> Response:
        del request
        return JSONResponse({})

    server = Server(Starlette(routes=[Route("/", nothing)]), "127.0.0.1", 0)
    sys.setswitchinterval(0.001)
    port = server.start()
    print(json.dumps({"url": f"http://127.0.0.1:{port}", "key": "any"}), flush=True)
    sys.stdin.read()
    server.stop(lambda: None)


@dataclass(slots=True)
class Taken:
    """Seconds that requests of one kind took, and seconds of the processor that their server used for all."""

    seconds: list[float] = field(default_factory=list)
    processor: float = 0.0

    @property
    def work(self) -> float:
        """Milliseconds of the server's processor for one request."""
        return 1e3 * self.processor / len(self.seconds)


def disk(folder: Path) -> Taken:
    """Pages that are written to a file and synced, one after the other."""
    taken = Taken()
    with (folder / "pages").open("ab", buffering=0) as file:
        for _ in range(REQUESTS):
            begun, used = time.perf_counter(), time.process_time()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            taken.seconds.append(time.perf_counter() - begun)
            taken.processor += time.process_time() - used
    return taken


def measure() -> dict[str, dict[str, Taken]]:
    """What every kind of request took, by server."""
    found: dict[str, dict[str, Taken]] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        services = {
            "bare": stack.enter_context(program(__file__, "--serve")),
            "memory": stack.enter_context(program(*COMMAND)),
            "store": stack.enter_context(program(*COMMAND, "--store", str(Path(folder) / "store.db"))),
        }
        callers = {name: Caller(service) for name, service in services.items()}
        for caller in callers.values():
            caller.wait_until_warm()
        for turn in range(ROUNDS + 1):
            for name, caller in callers.items():
                agents: list[str] = []
                for kind, work in ({"empty": bare} if name == "bare" else KINDS).items():
                    caller.begin()
                    used = services[name].processor_seconds()
                    seconds = work(caller, agents)
                    if turn:  # the first round wakes everything up
                        taken = found.setdefault(name, {}).setdefault(kind, Taken())
                        taken.seconds += seconds
                        taken.processor += services[name].processor_seconds() - used
        found["disk"] = {"synced": disk(Path(folder))}
    return found


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    if options.parse_args().serve:
        serve_bare()
        return
    found = measure()
    base = found["bare"]["empty"]
    for name, title in (("memory", "in memory"), ("store", "with --store")):
        rows = [("requests per second (p99 of one; processor)", "emulator", "empty route", "ratio")]
        for kind, taken in found[name].items():
            ratio = per_second(taken.seconds) / per_second(base.seconds)
            rows.append((kind, told(taken), told(base), f"{ratio:.2f}"))
        if name == "store":
            rows.append(("(the disk alone, a page)", told(found["disk"]["synced"]), "", ""))
        show(f"REST over loopback, {title}, {ROUNDS} rounds of {REQUESTS} requests, one client", rows)


def per_second(seconds: list[float]) -> float:
    """From the median of a request."""
    return 1 / statistics.median(seconds)


def told(taken: Taken) -> str:
    """The rate, how long the slowest take, and what one costs its server."""
    slow = percentile_or_largest([1e3 * each for each in taken.seconds], 0.99, "{:.1f} ms")
    return f"{per_second(taken.seconds):,.0f}/s ({slow}; {taken.work:.2f} ms)"


if __name__ == "__main__":
    main()
