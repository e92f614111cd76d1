/** One order until its result: how far it is, when the result is due, and taking it back. */
import { useEffect, useMemo } from "preact/hooks";
import type { Order, OrderStatus } from "../../api/autopay-shapes";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Issuer } from "../../api/shapes";
import type { Auth } from "../../auth/session";
import type { AutopayBook } from "../../autopay/book";
import { categoryOf } from "../../autopay/categories";
import { OrderFollower } from "../../autopay/follower";
import { isFinal } from "../../autopay/progress";
import { formatDay, formatMoment } from "../../format/time";
import { useWords } from "../../i18n";
import { type Milestone, milestonesOf, ORDER_KIND_WORDS, wordsForOrder } from "../../i18n/order";
import { ORDERS_PATH } from "../../router";
import { Announcer } from "../announcer";
import { useFollowing } from "../following";
import { Icon, type IconName } from "../icons";
import { Link } from "../link";
import { CallBiller } from "./call-biller";
import { CardLine } from "./card-line";
import { type OrderNames, useOrderNames } from "./names";
import { Results } from "./results";
import { TakeBack } from "./take-back";

interface Props {
  readonly api: Api;
  readonly auth: Auth;
  readonly orderId: string;
  readonly book: AutopayBook;
  readonly issuers: readonly Issuer[];
  readonly onLost: (failure: Failure) => boolean;
}

export function OrderProgress({ api, auth, orderId, book, issuers, onLost }: Props) {
  const { say } = useWords();
  const {
    followed: order,
    failures,
    halt,
    hear,
    readNow,
  } = useFollowing(() => new OrderFollower(api, orderId), [api, orderId]);
  const orders = useMemo(() => (order === null ? null : [order]), [order]);
  const namesOf = useOrderNames(book, orders ?? []);
  useEffect(() => {
    if (halt !== null) onLost(halt);
  }, [halt]);

  if (order === null) {
    return (
      <div class="narrow stack-m">
        <h1 class="title">{say.ordersTitle}</h1>
        <p class="quiet" role="status" data-testid="order-absent">
          {halt !== null ? say.orderNotFound : failures > 0 ? say.orderLost : say.loading}
        </p>
        {halt !== null && (
          <Link to={ORDERS_PATH} class="button" testId="order-all">
            {say.orderToOrders}
          </Link>
        )}
      </div>
    );
  }

  const names = namesOf(order);
  const { title } = wordsForOrder(order, say);
  return (
    <div
      class="narrow order"
      data-testid="order"
      data-status={order.status}
      data-kind={order.kind}
      data-order-id={orderId}
    >
      <Announcer sentence={isFinal(order) ? "" : title} urgent={false} />
      <div class="order-head">
        <Link to={ORDERS_PATH} class="flow-back" label={say.orderToOrders} testId="order-all">
          <Icon name="back" />
        </Link>
        <p class="order-kind">{say[ORDER_KIND_WORDS[order.kind]] as string}</p>
      </div>
      <Results orders={orders} billNameOf={() => names.billName} onResult={() => book.turn()} />
      <Status order={order} names={names} />
      {failures > 0 && (
        <p class="banner" role="status" data-testid="order-lost">
          {say.orderLost}
        </p>
      )}
      <TakeBack
        api={api}
        auth={auth}
        order={order}
        onAnswer={(answer) => {
          book.turn();
          hear(answer);
        }}
        onTooLate={readNow}
        onLost={onLost}
      />
      <Milestones order={order} />
      <Details order={order} names={names} issuers={issuers} />
      <div class="transfer-ways">
        <Link to={ORDERS_PATH} class="button" testId="order-to-orders">
          {say.autopayOrders}
        </Link>
        <Link to="/autopay" class="button" testId="order-to-bills">
          {say.ordersBack}
        </Link>
      </div>
    </div>
  );
}

const STATUS_ICONS: Readonly<Record<OrderStatus, IconName>> = {
  ACCEPTED: "check",
  PROCESSING: "hourglass",
  COMPLETED: "check",
  REJECTED: "notice",
  WITHDRAWN: "again",
  CHECKING: "clock",
};

