/** What expires when, and what is done about it: the calendar and both choices. */
import { useEffect, useState } from "preact/hooks";
import type { Answer, Api } from "../../api/client";
import type { CalendarMonth, Choices, Notice } from "../../api/expiry-shapes";
import type { Failure } from "../../api/failure";
import type { Issuer } from "../../api/shapes";
import { calendarOf, type MonthAhead } from "../../expiry/calendar";
import { plannedOf } from "../../expiry/inbox";
import { OFF } from "../../expiry/standing";
import { useWords } from "../../i18n";
import { NOTICES_PATH } from "../../router";
import { Icon } from "../icons";
import { Link } from "../link";
import { AlertsCard } from "./alerts";
import { Chart } from "./chart";
import { ChosenMonth } from "./month";
import { thisMonth } from "./now";
import { StandingCard } from "./standing-card";
import { MonthsTable } from "./table";

interface Props {
  readonly api: Api;
  readonly issuers: readonly Issuer[];
  /** This tab knows the points as they are now: they can be turned into cash at once. */
  readonly lookedUp: boolean;
  readonly onLost: (failure: Failure) => boolean;
}

/** Not there yet, could not be had, or there. */
type Loaded<Value> = Value | "loading" | "failed";

export function ExpiryCalendar({ api, issuers, lookedUp, onLost }: Props) {
  const { say } = useWords();
  const [months, setMonths] = useState<Loaded<readonly CalendarMonth[]>>("loading");
  const [choices, setChoices] = useState<Loaded<Choices>>("loading");
  const [planned, setPlanned] = useState<readonly Notice[]>([]);

  const loadMonths = async (): Promise<void> => {
    setMonths("loading");
    const loaded = await loadedOf(api.readExpirations(), onLost);
    if (loaded !== null) setMonths(loaded);
  };
  const loadChoices = async (): Promise<void> => {
    setChoices("loading");
    const loaded = await loadedOf(api.readChoices(), onLost);
    if (loaded !== null) setChoices(loaded);
  };
  useEffect(() => {
    void loadMonths();
    void loadChoices();
    // What is planned is told apart where it can be; without it everything else still holds.
    void api.listNotices(null).then((answer) => {
      if (answer.ok) setPlanned(plannedOf(answer.value.notices));
    });
  }, [api]);

  const change = (part: Partial<Choices>) =>
    setChoices((now) => (typeof now === "string" ? now : { ...now, ...part }));

  const ready = typeof choices === "string" ? null : choices;
  const standing = ready?.cashout.enabled === true;
  return (
    <div class="calendar-page" data-testid="calendar-page">
      <Months
        months={months}
        issuers={issuers}
        planned={standing ? planned : []}
        lookedUp={lookedUp}
        onRetry={() => void loadMonths()}
      />
      <div class="calendar-side">
        {choices === "failed" && (
          <Failed
            testId="choices-failed"
            words={say.standingSettingsFailed}
            onRetry={() => void loadChoices()}
          />
        )}
        {choices === "loading" && (
          <p class="quiet" role="status">
            {say.loading}
          </p>
        )}
        {ready !== null && (
          <>
            <AlertsCard
              api={api}
              alerts={ready.alerts}
              onKept={(alerts) => change({ alerts })}
              onLost={onLost}
            />
            <StandingCard
              api={api}
              choices={ready}
              planned={planned}
              onOff={() => change({ cashout: OFF })}
              onLost={onLost}
            />
          </>
        )}
        <Link to={NOTICES_PATH} class="surface autopay-orders" testId="calendar-notices">
          <Icon name="inbox" />
          <span class="autopay-orders-words">
            <strong>{say.noticesLink}</strong>
          </span>
          <Icon name="next" />
        </Link>
      </div>
    </div>
  );
}

/** Null if the failure has ended the view. */
async function loadedOf<Value>(
  asked: Promise<Answer<Value>>,
  onLost: (failure: Failure) => boolean,
): Promise<Value | "failed" | null> {
  const answer = await asked;
  if (answer.ok) return answer.value;
  return onLost(answer.failure) ? null : "failed";
}

interface FailedProps {
  readonly testId: string;
  readonly words: string;
  readonly onRetry: () => void;
}

function Failed({ testId, words, onRetry }: FailedProps) {
  const { say } = useWords();
  return (
    <section class="surface trouble" role="alert" data-testid={testId}>
      <p>{words}</p>
      <button type="button" class="button" onClick={onRetry}>
        {say.retry}
      </button>
    </section>
  );
}

interface MonthsProps {
  readonly months: Loaded<readonly CalendarMonth[]>;
  readonly issuers: readonly Issuer[];
  readonly planned: readonly Notice[];
  readonly lookedUp: boolean;
  readonly onRetry: () => void;
}

function Months({ months, issuers, planned, lookedUp, onRetry }: MonthsProps) {
  const { say } = useWords();
  const [picked, setPicked] = useState<string | null>(null);

  if (typeof months === "string" || months.length === 0) {
    return (
      <div class="calendar-months">
        <h1 class="title">{say.calendarTitle}</h1>
        {months === "loading" && (
          <p class="quiet" role="status">
            {say.loading}
          </p>
        )}
        {months === "failed" && (
          <Failed testId="calendar-failed" words={say.calendarFailed} onRetry={onRetry} />
        )}
        {typeof months !== "string" && (
          <section class="surface empty" data-testid="calendar-none">
            <p class="section-title">{say.calendarNone}</p>
            <p class="quiet">{say.calendarNoneNote}</p>
            <Link to="/" class="button button-main">
              {say.calendarLookUp}
            </Link>
          </section>
        )}
      </div>
    );
  }

  const calendar = calendarOf(months, thisMonth());
  const filled = calendar.chart.filter(({ total }) => total > 0);
  const chosen: MonthAhead | null =
    filled.find(({ month }) => month === picked) ?? filled[0] ?? null;
  return (
    <div class="calendar-months">
      <Chart calendar={calendar} chosen={chosen?.month ?? null} onChosen={setPicked} />
      {chosen !== null && (
        <ChosenMonth ahead={chosen} issuers={issuers} planned={planned} lookedUp={lookedUp} />
      )}
      <MonthsTable months={[...filled, ...calendar.later]} issuers={issuers} />
    </div>
  );
}
