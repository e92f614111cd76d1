"""The autopay switch over HTTP (partner contract, section 3).

Words the requests; what an answer means is for ``switch_answers``.
"""

import json
from typing import Any

from modupoint.partner import PartnerAnswer, PartnerTransport
from modupoint.partner_secrets import Secret

PLACING_TIMEOUT_S = 10.0
"""An order is placed behind its member's back: patience saves asking."""

ANSWER_TIMEOUT_S = 5.0
"""Of what a person may wait for. A withdrawal that takes longer is asked about."""


class SwitchApi:
    """Calls to the switch. The secret is ``{base_url, token}``."""

    def __init__(self, transport: PartnerTransport, secret: Secret) -> None:
        self._transport = transport
        self._secret = secret

    def cards(self, ci: str) -> PartnerAnswer:
        """Ask for a person's cards."""
        return self._call("POST", "/v1/cards/inquiry", {"ci": ci}, ANSWER_TIMEOUT_S)

    def autopays(self, ci: str) -> PartnerAnswer:
        """Ask for a person's registrations."""
        return self._call("POST", "/v1/autopays/inquiry", {"ci": ci}, ANSWER_TIMEOUT_S)

    def place(self, content: dict[str, Any]) -> PartnerAnswer:
        """Place an order."""
        return self._call("POST", "/v1/autopay-orders", content, PLACING_TIMEOUT_S)

    def order(self, switch_id: str) -> PartnerAnswer:
        """Ask what became of an order."""
        return self._call("GET", f"/v1/autopay-orders/{switch_id}", None, ANSWER_TIMEOUT_S)

    def withdraw(self, switch_id: str) -> PartnerAnswer:
        """Withdraw an order."""
        path = f"/v1/autopay-orders/{switch_id}/withdrawal"
        return self._call("POST", path, {}, ANSWER_TIMEOUT_S)

    def _call(
        self, method: str, path: str, content: dict[str, Any] | None, timeout_s: float
    ) -> PartnerAnswer:
        secret = self._secret.read()
        body = None if content is None else json.dumps(content, ensure_ascii=False).encode()
        return self._transport.call(
            method,
            str(secret["base_url"]).rstrip("/") + path,
            headers={
                "authorization": f"Bearer {secret['token']}",
                "content-type": "application/json; charset=utf-8",
            },
            body=body,
            timeout_s=timeout_s,
        )
