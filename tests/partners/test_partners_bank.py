"""The bank against partner contracts, section 2."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from copy import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.partners.partners_bank import CREDENTIAL, Bank, Target, new_id
from tests.partners.partners_issuer import somebody

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners, Reply

TODAY = "20261122"
BANKS = (
    *("004", "088", "020", "081", "003", "011", "023", "027", "089", "090", "092"),
    *("007", "031", "032", "034", "035", "037", "039", "045", "048", "071"),
)


@pytest.fixture
def bank(partners: Partners) -> Bank:
    partners.send("PUT", "/clock", {"now": "2026-11-22T11:00:00+09:00"})
    return Bank(partners)


@pytest.fixture
def target(bank: Bank) -> Target:
    return bank.account(somebody())


def _common(reply: Reply) -> dict[str, Any]:
    """Check the common part and return the rest."""
    body = dict(reply.json)
    assert body.pop("api_tran_id")
    assert re.fullmatch(r"20261122110\d{6}", body.pop("api_tran_dtm"))
    assert (body.pop("rsp_code"), body.pop("rsp_message")) == ("A0000", "")
    return body


def test_a_token_is_given_for_the_credential(partners: Partners) -> None:
    reply = partners.form("/openbanking/oauth/2.0/token", CREDENTIAL)

    body = reply.json
    assert reply.status == 200
    assert body.pop("access_token")
    assert body == {
        "token_type": "Bearer",
        "expires_in": 7_776_000,
        "scope": "oob",
        "client_use_code": "M202600001",
    }


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"client_id": "somebody"}, 401),
        ({"client_secret": "wrong"}, 401),
        ({"client_secret": ""}, 401),
        ({"scope": "login"}, 400),
        ({"grant_type": "password"}, 400),
    ],
    ids=str,
)
def test_a_bad_credential_gets_no_token(
    partners: Partners, changes: dict[str, str], status: int
) -> None:
    reply = partners.form("/openbanking/oauth/2.0/token", {**CREDENTIAL, **changes})

    assert (reply.status, reply.json["rsp_code"]) == (status, "O0001")


def test_everything_else_wants_a_living_token(bank: Bank, target: Target) -> None:
    def codes() -> set[tuple[int, str]]:
        replies = (
            bank.real_name(target),
            bank.deposit(target, new_id()),
            bank.result(new_id(), TODAY),
            bank.ask("GET", f"/v2.0/settlement/deposits?bank_tran_date={TODAY}"),
        )
        return {(reply.status, reply.json["rsp_code"]) for reply in replies}

    assert codes() == {(200, "A0000")}
    good, bank.token = bank.token, "nobody-gave-this"
    assert codes() == {(401, "O0003")}
    bank.token = good
    bank.partners.send("DELETE", "/control/bank/tokens")
    assert codes() == {(401, "O0003")}


def test_a_token_lives_as_long_as_it_says(bank: Bank, target: Target) -> None:
    """Its lifetime is real time, whatever the partners' clock says (section 5)."""
    bank.partners.send("PUT", "/clock", {"now": "2050-01-01T00:00:00+09:00"})
    assert bank.real_name(target).status == 200

    bank.partners.send("PUT", "/control/bank/tokens", {"expires_in": 0})
    short = Bank(bank.partners)
    bank.partners.send("DELETE", "/control/bank/tokens")

    assert short.real_name(target).json["rsp_code"] == "O0003"


@pytest.mark.parametrize("code", BANKS)
def test_everybody_has_an_account_at_every_bank(bank: Bank, code: str) -> None:
    sub = somebody()
    target = bank.account(sub, code)
    key = new_id()

    body = _common(bank.real_name(target, key))

    name = bank.partners.send("GET", f"/control/people/{sub}").json["name"]
    assert body.pop("bank_name")
    assert body == {
        "bank_tran_id": key,
        "bank_tran_date": TODAY,
        "bank_code_tran": code,
        "bank_rsp_code": "000",
        "bank_rsp_message": "",
        "bank_code_std": code,
        "account_num": target.number,
        "account_holder_name": name,
    }


