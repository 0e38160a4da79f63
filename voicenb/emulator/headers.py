"""HTTP headers of stored tools: written as a map or as a list, kept, and read back without their values."""

from __future__ import annotations

from typing import Any

from voicenb.emulator.checks import JSONObject

MASK = "***"


def merge_headers(kept: JSONObject | None, written: Any, now: str) -> JSONObject | None:
    """The headers to keep after a write. Names are the same in whatever letters.

    Args:
        kept: what was kept before: ``{"form": "map" or "list", "values": {name: {"value",
            "last_set_at"}}}``.
        written: a map (``"***"`` keeps the old value), or a list (``value`` sets, name alone keeps,
            ``remove`` deletes), or None.
        now: ISO stamp of the write.
    """
    if written is None:
        return None
    old = {name.lower(): (name, entry) for name, entry in (kept or {}).get("values", {}).items()}
    if isinstance(written, dict):
        values = {
            name: old[name.lower()][1]
            if value == MASK and name.lower() in old
            else {"value": value, "last_set_at": now}
            for name, value in written.items()
        }
        return {"form": "map", "values": values}
    for entry in written:
        name = entry["name"]
        if entry.get("remove"):
            old.pop(name.lower(), None)
        elif "value" in entry:
            old[name.lower()] = (name, {"value": entry["value"], "last_set_at": now})
    return {"form": "list", "values": dict(old.values())}


def read_headers(http: JSONObject, *, as_list: bool) -> JSONObject:
    """An ``http`` object as it reads back: its headers in the form they were written in, or ``as_list``."""
    kept = http.get("headers")
    if not kept:
        return {key: value for key, value in http.items() if key != "headers"}
    if kept["form"] == "list" or as_list:
        shown: Any = [
            {"name": name, "last_set_at": entry["last_set_at"]} for name, entry in kept["values"].items()
        ]
    else:
        shown = dict.fromkeys(kept["values"], MASK)
    return {**http, "headers": shown}
