/** All bills that are charged to the member's cards, by card or by kind. */
import { useEffect, useState } from "preact/hooks";
import type { Bill, Card, Order, OrderKind } from "../../api/autopay-shapes";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Issuer } from "../../api/shapes";
import type { AutopayBook, Holdings } from "../../autopay/book";
import { categoryOf } from "../../autopay/categories";
import { isUnanswered, type OrderMemory } from "../../autopay/draft";
import {
  byCard,
  byCategory,
  chargedNext,
  whyFixed,
  whyUnusable,
  withoutBills,
} from "../../autopay/holdings";
import { isFinal } from "../../autopay/progress";
import { formatDay } from "../../format/time";
import { useWords } from "../../i18n";
import { goTo, ORDERS_PATH } from "../../router";
import { Icon } from "../icons";
import { Link } from "../link";
import { BillRow } from "./bill";
import { CardLine } from "./card-line";
import { ListFailed } from "./failed";
import { OBSTACLE_WORDS } from "./pick";

interface Props {
  readonly api: Api;
  readonly book: AutopayBook;
  readonly memory: OrderMemory;
  readonly issuers: readonly Issuer[];
  readonly onLost: (failure: Failure) => boolean;
}

type State =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly holdings: Holdings; readonly orders: readonly Order[] };

export function Autopay({ api, book, memory, issuers, onLost }: Props) {
  const { say } = useWords();
  const [state, setState] = useState<State>({ kind: "loading" });

  const load = async (): Promise<void> => {
    setState({ kind: "loading" });
    const [holdings, orders] = await Promise.all([book.read(), api.listOrders()]);
    if (!holdings.ok) {
      if (!onLost(holdings.failure)) setState({ kind: "failed", failure: holdings.failure });
      return;
    }
    // Without the orders the bills still say that they cannot be changed, if not why.
    const known = orders.ok ? orders.value : [];
    setState({ kind: "ready", holdings: holdings.value, orders: known });
  };
  useEffect(() => void load(), [api, book]);

  if (state.kind !== "ready") {
    return (
      <div class="narrow stack-m">
        <h1 class="title">{say.autopayTitle}</h1>
        {state.kind === "failed" ? (
          <ListFailed
            failure={state.failure}
            words={say.autopayFailed}
            onRetry={() => void load()}
          />
        ) : (
          <p class="quiet" role="status">
            {say.loading}
          </p>
        )}
        <OrdersLink open={0} />
      </div>
    );
  }

  const { holdings, orders } = state;
  const open = orders.filter((order) => !isFinal(order)).length;
  const order = (kind: OrderKind, bill: Bill, card: Card | null) => {
    // What has left without an answer is settled first.
    if (!isUnanswered(memory.load())) memory.begin(kind, bill, card);
    goTo(kind === "CHANGE" ? "/autopay/card" : "/autopay/confirm");
  };
  return (
    <div class="home home-looked-up autopay" data-testid="autopay">
      <div class="home-side">
        <Summary holdings={holdings} />
        {memory.load().application !== null && (
          <Link to="/autopay/confirm" class="surface cash-entry" testId="autopay-continue">
            <span class="cash-entry-words">
              <strong>{say.autopayContinue}</strong>
              <span class="quiet">{say.autopayContinueNote}</span>
            </span>
            <Icon name="next" />
          </Link>
        )}
        <OrdersLink open={open} />
      </div>
      <Bills holdings={holdings} orders={orders} issuers={issuers} onOrder={order} />
    </div>
  );
}

function OrdersLink({ open }: { readonly open: number }) {
  const { say } = useWords();
  return (
    <Link to={ORDERS_PATH} class="surface autopay-orders" testId="autopay-orders">
      <Icon name="clock" />
      <span class="autopay-orders-words">
        <strong>{say.autopayOrders}</strong>
        {open > 0 && (
          <span class="quiet" data-testid="autopay-orders-open" data-value={open}>
            {say.autopayOrdersOpen(open)}
          </span>
        )}
      </span>
      <Icon name="next" />
    </Link>
  );
}

/** What is charged next, and how many bills there are. */
function Summary({ holdings }: { readonly holdings: Holdings }) {
  const { language, say } = useWords();
  const { asOf, bills } = holdings;
  const next = chargedNext(holdings);
  const [first] = next;
  const cards = new Set(bills.map(({ cardRef }) => cardRef)).size;
  return (
    <section class="panel autopay-hero" aria-labelledby="autopay-title">
      <h1 class="autopay-title" id="autopay-title">
        {say.autopayTitle}
      </h1>
      {bills.length > 0 && (
        <>
          <p class="autopay-caption">{say.autopayNext}</p>
          <p class="autopay-day" data-testid="autopay-next" data-on={first?.nextChargeOn}>
            {first?.nextChargeOn == null
              ? say.autopayNextUntold
              : formatDay(first.nextChargeOn, language)}
          </p>
          {first !== undefined && (
            <p class="autopay-who">{say.autopayNextBills(first.biller.name, next.length - 1)}</p>
          )}
        </>
      )}
      <p class="autopay-foot">
        <span>
          <strong data-testid="autopay-count" data-value={bills.length}>
            {say.autopayCount(bills.length)}
          </strong>
          {cards > 0 && ` ${say.autopayOn(cards)}`}
        </span>
        {asOf !== null && (
          <span data-testid="autopay-as-of" data-on={asOf}>
            {say.autopayAsOf(formatDay(asOf, language))}
          </span>
        )}
      </p>
    </section>
  );
}