@pytest.mark.parametrize(
    "sub", ["kim-haneul", "namgung-geumja", "nguyen-anh", "hohenberg-maximilian"]
)
def test_sample_people_have_accounts_in_their_own_name(bank: Bank, sub: str) -> None:
    person = bank.partners.userinfo(bank.partners.token(sub)).json
    target = bank.account(sub, "090")

    assert target.birthdate == person["birthdate"][2:]
    assert bank.real_name(target).json["account_holder_name"] == person["name"]
    assert bank.deposited(target, new_id())["bank_rsp_code"] == "000"


def test_accounts_are_on_a_persons_page(bank: Bank) -> None:
    page = bank.partners.send("GET", "/control/people/kim-haneul").json
    own = bank.partners.send("GET", "/control/bank/accounts?sub=kim-haneul").json["accounts"]

    assert page["accounts"] == own
    assert {account["bank_code_std"] for account in own} == set(BANKS)
    assert len({account["account_num"] for account in own}) == len(BANKS)


def test_many_people_have_accounts_of_their_own(bank: Bank) -> None:
    numbers = {bank.account(f"load-{number:06d}").number for number in range(300)}

    assert len(numbers) == 300


@pytest.mark.parametrize(
    ("shows", "code"),
    [
        ("no_such_account", "412"),
        ("closed", "415"),
        ("restricted", "416"),
        ("somebody_elses", "815"),
    ],
)
def test_some_numbers_fail_at_every_bank(bank: Bank, shows: str, code: str) -> None:
    special = bank.partners.send("GET", "/control/bank/accounts?sub=kim-haneul").json["special"]
    own = bank.account("kim-haneul")

    for bank_code in ("004", "092"):
        target = replace(own, bank=bank_code, number=special[shows])
        answer = _common(bank.real_name(target))
        assert (answer["bank_rsp_code"], answer["account_holder_name"]) == (code, "")
        assert bank.deposited(target, new_id())["bank_rsp_code"] == code


@pytest.mark.parametrize(
    "changes",
    [{"bank": "088", "number": "1"}, {"bank": "004"}, {"bank": "999"}],
    ids=str,
)
def test_a_number_belongs_to_one_bank(bank: Bank, changes: dict[str, str]) -> None:
    target = replace(bank.account("kim-haneul", "088"), **changes)

    assert bank.real_name(target).json["bank_rsp_code"] == "412"


def test_the_birth_date_must_be_the_holders(bank: Bank, target: Target) -> None:
    assert bank.real_name(replace(target, birthdate="000229")).json["bank_rsp_code"] == "815"


def test_a_deposit_has_every_field_of_the_contract(bank: Bank, target: Target) -> None:
    key = new_id()
    line = {
        "tran_no": "1",
        "bank_tran_id": key,
        "bank_tran_date": TODAY,
        "bank_code_tran": "088",
        "bank_rsp_code": "000",
        "bank_rsp_message": "",
        "bank_code_std": "088",
        "account_num_masked": target.number[:-3] + "***",
        "account_holder_name": target.name,
        "tran_amt": "12345",
    }

    deposit = bank.deposit(target, key, "12345")

    assert deposit.status == 200
    assert _common(deposit) == {"res_cnt": "1", "res_list": [line]}
    assert _common(bank.result(key, TODAY, "12345")) == {"res_cnt": "1", "res_list": [line]}
    listed = {
        "bank_tran_id": key,
        "bank_tran_date": TODAY,
        "tran_amt": "12345",
        "bank_rsp_code": "000",
    }
    items: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = bank.settlement(TODAY, cursor)
        items += page["items"]
        cursor = page["next_cursor"]
    assert listed in items
    assert page["rsp_code"] == "A0000"


@pytest.mark.parametrize(
    "name",
    ["남다른", "nguyen thi minh anh", "NGUYEN", "NGUYENTHIMINHANH"],
)
def test_a_deposit_wants_the_holders_name(bank: Bank, name: str) -> None:
    """R-T1."""
    target = bank.account("nguyen-anh")
    key = new_id()

    assert bank.deposited(replace(target, name=name), key)["bank_rsp_code"] == "815"

    assert bank.code(key, TODAY) == "815"


def test_an_id_is_good_once_a_day(bank: Bank, target: Target) -> None:
    key = new_id()
    assert bank.deposited(target, key)["bank_rsp_code"] == "000"

    assert bank.deposited(target, key)["bank_rsp_code"] == "822"
    assert bank.deposited(target, key, amount="999")["bank_rsp_code"] == "822"
    assert bank.real_name(target, key).json["bank_rsp_code"] == "822"

    # 822 says nothing about the first: its result does.
    assert bank.code(key, TODAY) == "000"
    bank.partners.send("PUT", "/clock", {"now": "2026-11-23T11:00:00+09:00"})
    assert bank.deposited(target, key)["bank_rsp_code"] == "000"
    assert (bank.code(key, TODAY), bank.code(key, "20261123")) == ("000", "000")


