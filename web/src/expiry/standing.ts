/** Standing cash-out as it is about to be ordered, kept for this tab over reloads and sign-ins. */
import type { AutoCashout, Choices } from "../api/expiry-shapes";
import type { Account } from "../api/transfer-shapes";
import { formatAmount } from "../format/amounts";
import { TabMemory, type TabStorage } from "../tab-memory";

export interface StandingDraft {
  /** Null: what is kept on the server, or the only account there is. */
  readonly accountId: string | null;
  /** As typed; null: as kept, or the usual one. */
  readonly minimum: string | null;
  /** A sign-in that is recent enough for money was asked for (R-M4). */
  readonly provingAnew: boolean;
}

export const NOTHING_SET: StandingDraft = { accountId: null, minimum: null, provingAnew: false };

export class StandingMemory extends TabMemory<StandingDraft> {
  constructor(storage: TabStorage, subject: string) {
    super("modupoint.standing", NOTHING_SET, storage, subject);
  }
}

export const USUAL_MINIMUM = 1_000;
/** To pick instead of typing; 0 means all of it. */
export const MINIMUMS = [0, 1_000, 5_000, 10_000] as const;
const MOST = 1_000_000_000;

/** The account the draft means; of several the member has to choose one. */
export function accountOf({ accountId }: StandingDraft, { accounts, cashout }: Choices) {
  const byId = (id: string | null): Account | undefined =>
    accounts.find((account) => account.accountId === id);
  const only = accounts.length === 1 ? accounts[0] : undefined;
  return byId(accountId) ?? byId(cashout.accountId) ?? only ?? null;
}

/** The minimum as it stands in its field. */
export const minimumOf = ({ minimum }: StandingDraft, { cashout }: Choices): string =>
  minimum ?? formatAmount(cashout.minimumAmount ?? USUAL_MINIMUM);

/** Won from which on is cashed out; null if that is no amount. */
export function wonIn(typed: string): number | null {
  const digits = typed.replace(/[\s,]/g, "");
  if (!/^\d{1,10}$/.test(digits)) return null;
  const won = Number(digits);
  return won <= MOST ? won : null;
}

/** How many months ahead standing cash-out looks: as the alerts do, one without them. */
export const leadOf = ({ alerts }: Choices): number =>
  alerts.enabled ? (alerts.leadMonths ?? 1) : 1;

/** It is on, and the account it was to pay into is gone. */
export const lacksAccount = ({ accounts, cashout }: Choices): boolean =>
  cashout.enabled && !accounts.some(({ accountId }) => accountId === cashout.accountId);

export const OFF: AutoCashout = { enabled: false, accountId: null, minimumAmount: null };
