import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer, LookupRequest } from "../api/client";
import { type Lookup, readLookup } from "../api/shapes";
import { LookupDriver } from "./driver";
import { ALL } from "./machine";

const KEPT = { [ALL]: "lk_1" };

function answer(status: "RUNNING" | "DONE", retryAfterMs = 700): Answer<Lookup> {
  const kb = { status: status === "DONE" ? "OK" : "PENDING", points: [] };
  const body = { lookup_id: "lk_1", status, retry_after_ms: retryAfterMs, results: { kb } };
  const lookup = readLookup(body);
  if (lookup === null) throw new Error("not a lookup");
  return { ok: true, value: lookup };
}

const CUT_OFF: Answer<Lookup> = {
  ok: false,
  failure: { kind: "unreachable", retryAfterMs: null },
};

/** Answers in turn, the last one for ever, and remembers what it was asked. */
class Service {
  readonly asked: (LookupRequest | string)[] = [];
  constructor(private readonly answers: Answer<Lookup>[]) {}

  readonly startLookup = (request: LookupRequest) => this.next(request);
  readonly readLookup = (lookupId: string) => this.next(lookupId);

  private next(asked: LookupRequest | string): Promise<Answer<Lookup>> {
    this.asked.push(asked);
    const [first, ...rest] = this.answers;
    if (first === undefined) throw new Error("nothing to answer");
    if (rest.length > 0) this.answers.shift();
    return Promise.resolve(first);
  }
}

class Memory {
  constructor(public kept: Readonly<Record<string, string>> = {}) {}
  load = () => this.kept;
  save = (lookupIds: Readonly<Record<string, string>>) => {
    this.kept = lookupIds;
  };
}

describe("the driver", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("posts once, then polls at the server's pace until DONE", async () => {
    const service = new Service([answer("RUNNING"), answer("RUNNING"), answer("DONE")]);
    const driver = new LookupDriver(service, new Memory());
    driver.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(service.asked).toEqual([{}]);
    await vi.advanceTimersByTimeAsync(699);
    expect(service.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(service.asked).toEqual([{}, "lk_1"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(service.asked).toEqual([{}, "lk_1", "lk_1"]);
  });

  it("posts again after a failure, as the service gives the same lookup", async () => {
    const service = new Service([CUT_OFF, answer("DONE")]);
    const driver = new LookupDriver(service, new Memory());
    driver.start();
    await vi.advanceTimersByTimeAsync(1_300);
    expect(service.asked).toEqual([{}, {}]);
    expect(driver.current.runs).toEqual({});
  });

  it("asks one issuer afresh, whatever is still fresh", async () => {
    const service = new Service([answer("DONE")]);
    const driver = new LookupDriver(service, new Memory());
    driver.start();
    await vi.advanceTimersByTimeAsync(0);
    driver.askAgain("kb");
    await vi.advanceTimersByTimeAsync(0);
    expect(service.asked).toEqual([{}, { issuers: ["kb"], max_age_seconds: 0 }]);
  });

  it("asks afresh after points have moved, until that was answered", async () => {
    const memory = new Memory(KEPT);
    const service = new Service([CUT_OFF, answer("DONE")]);
    const driver = new LookupDriver(service, memory);
    driver.resume();
    driver.forgetMoved();
    expect(memory.kept).toEqual({});
    driver.start();
    await vi.advanceTimersByTimeAsync(1_300);
    expect(service.asked).toEqual([{ max_age_seconds: 0 }, { max_age_seconds: 0 }]);
    driver.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(service.asked.at(-1)).toEqual({});
  });

  it("keeps the lookup for a reload, and resumes it without a new one", async () => {
    const memory = new Memory();
    const before = new LookupDriver(new Service([answer("RUNNING")]), memory);
    before.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(memory.kept).toEqual(KEPT);
    const service = new Service([answer("DONE")]);
    const after = new LookupDriver(service, memory);
    after.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(service.asked).toEqual(["lk_1"]);
    expect(after.current.shown["kb"]?.result.status).toBe("OK");
  });

  it("ignores what comes after it was cleared, and forgets the lookup", async () => {
    const memory = new Memory(KEPT);
    const driver = new LookupDriver(new Service([answer("RUNNING")]), memory);
    driver.resume();
    vi.advanceTimersByTime(0);
    driver.clear();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(driver.current.shown).toEqual({});
    expect(memory.kept).toEqual({});
  });

  it("does not wait out the back-off when the network is back", async () => {
    const service = new Service([CUT_OFF, CUT_OFF, CUT_OFF, CUT_OFF, answer("DONE")]);
    const driver = new LookupDriver(service, new Memory());
    driver.start();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(service.asked).toHaveLength(4);
    driver.backOnline();
    await vi.advanceTimersByTimeAsync(0);
    expect(service.asked).toHaveLength(5);
  });
});
