"""The rehearsal's own stack: free ports, state of its own, partners that outlive it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.stack.bring_up import BringUp
from tests.stack.calls import Http
from tests.stack.foreign_partners import ForeignPartners
from tests.stack.partners import Partners
from tests.stack.workers import kill, workers_of

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random
    from types import TracebackType
    from typing import Self

    from tests.stack.bring_up import Stack

_PORTS = {"AWS_PORT": "aws_endpoint_url", "WEB_PORT": "web_url"}


@dataclass
class Stage:
    """Emulator, page and partners in one directory; ended by leaving the ``with``.

    The partners are a process beside the stack: what they have on their books is not to
    depend on the stop that is rehearsed.
    """

    directory: Path
    restarts: int = 0
    _started: bool = False
    _bring_up: BringUp | None = None
    _foreign: ForeignPartners | None = None
    _http: list[Http] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Start the partners; ``start`` starts the rest."""
        for name in ("partners", "stack"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        self._foreign = ForeignPartners(self.directory / "partners")
        self._foreign.start()
        settings = {"PARTNERS_URL": self._foreign.url}
        self._bring_up = BringUp(self.directory / "stack", settings)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End everything that was started here."""
        for http in self._http:
            http.close()
        # A start that was cut short has a process, but says of no stack where it is.
        if self._started:
            self.bring_up.stop()
            self.bring_up.down()
        if self._foreign is not None:
            self._foreign.stop()

    @property
    def bring_up(self) -> BringUp:
        """The stack's process."""
        assert self._bring_up is not None  # noqa: S101 - only within the with
        return self._bring_up

    @property
    def stack(self) -> Stack:
        """The stack, which must be up."""
        stack = self.bring_up.running()
        assert stack is not None, "the stack is down"  # noqa: S101 - only between start and end
        return stack

    @property
    def partners(self) -> Partners:
        """The partners' control interface, on connections of its own."""
        assert self._foreign is not None  # noqa: S101 - only within the with
        return Partners(self.http(self._foreign.url))

    def http(self, url: str) -> Http:
        """Return connections to an address, let go of at the end."""
        self._http.append(Http(url))
        return self._http[-1]

    def start(self) -> Stack:
        """Start the stack; from then on it keeps its ports."""
        self._started = True
        stack = self.bring_up.start()
        for name, address in _PORTS.items():
            self.bring_up.settings[name] = str(urlsplit(getattr(stack, address)).port)
        return stack

    def restart(self) -> None:
        """Stop the stack in good order, so that the emulator stores its state, and start it."""
        status = self.bring_up.stop()
        orderly = status == 0 and "was killed" not in self.bring_up.output
        assert orderly, self.bring_up.output  # noqa: S101 - else lost state is nobody's fault
        self.start()
        self.restarts += 1

    def kill_one(self, function: str, dice: Random) -> bool:
        """Kill one of the processes that run a function; say whether there was one."""
        if self.bring_up.running() is None:
            return False
        name = f"{self.stack.stack_name}-{function}"
        try:
            found = sorted(workers_of(self.bring_up.state_dir, name))
            kill([dice.choice(found)] if found else [])
        except (FileNotFoundError, KeyError, ProcessLookupError):
            # The stack is on its way up or down, or the process ended by itself.
            return False
        return bool(found)
