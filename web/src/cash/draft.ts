/** What a member has chosen on the way to a transfer, kept for this tab over reloads and sign-ins. */
import type { Account, Item } from "../api/transfer-shapes";
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

const KEY = "modupoint.cash";

export class CashMemory {
  constructor(
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
    /** Another member who signs in on this tab must not go on with this one's money. */
    private readonly subject: string,
  ) {}

  load(): CashDraft {
    try {
      const kept = JSON.parse(this.storage.getItem(KEY) ?? "null");
      return kept?.subject === this.subject ? { ...NOTHING_CHOSEN, ...kept.draft } : NOTHING_CHOSEN;
    } catch {
      return NOTHING_CHOSEN;
    }
  }

  /** Keeps what is named and leaves the rest as it was. */
  change(part: Partial<CashDraft>): CashDraft {
    const draft = { ...this.load(), ...part };
    this.storage.setItem(KEY, JSON.stringify({ subject: this.subject, draft }));
    return draft;
  }

  clear(): void {
    this.storage.removeItem(KEY);
  }
}
