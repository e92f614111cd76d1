import { formatAmount } from "../format/amounts";
import { autopayEn } from "./autopay.en";
import { cashEn } from "./cash.en";
import type { Messages } from "./ko";
import { plural } from "./plural";
import { transfersEn } from "./transfers.en";

export const en: Messages = {
  serviceName: "Modupoint",
  skipToContent: "Skip to content",
  language: "Language",
  switchLanguage: "한국어",
  loading: "Loading",
  retry: "Try again",
  close: "Close",

  navigation: "Main",
  navPoints: "Points",
  navSettings: "Settings",

  landingTitle: "All your card points,\nin one look",
  landingLead: (count) =>
    `Your points are spread over ${count} card issuers. One lookup shows them all, and what is about to expire.`,
  signIn: "Verify and start",
  signingIn: "Taking you to sign-in",
  landingOnceTitle: "One identity check",
  landingOnceText: "Verify once, and we ask every issuer at the same time.",
  landingSafeTitle: "Never asked",
  landingSafeText: "We never ask for a card password, CVC or resident registration number.",
  landingHoursTitle: "Day and night, free",
  landingHoursText: "Look whenever you like. Looking changes nothing about your points.",

  signInFailed: "Sign-in was not completed. Please try again.",
  signInUnreachable: "The sign-in page could not be reached. Please try again in a moment.",
  signedOutWhileAway: "Your sign-in has ended. Sign in again to go on where you were.",
  signInAgain: "Sign in again",
  configFailed:
    "The page could not get what it needs to open. Check your connection and try again.",

  consentTitle: "Before we look,\nwe need your consent",
  consentLead: "To ask for your points on your behalf, we need all three of these.",
  consentAll: "I agree to all",
  consentRequired: "Required",
  consentRead: "Read the text",
  consentSubmit: "Agree and continue",
  consentSubmitting: "Saving your consent",
  consentMissing: (left) => `${plural(left, "agreement is", "agreements are")} still missing`,
  consentVersion: (version) => `Terms version ${version}`,
  consentWithdrawn: "You withdrew your consent. The information we kept has been erased.",

  homeTitle: "My points",
  homeAtOnce: "issuers, all at once",
  lookUp: "Look up all my points",
  lookUpAgain: "Look up all again",
  lookUpNote: "Looking changes nothing about your points",
  lookingUp: "Looking up",
  lookedUpAt: (moment) => `Looked up on ${moment}`,
  statusTitle: "May answer late right now",
  statusSlow: (wait) => `Slow · ${wait}`,
  statusDown: "Not answering",
  statusNote: "All other issuers answer as usual.",
  lookupMissing: "The earlier lookup is no longer there. Please look up again.",

  totals: "Totals",
  totalRemaining: "All points",
  totalTransferable: "Can become cash",
  totalExpiring: "Expires next month",
  points: (amount) => `${formatAmount(amount)}P`,
  pointsSpoken: (amount) => plural(amount, "point", "points"),
  won: (amount) => `₩${formatAmount(amount)}`,
  progress: (arrived, asked) => `${arrived} of ${asked} answered`,
  progressDone: (asked) => `All ${asked} answered`,

  expiryTitle: "First to expire",
  expiryNext: (month, amount) => `${amount} expire in ${month}`,
  expiryPending: "Gathering the answers",
  expiryNone: "No points are about to expire",
  expiryDetails: "See issuers and later months",
  expiryLater: (count) => `Later expiries (${plural(count, "month", "months")})`,
  expiryFrom: (issuer, others) =>
    others === 0 ? issuer : `${issuer} and ${plural(others, "other", "others")}`,

  cards: "Points by issuer",
  waitUnknown: "waiting",
  waitAnyMoment: "any moment now",
  waitSeconds: (count) => `about ${count} s`,
  waitMinutes: (count) => `about ${count} min`,
  askingAgain: (moment) => `As of ${moment} · asking again`,

  cashNow: (amount) => `${amount} can become cash`,
  cashNone: "Nothing here can become cash right now",
  cashAtOnce: "Cash arrives at once",
  cashAtOnceBefore: (time) => `Cash arrives at once before ${time}, later on the next business day`,
  cashBusinessDaysBefore: (time) =>
    `Cash arrives at once on business days before ${time}, otherwise on the next business day`,
  cashNextBusinessDay: "Cash arrives on the next business day",
  partTransferable: (amount) => `${amount} of it can become cash`,
  notCashable: "Points that cannot become cash",
  notCashableNote: "These can be used only with the issuer or its partners.",
  notCashableHyundai:
    "Exchange M Points for H-Coin at Hyundai Card first (3 M → 2 H); H-Coin can become cash.",

  staleFailed: (moment) => `The issuer is not answering. These are your points as of ${moment}`,
  staleLate: (moment) => `The answer did not come in time. These are your points as of ${moment}`,
  staleOther: (moment) => `Points as of ${moment}`,
  unavailable: "The issuer is not answering right now",
  unavailableTodo: "It may be under maintenance. Please ask again in a little while.",
  timedOut: "The issuer's answer did not come in time",
  timedOutTodo: "Many people may be asking right now. You can ask this issuer alone once more.",
  dormant: "Release the dormant card first",
  dormantTodo:
    "The card has not been used for long, so its points cannot become cash. Call the issuer to release it, then ask again.",
  suspended: "This card is suspended",
  suspendedTodo:
    "Nothing can become cash until the suspension ends. The issuer can tell you the reason.",
  corporate: "Points of corporate members cannot be looked up",
  corporateTodo:
    "Only cards in your own name are shown. Please ask the issuer about corporate points.",
  retryIssuer: "Ask again",
  retryIssuerNamed: (issuer) => `Ask ${issuer} again`,
  call: (phone) => `Call ${phone}`,
  callNamed: (issuer, phone) => `Call ${issuer}, ${phone}`,
  notMember: "Not a member",
  notMemberGroup: (count) => `${plural(count, "issuer", "issuers")} without a card of yours`,
  notMemberNote: "You have no card in your name with these issuers.",

  troubleTitle: "The connection is unsteady",
  troubleText: "Answers you have are safe. We are connecting again.",
  troubleNext: (wait) => `Next try in ${wait}.`,
  busyTitle: "Many people are asking right now",
  tooOftenTitle: "Several lookups in a short time",
  busyText: (wait) => `We ask again by ourselves in ${wait}. You can leave this open.`,
  soon: "a moment",
  refusedTitle: "The lookup was not possible",
  refusedText: "The request was not accepted. Please try again in a little while.",

  announceStart: (asked) => `Asking ${plural(asked, "issuer", "issuers")}.`,
  announceProgress: (arrived, asked) => `${arrived} of ${asked} have answered.`,
  announceDone: (asked, remaining, transferable) =>
    `All ${asked} done. ${remaining} in total, of which ${transferable} can become cash.`,

  settingsTitle: "Settings",
  settingsLanguage: "Language",
  settingsLanguageNote: "Choose the language of this page.",
  korean: "한국어",
  english: "English",
  settingsConsent: "Consent",
  consentedOn: (moment, version) => `You agreed on ${moment} (terms version ${version})`,
  withdraw: "Withdraw consent",
  withdrawNote: "We then erase your information and results, and look nothing up any more.",
  withdrawTitle: "Withdraw your consent?",
  withdrawText:
    "Your accounts, alerts and last results are erased for good. Your points stay with the issuers.",
  withdrawConfirm: "Withdraw",
  withdrawCancel: "Keep it",
  withdrawInFlight:
    "Money is still on its way, so consent cannot be withdrawn yet. Please try again once it has arrived.",
  withdrawFailed: "Consent could not be withdrawn. Please try again in a little while.",
  settingsSignOut: "Sign out",
  settingsSignOutNote: "Sign out on this browser.",
  signOut: "Sign out",

  ...cashEn,
  ...transfersEn,
  ...autopayEn,
};
