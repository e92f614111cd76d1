/** What can stand in the way of any application, and the way on from there. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Auth } from "../../auth/session";
import { useWords } from "../../i18n";
import { wordsForNextTry } from "../../i18n/wait";
import { remainingWait } from "../../lookup/wait";
import { Icon } from "../icons";
import { useSignIn } from "../landing";
import { Link } from "../link";
import { useSeconds } from "../motion";

interface TroubleProps {
  readonly kind: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** Takes the focus as it appears: the button that was pressed may be gone. */
export function Trouble({ kind, title, children }: TroubleProps) {
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

/** A wait until a moment, in words that fit into a sentence; it runs while it is shown. */
export function useWaitUntil(active: boolean): (atMs: number) => string {
  const { say } = useWords();
  const nowMs = useSeconds(active);
  return (atMs) => wordsForNextTry(remainingWait(Math.max(0, atMs - nowMs) / 1000, 0), say);
}

interface UnansweredProps {
  /** When it is asked again by itself; null if the member has to. */
  readonly wait: string | null;
  /** Where it appears if it has arrived. */
  readonly listPath: string;
  readonly listName: string;
  readonly abandonNote: string;
  readonly onAbandoned: () => void;
}

export function Unanswered({
  wait,
  listPath,
  listName,
  abandonNote,
  onAbandoned,
}: UnansweredProps) {
  const { say } = useWords();
  return (
    <Trouble kind="unanswered" title={say.unansweredTitle}>
      <p>
        {say.unansweredText}
        {wait !== null && ` ${say.unansweredNext(wait)}`}
      </p>
      {wait === null && (
        <>
          <p class="trouble-ways">
            <Link to={listPath} testId="unanswered-history">
              {listName}
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
            {abandonNote}
          </p>
        </>
      )}
    </Trouble>
  );
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
