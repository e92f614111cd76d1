import { describe, expect, it } from "vitest";
import type { CalendarMonth } from "../api/expiry-shapes";
import { CHART_MONTHS, calendarOf, heightOf, soonestOf } from "./calendar";

const month = (name: string, cash: number, other = 0): CalendarMonth => {
  const items = [
    { issuer: "kb", pointCode: "POINTREE", amount: cash, cashable: true },
    { issuer: "hyundai", pointCode: "M", amount: other, cashable: false },
  ].filter(({ amount }) => amount > 0);
  return { month: name, total: cash + other, items };
};

describe("the chart", () => {
  it("has this month and the six of the longest lead, also those without points (R-E2)", () => {
    const { chart } = calendarOf([month("2026-12", 10)], "2026-11");
    expect(chart).toHaveLength(CHART_MONTHS);
    expect([chart[0]?.month, chart.at(-1)?.month]).toEqual(["2026-11", "2027-05"]);
    expect(chart.map(({ total }) => total)).toEqual([0, 10, 0, 0, 0, 0, 0]);
  });

  it("tells what can become cash apart, the largest first (R-P3)", () => {
    const { chart, total, cash } = calendarOf([month("2026-11", 10, 25)], "2026-11");
    expect(chart[0]).toMatchObject({ total: 35, cash: 10 });
    expect(chart[0]?.items.map(({ amount }) => amount)).toEqual([25, 10]);
    expect([total, cash]).toEqual([35, 10]);
  });

  it("leaves no month out: what lies beyond it comes later", () => {
    const { later, total } = calendarOf([month("2027-05", 1), month("2027-06", 2)], "2026-11");
    expect(later.map((one) => one.month)).toEqual(["2027-06"]);
    expect(total).toBe(1);
  });

  it("begins with what the server still counts if this device's clock is ahead", () => {
    const { chart, later } = calendarOf([month("2026-11", 7)], "2026-12");
    expect(chart[0]).toMatchObject({ month: "2026-11", total: 7 });
    expect(later).toEqual([]);
  });

  it("shows little next to much", () => {
    expect(heightOf(1, 1_000_000)).toBeGreaterThan(1);
    expect(heightOf(50, 100)).toBe(50);
    expect(heightOf(100, 100)).toBe(100);
    expect([heightOf(0, 100), heightOf(0, 0)]).toEqual([0, 0]);
  });
});

describe("what expires first", () => {
  const months = [month("2026-12", 10, 5), month("2027-02", 1)];

  it.each([
    ["2026-12", "this_month", "2026-12"],
    ["2026-11", "next_month", "2026-12"],
    ["2026-10", "later", "2026-12"],
    ["2027-01", "next_month", "2027-02"],
  ])("in %s is %s", (thisMonth, when, first) => {
    expect(soonestOf(months, thisMonth)).toMatchObject({ when, month: first });
  });

  it("is told with its sums, and is nothing once all is gone", () => {
    expect(soonestOf(months, "2026-12")).toMatchObject({ total: 15, cash: 10 });
    expect(soonestOf(months, "2027-03")).toBeNull();
    expect(soonestOf([], "2026-12")).toBeNull();
  });
});
