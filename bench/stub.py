"""AWS and the partners, as canned answers over HTTP, in a process of their own.

Takes a file of rules. Prints its address on one line and answers until its input ends.
"""

import json
import os
import sys
import threading
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

ITSELF = "http://stub"
"""Stands for the stub's own address in its answers."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An answer to a request: the first rule whose action and words fit counts.

    ``action`` is the AWS action, or method and path of a partner's; ``word`` is
    anywhere in the request's body.
    """

    action: str
    answer: str
    word: str = ""


def write_rules(rules: list[Rule], file: Path) -> None:
    """Write rules for a stub to read."""
    file.write_text(json.dumps([asdict(rule) for rule in rules]))


class _Stub(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together
    rules: tuple[Rule, ...] = ()

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("content-length", 0))).decode())

    def _answer(self, body: str) -> None:
        action = self._action(body)
        fits = (rule for rule in self.rules if rule.action == action and rule.word in body)
        rule = next(fits, None)
        if rule is None:
            sys.stderr.write(f"the stub has no answer to {action}\n")
        content = (rule.answer if rule else "{}").encode()
        self.send_response(200 if rule else 400)
        kind = "text/xml" if content.startswith(b"<") else "application/x-amz-json-1.0"
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def _action(self, body: str) -> str:
        target = self.headers.get("x-amz-target")
        if target:
            return target.rpartition(".")[2]
        if "Action=" in body:
            return parse_qs(body)["Action"][0]
        return f"{self.command} {self.path}"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


def main() -> None:
    """Answer until the input ends."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # out of the handlers' way
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Stub)
    address = f"http://127.0.0.1:{server.server_port}"
    rules = json.loads(Path(sys.argv[1]).read_text().replace(ITSELF, address))
    _Stub.rules = tuple(Rule(**one) for one in rules)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
