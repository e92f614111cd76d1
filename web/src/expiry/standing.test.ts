import { describe, expect, it } from "vitest";
import type { Choices } from "../api/expiry-shapes";
import {
  accountOf,
  lacksAccount,
  leadOf,
  minimumOf,
  NOTHING_SET,
  StandingMemory,
  wonIn,
} from "./standing";

const account = (accountId: string) => ({
  accountId,
  bankCode: "088",
  bankName: "신한은행",
  maskedNumber: "110-***",
  holderNameMasked: "김*지",
});

const choices = (ids: readonly string[], more: Partial<Choices> = {}): Choices => ({
  accounts: ids.map(account),
  alerts: { enabled: false, leadMonths: null },
  cashout: { enabled: false, accountId: null, minimumAmount: null },
  ...more,
});
const on = { enabled: true, accountId: "acc_2", minimumAmount: 500 };

describe("the account", () => {
  it("is the one there is; of several none is guessed (R-T1)", () => {
    expect(accountOf(NOTHING_SET, choices(["acc_1"]))?.accountId).toBe("acc_1");
    expect(accountOf(NOTHING_SET, choices(["acc_1", "acc_2"]))).toBeNull();
    expect(accountOf(NOTHING_SET, choices([]))).toBeNull();
  });

  it("is what was chosen here, else what was chosen before", () => {
    const kept = choices(["acc_1", "acc_2"], { cashout: on });
    expect(accountOf(NOTHING_SET, kept)?.accountId).toBe("acc_2");
    expect(accountOf({ ...NOTHING_SET, accountId: "acc_1" }, kept)?.accountId).toBe("acc_1");
  });

  it("is missing once it was deleted", () => {
    expect(lacksAccount(choices(["acc_1"], { cashout: on }))).toBe(true);
    expect(lacksAccount(choices(["acc_2"], { cashout: on }))).toBe(false);
    expect(lacksAccount(choices([]))).toBe(false);
  });
});

describe("the minimum", () => {
  it("is as typed, as kept, or the usual one", () => {
    expect(minimumOf(NOTHING_SET, choices([]))).toBe("1,000");
    expect(minimumOf(NOTHING_SET, choices([], { cashout: on }))).toBe("500");
    expect(minimumOf({ ...NOTHING_SET, minimum: "" }, choices([], { cashout: on }))).toBe("");
    const all = { ...on, minimumAmount: 0 };
    expect(minimumOf(NOTHING_SET, choices([], { cashout: all }))).toBe("0");
  });

  it.each([
    ["0", 0],
    ["1,234,567", 1_234_567],
    [" 10 000 ", 10_000],
    ["1000000000", 1_000_000_000],
    ["1000000001", null],
    ["99999999999", null],
    ["", null],
    ["-1", null],
    ["1.5", null],
    ["천원", null],
  ])("%j is %s won", (typed, won) => {
    expect(wonIn(typed)).toBe(won);
  });
});

describe("how far it looks ahead", () => {
  it("goes by the alerts, a month without them (R-E3)", () => {
    expect(leadOf(choices([]))).toBe(1);
    expect(leadOf(choices([], { alerts: { enabled: true, leadMonths: 4 } }))).toBe(4);
    expect(leadOf(choices([], { alerts: { enabled: false, leadMonths: 4 } }))).toBe(1);
  });
});

describe("what was set", () => {
  it("outlives a sign-in, and is no other member's", () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    const draft = { accountId: "acc_1", minimum: "5,000", provingAnew: true };
    new StandingMemory(storage, "s1").change(draft);
    expect(new StandingMemory(storage, "s1").load()).toEqual(draft);
    expect(new StandingMemory(storage, "s2").load()).toEqual(NOTHING_SET);
  });
});
