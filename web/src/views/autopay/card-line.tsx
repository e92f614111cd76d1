/** A card in two lines, the way people tell theirs apart. */
import type { Card } from "../../api/autopay-shapes";
import type { Issuer } from "../../api/shapes";
import { cardIssuerName } from "../../autopay/card-issuers";
import { useWords } from "../../i18n";
import type { Messages } from "../../i18n/ko";
import { Chip } from "../chip";

const TYPE_WORDS: Readonly<Record<string, keyof Messages & `card${string}`>> = {
  CREDIT: "cardCredit",
  CHECK: "cardCheck",
};

interface Props {
  /** Null for one that no list holds. */
  readonly card: Card | null;
  readonly issuers: readonly Issuer[];
  /** The id that names what the card heads. */
  readonly titleId?: string;
}

export function CardLine({ card, issuers, titleId }: Props) {
  const { say } = useWords();
  const issuer = card?.issuer ?? "";
  const typeWords = TYPE_WORDS[card?.type ?? ""];
  const facts = [
    card?.maskedNumber ?? "",
    card?.kind === "CORPORATE" ? say.cardCorporate : "",
    typeWords === undefined ? "" : say[typeWords],
  ].filter((fact) => fact !== "");
  return (
    <span class="card-line">
      <Chip
        code={issuer}
        name={card === null ? { ko: "–", en: "–" } : cardIssuerName(issuers, issuer)}
      />
      <span class="card-line-words">
        <span class="card-line-name" id={titleId}>
          {card?.name ?? say.autopayUnknownCard}
        </span>
        <span class="card-line-facts">{facts.join(" · ")}</span>
      </span>
    </span>
  );
}

/** The same in one line of text. */
export const cardWords = ({ name, maskedNumber }: Card): string => `${name} ${maskedNumber}`;
