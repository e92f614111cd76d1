"""A real partners process on a free port, and how a caller talks to it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import urllib3

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).resolve().parents[2]

# A bound for broken runs; nothing is ever waited for this long when all is well.
PATIENCE_S = 30.0


@dataclass
class Reply:
    """An HTTP answer; ``json`` is read when asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass
class Partners:
    """A partners process that can be stopped and started over the same state."""

    state_dir: Path
    options: tuple[str, ...] = ()
    port: int = 0
    base_url: str = ""
    _process: subprocess.Popen[str] | None = None
    _pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False, maxsize=32)
    )

    def start(self) -> Partners:
        """Start the process and wait until it takes requests."""
        port_file = self.state_dir / "url"
        port_file.unlink(missing_ok=True)
        command = [
            *(sys.executable, "-m", "local.partners", "--port", str(self.port)),
            *("--state-dir", str(self.state_dir), "--port-file", str(port_file)),
            *self.options,
        ]
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self._process.stdout is not None
        # Reading the line is the waiting: it comes, or the process has ended.
        line = self._process.stdout.readline()
        assert line.startswith("partners ready "), line + self._process.stdout.read()
        self.base_url = line.removeprefix("partners ready ").strip()
        assert port_file.read_text().strip() == self.base_url
        self.port = int(self.base_url.rsplit(":", 1)[1])
        return self

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask the process to end; return its exit code."""
        assert self._process is not None
        assert self._process.stdout is not None
        self._pool.clear()
        self._process.send_signal(number)
        code = self._process.wait(PATIENCE_S)
        rest = self._process.stdout.read()
        self._process.stdout.close()
        assert rest == "", rest
        return code

    def restart(self) -> None:
        """Stop and start on the same port, so that tokens keep their issuer."""
        assert self.stop() == 0
        self.start()

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = PATIENCE_S,
    ) -> Reply:
        """Send a request; a dict or list goes as JSON, bytes and text as they are."""
        data = body if isinstance(body, bytes | str | None) else json.dumps(body)
        url = path if path.startswith("http") else self.base_url + path
        response = self._pool.request(
            method, url, body=data, headers=headers, timeout=timeout_s, redirect=False
        )
        return Reply(response.status, response.headers, response.data)

    def form(self, path: str, fields: Mapping[str, str], cookie: str = "") -> Reply:
        """Send a form as a browser does."""
        response = self._pool.request(
            "POST",
            self.base_url + path,
            fields=dict(fields),
            encode_multipart=False,
            headers={"Cookie": cookie} if cookie else {},
            redirect=False,
        )
        return Reply(response.status, response.headers, response.data)

    def token(self, sub: str, **fields: object) -> str:
        """Get an access token for anybody."""
        reply = self.send("POST", "/identity/test-token", {"sub": sub, **fields})
        assert reply.status == 200, reply.text
        return str(reply.json["access_token"])

    def userinfo(self, token: str) -> Reply:
        """Ask who is behind an access token."""
        return self.send("GET", "/identity/userinfo", headers={"Authorization": f"Bearer {token}"})

    def ci(self, sub: str) -> str:
        """Get somebody's CI the way a server does."""
        return str(self.userinfo(self.token(sub)).json["ci"])

    def inquire(
        self, issuer: str, ci: str, timeout_s: float = PATIENCE_S, **changes: object
    ) -> Reply:
        """Send a signed inquiry, changed as asked."""
        signed = Inquiry(ci, **changes)  # type: ignore[arg-type]
        return self.send(
            "POST",
            f"/issuers/{issuer}{signed.path}",
            signed.body,
            signed.headers(),
            timeout_s,
        )

    def signed(
        self,
        method: str,
        issuer: str,
        path: str,
        body: object = None,
        timeout_s: float = PATIENCE_S,
    ) -> Reply:
        """Send a signed request to an issuer; ``path`` begins after its base URL."""
        raw = b"" if body is None else json.dumps(body).encode()
        signed = Inquiry("", raw=raw, path=path, method=method)
        url = f"/issuers/{issuer}{signed.path}"
        return self.send(method, url, raw or None, signed.headers(), timeout_s)

    def calls(self, **query: str) -> Any:
        """Read the record of calls."""
        text = "&".join(f"{name}={value}" for name, value in query.items())
        return self.send("GET", f"/control/calls?{text}").json

    def fail(self, target: str, kind: str, **fault: object) -> None:
        """Let one request of a target meet a fault."""
        spec = {"faults": [{"kind": kind, "count": 1, **fault}]}
        reply = self.send("PUT", f"/control/faults/{target}", spec)
        assert reply.status == 200, reply.text

    def pending(self) -> list[dict[str, Any]]:
        """Read which late effects have not landed."""
        return list(self.send("GET", "/control/late").json["pending"])

    def wait_for_pending(self, number: int) -> None:
        """Poll until so many effects are waiting to land."""
        end = time.monotonic() + PATIENCE_S
        while len(self.pending()) != number:
            assert time.monotonic() < end, self.pending()

    def wait_for_call(self, outcome: str, **query: str) -> dict[str, Any]:
        """Poll the record until a call with this outcome is in it."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for call in self.calls(**query)["calls"]:
                if call["outcome"] == outcome:
                    return dict(call)
        raise AssertionError(f"no call came to {outcome}: {self.calls()}")


@dataclass
class Inquiry:
    """A signed inquiry as the contract has it, any part of which can be spoilt."""

    ci: str
    timestamp: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    tran_id: str = field(default_factory=lambda: secrets.token_hex(13)[:25])
    client_id: str = "modupoint"
    key: bytes = b"local-issuer-key"
    path: str = "/v1/points/inquiry"
    signed_path: str | None = None
    raw: bytes | None = None
    search_timestamp: object = "20261122110000"
    without: str = ""
    method: str = "POST"

    @property
    def body(self) -> bytes:
        """The bytes that are sent and signed."""
        if self.raw is not None:
            return self.raw
        return json.dumps({"ci": self.ci, "search_timestamp": self.search_timestamp}).encode()

    def headers(self) -> dict[str, str]:
        """Sign the request and return its headers."""
        # Written out from the contract rather than taken from the simulator,
        # so that the two could disagree.
        text = "\n".join(
            (
                self.method,
                self.signed_path or self.path,
                self.timestamp,
                self.tran_id,
                hashlib.sha256(self.body).hexdigest(),
            )
        )
        digest = hmac.new(self.key, text.encode(), hashlib.sha256).digest()
        headers = {
            "x-client-id": self.client_id,
            "x-api-tran-id": self.tran_id,
            "x-timestamp": self.timestamp,
            "x-signature": base64.b64encode(digest).decode(),
            "content-type": "application/json",
        }
        return {name: value for name, value in headers.items() if name != self.without}
