"""Serve the member's page and, under ``/v1``, the API: one origin, as CloudFront does on AWS.

The page is what ``npm run build`` left in ``web/dist``. What it has to be told about its
surroundings it reads from ``/config.json``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, web
from yarl import URL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

CLIENT_ID: Final = "modupoint"
SCOPE: Final = "openid points:read points:transfer autopay"
DIST: Final = Path(__file__).resolve().parent.parent / "web" / "dist"

# RFC 9110 section 7.6.1, and `Host`, which is the API's own.
NOT_FORWARDED: Final = frozenset(
    {
        "connection",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)

CONNECT_TIMEOUT_SECONDS: Final = 5
# An HTTP API answers within 30 s or not at all: ours must not be the shorter patience.
READ_TIMEOUT_SECONDS: Final = 35

UNREACHABLE: Final = {
    "ko": ("서비스에 연결할 수 없어요", "잠시 뒤 다시 시도해 주세요."),
    "en": ("The service cannot be reached", "Please try again in a little while."),
}


class Target(NamedTuple):
    """Where the API is connected to, and the ``Host`` it wants to be called by."""

    address: str
    host: str


def target_of(api_url: str) -> Target:
    """Split the API's address into where to connect and how to call it.

    Parameters
    ----------
    api_url : str
        Base URL of the API. Names under ``localhost`` are this machine, whether or not its
        resolver knows them (RFC 6761); the emulator tells its APIs apart by the name.

    Returns
    -------
    Target
    """
    url = URL(api_url.rstrip("/"))
    host = url.host or ""
    authority = url.authority
    if host.endswith(".localhost"):
        url = url.with_host("127.0.0.1")
    return Target(str(url).rstrip("/"), authority)


def content_security_policy(authority: str) -> str:
    """Allow the page its own files, its own API, and the identity provider; nothing inline."""
    origin = URL(authority).origin()
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            f"connect-src 'self' {origin}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


class Page:
    """The built page's files, each with the headers it needs.

    Parameters
    ----------
    dist : Path
        Directory that holds ``index.html`` and ``assets/``.
    authority : str
        Address of the identity provider.
    """

    def __init__(self, dist: Path, authority: str) -> None:
        self._dist = dist.resolve()
        self._config = {"authority": authority, "client_id": CLIENT_ID, "scope": SCOPE}
        self._headers = {
            "Content-Security-Policy": content_security_policy(authority),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }

    async def config(self, _request: web.Request) -> web.StreamResponse:
        """Answer ``/config.json``."""
        headers = {**self._headers, "Cache-Control": "no-cache"}
        return web.json_response(self._config, headers=headers)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Answer a file of the build, or the page itself for a path that names no file."""
        path = (self._dist / request.match_info["path"]).resolve()
        if path.is_relative_to(self._dist) and path.is_file():
            return self._serve(path)
        # The page's own routes have no dot; a missing asset is missing, and no page.
        if "." in request.match_info["path"].rpartition("/")[2]:
            raise web.HTTPNotFound(headers=self._headers)
        return self._serve(self._dist / "index.html")

    def _serve(self, path: Path) -> web.FileResponse:
        # Names under assets/ carry a hash of their content: they never change.
        immutable = path.parent == self._dist / "assets"
        caching = "public, max-age=31536000, immutable" if immutable else "no-cache"
        return web.FileResponse(path, headers={**self._headers, "Cache-Control": caching})


class Gateway:
    """Forwards calls to the API, bodies and headers as they come.

    Parameters
    ----------
    session : ClientSession
        Must not decompress: what the API encoded is passed on encoded.
    target : Target
        The API.
    """

    def __init__(self, session: ClientSession, target: Target) -> None:
        self._session = session
        self._target = target

    async def forward(self, request: web.Request) -> web.StreamResponse:
        """Pass one call on; 502 only if the API gave no answer at all."""
        headers = [
            (name, value)
            for name, value in request.headers.items()
            if name.lower() not in _not_forwarded(request.headers.get("Connection", ""))
        ]
        headers.append(("Host", self._target.host))
        # `encoded`: an escaped character in an id reaches the API as the member sent it.
        # Path and query only: a caller who writes a whole address still reaches no other host.
        url = URL(f"{self._target.address}{request.rel_url.raw_path_qs}", encoded=True)
        try:
            answer = await self._session.request(
                request.method,
                url,
                headers=headers,
                data=request.content if request.body_exists else None,
                allow_redirects=False,
            )
        except (ClientError, TimeoutError):
            return _unreachable(request)
        async with answer:
            response = web.StreamResponse(status=answer.status, reason=answer.reason)
            dropped = _not_forwarded(answer.headers.get("Connection", ""))
            for name, value in answer.headers.items():
                if name.lower() not in dropped:
                    response.headers.add(name, value)
            await response.prepare(request)
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
            return response


