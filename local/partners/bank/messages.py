"""What the bank is asked and how it answers, field by field (partner contracts, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import uuid4

from pydantic import Field

from local.partners.bank.codes import BANKS, DEPOSITED, DONE, KFTC
from local.partners.bodies import Cursor, Day, Stamp, Strict, json_answer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aiohttp import web

    from local.partners.bank.deposits import Deposit, DepositOrder
    from local.partners.differences import Line
    from local.partners.refusal import Refusal

ORGANISATION = "M202600001"

type BankTranId = Annotated[str, Field(pattern=rf"^{ORGANISATION}U[A-Za-z0-9]{{9}}$")]
type BankCode = Annotated[str, Field(pattern=r"^\d{3}$")]
type AccountNum = Annotated[str, Field(pattern=r"^\d{1,16}$")]
type Won = Annotated[str, Field(pattern=r"^[1-9]\d{0,11}$")]
type Print = Annotated[str, Field(max_length=20)]
type HolderName = Annotated[str, Field(min_length=1, max_length=100)]


class RealNameBody(Strict):
    """Ask whose account it is; ``account_holder_info`` is the birth date, ``YYMMDD``."""

    bank_tran_id: BankTranId
    bank_code_std: BankCode
    account_num: AccountNum
    account_holder_info_type: Literal[" "]
    account_holder_info: Annotated[str, Field(pattern=r"^\d{6}$")]
    tran_dtime: Stamp


class DepositLine(Strict):
    """The one deposit of a request."""

    tran_no: Literal["1"]
    bank_tran_id: BankTranId
    bank_code_std: BankCode
    account_num: AccountNum
    account_holder_name: HolderName
    print_content: Print
    tran_amt: Won
    req_client_name: HolderName
    req_client_num: Annotated[str, Field(min_length=1, max_length=20)]
    transfer_purpose: Literal["TR"]


class DepositBody(Strict):
    """Pay into somebody's account, if it is theirs."""

    cntr_account_type: Literal["N"]
    cntr_account_num: AccountNum
    wd_pass_phrase: Literal["NONE"]
    wd_print_content: Print
    name_check_option: Literal["on"]
    tran_dtime: Stamp
    req_cnt: Literal["1"]
    req_list: Annotated[tuple[DepositLine, ...], Field(min_length=1, max_length=1)]


class ResultLine(Strict):
    """The one deposit a request asks after."""

    tran_no: Literal["1"]
    org_bank_tran_id: BankTranId
    org_bank_tran_date: Day
    org_tran_amt: Won


class ResultBody(Strict):
    """Ask what became of a deposit."""

    check_type: Literal["2"]
    tran_dtime: Stamp
    req_cnt: Literal["1"]
    req_list: Annotated[tuple[ResultLine, ...], Field(min_length=1, max_length=1)]


class SettlementQuery(Strict):
    """Which day's deposits, and from where."""

    bank_tran_date: Day
    cursor: Cursor = ""


def real_name_parts(
    body: RealNameBody, day: str, code: str, message: str, holder: str = ""
) -> dict[str, Any]:
    """Write the answer to a holder check; the holder is named only if all is well."""
    return {
        **_bank_parts(body.bank_tran_id, day, body.bank_code_std, code, message),
        "bank_code_std": body.bank_code_std,
        "bank_name": BANKS.get(body.bank_code_std, ""),
        "account_num": body.account_num,
        "account_holder_name": holder if code == DEPOSITED else "",
    }


def deposit_parts(order: DepositOrder, code: str, message: str) -> dict[str, Any]:
    """Write the answer to a deposit."""
    return _listed(
        {
            **_bank_parts(
                order.bank_tran_id, order.bank_tran_date, order.bank_code_std, code, message
            ),
            "bank_code_std": order.bank_code_std,
            "account_num_masked": _masked(order.account_num),
            "account_holder_name": order.account_holder_name,
            "tran_amt": str(order.tran_amt),
        }
    )


def result_parts(
    line: ResultLine, found: Deposit | None, code: str, message: str
) -> dict[str, Any]:
    """Write what became of a deposit; what was not found has an empty account."""
    return _listed(
        {
            **_bank_parts(
                line.org_bank_tran_id,
                line.org_bank_tran_date,
                found.bank_code_std if found else KFTC,
                code,
                message,
            ),
            "bank_code_std": found.bank_code_std if found else "",
            "account_num_masked": _masked(found.account_num) if found else "",
            "account_holder_name": found.account_holder_name if found else "",
            "tran_amt": line.org_tran_amt,
        }
    )


def settlement_parts(line: Line) -> dict[str, Any]:
    """Write a line of the day's list."""
    return {
        "bank_tran_id": line.id,
        "bank_tran_date": line.day,
        "tran_amt": str(line.amount),
        "bank_rsp_code": line.status,
    }


def answer(now: datetime, parts: Mapping[str, Any]) -> web.Response:
    """Write a success: the common part and what was asked for."""
    return json_answer({**_common(now, DONE, ""), **parts})


def refuse(now: datetime, refusal: Refusal, parts: Mapping[str, Any]) -> web.Response:
    """Write a refusal: the common part, and the bank's where a bank has spoken."""
    body = {**_common(now, refusal.code, refusal.message), **parts}
    return json_answer(body, refusal.status, refusal.headers)


def _common(now: datetime, code: str, message: str) -> dict[str, str]:
    return {
        "api_tran_id": str(uuid4()),
        "api_tran_dtm": now.strftime("%Y%m%d%H%M%S%f")[:17],
        "rsp_code": code,
        "rsp_message": message,
    }


def _bank_parts(bank_tran_id: str, day: str, bank: str, code: str, message: str) -> dict[str, str]:
    return {
        "bank_tran_id": bank_tran_id,
        "bank_tran_date": day,
        "bank_code_tran": bank,
        "bank_rsp_code": code,
        "bank_rsp_message": message,
    }


def _listed(line: dict[str, str]) -> dict[str, Any]:
    return {"res_cnt": "1", "res_list": [{"tran_no": "1", **line}]}


def _masked(account_num: str) -> str:
    return account_num[:-3] + "***"
