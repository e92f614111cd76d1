import type { Biller } from "../../api/autopay-shapes";
import { useWords } from "../../i18n";
import { Icon } from "../icons";

/** Questions about a contract are the biller's to answer (R-A7). */
export function CallBiller({
  biller,
  testId,
}: {
  readonly biller: Biller;
  readonly testId: string;
}) {
  const { say } = useWords();
  if (biller.phone === null) return null;
  return (
    <a
      class="button button-small"
      href={`tel:${biller.phone.replace(/[^\d+]/g, "")}`}
      aria-label={say.callNamed(biller.name, biller.phone)}
      data-testid={testId}
    >
      <Icon name="phone" />
      {say.call(biller.phone)}
    </a>
  );
}
