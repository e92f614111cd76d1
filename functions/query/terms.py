"""The texts a member agrees to, by version, and their hashes (R-M2)."""

import hashlib
from typing import NamedTuple

from modupoint.text import Text, text

NEEDED = ("service", "third_party_provision", "delegation")
"""The three agreements; a lookup needs all of them."""


class Terms(NamedTuple):
    """One version of the three texts, in the order of ``NEEDED``."""

    version: str
    texts: tuple[Text, Text, Text]

    @property
    def sha256(self) -> str:
        """The hash of all texts, kept with every agreement to this version."""
        joined = "\n\n".join(f"{one['ko']}\n{one['en']}" for one in self.texts)
        return hashlib.sha256(joined.encode()).hexdigest()


_VERSIONS = (
    Terms(
        "2026-11-01",
        (
            text(
                "모두포인트는 회원의 카드 포인트를 한 번에 조회하고, "
                "회원이 요청하면 본인 명의 계좌로 입금합니다. "
                "접수된 입금은 취소하거나 정정할 수 없습니다.",
                "Modupoint looks up the points of a member's cards at once and, when asked, turns "
                "them into cash in the member's own account. A transfer that was accepted cannot "
                "be cancelled or corrected.",
            ),
            text(
                "조회를 위해 연계정보(CI)를 카드사에 제공하고, "
                "카드사의 회원 상태와 포인트를 받습니다. "
                "주민등록번호, 카드 비밀번호, CVC는 묻지도 저장하지도 않습니다.",
                "For a lookup the connecting information (CI) is given to the issuers, who answer "
                "with the member's status and points. Resident registration number, card password "
                "and CVC are never asked for or stored.",
            ),
            text(
                "회원은 모두포인트가 회원을 대신하여 "
                "카드사에 포인트 조회와 입금을 요청하도록 위임합니다. "
                "위임은 언제든지 철회할 수 있습니다.",
                "The member delegates to Modupoint the asking of issuers for points and for their "
                "transfer. The delegation can be withdrawn at any time.",
            ),
        ),
    ),
)

_BY_VERSION = {terms.version: terms for terms in _VERSIONS}


def text_hash(version: str) -> str | None:
    """Return the SHA-256 of a version's texts, None for a version that is not ours."""
    terms = _BY_VERSION.get(version)
    return terms.sha256 if terms else None
