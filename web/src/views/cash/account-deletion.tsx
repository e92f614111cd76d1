import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Account } from "../../api/transfer-shapes";
import { useWords } from "../../i18n";
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
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    setProblem("");
    if (account !== null) dialog.current?.showModal();
  }, [account]);

  const remove = async () => {
    if (account === null) return;
    setBusy(true);
    setProblem("");
    const answer = await api.deleteAccount(account.accountId);
    setBusy(false);
    // One that is gone already is what was wanted.
    if (answer.ok || answer.failure.kind === "missing") {
      dialog.current?.close();
      onDeleted(account);
    } else if (!onLost(answer.failure)) {
      const { failure } = answer;
      const told = failure.kind === "refused" || failure.kind === "busy" ? failure.text : null;
      setProblem(told?.[language] ?? say.accountDeleteFailed);
    }
  };

  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby="account-delete-title"
      data-testid="account-delete-dialog"
      onClose={onKept}
    >
      <h2 class="dialog-title" id="account-delete-title">
        {say.accountDeleteTitle}
      </h2>
      <p>{account !== null && <AccountName account={account} />}</p>
      <p class="quiet">{say.accountDeleteText}</p>
      <p class="problem" role="alert" data-testid="account-delete-problem">
        {problem}
      </p>
      <div class="dialog-actions">
        <button
          type="button"
          class="button"
          data-testid="account-delete-cancel"
          onClick={() => dialog.current?.close()}
        >
          {say.accountDeleteCancel}
        </button>
        <button
          type="button"
          class="button button-danger"
          data-testid="account-delete-confirm"
          disabled={busy}
          onClick={() => void remove()}
        >
          {say.accountDeleteConfirm}
        </button>
      </div>
    </dialog>
  );
}
