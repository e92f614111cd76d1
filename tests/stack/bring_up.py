"""``make up`` as a process: started, awaited, ended, killed, and cleaned up after."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.stack.polling import eventually

ROOT = Path(__file__).resolve().parents[2]
_START_PATIENCE_S = 300.0
_END_PATIENCE_S = 300.0
_LOG_END_CHARS = 4000


@dataclass(frozen=True)
class Stack:
    """A running stack. ``state_dir`` is None if nobody knows where its processes are noted."""

    api_url: str
    web_url: str
    partners_url: str
    aws_endpoint_url: str
    region: str
    stack_name: str
    state_dir: Path | None

    @classmethod
    def read(cls, stack_file: Path) -> Stack:
        """Read the addresses of a stack that is up; its state is looked for beside them."""
        state_dir = stack_file.parent / "state"
        known = (state_dir / "processes.json").exists()
        content: dict[str, str] = json.loads(stack_file.read_text())
        return cls(**content, state_dir=state_dir if known else None)


@dataclass
class BringUp:
    """One stack of our own in a directory of its own, on free ports.

    ``settings`` are environment variables in addition to the usual ones.
    """

    directory: Path
    settings: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def state_dir(self) -> Path:
        """Where the stack keeps everything."""
        return self.directory / "state"

    @property
    def output(self) -> str:
        """What the last start printed."""
        return self._output_file.read_text()

    @property
    def process_ids(self) -> dict[str, int]:
        """The processes that the stack noted for `make down`, by name."""
        noted: dict[str, Any] = json.loads((self.state_dir / "processes.json").read_text())
        return {name: one["pid"] for name, one in noted.items()}

    def start(self) -> Stack:
        """Start and wait for the line that says ``ready``."""
        self._stack_file.unlink(missing_ok=True)
        with self._output_file.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.up"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            eventually(self._ready, "the line that says ready", _START_PATIENCE_S)
        except AssertionError as error:
            self.stop()
            raise AssertionError(f"{error}\n{self._logs()}") from None
        return Stack.read(self._stack_file)

    def running(self) -> Stack | None:
        """Return the stack if it runs."""
        if self._process is None or self._process.poll() is not None:
            return None
        return Stack.read(self._stack_file)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; returns the exit status."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(number)
        return self._process.wait(_END_PATIENCE_S)

    def down(self) -> str:
        """Run ``make down`` for this stack; returns what it printed."""
        return subprocess.run(
            [sys.executable, "-m", "local.down"],
            cwd=ROOT,
            env=self._environment(),
            check=True,
            capture_output=True,
            text=True,
            timeout=_END_PATIENCE_S,
        ).stdout

    @property
    def _stack_file(self) -> Path:
        return self.directory / "stack.json"

    @property
    def _output_file(self) -> Path:
        return self.directory / "up.log"

    def _ready(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"make up ended with {self._process.returncode}")
        return any(line.startswith("ready") for line in self.output.splitlines())

    def _environment(self) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in {"PARTNERS_URL", "WARM"}
        }
        paths = (ROOT / "functions", ROOT / "layers" / "common", ROOT)
        return {
            **inherited,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": ":".join(map(str, paths)),
            "UV_COMPILE_BYTECODE": "1",
            "AWS_PORT": "0",
            "WEB_PORT": "0",
            "PARTNERS_PORT": "0",
            "STATE_DIR": str(self.state_dir),
            "STACK_FILE": str(self._stack_file),
            "ENFORCE_IAM": "1",
            **self.settings,
        }

    def _logs(self) -> str:
        files = [self._output_file, *sorted(self.state_dir.glob("logs/*.log"))]
        ends = (f"--- {file}\n{file.read_text()[-_LOG_END_CHARS:]}" for file in files)
        return "\n".join(ends)
