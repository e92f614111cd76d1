import { describe, expect, it } from "vitest";
import { readTransfer, type Transfer } from "../api/transfer-shapes";
import { en } from "../i18n/en";
import { ko } from "../i18n/ko";
import { wordsForLeg } from "../i18n/leg";
import { changedLegs, lastPromise } from "./progress";

const REQUESTED_AT = "2026-11-22T20:03:00+09:00";

function transferOf(...legs: Readonly<Record<string, unknown>>[]): Transfer {
  const transfer = readTransfer({
    transfer_id: "trf_1",
    status: "IN_PROGRESS",
    requested_at: REQUESTED_AT,
    legs: legs.map((leg, place) => ({ leg_id: `leg_${place}`, ...leg })),
  });
  if (transfer === null) throw new Error("no transfer");
  return transfer;
}

function words(leg: Readonly<Record<string, unknown>>, language: "ko" | "en" = "ko") {
  const [read] = transferOf({ issuer: "kb", ...leg }).legs;
  if (read === undefined) throw new Error("no leg");
  return wordsForLeg(read, REQUESTED_AT, language, language === "ko" ? ko : en);
}

describe("a leg in plain words", () => {
  const message = { ko: "카드사가 받지 않았어요.", en: "The issuer refused." };

  it.each([
    [{ status: "ACCEPTED" }, "접수", null],
    [{ status: "REDEEMED" }, "포인트 차감 완료 · 입금 중", null],
    [
      { status: "SCHEDULED", promised_at: "2026-11-24T00:30:00+09:00" },
      "11월 24일 (화) 입금 예정",
      null,
    ],
    [{ status: "DEPOSITED", deposited_at: "2026-11-22T20:03:04+09:00" }, "입금 완료 20:03", null],
    [
      { status: "DEPOSITED", deposited_at: "2026-11-24T00:31:00+09:00" },
      "입금 완료 11월 24일 00:31",
      null,
    ],
    [{ status: "FAILED", failure: { code: "x", message } }, "포인트는 그대로예요", message.ko],
    [{ status: "REVERSED", failure: { code: "x", message } }, "포인트를 되돌렸어요", message.ko],
    [{ status: "CHECKING" }, "확인 중이에요", "돈과 포인트는 안전하고, 두 번 처리되지 않아요."],
    [{ status: "WITH_OPERATOR" }, "담당자가 확인하고 있어요", ko.legWithOperatorNote],
  ])("%j", (leg, title, note) => {
    expect(words(leg)).toEqual({ title, note });
  });

  it("is told in English, too", () => {
    expect(words({ status: "SCHEDULED", promised_at: "2026-11-24T00:30:00+09:00" }, "en")).toEqual({
      title: "To be paid in on Tue, 24 November",
      note: null,
    });
    expect(words({ status: "FAILED", failure: { code: "x", message } }, "en").note).toBe(
      message.en,
    );
  });

  it("says nothing of times it was not told", () => {
    expect(words({ status: "DEPOSITED" }).title).toBe("입금 완료");
    expect(words({ status: "SCHEDULED" }).title).toBe("입금 예정");
  });
});

describe("what has changed", () => {
  const before = transferOf({ status: "ACCEPTED" }, { status: "DEPOSITED" });

  it("are legs that have become something else", () => {
    const now = transferOf({ status: "REDEEMED" }, { status: "DEPOSITED" });
    expect(changedLegs(before, now).map(({ legId }) => legId)).toEqual(["leg_0"]);
    expect(changedLegs(before, before)).toEqual([]);
  });

  it("is nothing at the first look", () => {
    expect(changedLegs(null, before)).toEqual([]);
  });
});

describe("the last promise", () => {
  it("is the latest of the legs that are still open", () => {
    const transfer = transferOf(
      { status: "SCHEDULED", promised_at: "2026-11-24T00:30:00+09:00" },
      { status: "CHECKING", promised_at: "2026-11-22T20:03:00+09:00" },
      { status: "DEPOSITED", promised_at: "2026-11-26T00:30:00+09:00" },
    );
    expect(lastPromise(transfer)).toBe("2026-11-24T00:30:00+09:00");
  });

  it("is none once all is settled", () => {
    expect(lastPromise(transferOf({ status: "REVERSED", promised_at: REQUESTED_AT }))).toBeNull();
  });
});
