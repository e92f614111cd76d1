import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Asked, answering, type Reply } from "../api/answering";
import { Api } from "../api/client";
import type { LegStatus, TransferStatus } from "../api/transfer-shapes";
import { TransferFollower } from "./follower";

const reply = (status: TransferStatus, ...legs: LegStatus[]): Reply => ({
  status: 200,
  body: {
    transfer_id: "trf_1",
    status,
    legs: legs.map((leg, place) => ({ leg_id: `leg_${place}`, issuer: "kb", status: leg })),
  },
});

const follow = () => {
  const api = new Api(
    () => Promise.resolve("token"),
    () => "ko",
  );
  const follower = new TransferFollower(api, "trf_1");
  follower.look();
  return follower;
};

/** Milliseconds of waiting before each further read, as far as they come. */
async function pace(asked: readonly Asked[], reads: number): Promise<readonly number[]> {
  const waits: number[] = [];
  let since = Date.now();
  for (let passed = 0; passed < 60_000 && waits.length < reads; passed += 100) {
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(100);
    if (asked.length > before) {
      waits.push(Date.now() - since);
      since = Date.now();
    }
  }
  return waits;
}

describe("following a transfer", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(0);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  const settle = () => vi.advanceTimersByTimeAsync(0);

  it.each(["ACCEPTED", "REDEEMED"] as const)(
    "reads every 1.5 s while a leg is %s",
    async (moving) => {
      const asked = answering(reply("IN_PROGRESS", "SCHEDULED", moving));
      follow();
      await settle();
      expect(asked.map(({ path }) => path)).toEqual(["/v1/transfers/trf_1"]);
      expect(await pace(asked, 3)).toEqual([1_500, 1_500, 1_500]);
    },
  );

  it.each(["CHECKING", "SCHEDULED", "WITH_OPERATOR"] as const)(
    "reads every 10 s while the rest is %s",
    async (waiting) => {
      const asked = answering(reply("IN_PROGRESS", "DEPOSITED", waiting));
      follow();
      await settle();
      expect(await pace(asked, 2)).toEqual([10_000, 10_000]);
    },
  );

  it.each(["COMPLETED", "PARTLY_COMPLETED", "FAILED"] as const)(
    "stops once it is %s",
    async (final) => {
      const asked = answering(reply("IN_PROGRESS", "ACCEPTED"), reply(final, "DEPOSITED"));
      const follower = follow();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(asked).toHaveLength(2);
      expect(follower.current.followed?.status).toBe(final);
    },
  );

  it("asks nothing while the tab is hidden, and at once when it is seen again", async () => {
    const asked = answering(reply("IN_PROGRESS", "ACCEPTED"));
    const follower = follow();
    await settle();
    follower.lookAway();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    follower.look();
    await settle();
    expect(asked).toHaveLength(2);
  });

  it("does not ask sooner because the tab was hidden for a moment", async () => {
    const asked = answering(reply("IN_PROGRESS", "SCHEDULED"));
    const follower = follow();
    await settle();
    follower.lookAway();
    await vi.advanceTimersByTimeAsync(3_000);
    follower.look();
    await vi.advanceTimersByTimeAsync(6_900);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(asked).toHaveLength(2);
  });

  it("keeps what it has and backs off when nobody answers", async () => {
    const asked = answering(reply("IN_PROGRESS", "ACCEPTED"), "lost", { status: 502 }, "lost");
    const follower = follow();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(follower.current).toMatchObject({ failures: 1, followed: { transferId: "trf_1" } });
    expect(await pace(asked, 3)).toEqual([1_000, 2_000, 4_000]);
  });

  it("reads at once when the network is back, and forgets the failures", async () => {
    const asked = answering("lost", "lost", "lost", reply("IN_PROGRESS", "SCHEDULED"));
    const follower = follow();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(asked).toHaveLength(3);
    follower.readNow();
    await settle();
    expect(follower.current).toMatchObject({ failures: 0, followed: { transferId: "trf_1" } });
  });

  it("waits as long as it is told to", async () => {
    const asked = answering(
      { status: 429, headers: { "Retry-After": "20" } },
      reply("COMPLETED", "DEPOSITED"),
    );
    follow();
    await settle();
    expect(await pace(asked, 1)).toEqual([20_000]);
  });

  it.each([
    [404, "missing"],
    [401, "signed_out"],
  ] as const)("ends at a %i", async (status, kind) => {
    const asked = answering({ status });
    const follower = follow();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    expect(follower.current.halt).toEqual({ kind });
  });
});
