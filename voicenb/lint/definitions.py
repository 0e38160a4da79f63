"""T13 to T15, T17, T18: definitions of tools that the service refuses, or that nobody would run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from voicenb.errors import InvalidConfiguration
from voicenb.lint.finding import Finding, found
from voicenb.lint.subject import Definition, Subject
from voicenb.protocol.fields import PLATFORM
from voicenb.protocol.hosts import https_host, is_public
from voicenb.protocol.settings import problems
from voicenb.tools.http import HttpTool, is_local
from voicenb.tools.offer import RESERVED, Offer

_REMEDY = "The service refuses the whole tool: write what it takes, or leave it out."


def check(subject: Subject) -> Iterator[Finding]:
    """The form of each tool, its limits, its address and its name."""
    tools = subject.wire.get("tools")
    if tools is not None and not subject.knows_tools:
        for problem, place in problems({"tools": tools}):
            yield found("S1", place, problem, "Write a value that the service takes.")
    for index, tool in enumerate(tools if isinstance(tools, list | tuple) else ()):
        if not isinstance(tool, Mapping):
            yield found(
                "S1", f"tools[{index}]", "A tool is an object.", "Write its definition.", text=str(tool)
            )
    names: set[str] = set()
    for definition in subject.tools:
        yield from _form(definition, inline=not subject.is_stored)
        yield from _limits(definition)
        yield from _http(definition)
        yield from _name(definition, names)
        names.add(definition.name)
        if subject.is_stored and subject.takes_phone_calls and _runs_nowhere(definition):
            yield found(
                "T18",
                definition.place,
                "On a phone call nobody is there to run it, and the call hangs.",
                "Give it http, or take phone calls with another agent.",
                text=definition.name,
            )


def _form(definition: Definition, *, inline: bool) -> Iterator[Finding]:
    if definition.is_nested:
        yield found(
            "T13",
            f"{definition.place}.function",
            "The service refuses this form.",
            "Write name, description and parameters beside type, without function.",
            text=definition.name,
        )
    kind = definition.wire.get("type")
    if kind is None and inline:
        yield found(
            "T13",
            f"{definition.place}.type",
            "It is missing; in a session object each tool has one.",
            'Write "type": "function". (A stored agent, which has a name and a voice, needs none.)',
            text=definition.name,
        )
    elif kind is not None and kind != "function":
        yield found("T13", f"{definition.place}.type", 'It is "function" for every tool.', text=str(kind))


def _limits(definition: Definition) -> Iterator[Finding]:
    flat = definition.flat
    for key in ("timeout_seconds", "execution_mode"):
        value = flat.get(key)
        if value is not None:
            place, make = f"{definition.inside}.{key}", partial(Offer, name="tool", **{key: value})
            yield from _refused("T14", place, make, text=str(value))


def _http(definition: Definition) -> Iterator[Finding]:
    http, place = definition.flat.get("http"), f"{definition.inside}.http"
    if http is None:
        return
    if not isinstance(http, Mapping) or not isinstance(http.get("url"), str):
        yield found("T15", place, "It must be an object with a url.")
        return
    url, method = http["url"], http.get("http_method")
    shown = _without_secrets(url)
    yield from _refused("T15", f"{place}.url", partial(HttpTool, name="tool", url=url), text=shown)
    if is_local(url):
        what = "It is on this machine: only an emulator with local_tools calls it, the service refuses it."
        yield found("T15", f"{place}.url", what, "Give the service an https:// address.", text=shown)
    if url.startswith("https://"):
        host = https_host(url)
        if not host:
            yield found("T15", f"{place}.url", "It names no host.", text=shown)
        elif not is_public(host):
            remedy = "The service calls from outside: give a host that anybody can reach."
            yield found("T15", f"{place}.url", "Its host is private.", remedy, text=shown)
    if method is not None:
        make = partial(HttpTool, name="tool", url="https://example.com", method=method)
        yield from _refused("T15", f"{place}.http_method", make, text=str(method))


def _name(definition: Definition, before: set[str]) -> Iterator[Finding]:
    name, place = definition.name, f"{definition.inside}.name"
    if not name:
        yield found(
            "S1", place, "A tool needs a name.", "A verb first: free_tables becomes find_free_tables."
        )
    elif name in before:
        yield found("T17", place, "Another tool has this name.", "Give each a name of its own.", text=name)
    if name in RESERVED or (name in PLATFORM and not definition.is_by_name):
        remedy = "Choose another." if name in RESERVED else "Attach it by its name alone, or choose another."
        yield found("T17", place, "The name is the service's own.", remedy, text=name)


def _runs_nowhere(definition: Definition) -> bool:
    return not definition.flat.get("http") and not definition.is_platform


def _refused(rule: str, place: str, make: Callable[[], Any], *, text: str) -> Iterator[Finding]:
    """What the class of such tools has against it."""
    try:
        make()
    except InvalidConfiguration as error:
        yield found(rule, place, error.message.removeprefix("tool: "), _REMEDY, text=text)


def _without_secrets(url: str) -> str:
    """An address without what may be a login: before the host, and in the query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else ""
