"""What can be refused, as RFC 9457 problem documents with a stable ``code``.

One table holds every refusal with its status and its words; code raises a
``Problem`` by that code and nobody matches on message text.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypedDict

from modupoint.text import Text, text

type Language = Literal["ko", "en"]


class FieldError(TypedDict):
    """One wrong place in a request: an RFC 6901 pointer and what is wrong there."""

    pointer: str
    detail: str


class Kind(NamedTuple):
    """A kind of refusal: its HTTP status, its name and what to do, for people."""

    status: int
    title: Text
    detail: Text


KINDS: dict[str, Kind] = {
    "invalid_request": Kind(
        422,
        text("요청 내용이 올바르지 않아요", "The request is not valid"),
        text(
            "표시된 항목을 고쳐서 다시 보내 주세요.",
            "Correct the places named in errors and send it again.",
        ),
    ),
    "consent_required": Kind(
        403,
        text("이용 동의가 필요해요", "Agreement needed"),
        text(
            "약관, 제3자 제공, 위임장에 동의하면 조회할 수 있어요.",
            "Agree to the terms, the third-party provision and the delegation first.",
        ),
    ),
    "not_found": Kind(
        404,
        text("찾을 수 없어요", "Not found"),
        text("없거나 더 이상 보관하지 않아요.", "It is not there, or is not kept any more."),
    ),
    "too_many_lookups": Kind(
        429,
        text("조회를 너무 자주 요청했어요", "Too many lookups"),
        text(
            "1분에 6번까지 새로 조회할 수 있어요. 잠시 후 다시 시도해 주세요.",
            "Six fresh lookups a minute are possible. Please wait a moment.",
        ),
    ),
    "sign_in_required": Kind(
        401,
        text("다시 로그인해 주세요", "Please sign in again"),
        text(
            "본인확인 기관이 이 로그인을 더 이상 인정하지 않아요.",
            "The identity provider no longer accepts this sign-in.",
        ),
    ),
    "identity_unavailable": Kind(
        429,
        text("본인확인 기관이 응답하지 않아요", "The identity provider does not answer"),
        text(
            "저장된 것은 없어요. 잠시 후 다시 시도해 주세요.",
            "Nothing was stored. Please try again in a moment.",
        ),
    ),
    "reauthentication_required": Kind(
        401,
        text("본인확인을 다시 해 주세요", "Please confirm who you are again"),
        text(
            "돈을 옮기려면 10분 안에 로그인한 상태여야 해요.",
            "Moving money needs a sign-in of the last ten minutes.",
        ),
    ),
    "transfer_in_flight": Kind(
        409,
        text("처리 중인 현금 전환이 있어요", "A transfer is still in flight"),
        text(
            "입금이 끝난 뒤에 동의를 철회할 수 있어요.",
            "The agreement can be withdrawn once the money has arrived.",
        ),
    ),
    "holder_name_mismatch": Kind(
        422,
        text("예금주가 본인과 달라요", "The account is not in your name"),
        text(
            "본인 이름으로 된 계좌만 등록할 수 있어요. 이름과 계좌번호를 확인해 주세요.",
            "Only an account in your own name can be registered. Check name and number.",
        ),
    ),
    "account_not_found": Kind(
        422,
        text("없는 계좌예요", "No such account"),
        text("은행과 계좌번호를 확인해 주세요.", "Check the bank and the account number."),
    ),
    "account_closed": Kind(
        422,
        text("해지된 계좌예요", "The account is closed"),
        text("다른 계좌를 등록해 주세요.", "Please register another account."),
    ),
    "account_restricted": Kind(
        422,
        text("거래가 제한된 계좌예요", "The account is restricted"),
        text("은행에 확인하거나 다른 계좌를 등록해 주세요.", "Ask your bank, or register another."),
    ),
    "too_many_accounts": Kind(
        422,
        text("계좌를 더 등록할 수 없어요", "No more accounts can be registered"),
        text("쓰지 않는 계좌를 지운 뒤 등록해 주세요.", "Delete one that you do not use first."),
    ),
    "bank_unavailable": Kind(
        503,
        text("은행이 응답하지 않아요", "The bank does not answer"),
        text(
            "계좌를 확인하지 못했어요. 잠시 후 다시 시도해 주세요.",
            "The account could not be checked. Please try again in a moment.",
        ),
    ),
    "nothing_to_transfer": Kind(
        422,
        text("현금으로 바꿀 포인트가 없어요", "Nothing to turn into cash"),
        text(
            "먼저 포인트를 조회하거나, 바꿀 포인트를 골라 주세요.",
            "Look up your points first, or choose which to transfer.",
        ),
    ),
    "idempotency_key_reused": Kind(
        422,
        text("이미 쓴 요청 번호예요", "This Idempotency-Key was used for something else"),
        text(
            "같은 Idempotency-Key로 다른 내용을 보낼 수 없어요.",
            "The same Idempotency-Key came with another body before.",
        ),
    ),
    "already_transferred_today": Kind(
        409,
        text("오늘 이미 바꾼 카드사가 있어요", "Already transferred today"),
        text(
            "카드사마다 하루에 한 번 바꿀 수 있어요. 표시된 카드사는 내일 다시 신청해 주세요.",
            "Each issuer redeems once a day. Ask again tomorrow for the issuers in errors.",
        ),
    ),
    "corporate_card": Kind(
        422,
        text("법인카드는 바꿀 수 없어요", "Corporate cards cannot be used"),
        text("개인 신용·체크카드만 바꿀 수 있어요.", "Only personal credit and check cards can."),
    ),
    "category_not_open": Kind(
        422,
        text("아직 열리지 않은 납부 종류예요", "This kind of bills is not open yet"),
        text("열리는 날부터 신청할 수 있어요.", "It can be ordered from its opening day on."),
    ),
    "card_not_active": Kind(
        422,
        text("사용할 수 없는 카드예요", "The card cannot be used"),
        text(
            "휴면이나 정지가 아닌, 참여 카드사의 카드를 골라 주세요.",
            "Choose an active card of an issuer that takes part.",
        ),
    ),
    "not_changeable": Kind(
        422,
        text("여기서 바꿀 수 없는 자동납부예요", "This autopay cannot be changed here"),
        text("청구 기관에 문의해 주세요.", "Please ask the biller."),
    ),
    "order_open": Kind(
        409,
        text("처리 중인 신청이 있어요", "An order is under way"),
        text(
            "이 납부의 신청이 끝난 뒤에 다시 신청할 수 있어요.",
            "Another order for this bill can be made when that one has ended.",
        ),
    ),
    "too_late": Kind(
        409,
        text("취소할 수 있는 시간이 지났어요", "Too late to withdraw"),
        text(
            "신청한 날 22시까지, 처리되기 전에만 취소할 수 있어요.",
            "An order can be withdrawn until 22:00 of its day, and before it is processed.",
        ),
    ),
    "switch_unavailable": Kind(
        429,
        text("자동납부 기관이 응답하지 않아요", "The autopay switch does not answer"),
        text(
            "바뀐 것은 없어요. 잠시 후 다시 시도해 주세요.",
            "Nothing was changed. Please try again in a moment.",
        ),
    ),
    "internal_error": Kind(
        500,
        text("일시적인 오류예요", "Something went wrong on our side"),
        text("잠시 후 다시 시도해 주세요.", "Please try again in a moment."),
    ),
}


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """A request that is refused.

    Parameters
    ----------
    code
        A key of ``KINDS``.
    errors
        The wrong places of the request, if there are any.
    retry_after_s
        Whole seconds after which the same request may succeed.
    """

    code: str
    errors: list[FieldError] = field(default_factory=list)
    retry_after_s: int | None = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.code].status

    def document(self, language: Language) -> dict[str, Any]:
        """Return the ``application/problem+json`` body in one language.

        RFC 9457 wants ``title`` and ``detail`` to be strings, so the language is
        negotiated instead of sending both.
        """
        kind = KINDS[self.code]
        return {
            "type": f"https://modupoint.kr/problems/{self.code}",
            "title": kind.title[language],
            "status": kind.status,
            "detail": kind.detail[language],
            "code": self.code,
            "errors": self.errors,
        }
