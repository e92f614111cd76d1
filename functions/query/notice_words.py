"""The words of the notices, in both languages: one table a kind, no branches."""

from modupoint.text import Text, text

EXPIRING = text(
    "{issuer} 포인트 {amount}점이 {last_day}까지만 남아 있어요. {hint}",
    "{amount} points of {issuer} expire at the end of {last_day}. {hint}",
)
EXPIRING_AS_OF = text(
    "{issuer} 포인트 {amount}점이 {last_day}까지만 남아 있어요. {as_of}에 확인한 잔액이고, "
    "카드사가 지금은 답하지 않아요. {hint}",
    "{amount} points of {issuer} expire at the end of {last_day}. This is the balance of {as_of}: "
    "the issuer does not answer at the moment. {hint}",
)
HINT_CASHABLE = text(
    "그 전에 현금으로 바꾸거나 사용해 주세요.", "Turn them into cash or use them before then."
)
HINT_NOT_CASHABLE = text("그 전에 사용해 주세요.", "Use them before then.")

CASHOUT_PLANNED = text(
    "{issuer} 포인트 {amount}점이 {last_day}에 없어지기 전에, {day} 오전 10시부터 현금으로 바꿔 "
    "{account} 계좌에 입금할게요. 원하지 않으면 그 전에 자동 현금화를 꺼 주세요.",
    "{amount} points of {issuer} expire at the end of {last_day}. On {day}, from 10:00, we will "
    "turn them into cash for your account {account}. If you do not want that, switch standing "
    "cash-out off before then.",
)
CASHOUT_TOO_LATE = text(
    "{issuer} 포인트 {amount}점이 {last_day}까지만 남아 있어요. 3일 전에 미리 알려 드릴 수 없어 "
    "자동으로 바꾸지 않아요. 그 전에 직접 현금으로 바꿔 주세요.",
    "{amount} points of {issuer} expire at the end of {last_day}. That leaves no 3 days to tell "
    "you first, so we do not turn them into cash by ourselves. Please do it before then.",
)
CASHOUT_DONE = text(
    "{issuer} 포인트 {amount}점을 현금으로 바꿔 {account} 계좌에 {amount}원을 입금했어요.",
    "{amount} points of {issuer} were turned into cash: KRW {amount} are in your account "
    "{account}.",
)

ACCOUNT_GONE = "account_gone"
SWITCHED_OFF = "switched_off"
SPENT = "spent"

CASHOUT_STOPPED: dict[str, Text] = {
    ACCOUNT_GONE: text(
        "입금할 계좌가 삭제되어 {issuer} 포인트 {amount}점을 자동으로 바꾸지 않아요. "
        "{last_day}까지 직접 현금으로 바꾸고, 자동 현금화에 쓸 계좌를 다시 골라 주세요.",
        "The account for standing cash-out was deleted, so {amount} points of {issuer} are not "
        "turned into cash. Please do it by {last_day}, and choose another account for the next "
        "time.",
    ),
    SWITCHED_OFF: text(
        "자동 현금화가 꺼져 있어 {issuer} 포인트 {amount}점을 바꾸지 않았어요. "
        "이 포인트는 {last_day}까지 직접 바꾸거나 사용해 주세요.",
        "Standing cash-out is off, so {amount} points of {issuer} were not turned into cash. "
        "Turn them into cash or use them by {last_day}.",
    ),
    SPENT: text(
        "{last_day}까지였던 {issuer} 포인트 {amount}점을 그사이 쓰셨거나 "
        "남은 포인트가 정해 두신 최소 금액보다 적어, 현금으로 바꾸지 않았어요.",
        "The {amount} points of {issuer} that were to expire at the end of {last_day} have been "
        "used meanwhile, or fewer are left than your minimum: nothing was turned into cash.",
    ),
}

CASHOUT_FAILED = text(
    "{issuer} 포인트 {amount}점을 현금으로 바꾸지 못했어요. {why} {hint}",
    "{amount} points of {issuer} could not be turned into cash. {why} {hint}",
)
HINT_BY_HAND = text(
    "{last_day}까지 직접 바꾸거나 사용해 주세요.",
    "Please turn them into cash or use them by {last_day}.",
)
HINT_OVER = text("이 포인트의 기한은 {last_day}이었어요.", "Their last day was {last_day}.")

MONTH_OVER = "month_over"
_OTHER = "other"
_WHYS: dict[str, Text] = {
    "account_not_found": text(
        "은행에 없는 계좌예요. 자동 현금화에 쓸 계좌를 다시 골라 주세요.",
        "The bank does not know the account. Please choose another one.",
    ),
    "account_closed": text(
        "해지된 계좌예요. 자동 현금화에 쓸 계좌를 다시 골라 주세요.",
        "The account is closed. Please choose another one.",
    ),
    "account_restricted": text(
        "입금이 제한된 계좌예요. 은행에 확인해 주세요.",
        "The account takes no deposits. Please ask your bank.",
    ),
    "holder_name_mismatch": text(
        "계좌의 예금주가 본인과 달라요. 자동 현금화에 쓸 계좌를 다시 골라 주세요.",
        "The account's holder is not you. Please choose another account.",
    ),
    "deposit_refused": text(
        "은행이 입금을 받지 않아 포인트를 되돌렸어요.",
        "The bank refused the deposit, and the points went back.",
    ),
    "card_dormant": text(
        "휴면이거나 정지된 카드예요. 카드사에서 먼저 해제해 주세요.",
        "The card is dormant or suspended. Have the issuer release it first.",
    ),
    "not_cashable": text("현금으로 바꿀 수 없는 포인트예요.", "The points are not cashable."),
    "insufficient_points": text(
        "카드사에 남은 포인트가 모자라요.", "The issuer has fewer points than that."
    ),
    "already_redeemed_today": text(
        "이 카드사에서는 하루에 한 번만 바꿀 수 있어요.",
        "This issuer redeems points only once a day.",
    ),
    "already_transferred_today": text(
        "이 카드사의 포인트는 하루에 한 번만 바꿀 수 있어요.",
        "An issuer's points can be turned into cash only once a day.",
    ),
    "issuer_unavailable": text("카드사가 답하지 않았어요.", "The issuer did not answer."),
    MONTH_OVER: text("기한 안에 마치지 못했어요.", "It was not finished in time."),
    _OTHER: text("카드사가 신청을 받지 않았어요.", "The issuer refused."),
}


def why(code: str) -> Text:
    """Return why a cash-out failed, in words; for a code nobody foresaw, what is true of all."""
    return _WHYS.get(code, _WHYS[_OTHER])
