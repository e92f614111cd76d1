"""What a cold start costs: CPU of whole processes, handler and floor in turns."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHILDREN = Path(__file__).with_name("children")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two programs that are measured in turns: a handler and its floor."""

    name: str
    handler: Callable[[], float]
    floor: Callable[[], float]


def in_turns(pairs: list[Pair], rounds: int) -> Iterator[tuple[str, float, float]]:
    """Measure each pair in each round, one program directly after the other.

    What else the machine does comes and goes within minutes; the two halves of
    a pair are so close that both have it.
    """
    for number in range(rounds):
        for pair in pairs:
            if number % 2:
                floor = pair.floor()
                yield pair.name, pair.handler(), floor
            else:
                yield pair.name, pair.handler(), pair.floor()


def command(child: str, order: dict[str, Any]) -> list[str]:
    """Return the command line of a measured program."""
    program = str(CHILDREN / f"{child}.py")
    return [sys.executable, "-I", "-S", "-B", program, json.dumps(order)]


def process_cpu_s(child: str, order: dict[str, Any], variables: Mapping[str, str]) -> float:
    """Return the CPU seconds, user and system, of one run of a program.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails.
    """
    process = subprocess.Popen(command(child, order), env=dict(variables))
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, child)
    return used.ru_utime + used.ru_stime
