"""What goes wrong on the way, each as it looks on the wire."""

from __future__ import annotations

import socket
import struct
from typing import Any

from tests.live.api_server import Fault, Handler, status
from tests.live.fake_clock import FakeClock

HALF = b'{"kind": "PodList", "items": ['


def refuses(
    code: int, reason: str, message: str = "", headers: dict[str, str] | None = None
) -> Fault:
    return lambda handler: handler.say(code, status(code, reason, message or reason), headers or {})


def says(body: Any, headers: dict[str, str] | None = None) -> Fault:
    return lambda handler: handler.say(200, body, headers or {})


def redirects(place: str) -> Fault:
    return lambda handler: handler.say(302, b"", {"Location": place})


def _begins(handler: Handler, *, length: int | None) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    if length is None:
        handler.send_header("Transfer-Encoding", "chunked")
    else:
        handler.send_header("Content-Length", str(length))
    handler.end_headers()


def cut_short(handler: Handler) -> None:
    _begins(handler, length=4096)
    handler.wfile.write(HALF)
    handler.close_connection = True


def reset(handler: Handler) -> None:
    _begins(handler, length=4096)
    handler.wfile.write(HALF)
    handler.wfile.flush()
    now = struct.pack("ii", 1, 0)  # linger for no time: closing sends a reset
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
    handler.connection.close()
    handler.close_connection = True


def endless(clock: FakeClock) -> Fault:
    """A body of spaces; a second passes with each of them."""

    def fault(handler: Handler) -> None:
        _begins(handler, length=None)
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(HALF), HALF))
        while not handler.api.stopped.is_set():
            clock.advance(1)
            handler.wfile.write(b"1\r\n \r\n")

    return fault


def silent(handler: Handler) -> None:
    """A body that never goes on."""
    _begins(handler, length=4096)
    handler.wfile.write(HALF)
    handler.wfile.flush()
    handler.api.stopped.wait()
    handler.close_connection = True
