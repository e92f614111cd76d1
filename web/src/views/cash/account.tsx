/** Which of the member's accounts the money goes to. */
import { useEffect, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Account } from "../../api/transfer-shapes";
import type { Auth } from "../../auth/session";
import { useWords } from "../../i18n";
import { FlowFoot } from "../flow";
import { Icon } from "../icons";
import { AccountDeletion } from "./account-deletion";
import { AccountForm } from "./account-form";
import { AccountName, useAccountName } from "./account-name";
import { CashFlow } from "./flow";

interface Props {
  readonly api: Api;
  readonly chosen: Account | null;
  readonly onChosen: (account: Account | null) => void;
  readonly onNext: () => void;
  /** True if the failure ends this view: signed out, or no consent any more. */
  readonly onLost: (failure: Failure) => boolean;
  readonly auth: Auth;
}

export function ChooseAccount({ api, chosen, onChosen, onNext, onLost, auth }: Props) {
  const { say } = useWords();
  const nameOf = useAccountName();
  const [accounts, setAccounts] = useState<readonly Account[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Account | null>(null);
  const [said, setSaid] = useState("");
  const [asked, setAsked] = useState(false);

  const load = async (): Promise<void> => {
    setFailed(false);
    const answer = await api.listAccounts();
    if (answer.ok) {
      setAccounts(answer.value);
      const stillThere = answer.value.find(({ accountId }) => accountId === chosen?.accountId);
      onChosen(stillThere ?? onlyOne(answer.value));
    } else if (!onLost(answer.failure)) setFailed(true);
  };
  useEffect(() => void load(), [api]);

  const added = (account: Account) => {
    // The same account once more is the same account.
    const others = (accounts ?? []).filter(({ accountId }) => accountId !== account.accountId);
    setAccounts([...others, account]);
    onChosen(account);
    setAdding(false);
    setAsked(false);
    setSaid(say.accountAdded(nameOf(account)));
    focusOn(account);
  };

  const deleted = (account: Account) => {
    const left = (accounts ?? []).filter(({ accountId }) => accountId !== account.accountId);
    setAccounts(left);
    if (chosen?.accountId === account.accountId) onChosen(onlyOne(left));
    setSaid(say.accountDeleted(nameOf(account)));
    if (left[0] !== undefined) focusOn(left[0]);
  };

  const next = () => {
    setAsked(true);
    if (chosen !== null) onNext();
  };

  const none = accounts !== null && accounts.length === 0;
  return (
    <CashFlow path="/cash/account" title={say.accountTitle} lead={say.accountLead}>
      <p class="visually-hidden" aria-live="polite" data-testid="account-announcer">
        {said}
      </p>
      {accounts === null && !failed && (
        <p class="quiet" role="status">
          {say.loading}
        </p>
      )}
      {failed && (
        <section class="surface trouble" role="alert" data-testid="accounts-failed">
          <p>{say.accountsFailed}</p>
          <button type="button" class="button" onClick={() => void load()}>
            {say.retry}
          </button>
        </section>
      )}
      {none && <p class="quiet">{say.accountNone}</p>}
      {accounts !== null && !none && (
        <fieldset class="surface accounts">
          <legend class="visually-hidden">{say.accountList}</legend>
          <ul>
            {accounts.map((account) => (
              <li
                key={account.accountId}
                class="account"
                data-testid={`account-${account.accountId}`}
              >
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
                <button
                  type="button"
                  class="account-delete"
                  data-testid={`account-delete-${account.accountId}`}
                  aria-label={say.accountDeleteNamed(nameOf(account))}
                  onClick={() => setLeaving(account)}
                >
                  <Icon name="trash" />
                </button>
              </li>
            ))}
          </ul>
        </fieldset>
      )}
      <AccountDeletion
        api={api}
        account={leaving}
        onDeleted={deleted}
        onKept={() => setLeaving(null)}
        onLost={onLost}
      />
      {accounts !== null &&
        (adding || none ? (
          <AccountForm
            api={api}
            onAdded={added}
            onClosed={none ? null : () => setAdding(false)}
            onUnsure={() => void load()}
            onLost={onLost}
            auth={auth}
          />
        ) : (
          <button
            type="button"
            class="button account-add"
            data-testid="account-add"
            onClick={() => setAdding(true)}
          >
            {say.accountAdd}
          </button>
        ))}
      {accounts !== null && !none && !adding && (
        <FlowFoot>
          <p class="problem" role="alert" data-testid="account-problem">
            {asked && chosen === null && say.accountChoose}
          </p>
          <button
            type="button"
            class="button button-main"
            data-testid="account-next"
            onClick={next}
          >
            {say.cashNext}
          </button>
        </FlowFoot>
      )}
    </CashFlow>
  );
}

/** Of several the member has to choose; where money goes is not guessed. */
const onlyOne = (accounts: readonly Account[]): Account | null =>
  accounts.length === 1 ? (accounts[0] ?? null) : null;

const radioOf = ({ accountId }: Account): string => `account-${accountId}`;

/** Once the list shows it. */
const focusOn = (account: Account): void => {
  requestAnimationFrame(() => document.getElementById(radioOf(account))?.focus());
};
