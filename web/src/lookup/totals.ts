/** Sums over the results on the page, the way the API counts them: all that is shown. */
import type { Expiration, PointBalance, Result, Totals } from "../api/shapes";
import { nextMonth } from "../format/time";

const sum = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + amount, 0);

/** `requestedAt` is the server's time of the lookup: next month is counted from it. */
export function totalsOf(results: readonly Result[], requestedAt: string | null): Totals {
  const points = results.flatMap((result) => result.points);
  const month = nextMonth(requestedAt);
  return {
    remaining: sum(points.map((point) => point.remaining)),
    transferable: sum(points.map((point) => point.transferable)),
    expiringNextMonth: sum(
      points
        .flatMap((point) => expirationsOf(point))
        .map((one) => (one.month === month ? one.amount : 0)),
    ),
  };
}

/** All months of a balance; an issuer that lists none still tells what expires next (R-P5). */
export function expirationsOf({
  expirations,
  expiring,
  expiringMonth,
}: PointBalance): readonly Expiration[] {
  if (expiringMonth === null || expiring === 0) return expirations;
  if (expirations.some(({ month }) => month === expiringMonth)) return expirations;
  return [{ month: expiringMonth, amount: expiring }, ...expirations];
}
