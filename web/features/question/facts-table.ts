import type {
  FactName,
  Facts,
  FeatureTag,
  Figure,
  JurisdictionId,
  MomentName,
  noticeIssuers,
  noticeLevels,
  removalRequestKinds,
} from '../../../src/contract/facts.ts';

/** The facts as the page asks for them. As the contract lists them; its own lists would bring the whole of zod into the page. */

export const featureGroups = {
  people: [
    'forum',
    'blog',
    'microblog',
    'chat_room',
    'voice_room',
    'group_chat',
    'public_account',
    'short_video',
    'livestream',
    'info_sharing',
    'mini_program',
  ],
  makes: ['face_swap', 'voice_clone', 'text_gen', 'image_gen', 'video_gen', 'avatar', 'virtual_scene'],
  finds: ['recommender', 'search'],
} as const satisfies Record<string, readonly FeatureTag[]>;

export const momentGroups = {
  launch: ['launch-service', 'add-function', 'change-function'],
  happened: ['user-growth', 'incident', 'authority-notice', 'removal-request'],
  otherwise: ['end-service', 'none'],
} as const satisfies Record<string, readonly MomentName[]>;

export const issuers = ['internet-information', 'public-security', 'other'] as const satisfies typeof noticeIssuers;
export const levels = ['central', 'provincial', 'prefecture', 'county', 'other'] as const satisfies typeof noticeLevels;
export const removalKinds = ['intimate', 'order', 'grievance'] as const satisfies typeof removalRequestKinds;

/** Figures, and the place without which nobody asks for one. */
export const figureFacts = {
  registeredUsers: null,
  mau: null,
  dau: null,
  euAmar: 'eu',
  caMonthlyUsers: 'us-ca',
} as const satisfies Partial<Record<FactName, JurisdictionId | null>>;
export type FigureName = keyof typeof figureFacts;
export const figureNames = ['registeredUsers', 'mau', 'dau', 'euAmar', 'caMonthlyUsers'] as const;

export function figureOf(facts: Facts, name: FigureName): Figure | undefined {
  return facts[name];
}

type Plain = {
  [K in keyof Facts]-?: NonNullable<Facts[K]> extends boolean ? K : never;
}[keyof Facts];

interface Flag {
  read: (facts: Facts) => boolean | undefined;
  write: (facts: Facts, value: boolean | undefined) => Facts;
}

const plain = (name: Plain): Flag => ({
  read: (facts) => facts[name],
  write: (facts, value) => ({ ...facts, [name]: value }),
});
const change = (name: keyof NonNullable<Facts['materialChange']>): Flag => ({
  read: (facts) => facts.materialChange?.[name],
  write: (facts, value) => ({ ...facts, materialChange: { ...facts.materialChange, [name]: value } }),
});
const incident = (name: 'illegalSpread' | 'controlsInsufficient'): Flag => ({
  read: (facts) => facts.incident?.[name],
  write: (facts, value) => ({ ...facts, incident: { ...facts.incident, [name]: value } }),
});

/** Every yes-or-no fact, in the order in which a person is asked. */
export const flags = {
  opinionOrMobilisation: plain('opinionOrMobilisation'),
  offeredToPublic: plain('offeredToPublic'),
  hostsUserContent: plain('hostsUserContent'),
  isGenerator: plain('isGenerator'),
  isPropagator: plain('isPropagator'),
  isAppStore: plain('isAppStore'),
  isApiProvider: plain('isApiProvider'),
  isNewsService: plain('isNewsService'),
  editsBiometrics: plain('editsBiometrics'),
  touchesNationalSecurityScene: plain('touchesNationalSecurityScene'),
  realisticOutput: plain('realisticOutput'),
  usesNewTech: plain('usesNewTech'),
  'materialChange.functionalAttribute': change('functionalAttribute'),
  'materialChange.technicalMethod': change('technicalMethod'),
  'materialChange.resourceAllocation': change('resourceAllocation'),
  criticalImpact: plain('criticalImpact'),
  'euDesignation.designated': {
    read: (facts) => facts.euDesignation?.designated,
    write: (facts, value) => ({ ...facts, euDesignation: { ...facts.euDesignation, designated: value } }),
  },
  'incident.illegalSpread': incident('illegalSpread'),
  'incident.controlsInsufficient': incident('controlsInsufficient'),
} satisfies Partial<Record<FactName, Flag>>;
export type FlagName = keyof typeof flags;
export const flagNames = Object.keys(flags).filter(isFlag);

export function isFlag(name: string): name is FlagName {
  return Object.hasOwn(flags, name);
}

/** The fact that says when, for each moment. */
export const whenFacts = {
  'launch-service': 'plannedAt',
  'add-function': 'plannedAt',
  'change-function': 'plannedAt',
  'end-service': 'plannedAt',
  'user-growth': null,
  incident: 'incident.on',
  'authority-notice': 'authorityNotice.date',
  'removal-request': 'removalRequest.receivedAt',
  none: null,
} as const satisfies Record<MomentName, FactName | null>;

export function readWhen(facts: Facts): string | undefined {
  const fact = facts.event === undefined ? null : whenFacts[facts.event];
  if (fact === 'plannedAt') return facts.plannedAt;
  if (fact === 'incident.on') return facts.incident?.on;
  if (fact === 'authorityNotice.date') return facts.authorityNotice?.date;
  if (fact === 'removalRequest.receivedAt') return facts.removalRequest?.receivedAt;
  return undefined;
}

export function writeWhen(facts: Facts, at: string | undefined): Facts {
  const fact = facts.event === undefined ? null : whenFacts[facts.event];
  if (fact === 'plannedAt') return { ...facts, plannedAt: at };
  if (fact === 'incident.on') return { ...facts, incident: { ...facts.incident, on: at } };
  if (fact === 'authorityNotice.date') return { ...facts, authorityNotice: { ...facts.authorityNotice, date: at } };
  if (fact === 'removalRequest.receivedAt') {
    return { ...facts, removalRequest: { ...facts.removalRequest, receivedAt: at } };
  }
  return facts;
}

/** Without what is undefined: that is unknown, and is not sent. */
export function tidy<T extends object>(facts: T | undefined): Partial<T> {
  const kept: Partial<T> = { ...facts };
  for (const name in kept) if (kept[name] === undefined) delete kept[name];
  return kept;
}

/** As it is sent: nothing undefined at any depth, no empty groups. */
export function sendable(facts: Facts): Facts {
  const text = JSON.stringify(facts, (name, value: unknown) =>
    name !== '' && isEmptyGroup(value) ? undefined : value,
  );
  const kept: Facts = JSON.parse(text);
  return kept;
}

function isEmptyGroup(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every((part) => part === undefined)
  );
}
