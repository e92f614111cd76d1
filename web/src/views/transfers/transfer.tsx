/** One transfer while it happens: how much has arrived, and how far each issuer's part is. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Issuer } from "../../api/shapes";
import type { Leg, LegStatus, Transfer, TransferStatus } from "../../api/transfer-shapes";
import type { Following } from "../../following/follower";
import { formatDay, formatMoment } from "../../format/time";
import { useWords } from "../../i18n";
import type { Messages } from "../../i18n/ko";
import { wordsForLeg } from "../../i18n/leg";
import { issuerOf, pointNameOf } from "../../issuers/names";
import { TransferFollower } from "../../transfers/follower";
import { changedLegs, lastPromise } from "../../transfers/progress";
import { Announcer } from "../announcer";
import { AccountName } from "../cash/account-name";
import { Chip } from "../chip";
import { useFollowing } from "../following";
import { Icon, type IconName } from "../icons";
import { Link } from "../link";
import { useCountUp } from "../motion";
import { Ring, type RingLook } from "../ring";
import { Figures } from "./figures";

interface Props {
  readonly api: Api;
  readonly transferId: string;
  readonly issuers: readonly Issuer[];
  readonly onLost: (failure: Failure) => boolean;
}

/** Also on the receipt. */
export const STATUS_WORDS: Readonly<
  Record<
    TransferStatus,
    keyof Pick<
      Messages,
      "transferRunning" | "transferCompleted" | "transferPartly" | "transferFailed"
    >
  >
> = {
  IN_PROGRESS: "transferRunning",
  COMPLETED: "transferCompleted",
  PARTLY_COMPLETED: "transferPartly",
  FAILED: "transferFailed",
};

export function TransferProgress({ api, transferId, issuers, onLost }: Props) {
  const { language, say } = useWords();
  const {
    followed: transfer,
    failures,
    halt,
  } = useFollowing(() => new TransferFollower(api, transferId), [api, transferId]);
  const sentence = useSentence(transfer, issuers);
  useEffect(() => {
    if (halt !== null) onLost(halt);
  }, [halt]);

  if (transfer === null) {
    return (
      <div class="narrow stack-m">
        <h1 class="title">{say.transferTitle}</h1>
        <p class="quiet" role="status" data-testid="transfer-note">
          {wordsForAbsence(halt, failures, say)}
        </p>
        {halt !== null && (
          <Link to="/transfers" class="button" testId="transfer-history">
            {say.transferHistory}
          </Link>
        )}
      </div>
    );
  }

  const final = transfer.status !== "IN_PROGRESS";
  return (
    <div
      class="home home-looked-up transfer"
      data-testid="transfer"
      data-status={transfer.status}
      data-transfer-id={transfer.transferId}
    >
      <Announcer sentence={sentence} urgent={final} />
      <div class="home-side transfer-head">
        <section class="panel hero" aria-labelledby="transfer-title">
          <h1 class="visually-hidden" id="transfer-title">
            {say.transferTitle}
          </h1>
          <Ring
            seats={transfer.legs.map(({ issuer, status }) => ({
              code: issuer,
              name: issuerOf(issuers, issuer).name,
              look: LEG_LOOKS[status],
            }))}
          >
            <Deposited transfer={transfer} />
          </Ring>
          <p class="hero-note">
            {say.transferAppliedAt(formatMoment(transfer.requestedAt, language))}
          </p>
        </section>
        {!final && <GoesOn transfer={transfer} />}
        {failures > 0 && (
          <p class="banner" role="status" data-testid="transfer-lost">
            {say.transferLost}
          </p>
        )}
      </div>
      <section class="home-cards" aria-labelledby="legs-title">
        <h2 class="section-title" id="legs-title">
          {say.transferLegs}
        </h2>
        <ul class="cards">
          {transfer.legs.map((leg) => (
            <LegCard
              key={leg.legId}
              leg={leg}
              issuer={issuerOf(issuers, leg.issuer)}
              requestedAt={transfer.requestedAt}
            />
          ))}
        </ul>
        {final && (
          <Link to="/" class="button button-main transfer-again" testId="transfer-look-up">
            {say.transferLookUp}
          </Link>
        )}
      </section>
      <div class="transfer-rest">
        <section class="surface">
          <h2 class="apart-title">{say.transferTo}</h2>
          <p class="transfer-account" data-testid="transfer-account">
            <AccountName account={transfer.account} />
          </p>
          <Figures totals={transfer.totals} />
        </section>
        <div class="transfer-ways">
          <Link
            to={`/transfers/${transfer.transferId}/receipt`}
            class="button"
            testId="transfer-receipt"
          >
            <Icon name="printer" />
            {say.transferReceipt}
          </Link>
          <Link to="/transfers" class="button" testId="transfer-history">
            {say.transferHistory}
          </Link>
        </div>
      </div>
    </div>
  );
}

