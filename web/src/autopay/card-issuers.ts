/** Card issuers by name, also those that take part in autopay only (R-A2). */
import type { Issuer, Text } from "../api/shapes";

const NAMES: Readonly<Record<string, Text>> = {
  ibk: { ko: "IBK기업", en: "IBK" },
  sc: { ko: "SC제일", en: "SC First" },
  kyongnam: { ko: "경남", en: "Kyongnam" },
  daegu: { ko: "대구", en: "Daegu" },
  busan: { ko: "부산", en: "Busan" },
  suhyup: { ko: "수협", en: "Suhyup" },
  gwangju: { ko: "광주", en: "Gwangju" },
  jeju: { ko: "제주", en: "Jeju" },
  jeonbuk: { ko: "전북", en: "Jeonbuk" },
};

export const cardIssuerName = (issuers: readonly Issuer[], code: string): Text =>
  issuers.find((issuer) => issuer.code === code)?.name ?? NAMES[code] ?? { ko: code, en: code };
