/** On the way in, before anything is looked up: what expires first, by what was known last. */
import { useEffect, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import type { CalendarMonth } from "../../api/expiry-shapes";
import { type Soonest, soonestOf } from "../../expiry/calendar";
import { formatMonth } from "../../format/time";
import { useWords } from "../../i18n";
import type { Messages } from "../../i18n/ko";
import type { Language } from "../../i18n/language";
import { EXPIRY_PATH } from "../../router";
import { Icon } from "../icons";
import { Link } from "../link";
import { thisMonth } from "./now";

export function ExpiryEntry({ api }: { readonly api: Api }) {
  const { language, say } = useWords();
  const [months, setMonths] = useState<readonly CalendarMonth[]>([]);
  useEffect(() => {
    let current = true;
    void api.readExpirations().then((answer) => {
      // Without it the way leads through the lookup, as ever.
      if (current && answer.ok) setMonths(answer.value);
    });
    return () => {
      current = false;
    };
  }, [api]);
  const soonest = soonestOf(months, thisMonth());
  if (soonest === null) return null;
  return (
    <Link to={EXPIRY_PATH} class="surface expiry-entry" testId="expiry-entry">
      <span class="expiry-entry-icon">
        <Icon name="hourglass" />
      </span>
      <span class="expiry-entry-words" data-testid="expiry-soonest" data-month={soonest.month}>
        <strong>{wordsFor(soonest, say, language)}</strong>
        <span class="quiet">
          {soonest.cash > 0 ? say.soonCash(say.won(soonest.cash)) : say.soonNoCash}
        </span>
      </span>
      <Icon name="next" />
    </Link>
  );
}

function wordsFor({ when, month, total }: Soonest, say: Messages, language: Language): string {
  const points = say.points(total);
  if (when === "this_month") return say.soonThisMonth(points);
  if (when === "next_month") return say.soonNextMonth(points);
  return say.soonLater(formatMonth(month, language), points);
}