/** Why there is no transfer to show (yet). */
export function wordsForAbsence(
  halt: Following<unknown>["halt"],
  failures: number,
  say: Messages,
): string {
  if (halt?.kind === "missing") return say.transferMissing;
  return failures > 0 ? say.transferLost : say.loading;
}

/** Nobody has to stay: until when it takes, if some of it waits for another day. */
function GoesOn({ transfer }: { readonly transfer: Transfer }) {
  const { language, say } = useWords();
  const last = lastPromise(transfer);
  const waits = transfer.legs.some(({ status }) => status === "SCHEDULED");
  return (
    <p class="transfer-note quiet" data-testid="transfer-note">
      <Icon name="clock" />
      {waits && last !== null ? say.transferLast(formatDay(last, language)) : say.transferClose}
    </p>
  );
}

const LEG_LOOKS: Readonly<Record<LegStatus, RingLook>> = {
  ACCEPTED: "pending",
  REDEEMED: "pending",
  SCHEDULED: "waiting",
  DEPOSITED: "arrived",
  FAILED: "missing",
  REVERSED: "missing",
  CHECKING: "pending",
  WITH_OPERATOR: "waiting",
};

function Deposited({ transfer }: { readonly transfer: Transfer }) {
  const { say } = useWords();
  const { deposited, requested } = transfer.totals;
  const shown = useCountUp(deposited);
  return (
    <>
      <p class="ring-caption">{say.transferDeposited}</p>
      <p class="ring-figure" data-testid="total-deposited" data-value={deposited}>
        {say.won(shown)}
      </p>
      <p class="ring-caption">{say.transferOf(say.won(requested))}</p>
      <p class="ring-progress" data-testid="transfer-status">
        {say[STATUS_WORDS[transfer.status]]}
      </p>
    </>
  );
}

const LEG_ICONS: Readonly<Record<LegStatus, IconName>> = {
  ACCEPTED: "clock",
  REDEEMED: "transfers",
  SCHEDULED: "hourglass",
  DEPOSITED: "check",
  FAILED: "notice",
  REVERSED: "again",
  CHECKING: "clock",
  WITH_OPERATOR: "clock",
};

interface LegProps {
  readonly leg: Leg;
  readonly issuer: Issuer;
  readonly requestedAt: string;
}

function LegCard({ leg, issuer, requestedAt }: LegProps) {
  const { language, say } = useWords();
  const { title, note } = wordsForLeg(leg, requestedAt, language, say);
  const name = `leg-${leg.issuer}-name`;
  return (
    <li
      class="surface card leg"
      data-testid={`leg-${leg.issuer}`}
      data-status={leg.status}
      data-value={leg.amount}
      aria-labelledby={name}
    >
      <div class="card-head">
        <Chip code={issuer.code} name={issuer.name} />
        <div class="card-names">
          <h3 class="card-name" id={name}>
            {issuer.name[language]}
          </h3>
          <p class="card-sub">
            {leg.items.map(({ pointCode }) => pointNameOf(issuer, pointCode)[language]).join(" · ")}
          </p>
        </div>
        <p class="card-amount leg-amount">{say.won(leg.amount)}</p>
      </div>
      <p class={`leg-state leg-state-${leg.status.toLowerCase()}`} key={leg.status}>
        <Icon name={LEG_ICONS[leg.status]} />
        <span data-testid="leg-status">{title}</span>
      </p>
      {leg.items.length > 1 && (
        <ul class="balances">
          {leg.items.map(({ pointCode, amount }) => (
            <li key={pointCode}>
              <span>{pointNameOf(issuer, pointCode)[language]}</span>
              <span class="amount">{say.points(amount)}</span>
            </li>
          ))}
        </ul>
      )}
      {note !== null && (
        <p class="quiet leg-note" data-testid="leg-note">
          {note}
        </p>
      )}
    </li>
  );
}

/** What has just changed, for those who listen; once all is settled, the outcome. */
function useSentence(transfer: Transfer | null, issuers: readonly Issuer[]): string {
  const { language, say } = useWords();
  const before = useRef<Transfer | null>(null);
  const [sentence, setSentence] = useState("");
  useEffect(() => {
    if (transfer === null) return;
    const changes = changedLegs(before.current, transfer).map((leg) =>
      say.announceLeg(
        issuerOf(issuers, leg.issuer).name[language],
        say.won(leg.amount),
        wordsForLeg(leg, transfer.requestedAt, language, say).title,
      ),
    );
    if (changes.length > 0 || before.current === null) {
      const status = say[STATUS_WORDS[transfer.status]];
      const final = transfer.status !== "IN_PROGRESS";
      const whole = say.announceTransfer(status, say.won(transfer.totals.deposited));
      setSentence(final ? [...changes, whole].join(" ") : changes.join(" ") || whole);
    }
    before.current = transfer;
  }, [transfer]);
  return sentence;
}
