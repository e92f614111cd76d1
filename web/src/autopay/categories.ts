/** Kinds of bills in words, and which are carried out at once (R-A1, R-A3). */
import type { Text } from "../api/shapes";
import type { IconName } from "../views/icons";
// The service's own table, by a link: a kind that opens is a line there and nothing here.
import ROWS from "./categories.json";

interface Category {
  readonly name: Text;
  readonly icon: IconName;
  readonly realTime: boolean;
}

const ICONS: Readonly<Record<string, IconName>> = {
  TELECOM: "phone",
  ELECTRICITY: "bolt",
  SCHOOL_BANKING: "school",
  SOCIAL_INSURANCE: "shield",
  APARTMENT_FEE: "building",
  PUBLIC_RENT: "key",
};
const ANY_ICON: IconName = "autopay";

/** In the order in which they are listed. */
const CATEGORIES: Readonly<Record<string, Category>> = Object.fromEntries(
  ROWS.map(({ code, name, real_time: realTime }) => [
    code,
    { name, icon: ICONS[code] ?? ANY_ICON, realTime },
  ]),
);

export const CATEGORY_CODES: readonly string[] = Object.keys(CATEGORIES);

/** One that is newer than this page is called by its code. */
export const categoryOf = (code: string): Category =>
  CATEGORIES[code] ?? { name: { ko: code, en: code }, icon: ANY_ICON, realTime: false };
