"""Fixtures of the page's tests: Chromium, a page with the panel on it, a helper."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "browser")]

from harness import Helper, mounted, site  # noqa: E402
from lab import chromium, open_page  # noqa: E402

WAV = HERE.parent / "data" / "audio" / "austen-0880.wav"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=20_000)  # other tests run beside these
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright, WAV) as running:
        yield running


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with site() as running:
        yield running


# Keeps what the page asks of the microphone, and what it got.
MICROPHONE = """
  window.wishes = [];
  window.streams = [];
  const media = navigator.mediaDevices, real = media.getUserMedia.bind(media);
  media.getUserMedia = async (wish) => {
    wishes.push(wish);
    const stream = await real(wish);
    streams.push(stream);
    return stream;
  };
"""


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = open_page(browser)
    page.add_init_script(MICROPHONE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    mounted(page)
    yield page
    page.context.close()
    assert errors == []


@pytest.fixture
def helper() -> Iterator[Helper]:
    with Helper() as running:
        yield running
