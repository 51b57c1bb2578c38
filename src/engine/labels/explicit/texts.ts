/** What an explicit label says of the content: it is, may be, is suspected to be generated (CNLB-4…6), or parts of it were made so. */
export const labelClaims = ['generated', 'possible', 'suspected', 'edited'] as const;
export type LabelClaim = (typeof labelClaims)[number];
export const labelLanguages = ['zh', 'en'] as const;
export type LabelLanguage = (typeof labelLanguages)[number];

/**
 * Texts that are drawn or burned in, the preferred one first, then shorter ones for narrow pictures.
 * Each has an AI element and a generation element (GB 45438-2025 clause 5).
 */
export const labelTexts: {
  readonly [claim in LabelClaim]: { readonly [lang in LabelLanguage]: readonly [string, ...string[]] };
} = {
  generated: { zh: ['人工智能生成', 'AI生成'], en: ['AI-generated'] },
  possible: { zh: ['可能为人工智能生成', '可能为AI生成'], en: ['May be AI-generated', 'Maybe AI-generated'] },
  suspected: { zh: ['疑似人工智能生成', '疑似AI生成'], en: ['Suspected AI-generated'] },
  edited: { zh: ['含人工智能合成内容', '含AI合成内容', 'AI合成'], en: ['Partly AI-generated', 'AI-synthesised'] },
};

/** What a voice says at the beginning, middle or end of a sound (GB 45438-2025 5.3; EUCOP-5). */
export const spokenTexts: { readonly [claim in LabelClaim]: { readonly [lang in LabelLanguage]: string } } = {
  generated: { zh: '以下内容由人工智能生成', en: 'The following content is AI-generated' },
  possible: { zh: '以下内容可能由人工智能生成', en: 'The following content may be AI-generated' },
  suspected: { zh: '以下内容疑似由人工智能生成', en: 'The following content is suspected to be AI-generated' },
  edited: { zh: '以下内容含人工智能合成的部分', en: 'The following content is partly AI-generated' },
};

/** Where an interface shows a label all the time: beside a post, in a voice room, in a chat, around a player. */
export const interfacePlaces = ['post', 'room', 'chat', 'player'] as const;
export type InterfacePlace = (typeof interfacePlaces)[number];

/** Texts for rooms and pages, shown continuously near the content or at the top or bottom (GB-X6, CNLB-4…6). */
export const interfaceTexts: {
  readonly [claim in LabelClaim]: {
    readonly [place in InterfacePlace]: { readonly [lang in LabelLanguage]: string };
  };
} = {
  generated: {
    post: { zh: '内容由人工智能生成合成', en: 'This content is AI-generated' },
    room: { zh: '本房间有人工智能生成合成的声音', en: 'A voice in this room is AI-generated' },
    chat: { zh: '回复由人工智能生成', en: 'Replies are AI-generated' },
    player: { zh: '视听内容由人工智能生成合成', en: 'This video or sound is AI-generated' },
  },
  possible: {
    post: { zh: '内容可能由人工智能生成合成', en: 'This content may be AI-generated' },
    room: { zh: '本房间可能有人工智能生成合成的声音', en: 'A voice in this room may be AI-generated' },
    chat: { zh: '回复可能由人工智能生成', en: 'Replies may be AI-generated' },
    player: { zh: '视听内容可能由人工智能生成合成', en: 'This video or sound may be AI-generated' },
  },
  suspected: {
    post: { zh: '内容疑似由人工智能生成合成', en: 'This content is suspected to be AI-generated' },
    room: { zh: '本房间疑似有人工智能生成合成的声音', en: 'A voice in this room is suspected to be AI-generated' },
    chat: { zh: '回复疑似由人工智能生成', en: 'Replies are suspected to be AI-generated' },
    player: { zh: '视听内容疑似由人工智能生成合成', en: 'This video or sound is suspected to be AI-generated' },
  },
  edited: {
    post: { zh: '内容含人工智能合成的部分', en: 'This content is partly AI-generated' },
    room: { zh: '本房间有经人工智能合成的声音', en: 'A voice in this room is altered by AI and synthesised' },
    chat: { zh: '回复的一部分由人工智能生成', en: 'Replies are partly AI-generated' },
    player: { zh: '视听内容含人工智能合成的部分', en: 'This video or sound is partly AI-generated' },
  },
};

export interface LabelElements {
  /** `人工智能` or `AI` as a word of its own. */
  ai: boolean;
  /** `生成`, `合成`, generated, synthesised. */
  generation: boolean;
}

const chineseAi = '人工智能';
/** AI not inside a longer Latin word: PAID and MAIL hold no AI element. */
const latinAi = /(?<![A-Za-z])A\.?I(?:GC)?(?![A-Za-z])|artificial[\s-]+intelligence/i;
const generation = /生成|合成|generat(?:ed|ion|ive)|synthesi[sz]ed|synthetic/i;

/** Which of the two elements that every text-type label must have are in that text (GB 45438-2025 clause 5). */
export function labelElements(text: string): LabelElements {
  return { ai: text.includes(chineseAi) || latinAi.test(text), generation: generation.test(text) };
}

/** Longest custom text in characters: it must be read within the two seconds that a video shows it. */
export const longestLabelText = 40;

export type LabelTextRefusal =
  | 'text-empty'
  | 'text-too-long'
  | 'text-with-control-character'
  | 'text-lacks-both-elements'
  | 'text-lacks-ai-element'
  | 'text-lacks-generation-element';

/** Whether an operator's own text may be drawn as a label: GB-X0, and one printable line of at most 40 characters. */
export function acceptLabelText(
  text: string,
): { accepted: true; text: string } | { accepted: false; code: LabelTextRefusal } {
  const trimmed = text.trim().normalize('NFC');
  const refuse = (code: LabelTextRefusal) => ({ accepted: false, code }) as const;
  if (trimmed === '') return refuse('text-empty');
  if ([...trimmed].length > longestLabelText) return refuse('text-too-long');
  // Control characters, and marks that turn or hide the text beside them.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(trimmed)) return refuse('text-with-control-character');
  const { ai, generation: made } = labelElements(trimmed);
  if (!ai && !made) return refuse('text-lacks-both-elements');
  if (!ai) return refuse('text-lacks-ai-element');
  if (!made) return refuse('text-lacks-generation-element');
  return { accepted: true, text: trimmed };
}
