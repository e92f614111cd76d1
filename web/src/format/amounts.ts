/** Points and won: whole numbers, grouped by thousands. */
import type { Language } from "../i18n/language";

const GROUPED = new Intl.NumberFormat("ko-KR", { maximumFractionDigits: 0 });

export const formatAmount = (amount: number): string => GROUPED.format(amount);

const COMPACT: Readonly<Record<Language, Intl.NumberFormat>> = {
  ko: new Intl.NumberFormat("ko-KR", { notation: "compact", maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 }),
};

/** For a place too narrow for more: whole up to 9,999, from there `1.2만`, `12K`. */
export const formatCompact = (amount: number, language: Language): string =>
  amount < 10_000 ? formatAmount(amount) : COMPACT[language].format(amount);
