"""Carrying the plan out, step by step, beside the crowd."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rehearsal.plan import Act

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rehearsal.plan import Step
    from rehearsal.stage import Stage


@dataclass
class Troublemaker:
    """A thread that makes trouble, and a diary of it.

    ``diary`` has a row for each step: when (seconds after the beginning), what, to whom,
    and whether it could be done. The rehearsal's time stands still while the stack is down,
    so that a slow machine does not rehearse an outage only.
    """

    stage: Stage
    steps: Sequence[Step]
    seed: int
    say: Callable[[str], None]
    diary: list[dict[str, Any]] = field(default_factory=list)
    down_s: float = 0.0
    failure: BaseException | None = None
    _thread: threading.Thread | None = None

    @property
    def killed(self) -> int:
        """How many workers were killed."""
        return sum(row["act"] == Act.KILL and row["done"] for row in self.diary)

    def begin(self) -> None:
        """Start making trouble."""
        self._thread = threading.Thread(target=self._run, name="troublemaker", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Wait for the last step; raises what went wrong in making trouble."""
        if self._thread is not None:
            self._thread.join()
        if self.failure is not None:
            raise self.failure

    def _run(self) -> None:
        partners = self.stage.partners
        dice = random.Random(f"victims/{self.seed}")  # noqa: S311 - must be repeatable
        began_s = time.monotonic()

        def spoil(step: Step) -> bool:
            path = f"/control/faults/{step.target}"
            if step.fault is None:
                return partners.http.send("DELETE", path).status in {200, 204}
            return partners.http.send("PUT", path, step.fault).status == 200  # noqa: PLR2004

        def restart(_: Step) -> bool:
            self.stage.restart()
            return True

        acts: dict[Act, Callable[[Step], bool]] = {
            Act.SPOIL: spoil,
            Act.KILL: lambda step: self.stage.kill_one(step.target, dice),
            Act.RESTART: restart,
        }
        try:
            for step in self.steps:
                time.sleep(max(0.0, began_s + self.down_s + step.at_s - time.monotonic()))
                at_s = time.monotonic() - began_s
                done = acts[step.act](step)
                took_s = time.monotonic() - began_s - at_s
                if step.act is Act.RESTART:
                    self.down_s += took_s
                self.diary.append(
                    {
                        "at_s": round(at_s, 1),
                        "took_s": round(took_s, 1),
                        "act": step.act,
                        "name": step.name,
                        "target": step.target,
                        "done": done,
                    }
                )
                if step.act is not Act.KILL:
                    self.say(f"  {at_s:5.0f} s  {step.name} {step.target}")
        except BaseException as error:  # noqa: BLE001 - told to whoever waits for the end
            self.failure = error
