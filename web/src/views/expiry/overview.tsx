/** What expires first, over all issuers, and what follows. */
import type { Result, Text } from "../../api/shapes";
import { formatMonth } from "../../format/time";
import { useWords } from "../../i18n";
import { type ExpiringMonth, expiringMonths } from "../../lookup/expiry";
import { EXPIRY_PATH } from "../../router";
import { Icon } from "../icons";
import { Link } from "../link";

interface Props {
  readonly results: Readonly<Record<string, Result>>;
  readonly nameOf: (issuer: string) => Text;
  /** Every issuer has answered: if nothing expires by now, nothing will. */
  readonly complete: boolean;
}

/** Keeps its height from the first answer to the last: the cards below must not jump. */
export function ExpiryOverview({ results, nameOf, complete }: Props) {
  const { language, say } = useWords();
  const [next, ...later] = expiringMonths(results);
  return (
    <section
      class={`surface expiry ${next === undefined ? "expiry-none" : ""}`}
      aria-labelledby="expiry-title"
      data-testid="expiry"
    >
      <h2 class="expiry-title" id="expiry-title">
        <Icon name="hourglass" />
        {say.expiryTitle}
      </h2>
      {next === undefined ? (
        <p class="expiry-next">{complete ? say.expiryNone : say.expiryPending}</p>
      ) : (
        <>
          <p class="expiry-next" data-testid="expiry-next" data-month={next.month}>
            {say.expiryNext(formatMonth(next.month, language), say.points(next.amount))}
          </p>
          <details class="fold" data-testid="expiry-details">
            <summary>{say.expiryDetails}</summary>
            <ul class="months">
              {next.issuers.map(({ issuer, amount }) => (
                <li key={issuer}>
                  <span>{nameOf(issuer)[language]}</span>
                  <span class="amount">{say.points(amount)}</span>
                </li>
              ))}
            </ul>
            {later.length > 0 && (
              <>
                <h3 class="expiry-later">{say.expiryLater(later.length)}</h3>
                <Months
                  months={later}
                  noteOf={({ issuers: [first, ...others] }) =>
                    first === undefined
                      ? ""
                      : say.expiryFrom(nameOf(first.issuer)[language], others.length)
                  }
                />
              </>
            )}
          </details>
        </>
      )}
      <Link to={EXPIRY_PATH} class="expiry-way" testId="expiry-calendar">
        {say.expiryToCalendar}
        <Icon name="next" />
      </Link>
    </section>
  );
}

interface LaterProps {
  readonly months: readonly ExpiringMonth[];
  readonly testId: string;
}

export function LaterMonths({ months, testId }: LaterProps) {
  const { say } = useWords();
  if (months.length === 0) return null;
  return (
    <details class="fold" data-testid={testId}>
      <summary>{say.expiryLater(months.length)}</summary>
      <Months months={months} />
    </details>
  );
}

interface MonthsProps {
  readonly months: readonly ExpiringMonth[];
  readonly noteOf?: (month: ExpiringMonth) => string;
}

function Months({ months, noteOf }: MonthsProps) {
  const { language, say } = useWords();
  return (
    <ul class="months" data-testid="months">
      {months.map((month) => (
        <li key={month.month} data-month={month.month} data-value={month.amount}>
          <span>
            {formatMonth(month.month, language)}
            {noteOf !== undefined && <span class="quiet month-note">{noteOf(month)}</span>}
          </span>
          <span class="amount">{say.points(month.amount)}</span>
        </li>
      ))}
    </ul>
  );
}
