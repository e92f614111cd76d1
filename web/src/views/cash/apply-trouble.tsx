/** What stands between the member and an accepted application, and the way on from there. */
import type { Issuer } from "../../api/shapes";
import type { Item } from "../../api/transfer-shapes";
import type { Auth } from "../../auth/session";
import { totalOf } from "../../cash/offers";
import type { Step } from "../../cash/submission";
import { useWords } from "../../i18n";
import { issuerOf, pointNameOf } from "../../issuers/names";
import { Link } from "../link";
import { Reauthentication, Trouble, Unanswered, useWaitUntil } from "../sending/trouble";

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
  const waitUntil = useWaitUntil(step.kind === "unanswered" || step.kind === "busy");
  switch (step.kind) {
    case "sending":
    case "unanswered": {
      if (step.kind === "sending" && !step.again) return null;
      const dueAtMs = step.kind === "sending" ? 0 : step.dueAtMs;
      return (
        <Unanswered
          wait={dueAtMs === null ? null : waitUntil(dueAtMs)}
          listPath="/transfers"
          listName={say.unansweredHistory}
          abandonNote={say.unansweredAbandonNote}
          onAbandoned={onAbandoned}
        />
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
