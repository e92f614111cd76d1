"""A server that does to each connection what its script says, byte by byte."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE_S = 30.0
_DRIPS = 200

type Script = Callable[[Exchange], None]


class Exchange:
    """One connection, from the server's side."""

    def __init__(self, connection: socket.socket, over: threading.Event) -> None:
        self._connection = connection
        self._over = over
        self._read = connection.makefile("rb")

    def take_request(self) -> bytes:
        """Read one whole request; empty if the client has gone."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self._read.readline()
            if not line:
                return b""
            head += line
        lengths = [
            int(line.partition(b":")[2])
            for line in head.lower().splitlines()
            if line.startswith(b"content-length:")
        ]
        return head + self._read.read(sum(lengths))

    def send(self, *parts: bytes) -> None:
        """Send bytes as they are."""
        self._connection.sendall(b"".join(parts))

    def drip(self, part: bytes, every_s: float) -> None:
        """Send the same bytes many times, or until the client has had enough."""
        try:
            for _ in range(_DRIPS):
                if self._over.wait(every_s):
                    return
                self._connection.sendall(part)
        except OSError:
            return

    def hang(self) -> None:
        """Say nothing until the client has gone or the test is over."""
        self._connection.settimeout(0.02)
        while not self._over.is_set():
            try:
                if not self._connection.recv(65536):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def reset(self) -> None:
        """Cut the connection as a crash does."""
        # Lingering for no time at all sends a reset instead of an orderly end.
        self._connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
        )

    def give_up(self) -> None:
        """Wake a script that waits for its client."""
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close both directions."""
        self._read.close()
        self._connection.close()


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    """Return a whole answer with its length."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class ScriptedServer:
    """Plays one script per connection, the last one for all that follow."""

    def __init__(self, scripts: tuple[Script, ...]) -> None:
        self._scripts = scripts
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._exchanges: list[Exchange] = []
        self.connections = 0
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def start(self) -> None:
        """Accept connections until ``stop``."""
        self._go(self._accept)

    def stop(self) -> None:
        """End all connections and wait for their threads."""
        self._over.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for exchange in self._exchanges:
            exchange.give_up()
        for thread in self._threads:
            thread.join(_PATIENCE_S)

    def _go(self, act: Callable[[], None]) -> None:
        thread = threading.Thread(target=act, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            connection.settimeout(_PATIENCE_S)
            script = self._scripts[min(self.connections, len(self._scripts) - 1)]
            self.connections += 1
            exchange = Exchange(connection, self._over)
            self._exchanges.append(exchange)
            self._go(partial(self._play, exchange, script))

    @staticmethod
    def _play(exchange: Exchange, script: Script) -> None:
        try:
            script(exchange)
        except OSError:
            return  # the client left in the middle, which is its right
        finally:
            exchange.close()


@contextmanager
def serving(*scripts: Script) -> Iterator[ScriptedServer]:
    """Serve scripts until the block ends."""
    server = ScriptedServer(scripts)
    server.start()
    try:
        yield server
    finally:
        server.stop()