def _unreachable(request: web.Request) -> web.Response:
    """Answer in the API's stead, as it would: a problem document in the reader's language."""
    english = request.headers.get("Accept-Language", "").lower().startswith("en")
    title, detail = UNREACHABLE["en" if english else "ko"]
    problem = {
        "type": "about:blank",
        "title": title,
        "status": HTTPStatus.BAD_GATEWAY.value,
        "detail": detail,
        "code": "api_unreachable",
        "errors": [],
    }
    return web.json_response(
        problem, status=HTTPStatus.BAD_GATEWAY, content_type="application/problem+json"
    )


def _not_forwarded(connection: str) -> frozenset[str]:
    """Headers meant for one connection only: the known ones, and those ``Connection`` names."""
    return NOT_FORWARDED | {name.strip().lower() for name in connection.split(",")}


def build_app(api_url: str, authority: str, dist: Path = DIST) -> web.Application:
    """Put page and gateway behind one origin.

    Parameters
    ----------
    api_url : str
        Base URL of the API.
    authority : str
        Address of the identity provider.
    dist : Path
        The built page.

    Returns
    -------
    web.Application
    """
    page = Page(dist, authority)

    async def forwarding(app: web.Application) -> AsyncIterator[None]:
        timeout = ClientTimeout(
            total=None,
            sock_connect=CONNECT_TIMEOUT_SECONDS,
            sock_read=READ_TIMEOUT_SECONDS,
        )
        async with ClientSession(
            timeout=timeout,
            auto_decompress=False,
            # One member's cookie, should the API ever set one, is not another member's.
            cookie_jar=DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        ) as session:
            app[GATEWAY] = Gateway(session, target_of(api_url))
            yield

    async def forward(request: web.Request) -> web.StreamResponse:
        return await request.app[GATEWAY].forward(request)

    app = web.Application(client_max_size=0)
    app.cleanup_ctx.append(forwarding)
    app.router.add_route("*", "/v1/{path:.*}", forward)
    app.router.add_get("/config.json", page.config)
    app.router.add_get("/{path:.*}", page.file)
    return app


GATEWAY: Final = web.AppKey("GATEWAY", Gateway)


async def serve(app: web.Application, host: str, port: int, port_file: Path | None) -> None:
    """Serve until asked to stop.

    Parameters
    ----------
    app : web.Application
        From `build_app`.
    host : str
        Address to listen on.
    port : int
        0 picks a free one.
    port_file : Path | None
        Gets the base URL once connections are accepted.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound: int = runner.addresses[0][1]
        if port_file is not None:
            # Whoever waits for the file must never read half of it.
            draft = port_file.with_name(port_file.name + ".draft")
            await asyncio.to_thread(draft.write_text, f"http://{host}:{bound}\n", encoding="utf-8")
            await asyncio.to_thread(draft.replace, port_file)
        print(json.dumps({"web_url": f"http://{host}:{bound}"}), flush=True)
        await stopping.wait()
    finally:
        await runner.cleanup()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line.

    Parameters
    ----------
    arguments : Sequence[str] | None
        Instead of the process's own.
    """
    parser = argparse.ArgumentParser(description="Serve the page and forward the API.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=4580, help="0 picks a free one")
    parser.add_argument("--api-url", required=True, help="base URL of the API")
    parser.add_argument("--authority", required=True, help="identity provider's address")
    parser.add_argument("--dist", type=Path, default=DIST, help="the built page")
    parser.add_argument("--port-file", type=Path, help="gets the base URL once it is open")
    options = parser.parse_args(arguments)
    if not (options.dist / "index.html").is_file():
        parser.error("the page is not built: run `npm ci && npm run build` in web/")
    app = build_app(options.api_url, options.authority, options.dist)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(app, options.host, options.port, options.port_file))


if __name__ == "__main__":
    main()