def test_an_id_of_a_holder_check_is_used_up_too(bank: Bank, target: Target) -> None:
    key = new_id()
    assert bank.real_name(target, key).json["bank_rsp_code"] == "000"

    assert bank.real_name(target, key).json["bank_rsp_code"] == "822"
    assert bank.deposited(target, key)["bank_rsp_code"] == "822"
    assert bank.code(key, TODAY) == "701"


def test_a_failed_deposit_stays_failed(bank: Bank, target: Target) -> None:
    """R-T6: what the account becomes later does not change what was said."""
    key, account = new_id(), f"/control/bank/accounts/{target.bank}/{target.number}"
    bank.partners.send("PUT", account, {"state": "CLOSED"})
    assert bank.deposited(target, key)["bank_rsp_code"] == "415"
    bank.partners.send("DELETE", account)

    assert bank.code(key, TODAY) == "415"
    assert bank.deposited(target, key)["bank_rsp_code"] == "822"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "CLOSED"}, "415"),
        ({"state": "RESTRICTED"}, "416"),
        ({"holder_name": "개명한"}, "815"),
        ({"state": "OPEN"}, "000"),
        ({}, "000"),
    ],
    ids=str,
)
def test_an_account_can_be_made_to_fail(
    bank: Bank, target: Target, change: dict[str, str], code: str
) -> None:
    account = f"/control/bank/accounts/{target.bank}/{target.number}"

    assert bank.partners.send("PUT", account, change).status == 200
    assert bank.deposited(target, new_id())["bank_rsp_code"] == code
    assert bank.partners.send("DELETE", account).status == 204
    assert bank.deposited(target, new_id())["bank_rsp_code"] == "000"


def test_a_special_number_can_be_opened(bank: Bank) -> None:
    account = "/control/bank/accounts/088/99999999990415"
    bank.partners.send("PUT", account, {"state": "OPEN", "holder_name": "김하늘"})
    target = replace(bank.account("kim-haneul"), number="99999999990415")

    assert bank.deposited(target, new_id())["bank_rsp_code"] == "000"
    bank.partners.send("DELETE", account)
    assert bank.deposited(target, new_id())["bank_rsp_code"] == "415"


def test_an_account_shows_what_came_in(bank: Bank, target: Target) -> None:
    keys = [new_id() for _ in range(3)]
    bank.deposited(target, keys[0], amount="100")
    bank.deposited(target, keys[1], amount="23")
    bank.deposited(replace(target, name="남다른"), keys[2], amount="4000")

    account = bank.partners.send(
        "GET", f"/control/bank/accounts/{target.bank}/{target.number}"
    ).json

    assert account["balance"] == 123
    assert [line["bank_tran_id"] for line in account["deposits"]] == keys
    assert account["state"] == "OPEN"


def test_nobodys_account_cannot_be_shown_or_changed(bank: Bank) -> None:
    path = "/control/bank/accounts/088/99999999990412"

    assert bank.partners.send("GET", path).status == 404
    assert bank.partners.send("PUT", path, {"state": "OPEN"}).status == 404


def test_a_result_needs_id_day_and_amount(bank: Bank, target: Target) -> None:
    key = new_id()
    bank.deposited(target, key, amount="1000")

    assert bank.code(key, TODAY, "1000") == "000"
    assert bank.code(key, TODAY, "1001") == "701"
    assert bank.code(key, "20261121", "1000") == "701"
    assert bank.code(new_id(), TODAY, "1000") == "701"


