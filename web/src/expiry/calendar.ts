/** What expires in the months ahead: what the chart, the table and the ways to them show. */
import type { CalendarMonth, ExpiringItem } from "../api/expiry-shapes";
import { monthsLater } from "../format/time";

/** This month and as many as the longest lead reaches (R-E2). */
export const CHART_MONTHS = 7;

/** A month with its sums; one in which nothing expires has no items. */
export interface MonthAhead {
  /** `YYYY-MM` */
  readonly month: string;
  readonly total: number;
  /** What of it can become cash. */
  readonly cash: number;
  /** Largest first. */
  readonly items: readonly ExpiringItem[];
}

export interface Calendar {
  /** One after the other, also those in which nothing expires. */
  readonly chart: readonly MonthAhead[];
  /** The months after the chart in which something expires. */
  readonly later: readonly MonthAhead[];
  /** Of the chart's months. */
  readonly total: number;
  readonly cash: number;
}

const sum = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + amount, 0);

export function monthAhead({ month, items }: CalendarMonth): MonthAhead {
  return {
    month,
    total: sum(items.map(({ amount }) => amount)),
    cash: sum(items.map(({ amount, cashable }) => (cashable ? amount : 0))),
    items: [...items].sort((one, other) => other.amount - one.amount),
  };
}

/** `thisMonth`: by this device's clock; what the server still counts is shown even if it is late. */
export function calendarOf(months: readonly CalendarMonth[], thisMonth: string): Calendar {
  const known = months.map(monthAhead);
  const [first = thisMonth] = [thisMonth, ...known.map(({ month }) => month)].sort();
  const chart = Array.from({ length: CHART_MONTHS }, (_, place) => {
    const month = monthsLater(first, place);
    return known.find((one) => one.month === month) ?? monthAhead({ month, total: 0, items: [] });
  });
  const shown = new Set(chart.map(({ month }) => month));
  return {
    chart,
    later: known.filter(({ month }) => !shown.has(month)),
    total: sum(chart.map(({ total }) => total)),
    cash: sum(chart.map(({ cash }) => cash)),
  };
}

/** What expires first, and how soon that is. */
export interface Soonest extends MonthAhead {
  readonly when: "this_month" | "next_month" | "later";
}

export function soonestOf(months: readonly CalendarMonth[], thisMonth: string): Soonest | null {
  const [first] = months.filter(({ month }) => month >= thisMonth).map(monthAhead);
  if (first === undefined) return null;
  if (first.month === thisMonth) return { ...first, when: "this_month" };
  return { ...first, when: first.month === monthsLater(thisMonth, 1) ? "next_month" : "later" };
}

/** How high a bar stands, in percent; what is little next to the rest is still seen. */
export function heightOf(amount: number, highest: number): number {
  if (amount <= 0 || highest <= 0) return 0;
  return Math.max(LOWEST_PERCENT, (amount / highest) * 100);
}

const LOWEST_PERCENT = 3;
