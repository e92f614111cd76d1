"""The words of the notices, in both languages: one table a kind, no branches."""

from modupoint.leg_failures import failure_text
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

MONTH_OVER = "too_late"
"""As the transfer context calls what was handed over past its last day."""
_WHYS: dict[str, Text] = {
    MONTH_OVER: text("기한 안에 마치지 못했어요.", "It was not finished in time."),
    "already_transferred_today": text(
        "이 카드사의 포인트는 하루에 한 번만 바꿀 수 있어요.",
        "An issuer's points can be turned into cash only once a day.",
    ),
}


def why(code: str) -> Text:
    """Return why a cash-out failed, in words."""
    return _WHYS.get(code) or failure_text(code)
