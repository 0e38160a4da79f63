"""The card of a recording in a notebook."""

import html
import json
import re
import time

import pytest

from voicenb.recording.recording import Recording


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Rome")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def card(folder):
    """What the card says, a row a line, without its tags."""
    made = Recording(folder)._repr_html_()
    text = re.sub(r"</div>|<br>|</summary>", "\n", made).replace("&ensp;", " ")
    return [line for line in html.unescape(re.sub(r"<[^>]+>", "", text)).splitlines() if line], made


def test_it_says_what_the_call_was_and_what_one_can_do_with_it(finished):
    rows, _ = card(finished)
    assert rows == [
        "Lido · 2026-09-21 16:13 · 3 s · emulator · contract · rules",
        "1 caller's turn · 1 reply · 1 interruption · 1 tool call (free) · ended",
        "about 2 words not heard",
        "0:01.2 Caller A table for <four>.",
        "0:02.0 free(people=4) → []",
        "0:02.5 Lido Nothing is free.",
        "vn.Player(call) hear it and follow vn.turns(call) each turn and its waits "
        "vn.report(call) the call in figures "
        'call.to_html("lido.html") a page that explains it, for everybody '
        'call.export_wav("lido.wav") both voices, to listen to call.save("calls/lido") a copy to keep ',
        f"In {finished}",
    ]


def test_on_the_virtual_clock_there_is_no_date(finished):
    about = json.loads((finished / "session.json").read_text())
    (finished / "session.json").write_text(json.dumps({**about, "clock": "virtual"}))
    rows, _ = card(finished)
    assert rows[0] == "Lido · virtual clock · 3 s · emulator · contract · rules"
    assert repr(Recording(finished)).splitlines()[0] == "<Recording: Lido · virtual clock · 3 s"


def test_what_was_not_captured_is_said(finished):
    about = json.loads((finished / "session.json").read_text())
    about["absent"] = {"decisions": "When a turn was <decided>.", "ear": "When it was heard."}
    (finished / "session.json").write_text(json.dumps(about))
    rows, _ = card(finished)
    assert "Not captured: decisions, ear" in rows
    assert "When a turn was <decided>.When it was heard." in "".join(rows)


def test_what_was_not_heard_is_struck_out(finished):
    made = Recording(finished)._repr_html_()
    assert re.search(r"Nothing <s[^>]*>is free\.</s>", made)


def test_its_colours_are_the_page_s_but_for_the_marks(finished):
    made = Recording(finished)._repr_html_()
    assert "color:" not in made
    assert made.count("border-left: 3px solid var(--voicenb-caller") == 1


def chatter(call, turns):
    call.opens()
    for turn in range(turns):
        at = float(turn)
        call.put(at + 0.1, "in", "transcript.user", {"item_id": f"i{turn}", "text": f"Turn {turn}."})
        call.put(at + 0.2, "in", "reply.started", {"reply_id": f"r{turn}"})
        call.put(at + 0.3, "in", "transcript.agent", {"reply_id": f"r{turn}", "text": "x" * 1000})
        call.put(at + 0.4, "in", "reply.done", {"reply_id": f"r{turn}"})
    call.recorder.close({"t": float(turns)})
    return call.recorder.folder


def test_a_long_call_is_folded_behind_its_first_lines(call):
    rows, made = card(chatter(call, 10))
    assert rows[3] == "0:00.1 Caller Turn 0."
    assert rows[9] == "… 14 more"
    assert "Turn 9." in rows[22]
    head, folded = made.split("<details>")
    assert "Turn 2." in head
    assert "Turn 3." in folded
    assert "x" * 160 not in made


def test_of_a_very_long_call_the_end_is_left_to_the_transcript(call):
    rows, made = card(chatter(call, 150))
    assert "… 94 more in recording.transcript" in rows
    assert "Turn 149." not in made


def test_a_call_in_which_nothing_was_said(call):
    rows, _ = card(call.recorder.folder)
    call.recorder.close({})
    assert rows[1:3] == ["0 caller's turns · 0 replies · not finished: it runs still", "Nothing was said."]


def test_a_recording_that_does_not_say_when(finished):
    path = finished / "session.json"
    path.write_text(re.sub(r'"started": ?"[^"]*"', '"started": null', path.read_text("utf-8")), "utf-8")
    rows, _ = card(finished)
    assert rows[0] == "Lido · 3 s · emulator · contract · rules"


def test_a_noise_that_was_taken_for_words_at_first_is_no_turn(call):
    call.opens()
    call.put(1.0, "in", "transcript.user.delta", {"item_id": "i1", "text": "hm"})
    call.put(1.5, "in", "transcript.user", {"item_id": "i1", "text": ""})
    call.put(2.0, "in", "transcript.user", {"item_id": "i2", "text": "Hello?"})
    call.recorder.close({"t": 3.0, "reason": "ended"})
    rows, _ = card(call.recorder.folder)
    assert rows[1:3] == ["1 caller's turn · 0 replies · ended", "0:02.0 Caller Hello?"]


@pytest.mark.parametrize(
    ("at", "shown"),
    [(0.04, "0:00.0"), (59.94, "0:59.9"), (59.96, "1:00.0"), (60.0, "1:00.0"), (754.26, "12:34.3")],
)
def test_minutes_and_seconds_of_a_line(call, at, shown):
    call.opens()
    call.put(at, "in", "transcript.user", {"item_id": "i1", "text": "Hello?"})
    call.recorder.close({"t": at, "reason": "error"})
    rows, _ = card(call.recorder.folder)
    assert rows[1:3] == ["1 caller's turn · 0 replies · ended: error", f"{shown} Caller Hello?"]
