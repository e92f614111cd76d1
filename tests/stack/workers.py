"""The processes of a stack on this machine, and killing those that run a function."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROC = Path("/proc")


def parents() -> dict[int, int]:
    """Return the parent of every process of this machine that is no zombie."""
    found = {}
    for entry in _PROC.iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            # The name in parentheses may hold anything; the state follows the last one.
            state, parent, *_ = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if state != "Z":
            found[int(entry.name)] = int(parent)
    return found


def descendants(ancestors: Iterable[int]) -> set[int]:
    """Return some processes that run and everything they started."""
    known = parents()
    found = {one for one in ancestors if one in known}
    while new := {one for one, parent in known.items() if parent in found} - found:
        found |= new
    return found


def running(processes: Iterable[int]) -> set[int]:
    """Return which of some processes still run."""
    return set(processes) & set(parents())


def workers_of(state_dir: Path, function: str) -> set[int]:
    """Return the processes in which a stack's emulator runs a function."""
    emulator = json.loads((state_dir / "processes.json").read_text())["aws"]["pid"]
    name = f"AWS_LAMBDA_FUNCTION_NAME={function}".encode()
    return {one for one in descendants([emulator]) if name in _environment(one)}


def kill(processes: Iterable[int]) -> None:
    """End processes the hard way."""
    for one in processes:
        os.kill(one, signal.SIGKILL)


def _environment(process: int) -> list[bytes]:
    try:
        return (_PROC / str(process) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
