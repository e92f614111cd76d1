/** What stands between the member and an accepted application, and the way on from there. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Issuer } from "../../api/shapes";
import type { Item } from "../../api/transfer-shapes";
import type { Auth } from "../../auth/session";
import { totalOf } from "../../cash/offers";
import type { Step } from "../../cash/submission";
import { useWords } from "../../i18n";
import { wordsForNextTry } from "../../i18n/wait";
import { issuerOf, pointNameOf } from "../../issuers/names";
import { remainingWait } from "../../lookup/wait";
import { Icon } from "../icons";
import { useSignIn } from "../landing";
import { Link } from "../link";
import { useSeconds } from "../motion";

interface Props {
  readonly auth: Auth;
  readonly step: Step;
  readonly items: readonly Item[];
  readonly issuers: readonly Issuer[];
  /** Go on with the other issuers only. */
  readonly onWithout: (issuers: readonly string[]) => void;
  readonly onAbandoned: () => void;
}

export function ApplyTrouble({ auth, step, items, issuers, onWithout, onAbandoned }: Props) {
  const { language, say } = useWords();
  const nowMs = useSeconds(step.kind === "unanswered" || step.kind === "busy");
  const waitUntil = (atMs: number): string =>
    wordsForNextTry(remainingWait(Math.max(0, atMs - nowMs) / 1000, 0), say);
  switch (step.kind) {
    case "sending":
    case "unanswered": {
      if (step.kind === "sending" && !step.again) return null;
      const dueAtMs = step.kind === "sending" ? nowMs : step.dueAtMs;
      return (
        <Trouble kind="unanswered" title={say.unansweredTitle}>
          <p>
            {say.unansweredText}
            {dueAtMs !== null && ` ${say.unansweredNext(waitUntil(dueAtMs))}`}
          </p>
          {dueAtMs === null && (
            <>
              <p class="trouble-ways">
                <Link to="/transfers" testId="unanswered-history">
                  {say.unansweredHistory}
                </Link>
                <button
                  type="button"
                  class="text-button"
                  data-testid="unanswered-abandon"
                  aria-describedby="abandon-note"
                  onClick={onAbandoned}
                >
                  {say.unansweredAbandon}
                </button>
              </p>
              <p class="quiet" id="abandon-note">
                {say.unansweredAbandonNote}
              </p>
            </>
          )}
        </Trouble>
      );
    }
    case "busy":
      return (
        <Trouble kind="busy" title={say.busyTitle}>
          <p>{step.text?.[language] ?? say.applyBusy(waitUntil(step.untilMs))}</p>
        </Trouble>
      );
    case "reauthenticate":
      return <Reauthentication auth={auth} />;
    case "already_today": {
      const left = items.filter(({ issuer }) => !step.issuers.includes(issuer));
      const names = step.issuers.map((code) => issuerOf(issuers, code).name[language]).join(", ");
      return (
        <Trouble kind="already_today" title={say.alreadyTodayTitle}>
          <p>{say.alreadyTodayText(names)}</p>
          {left.length > 0 ? (
            <button
              type="button"
              class="button"
              data-testid="go-on-without"
              onClick={() => onWithout(step.issuers)}
            >
              {say.alreadyTodayWithout(say.won(totalOf(left)))}
            </button>
          ) : (
            <>
              <p>{say.alreadyTodayAll}</p>
              <Link to="/transfers" class="button" testId="already-history">
                {say.transferHistory}
              </Link>
            </>
          )}
        </Trouble>
      );
    }
    case "missing":
      return (
        <Trouble kind="missing" title={say.applyRefused}>
          <p>{say.applyMissing}</p>
          <Link to="/cash/account" class="button" testId="choose-another-account">
            {say.confirmChangeAccount}
          </Link>
        </Trouble>
      );
    case "refused":
      return (
        <Trouble kind="refused" title={step.title?.[language] ?? say.applyRefused}>
          <p>{step.text?.[language] ?? say.applyRefusedText}</p>
          {step.items.length > 0 && (
            <ul class="trouble-items" data-testid="refused-items">
              {step.items.map(({ issuer: code, pointCode, amount }) => {
                const issuer = issuerOf(issuers, code);
                return (
                  <li key={`${code} ${pointCode}`}>
                    {issuer.name[language]} {pointNameOf(issuer, pointCode)[language]}{" "}
                    {say.won(amount)}
                  </li>
                );
              })}
            </ul>
          )}
          <Link to="/cash" class="button" testId="refused-change-amounts">
            {say.confirmChangeAmounts}
          </Link>
          <Link to="/cash/account" class="button" testId="refused-change-account">
            {say.confirmChangeAccount}
          </Link>
        </Trouble>
      );
    default:
      return null;
  }
}

export function Reauthentication({ auth }: { readonly auth: Auth }) {
  const { say } = useWords();
  const { busy, failed, signIn } = useSignIn(auth, true);
  return (
    <Trouble kind="reauthenticate" title={say.reauthTitle}>
      <p>{failed ? say.signInUnreachable : say.reauthText}</p>
      <button
        type="button"
        class="button button-main"
        data-testid="reauthenticate"
        disabled={busy}
        onClick={signIn}
      >
        {busy ? say.signingIn : say.reauthButton}
      </button>
    </Trouble>
  );
}

interface TroubleProps {
  readonly kind: Step["kind"];
  readonly title: string;
  readonly children: ComponentChildren;
}

/** Takes the focus as it appears: the button that was pressed may be gone. */
function Trouble({ kind, title, children }: TroubleProps) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), [kind]);
  return (
    <section
      ref={section}
      class="surface trouble"
      tabIndex={-1}
      role="alert"
      data-testid="apply-trouble"
      data-kind={kind}
    >
      <p class="trouble-title">
        <Icon name={kind === "reauthenticate" ? "lock" : "notice"} />
        {title}
      </p>
      {children}
    </section>
  );
}
