"""The page of a call: one file that opens anywhere, without Jupyter and without a network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from voicenb.errors import InvalidConfiguration
from voicenb.sharing.document import document
from voicenb.sharing.sound import KINDS, Coding, coded
from voicenb.widgets.bundle import bundle, styles

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording


def page(recording: Recording, include_audio: bool | Coding = True) -> str:
    """The page as text: everything that it needs is in it, and nothing in it leads elsewhere.

    Its policy (Content-Security-Policy) lets the browser load nothing from anywhere, and run no script but
    the page's own.

    Args:
        recording: of the call.
        include_audio: whether the voices are in it, and as what; see :meth:`voicenb.Recording.to_html`.

    Raises:
        InvalidConfiguration: ``include_audio`` is something else.
        MissingExtra: soundfile is not installed, and the voices are wanted.
    """
    coding = _coding(include_audio)
    call = document(recording)
    sound = ""
    if coding is not None:
        kind = escape(KINDS[coding][2])
        kept = base64.b64encode(coded(recording, call["duration"], coding)).decode("ascii")
        sound = f'<script type="text/plain" id="voicenb-sound" data-type="{kind}">{kept}</script>\n'
    style = styles("call_view.css", "share.css")
    program = "\n" + bundle("view_page.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_digest(program)}",
            f"style-src {_digest(style)}",
            "media-src blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    title = " · ".join(part for part in (call["title"], call["date"]) if part)
    return (
        "<!doctype html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n"
        f"<style>{style}</style>\n</head>\n<body>\n"
        f'<main id="voicenb-page">{_plain(call)}</main>\n'
        f'<script type="application/json" id="voicenb-document">{_inside(call)}</script>\n'
        f'{sound}<script type="module">{program}</script>\n'
        "</body>\n</html>\n"
    )


def _coding(include_audio: bool | Coding) -> Coding | None:
    if include_audio is True:
        return "opus"
    if include_audio is False:
        return None
    if include_audio in KINDS:
        return include_audio
    raise InvalidConfiguration(
        f"include_audio={include_audio!r} says nothing of the voices.",
        remedy='Use True (Opus), False, "opus" or "flac".',
        param="include_audio",
    )


def _digest(text: str) -> str:
    """The name by which the policy knows a script or a style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _inside(call: Mapping[str, Any]) -> str:
    """The document as JSON that stays where it is put: nothing that was said ends the element around it."""
    text = json.dumps(call, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _plain(call: Mapping[str, Any]) -> str:
    """The words, for where no script runs."""
    names = {"caller": "Caller", "agent": call["title"]}
    said = "".join(
        f"<p><b>{escape(names[line['by']])}</b> {escape(' '.join(word for word, *_ in line['words']))}"
        + (f" <s>{escape(line['unheard'])}</s>" if line.get("unheard") else "")
        + "</p>\n"
        for line in call["lines"]
        if line["by"] in names
    )
    found = "".join(f"<li>{escape(finding)}</li>\n" for finding in call["findings"])
    return (
        f'<div class="voicenb-share-plain"><h1>{escape(call["title"])}</h1>\n'
        f"<p>{escape(' · '.join(part for part in (call['date'], call['service']) if part))}</p>\n"
        f"{said}<ul>{found}</ul></div>"
    )
