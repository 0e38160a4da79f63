"""Which addresses, methods and headers a stored agent may have called."""

from __future__ import annotations

import pytest

from voicenb.emulator import http_checks

URL = "https://api.example.com/look"
SECRET = "hunter2-hunter2"


def refused(**target):
    """The field of the refusal; None where there is none."""
    refusal = http_checks.target({"url": URL, **target}, "http", local=False)
    assert refusal is None or SECRET not in refusal.message
    return None if refusal is None else refusal.param


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com:99999/",
        "https://api.example.com:0/",
        f"{URL}\r\nX: 1",
        f"{URL}/a b",
        "https://api:x/",
    ],
)
def test_an_address_to_which_nothing_can_be_sent(url):
    assert refused(url=url) == "http.url"


@pytest.mark.parametrize("port", ["", ":443", ":8443"])
def test_ports_that_there_are(port):
    assert refused(url=f"https://api.example.com{port}/x") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("A", f"{SECRET}\r\nX-Other: 1"),
        ("A", f"{SECRET}\n"),
        ("A", f"\0{SECRET}"),
        ("A: b\r\nC", SECRET),
        ("A b", SECRET),
        ("Ä", SECRET),
    ],
)
def test_a_header_that_would_begin_another(name, value):
    assert refused(headers={name: value}) == "http.headers"
    assert refused(headers=[{"name": name, "value": value}]) == "http.headers[0]"


@pytest.mark.parametrize("value", [SECRET, "", "tab\there", "grüezi", "***"])
def test_headers_that_can_be_sent(value):
    assert refused(headers={"X-Key": value}) is None
    assert refused(headers=[{"name": "X-Key", "value": value}]) is None


@pytest.mark.parametrize("value", [None, 5, {"a": SECRET}])
def test_a_listed_value_is_a_string(value):
    assert refused(headers=[{"name": "A", "value": value}]) == "http.headers[0].value"


@pytest.mark.parametrize("target", ["https://example.com", None, []])
def test_a_target_is_an_object(target):
    assert http_checks.target(target, "http", local=False).param == "http"
