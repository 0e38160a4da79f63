"""What a page asks the kernel for, against a widget of the test's; with a real call in test_talk_page.py."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any, cast

import pytest

from voicenb.errors import ServiceUnreachable, SessionNotOpen, UnspeakableText, VoicenbError, WaitTimeout
from voicenb.widgets.feed import Feed
from voicenb.widgets.page import Page
from voicenb.widgets.talk import Talk


class Call:
    """A call that takes what its page says."""

    def __init__(self, *, over: bool = False) -> None:
        self.over = over
        self.failure: VoicenbError | None = None
        self.heard: list[Any] = []
        self.gone = False
        self.refusal: VoicenbError | None = None
        self.tickets = 0

    def from_page(self, message: Any) -> None:
        if self.gone:
            raise SessionNotOpen("The session has ended.")
        self.heard.append(message)

    def page_ticket(self, origin: str) -> dict[str, Any]:
        if self.refusal is not None:
            raise self.refusal
        self.tickets += 1
        return {"port": 4711, "secret": f"s{self.tickets}", "origin": origin}


class Widget:
    """A widget: what it was asked for, and what was sent to its page."""

    _service: Any = None

    def __init__(self, call: Call | None = None) -> None:
        self.session = call
        self.next = Call()
        self.sent: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self._changed = threading.Condition()

    def send(self, content: dict[str, Any], buffers: Any = None) -> None:
        with self._changed:
            self.sent.append(content if buffers is None else content | {"buffers": buffers})
            self._changed.notify_all()

    def wait(self, found: Callable[[], Any]) -> Any:
        with self._changed:
            assert self._changed.wait_for(found, 10), (self.sent, self.asked)
            return found()

    def _note(self, what: str) -> None:
        with self._changed:
            self.asked.append(what)
            self._changed.notify_all()

    def end(self) -> None:
        self._note("end")

    def mute(self, muted: bool) -> None:
        self._note("mute" if muted else "unmute")
        if self.session is None:
            raise SessionNotOpen("No call.")

    def say(self, text: str) -> None:
        if not text.isascii():
            raise UnspeakableText("That cannot be said.")
        self._note("say")

    def _give_up(self) -> None:
        self._note("give up")

    def _hand_over(self) -> None:
        self._note("hand over")

    def _session_for_page(self, *, rejoin: bool, muted: bool = False, check: bool = False) -> Call:
        if self.session is None:
            self.session = self.next
        return self.session


class Facts:
    """A feed: what it was told."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}
        self.all = 0
        self.watched = False

    def fact(self, **facts: Any) -> None:
        self.told |= facts

    def tell_all(self) -> None:
        self.all += 1

    def watch(self) -> None:
        self.watched = True


class Panel:
    """A page's side of a panel."""

    def __init__(self, call: Call | None = None, *, audio: str | None = None) -> None:
        self.widget, self.feed = Widget(call), Facts()
        self.page = Page(cast(Talk, self.widget), cast(Feed, self.feed), audio)

    def says(self, message: Any, /, *buffers: bytes, **content: Any) -> None:
        self.page.receive(self.widget, {"type": message, **content}, [memoryview(each) for each in buffers])

    def starts(self, *, loopback: bool = True, **content: Any) -> dict[str, Any]:
        """Press Start; the answer."""
        origin = "http://localhost:8888"
        self.says("start", ask="a1", origin=origin, loopback=loopback, **content)
        return cast("dict[str, Any]", self.widget.wait(self._answer))

    def _answer(self) -> dict[str, Any] | None:
        return next((sent for sent in self.widget.sent if sent["type"] in ("connect", "error")), None)


@pytest.fixture
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server without jupyter-server-proxy."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)


