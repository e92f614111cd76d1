/** When the money arrives, said plainly, with who pays then and why not sooner. */
import type { Issuer, Text } from "../../api/shapes";
import type { QuoteItem } from "../../api/transfer-shapes";
import { groupByPromise, type PromiseGroup } from "../../cash/promises";
import { type Quoted, quotedAt } from "../../cash/quoting";
import { formatDay, formatTime } from "../../format/time";
import { useWords } from "../../i18n";
import type { Messages } from "../../i18n/ko";
import type { Language } from "../../i18n/language";
import { issuerOf, pointNameOf } from "../../issuers/names";
import { Chip } from "../chip";
import { Icon } from "../icons";

interface Props {
  readonly quoted: Quoted;
  readonly issuers: readonly Issuer[];
}

export function Promises({ quoted, issuers }: Props) {
  const { language, say } = useWords();
  return (
    <section class="promises" aria-labelledby="promises-title">
      <h2 class="section-title" id="promises-title">
        {say.confirmWhen}
      </h2>
      {groupByPromise(quoted.quote, quotedAt(quoted)).map((group) => (
        <section
          key={`${group.kind} ${group.at}`}
          class={`surface promise promise-${group.kind}`}
          data-testid={`promise-${group.kind}`}
          data-value={group.total}
          data-at={group.at}
        >
          <h3 class="promise-title">
            <Icon name={group.kind === "at_once" ? "check" : "clock"} />
            <PromiseHeading group={group} />
            <span class="amount">{say.won(group.total)}</span>
          </h3>
          <ul class="promise-items">
            {group.items.map((item) => (
              <Promised
                key={`${item.issuer} ${item.pointCode}`}
                item={item}
                issuer={issuerOf(issuers, item.issuer)}
              />
            ))}
          </ul>
          {group.kind !== "at_once" &&
            reasonsOf(group).map(({ reason, issuers: late }) => (
              <p key={reason.en} class="quiet promise-reason">
                {late.map((code) => issuerOf(issuers, code).name[language]).join(", ")}:{" "}
                {reason[language]}
              </p>
            ))}
        </section>
      ))}
    </section>
  );
}

function PromiseHeading({ group }: { readonly group: PromiseGroup }) {
  const { language, say } = useWords();
  const { title, more } = headingOf(group, language, say);
  return (
    <span>
      {title}
      {more !== null && <span class="quiet promise-day"> {more}</span>}
    </span>
  );
}

function Promised({ item, issuer }: { readonly item: QuoteItem; readonly issuer: Issuer }) {
  const { language, say } = useWords();
  return (
    <li data-testid={`promised-${item.issuer}-${item.pointCode}`}>
      <Chip code={issuer.code} name={issuer.name} />
      <span class="promise-name">
        {issuer.name[language]}
        <span class="quiet month-note">{pointNameOf(issuer, item.pointCode)[language]}</span>
      </span>
      <span class="amount">{say.won(item.amount)}</span>
    </li>
  );
}

interface Heading {
  readonly title: string;
  readonly more: string | null;
}

function headingOf({ kind, at }: PromiseGroup, language: Language, say: Messages): Heading {
  if (kind === "at_once") return { title: say.promiseAtOnce, more: null };
  if (kind === "untold" || at === null) return { title: say.promiseUntold, more: null };
  const [day, time] = [formatDay(at, language), formatTime(at)];
  if (kind === "later") return { title: day, more: say.promiseFromTime(time) };
  const title = kind === "today" ? say.promiseToday : say.promiseTomorrow;
  return { title, more: say.promiseFrom(day, time) };
}

/** A reason that several issuers share is said once. */
function reasonsOf({
  items,
}: PromiseGroup): readonly { readonly reason: Text; readonly issuers: readonly string[] }[] {
  const reasons = new Map<string, { reason: Text; issuers: Set<string> }>();
  for (const { issuer, reason } of items) {
    if (reason === null) continue;
    const known = reasons.get(reason.en) ?? { reason, issuers: new Set<string>() };
    known.issuers.add(issuer);
    reasons.set(reason.en, known);
  }
  return [...reasons.values()].map(({ reason, issuers }) => ({ reason, issuers: [...issuers] }));
}
