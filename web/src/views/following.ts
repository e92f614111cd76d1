import { useEffect, useMemo, useState } from "preact/hooks";
import type { Follower, Following } from "../following/follower";

/** Something as it is now and as it becomes; nothing is asked while the tab is hidden. */
export function useFollowing<Followed>(
  make: () => Follower<Followed>,
  of: readonly unknown[],
): Following<Followed> & {
  readonly hear: (followed: Followed) => void;
  readonly readNow: () => void;
} {
  const follower = useMemo(make, [...of]);
  const [following, setFollowing] = useState(follower.current);
  useEffect(() => {
    setFollowing(follower.current);
    const unsubscribe = follower.subscribe(setFollowing);
    const seen = () => (document.hidden ? follower.lookAway() : follower.look());
    const online = () => follower.readNow();
    seen();
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("online", online);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("online", online);
      unsubscribe();
      follower.lookAway();
    };
  }, [follower]);
  return {
    ...following,
    hear: (followed) => follower.hear(followed),
    readNow: () => follower.readNow(),
  };
}
