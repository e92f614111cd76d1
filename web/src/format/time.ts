/** Times as people in Korea read them: always Asia/Seoul, wherever the browser is. */
import type { Language } from "../i18n/language";

const ZONE = "Asia/Seoul";
const LOCALES: Readonly<Record<Language, string>> = { ko: "ko-KR", en: "en-GB" };

/** `11월 22일 19:03`, `22 November, 19:03`. */
export function formatMoment(rfc3339: string, language: Language): string {
  const moment = new Date(rfc3339);
  if (Number.isNaN(moment.getTime())) return rfc3339;
  const day = new Intl.DateTimeFormat(LOCALES[language], {
    timeZone: ZONE,
    month: "long",
    day: "numeric",
  }).format(moment);
  return language === "ko" ? `${day} ${formatClock(moment)}` : `${day}, ${formatClock(moment)}`;
}

const formatClock = (moment: Date): string =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONE,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(moment);

/** `19:03` */
export function formatTime(rfc3339: string): string {
  const moment = new Date(rfc3339);
  return Number.isNaN(moment.getTime()) ? rfc3339 : formatClock(moment);
}

/** `2026-12` as `2026년 12월`, `December 2026`. */
export function formatMonth(month: string, language: Language): string {
  const [year, number] = month.split("-").map(Number);
  if (!year || !number) return month;
  if (language === "ko") return `${year}년 ${number}월`;
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    month: "long",
    year: "numeric",
  }).format(new Date(Date.UTC(year, number - 1)));
}

/** `YYYY-MM` after the month of a time; null if there is no time. */
export function nextMonth(rfc3339: string | null): string | null {
  if (rfc3339 === null) return null;
  const moment = new Date(rfc3339);
  if (Number.isNaN(moment.getTime())) return null;
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: ZONE,
    year: "numeric",
    month: "2-digit",
  }).formatToParts(moment);
  const part = (type: string): number =>
    Number(parts.find((candidate) => candidate.type === type)?.value);
  const next = new Date(Date.UTC(part("year"), part("month")));
  return next.toISOString().slice(0, 7);
}

/** The day of a time in Seoul as `YYYY-MM-DD`; null if there is no time. */
export function seoulDay(rfc3339: string): string | null {
  const moment = new Date(rfc3339);
  if (Number.isNaN(moment.getTime())) return null;
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(moment);
}

/** The month of a time in Seoul as `YYYY-MM`; null if there is no time. */
export const seoulMonth = (rfc3339: string): string | null =>
  seoulDay(rfc3339)?.slice(0, 7) ?? null;

/** The month some months after another, both `YYYY-MM`. */
export function monthsLater(month: string, count: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + count)).toISOString().slice(0, 7);
}

/** The last day of a month, `YYYY-MM-DD`: at its end points are gone. */
export function lastDayOf(month: string): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** `12월`, `Dec`: under a bar, where the year stands apart. */
export function formatMonthShort(month: string, language: Language): string {
  const number = Number(month.slice(5));
  if (language === "ko") return `${number}월`;
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", month: "short" })
    .format(new Date(Date.UTC(2000, number - 1)))
    .slice(0, 3);
}

/** Whole days from one time's day to another's, in Seoul. */
export function daysBetween(from: string, to: string): number | null {
  const [one, other] = [seoulDay(from), seoulDay(to)];
  if (one === null || other === null) return null;
  return Math.round((Date.parse(other) - Date.parse(one)) / 86_400_000);
}

/** `11월 24일 (화)`, `Tue, 24 November`. */
export function formatDay(rfc3339: string, language: Language): string {
  const moment = new Date(rfc3339);
  if (Number.isNaN(moment.getTime())) return rfc3339;
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(LOCALES[language], { timeZone: ZONE, ...options }).format(moment);
  const day = part({ month: "long", day: "numeric" });
  const weekday = part({ weekday: "short" });
  return language === "ko" ? `${day} (${weekday})` : `${weekday}, ${day}`;
}