# --- the ways -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audio", "loopback", "kinds"),
    [
        (None, True, ["direct", "kernel"]),
        (None, False, ["kernel"]),
        ("kernel", True, ["kernel"]),
        ("direct", True, ["direct"]),
        ("direct", False, []),
    ],
)
@pytest.mark.usefixtures("_no_proxy")
def test_the_ways_that_a_page_may_try(audio: str | None, loopback: bool, kinds: list[str]) -> None:
    answer = Panel(audio=audio).starts(loopback=loopback)
    assert [way["kind"] for way in answer["ways"]] == kinds
    assert (answer["insist"], answer["ask"]) == (audio, "a1")


def test_each_way_of_its_own_has_an_address_and_a_ticket_of_its_own() -> None:
    direct, proxy, kernel = Panel().starts()["ways"]
    assert direct == {
        "kind": "direct",
        "url": "ws://127.0.0.1:4711/page",
        "secret": "s1",
        "origin": "http://localhost:8888",
    }
    assert (proxy["kind"], proxy["url"], proxy["secret"]) == ("proxy", "proxy/4711/page", "s2")
    assert kernel == {"kind": "kernel"}


def test_a_call_that_is_over_by_the_time_is_told_with_what_ended_it() -> None:
    call = Call(over=True)
    assert Panel(call).starts()["message"] == "The call has ended."
    call.failure = ServiceUnreachable("The line is dead.", remedy="Again.")
    answer = Panel(call).starts()
    assert (answer["type"], answer["message"], answer["remedy"]) == ("error", "The line is dead.", "Again.")


@pytest.mark.parametrize("began", ["now", "before"])
def test_a_call_that_no_page_can_be_let_into_is_ended_if_it_was_begun_for_the_page(began: str) -> None:
    panel = Panel(Call() if began == "before" else None)
    call = panel.widget.session or panel.widget.next
    call.refusal = VoicenbError("The helper gives no ticket.")
    assert panel.starts()["message"] == "The helper gives no ticket."
    assert panel.widget.asked == (["end"] if began == "now" else [])


def test_a_call_that_is_ending_is_waited_for_and_says_why() -> None:
    call = Call()
    call.refusal = SessionNotOpen("The session has ended.")
    call.failure = ServiceUnreachable("The line is dead.", remedy="Again.")
    panel = Panel(call)
    assert panel.starts()["message"] == "The line is dead."
    assert panel.widget.asked == ["end"]


# --- what passes through the kernel ------------------------------------------------


def test_what_a_page_says_is_handed_in_unchanged_words_before_sound() -> None:
    call = Call()
    Panel(call).says("page", b"\x01sound", b"\x01more", texts=[{"type": "heard"}, {"type": "mute"}])
    assert call.heard == [{"type": "heard"}, {"type": "mute"}, b"\x01sound", b"\x01more"]


@pytest.mark.parametrize("call", [None, Call(over=True)])
def test_without_a_call_it_is_for_nobody(call: Call | None) -> None:
    panel = Panel(call)
    panel.says("page", b"\x01", texts=[{"type": "heard"}])
    panel.says("page")
    assert call is None or call.heard == []


@pytest.mark.parametrize("call", [None, Call(over=True), "gone"])
def test_a_page_that_comes_through_the_kernel_when_the_call_is_over_is_told(call: Any) -> None:
    if call == "gone":
        call = Call()
        call.gone = True
    panel = Panel(call)
    panel.says("page", texts=[{"type": "hello", "mark": 7}])
    assert panel.widget.sent == [{"type": "page", "text": {"type": "end"}}]


def test_a_call_that_ends_in_this_moment_is_no_error() -> None:
    call = Call()
    call.gone = True
    Panel(call).says("page", b"\x01", texts=None)
    assert call.heard == []


def test_what_the_call_says_goes_to_the_page_as_it_is() -> None:
    panel = Panel(Call())
    panel.page.to_page({"type": "open"})
    panel.page.to_page(b"\x02sound")
    assert panel.widget.sent == [
        {"type": "page", "text": {"type": "open"}},
        {"type": "audio", "buffers": [b"\x02sound"]},
    ]


