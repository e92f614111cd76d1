"""Why an issuer took no points, or the bank no deposit, in words for people.

A leg of a transfer shows them, and so does the notice of a standing cash-out.
"""

from modupoint.text import Text, text

_UNKNOWN_FAILURE = "issuer_refused"
_FAILURES: dict[str, Text] = {
    "insufficient_points": text(
        "카드사에 남은 포인트가 부족해요. 다시 조회한 뒤 신청해 주세요.",
        "The issuer has fewer points than asked for. Look them up again and ask for less.",
    ),
    "card_dormant": text(
        "휴면이거나 정지된 카드예요. 카드사에서 해제한 뒤 신청해 주세요.",
        "The card is dormant or suspended. Have the issuer release it first.",
    ),
    "already_redeemed_today": text(
        "이 카드사의 포인트는 오늘 이미 현금으로 바꿨어요. 내일 다시 신청해 주세요.",
        "This issuer's points were already turned into cash today. Ask again tomorrow.",
    ),
    "not_cashable": text(
        "현금으로 바꿀 수 없는 포인트예요.", "These points cannot be turned into cash."
    ),
    "outside_service_hours": text(
        "카드사의 서비스 시간이 아니에요. 나중에 다시 신청해 주세요.",
        "The issuer is outside its service hours. Ask again later.",
    ),
    "issuer_unavailable": text(
        "카드사가 오랫동안 응답하지 않아 신청을 마쳤어요. 포인트는 그대로예요.",
        "The issuer could not be reached for a long time. No points were taken.",
    ),
    "reversed_by_issuer": text(
        "카드사가 신청을 취소하고 포인트를 돌려놓았어요.",
        "The issuer cancelled the redemption and gave the points back.",
    ),
    _UNKNOWN_FAILURE: text(
        "카드사가 신청을 받지 않았어요. 포인트는 그대로예요.",
        "The issuer refused. No points were taken.",
    ),
    "account_not_found": text(
        "은행에 없는 계좌예요. 다른 계좌로 다시 신청해 주세요.",
        "The bank does not know this account. Ask again with another one.",
    ),
    "account_closed": text(
        "해지된 계좌예요. 다른 계좌로 다시 신청해 주세요.",
        "The account is closed. Ask again with another one.",
    ),
    "account_restricted": text(
        "입금이 제한된 계좌예요. 은행에 확인해 주세요.",
        "The account takes no deposits. Please ask your bank.",
    ),
    "holder_name_mismatch": text(
        "계좌의 예금주가 본인과 달라 입금하지 못했어요.",
        "The account's holder is not you, so nothing was deposited.",
    ),
    "deposit_refused": text("은행이 입금을 받지 않았어요.", "The bank refused the deposit."),
}


def failure_text(code: str) -> Text:
    """Return the words for a leg's ``failure``."""
    return _FAILURES.get(code, _FAILURES[_UNKNOWN_FAILURE])
