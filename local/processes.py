"""The processes of a local stack: started together, ended together, findable after a crash."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# The emulator lets running functions end and stores its state only then; on a busy machine
# that takes a minute or two, and killed before it, it has lost everything.
_END_WAIT_S = 180.0
# Longer: a stack in the foreground ends three processes of its own.
_LEFTOVER_WAIT_S = 240.0
_POLL_S = 0.1


class ProcessEndedError(Exception):
    """A process of the stack ended by itself; the text says which and where its log is."""


class Processes:
    """Started in order, ended in reverse, each in a session of its own.

    Parameters
    ----------
    process_file
        Where the running processes are noted, so that `make down` finds them
        after a crash.
    log_dir
        One log file per process.
    """

    def __init__(self, process_file: Path, log_dir: Path) -> None:
        self._process_file = process_file
        self._log_dir = log_dir
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        log_dir.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a process whose output goes to ``<log_dir>/<name>.log``."""
        with self.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603 - our own commands
                command,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C reaches this process only, which then ends the others in order.
                start_new_session=True,
            )
        self._note()

    def wait_for(self, name: str, ready: Callable[[], bool], timeout_s: float) -> None:
        """Wait until a process is ready.

        Raises
        ------
        ProcessEndedError
            If it ended or was not ready in time.
        """
        end_s = time.monotonic() + timeout_s
        while not ready():
            self.check()
            if time.monotonic() > end_s:
                raise ProcessEndedError(f"{name} is not ready; see {self.log(name)}")
            time.sleep(_POLL_S)

    def check(self) -> None:
        """Raise ``ProcessEndedError`` if any process has ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise ProcessEndedError(
                    f"{name} ended with {process.returncode}; see {self.log(name)}"
                )

    def end(self) -> None:
        """End all, the last started first; each gets time to store its state."""
        for name, process in reversed(self._running.items()):
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(_END_WAIT_S)
            except subprocess.TimeoutExpired:
                print(f"{name} did not end and was killed: what it kept may be lost", flush=True)
                process.kill()
                process.wait()
        self._running.clear()
        self._process_file.unlink(missing_ok=True)

    def log(self, name: str) -> Path:
        """Return the log file of a process."""
        return self._log_dir / f"{name}.log"

    def _note(self) -> None:
        pids = {name: process.pid for name, process in self._running.items()}
        # The stack in the foreground comes last, so that it is ended first and
        # ends the others itself, in order.
        pids["make up"] = os.getpid()
        noted = {name: {"pid": pid, "started": _started(pid)} for name, pid in pids.items()}
        self._process_file.write_text(json.dumps(noted))


def end_leftovers(process_file: Path) -> list[str]:
    """End what a crashed stack left running; returns the names.

    A process is ended only if it started when it was noted: ids are used again.
    """
    if not process_file.exists():
        return []
    noted = json.loads(process_file.read_text())
    ended = []
    for name, one in reversed(noted.items()):
        if _runs(one):
            _end(one)
            ended.append(name)
    process_file.unlink(missing_ok=True)
    return ended


def _runs(noted: Mapping[str, Any]) -> bool:
    return noted["started"] is not None and _started(noted["pid"]) == noted["started"]


def _end(noted: Mapping[str, Any]) -> None:
    os.kill(noted["pid"], signal.SIGTERM)
    end_s = time.monotonic() + _LEFTOVER_WAIT_S
    while _runs(noted):
        if time.monotonic() > end_s:
            os.kill(noted["pid"], signal.SIGKILL)
            return
        time.sleep(_POLL_S)


def _started(pid: int) -> str | None:
    """Return when a process started, as `ps` prints it; None if it does not run."""
    shown = subprocess.run(  # noqa: S603 - a number is all that varies
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, start = shown.stdout.strip().partition(" ")
    return None if not start or state.startswith("Z") else start.strip()
