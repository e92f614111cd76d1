/** The page's frame: who is here decides what is shown. */
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Api } from "./api/client";
import type { Failure } from "./api/failure";
import type { Issuer, Member } from "./api/shapes";
import type { Auth, Session } from "./auth/session";
import { AutopayBook } from "./autopay/book";
import { OrderMemory } from "./autopay/draft";
import { CashMemory } from "./cash/draft";
import { MESSAGES, useWords, WordsContext } from "./i18n";
import { type Language, rememberLanguage } from "./i18n/language";
import { KNOWN_CODES } from "./issuers/marks";
import { unlisted } from "./issuers/names";
import { LookupDriver } from "./lookup/driver";
import { backOffMs } from "./lookup/machine";
import { LookupMemory } from "./lookup/memory";
import {
  CONTENT_ID,
  goTo,
  isAutopayPath,
  isCashPath,
  isFlow,
  ORDERS_PATH,
  orderIn,
  SECTIONS,
  sectionOf,
  startAtTop,
  transferIn,
  usePath,
} from "./router";
import { OrderProgress } from "./views/autopay/order";
import { Ordering } from "./views/autopay/ordering";
import { Orders } from "./views/autopay/orders";
import { Autopay } from "./views/autopay/overview";
import { Cash } from "./views/cash/cash";
import { Consent } from "./views/consent";
import { Home } from "./views/home";
import { Icon } from "./views/icons";
import { Landing } from "./views/landing";
import { Settings } from "./views/settings";
import { History } from "./views/transfers/history";
import { Receipt } from "./views/transfers/receipt";
import { TransferProgress } from "./views/transfers/transfer";
import { Wordmark } from "./views/wordmark";

interface Props {
  readonly api: Api;
  readonly auth: Auth;
  readonly session: Session | null;
  readonly language: Language;
  readonly signInFailed: boolean;
}

export function App(props: Props) {
  const [language, setLanguage] = useState(props.language);
  const say = MESSAGES[language];
  const [session, setSession] = useState(props.session);
  const [leftBy, setLeftBy] = useState<"failed" | "expired" | null>(
    props.signInFailed ? "failed" : null,
  );

  useEffect(() => {
    document.documentElement.lang = language;
    document.title = say.serviceName;
  }, [language, say]);

  const changeLanguage = (next: Language) => {
    rememberLanguage(window.localStorage, next);
    setLanguage(next);
  };

  const issuers = useIssuers(props.api);
  const frame = {
    onLanguage: () => changeLanguage(language === "ko" ? "en" : "ko"),
    signedIn: session !== null,
  };
  const notes = { failed: say.signInFailed, expired: say.signedOutWhileAway };

  return (
    <WordsContext.Provider value={{ language, say }}>
      <Frame {...frame}>
        {session === null ? (
          <Landing
            auth={props.auth}
            issuers={issuers}
            note={leftBy === null ? null : notes[leftBy]}
          />
        ) : (
          <SignedIn
            {...props}
            session={session}
            issuers={issuers}
            onLanguage={changeLanguage}
            onLeft={(reason) => {
              setLeftBy(reason);
              setSession(null);
            }}
          />
        )}
      </Frame>
    </WordsContext.Provider>
  );
}

interface SignedInProps {
  readonly api: Api;
  readonly auth: Auth;
  readonly session: Session;
  readonly issuers: readonly Issuer[];
  readonly onLanguage: (language: Language) => void;
  readonly onLeft: (reason: "expired" | null) => void;
}

