"""A service that tells what it has sent, and when: for what must follow from it at the page's output."""

import json
import time
from functools import cached_property

import voicenb as vn


class TellingEmulator(vn.Emulator):
    """Calls :meth:`told` with every event that it has sent."""

    def told(self, event, at):
        """An event has gone out.

        Args:
            event: as it was sent.
            at: when, in epoch seconds.
        """
        raise NotImplementedError

    @cached_property
    def app(self):
        inner = super().app

        async def app(scope, receive, send):
            async def telling(message):
                await send(message)
                if message.get("text"):
                    self.told(json.loads(message["text"]), time.time())

            await inner(scope, receive, telling)

        return app
