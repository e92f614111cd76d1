"""The identity provider's own pen, for tokens it would never write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from tests.stack.member import fresh_sub

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.stack.bring_up import Stack
    from tests.stack.partners import Partners


@pytest.fixture
def sign(stack: Stack, partners: Partners) -> Callable[[dict[str, Any]], str]:
    """Give the identity provider's own pen."""
    if stack.state_dir is None or not (stack.state_dir / "partners.sqlite3").exists():
        pytest.skip("the identity provider's key is not known: it was not started from here")
    kid = jwt.get_unverified_header(partners.token(fresh_sub()))["kid"]
    address = f"file:{stack.state_dir / 'partners.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as store:
        (pem,) = store.execute("SELECT body FROM documents WHERE key = 'rs256'").fetchone()
    return lambda claims: jwt.encode(claims, pem, algorithm="RS256", headers={"kid": kid})
