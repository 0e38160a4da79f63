import asyncio
import contextvars
import os
import signal

import pytest

from voicenb.errors import WaitTimeout
from voicenb.testing.elsewhere import run_really
from voicenb.testing.virtual_clock import run_virtually

WHO = contextvars.ContextVar("WHO", default="nobody")


def test_the_callers_context_comes_along():
    async def main():
        return WHO.get()

    token = WHO.set("the caller")
    try:
        assert run_really(main, limit=5) == "the caller"
        assert run_virtually(main) == "the caller"
    finally:
        WHO.reset(token)


def test_real_time_has_a_limit_too():
    tidied = []

    async def main():
        try:
            await asyncio.Event().wait()
        finally:
            tidied.append(True)

    with pytest.raises(WaitTimeout, match=r"limit of 0\.05 seconds"):
        run_really(main, limit=0.05)
    assert tidied


def test_a_timeout_of_mains_own_is_its_own():
    async def main():
        raise TimeoutError("mine")

    with pytest.raises(TimeoutError, match="mine") as caught:
        run_really(main, limit=5)
    assert not isinstance(caught.value, WaitTimeout)


@pytest.mark.parametrize("run", [run_really, run_virtually])
def test_an_interrupt_lets_main_tidy_up(run):
    tidied = []

    async def main():
        os.kill(os.getpid(), signal.SIGINT)
        try:
            while True:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        finally:
            tidied.append(True)

    with pytest.raises(KeyboardInterrupt):
        run(main, limit=1e9)
    assert tidied
