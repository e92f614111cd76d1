"""What the bank's answer says of a deposit (partner contract, section 2; R-T6). Pure."""

from typing import Any

from modupoint.effects import Finding, Verdict
from modupoint.partner import EFFECT_UNKNOWN, Outcome, PartnerAnswer
from transfer.bank_codes import BANK_SUCCESS, REFUSALS, SUCCESS

_NOT_FOUND = "701"

# R-T6: neither done nor refused.
_UNKNOWN_RSP_CODES = frozenset({"A0001", "A0007"})
_UNKNOWN_BANK_CODES = frozenset({"400", "803", "804", "819", "822"})

_OTHER_REFUSAL = "deposit_refused"


def read_deposit(answer: PartnerAnswer, bank_tran_id: str, amount: int) -> Finding:
    """Return what the answer to a deposit says of it."""
    if answer.outcome in EFFECT_UNKNOWN:
        return _no_news(answer)
    if answer.outcome is not Outcome.ANSWERED or answer.status == 401:  # noqa: PLR2004 - our token
        return Finding(
            Verdict.NOT_DONE, retry_after_s=answer.retry_after_s or 0, cause=answer.cause
        )
    rsp_code = answer.body.get("rsp_code")
    entry = _entry(answer.body)
    bank_code = entry.get("bank_rsp_code")
    if (
        not isinstance(rsp_code, str)
        or not rsp_code
        or rsp_code in _UNKNOWN_RSP_CODES
        or _says_nothing(entry, bank_tran_id)
    ):
        return _no_news(answer)
    if rsp_code != SUCCESS:
        # Refused as a whole and yet deposited is a contradiction, and points that
        # went back for it would be paid twice.
        return _no_news(answer) if bank_code == BANK_SUCCESS else _refused(answer, bank_code)
    return _read_entry(answer, entry, bank_tran_id, amount)


def read_deposit_result(answer: PartnerAnswer, bank_tran_id: str, amount: int) -> Finding:
    """Return what the bank says became of a deposit."""
    if answer.outcome is not Outcome.ANSWERED or not _is_success(answer):
        return _no_news(answer)
    entry = _entry(answer.body)
    bank_code = entry.get("bank_rsp_code")
    if _says_nothing(entry, bank_tran_id):
        return _no_news(answer)
    if bank_code == _NOT_FOUND:
        return Finding(Verdict.NOT_FOUND, cause=answer.cause)
    return _read_entry(answer, entry, bank_tran_id, amount)


def _read_entry(
    answer: PartnerAnswer, entry: dict[str, Any], bank_tran_id: str, amount: int
) -> Finding:
    bank_code = entry.get("bank_rsp_code")
    # A success under an HTTP refusal, or about another amount, is no answer about this deposit.
    if not bank_code or not _is_success(answer) or not _is_ours(entry, bank_tran_id, amount):
        return _no_news(answer)
    return Finding(Verdict.DONE) if bank_code == BANK_SUCCESS else _refused(answer, bank_code)


def _is_success(answer: PartnerAnswer) -> bool:
    return (
        answer.status is not None
        and answer.status < 300  # noqa: PLR2004 - HTTP's own boundary
        and answer.body.get("rsp_code") == SUCCESS
    )


def _says_nothing(entry: dict[str, Any], bank_tran_id: str) -> bool:
    """Say whether an entry leaves its deposit open, is no entry, or is another deposit's."""
    bank_code, named = entry.get("bank_rsp_code"), entry.get("bank_tran_id")
    return (
        not isinstance(bank_code, str | None)
        or bank_code in _UNKNOWN_BANK_CODES
        or (bool(named) and named != bank_tran_id)
    )


def _is_ours(entry: dict[str, Any], bank_tran_id: str, amount: int) -> bool:
    refused = entry.get("bank_rsp_code") != BANK_SUCCESS
    # A refusal may leave the amount out; a deposit says how much arrived.
    same_amount = str(entry.get("tran_amt")) == str(amount) or (
        refused and not entry.get("tran_amt")
    )
    return entry.get("bank_tran_id") == bank_tran_id and same_amount


def _entry(body: dict[str, Any]) -> dict[str, Any]:
    """Return the one entry of an answer's list; empty if it is not there."""
    entries = body.get("res_list")
    if isinstance(entries, list) and len(entries) == 1 and isinstance(entries[0], dict):
        return entries[0]
    return {}


def _refused(answer: PartnerAnswer, bank_code: object) -> Finding:
    code = REFUSALS.get(str(bank_code), _OTHER_REFUSAL)
    return Finding(Verdict.REFUSED, code=code, cause=f"{answer.cause} bank {bank_code}")


def _no_news(answer: PartnerAnswer) -> Finding:
    return Finding(Verdict.UNKNOWN, retry_after_s=answer.retry_after_s or 0, cause=answer.cause)
