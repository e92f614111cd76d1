import type { Account } from "../../api/transfer-shapes";
import { bankNameOf } from "../../cash/banks";
import { useWords } from "../../i18n";

/** An account in one line, the way people tell theirs apart. */
export function useAccountName(): (account: Account) => string {
  const { language } = useWords();
  return ({ bankCode, bankName, maskedNumber }) =>
    `${bankNameOf(bankCode, bankName)[language]} ${maskedNumber}`;
}

export function AccountName({ account }: { readonly account: Account }) {
  const { language } = useWords();
  return (
    <span class="account-words">
      <span class="account-bank">{bankNameOf(account.bankCode, account.bankName)[language]}</span>
      <span class="account-number">{account.maskedNumber}</span>
      <span class="quiet">{account.holderNameMasked}</span>
    </span>
  );
}
