/**
 * An issuer's monogram and colour.
 *
 * Not logos: two letters on a colour of our own choosing. An issuer that is not in the table gets
 * both from its name and code, so that a new one needs no change here.
 */
import type { Text } from "../api/shapes";

export interface Mark {
  readonly letters: Text;
  /** Ground of the chip; white or `ink` letters on it meet WCAG AA. */
  readonly ground: string;
  readonly ink: string;
}

const WHITE = "#ffffff";
const DARK = "#2b2100";

const MARKS: Readonly<Record<string, Mark>> = {
  shinhan: { letters: { ko: "신한", en: "SH" }, ground: "#2f5fd8", ink: WHITE },
  kb: { letters: { ko: "KB", en: "KB" }, ground: "#f6b93b", ink: DARK },
  woori: { letters: { ko: "우리", en: "WR" }, ground: "#1c78b4", ink: WHITE },
  bc: { letters: { ko: "BC", en: "BC" }, ground: "#d23f4a", ink: WHITE },
  nonghyup: { letters: { ko: "NH", en: "NH" }, ground: "#2c8146", ink: WHITE },
  hyundai: { letters: { ko: "현대", en: "HD" }, ground: "#3a4048", ink: WHITE },
  hana: { letters: { ko: "하나", en: "HN" }, ground: "#00807a", ink: WHITE },
  lotte: { letters: { ko: "롯데", en: "LT" }, ground: "#b5245c", ink: WHITE },
  samsung: { letters: { ko: "삼성", en: "SS" }, ground: "#3d3fb0", ink: WHITE },
  citi: { letters: { ko: "씨티", en: "CT" }, ground: "#4b6a8f", ink: WHITE },
  epost: { letters: { ko: "우체", en: "EP" }, ground: "#bb4f17", ink: WHITE },
};

/** The issuers the page knows of before the API has listed them. */
export const KNOWN_CODES: readonly string[] = Object.keys(MARKS);

export function markOf(code: string, name: Text): Mark {
  const known = MARKS[code];
  if (known !== undefined) return known;
  const letters = (text: string): string => [...text.trim()].slice(0, 2).join("").toUpperCase();
  const hue = [...code].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
  return {
    letters: { ko: letters(name.ko), en: letters(name.en) },
    ground: `hsl(${hue} 45% 33%)`,
    ink: WHITE,
  };
}
