/** Why an account was not taken, and at which field that is to be read. */
import type { AccountRequest } from "../api/client";
import type { Failure } from "../api/failure";
import type { CashMessages } from "../i18n/cash.ko";

export type Field = "bank" | "number" | "holder" | "form";

type Words = keyof CashMessages & (`accountMissing${string}` | `accountRefused${string}`);

/** Words by field; the form's own stand above its button. */
export type AccountProblems = Readonly<Partial<Record<Field, Words>>>;

const CODES: Readonly<Record<string, AccountProblems>> = {
  holder_name_mismatch: { holder: "accountRefusedHolder" },
  account_not_found: { number: "accountRefusedNotFound" },
  account_closed: { number: "accountRefusedClosed" },
  account_restricted: { number: "accountRefusedRestricted" },
  too_many_accounts: { form: "accountRefusedTooMany" },
};

const POINTERS: readonly (readonly [string, AccountProblems])[] = [
  ["bank_code", { bank: "accountMissingBank" }],
  ["account_number", { number: "accountMissingNumber" }],
  ["holder_name", { holder: "accountMissingHolder" }],
];

/** Numbers are 7 to 16 digits at every bank; spaces and hyphens are how people write them. */
const NUMBER = /^\d{7,16}$/;

export const digitsOf = (typed: string): string => typed.replace(/[\s-]/g, "");

/** What is missing before the bank need be asked. */
export function problemsOf({
  bankCode,
  accountNumber,
  holderName,
}: AccountRequest): AccountProblems {
  return {
    ...(bankCode === "" && { bank: "accountMissingBank" as const }),
    ...(!NUMBER.test(accountNumber) && { number: "accountMissingNumber" as const }),
    ...(holderName.trim() === "" && { holder: "accountMissingHolder" as const }),
  };
}

/** What the server or the bank objects to; empty for what only its own words can say. */
export function problemsIn(failure: Failure): AccountProblems {
  if (failure.kind !== "refused") return {};
  const known = CODES[failure.code ?? ""];
  if (known !== undefined) return known;
  const named = POINTERS.filter(([name]) =>
    failure.errors.some(({ pointer }) => pointer.endsWith(`/${name}`)),
  );
  return Object.assign({}, ...named.map(([, problems]) => problems));
}
