import { describe, expect, it } from "vitest";
import { AGREEMENTS } from "../api/client";
import { formatAmount, formatCompact } from "../format/amounts";
import {
  daysBetween,
  formatDay,
  formatMoment,
  formatMonth,
  formatMonthShort,
  lastDayOf,
  monthsLater,
  seoulDay,
  seoulMonth,
} from "../format/time";
import { KNOWN_CODES, markOf } from "../issuers/marks";
import { contrast } from "../styles/contrast";
import { AGREEMENT_TEXTS } from "./agreements";
import { wordsForCashArrival } from "./cash-arrival";
import { en } from "./en";
import { ko, type Messages } from "./ko";
import { rememberedLanguage, rememberLanguage } from "./language";
import { wordsForWait } from "./wait";

const KEYS = Object.keys(ko) as (keyof Messages)[];

/** A message with arguments that would show if they were left out. */
function spoken(messages: Messages, key: keyof Messages): string {
  const message: string | ((...args: never[]) => string) = messages[key];
  if (typeof message === "string") return message;
  return (message as (...args: unknown[]) => string)(7, 7, 7);
}

describe("the two languages", () => {
  it("have the same messages", () => {
    expect(Object.keys(en).sort()).toEqual([...KEYS].sort());
  });

  it.each(KEYS)("say something in both: %s", (key) => {
    for (const messages of [ko, en]) {
      expect(spoken(messages, key).trim()).not.toBe("");
      expect(spoken(messages, key)).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it.each(KEYS)("use what they are given: %s", (key) => {
    if (typeof ko[key] === "string") return;
    expect(spoken(ko, key)).toContain("7");
    expect(spoken(en, key)).toContain("7");
  });

  it("do not leave Korean in the English texts", () => {
    const own = new Set<keyof Messages>(["switchLanguage", "korean"]);
    const korean = KEYS.filter((key) => !own.has(key) && /[가-힣]/.test(spoken(en, key)));
    expect(korean).toEqual([]);
  });

  it("have every agreement in both (R-M2)", () => {
    for (const agreement of AGREEMENTS) {
      const { title, summary, text, notes } = AGREEMENT_TEXTS[agreement];
      for (const words of [title, summary, text, ...notes]) {
        expect(words.ko).toMatch(/[가-힣]/);
        expect(words.en).not.toMatch(/[가-힣]/);
        expect(words.en).not.toBe("");
      }
    }
  });

  it("are remembered; Korean until chosen otherwise", () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    expect(rememberedLanguage(storage)).toBe("ko");
    rememberLanguage(storage, "en");
    expect(rememberedLanguage(storage)).toBe("en");
  });
});

describe("numbers and times", () => {
  it("group thousands", () => {
    expect(formatAmount(1_234_567)).toBe("1,234,567");
    expect(formatAmount(0)).toBe("0");
  });

  it("are shortened only where whole ones have no room", () => {
    expect(formatCompact(9_999, "ko")).toBe("9,999");
    expect(formatCompact(123_456, "ko")).toBe("12.3만");
    expect(formatCompact(123_456, "en").toUpperCase()).toBe("123.5K");
  });

  it("are told in Seoul, wherever the browser is", () => {
    expect(formatMoment("2026-11-22T19:03:00+09:00", "ko")).toBe("11월 22일 19:03");
    expect(formatMoment("2026-11-22T15:03:00Z", "ko")).toBe("11월 23일 00:03");
    expect(formatMoment("2026-11-22T19:03:00+09:00", "en")).toBe("22 November, 19:03");
  });

  it("name months", () => {
    expect(formatMonth("2026-12", "ko")).toBe("2026년 12월");
    expect(formatMonth("2026-12", "en")).toBe("December 2026");
  });

  it("count months over the year's end", () => {
    expect(monthsLater("2026-11", 3)).toBe("2027-02");
    expect(monthsLater("2026-11", 0)).toBe("2026-11");
    expect(["2026-12", "2027-02", "2028-02"].map(lastDayOf)).toEqual([
      "2026-12-31",
      "2027-02-28",
      "2028-02-29",
    ]);
    expect(seoulMonth("2026-11-30T15:00:00Z")).toBe("2026-12");
    expect(seoulMonth("soon")).toBeNull();
    expect(formatMonthShort("2026-09", "ko")).toBe("9월");
    expect(formatMonthShort("2026-09", "en")).toBe("Sep");
  });

  it("name days with their weekday, in Seoul", () => {
    expect(formatDay("2026-11-24T00:30:00+09:00", "ko")).toBe("11월 24일 (화)");
    expect(formatDay("2026-11-23T15:30:00Z", "en")).toBe("Tue, 24 November");
    expect(seoulDay("2026-11-23T15:30:00Z")).toBe("2026-11-24");
    expect(daysBetween("2026-11-23T23:59:00+09:00", "2026-11-24T00:30:00+09:00")).toBe(1);
    expect(daysBetween("soon", "2026-11-24T00:30:00+09:00")).toBeNull();
  });

  it("leave alone what is no time", () => {
    expect(formatMoment("soon", "ko")).toBe("soon");
    expect(formatMonth("soon", "ko")).toBe("soon");
  });

  it("say a wait plainly", () => {
    expect(wordsForWait({ kind: "seconds", count: 3 }, ko)).toBe("약 3초");
    expect(wordsForWait({ kind: "minutes", count: 2 }, en)).toBe("about 2 min");
    expect(wordsForWait({ kind: "any_moment" }, ko)).toBe("곧 도착해요");
  });
});

describe("when cash arrives (R-P1)", () => {
  const arrival = (kind: string, cutOff: string | null = null) => ({ kind, cutOff, text: null });

  it("is told for every kind", () => {
    expect(wordsForCashArrival(arrival("at_once_before", "23:00"), "ko", ko)).toContain("23:00");
    expect(
      wordsForCashArrival(arrival("at_once_on_business_days_before", "20:00"), "en", en),
    ).toContain("business days before 20:00");
    expect(wordsForCashArrival(arrival("next_business_day"), "ko", ko)).toBe(
      "신청하면 다음 영업일에 입금돼요",
    );
  });

  it("is left out if the page has no words for it", () => {
    expect(wordsForCashArrival(arrival("by_pigeon"), "ko", ko)).toBeNull();
    expect(wordsForCashArrival(null, "ko", ko)).toBeNull();
  });
});

describe("issuer marks", () => {
  const NEW = { ko: "새카드", en: "New Card" };

  it("are made up for an issuer nobody has drawn, the same each time", () => {
    expect(markOf("twelfth", NEW).letters).toEqual({ ko: "새카", en: "NE" });
    expect(markOf("twelfth", NEW)).toEqual(markOf("twelfth", NEW));
  });

  it.each(KNOWN_CODES)("have letters that can be read (WCAG AA): %s", (code) => {
    const { ground, ink } = markOf(code, NEW);
    expect(contrast(ground, ink)).toBeGreaterThanOrEqual(4.5);
  });
});
