import { afterEach, describe, expect, it, vi } from "vitest";
import { answering, problem } from "./answering";
import { Api } from "./client";
import { readChoices, readExpirations, readNotices } from "./expiry-shapes";
import { NOT_AGREED, readMember } from "./shapes";

const ITEM = { issuer: "kb", point_code: "POINTREE", amount: 30, cashable: true };
const NOTICE = {
  notice_id: "ntc_1",
  kind: "CASHOUT_DONE",
  created_at: "2026-11-22T02:11:00.000+09:00",
  issuer: "kb",
  month: "2026-12",
  amount: 30,
  text: { ko: "입금했어요", en: "Paid" },
  transfer_id: "trf_1",
};

describe("the calendar", () => {
  it("is read month by month, the nearest first", () => {
    const later = { month: "2027-01", total: 30, items: [ITEM] };
    const sooner = { month: "2026-12", total: 30, items: [ITEM] };
    expect(readExpirations({ months: [later, sooner] }).map(({ month }) => month)).toEqual([
      "2026-12",
      "2027-01",
    ]);
    expect(readExpirations({ months: [sooner] })[0]?.items).toEqual([
      { issuer: "kb", pointCode: "POINTREE", amount: 30, cashable: true },
    ]);
  });

  it("adds up on the page whatever the total says", () => {
    const month = { month: "2026-12", total: 99, items: [ITEM, { ...ITEM, amount: 5 }] };
    expect(readExpirations({ months: [month] })[0]?.total).toBe(35);
  });

  it("leaves out what is no month, or holds nothing", () => {
    const months = [
      { month: "soon", items: [ITEM] },
      { month: "2026-13", items: [ITEM] },
      { month: "2026-12", items: [{ ...ITEM, amount: 0 }] },
      null,
    ];
    expect(readExpirations({ months })).toEqual([]);
    expect(readExpirations("nothing")).toEqual([]);
  });
});

describe("the choices", () => {
  it("are read with the accounts there are", () => {
    const choices = readChoices({
      accounts: [{ account_id: "acc_1", bank_code: "088" }],
      expiry_alerts: { enabled: true, lead_months: 3 },
      auto_cashout: { enabled: true, account_id: "acc_1", minimum_amount: 0 },
    });
    expect(choices).toMatchObject({
      accounts: [{ accountId: "acc_1" }],
      alerts: { enabled: true, leadMonths: 3 },
      cashout: { enabled: true, accountId: "acc_1", minimumAmount: 0 },
    });
  });

  it("are off unless the server says otherwise", () => {
    expect(readChoices({ auto_cashout: { enabled: "yes" } })).toEqual({
      accounts: [],
      alerts: { enabled: false, leadMonths: null },
      cashout: { enabled: false, accountId: null, minimumAmount: null },
    });
  });

  it("say whether there may be notices for a member", () => {
    const consent = { consented_at: "t", terms_version: "v" };
    const on = { enabled: true };
    expect(readMember({ consent, expiry_alerts: on }).watched).toBe(true);
    expect(readMember({ consent, auto_cashout: on }).watched).toBe(true);
    expect(readMember({ consent }).watched).toBe(false);
    expect(readMember({ consent: null, auto_cashout: on })).toEqual(NOT_AGREED);
  });
});

describe("notices", () => {
  it("are read with their words and their transfer", () => {
    expect(readNotices({ notices: [NOTICE], next_cursor: "ntc_1" })).toEqual({
      notices: [
        {
          noticeId: "ntc_1",
          kind: "CASHOUT_DONE",
          createdAt: "2026-11-22T02:11:00.000+09:00",
          issuer: "kb",
          month: "2026-12",
          amount: 30,
          text: { ko: "입금했어요", en: "Paid" },
          transferId: "trf_1",
        },
      ],
      nextCursor: "ntc_1",
    });
  });

  it("of a later server still say what they say", () => {
    const page = readNotices({ notices: [{ ...NOTICE, kind: "POSTCARD", transfer_id: null }] });
    expect(page.notices[0]).toMatchObject({ kind: "OTHER", text: { en: "Paid" } });
    expect(page.notices[0]?.transferId).toBeNull();
    expect(page.nextCursor).toBeNull();
  });

  it("without words are none", () => {
    expect(readNotices({ notices: [{ ...NOTICE, text: null }, {}] }).notices).toEqual([]);
  });
});

describe("the calls", () => {
  afterEach(() => void vi.unstubAllGlobals());

  const api = new Api(
    () => Promise.resolve("token"),
    () => "ko",
  );

  it("put the alerts, and what they were with them", async () => {
    const asked = answering({ status: 200, body: { enabled: false, lead_months: 3 } });
    const answer = await api.putAlerts({ enabled: false, leadMonths: 3 });
    expect(answer).toEqual({ ok: true, value: { enabled: false, leadMonths: 3 } });
    await api.putAlerts({ enabled: false, leadMonths: null });
    expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["PUT", "/v1/me/expiry-alerts", { enabled: false, lead_months: 3 }],
      ["PUT", "/v1/me/expiry-alerts", { enabled: false }],
    ]);
  });

  it("put standing cash-out, and nothing but off to end it", async () => {
    const asked = answering({ status: 200, body: {} });
    await api.putCashout({ enabled: true, accountId: "acc_1", minimumAmount: 0 });
    await api.putCashout({ enabled: false, accountId: "acc_1", minimumAmount: 5 });
    expect(asked.map(({ body }) => body)).toEqual([
      { enabled: true, account_id: "acc_1", minimum_amount: 0 },
      { enabled: false },
    ]);
  });

  it("hear that a sign-in is too old for money (R-M4)", async () => {
    answering(problem(401, "reauthentication_required"));
    const wanted = { enabled: true, accountId: "acc_1", minimumAmount: 0 };
    expect(await api.putCashout(wanted)).toMatchObject({
      failure: { kind: "reauthentication_required" },
    });
  });

  it("go through the inbox page by page", async () => {
    const asked = answering({ status: 200, body: { notices: [NOTICE], next_cursor: "ntc_1" } });
    await api.listNotices(null);
    await api.listNotices("ntc_1");
    expect(asked.map(({ path }) => path)).toEqual(["/v1/notices", "/v1/notices?cursor=ntc_1"]);
  });
});
