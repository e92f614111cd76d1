/** A new account: checked with the bank before it is kept, every refusal beside its field. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Account } from "../../api/transfer-shapes";
import type { Auth } from "../../auth/session";
import {
  type AccountProblems,
  digitsOf,
  type Field,
  problemsIn,
  problemsOf,
} from "../../cash/account-problems";
import { BANKS } from "../../cash/banks";
import { useWords } from "../../i18n";
import { wordsForNextTry } from "../../i18n/wait";
import { remainingWait } from "../../lookup/wait";
import { Reauthentication } from "../sending/trouble";

interface Props {
  readonly api: Api;
  readonly onAdded: (account: Account) => void;
  /** Back to the accounts there are; null if there are none. */
  readonly onClosed: (() => void) | null;
  /** Whether it was added is not known: the list has to be read again. */
  readonly onUnsure: () => void;
  readonly onLost: (failure: Failure) => boolean;
  readonly auth: Auth;
}

export function AccountForm({ api, onAdded, onClosed, onUnsure, onLost, auth }: Props) {
  const { language, say } = useWords();
  const form = useRef<HTMLFormElement>(null);
  const [bankCode, setBankCode] = useState("");
  const [typedNumber, setTypedNumber] = useState("");
  const [holderName, setHolderName] = useState("");
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<AccountProblems>({});
  const [told, setTold] = useState("");
  const [reauthenticate, setReauthenticate] = useState(false);

  const settle = (field: Field) => setProblems(({ [field]: _settled, ...others }) => others);

  // The eyes and the keyboard go to what has to be put right first.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [problems]);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const request = {
      bankCode,
      accountNumber: digitsOf(typedNumber),
      holderName: holderName.trim(),
    };
    const missing = problemsOf(request);
    setProblems(missing);
    setTold("");
    if (Object.keys(missing).length > 0) return;
    setBusy(true);
    const answer = await api.addAccount(request);
    setBusy(false);
    if (answer.ok) onAdded(answer.value);
    else refused(answer.failure);
  };

  const refused = (failure: Failure) => {
    if (onLost(failure)) return;
    if (failure.kind === "reauthentication_required") setReauthenticate(true);
    else if (failure.kind === "unreachable") {
      setTold(say.accountUnsure);
      onUnsure();
    } else {
      const named = problemsIn(failure);
      setProblems(named);
      if (Object.keys(named).length === 0) setTold(wordsFor(failure));
    }
  };

  const problem = (field: Field) => {
    const words = problems[field];
    return words === undefined ? "" : say[words];
  };

  return (
    <form
      ref={form}
      class="surface account-form stack-m"
      onSubmit={submit}
      noValidate
      aria-labelledby="account-form-title"
      data-testid="account-form"
    >
      <h2 class="section-title" id="account-form-title">
        {say.accountAddTitle}
      </h2>
      <fieldset aria-describedby="bank-problem">
        <legend class="field-name">{say.accountBank}</legend>
        <div class="banks">
          {BANKS.map(({ code, name }) => (
            <label key={code} class="bank">
              <input
                type="radio"
                name="bank"
                value={code}
                data-testid={`bank-${code}`}
                aria-invalid={problems.bank !== undefined}
                checked={bankCode === code}
                onChange={() => {
                  setBankCode(code);
                  settle("bank");
                }}
              />
              <span>{name[language]}</span>
            </label>
          ))}
        </div>
        <p class="problem" id="bank-problem" role="alert" data-testid="bank-problem">
          {problem("bank")}
        </p>
      </fieldset>
      <div>
        <label class="field-name" for="account-number">
          {say.accountNumber}
        </label>
        <input
          id="account-number"
          class="field"
          type="text"
          inputMode="numeric"
          autocomplete="off"
          maxLength={24}
          data-testid="account-number"
          value={typedNumber}
          aria-invalid={problems.number !== undefined}
          aria-describedby="number-hint number-problem"
          onInput={({ currentTarget }) => {
            setTypedNumber(currentTarget.value);
            settle("number");
          }}
        />
        <p class="quiet field-hint" id="number-hint">
          {say.accountNumberHint}
        </p>
        <p class="problem" id="number-problem" role="alert" data-testid="number-problem">
          {problem("number")}
        </p>
      </div>
      <div>
        <label class="field-name" for="account-holder">
          {say.accountHolder}
        </label>
        <input
          id="account-holder"
          class="field"
          type="text"
          autocomplete="name"
          maxLength={40}
          data-testid="account-holder"
          value={holderName}
          aria-invalid={problems.holder !== undefined}
          aria-describedby="holder-hint holder-problem"
          onInput={({ currentTarget }) => {
            setHolderName(currentTarget.value);
            settle("holder");
          }}
        />
        <p class="quiet field-hint" id="holder-hint">
          {say.accountHolderHint}
        </p>
        <p class="problem" id="holder-problem" role="alert" data-testid="holder-problem">
          {problem("holder")}
        </p>
      </div>
      <p class="problem" role="alert" data-testid="account-form-problem">
        {told || problem("form")}
      </p>
      {reauthenticate && <Reauthentication auth={auth} />}
      <button
        type="submit"
        class="button button-main"
        data-testid="account-submit"
        disabled={busy}
        aria-busy={busy}
      >
        {busy ? say.accountChecking : say.accountCheck}
      </button>
      {onClosed !== null && (
        <button
          type="button"
          class="button account-close"
          data-testid="account-form-close"
          onClick={onClosed}
        >
          {say.close}
        </button>
      )}
    </form>
  );

  function wordsFor(failure: Failure): string {
    if (failure.kind === "busy" && failure.code === "bank_unavailable") {
      const wait = remainingWait(failure.retryAfterMs / 1000, 0);
      return say.accountBankSilent(wordsForNextTry(wait, say));
    }
    const text = failure.kind === "busy" || failure.kind === "refused" ? failure.text : null;
    return text?.[language] ?? say.accountRefusedOther;
  }
}
