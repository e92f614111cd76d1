/** The running lookup's ids, kept for this tab so that a reload goes on with it. */

const KEY = "modupoint.lookup";

interface Kept {
  /** Another member who signs in on this tab must not be shown this one's place. */
  readonly subject: string;
  readonly lookupIds: Readonly<Record<string, string>>;
}

export class LookupMemory {
  constructor(
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
    private readonly subject: string,
  ) {}

  load(): Readonly<Record<string, string>> {
    try {
      const kept = JSON.parse(this.storage.getItem(KEY) ?? "null") as Kept | null;
      return kept?.subject === this.subject ? kept.lookupIds : {};
    } catch {
      return {};
    }
  }

  save(lookupIds: Readonly<Record<string, string>>): void {
    if (Object.keys(lookupIds).length === 0) this.storage.removeItem(KEY);
    else this.storage.setItem(KEY, JSON.stringify({ subject: this.subject, lookupIds }));
  }
}