function SignedIn({ api, auth, session, issuers, onLanguage, onLeft }: SignedInProps) {
  const { say } = useWords();
  const path = usePath();
  const driver = useMemo(
    () => new LookupDriver(api, new LookupMemory(window.sessionStorage, session.subject)),
    [api, session.subject],
  );
  const cash = useMemo(
    () => new CashMemory(window.sessionStorage, session.subject),
    [session.subject],
  );
  const orders = useMemo(
    () => new OrderMemory(window.sessionStorage, session.subject),
    [session.subject],
  );
  const book = useMemo(
    () => new AutopayBook(api, window.sessionStorage, session.subject),
    [api, session.subject],
  );
  /** Nothing of this member stays in the tab. */
  const forgetAll = () => {
    driver.clear();
    cash.clear();
    orders.clear();
    book.clear();
  };
  const expired = () => void auth.forget().then(() => onLeft("expired"));
  const { member, setMember, failures } = useMember(api, expired);
  const [withdrawn, setWithdrawn] = useState(false);

  useEffect(() => {
    const online = () => driver.backOnline();
    window.addEventListener("online", online);
    const stop = driver.subscribe((state) => {
      if (state.halt?.kind === "consent_required") setMember({ consent: null });
    });
    return () => {
      window.removeEventListener("online", online);
      stop();
    };
  }, [driver, setMember]);

  const consented = member !== null && member.consent !== null;
  useEffect(() => {
    if (consented) driver.resume();
  }, [driver, consented]);

  /** Whether a failure ends the view it happened in. */
  const onLost = ({ kind }: Pick<Failure, "kind">): boolean => {
    if (kind === "signed_out") expired();
    else if (kind === "consent_required") setMember({ consent: null });
    else return false;
    return true;
  };

  if (path === "/settings") {
    return (
      <Settings
        api={api}
        consent={member?.consent ?? null}
        onLanguage={onLanguage}
        onSignOut={() => {
          forgetAll();
          goTo("/");
          void auth.signOut().then(() => onLeft(null));
        }}
        onSignedOut={expired}
        onWithdrawn={() => {
          forgetAll();
          setWithdrawn(true);
          setMember({ consent: null });
          goTo("/");
        }}
      />
    );
  }
  if (member === null) {
    return (
      <p class="narrow centered quiet" role="status">
        {failures > 0 ? say.troubleTitle : say.loading}
      </p>
    );
  }
  if (member.consent === null) {
    return (
      <Consent
        api={api}
        issuers={issuers}
        note={withdrawn ? say.consentWithdrawn : null}
        onSignedOut={expired}
        onAgreed={(agreed) => {
          setWithdrawn(false);
          setMember(agreed);
          startAtTop();
        }}
      />
    );
  }
  const transfer = transferIn(path);
  if (transfer !== null) {
    const { transferId } = transfer;
    const View = transfer.receipt ? Receipt : TransferProgress;
    return (
      <View key={transferId} api={api} transferId={transferId} issuers={issuers} onLost={onLost} />
    );
  }
  if (path === "/transfers") return <History api={api} issuers={issuers} onLost={onLost} />;
  if (isCashPath(path)) {
    const shared = { path, api, auth, session, driver, issuers, onLost };
    return <Cash {...shared} memory={cash} />;
  }
  if (path === "/autopay") {
    return <Autopay api={api} book={book} memory={orders} issuers={issuers} onLost={onLost} />;
  }
  if (isAutopayPath(path)) {
    const shared = { path, api, auth, session, issuers, book, onLost };
    return <Ordering {...shared} memory={orders} />;
  }
  if (path === ORDERS_PATH) return <Orders api={api} book={book} onLost={onLost} />;
  const orderId = orderIn(path);
  if (orderId !== null) {
    const shared = { api, auth, orderId, issuers, book, onLost };
    return <OrderProgress key={orderId} {...shared} />;
  }
  const unfinished = cash.load().application !== null;
  return <Home api={api} auth={auth} driver={driver} issuers={issuers} unfinished={unfinished} />;
}

/** The member's state, asked for until it is had. */
function useMember(api: Api, onSignedOut: () => void) {
  const [member, setMember] = useState<Member | null>(null);
  const [failures, setFailures] = useState(0);
  useEffect(() => {
    if (member !== null) return;
    let current = true;
    const read = async () => {
      const answer = await api.readMember();
      if (!current) return;
      if (answer.ok) setMember(answer.value);
      else if (answer.failure.kind === "signed_out") onSignedOut();
      else if (answer.failure.kind === "consent_required") setMember({ consent: null });
      else setFailures(failures + 1);
    };
    const timer = setTimeout(
      () => void read(),
      failures === 0 ? 0 : backOffMs(failures, Math.random(), null),
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
    // `onSignedOut` is made anew on every render and means the same each time.
  }, [api, member, failures]);
  return { member, setMember, failures };
}

const KNOWN_BEFORE: readonly Issuer[] = KNOWN_CODES.map(unlisted);

/** The issuers as the API lists them; until then, those the page can draw. */
function useIssuers(api: Api): readonly Issuer[] {
  const [issuers, setIssuers] = useState<readonly Issuer[]>(KNOWN_BEFORE);
  const [failures, setFailures] = useState(0);
  useEffect(() => {
    let current = true;
    const read = async () => {
      const answer = await api.listIssuers();
      if (!current) return;
      if (answer.ok && answer.value.length > 0) setIssuers(answer.value);
      else setFailures(failures + 1);
    };
    const timer = setTimeout(
      () => void read(),
      failures === 0 ? 0 : backOffMs(failures, Math.random(), null),
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, failures]);
  return issuers;
}

interface FrameProps {
  readonly signedIn: boolean;
  readonly onLanguage: () => void;
  readonly children: ComponentChildren;
}

function Frame({ signedIn, onLanguage, children }: FrameProps) {
  const { language, say } = useWords();
  const path = usePath();
  return (
    <div class={`frame ${signedIn ? "frame-signed-in" : ""} ${isFlow(path) ? "frame-flow" : ""}`}>
      <a class="skip" href={`#${CONTENT_ID}`}>
        {say.skipToContent}
      </a>
      <header class="bar">
        <a
          class="bar-home"
          href="/"
          onClick={(event) => {
            event.preventDefault();
            goTo("/");
          }}
        >
          <Wordmark name={say.serviceName} />
        </a>
        <button
          type="button"
          class="bar-language"
          lang={language === "ko" ? "en" : "ko"}
          data-testid="language"
          onClick={onLanguage}
        >
          {say.switchLanguage}
        </button>
      </header>
      {signedIn && (
        <nav class="tabs" aria-label={say.navigation}>
          {SECTIONS.map((section) => (
            <a
              key={section.path}
              class="tab"
              href={section.path}
              data-testid={section.testId}
              aria-current={sectionOf(path) === section.path ? "page" : undefined}
              onClick={(event) => {
                event.preventDefault();
                goTo(section.path);
              }}
            >
              <Icon name={section.icon} />
              {say[section.label]}
            </a>
          ))}
        </nav>
      )}
      <main class="content" id={CONTENT_ID} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
