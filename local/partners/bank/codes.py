"""What the bank says, and the banks there are (partner contracts, section 2)."""

from __future__ import annotations

DONE = "A0000"
BAD_CREDENTIAL = "O0001"
BAD_TOKEN = "O0003"  # noqa: S105 - a code, not a token
# The contract has no code for a body that is not its own.
BAD_BODY = "A0005"

DEPOSITED = "000"
NO_ACCOUNT = "412"
CLOSED = "415"
RESTRICTED = "416"
NOT_FOUND = "701"
IN_PROGRESS = "804"
NAME_DIFFERS = "815"
REPEATED = "822"

BANK_MESSAGES = {
    DEPOSITED: "",
    NO_ACCOUNT: "해당계좌 없음",
    CLOSED: "해약 계좌",
    RESTRICTED: "잡좌",
    NOT_FOUND: "원거래 없음",
    IN_PROGRESS: "처리 중",
    NAME_DIFFERS: "예금주명 불일치",
    REPEATED: "거래고유번호 중복",
}

# Codes for trouble are ours but for A0001, which the contract's public source
# gives as "internal, outcome unknown".
TROUBLE = {
    "too_many_requests": (429, "O0010", "요청이 너무 많습니다"),
    "unavailable": (503, "A0012", "서비스를 이용할 수 없습니다"),
    "maintenance": (200, "A0012", "시스템 점검 중입니다"),
    "internal": (500, "A0001", "처리 중 오류가 발생했습니다"),
}

BANKS = {
    "004": "KB국민은행",
    "088": "신한은행",
    "020": "우리은행",
    "081": "하나은행",
    "003": "IBK기업은행",
    "011": "NH농협은행",
    "023": "SC제일은행",
    "027": "한국씨티은행",
    "089": "케이뱅크",
    "090": "카카오뱅크",
    "092": "토스뱅크",
    "007": "수협은행",
    "031": "대구은행",
    "032": "부산은행",
    "034": "광주은행",
    "035": "제주은행",
    "037": "전북은행",
    "039": "경남은행",
    "045": "새마을금고",
    "048": "신협",
    "071": "우체국",
}

# What answers for itself rather than for a bank.
KFTC = "099"
