import type { PublicSign } from '../../contract/target.ts';
import { signOnPage } from './probes/public-sign/judge.ts';
import type { Published } from './publishing.ts';
import type { Service } from './target/service.ts';

/** What one place tells the public of an item. */
export interface Told {
  place: 'state' | 'page';
  /** Null where nobody can read it there. */
  told: PublicSign | null;
  /** Of the page's answer; 200 for the state. */
  status: number;
  url: string | null;
}

/** What state and page say of an item; a place that the target does not describe is left out. */
export async function toldOf({ item, sign }: Published, service: Service): Promise<Told[]> {
  const { page } = service.target;
  const state: Told[] = sign === null ? [] : [{ place: 'state', told: sign, status: 200, url: null }];
  if (!page) return state;
  const { bytes, status, url } = await service.ask(page.request, { item });
  const told = status === 200 ? signOnPage(bytes.toString('utf8'), page.says) : null;
  return [...state, { place: 'page', told, status, url }];
}
