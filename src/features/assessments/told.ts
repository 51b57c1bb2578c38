import type { PublicSign } from '../../contract/target.ts';
import { signOnPage } from './probes/public-sign/judge.ts';
import type { UntoldReason } from './probes/public-sign/page-words.ts';
import type { Published } from './publishing.ts';
import type { Service, Shown } from './target/service.ts';

/** What one place tells the public of an item. */
export interface Told {
  place: 'state' | 'page';
  /** Null where nobody can tell; then `unread` says why. */
  told: PublicSign | null;
  /** With a sign that was told: why another one may have been meant. */
  unread: UntoldReason | Exclude<Shown['unread'], null> | null;
  /** Of `page-incomplete`: some of what the page wanted and did not get. */
  missing?: readonly string[];
  /** Of the page's answer; 200 for the state. */
  status: number;
  url: string | null;
}

/** What state and page say of an item; a place that the target does not describe is left out. */
export async function toldOf({ item, sign }: Published, service: Service): Promise<Told[]> {
  const { page } = service.target;
  const state: Told[] = sign === null ? [] : [{ place: 'state', told: sign, unread: null, status: 200, url: null }];
  if (!page) return state;
  const { words, missing, unread, status, url } = await service.show(page.request, { item });
  const read = words === null ? { told: null, unread } : signOnPage({ words, missing }, page.says);
  return [...state, { place: 'page', ...read, missing, status, url }];
}
