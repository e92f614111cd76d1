/** The member's cards and bills, read together, and the names by which orders are told apart. */
import type { Biller, BillList, Card } from "../api/autopay-shapes";
import type { Answer } from "../api/client";
import { TabMemory, type TabStorage } from "../tab-memory";

export interface Holdings extends BillList {
  readonly cards: readonly Card[];
}

/** An order names its bill and cards by reference only, and an ended bill is in no list. */
interface Names {
  readonly bills: Readonly<Record<string, { readonly biller: Biller; readonly category: string }>>;
  readonly cards: Readonly<Record<string, Card>>;
}

export interface BookCalls {
  listCards(): Promise<Answer<readonly Card[]>>;
  listBills(): Promise<Answer<BillList>>;
}

/** Both lists come from a partner: looking twice in this time shows the same page. */
const FRESH_MS = 20_000;

export class AutopayBook {
  private readonly names: TabMemory<Names>;
  private last: { readonly holdings: Holdings; readonly heardAtMs: number } | null = null;

  constructor(
    private readonly calls: BookCalls,
    storage: TabStorage,
    subject: string,
  ) {
    const nothing = { bills: {}, cards: {} };
    this.names = new TabMemory("modupoint.autopay-names", nothing, storage, subject);
  }

  /** Both lists, or why one could not be had. */
  async read(): Promise<Answer<Holdings>> {
    if (this.last !== null && Date.now() - this.last.heardAtMs < FRESH_MS) {
      return { ok: true, value: this.last.holdings };
    }
    const [cards, list] = await Promise.all([this.calls.listCards(), this.calls.listBills()]);
    if (!cards.ok) return cards;
    if (!list.ok) return list;
    const holdings = { ...list.value, cards: cards.value };
    this.last = { holdings, heardAtMs: Date.now() };
    this.keepNames(holdings);
    return { ok: true, value: holdings };
  }

  /** Something has changed: the next read asks anew. */
  turn(): void {
    this.last = null;
  }

  billOf(autopayId: string): Names["bills"][string] | null {
    return this.names.load().bills[autopayId] ?? null;
  }

  cardOf(cardRef: string): Card | null {
    return this.names.load().cards[cardRef] ?? null;
  }

  clear(): void {
    this.last = null;
    this.names.clear();
  }

  private keepNames({ bills, cards }: Holdings): void {
    const { bills: oldBills, cards: oldCards } = this.names.load();
    const seen = bills.map(({ autopayId, biller, category }) => [autopayId, { biller, category }]);
    this.names.change({
      bills: { ...oldBills, ...Object.fromEntries(seen) },
      cards: { ...oldCards, ...Object.fromEntries(cards.map((card) => [card.cardRef, card])) },
    });
  }
}
