"""What the bank's answer says of an account's holder (partner contract, section 2). Pure."""

from modupoint.partner import Outcome, PartnerAnswer
from modupoint.problems import Problem
from transfer.bank_codes import BANK_SUCCESS, REFUSALS, SUCCESS

_RETRY_AFTER_S = 5
_LONGEST_RETRY_AFTER_S = 600


def holder_of(answer: PartnerAnswer, bank_tran_id: str) -> str:
    """Return the name the bank has for an account.

    Raises
    ------
    Problem
        ``account_not_found``, ``account_closed``, ``account_restricted`` or
        ``holder_name_mismatch`` if the bank says so; ``bank_unavailable`` if it
        says nothing that could be relied on.
    """
    body = answer.body
    if answer.outcome is not Outcome.ANSWERED or body.get("rsp_code") != SUCCESS:
        raise _unavailable(answer)
    code = body.get("bank_rsp_code")
    if isinstance(code, str) and code in REFUSALS:
        raise Problem(REFUSALS[code])
    holder = body.get("account_holder_name")
    # An answer to another question must not name the holder of this account.
    ours = body.get("bank_tran_id") == bank_tran_id
    if code != BANK_SUCCESS or not ours or not isinstance(holder, str) or not holder.strip():
        raise _unavailable(answer)
    return holder


def _unavailable(answer: PartnerAnswer) -> Problem:
    wait_s = answer.retry_after_s or _RETRY_AFTER_S
    return Problem("bank_unavailable", retry_after_s=min(wait_s, _LONGEST_RETRY_AFTER_S))
