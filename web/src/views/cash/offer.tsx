/** One kind of points that can become cash: whether, and how many. */
import { useId, useState } from "preact/hooks";
import type { Issuer } from "../../api/shapes";
import { type Offer, stepped, typedAmount } from "../../cash/offers";
import { formatAmount } from "../../format/amounts";
import { formatMoment } from "../../format/time";
import { useWords } from "../../i18n";
import { Chip } from "../chip";
import { Icon } from "../icons";

interface Props {
  readonly offer: Offer;
  readonly issuer: Issuer;
  /** 0 leaves it out. */
  readonly chosen: number;
  readonly onChosen: (amount: number) => void;
}

export function OfferRow({ offer, issuer, chosen, onChosen }: Props) {
  const { language, say } = useWords();
  const [open, setOpen] = useState(false);
  const editor = useId();
  const { available, remaining, staleSince } = offer;
  const test = `${offer.issuer}-${offer.pointCode}`;
  const what = `${issuer.name[language]} ${offer.name[language]}`;
  return (
    <li
      class={`offer ${chosen === 0 ? "offer-out" : ""}`}
      data-testid={`offer-${test}`}
      data-value={chosen}
      data-available={available}
    >
      <div class="offer-row">
        <label class="offer-label">
          <input
            type="checkbox"
            class="checkbox"
            data-testid={`choose-${test}`}
            aria-label={say.chooseInclude(what)}
            checked={chosen > 0}
            onChange={(event) => onChosen(event.currentTarget.checked ? available : 0)}
          />
          <Chip code={offer.issuer} name={issuer.name} />
          <span class="offer-names">
            <span class="offer-name">{issuer.name[language]}</span>
            <span class="quiet offer-points">{offer.name[language]}</span>
          </span>
        </label>
        <span class="offer-side">
          <span class="amount">{say.won(chosen > 0 ? chosen : available)}</span>
          <button
            type="button"
            class="offer-change"
            data-testid={`change-${test}`}
            aria-expanded={open}
            aria-controls={editor}
            aria-label={say.chooseChangeNamed(what)}
            onClick={() => setOpen(!open)}
          >
            {say.chooseChange}
          </button>
        </span>
      </div>
      {staleSince !== null && (
        <p class="card-note card-note-stale">
          <Icon name="clock" />
          <span>{say.chooseStale(formatMoment(staleSince, language))}</span>
        </p>
      )}
      <div id={editor} hidden={!open}>
        {open && (
          <Editor
            what={what}
            test={test}
            available={available}
            chosen={chosen}
            onChosen={onChosen}
          />
        )}
        {open && (
          <p class="quiet offer-hint">
            {say.chooseLimit(say.points(available))}
            {available < remaining && ` (${say.choosePart(say.points(remaining))})`}
          </p>
        )}
      </div>
    </li>
  );
}

interface EditorProps {
  readonly what: string;
  readonly test: string;
  readonly available: number;
  readonly chosen: number;
  readonly onChosen: (amount: number) => void;
}

function Editor({ what, test, available, chosen, onChosen }: EditorProps) {
  const { say } = useWords();
  return (
    <div class="stepper">
      <button
        type="button"
        class="stepper-button"
        data-testid={`less-${test}`}
        aria-label={say.chooseLess(what)}
        disabled={chosen <= 1}
        onClick={() => onChosen(stepped(chosen, -1, available))}
      >
        <Icon name="minus" />
      </button>
      <span class="stepper-field">
        <input
          type="text"
          inputMode="numeric"
          autocomplete="off"
          class="stepper-input"
          data-testid={`amount-${test}`}
          aria-label={say.chooseAmount(what)}
          value={chosen === 0 ? "" : formatAmount(chosen)}
          onInput={({ currentTarget }) => {
            const amount = typedAmount(currentTarget.value, available);
            // The same amount again is no change, yet what was typed has to go.
            currentTarget.value = amount === 0 ? "" : formatAmount(amount);
            onChosen(amount);
          }}
        />
        <span aria-hidden="true">P</span>
      </span>
      <button
        type="button"
        class="stepper-button"
        data-testid={`more-${test}`}
        aria-label={say.chooseMore(what)}
        disabled={chosen >= available}
        onClick={() => onChosen(stepped(chosen, 1, available))}
      >
        <Icon name="plus" />
      </button>
      <button
        type="button"
        class="button button-small"
        data-testid={`whole-${test}`}
        aria-label={say.chooseWholeNamed(what)}
        disabled={chosen === available}
        onClick={() => onChosen(available)}
      >
        {say.chooseWhole}
      </button>
    </div>
  );
}
