import type { Text } from "../api/shapes";
import { useWords } from "../i18n";
import { markOf } from "../issuers/marks";

/** An issuer's monogram; the name always stands beside it, or in the card it points to. */
export function Chip({ code, name }: { readonly code: string; readonly name: Text }) {
  const { language } = useWords();
  const mark = markOf(code, name);
  return (
    <span class="chip" aria-hidden="true" style={{ backgroundColor: mark.ground, color: mark.ink }}>
      {mark.letters[language]}
    </span>
  );
}
