from __future__ import annotations

from voicenb.widgets.echo_notice import SHOWN, EchoNotice


def test_it_stands_for_a_while_once_in_a_call() -> None:
    now = [0.0]
    notice = EchoNotice(lambda: now[0])
    assert not notice.shown
    notice.note()
    now[0] = SHOWN - 1
    assert notice.shown
    notice.note()
    now[0] += SHOWN - 1
    assert notice.shown, "it goes on"
    now[0] += 2
    assert not notice.shown
    notice.note()
    assert not notice.shown, "whoever has read it need not read it again"
