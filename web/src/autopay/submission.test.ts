import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answering, problem } from "../api/answering";
import { readBills, readCards } from "../api/autopay-shapes";
import { Api, type OrderRequest } from "../api/client";
import { OrderMemory, requestOf } from "./draft";
import { type OrderApplicationMemory, OrderSubmission } from "./submission";

const CHANGE: OrderRequest = { kind: "CHANGE", autopayId: "bill-1", toCardRef: "card-2" };
const CANCEL: OrderRequest = { kind: "CANCEL", autopayId: "bill-1", toCardRef: null };
const ACCEPTED = { status: 202, body: { order_id: "ord_1", kind: "CHANGE", status: "ACCEPTED" } };

class Storage {
  readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}

/** A page on the confirmation, over the storage of its tab. */
function page(storage: Storage) {
  const api = new Api(
    () => Promise.resolve("token"),
    () => "ko",
  );
  const memory = new OrderMemory(storage, "s1");
  const applications: OrderApplicationMemory = {
    load: () => memory.load().application,
    save: (application) => void memory.change({ application }),
  };
  return { memory, submission: new OrderSubmission(api, applications) };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

describe("an order", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(0);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it("to change names the card, to cancel names none", async () => {
    const asked = answering(ACCEPTED);
    page(new Storage()).submission.confirm(CHANGE);
    await settled();
    page(new Storage()).submission.confirm(CANCEL);
    await settled();
    expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual([
      [
        "POST",
        "/v1/autopay-orders",
        { kind: "CHANGE", autopay_id: "bill-1", to_card_ref: "card-2" },
      ],
      ["POST", "/v1/autopay-orders", { kind: "CANCEL", autopay_id: "bill-1" }],
    ]);
    expect(asked[0]?.headers["Idempotency-Key"]).toMatch(/^[\w-]{1,64}$/);
  });

  it("keeps its key over lost answers and a reload, and is made once", async () => {
    const asked = answering("lost", "lost", ACCEPTED);
    const storage = new Storage();
    const before = page(storage).submission;
    before.confirm(CHANGE);
    await vi.advanceTimersByTimeAsync(1_000);
    before.stop();
    const { memory, submission } = page(storage);
    expect(submission.current).toEqual({ kind: "unanswered", dueAtMs: null });
    submission.confirm(CHANGE);
    await settled();
    expect(submission.current).toMatchObject({ kind: "accepted", made: { orderId: "ord_1" } });
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ headers }) => headers["Idempotency-Key"])).size).toBe(1);
    expect(memory.load().application).toBeNull();
  });

  it("loses nothing while the member proves anew who they are (R-M4)", async () => {
    const asked = answering(problem(401, "reauthentication_required"), ACCEPTED);
    const storage = new Storage();
    const [bill] = readBills({ autopays: [{ autopay_id: "bill-1" }] }).bills;
    const [toCard] = readCards({ cards: [{ card_ref: "card-2" }] });
    if (bill === undefined || toCard === undefined) throw new Error("no bill, no card");
    const before = page(storage);
    before.memory.begin("CHANGE", bill, null);
    before.memory.change({ toCard });
    before.submission.confirm(CHANGE);
    await settled();
    expect(before.submission.current.kind).toBe("reauthenticate");
    // Away to the sign-in, and back on a page of its own.
    const after = page(storage);
    expect(after.submission.current.kind).toBe("ready");
    const request = requestOf(after.memory.load());
    expect(request).toEqual(CHANGE);
    after.submission.confirm(request ?? CANCEL);
    await settled();
    expect(after.submission.current.kind).toBe("accepted");
    expect(asked[1]?.headers["Idempotency-Key"]).toBe(asked[0]?.headers["Idempotency-Key"]);
    expect(asked[1]?.body).toEqual(asked[0]?.body);
  });

  it("waits with its key when the switch does not answer", async () => {
    const busy = { ...problem(429, "switch_unavailable"), headers: { "Retry-After": "5" } };
    const asked = answering(busy, ACCEPTED);
    const { submission } = page(new Storage());
    submission.confirm(CHANGE);
    await settled();
    expect(submission.current).toMatchObject({
      kind: "busy",
      code: "switch_unavailable",
      untilMs: Date.now() + 5_000,
    });
    submission.confirm(CHANGE);
    await settled();
    expect(asked[1]?.headers["Idempotency-Key"]).toBe(asked[0]?.headers["Idempotency-Key"]);
  });

  it.each([
    [422, "corporate_card", CHANGE, "another_card"],
    [422, "corporate_card", CANCEL, "biller"],
    [422, "card_not_active", CHANGE, "another_card"],
    [422, "category_not_open", CHANGE, "bills"],
    [422, "not_changeable", CHANGE, "biller"],
    [409, "order_open", CANCEL, "orders"],
    [422, "idempotency_key_reused", CHANGE, "bills"],
    [422, "by_pigeon", CHANGE, "bills"],
  ] as const)(
    "that is refused (%i %s) is over and shows a way on",
    async (status, code, request, wayOn) => {
      answering(problem(status, code));
      const { memory, submission } = page(new Storage());
      submission.confirm(request);
      await settled();
      expect(submission.current).toEqual({
        kind: "refused",
        code,
        title: { ko: "제목", en: "제목" },
        text: { ko: "설명", en: "설명" },
        wayOn,
      });
      expect(memory.load().application).toBeNull();
    },
  );

  it("for what is no longer there is over", async () => {
    answering(problem(404, "not_found"));
    const { memory, submission } = page(new Storage());
    submission.confirm(CHANGE);
    await settled();
    expect(submission.current).toEqual({ kind: "missing" });
    expect(memory.load().application).toBeNull();
  });
});
