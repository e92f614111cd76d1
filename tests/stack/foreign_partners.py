"""Partner simulators that no `make up` has started."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.stack.bring_up import ROOT
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class ForeignPartners:
    """A partner server that no `make up` has started; it keeps its address over a restart."""

    directory: Path
    port: str = "0"
    url: str = ""
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it takes requests."""
        port_file = self.directory / "url"
        port_file.unlink(missing_ok=True)
        with (self.directory / "partners.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [
                    *(sys.executable, "-m", "local.partners", "--port", self.port),
                    *("--state-dir", str(self.directory), "--port-file", str(port_file)),
                ],
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        eventually(port_file.exists, "foreign partners")
        self.url = port_file.read_text().strip()
        self.port = self.url.rpartition(":")[2]

    def stop(self) -> None:
        """End it in good order."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait()
