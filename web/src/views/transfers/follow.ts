import { useEffect, useMemo, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import { type Following, TransferFollower } from "../../transfers/follower";

/** A transfer as it is now and as it becomes; nothing is asked while the tab is hidden. */
export function useFollowing(api: Api, transferId: string): Following {
  const follower = useMemo(() => new TransferFollower(api, transferId), [api, transferId]);
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
  return following;
}
