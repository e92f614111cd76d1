/** Which points of a lookup can become cash, how many of them the member wants to, and why others cannot. */
import type { PointBalance, Result, Text } from "../api/shapes";
import type { Item } from "../api/transfer-shapes";

export interface Offer {
  /** Names the points among all issuers'. */
  readonly key: string;
  readonly issuer: string;
  readonly pointCode: string;
  readonly name: Text;
  readonly available: number;
  readonly remaining: number;
  /** The time of the answer if the issuer has given no newer one; null for a fresh one. */
  readonly staleSince: string | null;
}

/** Why points stay points. */
export type Obstacle =
  | "dormant"
  | "suspended"
  | "corporate"
  | "unavailable"
  | "timed_out"
  /** Points of partners, or of the issuer's own shop (R-P3). */
  | "not_cashable"
  /** M points become H-Coin first (R-P2). */
  | "exchange_first"
  /** Of a kind that can become cash, but not these. */
  | "nothing_transferable";

export interface Blocked {
  readonly issuer: string;
  readonly obstacle: Obstacle;
  readonly points: readonly PointBalance[];
}

export interface Offering {
  readonly offers: readonly Offer[];
  readonly blocked: readonly Blocked[];
  /** Issuers that have not answered yet. */
  readonly pending: readonly string[];
}

/** Amounts the member has set, by an offer's key; the rest are as offered. */
export type Amounts = Readonly<Record<string, number>>;

const OBSTACLES: Readonly<Partial<Record<Result["status"], Obstacle>>> = {
  DORMANT: "dormant",
  SUSPENDED: "suspended",
  CORPORATE: "corporate",
};

const SILENCES: Readonly<Partial<Record<Result["status"], Obstacle>>> = {
  UNAVAILABLE: "unavailable",
  TIMED_OUT: "timed_out",
};

/** `order`: issuers in the order they are shown in. */
export function offeringOf(
  results: Readonly<Record<string, Result>>,
  order: readonly string[],
): Offering {
  const offers: Offer[] = [];
  const blocked: Blocked[] = [];
  const pending: string[] = [];
  for (const issuer of order) {
    const result = results[issuer];
    if (result === undefined || result.status === "NOT_MEMBER") continue;
    if (result.status === "PENDING") {
      pending.push(issuer);
      continue;
    }
    const held = result.points.filter(({ remaining }) => remaining > 0);
    const closed = OBSTACLES[result.status];
    const silent = SILENCES[result.status];
    if (closed !== undefined) blocked.push({ issuer, obstacle: closed, points: held });
    else if (silent !== undefined && result.points.length === 0) {
      blocked.push({ issuer, obstacle: silent, points: [] });
    } else {
      offers.push(...held.filter(isOffered).map((point) => offerOf(issuer, point, result)));
      blocked.push(...remaindersOf(issuer, held));
    }
  }
  return { offers, blocked, pending };
}

const isOffered = (point: PointBalance): boolean => point.cashable && point.transferable > 0;

const offerOf = (issuer: string, point: PointBalance, { stale, asOf }: Result): Offer => ({
  key: `${issuer}/${point.code}`,
  issuer,
  pointCode: point.code,
  name: point.name,
  available: point.transferable,
  remaining: point.remaining,
  staleSince: stale ? (asOf ?? "") : null,
});

/** An issuer's points that are not offered, by the reason. */
function remaindersOf(issuer: string, held: readonly PointBalance[]): readonly Blocked[] {
  const reasons = new Map<Obstacle, PointBalance[]>();
  for (const point of held.filter((one) => !isOffered(one))) {
    const obstacle = obstacleOf(issuer, point);
    reasons.set(obstacle, [...(reasons.get(obstacle) ?? []), point]);
  }
  return [...reasons].map(([obstacle, points]) => ({ issuer, obstacle, points }));
}

function obstacleOf(issuer: string, { code, cashable }: PointBalance): Obstacle {
  if (cashable) return "nothing_transferable";
  return issuer === "hyundai" && code === "MPOINT" ? "exchange_first" : "not_cashable";
}

/**
 * How many points of an offer are to become cash; 0 leaves it out.
 *
 * All of them unless the member has said otherwise. An issuer that does not answer is left out
 * until the member asks for it: its redemption would have to wait.
 */
export function chosenOf({ key, available, staleSince }: Offer, amounts: Amounts): number {
  const asOffered = staleSince === null ? available : 0;
  return Math.min(amounts[key] ?? asOffered, available);
}

export const itemsOf = (offers: readonly Offer[], amounts: Amounts): readonly Item[] =>
  offers.flatMap((offer) => {
    const { issuer, pointCode } = offer;
    const amount = chosenOf(offer, amounts);
    return amount === 0 ? [] : { issuer, pointCode, amount };
  });

export const totalOf = (items: readonly { readonly amount: number }[]): number =>
  items.reduce((total, { amount }) => total + amount, 0);

/** Everything, or nothing at all. */
export const allOf = (offers: readonly Offer[], wanted: boolean): Amounts =>
  Object.fromEntries(offers.map(({ key, available }) => [key, wanted ? available : 0]));

/** What was typed, as an amount the offer allows: digits count, everything else is passed over. */
export function typedAmount(typed: string, available: number): number {
  const digits = typed.replace(/\D/g, "");
  return digits === "" ? 0 : Math.min(Number(digits), available);
}

const STEP = 1_000;

/** To the next thousand up or down, from 1 to all there is (R-P2). */
export function stepped(amount: number, direction: 1 | -1, available: number): number {
  const next =
    direction === 1
      ? (Math.floor(amount / STEP) + 1) * STEP
      : (Math.ceil(amount / STEP) - 1) * STEP;
  return Math.max(1, Math.min(next, available));
}
