"""Transfers' functions and their partners on this machine, and what each invocation spends."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from modupoint.clock import real_ms
from tests.store.aws_calls import counted
from tests.store.deployed_functions import Deployment, request

if TYPE_CHECKING:
    from tests.store.loopback_partner import LoopbackPartner
    from transfer.legs import LegKey

AGREEMENT = {
    "terms_version": "1",
    "agreed": ["service", "third_party_provision", "delegation"],
}
GIVEN = {"bank_code": "004", "account_number": "123-456-78901234", "holder_name": "홍길동"}


class Partners:
    """All partners in one; issuers do what ``redeem`` says."""

    def __init__(self) -> None:
        self.url = ""
        self.redeem: Any = lambda sent: {
            "rsp_code": "00000",
            "redemption_id": sent["redemption_id"],
            "redeemed_amt": sum(item["amount"] for item in sent["items"]),
            "approved_at": "20261122120000",
        }

    def answer(self, path: str, sent: dict[str, Any]) -> dict[str, Any]:
        """Answer as the partner whose path it is."""
        if path.startswith("/issuers/"):
            return dict(self.redeem(sent))
        if path.endswith("/token"):
            return {"access_token": "token", "expires_in": 3600}
        if path.endswith("/real_name"):
            found = {"bank_tran_id": sent["bank_tran_id"], "bank_rsp_code": "000"}
            return {"rsp_code": "A0000", "account_holder_name": "홍길동", **found}
        if path.endswith("/acnt_num"):
            [line] = sent["req_list"]
            return {"rsp_code": "A0000", "res_list": [{**line, "bank_rsp_code": "000"}]}
        if path.endswith("/openid-configuration"):
            return {"userinfo_endpoint": self.url + "/userinfo"}
        return {"sub": "person", "ci": "C" * 88, "name": "홍길동", "birthdate": "19900101"}


KINDS = (
    ("/issuers/", "issuer"),
    ("/oauth/", "token"),
    ("/openbanking/", "bank"),
    ("/userinfo", "userinfo"),
    ("/.well-known/", "discovery"),
)


class Till:
    """Deployed functions, and what they spend."""

    def __init__(self, deployment: Deployment, partner: LoopbackPartner) -> None:
        self._deployment = deployment
        self._partner = partner
        self._functions: dict[str, Any] = {}
        self.spent: Counter[str] = Counter()

    def cold(self, module: str) -> Any:
        """Start an environment of a function."""
        context = "query" if module == "put_consent" else "transfer"
        self._functions[module] = self._deployment.function(module, context)
        return self._functions[module]

    def invoke(self, module: str, event: dict[str, Any]) -> dict[str, Any]:
        """Invoke a function, warm if it ran before; ``spent`` is what this cost."""
        function = self._functions.get(module) or self.cold(module)
        before = len(self._partner.asked)
        with counted() as calls:
            answer: dict[str, Any] = function(event)
        asked = Counter(
            next(kind for part, kind in KINDS if part in path)
            for path in self._partner.asked[before:]
        )
        self.spent = calls + asked
        return answer

    def call(self, module: str, status: int, event: dict[str, Any]) -> dict[str, Any]:
        """Invoke a function behind a route."""
        reply = self.invoke(module, event)
        assert reply["statusCode"] == status, reply
        body: dict[str, Any] = json.loads(reply.get("body") or "{}")
        return body

    def submit(self, status: int, body: dict[str, Any], key: str = "key") -> dict[str, Any]:
        """Submit a transfer with a recent sign-in."""
        return self.call("submit_transfer", status, signed_in(body, key))

    def move(self, *keys: LegKey) -> None:
        """Let the worker of the kb lane move legs."""
        batch = self._deployment.leg_batch(*keys)
        assert self.invoke("move_leg", batch) == {"batchItemFailures": []}


def signed_in(body: dict[str, Any], key: str, age_s: int = 5) -> dict[str, Any]:
    event = request("person", body)
    event["headers"]["idempotency-key"] = key
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    claims["auth_time"] = str(real_ms() // 1000 - age_s)
    return event
