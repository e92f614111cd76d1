/** What expires when, over all issuers. */
import type { Result } from "../api/shapes";
import { expirationsOf } from "./totals";

export interface ExpiringMonth {
  readonly month: string;
  readonly amount: number;
  /** Largest first. */
  readonly issuers: readonly { readonly issuer: string; readonly amount: number }[];
}

/** Months in which something expires, soonest first. */
export function expiringMonths(
  results: Readonly<Record<string, Result>>,
): readonly ExpiringMonth[] {
  const months = new Map<string, Map<string, number>>();
  for (const [issuer, result] of Object.entries(results)) {
    for (const { month, amount } of result.points.flatMap(expirationsOf)) {
      const issuers = months.get(month) ?? new Map<string, number>();
      issuers.set(issuer, (issuers.get(issuer) ?? 0) + amount);
      months.set(month, issuers);
    }
  }
  return [...months]
    .map(([month, issuers]) => ({
      month,
      amount: [...issuers.values()].reduce((total, amount) => total + amount, 0),
      issuers: [...issuers]
        .map(([issuer, amount]) => ({ issuer, amount }))
        .sort((one, other) => other.amount - one.amount),
    }))
    .sort((one, other) => one.month.localeCompare(other.month));
}
