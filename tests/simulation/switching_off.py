"""Ways to switch off one guard alone."""

from __future__ import annotations

import functools
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

type Mutation = Callable[[], AbstractContextManager[object]]


def always(kind: type, *guards: str) -> Mutation:
    """Let conditions hold whatever is there."""

    @contextmanager
    def switched_off() -> Iterator[None]:
        with ExitStack() as off:
            for guard in guards:
                off.enter_context(patch.object(kind, guard, lambda *_: True))
            yield

    return switched_off


def around(kind: type, name: str, around: Callable[..., Any]) -> Mutation:
    """Put something around a method: ``around(original, self, ...)``."""
    original = getattr(kind, name)

    @functools.wraps(original)
    def changed(self: Any, *args: Any, **options: Any) -> Any:
        return around(original, self, *args, **options)

    return lambda: patch.object(kind, name, changed)
