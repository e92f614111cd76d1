"""HTTP as a client sees it: one pool, replies as plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import urllib3

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIMEOUT_S = 40.0


@dataclass(frozen=True)
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
    def content_type(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True)
class Http:
    """Requests below one base URL."""

    base_url: str
    _pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False, maxsize=32)
    )

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request; bytes go as they are, None not at all, anything else as JSON."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        named = {"content-type": "application/json"} if data is not None else {}
        answer = self._pool.request(
            method,
            self.base_url + path,
            body=data,
            headers={**named, **(headers or {})},
            timeout=_TIMEOUT_S,
            redirect=False,
        )
        return Reply(answer.status, answer.headers, answer.data)

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.clear()
