"""A local stack that nobody else uses, with issuers of a known delay."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.stack.bring_up import BringUp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.stack.bring_up import Stack


@contextmanager
def own_stack() -> Iterator[Stack]:
    """Bring a stack up on free ports in a folder of its own, and take both away again.

    Roles are not enforced, as under ``make up``.
    """
    with tempfile.TemporaryDirectory(prefix="model-check-") as folder:
        up = BringUp(Path(folder), {"ENFORCE_IAM": "0"})
        try:
            yield up.start()
        finally:
            up.stop()