@pytest.mark.parametrize(("kind", "shorter"), [("kernel", True), ("direct", False)])
def test_threads_take_turns_faster_only_while_sound_passes_through_the_kernel(
    kind: str, shorter: bool
) -> None:
    before = sys.getswitchinterval()
    panel = Panel(Call())
    panel.says("chosen", kind=kind)
    assert (sys.getswitchinterval() < before) is shorter
    assert panel.feed.told == {"audio": kind}
    panel.page.over()
    assert sys.getswitchinterval() == pytest.approx(before, rel=0.01)


def test_words_that_cannot_be_said_go_back_to_the_page_that_typed_them() -> None:
    panel = Panel(Call())
    panel.says("say", ask="a1", text="Привет")
    panel.widget.wait(lambda: panel.widget.sent)
    assert panel.widget.sent == [{"type": "unsaid", "ask": "a1", "text": "Привет"}]
    assert panel.feed.told["error"]["message"] == "That cannot be said."
    panel.says("say", ask="a2", text="Hello.")
    panel.widget.wait(lambda: panel.widget.asked == ["say"])
    assert len(panel.widget.sent) == 1


# --- the end --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "code", "ends"),
    [
        ("stop", None, True),
        ("failed", "page", True),
        ("failed", None, True),
        ("failed", "microphone-lost", False),
    ],
)
def test_what_ends_a_call(kind: str, code: str | None, ends: bool) -> None:
    panel = Panel(Call())
    panel.says(kind, code=code)
    panel.says("mute", muted=True)  # comes behind it
    panel.widget.wait(lambda: "mute" in panel.widget.asked)
    assert panel.widget.asked == (["give up", "end", "mute"] if ends else ["mute"])


def test_an_end_that_does_not_come_is_shown() -> None:
    panel = Panel(Call())

    def end() -> None:
        panel.widget._note("end")
        raise WaitTimeout("It did not end.", remedy="Once more.")

    panel.widget.end = end  # type: ignore[method-assign]
    panel.says("stop")
    panel.page._errands.ask(panel.widget._note, "done")
    panel.widget.wait(lambda: "done" in panel.widget.asked)
    assert panel.feed.told["error"] == {"message": "It did not end.", "remedy": "Once more."}


# --- the rest -------------------------------------------------------------------


def test_a_mute_without_a_call_is_kept_for_the_next() -> None:
    panel = Panel()
    panel.says("mute", muted=True)
    panel.says("stop")
    panel.widget.wait(lambda: "end" in panel.widget.asked)
    assert panel.feed.told == {"muted": True}


def test_a_page_that_comes_is_told_everything() -> None:
    panel = Panel()
    panel.says("attach", lab="4.2.0")
    assert panel.feed.all == 1
    assert panel.feed.told["notice"]["message"].startswith("jupyterlab 4.2.0")
    assert panel.widget.asked == ["hand over"]


class Nowhere:
    """A service that is not there."""

    def address(self) -> Any:
        raise ServiceUnreachable("Nothing is there.", remedy="Start it.")


def test_a_page_that_shows_the_panel_is_greeted_once_and_told_what_is_missing() -> None:
    panel = Panel()
    panel.widget._service = Nowhere()
    assert not panel.page.shown.is_set()
    assert not panel.feed.watched
    for _ in range(2):
        panel.says("shown")
    assert panel.page.shown.is_set()
    assert panel.feed.watched
    for thread in threading.enumerate():
        if thread.name == "voicenb-warm-up":
            thread.join(30)
    assert panel.widget.sent == [{"type": "first"}]
    assert panel.feed.told == {
        "state": "idle",
        "error": {"message": "Nothing is there.", "remedy": "Start it."},
    }


@pytest.mark.parametrize("kind", [None, "of a newer page", 7])
def test_what_is_not_known_is_passed_over(kind: Any) -> None:
    panel = Panel(Call())
    panel.says(kind)
    assert panel.widget.sent == panel.widget.asked == []
