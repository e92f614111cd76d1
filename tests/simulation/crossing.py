"""The boundary between the domain and everything else: each port call crosses it.

A ``Crossing`` decides what becomes of a call: whether its caller dies before or after
it, waits in it, or is told something went wrong. The simulation draws that from its
seed, the crash tests enumerate it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class WorkerKilledError(BaseException):
    """The process ended here. Nothing in the domain may notice, so it is no Exception."""


class Crossing(Protocol):
    """What stands between the domain and a port."""

    def __call__[T](
        self, port: str, subject: str, effect: Callable[[], T], *, repeatable: bool = False
    ) -> T:
        """Have a port call done.

        Parameters
        ----------
        port
            Which call it is, such as ``legs.save``.
        subject
            What it is about, for traces.
        effect
            Does the call, at one moment.
        repeatable
            Whether the client library sends the call again when its answer is lost,
            without the service knowing that it is a repeat.
        """


def plainly[T](port: str, subject: str, effect: Callable[[], T], *, repeatable: bool = False) -> T:
    """Do a call, and nothing else: a crossing without dangers."""
    del port, subject, repeatable
    return effect()
