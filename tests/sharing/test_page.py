"""The page as text: whole, closed, and nobody's words are markup."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall
from tests.sharing.explained_call import HOSTILE
from voicenb.sharing.document import document
from voicenb.sharing.page import page

BUDGET = 1.5e6
"""Bytes a minute."""


class Parts(HTMLParser):
    """The elements of a page, with the text of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        kept = dict(attrs)
        self._open = str(kept.get("id") or kept.get("type") or tag) if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open] = self.texts.get(self._open, "") + data


@pytest.fixture(scope="module")
def text(call: vn.Recording) -> str:
    return page(call)


@pytest.fixture(scope="module")
def parts(text: str) -> Parts:
    return Parts(text)


def test_the_document_is_in_it_as_it_is(call: vn.Recording, parts: Parts) -> None:
    assert json.loads(parts.texts["voicenb-document"]) == json.loads(json.dumps(document(call)))


def test_what_was_said_is_never_markup(parts: Parts) -> None:
    scripts = [attrs for tag, attrs in parts.elements if tag == "script"]
    assert [each.get("type") for each in scripts] == ["application/json", "text/plain", "module"]
    assert [tag for tag, _ in parts.elements if tag == "b"] == [
        "b"
    ] * 6  # the speakers' names, where nothing runs
    assert HOSTILE in "".join(
        " ".join(word for word, *_ in line["words"])
        for line in json.loads(parts.texts["voicenb-document"])["lines"]
    )


def test_no_element_leads_elsewhere(text: str, parts: Parts) -> None:
    for tag, attrs in parts.elements:
        assert not {"src", "href", "srcset", "action", "data", "poster"} & attrs.keys(), tag
        assert tag not in ("link", "iframe", "object", "embed", "base", "img")
    assert not re.search(r"url\((?!#)", parts.texts["style"])
    assert "http://" not in text
    assert "https://" not in text


def test_its_policy_knows_its_script_and_style_and_nothing_else(parts: Parts) -> None:
    (policy,) = [a["content"] for _, a in parts.elements if a.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in str(policy).split(";"))
    assert rules["default-src"] == "'none'"
    for rule, kept in (("script-src", parts.texts["module"]), ("style-src", parts.texts["style"])):
        digest = base64.b64encode(hashlib.sha256(kept.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert rules["media-src"] == "blob:"
    assert "connect-src" not in rules


def test_nothing_of_the_machine_is_in_it(text: str, call: vn.Recording) -> None:
    for part in (str(call.folder), call.folder.name, str(Path.home()), os.getcwd()):  # noqa: PTH109
        assert part not in text


def test_a_minute_is_within_its_budget(text: str, call: vn.Recording) -> None:
    silent = len(page(call, False))
    assert silent < 300_000
    assert (len(text) - silent) / (call.duration / 60) < BUDGET


def test_without_the_voices_it_has_all_the_rest(call: vn.Recording) -> None:
    parts = Parts(page(call, include_audio=False))
    assert "voicenb-sound" not in parts.texts
    assert json.loads(parts.texts["voicenb-document"])["lanes"]["caller"]


def test_without_the_voices_it_needs_no_library(call: vn.Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    assert page(call, include_audio=False)
    with pytest.raises(vn.MissingExtra):
        page(call)


@pytest.mark.parametrize("wish", ["mp3", None, 1.5])
def test_what_says_nothing_of_the_voices_is_refused(call: vn.Recording, wish: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="include_audio"):
        page(call, wish)


def test_a_call_in_which_nothing_happened_has_a_page(tmp_path: Path) -> None:
    parts = Parts(page(KnownCall(tmp_path / "call", 2.0).build()))
    assert json.loads(parts.texts["voicenb-document"])["lines"] == []


# --- Recording.to_html -----------------------------------------------------------------------------------


def test_to_html_makes_parents_and_replaces_what_is_there(call: vn.Recording, tmp_path: Path) -> None:
    path = tmp_path / "for" / "them" / "call.html"
    assert call.to_html(path, include_audio=False) == path
    first = path.read_bytes()
    path.write_text("something else")
    call.to_html(str(path), include_audio=False)
    assert path.read_bytes() == first
    assert b"\r" not in first  # the policy knows the script by its bytes


def test_to_html_says_why_it_cannot_write(call: vn.Recording, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(vn.RecordingError, match="cannot be written"):
        call.to_html(tmp_path / "file" / "call.html", include_audio=False)
    with pytest.raises(vn.InvalidConfiguration, match="path"):
        call.to_html(3, include_audio=False)  # type: ignore[arg-type]


def test_a_call_whose_sound_is_missing_is_refused_before_a_file_is_touched(
    call: vn.Recording, tmp_path: Path
) -> None:
    path = tmp_path / "call.html"
    path.write_text("mine")
    with pytest.raises(vn.InvalidConfiguration):
        call.to_html(path, include_audio="mp3")  # type: ignore[arg-type]
    assert path.read_text() == "mine"
