/** All orders of the member, the latest first, as they are now. */
import { useEffect, useMemo } from "preact/hooks";
import type { Order } from "../../api/autopay-shapes";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { AutopayBook } from "../../autopay/book";
import { OrdersFollower } from "../../autopay/follower";
import { isFinal, isRealTime } from "../../autopay/progress";
import { formatDay, formatMoment } from "../../format/time";
import { useWords } from "../../i18n";
import { ORDER_BADGES, ORDER_KIND_WORDS } from "../../i18n/order";
import { ORDERS_PATH } from "../../router";
import { useFollowing } from "../following";
import { Icon } from "../icons";
import { Link } from "../link";
import { type OrderNames, useOrderNames } from "./names";
import { Results } from "./results";

interface Props {
  readonly api: Api;
  readonly book: AutopayBook;
  readonly onLost: (failure: Failure) => boolean;
}

export function Orders({ api, book, onLost }: Props) {
  const { language, say } = useWords();
  const { followed: orders, failures, halt } = useFollowing(() => new OrdersFollower(api), [api]);
  const namesOf = useOrderNames(
    book,
    useMemo(() => orders ?? [], [orders]),
  );
  useEffect(() => {
    if (halt !== null) onLost(halt);
  }, [halt]);
  return (
    <div class="narrow stack-m">
      <div class="order-head">
        <Link to="/autopay" class="flow-back" label={say.ordersBack} testId="orders-back">
          <Icon name="back" />
        </Link>
        <h1 class="title">{say.ordersTitle}</h1>
      </div>
      <Results
        orders={orders}
        billNameOf={(order) => namesOf(order).billName}
        onResult={() => book.turn()}
      />
      {orders === null && halt === null && (
        <p class="quiet" role="status">
          {failures > 0 ? say.ordersFailed : say.loading}
        </p>
      )}
      {halt !== null && (
        <p class="banner" role="alert" data-testid="orders-failed">
          {halt.kind === "refused" ? (halt.text?.[language] ?? say.ordersFailed) : say.ordersFailed}
        </p>
      )}
      {orders !== null && failures > 0 && (
        <p class="banner" role="status" data-testid="orders-lost">
          {say.orderLost}
        </p>
      )}
      {orders?.length === 0 && (
        <section class="surface empty" data-testid="orders-none">
          <p class="section-title">{say.ordersNone}</p>
          <p class="quiet">{say.ordersNoneNote}</p>
          <Link to="/autopay" class="button button-main">
            {say.orderToBills}
          </Link>
        </section>
      )}
      {orders !== null && orders.length > 0 && (
        <ul class="history" data-testid="orders">
          {orders.map((order) => (
            <li key={order.orderId}>
              <Entry order={order} names={namesOf(order)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Entry({ order, names }: { readonly order: Order; readonly names: OrderNames }) {
  const { language, say } = useWords();
  const { orderId, kind, status, requestedAt, resultOn } = order;
  const due = !isFinal(order) && !isRealTime(order) && resultOn !== null;
  return (
    <Link
      to={`${ORDERS_PATH}/${orderId}`}
      class="surface history-entry"
      testId={`order-${orderId}`}
    >
      <span class="history-words">
        <span class="quiet">{formatMoment(requestedAt, language)}</span>
        <strong class="order-name">{names.billName}</strong>
        <span class="quiet">
          {say[ORDER_KIND_WORDS[kind]] as string}
          {names.toCard !== null && ` → ${names.toCard.name}`}
        </span>
        {due && <span class="quiet">{say.ordersResultOn(formatDay(resultOn, language))}</span>}
      </span>
      <span class="history-side">
        <span
          class={`badge badge-order-${status.toLowerCase()}`}
          data-testid="order-badge"
          data-status={status}
        >
          {say[ORDER_BADGES[status]] as string}
        </span>
      </span>
      <Icon name="next" />
    </Link>
  );
}
