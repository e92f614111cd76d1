"""What can be refused, as RFC 9457 problem documents with a stable ``code``.

One table holds every refusal with its status and its words; code raises a
``Problem`` by that code and nobody matches on message text.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

from modupoint.text import Text, text

type Language = Literal["ko", "en"]


class FieldError(TypedDict):
    """One wrong place in a request: an RFC 6901 pointer and what is wrong there."""

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True)
class Kind:
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
