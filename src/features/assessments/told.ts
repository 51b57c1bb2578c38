import type { PublicSign } from '../../contract/target.ts';
import { signOnPage } from './probes/public-sign/judge.ts';
import type { Published } from './publishing.ts';
import type { Service, Shown } from './target/service.ts';

/** What one place tells the public of an item. */
export interface Told {
  place: 'state' | 'page';
  /** Null where nobody can read it there; then `unread` says why. */
  told: PublicSign | null;
  unread: 'page-without-words' | Exclude<Shown['unread'], null> | null;
  /** Of the page's answer; 200 for the state. */
  status: number;
  url: string | null;
}

/** What state and page say of an item; a place that the target does not describe is left out. */
export async function toldOf({ item, sign }: Published, service: Service): Promise<Told[]> {
  const { page } = service.target;
  const state: Told[] = sign === null ? [] : [{ place: 'state', told: sign, unread: null, status: 200, url: null }];
  if (!page) return state;
  const { words, unread, status, url } = await service.show(page.request, { item });
  const told = words === null ? null : signOnPage(words, page.says);
  return [
    ...state,
    { place: 'page', told, unread: unread ?? (told === null ? 'page-without-words' : null), status, url },
  ];
}
