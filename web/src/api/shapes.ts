/**
 * The API's answers as the page uses them, read from JSON with tolerance.
 *
 * The page outlives any one version of the API: a field that is missing or of another shape becomes
 * its harmless value here, so that no view has to doubt what it is given.
 */

import { amountOf, fieldsOf, listOf, numberOf, stringOf } from "./reading";

/** A text for people. */
export interface Text {
  readonly ko: string;
  readonly en: string;
}

export interface Expiration {
  /** `YYYY-MM` */
  readonly month: string;
  readonly amount: number;
}

export interface PointBalance {
  readonly code: string;
  readonly name: Text;
  readonly cashable: boolean;
  readonly remaining: number;
  readonly transferable: number;
  readonly expiring: number;
  readonly expiringMonth: string | null;
  readonly expirations: readonly Expiration[];
}

export const RESULT_STATUSES = [
  "PENDING",
  "OK",
  "NOT_MEMBER",
  "DORMANT",
  "SUSPENDED",
  "CORPORATE",
  "UNAVAILABLE",
  "TIMED_OUT",
] as const;
export type ResultStatus = (typeof RESULT_STATUSES)[number];

export interface Result {
  readonly status: ResultStatus;
  readonly asOf: string | null;
  readonly stale: boolean;
  readonly etaSeconds: number | null;
  readonly points: readonly PointBalance[];
  readonly message: Text | null;
}

export interface Totals {
  readonly remaining: number;
  readonly transferable: number;
  readonly expiringNextMonth: number;
}

export interface Lookup {
  readonly lookupId: string;
  readonly status: "RUNNING" | "DONE";
  readonly requestedAt: string | null;
  /** How long the server asks us to wait; null when it did not say. */
  readonly retryAfterMs: number | null;
  readonly results: Readonly<Record<string, Result>>;
  readonly totals: Totals;
}

/** When cash arrives (R-P1): a kind the page knows words for, or words from the server. */
export interface CashArrival {
  readonly kind: string;
  readonly cutOff: string | null;
  readonly text: Text | null;
}

/** A kind of points an issuer has, by which an amount without a balance is named. */
export interface PointKind {
  readonly code: string;
  readonly name: Text;
}

export interface Issuer {
  readonly code: string;
  readonly name: Text;
  readonly phone: string | null;
  readonly cashArrival: CashArrival | null;
  readonly points: readonly PointKind[];
}

export interface Lane {
  readonly issuer: string;
  readonly state: "OK" | "SLOW" | "DOWN";
  readonly etaSeconds: number | null;
}

export interface Consent {
  readonly consentedAt: string | null;
  readonly termsVersion: string | null;
}

export interface Member {
  readonly consent: Consent | null;
  /** Alerts or standing cash-out are on: only then may there be notices that nobody has read. */
  readonly watched: boolean;
}

/** A member without an agreement: nothing is kept of them. */
export const NOT_AGREED: Member = { consent: null, watched: false };

/** A plain string stands for both languages. */
export function readText(value: unknown): Text | null {
  const plain = stringOf(value);
  if (plain !== null) return { ko: plain, en: plain };
  const { ko, en } = fieldsOf(value);
  const korean = stringOf(ko);
  const english = stringOf(en);
  if (korean === null && english === null) return null;
  return { ko: korean ?? english ?? "", en: english ?? korean ?? "" };
}

function readExpirations(value: unknown): readonly Expiration[] {
  return listOf(value)
    .map((item) => {
      const { month, amount } = fieldsOf(item);
      return { month: stringOf(month) ?? "", amount: amountOf(amount) };
    })
    .filter(({ month, amount }) => month !== "" && amount > 0)
    .sort((one, other) => one.month.localeCompare(other.month));
}

function readBalance(value: unknown): PointBalance {
  const fields = fieldsOf(value);
  const code = stringOf(fields["code"]) ?? "";
  return {
    code,
    name: readText(fields["name"]) ?? { ko: code, en: code },
    cashable: fields["cashable"] === true,
    remaining: amountOf(fields["remaining"]),
    transferable: amountOf(fields["transferable"]),
    expiring: amountOf(fields["expiring"]),
    expiringMonth: stringOf(fields["expiring_month"]),
    expirations: readExpirations(fields["expirations"]),
  };
}

function readResult(value: unknown): Result {
  const fields = fieldsOf(value);
  // A status of a later server is, to this page, an answer it cannot show.
  const status = RESULT_STATUSES.find((known) => known === fields["status"]) ?? "UNAVAILABLE";
  return {
    status,
    asOf: stringOf(fields["as_of"]),
    stale: fields["stale"] === true,
    etaSeconds: numberOf(fields["eta_seconds"]),
    points: listOf(fields["points"]).map(readBalance),
    message: readText(fields["message"]),
  };
}

/** Null when the body names no lookup. */
export function readLookup(body: unknown): Lookup | null {
  const fields = fieldsOf(body);
  const lookupId = stringOf(fields["lookup_id"]);
  if (lookupId === null) return null;
  const totals = fieldsOf(fields["totals"]);
  return {
    lookupId,
    status: fields["status"] === "DONE" ? "DONE" : "RUNNING",
    requestedAt: stringOf(fields["requested_at"]),
    retryAfterMs: numberOf(fields["retry_after_ms"]),
    results: Object.fromEntries(
      Object.entries(fieldsOf(fields["results"])).map(([code, result]) => [
        code,
        readResult(result),
      ]),
    ),
    totals: {
      remaining: amountOf(totals["remaining"]),
      transferable: amountOf(totals["transferable"]),
      expiringNextMonth: amountOf(totals["expiring_next_month"]),
    },
  };
}

function readCashArrival(value: unknown): CashArrival | null {
  const text = readText(value);
  const { kind, cut_off: cutOff } = fieldsOf(value);
  const known = stringOf(kind);
  if (known === null && text === null) return null;
  return { kind: known ?? "", cutOff: stringOf(cutOff), text };
}

function readPointKind(value: unknown): PointKind {
  const fields = fieldsOf(value);
  const code = stringOf(fields["code"]) ?? "";
  return { code, name: readText(fields["name"]) ?? { ko: code, en: code } };
}

export function readIssuers(body: unknown): readonly Issuer[] {
  return listOf(fieldsOf(body)["issuers"]).flatMap((item) => {
    const fields = fieldsOf(item);
    const code = stringOf(fields["code"]);
    if (code === null) return [];
    return {
      code,
      name: readText(fields["name"]) ?? { ko: code, en: code },
      phone: stringOf(fields["phone"]),
      cashArrival: readCashArrival(fields["cash_arrival"]),
      points: listOf(fields["points"]).map(readPointKind),
    };
  });
}

export function readLanes(body: unknown): readonly Lane[] {
  return listOf(fieldsOf(body)["lanes"]).flatMap((item) => {
    const fields = fieldsOf(item);
    const issuer = stringOf(fields["issuer"]);
    const state = fields["state"];
    if (issuer === null) return [];
    return {
      issuer,
      state: state === "SLOW" || state === "DOWN" ? state : "OK",
      etaSeconds: numberOf(fields["eta_seconds"]),
    };
  });
}

export function readMember(body: unknown): Member {
  const { consent, expiry_alerts: alerts, auto_cashout: cashout } = fieldsOf(body);
  if (typeof consent !== "object" || consent === null) return NOT_AGREED;
  const fields = fieldsOf(consent);
  return {
    watched: [alerts, cashout].some((choice) => fieldsOf(choice)["enabled"] === true),
    consent: {
      consentedAt: stringOf(fields["consented_at"]),
      termsVersion: stringOf(fields["terms_version"]),
    },
  };
}
