"""An extension of the Jupyter server: what a kernel says reaches its pages at once.

The server leaves Nagle's algorithm on for the sockets to its pages: a small message waits there until the
page has acknowledged the one before, up to 40 ms. Where sound passes through the kernel, the word that the
agent must fall silent is such a message. This turns the algorithm off for the sockets of kernels, nothing
else.

``etc/jupyter/jupyter_server_config.d/voicenb.json`` switches it on where voicenb is installed.
"""

from __future__ import annotations

import contextlib
from typing import Any

NAME = "voicenb.server_extension"

_SETTING = "kernel_websocket_connection_class"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": NAME}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Called by the server when it starts; one that is not made as expected stays as it is."""
    settings = server.web_app.settings
    known = settings.get(_SETTING)
    if isinstance(known, type) and hasattr(known, "connect"):
        settings[_SETTING] = without_delay(known)


def without_delay(known: type[Any]) -> type[Any]:
    """A class like ``known``, which joins a page's socket to a kernel, that switches the delay off first.

    It has the same name, so that what is configured by it stays in force.
    """

    def connect(self: Any, *arguments: Any, **named: Any) -> Any:
        with contextlib.suppress(Exception):  # then it is as slow as it was
            self.websocket_handler.set_nodelay(True)
        return known.connect(self, *arguments, **named)

    return type(known.__name__, (known,), {"__doc__": known.__doc__, "connect": connect})


def enabled() -> bool | None:
    """Whether this environment's Jupyter server loads the extension; None where it has no server."""
    try:
        from jupyter_core.paths import jupyter_config_path
        from jupyter_server.extension.config import ExtensionConfigManager
    except ImportError:
        return None
    manager: Any = ExtensionConfigManager(read_config_path=jupyter_config_path())
    return bool(manager.enabled(NAME))
