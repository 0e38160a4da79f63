"""What a page's main thread did, by Chromium's own trace."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page

CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"]


@dataclass
class Work:
    """The work of a stretch of time.

    Attributes:
        tasks: how long each task was, in ms of the processor: what other programs had meanwhile is not in it.
        walls: the same in ms of the clock.
        laid_out: the objects that were laid out anew, of each layout.
        restyled: the elements whose style was made anew, of each time.
        parts: milliseconds of the processor by what was done (those within others are in both).
    """

    tasks: list[float] = field(default_factory=list)
    walls: list[float] = field(default_factory=list)
    laid_out: list[int] = field(default_factory=list)
    restyled: list[int] = field(default_factory=list)
    parts: Counter[str] = field(default_factory=Counter)

    @property
    def busy(self) -> float:
        """Milliseconds of the processor."""
        return sum(self.tasks)

    @property
    def longest(self) -> float:
        """Of the longest task, in ms of the processor."""
        return max(self.tasks, default=0.0)


def watch(page: Page, happens: Callable[[], object]) -> Work:
    """Let something happen, and see what the page's main thread does for it."""
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=CATEGORIES)
    try:
        happens()
    finally:
        trace = browser.stop_tracing()
    return read(json.loads(trace)["traceEvents"])


def read(events: list[dict]) -> Work:
    """The work of the main thread that had most to do: others are of pages with nothing in them."""
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    works = {main: Work() for main in mains}
    for event in events:
        work = works.get((event["pid"], event["tid"]))
        if work is None or event["ph"] != "X":
            continue
        name, took = event["name"], event.get("tdur", event.get("dur", 0)) / 1000
        if name == "RunTask":
            work.tasks.append(took)
            work.walls.append(event.get("dur", 0) / 1000)
        else:
            work.parts[name] += took
        if name == "Layout":
            work.laid_out.append(event["args"].get("beginData", {}).get("dirtyObjects", 0))
        elif name == "UpdateLayoutTree":
            work.restyled.append(event["args"].get("elementCount", 0))
    return max(works.values(), key=lambda work: work.busy)
