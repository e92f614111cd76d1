/** A transfer on paper, finished or not: what was applied for and what has become of it. */
import { useEffect } from "preact/hooks";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Issuer } from "../../api/shapes";
import { bankNameOf } from "../../cash/banks";
import { formatMoment } from "../../format/time";
import { useWords } from "../../i18n";
import { wordsForLeg } from "../../i18n/leg";
import { issuerOf, pointNameOf } from "../../issuers/names";
import { TransferFollower } from "../../transfers/follower";
import { useFollowing } from "../following";
import { Icon } from "../icons";
import { Link } from "../link";
import { Wordmark } from "../wordmark";
import { Figures } from "./figures";
import { STATUS_WORDS, wordsForAbsence } from "./transfer";

interface Props {
  readonly api: Api;
  readonly transferId: string;
  readonly issuers: readonly Issuer[];
  readonly onLost: (failure: Failure) => boolean;
}

export function Receipt({ api, transferId, issuers, onLost }: Props) {
  const { language, say } = useWords();
  const {
    followed: transfer,
    heardAtMs,
    failures,
    halt,
  } = useFollowing(() => new TransferFollower(api, transferId), [api, transferId]);
  useEffect(() => {
    if (halt !== null) onLost(halt);
  }, [halt]);
  if (transfer === null) {
    return (
      <div class="narrow stack-m">
        <h1 class="title">{say.receiptTitle}</h1>
        <p class="quiet" role="status">
          {wordsForAbsence(halt, failures, say)}
        </p>
      </div>
    );
  }
  const { account, totals } = transfer;
  const asOf = formatMoment(new Date(heardAtMs ?? 0).toISOString(), language);
  const facts: readonly (readonly [string, string])[] = [
    [say.receiptNumber, transfer.transferId],
    [say.receiptAppliedAt, formatMoment(transfer.requestedAt, language)],
    [say.receiptStatus, say[STATUS_WORDS[transfer.status]]],
    [
      say.receiptAccount,
      `${bankNameOf(account.bankCode, account.bankName)[language]} ${account.maskedNumber}`,
    ],
    [say.receiptHolder, account.holderNameMasked],
  ];
  return (
    <div class="narrow receipt-view">
      <p class="receipt-ways">
        <Link to={`/transfers/${transferId}`} class="button" testId="receipt-back">
          <Icon name="back" />
          {say.receiptBack}
        </Link>
        <button
          type="button"
          class="button"
          data-testid="receipt-print"
          onClick={() => window.print()}
        >
          <Icon name="printer" />
          {say.receiptPrint}
        </button>
      </p>
      <article class="receipt" data-testid="receipt" data-status={transfer.status}>
        <header class="receipt-head">
          <Wordmark name={say.serviceName} />
          <h1 class="receipt-title">{say.receiptTitle}</h1>
          <p class="receipt-total" data-testid="receipt-total" data-value={totals.deposited}>
            {say.won(totals.deposited)}
          </p>
          <p class="quiet">
            {say.transferDeposited} · {say.transferAll(say.won(totals.requested))}
          </p>
        </header>
        <dl class="receipt-facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <table class="receipt-legs">
          <thead>
            <tr>
              <th scope="col">{say.receiptWhat}</th>
              <th scope="col" class="receipt-amount">
                {say.receiptAmount}
              </th>
            </tr>
          </thead>
          <tbody>
            {transfer.legs.map((leg) => {
              const issuer = issuerOf(issuers, leg.issuer);
              const { title, note } = wordsForLeg(leg, transfer.requestedAt, language, say);
              return (
                <tr key={leg.legId} data-testid={`receipt-${leg.issuer}`}>
                  <th scope="row">
                    {issuer.name[language]}
                    {leg.items.map(({ pointCode, amount }) => (
                      <span key={pointCode} class="receipt-points">
                        {pointNameOf(issuer, pointCode)[language]} {say.points(amount)}
                      </span>
                    ))}
                    <span class="receipt-state">
                      <span class="visually-hidden">{say.receiptState}: </span>
                      {title}
                    </span>
                    {leg.failure !== null && note !== null && (
                      <span class="receipt-points">{note}</span>
                    )}
                  </th>
                  <td class="receipt-amount">{say.won(leg.amount)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
        <Figures totals={totals} />
        <footer class="receipt-foot">
          <p>
            {transfer.status === "IN_PROGRESS" ? say.receiptAsOf(asOf) : say.receiptFinal(asOf)}
          </p>
          <p>{say.receiptNote}</p>
        </footer>
      </article>
    </div>
  );
}
