import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answering, type Reply } from "../api/answering";
import { readOrder, readOrders } from "../api/autopay-shapes";
import { Api } from "../api/client";
import { newlyFinal, OrderFollower, OrdersFollower } from "./follower";

const body = (status: string, more: object = {}) => ({
  order_id: "ord_1",
  kind: "CHANGE",
  status,
  withdrawable_until: "2026-11-22T22:00:00+09:00",
  ...more,
});
const reply = (status: string, more: object = {}): Reply => ({
  status: 200,
  body: body(status, more),
});
const AT_ONCE = { withdrawable_until: null };

const api = () =>
  new Api(
    () => Promise.resolve("token"),
    () => "ko",
  );

describe("following an order", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(0);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  const follow = () => {
    const follower = new OrderFollower(api(), "ord_1");
    follower.look();
    return follower;
  };

  it("reads every 5 s what is carried out at once, and stops with its result", async () => {
    const asked = answering(
      reply("ACCEPTED", AT_ONCE),
      reply("PROCESSING", AT_ONCE),
      reply("COMPLETED", AT_ONCE),
    );
    const follower = follow();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(asked.map(({ path }) => path)).toEqual(["/v1/autopay-orders/ord_1"]);
    await vi.advanceTimersByTimeAsync(1 + 5_000);
    expect(asked).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveLength(3);
    expect(follower.current.followed?.status).toBe("COMPLETED");
  });

  it("reads every minute what waits for another day", async () => {
    const asked = answering(reply("ACCEPTED"));
    follow();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(2);
  });

  it("reads rarely what has been standing for two minutes, and often again once it moves", async () => {
    const asked = answering(
      ...Array.from({ length: 26 }, () => reply("CHECKING")),
      reply("PROCESSING", AT_ONCE),
    );
    follow();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toHaveLength(25);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(asked).toHaveLength(25);
    await vi.advanceTimersByTimeAsync(1 + 60_000);
    expect(asked).toHaveLength(27);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(28);
  });

  it("asks nothing while the tab is hidden", async () => {
    const asked = answering(reply("CHECKING"));
    const follower = follow();
    await vi.advanceTimersByTimeAsync(0);
    follower.lookAway();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveLength(1);
    follower.look();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveLength(2);
  });

  it("takes the answer of a withdrawal, and polls on as that asks for", async () => {
    const asked = answering(reply("ACCEPTED"), reply("WITHDRAWN"));
    const follower = follow();
    await vi.advanceTimersByTimeAsync(0);
    const checking = readOrder(body("CHECKING"));
    if (checking === null) throw new Error("no order");
    follower.hear(checking);
    expect(follower.current.followed?.status).toBe("CHECKING");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(2);
    expect(follower.current.followed?.status).toBe("WITHDRAWN");
  });

  it("does not let a read that left before overwrite a withdrawal", async () => {
    const asked = answering(reply("ACCEPTED"));
    const follower = follow();
    const listening = vi.fn();
    follower.subscribe(listening);
    vi.advanceTimersByTime(0);
    const withdrawn = readOrder(body("WITHDRAWN"));
    if (withdrawn === null) throw new Error("no order");
    follower.hear(withdrawn);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveLength(1);
    expect(follower.current.followed?.status).toBe("WITHDRAWN");
  });

  it("reads a list as often as its most lively order asks for, until all are final", async () => {
    const list = (...statuses: string[]): Reply => ({
      status: 200,
      body: {
        orders: statuses.map((status, place) => ({ ...body(status), order_id: `o${place}` })),
      },
    });
    const asked = answering(
      list("ACCEPTED", "CHECKING"),
      list("ACCEPTED", "WITHDRAWN"),
      list("COMPLETED"),
    );
    const follower = new OrdersFollower(api());
    follower.look();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveLength(3);
  });
});

describe("the notice of a result", () => {
  const orders = (...statuses: string[]) =>
    readOrders({
      orders: statuses.map((status, place) => ({ ...body(status), order_id: `o${place}` })),
    });

  it("is of orders that became final while they were looked at, once each", () => {
    const before = orders("ACCEPTED", "CHECKING", "COMPLETED");
    const now = orders("ACCEPTED", "WITHDRAWN", "COMPLETED");
    expect(newlyFinal(before, now).map(({ orderId }) => orderId)).toEqual(["o1"]);
    expect(newlyFinal(now, now)).toEqual([]);
  });

  it("is not of what was final from the start", () => {
    expect(newlyFinal(null, orders("REJECTED"))).toEqual([]);
  });
});