const VIEWS = [
  { view: "card", words: "autopayByCard", testId: "by-card" },
  { view: "category", words: "autopayByCategory", testId: "by-category" },
] as const;

interface BillsProps {
  readonly holdings: Holdings;
  readonly orders: readonly Order[];
  readonly issuers: readonly Issuer[];
  readonly onOrder: (kind: OrderKind, bill: Bill, card: Card | null) => void;
}

function Bills({ holdings, orders, issuers, onOrder }: BillsProps) {
  const { language, say } = useWords();
  const [view, setView] = useState<(typeof VIEWS)[number]["view"]>("card");
  const { cards, bills } = holdings;
  const cardOf = (ref: string): Card | null => cards.find(({ cardRef }) => cardRef === ref) ?? null;

  const rows = (own: readonly Bill[], shows: "card" | "category") => (
    <ul>
      {own.map((bill) => {
        const card = cardOf(bill.cardRef);
        return (
          <BillRow
            key={bill.autopayId}
            bill={bill}
            card={card}
            issuers={issuers}
            obstacle={whyFixed(bill, card, orders)}
            shows={shows}
            onOrder={(kind) => onOrder(kind, bill, card)}
          />
        );
      })}
    </ul>
  );

  return (
    <section class="home-cards autopay-bills" aria-label={say.autopayTitle}>
      {bills.length === 0 ? (
        <section class="surface empty" data-testid="autopay-none">
          <p class="section-title">{cards.length === 0 ? say.autopayNoCards : say.autopayNone}</p>
          <p class="quiet">{say.autopayNoneNote}</p>
        </section>
      ) : (
        <>
          <fieldset class="segments autopay-view">
            <legend class="visually-hidden">{say.autopayView}</legend>
            {VIEWS.map((one) => (
              <label key={one.view} class="segment">
                <input
                  type="radio"
                  name="autopay-view"
                  value={one.view}
                  data-testid={one.testId}
                  checked={view === one.view}
                  onChange={() => setView(one.view)}
                />
                <span>{say[one.words]}</span>
              </label>
            ))}
          </fieldset>
          {view === "card"
            ? byCard(cards, bills).map(({ cardRef, card, bills: own }) => (
                <section
                  key={cardRef}
                  class="surface autopay-group"
                  aria-labelledby={`group-${cardRef}`}
                  data-testid={`group-${cardRef}`}
                >
                  <h2 class="autopay-group-title">
                    <CardLine card={card} issuers={issuers} titleId={`group-${cardRef}`} />
                    <span class="autopay-group-count">{say.autopayCount(own.length)}</span>
                  </h2>
                  {rows(own, "category")}
                </section>
              ))
            : byCategory(bills).map(({ category, bills: own }) => (
                <section
                  key={category}
                  class="surface autopay-group"
                  aria-labelledby={`group-${category}`}
                  data-testid={`group-${category}`}
                >
                  <h2 class="autopay-group-title">
                    <span id={`group-${category}`}>{categoryOf(category).name[language]}</span>
                    <span class="autopay-group-count">{say.autopayCount(own.length)}</span>
                  </h2>
                  {rows(own, "card")}
                </section>
              ))}
        </>
      )}
      <EmptyCards cards={withoutBills(cards, bills)} issuers={issuers} />
    </section>
  );
}

function EmptyCards({
  cards,
  issuers,
}: {
  readonly cards: readonly Card[];
  readonly issuers: readonly Issuer[];
}) {
  const { say } = useWords();
  if (cards.length === 0) return null;
  return (
    <section
      class="quiet-group"
      aria-labelledby="empty-cards-title"
      data-testid="cards-without-bills"
    >
      <h2 class="quiet-title" id="empty-cards-title">
        {say.autopayEmptyCards(cards.length)}
      </h2>
      <ul class="autopay-empty">
        {cards.map((card) => {
          const obstacle = whyUnusable(card);
          return (
            <li
              key={card.cardRef}
              data-testid={`empty-card-${card.cardRef}`}
              data-obstacle={obstacle}
            >
              <CardLine card={card} issuers={issuers} />
              {obstacle !== null && <p class="quiet">{say[OBSTACLE_WORDS[obstacle]]}</p>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
