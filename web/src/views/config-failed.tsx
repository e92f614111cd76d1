import { MESSAGES } from "../i18n";
import type { Language } from "../i18n/language";
import { Wordmark } from "./wordmark";

export function ConfigFailed({ language }: { readonly language: Language }) {
  const say = MESSAGES[language];
  return (
    <main class="narrow stack-l centered">
      <Wordmark name={say.serviceName} />
      <p>{say.configFailed}</p>
      <button type="button" class="button" onClick={() => window.location.reload()}>
        {say.retry}
      </button>
    </main>
  );
}
