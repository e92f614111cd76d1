/** The member's accounts, one of them chosen. */
import type { Account } from "../../api/transfer-shapes";
import { useWords } from "../../i18n";
import { Icon } from "../icons";
import { AccountName, useAccountName } from "./account-name";

interface Props {
  readonly accounts: readonly Account[];
  readonly chosen: Account | null;
  readonly onChosen: (account: Account) => void;
  /** Null where accounts are only chosen. */
  readonly onDelete: ((account: Account) => void) | null;
}

export function AccountList({ accounts, chosen, onChosen, onDelete }: Props) {
  const { say } = useWords();
  const nameOf = useAccountName();
  return (
    <fieldset class="surface accounts">
      <legend class="visually-hidden">{say.accountList}</legend>
      <ul>
        {accounts.map((account) => (
          <li key={account.accountId} class="account" data-testid={`account-${account.accountId}`}>
            <label class="account-label">
              <input
                type="radio"
                class="radio"
                name="account"
                id={radioOf(account)}
                data-testid={`account-choose-${account.accountId}`}
                checked={chosen?.accountId === account.accountId}
                onChange={() => onChosen(account)}
              />
              <AccountName account={account} />
            </label>
            {onDelete !== null && (
              <button
                type="button"
                class="account-delete"
                data-testid={`account-delete-${account.accountId}`}
                aria-label={say.accountDeleteNamed(nameOf(account))}
                onClick={() => onDelete(account)}
              >
                <Icon name="trash" />
              </button>
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

const radioOf = ({ accountId }: Account): string => `account-${accountId}`;

/** Once the list shows it. */
export const focusOn = (account: Account): void => {
  requestAnimationFrame(() => document.getElementById(radioOf(account))?.focus());
};
