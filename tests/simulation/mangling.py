"""Bodies that are not the contract's: none of them says anything that could be believed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

type Body = dict[str, Any]

_AMOUNTS = ("redeemed_amt", "tran_amt")
_NAMES = ("redemption_id", "bank_tran_id", "order_id")


def mangled(body: Body, rng: random.Random) -> bytes:
    """Return a body spoilt in one of many ways."""
    return rng.choice(_WAYS)(body)


def _cut_off(body: Body) -> bytes:
    return json.dumps(body).encode()[:-2]


def _page(_: Body) -> bytes:
    return b"<html><body>502 Bad Gateway</body></html>"


def _list(body: Body) -> bytes:
    return json.dumps([body]).encode()


def _without_code(body: Body) -> bytes:
    return _written({name: value for name, value in body.items() if name != "rsp_code"})


def _numbers_for_codes(body: Body) -> bytes:
    return _written({**body, "rsp_code": 0})


def _another_amount(body: Body) -> bytes:
    return _written(_changed(_without_code_of_failure(body), _AMOUNTS, _one_more))


def _another_name(body: Body) -> bytes:
    other = _changed(_without_code_of_failure(body), _NAMES, lambda name: f"{name}X")
    if "order_id" in other:
        # What became of another order is another matter.
        other["status"] = "WITHDRAWN" if body["status"] == "COMPLETED" else "COMPLETED"
    return _written(other)


def _written(body: Body) -> bytes:
    return json.dumps(body).encode()


def _without_code_of_failure(body: Body) -> Body:
    """Leave a body that would still be true, had it not named something else, out."""
    says_done = body.get("rsp_code") in {"00000", "A0000"} or "order_id" in body
    return body if says_done else {}


def _one_more(amount: Any) -> Any:
    return amount + 1 if isinstance(amount, int) else str(int(amount) + 1)


def _changed(body: Body, names: tuple[str, ...], change: Callable[[Any], Any]) -> Body:
    def value(name: str, given: Any) -> Any:
        if isinstance(given, list):
            return [_changed(one, names, change) for one in given]
        return change(given) if name in names else given

    return {name: value(name, given) for name, given in body.items()}


_WAYS: tuple[Callable[[Body], bytes], ...] = (
    _cut_off,
    _page,
    _list,
    _without_code,
    _numbers_for_codes,
    _another_amount,
    _another_name,
)
