import { afterEach, describe, expect, it, vi } from "vitest";
import { answering, problem } from "../api/answering";
import { Api } from "../api/client";
import { en } from "../i18n/en";
import { ko } from "../i18n/ko";
import { digitsOf, problemsIn, problemsOf } from "./account-problems";
import { BANKS, bankNameOf } from "./banks";

const GOOD = { bankCode: "088", accountNumber: "110123456789", holderName: "김철수" };

async function refusal(status: number, code: string, more = {}, headers = {}) {
  answering({ ...problem(status, code, more), headers });
  const api = new Api(
    () => Promise.resolve("token"),
    () => "ko",
  );
  const answer = await api.addAccount(GOOD);
  if (answer.ok) throw new Error("taken");
  return answer.failure;
}

describe("an account", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("is sent as the contract has it, and read as it is answered", async () => {
    const body = {
      account_id: "acc_1",
      bank_code: "088",
      bank_name: "신한은행",
      masked_number: "110-***-***789",
      holder_name_masked: "김*수",
    };
    const asked = answering({ status: 201, body });
    const api = new Api(
      () => Promise.resolve("token"),
      () => "ko",
    );
    expect(await api.addAccount(GOOD)).toMatchObject({
      ok: true,
      value: { accountId: "acc_1", maskedNumber: "110-***-***789" },
    });
    expect(asked[0]).toMatchObject({
      method: "POST",
      path: "/v1/accounts",
      body: { bank_code: "088", account_number: "110123456789", holder_name: "김철수" },
    });
  });

  it("is not asked for while something is missing", () => {
    expect(problemsOf(GOOD)).toEqual({});
    expect(problemsOf({ bankCode: "", accountNumber: "12", holderName: " " })).toEqual({
      bank: "accountMissingBank",
      number: "accountMissingNumber",
      holder: "accountMissingHolder",
    });
    expect(problemsOf({ ...GOOD, accountNumber: "110-12a" })).toEqual({
      number: "accountMissingNumber",
    });
  });

  it("may be typed with spaces and hyphens", () => {
    expect(digitsOf("110-123 456789")).toBe("110123456789");
  });

  it.each([
    ["holder_name_mismatch", "holder", "이름"],
    ["account_not_found", "number", "없는 계좌"],
    ["account_closed", "number", "해지"],
    ["account_restricted", "number", "제한"],
    ["too_many_accounts", "form", "삭제"],
  ] as const)("refused as %s says so at its field", async (code, field, words) => {
    const problems = problemsIn(await refusal(422, code));
    const key = problems[field];
    expect(Object.keys(problems)).toEqual([field]);
    expect(key && ko[key]).toContain(words);
    expect(key && en[key]).not.toBe("");
  });

  it("refused for its places says so at each of them (R-T1)", async () => {
    const errors = [
      { pointer: "/account_number", detail: "Must match pattern." },
      { pointer: "/bank_code", detail: "Must be one of." },
    ];
    expect(problemsIn(await refusal(422, "invalid_request", { errors }))).toEqual({
      bank: "accountMissingBank",
      number: "accountMissingNumber",
    });
  });

  it("waits as long as a bank that does not answer asks", async () => {
    const failure = await refusal(503, "bank_unavailable", {}, { "Retry-After": "30" });
    expect(failure).toMatchObject({ kind: "busy", code: "bank_unavailable", retryAfterMs: 30_000 });
    expect(problemsIn(failure)).toEqual({});
    expect(ko.accountBankSilent(ko.waitSeconds(30))).toContain("약 30초");
  });

  it("refused for anything else is told in the server's own words", async () => {
    const failure = await refusal(422, "something_new");
    expect(problemsIn(failure)).toEqual({});
    expect(failure).toMatchObject({ text: { ko: "설명" } });
  });
});

describe("banks", () => {
  it("have a code of three digits each, and a name in both languages", () => {
    expect(new Set(BANKS.map(({ code }) => code)).size).toBe(21);
    for (const { code, name } of BANKS) {
      expect(code).toMatch(/^\d{3}$/);
      expect(name.ko).not.toBe("");
      expect(name.en).not.toMatch(/[가-힣]/);
    }
  });

  it("that are not in the list keep the server's name", () => {
    expect(bankNameOf("088", "신한은행")).toEqual({ ko: "신한", en: "Shinhan" });
    expect(bankNameOf("999", "새은행")).toEqual({ ko: "새은행", en: "새은행" });
  });
});
