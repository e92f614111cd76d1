"""A partner on this machine that answers what it is told to, and counts."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

type Answerer = Callable[[str, dict[str, Any]], dict[str, Any]]


class LoopbackPartner:
    """Where it is and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[str] = []


@contextmanager
def loopback_partner(answer: Answerer) -> Iterator[LoopbackPartner]:
    """Serve ``answer(path, body)`` as JSON with status 200 until the block ends."""

    class Exchange(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body in one segment: no waiting for the other side's acknowledgement.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            partner.asked.append(self.path)
            sent = self.rfile.read(int(self.headers.get("content-length", 0)))
            # A form, which only tokens are asked for with, is nobody's to read here.
            content = json.loads(sent) if sent.startswith(b"{") else {}
            body = json.dumps(answer(self.path, content)).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - the name is http.server's

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing: what is tested speaks for itself."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Exchange)
    partner = LoopbackPartner(f"http://127.0.0.1:{server.server_address[1]}")
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield partner
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
