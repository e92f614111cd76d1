import { describe, expect, it } from "vitest";
import type { Answer } from "../api/client";
import type { Alerts } from "../api/expiry-shapes";
import { AlertsChoice, type AlertsState, USUAL_LEAD_MONTHS } from "./alerts-choice";

const OFF: Alerts = { enabled: false, leadMonths: null };

/** A server that answers when it is told to. */
function server() {
  const asked: Alerts[] = [];
  const waiting: ((answer: Answer<Alerts>) => void)[] = [];
  const answer = async (ok: boolean): Promise<void> => {
    const last = asked.at(-1) ?? OFF;
    const lost = { ok: false, failure: { kind: "unreachable", retryAfterMs: null } } as const;
    waiting.shift()?.(ok ? { ok: true, value: last } : lost);
    // Whoever waits for the answer goes on first.
    await new Promise((done) => setTimeout(done, 0));
  };
  const putAlerts = (alerts: Alerts) => {
    asked.push(alerts);
    return new Promise<Answer<Alerts>>((resolve) => waiting.push(resolve));
  };
  return { asked, answer, putAlerts };
}

const begun = (kept = OFF) => {
  const calls = server();
  const told: AlertsState[] = [];
  return { ...calls, told, choice: new AlertsChoice(calls, kept, (state) => told.push(state)) };
};

describe("alerts", () => {
  it("are shown as chosen at once, and kept with a lead to begin with (R-E2)", async () => {
    const { choice, asked, answer, told } = begun();
    choice.choose({ enabled: true });
    const wanted = { enabled: true, leadMonths: USUAL_LEAD_MONTHS };
    expect(choice.current).toEqual({ shown: wanted, saving: true, failure: null });
    await answer(true);
    expect(asked).toEqual([wanted]);
    expect(told.at(-1)).toEqual({ shown: wanted, saving: false, failure: null });
  });

  it("are as they were before if they could not be kept", async () => {
    const kept = { enabled: true, leadMonths: 2 };
    const { choice, answer } = begun(kept);
    choice.choose({ leadMonths: 6 });
    await answer(false);
    expect(choice.current).toMatchObject({
      shown: kept,
      saving: false,
      failure: { kind: "unreachable" },
    });
  });

  it("chosen again and again are sent one after the other, and the last one counts", async () => {
    const { choice, asked, answer } = begun({ enabled: true, leadMonths: 1 });
    for (const leadMonths of [2, 3, 4]) choice.choose({ leadMonths });
    expect(asked).toHaveLength(1);
    await answer(true);
    expect(asked.map(({ leadMonths }) => leadMonths)).toEqual([2, 4]);
    expect(choice.current.saving).toBe(true);
    await answer(true);
    expect(choice.current).toMatchObject({ shown: { leadMonths: 4 }, saving: false });
  });

  it("fall back to what was kept last, not to what was kept first", async () => {
    const { choice, answer } = begun({ enabled: true, leadMonths: 1 });
    choice.choose({ leadMonths: 2 });
    choice.choose({ leadMonths: 3 });
    await answer(true);
    await answer(false);
    expect(choice.current).toMatchObject({ shown: { leadMonths: 2 } });
  });

  it("switched off keep their lead for the next time", async () => {
    const { choice, asked, answer } = begun({ enabled: true, leadMonths: 5 });
    choice.choose({ enabled: false });
    await answer(true);
    expect(asked).toEqual([{ enabled: false, leadMonths: 5 }]);
  });
});
