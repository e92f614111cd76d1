/**
 * What the member agrees to before the first lookup (R-M2).
 *
 * `text` is the agreement itself: the server keeps the hash of the very same words, so whoever
 * changes one changes the version too, in both places. `notes` only explain it.
 */
import type { Agreement } from "../api/client";
import type { Text } from "../api/shapes";
import document from "./agreements.json";

interface AgreementText {
  readonly title: Text;
  readonly summary: Text;
  readonly text: Text;
  /** `{issuers}` stands for the names of those the member's data is asked of. */
  readonly notes: readonly Text[];
}

export const TERMS_VERSION: string = document.version;

export const AGREEMENT_TEXTS: Readonly<Record<Agreement, AgreementText>> = document.agreements;
