/** What a transfer has come to, for those who listen and those who look at one figure. */
import type { Leg, LegStatus, Transfer } from "../api/transfer-shapes";

/** Nothing will change about these any more. */
const SETTLED: Readonly<Partial<Record<LegStatus, true>>> = {
  DEPOSITED: true,
  FAILED: true,
  REVERSED: true,
};

export const isSettled = ({ status }: Leg): boolean => status in SETTLED;

/** Legs that have become something else since they were last seen. */
export function changedLegs(before: Transfer | null, now: Transfer): readonly Leg[] {
  if (before === null) return [];
  const seen = new Map(before.legs.map(({ legId, status }) => [legId, status]));
  return now.legs.filter(({ legId, status }) => seen.get(legId) !== status);
}

/** The latest of the promises still open; null when nothing is on its way. */
export function lastPromise({ legs }: Transfer): string | null {
  const open = legs.flatMap((leg) =>
    isSettled(leg) || leg.promisedAt === null ? [] : leg.promisedAt,
  );
  return open.sort((one, other) => Date.parse(one) - Date.parse(other)).at(-1) ?? null;
}
