import { useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { Consent } from "../api/shapes";
import { formatMoment } from "../format/time";
import { useWords } from "../i18n";
import type { Language } from "../i18n/language";
import { ConfirmDialog } from "./confirm-dialog";

interface Props {
  readonly api: Api;
  readonly consent: Consent | null;
  readonly onLanguage: (language: Language) => void;
  readonly onSignOut: () => void;
  readonly onSignedOut: () => void;
  readonly onWithdrawn: () => void;
}

const LANGUAGES: readonly Language[] = ["ko", "en"];

export function Settings({ api, consent, onLanguage, onSignOut, onSignedOut, onWithdrawn }: Props) {
  const { language, say } = useWords();
  return (
    <div class="narrow stack-l">
      <h1 class="title">{say.settingsTitle}</h1>

      <fieldset class="surface setting">
        <legend class="visually-hidden">{say.settingsLanguage}</legend>
        <p class="setting-title" aria-hidden="true">
          {say.settingsLanguage}
        </p>
        <p class="quiet">{say.settingsLanguageNote}</p>
        <div class="segments">
          {LANGUAGES.map((choice) => (
            <label key={choice} class="segment" lang={choice}>
              <input
                type="radio"
                name="language"
                value={choice}
                data-testid={`language-${choice}`}
                checked={language === choice}
                onChange={() => onLanguage(choice)}
              />
              <span>{choice === "ko" ? say.korean : say.english}</span>
            </label>
          ))}
        </div>
      </fieldset>

      {consent !== null && (
        <section class="surface setting" aria-labelledby="setting-consent">
          <h2 class="setting-title" id="setting-consent">
            {say.settingsConsent}
          </h2>
          {consent.consentedAt !== null && (
            <p data-testid="consented-at">
              {say.consentedOn(
                formatMoment(consent.consentedAt, language),
                consent.termsVersion ?? "",
              )}
            </p>
          )}
          <p class="quiet">{say.withdrawNote}</p>
          <Withdrawal api={api} onSignedOut={onSignedOut} onWithdrawn={onWithdrawn} />
        </section>
      )}

      <section class="surface setting" aria-labelledby="setting-sign-out">
        <h2 class="setting-title" id="setting-sign-out">
          {say.settingsSignOut}
        </h2>
        <p class="quiet">{say.settingsSignOutNote}</p>
        <button type="button" class="button" data-testid="sign-out" onClick={onSignOut}>
          {say.signOut}
        </button>
      </section>
    </div>
  );
}

type WithdrawalProps = Pick<Props, "api" | "onSignedOut" | "onWithdrawn">;

function Withdrawal({ api, onSignedOut, onWithdrawn }: WithdrawalProps) {
  const { language, say } = useWords();
  const [asked, setAsked] = useState(false);

  const withdraw = async (): Promise<string | null> => {
    const answer = await api.withdrawConsent();
    if (answer.ok) {
      onWithdrawn();
      return null;
    }
    const { failure } = answer;
    if (failure.kind === "signed_out") {
      onSignedOut();
      return null;
    }
    if (failure.kind !== "refused") return say.withdrawFailed;
    if (failure.code === "transfer_in_flight") return say.withdrawInFlight;
    return failure.text?.[language] ?? say.withdrawFailed;
  };

  return (
    <>
      <button
        type="button"
        class="button button-warn"
        data-testid="withdraw"
        onClick={() => setAsked(true)}
      >
        {say.withdraw}
      </button>
      <ConfirmDialog
        name="withdraw"
        open={asked}
        title={say.withdrawTitle}
        confirm={say.withdrawConfirm}
        keep={say.withdrawCancel}
        onConfirm={withdraw}
        onClosed={() => setAsked(false)}
      >
        <p>{say.withdrawText}</p>
      </ConfirmDialog>
    </>
  );
}
