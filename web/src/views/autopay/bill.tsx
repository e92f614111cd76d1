/** One bill in the list: who charges what and when, and what can be done about it. */
import type { Bill, Card, OrderKind } from "../../api/autopay-shapes";
import type { Issuer } from "../../api/shapes";
import { categoryOf } from "../../autopay/categories";
import type { BillObstacle } from "../../autopay/holdings";
import { formatDay } from "../../format/time";
import { useWords } from "../../i18n";
import { ORDERS_PATH } from "../../router";
import { Icon } from "../icons";
import { Link } from "../link";
import { CallBiller } from "./call-biller";
import { CardLine } from "./card-line";

interface Props {
  readonly bill: Bill;
  readonly card: Card | null;
  readonly issuers: readonly Issuer[];
  readonly obstacle: BillObstacle | null;
  /** What the group above does not say already. */
  readonly shows: "card" | "category";
  readonly onOrder: (kind: OrderKind) => void;
}

export function BillRow({ bill, card, issuers, obstacle, shows, onOrder }: Props) {
  const { language, say } = useWords();
  const { autopayId, biller, customerRef, nextChargeOn } = bill;
  const category = categoryOf(bill.category);
  return (
    <li
      class="autobill"
      data-testid={`bill-${autopayId}`}
      data-changeable={String(obstacle === null)}
    >
      <div class="autobill-head">
        <span class="autobill-icon">
          <Icon name={category.icon} />
        </span>
        <div class="autobill-words">
          <p class="autobill-name">{biller.name}</p>
          <p class="quiet">
            {shows === "category" && category.name[language]}
            {shows === "category" && customerRef !== "" && " · "}
            <span class="autobill-ref" data-testid={`bill-ref-${autopayId}`}>
              {customerRef}
            </span>
          </p>
        </div>
        <p class="autobill-next" data-testid={`bill-next-${autopayId}`} data-on={nextChargeOn}>
          {nextChargeOn === null
            ? say.billNextUntold
            : say.billNext(formatDay(nextChargeOn, language))}
        </p>
      </div>
      {shows === "card" && <CardLine card={card} issuers={issuers} />}
      {obstacle === null ? (
        <div class="autobill-ways">
          <button
            type="button"
            class="button button-small"
            data-testid={`bill-change-${autopayId}`}
            aria-label={say.billChangeNamed(biller.name)}
            onClick={() => onOrder("CHANGE")}
          >
            {say.billChange}
          </button>
          <button
            type="button"
            class="button button-small autobill-cancel"
            data-testid={`bill-cancel-${autopayId}`}
            aria-label={say.billCancelNamed(biller.name)}
            onClick={() => onOrder("CANCEL")}
          >
            {say.billCancel}
          </button>
        </div>
      ) : (
        <Obstacle bill={bill} obstacle={obstacle} />
      )}
    </li>
  );
}

const OBSTACLE_WORDS = {
  order_open: "billOrderOpen",
  corporate: "billCorporate",
  ask_biller: "billAskBiller",
} as const;

function Obstacle({ bill, obstacle }: { readonly bill: Bill; readonly obstacle: BillObstacle }) {
  const { say } = useWords();
  const { autopayId, biller } = bill;
  return (
    <div
      class={`autobill-fixed autobill-fixed-${obstacle.kind}`}
      data-testid={`bill-fixed-${autopayId}`}
      data-obstacle={obstacle.kind}
    >
      <p>
        <Icon name={obstacle.kind === "order_open" ? "hourglass" : "lock"} />
        <span>{say[OBSTACLE_WORDS[obstacle.kind]]}</span>
      </p>
      {obstacle.kind === "order_open" ? (
        <Link
          to={`${ORDERS_PATH}/${obstacle.orderId}`}
          class="button button-small"
          testId={`bill-order-${autopayId}`}
          label={say.billOrderLinkNamed(biller.name)}
        >
          {say.billOrderLink}
        </Link>
      ) : (
        <CallBiller biller={biller} testId={`bill-call-${autopayId}`} />
      )}
    </div>
  );
}
