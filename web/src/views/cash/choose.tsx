/** Which points become cash, and how many of each. */
import { useState } from "preact/hooks";
import type { Issuer } from "../../api/shapes";
import type { Item } from "../../api/transfer-shapes";
import {
  type Amounts,
  allOf,
  type Blocked,
  chosenOf,
  itemsOf,
  type Obstacle,
  type Offer,
  offeringOf,
  totalOf,
} from "../../cash/offers";
import { useWords } from "../../i18n";
import type { Messages } from "../../i18n/ko";
import { issuerOf } from "../../issuers/names";
import { arrange } from "../../lookup/arrangement";
import type { LookupDriver } from "../../lookup/driver";
import { Chip } from "../chip";
import { FlowFoot } from "../flow";
import { Icon } from "../icons";
import { Link } from "../link";
import { useLookup } from "../lookup-state";
import { CashFlow } from "./flow";
import { OfferRow } from "./offer";

interface Props {
  readonly driver: LookupDriver;
  readonly issuers: readonly Issuer[];
  readonly amounts: Amounts;
  readonly onAmounts: (amounts: Amounts) => void;
  readonly onChosen: (items: readonly Item[]) => void;
}

export function Choose({ driver, issuers, amounts, onAmounts, onChosen }: Props) {
  const { say } = useWords();
  const state = useLookup(driver);
  const [asked, setAsked] = useState(false);
  const results = Object.fromEntries(
    Object.entries(state.shown).map(([code, { result }]) => [code, result]),
  );
  const { offers, blocked, pending } = offeringOf(results, arrange(state, issuers).cards);
  const items = itemsOf(offers, amounts);
  const total = totalOf(items);
  const sources = new Set(items.map(({ issuer }) => issuer)).size;
  const whole = items.length === offers.length && total === totalOf(allItems(offers));
  const waiting =
    pending.length > 0 || (Object.keys(state.shown).length === 0 && hasRuns(state.runs));

  if (offers.length === 0 && !waiting) {
    return (
      <CashFlow path="/cash" title={say.chooseTitle} lead={null}>
        <section class="surface empty" data-testid="choose-nothing">
          <p class="section-title">{say.chooseNothing}</p>
          <p class="quiet">{say.chooseNothingNote}</p>
          <Link to="/" class="button button-main" testId="choose-look-up">
            {say.chooseLookUp}
          </Link>
        </section>
        <CannotBecomeCash blocked={blocked} issuers={issuers} />
      </CashFlow>
    );
  }

  const next = () => {
    setAsked(true);
    if (total > 0) onChosen(items);
  };

  return (
    <CashFlow path="/cash" title={say.chooseTitle} lead={say.chooseLead}>
      <fieldset class="surface offers">
        <legend class="visually-hidden">{say.chooseTotal}</legend>
        {offers.length > 0 && (
          <label class="offers-all">
            <input
              type="checkbox"
              class="checkbox"
              data-testid="choose-all"
              checked={whole}
              indeterminate={!whole && total > 0}
              onChange={(event) => onAmounts(allOf(offers, event.currentTarget.checked))}
            />
            <span>{say.chooseAll}</span>
            <span class="amount">{say.won(totalOf(allItems(offers)))}</span>
          </label>
        )}
        <ul>
          {offers.map((offer) => (
            <OfferRow
              key={offer.key}
              offer={offer}
              issuer={issuerOf(issuers, offer.issuer)}
              chosen={chosenOf(offer, amounts)}
              onChosen={(amount) => onAmounts({ ...amounts, [offer.key]: amount })}
            />
          ))}
        </ul>
        {waiting && (
          <p class="card-sub waiting offers-waiting" role="status" data-testid="choose-waiting">
            <span class="waiting-dot" aria-hidden="true" />
            {pending.length > 0 ? say.chooseWaiting(pending.length) : say.loading}
          </p>
        )}
      </fieldset>
      <CannotBecomeCash blocked={blocked} issuers={issuers} />
      <FlowFoot>
        <p class="problem" role="alert" data-testid="choose-problem">
          {asked && total === 0 && say.chooseNone}
        </p>
        <div class="flow-sum">
          <span class="flow-sum-words">
            <span class="quiet">
              {say.chooseTotal}
              {sources > 0 && ` · ${say.chooseFrom(sources)}`}
            </span>
            <output class="flow-total" data-testid="choose-total" data-value={total}>
              {say.won(total)}
            </output>
          </span>
          <button type="button" class="button button-main" data-testid="choose-next" onClick={next}>
            {say.cashNext}
          </button>
        </div>
      </FlowFoot>
    </CashFlow>
  );
}

const hasRuns = (runs: object): boolean => Object.keys(runs).length > 0;

const allItems = (offers: readonly Offer[]): readonly Item[] =>
  itemsOf(offers, allOf(offers, true));

const OBSTACLE_WORDS: Readonly<Record<Obstacle, keyof Messages & `blocked${string}`>> = {
  dormant: "blockedDormant",
  suspended: "blockedSuspended",
  corporate: "blockedCorporate",
  unavailable: "blockedUnavailable",
  timed_out: "blockedTimedOut",
  not_cashable: "blockedNotCashable",
  exchange_first: "blockedExchange",
  nothing_transferable: "blockedNothing",
};

/** Obstacles only the issuer can remove. */
const TO_CALL: Readonly<Partial<Record<Obstacle, true>>> = { dormant: true, suspended: true };

interface CannotProps {
  readonly blocked: readonly Blocked[];
  readonly issuers: readonly Issuer[];
}

function CannotBecomeCash({ blocked, issuers }: CannotProps) {
  const { language, say } = useWords();
  if (blocked.length === 0) return null;
  return (
    <section class="blocked" aria-labelledby="blocked-title" data-testid="blocked">
      <h2 class="quiet-title" id="blocked-title">
        {say.blockedTitle}
      </h2>
      <ul>
        {blocked.map(({ issuer: code, obstacle, points }) => {
          const issuer = issuerOf(issuers, code);
          const name = issuer.name[language];
          return (
            <li
              key={`${code} ${obstacle}`}
              class="blocked-one"
              data-testid={`blocked-${code}`}
              data-obstacle={obstacle}
            >
              <Chip code={code} name={issuer.name} />
              <div>
                <p class="blocked-name">{name}</p>
                {points.map((point) => (
                  <p key={point.code} class="blocked-points">
                    {point.name[language]} <span class="amount">{say.points(point.remaining)}</span>
                  </p>
                ))}
                <p class="quiet">{say[OBSTACLE_WORDS[obstacle]]}</p>
                {obstacle in TO_CALL && issuer.phone !== null && (
                  <a
                    class="button button-small"
                    href={`tel:${issuer.phone.replace(/[^\d+]/g, "")}`}
                    aria-label={say.callNamed(name, issuer.phone)}
                  >
                    <Icon name="phone" />
                    {say.call(issuer.phone)}
                  </a>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
