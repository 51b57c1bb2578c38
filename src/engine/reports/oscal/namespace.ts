import type { Lang } from '../../../contract/lang.ts';
import { stringOf } from './markup.ts';
import type { Prop } from './shapes.ts';
import { word } from './words.ts';

/** Names the words that are ours and not OSCAL's. An identifier: nothing is there to fetch. */
export const namespace = 'https://clearmirror.example/ns/oscal';

/** A property under our own namespace. */
export function own(name: string, value: string | number): Prop {
  return { name, ns: namespace, value: stringOf(String(value)) };
}

/** Whether somebody read the text of the rule; where not, it only warns. */
export function standing(verified: boolean, lang: Lang): Prop {
  return verified
    ? own('rule-text', 'read')
    : { ...own('rule-text', 'unread-warning-only'), remarks: word(lang, 'unread-rule') };
}
