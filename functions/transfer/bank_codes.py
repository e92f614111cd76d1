"""The bank's codes that more than one of its answers use (partner contract, section 2)."""

SUCCESS = "A0000"
"""``rsp_code``: the clearing institute did what was asked."""

BANK_SUCCESS = "000"
"""``bank_rsp_code``: so did the bank behind it."""

REFUSALS: dict[str, str] = {
    "412": "account_not_found",
    "415": "account_closed",
    "416": "account_restricted",
    "815": "holder_name_mismatch",
}
"""What a ``bank_rsp_code`` says of an account, in our words."""
