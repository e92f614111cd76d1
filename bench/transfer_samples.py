"""What transfer's handlers are asked here, and what AWS and the partners answer them.

A member with one account, a transfer of eleven legs, and nothing due. The bank's
ids are known beforehand, so that its canned answers can be about them; in the
hour around midnight, when no deposits are made, the worker only redeems.
"""

import base64
import json
from datetime import date, datetime
from typing import Any

from bench.asked import SIGNED_IN_FOR_A_DAY, Case, given_message, given_request
from bench.sample_member import DAY_MS, MEMBER, answer_items, member_item, sealed, sealed_ci
from bench.stub import ITSELF, Rule
from modupoint.accounts import Account, account_item
from modupoint.clock import SEOUL, at_ms, real_ms, rfc3339
from modupoint.effects import Progress
from modupoint.hand_overs import HandedItem, HandOver
from modupoint.issuers import ISSUERS
from modupoint.member_table import ACCOUNT_PREFIX, item_key
from transfer.leg_lanes import leg_message
from transfer.legs import BankTran, Leg, LegItem, LegKey, LegState
from transfer.partner_calls import account_owner
from transfer.transfer_items import ShownAccount, Transfer, leg_item, transfer_item

TRANSFER_ID = "trf_019aaaaa-0000-7000-8000-000000000000"
_ACCOUNT_ID = "acc_019aaaaa-0000-7000-8000-000000000000"
_LEG_ID = "leg_019aaaaa-0000-7000-8000-{place:012d}"
_AMOUNT = 12345
_ORGANISATION = "M202600001"
_TRAN_ID = f"{_ORGANISATION}U00000002R"
# The same id in each invocation; in production a hundred share one write.
_ONE_BANK_ID: dict[str, dict[str, Any]] = {"transfer.bank_tran_ids": {"_BLOCK": 1}}
_LANE = "modupoint-transfer-shinhan"
_QUIET_DAY = "2026-11-20"


def transfer_cases() -> list[Case]:
    """Return every way in which transfer's functions are invoked here."""
    account = {"bank_code": "004", "account_number": "12345678901234", "holder_name": "홍길동"}
    everything = {"account_id": _ACCOUNT_ID, "all": True}
    submit = given_request("POST /v1/transfers", body=everything)
    submit["headers"]["idempotency-key"] = "sample"
    read_path = {"transfer_id": TRANSFER_ID}
    return [
        Case(
            "RegisterAccount",
            "",
            given_request("POST /v1/accounts", body=account),
            _ONE_BANK_ID,
        ),
        Case("ListAccounts", "", given_request("GET /v1/accounts")),
        Case(
            "DeleteAccount",
            "",
            given_request("DELETE /v1/accounts/{account_id}", path={"account_id": _ACCOUNT_ID}),
        ),
        Case("QuoteTransfer", "", given_request("POST /v1/transfers/quote", body=everything)),
        Case("SubmitTransfer", "11 legs", submit, SIGNED_IN_FOR_A_DAY),
        Case(
            "ReadTransfer",
            "11 legs",
            given_request("GET /v1/transfers/{transfer_id}", path=read_path),
        ),
        Case("ListTransfers", "1 transfer", given_request("GET /v1/transfers")),
        Case("AcceptCashOuts", "1 hand-over", {"Records": [_hand_over()]}),
        Case("MoveLeg", "1 leg", {"Records": [_message()]}),
        Case("ReleaseDueLegs", "nothing due", {}),
        Case("Reconcile", "a quiet day", {"day": _QUIET_DAY, "again": True}),
    ]


