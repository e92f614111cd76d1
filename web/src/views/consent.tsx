import { useState } from "preact/hooks";
import { AGREEMENTS, type Agreement, type Api } from "../api/client";
import type { Failure } from "../api/failure";
import type { Issuer, Member } from "../api/shapes";
import { useWords } from "../i18n";
import { AGREEMENT_TEXTS, TERMS_VERSION } from "../i18n/agreements";
import { Lines } from "./lines";

interface Props {
  readonly api: Api;
  readonly issuers: readonly Issuer[];
  readonly note: string | null;
  readonly onAgreed: (member: Member) => void;
  readonly onSignedOut: () => void;
}

export function Consent({ api, issuers, note, onAgreed, onSignedOut }: Props) {
  const { language, say } = useWords();
  const [agreed, setAgreed] = useState<ReadonlySet<Agreement>>(new Set());
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [asked, setAsked] = useState(false);
  const names = issuers.map(({ name }) => name[language]).join(", ");
  const missing = AGREEMENTS.length - agreed.size;

  const change = (agreement: Agreement, on: boolean) => {
    const next = new Set(agreed);
    if (on) next.add(agreement);
    else next.delete(agreement);
    setAgreed(next);
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    setAsked(true);
    if (missing > 0 || saving) return;
    setSaving(true);
    setFailure(null);
    const answer = await api.agree(TERMS_VERSION, [...agreed]);
    setSaving(false);
    if (answer.ok) onAgreed(answer.value);
    else if (answer.failure.kind === "signed_out") onSignedOut();
    else setFailure(answer.failure);
  };

  return (
    <form class="narrow stack-l" onSubmit={submit} noValidate>
      <header class="stack-s">
        {note !== null && (
          <p class="banner" role="status">
            {note}
          </p>
        )}
        <h1 class="title">
          <Lines text={say.consentTitle} />
        </h1>
        <p class="lead">{say.consentLead}</p>
      </header>

      <fieldset class="agreements">
        <legend class="visually-hidden">{say.settingsConsent}</legend>
        <label class="agreement-all">
          <input
            type="checkbox"
            class="checkbox"
            data-testid="consent-all"
            checked={missing === 0}
            indeterminate={missing > 0 && agreed.size > 0}
            onChange={(event) => setAgreed(new Set(event.currentTarget.checked ? AGREEMENTS : []))}
          />
          <span>{say.consentAll}</span>
        </label>
        {AGREEMENTS.map((agreement) => {
          const text = AGREEMENT_TEXTS[agreement];
          return (
            <div key={agreement} class="agreement">
              <label class="agreement-label">
                <input
                  type="checkbox"
                  class="checkbox"
                  data-testid={`consent-${agreement}`}
                  required
                  checked={agreed.has(agreement)}
                  aria-describedby={`summary-${agreement}`}
                  onChange={(event) => change(agreement, event.currentTarget.checked)}
                />
                <span>
                  <span class="agreement-title">{text.title[language]}</span>{" "}
                  <span class="tag">{say.consentRequired}</span>
                  <span class="quiet agreement-summary" id={`summary-${agreement}`}>
                    {text.summary[language]}
                  </span>
                </span>
              </label>
              <details class="fold agreement-text" data-testid={`consent-text-${agreement}`}>
                <summary>
                  {say.consentRead}
                  <span class="visually-hidden">: {text.title[language]}</span>
                </summary>
                <div class="agreement-words">
                  <p>{text.text[language]}</p>
                  <ul class="notes quiet">
                    {text.notes.map((note) => (
                      <li key={note.en}>{note[language].replace("{issuers}", names)}</li>
                    ))}
                  </ul>
                </div>
              </details>
            </div>
          );
        })}
      </fieldset>

      <div class="stack-s">
        <p class="problem" role="alert" data-testid="consent-problem">
          {asked && missing > 0 && say.consentMissing(missing)}
          {failure !== null && wordsForFailure(failure)}
        </p>
        <button
          type="submit"
          class="button button-main"
          data-testid="consent-submit"
          disabled={saving}
        >
          {saving ? say.consentSubmitting : say.consentSubmit}
        </button>
        <p class="quiet centered">{say.consentVersion(TERMS_VERSION)}</p>
      </div>
    </form>
  );

  function wordsForFailure(reason: Failure): string {
    if (reason.kind === "refused") return reason.text?.[language] ?? say.refusedText;
    if (reason.kind === "busy" && reason.text !== null) return reason.text[language];
    return `${say.troubleTitle}. ${say.refusedText}`;
  }
}
