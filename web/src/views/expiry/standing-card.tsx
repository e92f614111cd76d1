/** Standing cash-out as it is now: on, to which account; what is planned; the way to stop it. */
import { useRef, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import type { Choices, Notice } from "../../api/expiry-shapes";
import type { Failure } from "../../api/failure";
import { lacksAccount, leadOf } from "../../expiry/standing";
import { useWords } from "../../i18n";
import { STANDING_PATH } from "../../router";
import { useAccountName } from "../cash/account-name";
import { Link } from "../link";
import { Stopping } from "./stopping";

interface Props {
  readonly api: Api;
  readonly choices: Choices;
  readonly planned: readonly Notice[];
  readonly onOff: () => void;
  readonly onLost: (failure: Failure) => boolean;
}

export function StandingCard({ api, choices, planned, onOff, onLost }: Props) {
  const { say } = useWords();
  const [stopping, setStopping] = useState(false);
  const [told, setTold] = useState(false);
  const news = useRef<HTMLParagraphElement>(null);
  const { enabled } = choices.cashout;
  return (
    <section
      class="surface setting"
      aria-labelledby="standing-title"
      data-testid="standing"
      data-enabled={enabled}
    >
      <div class="switch-row">
        <h2 class="setting-title" id="standing-title">
          {say.standingTitle}
        </h2>
        <span
          class={`badge ${enabled ? "badge-completed" : ""}`}
          data-testid="standing-state"
          data-enabled={enabled}
        >
          {enabled ? say.standingOn : say.standingOff}
        </span>
      </div>
      {told && !enabled && (
        <p ref={news} class="setting-told" role="status" tabIndex={-1} data-testid="standing-told">
          {say.stopped}
        </p>
      )}
      {enabled ? (
        <On choices={choices} planned={planned} onStop={() => setStopping(true)} />
      ) : (
        <>
          <p class="quiet">{say.standingOffNote}</p>
          <Link to={STANDING_PATH} class="button setting-way" testId="standing-learn">
            {say.standingLearn}
          </Link>
        </>
      )}
      <Stopping
        api={api}
        open={stopping}
        onOff={() => {
          setTold(true);
          onOff();
        }}
        onClosed={() => {
          setStopping(false);
          // The button that was pressed may be gone.
          news.current?.focus();
        }}
        onLost={onLost}
      />
    </section>
  );
}

interface OnProps extends Pick<Props, "choices" | "planned"> {
  readonly onStop: () => void;
}

function On({ choices, planned, onStop }: OnProps) {
  const { language, say } = useWords();
  const nameOf = useAccountName();
  const { accounts, cashout } = choices;
  const account = accounts.find(({ accountId }) => accountId === cashout.accountId);
  const minimum = cashout.minimumAmount ?? 0;
  return (
    <>
      {lacksAccount(choices) && (
        <p class="banner" data-testid="standing-lacks-account">
          {say.standingLacksAccount}
        </p>
      )}
      <dl class="standing-facts">
        {account !== undefined && (
          <div class="sum">
            <dt>{say.standingAccount}</dt>
            <dd data-testid="standing-account">{nameOf(account)}</dd>
          </div>
        )}
        <div class="sum">
          <dt>{say.standingMinimum}</dt>
          <dd data-testid="standing-minimum" data-value={minimum}>
            {minimum > 0 ? say.standingMinimumFrom(say.won(minimum)) : say.standingMinimumAll}
          </dd>
        </div>
      </dl>
      <p class="quiet">{say.standingLooks(leadOf(choices))}</p>
      {planned.length > 0 && (
        <div class="standing-planned" data-testid="standing-planned" data-value={planned.length}>
          <h3 class="quiet-title">{say.standingPlanned(planned.length)}</h3>
          <ul>
            {planned.map((notice) => (
              <li
                key={notice.noticeId}
                class="standing-plan"
                data-testid={`planned-${notice.issuer}-${notice.month}`}
              >
                {notice.text[language]}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="standing-ways">
        <Link to={STANDING_PATH} class="button" testId="standing-change">
          {lacksAccount(choices) ? say.standingChooseAccount : say.standingChange}
        </Link>
        <button
          type="button"
          class="button button-warn"
          data-testid="standing-stop"
          onClick={onStop}
        >
          {say.standingStop}
        </button>
      </div>
    </>
  );
}
