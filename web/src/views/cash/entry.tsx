/** The way from the lookup's result to cash. */
import { useWords } from "../../i18n";
import { Icon } from "../icons";
import { Link } from "../link";

interface Props {
  readonly transferable: number;
  /** An application waits for its confirmation, or for an answer. */
  readonly unfinished: boolean;
}

export function CashEntry({ transferable, unfinished }: Props) {
  const { say } = useWords();
  if (transferable === 0 && !unfinished) return null;
  return (
    <Link
      to={unfinished ? "/cash/confirm" : "/cash"}
      class="surface cash-entry"
      testId={unfinished ? "cash-continue" : "cash-entry"}
    >
      <span class="cash-entry-icon">
        <Icon name="bank" />
      </span>
      <span class="cash-entry-words">
        <strong>{unfinished ? say.cashEntryContinue : say.cashEntry}</strong>
        <span class="quiet">
          {unfinished ? say.cashEntryContinueNote : say.cashEntryNote(say.won(transferable))}
        </span>
      </span>
      <Icon name="next" />
    </Link>
  );
}
