/** English counts: "1 issuer", "1,234 issuers". */
import { formatAmount } from "../format/amounts";

export const plural = (count: number, one: string, many: string): string =>
  `${formatAmount(count)} ${count === 1 ? one : many}`;
