"""The operator's command line, run on the deployed stack as a process of its own."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.stack.bring_up import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stack.bring_up import Stack

WHO = "kim"


@dataclass(frozen=True)
class CommandLine:
    """A person at the command line of the stack that a file describes."""

    stack_file: Path

    @classmethod
    def of(cls, stack: Stack, directory: Path) -> CommandLine:
        """Return the command line of a stack; its file is written into a directory."""
        content = dataclasses.asdict(stack)
        del content["state_dir"]
        stack_file = directory / "stack.json"
        stack_file.write_text(json.dumps(content))
        return cls(stack_file)

    def ops(self, *arguments: str, status: int = 0) -> Any:
        """Run a command and return its JSON, or what it complained."""
        paths = (ROOT / "functions", ROOT / "layers" / "common", ROOT)
        ended = subprocess.run(  # noqa: S603 - our own command
            [
                *(sys.executable, "-m", "ops", "--stack-file", str(self.stack_file)),
                *("--as", WHO, *arguments, "--json"),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": ":".join(map(str, paths))},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == status, ended.stderr
        return json.loads(ended.stdout) if ended.stdout else ended.stderr