/** What it has come to, and why if it was refused: then the biller is the one to ask (R-A7). */
function Status({ order, names }: { readonly order: Order; readonly names: OrderNames }) {
  const { language, say } = useWords();
  const { status, reason, requestedAt } = order;
  const { title, note } = wordsForOrder(order, say);
  return (
    <section class={`panel order-status order-status-${status.toLowerCase()}`}>
      <span class="order-status-icon" key={status}>
        <Icon name={STATUS_ICONS[status]} />
      </span>
      <h1 class="order-status-title" data-testid="order-status">
        {title}
      </h1>
      <p class="order-status-bill">{names.billName}</p>
      {reason !== null && (
        <p class="order-status-reason" data-testid="order-reason">
          {reason[language]}
        </p>
      )}
      <p class="order-status-note" data-testid="order-note">
        {note}
      </p>
      {status === "REJECTED" && names.biller !== null && (
        <CallBiller biller={names.biller} testId="order-call" />
      )}
      <p class="hero-note">{say.orderRequestedAt(formatMoment(requestedAt, language))}</p>
    </section>
  );
}

const STEP_WORDS = {
  requested: "orderStepRequested",
  processed: "orderStepProcessed",
  result: "orderStepResult",
} as const;

function Milestones({ order }: { readonly order: Order }) {
  const { say } = useWords();
  return (
    <section class="surface" aria-labelledby="milestones-title">
      <h2 class="apart-title" id="milestones-title">
        {say.orderProgress}
      </h2>
      <ol class="milestones">
        {milestonesOf(order).map((milestone) => (
          <li
            key={milestone.step}
            class={`milestone milestone-${milestone.state}`}
            data-testid={`milestone-${milestone.step}`}
            data-state={milestone.state}
            data-at={milestone.at}
            aria-current={milestone.state === "now" ? "step" : undefined}
          >
            <span class="milestone-dot" aria-hidden="true">
              {milestone.state === "done" && <Icon name="check" />}
            </span>
            <span class="milestone-name">{say[STEP_WORDS[milestone.step]]}</span>
            <MilestoneTime milestone={milestone} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The day that was reckoned, not the one on which it happened: of that nobody tells. */
function MilestoneTime({ milestone: { step, state, at } }: { readonly milestone: Milestone }) {
  const { language, say } = useWords();
  if (at === null || state === "missed") return null;
  const words =
    step === "requested"
      ? formatMoment(at, language)
      : state === "done"
        ? null
        : say.orderOn(formatDay(at, language));
  return words === null ? null : <span class="milestone-at">{words}</span>;
}

interface DetailsProps {
  readonly order: Order;
  readonly names: OrderNames;
  readonly issuers: readonly Issuer[];
}

function Details({ order, names, issuers }: DetailsProps) {
  const { language, say } = useWords();
  const { biller, category, toCard } = names;
  return (
    <section class="surface order-details">
      <dl>
        <div>
          <dt>{say.orderBill}</dt>
          <dd data-testid="order-bill-name">
            {biller === null || category === null
              ? say.orderUnknownBill
              : `${biller.name} · ${categoryOf(category).name[language]}`}
          </dd>
        </div>
        {toCard !== null && (
          <div>
            <dt>{say.orderTo}</dt>
            <dd data-testid="order-to-card">
              <CardLine card={toCard} issuers={issuers} />
            </dd>
          </div>
        )}
        <div>
          <dt>{say.orderNumber}</dt>
          <dd class="order-number">{order.orderId}</dd>
        </div>
      </dl>
      {!isFinal(order) && order.warnings.length > 0 && (
        <div class="order-warnings" data-testid="order-warnings">
          <h2 class="order-warnings-title">
            <Icon name="notice" />
            {say.orderWarningsMeanwhile}
          </h2>
          <ul>
            {order.warnings.map((warning) => (
              <li key={warning.en}>{warning[language]}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
