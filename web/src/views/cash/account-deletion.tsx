import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Account } from "../../api/transfer-shapes";
import { useWords } from "../../i18n";
import { ConfirmDialog } from "../confirm-dialog";
import { AccountName } from "./account-name";

interface Props {
  readonly api: Api;
  /** The one that is about to go; null while none is. */
  readonly account: Account | null;
  readonly onDeleted: (account: Account) => void;
  readonly onKept: () => void;
  readonly onLost: (failure: Failure) => boolean;
}

export function AccountDeletion({ api, account, onDeleted, onKept, onLost }: Props) {
  const { language, say } = useWords();

  const remove = async (): Promise<string | null> => {
    if (account === null) return null;
    const answer = await api.deleteAccount(account.accountId);
    // One that is gone already is what was wanted.
    if (answer.ok || answer.failure.kind === "missing") {
      onDeleted(account);
      return null;
    }
    const { failure } = answer;
    if (onLost(failure)) return null;
    const told = failure.kind === "refused" || failure.kind === "busy" ? failure.text : null;
    return told?.[language] ?? say.accountDeleteFailed;
  };

  return (
    <ConfirmDialog
      name="account-delete"
      open={account !== null}
      title={say.accountDeleteTitle}
      confirm={say.accountDeleteConfirm}
      keep={say.accountDeleteCancel}
      onConfirm={remove}
      onClosed={onKept}
    >
      <p>{account !== null && <AccountName account={account} />}</p>
      <p class="quiet">{say.accountDeleteText}</p>
    </ConfirmDialog>
  );
}
