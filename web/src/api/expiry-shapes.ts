/** What expires, what is done about it and what was told, read with the same tolerance as `shapes.ts`. */
import { amountOf, fieldsOf, listOf, numberOf, stringOf } from "./reading";
import { readText, type Text } from "./shapes";
import { type Account, readAccounts } from "./transfer-shapes";

/** Points of one kind that expire in a month. */
export interface ExpiringItem {
  readonly issuer: string;
  readonly pointCode: string;
  readonly amount: number;
  readonly cashable: boolean;
}

/** A month at whose end points are gone. */
export interface CalendarMonth {
  /** `YYYY-MM` */
  readonly month: string;
  readonly total: number;
  readonly items: readonly ExpiringItem[];
}

/** Whether the member is told, and how many months (1 to 6) ahead; null if never chosen. */
export interface Alerts {
  readonly enabled: boolean;
  readonly leadMonths: number | null;
}

/** Standing cash-out (R-E3): whether, to which account, and from how many won on. */
export interface AutoCashout {
  readonly enabled: boolean;
  readonly accountId: string | null;
  readonly minimumAmount: number | null;
}

/** What the member wants done about points that expire, and the accounts there are for it. */
export interface Choices {
  readonly accounts: readonly Account[];
  readonly alerts: Alerts;
  readonly cashout: AutoCashout;
}

export const NOTICE_KINDS = [
  "EXPIRING",
  "CASHOUT_PLANNED",
  "CASHOUT_TOO_LATE",
  "CASHOUT_NO_ACCOUNT",
  "CASHOUT_STOPPED",
  "CASHOUT_DONE",
  "CASHOUT_FAILED",
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export interface Notice {
  readonly noticeId: string;
  /** `OTHER` is a kind of a later server: its text still says it. */
  readonly kind: NoticeKind | "OTHER";
  readonly createdAt: string;
  readonly issuer: string;
  /** `YYYY-MM` */
  readonly month: string;
  readonly amount: number;
  readonly text: Text;
  readonly transferId: string | null;
}

export interface NoticePage {
  /** The newest first. */
  readonly notices: readonly Notice[];
  readonly nextCursor: string | null;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

export function readExpirations(body: unknown): readonly CalendarMonth[] {
  return listOf(fieldsOf(body)["months"])
    .flatMap((value) => {
      const fields = fieldsOf(value);
      const month = stringOf(fields["month"]) ?? "";
      const items = listOf(fields["items"]).map(readItem);
      const shown = items.filter(({ amount }) => amount > 0);
      if (!MONTH.test(month) || shown.length === 0) return [];
      // The bars are made of the items: a total that says otherwise would not add up on the page.
      return { month, total: shown.reduce((sum, { amount }) => sum + amount, 0), items: shown };
    })
    .sort((one, other) => one.month.localeCompare(other.month));
}

function readItem(value: unknown): ExpiringItem {
  const fields = fieldsOf(value);
  return {
    issuer: stringOf(fields["issuer"]) ?? "",
    pointCode: stringOf(fields["point_code"]) ?? "",
    amount: amountOf(fields["amount"]),
    cashable: fields["cashable"] === true,
  };
}

export function readAlerts(value: unknown): Alerts {
  const fields = fieldsOf(value);
  return { enabled: fields["enabled"] === true, leadMonths: numberOf(fields["lead_months"]) };
}

export function readCashout(value: unknown): AutoCashout {
  const fields = fieldsOf(value);
  return {
    enabled: fields["enabled"] === true,
    accountId: stringOf(fields["account_id"]),
    minimumAmount: numberOf(fields["minimum_amount"]),
  };
}

/** Of `GET /v1/me`. */
export function readChoices(body: unknown): Choices {
  const fields = fieldsOf(body);
  return {
    accounts: readAccounts(body),
    alerts: readAlerts(fields["expiry_alerts"]),
    cashout: readCashout(fields["auto_cashout"]),
  };
}

export function readNotices(body: unknown): NoticePage {
  const fields = fieldsOf(body);
  return {
    notices: listOf(fields["notices"]).flatMap((value) => readNotice(value) ?? []),
    nextCursor: stringOf(fields["next_cursor"]),
  };
}

/** Null without an id or without words: there is nothing to show. */
function readNotice(value: unknown): Notice | null {
  const fields = fieldsOf(value);
  const noticeId = stringOf(fields["notice_id"]);
  const text = readText(fields["text"]);
  if (noticeId === null || text === null) return null;
  return {
    noticeId,
    kind: NOTICE_KINDS.find((known) => known === fields["kind"]) ?? "OTHER",
    createdAt: stringOf(fields["created_at"]) ?? "",
    issuer: stringOf(fields["issuer"]) ?? "",
    month: stringOf(fields["month"]) ?? "",
    amount: amountOf(fields["amount"]),
    text,
    transferId: stringOf(fields["transfer_id"]),
  };
}
