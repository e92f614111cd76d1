/** Arrivals for those who listen: a sentence every few seconds at most, and one at the end. */
import { useEffect, useRef, useState } from "preact/hooks";

const QUIET_MS = 4_000;

export function Announcer({
  sentence,
  urgent,
}: {
  readonly sentence: string;
  readonly urgent: boolean;
}) {
  const [spoken, setSpoken] = useState("");
  const spokeAt = useRef(0);
  useEffect(() => {
    if (sentence === "") return;
    const wait = urgent ? 0 : Math.max(0, spokeAt.current + QUIET_MS - Date.now());
    const timer = setTimeout(() => {
      spokeAt.current = Date.now();
      setSpoken(sentence);
    }, wait);
    return () => clearTimeout(timer);
  }, [sentence, urgent]);
  return (
    <p class="visually-hidden" aria-live="polite" data-testid="announcer">
      {spoken}
    </p>
  );
}
