"""Where a local stack runs: ports, folders and partners, from environment variables."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STACK_NAME = "modupoint"
REGION = "ap-northeast-2"
HOST = "127.0.0.1"


class SettingError(Exception):
    """A setting that makes no sense; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One local stack.

    ``stack_file`` gets the stack's addresses once it is ready.
    ``partners_url`` is a foreign partner server, None to simulate the partners.
    ``warm`` keeps what was built before, whatever has changed since.
    """

    aws_port: int
    web_port: int
    partners_port: int
    partners_url: str | None
    state_dir: Path
    stack_file: Path
    warm: bool
    enforce_iam: bool

    @property
    def aws_endpoint_url(self) -> str:
        """Where the emulator answers."""
        return f"http://{HOST}:{self.aws_port}"

    @property
    def log_dir(self) -> Path:
        """Where the processes' logs go."""
        return self.state_dir / "logs"

    @property
    def process_file(self) -> Path:
        """The processes of this stack, for `make down`."""
        return self.state_dir / "processes.json"


def read_settings() -> Settings:
    """Read the environment; port 0 becomes a free port.

    Raises
    ------
    SettingError
        If a port is no port.
    """
    url = os.environ.get("PARTNERS_URL", "").rstrip("/")
    state_dir = Path(os.environ.get("STATE_DIR") or ROOT / ".local" / "state")
    return Settings(
        aws_port=_port("AWS_PORT", 4566),
        web_port=_port("WEB_PORT", 4580),
        partners_port=_port("PARTNERS_PORT", 4570),
        partners_url=url or None,
        state_dir=state_dir.resolve(),
        stack_file=Path(os.environ.get("STACK_FILE") or ROOT / ".local" / "stack.json").resolve(),
        warm=os.environ.get("WARM", "") not in {"", "0"},
        enforce_iam=os.environ.get("ENFORCE_IAM", "") not in {"", "0"},
    )


def _port(name: str, usual: int) -> int:
    text = os.environ.get(name) or str(usual)
    highest = 65535
    if not text.isdecimal() or int(text) > highest:
        raise SettingError(f"{name}={text}: a port is a number from 0 to {highest}")
    return int(text) or _free_port()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
