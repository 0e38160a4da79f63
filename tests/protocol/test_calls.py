import pytest

from voicenb.protocol.calls import ToolCallState


def call(**more):
    return ToolCallState("c1", "free_tables", {}, at=10.0, timeout=30.0, **more)


@pytest.mark.parametrize(("now", "pending"), [(10.0, True), (39.999, True), (40.0, False), (100.0, False)])
def test_the_service_waits_until_the_timeout(now, pending):
    assert call().pending(now) is pending


def test_a_result_ends_the_waiting_even_an_empty_one():
    answered = call()
    answered.result = ""
    assert not answered.pending(11.0)


def test_a_result_that_is_to_be_sent_again_is_waited_for_until_the_timeout():
    answered = call(again=True)
    answered.result = "[]"
    assert answered.pending(39.0)
    assert not answered.pending(40.0)


def test_nobody_waits_for_a_call_of_a_tool_that_the_service_runs_itself():
    assert not call(known=False).pending(11.0)
