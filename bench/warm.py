"""What an invocation costs: CPU of a warm handler and of its floor, in turns."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bench.startup import command

_PACE_CPU_S = 0.15
"""CPU that one measurement takes: long beside the clock's grain, short beside a disturbance."""


@contextmanager
def stub(rules: Path) -> Iterator[str]:
    """Run the stub; gives its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.stub", str(rules)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        yield process.stdout.readline().strip()
        # Leaving closes the input, at which the stub ends.


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What a handler did in its import, its first and its second invocation.

    ``logged_bytes`` is what it wrote to its log in the second.
    """

    clients: tuple[str, ...]
    compiled: tuple[str, ...]
    cold: list[dict[str, Any]]
    warm: list[dict[str, Any]]
    logged_bytes: int
    answer: dict[str, Any]

    @classmethod
    def of(cls, order: dict[str, Any], variables: Mapping[str, str]) -> Self:
        """Look at one handler."""
        told = subprocess.run(
            command("witness", order), env=dict(variables), stdout=subprocess.PIPE, check=True
        )
        seen = json.loads(told.stdout)
        return cls(tuple(seen.pop("clients")), tuple(seen.pop("compiled")), **seen)

    def script(self) -> dict[str, Any]:
        """Return what the floor has to do: the warm calls and the answer."""
        answer = dict(self.answer)
        body = answer.pop("body", None)
        return {
            "calls": [
                {name: value for name, value in call.items() if name != "items"}
                for call in self.warm
            ],
            "answer": answer,
            "body": None if body is None else json.loads(body),
        }


def counted(calls: list[dict[str, Any]]) -> dict[str, int]:
    """Return how often each ``service.action`` was called."""
    return dict(sorted(Counter(f"{one['service']}.{one['action']}" for one in calls).items()))


class Runner:
    """A process with a warm handler that is invoked on demand."""

    def __init__(self, order: dict[str, Any], variables: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            command("invoke", order),
            env=dict(variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._invoke(5)
        self._times = max(1, round(_PACE_CPU_S / (self._invoke(20) / 20)))

    def invocation_cpu_s(self) -> float:
        """Return the CPU seconds of one invocation, from many."""
        return self._invoke(self._times) / self._times

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _invoke(self, times: int) -> float:
        assert self._process.stdin is not None  # noqa: S101 - pipes were asked for
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.write(f"{times}\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())
