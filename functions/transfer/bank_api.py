"""KFTC Open Banking over HTTP: the bank's side of a transfer (partner contract, section 2).

Keeps the access token, words the requests; what an answer means is for
``deposit_answers`` and ``account_answers``.
"""

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from modupoint.partner import Outcome, PartnerAnswer, PartnerTransport
from modupoint.partner_secrets import Secret
from transfer.legs import BankTran

_TOKEN_PATH = "/oauth/2.0/token"  # noqa: S105 - a path
_REAL_NAME_PATH = "/v2.0/inquiry/real_name"
_DEPOSIT_PATH = "/v2.0/transfer/deposit/acnt_num"
_RESULT_PATH = "/v2.0/transfer/result"
_SETTLEMENT_PATH = "/v2.0/settlement/deposits"

CALL_TIMEOUT_S = 10.0
_TOKEN_TIMEOUT_S = 5.0
_TOKEN_REFUSED = 401
_AGAIN_WITHIN_S = 10.0
# A token that is about to end must not end on its way.
_TOKEN_SPARE_S = 60.0
_TOKEN_USUAL_S = 3600


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account at a Korean bank, as the bank needs it."""

    bank_code: str
    number: str = field(repr=False)
    holder_name: str = field(repr=False)


class BankApi:
    """Calls to the bank.

    The secret is ``{base_url, client_id, client_secret, organisation, account}``:
    ``organisation`` the ten characters before each ``bank_tran_id``, ``account``
    the one that deposits are paid from.
    """

    def __init__(self, transport: PartnerTransport, secret: Secret) -> None:
        self._transport = transport
        self._secret = secret
        self._token = ""
        self._token_ends_s = float("-inf")
        self._fetching = threading.Lock()

    def real_name(
        self, bank_tran_id: str, account: BankAccount, birthdate: str, at: datetime
    ) -> PartnerAnswer:
        """Ask who holds an account.

        Parameters
        ----------
        birthdate
            The holder's, ``YYYYMMDD``.
        at
            Business time.
        """
        return self._post(
            _REAL_NAME_PATH,
            {
                "bank_tran_id": bank_tran_id,
                "bank_code_std": account.bank_code,
                "account_num": account.number,
                "account_holder_info_type": " ",
                "account_holder_info": birthdate[2:],
                "tran_dtime": _stamp(at),
            },
        )

    def deposit(
        self, tran: BankTran, account: BankAccount, amount: int, client: str, at: datetime
    ) -> PartnerAnswer:
        """Pay ``amount`` KRW into an account, the holder's name checked again (R-T1).

        Parameters
        ----------
        client
            The member's pseudonymous number at the bank, at most 20 letters or digits.
        at
            Business time.
        """
        return self._post(
            _DEPOSIT_PATH,
            {
                "cntr_account_type": "N",
                "cntr_account_num": self._secret.read()["account"],
                "wd_pass_phrase": "NONE",
                "wd_print_content": "모두포인트",
                "name_check_option": "on",
                "tran_dtime": _stamp(at),
                "req_cnt": "1",
                "req_list": [
                    {
                        "tran_no": "1",
                        "bank_tran_id": tran.id,
                        "bank_code_std": account.bank_code,
                        "account_num": account.number,
                        "account_holder_name": account.holder_name,
                        "print_content": "모두포인트",
                        "tran_amt": str(amount),
                        "req_client_name": account.holder_name,
                        "req_client_num": client,
                        "transfer_purpose": "TR",
                    }
                ],
            },
        )

    def result(self, tran: BankTran, amount: int, at: datetime) -> PartnerAnswer:
        """Ask what became of a deposit, by its id and the date it was sent under."""
        return self._post(
            _RESULT_PATH,
            {
                "check_type": "2",
                "tran_dtime": _stamp(at),
                "req_cnt": "1",
                "req_list": [
                    {
                        "tran_no": "1",
                        "org_bank_tran_id": tran.id,
                        "org_bank_tran_date": f"{tran.date:%Y%m%d}",
                        "org_tran_amt": str(amount),
                    }
                ],
            },
        )

    def settlement(self, day: date, cursor: str | None) -> PartnerAnswer:
        """Ask for a page of a day's deposits as the bank has them."""
        query = {"bank_tran_date": f"{day:%Y%m%d}", **({"cursor": cursor} if cursor else {})}
        return self._authorised("GET", f"{_SETTLEMENT_PATH}?{urlencode(query)}", None)

    def _post(self, path: str, content: dict[str, Any]) -> PartnerAnswer:
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return self._authorised("POST", path, body)

    def _authorised(self, method: str, path: str, body: bytes | None) -> PartnerAnswer:
        """Call with the token; once more with a new one if the bank refuses it.

        A call that was refused for its token was not looked at, so its id may go again,
        but soon: others count the bank's horizon from the end of the intent's lease.
        """
        started_s = time.monotonic()
        token, refusal = self._valid_token(used=None)
        if refusal is not None:
            return refusal
        answer = self._call(method, path, body, token)
        if answer.status != _TOKEN_REFUSED or time.monotonic() - started_s > _AGAIN_WITHIN_S:
            return answer
        token, refusal = self._valid_token(used=token)
        return refusal or self._call(method, path, body, token)

    def _call(self, method: str, path: str, body: bytes | None, token: str) -> PartnerAnswer:
        return self._transport.call(
            method,
            self._url(path),
            headers={
                "authorization": f"Bearer {token}",
                "content-type": "application/json; charset=utf-8",
            },
            body=body,
            timeout_s=CALL_TIMEOUT_S,
        )

    def _valid_token(self, used: str | None) -> tuple[str, PartnerAnswer | None]:
        """Return a token, or how fetching one ended; ``used`` is one that was refused."""
        # A batch calls ten times at once: one of them fetches, the others wait for it.
        with self._fetching:
            if self._token != used and time.monotonic() < self._token_ends_s:
                return self._token, None
            answer = self._fetch_token()
            token, lasts_s = answer.body.get("access_token"), answer.body.get("expires_in")
            if answer.outcome is not Outcome.ANSWERED or not isinstance(token, str) or not token:
                return "", _not_sent(answer)
            usable_s = lasts_s if isinstance(lasts_s, int) else _TOKEN_USUAL_S
            self._token = token
            self._token_ends_s = time.monotonic() + max(usable_s - _TOKEN_SPARE_S, 0)
            return token, None

    def _fetch_token(self) -> PartnerAnswer:
        secret = self._secret.read()
        form = {
            "client_id": secret["client_id"],
            "client_secret": secret["client_secret"],
            "scope": "oob",
            "grant_type": "client_credentials",
        }
        return self._transport.call(
            "POST",
            self._url(_TOKEN_PATH),
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=urlencode(form).encode(),
            timeout_s=_TOKEN_TIMEOUT_S,
        )

    def _url(self, path: str) -> str:
        return str(self._secret.read()["base_url"]).rstrip("/") + path


def _not_sent(token_answer: PartnerAnswer) -> PartnerAnswer:
    """Return what a call without a token is: nothing that reached the bank."""
    return PartnerAnswer(
        Outcome.NOT_SENT,
        None,
        {},
        token_answer.retry_after_s,
        f"token: {token_answer.cause}",
        token_answer.took_ms,
    )


def _stamp(at: datetime) -> str:
    return at.strftime("%Y%m%d%H%M%S")
