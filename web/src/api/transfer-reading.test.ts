import { afterEach, describe, expect, it, vi } from "vitest";
import { answering } from "./answering";
import { Api } from "./client";
import { readAccounts, readQuote, readTransfer, readTransferList } from "./transfer-shapes";

const LEG = {
  leg_id: "leg_1",
  issuer: "woori",
  items: [
    { point_code: "WIBEE", amount: 3_300 },
    { point_code: "MOA", amount: 1_204 },
  ],
  amount: 4_504,
  status: "FAILED",
  promised_at: "2026-11-22T20:03:00+09:00",
  deposited_at: null,
  failure: { code: "refused", message: { ko: "안 돼요", en: "No" } },
};

describe("transfers", () => {
  it("are read leg by leg", () => {
    const transfer = readTransfer({
      transfer_id: "trf_1",
      status: "PARTLY_COMPLETED",
      requested_at: "2026-11-22T20:03:00+09:00",
      account: { account_id: "acc_1", bank_code: "088", masked_number: "110-***" },
      legs: [LEG],
      totals: { requested: 4_504, failed: 4_504, in_flight: 0 },
    });
    expect(transfer).toMatchObject({
      transferId: "trf_1",
      status: "PARTLY_COMPLETED",
      account: { bankCode: "088", maskedNumber: "110-***", bankName: "" },
      totals: { requested: 4_504, redeemed: 0, inFlight: 0, failed: 4_504 },
    });
    expect(transfer?.legs[0]).toMatchObject({
      items: [
        { pointCode: "WIBEE", amount: 3_300 },
        { pointCode: "MOA", amount: 1_204 },
      ],
      failure: { code: "refused", message: { ko: "안 돼요", en: "No" } },
    });
  });

  it("of a later server are still changing, and their legs are being checked", () => {
    const transfer = readTransfer({
      transfer_id: "trf_1",
      status: "ON_ITS_WAY",
      legs: [{ ...LEG, status: "FLOATING", failure: null }],
    });
    expect(transfer?.status).toBe("IN_PROGRESS");
    expect(transfer?.legs[0]).toMatchObject({ status: "CHECKING", failure: null });
  });

  it("are not made out of anything else", () => {
    expect(readTransfer({ message: "ok" })).toBeNull();
    expect(readTransferList({ transfers: [{}, { transfer_id: "trf_1" }] })).toMatchObject({
      transfers: [{ transferId: "trf_1" }],
      nextCursor: null,
    });
  });
});

describe("quotes and accounts", () => {
  it("carry a promise and its reason", () => {
    const reason = { ko: "바로", en: "At once" };
    const item = { issuer: "kb", point_code: "POINTREE", amount: 5, promised_at: "t", reason };
    expect(readQuote({ items: [item], total: 5 })).toEqual({
      items: [{ issuer: "kb", pointCode: "POINTREE", amount: 5, promisedAt: "t", reason }],
      total: 5,
      quotedAt: null,
    });
    expect(readQuote({ total: 5 })).toBeNull();
  });

  it("leave out an account that could not be paid into", () => {
    expect(readAccounts({ accounts: [{ bank_code: "088" }, { account_id: "acc_1" }] })).toEqual([
      { accountId: "acc_1", bankCode: "", bankName: "", maskedNumber: "", holderNameMasked: "" },
    ]);
  });
});

describe("the calls", () => {
  afterEach(() => void vi.unstubAllGlobals());

  const api = new Api(
    () => Promise.resolve("token"),
    () => "en",
  );

  it("carry the member's token and the reader's language", async () => {
    const asked = answering({ status: 200, body: { accounts: [] } });
    expect(await api.listAccounts()).toEqual({ ok: true, value: [] });
    expect(asked[0]?.headers).toMatchObject({
      Authorization: "Bearer token",
      "Accept-Language": "en",
    });
  });

  it("go through the list page by page", async () => {
    const asked = answering({ status: 200, body: { transfers: [], next_cursor: "a b&c" } });
    const answer = await api.listTransfers(null, 10);
    await api.listTransfers(answer.ok ? answer.value.nextCursor : null, 10);
    expect(asked.map(({ path }) => path)).toEqual([
      "/v1/transfers?limit=10",
      "/v1/transfers?limit=10&cursor=a+b%26c",
    ]);
  });

  it("delete an account by its id", async () => {
    const asked = answering({ status: 204 });
    expect((await api.deleteAccount("acc/1")).ok).toBe(true);
    expect(asked[0]).toMatchObject({ method: "DELETE", path: "/v1/accounts/acc%2F1" });
  });

  it("take a quote that is none for trouble", async () => {
    answering({ status: 200, body: {} });
    expect(await api.quote({ accountId: "acc_1", items: [] })).toMatchObject({
      ok: false,
      failure: { kind: "unreachable" },
    });
  });
});
