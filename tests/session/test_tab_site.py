"""What is served to tabs, by a real helper."""

from __future__ import annotations

import pytest
from tabs import FILES, Panel, get, split


@pytest.mark.parametrize(
    ("path", "kind", "text"),
    [
        ("/talk/", "text/html", FILES[""]),
        ("/talk/?a=b", "text/html", FILES[""]),
        ("/talk/tab.js", "text/javascript", FILES["tab.js"]),
        ("/talk/tab.css", "text/css", FILES["tab.css"]),
    ],
)
def test_the_page_is_served(panel: Panel, path: str, kind: str, text: str) -> None:
    host, _ = split(panel.link.address())
    response = get(host, path)
    assert response.status == 200
    assert response.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert response.read().decode() == text
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    # For transport="browser": services by wss, and emulators of this machine.
    assert f"connect-src ws://{host} ws://127.0.0.1:* ws://localhost:* wss:;" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Server" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/talk",
        "/talk/../talk/tab.js",
        "/talk/../../../../etc/passwd",
        "/talk/%2e%2e/%2e%2e/etc/passwd",
        "/talk//etc/passwd",
        "/talk/./tab.js",
        "/talk/tab.js/",
        "/talk/helper.py",
    ],
)
def test_nothing_else_is(panel: Panel, path: str) -> None:
    host, _ = split(panel.link.address())
    response = get(host, path)
    assert response.status == 404
    assert b"import" not in response.read()


@pytest.mark.parametrize(
    "name",
    ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "127.0.0.1:1;script-src *", "[", ""],
)
def test_a_name_of_somebody_elses_is_not_answered(panel: Panel, name: str) -> None:
    host, _ = split(panel.link.address())
    response = get(host, "/talk/", Host=name)
    assert response.status == 403
    assert b"page</p>" not in response.read()