@pytest.mark.parametrize(
    "changes",
    [
        {"bank_tran_id": "M202600001U12345678"},
        {"bank_tran_id": "M202600001U1234567890"},
        {"bank_tran_id": "M202600001T123456789"},
        {"bank_tran_id": "M202600002U123456789"},
        {"bank_tran_id": "M202600001U12345678-"},
        {"tran_amt": "0"},
        {"tran_amt": "-1"},
        {"tran_amt": "01"},
        {"tran_amt": "1.0"},
        {"tran_amt": "1,000"},
        {"tran_amt": ""},
        {"tran_amt": 1000},
        {"tran_no": 1},
        {"transfer_purpose": "WD"},
        {"account_num": "110-123"},
        {"account_holder_name": ""},
        {"more": "1"},
    ],
    ids=str,
)
def test_a_deposit_that_is_not_the_contracts_is_refused(
    bank: Bank, target: Target, changes: dict[str, Any]
) -> None:
    amount = changes.pop("tran_amt", "1000")
    key = changes.pop("bank_tran_id", new_id())

    reply = bank.deposit(target, key, amount, **changes)

    assert (reply.status, reply.json["rsp_code"]) == (400, "A0005")


@pytest.mark.parametrize(
    "changes",
    [
        {"req_cnt": "2"},
        {"req_cnt": 1},
        {"req_list": []},
        {"name_check_option": "off"},
        {"cntr_account_type": "C"},
        {"tran_dtime": "2026-11-22"},
    ],
    ids=str,
)
def test_a_request_that_is_not_the_contracts_is_refused(
    bank: Bank, changes: dict[str, Any]
) -> None:
    body = {
        "cntr_account_type": "N",
        "cntr_account_num": "1101230000678",
        "wd_pass_phrase": "NONE",
        "wd_print_content": "모두포인트",
        "name_check_option": "on",
        "tran_dtime": "20261122110000",
        "req_cnt": "1",
        "req_list": [{}],
        **changes,
    }

    reply = bank.ask("POST", "/v2.0/transfer/deposit/acnt_num", body)

    assert (reply.status, reply.json["rsp_code"]) == (400, "A0005")
    assert next(iter(changes)) in reply.json["rsp_message"]


@pytest.mark.parametrize(
    "changes",
    [
        {"account_holder_info_type": "1"},
        {"account_holder_info": "19880412"},
        {"bank_tran_id": "short"},
        {"bank_code_std": "88"},
    ],
    ids=str,
)
def test_a_holder_check_that_is_not_the_contracts_is_refused(
    bank: Bank, target: Target, changes: dict[str, str]
) -> None:
    key = changes.pop("bank_tran_id", "")

    reply = bank.real_name(target, key, **changes)

    assert (reply.status, reply.json["rsp_code"]) == (400, "A0005")


@pytest.mark.parametrize(
    "query", ["", "bank_tran_date=2026-11-22", "bank_tran_date=20261122&cursor=x"]
)
def test_a_settlement_of_no_day_is_refused(bank: Bank, query: str) -> None:
    reply = bank.ask("GET", f"/v2.0/settlement/deposits?{query}")

    assert (reply.status, reply.json["rsp_code"]) == (400, "A0005")


def test_a_settlement_has_every_deposit_of_the_day_in_pages(own_partners: Partners) -> None:
    """R-T8."""
    own_partners.send("PUT", "/clock", {"now": "2026-11-22T11:00:00+09:00"})
    bank = Bank(own_partners)
    target = bank.account("kim-haneul")
    keys = [new_id() for _ in range(203)]
    for number, key in enumerate(keys):
        name = target.name if number % 100 else "남다른"
        bank.deposited(replace(target, name=name), key)
    own_partners.send("PUT", "/clock", {"now": "2026-11-23T00:00:00+09:00"})
    bank.deposited(target, new_id())

    pages: list[list[tuple[str, str]]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = bank.settlement(TODAY, cursor)
        pages.append([(line["bank_tran_id"], line["bank_rsp_code"]) for line in page["items"]])
        cursor = page["next_cursor"]

    assert [len(page) for page in pages] == [100, 100, 3]
    expected = [(key, "000" if number % 100 else "815") for number, key in enumerate(keys)]
    assert [line for page in pages for line in page] == expected


def test_the_same_id_many_times_at_once_pays_once(bank: Bank, target: Target) -> None:
    key = new_id()

    with ThreadPoolExecutor(16) as pool:
        lines = list(pool.map(lambda _: bank.deposited(target, key), range(16)))

    assert sorted(line["bank_rsp_code"] for line in lines) == ["000", *["822"] * 15]
    account = bank.partners.send(
        "GET", f"/control/bank/accounts/{target.bank}/{target.number}"
    ).json
    assert account["balance"] == 1000
    assert [line["attempts"] for line in account["deposits"]] == [16]
