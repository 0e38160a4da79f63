from __future__ import annotations

import threading
import time
from itertools import pairwise

from real_kernel import Kernel

from voicenb.widgets.comm import INTERVAL, Door, let_messages_through


def test_many_knocks_are_few_deliveries_and_the_last_is_among_them() -> None:
    state, delivered, done = [0], [], threading.Event()

    def deliver() -> None:
        delivered.append((time.monotonic(), state[0], threading.current_thread().name))
        if state[0] == 3000:
            done.set()

    door = Door(deliver)
    for number in range(3001):
        state[0] = number
        door.knock()
    assert done.wait(5)
    assert len(delivered) <= 5
    assert {name for _, _, name in delivered} == {"voicenb-panel"}
    gaps = [b - a for (a, _, _), (b, _, _) in pairwise(delivered)]
    assert all(gap >= INTERVAL * 0.9 for gap in gaps)


def test_two_never_deliver_at_once() -> None:
    inside, overlaps = [0], [0]
    turn = threading.Event()

    def deliver() -> None:
        inside[0] += 1
        overlaps[0] += inside[0] > 1
        turn.wait(0.02)
        inside[0] -= 1

    door = Door(deliver)
    threads = [threading.Thread(target=door.now) for _ in range(5)]
    for thread in threads:
        door.knock()
        thread.start()
    for thread in threads:
        thread.join()
    assert overlaps == [0]


def test_one_delivery_that_fails_does_not_stop_the_others(caplog) -> None:
    failed, done = threading.Event(), threading.Event()

    def deliver() -> None:
        if failed.is_set():
            done.set()
        else:
            failed.set()
            raise ValueError("not to be sent")

    door = Door(deliver)
    door.knock()
    assert failed.wait(5)
    door.knock()
    assert done.wait(5)
    assert "could not be told" in caplog.text


class Routed:
    """A comm of ipykernel 7.4."""

    def _reply_subshell_for(self, data: object, default: str) -> str:
        return "the main shell, where a cell runs"


def test_messages_go_to_the_shell_that_the_page_named() -> None:
    comm = Routed()
    let_messages_through(comm)
    assert comm._reply_subshell_for({}, "a subshell") == "a subshell"


def test_other_versions_are_left_alone() -> None:
    comm = object()
    let_messages_through(comm)
    assert not hasattr(comm, "_reply_subshell_for")


def test_a_message_is_not_the_end_of_a_cell() -> None:
    from comm.base_comm import BaseComm
    from IPython.core.interactiveshell import InteractiveShell

    class Quiet(BaseComm):
        def publish_msg(self, *_: object, **__: object) -> None:
            pass

    shell = InteractiveShell.instance()
    ended: list[str] = []
    came: list[object] = []
    hook = lambda: ended.append("a cell")  # noqa: E731
    shell.events.register("post_execute", hook)
    try:
        comm = Quiet()
        comm.on_msg(came.append)
        comm.handle_msg({"content": 1})
        assert (came, ended) == ([{"content": 1}], ["a cell"]), "else there is nothing to keep from it"
        let_messages_through(comm)
        comm.handle_msg({"content": 2})
        comm.on_msg(None)
        comm.handle_msg({"content": 3})
        assert (came, ended) == ([{"content": 1}, {"content": 2}], ["a cell"])
    finally:
        shell.events.unregister("post_execute", hook)
        InteractiveShell.clear_instance()


def test_the_installed_ipykernel_has_what_is_replaced_or_nothing_like_it() -> None:
    import inspect

    from ipykernel.comm.comm import BaseComm

    route = getattr(BaseComm, "_reply_subshell_for", None)
    if route is not None:
        assert list(inspect.signature(route).parameters) == ["self", "data", "default"]


def test_a_pages_message_does_not_take_a_cells_unfinished_figure_away(kernel: Kernel) -> None:
    cell = """
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
print("drawing", flush=True)
input_came = talk._page.shown.wait(20)
print(input_came, plt.get_fignums())
plt.close(figure)
"""
    kernel.run("%matplotlib inline")
    request = kernel.client.execute(cell)
    while True:
        message = kernel.client.get_iopub_msg(timeout=60)
        if message["content"].get("text") == "drawing\n":
            break
    kernel.until_idle(kernel.page_says(type="page", texts=[]))
    kernel.page_says(type="shown")
    came = kernel.until_idle(request)
    assert "".join(m["content"]["text"] for m in came if m["msg_type"] == "stream") == "True [1]\n"