def transfer_rules(lookup_id: str) -> list[Rule]:
    """Return what the stub answers them."""
    legs = [_leg(code, place) for place, code in enumerate(ISSUERS)]
    items = [transfer_item(_transfer()), *(leg_item(leg) for leg in legs)]
    account = {**item_key(MEMBER, f"{ACCOUNT_PREFIX}{_ACCOUNT_ID}"), **account_item(_account())}
    # Another account than the one that is being registered.
    funds = [account, *answer_items(lookup_id), member_item(lookup_id)]
    bank = {
        "base_url": f"{ITSELF}/openbanking",
        "client_id": "modupoint",
        "client_secret": "s",
        "organisation": _ORGANISATION,
        "account": "1002000000001",
    }
    told: list[tuple[str, str, Any]] = [
        ("GetSecretValue", '"modupoint/bank"', {"Name": "s", "SecretString": json.dumps(bank)}),
        ("UpdateItem", '"BANK_TRAN_ID"', {"Attributes": {"next": {"N": "100"}}}),
        ("GetItem", '"KEY#', {}),
        ("GetItem", "#LEG#", {"Item": legs and leg_item(legs[0])}),
        ("GetItem", '"transfers"', {}),
        ("GetItem", '"RECONCILED"', {}),
        ("Query", '"SETTLEMENT"', _found([])),
        ("Query", '"BREAK"', _found([])),
        ("Query", '"book"', _found([])),
        *_empty_lists(),
        ("Query", '"HOLIDAY"', _found([])),
        ("Query", '"due"', _found([])),
        ("Query", "attribute_exists(lane)", _found([])),
        ("Query", '"ScanIndexForward"', _found(items[::-1])),
        ("Query", '"TRANSFER#', _found(items)),
        ("Query", "begins_with(sk, :accounts)", _found([account])),
        ("Query", '"ACCOUNT#"', _found(funds)),
        ("POST /openbanking/oauth/2.0/token", "", {"access_token": "t", "expires_in": 86_400}),
        (
            "POST /openbanking/v2.0/inquiry/real_name",
            "",
            {
                "rsp_code": "A0000",
                "bank_rsp_code": "000",
                "bank_tran_id": _TRAN_ID,
                "account_holder_name": "홍길동",
            },
        ),
        (
            "POST /openbanking/v2.0/transfer/deposit/acnt_num",
            "",
            {
                "rsp_code": "A0000",
                "res_cnt": "1",
                "res_list": [
                    {
                        "bank_tran_id": _TRAN_ID,
                        "bank_rsp_code": "000",
                        "tran_amt": str(_AMOUNT),
                    }
                ],
            },
        ),
        (
            "POST /issuers/shinhan/v1/points/redemptions",
            "",
            {
                "rsp_code": "00000",
                "redemption_id": legs[0].redemption_id,
                "redeemed_amt": _AMOUNT,
                "approved_at": datetime.now(SEOUL).strftime("%Y%m%d%H%M%S"),
            },
        ),
    ]
    return [
        Rule(action, json.dumps(answer, default=_as_sent), word) for action, word, answer in told
    ]


def _empty_lists() -> list[tuple[str, str, Any]]:
    day = _QUIET_DAY.replace("-", "")
    settlement = f"GET /openbanking/v2.0/settlement/deposits?bank_tran_date={day}"
    return [
        (settlement, "", {"rsp_code": "A0000", "items": [], "next_cursor": None}),
        *(
            (
                f"GET /issuers/{code}/v1/points/redemptions?date={day}",
                "",
                {"rsp_code": "00000", "items": [], "next_cursor": None},
            )
            for code in ISSUERS
        ),
    ]


def _message() -> dict[str, Any]:
    return given_message(_LANE, "m", leg_message(LegKey(MEMBER, TRANSFER_ID, "shinhan")))


def _hand_over() -> dict[str, Any]:
    items = (HandedItem("shinhan", ISSUERS["shinhan"].points[0].code, _AMOUNT),)
    given = HandOver(MEMBER, "cashout-shinhan-2026-12-1", _ACCOUNT_ID, items, date.max)
    return given_message("modupoint-cash-outs", "m", given.message())


def _found(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Items": items, "Count": len(items)}


def _as_sent(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _account() -> Account:
    content = json.dumps({"number": "99999999999999", "holder": "홍길동"}, ensure_ascii=False)
    return Account(
        _ACCOUNT_ID,
        "004",
        "KB국민은행",
        "999*********99",
        "홍*동",
        rfc3339(at_ms(real_ms())),
        sealed(content, account_owner(MEMBER)),
    )


def _transfer() -> Transfer:
    account = _account()
    shown = ShownAccount(
        account.account_id,
        account.bank_code,
        account.bank_name,
        account.masked_number,
        account.holder_name_masked,
    )
    return Transfer(MEMBER, TRANSFER_ID, real_ms(), shown, "sample", "0" * 64)


def _leg(issuer: str, place: int) -> Leg:
    leg_id = _LEG_ID.format(place=place)
    now_ms = real_ms() - DAY_MS
    return Leg(
        key=LegKey(MEMBER, TRANSFER_ID, issuer),
        leg_id=leg_id,
        items=(LegItem(ISSUERS[issuer].points[0].code, _AMOUNT),),
        requested_at_ms=now_ms,
        promised_at_ms=now_ms,
        redemption_id=leg_id.removeprefix("leg_").replace("-", ""),
        guard_day=datetime.now(SEOUL).date(),
        bank_code="004",
        progress=Progress(LegState.ACCEPTED, 0, 0, None, now_ms),
        sealed_ci=sealed_ci(MEMBER),
        sealed_account=_account().sealed,
        bank_tran=BankTran(_TRAN_ID, datetime.now(SEOUL).date()),
    )
