/** What a member has chosen on the way to a transfer, kept for this tab over reloads and sign-ins. */
import type { Account, Item } from "../api/transfer-shapes";
import { TabMemory, type TabStorage } from "../tab-memory";
import type { Amounts } from "./offers";
import type { Application } from "./submission";

export interface CashDraft {
  readonly amounts: Amounts;
  /** As left with at the end of choosing: a later lookup does not change them. */
  readonly items: readonly Item[];
  readonly account: Account | null;
  readonly application: Application | null;
}

export const NOTHING_CHOSEN: CashDraft = {
  amounts: {},
  items: [],
  account: null,
  application: null,
};

export class CashMemory extends TabMemory<CashDraft> {
  constructor(storage: TabStorage, subject: string) {
    super("modupoint.cash", NOTHING_CHOSEN, storage, subject);
  }
}
