import { describe, expect, it } from "vitest";
import type { Account } from "../api/transfer-shapes";
import { isProvenAnew } from "../sending/proof";
import { type CashDraft, CashMemory, NOTHING_CHOSEN } from "./draft";
import { stepFor } from "./steps";
import type { Application } from "./submission";

class Storage {
  readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}

const ITEMS = [{ issuer: "kb", pointCode: "POINTREE", amount: 5 }];
const ACCOUNT: Account = {
  accountId: "acc_1",
  bankCode: "088",
  bankName: "신한은행",
  maskedNumber: "110-***-***234",
  holderNameMasked: "김*수",
};
const application = (unanswered: boolean): Application => ({
  key: "key-1",
  request: { accountId: "acc_1", items: ITEMS },
  unanswered,
});

describe("the draft", () => {
  it("survives a reload and a sign-in, part by part", () => {
    const storage = new Storage();
    new CashMemory(storage, "s1").change({ amounts: { "kb/POINTREE": 5 }, items: ITEMS });
    new CashMemory(storage, "s1").change({ account: ACCOUNT });
    expect(new CashMemory(storage, "s1").load()).toEqual({
      amounts: { "kb/POINTREE": 5 },
      items: ITEMS,
      account: ACCOUNT,
      application: null,
    });
  });

  it("is not another member's", () => {
    const storage = new Storage();
    new CashMemory(storage, "s1").change({ application: application(true) });
    expect(new CashMemory(storage, "s2").load()).toEqual(NOTHING_CHOSEN);
  });

  it("begins anew after it was cleared, or cannot be read", () => {
    const storage = new Storage();
    const memory = new CashMemory(storage, "s1");
    memory.change({ items: ITEMS });
    memory.clear();
    expect(memory.load()).toEqual(NOTHING_CHOSEN);
    storage.setItem("modupoint.cash", "{");
    expect(memory.load()).toEqual(NOTHING_CHOSEN);
  });
});

describe("the steps", () => {
  const draft = (part: Partial<CashDraft>): CashDraft => ({ ...NOTHING_CHOSEN, ...part });

  it("come one after the other", () => {
    expect(stepFor("/cash/confirm", draft({}))).toBe("/cash");
    expect(stepFor("/cash/confirm", draft({ items: ITEMS }))).toBe("/cash/account");
    const complete = draft({ items: ITEMS, account: ACCOUNT });
    expect(stepFor("/cash/confirm", complete)).toBe("/cash/confirm");
    expect(stepFor("/cash", complete)).toBe("/cash");
    expect(stepFor("/cash/account", complete)).toBe("/cash/account");
  });

  it("end at the confirmation while an application is unanswered", () => {
    const sent = { items: ITEMS, account: ACCOUNT, application: application(true) };
    expect(stepFor("/cash", draft(sent))).toBe("/cash/confirm");
    const kept = { ...sent, application: application(false) };
    expect(stepFor("/cash", draft(kept))).toBe("/cash");
  });

  it("know who has just come back from signing in again (R-M4)", () => {
    const now = { subject: "s1", signedInAtMs: Date.now() - 5_000 };
    const kept = draft({ application: application(false) });
    expect(isProvenAnew(now, kept)).toBe(true);
    expect(isProvenAnew({ ...now, signedInAtMs: Date.now() - 700_000 }, kept)).toBe(false);
    expect(isProvenAnew({ ...now, signedInAtMs: null }, kept)).toBe(false);
    expect(isProvenAnew(now, draft({}))).toBe(false);
  });
});
