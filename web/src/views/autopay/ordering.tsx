/** The steps to an order, over one draft that outlives reloads and sign-ins. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Issuer } from "../../api/shapes";
import type { Auth, Session } from "../../auth/session";
import type { AutopayBook } from "../../autopay/book";
import { type OrderDraft, type OrderMemory, requestOf, stepFor } from "../../autopay/draft";
import type { OrderApplicationMemory } from "../../autopay/submission";
import { type AutopayPath, goTo, ORDERS_PATH } from "../../router";
import { isProvenAnew } from "../../sending/proof";
import { ConfirmOrder } from "./confirm";
import { PickCard } from "./pick";

interface Props {
  readonly path: AutopayPath;
  readonly api: Api;
  readonly auth: Auth;
  readonly session: Session;
  readonly issuers: readonly Issuer[];
  readonly memory: OrderMemory;
  readonly book: AutopayBook;
  readonly onLost: (failure: Pick<Failure, "kind">) => boolean;
}

export function Ordering({ path, api, auth, session, issuers, memory, book, onLost }: Props) {
  const [draft, setDraft] = useState<OrderDraft>(() => memory.load());
  const change = (part: Partial<OrderDraft>) => setDraft(memory.change(part));
  const applications = useMemo(() => applicationsIn(memory), [memory]);
  const here = stepFor(path, memory.load(), Date.now());
  const { bill, fromCard, toCard } = draft;
  const request = requestOf(draft);

  useEffect(() => {
    if (here !== path) goTo(here, { instead: true });
  }, [here, path]);

  if (here === "/autopay" || bill === null) return null;
  if (here === "/autopay/card" || request === null) {
    return (
      <PickCard
        api={api}
        bill={bill}
        chosen={toCard}
        issuers={issuers}
        onChosen={(card) => change({ toCard: card })}
        onLost={onLost}
      />
    );
  }
  const leaveFor = (next: string) => {
    memory.clear();
    book.turn();
    goTo(next, { instead: true });
  };
  return (
    <ConfirmOrder
      api={api}
      auth={auth}
      issuers={issuers}
      request={request}
      bill={bill}
      fromCard={fromCard}
      toCard={toCard}
      memory={applications}
      provenAnew={isProvenAnew(session, draft)}
      onAccepted={({ orderId }) => leaveFor(`${ORDERS_PATH}/${orderId}`)}
      onRefused={() => book.turn()}
      onAbandoned={() => leaveFor(ORDERS_PATH)}
      onLost={onLost}
    />
  );
}

const applicationsIn = (memory: OrderMemory): OrderApplicationMemory => ({
  load: () => memory.load().application,
  save: (application) => void memory.change({ application }),
});
