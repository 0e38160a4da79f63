"""A caller of the REST side whose answers are held against the contract."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import jsonschema
import pytest

BASE = "http://127.0.0.1"
SCHEMA = json.loads((Path(__file__).parents[2] / "data" / "voice-agent-api.schema.json").read_text())


@pytest.fixture
def valid():
    """Holds a value against a definition of the contract, and gives it back."""

    def check(name, value):
        definition = {"$defs": SCHEMA["$defs"], "$ref": f"#/$defs/{name}"}
        jsonschema.Draft202012Validator(definition).validate(value)
        return value

    return check


async def ask(app, method, path, body=None, key="any", *, quiet=False, **more):
    """One request; ``quiet`` gives the answer of a fault and not the fault."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=not quiet)
    async with httpx.AsyncClient(transport=transport, base_url=BASE, verify=False) as client:
        headers = {"Authorization": key} if key else {}
        headers |= more.pop("headers", {})
        return await client.request(method, path, json=body, headers=headers, **more)


@pytest.fixture
def call(plain_emulator):
    """Calls an emulator; ``call.emulator`` is the one."""

    def make(quiet=False, **options):
        emulator = plain_emulator(**options)

        def request(method, path, body=None, key="any", **more):
            return asyncio.run(ask(emulator.app, method, path, body, key, quiet=quiet, **more))

        request.emulator = emulator
        return request

    return make


@pytest.fixture
def rest():
    """Calls an app from a loop that is running: ``await rest(app, method, path)``."""
    return ask
