"""The server's extension: in a real Jupyter server with a real kernel, and beside what it does not know."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from voicenb.server_extension import NAME, _load_jupyter_server_extension, enabled, without_delay

CONFIG = Path(__file__).parents[1] / "etc" / "jupyter" / "jupyter_server_config.d" / "voicenb.json"

# A Jupyter server and a kernel: opens a page's socket to the kernel, and looks at the server's end of it.
SERVER = """
import asyncio, json, socket
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.websocket import websocket_connect

async def main():
    server = ServerApp.instance(
        open_browser=False, port=0, ip="127.0.0.1", token="t", allow_root=True, root_dir="."
    )
    server.initialize(argv=[])
    kernel = await server.kernel_manager.start_kernel()
    url = f"ws://127.0.0.1:{server.port}/api/kernels/{kernel}/channels?session_id=s&token=t"
    page = await websocket_connect(url)
    header = {"msg_id": "m", "msg_type": "kernel_info_request", "session": "s", "username": "u"}
    rest = {"parent_header": {}, "metadata": {}, "content": {}, "channel": "shell", "buffers": []}
    await page.write_message(json.dumps({"header": header, **rest}))
    while json.loads(await page.read_message())["header"]["msg_type"] != "kernel_info_reply":
        pass
    (joined,) = ZMQChannelsWebsocketConnection._open_sockets
    end = joined.websocket_handler.ws_connection.stream.socket
    print(json.dumps({
        "no delay": end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY),
        "rate": joined.iopub_msg_rate_limit,
        "messages pass": True,
    }))
    page.close()
    await server._cleanup()

asyncio.run(main())
"""


def settle(folder, monkeypatch, *, on):
    """A Jupyter configuration with the extension on or off, whatever this environment has installed."""
    places = folder / "config" / "jupyter_server_config.d"
    places.mkdir(parents=True)
    told = json.loads(CONFIG.read_text("utf-8"))
    told["ServerApp"]["jpserver_extensions"] = dict.fromkeys(told["ServerApp"]["jpserver_extensions"], on)
    (places / "voicenb.json").write_text(json.dumps(told))
    limits = {"ZMQChannelsWebsocketConnection": {"iopub_msg_rate_limit": 4321.0}}
    (folder / "config" / "jupyter_server_config.json").write_text(json.dumps(limits))
    for name in ("CONFIG", "RUNTIME", "DATA"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(folder / name.lower()))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")


@pytest.mark.parametrize(("on", "no_delay"), [(True, 1), (False, 0)])
def test_a_real_server_sends_what_the_kernel_says_without_delay(tmp_path, monkeypatch, on, no_delay):
    settle(tmp_path, monkeypatch, on=on)
    done = subprocess.run(
        [sys.executable, "-c", SERVER],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert bool(told["no delay"]) is bool(no_delay)
    assert told["rate"] == 4321.0, "what is configured by the class's name stays in force"
    assert told["messages pass"]


@pytest.mark.parametrize("on", [True, False])
def test_whether_it_is_on_can_be_asked(tmp_path, monkeypatch, on):
    settle(tmp_path, monkeypatch, on=on)
    assert enabled() is on


def test_a_class_that_connects_otherwise_stays_as_it_is():
    class Theirs:
        def __init__(self):
            self.connected = []

        async def connect(self, *arguments):
            self.connected += arguments
            return "theirs"

    ours = without_delay(Theirs)
    assert ours.__name__ == "Theirs"
    made = ours()  # without a handler, and so without a socket
    with pytest.raises(StopIteration) as done:
        made.connect(1, 2).send(None)
    assert done.value.value == "theirs"
    assert made.connected == [1, 2]


@pytest.mark.parametrize("known", [None, "a name", object])
def test_a_server_that_is_made_otherwise_stays_as_it_is(known):
    settings = {} if known is None else {"kernel_websocket_connection_class": known}
    before = dict(settings)
    _load_jupyter_server_extension(SimpleNamespace(web_app=SimpleNamespace(settings=settings)))
    assert settings == before


def test_its_name_is_the_modules():
    assert _load_jupyter_server_extension.__module__ == NAME
