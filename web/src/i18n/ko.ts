/** Korean: the first language, whose keys and arguments every other one must have. */
import { formatAmount } from "../format/amounts";
import { autopayKo } from "./autopay.ko";
import { cashKo } from "./cash.ko";
import { transfersKo } from "./transfers.ko";
import type { Widened } from "./widened";

export const ko = {
  serviceName: "모두포인트",
  skipToContent: "본문으로 건너뛰기",
  language: "언어",
  switchLanguage: "English",
  loading: "불러오는 중이에요",
  retry: "다시 시도",
  close: "닫기",

  navigation: "주 메뉴",
  navPoints: "포인트",
  navSettings: "설정",

  landingTitle: "내 카드 포인트,\n한 번에 모두",
  landingLead: (count: number) =>
    `카드사 ${count}곳에 흩어진 포인트를 한 번의 조회로 보여드려요. 무엇이 곧 사라지는지도 알려드려요.`,
  signIn: "본인 확인하고 시작하기",
  signingIn: "로그인 화면으로 가고 있어요",
  landingOnceTitle: "한 번만 확인하면 돼요",
  landingOnceText: "본인 확인 한 번으로 모든 카드사에 한꺼번에 물어봐요.",
  landingSafeTitle: "묻지 않아요",
  landingSafeText: "카드 비밀번호, CVC, 주민등록번호는 어디에서도 묻지 않아요.",
  landingHoursTitle: "24시간, 무료예요",
  landingHoursText: "언제든 조회할 수 있고, 조회해도 포인트는 그대로예요.",

  signInFailed: "로그인을 마치지 못했어요. 다시 시도해 주세요.",
  signInUnreachable: "로그인 화면에 연결하지 못했어요. 잠시 뒤 다시 시도해 주세요.",
  signedOutWhileAway: "로그인한 시간이 끝났어요. 다시 로그인하면 보던 곳부터 이어져요.",
  signInAgain: "다시 로그인",
  configFailed: "페이지를 여는 데 필요한 정보를 받지 못했어요. 연결을 확인하고 다시 시도해 주세요.",

  consentTitle: "조회하기 전에\n동의가 필요해요",
  consentLead: "내 포인트를 대신 물어보려면 아래 세 가지 동의가 모두 있어야 해요.",
  consentAll: "모두 동의해요",
  consentRequired: "필수",
  consentRead: "내용 보기",
  consentSubmit: "동의하고 계속하기",
  consentSubmitting: "동의를 저장하고 있어요",
  consentMissing: (left: number) => `아직 동의하지 않은 항목이 ${left}개 있어요`,
  consentVersion: (version: string) => `약관 버전 ${version}`,
  consentWithdrawn: "동의를 철회했어요. 보관하던 내 정보는 지웠어요.",

  homeTitle: "내 포인트",
  homeAtOnce: "카드사 한 번에 모두",
  lookUp: "내 포인트 모두 조회",
  lookUpAgain: "모두 다시 조회",
  lookUpNote: "조회해도 포인트는 그대로예요",
  lookingUp: "조회하고 있어요",
  lookedUpAt: (moment: string) => `${moment}에 조회했어요`,
  statusTitle: "지금 답이 늦을 수 있는 곳",
  statusSlow: (wait: string) => `느려요 · ${wait}`,
  statusDown: "응답하지 않아요",
  statusNote: "다른 카드사는 그대로 바로 보여드려요.",
  lookupMissing: "이전 조회를 찾을 수 없어요. 다시 조회해 주세요.",

  totals: "합계",
  totalRemaining: "전체 포인트",
  totalTransferable: "현금으로 바꿀 수 있어요",
  totalExpiring: "다음 달에 사라져요",
  points: (amount: number) => `${formatAmount(amount)}P`,
  pointsSpoken: (amount: number) => `${formatAmount(amount)}포인트`,
  won: (amount: number) => `${formatAmount(amount)}원`,
  progress: (arrived: number, asked: number) => `${asked}곳 중 ${arrived}곳 도착`,
  progressDone: (asked: number) => `${asked}곳 모두 도착`,

  expiryTitle: "먼저 사라지는 포인트",
  expiryNext: (month: string, amount: string) => `${month}에 ${amount}가 사라져요`,
  expiryPending: "답을 모으고 있어요",
  expiryNone: "사라질 예정인 포인트가 없어요",
  expiryDetails: "카드사와 다음 달들 보기",
  expiryLater: (count: number) => `그다음에 사라지는 포인트 (${count}개월)`,
  expiryFrom: (issuer: string, others: number) =>
    others === 0 ? issuer : `${issuer} 외 ${others}곳`,

  cards: "카드사별 포인트",
  waitUnknown: "기다리는 중",
  waitAnyMoment: "곧 도착해요",
  waitSeconds: (count: number) => `약 ${count}초`,
  waitMinutes: (count: number) => `약 ${count}분`,
  askingAgain: (moment: string) => `${moment} 기준 · 새로 물어보고 있어요`,

  cashNow: (amount: string) => `현금 ${amount}으로 바꿀 수 있어요`,
  cashNone: "지금 현금으로 바꿀 수 있는 포인트는 없어요",
  cashAtOnce: "신청하면 바로 입금돼요",
  cashAtOnceBefore: (time: string) => `${time} 전에 신청하면 바로, 늦으면 다음 영업일에 입금돼요`,
  cashBusinessDaysBefore: (time: string) =>
    `영업일 ${time} 전에 신청하면 바로, 그 밖에는 다음 영업일에 입금돼요`,
  cashNextBusinessDay: "신청하면 다음 영업일에 입금돼요",
  partTransferable: (amount: string) => `이 중 ${amount} 현금화 가능`,
  notCashable: "현금으로 바꿀 수 없는 포인트",
  notCashableNote: "카드사나 제휴처에서만 쓸 수 있는 포인트예요.",
  notCashableHyundai:
    "M포인트는 현대카드에서 H-Coin으로 먼저 바꾸면(3M → 2H) 현금으로 받을 수 있어요.",

  staleFailed: (moment: string) => `카드사가 응답하지 않아 ${moment} 기준 포인트를 보여드려요`,
  staleLate: (moment: string) => `답이 제때 오지 않아 ${moment} 기준 포인트를 보여드려요`,
  staleOther: (moment: string) => `${moment} 기준 포인트예요`,
  unavailable: "카드사가 지금 응답하지 않아요",
  unavailableTodo: "카드사 점검이나 장애일 수 있어요. 잠시 뒤 다시 조회해 주세요.",
  timedOut: "카드사의 답이 제때 오지 않았어요",
  timedOutTodo: "지금 이용이 몰렸을 수 있어요. 이 카드사만 다시 조회할 수 있어요.",
  dormant: "먼저 휴면카드를 해제하세요",
  dormantTodo:
    "오래 쓰지 않은 카드라 현금으로 바꿀 수 없어요. 카드사에 전화해 해제한 뒤 다시 조회해 주세요.",
  suspended: "이용이 정지된 카드예요",
  suspendedTodo:
    "정지가 풀릴 때까지 현금으로 바꿀 수 없어요. 정지된 까닭은 카드사에서 확인할 수 있어요.",
  corporate: "법인 회원의 포인트는 조회할 수 없어요",
  corporateTodo: "개인 명의 카드의 포인트만 조회돼요. 법인 포인트는 카드사에 문의해 주세요.",
  retryIssuer: "다시 조회",
  retryIssuerNamed: (issuer: string) => `${issuer} 다시 조회`,
  call: (phone: string) => `${phone} 전화하기`,
  callNamed: (issuer: string, phone: string) => `${issuer} ${phone} 전화하기`,
  notMember: "회원이 아니에요",
  notMemberGroup: (count: number) => `회원이 아닌 카드사 ${count}곳`,
  notMemberNote: "이 카드사들에는 내 이름으로 된 카드가 없어요.",

  troubleTitle: "연결이 고르지 않아요",
  troubleText: "받은 답은 그대로 있어요. 다시 연결하고 있어요.",
  troubleNext: (wait: string) => `${wait} 뒤에 다시 물어볼게요.`,
  busyTitle: "지금 이용이 몰렸어요",
  tooOftenTitle: "짧은 시간에 여러 번 조회했어요",
  busyText: (wait: string) => `${wait} 뒤에 저절로 다시 물어볼게요. 그대로 두셔도 돼요.`,
  soon: "곧",
  refusedTitle: "조회하지 못했어요",
  refusedText: "요청이 받아들여지지 않았어요. 잠시 뒤 다시 시도해 주세요.",

  announceStart: (asked: number) => `카드사 ${asked}곳에 물어보고 있어요.`,
  announceProgress: (arrived: number, asked: number) => `${asked}곳 중 ${arrived}곳이 답했어요.`,
  announceDone: (asked: number, remaining: string, transferable: string) =>
    `${asked}곳 조회가 끝났어요. 전체 ${remaining}, 그중 ${transferable}을 현금으로 바꿀 수 있어요.`,

  settingsTitle: "설정",
  settingsLanguage: "언어",
  settingsLanguageNote: "화면에 쓰이는 말을 골라요.",
  korean: "한국어",
  english: "English",
  settingsConsent: "동의",
  consentedOn: (moment: string, version: string) => `${moment}에 동의했어요 (약관 버전 ${version})`,
  withdraw: "동의 철회",
  withdrawNote: "철회하면 보관하던 내 정보와 조회 결과를 지우고 더는 조회하지 않아요.",
  withdrawTitle: "동의를 철회할까요?",
  withdrawText:
    "등록한 계좌, 알림, 마지막 조회 결과가 지워지고 되돌릴 수 없어요. 카드사의 포인트는 그대로 남아요.",
  withdrawConfirm: "철회하기",
  withdrawCancel: "그대로 두기",
  withdrawInFlight:
    "입금 중인 돈이 있어 지금은 철회할 수 없어요. 입금이 끝난 뒤 다시 시도해 주세요.",
  withdrawFailed: "철회하지 못했어요. 잠시 뒤 다시 시도해 주세요.",
  settingsSignOut: "로그아웃",
  settingsSignOutNote: "이 브라우저에서 로그아웃해요.",
  signOut: "로그아웃",

  ...cashKo,
  ...transfersKo,
  ...autopayKo,
} as const;

export type Messages = Widened<typeof ko>;
