import type { ExplicitPlan, LabelPlan, LabelProfile, Shortfall } from '../../contract/labelling.ts';
import type { MediaFormat, MediaKind } from '../../contract/screening.ts';

/** What decides which labels a file can have. */
export interface ProfileFacts {
  format: MediaFormat;
  kind: MediaKind;
  /** Whether the container takes a C2PA manifest, and whether a key and a time-stamp authority are there. */
  takesManifest: boolean;
  signs: boolean;
  stamps: boolean;
  /** Formats whose pixels or samples this program can rewrite. */
  rewritable: boolean;
}

/** The duties that labels of a file answer, with the clause they come from (regulation catalogue 5.1, 6.3, 7.3, 7.4). */
const duties = {
  'CNLB-1': { clause: 'Labelling Measures 2025 Art. 4; GB 45438-2025 clause 5', verified: true },
  'EUCOP-2': { clause: 'EU Code of Practice on AI-generated content, Measure 1.1 (1.1.1, 1.1.2)', verified: true },
  'EUCOP-5': {
    clause: 'EU Code of Practice on AI-generated content, deployers: common icon, audible disclaimer',
    verified: false,
  },
  'USCA-4': { clause: 'Cal. Bus. & Prof. Code §22757.3(b)', verified: true },
  'IN-2': { clause: 'India IT Rules as amended by G.S.R. 120(E), 2026', verified: false },
} as const;
type Duty = keyof typeof duties;

/**
 * The plan with what a regime asks for beyond what was said, and what of it this file cannot have, each with its clause. What the
 * person said stands: a profile fills in, it never takes away.
 */
export function withProfile(plan: LabelPlan, facts: ProfileFacts): { plan: LabelPlan; cannot: Shortfall[] } {
  const { profile } = plan;
  if (!profile) return { plan, cannot: [] };
  const regimes: Exclude<LabelProfile, 'all'>[] =
    profile === 'all' ? ['cn-2025', 'eu-2026', 'us-ca', 'in-2026'] : [profile];
  const cannot = regimes.flatMap((regime) => shortfalls[regime](facts, plan));
  const wantsMark = regimes.includes('eu-2026') && facts.kind === 'image' && facts.rewritable;
  const wantsExplicit = regimes.some((regime) => regime !== 'us-ca') && facts.kind !== 'document' && facts.rewritable;
  return {
    plan: {
      ...plan,
      sourceType: plan.sourceType === undefined ? 'trainedAlgorithmicMedia' : plan.sourceType,
      explicit: plan.explicit ?? (wantsExplicit ? explicitFor(profile) : null),
      watermark: plan.watermark ?? (wantsMark ? 'new' : null),
      credentials: facts.signs && facts.takesManifest ? (plan.credentials ?? null) : null,
    },
    cannot: cannot.filter(
      (one, index) =>
        cannot.findIndex((other) => other.code === one.code && other.requirement === one.requirement) === index,
    ),
  };
}

function explicitFor(profile: LabelProfile): ExplicitPlan {
  const base = { claim: 'generated', position: 'bottom-right', seconds: 4, where: ['start'] } as const;
  switch (profile) {
    case 'cn-2025':
      return { ...base, where: ['start'], lang: 'zh', style: 'text', sound: 'rhythm' };
    case 'eu-2026':
      return { ...base, where: ['start'], lang: 'en', style: 'eu-icon', sound: 'notice', seconds: null };
    case 'all':
      // One line that both duties read: Chinese elements and English ones.
      return {
        ...base,
        where: ['start'],
        lang: 'zh',
        style: 'text',
        text: '人工智能生成 AI-generated',
        sound: 'notice',
        seconds: null,
      };
    default:
      return { ...base, where: ['start'], lang: 'en', style: 'text', sound: 'notice', seconds: null };
  }
}

type Shortfalls = (facts: ProfileFacts, plan: LabelPlan) => Shortfall[];

const shortfalls: Record<Exclude<LabelProfile, 'all'>, Shortfalls> = {
  'cn-2025': ({ kind, format, rewritable }) => [
    // The sign around the player is the page's; no file can carry it.
    ...(kind === 'video' ? [missing('CNLB-1', 'sign-around-player')] : []),
    ...(kind === 'document' ? [missing('CNLB-1', 'explicit-in-document', { format })] : []),
    ...(kind !== 'document' && !rewritable ? [missing('CNLB-1', 'explicit-not-rewritable', { format })] : []),
  ],
  'eu-2026': (facts, plan) => [
    ...credentialShortfalls('EUCOP-2', facts),
    ...(facts.signs && facts.takesManifest && !facts.stamps ? [missing('EUCOP-2', 'no-timestamp')] : []),
    ...(facts.kind === 'image' && facts.rewritable
      ? []
      : [missing('EUCOP-2', 'no-watermark', { format: facts.format })]),
    ...(facts.kind === 'document' || !facts.rewritable
      ? [missing('EUCOP-5', 'explicit-in-document', { format: facts.format })]
      : []),
    ...(plan.profile === 'all' && facts.kind !== 'audio' ? [missing('EUCOP-5', 'icon-beside-text')] : []),
  ],
  'us-ca': (facts) => [
    ...(facts.kind === 'document' ? [] : credentialShortfalls('USCA-4', facts)),
    ...(facts.kind === 'video' || facts.kind === 'audio'
      ? [missing('USCA-4', 'metadata-removable', { format: facts.format })]
      : []),
  ],
  'in-2026': ({ kind, format, rewritable }) => [
    ...(kind === 'document' || !rewritable ? [missing('IN-2', 'explicit-not-rewritable', { format })] : []),
    ...(kind === 'image' ? [] : [missing('IN-2', 'metadata-removable', { format })]),
  ],
};

function credentialShortfalls(duty: Duty, { takesManifest, signs, format }: ProfileFacts): Shortfall[] {
  if (!takesManifest) return [missing(duty, 'no-place-for-credentials', { format })];
  return signs ? [] : [missing(duty, 'no-signer')];
}

function missing(requirement: Duty, code: string, params: Shortfall['params'] = {}): Shortfall {
  return { requirement, ...duties[requirement], code, params };
}
