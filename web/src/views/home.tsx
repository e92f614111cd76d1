import { useEffect, useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { Issuer, Lane, Text } from "../api/shapes";
import type { Auth } from "../auth/session";
import { formatMoment } from "../format/time";
import { useWords } from "../i18n";
import { wordsForNextTry, wordsForWait } from "../i18n/wait";
import { issuerOf } from "../issuers/names";
import { arrange, progressOf } from "../lookup/arrangement";
import type { LookupDriver } from "../lookup/driver";
import { ALL, currentTotals, type LookupState } from "../lookup/machine";
import { remainingWait } from "../lookup/wait";
import { Announcer } from "./announcer";
import { Card, QuietIssuers } from "./card";
import { CashEntry } from "./cash/entry";
import { Chip } from "./chip";
import { ExpiryEntry } from "./expiry/entry";
import { ExpiryOverview } from "./expiry/overview";
import { Icon } from "./icons";
import { useSignIn } from "./landing";
import { useLookup } from "./lookup-state";
import { useSeconds } from "./motion";
import { lookOf, Ring } from "./ring";
import { OtherTotals, RemainingTotal } from "./totals";

interface Props {
  readonly api: Api;
  readonly auth: Auth;
  readonly driver: LookupDriver;
  readonly issuers: readonly Issuer[];
  /** An application for cash waits to be gone on with. */
  readonly unfinished: boolean;
  /** They have agreed only just now: nothing is known of them yet. */
  readonly newcomer: boolean;
}

export function Home({ api, auth, driver, issuers, unfinished, newcomer }: Props) {
  const { language, say } = useWords();
  const state = useLookup(driver);
  const running = state.runs[ALL] !== undefined && state.halt === null;
  const anyRun = Object.keys(state.runs).length > 0;
  const nowMs = useSeconds(anyRun);
  const { arrived, asked } = progressOf(state);
  const totals = currentTotals(state);
  const { cards, notMember } = arrange(state, issuers);
  const results = Object.fromEntries(
    Object.entries(state.shown).map(([code, { result }]) => [code, result]),
  );
  const nameOf = (code: string): Text => issuerOf(issuers, code).name;
  const seats = asked > 0 ? [...cards, ...notMember] : issuers.map(({ code }) => code);
  const sentence = announcement();

  return (
    <div class={`home ${asked > 0 ? "home-looked-up" : ""}`}>
      <Announcer sentence={sentence} urgent={arrived === asked} />
      <div class="home-side">
        <section class="panel hero" aria-labelledby="home-title">
          <h1 class="visually-hidden" id="home-title">
            {say.homeTitle}
          </h1>
          <Ring
            seats={sortLike(issuers, seats).map((code) => ({
              code,
              name: nameOf(code),
              look: lookOf(results[code]?.status ?? (running ? "PENDING" : null)),
            }))}
          >
            {asked > 0 ? (
              <>
                <RemainingTotal totals={totals} />
                <p class="ring-progress" data-testid="progress">
                  {arrived === asked ? say.progressDone(asked) : say.progress(arrived, asked)}
                </p>
              </>
            ) : (
              <>
                <p class="ring-figure">{issuers.length}</p>
                <p class="ring-caption">{say.homeAtOnce}</p>
              </>
            )}
          </Ring>
          {asked > 0 && <OtherTotals totals={totals} />}
          <div class="hero-action">
            <button
              type="button"
              class={`button ${asked > 0 ? "button-again" : "button-main"}`}
              data-testid="lookup"
              disabled={running}
              onClick={() => driver.start()}
            >
              {running ? say.lookingUp : asked > 0 ? say.lookUpAgain : say.lookUp}
            </button>
            <p class="hero-note">
              {asked > 0 && arrived === asked && state.requestedAt !== null
                ? say.lookedUpAt(formatMoment(state.requestedAt, language))
                : say.lookUpNote}
            </p>
          </div>
        </section>
        <Trouble state={state} nowMs={nowMs} auth={auth} />
        {asked === 0 && !running && <LaneNotice api={api} nameOf={nameOf} />}
        {asked === 0 && !running && !newcomer && <ExpiryEntry api={api} />}
        {asked > 0 && <CashEntry transferable={totals.transferable} unfinished={unfinished} />}
        {asked > 0 && (
          <ExpiryOverview results={results} nameOf={nameOf} complete={arrived === asked} />
        )}
      </div>
      {asked > 0 && (
        <section class="home-cards" aria-labelledby="cards-title">
          <h2 class="section-title" id="cards-title">
            {say.cards}
          </h2>
          <ul class="cards">
            {cards.map((code) => {
              const shown = state.shown[code];
              if (shown === undefined) return null;
              return (
                <Card
                  key={code}
                  issuer={issuerOf(issuers, code)}
                  shown={shown}
                  ownRun={state.runs[code]}
                  nowMs={nowMs}
                  onAskAgain={() => driver.askAgain(code)}
                />
              );
            })}
          </ul>
          <QuietIssuers issuers={notMember.map((code) => issuerOf(issuers, code))} />
        </section>
      )}
    </div>
  );

  function announcement(): string {
    if (asked === 0) return "";
    if (arrived === 0) return say.announceStart(asked);
    if (arrived < asked) return say.announceProgress(arrived, asked);
    return say.announceDone(
      asked,
      say.pointsSpoken(totals.remaining),
      say.won(totals.transferable),
    );
  }
}

/** On the ring every issuer keeps its seat, wherever its card has gone. */
function sortLike(issuers: readonly Issuer[], codes: readonly string[]): readonly string[] {
  const order = issuers.map(({ code }) => code);
  const rank = (code: string) => (order.includes(code) ? order.indexOf(code) : order.length);
  return [...codes].sort((one, other) => rank(one) - rank(other));
}

interface TroubleProps {
  readonly state: LookupState;
  readonly nowMs: number;
  readonly auth: Auth;
}

const TROUBLE_TITLES = {
  unreachable: "troubleTitle",
  busy: "busyTitle",
  too_often: "tooOftenTitle",
} as const;

/** What keeps the lookup from going on, and what happens next. */
function Trouble({ state, nowMs, auth }: TroubleProps) {
  const { language, say } = useWords();
  const { busy, failed, signIn } = useSignIn(auth);
  const run = state.runs[ALL];
  if (state.halt?.kind === "signed_out") {
    return (
      <section class="surface trouble" role="status" data-testid="trouble" data-kind="signed_out">
        <p>{failed ? say.signInUnreachable : say.signedOutWhileAway}</p>
        <button
          type="button"
          class="button"
          data-testid="sign-in-again"
          disabled={busy}
          onClick={signIn}
        >
          {say.signInAgain}
        </button>
      </section>
    );
  }
  if (state.halt?.kind === "missing" || state.halt?.kind === "refused") {
    const words =
      state.halt.kind === "missing"
        ? say.lookupMissing
        : (state.halt.text?.[language] ?? say.refusedText);
    return (
      <section
        class="surface trouble"
        role="status"
        data-testid="trouble"
        data-kind={state.halt.kind}
      >
        {state.halt.kind === "refused" && <p class="trouble-title">{say.refusedTitle}</p>}
        <p>{words}</p>
      </section>
    );
  }
  if (run?.trouble == null) return null;
  const wait =
    run.dueAtMs === null
      ? say.soon
      : wordsForNextTry(remainingWait((run.dueAtMs - nowMs) / 1000, 0), say);
  const isCutOff = run.trouble === "unreachable";
  return (
    <section class="surface trouble" data-testid="trouble" data-kind={run.trouble}>
      <p class="trouble-title" role="status">
        <Icon name={isCutOff ? "notice" : "clock"} />
        {say[TROUBLE_TITLES[run.trouble]]}
      </p>
      <p>{isCutOff ? `${say.troubleText} ${say.troubleNext(wait)}` : say.busyText(wait)}</p>
    </section>
  );
}

const LANES_EVERY_MS = 15_000;

/** Before the lookup: issuers known to be slow or down, so that nobody waits in vain. */
function LaneNotice({
  api,
  nameOf,
}: {
  readonly api: Api;
  readonly nameOf: (issuer: string) => Text;
}) {
  const { language, say } = useWords();
  const [lanes, setLanes] = useState<readonly Lane[]>([]);
  useEffect(() => {
    const read = async () => {
      const answer = await api.readStatus();
      if (answer.ok) setLanes(answer.value);
    };
    void read();
    const timer = setInterval(() => void read(), LANES_EVERY_MS);
    return () => clearInterval(timer);
  }, [api]);
  const troubled = lanes.filter(({ state }) => state !== "OK");
  if (troubled.length === 0) return null;
  return (
    <section class="surface lanes" aria-labelledby="lanes-title" data-testid="status-notice">
      <h2 class="lanes-title" id="lanes-title">
        {say.statusTitle}
      </h2>
      <ul class="lane-list">
        {troubled.map(({ issuer, state, etaSeconds }) => (
          <li key={issuer} data-testid={`status-${issuer}`} data-state={state}>
            <Chip code={issuer} name={nameOf(issuer)} />
            <span>{nameOf(issuer)[language]}</span>
            <span class={`lane-state lane-state-${state.toLowerCase()}`}>
              {state === "DOWN"
                ? say.statusDown
                : say.statusSlow(wordsForWait(remainingWait(etaSeconds, 0), say))}
            </span>
          </li>
        ))}
      </ul>
      <p class="quiet">{say.statusNote}</p>
    </section>
  );
}
