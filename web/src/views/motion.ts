/** Numbers that move, for those who like movement. */
import { useEffect, useRef, useState } from "preact/hooks";

const COUNT_UP_MS = 450;

const prefersStillness = (): boolean =>
  window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A number on its way from what was shown to `target`. */
export function useCountUp(target: number): number {
  const [shown, setShown] = useState(target);
  const latest = useRef(target);
  useEffect(() => {
    const from = latest.current;
    if (from === target) return;
    // A hidden page gets no frames: it would stand on the old number.
    if (prefersStillness() || document.hidden) {
      latest.current = target;
      setShown(target);
      return;
    }
    const start = performance.now();
    let frame = 0;
    const step = (now: number) => {
      const part = Math.min(1, (now - start) / COUNT_UP_MS);
      latest.current = Math.round(from + (target - from) * (1 - (1 - part) ** 3));
      setShown(latest.current);
      if (part < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [target]);
  return shown;
}

/** The time, once a second while somebody looks at a wait; it stands still otherwise. */
export function useSeconds(active: boolean): number {
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    if (!active) return;
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [active]);
  return nowMs;
}
