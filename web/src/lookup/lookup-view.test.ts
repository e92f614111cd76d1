import { describe, expect, it } from "vitest";
import { type Issuer, type Lookup, readLookup } from "../api/shapes";
import { arrange, progressOf } from "./arrangement";
import { expiringMonths } from "./expiry";
import { ALL, type LookupState, NOTHING_ASKED, reduce } from "./machine";
import { LookupMemory } from "./memory";
import { totalsOf } from "./totals";
import { remainingWait } from "./wait";

const ISSUERS: readonly Issuer[] = ["shinhan", "kb", "bc"].map((code) => ({
  code,
  name: { ko: code, en: code },
  phone: null,
  cashArrival: null,
  points: [],
}));

function lookup(status: "RUNNING" | "DONE", results: Record<string, unknown>): Lookup {
  const read = readLookup({
    lookup_id: "lk",
    status,
    requested_at: "2026-11-22T20:00:00+09:00",
    results,
  });
  if (read === null) throw new Error("not a lookup");
  return read;
}

const shown = (one: Lookup): LookupState =>
  reduce(reduce(NOTHING_ASKED, { type: "started", atMs: 0 }), {
    type: "heard",
    run: ALL,
    lookup: one,
    atMs: 0,
  });

const points = (...expirations: (readonly [string, number])[]) => [
  {
    code: "P",
    cashable: true,
    remaining: 1000,
    transferable: 900,
    expirations: expirations.map(([month, amount]) => ({ month, amount })),
  },
];

describe("arranging cards", () => {
  const results = {
    twelfth: { status: "OK" },
    bc: { status: "OK" },
    shinhan: { status: "NOT_MEMBER" },
  };

  it("keeps every card in its place while the lookup runs", () => {
    expect(arrange(shown(lookup("RUNNING", results)), ISSUERS)).toEqual({
      cards: ["shinhan", "bc", "twelfth"],
      notMember: [],
    });
  });

  it("puts issuers without a card at the end once it is done (R-P4)", () => {
    expect(arrange(shown(lookup("DONE", results)), ISSUERS)).toEqual({
      cards: ["bc", "twelfth"],
      notMember: ["shinhan"],
    });
  });

  it("counts what has arrived of what was asked", () => {
    const state = shown(lookup("RUNNING", { ...results, kb: { status: "PENDING" } }));
    expect(progressOf(state)).toEqual({ arrived: 3, asked: 4 });
  });
});

describe("what expires", () => {
  it("is summed by month over issuers, soonest month and largest issuer first (R-P5)", () => {
    const { results } = lookup("DONE", {
      kb: { status: "OK", points: points(["2027-01", 5], ["2026-12", 10]) },
      bc: { status: "OK", points: points(["2026-12", 30]) },
    });
    expect(expiringMonths(results)).toEqual([
      {
        month: "2026-12",
        amount: 40,
        issuers: [
          { issuer: "bc", amount: 30 },
          { issuer: "kb", amount: 10 },
        ],
      },
      { month: "2027-01", amount: 5, issuers: [{ issuer: "kb", amount: 5 }] },
    ]);
  });

  it("is the next amount where an issuer lists no months (R-P5)", () => {
    const { results } = lookup("DONE", {
      kb: {
        status: "OK",
        points: [{ code: "P", expiring: 7, expiring_month: "2026-12", expirations: [] }],
      },
    });
    expect(expiringMonths(results).map(({ month, amount }) => [month, amount])).toEqual([
      ["2026-12", 7],
    ]);
  });

  it("is not counted twice where it stands in both places", () => {
    const [balance] = points(["2026-12", 7]);
    const { results } = lookup("DONE", {
      kb: { status: "OK", points: [{ ...balance, expiring: 7, expiring_month: "2026-12" }] },
    });
    expect(totalsOf(Object.values(results), "2026-11-22T20:00:00+09:00")).toEqual({
      remaining: 1000,
      transferable: 900,
      expiringNextMonth: 7,
    });
  });

  it("takes next month from the server's time, in Seoul", () => {
    const { results } = lookup("DONE", {
      kb: { status: "OK", points: points(["2027-01", 3], ["2027-02", 4]) },
    });
    const inSeoul = (time: string) => totalsOf(Object.values(results), time).expiringNextMonth;
    expect(inSeoul("2026-12-31T23:59:00+09:00")).toBe(3);
    expect(inSeoul("2026-12-31T15:00:00Z")).toBe(4);
  });
});

describe("a wait", () => {
  it("counts down from what the server estimated", () => {
    expect(remainingWait(3, 0)).toEqual({ kind: "seconds", count: 3 });
    expect(remainingWait(3, 1_200)).toEqual({ kind: "seconds", count: 2 });
    expect(remainingWait(3, 3_000)).toEqual({ kind: "any_moment" });
  });

  it("is told in minutes when it is long, never too short", () => {
    expect(remainingWait(91, 0)).toEqual({ kind: "minutes", count: 2 });
    expect(remainingWait(121, 0)).toEqual({ kind: "minutes", count: 3 });
  });

  it("is unknown if the server does not know", () => {
    expect(remainingWait(null, 0)).toEqual({ kind: "unknown" });
  });
});

describe("the memory of a lookup", () => {
  const storage = () => {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
  };

  it("gives back to the same member what was kept, and to another nothing", () => {
    const shared = storage();
    new LookupMemory(shared, "one").save({ [ALL]: "lk_1" });
    expect(new LookupMemory(shared, "one").load()).toEqual({ [ALL]: "lk_1" });
    expect(new LookupMemory(shared, "other").load()).toEqual({});
  });

  it("survives what it cannot read", () => {
    const shared = storage();
    shared.setItem("modupoint.lookup", "{");
    expect(new LookupMemory(shared, "one").load()).toEqual({});
  });
});
