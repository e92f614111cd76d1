/** The steps from points to cash, over one draft that outlives reloads and sign-ins. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Issuer } from "../../api/shapes";
import type { Auth, Session } from "../../auth/session";
import type { CashDraft, CashMemory } from "../../cash/draft";
import { stepFor } from "../../cash/steps";
import type { ApplicationMemory } from "../../cash/submission";
import type { LookupDriver } from "../../lookup/driver";
import { type CashPath, goTo } from "../../router";
import { isProvenAnew } from "../../sending/proof";
import { ChooseAccount } from "./account";
import { Choose } from "./choose";
import { Confirm } from "./confirm";

interface Props {
  readonly path: CashPath;
  readonly api: Api;
  readonly auth: Auth;
  readonly session: Session;
  readonly driver: LookupDriver;
  readonly issuers: readonly Issuer[];
  readonly memory: CashMemory;
  readonly onLost: (failure: Pick<Failure, "kind">) => boolean;
}

export function Cash({ path, api, auth, session, driver, issuers, memory, onLost }: Props) {
  const [draft, setDraft] = useState<CashDraft>(() => memory.load());
  const change = (part: Partial<CashDraft>) => setDraft(memory.change(part));
  const applications = useMemo(() => applicationsIn(memory), [memory]);
  const here = stepFor(path, memory.load());

  useEffect(() => {
    if (here !== path) goTo(here, { instead: true });
  }, [here, path]);

  if (here === "/cash" || draft.items.length === 0) {
    return (
      <Choose
        driver={driver}
        issuers={issuers}
        amounts={draft.amounts}
        onAmounts={(amounts) => change({ amounts })}
        onChosen={(items) => {
          change({ items });
          goTo("/cash/account");
        }}
      />
    );
  }
  if (here === "/cash/account" || draft.account === null) {
    return (
      <ChooseAccount
        api={api}
        chosen={draft.account}
        onChosen={(account) => change({ account })}
        onNext={() => goTo("/cash/confirm")}
        onLost={onLost}
        auth={auth}
      />
    );
  }
  return (
    <Confirm
      api={api}
      auth={auth}
      issuers={issuers}
      items={draft.items}
      account={draft.account}
      memory={applications}
      provenAnew={isProvenAnew(session, draft)}
      onLost={onLost}
      onWithout={(refused) =>
        change({ items: draft.items.filter(({ issuer }) => !refused.includes(issuer)) })
      }
      onAccepted={({ transferId }) => {
        memory.clear();
        driver.forgetMoved();
        goTo(`/transfers/${transferId}`, { instead: true });
      }}
      onAbandoned={() => {
        memory.clear();
        driver.forgetMoved();
        goTo("/transfers", { instead: true });
      }}
    />
  );
}

const applicationsIn = (memory: CashMemory): ApplicationMemory => ({
  load: () => memory.load().application,
  save: (application) => void memory.change({ application }),
});
