import { describe, expect, it } from "vitest";
import type { PointBalance, Result, ResultStatus } from "../api/shapes";
import {
  allOf,
  chosenOf,
  itemsOf,
  type Obstacle,
  offeringOf,
  stepped,
  totalOf,
  typedAmount,
} from "./offers";

const point = (
  code: string,
  remaining: number,
  more: Partial<PointBalance> = {},
): PointBalance => ({
  code,
  name: { ko: code, en: code },
  cashable: true,
  remaining,
  transferable: remaining,
  expiring: 0,
  expiringMonth: null,
  expirations: [],
  ...more,
});

const result = (
  status: ResultStatus,
  points: readonly PointBalance[],
  more: Partial<Result> = {},
): Result => ({
  status,
  asOf: "2026-11-22T20:00:00+09:00",
  stale: false,
  etaSeconds: null,
  points,
  message: null,
  ...more,
});

const offering = (results: Record<string, Result>) => offeringOf(results, Object.keys(results));

describe("what can become cash", () => {
  it("is every transferable point of every kind, all of it unless changed", () => {
    const { offers } = offering({
      kb: result("OK", [point("POINTREE", 8_120, { transferable: 6_000 })]),
      woori: result("OK", [point("WIBEE", 3_300), point("MOA", 1_204)]),
    });
    expect(itemsOf(offers, {})).toEqual([
      { issuer: "kb", pointCode: "POINTREE", amount: 6_000 },
      { issuer: "woori", pointCode: "WIBEE", amount: 3_300 },
      { issuer: "woori", pointCode: "MOA", amount: 1_204 },
    ]);
    expect(totalOf(itemsOf(offers, {}))).toBe(10_504);
  });

  it("leaves out what was set to nothing, and never exceeds what there is", () => {
    const { offers } = offering({ bc: result("OK", [point("TOP", 910)]) });
    expect(itemsOf(offers, { "bc/TOP": 0 })).toEqual([]);
    expect(itemsOf(offers, { "bc/TOP": 500 })).toMatchObject([{ amount: 500 }]);
    expect(itemsOf(offers, { "bc/TOP": 5_000 })).toMatchObject([{ amount: 910 }]);
  });

  it("offers old points of an issuer that does not answer, but does not choose them", () => {
    const { offers } = offering({
      lotte: result("UNAVAILABLE", [point("LPOINT", 2_100)], { stale: true }),
    });
    const [offer] = offers;
    expect(offer).toMatchObject({ available: 2_100, staleSince: "2026-11-22T20:00:00+09:00" });
    expect(itemsOf(offers, {})).toEqual([]);
    expect(offer && chosenOf(offer, { "lotte/LPOINT": 2_100 })).toBe(2_100);
  });

  it("is all or nothing at one touch, old points too", () => {
    const { offers } = offering({
      bc: result("OK", [point("TOP", 910)]),
      lotte: result("TIMED_OUT", [point("LPOINT", 90)], { stale: true }),
    });
    expect(totalOf(itemsOf(offers, allOf(offers, true)))).toBe(1_000);
    expect(itemsOf(offers, allOf(offers, false))).toEqual([]);
  });

  it("waits for issuers that have not answered", () => {
    const { offers, pending } = offering({ kb: result("PENDING", [point("POINTREE", 5)]) });
    expect(offers).toEqual([]);
    expect(pending).toEqual(["kb"]);
  });

  it("says nothing of issuers without a card, and of points that are none", () => {
    expect(
      offering({ citi: result("NOT_MEMBER", []), bc: result("OK", [point("TOP", 0)]) }),
    ).toEqual({ offers: [], blocked: [], pending: [] });
  });
});

describe("what cannot become cash is shown with why", () => {
  const apart = { cashable: false, transferable: 0 };
  const CASES: readonly (readonly [string, Result, Obstacle])[] = [
    ["nonghyup", result("DORMANT", [point("NHPOINT", 4_200, { transferable: 0 })]), "dormant"],
    ["hana", result("SUSPENDED", [point("HANAMONEY", 1)]), "suspended"],
    ["kb", result("CORPORATE", []), "corporate"],
    ["lotte", result("UNAVAILABLE", []), "unavailable"],
    ["epost", result("TIMED_OUT", []), "timed_out"],
    ["shinhan", result("OK", [point("PARTNER", 10, apart)]), "not_cashable"],
    ["hyundai", result("OK", [point("MPOINT", 10, apart)]), "exchange_first"],
    ["bc", result("OK", [point("TOP", 10, { transferable: 0 })]), "nothing_transferable"],
  ];

  it.each(CASES)("%s %#: %3$s (R-P2, R-P3, R-P4)", (issuer, answer, obstacle) => {
    const { offers, blocked } = offering({ [issuer]: answer });
    expect(offers).toEqual([]);
    expect(blocked).toMatchObject([{ issuer, obstacle }]);
  });

  it("stands beside what can, for the same issuer", () => {
    const { offers, blocked } = offering({
      hyundai: result("OK", [point("HCOIN", 1_500), point("MPOINT", 52_000, apart)]),
    });
    expect(offers).toMatchObject([{ pointCode: "HCOIN" }]);
    expect(blocked).toMatchObject([{ obstacle: "exchange_first", points: [{ code: "MPOINT" }] }]);
  });
});

describe("an amount", () => {
  it("is typed in digits, up to what there is (R-P2)", () => {
    expect(typedAmount("12,345", 99_999)).toBe(12_345);
    expect(typedAmount("1-2.5 원", 99_999)).toBe(125);
    expect(typedAmount("123456", 6_000)).toBe(6_000);
    expect(typedAmount("", 6_000)).toBe(0);
    expect(typedAmount("-5", 6_000)).toBe(5);
  });

  it("goes by thousands, from 1 to all there is", () => {
    expect(stepped(6_120, 1, 8_000)).toBe(7_000);
    expect(stepped(6_120, -1, 8_000)).toBe(6_000);
    expect(stepped(7_500, 1, 7_900)).toBe(7_900);
    expect(stepped(1_000, -1, 8_000)).toBe(1);
    expect(stepped(0, 1, 500)).toBe(500);
  });
});
