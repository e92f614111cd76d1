import { useState } from "preact/hooks";
import type { Issuer } from "../api/shapes";
import type { Auth } from "../auth/session";
import { useWords } from "../i18n";
import { Icon, type IconName } from "./icons";
import { Lines } from "./lines";
import { Ring } from "./ring";

interface Props {
  readonly auth: Auth;
  readonly issuers: readonly Issuer[];
  /** What went before, if the member did not simply come by. */
  readonly note: string | null;
}

export function Landing({ auth, issuers, note }: Props) {
  const { say } = useWords();
  const { busy, failed, signIn } = useSignIn(auth);
  const facts: readonly (readonly [IconName, string, string])[] = [
    ["check", say.landingOnceTitle, say.landingOnceText],
    ["lock", say.landingSafeTitle, say.landingSafeText],
    ["clock", say.landingHoursTitle, say.landingHoursText],
  ];
  return (
    <div class="landing">
      <section class="panel landing-hero">
        <Ring seats={issuers.map(({ code, name }) => ({ code, name, look: "resting" }))}>
          <p class="ring-figure">{issuers.length}</p>
          <p class="ring-caption">{say.homeAtOnce}</p>
        </Ring>
      </section>
      <section class="landing-words stack-m">
        <h1 class="title">
          <Lines text={say.landingTitle} />
        </h1>
        <p class="lead">{say.landingLead(issuers.length)}</p>
        {(failed || note !== null) && (
          <p class="banner" role="status" data-testid="landing-note">
            {failed ? say.signInUnreachable : note}
          </p>
        )}
        <button
          type="button"
          class="button button-main"
          data-testid="sign-in"
          disabled={busy}
          onClick={signIn}
        >
          {busy ? say.signingIn : say.signIn}
        </button>
        <ul class="facts">
          {facts.map(([icon, title, text]) => (
            <li key={icon} class="fact">
              <span class="fact-icon">
                <Icon name={icon} />
              </span>
              <div>
                <h2 class="fact-title">{title}</h2>
                <p class="quiet">{text}</p>
              </div>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** Leaving for the sign-in page, and coming back to where the member is now. */
export function useSignIn(
  auth: Auth,
  /** Also if the identity provider still knows them (R-M4). */
  anew = false,
): {
  readonly busy: boolean;
  readonly failed: boolean;
  readonly signIn: () => void;
} {
  const { language } = useWords();
  const [step, setStep] = useState<"ready" | "leaving" | "failed">("ready");
  const signIn = () => {
    setStep("leaving");
    const leave = anew ? auth.signInAnew : auth.signIn;
    leave.call(auth, window.location.pathname, language).catch(() => setStep("failed"));
  };
  return { busy: step === "leaving", failed: step === "failed", signIn };
}
