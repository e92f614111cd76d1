/** Kinds of bills in words, and which are carried out at once (R-A1, R-A3). */
import type { Text } from "../api/shapes";
import type { IconName } from "../views/icons";

interface Category {
  readonly name: Text;
  readonly icon: IconName;
  readonly realTime: boolean;
}

const row = (ko: string, en: string, icon: IconName, realTime = false): Category => ({
  name: { ko, en },
  icon,
  realTime,
});

/** In the order in which they are listed. */
const CATEGORIES: Readonly<Record<string, Category>> = {
  TELECOM: row("통신요금", "Telecom", "phone"),
  ELECTRICITY: row("전기요금", "Electricity", "bolt"),
  SCHOOL_BANKING: row("스쿨뱅킹", "School banking", "school"),
  SOCIAL_INSURANCE: row("4대 사회보험", "Social insurance", "shield"),
  APARTMENT_FEE: row("아파트 관리비", "Apartment fees", "building", true),
  PUBLIC_RENT: row("공공임대료", "Public rent", "key", true),
};

export const CATEGORY_CODES: readonly string[] = Object.keys(CATEGORIES);

/** One that the page has no words for keeps the server's. */
export const categoryOf = (code: string): Category =>
  CATEGORIES[code] ?? row(code, code, "autopay");
