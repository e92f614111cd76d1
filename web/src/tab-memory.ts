/** What one member has left unfinished in this tab: it outlives reloads and sign-ins. */

export type TabStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export class TabMemory<Kept extends object> {
  constructor(
    private readonly key: string,
    private readonly nothing: Kept,
    private readonly storage: TabStorage,
    /** Another member who signs in on this tab must not go on with what is this one's. */
    private readonly subject: string,
  ) {}

  load(): Kept {
    try {
      const kept = JSON.parse(this.storage.getItem(this.key) ?? "null");
      return kept?.subject === this.subject ? { ...this.nothing, ...kept.draft } : this.nothing;
    } catch {
      return this.nothing;
    }
  }

  /** Keeps what is named and leaves the rest as it was. */
  change(part: Partial<Kept>): Kept {
    const draft = { ...this.load(), ...part };
    this.storage.setItem(this.key, JSON.stringify({ subject: this.subject, draft }));
    return draft;
  }

  clear(): void {
    this.storage.removeItem(this.key);
  }
}
