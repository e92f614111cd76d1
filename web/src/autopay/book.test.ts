import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answering, problem } from "../api/answering";
import { Api } from "../api/client";
import { AutopayBook } from "./book";

const CARDS = { status: 200, body: { cards: [{ card_ref: "card-1", name: "신한카드" }] } };
const bills = (...ids: string[]) => ({
  status: 200,
  body: {
    as_of: "2026-11-22",
    autopays: ids.map((id) => ({ autopay_id: id, biller: { name: `${id} biller` } })),
  },
});

class Storage {
  readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}

const book = (storage = new Storage()) => {
  const api = new Api(
    () => Promise.resolve("token"),
    () => "ko",
  );
  return new AutopayBook(api, storage, "s1");
};

describe("the cards and bills", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("are read together, and not again for a short while", async () => {
    const asked = answering(CARDS, bills("bill-1"));
    const one = book();
    expect(await one.read()).toMatchObject({
      ok: true,
      value: {
        asOf: "2026-11-22",
        bills: [{ autopayId: "bill-1" }],
        cards: [{ cardRef: "card-1" }],
      },
    });
    await one.read();
    expect(asked.map(({ path }) => path).sort()).toEqual(["/v1/autopays", "/v1/cards"]);
  });

  it("are read anew after an order", async () => {
    const asked = answering(CARDS, bills("bill-1"), CARDS, bills());
    const one = book();
    await one.read();
    one.turn();
    expect(await one.read()).toMatchObject({ value: { bills: [] } });
    expect(asked).toHaveLength(4);
  });

  it("are had both or not at all", async () => {
    answering(CARDS, problem(429, "switch_unavailable"), CARDS, bills("bill-1"));
    const one = book();
    expect(await one.read()).toMatchObject({
      ok: false,
      failure: { kind: "busy", code: "switch_unavailable" },
    });
    expect(await one.read()).toMatchObject({ ok: true });
  });

  it("leave their names behind for orders of bills that are gone, also over a reload", async () => {
    answering(CARDS, bills("bill-1"), CARDS, bills("bill-2"));
    const storage = new Storage();
    const one = book(storage);
    await one.read();
    one.turn();
    await one.read();
    const reloaded = book(storage);
    expect(reloaded.billOf("bill-1")?.biller.name).toBe("bill-1 biller");
    expect(reloaded.billOf("bill-2")?.biller.name).toBe("bill-2 biller");
    expect(reloaded.cardOf("card-1")?.name).toBe("신한카드");
    expect(reloaded.billOf("bill-3")).toBeNull();
    reloaded.clear();
    expect(book(storage).billOf("bill-1")).toBeNull();
  });
});
