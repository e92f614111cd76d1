import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answering, problem } from "../api/answering";
import { Api, type TransferRequest } from "../api/client";
import { type Application, type ApplicationMemory, type Step, Submission } from "./submission";

const REQUEST: TransferRequest = {
  accountId: "acc_1",
  items: [
    { issuer: "kb", pointCode: "POINTREE", amount: 6_000 },
    { issuer: "woori", pointCode: "WIBEE", amount: 3_300 },
  ],
};
const BODY = {
  account_id: "acc_1",
  items: [
    { issuer: "kb", point_code: "POINTREE", amount: 6_000 },
    { issuer: "woori", point_code: "WIBEE", amount: 3_300 },
  ],
};
const OTHER: TransferRequest = { ...REQUEST, items: REQUEST.items.slice(0, 1) };
const ACCEPTED = { status: 202, body: { transfer_id: "trf_1", status: "IN_PROGRESS" } };

class Memory implements ApplicationMemory {
  kept: Application | null = null;
  load = () => this.kept;
  save = (application: Application | null) => {
    this.kept = application;
  };
}

/** A page as it stands on the confirmation; `memory` outlives it. */
function page(memory: Memory) {
  const api = new Api(
    () => Promise.resolve("token"),
    () => "ko",
  );
  const submission = new Submission(api, memory);
  const steps: Step["kind"][] = [];
  submission.subscribe(({ kind }) => steps.push(kind));
  return { submission, steps };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

describe("an application", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(0);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it("is sent once, with a key of its own", async () => {
    const asked = answering(ACCEPTED);
    const memory = new Memory();
    const { submission, steps } = page(memory);
    submission.confirm(REQUEST);
    await settled();
    expect(asked).toMatchObject([{ method: "POST", path: "/v1/transfers", body: BODY }]);
    expect(asked[0]?.headers["Idempotency-Key"]).toMatch(/^[\w-]{1,64}$/);
    expect(steps).toEqual(["sending", "accepted"]);
    expect(submission.current).toMatchObject({ made: { transferId: "trf_1" } });
    expect(memory.kept).toBeNull();
  });

  it("goes out once however often the button is pressed", async () => {
    const asked = answering(ACCEPTED);
    const { submission } = page(new Memory());
    submission.confirm(REQUEST);
    submission.confirm(REQUEST);
    await settled();
    submission.confirm(REQUEST);
    await settled();
    expect(asked).toHaveLength(1);
  });

  it("whose answer was lost is sent again by itself, same key and body", async () => {
    const asked = answering("lost", { status: 502 }, ACCEPTED);
    const { submission } = page(new Memory());
    submission.confirm(REQUEST);
    await settled();
    expect(submission.current).toMatchObject({ kind: "unanswered", dueAtMs: Date.now() + 1_000 });
    await vi.advanceTimersByTimeAsync(999);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1 + 2_000);
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ headers }) => headers["Idempotency-Key"])).size).toBe(1);
    expect(asked.map(({ body }) => body)).toEqual([BODY, BODY, BODY]);
    expect(submission.current.kind).toBe("accepted");
  });

  it("is not sent for ever: then the member is asked", async () => {
    const asked = answering("lost");
    const { submission } = page(new Memory());
    submission.confirm(REQUEST);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toHaveLength(5);
    expect(submission.current).toEqual({ kind: "unanswered", dueAtMs: null });
    submission.confirm(REQUEST);
    await settled();
    expect(asked).toHaveLength(6);
    expect(new Set(asked.map(({ headers }) => headers["Idempotency-Key"])).size).toBe(1);
  });

  it("keeps its key over a reload, and is not sent by the reload itself", async () => {
    const asked = answering("lost", ACCEPTED);
    const memory = new Memory();
    const before = page(memory).submission;
    before.confirm(REQUEST);
    await settled();
    before.stop();
    const after = page(memory).submission;
    expect(after.current).toEqual({ kind: "unanswered", dueAtMs: null });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    after.confirm(REQUEST);
    await settled();
    expect(asked[1]?.headers["Idempotency-Key"]).toBe(asked[0]?.headers["Idempotency-Key"]);
    expect(after.current.kind).toBe("accepted");
  });

  it("that left with the page is unanswered when the page is back", () => {
    answering("lost");
    const memory = new Memory();
    page(memory).submission.confirm(REQUEST);
    expect(memory.kept).toMatchObject({ unanswered: true });
  });

  it("that is unanswered lets no other one pass", async () => {
    const asked = answering("lost", ACCEPTED);
    const { submission } = page(new Memory());
    submission.confirm(REQUEST);
    await settled();
    submission.confirm(OTHER);
    await settled();
    expect(asked[1]?.body).toEqual(BODY);
    expect(asked[1]?.headers["Idempotency-Key"]).toBe(asked[0]?.headers["Idempotency-Key"]);
  });

  it("does not wait out the back-off when the network is back", async () => {
    const asked = answering("lost", ACCEPTED);
    const { submission } = page(new Memory());
    submission.confirm(REQUEST);
    await settled();
    submission.backOnline();
    await settled();
    expect(asked).toHaveLength(2);
  });

  it("keeps its key while the member proves anew who they are (R-M4)", async () => {
    const asked = answering(problem(401, "reauthentication_required"), ACCEPTED);
    const memory = new Memory();
    const before = page(memory).submission;
    before.confirm(REQUEST);
    await settled();
    expect(before.current.kind).toBe("reauthenticate");
    expect(memory.kept).toMatchObject({ unanswered: false });
    // Away to the sign-in, and back on a page of its own.
    const after = page(memory).submission;
    expect(after.current.kind).toBe("ready");
    after.confirm(REQUEST);
    await settled();
    expect(asked[1]?.headers["Idempotency-Key"]).toBe(asked[0]?.headers["Idempotency-Key"]);
    expect(asked[1]?.body).toEqual(asked[0]?.body);
    expect(after.current.kind).toBe("accepted");
  });

  it("is another one if the member changed it before it got through", async () => {
    const asked = answering(problem(401, "reauthentication_required"), ACCEPTED);
    const memory = new Memory();
    page(memory).submission.confirm(REQUEST);
    await settled();
    page(memory).submission.confirm(OTHER);
    await settled();
    expect(asked[1]?.headers["Idempotency-Key"]).not.toBe(asked[0]?.headers["Idempotency-Key"]);
  });

  it("names the issuers that have had theirs today, and goes on under a new key (R-T2)", async () => {
    const errors = [
      { pointer: "/items/1", detail: "woori: 우리카드" },
      { pointer: "/items/7", detail: "samsung: 삼성카드" },
    ];
    const asked = answering(problem(409, "already_transferred_today", { errors }), ACCEPTED);
    const memory = new Memory();
    const { submission } = page(memory);
    submission.confirm(REQUEST);
    await settled();
    expect(submission.current).toEqual({ kind: "already_today", issuers: ["woori"] });
    expect(memory.kept).toBeNull();
    submission.dismiss();
    submission.confirm(OTHER);
    await settled();
    expect(asked[1]?.headers["Idempotency-Key"]).not.toBe(asked[0]?.headers["Idempotency-Key"]);
    expect(submission.current.kind).toBe("accepted");
  });

  it.each([
    [409, "already_transferred_today"],
    [409, "account_not_verified"],
    [422, "amount_exceeds_balance"],
    [422, "idempotency_key_reused"],
  ])(
    "that is refused (%i %s) says so in the problem's own words, and is over",
    async (status, code) => {
      answering(problem(status, code));
      const memory = new Memory();
      const { submission } = page(memory);
      submission.confirm(REQUEST);
      await settled();
      expect(submission.current).toEqual({
        kind: "refused",
        title: { ko: "제목", en: "제목" },
        text: { ko: "설명", en: "설명" },
        items: [],
      });
      expect(memory.kept).toBeNull();
    },
  );

  it("shows which points were objected to", async () => {
    const errors = [{ pointer: "/items/1/amount", detail: "More than there is." }];
    answering(problem(422, "invalid_request", { errors }));
    const { submission } = page(new Memory());
    submission.confirm(REQUEST);
    await settled();
    expect(submission.current).toMatchObject({ kind: "refused", items: [{ issuer: "woori" }] });
  });

  it("whose account is gone asks for another", async () => {
    answering(problem(404, "not_found"));
    const { submission } = page(new Memory());
    submission.confirm(REQUEST);
    await settled();
    expect(submission.current).toEqual({ kind: "missing" });
  });

  it("that came at a busy time keeps its key for the next try", async () => {
    const asked = answering({ status: 429, headers: { "Retry-After": "7" } }, ACCEPTED);
    const { submission } = page(new Memory());
    submission.confirm(REQUEST);
    await settled();
    expect(submission.current).toMatchObject({ kind: "busy", untilMs: Date.now() + 7_000 });
    submission.confirm(REQUEST);
    await settled();
    expect(asked[1]?.headers["Idempotency-Key"]).toBe(asked[0]?.headers["Idempotency-Key"]);
  });

  it("stays unanswered after a busy time if it was before", async () => {
    answering("lost", { status: 429 });
    const memory = new Memory();
    const { submission } = page(memory);
    submission.confirm(REQUEST);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(submission.current.kind).toBe("busy");
    expect(memory.kept).toMatchObject({ unanswered: true });
  });

  it("takes an answer that is no transfer for none", async () => {
    answering({ status: 202, body: { message: "ok" } });
    const { submission } = page(new Memory());
    submission.confirm(REQUEST);
    await settled();
    expect(submission.current.kind).toBe("unanswered");
  });
});
