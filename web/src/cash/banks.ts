/** Banks an account can be at, by the code banks use among themselves; the most used first. */
import type { Text } from "../api/shapes";
// The service's own table, by a link: a new bank is a line there and nothing here.
import ROWS from "./banks.json";

interface Bank {
  readonly code: string;
  readonly name: Text;
}

const bank = (code: string, ko: string, en: string): Bank => ({ code, name: { ko, en } });

/** What people call them. */
const CALLED: readonly Bank[] = [
  bank("004", "KB국민", "KB Kookmin"),
  bank("088", "신한", "Shinhan"),
  bank("020", "우리", "Woori"),
  bank("081", "하나", "Hana"),
  bank("003", "IBK기업", "IBK"),
  bank("011", "NH농협", "NH NongHyup"),
  bank("090", "카카오뱅크", "KakaoBank"),
  bank("092", "토스뱅크", "Toss Bank"),
  bank("089", "케이뱅크", "K bank"),
  bank("045", "새마을금고", "MG KFCC"),
  bank("048", "신협", "Shinhyup"),
  bank("071", "우체국", "Korea Post"),
  bank("023", "SC제일", "SC First"),
  bank("027", "씨티", "Citi"),
  bank("007", "수협", "Suhyup"),
  bank("031", "iM뱅크(대구)", "iM Bank"),
  bank("032", "부산", "Busan"),
  bank("039", "경남", "Kyongnam"),
  bank("034", "광주", "Gwangju"),
  bank("037", "전북", "Jeonbuk"),
  bank("035", "제주", "Jeju"),
];

export const BANKS: readonly Bank[] = [
  ...CALLED,
  ...ROWS.filter(({ code }) => !CALLED.some((one) => one.code === code)).map(({ code, name }) =>
    bank(code, name, name),
  ),
];

/** `told`: the server's own name for it, for a bank that is not in the list. */
export const bankNameOf = (code: string, told: string): Text =>
  BANKS.find((one) => one.code === code)?.name ?? { ko: told || code, en: told || code };
