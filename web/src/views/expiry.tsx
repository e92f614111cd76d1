/** What expires first, over all issuers, and what follows. */
import type { Result, Text } from "../api/shapes";
import { formatMonth } from "../format/time";
import { useWords } from "../i18n";
import { type ExpiringMonth, expiringMonths } from "../lookup/expiry";
import { Icon } from "./icons";

interface Props {
  readonly results: Readonly<Record<string, Result>>;
  readonly nameOf: (issuer: string) => Text;
}

export function ExpiryOverview({ results, nameOf }: Props) {
  const { language, say } = useWords();
  const [next, ...later] = expiringMonths(results);
  if (next === undefined) return null;
  return (
    <section class="surface expiry" aria-labelledby="expiry-title" data-testid="expiry">
      <h2 class="expiry-title" id="expiry-title">
        <Icon name="hourglass" />
        {say.expiryTitle}
      </h2>
      <p class="expiry-next" data-testid="expiry-next" data-month={next.month}>
        {say.expiryNext(formatMonth(next.month, language), say.points(next.amount))}
      </p>
      <ul class="expiry-issuers">
        {next.issuers.map(({ issuer, amount }) => (
          <li key={issuer}>
            <span>{nameOf(issuer)[language]}</span>
            <span class="amount">{say.points(amount)}</span>
          </li>
        ))}
      </ul>
      <LaterMonths
        months={later}
        testId="expiry-later"
        noteOf={({ issuers: [first, ...others] }) =>
          first === undefined ? "" : say.expiryFrom(nameOf(first.issuer)[language], others.length)
        }
      />
    </section>
  );
}

interface LaterProps {
  readonly months: readonly ExpiringMonth[];
  readonly testId: string;
  readonly noteOf?: (month: ExpiringMonth) => string;
}

export function LaterMonths({ months, testId, noteOf }: LaterProps) {
  const { language, say } = useWords();
  if (months.length === 0) return null;
  return (
    <details class="fold" data-testid={testId}>
      <summary>{say.expiryLater(months.length)}</summary>
      <ul class="months">
        {months.map((month) => (
          <li key={month.month}>
            <span>
              {formatMonth(month.month, language)}
              {noteOf !== undefined && <span class="quiet month-note">{noteOf(month)}</span>}
            </span>
            <span class="amount">{say.points(month.amount)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
