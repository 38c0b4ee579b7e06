"""An HTTP proxy for tests, which tunnels to one place whatever it is asked for."""

from __future__ import annotations

import socket
import socketserver
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.live.api_server import Server


@dataclass
class Proxy:
    """Notes which tunnels it was asked for, and with what credentials."""

    port_behind: int
    asked: list[str] = field(default_factory=list)
    credentials: list[str | None] = field(default_factory=list)

    def start(self) -> int:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_CONNECT(self) -> None:  # the name that http.server asks for
                proxy.asked.append(self.path)
                proxy.credentials.append(self.headers.get("Proxy-Authorization"))
                with socket.create_connection(("127.0.0.1", proxy.port_behind)) as behind:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=_copy, args=(behind, self.connection))
                    back.start()
                    _copy(self.connection, behind)
                    back.join()
                self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                del format, args

        self._server: socketserver.TCPServer = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return int(self._server.server_address[1])

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:  # one of the two ends left
        return
