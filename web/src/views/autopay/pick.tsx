/** Which card a bill moves to; those it cannot move to say why (R-A2). */
import { useEffect, useState } from "preact/hooks";
import type { Bill, Card } from "../../api/autopay-shapes";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Issuer } from "../../api/shapes";
import { type CardObstacle, choicesFor } from "../../autopay/holdings";
import { useWords } from "../../i18n";
import type { Messages } from "../../i18n/ko";
import { goTo } from "../../router";
import { FlowFoot } from "../flow";
import { Link } from "../link";
import { CardLine } from "./card-line";
import { ListFailed } from "./failed";
import { OrderFlow } from "./flow";

export const OBSTACLE_WORDS: Readonly<
  Record<CardObstacle | "present", keyof Messages & `card${string}`>
> = {
  present: "cardPresent",
  corporate: "cardObstacleCorporate",
  dormant: "cardObstacleDormant",
  suspended: "cardObstacleSuspended",
  not_taking_part: "cardObstacleNotTakingPart",
};

interface Props {
  readonly api: Api;
  readonly bill: Bill;
  readonly chosen: Card | null;
  readonly issuers: readonly Issuer[];
  readonly onChosen: (card: Card | null) => void;
  readonly onLost: (failure: Failure) => boolean;
}

type State = "loading" | { readonly failure: Failure } | { readonly cards: readonly Card[] };

export function PickCard({ api, bill, chosen, issuers, onChosen, onLost }: Props) {
  const { say } = useWords();
  const [state, setState] = useState<State>("loading");
  const [asked, setAsked] = useState(false);

  const load = async (): Promise<void> => {
    setState("loading");
    const answer = await api.listCards();
    if (answer.ok) {
      setState({ cards: answer.value });
      // A card chosen before may have become unusable in the meantime.
      const usable = choicesFor(bill, answer.value).filter(({ obstacle }) => obstacle === null);
      const still = usable.find(({ card }) => card.cardRef === chosen?.cardRef)?.card;
      onChosen(still ?? (usable.length === 1 ? (usable[0]?.card ?? null) : null));
    } else if (!onLost(answer.failure)) setState({ failure: answer.failure });
  };
  useEffect(() => void load(), [api]);

  const choices =
    typeof state === "object" && "cards" in state ? choicesFor(bill, state.cards) : [];
  const none = choices.every(({ obstacle }) => obstacle !== null);
  const ready = typeof state === "object" && "cards" in state;
  return (
    <OrderFlow
      kind="CHANGE"
      path="/autopay/card"
      title={say.pickTitle}
      lead={say.pickLead(bill.biller.name)}
    >
      {state === "loading" && (
        <p class="quiet" role="status">
          {say.loading}
        </p>
      )}
      {typeof state === "object" && "failure" in state && (
        <ListFailed failure={state.failure} words={say.autopayFailed} onRetry={() => void load()} />
      )}
      {ready && none && (
        <section class="surface empty" data-testid="pick-none">
          <p class="section-title">{say.pickNone}</p>
          <p class="quiet">{say.pickNoneNote}</p>
          <Link to="/autopay" class="button button-main" testId="pick-back">
            {say.pickBack}
          </Link>
        </section>
      )}
      {choices.length > 0 && (
        <fieldset class="surface accounts picks">
          <legend class="visually-hidden">{say.pickCards}</legend>
          <ul>
            {choices.map(({ card, obstacle }) => (
              <li
                key={card.cardRef}
                class={`account pick ${obstacle === null ? "" : "pick-out"}`}
                data-testid={`pick-${card.cardRef}`}
                data-obstacle={obstacle}
              >
                <label class="account-label">
                  <input
                    type="radio"
                    class="radio"
                    name="card"
                    data-testid={`pick-choose-${card.cardRef}`}
                    checked={chosen?.cardRef === card.cardRef && obstacle === null}
                    disabled={obstacle !== null}
                    onChange={() => onChosen(card)}
                  />
                  <span class="pick-words">
                    <CardLine card={card} issuers={issuers} />
                    {obstacle !== null && (
                      <span class="pick-why">{say[OBSTACLE_WORDS[obstacle]]}</span>
                    )}
                  </span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      )}
      {ready && !none && (
        <FlowFoot>
          <p class="problem" role="alert" data-testid="pick-problem">
            {asked && chosen === null && say.pickMissing}
          </p>
          <button
            type="button"
            class="button button-main"
            data-testid="pick-next"
            onClick={() => {
              setAsked(true);
              if (chosen !== null) goTo("/autopay/confirm");
            }}
          >
            {say.cashNext}
          </button>
        </FlowFoot>
      )}
    </OrderFlow>
  );
}
