import { useEffect, useState } from "preact/hooks";
import type { LookupDriver } from "../lookup/driver";
import type { LookupState } from "../lookup/machine";

/** The lookup as it is now, and as it becomes. */
export function useLookup(driver: LookupDriver): LookupState {
  const [state, setState] = useState(driver.current);
  useEffect(() => {
    setState(driver.current);
    return driver.subscribe(setState);
  }, [driver]);
  return state;
}
