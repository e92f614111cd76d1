/** Accounts, quotes and transfers as the page uses them, read with the same tolerance as `shapes.ts`. */
import { amountOf, fieldsOf, listOf, stringOf } from "./reading";
import { readText, type Text } from "./shapes";

/** A bank account; the number and the name are masked by the server. */
export interface Account {
  readonly accountId: string;
  readonly bankCode: string;
  readonly bankName: string;
  readonly maskedNumber: string;
  readonly holderNameMasked: string;
}

/** Points of one kind to be turned into cash. */
export interface Item {
  readonly issuer: string;
  readonly pointCode: string;
  readonly amount: number;
}

export interface QuoteItem extends Item {
  readonly promisedAt: string | null;
  readonly reason: Text | null;
}

export interface Quote {
  readonly items: readonly QuoteItem[];
  readonly total: number;
  /** The server's time of the quote; null when it does not tell. */
  readonly quotedAt: string | null;
}

export const LEG_STATUSES = [
  "ACCEPTED",
  "REDEEMED",
  "SCHEDULED",
  "DEPOSITED",
  "FAILED",
  "REVERSED",
  "CHECKING",
  "WITH_OPERATOR",
] as const;
export type LegStatus = (typeof LEG_STATUSES)[number];

export interface LegItem {
  readonly pointCode: string;
  readonly amount: number;
}

export interface Leg {
  readonly legId: string;
  readonly issuer: string;
  readonly items: readonly LegItem[];
  readonly amount: number;
  readonly status: LegStatus;
  readonly promisedAt: string | null;
  readonly depositedAt: string | null;
  readonly failure: { readonly code: string; readonly message: Text | null } | null;
}

export const TRANSFER_STATUSES = [
  "IN_PROGRESS",
  "COMPLETED",
  "PARTLY_COMPLETED",
  "FAILED",
] as const;
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

export interface TransferTotals {
  readonly requested: number;
  readonly redeemed: number;
  readonly deposited: number;
  readonly inFlight: number;
  readonly reversed: number;
  readonly failed: number;
}

export interface Transfer {
  readonly transferId: string;
  readonly status: TransferStatus;
  readonly requestedAt: string;
  readonly account: Account;
  readonly legs: readonly Leg[];
  readonly totals: TransferTotals;
}

export interface TransferList {
  readonly transfers: readonly Transfer[];
  readonly nextCursor: string | null;
}

/** Null without an id: nothing could be paid into it. */
export function readAccount(value: unknown): Account | null {
  const fields = fieldsOf(value);
  const accountId = stringOf(fields["account_id"]);
  if (accountId === null) return null;
  return { ...readMasked(value), accountId };
}

function readMasked(value: unknown): Account {
  const fields = fieldsOf(value);
  return {
    accountId: stringOf(fields["account_id"]) ?? "",
    bankCode: stringOf(fields["bank_code"]) ?? "",
    bankName: stringOf(fields["bank_name"]) ?? "",
    maskedNumber: stringOf(fields["masked_number"]) ?? "",
    holderNameMasked: stringOf(fields["holder_name_masked"]) ?? "",
  };
}

export const readAccounts = (body: unknown): readonly Account[] =>
  listOf(fieldsOf(body)["accounts"]).flatMap((item) => readAccount(item) ?? []);

export function readQuote(body: unknown): Quote | null {
  const fields = fieldsOf(body);
  if (!Array.isArray(fields["items"])) return null;
  return {
    items: fields["items"].map(readQuoteItem),
    total: amountOf(fields["total"]),
    quotedAt: stringOf(fields["quoted_at"]),
  };
}

function readQuoteItem(value: unknown): QuoteItem {
  const fields = fieldsOf(value);
  return {
    issuer: stringOf(fields["issuer"]) ?? "",
    pointCode: stringOf(fields["point_code"]) ?? "",
    amount: amountOf(fields["amount"]),
    promisedAt: stringOf(fields["promised_at"]),
    reason: readText(fields["reason"]),
  };
}

/** Null for anything that is not a transfer: whoever asked does not know what happened. */
export function readTransfer(body: unknown): Transfer | null {
  const fields = fieldsOf(body);
  const transferId = stringOf(fields["transfer_id"]);
  if (transferId === null) return null;
  return {
    transferId,
    // A status of a later server is one that still changes, as far as this page can tell.
    status: TRANSFER_STATUSES.find((known) => known === fields["status"]) ?? "IN_PROGRESS",
    requestedAt: stringOf(fields["requested_at"]) ?? "",
    account: readMasked(fields["account"]),
    legs: listOf(fields["legs"]).map(readLeg),
    totals: readTotals(fields["totals"]),
  };
}

function readLeg(value: unknown): Leg {
  const fields = fieldsOf(value);
  const failure = fieldsOf(fields["failure"]);
  const code = stringOf(failure["code"]);
  return {
    legId: stringOf(fields["leg_id"]) ?? stringOf(fields["issuer"]) ?? "",
    issuer: stringOf(fields["issuer"]) ?? "",
    items: listOf(fields["items"]).map((item) => {
      const { point_code: pointCode, amount } = fieldsOf(item);
      return { pointCode: stringOf(pointCode) ?? "", amount: amountOf(amount) };
    }),
    amount: amountOf(fields["amount"]),
    status: LEG_STATUSES.find((known) => known === fields["status"]) ?? "CHECKING",
    promisedAt: stringOf(fields["promised_at"]),
    depositedAt: stringOf(fields["deposited_at"]),
    failure: code === null ? null : { code, message: readText(failure["message"]) },
  };
}

function readTotals(value: unknown): TransferTotals {
  const fields = fieldsOf(value);
  return {
    requested: amountOf(fields["requested"]),
    redeemed: amountOf(fields["redeemed"]),
    deposited: amountOf(fields["deposited"]),
    inFlight: amountOf(fields["in_flight"]),
    reversed: amountOf(fields["reversed"]),
    failed: amountOf(fields["failed"]),
  };
}

export function readTransferList(body: unknown): TransferList {
  const fields = fieldsOf(body);
  return {
    transfers: listOf(fields["transfers"]).flatMap((item) => readTransfer(item) ?? []),
    nextCursor: stringOf(fields["next_cursor"]),
  };
}
